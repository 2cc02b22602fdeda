"""Municipal open data (自治体標準オープンデータセット and its forerunner): 公共施設一覧 as CSV (小中学校通学区域情報: `town_list`).

A row that cannot be placed on
the map is kept out and told, never moved: coordinates outside Japan, or latitude and longitude exchanged, are the city's to mend.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GEOGRAPHIC, PLACE_COLUMNS, GeoReader, GeoReading, Member, Remark
from etl.readers.open_data_table import (
    ASK_THE_CITY,
    CODE,
    NAME,
    NOTE,
    SHOWN,
    columns_of,
    encoding_remark,
    has_any,
    listed,
    municipality_code,
    reading_of,
)
from etl.readers.own_table import is_places_layout
from etl.readers.small_area_boundaries import JAPAN
from etl.readers.small_area_text import head_of, plain
from etl.readers.town_list import DISTRICTS, is_town_list

FACILITY_ID = "open_data_public_facilities"
ADDRESS = ("所在地_連結表記", "住所", "所在地")
ADDRESS_PARTS = ("所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下")
LATITUDE, LONGITUDE = ("緯度",), ("経度",)
OPERATOR, CAPACITY = ("運営主体", "運営者", "設置者"), ("収容定員", "定員")
NOT_A_FACILITY = re.compile(
    "設置位置|小児対応|災害種別|SSID|診療科目|医療機関|口径|投票区|ゴミ|イベント|開催|介護|文化財|便器|トイレ|営業の種類|業態|保育|認可"
)
"""Columns by which the other lists of the same data set are known (AED, shelters, Wi-Fi, clinics, hydrants and so on)."""


def claims_facilities(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """Lists of named points with a municipality code that are none of the other standard lists."""
    return [(member,) for member in members if _is_facilities(columns_of(head_of(member)))]


def _is_facilities(columns: list[str]) -> bool:
    wanted = all(has_any(columns, names) for names in (CODE, NAME, LATITUDE, LONGITUDE))
    other = any(NOT_A_FACILITY.search(column) for column in columns) or is_town_list(columns) or is_places_layout(columns)
    return wanted and not other


def read_facilities(members: Sequence[Member]) -> list[GeoReading]:
    """公共施設一覧 -> places of kind public_facility. Rows without usable coordinates are kept out and told."""
    (member,) = members
    table = listed(member)
    places, without, wrong, codes = [], [], [], set()
    for row, line in zip(table.rows, table.lines, strict=True):
        code = municipality_code(table.first(row, CODE))
        if code:
            codes.add(code)
        name = table.first(row, NAME)
        cells = table.first(row, LATITUDE), table.first(row, LONGITUDE)
        if not any(cells):
            without.append(name or f"({line})")
            continue
        point, said_ja, said_en = _point(*cells)
        if point is None or not name:
            shown = f"{line}: {name} ({', '.join(cells)})"
            wrong.append((f"{shown} {said_ja or '名称がありません'}", f"{shown} {said_en or 'has no name'}"))
            continue
        address = table.first(row, ADDRESS) or "".join(row.get(plain(part), "") for part in ADDRESS_PARTS) or None
        operator, capacity, note = (table.first(row, names) for names in (OPERATOR, CAPACITY, NOTE))
        size = float(capacity) if re.fullmatch(r"[0-9]+", capacity) else None
        places.append(("public_facility", name, address, operator or None, size, None, note or None, code, None, point))
    if not places:
        found = "; ".join(text for _, text in wrong[:SHOWN]) or f"{len(without):,} rows without coordinates"
        raise EtlError([Problem(member.name, "no row can be placed on the map", found=found, next_step=ASK_THE_CITY)])
    frame = gpd.GeoDataFrame(pd.DataFrame(places, columns=PLACE_COLUMNS, dtype="object"), geometry="geometry", crs=GEOGRAPHIC)
    remarks = encoding_remark(table.encoding)
    if without:
        ja = f"緯度・経度の無い{len(without):,}施設は地図に載りません({'、'.join(without[:SHOWN])}{'ほか' if len(without) > SHOWN else ''})。"
        remarks.append(Remark("other", ja, f"{len(without):,} facilities have no coordinates and are not on the map: {', '.join(without[:SHOWN])}"))
    if wrong:
        ja = f"位置が使えない{len(wrong):,}行を除きました。行番号: " + " / ".join(text for text, _ in wrong[:SHOWN])
        en = f"{len(wrong):,} rows were kept out for their position, by line: " + " / ".join(text for _, text in wrong[:SHOWN])
        remarks.append(Remark("other", ja, en))
    if frame["municipality_code"].isna().any():
        count = int(frame["municipality_code"].isna().sum())
        ja = f"市区町村コードが読めない施設が{count:,}あります。所属は位置から決めます。"
        remarks.append(Remark("other", ja, f"{count:,} facilities have no readable municipality code; their position decides."))
    some = ", ".join(sorted(codes)[:3]) or "?"
    ja, en = f"公共施設一覧、市区町村{some}、{len(frame):,}施設", f"Public facilities, municipality {some}, {len(frame):,} places"
    return [reading_of(FACILITY_ID, member, "places", frame, (ja, en), remarks, codes)]


def _point(latitude: str, longitude: str) -> tuple[shapely.Point | None, str, str]:
    """The point, or what is wrong with it in both languages."""
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        return None, "緯度・経度が数ではありません", "coordinates are not two numbers"
    if math.isfinite(north) and math.isfinite(east):
        if JAPAN[1] <= north <= JAPAN[3] and JAPAN[0] <= east <= JAPAN[2]:
            return shapely.Point(east, north), "", ""
        if JAPAN[1] <= east <= JAPAN[3] and JAPAN[0] <= north <= JAPAN[2]:
            return None, "緯度と経度が入れ替わっています", "latitude and longitude are exchanged"
    return None, "日本の範囲の外です", "lies outside Japan"


FACILITIES = GeoReader(
    id=FACILITY_ID,
    title_ja="公共施設一覧(自治体標準オープンデータ)",
    title_en="List of public facilities (municipal open data)",
    tried_on_real_file=False,
    claims=claims_facilities,
    read=read_facilities,
)
OPEN_DATA_READERS: tuple[GeoReader, ...] = (FACILITIES, DISTRICTS)
