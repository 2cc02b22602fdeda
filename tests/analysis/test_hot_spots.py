import warnings

import esda
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.weights import W
from scipy.sparse import csr_array

from atlas.analysis.contiguity import queen
from atlas.analysis.errors import AnalysisError
from atlas.analysis.hot_spots import Cluster, HotSpots, Spot, benjamini_hochberg, default_permutations, getis_ord, local_moran

# Benjamini & Hochberg 1995, section 3.1: thrombolysis trial, 15 hypotheses
PUBLISHED_P = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]


def grid(rows: int, columns: int) -> csr_array:
    column, row = (held.ravel() for held in np.meshgrid(np.arange(columns) * 400.0, np.arange(rows) * 400.0))
    return queen(shapely.box(column, row, column + 400, row + 400))


def voronoi(districts: int, seed: int) -> csr_array:
    points = np.random.default_rng(seed).uniform(0, 10_000, (districts, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    return queen(shapely.intersection(cells, shapely.box(0, 0, 10_000, 10_000)))


def pysal(neighbours: csr_array) -> W:
    return W({i: neighbours.indices[neighbours.indptr[i] : neighbours.indptr[i + 1]].tolist() for i in range(neighbours.shape[0])}, silence_warnings=True)


def clustered() -> np.ndarray:
    """12 x 12 districts of noise with a high block of 5 x 5."""
    values = np.random.default_rng(3).normal(20, 1, (12, 12))
    values[3:8, 3:8] += 4
    return values.ravel()


def block(first: int, last: int) -> np.ndarray:
    """True for the districts of 12 x 12 in these rows and columns."""
    row, column = np.divmod(np.arange(144), 12)
    return (row >= first) & (row <= last) & (column >= first) & (column <= last)


DATA = {
    "normal values on a grid": (grid(6, 10), np.random.default_rng(11).normal(0.3, 0.05, 60)),
    "skewed values on Voronoi cells, one high corner": (
        voronoi(80, 12),
        np.random.default_rng(13).lognormal(0, 1, 80) + np.where(np.arange(80) % 9 == 0, 5, 0),
    ),
}


def same_within_chance(ours: HotSpots, theirs: np.ndarray, permutations: int) -> None:
    """Pseudo-p beside esda's folded one-sided p, doubled; both are drawn, each with its own error."""
    one_sided = ours.p / 2
    error = 2 * np.sqrt(one_sided * (1 - one_sided) * (1 / ours.permutations + 1 / permutations))
    assert (np.abs(ours.p - np.minimum(2 * theirs, 1)) <= 5 * error + 4 / permutations).all()


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
@pytest.mark.parametrize("name", DATA)
def test_getis_ord_equals_esda(name: str) -> None:
    neighbours, values = DATA[name]
    theirs = esda.G_Local(values, pysal(neighbours), transform="B", star=True, permutations=4999, seed=1, n_jobs=1)
    ours = getis_ord(values, neighbours)
    assert ours.statistic == pytest.approx(theirs.Gs, abs=1e-9)
    assert ours.z == pytest.approx(theirs.Zs, abs=1e-9)
    same_within_chance(ours, theirs.p_sim, 4999)


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
@pytest.mark.parametrize("name", DATA)
def test_local_moran_equals_esda(name: str) -> None:
    neighbours, values = DATA[name]
    theirs = esda.Moran_Local(values, pysal(neighbours), permutations=4999, seed=1, n_jobs=1)
    ours = local_moran(values, neighbours)
    assert ours.statistic == pytest.approx(theirs.Is, abs=1e-9)
    # its analytic moments are of z_i * lag, its statistic is (n - 1) / n of that
    n = values.size
    assert ours.z == pytest.approx((theirs.Is * n / (n - 1) - theirs.EIc) / np.sqrt(theirs.VIc), abs=1e-9)
    assert ours.z == pytest.approx(theirs.z_sim, rel=0.1, abs=0.1)  # moments of what it drew
    same_within_chance(ours, theirs.p_sim, 4999)


def test_p_of_a_small_city_is_that_of_all_its_permutations() -> None:
    # a row of 7 districts: the neighbours of each are any 1 or 2 of the other 6, all of them tried here
    neighbours, values = queen(shapely.box(np.arange(7) * 400.0, 0, np.arange(7) * 400.0 + 400, 400)), np.array([1.0, 2, 4, 8, 16, 32, 64])
    ours = getis_ord(values, neighbours, permutations=40_000)
    for area in range(7):
        others = np.delete(values, area)
        near = neighbours.toarray()[area] > 0
        sums = others if near.sum() == 1 else np.add.outer(others, others)[np.triu_indices(6, 1)]
        seen = values[near].sum()
        exact = min(1, 2 * min((sums >= seen).mean(), (sums <= seen).mean()))
        assert ours.p[area] == pytest.approx(exact, abs=5 * np.sqrt(exact / 40_000))


def test_benjamini_hochberg_rejects_the_four_of_the_published_example() -> None:
    q = benjamini_hochberg(PUBLISHED_P)
    assert (q <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert q[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])  # 15 p / rank
    assert (np.diff(q) >= 0).all()


def test_areas_without_a_p_are_no_tests() -> None:
    with_gaps = np.insert(np.array(PUBLISHED_P), [0, 7, 15], np.nan)
    q = benjamini_hochberg(with_gaps)
    assert np.isnan(q[np.isnan(with_gaps)]).all()
    assert q[~np.isnan(with_gaps)] == pytest.approx(benjamini_hochberg(PUBLISHED_P))
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_one_area_alone_can_be_discovered_however_many_there_are() -> None:
    for areas in (3, 150, 249, 250, 1_000, 20_000):
        smallest = 2 / (default_permutations(areas) + 1)
        assert benjamini_hochberg([smallest, *[1.0] * (areas - 1)])[0] <= 0.05
    assert (default_permutations(150), default_permutations(1_000)) == (9_999, 40_000)


def test_a_planted_cluster_is_found_and_marks_keep_to_it() -> None:
    neighbours, values = grid(12, 12), clustered()
    spots, clusters = getis_ord(values, neighbours), local_moran(values, neighbours)
    inside, in_or_beside = block(4, 6), block(2, 8)
    assert (spots.classes[inside] == Spot.HOT).all()
    assert (clusters.classes[inside] == Cluster.HIGH_HIGH).all()
    assert not (spots.classes[~in_or_beside] == Spot.HOT).any()
    assert not (clusters.classes[~in_or_beside] == Cluster.HIGH_HIGH).any()
    assert (getis_ord(-values, neighbours).classes[inside] == Spot.COLD).all()
    assert (local_moran(-values, neighbours).classes[inside] == Cluster.LOW_LOW).all()


def test_one_low_district_inside_a_cluster_is_low_among_high_and_the_other_way_round() -> None:
    neighbours, values = grid(12, 12), clustered()
    values[5 * 12 + 5] = 12.0
    assert local_moran(values, neighbours).classes[5 * 12 + 5] == Cluster.LOW_HIGH
    assert local_moran(-values, neighbours).classes[5 * 12 + 5] == Cluster.HIGH_LOW


def test_marks_are_members_of_their_enumeration() -> None:
    neighbours, values = grid(12, 12), clustered()
    values[0] = np.nan
    assert {type(mark) for mark in getis_ord(values, neighbours).classes} == {Spot}
    assert {type(mark) for mark in local_moran(values, neighbours).classes} == {Cluster}


def test_both_statistics_have_the_same_p() -> None:
    neighbours, values = DATA["skewed values on Voronoi cells, one high corner"]
    assert getis_ord(values, neighbours).p.tolist() == local_moran(values, neighbours).p.tolist()


@pytest.mark.parametrize("test", [getis_ord, local_moran])
def test_same_seed_same_result_and_another_seed_the_same_within_chance(test: object) -> None:
    neighbours, values = DATA["normal values on a grid"]
    one, again, other = (test(values, neighbours, seed=seed) for seed in (5, 5, 6))  # type: ignore[operator]
    assert one.p.tolist() == again.p.tolist()
    assert one.p.tolist() != other.p.tolist()
    same_within_chance(one, other.p / 2, 9_999)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_the_areas_plays_no_part(seed: int) -> None:
    neighbours, values = DATA["normal values on a grid"]
    order = np.random.default_rng(seed).permutation(60)
    for test in (getis_ord, local_moran):
        plain, shuffled = test(values, neighbours), test(values[order], csr_array(neighbours[order][:, order]))
        assert shuffled.statistic == pytest.approx(plain.statistic[order], abs=1e-12)
        assert shuffled.z == pytest.approx(plain.z[order], abs=1e-9)
        same_within_chance(shuffled, plain.p[order] / 2, 9_999)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 1_000), st.floats(-1_000, 1_000))
