"""A city's own tables of our own making; names and places are invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from etl.problems import EtlError
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import read_maps

PLACES = ("種別", "名称", "所在地", "緯度", "経度", "定員", "開設日", "団体", "備考")
DISTRICTS = ("学校区", "年", "項目", "人数", "母数", "単位")
SUPPORTERS = ("学校区", "町字", "人数", "研修年度")
Rows = Sequence[Sequence[object]]


def csv_file(path: Path, header: Sequence[str], rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", delimiter=delimiter).writerows([header, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx_file(path: Path, header: Sequence[str], rows: Rows) -> Path:
    """The table on the first sheet; a second sheet holds something else."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [header, *rows]:
        sheet.append(list(row))
    book.create_sheet("覚え書き").append(["種別", "名称", "これは読まれません"])
    book.save(path)
    return path


def place(**changes: object) -> list[object]:
    """A row of PLACES that is right, but for what is changed (種別=..., 緯度=...)."""
    row: dict[str, object] = {
        "種別": "居場所", "名称": "ひだまりの家", "所在地": "見本市本町1-1", "緯度": "35.4976", "経度": "134.2378", "定員": "20",
        "開設日": "2021-04-01", "団体": "見本の会", "備考": "",
    }  # fmt: skip
    return list((row | changes).values())


def supporter(**changes: object) -> list[object]:
    """A row of SUPPORTERS that is right, but for what is changed."""
    row: dict[str, object] = {"学校区": "東小学校", "町字": "", "人数": "12", "研修年度": "2024"}
    return list((row | changes).values())


def figure(**changes: object) -> list[object]:
    """A row of DISTRICTS that is right, but for what is changed."""
    row: dict[str, object] = {"学校区": "東小学校", "年": "2024", "項目": "見守りを望む人", "人数": "35", "母数": "420", "単位": ""}
    return list((row | changes).values())


def read_one(path: Path) -> GeoReading:
    (reading,) = read_maps(path)
    return reading


def refused(path: Path) -> list[tuple[int | None, str | None, str]]:
    """(row, column, whole sentence) of every problem with which the file is refused."""
    try:
        read_maps(path)
    except EtlError as error:
        return [(problem.row, problem.column, problem.sentence()) for problem in error.problems]
    raise AssertionError("the file was read")
