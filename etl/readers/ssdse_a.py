"""SSDSE-A: the basic figures of all municipalities (National Statistics Center), every edition from 2018 on.

CP932, three header rows (item codes; survey year of each column; Japanese labels), then one row a municipality.
Editions drift in the first cell, the number of columns and the labels, so columns are found by item code and the
census year is read from the year row, never from the file's name.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from catalog.status import NOT_PUBLISHED, OBSERVED
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
GET_AGAIN = "Download the file again from the National Statistics Center (SSDSE) and do not save it with a spreadsheet program."


def recognises(head: bytes, path: Path) -> bool:
    """SSDSE-A is known by its first row: two area columns, then item codes that start with A1101."""
    first = head.split(b"\n", 1)[0].decode("ascii", "replace").strip().lstrip("\ufeff").upper()
    return re.match(r"[^,]*,PREFECTURE,MUNICIPALITY,A1101\b", first.replace("\ufffd", "")) is not None


def read(path: Path) -> Reading:
    """Read one edition.

    Returns counts of ITEMS for every municipality at their survey years; area codes have five digits.
    Raises EtlError with every damaged row and cell, at most as many as a report shows.
    """
    rows = _rows(path)
    _check_shape(path, rows)
    codes, years = rows[0], rows[1]
    body = np.array(rows[HEADER_ROWS:], dtype=object)
    area_codes = _area_codes(path, body[:, 0])
    numbers = _numbers(path, body[:, 3:], codes[3:])
    column_of = {code: position for position, code in enumerate(codes[3:])}
    year_of = {code: int(year) for code, year in zip(codes[3:], years[3:], strict=True) if year.isdigit()}

    frames = []
    for indicator, code in ITEMS.items():
        if code in column_of:
            frames.append(_observations(indicator, area_codes, year_of[code], numbers[:, column_of[code]]))
    indicator, total, parts = AGE_UNKNOWN
    if all(part in column_of for part in parts):
        rest = numbers[:, column_of[total]] - sum(numbers[:, column_of[part]] for part in parts)
        frames.append(_observations(indicator, area_codes, year_of[total], rest))

    census_year = year_of["A710101"]
    edition = _edition(codes[0], years)
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


def _rows(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("cp932")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        is_utf8 = _decodes(raw, "utf-8")
        raise EtlError(
            [
                Problem(
                    path.name,
                    "the text is not in the encoding of the published file",
                    row=line,
                    found="UTF-8" if is_utf8 else f"byte 0x{raw[error.start]:02X}",
                    expected="CP932 (Shift_JIS)",
                    next_step=GET_AGAIN,
                )
            ]
        ) from error
    rows = list(csv.reader(io.StringIO(text)))
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _check_shape(path: Path, rows: list[list[str]]) -> None:
    problems = []
    width = len(rows[0])
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            problems.append(
                Problem(path.name, "the row is not whole", row=number, found=f"{len(row)} cells", expected=f"{width} cells", next_step=GET_AGAIN)
            )
    found = len(rows) - HEADER_ROWS
    if found not in MUNICIPALITIES:
        problems.append(
            Problem(path.name, "municipalities are missing or too many", found=f"{found:,} rows", expected="about 1,741 rows", next_step=GET_AGAIN)
        )
    for code in REQUIRED:
        if code not in rows[0]:
            problems.append(Problem(path.name, f"the item {code} is not there", row=1, expected=code, next_step="Is this an SSDSE-A file?"))
    if len(rows) < HEADER_ROWS or len(rows[1]) < 4 or not re.fullmatch(r"(19|20)\d\d", rows[1][3].strip()):
        found_year = rows[1][3] if len(rows) > 1 and len(rows[1]) > 3 else ""
        problems.append(
            Problem(
                path.name,
                "the row of survey years is missing",
                row=2,
                column="A1101",
                found=found_year,
                expected="a year such as 2020",
                next_step="A copy without the year row does not say which census it holds: use the published CSV.",
            )
        )
    problems += [
        Problem(path.name, "the survey year cannot be read", row=2, column=code, found=year, expected="a year such as 2020", next_step=GET_AGAIN)
        for code, year in zip(rows[0][3:], rows[1][3:] if len(rows) > 1 else [], strict=False)
        if code in ITEMS.values() and not re.fullmatch(r"(19|20)\d\d", year.strip())
    ]
    if problems:
        raise EtlError(problems)


def _area_codes(path: Path, cells: np.ndarray) -> list[str]:
    problems = []
    codes: list[str] = []
    first_row: dict[str, int] = {}
    for row, cell in enumerate(cells, start=HEADER_ROWS + 1):
        matched = re.fullmatch(r"R?(\d{5})", cell.strip())
        code = matched.group(1) if matched else ""
        if not matched:
            problems.append(
                Problem(path.name, "the area code cannot be read", row=row, column="1", found=cell, expected="R and five digits", next_step=GET_AGAIN)
            )
        elif code in first_row:
            problems.append(
                Problem(
                    path.name,
                    f"the municipality {code} stands twice, first in row {first_row[code]}",
                    row=row,
                    column="1",
                    found=cell,
                    expected="each municipality once",
                    next_step=GET_AGAIN,
                )
            )
        first_row.setdefault(code, row)
        codes.append(code)
    if problems:
        raise EtlError(problems)
    return codes


def _numbers(path: Path, cells: np.ndarray, codes: list[str]) -> np.ndarray:
    """All cells as floats; NaN where the producer's mark says the value is not published."""
    try:
        return cells.astype(float)
    except ValueError:
        pass
    marks = np.isin(cells, ["-", "***", "X", "x", "...", ""])
    numbers = pd.to_numeric(pd.Series(np.where(marks, "nan", cells).ravel()), errors="coerce").to_numpy(float).reshape(cells.shape)
    bad = np.argwhere(np.isnan(numbers) & ~marks)
    if len(bad):
        raise EtlError(
            Problem(
                path.name,
                "there is text where a number is expected",
                row=int(row) + HEADER_ROWS + 1,
                column=codes[column],
                found=str(cells[row, column]),
                expected="a number without thousands marks",
                next_step=GET_AGAIN,
            )
            for row, column in bad
        )
    return numbers


def _observations(indicator: str, area_codes: list[str], year: int, values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator_id": indicator,
            "area_code": area_codes,
            "year": year,
            "sex": "all",
            "age_group": "all",
            "household_type": "all",
            "value": values,
            "status": np.where(np.isnan(values), NOT_PUBLISHED, OBSERVED),
        }
    )


def _edition(first_cell: str, years: list[str]) -> str:
    """The edition: printed in the first cell since 2019 or so, else two years after the newest survey year."""
    printed = re.search(r"(20\d\d)", first_cell)
    if printed:
        return printed.group(1)
    return str(max(int(year) for year in years if year.isdigit()) + 2)


READER = Reader(
    id="ssdse_a",
    title_ja="SSDSE-A(市区町村の基本データ)",
    title_en="SSDSE-A (basic figures of municipalities)",
    tried_on_real_file=True,
    recognises=recognises,
    read=read,
)
