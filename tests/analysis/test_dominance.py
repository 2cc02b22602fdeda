import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.composite_index import composite_index
from atlas.analysis.dominance import dominance
from atlas.analysis.errors import AnalysisError
from atlas.analysis.normalising import Direction

TABLES = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=8)


def test_four_areas_hand_worked() -> None:
    # a above b in both, b and c tied, d above c in one and below in the other; d against a: 3 < 4 and 5 > 4
    frame = pd.DataFrame({"x": [4, 2, 2, 3], "y": [4.0, 4.0, 4.0, 5.0]}, index=list("abcd"))
    found = dominance(frame)
    assert (found.areas, found.pairs, found.fixed, found.tied) == (4, 6, 4, 1)  # ab, ac, db, dc fixed; bc tied; ad open
    assert found.share == pytest.approx(4 / 6)
    assert found.above.to_dict() == {"a": 0, "b": 2, "c": 2, "d": 0}
    assert found.below.to_dict() == {"a": 2, "b": 0, "c": 0, "d": 2}


def test_only_indicators_with_a_weight_count() -> None:
    frame = pd.DataFrame({"x": [1, 2, 3], "y": [3, 2, 1]})
    assert dominance(frame).fixed == 0
    assert dominance(frame, {"x": 1, "y": 0}).share == 1


def test_of_independent_indicators_one_pair_in_2_to_the_m_minus_1_is_fixed() -> None:
    values = np.random.default_rng(3).random((600, 3))
    assert dominance(pd.DataFrame(values)).share == pytest.approx(0.25, abs=0.02)


def test_area_without_a_value_is_in_no_pair() -> None:
    found = dominance(pd.DataFrame({"x": [3.0, 2.0, 1.0], "y": [3.0, None, 1.0]}))
    assert (found.areas, found.pairs, found.fixed) == (2, 1, 1)
    assert np.isnan(found.above[1])


def test_one_area_has_no_pair_and_no_share() -> None:
    assert np.isnan(dominance(pd.DataFrame({"x": [1.0]})).share)


@settings(deadline=None, max_examples=30)
@given(TABLES, st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(any), st.sampled_from(["percentile", "z", "min_max"]))
def test_no_weighting_reverses_a_fixed_pair_and_some_weighting_reverses_every_other(rows: list[list[int]], weights: list[float], normaliser: str) -> None:
    frame = pd.DataFrame(rows, columns=list("xyz"), dtype=float)
    up = dict.fromkeys("xyz", Direction.MORE)
    found = dominance(composite_index(frame, dict.fromkeys("xyz", 1.0), up, normaliser).normalised)
    own = dict(zip("xyz", weights, strict=True))
    scores = [composite_index(frame, own, up, normaliser, way).score.to_numpy() for way in ("arithmetic", "geometric")]
    values = frame.to_numpy()
    fixed = tied = 0
    for a in range(len(rows)):
        for b in range(a):
            ahead = values[a] - values[b]
            if (ahead == 0).all():
                tied += 1
            elif (ahead >= 0).all() or (ahead <= 0).all():
                fixed += 1
                assert all((score[a] - score[b]) * np.sign(ahead.sum()) >= -1e-9 for score in scores)
            else:  # all the weight on one indicator, then all on another
                alone = [composite_index(frame, {one: 1.0}, up, normaliser).score for one in "xyz"]
                assert {1.0, -1.0} <= {float(np.sign(score[a] - score[b])) for score in alone}
    assert (found.fixed, found.tied) == (fixed, tied)


@pytest.mark.parametrize("weights", [{"no": 1.0}, {"x": 0.0}, {"x": -1.0}])
def test_weights_that_do_not_fit_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(AnalysisError):
        dominance(pd.DataFrame({"x": [1, 2]}), weights)


def test_area_listed_twice_is_refused() -> None:
    with pytest.raises(AnalysisError, match="twice"):
        dominance(pd.DataFrame({"x": [1, 2]}, index=["a", "a"]))
