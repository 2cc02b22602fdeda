import numpy as np
import pytest
import shapely
from shapely import box

from atlas.analysis.apportion import Overlaps, apportion, intersections, is_split, point_overlaps, split_share, weights
from atlas.analysis.errors import AnalysisError

# A row of three small areas of 2 x 2 on which two districts lie; the second is cut in half, the third half outside.
#   |  A  |  B  |  C  |        x from 0 to 6
#   |   left  |  right |       x from 0 to 3 and from 3 to 5
AREAS = [box(0, 0, 2, 2), box(2, 0, 4, 2), box(4, 0, 6, 2)]
DISTRICTS = [box(0, 0, 3, 2), box(3, 0, 5, 2)]


@pytest.fixture
def overlaps() -> Overlaps:
    return intersections(AREAS, DISTRICTS)


def test_parts_of_squares_are_the_hand_worked_areas(overlaps: Overlaps) -> None:
    assert overlaps.source.tolist() == [0, 1, 1, 2]
    assert overlaps.target.tolist() == [0, 0, 1, 1]
    assert overlaps.part == pytest.approx([4, 2, 2, 2])
    assert overlaps.whole.tolist() == [4, 4, 4]
    assert overlaps.outside_share == pytest.approx([0, 0, 0.5])


def test_plain_leaves_what_is_outside_outside(overlaps: Overlaps) -> None:
    shared = apportion([10, 20, 40], overlaps)
    assert shared.value == pytest.approx([10 + 10, 10 + 20])
    assert shared.outside == pytest.approx([0, 0, 20])


def test_renormalised_gives_all_of_a_source_to_the_targets_that_hold_some(overlaps: Overlaps) -> None:
    shared = apportion([10, 20, 40], overlaps, "renormalised")
    assert shared.value == pytest.approx([10 + 10, 10 + 40])
    assert shared.outside == pytest.approx([0, 0, 0])


def test_renormalised_still_reports_a_source_that_no_target_holds() -> None:
    shared = apportion([7, 5], intersections([box(0, 0, 1, 1), box(9, 9, 10, 10)], [box(0, 0, 2, 2)]), "renormalised")
    assert shared.value == pytest.approx([7])
    assert shared.outside == pytest.approx([0, 5])


def test_nothing_is_rounded(overlaps: Overlaps) -> None:
    assert apportion([0, 1, 0], overlaps).value == pytest.approx([0.5, 0.5])


def test_suppressed_value_leaves_the_targets_it_touches_missing_not_zero(overlaps: Overlaps) -> None:
    shared = apportion([10, 20, np.nan], overlaps)
    assert shared.value[0] == pytest.approx(20)
    assert np.isnan(shared.value[1])
    assert shared.known == pytest.approx([20, 10])
    assert shared.touched.tolist() == [False, True]
    assert shared.missing == pytest.approx([0, 0.5])
    assert np.isnan(shared.outside[2])


def test_several_columns_keep_their_own_missing_cells(overlaps: Overlaps) -> None:
    shared = apportion([[10, 1], [20, np.nan], [40, 4]], overlaps)
    assert shared.value[:, 0] == pytest.approx([20, 30])
    assert np.isnan(shared.value[:, 1]).all()
    assert shared.outside == pytest.approx(np.array([[0, 0], [0, 0], [20, 2]]))


def test_a_target_without_any_source_is_unknown_not_zero() -> None:
    shared = apportion([7], intersections([box(0, 0, 1, 1)], [box(0, 0, 1, 1), box(5, 5, 6, 6)]))
    assert shared.value[0] == 7
    assert np.isnan(shared.value[1])
    assert shared.known[1] == 0


def test_ground_of_two_districts_is_shared_equally() -> None:
    # two districts on 4 x 1: 0-3 and 2-4; the unit from 2 to 3 is half of each
    shared = apportion([8], intersections([box(0, 0, 4, 1)], [box(0, 0, 3, 1), box(2, 0, 4, 1)]))
    assert shared.value == pytest.approx([2 * 2.5, 2 * 1.5])
    assert shared.outside == pytest.approx([0])


def test_ground_of_three_districts_is_shared_by_how_many_claim_each_piece() -> None:
    # unit square; x below 0.5 | 0.25 to 0.75 | 0.25 to 0.75 and y above 0.5
    found = intersections([box(0, 0, 1, 1)], [box(-1, -1, 0.5, 2), box(0.25, -1, 0.75, 3), box(0.25, 0.5, 0.75, 3)])
    assert found.part == pytest.approx([1 / 4 + 1 / 16 + 1 / 24, 1 / 16 + 1 / 24 + 1 / 8 + 1 / 16, 1 / 24 + 1 / 16])
    assert found.outside_share == pytest.approx([0.25])


def test_a_branch_school_inside_the_main_schools_district_gets_half_of_its_ground() -> None:
    found = intersections([box(0, 0, 10, 10)], [box(0, 0, 10, 10), box(4, 4, 6, 6)])
    assert found.part == pytest.approx([98, 2])


def test_two_full_layers_of_districts_share_everything() -> None:
    # every border inside has a district on each side, so that only the outer border betrays the second layer
    grid = [box(x, y, x + 1, y + 1) for x in range(5) for y in range(5)]
    stripes = [box(0, y, 5, y + 1) for y in range(5)]
    found = intersections(grid, [*grid, *stripes])
    assert found.part == pytest.approx(np.full(50, 0.5))
    assert found.inside == pytest.approx(np.ones(25))


