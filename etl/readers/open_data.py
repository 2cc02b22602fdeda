"""Municipal open data (自治体標準オープンデータセット and its forerunner): 公共施設一覧 and 小中学校通学区域情報 as CSV.

Cities publish UTF-8, CP932 or UTF-16, with commas or tabs, some with columns of their own. A row that cannot be placed on
the map is kept out and told, never moved: coordinates outside Japan, or latitude and longitude exchanged, are the city's to mend.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import ADDRESS_COLUMNS, GEOGRAPHIC, PLACE_COLUMNS, GeoReader, GeoReading, Member, Remark
from etl.readers.own_table import is_places_layout
from etl.readers.reading import sha256_of
from etl.readers.small_area_boundaries import JAPAN, UNKNOWN_YEAR
from etl.readers.small_area_text import head_of, plain, text_of

FACILITY_ID = "open_data_public_facilities"
DISTRICT_ID = "open_data_school_districts"
SOURCE_ID = "municipal_open_data"
ASK_THE_CITY = "Ask the city for a corrected file."
CODE = ("全国地方公共団体コード", "都道府県コード又は市区町村コード", "市区町村コード")
NAME = ("名称", "施設名称", "施設名")
ADDRESS = ("所在地_連結表記", "住所", "所在地")
ADDRESS_PARTS = ("所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下")
LATITUDE, LONGITUDE = ("緯度",), ("経度",)
OPERATOR, CAPACITY, NOTE = ("運営主体", "運営者", "設置者"), ("収容定員", "定員"), ("備考",)
SCHOOL = ("学校名称", "学校名", "小学校名", "中学校名")
DISTRICT = ("通学区域の住所", "通学区域", "通学区域_住所", "通学区域_町字", "町字", "町字名", "町名", "大字・町名")
NUMBERS = ("番地以下", "番地", "街区符号", "範囲")
NOT_A_FACILITY = re.compile(
    "設置位置|小児対応|災害種別|SSID|診療科目|医療機関|口径|投票区|ゴミ|イベント|開催|介護|文化財|便器|トイレ|営業の種類|業態|保育|認可"
)
"""Columns by which the other lists of the same data set are known (AED, shelters, Wi-Fi, clinics, hydrants and so on)."""
TOWNS = re.compile("([;；\n]|[、，,](?![0-9０-９]))(?![^(（]*[)）])")
"""Between 町字 in one cell: not within brackets; a comma before a number belongs to the numbers of one 町字."""
SHOWN = 10


@dataclass(frozen=True)
class Listed:
    """The rows of one list: cells by column, and the line of each row."""

    rows: list[dict[str, str]]
    lines: list[int]
    encoding: str

    def first(self, row: dict[str, str], names: Sequence[str]) -> str:
        """The cell of the first of the columns that is there and not empty."""
        return next((row[plain(name)] for name in names if row.get(plain(name))), "")


def columns_of(rows: list[list[str]]) -> list[str]:
    """The columns by the first row, plain; a tab-separated row arrives as one cell."""
    cells = rows[0] if rows else []
    return [plain(cell) for cell in (cells[0].split("\t") if len(cells) == 1 else cells)]


def _has(columns: list[str], names: Sequence[str]) -> bool:
    return any(plain(name) in columns for name in names)


def claims_facilities(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """Lists of named points with a municipality code that are none of the other standard lists."""
    return [(member,) for member in members if _is_facilities(columns_of(head_of(member)))]


def _is_facilities(columns: list[str]) -> bool:
    wanted = all(_has(columns, names) for names in (CODE, NAME, LATITUDE, LONGITUDE))
    other = any(NOT_A_FACILITY.search(column) for column in columns) or _is_districts(columns) or is_places_layout(columns)
    return wanted and not other


def claims_districts(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """Lists of schools with the 町字 of their districts."""
    return [(member,) for member in members if _is_districts(columns_of(head_of(member)))]


def _is_districts(columns: list[str]) -> bool:
    says_so = any(column.startswith("通学区域") for column in columns)
    return _has(columns, DISTRICT) and (_has(columns, SCHOOL) or (says_so and _has(columns, NAME)))


def listed(member: Member) -> Listed:
    """All rows of a list. EtlError for rows that are longer than the header or for a list without rows."""
    text, encoding = text_of(member)
    text = text.lstrip("\ufeff")
    separator = "\t" if text.partition("\n")[0].count("\t") > text.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, lines, problems = [], [], []
    try:
        columns = [plain(cell) for cell in next(reader, [])]
        for cells in reader:
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                found, expected = f"{len(cells)} cells", f"{len(columns)} cells"
                problems.append(Problem(member.name, "the row is longer than the header", reader.line_num, None, found, expected, ASK_THE_CITY))
            elif any(cell.strip() for cell in cells):
                rows.append({name: cell.strip() for name, cell in zip(columns, cells, strict=False)})
                lines.append(reader.line_num)
    except csv.Error as error:
        raise EtlError([Problem(member.name, f"the file is not a readable CSV ({error})", reader.line_num, next_step=ASK_THE_CITY)]) from error
    if not rows and not problems:
        problems.append(Problem(member.name, "there are no rows below the header", next_step=ASK_THE_CITY))
    if problems:
        raise EtlError(problems)
    return Listed(rows, lines, encoding)


def municipality_code(cell: str) -> str | None:
    """Five digits of a code of five or six (the sixth is a check digit), also of one that lost its leading zero; None: no code."""
    code = cell.strip()
    if not (code.isascii() and code.isdecimal()):
        return None
    if len(code) == 5 and "01" <= code[:2] <= "47" and code[2:] >= "100":
        return code
    if len(code) == 4:
        return "0" + code
    whole = code.zfill(6) if len(code) == 5 else code
    if len(whole) != 6:
        return None
    check = (11 - sum(int(digit) * weight for digit, weight in zip(whole, (6, 5, 4, 3, 2), strict=False)) % 11) % 10
    if int(whole[5]) == check and (len(code) == 6 or whole[2:5] < "700"):
        return whole[:5]
    return code if len(code) == 5 else None


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
    remarks = _encoding_remark(table.encoding)
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
    return [_reading(FACILITY_ID, member, "places", frame, (ja, en), remarks, codes)]


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


def read_districts(members: Sequence[Member]) -> list[GeoReading]:
    """小中学校通学区域情報 -> school_addresses: one row for each 町字 of each school."""
    (member,) = members
    table = listed(member)
    rows, empty, codes = [], [], set()
    for row, line in zip(table.rows, table.lines, strict=True):
        code = municipality_code(table.first(row, CODE))
        if code:
            codes.add(code)
        # A list by 町字 names an elementary and a junior high school in each row.
        schools = dict.fromkeys(row[plain(name)] for name in SCHOOL if row.get(plain(name))) or [table.first(row, NAME)]
        towns = [town.strip() for town in TOWNS.sub("\n", table.first(row, DISTRICT)).split("\n") if town.strip()]
        if not any(schools) or not towns:
            empty.append(line)
            continue
        for school in schools:
            for town in towns:
                name, extent = _town_and_extent(town)
                rows.append((code, school, name, extent or table.first(row, NUMBERS) or None, table.first(row, NOTE) or None))
    if not rows:
        raise EtlError([Problem(member.name, "no row names a school and its 町字", next_step=ASK_THE_CITY)])
    frame = pd.DataFrame(rows, columns=ADDRESS_COLUMNS, dtype="object")
    remarks = _encoding_remark(table.encoding)
    if empty:
        lines = ", ".join(map(str, empty[:SHOWN]))
        ja = f"学校名または通学区域の無い{len(empty):,}行は使っていません(行番号 {lines})。"
        remarks.append(Remark("other", ja, f"{len(empty):,} rows name no school or no 町字 and were not used (lines {lines})."))
    some, schools_found = ", ".join(sorted(codes)[:3]) or "?", frame["school_name"].nunique()
    ja = f"小中学校通学区域情報、市区町村{some}、{schools_found:,}校、{len(frame):,}町字"
    en = f"School districts as lists of 町字, municipality {some}, {schools_found:,} schools, {len(frame):,} entries"
    return [_reading(DISTRICT_ID, member, "school_addresses", frame, (ja, en), remarks, codes)]


def _town_and_extent(town: str) -> tuple[str, str | None]:
    """'西町一丁目(1番～5番)' -> 町字 and the part of it that is meant; without brackets the numbers at the end, if they say 番 or 号."""
    matched = re.fullmatch(r"(.+?)\s*[(（](.+)[)）]", town) or re.fullmatch(r"(.*?[^0-9０-９～~、,・-])([0-9０-９][0-9０-９～~、,・番号-]*[番号].*)", town)
    return (matched[1].strip(), matched[2].strip()) if matched else (town, None)


def _encoding_remark(encoding: str) -> list[Remark]:
    if encoding == "utf-8-sig":
        return []
    return [Remark("encoding", f"文字コードは{encoding}でした。", f"The text is in {encoding}.")]


def _reading(reader: str, member: Member, kind: str, frame: pd.DataFrame, understood: tuple[str, str], remarks: list[Remark], codes: set[str]) -> GeoReading:
    return GeoReading(
        reader=reader,
        source_id=SOURCE_ID,
        file=member.name,
        sha256=sha256_of(member.path),
        kind=kind,
        year=UNKNOWN_YEAR,
        frame=frame,
        understood_ja=understood[0],
        understood_en=understood[1],
        remarks=tuple(remarks),
        is_sample=bool(codes) and not any("01" <= code[:2] <= "47" for code in codes),
    )


FACILITIES = GeoReader(
    id=FACILITY_ID,
    title_ja="公共施設一覧(自治体標準オープンデータ)",
    title_en="List of public facilities (municipal open data)",
    tried_on_real_file=False,
    claims=claims_facilities,
    read=read_facilities,
)
DISTRICTS = GeoReader(
    id=DISTRICT_ID,
    title_ja="小中学校通学区域情報(自治体標準オープンデータ)",
    title_en="School districts as lists of 町字 (municipal open data)",
    tried_on_real_file=False,
    claims=claims_districts,
    read=read_districts,
)
OPEN_DATA_READERS: tuple[GeoReader, ...] = (FACILITIES, DISTRICTS)
