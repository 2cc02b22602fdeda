"""The 2025 census, basic complete tabulation: workbooks 6-3 (households by size) and 9-1 (by family type).

One sheet: title rows; stacked header rows (表章項目 the measure, 項目名 the class, 表章単位 the unit); a row naming the area
columns; then a row an area, labelled `31201_鳥取市`. Classes stand in columns (6-3: `01_世帯人員が1人`) or beside the area (9-1:
世帯の家族類型), which then has one row a class. 地域識別コード: a nation or prefecture, 1 designated city, 0 its ward (or one of
Tokyo's 23, municipalities here), 2 city, 3 town or village, 9 a municipality of the year 2000. A designated city and its
wards are the same households twice, and so are 13100 and Tokyo's 23. `-` is zero (no such household), X is hidden.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from catalog.status import NOT_PUBLISHED, OBSERVED, SUPPRESSED
from etl.problems import EtlError, Problem
from etl.readers.reading import AREA_COLUMNS, READING_COLUMNS, Reader, Reading, sha256_of
from etl.readers.ssdse_e import PREFECTURES

YEAR = 2025
KIND = "地域識別コード"
MEASURES = {"一般世帯数": "世帯", "一般世帯人員": "人"}  # measure -> its unit
INDICATORS = {  # measure and class -> indicator id; no class is the total
    ("一般世帯数", ""): "general_households",
    ("一般世帯数", "世帯人員が1人"): "one_person_households",
    ("一般世帯数", "単独世帯"): "one_person_households",
    ("一般世帯数", "核家族世帯"): "nuclear_family_households",
    ("一般世帯人員", ""): "general_household_members",
}
PREFIX = re.compile(r"^([0-9A-Za-z]+_)+")
MARKS = {"X": SUPPRESSED, "***": NOT_PUBLISHED, "...": NOT_PUBLISHED}
NATION, TOKYO_WARDS_TOGETHER = "00000", "13100"
HEAD_ROWS = 40
GET_AGAIN = "Download the workbook again from e-Stat (令和7年国勢調査 人口等基本集計) and do not save it with a spreadsheet program."

Row = tuple[Any, ...]


def recognises(head: bytes, path: Path) -> bool:
    """A zip whose first sheet says 国勢調査 above a row with 地域識別コード."""
    if not head.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(path):
        return False
    try:
        rows = _sheet_rows(path, HEAD_ROWS)
    except Exception:  # whatever openpyxl finds in a foreign zip, it is not this workbook
        return False
    names = _names_row(rows)
    return names is not None and "国勢調査" in _title(rows[:names])


@dataclass
class _Table:
    """One sheet, its problems, and where things stand in it (positions from 0)."""

    file: str
    rows: list[Row]
    names: int = 0
    kind: int = 0
    area: int = 0
    classes: tuple[int, ...] = ()
    """Columns of row labels that are classes."""
    values: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Column -> measure and class of what is read."""
    areas: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    figures: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    """Area and indicator -> value and status."""
    skipped: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: int | None, column: int | None, message: str, found: str | None, expected: str) -> None:
        """Note a problem at a cell."""
        place = (None if row is None else row + 1, None if column is None else get_column_letter(column + 1))
        self.problems.append(Problem(self.file, message, *place, found, expected, GET_AGAIN))

    def stop_if_wrong(self) -> None:
        """EtlError with everything noted so far."""
        if self.problems:
            raise EtlError(self.problems)


def read(path: Path) -> Reading:
    """Read one workbook.

    Returns counts of INDICATORS for nation, prefectures, municipalities and wards in 2025.
    Raises EtlError with every damaged row and cell, and when the municipalities do not add up to the nation.
    """
    try:
        table = _Table(path.name, _sheet_rows(path, None))
    except Exception as error:
        problem = Problem(path.name, "the workbook cannot be opened", found=type(error).__name__, expected="an .xlsx", next_step=GET_AGAIN)
        raise EtlError([problem]) from error
    _find_columns(table)
    _check_year(table)
    table.stop_if_wrong()
    _read_rows(table)
    table.stop_if_wrong()
    areas = pd.DataFrame(table.areas.values(), columns=AREA_COLUMNS)
    figures = [(indicator, code, YEAR, "all", "all", "all", *figure) for (code, indicator), figure in table.figures.items()]
    observations = pd.DataFrame(figures, columns=READING_COLUMNS)
    _check_complete(table, areas, observations)
    table.stop_if_wrong()
    below = areas[areas["level"].isin(["municipality", "ward"])].reset_index(drop=True)
    cities, wards = (int(below["level"].eq(level).sum()) for level in ("municipality", "ward"))
    number = "".join(re.findall(r" 第\d+-\d+表", _title(table.rows[: table.names]))[:1])
    items = observations["indicator_id"].nunique()
    return Reading(
        reader="census_2025",
        source_id="census_2025",
        file=path.name,
        sha256=sha256_of(path),
        edition=str(YEAR),
        observations=observations,
        areas=below,
        understood_ja=f"令和7年国勢調査 人口等基本集計{number}、{cities:,}市区町村、{wards}行政区、{items}項目",
        understood_en=f"Census of 2025{number}, {cities:,} municipalities, {wards} wards, {items} items",
        notes=tuple(f"{count} rows of {what} were left out" for what, count in table.skipped.items()),
        publication=f"総務省統計局「令和7年国勢調査」人口等基本集計{number}",
    )


