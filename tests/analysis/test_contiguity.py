import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.contiguity import island_positions, queen
from atlas.analysis.errors import AnalysisError

STEP = 400.0


def grid(rows: int, columns: int) -> np.ndarray:
    column, row = (held.ravel() for held in np.meshgrid(np.arange(columns) * STEP, np.arange(rows) * STEP))
    return shapely.box(column, row, column + STEP, row + STEP)


def voronoi(districts: int, seed: int) -> np.ndarray:
    points = np.random.default_rng(seed).uniform(0, 10_000, (districts, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    return np.asarray(shapely.intersection(cells, shapely.box(0, 0, 10_000, 10_000)))


def pairs(polygons: np.ndarray, tolerance: float = 2.0) -> set[tuple[int, int]]:
    held = queen(polygons, tolerance).tocoo()
    return {(int(i), int(j)) for i, j in zip(held.row, held.col, strict=True) if i < j}


def beside(gap: float) -> np.ndarray:
    """A row of four districts with a gap of so many metres in its middle; none is an island."""
    west = np.array([0, 100, 200 + gap, 300 + gap])
    return shapely.box(west, 0, west + 100, 100)


def test_three_by_three_squares_have_the_neighbours_of_a_chess_queen() -> None:
    assert queen(grid(3, 3)).sum(axis=1).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert (0, 4) in pairs(grid(3, 3))  # a corner alone
    assert (0, 2) not in pairs(grid(3, 3))


def test_a_gap_of_half_a_metre_still_counts_and_one_of_30_metres_does_not() -> None:
    assert pairs(beside(0.5)) == {(0, 1), (1, 2), (2, 3)}
    assert pairs(beside(30)) == {(0, 1), (2, 3)}
    assert pairs(beside(0.5), tolerance=0.1) == {(0, 1), (2, 3)}
    assert pairs(beside(30), tolerance=30) == {(0, 1), (1, 2), (2, 3)}


def test_borders_digitised_twice_give_the_neighbours_of_the_exact_ones() -> None:
    exact, chance = voronoi(60, 4), np.random.default_rng(5)
    noisy = np.array(
        [shapely.Polygon(shapely.get_coordinates(one)[:-1] + chance.uniform(-0.5, 0.5, (shapely.get_num_coordinates(one) - 1, 2))) for one in exact]
    )
    assert pairs(noisy) == pairs(exact, tolerance=2.0)
    assert pairs(exact, tolerance=0.001) <= pairs(noisy)


def test_districts_over_each_other_are_neighbours() -> None:
    assert pairs(shapely.box([0, 40], [0, 40], [100, 60], [100, 60])) == {(0, 1)}


def test_a_district_that_lies_in_a_hole_of_another_is_its_neighbour() -> None:
    ring = shapely.difference(shapely.box(0, 0, 300, 300), shapely.box(100, 100, 200, 200))
    assert pairs(np.array([ring, shapely.box(100, 100, 200, 200), shapely.box(300, 0, 400, 300)])) == {(0, 1), (0, 2)}


def test_an_island_gets_its_nearest_neighbour_and_is_one_of_its_neighbours() -> None:
    polygons = np.append(grid(1, 3), shapely.box(1_000, 2_000, 1_100, 2_100))
    assert pairs(polygons) == {(0, 1), (1, 2), (2, 3)}
    assert island_positions(polygons).tolist() == [3]
    assert queen(polygons).toarray()[2].tolist() == [0, 1, 0, 1]


def test_an_island_as_near_to_two_districts_gets_both() -> None:
    polygons = np.append(grid(1, 3), shapely.box(STEP - 50, 1_000, STEP + 50, 1_100))
    assert pairs(polygons) == {(0, 1), (1, 2), (0, 3), (1, 3)}


def test_the_nearest_is_taken_from_border_to_border_not_between_middles() -> None:
    long, near, island = shapely.box(0, 0, 5_000, 100), shapely.box(5_300, 0, 5_400, 100), shapely.box(5_100, 0, 5_150, 100)
    assert (0, 2) in pairs(np.array([long, near, island]))
    assert (1, 2) in pairs(np.array([long, near, island]))  # the other way: the second district's nearest is the island


def test_one_area_alone_has_no_neighbour_and_none_give_an_empty_matrix() -> None:
    assert queen(grid(1, 1)).shape == (1, 1)
    assert queen(grid(1, 1)).nnz == 0
    assert queen(np.array([], dtype=object)).shape == (0, 0)


def test_a_thousand_districts_have_about_six_neighbours_each() -> None:
    # Euler: a planar tessellation has below 3 n - 6 borders, so fewer than six on average
    degree = queen(voronoi(1_000, 6), tolerance=0.01).sum(axis=1)
    assert 5.5 < degree.mean() < 6
    assert degree.min() >= 1


@settings(max_examples=25, deadline=None)
@given(st.integers(5, 40), st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_neighbours_are_mutual_never_the_area_itself_and_do_not_depend_on_the_order(districts: int, seed: int, random: object) -> None:
    chance = np.random.default_rng(seed)
    polygons = voronoi(districts, seed)[chance.random(districts) < 0.6]  # holes make islands
    matrix = queen(polygons).toarray()
    assert (matrix == matrix.T).all()
    assert not matrix.diagonal().any()
    assert set(np.unique(matrix)) <= {0.0, 1.0}
    if polygons.size > 1:
        assert (matrix.sum(axis=1) >= 1).all()
    order = chance.permutation(polygons.size)
    assert (queen(polygons[order]).toarray() == matrix[np.ix_(order, order)]).all()


@pytest.mark.parametrize(
    ("polygons", "words"),
    [
        ([shapely.box(0, 0, 1_000, 1_000), None], "position 1 there is no polygon"),
        ([shapely.Polygon()], "position 0 there is no polygon"),
        ([shapely.Point(0, 0)], "no polygon"),
        ([shapely.box(135.6, 34.6, 135.7, 34.7)], "degrees"),
        ([[shapely.box(0, 0, 1_000, 1_000)]], "one row"),
    ],
)
def test_what_is_no_map_in_metres_is_refused(polygons: list[object], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        queen(polygons)


@pytest.mark.parametrize("tolerance", [-1, float("nan"), float("inf")])
def test_a_tolerance_that_is_no_distance_is_refused(tolerance: float) -> None:
    with pytest.raises(AnalysisError, match="tolerance"):
        queen(grid(2, 2), tolerance)
