"""Contact: the figures known in advance, the two bases, what is tested and what is not, and what stands beside it all."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from atlas.exhibits import survey_rows as survey
from atlas.exhibits.contact import CATEGORIES, GROUPS, MODES, contact_groups, contact_waves
from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.survey_change import compare_waves

NEVER = "全くない"


def shares(exhibit: Exhibit, answer: str) -> dict[int, float]:
    """Percent by year of one answer, as the table shows it."""
    rows = exhibit.table.rows
    own = rows[(rows["category"] == answer) & rows["value"].notna()]
    return {int(year): round(float(value) * 100, 1) for year, value in zip(own["year"], own["value"], strict=True)}


def test_never_in_person_is_as_published(japanese: Context) -> None:
    assert shares(contact_waves(japanese), NEVER) == {2021: 11.2, 2022: 10.6, 2023: 9.2, 2024: 9.3}


def test_never_in_person_with_the_blanks_left_out(japanese: Context) -> None:
    exhibit = contact_waves(japanese, base=survey.ANSWERED)
    assert shares(exhibit, NEVER) == {2021: 12.7, 2022: 11.3, 2023: 9.8, 2024: 10.2}
    assert "無回答" not in set(exhibit.table.rows["category"])
    assert "無回答を除く" in exhibit.subtitle


def test_the_share_of_no_answer_is_in_the_figure_and_in_the_sentence(japanese: Context) -> None:
    exhibit = contact_waves(japanese)
    assert exhibit.figure is not None
    assert exhibit.figure.data[-1].name == "無回答"
    assert exhibit.figure.data[-1].marker.pattern.shape == "/"
    assert "無回答は5.8～11.8%" in exhibit.sentence


def test_answers_stand_from_never_to_four_or_five_a_week(japanese: Context) -> None:
    figure = contact_waves(japanese).figure
    assert figure is not None
    assert [trace.name for trace in figure.data][:3] == [NEVER, "月1回未満", "月1回程度"]
    assert [trace.name for trace in figure.data][-2:] == ["週4～5回以上", "無回答"]
    assert [trace.marker.color for trace in figure.data][:7] == list(japanese.look.palette.contact)


def test_the_change_since_the_first_wave_is_the_finding(japanese: Context, english: Context) -> None:
    assert contact_waves(japanese).title == "直接会って話すことが全くない人は、2021年の11.2%から2024年の9.3%に減少"
    assert "fell from 11.2% in 2021 to 9.3% in 2024" in contact_waves(english).title


def test_a_difference_within_chance_is_not_called_a_change(japanese: Context) -> None:
    assert "2023年の9.2%と2024年の9.3%の間に、偶然の範囲を超える差は認められません" in contact_waves(japanese).sentence


@pytest.mark.parametrize("mode", ["phone_video", "sns_email"])
def test_a_wave_that_is_not_held_is_an_empty_row_with_its_word(japanese: Context, mode: str) -> None:
    exhibit = contact_waves(japanese, mode=mode)
    assert exhibit.figure is not None
    assert [note.text for note in exhibit.figure.layout.annotations] == ["未収録"]
    assert exhibit.figure.layout.shapes[0].line.dash == "dash"
    first = exhibit.table.rows.iloc[0]
    assert (int(first["year"]), first["state"]) == (2021, "未収録")
    assert pd.isna(first["value"])


def test_sns_and_email_are_never_tested_across_the_change_of_the_question(japanese: Context) -> None:
    sentence = contact_waves(japanese, mode="sns_email").sentence
    assert "2021年とは検定していません。SNSと電子メールは2022年まで別々に尋ねており" in sentence
    assert "2023年の14.1%から2024年の12.4%に減って" in sentence


def test_a_mode_not_held_in_the_first_wave_is_not_tested_against_it(japanese: Context) -> None:
    sentence = contact_waves(japanese, mode="phone_video").sentence
    assert "2021年とは検定していません。どちらかの年の数値を収録していないためです。" in sentence


def test_the_sentence_says_when_the_other_base_would_end_otherwise(japanese: Context) -> None:
    assert "2021年との検定の結果が変わります" in contact_waves(japanese, category="low").sentence
    assert "検定の結果が変わります" not in contact_waves(japanese, category="never").sentence


def test_waves_with_another_base_or_without_n_are_not_tested() -> None:
    waves = pd.DataFrame({"year": [2021, 2023, 2024], "value": [0.1, 0.2, 0.1], "size": [100.0, float("nan"), 100.0], "base": ["a", "b", "b"]})
    found = {one.earlier: one for one in compare_waves(waves, [2021, 2022, 2023, 2024], "all", 1.0)}
    assert (found[2021].why, found[2021].verdict) == ("other_base", None)
    assert (found[2023].why, found[2023].verdict) == ("no_n", None)


def test_three_waves_of_a_combined_question_are_compared_only_after_it_was_joined() -> None:
    waves = pd.DataFrame({"year": [2022, 2023, 2024], "value": [0.1, 0.2, 0.3], "size": [1000.0] * 3, "base": ["a"] * 3})
    found = {one.earlier: one.why for one in compare_waves(waves, [2022, 2023, 2024], "sns_email", 1.0)}
    assert found == {2022: "asked_apart", 2023: ""}


def test_a_wider_interval_with_a_design_effect(japanese: Context) -> None:
    plain, wide = (contact_groups(japanese, deff=deff).table.rows.set_index("group") for deff in (1.0, 1.5))
    assert (wide["lower"] < plain["lower"]).sum() > 10
    assert "デザイン効果を1.5と仮定" in contact_groups(japanese, deff=1.5).cautions[-1]


def test_groups_of_sex_and_age_have_intervals_and_n(japanese: Context) -> None:
    rows = contact_groups(japanese).table.rows.set_index("group")
    assert len(rows) == 17
    men = rows.loc["男性 50～59歳"]
    assert (round(men["value"], 3), int(men["size"])) == (0.165, 863)
    assert men["lower"] < men["value"] < men["upper"]


def test_uncertain_shares_are_marked_and_not_ranked(japanese: Context) -> None:
    exhibit = contact_groups(japanese)
    assert "参考" in exhibit.table.rows.set_index("group").loc["男性 16～19歳", "state"]
    assert "16～19歳" not in exhibit.title


def test_ages_are_marked_as_computed(japanese: Context) -> None:
    exhibit = contact_groups(japanese, group="age")
    ages = exhibit.table.rows.iloc[1:]
    assert set(ages["mark"]) == {"公表値から計算"}
    assert any("男女別の公表値" in caution for caution in exhibit.cautions)


def test_a_group_that_is_not_held_says_so_instead_of_drawing(japanese: Context) -> None:
    exhibit = contact_groups(japanese, mode="remote_any", group="age")
    assert exhibit.figure is None
    assert "収録していません" in exhibit.sentence
    assert exhibit.table.rows.iloc[-1]["state"] == "未収録"


def test_sources_name_the_survey_and_the_page(japanese: Context, english: Context) -> None:
    assert any("人々のつながりに関する基礎調査" in line for line in contact_waves(japanese).sources)
    assert any("45ページ（図2-1）" in line for line in contact_waves(japanese).sources)
    assert any("p. 45 (fig. 2-1)" in line for line in contact_waves(english).sources)


def test_every_choice_makes_an_exhibit_in_both_languages(japanese: Context, english: Context) -> None:
    for context in (japanese, english):
        for mode, base, category in itertools.product(MODES, survey.BASES, CATEGORIES):
            assert contact_waves(context, mode=mode, base=base, category=category).sentence
            for group in GROUPS:
                exhibit = contact_groups(context, mode=mode, base=base, category=category, group=group)
                assert exhibit.sentence
                assert len(exhibit.table.rows)
