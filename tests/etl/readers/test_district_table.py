"""A city's own figures by school district: what is taken, and what refuses the whole table in one report."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.readers.district_table import DISTRICT_TABLE
from etl.readers.geo_reading import DISTRICT_FIGURE_COLUMNS, Member
from etl.readers.maps import MAP_READERS
from tests.etl.readers.own_making import DISTRICTS, csv_file, figure, read_one, refused, xlsx_file
from tests.etl.readers.small_area_making import said

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_several_items_years_and_the_sum_of_the_city_are_read_as_written(tmp_path: Path, encoding: str) -> None:
    rows = [
        figure(),
        figure(年="令和5年度", 人数="1,200", 母数="１５００"),
        figure(学校区="合計", 人数="90", 母数="900"),
        figure(項目="会員数", 人数="7", 母数="", 単位="人"),
    ]
    reading = read_one(csv_file(tmp_path / "any.csv", DISTRICTS, rows, encoding))
    assert (reading.reader, reading.source_id, reading.kind, reading.year, reading.is_sample) == (
        "own_district_table", "own_districts", "district_figures", 2024, False,
    )  # fmt: skip
    assert list(reading.frame.columns) == DISTRICT_FIGURE_COLUMNS
    held = reading.frame[["district_text", "year", "item", "people", "line"]].to_numpy().tolist()
    assert held == [
        ["東小学校", 2024, "見守りを望む人", 35, 2], ["東小学校", 2023, "見守りを望む人", 1200, 3], [None, 2024, "見守りを望む人", 90, 4],
        ["東小学校", 2024, "会員数", 7, 5],
    ]  # fmt: skip
    assert reading.frame["base"].fillna(-1).tolist() == [420, 1500, 900, -1]
    assert "2項目、2023-2024年、4行" in reading.understood_ja


def test_a_workbook_with_values_instead_of_people_and_columns_in_another_order(tmp_path: Path) -> None:
    header = ["値", "項目", "年", "学校区", "市区町村コード", "担当"]
    reading = read_one(xlsx_file(tmp_path / "any.xlsx", header, [[12, "相談の件数", 2024, "東小学校", "312011", "x"]]))
    assert reading.frame.iloc[0][["municipality_code", "district_text", "people"]].tolist() == ["31201", "東小学校", 12]
    assert "読まなかった列: 担当" in said(reading)


BROKEN = [
    ({"人数": "約10人"}, "人数", "数ではありません"),
    ({"人数": "X"}, "人数", "leave the whole row out"),
    ({"人数": ""}, "人数", "数ではありません"),
    ({"人数": "-1"}, "人数", "数ではありません"),
    ({"人数": "2.5"}, "人数", "数ではありません"),
    ({"母数": "多数"}, "母数", "数ではありません"),
    ({"人数": "421"}, "人数、母数", "人数が母数より多くなっています); found '421 / 420'"),
    ({"年": "去年"}, "年", "年として読めません"),
    ({"学校区": ""}, "学校区", "空欄です"),
    ({"項目": ""}, "項目", "名前として使えません"),
    ({"項目": "=HYPERLINK(1)"}, "項目", "名前として使えません"),
    ({"項目": "<b>x</b>"}, "項目", "名前として使えません"),
    ({"項目": "長" * 61}, "項目", "at most 60"),
]


@pytest.mark.parametrize(("changes", "column", "words"), BROKEN)
def test_a_broken_cell_refuses_the_table_with_row_and_column(tmp_path: Path, changes: dict[str, object], column: str, words: str) -> None:
    ((row, where, sentence),) = refused(csv_file(tmp_path / "any.csv", DISTRICTS, [figure(学校区="西小学校"), figure(**changes)]))
    assert (row, where) == (3, column)
    assert words in sentence
    assert "ください" in sentence


def test_all_problems_stand_in_one_report(tmp_path: Path) -> None:
    rows = [figure(人数="X"), figure(年="x"), figure(), figure(人数="9"), figure(学校区="西小学校", 母数=""), figure(学校区="北小学校", 単位="件")]
    found = refused(csv_file(tmp_path / "any.csv", DISTRICTS, [*rows, figure(学校区="南小学校", 単位="世帯")]))
    assert [row for row, _, _ in found] == [2, 3, 4, 5, 6, 8]
    assert "同じ校区・年・項目です" in found[2][2]
    assert "同じ項目の2行目には母数があります" in found[4][2]
    assert "7行目と単位が違います" in found[5][2]


def test_both_number_columns_filled_in_are_refused(tmp_path: Path) -> None:
    ((_, column, sentence),) = refused(csv_file(tmp_path / "any.csv", ["学校区", "年", "項目", "人数", "値"], [["東小学校", "2024", "件数", "3", "3"]]))
    assert (column, "両方に書かれています" in sentence) == ("人数、値", True)


@pytest.mark.parametrize("column", ["氏名", "電話番号", "生年月日", "メールアドレス"])
def test_a_table_that_tells_who_somebody_is_is_refused(tmp_path: Path, column: str) -> None:
    ((_, where, sentence),) = refused(csv_file(tmp_path / "any.csv", [*DISTRICTS, column], [[*figure(), "x"]]))
    assert where == column
    assert "個人がわかる列があります" in sentence


def test_words_of_a_reading_say_no_number_of_a_cell(tmp_path: Path) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", DISTRICTS, [figure(人数="3", 母数="777"), figure(学校区="西小学校", 人数="888", 母数="999")]))
    words = f"{reading.understood_ja}{reading.understood_en}{said(reading)}"
    assert not any(number in words for number in ("777", "888", "999"))


def test_the_template_is_read_as_a_sample_by_this_reader_alone() -> None:
    path = ROOT / "data" / "templates" / "districts.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    reading = read_one(path)
    assert reading.is_sample
    assert reading.frame[["district_text", "people", "base"]].fillna("-").to_numpy().tolist() == [["記入例小学校（架空）", 35, 420], ["-", 1250, 15800]]
    assert [reader.id for reader in MAP_READERS if reader.claims([Member(path.name, path)])] == ["own_district_table"]


def test_the_reader_says_that_it_has_not_met_a_real_file() -> None:
    assert not DISTRICT_TABLE.tried_on_real_file
