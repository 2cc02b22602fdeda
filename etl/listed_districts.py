"""Whether a city's school districts are made from its list of 町字: only where no polygons of them are loaded, and the small areas are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from etl.cities import City
from etl.readers.geo_reading import GeoReading, Remark
from etl.readers.ksj_remarks import municipalities_held
from etl.replacing import Replaced, Table, later_ones
from etl.town_lists import districts_of_list

PARTS = {"elementary": "小学校の町字の一覧", "junior_high": "中学校の町字の一覧"}
Told = list[tuple[str, Remark]]
"""File and remark."""


def newest_lists(readings: Sequence[GeoReading]) -> tuple[list[GeoReading], list[Replaced]]:
    """The readings, of each city's lists only those of the latest import; lists that came together stand side by side."""
    lists = [reading for reading in readings if reading.kind == "school_addresses"]
    tables = []
    for reading in lists:
        frame = reading.frame.fillna("")
        rows = frame[["municipality_code"]].assign(part=frame["school_kind"].map(PARTS), key=frame[["school_name", "town_ja", "from_ja"]].agg(" ".join, axis=1))
        tables.append(Table(reading, rows.assign(content="")))
    kept, replaced, _ = later_ones(tables)
    newest = {id(reading): replace(reading, frame=reading.frame[rows]) for reading, rows in zip(lists, kept, strict=True)}
    every = [newest.get(id(reading), reading) for reading in readings]
    return [reading for reading in every if reading.kind != "school_addresses" or len(reading.frame)], replaced


def with_listed_districts(city: City) -> tuple[City, dict[str, int] | None, Told]:
    """The city with districts from its list, the row of the district of each small area (by key code, of the
    newest census; None: not made), and what to say of the list.

    Published polygons (A27) come before the list. The districts' year is that of the census whose small areas they are made of.
    """
    if not city.listed:
        return city, None, []
    file = "、".join(dict.fromkeys(one.file for one in city.listed))
    entries = pd.concat([one.frame[one.frame["municipality_code"] == city.code] for one in city.listed], ignore_index=True)
    told: Told = []
    junior = entries.loc[entries["school_kind"] == "junior_high", "school_name"].nunique()
    if junior:
        ja = f"中学校{junior:,}校の通学区域は使っていません。必要度マップは小学校区で作ります。"
        told.append(
            (file, Remark("not_used", ja, f"The districts of {junior:,} junior high schools are not used: the map of need is made by elementary school."))
        )
    if not (entries["school_kind"] == "elementary").any():
        return city, None, told
    if city.districts is not None:
        ja = f"小学校区の境界（A27、{city.district_year}年版）があるため、通学区域情報の町字の一覧は使っていません。"
        en = f"The list of 町字 is not used: the polygons of the school districts (A27, edition {city.district_year}) are loaded and come first."
        return city, None, [*told, (file, Remark("not_used", ja, en))]
    if not city.areas:
        ja = "通学区域情報の町字の一覧から校区を作るには、この市区町村の町丁・字等境界（r2ka など）が要ります。まだ読み込まれていないため、使っていません。"
        ja += "政令指定都市では、境界と同じ区のコードで一覧を作ってください。"
        en = "The list of 町字 is not used: to make school districts of it the small-area boundaries (r2ka and alike) of this municipality are needed. "
        en += "For designated cities the list has to have the codes of the wards, as the boundaries do."
        return city, None, [*told, (file, Remark("not_used", ja, en))]
    year = max(city.areas)
    areas, boundary, _ = city.areas[year]
    made = districts_of_list(entries, areas.reset_index(drop=True), municipalities_held().get(city.code, ""), year)
    told += [(f"{file} + {boundary}", remark) for remark in made.remarks]
    if made.districts.empty:
        return city, None, told
    return replace(city, districts=made.districts, district_year=year), made.target, told
