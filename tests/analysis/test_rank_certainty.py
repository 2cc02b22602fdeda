from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, norm

from atlas.analysis import index_draws
from atlas.analysis.composite_index import composite_index
from atlas.analysis.errors import AnalysisError
from atlas.analysis.index_draws import AGGREGATIONS, NORMALISERS, Choice, drawn_orders, in_order, index_inputs, random_draws
from atlas.analysis.normalised_rows import normalised_rows, winsorised_rows
from atlas.analysis.normalising import Direction, Normaliser, normalise, winsorise
from atlas.analysis.rank_certainty import Certainty, RankCertainty, rank_certainty
from atlas.analysis.standing import competition_rank
from study.robustness import Tally, share_and_error

UP = Direction.MORE
SERIES = ("rank", "median", "lower", "upper", "in_top", "in_bottom", "certainty")


def city(areas: int = 40, indicators: int = 4, seed: int = 7) -> pd.DataFrame:
    """No ties; one indicator with outliers on either side of the limits of winsorising."""
    chance = np.random.default_rng(seed)
    values = chance.normal(10, 2, (areas, indicators))
    values[:, 0] = np.exp(chance.normal(0, 1.5, areas))
    return pd.DataFrame(values, index=[f"99201-{area:02d}" for area in range(areas)], columns=[f"i{column}" for column in range(indicators)])


def found_for(frame: pd.DataFrame, **options: object) -> RankCertainty:
    options = {"draws": 300, "directions": dict.fromkeys(frame.columns, UP), "weights": dict.fromkeys(frame.columns, 1.0), **options}
    return rank_certainty(frame, **options)  # type: ignore[arg-type]


def same(one: RankCertainty, other: RankCertainty) -> bool:
    return all(getattr(one, name).equals(getattr(other, name).reindex(getattr(one, name).index)) for name in SERIES)


def within_4_errors(share: float, truth: float, draws: int) -> bool:
    return abs(share - truth) <= 4 * np.sqrt(truth * (1 - truth) / draws)


CORNERS = pd.DataFrame({"a": [10.0, 0, 6], "b": [0.0, 10, 6]}, index=["west", "east", "mid"])


def test_weights_alone_place_three_areas_first_as_the_beta_distribution_says() -> None:
    # min-max west 100 0, east 0 100, mid 60 60; weight of a ~ Beta(16, 8): west first above 0.6, east first below 0.4, else mid
    found = rank_certainty(CORNERS, {"a": 2, "b": 1}, {"a": UP, "b": UP}, normaliser="min_max", k=1, draws=20_000, vary=[Choice.WEIGHTS])
    weight = beta(16, 8)
    for area, truth in {"west": weight.sf(0.6), "mid": weight.cdf(0.6) - weight.cdf(0.4), "east": weight.cdf(0.4)}.items():
        assert within_4_errors(found.in_top[area], truth, 20_000)
    assert found.rank.to_dict() == {"west": 1, "east": 3, "mid": 2}
    # mid is last only where neither is below it: never, so its ranks are 1 and 2
    assert (found.lower["mid"], found.median["mid"], found.upper["mid"]) == (1, 2, 2)


def test_the_geometric_mean_is_drawn_half_of_the_time() -> None:
    # on 1-100: west 100 1, mid 60.4 60.4; west first where 100^w > 60.4
    found = rank_certainty(CORNERS, {"a": 2, "b": 1}, {"a": UP, "b": UP}, normaliser="z", k=1, draws=20_000, vary=["weights", "aggregation"])
    weight = beta(16, 8)
    # arithmetic z: mean and SD of a and b are equal, so the order is that of min-max
    truth = (weight.sf(0.6) + weight.sf(np.log(60.4) / np.log(100))) / 2
    assert within_4_errors(found.in_top["west"], truth, 20_000)


def test_leaving_an_indicator_out_hand_worked() -> None:
    # min-max: west 100 0 60, mid 0 100 0, east 0 50 100; weights 4 3 3 give 58 30 45 with all; 30 50 75 without a; 58 0 30 without b;
    # 40 30 15 without c: west 1 3 1 1, mid 3 2 3 2, east 2 1 2 3, a quarter each
    frame = pd.DataFrame({"a": [10, 0, 0], "b": [0, 10, 5], "c": [6, 0, 10]}, index=["west", "mid", "east"])
    found = rank_certainty(frame, {"a": 4, "b": 3, "c": 3}, dict.fromkeys("abc", UP), normaliser="min_max", k=1, draws=8_000, vary=["indicators"])
    assert within_4_errors(found.in_top["west"], 0.75, 8_000)
    assert within_4_errors(found.in_top["east"], 0.25, 8_000)
    assert within_4_errors(found.in_bottom["mid"], 0.5, 8_000)
    assert found.lower.tolist() == [1, 2, 1]
    assert found.upper.tolist() == [3, 3, 3]
    assert (found.median["west"], found.median["east"]) == (1, 2)


