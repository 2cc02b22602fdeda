"""The overview says what the database holds: headline figures with their change, what is new, ways in."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.headlines import Headline
from atlas.exhibits.news import day
from atlas.exhibits.overview import USERS, finding, overview
from atlas.figures.look import Look
from atlas.store.database import Store
from atlas.texts import texts

ROOT = Path(__file__).resolve().parents[2]


def cards(context: Context) -> dict[str, Headline]:
    return {card.id: card for _, group in overview(context).groups for card in group}


def test_the_finding_is_the_share_of_1960_and_of_2020(japanese: Context) -> None:
    exhibit = finding(japanese)
    assert "16.5%" in exhibit.title
    assert "38.0%" in exhibit.title
    assert exhibit.figure is not None


def test_the_one_person_share_stands_with_both_its_changes_and_its_counts(japanese: Context) -> None:
    card = cards(japanese)["one_person"]
    assert (card.value, card.when) == ("38.0%", "2020年(令和2年)")
    assert card.lines[0].startswith("2015年(平成27年)の34.5%から+3.4ポイント")
    assert card.lines[1].startswith("1960年(昭和35年)の16.5%から+21.5ポイント")
    assert "55,704,949" in card.lines[2]
    assert "21,151,042" in card.lines[2]


def test_a_difference_that_rounding_would_hide_is_remarked_upon(japanese: Context) -> None:
    first, second, _ = cards(japanese)["one_person"].lines
    assert "四捨五入前" in first  # 38.0 - 34.5 is 3.5, the counts give 3.4
    assert "四捨五入前" not in second


def test_both_vintages_of_the_projection_are_named_and_it_is_marked_as_projected(japanese: Context) -> None:
    card = cards(japanese)["projection"]
    assert card.projected
    assert card.value == "43.5%"
    assert "2024年推計" in card.when
    assert "2040年" in card.when
    assert "2018年推計では39.3%" in card.lines[0]
    assert "40.1%" in card.lines[1]
    assert not any(other.projected for name, other in cards(japanese).items() if name != "projection")


def test_the_change_of_contact_is_tested_with_and_without_the_blanks(japanese: Context) -> None:
    card = cards(japanese)["contact"]
    assert card.value == "9.3%"
    assert "11.2%" in card.lines[0]
    assert "偶然とはいえない減少" in card.lines[0]
    assert "11.8%から8.5%" in card.lines[1]
    assert "12.7%から10.2%" in card.lines[1]


def test_a_change_within_chance_is_not_called_a_change(japanese: Context, english: Context) -> None:
    assert "変わったとはいえません" in cards(japanese)["loneliness"].lines[0]
    assert "no change is shown" in cards(english)["loneliness"].lines[0]


def test_isolation_is_a_trial_and_stands_by_cohabitant(japanese: Context) -> None:
    card = cards(japanese)["isolation"]
    assert card.value == "5.8%"
    assert "試案" in card.name
    assert "25.6%" in card.lines[0]
    assert "2.2%" in card.lines[1]
    assert "2024年だけ" in card.lines[2]


def test_loneliness_and_isolation_are_never_exchanged(japanese: Context) -> None:
    known = cards(japanese)
    assert "孤独" not in known["isolation"].name + known["isolation"].definition
    assert "孤立" not in known["loneliness"].name + known["loneliness"].definition


def test_people_of_65_and_over_name_their_definition_and_the_other_one(japanese: Context) -> None:
    card = cards(japanese)["older"]
    assert card.value == "19.0%"
    assert "65歳以上人口" in card.definition
    assert "15.0%" in card.lines[1]
    assert "22.1%" in card.lines[1]
    assert "12.1%" in card.lines[2]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_card_has_definition_year_source_and_a_page_that_exists(store: Store, lang: str) -> None:
    for card in cards(Context(store, texts(lang), Look(lang))).values():
        assert card.definition
        assert card.when
        assert card.source
        assert (ROOT / "pages" / f"{card.way.page}.py").is_file()


def test_the_ways_in_lead_to_pages_that_exist(japanese: Context) -> None:
    entrances = overview(japanese).entrances
    assert tuple(one.id for one in entrances) == USERS
    for one in entrances:
        assert 2 <= len(one.ways) <= 3
        assert all((ROOT / "pages" / f"{way.page}.py").is_file() for way in one.ways)


def test_what_is_new_names_wave_projection_and_data_version(japanese: Context, store: Store) -> None:
    said = {one.id: one.text for one in overview(japanese).news}
    assert "10,871" in said["survey"]
    assert "2025年4月25日" in said["survey"]
    assert "2024年推計" in said["projection"]
    assert store.version in said["version"]


def test_a_survey_that_is_out_but_not_held_is_said_to_be_so(japanese: Context) -> None:
    said = {one.id: one.text for one in overview(japanese).news}["not_held"]
    assert "引用による値1件だけ" in said
    assert "世論調査" in said


def test_the_english_overview_has_no_japanese_left_over(english: Context) -> None:
    content = overview(english)
    words = str([dataclasses.asdict(card) for _, group in content.groups for card in group]) + str(content.news) + str(content.entrances)
    assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", words)


def test_no_figure_is_typed_into_the_words() -> None:
    for lang in ("ja", "en"):
        for key, text in texts(lang).words.items():
            if key.startswith("overview."):
                assert not re.search(r"\d+\.\d", text), key


@pytest.mark.parametrize(
    ("text", "japanese_words", "english_words"),
    [("2025-04-25", "2025年4月25日", "25 April 2025"), ("2022-07", "2022年7月", "July 2022"), ("2026", "2026年", "2026")],
)
def test_a_date_is_said_as_far_as_it_goes(text: str, japanese_words: str, english_words: str) -> None:
    assert day(text, "ja") == japanese_words
    assert day(text, "en") == english_words
