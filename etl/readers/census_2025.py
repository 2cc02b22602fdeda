"""The 2025 census, basic complete tabulation: workbooks 6-3 (households by size) and 9-1 (by family type).

One sheet: title rows; stacked header rows (表章項目 the measure, 項目名 the class, 表章単位 the unit); a row naming the area
columns; then a row an area, labelled `31201_鳥取市`. Classes stand in columns (6-3: `01_世帯人員が1人`) or in a column of their own
beside the area (9-1: 世帯の家族類型), so that an area has one row a class. 地域識別コード says what the row is: a nation or prefecture,
1 designated city, 0 ward of one (and Tokyo's 23, which are municipalities here), 2 city, 3 town or village, 9 a municipality
of the year 2000. A designated city and its wards are the same households twice, and so are 13100 and Tokyo's 23.
`-` is zero (no such household), X is hidden.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
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

YEAR = 2025
KIND = "地域識別コード"
MEASURES = {"一般世帯数": "世帯", "一般世帯人員": "人"}
"""Measure (表章項目) -> unit it must have."""
INDICATORS = {
    ("一般世帯数", ""): "general_households",
    ("一般世帯数", "世帯人員が1人"): "one_person_households",
    ("一般世帯数", "単独世帯"): "one_person_households",
    ("一般世帯数", "核家族世帯"): "nuclear_family_households",
    ("一般世帯人員", ""): "general_household_members",
}
"""Measure and class -> indicator id; no class is the total."""
TOTAL_LABEL = re.compile(r"(0+_)?(総数|[^_]*総数)")
MARKS = {"X": SUPPRESSED, "***": NOT_PUBLISHED, "...": NOT_PUBLISHED}
NATION, TOKYO_WARDS_TOGETHER = "00000", "13100"
PREFECTURES = tuple(f"{number:02}000" for number in range(48))
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
    values: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Column -> measure and class of what is read."""
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: int | None, column: int | None, message: str, found: str | None, expected: str) -> None:
        """Note a problem at a cell."""
        letter = None if column is None else get_column_letter(column + 1)
        place = None if row is None else row + 1
        self.problems.append(Problem(self.file, message, place, letter, found, expected, GET_AGAIN))

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
        rows = _sheet_rows(path, None)
    except Exception as error:
        message = f"the workbook cannot be opened ({type(error).__name__})"
        raise EtlError([Problem(path.name, message, expected="an Excel workbook (.xlsx)", next_step=GET_AGAIN)]) from error
    table = _Table(path.name, rows)
    _find_columns(table)
    _check_year(table)
    table.stop_if_wrong()
    areas, cells, skipped = _cells(table)
    table.stop_if_wrong()
    observations = _observations(table, cells)
    _check_complete(table, areas, observations)
    table.stop_if_wrong()
    below = areas[areas["level"].isin(["municipality", "ward"])].reset_index(drop=True)
    cities, wards = int(below["level"].eq("municipality").sum()), int(below["level"].eq("ward").sum())
    found = re.search(r"第\s*\d+\s*-\s*\d+\s*表", _title(rows[: table.names]))
    number = " " + re.sub(r"\s", "", found.group(0)) if found else ""
    return Reading(
        reader="census_2025",
        source_id="census_2025",
        file=path.name,
        sha256=sha256_of(path),
        edition=str(YEAR),
        observations=observations[READING_COLUMNS],
        areas=below,
        understood_ja=f"令和7年国勢調査 人口等基本集計{number}、{cities:,}市区町村、{wards}行政区、{observations['indicator_id'].nunique()}項目",
        understood_en=f"Census of 2025{number}, {cities:,} municipalities, {wards} wards, {observations['indicator_id'].nunique()} items",
        notes=tuple(f"{count} rows of {what} were left out" for what, count in skipped.items()),
        publication=f"総務省統計局「令和7年国勢調査」人口等基本集計{number}",
    )


def _sheet_rows(path: Path, at_most: int | None) -> list[Row]:
    """The rows of the first sheet that names 地域識別コード, else of the first sheet."""
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            first: list[Row] = []
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # the size written in the file may be wrong
                head = list(sheet.iter_rows(max_row=HEAD_ROWS, values_only=True))
                if _names_row(head) is not None:
                    return head if at_most else list(sheet.iter_rows(values_only=True))
                first = first or head
            return first
        finally:
            book.close()


