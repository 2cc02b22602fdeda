"""つながりサポーター of a city's own table: which municipality and which school district each row means.

A district is known by its code, the school's code or its name; a 町字 by the name of a small area of the newest census that stands once
in the city and lies in one district. What fits none is kept, counted and told as not matched; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from atlas.analysis.apportion import SPLIT_FROM
from atlas.analysis.plane import plane_crs, to_plane
from etl.cities import source_of
from etl.geography import GEOGRAPHIC_EPSG, Geography
from etl.place_names import school_name, town_name
from etl.placing import SHOWN, say_municipalities, shapes_of
from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GeoReading, Remark
from etl.readers.own_table import CODE
from etl.readers.small_area_text import plain
from etl.replacing import TOGETHER, Table, later_ones
from etl.sample_city import SAMPLE_CODE

BY_DISTRICT, BY_SMALL_AREA, NOT_MATCHED = "by_district", "by_small_area", "not_matched"
COLUMNS = ["municipality_code", "district_code", "place_text", "people", "training_year", "source_id", "status"]
ADD_CODE = f"Add a column {CODE} and import again (列「{CODE}」を加えて、もう一度読み込んでください)"


@dataclass
class KnownNames:
    """Names of what is loaded, by municipality. A name that several areas share is there with all of them."""

    districts: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Municipality -> code or name of a district -> district codes."""
    towns: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Municipality -> name of a small area -> rows of `areas`."""
    areas: pd.DataFrame = field(default_factory=pd.DataFrame)
    shapes: pd.DataFrame = field(default_factory=pd.DataFrame)

    def of_district(self, text: str, code: str) -> str | None:
        """The one district of a municipality with that code or name."""
        found = self.districts.get(code, {}).get(school_name(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def of_town(self, text: str, code: str) -> str | None:
        """The one district of which a small area with that name has a part worth telling, if the name stands once in the municipality."""
        rows = self.towns.get(code, {}).get(town_name(text), [])
        if len(rows) != 1:
            return None
        shape = shapely.from_wkb(self.areas["geometry"].iloc[rows[0]])
        own = self.shapes[self.shapes["municipality_code"] == code]
        districts = shapely.from_wkb(own["geometry"].to_numpy())
        near = np.flatnonzero(shapely.intersects(districts, shape))
        if not len(near):
            return None
        zone = plane_crs(np.array([shape], dtype=object))
        ground = to_plane(np.array([shape, *districts[near]], dtype=object), GEOGRAPHIC_EPSG, zone)
        share = shapely.area(shapely.intersection(ground[0], ground[1:])) / shapely.area(ground[0])
        held = near[share >= SPLIT_FROM]
        return str(own["area_code"].iloc[held[0]]) if len(held) == 1 else None


def cities_with(names: Mapping[str, Collection[str]], key: str) -> list[str]:
    """Municipalities in which a name is known: real ones, else the sample city."""
    found = sorted(code for code, held in names.items() if key in held)
    return [code for code in found if code != SAMPLE_CODE] or found


def add_supporters(found: Geography, maps: Sequence[GeoReading]) -> None:
    """Fill `found.supporters`; EtlError when a row's municipality cannot be known, or two tables that came together tell of the same year."""
    readings = [reading for reading in maps if reading.kind == "supporters"]
    known = known_names(found) if readings else KnownNames()
    frames, problems = [], []
    for reading in readings:
        codes, wrong = municipalities_of(reading, known)
        problems += wrong
        frames.append(_matched(reading, known, codes) if not wrong else pd.DataFrame(columns=COLUMNS))
    kept, replaced, clashes = later_ones([_table(reading, frame) for reading, frame in zip(readings, frames, strict=True)])
    for one in clashes:
        message = f"the supporters of municipality {one.municipality_code}, {one.part}, stand in another table too (同じ年度が2つの表にあります)"
        problems.append(Problem(one.second.file, message, column="研修年度", found=one.first.file, expected="one table", next_step=TOGETHER))
    if problems:
        raise EtlError(problems)
    found.replaced += replaced
    frames = [frame[rows] for frame, rows in zip(frames, kept, strict=True)]
    for reading, frame in zip(readings, frames, strict=True):
        if frame.empty:
            found.forget(reading)
            continue
        say_municipalities(found, reading, frame["municipality_code"])
        for code, own in frame.groupby("municipality_code"):
            _tell(found, reading, str(code), own, has_districts=str(code) in known.districts)
    held = [frame for frame in frames if len(frame)]
    found.supporters = pd.concat(held, ignore_index=True) if held else pd.DataFrame(columns=COLUMNS)