def test_of_two_indicators_none_is_left_out() -> None:
    found = rank_certainty(CORNERS, {"a": 3, "b": 2}, {"a": UP, "b": UP}, normaliser="min_max", vary=["indicators"], draws=500)
    assert found.lower.tolist() == found.upper.tolist() == found.rank.tolist()


def test_two_areas_with_errors_change_places_as_the_normal_distribution_says() -> None:
    frame, errors = pd.DataFrame({"a": [0.30, 0.28]}), pd.DataFrame({"a": [0.02, np.nan]})
    found = rank_certainty(frame, {"a": 1}, {"a": UP}, standard_errors=errors, draws=20_000)
    assert within_4_errors(found.in_top[0], norm.cdf(1), 20_000)
    errors.loc[1, "a"] = 0.02
    found = rank_certainty(frame, {"a": 1}, {"a": "higher_means_less_need"}, standard_errors=errors, draws=20_000)
    assert within_4_errors(found.in_top[1], norm.cdf(1 / np.sqrt(2)), 20_000)


@pytest.mark.parametrize("with_errors", [False, True])
def test_every_draw_is_the_composite_index_of_its_choices(with_errors: bool) -> None:
    frame, draws = city(), 60
    directions = {"i0": UP, "i1": Direction.LESS, "i2": UP, "i3": UP}
    errors = pd.DataFrame(0.3, index=frame.index, columns=["i0", "i2"]) if with_errors else None
    inputs = index_inputs(frame, dict.fromkeys(frame, 1.0), directions, "z", "arithmetic", errors)
    chosen, noise = random_draws(inputs, draws, 5, list(Choice))
    areas, ranks = next(iter(drawn_orders(inputs, chosen, noise)))
    _, again = random_draws(inputs, draws, 5, list(Choice))
    away = {column: 0.3 * again[at].standard_normal((draws, len(frame))) if with_errors and column in ("i0", "i2") else np.zeros((draws, len(frame)))
            for at, column in enumerate(frame)}  # fmt: skip
    for draw in range(draws):
        moved = pd.DataFrame({column: frame[column] + away[column][draw] for column in frame})
        weights = dict(zip(frame, chosen.weights[draw], strict=True))
        own = composite_index(moved, weights, directions, NORMALISERS[chosen.normaliser[draw]], AGGREGATIONS[chosen.aggregation[draw]])
        assert own.rank.iloc[areas[draw]].tolist() == ranks[draw].tolist()
    assert set(chosen.normaliser) == {0, 1, 2}
    assert (chosen.weights == 0).any()


def test_area_ahead_in_everything_is_first_in_every_draw_and_the_one_behind_in_everything_last() -> None:
    frame = city()
    frame.iloc[3], frame.iloc[5] = frame.max() + 1, frame.min() - 1
    found = found_for(frame)
    assert (found.lower.iloc[3], found.median.iloc[3], found.upper.iloc[3], found.in_top.iloc[3]) == (1, 1, 1, 1)
    assert (found.lower.iloc[5], found.upper.iloc[5], found.in_bottom.iloc[5]) == (40, 40, 1)
    assert (found.certainty.iloc[3], found.certainty.iloc[5]) == (Certainty.HIGH, Certainty.LOW)
    assert found.count(Certainty.HIGH) + found.count(Certainty.LOW) + found.count(Certainty.DEPENDS) == 40
    assert found.k == 8


def test_areas_tied_at_the_border_are_in_the_top_and_never_in_the_bottom() -> None:
    found = found_for(pd.DataFrame({"a": [2, 2, 1], "b": [5, 5, 3]}), k=1)
    assert found.in_top.tolist() == [1, 1, 0]
    assert found.in_bottom.tolist() == [0, 0, 1]
    assert found_for(pd.DataFrame({"a": [2, 1, 1]}), k=1).in_bottom.tolist() == [0, 0, 0]


def test_area_that_misses_a_value_has_no_score_and_no_rank() -> None:
    frame = city()
    frame.iloc[4, 2] = np.nan
    found = found_for(frame)
    for name in SERIES[:-1]:
        assert np.isnan(getattr(found, name).iloc[4])
        assert getattr(found, name).notna().sum() == 39
    assert found.certainty.iloc[4] == Certainty.NO_SCORE
    assert found.upper.max() <= found.areas == 39
    # weight 0: not needed
    assert found_for(frame, weights={"i0": 1, "i1": 1, "i2": 0, "i3": 1}).areas == 40


def test_no_area_has_all_indicators() -> None:
    found = found_for(pd.DataFrame({"a": [1, np.nan], "b": [np.nan, 1]}))
    assert found.certainty.tolist() == [Certainty.NO_SCORE] * 2
    assert (found.areas, found.k) == (0, 0)
    assert found.median.isna().all()


def test_holding_one_choice_fixed_keeps_the_draws_of_the_others() -> None:
    inputs = index_inputs(city(), dict.fromkeys(city(), 1.0), dict.fromkeys(city(), UP), "z", "geometric")
    everything, _ = random_draws(inputs, 50, 1, list(Choice))
    fewer, _ = random_draws(inputs, 50, 1, [Choice.WEIGHTS, Choice.INDICATORS])
    assert (everything.weights == fewer.weights).all()
    assert set(fewer.normaliser) == {NORMALISERS.index(Normaliser.Z)}
    assert set(fewer.aggregation) == {1}