def test_the_same_district_twice_is_two_districts_with_half_each() -> None:
    assert intersections([box(0, 0, 1, 1)], [box(0, 0, 1, 1)] * 2).part == pytest.approx([0.5, 0.5])


def test_holes_and_several_parts_are_understood_whatever_way_their_rings_run() -> None:
    ring = shapely.Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 3, 3).exterior])
    turned = shapely.Polygon(list(ring.exterior.coords)[::-1], [list(ring.interiors[0].coords)[::-1]])
    islands = shapely.MultiPolygon([box(0, 0, 2, 1), box(2.5, 2.5, 5, 5), box(1.5, 1.5, 2, 2)])
    for district in (ring, turned):
        assert intersections([islands], [district]).part == pytest.approx([2 + (1.5 * 1.5 - 0.5 * 0.5)])
        assert intersections([district], [islands]).part == pytest.approx([2 + (1.5 * 1.5 - 0.5 * 0.5)])


def test_touching_is_no_overlap() -> None:
    assert intersections([box(0, 0, 1, 1)], [box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2), box(-1, -1, 0, 5)]).part.size == 0


def test_a_target_far_from_the_origin_is_as_exact() -> None:
    moved = [shapely.transform(one, lambda points: points + np.array([4e5, -3e5])) for one in (*AREAS, *DISTRICTS)]
    assert intersections(moved[:3], moved[3:]).part == pytest.approx([4, 2, 2, 2], rel=1e-9)


def test_one_thread_or_four_make_no_difference() -> None:
    one, four = (intersections(AREAS * 600, DISTRICTS, threads=n) for n in (1, 4))
    assert (one.source == four.source).all()
    assert (one.part == four.part).all()


def test_a_source_is_split_from_two_percent_in_a_second_target() -> None:
    found = intersections([box(0, 0, 100, 1), box(0, 1, 100, 2)], [box(0, 0, 98, 1), box(98, 0, 100, 1), box(0, 1, 98.5, 2), box(98.5, 1, 100, 2)])
    assert is_split(found).tolist() == [True, False]


def test_a_source_partly_outside_but_in_one_target_is_not_split(overlaps: Overlaps) -> None:
    assert is_split(overlaps).tolist() == [False, True, False]


def test_split_share_is_the_share_of_households_from_split_sources(overlaps: Overlaps) -> None:
    assert split_share([10, 20, 40], overlaps) == pytest.approx([10 / 20, 10 / 30])


def test_split_share_of_a_target_without_households_or_with_missing_ones_is_unknown(overlaps: Overlaps) -> None:
    assert np.isnan(split_share([0, 0, 40], overlaps)[0])
    assert np.isnan(split_share([10, 20, np.nan], overlaps)[1])


def test_weights_by_points_put_people_where_the_buildings_are(overlaps: Overlaps) -> None:
    # B's only buildings: 30 m2 in the left half, 10 m2 in the right; A has none and keeps its area; C's stand outside the districts but for a quarter
    points = shapely.points([(2.5, 1), (3.5, 1), (5.5, 1), (4.5, 1)])
    found = point_overlaps(overlaps, AREAS, DISTRICTS, points, [30, 10, 75, 25])
    shared = apportion([10, 20, 40], found)
    assert shared.value == pytest.approx([10 + 15, 5 + 10])
    assert shared.outside == pytest.approx([0, 0, 30])


def test_a_building_that_two_districts_claim_counts_half_for_each() -> None:
    areas, districts = [box(0, 0, 2, 2)], [box(0, 0, 2, 2), box(0, 0, 2, 2)]
    found = point_overlaps(intersections(areas, districts), areas, districts, shapely.points([(1, 1)]), [5])
    assert found.part == pytest.approx([2.5, 2.5])


def test_a_building_on_the_border_between_small_areas_counts_once(overlaps: Overlaps) -> None:
    found = point_overlaps(overlaps, AREAS, DISTRICTS, shapely.points([(2, 1)]), [5])
    assert found.part[found.source == 0] == pytest.approx([5])


def test_invalid_geometries_are_refused_by_their_places() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(AnalysisError, match=r"2 target geometries are invalid polygons, at 1, 3 \(Self-intersection"):
        intersections(AREAS, [DISTRICTS[0], bow, DISTRICTS[1], bow])


@pytest.mark.parametrize("wrong", [None, shapely.Polygon(), shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)])])
def test_what_is_no_polygon_is_refused(wrong: shapely.Geometry | None) -> None:
    with pytest.raises(AnalysisError, match="1 source geometries are missing, empty or no polygons, at 1"):
        intersections([AREAS[0], wrong], DISTRICTS)


def test_values_of_another_length_are_refused(overlaps: Overlaps) -> None:
    with pytest.raises(AnalysisError, match="2 values came for 3 sources"):
        apportion([1, 2], overlaps)


def test_a_method_that_does_not_exist_is_refused(overlaps: Overlaps) -> None:
    with pytest.raises(AnalysisError, match="'plain' or 'renormalised'"):
        weights(overlaps, "average")  # type: ignore[arg-type]


@pytest.mark.parametrize(("areas", "districts"), [([], DISTRICTS), (AREAS, []), ([], [])])
def test_nothing_to_share_out_is_no_mistake(areas: list, districts: list) -> None:
    shared = apportion(np.ones(len(areas)), intersections(areas, districts))
    assert shared.known.sum() == 0
    assert shared.outside == pytest.approx(np.ones(len(areas)))
