"""Isolation, loneliness, participation and support: known figures, kept apart, marked where uncertain or quoted."""

from __future__ import annotations

import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.isolation import INDICATORS, isolation_distribution, isolation_group_types, isolation_groups
from atlas.exhibits.loneliness import (
    QUESTIONS,
    group_name,
    loneliness_abroad,
    loneliness_group_types,
    loneliness_groups,
    loneliness_waves,
)
from atlas.exhibits.participation import TOPICS, participation, support


def test_a_quarter_of_people_without_a_cohabitant_is_likely_isolated(japanese: Context) -> None:
    exhibit = isolation_groups(japanese)
    assert exhibit.title == "交流が週1回に満たない人は、同居人がいない人で25.6%、同居人がいる人で2.2%"
    rows = exhibit.table.rows.set_index("group")
    assert [round(rows.loc[name, "value"], 3) for name in ("全体", "同居人がいる", "同居人がいない")] == [0.058, 0.022, 0.256]
    assert rows.loc["同居人がいない", "lower"] < 0.256 < rows.loc["同居人がいない", "upper"]


def test_the_index_is_called_a_trial_version(japanese: Context) -> None:
    assert any("試案" in caution for caution in isolation_groups(japanese).cautions)
    assert "試案" in isolation_groups(japanese).subtitle


def test_one_person_households_and_living_with_no_one_are_two_groups(japanese: Context) -> None:
    alone = loneliness_groups(japanese, group="household_type")
    without = loneliness_groups(japanese, group="cohabitation")
    assert int(alone.table.rows.set_index("group").loc["ひとり世帯", "size"]) == 1772
    assert int(without.table.rows.set_index("group").loc["同居人がいない", "size"]) == 1647
    assert any("ひとり世帯" in caution and "1,647" in caution for caution in alone.cautions)
    assert any("「ひとり世帯」とは別" in caution for caution in without.cautions)


def test_how_the_index_counts_is_told_with_its_weights(japanese: Context) -> None:
    note = isolation_distribution(japanese).cautions[0]
    assert "週1回程度 4.3回" in note
    assert "週4～5回以上 19.4回" in note


def test_the_distribution_adds_up_and_shows_the_blanks(japanese: Context) -> None:
    exhibit = isolation_distribution(japanese)
    rows = exhibit.table.rows
    for _, own in rows.groupby("way"):
        assert own["count"].sum() == 10871
        assert own.iloc[-1]["answer"] == "無回答"
    assert "5.8%" in exhibit.title
    assert "29.9%" in exhibit.title


def test_quoted_years_of_the_index_are_marked_as_quoted(japanese: Context) -> None:
    assert any("引用による" in caution and "2021年 9.6%" in caution for caution in isolation_distribution(japanese).cautions)


def test_loneliness_over_the_waves_with_the_quoted_one_marked(japanese: Context) -> None:
    exhibit = loneliness_waves(japanese)
    rows = exhibit.table.rows
    often = rows[rows["category"] == "しばしばある・常にある"].set_index("year")
    assert [round(float(often.loc[year, "value"]) * 100, 1) for year in range(2021, 2026)] == [4.5, 4.9, 4.8, 4.3, 4.5]
    assert (often.loc[2025, "state"], often.loc[2025, "mark"]) == ("引用による", "引用による")
    assert rows[rows["year"] == 2025].iloc[-1]["state"] == "未収録"
    assert any("引用による" in line for line in exhibit.sources)
    assert "2025年の4.5%は引用による値" in exhibit.sentence


def test_the_quoted_wave_is_never_tested(japanese: Context) -> None:
    sentence = loneliness_waves(japanese).sentence
    assert "2021年の4.5%と2024年の4.3%の間に" in sentence
    assert "2025年の4.5%の間" not in sentence


def test_groups_below_fifty_are_reference_only(japanese: Context) -> None:
    rows = loneliness_groups(japanese, asked="ucla", group="cohabitation_age").table.rows
    small = rows[rows["size"] < 50]
    assert len(small) == 1
    assert "参考" in small.iloc[0]["state"] or "非表示" in small.iloc[0]["state"]


def test_a_share_that_is_too_uncertain_is_withheld_everywhere(japanese: Context) -> None:
    exhibit = loneliness_groups(japanese)
    row = exhibit.table.rows.set_index("group").loc["男性 16～19歳"]
    assert row["state"] == "誤差が大きいため非表示"
    assert row[["value", "lower", "upper"]].isna().all()
    assert exhibit.figure is not None
    assert not any(value is not None and abs(value - 0.014) < 1e-9 for trace in exhibit.figure.data for value in trace.x)


def test_loneliness_and_isolation_are_never_exchanged(japanese: Context) -> None:
    for exhibit in (loneliness_waves(japanese), loneliness_groups(japanese), loneliness_abroad(japanese)):
        assert "孤立" not in exhibit.title + exhibit.subtitle + exhibit.sentence
    for exhibit in (isolation_groups(japanese), isolation_distribution(japanese)):
        assert "孤独" not in exhibit.title + exhibit.subtitle + exhibit.sentence


def test_england_is_the_only_country_beside_japan(japanese: Context) -> None:
    exhibit = loneliness_abroad(japanese)
    assert exhibit.title == "孤独を「しばしば・常に」感じる人は、日本4.3%、イングランド6.6%"
    assert len(exhibit.table.rows) == 2
    assert exhibit.table.rows["lower"].notna().tolist() == [True, False]


def test_activities_are_bars_that_are_never_stacked(japanese: Context) -> None:
    exhibit = participation(japanese)
    assert exhibit.figure is not None
    assert exhibit.figure.layout.barmode == "overlay"
    assert exhibit.title == "何らかの活動に参加している人は46.6%、特に参加していない人は50.6%（2024年）"
    assert "2021年の数値は収録していません。" in exhibit.cautions


def test_support_held_for_one_wave_is_not_tested(japanese: Context) -> None:
    exhibit = support(japanese)
    assert exhibit.title == "困った時に頼れる人がいない人は7.5%（2024年）"
    assert "2021年、2023年とは検定していません" in exhibit.sentence


def test_support_names_who_was_asked(japanese: Context) -> None:
    exhibit = support(japanese, topic="support_from_government_npo")
    assert "日常生活に不安や悩みがあると答えた人" in exhibit.subtitle
    assert "7.4%" in exhibit.sentence


@pytest.mark.parametrize("lang", ["japanese", "english"])
def test_every_choice_makes_an_exhibit(lang: str, request: pytest.FixtureRequest) -> None:
    context: Context = request.getfixturevalue(lang)
    for indicator in INDICATORS:
        for group in isolation_group_types(context):
            assert isolation_groups(context, indicator=indicator, group=group).sentence
    for asked in QUESTIONS:
        assert loneliness_waves(context, asked=asked).figure is not None
        for group in loneliness_group_types(context):
            assert group_name(context, group)
            assert loneliness_groups(context, asked=asked, group=group).figure is not None
    for topic in TOPICS:
        assert support(context, topic=topic, deff=1.5).figure is not None
