"""What a saved file holds: the table's raw values, and everything needed to cite it."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest

from atlas.exhibits import family_types, living_alone, older, overtaken, trends
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exports.formatted import cell_text
from atlas.exports.tables import Provenance, csv_bytes, metadata, xlsx_bytes

PROVENANCE = Provenance("2026-11-21T12:00:00+09:00", "http://127.0.0.1:8501/trends?areas=31201")
BUILDERS = [
    lambda context: trends.trend(context, indicator_id="one_person_household_share"),
    lambda context: trends.trend(context, indicator_id="one_person_households", area_codes=("00000", "31000", "31201"), base_year=2015),
    overtaken.overtaken,
    older.older_definitions,
    living_alone.living_alone_by_age,
    family_types.family_types,
]


def csv_rows(exhibit: Exhibit, context: Context) -> list[list[str]]:
    raw = csv_bytes(exhibit, context, PROVENANCE)
    assert raw.startswith(b"\xef\xbb\xbf"), "spreadsheet programs on Windows need the mark"
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


@pytest.mark.parametrize("build", BUILDERS)
def test_csv_and_xlsx_hold_the_same_raw_figures_as_the_table(build, japanese: Context) -> None:
    exhibit = build(japanese)
    rows = csv_rows(exhibit, japanese)
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(exhibit, japanese, PROVENANCE))).worksheets[0]
    assert rows[0] == [column.title for column in exhibit.table.columns] == [cell.value for cell in sheet[1]]
    for line, values in enumerate(exhibit.table.rows.itertuples(index=False), start=1):
        for position, (column, value) in enumerate(zip(exhibit.table.columns, values, strict=True)):
            written, cell = rows[line][position], sheet.cell(line + 1, position + 1).value
            if pd.isna(value):
                assert written == ""
                assert cell is None
            elif column.kind == "text":
                assert written == str(value)
                assert (cell or "") == str(value)
            else:
                assert float(written) == pytest.approx(float(value), abs=1e-9)
                assert cell == pytest.approx(float(value) * (100 if column.kind == "points" else 1))


@pytest.mark.parametrize("build", BUILDERS)
def test_every_exhibit_is_whole_in_both_languages(build, japanese: Context, english: Context) -> None:
    for context in (japanese, english):
        exhibit = build(context)
        assert exhibit.title
        assert exhibit.sentence
        assert exhibit.sources
        assert exhibit.figure is not None
        assert len(exhibit.table.rows)
        assert not any(label == "" for label, _ in metadata(exhibit, context, PROVENANCE))


def test_the_metadata_sheet_carries_source_settings_version_and_link(japanese: Context) -> None:
    exhibit = trends.trend(japanese, indicator_id="one_person_household_share")
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(exhibit, japanese, PROVENANCE))).worksheets[1]
    text = "\n".join(str(cell.value) for row in sheet for cell in row)
    assert "総務省統計局「国勢調査」" in text
    assert "indicator = one_person_household_share" in text
    assert japanese.store.version in text
    assert PROVENANCE.permalink in text


def test_a_sample_is_named_first(japanese: Context) -> None:
    exhibit = overtaken.overtaken(japanese)
    assert metadata(exhibit, japanese, Provenance("now", sample=True))[0][0] == "見本（架空）データ"


def test_a_cell_that_looks_like_a_formula_stays_text(japanese: Context) -> None:
    table = Table((Column("name", "name"),), pd.DataFrame({"name": ["=1+1", "@cmd", "普通"]}), "caption")
    exhibit = Exhibit("x", "t", "s", "w", ("source",), table)
    assert [row[0] for row in csv_rows(exhibit, japanese)[1:4]] == ["'=1+1", "'@cmd", "普通"]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(exhibit, japanese, PROVENANCE))).worksheets[0]
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(
    ("kind", "decimals", "value", "text"),
    [
        ("percent", 1, 0.37969771770188676, "38.0%"), ("percent", 1, 0.165, "16.5%"), ("count", 0, 55_704_949, "55,704,949"), ("year", 0, 2020, "2020"),
        ("points", 1, -0.028, "−2.8ポイント"), ("points", 1, 0.00001, "±0.0ポイント"), ("decimal", 2, 2.205, "2.21"), ("count", 0, 0, "0"),
        ("percent", 1, None, "未収録"), ("percent", 1, float("nan"), "未収録"),
    ],
)  # fmt: skip
def test_a_cell_is_shown_with_the_right_digits(kind: str, decimals: int, value: float | None, text: str) -> None:
    assert cell_text(Column("x", "x", kind, decimals), value, "ja", "未収録") == text