def _text(cell: object) -> str:
    """A cell as text: full-width forms folded, a whole number without its point."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else unicodedata.normalize("NFKC", str(cell)).strip()


def _names_row(rows: Sequence[Row]) -> int | None:
    return next((position for position, row in enumerate(rows[:HEAD_ROWS]) if KIND in map(_text, row)), None)


def _title(rows: Iterable[Row]) -> str:
    return " ".join(filter(None, (_text(cell) for row in rows for cell in row)))


def _class_of(label: str) -> str:
    """`01_世帯人員が1人` -> 世帯人員が1人; the total and an empty label -> ''."""
    name = re.sub(r"^[0-9A-Za-z]+_", "", label).replace(" ", "")
    return "" if TOTAL_LABEL.fullmatch(label) else re.sub(r"^(\(再掲\)|うち)", "", name)


def _find_columns(table: _Table) -> None:
    names = _names_row(table.rows)
    if names is None:
        table.refuse(None, None, f"there is no row that names the area columns ({KIND})", None, f"a row with {KIND}")
        table.stop_if_wrong()
        return
    table.names = names
    labels = [_text(cell) for cell in table.rows[names]]
    table.kind = labels.index(KIND)
    area = next((labels.index(label) for label in labels if label == f"{YEAR}年_地域コード"), None)
    area = next((labels.index(label) for label in labels if "地域名" in label), None) if area is None else area
    if area is None:
        table.refuse(names, None, "there is no column of area names", ", ".join(filter(None, labels)), "地域名")
    table.area = area or 0
    not_classes = re.compile(r"|.*(地域|都道府県|市区町村|階層レベル).*")
    table.classes = tuple(position for position, label in enumerate(labels) if not not_classes.fullmatch(label))
    _find_values(table, names)


def _find_values(table: _Table, names: int) -> None:
    """Which columns hold what: by the rows above the names that are called 表章項目, 項目名 and 表章単位."""
    stack = [[_text(cell) for cell in row] for row in table.rows[:names]]
    at = {label: next(((r, row.index(label)) for r, row in enumerate(stack) if label in row), None) for label in ("表章項目", "項目名", "表章単位")}
    measures, items, units = at["表章項目"], at["項目名"], at["表章単位"]
    if measures is None or items is None:
        table.refuse(names, None, "the header rows above the area columns are not as known", None, "rows called 表章項目 and 項目名")
        return
    measure = ""
    for column in range(measures[1] + 1, len(stack[measures[0]])):
        measure = stack[measures[0]][column] or measure
        known = next((name for name in MEASURES if re.fullmatch(name + r"(\s*\d+\))?", measure)), None)
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
    spans = re.findall(r"(?:令和\s*(\d+|元)|(20\d\d))\s*年[^年]{0,12}?国勢調査", title) or re.findall(r"(?:令和\s*(\d+|元)|(20\d\d))\s*年", title)
    years = {int(western) if western else 2018 + int(era.replace("元", "1")) for era, western in spans}
    if years != {YEAR}:
        found = ", ".join(str(year) for year in sorted(years)) or title[:60]
        table.refuse(1 - 1, None, "the title does not say that this is the census of 2025", found, "令和7年国勢調査")
    if "不詳補完" in title:
        table.refuse(1 - 1, None, "these are values with unknowns filled in (不詳補完値), another measure", title[:60], "the counts as tabulated")


def _cells(table: _Table) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Areas (AREA_COLUMNS), cells (area_code, indicator_id, value, status, row, column), and what was left out, counted."""
    areas: dict[str, tuple[str, str, str | None, str, None]] = {}
    cells, skipped, city = [], dict[str, int](), ""
    for number, row in enumerate(table.rows[table.names + 1 :], start=table.names + 1):
        row = (*row, *(None,) * max(0, 1 + max(table.area, table.kind, *table.values) - len(row)))
        kind, label = _text(row[table.kind]).lower(), _text(row[table.area])
        if not label and all(row[column] is None for column in table.values):
            continue  # an empty row or a footnote
        matched = re.fullmatch(r"(\d{5})(?:_(.*))?", label)
        if not matched:
            table.refuse(number, table.area, "the area cannot be read", label, "five digits and a name, such as 31201_鳥取市")
            continue
        code, name = matched.group(1), matched.group(2) or ""
        if kind in ("9", "b") or code == TOKYO_WARDS_TOGETHER:
            what = "areas that are sums of others" if kind != "9" else "municipalities of the year 2000"
            skipped[what] = skipped.get(what, 0) + 1
            continue
        city = code if kind == "1" else city
        level = _level(kind, code, city)
        if level is None:
            table.refuse(number, table.kind, f"the area {label} does not fit its {KIND}", kind, "a, 0 below its city (1), 1, 2, 3 or 9")
            continue
        parent = None if level == "nation" else NATION if level == "prefecture" else city if level == "ward" else code[:2] + "000"
        areas.setdefault(code, (code, level, parent, name, None))
        classes = [_class_of(_text(row[column]) if column < len(row) else "") for column in table.classes]
        cells += _row_cells(table, number, row, code, [name for name in classes if name])
    frame = pd.DataFrame(cells, columns=["area_code", "indicator_id", "class", "value", "status", "row", "column"])
    return pd.DataFrame(areas.values(), columns=AREA_COLUMNS), frame, skipped


