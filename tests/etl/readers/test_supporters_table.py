"""A city's own table of つながりサポーター: what is taken, what is refused, and above all no names of persons."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.readers.geo_reading import SUPPORTER_COLUMNS, Member
from etl.readers.maps import MAP_READERS
from etl.readers.supporters_table import SUPPORTERS_TABLE
from tests.etl.readers.own_making import SUPPORTERS, csv_file, read_one, refused, supporter, xlsx_file
from tests.etl.readers.small_area_making import said

ROOT = Path(__file__).resolve().parents[3]
ROWS = [
    supporter(),
    supporter(研修年度="令和5年度", 人数="1,200"),
    supporter(学校区="", 町字="本町一丁目", 人数="３"),
    supporter(学校区="西小学校", 研修年度=""),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_districts_towns_people_and_years_are_read_as_written(tmp_path: Path, encoding: str) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", SUPPORTERS, ROWS, encoding))
    assert (reading.reader, reading.source_id, reading.kind, reading.is_sample) == ("own_supporters_table", "own_supporters", "supporters", False)
    assert list(reading.frame.columns) == SUPPORTER_COLUMNS
    assert reading.frame.to_numpy().tolist() == [
        [None, "東小学校", None, 12, 2024, 2], [None, "東小学校", None, 1200, 2023, 3], [None, None, "本町一丁目", 3, 2024, 4],
        [None, "西小学校", None, 12, None, 5],
    ]  # fmt: skip
    assert "研修年度の無い行が1" in said(reading)
    assert "4行、1,227人" in reading.understood_ja


def test_a_workbook_with_columns_in_another_order_and_a_code_is_read(tmp_path: Path) -> None:
    header = ["研修年度", "人数", "市区町村コード", "学校区", "曜日"]
    reading = read_one(xlsx_file(tmp_path / "any.xlsx", header, [[2024, 12, "312011", "東小学校", "月"]]))
    assert reading.frame.iloc[0].tolist() == ["31201", "東小学校", None, 12, 2024, 2]
    assert "読まなかった列: 曜日" in said(reading)


BROKEN = [
    ({"人数": "約10人"}, "人数", "not a number (数ではありません); found '約10人'"),
    ({"人数": ""}, "人数", "not a number"),
    ({"人数": "-1"}, "人数", "not a number"),
    ({"人数": "2.5"}, "人数", "not a number"),
    ({"研修年度": "去年"}, "研修年度", "is no year (年度として読めません); found '去年'"),
    ({"研修年度": "令和60000"}, "研修年度", "is no year"),
    ({"学校区": "", "町字": ""}, "学校区、町字", "どちらも空欄です"),
]


@pytest.mark.parametrize(("changes", "column", "words"), BROKEN)
def test_a_broken_cell_refuses_the_table_with_row_and_column(tmp_path: Path, changes: dict[str, object], column: str, words: str) -> None:
    ((row, where, sentence),) = refused(csv_file(tmp_path / "any.csv", SUPPORTERS, [supporter(学校区="西小学校"), supporter(**changes)]))
    assert (row, where) == (3, column)
    assert words in sentence
    assert "ください" in sentence


def test_the_same_place_and_year_twice_is_refused_for_nobody_knows_which_is_right(tmp_path: Path) -> None:
    ((row, _, sentence),) = refused(csv_file(tmp_path / "any.csv", SUPPORTERS, [supporter(), supporter(人数="3")]))
    assert row == 3
    assert "2行目と同じ場所・年度です" in sentence
    assert "合計して1行に" in sentence


@pytest.mark.parametrize("column", ["氏名", "サポーター氏名", "電話番号", "生年月日", "メールアドレス", "E-mail"])
def test_a_table_that_tells_who_somebody_is_is_refused(tmp_path: Path, column: str) -> None:
    ((_, where, sentence),) = refused(csv_file(tmp_path / "any.csv", [*SUPPORTERS, column], [[*supporter(), "x"]]))
    assert where is not None
    assert "個人がわかる列があります" in sentence
    assert "人数だけに" in sentence


def test_a_wrong_code_and_a_table_without_rows_are_refused(tmp_path: Path) -> None:
    assert "市区町村コードではありません" in refused(csv_file(tmp_path / "a.csv", [*SUPPORTERS, "市区町村コード"], [[*supporter(), "鳥取市"]]))[0][2]
    assert "見出しの下に行がありません" in refused(csv_file(tmp_path / "b.csv", SUPPORTERS, []))[0][2]


def test_the_template_is_read_as_a_sample_by_this_reader_alone() -> None:
    path = ROOT / "data" / "templates" / "supporters.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    reading = read_one(path)
    assert reading.is_sample
    assert reading.frame[["people", "training_year"]].to_numpy().tolist() == [[12, 2024], [5, 2024]]
    assert [reader.id for reader in MAP_READERS if reader.claims([Member(path.name, path)])] == ["own_supporters_table"]


def test_the_reader_says_that_it_has_not_met_a_real_file() -> None:
    assert not SUPPORTERS_TABLE.tried_on_real_file
