import numpy as np
import pyproj
import pytest
import shapely

from atlas.analysis.errors import AnalysisError
from atlas.analysis.plane import ORIGINS, from_plane, plane_crs, to_plane, zone_of

ZONES = range(1, len(ORIGINS) + 1)


def around(zone: int, n: int = 400) -> np.ndarray:
    """Points up to 3 degrees from the origin of a zone."""
    latitude, longitude = ORIGINS[zone - 1]
    random = np.random.default_rng(zone)
    return np.column_stack([random.uniform(longitude - 3, longitude + 3, n), random.uniform(max(20, latitude - 6), latitude + 6, n)])


@pytest.mark.parametrize("zone", ZONES)
def test_metres_are_those_of_proj_within_a_thousandth_of_a_millimetre(zone: int) -> None:
    points = around(zone)
    expected = np.column_stack(pyproj.Transformer.from_crs(6668, 6668 + zone, always_xy=True).transform(*points.T))
    found = shapely.get_coordinates(to_plane(shapely.points(points), 6668, 6668 + zone))
    assert np.abs(found - expected).max() < 1e-6


@pytest.mark.parametrize("zone", ZONES)
def test_there_and_back_again_is_the_same_place(zone: int) -> None:
    points = shapely.points(around(zone))
    back = from_plane(to_plane(points, 6668, 6668 + zone), 6668 + zone)
    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(points)).max() < 1e-11


def test_from_one_plane_system_to_another_is_what_proj_says() -> None:
    points = shapely.points(around(6, 50))
    expected = shapely.get_coordinates(to_plane(points, 6668, 6673))
    assert shapely.get_coordinates(to_plane(to_plane(points, 6668, 6674), 6674, 6673)) == pytest.approx(expected, abs=1e-5)


def test_the_same_zone_of_jgd2000_and_jgd2011_is_the_same_plane() -> None:
    point = shapely.points([[1.5, 2.5]])
    assert to_plane(point, 2448, 6674)[0] == point[0]


# Where 平面直角座標系 is defined by prefecture: (longitude, latitude, zone)
@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "zone"),
    [
        ("生駒市", 135.70, 34.69, 6), ("鳥取市", 134.24, 35.50, 5), ("徳島市", 134.56, 34.07, 4),
        ("門真市", 135.59, 34.74, 6), ("高槻市", 135.62, 34.85, 6), ("箱根町", 139.11, 35.23, 9),
        ("札幌市", 141.35, 43.06, 12), ("函館市", 140.73, 41.77, 11), ("大間町", 140.91, 41.53, 10),
        ("釧路市", 144.38, 42.98, 13), ("那覇市", 127.68, 26.21, 15), ("石垣市", 124.16, 24.34, 16),
        ("南大東村", 131.23, 25.84, 17), ("与論町", 128.43, 27.05, 1), ("父島", 142.19, 27.09, 14),
        ("青ヶ島村", 139.77, 32.46, 9), ("浜松市", 137.73, 34.71, 8), ("神戸市", 135.18, 34.69, 5),
        ("北九州市", 130.88, 33.88, 2), ("対馬市", 129.29, 34.20, 1), ("隠岐の島町", 133.33, 36.21, 3),
        ("青森市", 140.74, 40.82, 10), ("福島市", 140.47, 37.75, 9), ("長野市", 138.18, 36.65, 8),
        ("金沢市", 136.66, 36.59, 7), ("川崎市", 139.70, 35.53, 9), ("姫路市", 134.69, 34.82, 5),
        ("下関市", 130.94, 33.96, 3), ("那珂川市", 130.42, 33.50, 2), ("双葉町", 141.01, 37.45, 9),
    ],
)  # fmt: skip
def test_a_town_gets_the_zone_of_its_prefecture(place: str, longitude: float, latitude: float, zone: int) -> None:
    assert zone_of(longitude, latitude) == 6668 + zone, place


def test_the_zone_of_bounds_and_of_geometries_is_that_of_their_middle() -> None:
    square = shapely.box(135.65, 34.62, 135.78, 34.77)
    assert plane_crs(np.array([square])) == plane_crs(square.bounds) == 6674


def test_a_town_beside_a_prefectural_border_may_get_the_neighbours_zone_and_its_shares_do_not_feel_it() -> None:
    assert zone_of(135.41, 34.73) == 6674  # 尼崎市 in 兵庫県, whose zone is V; 大阪市 is nearer
    halves = [shapely.box(135.40, 34.70, 135.41, 34.73), shapely.box(135.40, 34.70, 135.43, 34.73)]
    five, six = (shapely.area(to_plane(halves, 6668, epsg)) for epsg in (6673, 6674))
    assert five[0] / five[1] == pytest.approx(six[0] / six[1], rel=1e-5)
    assert five[1] == pytest.approx(six[1], rel=3e-4)


@pytest.mark.parametrize(("longitude", "latitude"), [(35.0, 135.0), (-40000.0, -145000.0), (float("nan"), 35.0)])
def test_a_place_that_is_not_in_japan_is_refused(longitude: float, latitude: float) -> None:
    with pytest.raises(AnalysisError, match="order longitude, latitude"):
        zone_of(longitude, latitude)


def test_a_system_that_is_not_known_is_refused_by_its_number() -> None:
    with pytest.raises(AnalysisError, match="EPSG:4301"):
        to_plane(shapely.points([[135.7, 34.7]]), 4301, 6674)
