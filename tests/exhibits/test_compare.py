"""Compare: what the page says about a municipality is what the figures say, and nothing more."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.analysis.funnel import CONTROL_CONFIDENCE
from atlas.analysis.reliability import Visibility
from atlas.exhibits.all_municipalities import all_municipalities
from atlas.exhibits.compare import beside
from atlas.exhibits.compare_words import percentile_words, profile
from atlas.exhibits.context import Context
from atlas.exhibits.field import field_of, municipal_shares, share_words
from atlas.exhibits.funnel import fit_of, funnel
from atlas.exhibits.model import Exhibit
from atlas.exhibits.peers import PEERS, is_about_households, peers, peers_of, variables_for
from atlas.exhibits.prefecture_tiles import classes_of, prefecture_tiles

SHARE = "one_person_household_share"
OLDER = "older_one_person_share_of_households"
UNKNOWN = "population_age_unknown_share"
TOTTORI, TOKUSHIMA, FUTABA, OKUMA, TOSHIMA_VILLAGE = "31201", "36201", "07546", "07545", "13362"


def exhibits(context: Context, indicator: str, area: str, year: int) -> list[Exhibit]:
    chosen = {"indicator_id": indicator, "area_code": area, "year": year}
    prefecture = field_of(context.store, indicator, year).places[area].parent_code
    return [
        beside(context, **chosen),  # type: ignore[arg-type]
        peers(context, **chosen),  # type: ignore[arg-type]
        funnel(context, **chosen),  # type: ignore[arg-type]
        prefecture_tiles(context, indicator_id=indicator, prefecture=prefecture, year=year),
        all_municipalities(context, indicator_id=indicator, year=year),
    ]


def row_of(exhibit: Exhibit, place: str) -> pd.Series:
    return exhibit.table.rows.set_index("place").loc[place]


def test_tottori_city_is_told_beside_the_nation(japanese: Context) -> None:
    shown = beside(japanese, indicator_id=SHARE, area_code=TOTTORI, year=2020)
    assert shown.title == "鳥取市の単独世帯の割合は35.1%、全国より2.8ポイント低い"
    assert "鳥取県（32.2%）より2.9ポイント高い" in shown.sentence
    assert "2015年の32.8%から2.3ポイント上がりました" in shown.sentence
    row = row_of(shown, "鳥取県 鳥取市")
    assert (row["numerator"], row["denominator"]) == (26_983, 76_800)
    assert row["rank"] == 547


def test_the_english_title_says_the_same(english: Context) -> None:
    shown = beside(english, indicator_id=SHARE, area_code=TOTTORI, year=2020)
    assert shown.title == "鳥取市: One-person share 35.1%, 2.8 points below Japan as a whole"


def test_bars_stand_highest_first_with_nation_prefecture_and_ten_peers(japanese: Context) -> None:
    shown = beside(japanese, indicator_id=SHARE, area_code=TOTTORI, year=2020)
    shares = shown.table.rows["share"].tolist()
    assert len(shares) == 3 + PEERS
    assert shares == sorted(shares, reverse=True)
    assert shown.figure is not None
    assert list(shown.figure.data[0].x) == shares


def test_no_words_of_significance_or_judgement(japanese: Context, english: Context) -> None:
    for context, words in ((japanese, ("良い", "悪い", "有意に")), (english, ("better", "worse", "significantly"))):
        for shown in exhibits(context, SHARE, TOTTORI, 2020):
            assert not [word for word in words if word in f"{shown.title} {shown.subtitle} {shown.sentence}"]


def test_zero_households_is_not_applicable_never_zero_percent(japanese: Context) -> None:
    shown = beside(japanese, indicator_id=SHARE, area_code=FUTABA, year=2020)
    assert shown.title == "双葉町の単独世帯の割合（2020年）は該当なし"
    assert "0%という意味ではありません" in shown.sentence
    row = row_of(shown, "福島県 双葉町")
    assert pd.isna(row["share"])
    assert row["note"] == "該当なし"
    assert profile(japanese, indicator_id=SHARE, area_code=FUTABA, year=2020) == ()


def test_a_place_without_people_has_no_peers_and_says_so(japanese: Context) -> None:
    shown = peers(japanese, indicator_id=SHARE, area_code=FUTABA, year=2020)
    assert "人口が0" in shown.sentence
    assert len(shown.table.rows) == 1


def test_a_place_nobody_lived_in_before_is_compared_without_growth(japanese: Context) -> None:
    found = peers_of(japanese.store, japanese.indicator(SHARE), OKUMA)
    assert found is not None
    assert [one.id for one in found.lacking] == ["growth"]
    assert "この項目を除いて" in peers(japanese, indicator_id=SHARE, area_code=OKUMA, year=2020).sentence


def test_peers_are_never_chosen_by_the_outcome_nor_by_household_size_for_households(japanese: Context) -> None:
    for identifier in municipal_shares(japanese.store):
        indicator = japanese.indicator(identifier)
        used = variables_for(indicator)
        assert indicator.numerator not in {one.made_from[0] for one in used}
        assert ("size" in {one.id for one in used}) is not is_about_households(indicator)
    assert not is_about_households(japanese.indicator(UNKNOWN))


def test_density_is_said_to_be_missing_where_no_ssdse_was_imported(japanese: Context) -> None:
    sentence = peers(japanese, indicator_id=SHARE, area_code=TOTTORI, year=2020).sentence
    assert "「可住地1km²あたりの人口」は未収録" in sentence


def test_the_funnel_says_how_many_lie_outside_binomial_limits(japanese: Context) -> None:
    shown = funnel(japanese, indicator_id=SHARE, area_code=TOTTORI, year=2020)
    assert "1,740のうち1,521が99.8%の外" in shown.sentence
    assert "φは1,033.3" in shown.cautions[0]
    assert "τは8.7ポイント" in shown.cautions[0]


def test_the_funnel_is_light_and_draws_without_webgl(japanese: Context) -> None:
    figure = funnel(japanese, indicator_id=SHARE, area_code=TOTTORI, year=2020).figure
    assert figure is not None
    assert {trace.type for trace in figure.data} == {"scatter"}
    assert len(figure.data) <= 8
    assert sum(len(trace.x) for trace in figure.data if trace.mode == "markers") == 1_740
    assert len(figure.to_json()) < 150_000


def test_the_funnel_marks_those_outside(japanese: Context) -> None:
    shown = funnel(japanese, indicator_id=SHARE, area_code=OKUMA, year=2020)
    assert "99.8%の範囲より高い" in shown.title
    assert row_of(shown, "福島県 大熊町")["zone"] == "99.8%の範囲より高い"
    assert fit_of(japanese.store, SHARE, 2020).outside(CONTROL_CONFIDENCE).sum() == 7


def test_many_of_unknown_age_take_the_claim_out_of_the_title(japanese: Context) -> None:
    shown = beside(japanese, indicator_id=OLDER, area_code=TOKUSHIMA, year=2020)
    assert shown.title == "徳島市の65歳以上単独世帯の割合は11.6%（年齢不詳が多く、比較に注意）"
    assert [note for note in shown.cautions if "9.9%" in note]
    assert "※" in row_of(shown, "徳島県 徳島市")["note"]


def test_all_46_municipalities_with_many_of_unknown_age_are_marked(japanese: Context) -> None:
    shown = all_municipalities(japanese, indicator_id=OLDER, year=2020)
    assert len(shown.table.rows) == 1_741
    assert shown.table.rows["note"].str.contains("※").sum() == 46


def test_a_share_out_of_few_cases_is_hidden_in_every_view(japanese: Context) -> None:
    place, words = "東京都 利島村", "少数のため非表示"
    shown = {one.id: one for one in exhibits(japanese, UNKNOWN, TOSHIMA_VILLAGE, 2015)}
    field = field_of(japanese.store, UNKNOWN, 2015)
    assert share_words(japanese, japanese.indicator(UNKNOWN), field.places[TOSHIMA_VILLAGE]) == words
    for name in ("compare", "peers", "funnel"):
        assert pd.isna(row_of(shown[name], place)["share"])
    listed = shown["municipalities"].table.rows.set_index("code").loc[TOSHIMA_VILLAGE]
    assert listed[["share", "rank", "unknown"]].isna().all()
    figure = shown["funnel"].figure
    assert figure is not None
    assert not [trace for trace in figure.data if trace.customdata is not None and place in trace.customdata]


def test_hidden_and_grey_shares_follow_the_small_number_rule(japanese: Context) -> None:
    places = field_of(japanese.store, UNKNOWN, 2020).places.values()
    assert sum(place.visibility == Visibility.WITHHELD for place in places) == 355
    assert sum(place.visibility == Visibility.GREYED for place in places) == 160


def test_the_first_census_held_shows_no_change_and_says_why(japanese: Context) -> None:
    shown = beside(japanese, indicator_id=SHARE, area_code=TOTTORI, year=2015)
    assert [note for note in shown.cautions if "2015年より前" in note]
    assert "change" not in {column.id for column in shown.table.columns}


@pytest.mark.parametrize("year", [2015, 2020])
def test_classes_of_the_tile_map_hold_all_prefectures_and_do_not_overlap(japanese: Context, year: int) -> None:
    shown = prefecture_tiles(japanese, indicator_id=SHARE, prefecture="31000", year=year)
    rows = shown.table.rows
    assert len(rows) == 47
    groups = rows.assign(printed=(rows["share"] * 100).round(1)).groupby("class")["printed"].agg(["min", "max", "size"]).sort_values("min")
    assert len(groups) == 5
    assert groups["size"].sum() == 47
    assert (groups["min"].iloc[1:].to_numpy() > groups["max"].iloc[:-1].to_numpy()).all()


def test_equal_values_are_never_parted_into_two_classes() -> None:
    values = pd.Series([1.0] * 40 + [2.0] * 6 + [float("nan")])
    found = classes_of(values)
    assert found.iloc[:46].nunique() == 2
    assert pd.isna(found.iloc[46])


def test_nobody_is_at_percentile_100() -> None:
    assert (percentile_words(99.97), percentile_words(50.4), percentile_words(0.02)) == ("99.9", "50", "0.1")


@pytest.mark.parametrize("area", [TOTTORI, TOKUSHIMA, FUTABA, OKUMA, TOSHIMA_VILLAGE])
def test_every_share_and_year_can_be_shown_in_both_languages(japanese: Context, english: Context, area: str) -> None:
    for context in (japanese, english):
        for identifier in municipal_shares(context.store):
            for year in (2015, 2020):
                for shown in exhibits(context, identifier, area, year):
                    assert shown.title
                    assert shown.sentence
                    assert shown.sources
                    assert list(shown.table.rows.columns) == [column.id for column in shown.table.columns]
                    assert "nan" not in f"{shown.title}{shown.sentence}{shown.subtitle}".replace("Okinan", "")
