import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from atlas.analysis.errors import AnalysisError
from atlas.analysis.reach import DETOUR, reach, reach_matrix

METRES = st.floats(0, 3000).map(lambda value: round(value, 1))
POINTS = st.integers(1, 12).flatmap(lambda n: arrays(float, (n, 2), elements=METRES))
PLACES = st.integers(0, 6).flatmap(lambda n: arrays(float, (n, 2), elements=METRES))

# a place at the origin, radius 650 m on the way = 500 m straight; the second point lies exactly there (300, 400)
DEMAND = [[0, 0], [300, 400], [300, 401], [2000, 0], [100, 0]]
WEIGHTS = [10, 20, 30, 40, np.nan]
GROUPS = ["99201-1", "99201-1", "99201-2", "99201-2", None]


def test_households_on_the_radius_are_within_reach_and_a_suppressed_weight_is_counted_apart() -> None:
    found = reach(DEMAND, WEIGHTS, [[0, 0]], 650)
    assert found.within.tolist() == [True, True, False, False, True]
    assert found.nearest == pytest.approx([0, 650, 1.3 * np.hypot(300, 401), 2600, 130])
    assert (found.total.within, found.total.outside, found.total.total) == (30, 70, 100)
    assert found.total.share == pytest.approx(0.3)
    assert (found.total.points, found.total.missing) == (5, 1)


def test_mean_distance_is_weighted_by_households() -> None:
    # (10 * 0 + 20 * 650 + 30 * 1.3 * 500.8 + 40 * 2600) / 100
    found = reach(DEMAND, WEIGHTS, [[0, 0]], 650)
    assert found.total.mean_distance == pytest.approx((13000 + 30 * 1.3 * np.hypot(300, 401) + 104000) / 100)


def test_groups_and_the_neediest_have_their_own_tallies() -> None:
    found = reach(DEMAND, WEIGHTS, [[0, 0]], 650, groups=GROUPS, neediest=np.array([False, False, True, True, False]))
    assert list(found.by_group) == ["99201-1", "99201-2", None]
    assert (found.by_group["99201-1"].within, found.by_group["99201-1"].outside) == (30, 0)
    assert (found.by_group["99201-2"].within, found.by_group["99201-2"].outside) == (0, 70)
    assert (found.by_group[None].points, found.by_group[None].missing, found.by_group[None].total) == (1, 1, 0)
    assert np.isnan(found.by_group[None].share)
    assert found.neediest is not None
    assert found.neediest.share == 0


def test_radii_that_do_not_divide_evenly_still_reach_their_own_length() -> None:
    for radius in (500, 800, 333, 1, 0.1, 12345.6):
        assert reach([[radius / DETOUR, 0]], [1], [[0, 0]], radius).within.tolist() == [True]
        assert reach_matrix([[0, radius / DETOUR]], [[0, 0]], radius).nnz == 1


def test_areas_larger_than_the_circle_a_place_reaches_are_marked() -> None:
    # 650 m on the way: pi * 0.5^2 = 0.7854 km2
    found = reach(DEMAND, WEIGHTS, [[0, 0]], 650, area_km2=[0.78, 0.79, 5, 0, np.nan])
    assert found.coarse.tolist() == [False, True, True, False, False]


def test_without_places_nobody_is_within_reach_and_no_distance_is_claimed() -> None:
    found = reach(DEMAND, WEIGHTS, [], 500)
    assert (found.total.within, found.total.outside) == (0, 100)
    assert np.isinf(found.nearest).all()
    assert np.isnan(found.total.mean_distance)
    assert reach_matrix(DEMAND, [], 500).shape == (5, 0)


def test_without_points_all_is_empty() -> None:
    found = reach([], [], [[0, 0]], 500, groups=[], neediest=np.array([], dtype=bool))
    assert found.total.points == 0
    assert np.isnan(found.total.share)
    assert found.by_group == {}


@settings(deadline=None, max_examples=60)
@given(demand=POINTS, places=PLACES, radius=st.floats(50, 2000), seed=st.integers(0, 99))
def test_reach_agrees_with_every_distance_measured(demand: np.ndarray, places: np.ndarray, radius: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = np.where(random.random(len(demand)) < 0.2, np.nan, random.integers(0, 50, len(demand)))
    groups = random.choice(np.array(["a", "b", None], dtype=object), len(demand))
    ways = 1.3 * np.hypot(*(demand[:, np.newaxis, :] - places[np.newaxis, :, :]).transpose(2, 0, 1))
    clear = np.abs(ways - radius) > 1e-5
    found = reach(demand, weights, places, radius, groups=groups)
    matrix = reach_matrix(demand, places, radius).toarray() > 0
    assert (matrix == (ways <= radius))[clear].all()
    assert (found.within == matrix.any(axis=1)).all()
    assert found.total.total == np.nansum(weights)
    for name in ("within", "outside", "points", "missing"):
        assert sum(getattr(one, name) for one in found.by_group.values()) == getattr(found.total, name)


@settings(deadline=None, max_examples=40)
@given(demand=POINTS, places=PLACES, another=st.tuples(METRES, METRES), radius=st.floats(50, 2000))
def test_another_place_or_a_longer_way_never_loses_anybody(demand: np.ndarray, places: np.ndarray, another: tuple[float, float], radius: float) -> None:
    weights = np.arange(len(demand)) + 1.0
    before = reach(demand, weights, places, radius)
    assert (reach(demand, weights, np.vstack([places, another]), radius).within >= before.within).all()
    assert (reach(demand, weights, places, radius * 1.5).within >= before.within).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"radius": 0}, "above 0"),
        ({"radius": np.inf}, "above 0"),
        ({"demand": [[0, np.nan]], "weights": [1]}, "position 0"),
        ({"demand": [0, 1, 2], "weights": [1, 1, 1]}, "one row of x and y"),
        ({"weights": [1, 2]}, "one weight for each point"),
        ({"weights": [-1, 2, 3, 4, 5]}, "zero or more"),
        ({"places": [["north", "east"]]}, "Numbers were expected"),
        ({"area_km2": [1]}, "one area"),
        ({"groups": ["a"]}, "one group"),
        ({"neediest": np.array([1, 0, 0, 0, 0])}, "booleans"),
    ],
)
def test_broken_input_says_what_is_expected(change: dict[str, object], words: str) -> None:
    given_ = {"demand": DEMAND, "weights": WEIGHTS, "places": [[0, 0]], "radius": 500} | change
    with pytest.raises(AnalysisError, match=words):
        reach(**given_)  # type: ignore[arg-type]
