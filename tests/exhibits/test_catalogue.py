"""The catalogue says of everything what it is, what is held, what is missing and why, and how it was read."""

from __future__ import annotations

import re

import pytest

from atlas.exhibits.catalogue import Entry, catalogue, entries, topics, way_of_reading, year_runs
from atlas.exhibits.catalogue_tables import panels
from atlas.exhibits.catalogue_words import Panel, age_words
from atlas.exhibits.context import Context
from atlas.store import catalogue as held
from atlas.store import registry
from atlas.store.database import Store

KNOWN_LEFT_OVER = {"publisher", "contractor", "basis", "number", "options", "publication", "old", "new", "read_in"}
"""Columns whose words the published tables have in Japanese only; the page marks them as Japanese."""


def entry(context: Context, identifier: str) -> Entry:
    return next(one for one in entries(context) if one.id == identifier)


def fact(one: Entry, identifier: str) -> str:
    return " ".join(line for found in one.facts if found.id == identifier for line in found.lines)


def panel(context: Context, identifier: str) -> Panel:
    return next(one for one in panels(context) if one.id == identifier)


def test_every_indicator_and_every_source_has_an_entry_under_a_topic(japanese: Context) -> None:
    every = entries(japanese)
    assert {one.id for one in every if one.kind == "indicator"} == set(registry.indicators(japanese.store))
    assert {one.id for one in every if one.kind == "source"} == set(registry.sources(japanese.store))
    assert {one.topic for one in every} | {one.topic for one in panels(japanese)} == set(topics(japanese))


def test_an_indicator_says_what_is_missing_and_why(japanese: Context) -> None:
    said = fact(entry(japanese, "one_person_household_share"), "missing")
    assert "公表なし 1件（全国、1965年）" in said
    assert "未収録 1件（全国、1975年）" in said
    assert "該当なし 6件（市区町村、2015、2020年）" in said
    assert "分母が0" in said


def test_the_missing_cells_said_are_all_those_of_the_database(japanese: Context, store: Store) -> None:
    said = sum(int(number.replace(",", "")) for one in entries(japanese) for number in re.findall(r"([\d,]+)件（", fact(one, "missing")))
    assert said == sum(row["cells"] for row in held.missing(store))


def test_an_indicator_names_numerator_denominator_and_years(japanese: Context) -> None:
    one = entry(japanese, "one_person_household_share")
    assert fact(one, "made") == "単独世帯数 ÷ 一般世帯数"
    assert "全国：1960、1970、1980" in fact(one, "held")
    assert "2024年推計" in fact(one, "projected")
    assert "小学校区" in fact(one, "held")


def test_figures_held_for_a_few_prefectures_are_not_said_to_be_held_for_all(japanese: Context) -> None:
    lines = next(found.lines for found in entry(japanese, "one_person_household_share").facts if found.id == "held")
    assert any(line.startswith("都道府県の一部：1985") for line in lines)


def test_an_indicator_without_figures_says_so(japanese: Context) -> None:
    assert "数値は未収録" in entry(japanese, "nuclear_family_households").marks
    assert "将来推計だけ" in entry(japanese, "mean_household_size").marks


def test_what_was_not_recorded_is_not_invented(japanese: Context) -> None:
    one = entry(japanese, "ssdse_a")
    assert fact(one, "retrieved") == "記録なし"
    assert fact(one, "sha256") == "記録なし"


def test_readers_not_tried_on_a_real_file_are_marked(japanese: Context) -> None:
    marked = {one.id for one in entries(japanese) if "まだ実際のファイルで試していません" in one.marks}
    assert marked == {one.id for one in registry.sources(japanese.store).values() if not one.tried_on_real_file}


def test_quoted_figures_are_counted_and_their_texts_named(japanese: Context) -> None:
    one = entry(japanese, "npa_deaths_at_home")
    assert "引用による値" in fact(one, "read")
    assert "原典は未確認" in fact(one, "read")
    assert fact(one, "read_in")


def test_a_source_keeps_our_processing_apart_from_the_producers_words(japanese: Context) -> None:
    one = entry(japanese, "ssdse_a")
    label = next(found.label for found in one.facts if found.id == "processing")
    assert label == "このアトラスでの加工"
    assert "合計" not in fact(one, "attribution")


