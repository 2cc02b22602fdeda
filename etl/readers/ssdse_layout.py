"""The layout that SSDSE-A and SSDSE-E share: CP932, three header rows (item codes; survey years; labels), then one row an area."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from catalog.status import NOT_PUBLISHED, OBSERVED, SUPPRESSED
from etl.problems import EtlError, Problem
from etl.readers.reading import READING_COLUMNS, repeated

HEADER_ROWS = 3
MARKS = {"X": SUPPRESSED, "x": SUPPRESSED, "-": NOT_PUBLISHED, "***": NOT_PUBLISHED, "...": NOT_PUBLISHED}
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
YEAR = re.compile(r"(19|20)[0-9]{2}")
GET_AGAIN = "Download the file again from the National Statistics Center (SSDSE) and do not save it with a spreadsheet program."


def first_row(head: bytes) -> str:
    """The first row in capitals, without a byte order mark and without what is not ASCII."""
    return head.split(b"\n", 1)[0].decode("ascii", "ignore").strip().upper()


def rows_of(path: Path) -> list[list[str]]:
    """All rows of a CP932 CSV, as text, without empty rows at the end. EtlError for another encoding or no CSV."""
    raw = path.read_bytes()
    text = None if _is_utf8(raw) else _decoded(raw, "cp932")
    if text is None:
        raise EtlError([_encoding_problem(path, raw)])
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise EtlError([Problem(path.name, f"the file is not a readable CSV ({error})", next_step=GET_AGAIN)]) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _is_utf8(raw: bytes) -> bool:
    """Is there more than ASCII, and is it UTF-8? Japanese text in CP932 never is."""
    return not raw.isascii() and _decoded(raw, "utf-8") is not None


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _encoding_problem(path: Path, raw: bytes) -> Problem:
    """Names the first place that is not CP932: for UTF-8 the first cell that is not plain ASCII."""
    is_utf8 = _is_utf8(raw)
    start, found = 0, "UTF-8"
    if is_utf8:
        start = next(position for position, byte in enumerate(raw) if byte > 127)
    else:
        try:
            raw.decode("cp932")
        except UnicodeDecodeError as error:
            start, found = error.start, f"byte 0x{raw[error.start]:02X}"
    before = raw[:start]
    column = before[before.rfind(b"\n") + 1 :].count(b",") + 1
    message = "the text is not in the encoding of the published file"
    return Problem(path.name, message, before.count(b"\n") + 1, str(column), found, "CP932 (Shift_JIS)", GET_AGAIN)


def shape_problems(path: Path, rows: list[list[str]], area_columns: int, required: tuple[str, ...], read: Collection[str]) -> list[Problem]:
    """What is wrong with the header rows and the widths of the rows."""
    if len(rows) <= HEADER_ROWS:
        found = f"{len(rows)} rows"
        return [Problem(path.name, "the file ends within its header", found=found, expected="over three rows", next_step=GET_AGAIN)]
    codes, years = rows[0], rows[1]
    problems = [
        Problem(
            path.name,
            "the row is not whole",
            row=number,
            column=codes[len(row)] if len(row) < len(codes) else str(len(codes) + 1),
            found=f"{len(row)} cells",
            expected=f"{len(codes)} cells",
            next_step=GET_AGAIN,
        )
        for number, row in enumerate(rows, start=1)
        if len(row) != len(codes)
    ]
    problems += [
        Problem(path.name, f"the item {code} is not there", row=1, expected=code, next_step="Is this an SSDSE file as published?")
        for code in required
        if code not in codes
    ]
    problems += [
        Problem(path.name, f"the item {code} stands twice", row=1, column=code, expected="each item once", next_step=GET_AGAIN)
        for code in read
        if codes.count(code) > 1
    ]
    pairs = zip(codes[area_columns:], years[area_columns:], strict=False)
    wrong = [(code, year) for code, year in pairs if not YEAR.fullmatch(year.strip())]
    if len(wrong) > len(codes) / 2:
        code, year = wrong[0]
        step = "A copy without the year row does not say which census it holds: use the published CSV."
        problems.append(Problem(path.name, "the row of survey years is missing", 2, code, year, "a year such as 2020", step))
    else:
        problems += [
            Problem(path.name, "the survey year cannot be read", 2, code, year, "a year such as 2020", GET_AGAIN) for code, year in wrong if code in read
        ]
    return problems


def years_of(rows: list[list[str]], area_columns: int) -> dict[str, int]:
    """Item code -> survey year, where the year row has one."""
    pairs = zip(rows[0][area_columns:], rows[1][area_columns:], strict=True)
    return {code: int(year) for code, year in pairs if YEAR.fullmatch(year.strip())}


def area_codes_of(path: Path, cells: np.ndarray, is_known: Callable[[str], bool], thing: str) -> tuple[list[str], list[Problem]]:
    """Five-digit codes of the first column, and a problem for each that cannot be read, is unknown or stands twice."""
    problems = []
    codes: list[str] = []
    first_row_of: dict[str, int] = {}
    for row, cell in enumerate(cells, start=HEADER_ROWS + 1):
        matched = re.fullmatch(r"R?([0-9]{5})", cell.strip())
        code = matched.group(1) if matched else ""
        if not matched:
            problems.append(Problem(path.name, "the area code cannot be read", row, "1", cell, "R and five digits", GET_AGAIN))
        elif not is_known(code):
            problems.append(Problem(path.name, f"there is no {thing} with this code", row, "1", cell, f"the code of a {thing}", GET_AGAIN))
        elif code in first_row_of:
            message = f"the {thing} {code} stands twice, first in row {first_row_of[code]}"
            problems.append(Problem(path.name, message, row, "1", cell, f"each {thing} once", GET_AGAIN))
        first_row_of.setdefault(code, row)
        codes.append(code)
    return codes, problems


def _all_whole(cells: np.ndarray, is_read: np.ndarray) -> np.ndarray | None:
    """All cells as floats when every one is a plain number, and none that is read below zero, as in every published edition so far; else None.

    One look at the letters used instead of a pattern for each of 200,000 cells, and one text for all of them: numpy reads that in a third
    of the time it needs for as many texts. A cell with a comma or a wrong number leaves another count of numbers than of cells.
    """
    joined = ",".join(cells.ravel())
    if not joined.isascii() or joined.encode("ascii").translate(None, b"0123456789.-,"):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # how numpy says that it stopped before the end
        try:
            values = np.fromstring(joined, sep=",")
        except (ValueError, DeprecationWarning):
            return None
    if values.size != cells.size:
        return None
    values = values.reshape(cells.shape)
    return None if (values[:, is_read] < 0).any() else values


def numbers_of(path: Path, cells: np.ndarray, codes: list[str], read: Collection[str]) -> tuple[np.ndarray, np.ndarray, list[Problem]]:
    """Values (NaN where there is none) and statuses of all cells, and a problem for each cell that is neither number nor mark.

    An empty cell is a problem only in a column that is read; so is a number below zero.
    """
    is_read = np.isin(codes, list(read))
    whole = _all_whole(cells, is_read)
    if whole is not None:
        return whole, np.broadcast_to(np.array(OBSERVED, dtype=object), cells.shape), []
    numeric = np.array([NUMBER.fullmatch(cell) is not None for cell in cells.ravel()], dtype=bool).reshape(cells.shape)
    values = np.where(numeric, cells, "nan").astype(float)
    statuses = np.where(numeric, OBSERVED, NOT_PUBLISHED).astype(object)
    problems = []
    for row, column in np.argwhere(~numeric | ((values < 0) & is_read)):
        cell = cells[row, column]
        if cell in MARKS:
            statuses[row, column] = MARKS[cell]
        elif cell.strip() or is_read[column]:
            message = "there is text where a number is expected" if cell.strip() else "a number is missing"
            message = "there is a number below zero" if numeric[row, column] else message
            expected = "a number without thousands marks"
            problems.append(Problem(path.name, message, int(row) + HEADER_ROWS + 1, codes[column], cell, expected, GET_AGAIN))
    return values, statuses, problems


@dataclass(frozen=True)
class Item:
    """One item of a file: its indicator, survey year, and a value and a status for each area."""

    indicator: str
    year: int
    values: np.ndarray
    statuses: np.ndarray


def observations_of(items: list[Item], area_codes: list[str]) -> pd.DataFrame:
    """All items in all areas of the file, totals only, item after item. Made in one piece: a frame for each item takes five times as long."""
    areas, count = len(area_codes), len(items) * len(area_codes)
    every = repeated("all", count)
    status, kinds = pd.factorize(np.concatenate([item.statuses for item in items]))
    return pd.DataFrame(
        {
            "indicator_id": pd.array([item.indicator for item in items], dtype="str").take(np.repeat(np.arange(len(items)), areas)),
            "area_code": pd.array(area_codes, dtype="str").take(np.tile(np.arange(areas), len(items))),
            "year": np.repeat([item.year for item in items], areas),
            "sex": every,
            "age_group": every,
            "household_type": every,
            "value": np.concatenate([item.values for item in items]),
            "status": pd.array(kinds, dtype="str").take(status),
        },
        columns=READING_COLUMNS,
        copy=False,
    )


def edition_of(rows: list[list[str]]) -> str:
    """The edition: printed in the first cell since 2019 or so, else two years after the newest survey year."""
    printed = re.search(r"20[0-9]{2}", rows[0][0])
    return printed.group(0) if printed else str(max(int(year) for year in rows[1] if YEAR.fullmatch(year.strip())) + 2)
