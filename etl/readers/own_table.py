"""A city's own tables, filled in from a template: CSV (UTF-8 with or without mark, CP932, UTF-16) or the first sheet of an XLSX.

Known by the columns, in any order. Cells are text as written, without blanks around; `whole_number`, `coordinate`, `iso_date` and
`fiscal_year` take full-width digits too and give None for anything else, never a guess.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import openpyxl

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import Member, Remark
from etl.readers.small_area_text import head_of, plain, text_of

CODE = "市区町村コード"
PLACE_LAYOUT = ("種別", "名称", "所在地", "緯度", "経度", "定員", "開設日", "団体", "備考")
SUPPORTER_LAYOUT = ("学校区", "町字", "人数", "研修年度")
DISTRICT_LAYOUT = ("学校区", "年", "項目", "人数", "値", "母数", "単位")
OPEN_DATA_CODES = ("全国地方公共団体コード", "都道府県コード又は市区町村コード")
"""The columns by which the standard open-data lists are told from the project's own layouts."""
MOST_ROWS = 100_000
MOST_COUNT = 1_000_000
SHOWN = 20
MEND = "Correct the cell in your table and import it again (セルを直してから、もう一度読み込んでください)"
SAVE_AGAIN = "Save the table as CSV in UTF-8 or as XLSX and import it again (CSV UTF-8 または XLSX で保存し直してください)"
_XLSX_HEAD = b"PK\x03\x04"
_ERAS = {
    "明治": ((1868, 1, 25), (1912, 7, 29)),
    "大正": ((1912, 7, 30), (1926, 12, 24)),
    "昭和": ((1926, 12, 25), (1989, 1, 7)),
    "平成": ((1989, 1, 8), (2019, 4, 30)),
    "令和": ((2019, 5, 1), (9999, 12, 31)),
}
_DATES = (r"(\d{4})-(\d{1,2})-(\d{1,2})", r"(\d{4})/(\d{1,2})/(\d{1,2})", r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def is_places_layout(columns: Sequence[str]) -> bool:
    """Whether these (plain) columns are the project's own list of places, and no open-data list."""
    held = set(columns)
    if held & set(OPEN_DATA_CODES) or not {"種別", "名称"} <= held:
        return False
    if {"緯度", "経度"} <= held and CODE not in held:
        return True
    return bool(held & {"団体", "開設日"}) and len(held & {"団体", "開設日", "定員", "所在地"}) >= 2


def is_supporters_layout(columns: Sequence[str]) -> bool:
    """Whether these (plain) columns are the project's own table of つながりサポーター."""
    held = set(columns)
    return {"人数", "研修年度"} <= held and bool(held & {"学校区", "町字"})


def is_districts_layout(columns: Sequence[str]) -> bool:
    """Whether these (plain) columns are the project's own table of figures by school district."""
    held = set(columns)
    return {"学校区", "年", "項目"} <= held and bool(held & {"人数", "値"})


def header_of(member: Member) -> list[str]:
    """The plain columns of the first row that is not empty; none for a file that is no table."""
    for row in _head(member):
        if any(row):
            return [plain(cell) for cell in row]
    return []


@dataclass
class OwnTable:
    """The rows of one table: cells by plain column; the line of each row as an editor counts it; problems noted on the way."""

    file: str
    columns: list[str]
    rows: list[dict[str, str]]
    lines: list[int]
    encoding: str
    """'xlsx' for a workbook."""
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int | None, column: str | None, message: str, found: str | None = None, expected: str | None = None, step: str = MEND) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(self.file, message, line, column, found, expected, step))

    def stop_if_wrong(self) -> None:
        """EtlError with everything noted so far."""
        if self.problems:
            raise EtlError(self.problems)

    def remarks(self, layout: Sequence[str]) -> list[Remark]:
        """Columns that the layout does not have, and an encoding worth telling."""
        found = []
        if self.encoding not in ("utf-8-sig", "xlsx"):
            found.append(Remark("encoding", f"文字コードは{self.encoding}でした。", f"The text is in {self.encoding}."))
        unread = [column for column in self.columns if column not in (*layout, CODE)]
        if unread:
            ja = f"決められた列ではないため読まなかった列: {'、'.join(unread)}。"
            found.append(Remark("other", ja, f"Columns that are not of the layout and were not read: {', '.join(unread)}."))
        return found


def table_of(member: Member) -> OwnTable:
    """All rows of a table. EtlError for rows longer than the header, columns said twice, a table without rows or one that cannot be opened."""
    cells, encoding = _rows(member)
    header = next((place for place, (_, row) in enumerate(cells) if any(row)), None)
    columns = [plain(cell) for cell in cells[header][1]] if header is not None else []
    while columns and not columns[-1]:
        columns.pop()
    table = OwnTable(member.name, columns, [], [], encoding)
    for column in sorted({column for column in columns if column and columns.count(column) > 1}):
        table.refuse(cells[header or 0][0], column, "the column stands twice (同じ列が2つあります)", column, "each column once")
    for line, row in cells[(header or 0) + 1 :]:
        more = [cell for cell in row[len(columns) :] if cell]
        if more:
            table.refuse(line, None, "the row is longer than the header (見出しより長い行です)", f"{len(row)} cells", f"{len(columns)} cells")
        elif any(row):
            table.rows.append(dict(zip(columns, [*row, *[""] * len(columns)], strict=False)))
            table.lines.append(line)
    if not table.rows and not table.problems:
        table.refuse(None, None, "there are no rows below the header (見出しの下に行がありません)", step="Fill in at least one row and import it again")
    table.stop_if_wrong()
    return table


