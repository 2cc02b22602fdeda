"""The project's own table of つながりサポーター: 学校区 or 町字, 人数, 研修年度, and 市区町村コード where wanted (docs/own_tables.md).

Numbers of people only: a table with names, birthdays, telephone numbers or mail addresses is refused, because the import keeps a copy.
Which district a row means is found when the maps of the city are known (etl/supporters.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from etl.readers.geo_reading import SUPPORTER_COLUMNS, GeoReader, GeoReading, Member, Remark
from etl.readers.own_reading import claims_by, own_code, own_reading, refuse_persons
from etl.readers.own_table import MOST_COUNT, SUPPORTER_LAYOUT, OwnTable, fiscal_year, is_supporters_layout, table_of, whole_number
from etl.readers.small_area_boundaries import UNKNOWN_YEAR
from etl.readers.small_area_text import plain

READER_ID = "own_supporters_table"
SOURCE_ID = "own_supporters"
ONE_ROW = "Write one row with the sum (合計して1行にしてください)"

_Row = tuple[str | None, str | None, str | None, int | None, int | None, int]
"""SUPPORTER_COLUMNS."""


def read(members: Sequence[Member]) -> list[GeoReading]:
    """One table -> supporters by district or town as written; EtlError with every row and column that cannot be read."""
    (member,) = members
    table = table_of(member)
    refuse_persons(table, SUPPORTER_LAYOUT)
    rows = [_row(table, row, line) for row, line in zip(table.rows, table.lines, strict=True)]
    seen: dict[tuple[str, ...], int] = {}
    for code, district, town, _, year, line in rows:
        if district is None and town is None:
            continue
        same = (str(code), plain(str(district)), plain(str(town)) if town else "", str(year))
        if same in seen:
            found = " ".join(str(part) for part in (district, town, year) if part)
            table.refuse(line, None, f"the row repeats place and year of row {seen[same]} ({seen[same]}行目と同じ場所・年度です)", found, "each once", ONE_ROW)
        seen.setdefault(same, line)
    table.stop_if_wrong()
    frame = pd.DataFrame(rows, columns=SUPPORTER_COLUMNS, dtype="object")
    people = int(frame["people"].sum())
    remarks = table.remarks(SUPPORTER_LAYOUT)
    without = int(frame["training_year"].isna().sum())
    if without:
        remarks.append(
            Remark(
                "other", f"研修年度の無い行が{without:,}あります。年度不明として数えます。", f"Rows without a training year, counted as unknown: {without:,}."
            )
        )
    understood = (
        f"つながりサポーターの表（自治体の資料）、{len(frame):,}行、{people:,}人",
        f"The city's own table of つながりサポーター, {len(frame):,} rows, {people:,} people",
    )
    return [own_reading(member, (READER_ID, SOURCE_ID), "supporters", UNKNOWN_YEAR, frame, understood, remarks)]


def _row(table: OwnTable, row: dict[str, str], line: int) -> _Row:
    """SUPPORTER_COLUMNS of a row; what is wrong with it is noted in the table."""
    district, town = row.get("学校区") or None, row.get("町字") or None
    if district is None and town is None:
        table.refuse(line, "学校区、町字", "both cells are empty (どちらも空欄です)", expected="the name or code of a school district, or the name of a 町字")
    people, year = whole_number(row["人数"]), fiscal_year(row["研修年度"])
    if people is None:
        table.refuse(line, "人数", "this is not a number (数ではありません)", row["人数"], f"a whole number up to {MOST_COUNT:,}")
    if row["研修年度"] and year is None:
        table.refuse(line, "研修年度", "this is no year (年度として読めません)", row["研修年度"], "a year such as 2024 or 令和6年度, or an empty cell")
    return own_code(table, row, line), district, town, people, year, line


SUPPORTERS_TABLE = GeoReader(
    id=READER_ID,
    title_ja="つながりサポーターの表(自治体の資料)",
    title_en="A city's own table of つながりサポーター",
    tried_on_real_file=False,
    claims=claims_by(is_supporters_layout),
    read=read,
)
