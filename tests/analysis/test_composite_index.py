import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from atlas.analysis.composite_index import (
    DIRECTIONS,
    ISOLATION_RISK_MAPPING,
    PRESETS,
    Aggregation,
    composite_index,
    preset_weights,
)
from atlas.analysis.errors import AnalysisError
from atlas.analysis.normalising import Base, Direction, Normaliser, base_of

UP = Direction.MORE
TABLES = st.integers(2, 30).flatmap(
    lambda areas: st.integers(1, 4).flatmap(
        lambda columns: st.lists(st.lists(st.integers(0, 50), min_size=columns, max_size=columns), min_size=areas, max_size=areas)
    )
)
WEIGHTS = st.lists(st.integers(1, 9), min_size=4, max_size=4)
NORMALISERS = st.sampled_from(list(Normaliser))
AGGREGATIONS = st.sampled_from(list(Aggregation))


def frame_of(rows: list[list[int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype=float)
    frame.columns = [f"i{column}" for column in range(frame.shape[1])]
    frame.index = [f"d{row}" for row in range(len(rows))]
    return frame


def chosen(frame: pd.DataFrame, weights: list[int]) -> tuple[dict[str, float], dict[str, Direction]]:
    return dict(zip(frame.columns, map(float, weights), strict=False)), dict.fromkeys(frame.columns, UP)


def small() -> pd.DataFrame:
    return pd.DataFrame({"alone": [0.2, 0.4, 0.3], "size": [2.5, 2.0, 1.5]}, index=["west", "mid", "east"])


SMALL_DIRECTIONS = {"alone": "higher_means_more_need", "size": "higher_means_less_need"}


def test_three_districts_hand_worked_by_percentile() -> None:
    # alone: west 1/6, mid 5/6, east 1/2; size turned: west 1/6, mid 1/2, east 5/6; weights 3 : 1
    found = composite_index(small(), {"alone": 3, "size": 1}, SMALL_DIRECTIONS)
    assert found.score.tolist() == pytest.approx([100 / 6, 75, 350 / 6])
    assert found.rank.tolist() == [3, 1, 2]
    assert found.weights.tolist() == [0.75, 0.25]
    assert found.contributions.loc["mid"].tolist() == pytest.approx([62.5, 12.5])
    assert found.missing == {}


def test_three_districts_hand_worked_by_min_max_and_geometric_mean() -> None:
    # min-max 0 100 50 and 0 50 100, on 1-100: 1 100 50.5 and 1 50.5 100; square root of the product
    found = composite_index(small(), {"alone": 1, "size": 1}, SMALL_DIRECTIONS, "min_max", "geometric")
    assert found.score.tolist() == pytest.approx([1, np.sqrt(5050), np.sqrt(5050)])
    assert found.rank.tolist() == [3, 1, 1]
    assert found.contributions.loc["mid"].tolist() == pytest.approx([np.log(100) / np.log(5050), np.log(50.5) / np.log(5050)])
    # everything at the lowest value: the log of the score is 0, shared by weight
    assert found.contributions.loc["west"].tolist() == [0.5, 0.5]


def test_effective_weights_and_correlations_hand_worked() -> None:
    # z of 1 2 3 and of 3 1 2 (SD 1): -1 0 1 and 1 -1 0; score 0.75 a + 0.25 b = -0.5 -0.25 0.75, mean 0
    # sum of squares 0.875; with a part: 0.75 * (0.5 + 0.75) = 0.9375; with b part: 0.25 * (-0.5 + 0.25) = -0.0625
    frame = pd.DataFrame({"a": [1, 2, 3], "b": [3, 1, 2]})
    found = composite_index(frame, {"a": 3, "b": 1}, {"a": UP, "b": UP}, "z")
    assert found.score.tolist() == pytest.approx([-0.5, -0.25, 0.75])
    assert found.effective_weights.tolist() == pytest.approx([0.9375 / 0.875, -0.0625 / 0.875])
    assert found.correlation.tolist() == pytest.approx([1.25 / np.sqrt(2 * 0.875), -0.25 / np.sqrt(2 * 0.875)])


def test_area_without_an_indicator_has_no_score_and_names_it() -> None:
    frame = small()
    frame.loc["mid", "size"] = None
    found = composite_index(frame, {"alone": 1, "size": 1}, SMALL_DIRECTIONS)
    assert found.missing == {"mid": ("size",)}
    assert np.isnan(found.score["mid"])
    assert np.isnan(found.rank["mid"])
    assert found.contributions.loc["mid"].isna().all()
    assert found.rank[["west", "east"]].tolist() == [2, 1]


def test_area_without_an_indicator_is_scored_on_the_others_when_that_is_chosen() -> None:
    frame = small()
    frame.loc["mid", "size"] = None
    found = composite_index(frame, {"alone": 1, "size": 1}, SMALL_DIRECTIONS, missing="renormalise")
    assert found.missing == {"mid": ("size",)}
    assert found.score["mid"] == pytest.approx(500 / 6)
    assert np.isnan(found.contributions.loc["mid", "size"])
    assert found.contributions.loc["mid", "alone"] == pytest.approx(500 / 6)
    frame.loc["mid", "alone"] = None
    assert np.isnan(composite_index(frame, {"alone": 1, "size": 1}, SMALL_DIRECTIONS, missing="renormalise").score["mid"])


def test_missing_indicator_of_weight_zero_costs_no_score() -> None:
    frame = small()
    frame.loc["mid", "size"] = None
    found = composite_index(frame, {"alone": 1, "size": 0}, SMALL_DIRECTIONS)
    assert found.missing == {}
    assert found.score.notna().all()
    assert found.contributions.loc["mid"].tolist() == pytest.approx([500 / 6, 0])


def outlying() -> pd.DataFrame:
    return pd.DataFrame({"a": [*range(19), 400.0], "b": [-400.0, *range(19)]})


def test_outliers_are_pulled_in_and_named_in_the_unit_of_the_indicator() -> None:
    found = composite_index(outlying(), {"a": 1, "b": 1}, {"a": UP, "b": Direction.LESS}, "min_max")
    assert np.argwhere(found.winsorised.to_numpy()).tolist() == [[0, 1], [19, 0]]
    assert found.treated.loc[19, "a"] == 18
    assert found.treated.loc[0, "b"] == 0
    assert found.normalised.loc[0, "b"] == 100
    raw = composite_index(outlying(), {"a": 1, "b": 1}, {"a": UP, "b": Direction.LESS}, "min_max", winsorised=False)
    assert not raw.winsorised.to_numpy().any()
    assert raw.treated.equals(outlying())


def test_percentiles_and_a_fixed_base_are_not_winsorised() -> None:
    directions = {"a": UP, "b": UP}
    by_rank = composite_index(outlying(), {"a": 1, "b": 1}, directions)
    fixed = composite_index(outlying(), {"a": 1, "b": 1}, directions, "min_max", base={"a": (0, 800), "b": (-400, 400)})
    assert not by_rank.winsorised.to_numpy().any()
    assert not fixed.winsorised.to_numpy().any()
    assert fixed.normalised.loc[19, "a"] == 50


def test_a_base_year_scores_a_district_the_same_whatever_the_others_do() -> None:
    earlier = small()
    later = small()
    later.loc["west"] = [0.9, 1.0]
    for normaliser in ("z", "min_max"):
        base = base_of(earlier, normaliser)
        scores = [composite_index(year, {"alone": 1, "size": 1}, SMALL_DIRECTIONS, normaliser, base=base).score for year in (earlier, later)]
        assert scores[0]["mid"] == scores[1]["mid"]
        assert scores[0]["west"] < scores[1]["west"]


def test_presets_have_directions_and_leave_out_what_is_not_held() -> None:
    for preset in PRESETS.values():
        assert set(preset.weights) <= set(DIRECTIONS)
        assert all(weight > 0 for weight in preset.weights.values())
    weights, absent = preset_weights("equal", ["mean_household_size", "population_change", "other"])
    assert set(weights) == {"mean_household_size", "population_change"}
    assert set(absent) == set(DIRECTIONS) - set(weights)


def test_isolation_risk_names_all_six_factors_of_the_recipe_and_what_is_not_held() -> None:
    assert {factor.factor for factor in ISOLATION_RISK_MAPPING} == {
        "living alone",
        "divorced, separated or widowed",
        "never married",
        "poverty",
        "disability",
        "independent living difficulty",
    }
    assert {factor.closeness for factor in ISOLATION_RISK_MAPPING if factor.indicator is None} == {"not_held"}
    assert len(set(PRESETS["isolation_risk"].weights.values())) == 1
    assert PRESETS["isolation_risk"].normaliser == Normaliser.Z


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"weights": {"alone": 0, "size": 0}}, "All weights are zero"),
        ({"weights": {}}, "All weights are zero"),
        ({"weights": {"alone": -1, "size": 2}}, "weight of alone"),
        ({"weights": {"alone": float("nan")}}, "weight of alone"),
        ({"weights": {"poverty": 1}}, "no such column"),
        ({"directions": {"alone": UP}}, "No direction is given for size"),
        ({"directions": {"alone": UP, "size": "down"}}, "direction"),
        ({"normaliser": "rank"}, "normaliser"),
        ({"aggregation": "harmonic"}, "aggregation"),
        ({"missing": "zero"}, "missing"),
        ({"base": {"alone": (0, 1)}, "normaliser": "min_max"}, "No base is given for size"),
        ({"base": {"alone": (0, 1), "size": (1, 3)}}, "base year"),
        ({"base": {"alone": Base(0, 1), "size": Base(1, 3)}, "normaliser": "z", "aggregation": "geometric"}, "goalposts"),
        ({"frame": small().iloc[[0, 0]]}, "twice"),
        ({"frame": small() * np.inf}, "infinite"),
    ],
)
def test_choices_that_make_no_index_are_refused_in_words(change: dict, word: str) -> None:
    with pytest.raises(AnalysisError, match=word):
        composite_index(**{"frame": small(), "weights": {"alone": 1, "size": 1}, "directions": SMALL_DIRECTIONS} | change)


