"""What the readers of maps and small areas return. All geometry in longitude and latitude (EPSG:6668), valid, 2-D polygons or points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from etl.readers.reading import sha256_of

GEOGRAPHIC = "EPSG:6668"

DISTRICT_COLUMNS = ["municipality_code", "school_code", "school_name", "founder", "address", "geometry"]
"""School districts: one row a district (parts dissolved); municipality_code five digits as text; school_code None where the edition has none."""
SMALL_AREA_COLUMNS = ["key_code", "municipality_code", "name_ja", "is_water", "population", "households", "geometry"]
"""Small areas: one row a KEY_CODE (5, 9 or 11 digits, text, unchanged), 飛び地 dissolved, printed figures summed; population and households may be NaN."""
TABLE_COLUMNS = ["key_code", "municipality_code", "name_ja", "level", "processing", "receiver", "received"]
"""Small-area tables: HYOSYO as `level` (1 city, 2 town without 丁目, 3 town total, 4 丁目), HTKSYORI as `processing` ('' | hidden | receiver),
HTKSAKI as `receiver` (full key code or ''), GASSAN as `received` (key codes joined by ';'); then one float column per indicator id, NaN where hidden."""
PLACE_COLUMNS = ["kind", "name_ja", "address", "operator", "capacity", "opened", "note", "municipality_code", "school_code", "geometry"]
"""Points: kind is elementary_school | junior_high_school | school | public_facility | ibasho | ... ; what the file does not say is None.
A city's own table also has kind_ja (種別 as written), and rows whose geometry is missing: known, but not on the map."""
SUPPORTER_COLUMNS = ["municipality_code", "district_text", "town_text", "people", "training_year", "line"]
"""つながりサポーター: one row a line of the table; texts as written, None where the cell is empty. Districts are found later (etl/supporters.py)."""
DISTRICT_FIGURE_COLUMNS = ["municipality_code", "district_text", "town_text", "year", "item", "people", "base", "unit", "line"]
"""A city's own figures: one row a line; district_text None: the whole city; town_text always None; base NaN where there is no 母数."""
BOUNDARY_COLUMNS = ["municipality_code", "name_ja", "geometry"]
ADDRESS_COLUMNS = ["municipality_code", "school_name", "school_kind", "town_ja", "from_ja", "note"]
"""小中学校通学区域情報: a district as a list of 町字, no polygon. school_kind: elementary | junior_high;
from_ja: the part of the 町字 that is meant, None: all."""
MESH_COLUMNS = ["mesh_code", "level_m", "geometry"]

COLUMNS_OF = {
    "school_districts": DISTRICT_COLUMNS,
    "junior_high_districts": DISTRICT_COLUMNS,
    "small_areas": SMALL_AREA_COLUMNS,
    "small_area_table": TABLE_COLUMNS,
    "places": PLACE_COLUMNS,
    "supporters": SUPPORTER_COLUMNS,
    "district_figures": DISTRICT_FIGURE_COLUMNS,
    "boundaries": BOUNDARY_COLUMNS,
    "school_addresses": ADDRESS_COLUMNS,
    "mesh": MESH_COLUMNS,
}


@dataclass(frozen=True)
class Remark:
    """Something about a file that a planner has to know: shown in the import report and on the page, in words with numbers."""

    kind: str
    """missing_municipalities | overlap | mended | renamed | terms | encoding | crs | suppressed | refused | split | town_list |
    not_matched | not_used | unplaced | duplicate | other"""
    text_ja: str
    text_en: str


@dataclass(frozen=True)
class GeoReading:
    """One dataset of one file (an archive may hold several).

    kind: a key of COLUMNS_OF. frame: its columns (more may follow for kinds that say so). year: census year (small areas, tables,
    mesh) or edition year. understood: one sentence in each language: edition, municipalities, year, number of districts or areas.
    """

    reader: str
    source_id: str
    file: str
    sha256: str
    kind: str
    year: int
    frame: pd.DataFrame | gpd.GeoDataFrame
    understood_ja: str
    understood_en: str
    remarks: tuple[Remark, ...] = ()
    is_sample: bool = False
    """The file says that it is fictional (municipality codes outside the real range)."""
    rank: int = 0
    """Its place in the order of the imports: of a city's own tables the later one counts (etl/replacing.py). 0: before all that were imported."""


@dataclass(frozen=True)
class Member:
    """One file inside what the user gave (a zip, a folder or a single file), extracted to a safe place, with its true name."""

    name: str
    path: Path


@dataclass(frozen=True)
class GeoReader:
    """How one published format is known by its content and read.

    claims: given all members of one archive or folder, those groups that this reader can read (a Shapefile is several members).
    read: one such group -> readings; raises EtlError with every problem.
    """

    id: str
    title_ja: str
    title_en: str
    tried_on_real_file: bool
    claims: Callable[[Sequence[Member]], list[tuple[Member, ...]]]
    read: Callable[[Sequence[Member]], list[GeoReading]]


def file_reading(
    member: Member, reader: str, source_id: str, kind: str, year: int, frame: pd.DataFrame | gpd.GeoDataFrame, understood: tuple[str, str],
    remarks: Iterable[Remark], *, is_sample: bool = False,
) -> GeoReading:  # fmt: skip
    """The one dataset of a single file, under the file's name and SHA-256. understood: in Japanese, in English."""
    return GeoReading(reader, source_id, member.name, sha256_of(member.path), kind, year, frame, *understood, tuple(remarks), is_sample)


@dataclass
class Claims:
    """Small collector for readers that group members."""

    groups: list[tuple[Member, ...]] = field(default_factory=list)
