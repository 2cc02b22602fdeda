"""The readings of maps and small areas sorted by municipality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from etl.readers.geo_reading import GeoReading
from etl.readers.small_area_merging import combined


@dataclass(frozen=True)
class City:
    """What is held of one municipality: its districts, small areas and tables by census year."""

    code: str
    districts: gpd.GeoDataFrame | None
    district_year: int
    areas: dict[int, tuple[gpd.GeoDataFrame, str, str]]
    """Census year -> frame, file, source id."""
    tables: dict[int, tuple[pd.DataFrame, str]]
    listed: tuple[GeoReading, ...] = ()
    """Lists of 町字 by school that speak of the city."""


def source_of(reading: GeoReading) -> str:
    """The source the figures of a reading are shown with; everything of the sample city says so."""
    return "sample_city" if reading.is_sample else reading.source_id


def cities_of(readings: Sequence[GeoReading]) -> list[City]:
    """The readings by municipality: the newest edition of the districts, every census year of areas and tables."""
    by_kind: dict[str, list[GeoReading]] = {}
    for reading in readings:
        by_kind.setdefault(reading.kind, []).append(reading)
    told = [reading for kind in ("school_districts", "small_areas", "school_addresses") for reading in by_kind.get(kind, [])]
    codes = {code for reading in told for code in reading.frame["municipality_code"].dropna().unique()}
    cities = []
    for code in sorted(codes):
        districts, district_year = None, 0
        for reading in sorted(by_kind.get("school_districts", []), key=lambda one: one.year):
            own = reading.frame[reading.frame["municipality_code"] == code]
            if len(own):
                districts, district_year = own, reading.year
        areas, tables = {}, {}
        for reading in by_kind.get("small_areas", []):
            own = reading.frame[reading.frame["municipality_code"] == code]
            if len(own):
                areas[reading.year] = (own, reading.file, source_of(reading))
        parts: dict[int, list[GeoReading]] = {}
        for reading in by_kind.get("small_area_table", []):
            if (reading.frame["municipality_code"] == code).any():
                parts.setdefault(reading.year, []).append(reading)
        for year, held in parts.items():
            own_tables = [reading.frame[reading.frame["municipality_code"] == code] for reading in held]
            tables[year] = (combined(own_tables) if len(own_tables) > 1 else own_tables[0], "、".join(reading.file for reading in held))
        listed = tuple(one for one in by_kind.get("school_addresses", []) if (one.frame["municipality_code"] == code).any())
        cities.append(City(str(code), districts, district_year, areas, tables, listed))
    return cities