def test_unknown_preset_or_one_without_any_table_is_refused() -> None:
    with pytest.raises(AnalysisError, match="preset"):
        preset_weights("best", ["a"])
    with pytest.raises(AnalysisError, match="None of the indicators"):
        preset_weights("isolation_risk", ["a"])


@given(TABLES, WEIGHTS, NORMALISERS, AGGREGATIONS)
def test_contributions_add_up_to_the_score_or_to_all_of_its_log(rows, weights, normaliser, aggregation) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(rows)
    found = composite_index(frame, *chosen(frame, weights), normaliser, aggregation)
    whole = found.score if aggregation == Aggregation.ARITHMETIC else 1
    assert np.allclose(found.contributions.sum(axis=1), whole)
    assert np.isclose(found.effective_weights.sum(), 1) or found.effective_weights.isna().all()
    assert found.weights.sum() == pytest.approx(1)


@given(TABLES, WEIGHTS, NORMALISERS, AGGREGATIONS, st.randoms(use_true_random=False))
def test_order_of_areas_and_indicators_does_not_matter(rows, weights, normaliser, aggregation, chance) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(rows)
    areas, columns = list(frame.index), list(frame.columns)
    chance.shuffle(areas)
    chance.shuffle(columns)
    here = composite_index(frame, *chosen(frame, weights), normaliser, aggregation)
    there = composite_index(frame.loc[areas, columns], *chosen(frame, weights), normaliser, aggregation)
    assert np.allclose(there.score[frame.index], here.score)
    assert (there.rank[frame.index] == here.rank).all()


