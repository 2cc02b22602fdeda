"""つながりサポーター of a city's own table: which municipality and which school district each row means.

A district is known by its code, the school's code or its name; a 町字 by the name of a small area of the newest census that stands once
in the city and lies in one district. What fits none is kept, counted and told as not matched; it is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from atlas.analysis.apportion import SPLIT_FROM
from atlas.analysis.plane import plane_crs, to_plane
from etl.cities import source_of
from etl.geography import GEOGRAPHIC_EPSG, Geography
from etl.placing import ONE_TABLE, SHOWN, say_municipalities, shapes_of
from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GeoReading, Remark
from etl.readers.own_table import CODE
from etl.sample_city import SAMPLE_CODE

BY_DISTRICT, BY_SMALL_AREA, NOT_MATCHED = "by_district", "by_small_area", "not_matched"
COLUMNS = ["municipality_code", "district_code", "place_text", "people", "training_year", "source_id", "status"]
ADD_CODE = f"Add a column {CODE} and import again (列「{CODE}」を加えて、もう一度読み込んでください)"
_KANJI = {sign: number for number, sign in enumerate("〇一二三四五六七八九")}


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


def school_name(text: str) -> str:
    """A district's code or name for comparing: '見本市立若葉小学校区', '若葉小' and '若葉小学校' are the same."""
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    name = re.sub(r"^[^立]*[都道府県市区町村]立", "", name)
    name = re.sub(r"(学校|学園)?校?区$", r"\1", name)
    return re.sub(r"小$", "小学校", name)


def town_name(text: str) -> str:
    """A 町字 for comparing: '大字若葉' and '若葉', '本町一丁目' and '本町１丁目' are the same."""
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).removeprefix("大字")
    found = re.fullmatch(r"(.+?)([〇一二三四五六七八九十百]+)丁目", name)
    return f"{found[1]}{_number(found[2])}丁目" if found else name


def _number(kanji: str) -> int:
    total, digit = 0, 0
    for sign in kanji:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _KANJI[sign]
    return total + digit


def add_supporters(found: Geography, maps: Sequence[GeoReading]) -> None:
    """Fill `found.supporters`; EtlError when a row's municipality cannot be known, or two tables tell of the same year."""
    readings = [reading for reading in maps if reading.kind == "supporters"]
    known = known_names(found) if readings else KnownNames()
    frames, problems = [], []
    holders: dict[tuple[str, object], str] = {}
    for reading in readings:
        codes, wrong = municipalities_of(reading, known)
        problems += wrong
        if wrong:
            continue
        frame = _matched(reading, known, codes)
        say_municipalities(found, reading, frame["municipality_code"])
        for code, own in frame.groupby("municipality_code"):
            _tell(found, reading, str(code), own, has_districts=str(code) in known.districts)
        for code, year in frame[["municipality_code", "training_year"]].drop_duplicates().astype(object).itertuples(index=False):
            key = (str(code), None if pd.isna(year) else int(year))
            if key in holders:
                message = f"the supporters of municipality {code}, {key[1] or 'year unknown'}, stand in another table too (同じ年度が2つの表にあります)"
                problems.append(Problem(reading.file, message, column="研修年度", found=holders[key], expected="one table", next_step=ONE_TABLE))
            holders.setdefault(key, reading.file)
        frames.append(frame)
    if problems:
        raise EtlError(problems)
    found.supporters = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


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
