"""What the readers of a city's own tables do alike: known by the columns, no persons, the municipality of a row, the reading of the one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import geopandas as gpd
import pandas as pd

from etl.readers.geo_reading import GeoReading, Member, Remark, file_reading
from etl.readers.open_data_table import municipality_code
from etl.readers.own_table import CODE, OwnTable, header_of, usual

PERSONAL = re.compile("氏名|名前|姓名|フリガナ|ふりがな|生年月日|電話|携帯|メール|(?i:e-?mail)")
NO_PERSONS = "Delete the column and give numbers of people only: the import keeps a copy of the file (列を削除し、人数だけにしてください)"


def claims_by(is_layout: Callable[[Sequence[str]], bool]) -> Callable[[Sequence[Member]], list[tuple[Member, ...]]]:
    """The `claims` of a reader: tables with the columns of a layout, in any order."""
    return lambda members: [(member,) for member in members if is_layout(header_of(member))]


def refuse_persons(table: OwnTable, layout: Sequence[str]) -> None:
    """Note every column that tells who somebody is."""
    for column in table.columns:
        if PERSONAL.search(column):
            message = "the column tells who somebody is (個人がわかる列があります)"
            table.refuse(None, column, message, expected="、".join((CODE, *layout)), step=NO_PERSONS)


def own_code(table: OwnTable, row: dict[str, str], line: int) -> str | None:
    """The municipality code of a row, None where it says none; a code that is none is a problem."""
    cell = row.get(CODE, "")
    code = municipality_code(usual(cell)) if cell else None
    if cell and code is None:
        table.refuse(line, CODE, "this is no municipality code (市区町村コードではありません)", cell, "five digits, or six with the check digit")
    return code


def is_sample(codes: set[object]) -> bool:
    """Whether every row says a municipality that does not exist."""
    return bool(codes) and all(isinstance(code, str) and not "01" <= code[:2] <= "47" for code in codes)


def own_reading(
    member: Member, ids: tuple[str, str], kind: str, year: int, frame: pd.DataFrame | gpd.GeoDataFrame, understood: tuple[str, str], remarks: Iterable[Remark]
) -> GeoReading:
    """The reading of a table; fictional where all of its rows say so. ids: of the reader, of the source."""
    return file_reading(member, *ids, kind, year, frame, understood, remarks, is_sample=is_sample(set(frame["municipality_code"])))
