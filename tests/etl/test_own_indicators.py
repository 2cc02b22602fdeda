"""A city's own figures find their districts, small numbers go before anything is kept, and nothing kept tells one hidden number from another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from etl.geography import Geography
from etl.own_indicators import add_own_indicators, indicator_id
from etl.placing import add_points
from etl.problems import EtlError
from tests.etl.readers.own_making import csv_file, read_one
from tests.etl.test_placing import SAMPLE, TOTTORI, YONAGO, city

HEADER = ("学校区", "年", "項目", "人数", "母数", "単位", "市区町村コード")
SCHOOLS = ("一小学校", "二小学校", "三小学校", "四小学校", "五小学校")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def loaded() -> Geography:
    found = Geography()
    city(found, TOTTORI, {name: f"B{number}" for number, name in enumerate(SCHOOLS)}, 0)
    city(found, YONAGO, {"北小学校": "B1", "一小学校": "B2"}, 0.1)
    city(found, SAMPLE, {"見本小学校": "B1"}, 0.2)
    add_points(found)
    return found


def row(school: str, people: object, base: object = "", item: str = "見守り", year: int = 2024, code: str = TOTTORI) -> list[object]:
    return [school, year, item, people, base, "", code]


def item_rows(people: Sequence[object], bases: Sequence[object] = (), total: object = None, item: str = "見守り") -> list[list[object]]:
    rows = [row(school, one, base, item) for school, one, base in zip(SCHOOLS, people, bases or [""] * len(people), strict=False)]
    return rows if total is None else [*rows, row("合計", total, sum(bases) if bases else "", item)]


def kept(found: Geography, tmp_path: Path, *tables: Sequence[Sequence[object]]) -> pd.DataFrame:
    readings = [read_one(csv_file(tmp_path / f"own{number}.csv", HEADER, rows)) for number, rows in enumerate(tables)]
    found.datasets = [{"sha256": one.sha256, "reader": one.reader, "municipalities": []} for one in readings]
    add_own_indicators(found, readings)
    return pd.concat(found.observations, ignore_index=True)


def cells(rows: pd.DataFrame, item: str = "見守り", column: str = "value") -> Mapping[str, float]:
    own = rows[rows["indicator_id"] == indicator_id(item)]
    return dict(zip(own["area_code"].str.removeprefix(f"{TOTTORI}-"), own[column].fillna(-1.0), strict=True))


def test_an_item_is_an_indicator_of_its_own_with_the_words_of_the_table(loaded: Geography, tmp_path: Path) -> None:
    rows = kept(loaded, tmp_path, [row("一小", 40, 200, "見守り 希望"), row("二小学校区", 12, "", "会員")])
    share, count = sorted(loaded.indicators, key=lambda one: one.kind, reverse=True)
    assert (share.id, share.kind, share.title_ja, share.unit_ja, share.levels) == (
        "own_" + hashlib.sha256("見守り希望".encode()).hexdigest()[:8], "share", "見守り 希望", "％", ("school_district",),
    )  # fmt: skip
    assert (count.kind, count.unit_ja, count.caution_ja) == ("count", "人", "市区町村の独自の集計です。")
    assert rows[["area_code", "value", "numerator", "denominator", "status", "source_id"]].fillna(-1).to_numpy().tolist() == [
        [f"{TOTTORI}-B0", 0.2, 40, 200, "observed", "own_districts"], [f"{TOTTORI}-B1", 12, -1, -1, "observed", "own_districts"],
    ]  # fmt: skip


def test_the_city_has_its_own_row_and_a_zero_is_a_figure(loaded: Geography, tmp_path: Path) -> None:
    rows = kept(loaded, tmp_path, item_rows([40, 0, 30, 20, 10], [200, 100, 90, 100, 100], 100))
    assert cells(rows) == {"B0": 0.2, "B1": 0.0, "B2": pytest.approx(1 / 3), "B3": 0.2, "B4": 0.1, TOTTORI: pytest.approx(100 / 590)}


def test_one_to_four_go_with_one_more_cell_and_keep_no_value_only_the_base(loaded: Geography, tmp_path: Path) -> None:
    rows = kept(loaded, tmp_path, item_rows([40, 3, 30, 6, 10], [200, 100, 90, 80, 100], 89))
    hidden = rows[rows["status"] == "suppressed"]
    assert set(hidden["area_code"]) == {f"{TOTTORI}-B1", f"{TOTTORI}-B3"}
    assert hidden[["value", "numerator"]].isna().all(axis=None)
    assert hidden["denominator"].tolist() == [100, 80]
    assert hidden["reason_ja"].nunique() == 1
    assert cells(rows)[TOTTORI] == pytest.approx(89 / 570)


def test_the_sum_of_the_city_counts_as_known_even_without_a_row_for_it(loaded: Geography, tmp_path: Path) -> None:
    assert [code for code, value in cells(kept(loaded, tmp_path, item_rows([40, 3, 30, 6, 10]))).items() if value < 0] == ["B1", "B3"]


def test_a_small_sum_of_the_city_is_hidden_too(loaded: Geography, tmp_path: Path) -> None:
    assert cells(kept(loaded, tmp_path, item_rows([1, 0, 2, 0, 0], (), 3))) == {"B0": -1, "B1": 0, "B2": -1, "B3": 0, "B4": 0, TOTTORI: -1}


def test_a_base_of_one_to_four_is_hidden_with_its_number_and_another_base(loaded: Geography, tmp_path: Path) -> None:
    rows = kept(loaded, tmp_path, item_rows([40, 0, 30, 6, 10], [200, 3, 90, 8, 100], 86))
    assert {code for code, value in cells(rows, column="denominator").items() if value < 0} == {"B1", "B3"}
    assert {code for code, value in cells(rows).items() if value < 0} == {"B1", "B3"}


def test_items_that_add_up_are_hidden_together_even_from_several_tables(loaded: Geography, tmp_path: Path) -> None:
    men, women = [3, 20, 9, 40, 25], [10, 30, 50, 12, 31]
    both = [one + other for one, other in zip(men, women, strict=True)]
    rows = kept(loaded, tmp_path, item_rows(men, (), sum(men), "男"), [*item_rows(women, (), sum(women), "女"), *item_rows(both, (), sum(both), "計")])
    hidden = {item: {code for code, value in cells(rows, item).items() if value < 0} for item in ("男", "女", "計")}
    assert "B0" in hidden["男"]
    assert "B0" in hidden["女"] | hidden["計"]
    assert sum(len(codes) for codes in hidden.values()) == 4


def test_an_item_and_its_rest_of_one_base_are_hidden_together(loaded: Geography, tmp_path: Path) -> None:
    bases = [100, 90, 80, 70, 60]
    yes, no = [3, 40, 30, 9, 20], [97, 50, 50, 61, 40]
    rows = kept(loaded, tmp_path, [*item_rows(yes, bases, sum(yes), "はい"), *item_rows(no, bases, sum(no), "いいえ")])
    assert [{code for code, value in cells(rows, item).items() if value < 0} for item in ("はい", "いいえ")] == [{"B0", "B4"}, {"B0", "B4"}]


@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_whatever_the_hidden_numbers_are_all_that_is_kept_is_the_same(tmp_path: Path, first: int) -> None:
    """Proof by twins: 3 + 6 and every other pair with the sum of 9 leave the same rows, words, indicators and hashes behind."""

    def everything(numbers: Sequence[int], folder: Path) -> tuple[object, ...]:
        folder.mkdir()
        found = Geography()
        city(found, TOTTORI, {name: f"B{number}" for number, name in enumerate(SCHOOLS)}, 0)
        add_points(found)
        rows = kept(found, folder, item_rows(numbers, [200, 100, 90, 80, 100], 109))
        return rows.to_csv(), found.indicators, found.remarks, found.datasets

    told = everything([40, 3, 30, 6, 30], tmp_path / "one")
    assert everything([40, first, 30, 9 - first, 30], tmp_path / "other") == told
    assert everything([40, 3, 31, 6, 29], tmp_path / "third") != told, "what is shown does make a difference"


def test_the_remark_counts_hidden_districts_without_saying_which_are_small(loaded: Geography, tmp_path: Path) -> None:
    kept(loaded, tmp_path, item_rows([40, 3, 30, 6], (), 79))
    told = "\n".join(str(remark["text_ja"]) for remark in loaded.remarks)
    assert "「見守り」（2024年）: 2校区の値を秘匿しました" in told
    assert "表に無い小学校区があります（5校区のうち1）" in told


REFUSED = [
    ([row("まちがい小", 9), row("一小", 9)], "その小学校区がありません", "まちがい小"),
    ([row("一小", 9, code="31203")], "小学校区が読み込まれていません", "31203"),
    ([row("一小", 9), row("一小学校区", 9)], "同じ校区が別の書き方で2回あります", "一小学校区"),
    ([row("一小", 9), row("合計", 8)], "合計の行が校区の合計より小さくなっています", "at least 9"),
    ([row("一小", 9, code="")], "同じ名前が複数の市区町村にあります", "31201、31202"),
    ([row("二小", 9), row("北小学校", 9, code=YONAGO), row("合計", 30, code="")], "どの市区町村の合計かわかりません", "合計"),
]


@pytest.mark.parametrize(("rows", "words", "found"), REFUSED)
def test_rows_that_fit_nothing_refuse_the_table(loaded: Geography, tmp_path: Path, rows: list[list[object]], words: str, found: str) -> None:
    with pytest.raises(EtlError) as caught:
        kept(loaded, tmp_path, rows)
    report = caught.value.report()
    assert words in report
    assert found in report
    assert "own0.csv, row" in report


def test_two_tables_of_one_item_and_year_and_a_share_that_is_a_count_elsewhere_are_refused(loaded: Geography, tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="同じ項目と年が2つの表にあります"):
        kept(loaded, tmp_path, [row("一小", 9)], [row("二小", 9)])
    with pytest.raises(EtlError, match="母数のある表と無い表"):
        kept(loaded, tmp_path, [row("一小", 9)], [row("二小", 9, 90, year=2023)])
    assert len(kept(loaded, tmp_path, [row("一小", 9)], [row("二小", 9, year=2023)])) == 2


def test_the_template_s_example_rows_leave_nothing_but_a_remark(loaded: Geography) -> None:
    reading = read_one(ROOT / "data" / "templates" / "districts.csv")
    add_own_indicators(loaded, [reading])
    assert not loaded.indicators
    assert not loaded.observations
    assert "記入例の行を2読み飛ばしました" in str(loaded.remarks)


def test_the_database_s_hash_of_a_table_could_confirm_no_guess(loaded: Geography, tmp_path: Path) -> None:
    kept(loaded, tmp_path, item_rows([40, 3, 30, 6, 10]))
    assert loaded.datasets[0]["sha256"] != hashlib.sha256((tmp_path / "own0.csv").read_bytes()).hexdigest()
    assert loaded.datasets[0]["municipalities"] == [TOTTORI]
