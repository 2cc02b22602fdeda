"""A city's own table of places: every way to write it that is taken, every one that is refused, and what is told."""

from __future__ import annotations

import datetime
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.problems import EtlError
from etl.readers.geo_reading import PLACE_COLUMNS, Member
from etl.readers.maps import MAP_READERS, read_maps
from etl.readers.own_table import coordinate, fiscal_year, iso_date, whole_number
from etl.readers.places_table import PLACES_TABLE
from tests.etl.readers.own_making import PLACES, csv_file, place, read_one, refused, xlsx_file
from tests.etl.readers.small_area_making import said

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = {
    "居場所": "ibasho", "通いの場": "kayoi_no_ba", "相談窓口": "consultation", "こども食堂": "childrens_cafeteria", "子ども食堂": "childrens_cafeteria",
    "会員団体": "member_organisation", "公民館": "community_centre", "移動図書館": "other_place",
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ","), ("cp932", ","), ("utf-16", "\t"), ("utf-8", "\t")])
def test_a_table_is_read_in_every_encoding_offices_use(tmp_path: Path, encoding: str, delimiter: str) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", PLACES, [place()], encoding, delimiter))
    assert (reading.reader, reading.source_id, reading.kind, reading.is_sample) == ("own_places_table", "own_places", "places", False)
    assert list(reading.frame.columns) == [*PLACE_COLUMNS, "kind_ja"]
    row = reading.frame.iloc[0]
    assert row[["kind", "name_ja", "address", "operator", "capacity", "opened", "note", "kind_ja"]].tolist() == [
        "ibasho", "ひだまりの家", "見本市本町1-1", "見本の会", 20, "2021-04-01", None, "居場所",
    ]  # fmt: skip
    assert (row.geometry.x, row.geometry.y) == (134.2378, 35.4976)
    assert reading.frame.crs == "EPSG:6668"


def test_the_first_sheet_of_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    row = place(緯度=35.4976, 経度=134.2378, 定員=20, 開設日=datetime.datetime(2021, 4, 1))
    reading = read_one(xlsx_file(tmp_path / "any.xlsx", PLACES, [row, [None] * 9]))
    assert len(reading.frame) == 1
    assert reading.frame.iloc[0][["capacity", "opened"]].tolist() == [20, "2021-04-01"]


def test_columns_stand_in_any_order_and_unknown_ones_are_told_and_not_read(tmp_path: Path) -> None:
    header, row = ["利用料", *PLACES[::-1]], ["無料", *place()[::-1]]
    reading = read_one(csv_file(tmp_path / "any.csv", header, [row]))
    assert reading.frame.iloc[0]["name_ja"] == "ひだまりの家"
    assert "読まなかった列: 利用料" in said(reading)


def test_columns_that_may_be_empty_may_be_missing_too(tmp_path: Path) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", ["名称", "種別", "緯度", "経度"], [["家", "居場所", "35.5", "134.2"]]))
    assert reading.frame.iloc[0][["address", "operator", "capacity", "opened", "note"]].isna().all()


@pytest.mark.parametrize(("word", "kind"), KINDS.items())
def test_each_kind_has_its_id_and_keeps_its_word(tmp_path: Path, word: str, kind: str) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", PLACES, [place(種別=word)]))
    assert reading.frame.iloc[0][["kind", "kind_ja"]].tolist() == [kind, word]
    assert ("決められた言葉にない種別が1件あります（移動図書館）" in said(reading)) == (kind == "other_place")


def test_a_row_without_coordinates_is_kept_counted_and_listed_as_not_placed(tmp_path: Path) -> None:
    rows = [place(), place(種別="相談窓口", 名称="よりそい電話", 緯度="", 経度="")]
    reading = read_one(csv_file(tmp_path / "any.csv", PLACES, rows))
    assert reading.frame.geometry.isna().tolist() == [False, True]
    assert "緯度・経度の無い1件" in said(reading)
    assert "未配置" in said(reading)
    assert "よりそい電話（3行目）" in said(reading)
    assert "not placed on the map: 1 (よりそい電話 (row 3))" in said(reading)
    assert "うち地図に載るもの1件" in reading.understood_ja


def test_a_table_of_windows_by_telephone_alone_is_read(tmp_path: Path) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", PLACES, [place(緯度="", 経度="")]))
    assert reading.frame.geometry.isna().all()


