"""Districts from a list of 町字: names compared as people write them, nothing guessed, and what is left out told by name and people."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.apportion import apportion
from etl.place_names import kanji, number, town_name, towns_of
from etl.town_lists import ListedDistricts, assigned, districts_of_list
from tests.etl.listing import entries, side_by_side

EAST, WEST = "東小学校", "西小学校"


def made(people: dict[str, float], rows: list[tuple[str, str, str | None]], gaps: tuple[int, ...] = (), city: str = "") -> ListedDistricts:
    return districts_of_list(entries(rows), side_by_side(people, gaps), city, 2020)


def held(found: ListedDistricts, people: dict[str, float]) -> dict[str, str]:
    """Small area -> school, of those that are in a district."""
    schools = found.districts["school_name"].tolist()
    names = {f"99201{place:04d}00": name for place, name in enumerate(people)}
    return {names[key]: schools[at] for key, at in found.target.items()}


def said(found: ListedDistricts) -> str:
    return "\n".join(remark.text_ja for remark in found.remarks)


@pytest.mark.parametrize(
    ("area", "town"),
    [
        ("本町一丁目", "本町１丁目"), ("本町十二丁目", "本町 12丁目"), ("大字若葉", "若葉"), ("若葉", "大字若葉"), ("字浜", "浜"), ("桜ケ丘", "桜ヶ丘"),
        ("旭ケ丘北町一丁", "旭ヶ丘北町1丁"), ("北一条西二丁目", "北1条西2丁目"), ("一番町", "１番町"), ("若葉", "若葉全域"), ("若葉", "若葉(全域)"),
        ("若葉", "鳥取市若葉"), ("若葉", "鳥取県鳥取市若葉"),
    ],
)  # fmt: skip
def test_a_town_is_known_however_it_is_written(area: str, town: str) -> None:
    name, _, extent = town.removesuffix(")").partition("(")
    people = {area: 10.0, "ほかの町": 5.0}
    assert held(made(people, [(EAST, name, extent or None), (WEST, "ほかの町", None)], city="鳥取市"), people) == {area: EAST, "ほかの町": WEST}


@pytest.mark.parametrize("town", ["本町", "本町1～3丁目", "本町一丁目～三丁目", "本町1・2・3丁目", "本町一・二・三丁目"])
def test_a_town_without_its_blocks_or_a_span_of_them_means_each(town: str) -> None:
    people = {"本町一丁目": 1.0, "本町二丁目": 2.0, "本町三丁目": 3.0, "本町通": 4.0}
    assert held(made(people, [(EAST, town, None)]), people) == dict.fromkeys(("本町一丁目", "本町二丁目", "本町三丁目"), EAST)


def test_the_name_as_written_comes_first() -> None:
    people = {"大字原": 1.0, "原": 2.0, "原一丁目": 3.0}
    assert held(made(people, [(EAST, "原", None), (WEST, "大字原", None)]), people) == {"原": EAST, "大字原": WEST}
    assert "一覧に無い町丁・字等が1区域（人口3人）あり、どの校区にも入りません: 原一丁目（3）" in said(
        made(people, [(EAST, "原", None), (WEST, "大字原", None)])
    )


@pytest.mark.parametrize(
    "row",
    [("本町", "1番～5番"), ("本町", "一部"), ("本町の一部", None), ("本町10番～20番", None), ("本町", "国道以北"), ("本町", "二区を除く"), ("本町字北原", None),
     ("本町2丁目", None)],
)  # fmt: skip
def test_a_part_of_a_town_is_given_to_nobody_and_told_with_its_people(row: tuple[str, str | None]) -> None:
    people = {"本町": 120.0, "浜": 30.0}
    found = made(people, [(EAST, *row), (EAST, "浜", None)])
    assert held(found, people) == {"浜": EAST}
    assert "番地などの条件が付く1区域（人口120人）は、どの校区にも入れていません: 本町（120。東小学校）" in said(found)


def test_a_town_of_two_schools_is_given_to_neither() -> None:
    people = {"本町": 120.0, "浜": 30.0, "沖": 7.0}
    found = made(people, [(EAST, "本町", None), (WEST, "本町", None), (EAST, "浜", None), (WEST, "沖", None), (EAST, "沖", "3番")])
    assert held(found, people) == {"浜": EAST}
    assert "2区域（人口127人）は、どの校区にも入れていません: 本町（120。東小学校・西小学校）、沖（7。東小学校・西小学校）" in said(found)
    assert "地図に載らない学校が1校あります: 西小学校" in said(found)


def test_the_whole_and_a_part_of_it_for_one_school_is_the_whole() -> None:
    people = {"本町": 1.0}
    assert held(made(people, [(EAST, "本町", None), (EAST, "本町", "3番")]), people) == {"本町": EAST}


def test_a_name_in_two_places_apart_is_not_clear_side_by_side_it_is_one() -> None:
    people = {"本町": 10.0, "本町#2": 20.0, "浜": 5.0}
    rows: list[tuple[str, str, str | None]] = [(EAST, "本町", None), (EAST, "浜", None)]
    assert held(made(people, rows), people) == {"本町": EAST, "本町#2": EAST, "浜": EAST}
    apart = made(people, rows, gaps=(1,))
    assert held(apart, people) == {"浜": EAST}
    assert "離れて2か所以上にあり、一覧がどれを指すか分からない2区域（人口30人）" in said(apart)


def test_a_name_that_nothing_has_is_told_with_those_that_are_nearly_the_same() -> None:
    found = made({"若葉台一丁目": 10.0, "浜": 5.0}, [(EAST, "若草台一丁目", None), (EAST, "浜", None), (WEST, "遠山", None)])
    assert "合わないものが2あります: 若草台一丁目（東小学校。近い名前: 若葉台一丁目）、遠山（西小学校）" in said(found)
    assert any("near: 若葉台一丁目" in remark.text_en for remark in found.remarks)


def test_junior_high_schools_and_other_spellings_of_one_school() -> None:
    rows = entries([("東小", "本町", None), ("鳥取市立東小学校", "浜", None), ("東中学校", "沖", None)])
    rows.loc[2, "school_kind"] = "junior_high"
    people = {"本町": 1.0, "浜": 2.0, "沖": 3.0}
    found = districts_of_list(rows, side_by_side(people), "", 2020)
    assert held(found, people) == {"本町": EAST, "浜": EAST}
    assert found.districts["school_name"].tolist() == [EAST]
    assert shapely.area(found.districts.geometry.to_numpy()).sum() == pytest.approx(2 * 0.01**2)


def test_words_of_a_list_are_understood() -> None:
    assert towns_of("本町1～3丁目", None) == (["本町1丁目", "本町2丁目", "本町3丁目"], False)
    assert towns_of("本町", "全域") == (["本町"], False)
    assert towns_of("本町3～1丁目", None)[0] != ["本町3丁目"], "a span that runs backwards is none"
    assert town_name("第１区") == "第一区"
    assert towns_of("波除一丁目の一部", None) == (["波除一丁目"], True)
    assert towns_of("波除1～6丁目", None)[0][-1] == "波除6丁目"


@given(st.integers(min_value=1, max_value=999))
def test_chinese_figures_say_the_number(value: int) -> None:
    assert number(kanji(value)) == value


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5000), st.sets(st.integers(0, 3), max_size=2)), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_every_person_is_in_the_one_school_of_the_list_or_outside(towns: list[tuple[int, set[int]]], shuffle: Random) -> None:
    people = {f"町{chr(0x3042 + place)}": float(count) for place, (count, _) in enumerate(towns)}
    rows = [(f"第{school}小学校", name, None) for name, (_, schools) in zip(people, towns, strict=True) for school in schools]
    shuffle.shuffle(rows)
    found = made(people, rows)
    keys, values = [f"99201{place:04d}00" for place in range(len(people))], np.array(list(people.values()))
    shared = apportion(values, assigned(keys, found.target, np.full(len(keys), 7.3), len(found.districts)))
    by_hand = {f"第{school}小学校": sum(count for count, schools in towns if schools == {school}) for school in range(4)}
    here = {school for school in range(4) if any(schools == {school} for _, schools in towns)}
    assert dict(zip(found.districts["school_name"], shared.value, strict=True)) == {f"第{school}小学校": by_hand[f"第{school}小学校"] for school in here}
    assert shared.outside.sum() == sum(count for count, schools in towns if len(schools) != 1)