def test_the_size_of_the_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = city()
    whole = found_for(frame, standard_errors=frame * 0 + 0.5)
    monkeypatch.setattr(index_draws, "CELLS_AT_A_TIME", 500)
    assert same(whole, found_for(frame, standard_errors=frame * 0 + 0.5))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.randoms(), st.floats(0.01, 100), st.floats(-50, 50), st.sampled_from(list(Normaliser)), st.booleans())
def test_shares_quantiles_order_and_units(seed: int, random: Random, factor: float, shift: float, normaliser: Normaliser, with_errors: bool) -> None:
    frame = city(25, 3, seed)
    errors = frame * 0 + 0.2 if with_errors else None
    found = found_for(frame, draws=150, normaliser=normaliser, standard_errors=errors, seed=seed)
    for share in (found.in_top, found.in_bottom):
        assert share.between(0, 1).all()
        assert share.sum() == pytest.approx(found.k)
    assert (found.lower <= found.median).all()
    assert (found.median <= found.upper).all()
    rows, columns = random.sample(list(frame.index), 25), random.sample(list(frame.columns), 3)
    mixed = found_for(frame.loc[rows, columns], draws=150, normaliser=normaliser, standard_errors=errors, seed=seed)
    assert same(found, mixed)
    assert mixed.rank.index.tolist() == rows
    other, errors = frame.assign(i0=frame["i0"] * factor + shift), None if errors is None else errors.assign(i0=errors["i0"] * factor)
    assert same(found, found_for(other, draws=150, normaliser=normaliser, standard_errors=errors, seed=seed))


def test_another_seed_gives_another_sample_of_the_same_answer() -> None:
    one, again, other = (found_for(city(), draws=4_000, seed=seed) for seed in (1, 1, 2))
    assert same(one, again)
    assert not same(one, other)
    assert (one.in_top - other.in_top).abs().max() <= 4 * np.sqrt(2 * 0.25 / 4_000)


@given(st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), min_size=1, max_size=5))
def test_order_of_a_row_is_its_competition_rank(rows: list[list[int]]) -> None:
    areas, ranks = in_order(np.array(rows, dtype=float) - 2)
    for row, places, own in zip(rows, areas, ranks, strict=True):
        assert sorted(places) == [0, 1, 2, 3, 4]
        assert competition_rank(row)[places].tolist() == own.tolist()


def test_scores_that_differ_beyond_the_ninth_decimal_are_tied() -> None:
    assert in_order(np.array([[1.0, 1.0 + 1e-12, 0.5]]))[1].tolist() == [[1, 1, 3]]


@pytest.mark.parametrize("areas", [2, 19, 25, 120])
def test_rows_are_treated_and_normalised_as_one_indicator_is(areas: int) -> None:
    chance = np.random.default_rng(areas)
    rows = np.concatenate([chance.standard_t(1.5, (40, areas)), np.round(np.exp(chance.normal(0, 2, (40, areas)))), np.full((1, areas), 3.0)])
    treated = winsorised_rows(rows)
    assert treated == pytest.approx(np.array([winsorise(row).values for row in rows]), rel=1e-12)
    assert (treated != rows).any() == (areas >= 20)
    for normaliser in Normaliser:
        assert normalised_rows(rows, normaliser) == pytest.approx(np.array([normalise(row, normaliser) for row in rows]), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"k": 0}, "from 1 to 40"),
        ({"k": 41}, "from 1 to 40"),
        ({"k": 2.5}, "whole number"),
        ({"draws": 0}, "number of draws"),
        ({"vary": ["order"]}, "can not be varied"),
        ({"normaliser": "rank"}, "normaliser"),
        ({"weights": {"i0": 0}}, "All weights are zero"),
        ({"weights": {"i0": -1, "i1": 2}}, "expected zero or more"),
        ({"standard_errors": city().iloc[:5]}, "other areas"),
        ({"standard_errors": city() * 0 - 1}, "negative"),
        ({"standard_errors": city() * np.inf}, "infinite"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        found_for(city(), **options)


def test_error_of_the_study_counts_cities_not_districts() -> None:
    # two cities, 2 of 2 and 0 of 2 right: share 0.5, residuals 1 and -1, sqrt(2 / 1 * 2) / 4; four districts on their own would give 0.25
    assert share_and_error([Tally(2, 2, 1.9), Tally(2, 0, 1.9)]) == (0.5, 0.5)
    # one district a city: the binomial error sqrt(p (1 - p) / (cities - 1))
    assert share_and_error([Tally(1, right, 0.9) for right in (1, 1, 1, 0)]) == pytest.approx((0.75, np.sqrt(0.75 * 0.25 / 3)))
    assert np.isnan(share_and_error([Tally(0, 0, 0), Tally(0, 0, 0)])).all()
