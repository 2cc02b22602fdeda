"""Adversarial: what the census hid in a small area (X) does not follow from small areas, districts and the city shown together.

The producer itself prints what a hidden area and its receiver hold together, so that sum may be found; how it divides between them may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from atlas.analysis.apportion import intersections, weights
from atlas.analysis.plane import plane_crs, to_plane
from atlas.exhibits.context import Context
from atlas.exhibits.need_classes import classes
from atlas.exhibits.need_map import Asked, Drawn, layer_of, need_map, small_areas
from atlas.store import geography
from etl.cities import City, cities_of
from etl.geography import GEOGRAPHIC_EPSG
from etl.readers.maps import read_maps
from etl.readers.small_area_merging import joined, merged_units
from tests.etl.rebuilding import CITY, attainable, csv_rows, digits, numbers_of, whole_numbers

YEARS = (2010, 2015, 2020)
COUNTS = ("one_person_households", "population_75_over", "general_households", "older_one_person_households", "one_parent_households")


@dataclass(frozen=True)
class Ground:
    """What everybody knows of one census: which areas were counted together, and which part of each lies in which district."""

    frame: gpd.GeoDataFrame
    parts: pd.DataFrame
    hidden: set[str]


@pytest.fixture(scope="module")
def city(folder: Path) -> City:
    (found,) = [one for one in cities_of(read_maps(folder)) if one.code == CITY]
    return found


@pytest.fixture(scope="module")
def grounds(city: City, japanese: Context) -> dict[int, Ground]:
    found = {}
    codes = geography.shapes(japanese.store, CITY, "school_district")["area_code"].tolist()
    assert city.districts is not None
    assert [code.split("-")[1] for code in codes] == sorted(city.districts["school_code"])
    districts = city.districts.sort_values("school_code").geometry.to_numpy()
    for year in YEARS:
        table = city.tables[year][0]
        frame = joined(city.areas[year][0], merged_units(table)).frame
        shapes = frame.geometry.to_numpy()
        zone = plane_crs(shapes)
        overlaps = intersections(to_plane(shapes, GEOGRAPHIC_EPSG, zone), to_plane(districts, GEOGRAPHIC_EPSG, zone))
        keys = frame["key_code"].to_numpy()[overlaps.source]
        parts = pd.DataFrame({"key_code": keys, "district": np.array(codes)[overlaps.target], "share": weights(overlaps)})
        found[year] = Ground(frame.set_index("key_code"), parts, set(table.loc[table["processing"] == "hidden", "key_code"]) & set(frame["key_code"]))
    return found


def attack(context: Context, ground: Ground, indicator: str, year: int, extra: dict[str, float] | None = None) -> tuple[pd.DataFrame, pd.Series]:
    """Intervals of all areas not shown, by linear programmes over small areas, districts (from the CSV file) and the city; true sums of the units.

    extra: areas whose own number the attacker has from elsewhere.
    """
    figures = geography.small_area_figures(context.store, CITY, year)
    shown = figures[figures["indicator_id"] == indicator].set_index("area_code")["value"].dropna()
    frame = ground.frame
    names = [key for key in frame.index if key not in shown.index and pd.notna(frame.at[key, indicator])]
    known = {str(key): float(value) for key, value in shown.items()} | (extra or {})
    unknown = {key: np.inf for key in names if key not in known}
    members = frame.loc[names].groupby("unit_code").groups
    rows = csv_rows(context, need_map(context, asked=Asked((CITY,), indicator, year, sample=True), drawn=Drawn()))
    sums: list[tuple[dict[str, float], float]] = []
    for district, parts in ground.parts.groupby("district"):
        row = numbers_of(rows[str(district)])
        if "value" not in row:
            continue
        factors: dict[str, float] = {}
        for key, share in zip(parts["key_code"], parts["share"], strict=True):
            if key in shown.index:
                factors[key] = factors.get(key, 0.0) + share
            elif key in names:
                # The database shares a unit's sum out to its areas, so the district holds that part of all of them together.
                for other in members[frame.at[key, "unit_code"]]:
                    factors[other] = factors.get(other, 0.0) + share * float(frame.at[key, "unit_share"])
        sums.append((factors, row["value"]))
    totals = geography.city_totals(context.store, CITY)
    total = totals[(totals["indicator_id"] == indicator) & (totals["year"] == year)]["total"].iloc[0]
    sums.append((dict.fromkeys(known | unknown, 1.0), float(total)))
    loose = [(factors, value) for factors, value in sums if set(factors) & set(unknown)]
    return attainable(known, unknown, _rounded(loose)), frame.loc[names, indicator].groupby(frame.loc[names, "unit_code"]).sum()


def _rounded(sums: list[tuple[dict[str, float], float]]) -> list[tuple[dict[str, float], float]]:
    """Only sums that say something new: the others differ in the last digits and would contradict."""
    names = sorted({name for factors, _ in sums for name in factors})
    kept: list[tuple[dict[str, float], float]] = []
    held = np.zeros((0, len(names)))
    for factors, value in sums:
        row = np.array([factors.get(name, 0.0) for name in names])
        more = np.vstack([held, row])
        if np.linalg.matrix_rank(more, tol=1e-7) > len(held):
            kept.append((factors, value))
            held = more
    return kept


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("indicator", COUNTS)
def test_small_areas_districts_and_city_together_leave_every_hidden_number_open(
    japanese: Context, grounds: dict[int, Ground], year: int, indicator: str
) -> None:
    ground = grounds[year]
    ends, sums = attack(japanese, ground, indicator, year)
    hidden = [key for key in ground.hidden if key in ends.index]
    assert len(hidden) >= 5
    for key in hidden:
        together, interval = float(sums[ground.frame.at[key, "unit_code"]]), ends.loc[key]
        assert interval["least"] == pytest.approx(0, abs=1e-6)
        assert interval["most"] >= together - 1e-4, "anything from none to all that was printed for both"
        if together >= 2:
            assert len(whole_numbers(interval)) > 1
            assert interval["most"] - interval["least"] >= 2 - 1e-4


def test_the_attack_finds_the_number_where_the_receiver_s_own_is_shown(japanese: Context, grounds: dict[int, Ground]) -> None:
    """Were the receiver's own number shown beside the sums, the rest would be the hidden one: the test above can fail."""
    ground, found = grounds[2020], 0
    _, sums = attack(japanese, ground, "one_person_households", 2020)
    for key in sorted(ground.hidden):
        unit = ground.frame.at[key, "unit_code"]
        others = [other for other in ground.frame.index[ground.frame["unit_code"] == unit] if other != key]
        if len(others) == 1 and sums[unit] >= 10 and found < 2:
            ends, _ = attack(japanese, ground, "one_person_households", 2020, {others[0]: float(sums[unit]) - 3})
            assert ends.loc[key].tolist() == pytest.approx([3, 3], abs=1e-3)
            found += 1
    assert found == 2


@pytest.mark.parametrize("indicator", ["one_person_households", "one_person_household_share", "population_75_over_share"])
def test_hidden_areas_and_their_receivers_have_a_word_and_no_number_on_the_map(japanese: Context, grounds: dict[int, Ground], indicator: str) -> None:
    asked = Asked((CITY,), indicator, 2020, sample=True)
    layer = layer_of(japanese, asked)
    found = classes(japanese, layer.measure, layer.rows["value"], japanese.look.palette)
    names = geography.small_area_figures(japanese.store, CITY, 2020).drop_duplicates("area_code").set_index("area_code")["name_ja"]
    merged = set(grounds[2020].frame.index[grounds[2020].frame["is_merged"]])
    touched = [one for one in small_areas(japanese, asked, layer, found, CITY) if one.code in merged]
    assert len(touched) >= 10
    for one in touched:
        assert one.group is None
        assert digits(one.tip.replace(str(names.get(one.code, one.code)), "")) == []
