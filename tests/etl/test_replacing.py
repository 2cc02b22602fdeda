"""A city's corrected table takes the place of the earlier one, part by part and in words; a bad one changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.store.database import Store
from catalog.folder import DataFolder
from etl.build import import_files
from etl.printing import map_lines
from etl.problems import EtlError
from etl.readers.geo_reading import GeoReading
from etl.replacing import Table, later_ones
from etl.report import BuildReport
from etl.sample_city import SAMPLE_CODE, write_sample
from tests.etl import sample_files
from tests.etl.readers.own_making import DISTRICTS, PLACES, SUPPORTERS, csv_file, figure, place, supporter

WITH_CODE = "市区町村コード"


def table(rank: int, rows: list[tuple[str | None, str, str, str]], name: str = "own.csv") -> Table:
    reading = GeoReading("own", "own", name, f"{name}{rank}", "places", 0, pd.DataFrame(), "", "", rank=rank)
    return Table(reading, pd.DataFrame(rows, columns=["municipality_code", "part", "key", "content"], dtype=object))


def test_the_later_table_counts_part_by_part_with_what_that_changed() -> None:
    old = table(1, [("31201", "居場所", "一", "a"), ("31201", "居場所", "二", "b"), ("31201", "居場所", "三", "c"), ("31201", "窓口", "一", "d")], "old.csv")
    new = table(2, [("31201", "居場所", "一", "a"), ("31201", "居場所", "二", "B"), ("31201", "居場所", "四", "e")], "new.csv")
    kept, (one,), clashes = later_ones([new, old])
    assert [rows.tolist() for rows in kept] == [[True, True, True], [False, False, False, True]]
    assert (one.added, one.removed, one.changed, one.same, one.is_whole, clashes) == (1, 1, 1, 1, False, [])
    assert one.text_ja == (
        "31201の居場所を、先に読み込んだold.csvからnew.csvに入れ替えました（追加1行、削除1行、変更1行、同じ1行）。先の表の残りは、そのまま使います。"
    )
    assert "new.csv took the place of the earlier old.csv (rows added 1, removed 1, changed 1, the same 1)" in one.text_en


def test_tables_that_came_together_clash_those_of_other_cities_do_not() -> None:
    one, other = table(1, [("31201", "居場所", "一", "a")], "a.csv"), table(1, [("31201", "居場所", "二", "b"), ("31202", "居場所", "二", "b")], "b.csv")
    _, replaced, (clash,) = later_ones([one, other])
    assert (clash.municipality_code, clash.part, clash.first.file, clash.second.file, replaced) == ("31201", "居場所", "a.csv", "b.csv", [])


def test_rows_of_an_unknown_city_are_replaced_one_by_one_and_never_clash() -> None:
    one, other = table(1, [(None, "窓口", "一", "a"), (None, "窓口", "二", "b")]), table(2, [(None, "窓口", "一", "c")])
    kept, (done,), clashes = later_ones([one, other])
    assert [rows.tolist() for rows in kept] == [[False, True], [True]]
    assert (done.changed, done.is_whole, clashes) == (1, False, [])
    assert later_ones([one, replace(other, reading=replace(other.reading, rank=1))])[2] == []


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.tuples(st.sampled_from(["1", "2"]), st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("mn")), max_size=6), max_size=4),
    st.randoms(use_true_random=False),
)
def test_every_part_is_that_of_its_latest_table_whatever_the_order(given_rows: list[list[tuple[str, str, str, str]]], shuffle: Random) -> None:
    tables = [table(rank, list(rows), f"{rank}.csv") for rank, rows in enumerate(given_rows, 1)]
    latest = {(code, part): rank for rank, rows in enumerate(given_rows, 1) for code, part, _, _ in rows}
    order = list(range(len(tables)))
    shuffle.shuffle(order)
    kept, replaced, clashes = later_ones([tables[number] for number in order])
    assert not clashes
    for number, rows in zip(order, kept, strict=True):
        assert rows.tolist() == [latest[code, part] == number + 1 for code, part, _, _ in given_rows[number]]
    for one in replaced:
        rank = int(one.old_file.removesuffix(".csv"))
        old = [row for row in given_rows[rank - 1] if row[0] == one.municipality_code and row[1] in one.parts]
        assert one.removed + one.changed + one.same == len(old) > 0
        assert one.is_whole == all(latest[code, part] > rank for code, part, _, _ in given_rows[rank - 1])


# The whole way -------------------------------------------------------------------------------------------------------


class City:
    """A small sample city that a user imported, and her tables of it: places, supporters and figures of two items."""

    def __init__(self, place_of_data: Path) -> None:
        self.files = place_of_data / "files"
        self.sample = place_of_data / "sample"
        for folder in (self.files, self.sample):
            folder.mkdir()
        write_sample(self.sample, districts=4, areas=60, seed=1)
        for path in self.sample.glob("own_*.csv"):
            path.unlink()
        self.schools = sample_files.districts(self.sample)["A27_004"].tolist()
        self.data = DataFolder(place_of_data / "data")

    def tables(self, name: str, *, visits: int, guests: int, helpers: int, more: bool) -> list[Path]:
        point = {"緯度": "32.0", "経度": "140.0"}
        places = [place(種別="相談窓口", 名称="窓口", 緯度="", 経度=""), place(名称="家", 定員=str(guests), **point)]
        if more:
            places.append(place(名称="新しい家", **point))
        rows = [figure(学校区=school, 項目="見守り", 人数=str(visits + number), 母数="900") for number, school in enumerate(self.schools)]
        rows += [figure(学校区=school, 項目="会員", 人数=str(50 + number), 母数="") for number, school in enumerate(self.schools)] if not more else []
        tables = {
            f"{name}_places.csv": (PLACES, places),
            f"{name}_people.csv": (SUPPORTERS, [supporter(学校区=self.schools[0], 人数=str(helpers)), supporter(学校区=self.schools[1], 人数="8")]),
            f"{name}_figures.csv": (DISTRICTS, rows),
        }
        return [csv_file(self.files / file, [*header, WITH_CODE], [[*row, SAMPLE_CODE] for row in lines]) for file, (header, lines) in tables.items()]

    def store(self) -> Store:
        path = self.data.database()
        assert path is not None
        return Store(path)

    def kept(self) -> list[str]:
        return sorted(path.name for path in (self.data.inbox / "kept").glob("*/*") if path.suffix == ".csv")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    made = City(tmp_path_factory.mktemp("replacing"))
    import_files(made.data, [made.sample, *made.tables("first", visits=40, guests=20, helpers=12, more=False)])
    return made


@pytest.fixture(scope="module")
def corrected(city: City) -> BuildReport:
    return import_files(city.data, city.tables("second", visits=60, guests=25, helpers=15, more=True))


def test_corrected_tables_of_all_kinds_take_the_place_of_the_earlier_ones(city: City, corrected: BuildReport) -> None:
    store = city.store()
    assert store.rows("SELECT people FROM supporter ORDER BY people") == [(8,), (15,)]
    assert store.rows("SELECT name_ja, capacity FROM place WHERE kind = 'ibasho' ORDER BY name_ja") == [("家", 25), ("新しい家", 20)]
    assert store.rows("SELECT count(*) FROM place_without_position") == [(1,)], "the telephone is not there twice"
    items = dict(store.rows("SELECT title_ja, indicator_id FROM indicator WHERE indicator_id LIKE 'own_%'"))
    assert set(items) == {"見守り", "会員"}, "what the new table does not speak of stays"
    query = "SELECT numerator FROM observation WHERE indicator_id = ? ORDER BY numerator"
    assert store.rows(query, [items["見守り"]]) == [(60,), (61,), (62,), (63,)]


def test_the_report_says_in_words_what_was_replaced(corrected: BuildReport) -> None:
    lines = "\n".join(map_lines(corrected, "ja"))
    assert "入れ替え: 99201の相談窓口、居場所を、先に読み込んだfirst_places.csvからsecond_places.csvに入れ替えました" in lines
    assert "（追加1行、削除0行、変更1行、同じ1行）" in lines
    assert "99201の研修年度2024を、先に読み込んだfirst_people.csvからsecond_people.csvに入れ替えました（追加0行、削除0行、変更1行、同じ1行）" in lines
    assert "99201の「見守り」（2024年）を、先に読み込んだfirst_figures.csvからsecond_figures.csvに入れ替えました" in lines
    assert "（追加0行、削除0行、変更4行、同じ0行）。先の表の残りは、そのまま使います。" in lines
    assert "first_places.csv:" not in lines, "a table that is not used is not said to be read"


def test_what_is_replaced_as_a_whole_is_not_kept_what_is_used_in_part_is(city: City, corrected: BuildReport) -> None:
    assert corrected.database
    assert [name for name in city.kept() if name.startswith("first")] == ["first_figures.csv"]
    assert len([name for name in city.kept() if name.startswith("second")]) == 3
    order = json.loads((city.data.inbox / "kept" / "order.json").read_text("utf-8"))
    assert sorted(order.values()) == [1, 1, 2, 2, 2]


@pytest.mark.parametrize("cell", [{"人数": "四十"}, {"学校区": "まちがい小学校"}])
def test_a_bad_correction_leaves_everything_as_it_was(city: City, corrected: BuildReport, tmp_path: Path, cell: dict[str, str]) -> None:
    bad = csv_file(tmp_path / "bad.csv", [*DISTRICTS, WITH_CODE], [[*figure(**{"学校区": city.schools[0], "項目": "見守り"} | cell), SAMPLE_CODE]])
    code = csv_file(tmp_path / "good.csv", [*SUPPORTERS, WITH_CODE], [[*supporter(学校区=city.schools[0], 人数="99"), SAMPLE_CODE]])
    if cell.get("学校区"):
        # In the fictional city a district that it has not is an example row, so another city has to be the wrong one.
        bad = csv_file(tmp_path / "bad.csv", [*DISTRICTS, WITH_CODE], [[*figure(項目="見守り", **cell), "31201"]])
    before = {path: path.read_bytes() for path in city.data.root.rglob("*") if path.is_file() and path.suffix != ".lock"}
    with pytest.raises(EtlError):
        import_files(city.data, [code, bad])
    assert {path: path.read_bytes() for path in city.data.root.rglob("*") if path.is_file() and path.suffix != ".lock"} == before
    assert city.data.database() == city.data.root / corrected.database


def test_what_is_kept_gives_the_same_database_and_the_same_table_again_is_the_latest(city: City, corrected: BuildReport) -> None:
    again = import_files(city.data, [path for path in sorted(city.files.iterdir()) if path.name == "second_people.csv"])
    assert again.content_hash == corrected.content_hash
    assert [one["old_file"] for one in again.replaced] == ["first_figures.csv"], "what is used in part only is told at every build"
    order = json.loads((city.data.inbox / "kept" / "order.json").read_text("utf-8"))
    assert sorted(order.values()) == [1, 1, 2, 2, 3]
