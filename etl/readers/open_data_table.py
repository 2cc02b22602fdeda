"""What the lists of municipal open data (自治体標準オープンデータセット and its forerunner) have in common: rows under a header, codes, words.

Cities publish UTF-8, CP932 or UTF-16, with commas or tabs, some with columns of their own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GeoReading, Member, Remark, file_reading
from etl.readers.small_area_boundaries import UNKNOWN_YEAR
from etl.readers.small_area_text import plain, text_of

SOURCE_ID = "municipal_open_data"
ASK_THE_CITY = "Ask the city for a corrected file."
CODE = ("全国地方公共団体コード", "都道府県コード又は市区町村コード", "市区町村コード")
NAME = ("名称", "施設名称", "施設名")
NOTE = ("備考",)
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


def has_any(columns: list[str], names: Sequence[str]) -> bool:
    """Whether one of the names is a column."""
    return any(plain(name) in columns for name in names)


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


def encoding_remark(encoding: str) -> list[Remark]:
    """An encoding worth telling."""
    if encoding == "utf-8-sig":
        return []
    return [Remark("encoding", f"文字コードは{encoding}でした。", f"The text is in {encoding}.")]


def reading_of(reader: str, member: Member, kind: str, frame: pd.DataFrame, understood: tuple[str, str], remarks: list[Remark], codes: set[str]) -> GeoReading:
    """The reading of a list; fictional where all of its codes are."""
    is_sample = bool(codes) and not any("01" <= code[:2] <= "47" for code in codes)
    return file_reading(member, reader, SOURCE_ID, kind, UNKNOWN_YEAR, frame, understood, remarks, is_sample=is_sample)