@pytest.mark.parametrize(
    ("source", "verified", "read_in", "way"),
    [
        ("census", "yes", None, "publication"),
        ("ssdse_a", "yes", "Sum over municipalities of SSDSE-A-2021", "file"),
        ("census", "file", "table.csv", "file"),
        ("census", "yes", "SSDSE-A-2021", "quoted"),
        ("census", "secondary", None, "secondary"),
        ("census", None, None, "computed"),
    ],
)
def test_the_way_of_reading_is_known_from_the_citation(source: str, verified: str | None, read_in: str | None, way: str) -> None:
    assert way_of_reading(source, verified, read_in) == way


def test_three_years_in_a_row_become_a_run() -> None:
    assert year_runs([2003, 2009, 2010, 2011], "ja") == "2003、2009～2011"
    assert year_runs([2021, 2020], "en") == "2020, 2021"
    assert year_runs([], "ja") == ""


def test_the_survey_waves_stand_with_sample_answers_and_rate(japanese: Context) -> None:
    rows = panel(japanese, "waves").table.rows.set_index("year")
    assert rows.loc["2021年(令和3年)", "valid_n"] == "11,867"
    assert rows.loc["2024年(令和6年)", "response_rate"] == "54.4%"
    assert rows.loc["2024年(令和6年)", "modes"] == "郵送75.9%、オンライン24.1%"


def test_the_trial_index_counts_frequencies_in_the_printed_order(japanese: Context) -> None:
    assert panel(japanese, "score_weights").table.rows["weight"].tolist()[:7] == ["0.0", "0.5", "1.0", "2.2", "4.3", "10.8", "19.4"]


def test_only_the_comparable_answers_may_stand_beside_japan(japanese: Context) -> None:
    rows = panel(japanese, "international").table.rows
    beside = rows[rows["beside"] == "並べて見られます"]
    assert set(beside["country"]) == {"イングランド", "日本"}
    assert set(beside["group"]) == {"全体"}
    assert rows["beside"].tolist() == sorted(rows["beside"], key=lambda word: word != "並べて見られます")


def test_deaths_at_home_are_never_called_isolated_deaths(japanese: Context) -> None:
    rows = panel(japanese, "deaths").table.rows
    police = rows[rows["value"] == "76,020人"]
    assert len(police) == 1
    assert "孤立死" not in police["measure"].iloc[0]
    office = rows[rows["value"] == "21,856人"]
    assert "孤立死の推計" in office["measure"].iloc[0]


def test_suicides_come_with_care_and_no_cause(japanese: Context, english: Context) -> None:
    notes = " ".join(panel(japanese, "suicides").notes)
    assert "因果関係を示すものではありません" in notes
    assert "0120-279-338" in notes
    assert "0120-279-338" in " ".join(panel(english, "suicides").notes)


def test_rounded_figures_do_not_show_digits_they_do_not_have(japanese: Context) -> None:
    rows = panel(japanese, "never_married").table.rows
    assert "約277万人" in rows["value"].tolist()


def test_ages_are_said_in_words(japanese: Context) -> None:
    said = [age_words(japanese, age) for age in ("all", "15-19", "80+", "under_50", "50", "unknown", "15/16+")]
    assert said == ["総数", "15～19歳", "80歳以上", "50歳未満", "50歳", "年齢不詳", "15/16歳以上"]


def test_no_id_is_left_untranslated_on_the_japanese_page(japanese: Context) -> None:
    for one in panels(japanese):
        for name in set(one.table.rows.columns) - {"read_in", "publication", "survey", "publisher"}:
            left = [text for text in one.table.rows[name] if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", str(text))]
            assert not left, f"{one.id}.{name}: {left[:3]}"


def test_the_english_tables_are_english_but_for_what_is_marked_japanese(english: Context) -> None:
    for one in panels(english):
        for name in set(one.table.rows.columns) - KNOWN_LEFT_OVER:
            assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", " ".join(map(str, one.table.rows[name]))), f"{one.id}.{name}"
        assert set(one.japanese) <= KNOWN_LEFT_OVER


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_whole_catalogue_is_one_table(lang: str, japanese: Context, english: Context) -> None:
    context = {"ja": japanese, "en": english}[lang]
    exhibit = catalogue(context)
    assert len(exhibit.table.rows) == len(entries(context))
    assert {column.id for column in exhibit.table.columns} >= {
        "kind",
        "topic",
        "title",
        "definition",
        "held",
        "missing",
        "licence",
        "read",
        "id",
    }
