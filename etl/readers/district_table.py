"""The project's own table of figures by school district: 学校区, 年, 項目, 人数 (or 値), 母数, 単位, and 市区町村コード where wanted (docs/own_tables.md).

One line a district, year and item. Counts of people only: a table that tells who somebody is is refused. What is read here are the figures as the
city holds them; small numbers are hidden before anything is stored (etl/own_indicators.py), so nothing of a cell is said in the words of a reading.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import pandas as pd

from etl.readers.geo_reading import DISTRICT_FIGURE_COLUMNS, GeoReader, GeoReading, Member
from etl.readers.own_reading import claims_by, own_code, own_reading, refuse_persons
from etl.readers.own_table import DISTRICT_LAYOUT, MOST_COUNT, OwnTable, fiscal_year, is_districts_layout, table_of, usual, whole_number
from etl.readers.small_area_text import plain

READER_ID = "own_district_table"
SOURCE_ID = "own_districts"
WHOLE_CITY = ("合計", "市全体", "町全体", "村全体", "区全体", "総計", "全市")
LONGEST_ITEM, LONGEST_UNIT = 60, 10
UNCLEAR = re.compile(r"[<>&\x00-\x1f\x7f]|^[=@+\-]")
"""What a name can not have in it: marks that a browser or a spreadsheet program would run."""
EVERY_ROW = "Fill it in in every row of the item, or in none (その項目のすべての行に書くか、すべて空欄にしてください)"
ONE_ROW = "Delete the row that is wrong (どちらが正しいか確かめ、1行にしてください)"

_Row = tuple[str | None, str | None, None, int | None, str, int | None, float, str, int]
"""DISTRICT_FIGURE_COLUMNS."""


def item_name(text: str) -> str:
    """An item for comparing: '要支援認定率' and '要支援 認定率' are the same."""
    return re.sub(r"\s", "", usual(text))


def read(members: Sequence[Member]) -> list[GeoReading]:
    """One table -> figures by district as written; EtlError with every row and column that cannot be read."""
    (member,) = members
    table = table_of(member)
    refuse_persons(table, DISTRICT_LAYOUT)
    rows = [_row(table, row, line) for row, line in zip(table.rows, table.lines, strict=True)]
    _check_together(table, rows)
    table.stop_if_wrong()
    frame = pd.DataFrame(rows, columns=DISTRICT_FIGURE_COLUMNS, dtype="object").astype({"base": "float64"})
    items, years = frame["item"].map(item_name).nunique(), sorted(set(frame["year"]))
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    understood = (
        f"小学校区ごとの独自の集計（自治体の資料）、{items:,}項目、{span}年、{len(frame):,}行",
        f"The city's own figures by school district, items: {items:,}, {span}, {len(frame):,} rows",
    )
    return [own_reading(member, (READER_ID, SOURCE_ID), "district_figures", int(years[-1]), frame, understood, table.remarks(DISTRICT_LAYOUT))]


def _row(table: OwnTable, row: dict[str, str], line: int) -> _Row:
    """DISTRICT_FIGURE_COLUMNS of a row; what is wrong with it is noted in the table."""
    district, item, unit = row["学校区"], row["項目"], row.get("単位", "")
    if not district:
        table.refuse(line, "学校区", "the cell is empty (空欄です)", expected=f"the name or code of a school district, or {WHOLE_CITY[0]}")
    for column, text, longest in (("項目", item, LONGEST_ITEM), ("単位", unit, LONGEST_UNIT)):
        if (column == "項目" and not text) or len(text) > longest or UNCLEAR.search(text):
            expected = f"a name of at most {longest} letters without < > &, not beginning with = @ + -"
            table.refuse(line, column, "this cannot be a name (名前として使えません)", text, expected)
    year = fiscal_year(row["年"])
    if year is None:
        table.refuse(line, "年", "this is no year (年として読めません)", row["年"], "a year such as 2024 or 令和6年度")
    people, base = _count(table, row, line, _counted(table, row, line)), _count(table, row, line, "母数") if row.get("母数") else None
    if people is not None and base is not None and people > base:
        message = "the number is larger than what it is a part of (人数が母数より多くなっています)"
        table.refuse(line, "人数、母数", message, f"{people:,} / {base:,}", "人数 at most 母数")
    # A base that cannot be read refuses the table; for the checks between rows it counts as one that is there.
    held = math.nan if not row.get("母数") else float(base or 0)
    whole = re.sub(r"\s", "", usual(district)) in WHOLE_CITY
    return own_code(table, row, line), None if whole or not district else district, None, year, item, people, held, unit, line


def _counted(table: OwnTable, row: dict[str, str], line: int) -> str:
    """The column that holds the number of the row."""
    if row.get("人数") and row.get("値"):
        table.refuse(line, "人数、値", "both are filled in (両方に書かれています)", expected="one of the two")
    return "値" if row.get("値") or "人数" not in row else "人数"


def _count(table: OwnTable, row: dict[str, str], line: int, column: str) -> int | None:
    count = whole_number(row[column])
    if count is None:
        expected = f"a whole number up to {MOST_COUNT:,}; leave the whole row out where the number is not known"
        table.refuse(line, column, "this is not a number (数ではありません)", row[column], expected)
    return count


def _check_together(table: OwnTable, rows: Sequence[_Row]) -> None:
    """What only shows between rows: a cell said twice, 母数 in some rows of an item only, several units."""
    seen: dict[tuple[str, ...], int] = {}
    based: dict[str, tuple[bool, int]] = {}
    units: dict[str, tuple[str, int]] = {}
    for code, district, _, year, item, _, base, unit, line in rows:
        name = item_name(item)
        same = (str(code), plain(str(district)), str(year), name)
        if same in seen:
            found = " ".join(str(part) for part in (district or WHOLE_CITY[0], year, item))
            message = f"the row repeats district, year and item of row {seen[same]} ({seen[same]}行目と同じ校区・年・項目です)"
            table.refuse(line, None, message, found, "each once", ONE_ROW)
        seen.setdefault(same, line)
        has_base, first = based.setdefault(name, (not math.isnan(base), line))
        if has_base == math.isnan(base):
            empty, full = (line, first) if has_base else (first, line)
            message = f"the cell is empty, but not in row {full} of the same item (同じ項目の{full}行目には母数があります)"
            table.refuse(empty, "母数", message, step=EVERY_ROW)
        known, first = units.setdefault(name, (unit, line))
        if unit and known and unit != known:
            table.refuse(line, "単位", f"another unit than in row {first} of the same item ({first}行目と単位が違います)", unit, known)
        if unit and not known:
            units[name] = (unit, line)


DISTRICT_TABLE = GeoReader(
    id=READER_ID,
    title_ja="小学校区ごとの独自の集計の表(自治体の資料)",
    title_en="A city's own table of figures by school district",
    tried_on_real_file=False,
    claims=claims_by(is_districts_layout),
    read=read,
)
