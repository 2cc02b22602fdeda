from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, kstest

from atlas.analysis.composite_index import composite_index
from atlas.analysis.errors import AnalysisError
from atlas.analysis.index_draws import AGGREGATIONS, NORMALISERS, Choice, index_inputs, quantile_draws, random_draws
from atlas.analysis.normalising import Direction
from atlas.analysis.what_matters import CHOICES, sobol_shares, what_matters

UP = Direction.MORE
FIRST, TOTAL = [0.3139, 0.4424, 0], [0.5576, 0.4424, 0.2437]  # Ishigami & Homma 1990 with a = 7, b = 0.1


def ishigami(uniform: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * uniform - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def city(areas: int = 30, indicators: int = 3, seed: int = 4) -> pd.DataFrame:
    values = np.exp(np.random.default_rng(seed).normal(0, 1, (areas, indicators)))
    return pd.DataFrame(values, index=[f"d{area:02d}" for area in range(areas)], columns=[f"i{column}" for column in range(indicators)])


def chosen(frame: pd.DataFrame) -> tuple[dict[str, float], dict[str, Direction]]:
    return dict.fromkeys(frame.columns, 1.0), dict.fromkeys(frame.columns, UP)


def means(function: Callable[[np.ndarray], np.ndarray], groups: list[list[int]], n: int = 2**12) -> tuple[np.ndarray, np.ndarray]:
    found = sobol_shares(function, 3, groups, n, seed=1)
    return found.first_order.mean(axis=0), found.total.mean(axis=0)


def test_ishigami_function_has_its_published_indices() -> None:
    first, total = means(ishigami, [[0], [1], [2]])
    assert first == pytest.approx(FIRST, abs=0.01)
    assert total == pytest.approx(TOTAL, abs=0.01)
    found = sobol_shares(ishigami, 3, [[0], [1], [2]], 512, seed=2)
    assert found.mean == pytest.approx(3.5, abs=0.02)
    assert found.varies
    assert found.first_order.shape == found.total.shape == (8, 3)


def test_inputs_exchanged_together_hold_what_they_do_with_one_another() -> None:
    # x1 and x3 act only with each other, x2 alone: 0.3139 + 0 + 0.2437, first order and total
    first, total = means(ishigami, [[0, 2], [1], [0]])
    assert first == pytest.approx([0.5576, 0.4424, 0.3139], abs=0.01)
    assert total == pytest.approx([0.5576, 0.4424, 0.5576], abs=0.01)


def test_published_indices_lie_within_five_errors_of_the_mean_of_the_replicates() -> None:
    found = sobol_shares(ishigami, 3, [[0], [1], [2]], 256, seed=5, replicates=32)
    for shares, truth in ((found.first_order, FIRST), (found.total, TOTAL)):
        assert (np.abs(shares.mean(axis=0) - truth) <= 5 * shares.std(axis=0, ddof=1) / np.sqrt(32)).all()


@pytest.mark.parametrize("replicates", [1, 3])
def test_one_group_of_all_inputs_explains_everything(replicates: int) -> None:
    found = sobol_shares(ishigami, 3, [[0, 1, 2]], 2**12, 3, replicates)
    assert found.first_order == pytest.approx(np.ones((replicates, 1)), abs=0.05)
    assert found.total == pytest.approx(np.ones((replicates, 1)), abs=0.05)


def test_sum_of_inputs_shares_by_squared_factor() -> None:
    first, total = means(lambda u: 1 * u[0] + 2 * u[1] + 3 * u[2], [[0], [1], [2]])
    assert first == pytest.approx([1 / 14, 4 / 14, 9 / 14], abs=0.005)
    assert total == pytest.approx([1 / 14, 4 / 14, 9 / 14], abs=0.005)


def test_a_constant_has_no_shares() -> None:
    found = sobol_shares(lambda u: np.full(u.shape[1], 0.25), 2, [[0], [1]], 64, seed=0)
    assert (found.total == 0).all()
    assert (found.first_order == 0).all()
    assert (found.mean, found.varies) == (0.25, False)


@pytest.mark.parametrize("n", [0, 1, 100, 1000])
def test_samples_that_are_no_power_of_two_are_refused(n: int) -> None:
    with pytest.raises(AnalysisError, match="power of 2"):
        what_matters(city(), *chosen(city()), n=n)


def by_all_combinations(frame: pd.DataFrame, k: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Exact shares of normaliser, aggregation and indicator left out: every combination scored with `composite_index`."""
    weights, up = chosen(frame)
    baseline = composite_index(frame, weights, up).rank <= k
    kept = [weights, *({**weights, one: 0.0} for one in frame.columns)]
    cells = []
    for normaliser, aggregation, own in product(NORMALISERS, AGGREGATIONS, kept):
        top = composite_index(frame, own, up, normaliser, aggregation).rank <= k
        cells.append(1 - (top & baseline).sum() / (top | baseline).sum())
    grid = np.array(cells).reshape(3, 2, len(kept))
    axes = ((1, 2), (0, 2), (0, 1))
    first = np.array([grid.mean(axis=others).var() for others in axes]) / grid.var()
    total = np.array([grid.var(axis=own).mean() for own in range(3)]) / grid.var()
    return first, total, float(grid.mean())


def test_shares_of_the_choices_without_weights_agree_with_all_combinations() -> None:
    frame = city()
    first, total, mean = by_all_combinations(frame, 6)
    assert (total > 0.05).all()
    found = what_matters(frame, *chosen(frame), n=2**11, vary=[Choice.NORMALISER, Choice.AGGREGATION, Choice.INDICATORS])
    assert found.k == 6
    assert found.choices["first_order"].tolist() == pytest.approx([0, *first], abs=0.03)
    assert found.choices["total"].tolist() == pytest.approx([0, *total], abs=0.03)
    assert found.distance == pytest.approx(mean, abs=0.01)
    assert found.most == CHOICES[1 + int(np.argmax(total))]
    assert (found.weights["total"] == 0).all()


@pytest.mark.parametrize("choice", CHOICES)
def test_the_only_choice_that_varies_explains_everything(choice: Choice) -> None:
    found = what_matters(city(50, 3, 0), *chosen(city(50, 3, 0)), vary=[choice])
    assert found.most == choice
    assert found.clear
    assert found.choices.loc[choice, ["first_order", "total"]].tolist() == pytest.approx([1, 1], abs=0.1)
    assert found.choices.drop(choice)["total"].tolist() == [0, 0, 0]


def test_nothing_matters_where_all_indicators_say_the_same() -> None:
    frame = pd.DataFrame({one: np.arange(12.0) for one in "abc"})
    found = what_matters(frame, *chosen(frame), n=64)
    assert found.most is None
    assert not found.clear
    assert found.distance == 0
    assert (found.choices == 0).all(axis=None)


def test_the_weights_together_explain_no_less_than_the_weight_of_one() -> None:
    found = what_matters(city(60, 5), *chosen(city(60, 5)))
    assert (found.weights["total"] <= found.choices.loc["weights", "total"] + 0.05).all()
    assert found.choices["first_order"].sum() <= 1.1
    assert found.choices["total"].sum() >= 0.9
    assert 0 < found.distance < 1
    assert found.weights.index.tolist() == ["i0", "i1", "i2", "i3", "i4"]


def test_order_of_rows_and_seed() -> None:
    frame = city()
    one, mixed = (what_matters(own, *chosen(frame), n=256) for own in (frame, frame.sample(frac=1, random_state=1)[["i2", "i0", "i1"]]))
    pd.testing.assert_frame_equal(one.choices, mixed.choices)
    pd.testing.assert_frame_equal(one.weights, mixed.weights.loc[one.weights.index])
    assert what_matters(frame, *chosen(frame), n=256, seed=9).choices["total"].tolist() != one.choices["total"].tolist()


def test_errors_of_the_values_are_no_choice() -> None:
    with pytest.raises(AnalysisError, match="can not be varied here"):
        what_matters(city(), *chosen(city()), vary=["errors"])


def test_no_area_has_all_indicators() -> None:
    frame = pd.DataFrame({"a": [1, np.nan], "b": [np.nan, 1]})
    assert what_matters(frame, *chosen(frame), n=16).most is None


def test_weights_out_of_uniforms_have_the_distribution_of_those_drawn_at_random() -> None:
    # a share of Dirichlet(24 w) is Beta(24 w_i, 24 (1 - w_i))
    inputs = index_inputs(city(), {"i0": 1, "i1": 2, "i2": 3}, dict.fromkeys(city(), UP), "z", "arithmetic")
    uniform = np.random.default_rng(8).random((6, 40_000))
    for drawn in (quantile_draws(inputs, uniform, ["weights"]), random_draws(inputs, 40_000, 8, ["weights"])[0]):
        assert drawn.weights.sum(axis=1) == pytest.approx(np.ones(40_000))
        for column, share in enumerate((1 / 6, 2 / 6, 3 / 6)):
            assert kstest(drawn.weights[:, column], beta(24 * share, 24 * (1 - share)).cdf).pvalue > 0.001