def _sheet_rows(path: Path, at_most: int | None) -> list[Row]:
    """The rows of the first sheet that names 地域識別コード; none when there is no such sheet."""
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # the size written in the file may be wrong
                head = list(sheet.iter_rows(max_row=HEAD_ROWS, values_only=True))
                if _names_row(head) is not None:
                    return head if at_most else list(sheet.iter_rows(values_only=True))
            return []
        finally:
            book.close()


def _text(cell: object) -> str:
    """A cell as text: full-width forms folded, a whole number without its point."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else unicodedata.normalize("NFKC", str(cell)).strip()


def _names_row(rows: Sequence[Row]) -> int | None:
    return next((position for position, row in enumerate(rows[:HEAD_ROWS]) if KIND in map(_text, row)), None)


def _title(rows: Sequence[Row]) -> str:
    return " ".join(filter(None, (_text(cell) for row in rows for cell in row)))


def _class_of(label: str) -> str:
    """`01_世帯人員が1人` -> 世帯人員が1人; the total and an empty label -> ''."""
    name = PREFIX.sub("", label).replace(" ", "")
    return "" if name.endswith("総数") else re.sub(r"^(\(再掲\)|うち)", "", name)


def _find_columns(table: _Table) -> None:
    table.names = names = _names_row(table.rows) or 0
    if not names:
        table.refuse(None, None, "there is no row that names the area columns", None, f"a row with {KIND} below the title")
        table.stop_if_wrong()
    labels = [_text(cell) for cell in table.rows[names]]
    table.kind = labels.index(KIND)
    named = [position for position, label in enumerate(labels) if label in ("地域名", "地域区分")]
    if not named:
        table.refuse(names, None, "there is no column of area names", ", ".join(filter(None, labels)), "地域名")
    table.area = named[0] if named else 0
    _find_values(table)
    no_class = re.compile(r"|.*(地域|都道府県|市区町村|階層レベル).*")
    beside = labels[: min(table.values, default=0)]
    table.classes = tuple(position for position, label in enumerate(beside) if not no_class.fullmatch(label))


def _find_values(table: _Table) -> None:
    """Which columns hold what: by the rows called 表章項目, 項目名 and 表章単位."""
    stack = [[_text(cell) for cell in row] for row in table.rows[: table.names]]
    places = {cell: (at, column) for at, row in enumerate(stack) for column, cell in enumerate(row)}
    measures, items, units = (places.get(name) for name in ("表章項目", "項目名", "表章単位"))
    if measures is None or items is None:
        table.refuse(table.names, None, "the header rows above the area columns are not as known", None, "rows called 表章項目 and 項目名")
        return
    measure = ""
    for column in range(measures[1] + 1, len(stack[measures[0]])):
        measure = stack[measures[0]][column] or measure
        known = next((name for name in MEASURES if re.fullmatch(name + r"(\s*\d+\))?", PREFIX.sub("", measure))), None)
        label = stack[items[0]][column] if column < len(stack[items[0]]) else ""
        if known is None or (_class_of(label) and (known, _class_of(label)) not in INDICATORS):
            continue
        unit = stack[units[0]][column] if units and column < len(stack[units[0]]) else MEASURES[known]
        if unit != MEASURES[known]:
            table.refuse(units[0] if units else None, column, f"{known} has another unit", unit, MEASURES[known])
        table.values[column] = (known, _class_of(label))
    if not table.values:
        found = ", ".join(dict.fromkeys(filter(None, stack[measures[0]][measures[1] + 1 :])))
        table.refuse(measures[0], None, "no item that can be read is in this table", found, "一般世帯数 by 世帯人員 or 世帯の家族類型")


def _check_year(table: _Table) -> None:
    title = _title(table.rows[: table.names])
    year = r"(?:令和\s*(\d+|元)|(20\d\d))\s*年"
    named = re.search(year + r"[^年]{0,12}?国勢調査", title) or re.search(year, title)
    era, western = named.groups() if named else (None, None)
    if int(western or 0) != YEAR and (era or "").replace("元", "1") != str(YEAR - 2018):
        found = named.group(0) if named else title[:60]
        table.refuse(0, None, "the title does not say that this is the census of 2025", found, "令和7年国勢調査")
    if re.search(r"[【(]不詳補完", title):
        table.refuse(0, None, "these are values with unknowns filled in, another measure", "不詳補完値", "the counts as tabulated")


def _read_rows(table: _Table) -> None:
    """Areas and figures of all rows below the names, and what was left out, counted."""
    city = ""
    seen: set[tuple[str, ...]] = set()
    for number, cells in enumerate(table.rows[table.names + 1 :], start=table.names + 1):
        row = (*cells, *(None,) * max(0, 1 + max(table.area, table.kind, *table.values) - len(cells)))
        kind, label = _text(row[table.kind]).lower(), _text(row[table.area])
        if not label and all(row[column] is None for column in table.values):
            continue  # an empty row or a footnote
        matched = re.fullmatch(r"([0-9]{5})_(.+)", label)
        if matched is None:
            table.refuse(number, table.area, "the area cannot be read", label, "five digits and a name, such as 31201_鳥取市")
            continue
        code, name = matched.groups()
        if kind in ("9", "b") or code == TOKYO_WARDS_TOGETHER:
            what = "municipalities of the year 2000" if kind == "9" else "areas that are sums of others"
            table.skipped[what] = table.skipped.get(what, 0) + 1
            continue
        city = code if kind == "1" else city
        level = _level(kind, code, city)
        if level is None:
            table.refuse(number, table.kind, f"the area {label} does not fit its {KIND}", kind, "a, 1, 0 below its city, 2, 3 or 9")
            continue
        parents = {"nation": None, "prefecture": NATION, "ward": city, "municipality": code[:2] + "000"}
        table.areas.setdefault(code, (code, level, parents[level], name, None))
        classes = [_text(row[column]) for column in table.classes]
        if (code, *classes) in seen:
            table.refuse(number, table.area, f"the area {code} stands twice", label, "each area once a class")
        seen.add((code, *classes))
        _read_row(table, number, row, code, [name for name in map(_class_of, classes) if name])


def _level(kind: str, code: str, city: str) -> str | None:
    """The level of an area; None when code and kind contradict each other. A ward stands below its city."""
    if kind == "a":
        return ("nation" if code == NATION else "prefecture") if code in PREFECTURES else None
    if not "01" <= code[:2] <= "47" or code[2:] < "100":
        return None
    if kind == "0" and code[:2] != "13":
        return "ward" if city[:2] == code[:2] and city < code < f"{code[:2]}200" else None
    return "municipality" if kind in ("0", "1", "2", "3") else None


def _read_row(table: _Table, number: int, row: Row, code: str, classes: list[str]) -> None:
    """The figures of one row: every column whose measure and class make an indicator."""
    for column, (measure, class_of_column) in table.values.items():
        together = [*classes, *filter(None, [class_of_column])]
        indicator = INDICATORS.get((measure, "".join(together))) if len(together) <= 1 else None
        if indicator is None:
            continue
        text = _text(row[column])
        if not re.fullmatch(r"[0-9]{1,12}|-", text) and text.upper() not in MARKS:
            table.refuse(number, column, f"there is no whole number for {indicator} of {code}", text, "a whole number, '-' or X")
            continue
        status = MARKS.get(text.upper(), OBSERVED)
        value = float(text.replace("-", "0")) if status == OBSERVED else np.nan
        before, _ = table.figures.setdefault((code, indicator), (value, status))
        if before != value and not (np.isnan(before) and np.isnan(value)):
            table.refuse(number, column, f"{indicator} of {code} stands twice with different figures", text, f"{before:,.0f}")


def _check_complete(table: _Table, areas: pd.DataFrame, observations: pd.DataFrame) -> None:
    """Nation and all prefectures are there, and the municipalities add up to the nation wherever all are published."""
    missing = [code for code in PREFECTURES if code not in set(areas["area_code"])]
    if missing:
        table.refuse(None, None, "the nation or prefectures are missing", f"no {', '.join(missing)}", "00000 and 47 prefectures")
    for indicator, rows in observations.merge(areas, on="area_code").groupby("indicator_id"):
        total, parts = (rows.loc[rows["level"] == level, "value"].sum(skipna=False) for level in ("nation", "municipality"))
        if abs(total - parts) > 0:  # not when one of them is not published
            table.refuse(None, None, f"the municipalities do not add up to the nation for {indicator}", f"{parts:,.0f}", f"{total:,.0f}")


READER = Reader(
    id="census_2025",
    title_ja="令和7年国勢調査 人口等基本集計(第6-3表、第9-1表)",
    title_en="Census of 2025, basic complete tabulation (tables 6-3 and 9-1)",
    tried_on_real_file=False,
    recognises=recognises,
    read=read,
)
