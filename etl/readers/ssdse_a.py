"""SSDSE-A: the basic figures of all municipalities (National Statistics Center), every edition from 2018 on.

CP932, three header rows (item codes; survey year of each column; Japanese labels), then one row a municipality.
Editions drift in the first cell, the number of columns and the labels, so columns are found by item code and the
census year is read from the year row, never from the file's name. SSDSE-E has the same layout with two area columns
instead of three; what both need is public here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from catalog.status import NOT_PUBLISHED, OBSERVED, SUPPRESSED
from etl.problems import EtlError, Problem
from etl.readers.reading import AREA_COLUMNS, READING_COLUMNS, Reader, Reading, sha256_of

# indicator id -> item code. One line here and an entry in the registry add an indicator.
ITEMS = {
    "population": "A1101",
    "population_0_14": "A1301",
    "population_15_64": "A1302",
    "population_65_over": "A1303",
    "population_75_over": "A1419",
    "total_households": "A7101",
    "general_households": "A710101",
    "general_household_members": "A710201",
    "nuclear_family_households": "A810102",
    "one_person_households": "A810105",
    "older_couple_households": "A8201",
    "older_one_person_households": "A8301",
    "area_total": "B1101",
    "inhabitable_area": "B1103",
}
# Age unknown is not printed; it is what the three age groups leave of the total.
AGE_UNKNOWN = ("population_age_unknown", "A1101", ("A1301", "A1302", "A1303"))
REQUIRED = ("A1101", "A1303", "A710101", "A810105", "A8301")
HEADER_ROWS = 3
MUNICIPALITIES = range(1_700, 1_800)
AREA_COLUMN_COUNT = 3
MARKS = {"X": SUPPRESSED, "x": SUPPRESSED, "-": NOT_PUBLISHED, "***": NOT_PUBLISHED, "...": NOT_PUBLISHED}
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
YEAR = re.compile(r"(19|20)[0-9]{2}")
GET_AGAIN = "Download the file again from the National Statistics Center (SSDSE) and do not save it with a spreadsheet program."


def recognises(head: bytes, path: Path) -> bool:
    """SSDSE-A is known by its first row: three area columns, then item codes that start with A1101."""
    return re.match(r"[^,]*,PREFECTURE,MUNICIPALITY,A1101(,|$)", first_row(head)) is not None


def first_row(head: bytes) -> str:
    """The first row in capitals, without a byte order mark and without what is not ASCII."""
    return head.split(b"\n", 1)[0].decode("ascii", "ignore").strip().upper()


def read(path: Path) -> Reading:
    """Read one edition.

    Returns counts of ITEMS for every municipality at their survey years; area codes have five digits.
    Raises EtlError with every damaged row and cell.
    """
    rows = rows_of(path)
    problems = shape_problems(path, rows, AREA_COLUMN_COUNT, REQUIRED)
    found = len(rows) - HEADER_ROWS
    if found not in MUNICIPALITIES:
        message = "municipalities are missing or too many"
        problems.append(Problem(path.name, message, found=f"{found:,} rows", expected="about 1,741 rows", next_step=GET_AGAIN))
    if problems:
        raise EtlError(problems)
    codes = rows[0][AREA_COLUMN_COUNT:]
    body = np.array(rows[HEADER_ROWS:], dtype=object)
    area_codes, problems = area_codes_of(path, body[:, 0], is_municipality, "municipality")
    values, statuses, more = numbers_of(path, body[:, AREA_COLUMN_COUNT:], codes)
    if problems or more:
        raise EtlError([*problems, *more])
    year_of = years_of(rows, AREA_COLUMN_COUNT)
    column_of = {code: position for position, code in enumerate(codes)}

    frames = []
    for indicator, code in ITEMS.items():
        if code in column_of:
            column = column_of[code]
            frames.append(observations_of(indicator, area_codes, year_of[code], values[:, column], statuses[:, column]))
    indicator, total, parts = AGE_UNKNOWN
    if all(part in column_of for part in parts):
        rest = values[:, column_of[total]] - sum(values[:, column_of[part]] for part in parts)
        of_parts = statuses[:, [column_of[code] for code in (total, *parts)]]
        status = np.where(np.isnan(rest), np.where((of_parts == SUPPRESSED).any(axis=1), SUPPRESSED, NOT_PUBLISHED), OBSERVED)
        frames.append(observations_of(indicator, area_codes, year_of[total], rest, status))

    census_year = year_of["A710101"]
    edition = edition_of(rows)
    areas = pd.DataFrame(
        {
            "area_code": area_codes,
            "level": "municipality",
            "parent_code": [code[:2] + "000" for code in area_codes],
            "name_ja": body[:, 2],
            "name_en": None,
        },
        columns=AREA_COLUMNS,
    )
    count = len(area_codes)
    return Reading(
        reader="ssdse_a",
        source_id="ssdse_a",
        file=path.name,
        sha256=sha256_of(path),
        edition=edition,
        observations=pd.concat(frames, ignore_index=True)[READING_COLUMNS],
        areas=areas,
        understood_ja=f"SSDSE-A({edition}年版相当)、国勢調査{census_year}年、{count:,}市区町村、{len(frames)}項目",
        understood_en=f"SSDSE-A (edition {edition}), census of {census_year}, {count:,} municipalities, {len(frames)} items",
        publication=f"総務省統計局「国勢調査」{census_year}年(統計センター SSDSE-A {edition}年版相当を加工)",
    )


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


def shape_problems(path: Path, rows: list[list[str]], area_columns: int, required: tuple[str, ...]) -> list[Problem]:
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
        for code in ITEMS.values()
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
            Problem(path.name, "the survey year cannot be read", 2, code, year, "a year such as 2020", GET_AGAIN)
            for code, year in wrong
            if code in ITEMS.values()
        ]
    return problems


def years_of(rows: list[list[str]], area_columns: int) -> dict[str, int]:
    """Item code -> survey year, where the year row has one."""
    pairs = zip(rows[0][area_columns:], rows[1][area_columns:], strict=True)
    return {code: int(year) for code, year in pairs if YEAR.fullmatch(year.strip())}


def is_municipality(code: str) -> bool:
    """Can this be the code of a municipality: in one of 47 prefectures, and not the prefecture itself?"""
    return "01" <= code[:2] <= "47" and code[2:] >= "100"


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


def _all_whole(cells: np.ndarray) -> np.ndarray | None:
    """All cells as floats when every one is digits with at most a point, as in every published edition so far; else None.

    One look at the letters used instead of a pattern for each of 200,000 cells.
    """
    if not set("".join(cells.ravel())) <= set("0123456789."):
        return None
    try:
        return cells.astype(float)
    except ValueError:
        return None


def numbers_of(path: Path, cells: np.ndarray, codes: list[str]) -> tuple[np.ndarray, np.ndarray, list[Problem]]:
    """Values (NaN where there is none) and statuses of all cells, and a problem for each cell that is neither number nor mark.

    An empty cell is a problem only in a column that is read; so is a number below zero.
    """
    whole = _all_whole(cells)
    if whole is not None:
        return whole, np.full(cells.shape, OBSERVED, dtype=object), []
    numeric = np.array([NUMBER.fullmatch(cell) is not None for cell in cells.ravel()], dtype=bool).reshape(cells.shape)
    values = np.where(numeric, cells, "nan").astype(float)
    statuses = np.where(numeric, OBSERVED, NOT_PUBLISHED).astype(object)
    is_read = np.isin(codes, list(ITEMS.values()))
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


def observations_of(indicator: str, area_codes: list[str], year: int, values: np.ndarray, statuses: np.ndarray) -> pd.DataFrame:
    """READING_COLUMNS for one indicator: totals of all areas at one year."""
    return pd.DataFrame(
        {
            "indicator_id": indicator,
            "area_code": area_codes,
            "year": year,
            "sex": "all",
            "age_group": "all",
            "household_type": "all",
            "value": values,
            "status": statuses,
        }
    )


def edition_of(rows: list[list[str]]) -> str:
    """The edition: printed in the first cell since 2019 or so, else two years after the newest survey year."""
    printed = re.search(r"20[0-9]{2}", rows[0][0])
    return printed.group(0) if printed else str(max(int(year) for year in rows[1] if YEAR.fullmatch(year.strip())) + 2)


READER = Reader(
    id="ssdse_a",
    title_ja="SSDSE-A(市区町村の基本データ)",
    title_en="SSDSE-A (basic figures of municipalities)",
    tried_on_real_file=True,
    recognises=recognises,
    read=read,
)