def test_rows_said_twice_count_once_and_are_told_rows_that_differ_stay(tmp_path: Path) -> None:
    reading = read_one(csv_file(tmp_path / "any.csv", PLACES, [place(), place(), place(定員="30")]))
    assert reading.frame["capacity"].tolist() == [20, 30]
    assert "ひだまりの家（3行目は2行目と同じ）" in said(reading)
    assert "同じ種別と名称で内容の違う行があります（ひだまりの家）" in said(reading)


BROKEN = [
    ({"定員": "約20人"}, "定員", "not a number (数ではありません); found '約20人'"),
    ({"定員": "-3"}, "定員", "not a number"),
    ({"緯度": "北緯35度"}, "緯度", "not a number (数ではありません); found '北緯35度'"),
    ({"経度": "134,2378"}, "経度", "not a number"),
    ({"緯度": "134.2378", "経度": "35.4976"}, "緯度、経度", "緯度と経度が逆のようです"),
    ({"緯度": "51.5", "経度": "-0.12"}, "緯度、経度", "outside Japan (日本の範囲の外です); found '緯度 51.5、経度 -0.12'; expected 緯度 20-46、経度 122-155"),
    ({"緯度": "0", "経度": "0"}, "緯度、経度", "outside Japan"),
    ({"緯度": ""}, "緯度", "片方だけが空欄です"),
    ({"開設日": "令和3年度"}, "開設日", "is no date (日付として読めません); found '令和3年度'; expected a day such as 2021-04-01, 2021/4/1 or 令和3年4月1日"),
    ({"開設日": "2021-02-30"}, "開設日", "is no date"),
    ({"開設日": "44287"}, "開設日", "is no date"),
    ({"種別": ""}, "種別", "the cell is empty (空欄です)"),
    ({"名称": ""}, "名称", "the cell is empty (空欄です)"),
]


@pytest.mark.parametrize(("changes", "column", "words"), BROKEN)
def test_a_broken_cell_refuses_the_table_and_says_file_row_column_found_and_next_step(
    tmp_path: Path, changes: dict[str, object], column: str, words: str
) -> None:
    ((row, where, sentence),) = refused(csv_file(tmp_path / "place.csv", PLACES, [place(名称="正しい行"), place(**changes)]))
    assert (row, where) == (3, column)
    assert sentence.startswith(f"place.csv, row 3, column {column}: ")
    assert words in sentence
    assert "ください" in sentence


def test_all_problems_of_a_table_stand_in_one_report(tmp_path: Path) -> None:
    found = refused(csv_file(tmp_path / "any.csv", PLACES, [place(定員="多い", 開設日="春"), place(緯度="x", 経度="y")]))
    assert [(row, column) for row, column, _ in found] == [(2, "定員"), (2, "開設日"), (3, "緯度"), (3, "経度")]


def test_a_code_that_is_none_and_columns_that_are_missing_or_twice_are_refused(tmp_path: Path) -> None:
    assert "市区町村コードではありません" in refused(csv_file(tmp_path / "a.csv", [*PLACES, "市区町村コード"], [[*place(), "31"]]))[0][2]
    assert [one[1] for one in refused(csv_file(tmp_path / "b.csv", ["種別", "名称", "所在地", "団体"], [["居場所", "家", "", ""]]))] == ["緯度", "経度"]
    assert "同じ列が2つあります" in refused(csv_file(tmp_path / "c.csv", [*PLACES, "名称"], [[*place(), "別名"]]))[0][2]
    assert "見出しより長い行です" in refused(csv_file(tmp_path / "d.csv", PLACES, [[*place(), "余分"]]))[0][2]
    assert "見出しの下に行がありません" in refused(csv_file(tmp_path / "e.csv", PLACES, []))[0][2]


def test_the_municipality_code_may_be_said_and_a_fictional_one_makes_it_a_sample(tmp_path: Path) -> None:
    header = [*PLACES, "市区町村コード"]
    real = read_one(csv_file(tmp_path / "a.csv", header, [[*place(), "312011"], [*place(名称="b"), ""]]))
    assert real.frame["municipality_code"].tolist() == ["31201", None]
    assert not real.is_sample
    assert read_one(csv_file(tmp_path / "b.csv", header, [[*place(), "99201"]])).is_sample
    assert not read_one(csv_file(tmp_path / "c.csv", header, [[*place(), "99201"], [*place(名称="b"), "31201"]])).is_sample


