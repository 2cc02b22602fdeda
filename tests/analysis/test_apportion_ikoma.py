"""生駒市: 12 published school districts, 119 published small areas, figures known in advance."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from atlas.analysis.apportion import Overlaps, apportion, intersections, is_split, split_share
from atlas.analysis.plane import plane_crs, to_plane

pytestmark = pytest.mark.raw


@pytest.fixture(scope="module")
def small_areas(raw: Path) -> gpd.GeoDataFrame:
    read = gpd.read_file(raw / "estat_small_area" / "r2ka29209.topojson", layer="town")
    return read.set_crs(4612, allow_override=True).dissolve("KEY_CODE", aggfunc={"SETAI": "sum", "JINKO": "sum"})


@pytest.fixture(scope="module")
def districts(raw: Path) -> gpd.GeoDataFrame:
    read = gpd.read_file(f"/vsizip/{raw / 'ksj' / 'A27-23_29_GML.zip'}/A27-23_29.shp", encoding="utf-8")
    return read[read["A27_001"].astype(str) == "29209"].reset_index(drop=True)


@pytest.fixture(scope="module")
def overlaps(small_areas: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> Overlaps:
    epsg = plane_crs(districts.geometry.to_numpy())
    assert epsg == 6674
    return intersections(to_plane(small_areas.geometry.to_numpy(), 4612, epsg), to_plane(districts.geometry.to_numpy(), 6668, epsg))


def expected(raw: Path, name: str, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.read_csv(raw / "expected" / name).set_index("A27_004").loc[districts["A27_004"]]


def test_twelve_districts_have_the_households_and_people_known_in_advance(
    raw: Path, small_areas: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, overlaps: Overlaps
) -> None:
    assert (len(small_areas), len(districts)) == (119, 12)
    known = expected(raw, "ikoma_expected_plain.csv", districts)
    shared = apportion(small_areas[["SETAI", "JINKO"]], overlaps)
    assert shared.value[:, 0] == pytest.approx(known["SETAI_w"].to_numpy(), abs=0.5)
    assert shared.value[:, 1] == pytest.approx(known["JINKO_w"].to_numpy(), abs=0.5)
    assert shared.value[:, 0].sum() == pytest.approx(47_444.29, abs=0.01)
    assert shared.outside[:, 0].sum() / small_areas["SETAI"].sum() == pytest.approx(0.0047, abs=0.00005)
    assert shared.value.sum(0) + shared.outside.sum(0) == pytest.approx([47_666, 116_675])


def test_renormalised_gives_every_household_to_a_district(raw: Path, small_areas: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, overlaps: Overlaps) -> None:
    known = expected(raw, "ikoma_expected_renorm.csv", districts)
    shared = apportion(small_areas[["SETAI", "JINKO"]], overlaps, "renormalised")
    assert shared.value[:, 0] == pytest.approx(known["SETAI"].to_numpy(), abs=0.5)
    assert shared.value[:, 1] == pytest.approx(known["JINKO"].to_numpy(), abs=0.5)
    assert shared.value.sum(0) == pytest.approx([47_666, 116_675])


def test_five_small_areas_are_split_and_the_rest_is_digitising_noise(small_areas: gpd.GeoDataFrame, overlaps: Overlaps) -> None:
    assert is_split(overlaps).sum() == 5
    assert is_split(overlaps, 0.001).sum() == 27
    assert (overlaps.outside_share >= 0.02).sum() == 8
    share = split_share(small_areas["SETAI"], overlaps)
    assert np.all((share >= 0) & (share < 1))
    assert (share > 0).sum() > 1
