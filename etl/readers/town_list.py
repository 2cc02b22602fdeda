"""小中学校通学区域情報 of municipal open data: school districts as lists of 町字, with the part of a 町字 that is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import ADDRESS_COLUMNS, GeoReader, GeoReading, Member, Remark
from etl.readers.open_data_table import ASK_THE_CITY, CODE, NAME, NOTE, SHOWN, columns_of, encoding_remark, has_any, listed, municipality_code, reading_of
from etl.readers.small_area_text import head_of, plain

DISTRICT_ID = "open_data_school_districts"
SCHOOL = ("学校名称", "学校名", "小学校名", "中学校名")
KIND_BY_COLUMN = {"小学校名": "elementary", "中学校名": "junior_high"}
JUNIOR_HIGH = re.compile(r"(?<!小)(中|中学|中学校|中等教育学校)((通学|学)?校?区)?$")
IN_PART = re.compile("一部|除く|除き|[0-9０-９](番|号)")
"""A remark beside a single 町字 that says that only a part of it is meant."""
DISTRICT = ("通学区域の住所", "通学区域", "通学区域_住所", "通学区域_町字", "町字", "町字名", "町名", "大字・町名")
NUMBERS = ("番地以下", "番地", "街区符号", "範囲")
TOWNS = re.compile("([;；\n]|[、，,](?![0-9０-９]))(?![^(（]*[)）])")
"""Between 町字 in one cell: not within brackets; a comma before a number belongs to the numbers of one 町字."""


def claims_districts(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """Lists of schools with the 町字 of their districts."""
    return [(member,) for member in members if is_town_list(columns_of(head_of(member)))]


def is_town_list(columns: list[str]) -> bool:
    """Whether these (plain) columns are a list of schools with the 町字 of their districts."""
    says_so = any(column.startswith("通学区域") for column in columns)
    return has_any(columns, DISTRICT) and (has_any(columns, SCHOOL) or (says_so and has_any(columns, NAME)))


def read_districts(members: Sequence[Member]) -> list[GeoReading]:
    """小中学校通学区域情報 -> school_addresses: one row for each 町字 of each school.

    A 備考 that speaks of a part is a condition of the 町字 where the row has one; where it has several nobody knows of which, and the sentence is told.
    """
    (member,) = members
    table = listed(member)
    rows, empty, codes, unclear = [], [], set(), []
    for row, line in zip(table.rows, table.lines, strict=True):
        code = municipality_code(table.first(row, CODE))
        if code:
            codes.add(code)
        # A list by 町字 names an elementary and a junior high school in each row.
        said = [(row[plain(name)], KIND_BY_COLUMN.get(name)) for name in SCHOOL if row.get(plain(name))] or [(table.first(row, NAME), None)]
        schools = dict.fromkeys((name, kind or kind_of_school(name)) for name, kind in said)
        note = table.first(row, NOTE) or None
        towns = [town.strip() for town in TOWNS.sub("\n", table.first(row, DISTRICT)).split("\n") if town.strip()]
        if not any(name for name, _ in schools) or not towns:
            empty.append(line)
            continue
        condition = note if note and IN_PART.search(note) else None
        if condition and len(towns) > 1:
            unclear.append(f"{line}: {condition}")
        for school, kind in schools:
            for town in towns:
                name, extent = _town_and_extent(town)
                rows.append((code, school, kind, name, extent or table.first(row, NUMBERS) or (condition if len(towns) == 1 else None), note))
    if not rows:
        raise EtlError([Problem(member.name, "no row names a school and its 町字", next_step=ASK_THE_CITY)])
    frame = pd.DataFrame(rows, columns=ADDRESS_COLUMNS, dtype="object")
    remarks = encoding_remark(table.encoding)
    if len(codes) == 1:
        frame["municipality_code"] = next(iter(codes))
    elif frame["municipality_code"].isna().any():
        count = int(frame["municipality_code"].isna().sum())
        ja = f"市区町村コードの無い{count:,}件は、どの市区町村のものか分からないため使えません。全国地方公共団体コードの列を加えてください。"
        en = f"Entries without a municipality code cannot be used ({count:,}); add the column 全国地方公共団体コード."
        remarks.append(Remark("other", ja, en))
    if empty:
        lines = ", ".join(map(str, empty[:SHOWN]))
        ja = f"学校名または通学区域の無い{len(empty):,}行は使っていません(行番号 {lines})。"
        remarks.append(Remark("other", ja, f"{len(empty):,} rows name no school or no 町字 and were not used (lines {lines})."))
    if unclear:
        shown = " / ".join(unclear[:SHOWN])
        ja = f"備考にある条件は、どの町字のものか分からないため使っていません(行番号と備考 {shown})。町字の欄に「(一部)」と書くと条件になります。"
        en = f"Conditions in 備考 of rows with several 町字 were not used, as nobody knows of which (line and 備考: {shown}); write （一部） beside the 町字."
        remarks.append(Remark("other", ja, en))
    some, schools_found = ", ".join(sorted(codes)[:3]) or "?", len(frame[["school_name", "school_kind"]].drop_duplicates())
    ja = f"小中学校通学区域情報、市区町村{some}、{schools_found:,}校、{len(frame):,}町字"
    en = f"School districts as lists of 町字, municipality {some}, {schools_found:,} schools, {len(frame):,} entries"
    return [reading_of(DISTRICT_ID, member, "school_addresses", frame, (ja, en), remarks, codes)]


def kind_of_school(name: str) -> str:
    """junior_high for a 中学校 or 中等教育学校, else elementary (小中学校, 義務教育学校 and 学園 have an elementary part)."""
    return "junior_high" if JUNIOR_HIGH.search(name.strip()) else "elementary"


def _town_and_extent(town: str) -> tuple[str, str | None]:
    """'西町一丁目(1番～5番)' -> 町字 and the part of it that is meant; without brackets the numbers at the end, if they say 番 or 号."""
    matched = re.fullmatch(r"(.+?)\s*[(（](.+)[)）]", town) or re.fullmatch(r"(.*?[^0-9０-９～~、,・-])([0-9０-９][0-9０-９～~、,・番号-]*[番号].*)", town)
    return (matched[1].strip(), matched[2].strip()) if matched else (town, None)


DISTRICTS = GeoReader(
    id=DISTRICT_ID,
    title_ja="小中学校通学区域情報(自治体標準オープンデータ)",
    title_en="School districts as lists of 町字 (municipal open data)",
    tried_on_real_file=False,
    claims=claims_districts,
    read=read_districts,
)