def _level(kind: str, code: str, city: str) -> str | None:
    """The level of an area; None when code and kind contradict each other. A ward stands below its city."""
    if kind == "a":
        return ("nation" if code == NATION else "prefecture") if code in PREFECTURES else None
    if not "01" <= code[:2] <= "47" or code[2:] < "100":
        return None
    if kind == "0" and code[:2] != "13":
        return "ward" if city[:2] == code[:2] and city < code < f"{code[:2]}200" else None
    return "municipality" if kind in ("0", "1", "2", "3") else None


def _row_cells(table: _Table, number: int, row: Row, code: str, classes: list[str]) -> list[tuple[Any, ...]]:
    """What one row says about its area: a tuple for each column whose measure and class make an indicator."""
    found = []
    for column, (measure, class_of_column) in table.values.items():
        together = [*classes, class_of_column] if class_of_column else classes
        indicator = INDICATORS.get((measure, together[0] if together else "")) if len(together) <= 1 else None
        if indicator is None:
            continue
        cell = row[column]
        text = _text(cell)
        if re.fullmatch(r"\d{1,12}|-", text) and not isinstance(cell, bool):
            value, status = float(text.replace("-", "0")), OBSERVED
        elif text.upper() in MARKS:
            value, status = np.nan, MARKS[text.upper()]
        else:
            table.refuse(number, column, f"there is no whole number for {indicator} of {code}", text, "a whole number, '-' or X")
            continue
        found.append((code, indicator, "".join(together), value, status, number, column))
    return found


def _observations(table: _Table, cells: pd.DataFrame) -> pd.DataFrame:
    """Each indicator and area once. The same class twice is a problem; 1 person and 単独世帯 may both be there if they agree."""
    twice = cells.duplicated(["area_code", "indicator_id", "class", "column"])
    for cell in cells[twice].itertuples():
        table.refuse(int(cell.row), int(cell.column), f"the area {cell.area_code} stands twice", cell.area_code, "each area once a class")
    groups = cells[~twice].groupby(["area_code", "indicator_id"], sort=False)
    differ = groups["value"].transform("nunique") > 1
    for cell in cells[~twice][differ].drop_duplicates(["area_code", "indicator_id"], keep="last").itertuples():
        message = f"two columns give different figures for {cell.indicator_id} of {cell.area_code}"
        table.refuse(int(cell.row), int(cell.column), message, f"{cell.value:,.0f}", "one figure")
    once = cells[~twice].drop_duplicates(["area_code", "indicator_id"])
    return once.assign(year=YEAR, sex="all", age_group="all", household_type="all").reset_index(drop=True)


def _check_complete(table: _Table, areas: pd.DataFrame, observations: pd.DataFrame) -> None:
    """Nation and all prefectures are there, and the municipalities add up to the nation wherever all are published."""
    missing = [code for code in PREFECTURES if code not in set(areas["area_code"])]
    if missing:
        table.refuse(None, None, "the nation or prefectures are missing", f"no {', '.join(missing)}", "00000 and 47 prefectures")
    level = observations["area_code"].map(areas.set_index("area_code")["level"])
    for indicator, rows in observations.groupby("indicator_id"):
        nation = rows.loc[level[rows.index] == "nation", "value"]
        parts = rows.loc[level[rows.index] == "municipality", "value"]
        if len(nation) and parts.notna().all() and nation.notna().all() and parts.sum() != nation.iloc[0]:
            message = f"the municipalities do not add up to the nation for {indicator}"
            table.refuse(None, None, message, f"{parts.sum():,.0f}", f"{nation.iloc[0]:,.0f}")


READER = Reader(
    id="census_2025",
    title_ja="令和7年国勢調査 人口等基本集計(第6-3表、第9-1表)",
    title_en="Census of 2025, basic complete tabulation (tables 6-3 and 9-1)",
    tried_on_real_file=False,
    recognises=recognises,
    read=read,
)