def test_the_template_is_read_as_a_sample_by_this_reader_alone(tmp_path: Path) -> None:
    path = ROOT / "data" / "templates" / "places.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    reading = read_one(path)
    assert reading.is_sample
    assert reading.frame["name_ja"].str.startswith("記入例").all()
    assert reading.frame.geometry.isna().tolist() == [False, True]
    assert [reader.id for reader in MAP_READERS if reader.claims([Member(path.name, path)])] == ["own_places_table"]


def test_open_data_lists_are_left_to_their_own_reader(tmp_path: Path) -> None:
    header = ["全国地方公共団体コード", "種別", "名称", "緯度", "経度", "定員", "団体"]
    path = csv_file(tmp_path / "any.csv", header, [["312011", "公民館", "館", "35.5", "134.2", "5", ""]])
    assert read_one(path).reader == "open_data_public_facilities"
    older = csv_file(tmp_path / "older.csv", ["市区町村コード", "種別", "名称", "緯度", "経度"], [["312011", "公民館", "館", "35.5", "134.2"]])
    assert read_one(older).reader == "open_data_public_facilities"


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2021-04-01", "2021-04-01"), ("2021/4/1", "2021-04-01"), ("2021年4月1日", "2021-04-01"), ("令和3年4月1日", "2021-04-01"),
     ("令和元年5月1日", "2019-05-01"), ("平成31年4月30日", "2019-04-30"), ("昭和64年1月7日", "1989-01-07"), ("２０２１/４/１", "2021-04-01"),
     ("平成元年1月8日", "1989-01-08"),
     ("平成31年5月1日", None), ("令和元年4月30日", None), ("2021/13/1", None), ("2021", None), ("21/4/1", None), ("", None), ("2023-02-29", None),
     ("0021-04-01", None)],
)  # fmt: skip
def test_days_are_read_in_the_forms_offices_use_and_only_where_the_calendar_has_them(cell: str, day: str | None) -> None:
    assert iso_date(cell) == day


@given(st.dates(datetime.date(2019, 5, 1), datetime.date(2099, 12, 31)))
def test_every_day_since_2019_is_the_same_in_all_forms(day: datetime.date) -> None:
    forms = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"令和{day.year - 2018 if day.year > 2019 else '元'}年{day.month}月{day.day}日",
    )
    assert {iso_date(form) for form in forms} == {day.isoformat()}


def test_numbers_and_years_take_full_width_digits_and_nothing_vague() -> None:
    assert [whole_number(cell) for cell in ("20", "２０", "1,200", "0")] == [20, 20, 1200, 0]
    assert not any(whole_number(cell) for cell in ("2.5", "20人", "", "12,34", "9999999"))
    assert [coordinate(cell) for cell in ("35.5", "３５．５", "35", "35.5.1", "35°", "1e2", "nan")] == [35.5, 35.5, 35.0, None, None, None, None]
    assert [fiscal_year(cell) for cell in ("2024", "2024年度", "令和6年度", "令和元", "平成31年度", "平成32年度", "24", "近年")] == [
        2024, 2024, 2024, 2019, 2019, None, None, None,
    ]  # fmt: skip


@SETTINGS
@given(content=st.binary(max_size=300))
def test_any_bytes_below_the_header_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(",".join(PLACES).encode() + b"\r\n" + content)
    with suppress(EtlError):
        assert [reading.kind for reading in read_maps(path)] == ["places"]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return xlsx_file(tmp_path_factory.mktemp("workbook") / "good.xlsx", PLACES, [place()]).read_bytes()


@SETTINGS
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, workbook: bytes, damage: list[tuple[float, int]]) -> None:
    content = bytearray(workbook)
    for where, byte in damage:
        content[int(where * len(content))] = byte
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(content)
    member = (Member(path.name, path),)
    with suppress(EtlError):
        assert PLACES_TABLE.read(member)[0].kind == "places"
    assert PLACES_TABLE.claims(member) in ([], [member])


def test_the_reader_says_that_it_has_not_met_a_real_file() -> None:
    assert not PLACES_TABLE.tried_on_real_file
