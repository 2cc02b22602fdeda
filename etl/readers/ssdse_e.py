"""SSDSE-E: the basic figures of the prefectures and the nation (National Statistics Center).

The layout of SSDSE-A with two area columns (code, prefecture) and 48 rows, R00000 first. Its columns have different survey
years: population stands there as the yearly estimate (人口推計, rounded to thousands) and not as the census count, so items
of people and households are taken only where their survey year is a census year.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from etl.problems import EtlError, Problem
from etl.readers.reading import AREA_COLUMNS, Reader, Reading, sha256_of
from etl.readers.ssdse_a import ITEMS
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

AREA_COLUMN_COUNT = 2
PREFECTURES = tuple(f"{number:02}000" for number in range(48))
"""Nation (00000) and the 47 prefectures."""


def recognises(head: bytes, path: Path) -> bool:
    """SSDSE-E is known by its first row: code and prefecture, no municipality and no year, then item codes."""
    return re.match(r"[^,]*,PREFECTURE,A1101(,|$)", first_row(head)) is not None


def is_census_count(code: str, year: int) -> bool:
    """Is the item a count of the census in this year? People and households (A) are estimated between censuses."""
    return not code.startswith("A") or year % 5 == 0


def read(path: Path) -> Reading:
    """Read one edition.

    Returns counts of ITEMS for nation and prefectures at their survey years; no areas, as all are in the registry.
    Raises EtlError with every damaged row and cell.
    """
    rows = rows_of(path)
    problems = shape_problems(path, rows, AREA_COLUMN_COUNT, (), ITEMS.values())
    if problems:
        raise EtlError(problems)
    codes = rows[0][AREA_COLUMN_COUNT:]
    body = np.array(rows[HEADER_ROWS:], dtype=object)
    area_codes, problems = area_codes_of(path, body[:, 0], PREFECTURES.__contains__, "prefecture")
    missing = [code for code in PREFECTURES if code not in area_codes]
    if missing:
        found = f"no {', '.join(missing)}"
        problems.append(Problem(path.name, "prefectures are missing", found=found, expected="48 rows", next_step=GET_AGAIN))
    values, statuses, more = numbers_of(path, body[:, AREA_COLUMN_COUNT:], codes, ITEMS.values())
    if problems or more:
        raise EtlError([*problems, *more])

    year_of = years_of(rows, AREA_COLUMN_COUNT)
    held = {indicator: code for indicator, code in ITEMS.items() if code in codes}
    left_out = [code for code in held.values() if not is_census_count(code, year_of[code])]
    items: list[Item] = []
    for indicator, code in held.items():
        if code not in left_out:
            column = codes.index(code)
            items.append(Item(indicator, year_of[code], values[:, column], statuses[:, column]))
    if not items:
        raise EtlError([Problem(path.name, "no item that can be read is there", row=1, expected=", ".join(ITEMS.values()))])

    edition = edition_of(rows)
    years = sorted({year_of[code] for code in held.values() if code not in left_out})
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else f"{years[0]}"
    notes = tuple(f"{code} ({year_of[code]}) is an estimate between censuses and was left out" for code in left_out)
    return Reading(
        reader="ssdse_e",
        source_id="ssdse_e",
        file=path.name,
        sha256=sha256_of(path),
        edition=edition,
        observations=observations_of(items, area_codes),
        areas=pd.DataFrame(columns=AREA_COLUMNS),
        understood_ja=f"SSDSE-E({edition}年版相当)、{span}年、全国と47都道府県、{len(items)}項目",
        understood_en=f"SSDSE-E (edition {edition}), {span}, nation and 47 prefectures, {len(items)} items",
        notes=notes,
        publication=f"総務省統計局「国勢調査」ほか {span}年(統計センター SSDSE-E {edition}年版相当を加工)",
    )


READER = Reader(
    id="ssdse_e",
    title_ja="SSDSE-E(都道府県の基本データ)",
    title_en="SSDSE-E (basic figures of prefectures)",
    tried_on_real_file=False,
    recognises=recognises,
    read=read,
)
