"""The ground of the sample city: small areas that tile it, districts that leave out a park, schools that stand in their districts."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from etl.sample_city import SAMPLE_CODE
from etl.sample_city.people import YEARS
from tests.etl.sample_files import boundary, districts


@pytest.fixture(scope="module")
def pieces(folder: Path) -> pd.DataFrame:
    """How much of each part of a small area of 2020 lies in each district, as a share of that part."""
    ground, over = boundary(folder, 2020).to_crs(6673), districts(folder)
    part, district = over.sindex.query(ground.geometry, predicate="intersects")
    area = ground.geometry.iloc[part].intersection(over.geometry.iloc[district], align=False).area.to_numpy()
    return pd.DataFrame({"part": part, "district": district, "share": area / ground.geometry.iloc[part].area.to_numpy()})


@pytest.mark.parametrize("year", YEARS)
def test_small_areas_tile_the_city_without_gaps_or_overlaps(folder: Path, year: int) -> None:
    ground = boundary(folder, year)
    assert ground.crs.to_epsg() == 4612
    assert ground.is_valid.all()
    plane = ground.to_crs(6673).geometry
    whole = shapely.union_all(ground.geometry.to_numpy())
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(ground.geometry.to_numpy()).sum() == pytest.approx(whole.area, rel=1e-9)
    assert plane.area.sum() == pytest.approx(shapely.union_all(plane.to_numpy()).area, rel=1e-6)
    assert np.allclose(plane.area, ground.AREA, rtol=1e-3)
    assert shapely.get_num_coordinates(ground.geometry.to_numpy()).mean() > 50


def test_districts_leave_out_a_park_and_the_water_and_two_of_them_overlap(folder: Path, pieces: pd.DataFrame) -> None:
    found, ground = districts(folder), boundary(folder, 2020).to_crs(6673)
    assert found.is_valid.all()
    covered, city = shapely.union_all(found.geometry.to_numpy()), shapely.union_all(ground.geometry.to_numpy())
    assert 0.002 < 1 - covered.area / city.area < 0.03
    one, other = found.sindex.query(found.geometry, predicate="intersects")
    shared = found.geometry.iloc[one].intersection(found.geometry.iloc[other], align=False).area.to_numpy()
    assert ((one < other) & (shared > 1000)).sum() == 1
    assert shared[(one < other) & (shared <= 1000)].sum() < 10
    water = ground.index[ground.HCODE == 8154]
    assert pieces[pieces.part.isin(water)].share.sum() < 1e-4
    inside = pieces.groupby("part").share.sum().reindex(ground.index, fill_value=0).clip(upper=1)
    outside = (ground.JINKO * (1 - inside)).sum() / ground.JINKO.sum()
    assert 0.002 < outside < 0.04


def test_about_three_in_ten_small_areas_are_split_between_districts(pieces: pd.DataFrame) -> None:
    second = pieces.sort_values("share").groupby("part").share.nth(-2)
    assert 0.25 < (second >= 0.02).sum() / pieces.part.nunique() < 0.36


def test_the_district_file_is_that_of_2023_and_its_two_forms_agree(folder: Path) -> None:
    with zipfile.ZipFile(folder / "A27-23_99_GML.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert set(members) == {f"A27-23_99.{ending}" for ending in ("shp", "shx", "dbf", "prj", "cpg", "geojson")}
    assert members["A27-23_99.cpg"] == b"UTF8"
    shapes = gpd.read_file(f"zip://{folder}/A27-23_99_GML.zip!A27-23_99.shp")
    texts = gpd.read_file(io.BytesIO(members["A27-23_99.geojson"]))
    assert list(shapes.columns) == ["A27_001", "A27_002", "A27_003", "A27_004", "A27_005", "geometry"]
    assert shapes.crs.to_epsg() == texts.crs.to_epsg() == 6668
    assert shapes.drop(columns="geometry").equals(texts.drop(columns="geometry"))
    assert shapes.geom_equals_exact(texts.geometry, 1e-9).all()
    assert set(shapes.A27_001) == {SAMPLE_CODE}
    assert set(shapes.A27_002) == {"見本市立"}
    assert shapes.A27_005.str.contains("架空").all()
    assert not shapes.A27_004.str.endswith("小学校").all()


def test_schools_stand_in_their_districts_and_carry_their_codes(folder: Path) -> None:
    points = gpd.read_file(f"zip://{folder}/P29-21_99_GML.zip!P29-21_99.shp")
    assert list(points.columns) == [*[f"P29_00{number}" for number in range(1, 8)], "geometry"]
    elementary = points[points.P29_003 == 16001]
    over = gpd.read_file(f"zip://{folder}/A27-23_99_GML.zip!A27-23_99.shp")
    assert elementary.P29_002.tolist() == over.A27_003.tolist()
    assert elementary.P29_004.tolist() == over.A27_004.tolist()
    assert (points.P29_003 == 16002).sum() == 12
    away = elementary.to_crs(6673).reset_index(drop=True).distance(districts(folder))
    assert (away == 0).all()