def _table(reading: GeoReading, frame: pd.DataFrame) -> Table:
    """The rows as parts by training year."""
    years = [f"研修年度{year}" if pd.notna(year) else "研修年度の無い行" for year in frame["training_year"]]
    place = frame["district_code"].fillna(frame["place_text"].map(lambda text: plain(str(text))))
    rows = {"municipality_code": frame["municipality_code"], "part": years, "key": place.astype(str), "content": frame["people"].astype(str)}
    return Table(reading, pd.DataFrame(rows, index=frame.index))


def known_names(found: Geography) -> KnownNames:
    """Districts, and small areas of the newest census, by name."""
    names = (
        pd.concat([pd.DataFrame(columns=["area_code", "name_ja"]), *found.areas]).drop_duplicates("area_code", keep="last").set_index("area_code")["name_ja"]
    )
    districts, areas = shapes_of(found, "school_district"), shapes_of(found, "small_area")
    areas = areas[areas["year"] == areas.groupby("municipality_code")["year"].transform("max")].reset_index(drop=True)
    known = KnownNames(areas=areas, shapes=districts)
    for code, city in districts[["area_code", "municipality_code"]].itertuples(index=False):
        held = known.districts.setdefault(city, {})
        for key in (code, code.removeprefix(f"{city}-"), names[code]):
            held.setdefault(school_name(str(key)), set()).add(code)
    for row, (code, city) in enumerate(areas[["area_code", "municipality_code"]].itertuples(index=False)):
        known.towns.setdefault(city, {}).setdefault(town_name(str(names[code])), []).append(row)
    return known


def municipalities_of(reading: GeoReading, known: KnownNames) -> tuple[list[str], list[Problem]]:
    """The municipality of each row: said, else the one in which the district's (or the town's) name is known, else that of the other rows."""
    codes: list[str | None] = []
    problems = []
    for row in reading.frame.itertuples(index=False):
        if row.municipality_code:
            codes.append(str(row.municipality_code))
            continue
        district, town = str(row.district_text or ""), str(row.town_text or "")
        cities = cities_with(known.districts, school_name(district)) if district else cities_with(known.towns, town_name(town))
        if len(cities) > 1:
            column, where = "学校区" if district else "町字", "、".join(cities)
            message = f"the name stands in several municipalities that are loaded, {where} (同じ名前が複数の市区町村にあります)"
            problems.append(Problem(reading.file, message, int(str(row.line)), column, district or town, "a name that stands in one", ADD_CODE))
        codes.append(cities[0] if len(cities) == 1 else None)
    own = {code for code in codes if code}
    rest = next(iter(own)) if len(own) == 1 else None
    for row, code in zip(reading.frame.itertuples(index=False), codes, strict=True):
        if code is None and rest is None and not problems:
            message = "of which municipality the table speaks cannot be known (どの市区町村の表かわかりません)"
            text = str(row.district_text or row.town_text)
            problems.append(Problem(reading.file, message, int(str(row.line)), CODE, text, "a district or 町字 of a city that is loaded", ADD_CODE))
    return [code or rest or "" for code in codes], problems


def _matched(reading: GeoReading, known: KnownNames, codes: Sequence[str]) -> pd.DataFrame:
    rows = []
    for row, code in zip(reading.frame.itertuples(index=False), codes, strict=True):
        district, town = str(row.district_text or ""), str(row.town_text or "")
        status, at = BY_DISTRICT, known.of_district(district, code) if district else None
        if at is None and town:
            status, at = BY_SMALL_AREA, known.of_town(town, code)
        source = "sample_city" if code == SAMPLE_CODE else source_of(reading)
        rows.append((code, at, district or town, row.people, row.training_year, source, NOT_MATCHED if at is None else status))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"people": "int64", "training_year": "Int64", "district_code": "object"})


def _tell(found: Geography, reading: GeoReading, code: str, own: pd.DataFrame, *, has_districts: bool) -> None:
    """What could not be matched, with its numbers."""
    lost = own[own["status"] == NOT_MATCHED]
    if len(lost):
        places = list(dict.fromkeys(lost["place_text"]))
        some = "、".join(places[:SHOWN]) + (f" +{len(places) - SHOWN:,}" if len(places) > SHOWN else "")
        people = int(lost["people"].sum())
        why_ja = "" if has_districts else "この市区町村の小学校区（A27）を読み込むと、校区と合わせられます。"
        why_en = "" if has_districts else " The school districts (A27) of this municipality are not loaded."
        ja = f"小学校区と合わせられなかった行が{len(lost):,}、{people:,}人あります（{some}）。市の合計には入り、校区には入りません。{why_ja}"
        en = f"Rows that match no school district: {len(lost):,}, people: {people:,} ({some}); they count for the city, not for a district.{why_en}"
        found.remark(code, reading.file, Remark("not_matched", ja, en))