@given(TABLES, WEIGHTS, NORMALISERS, AGGREGATIONS, st.integers(1, 1000), st.integers(-1000, 1000))
def test_unit_of_an_indicator_does_not_matter(rows, weights, normaliser, aggregation, factor, shift) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(rows)
    other = frame.assign(i0=factor * frame["i0"] + shift)
    scores = [composite_index(one, *chosen(frame, weights), normaliser, aggregation).score for one in (frame, other)]
    assert np.allclose(*scores)


@given(TABLES, WEIGHTS, NORMALISERS, AGGREGATIONS)
def test_turning_an_indicator_and_its_direction_changes_nothing(rows, weights, normaliser, aggregation) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(rows)
    given_weights, directions = chosen(frame, weights)
    here = composite_index(frame, given_weights, directions, normaliser, aggregation)
    there = composite_index(frame.assign(i0=-frame["i0"]), given_weights, directions | {"i0": Direction.LESS}, normaliser, aggregation)
    assert np.allclose(here.score, there.score)


@given(TABLES, WEIGHTS, NORMALISERS, st.integers(0, 29), st.integers(1, 60))
def test_more_of_an_indicator_of_need_never_lowers_the_score(rows, weights, normaliser, row, more) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(rows)
    assume(row < len(frame))
    raised = frame.copy()
    raised.iloc[row, 0] += more
    scores = [composite_index(one, *chosen(frame, weights), normaliser, winsorised=False).score.iloc[row] for one in (frame, raised)]
    if normaliser == Normaliser.PERCENTILE:
        scores.append(composite_index(raised, *chosen(frame, weights), normaliser).score.iloc[row])
    assert min(scores[1:]) >= scores[0] - 1e-9


@given(TABLES, NORMALISERS, AGGREGATIONS)
def test_with_equal_weights_indicators_can_change_places(rows, normaliser, aggregation) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(rows)
    swapped = pd.DataFrame(frame.to_numpy()[:, ::-1], index=frame.index, columns=frame.columns)
    indices = [composite_index(one, *chosen(frame, [2, 2, 2, 2]), normaliser, aggregation) for one in (frame, swapped)]
    assert np.allclose(indices[0].score, indices[1].score)
    assert (indices[0].rank == indices[1].rank).all()


def test_600_districts_by_8_indicators_take_milliseconds() -> None:
    chance = np.random.default_rng(1)
    frame = pd.DataFrame(chance.lognormal(0, 1, (600, 8)), columns=list("abcdefgh"))
    weights, directions = dict.fromkeys(frame.columns, 1.0), dict.fromkeys(frame.columns, UP)
    taken = []
    for _ in range(50):
        start = time.process_time()
        composite_index(frame, weights, directions, "z")
        taken.append(time.process_time() - start)
    # 3 ms on the machine it was written on; room for a busy one
    assert min(taken) < 0.010
