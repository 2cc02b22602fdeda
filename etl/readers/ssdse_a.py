"""SSDSE-A: the basic figures of all municipalities (National Statistics Center), every edition from 2018 on.

CP932, three header rows (item codes; survey year of each column; Japanese labels), then one row a municipality.
Editions drift in the first cell, the number of columns and the labels, so columns are found by item code and the
census year is read from the year row, never from the file's name. SSDSE-E has the same layout with two area columns
instead of three; what both need is in `ssdse_layout.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from catalog.status import NOT_PUBLISHED, OBSERVED, SUPPRESSED
from etl.problems import EtlError, Problem
from etl.readers.reading import AREA_COLUMNS, Reader, Reading, sha256_of
from etl.readers.ssdse_layout import (
    GET_AGAIN,
    HEADER_ROWS,
    Item,
    area_codes_of,
    edition_of,
    first_row,
    numbers_of,
    observations_of,
    rows_of,
    shape_problems,
    years_of,
)

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
AREA_COLUMN_COUNT = 3
MUNICIPALITIES = range(1_700, 1_800)


def recognises(head: bytes, path: Path) -> bool:
    """SSDSE-A is known by its first row: three area columns, then item codes that start with A1101."""
    return re.match(r"[^,]*,PREFECTURE,MUNICIPALITY,A1101(,|$)", first_row(head)) is not None


def read(path: Path) -> Reading:
    """Read one edition.

    Returns counts of ITEMS for every municipality at their survey years; area codes have five digits.
    Raises EtlError with every damaged row and cell.
    """
    rows = rows_of(path)
    problems = shape_problems(path, rows, AREA_COLUMN_COUNT, REQUIRED, ITEMS.values())
    found = len(rows) - HEADER_ROWS
    if found not in MUNICIPALITIES:
        message = "municipalities are missing or too many"
        problems.append(Problem(path.name, message, found=f"{found:,} rows", expected="about 1,741 rows", next_step=GET_AGAIN))
    if problems:
        raise EtlError(problems)
    codes = rows[0][AREA_COLUMN_COUNT:]
    body = np.array(rows[HEADER_ROWS:], dtype=object)
    area_codes, problems = area_codes_of(path, body[:, 0], is_municipality, "municipality")
    values, statuses, more = numbers_of(path, body[:, AREA_COLUMN_COUNT:], codes, ITEMS.values())
    if problems or more:
        raise EtlError([*problems, *more])
    year_of = years_of(rows, AREA_COLUMN_COUNT)
    column_of = {code: position for position, code in enumerate(codes)}

    items: list[Item] = []
    for indicator, code in ITEMS.items():
        if code in column_of:
            column = column_of[code]
            items.append(Item(indicator, year_of[code], values[:, column], statuses[:, column]))
    indicator, total, parts = AGE_UNKNOWN
    if all(part in column_of for part in parts):
        rest = values[:, column_of[total]] - sum(values[:, column_of[part]] for part in parts)
        of_parts = statuses[:, [column_of[code] for code in (total, *parts)]]
        status = np.where(np.isnan(rest), np.where((of_parts == SUPPRESSED).any(axis=1), SUPPRESSED, NOT_PUBLISHED), OBSERVED)
        items.append(Item(indicator, year_of[total], rest, status))

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
        observations=observations_of(items, area_codes),
        areas=areas,
        understood_ja=f"SSDSE-A({edition}年版相当)、国勢調査{census_year}年、{count:,}市区町村、{len(items)}項目",
        understood_en=f"SSDSE-A (edition {edition}), census of {census_year}, {count:,} municipalities, {len(items)} items",
        publication=f"総務省統計局「国勢調査」{census_year}年(統計センター SSDSE-A {edition}年版相当を加工)",
    )


def is_municipality(code: str) -> bool:
    """Can this be the code of a municipality: in one of 47 prefectures, and not the prefecture itself?"""
    return "01" <= code[:2] <= "47" and code[2:] >= "100"


READER = Reader(
    id="ssdse_a",
    title_ja="SSDSE-A(市区町村の基本データ)",
    title_en="SSDSE-A (basic figures of municipalities)",
    tried_on_real_file=True,
    recognises=recognises,
    read=read,
)