def test_unit_and_zero_point_change_no_p_and_no_mark(factor: float, shift: float) -> None:
    neighbours, values = grid(12, 12), clustered()
    for test in (getis_ord, local_moran):
        plain, moved = test(values, neighbours, permutations=999), test(values * factor + shift, neighbours, permutations=999)
        assert moved.p.tolist() == plain.p.tolist()
        assert moved.z == pytest.approx(plain.z, abs=1e-6)
        assert (moved.classes == plain.classes).all()


@pytest.mark.parametrize("value", [0.0, 0.1, -3.0, 1e9])
def test_values_that_are_all_the_same_have_no_spots(value: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for test, none in ((getis_ord, Spot.NOT_SHOWN), (local_moran, Cluster.NONE)):
            held = test(np.full(36, value), grid(6, 6))
            assert (held.classes == none).all()
            assert held.p.tolist() == [1.0] * 36
            assert held.z.tolist() == [0.0] * 36
            assert not held.marked.any()


def test_values_that_add_up_to_0_have_a_z_but_no_share_of_the_sum() -> None:
    held = getis_ord([-2.0, -1, 0, 0, 1, 2, -3, 3, 0], grid(3, 3))
    assert np.isnan(held.statistic).all()
    assert held.z[4] == 0  # the middle one and its neighbours are all there are
    # the first holds -2 - 1 + 0 + 1 = -2 with its three neighbours; mean 0, sd sqrt(28 / 9)
    assert held.z[0] == pytest.approx(-2 / (np.sqrt(28 / 9) * np.sqrt(4 * 5 / 8)))


def test_values_with_many_ties_are_not_taken_for_clusters() -> None:
    # one district differs: every draw without it ties with what is seen
    values = np.zeros(36)
    values[14] = 1
    assert not getis_ord(values, grid(6, 6)).marked.any()


def test_areas_without_a_value_are_neither_tested_nor_neighbours() -> None:
    neighbours, values = grid(6, 6), np.random.default_rng(2).normal(20, 1, 36)
    missing = np.zeros(36, dtype=bool)
    missing[[7, 20]] = True
    kept = ~missing
    for test, none in ((getis_ord, Spot.NOT_TESTED), (local_moran, Cluster.NOT_TESTED)):
        with_gaps = test(np.where(missing, np.nan, values), neighbours)
        alone = test(values[kept], csr_array(neighbours[kept][:, kept]))
        assert with_gaps.tested == 34
        assert (with_gaps.classes[missing] == none).all()
        assert np.isnan(with_gaps.q[missing]).all()
        assert with_gaps.statistic[kept].tolist() == alone.statistic.tolist()
        assert with_gaps.p[kept].tolist() == alone.p.tolist()


def test_an_area_whose_only_neighbour_has_no_value_is_not_tested() -> None:
    row = queen(shapely.box(np.arange(8) * 400.0, 0, np.arange(8) * 400.0 + 400, 400))
    held = local_moran([1, None, 3, 4, 6, 5, 9, 2], row)
    assert held.classes[:2].tolist() == [Cluster.NOT_TESTED] * 2
    assert held.tested == 6


def test_an_area_next_to_all_others_stands_for_nothing() -> None:
    everyone = csr_array(np.ones((6, 6)) - np.eye(6))
    held = getis_ord([1.0, 2, 3, 4, 5, 6], everyone)
    assert held.z.tolist() == [0.0] * 6
    assert held.p.tolist() == [1.0] * 6
    assert local_moran([1.0, 2, 3, 4, 5, 6], everyone).p.tolist() == [1.0] * 6


@pytest.mark.parametrize(
    ("values", "neighbours", "words"),
    [
        (np.arange(5.0), grid(2, 2), "n x n"),
        (np.array([1.0, np.inf, 2, 3]), grid(2, 2), "position 1 the value is infinite"),
        (np.array([1.0, np.nan, 2, np.nan]), grid(2, 2), "2 areas have a value"),
    ],
)
def test_what_can_not_be_tested_is_refused(values: np.ndarray, neighbours: csr_array, words: str) -> None:
    for test in (getis_ord, local_moran):
        with pytest.raises(AnalysisError, match=words):
            test(values, neighbours)
    with pytest.raises(AnalysisError, match="permutations"):
        getis_ord(np.arange(4.0), grid(2, 2), permutations=0)
    with pytest.raises(AnalysisError, match="outside 0-1"):
        benjamini_hochberg([0.5, 1.2])
