"""What an order of districts rests on: what matters most, what lifts a district, which districts are alike. Nothing is claimed that was not found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from atlas.analysis.composite_index import Aggregation
from atlas.analysis.peers import nearest_peers
from atlas.analysis.what_matters import what_matters
from atlas.exhibits import target_matters as matters_module
from atlas.exhibits.context import Context
from atlas.exhibits.need_index import IndexChoice, direction, offered, preset_weights
from atlas.exhibits.recipe import follow, read_recipe, recipe_of
from atlas.exhibits.target_contributions import lifts_of, target_contributions
from atlas.exhibits.target_matters import matters_of, target_matters
from atlas.exhibits.target_order import Order, TargetsAsked, order_of, reasons
from atlas.exhibits.target_peers import alike, structure_of, target_peers

CITY = "99201"
ONE = {"population_75_over_share": 3}


def asked(context: Context, *, aggregation: str = "arithmetic", normaliser: str = "percentile", only: dict[str, int] | None = None) -> TargetsAsked:
    indicators = offered(context.store, (CITY,), 2020)
    weights = dict.fromkeys(indicators, 0) | only if only is not None else preset_weights("equal", indicators)
    return TargetsAsked(CITY, 2020, IndexChoice(tuple(weights.items()), normaliser, aggregation), None, True)


def order(context: Context, question: TargetsAsked) -> Order:
    found = order_of(context.store, question)
    assert found is not None
    return found


def test_the_bars_have_the_sobol_shares_of_the_analysis(japanese: Context) -> None:
    question = asked(japanese)
    used = question.index.used
    expected = what_matters(order(japanese, question).frame, used, {one: direction(japanese.store, one) for one in used})
    exhibit = target_matters(japanese, asked=question)
    rows = exhibit.table.rows
    assert len(rows) == 4 + len(used)
    assert rows["total"].to_list()[:4] == sorted(expected.choices["total"], reverse=True)
    assert rows["total_error"].notna().all()
    assert exhibit.figure is not None
    assert list(exhibit.figure.data[0].x) == pytest.approx(sorted(expected.choices["total"], reverse=True))
    # Drawn at 0 where the estimate of a share falls below it, told as it is in the table.
    assert min(exhibit.figure.data[1].x) >= 0


def test_the_shares_are_made_once_for_a_question(japanese: Context) -> None:
    assert matters_of(japanese.store, asked(japanese)) is matters_of(japanese.store, asked(japanese))


def test_one_indicator_alone_leaves_nothing_that_could_matter(japanese: Context) -> None:
    exhibit = target_matters(japanese, asked=asked(japanese, only=ONE))
    assert exhibit.title == "作り方を変えても、上位5校区は変わりません"
    assert "左右" not in exhibit.title + exhibit.sentence
    assert exhibit.figure is None


def test_where_the_first_is_not_clear_no_choice_is_named_as_the_first(japanese: Context, english: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    found = matters_of(japanese.store, asked(japanese))
    assert found is not None
    assert "もっとも" in target_matters(japanese, asked=asked(japanese)).title
    monkeypatch.setattr(matters_module, "matters_of", lambda *_: replace(found, clear=False))
    exhibit = target_matters(japanese, asked=asked(japanese))
    assert "もっとも" not in exhibit.title + exhibit.sentence
    assert "どちらが大きいとは言えません" in exhibit.title
    assert "cannot be said" in target_matters(english, asked=asked(english)).sentence


def test_the_lifts_of_a_district_add_up_to_its_score_above_the_mean(japanese: Context) -> None:
    for normaliser in ("percentile", "z", "min_max"):
        found = order(japanese, asked(japanese, normaliser=normaliser))
        score = found.index.score
        assert np.allclose(lifts_of(found).sum(axis=1, skipna=False), score - score.mean(), equal_nan=True)


def test_a_geometric_index_is_split_on_the_log_scale(japanese: Context) -> None:
    question = asked(japanese, aggregation="geometric")
    found = order(japanese, question)
    assert found.index.aggregation == Aggregation.GEOMETRIC
    logs = np.log(found.index.score)
    assert np.allclose(lifts_of(found).sum(axis=1, skipna=False), logs - logs.mean(), equal_nan=True)
    exhibit = target_contributions(japanese, asked=question)
    assert "対数" in exhibit.subtitle
    assert any("対数" in note for note in exhibit.cautions)


def test_what_lifts_is_what_the_list_names_as_its_reasons(japanese: Context) -> None:
    question = asked(japanese)
    found, exhibit = order(japanese, question), target_contributions(japanese, asked=question)
    rows = exhibit.table.rows.set_index("code")
    assert list(rows.index) == found.listed
    for code in found.listed:
        lifts = rows.loc[code, list(question.index.used)].astype(float).sort_values(ascending=False, kind="stable")
        assert reasons(japanese, found, code, most=1) in exhibit.sentence
        assert rows.at[code, "total"] == pytest.approx(found.index.score[code] - found.index.score.mean())
        assert lifts.sum() == pytest.approx(rows.at[code, "total"])


def test_at_most_four_colours_and_the_rest_in_grey(japanese: Context) -> None:
    question = asked(japanese)
    figure = target_contributions(japanese, asked=question).figure
    assert figure is not None
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert len(bars) == 5
    assert bars[-1].marker.color == japanese.look.palette.context
    drawn = np.sum([trace.x for trace in bars], axis=0)
    assert np.allclose(drawn, target_contributions(japanese, asked=question).table.rows["total"])


def test_the_district_is_compared_with_the_five_nearest_by_what_the_index_is_not_about(japanese: Context) -> None:
    question = asked(japanese)
    district = order(japanese, question).listed[0]
    found = alike(japanese.store, question, district)
    assert found is not None
    # The index holds households and the share of 75 and over: neither size nor the share of 65 and over may choose.
    assert [one.id for one in found.used] == ["households", "density", "young"]
    rows = structure_of(japanese.store, CITY, 2020)
    expected = nearest_peers(rows, district, ["households", "density", "young"], 5, ["households", "density"])
    exhibit = target_peers(japanese, asked=question, district=district)
    assert exhibit.table.rows["code"].to_list() == [district, *expected.table.index]
    assert "世帯の大きさ" in exhibit.sentence
    among = exhibit.table.rows.set_index("code")
    assert among.at[district, "among"] == 1 + (among["score"] > among.at[district, "score"]).sum()
    assert f"高いほうから{among.at[district, 'among']:.0f}番目" in exhibit.title


def test_an_index_about_neither_households_nor_age_uses_all_five_variables(japanese: Context) -> None:
    question = asked(japanese, only={"population_change": 3})
    found = alike(japanese.store, question, order(japanese, question).listed[0])
    assert found is not None
    assert len(found.used) == 5
    assert not found.left_out


def test_a_district_without_a_score_gets_peers_but_no_rank(japanese: Context) -> None:
    question = asked(japanese)
    missing = next(iter(order(japanese, question).index.missing))
    exhibit = target_peers(japanese, asked=question, district=str(missing))
    assert len(exhibit.table.rows) == 6
    assert np.isnan(exhibit.table.rows["among"].iloc[0])
    assert "番目" not in exhibit.title
    assert "順位はありません" in exhibit.sentence


def test_an_unknown_district_gives_words(japanese: Context) -> None:
    exhibit = target_peers(japanese, asked=asked(japanese), district="99201-nowhere")
    assert exhibit.table.rows.empty
    assert exhibit.figure is None


@pytest.mark.parametrize("build", [target_matters, target_contributions])
def test_without_any_weight_words_say_what_to_do(japanese: Context, build) -> None:
    exhibit = build(japanese, asked=asked(japanese, only={}))
    assert exhibit.figure is None
    assert "重みがすべて0" in exhibit.sentence


@pytest.mark.parametrize("build", [target_matters, target_contributions, target_peers])
def test_the_sample_is_marked_everywhere_and_the_exhibit_can_be_made_again(japanese: Context, english: Context, build) -> None:
    question = asked(japanese)
    options = {"asked": question} | ({"district": order(japanese, question).listed[0]} if build is target_peers else {})
    exhibit = build(japanese, **options)
    assert exhibit.is_sample
    assert "見本（架空）データ" in exhibit.subtitle
    assert "見本（架空）データ" in exhibit.cautions[0]
    assert exhibit.settings["sample"]
    assert "Sample data, fictional" in build(english, **options).subtitle
    assert follow(japanese, read_recipe(recipe_of(build, options, "ja").text())).title == exhibit.title