def whole_number(cell: str) -> int | None:
    """'20', '1,200' -> a number of 0 to a million."""
    text = usual(cell)
    if not re.fullmatch(r"\d{1,7}|\d{1,3}(,\d{3})+", text, re.ASCII):
        return None
    value = int(text.replace(",", ""))
    return value if value <= MOST_COUNT else None


def coordinate(cell: str) -> float | None:
    """Degrees as a decimal number."""
    text = usual(cell)
    return float(text) if re.fullmatch(r"[+-]?\d{1,3}(\.\d*)?", text, re.ASCII) else None


def iso_date(cell: str) -> str | None:
    """'2021-04-01', '2021/4/1', '2021年4月1日', '令和3年4月1日' -> '2021-04-01'; None: no day of the calendar, or none of its era."""
    text = usual(cell)
    for pattern in _DATES:
        found = re.fullmatch(pattern, text, re.ASCII)
        if found:
            day = _day(int(found[1]), int(found[2]), int(found[3]))
            return day.isoformat() if day and day.year >= 1800 else None
    found = re.fullmatch(rf"({'|'.join(_ERAS)})(元|\d{{1,2}})年(\d{{1,2}})月(\d{{1,2}})日", text, re.ASCII)
    if not found:
        return None
    first, last = _ERAS[found[1]]
    day = _day(first[0] - 1 + _in_era(found[2]), int(found[3]), int(found[4]))
    return day.isoformat() if day and datetime.date(*first) <= day <= datetime.date(*last) else None


def fiscal_year(cell: str) -> int | None:
    """'2024', '2024年度', '令和6年度', '令和6' -> 2024."""
    text = usual(cell)
    found = re.fullmatch(r"(\d{4})(年度?)?", text, re.ASCII)
    if found:
        return int(found[1]) if 1950 <= int(found[1]) <= 2100 else None
    found = re.fullmatch(r"(昭和|平成|令和)(元|\d{1,2})(年度?)?", text, re.ASCII)
    if not found:
        return None
    first, last = _ERAS[found[1]]
    year = first[0] - 1 + _in_era(found[2])
    return year if max(first[0], 1950) <= year <= min(last[0], 2100) else None


def usual(cell: str) -> str:
    """A cell in usual width: '３５．５' -> '35.5'."""
    return unicodedata.normalize("NFKC", cell).strip()


def _in_era(text: str) -> int:
    return 1 if text == "元" else int(text)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _text(cell: object) -> str:
    """A cell as text; dates of a workbook as ISO dates, whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _is_workbook(member: Member) -> bool:
    with member.path.open("rb") as file:
        return file.read(4) == _XLSX_HEAD


def _head(member: Member) -> list[list[str]]:
    try:
        if not _is_workbook(member):
            return [_split(row) for row in head_of(member)]
        return [row for _, row in _sheet(member, 10)]
    except Exception:  # whatever openpyxl finds in a foreign file, it is none of these tables
        return []


def _split(row: Sequence[str]) -> list[str]:
    """Cells of a row of a list; a tab-separated one arrives as one cell."""
    cells = row[0].split("\t") if len(row) == 1 else row
    return [_text(cell) for cell in cells]


def _rows(member: Member) -> tuple[list[tuple[int, list[str]]], str]:
    """(line, cells) of every row, and the encoding."""
    if _is_workbook(member):
        try:
            rows, encoding = _sheet(member, MOST_ROWS + 1), "xlsx"
        except Exception as error:  # a damaged workbook makes openpyxl, zipfile and the XML parser raise nearly anything
            raise EtlError([Problem(member.name, "the workbook cannot be opened", found=type(error).__name__, next_step=SAVE_AGAIN)]) from error
    else:
        rows, encoding = _lines(member)
    if len(rows) > MOST_ROWS:
        raise EtlError([Problem(member.name, "the table is too long", expected=f"at most {MOST_ROWS:,} rows", next_step="Divide it into several tables")])
    return rows, encoding


def _lines(member: Member) -> tuple[list[tuple[int, list[str]]], str]:
    try:
        text, encoding = text_of(member)
    except EtlError as error:
        raise EtlError(replace(problem, next_step=SAVE_AGAIN) for problem in error.problems) from error
    text = text.lstrip("\ufeff")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if first.count("\t") > first.count(",") else ",")
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, [_text(cell) for cell in row]))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                break
    except csv.Error as error:
        raise EtlError([Problem(member.name, f"the file is not a readable CSV ({error})", reader.line_num, next_step=SAVE_AGAIN)]) from error
    return rows, encoding


def _sheet(member: Member, at_most: int) -> list[tuple[int, list[str]]]:
    """Rows of the first sheet."""
    with member.path.open("rb") as file:
        book: Any = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the size written in the file may be wrong
        return [(line, [_text(cell) for cell in row]) for line, row in enumerate(islice(sheet.iter_rows(values_only=True), at_most), 1)]
