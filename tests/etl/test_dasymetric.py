"""Mesh squares as weights: a second figure of each district beside the one by area, which stays the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.analysis.apportion import apportion, intersections, weights
from atlas.analysis.plane import plane_crs, to_plane
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows, by_people
from atlas.exhibits.district_profile import district_profile
from atlas.exhibits.need_map import Asked, layer_of
from atlas.store.database import Store
from etl.dasymetric import people_overlaps
from etl.geography import GEOGRAPHIC_EPSG, geography
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import read_maps
from etl.readers.mesh import bounds_of, squares

BLOCK = "533946114"
"""A square of 500 m; its quarters are 1 south-west, 2 south-east, 3 north-west, 4 north-east."""


def reading(kind: str, year: int, frame: gpd.GeoDataFrame) -> GeoReading:
    return GeoReading("test", "estat_mesh", f"{kind}.csv", kind, kind, year, frame, "", "")


def mesh(people: dict[str, float], year: int = 2020) -> GeoReading:
    codes = list(people)
    frame = gpd.GeoDataFrame({"mesh_code": codes, "level_m": 250, "population": list(people.values())}, geometry=squares(codes), crs=GEOGRAPHIC_EPSG)
    return reading("mesh", year, frame)


def town(population: float = 100, households: float = 40) -> list[GeoReading]:
    """One small area, the whole block; two districts, its western and its eastern half."""
    west, south, east, north = (float(side[0]) for side in bounds_of([BLOCK]))
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    districts = gpd.GeoDataFrame(
        {"municipality_code": "13101", "school_code": ["W", "E"], "school_name": ["西小学校", "東小学校"], "founder": None, "address": None},
        geometry=halves, crs=GEOGRAPHIC_EPSG,
    )  # fmt: skip
    area = gpd.GeoDataFrame(
        {"key_code": ["131010010"], "municipality_code": "13101", "name_ja": ["一番町"], "is_water": False, "population": population, "households": households},
        geometry=[shapely.box(west, south, east, north)], crs=GEOGRAPHIC_EPSG,
    )  # fmt: skip
    return [reading("school_districts", 2023, districts), reading("small_areas", 2020, area)]


def by_method(readings: list[GeoReading], indicator: str = "population") -> dict[str, dict[str, float]]:
    rows = geography(readings).tables()["apportioned"]
    own = rows[rows["indicator_id"] == indicator]
    return {str(way): dict(zip(part["area_code"].str[-1], part["value"], strict=True)) for way, part in own.groupby("method")}


def test_three_quarters_of_the_people_in_the_west_get_three_quarters_of_the_figure() -> None:
    # west: 45 + 30 of 100 people; by area one half
    readings = [*town(), mesh({BLOCK + "1": 45, BLOCK + "2": 20, BLOCK + "3": 30, BLOCK + "4": 5})]
    found = by_method(readings)
    assert found["plain"] == {"W": pytest.approx(50, rel=1e-4), "E": pytest.approx(50, rel=1e-4)}
    assert found["dasymetric"] == {"W": pytest.approx(75), "E": pytest.approx(25)}
    assert by_method(readings, "total_households")["dasymetric"] == {"W": pytest.approx(30), "E": pytest.approx(10)}


def test_by_area_stays_the_default_and_the_remark_says_so() -> None:
    found = geography([*town(), mesh({BLOCK + "1": 45, BLOCK + "2": 20, BLOCK + "3": 30, BLOCK + "4": 5})])
    rows = pd.concat(found.observations)
    assert rows.loc[rows["area_code"].eq("13101-W") & rows["indicator_id"].eq("population"), "value"].tolist() == pytest.approx([50], rel=1e-4)
    assert any("既定は面積による値のままです" in str(remark["text_ja"]) for remark in found.remarks)


@pytest.mark.parametrize(
    ("people", "year", "words"),
    [
        ({BLOCK + "1": 45.0, BLOCK + "2": 20.0}, 2020, "小地域の人口100人と合わないため"), ({"5339461211": 100.0}, 2020, ""),
        ({BLOCK + "1": 45.0, BLOCK + "2": 55.0}, 2015, ""),
    ],
)  # fmt: skip
def test_squares_of_another_place_number_or_census_are_not_used(people: dict[str, float], year: int, words: str) -> None:
    readings = [*town(), mesh(people, year)]
    assert set(by_method(readings)) == {"plain", "renormalised"}
    assert words in str(geography(readings).remarks)


def test_what_is_outside_every_district_stays_outside() -> None:
    readings = town()
    west_only = readings[0].frame.iloc[[0]]
    found = by_method([reading("school_districts", 2023, west_only), readings[1], mesh({BLOCK + "1": 45, BLOCK + "2": 20, BLOCK + "3": 30, BLOCK + "4": 5})])
    assert found["dasymetric"] == {"W": pytest.approx(75)}


def test_on_generated_ground_points_come_near_the_exact_overlay(folder: Path) -> None:
    """Uneven people over the sample city: against squares x small areas x districts, cut exactly with shapely."""
    maps = read_maps(folder)
    areas = next(one for one in maps if one.kind == "small_areas" and one.year == 2020).frame
    districts = next(one for one in maps if one.kind == "school_districts").frame
    areas, schools = areas.iloc[::6].reset_index(drop=True), districts.geometry.to_numpy()
    shapes = areas.geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    rng = np.random.default_rng(3)
    rows, columns = np.meshgrid(np.arange(np.floor(south * 480), np.ceil(north * 480)), np.arange(np.floor(west * 320), np.ceil(east * 320)), indexing="ij")
    cells = shapely.box(columns.ravel() / 320, rows.ravel() / 480, (columns.ravel() + 1) / 320, (rows.ravel() + 1) / 480)
    cells = cells[shapely.intersects(cells, shapely.union_all(shapes))]
    people = rng.gamma(1.0, 30, len(cells))
    zone = plane_crs(shapes)
    small, targets, ground = (to_plane(one, GEOGRAPHIC_EPSG, zone) for one in (shapes, schools, cells))
    inside = shapely.area(shapely.intersection(ground, shapely.union_all(small))) / shapely.area(ground) * people
    frame = gpd.GeoDataFrame({"mesh_code": [str(n) for n in range(len(cells))], "level_m": 250, "population": people}, geometry=cells, crs=GEOGRAPHIC_EPSG)
    overlaps = intersections(small, targets)
    found, _ = people_overlaps([reading("mesh", 2020, frame)], 2020, overlaps, small, targets, shapes, zone, GEOGRAPHIC_EPSG, float(inside.sum()))
    assert found is not None
    at, cell = shapely.STRtree(ground).query(small, predicate="intersects")
    pieces = shapely.intersection(small[at], ground[cell])
    solid = shapely.area(pieces) > 1
    pieces, cell = pieces[solid], cell[solid]
    cut = intersections(pieces, targets)
    exact = np.bincount(cut.target, (weights(cut) * (people[cell] * shapely.area(pieces) / shapely.area(ground[cell]))[cut.source]), len(targets))
    made = np.bincount(found.target, found.part, len(targets))
    assert exact.sum() > 5_000
    assert np.abs(made - exact).max() < 0.03 * exact.mean()
    values = areas["population"].fillna(0).to_numpy(float)
    shared = apportion(values, found)
    assert np.nansum(shared.value) + shared.outside.sum() == pytest.approx(values.sum())
    assert np.abs(np.nan_to_num(shared.value) - np.nan_to_num(apportion(values, overlaps).value)).max() > 1, "people do not live evenly"


def test_the_profile_says_both_weightings_and_their_difference_and_nothing_where_the_value_is_withheld(japanese: Context) -> None:
    """The database of the tests has no mesh table: its figures by area stand in for it, a tenth higher."""

    class WithMesh(Store):
        def frame(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
            rows = super().frame(query, parameters)
            if "FROM apportioned p" in query:
                other = rows[rows["method"] == "plain"].assign(method="dasymetric")
                other["value"] = other["value"] * np.where(other["indicator_id"] == "one_person_households", 1.1, 1.0)
                rows = pd.concat([rows, other], ignore_index=True)
            return rows

    context = replace(japanese, store=WithMesh(japanese.store.path))
    asked = Asked(("99201",), "one_person_household_share", 2020, sample=True)
    code = str(layer_of(context, asked).shown.index[0])
    value = layer_of(context, asked).rows.at[code, "value"]
    told = [note for note in district_profile(context, asked=asked, code=code).notes if "人口メッシュ" in note]
    words = f"{value * 110:.1f}%です（面積では{value * 100:.1f}%、差+{value * 10:.1f}ポイント）"
    assert told == [f"小地域を面積ではなく人口メッシュで校区に分けると、単独世帯の割合は{words}。"]
    assert not any("人口メッシュ" in note for note in district_profile(japanese, asked=asked, code=code).notes)
    rows = base_rows(context.store, "99201", "single_mother_or_father_share", 2020)
    withheld = rows.index[rows["state"] == "withheld"]
    assert len(withheld)
    assert not set(withheld) & set(by_people(context.store, "99201", "single_mother_or_father_share", 2020).index)
