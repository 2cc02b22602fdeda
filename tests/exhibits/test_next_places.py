"""Next places: a city worked out by hand, the sample against direct calls of the analysis, and honest words for what is not proven."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from atlas.analysis.covering import maximal_covering
from atlas.analysis.covering_problem import covering_problem
from atlas.exhibits import next_sites
from atlas.exhibits.context import Context
from atlas.exhibits.next_places import by_district, next_curve, next_districts, next_places, solution_words
from atlas.exhibits.next_sites import NextAsked, candidate_rows, curve_of, next_of
from atlas.exhibits.places_ground import demand_of, in_districts, in_metres, needy_districts, places_of
from atlas.exhibits.recipe import follow, read_recipe, recipe_of
from atlas.exhibits.supporters_allocation import allocated, supporters_allocation
from tests.exhibits import tiny_city
from tests.exhibits.test_places_reach import CITY, sample

HERE = ("here", "ibasho", 0.0)
MIDDLE, FAR, NEAR = ("middle", "public_facility", 1500.0), ("far", "public_facility", 4000.0), ("near", "public_facility", 900.0)


def asked(count: int, **changes: object) -> NextAsked:
    return replace(NextAsked(tiny_city.asked(), count, ("public_facility",)), **changes)


def test_the_best_place_is_the_one_between_two_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    # 615 m around 1500 hold the areas at 1000 (50) and 2000 (30); 100 of 200 are within reach today.
    store = tiny_city.city_of(monkeypatch, [HERE, NEAR, MIDDLE, FAR])
    one, two = next_of(store, asked(1)), next_of(store, asked(2))
    assert one is not None
    assert two is not None
    assert (one.everyone.before, one.everyone.after, one.everyone.total) == (100, 180, 200)
    assert one.sites["name_ja"].tolist() == ["middle"]
    assert (one.neediest.share_before, one.neediest.share_after) == (0, 1) if one.neediest else False
    assert two.sites[["name_ja", "gain"]].to_numpy().tolist() == [["middle", 80.0], ["far", 20.0]]
    assert two.sites["share"].tolist() == [0.9, 1.0]
    assert next_of(store, asked(3)).sites["name_ja"].tolist() == ["middle", "far"]  # the third adds nobody and is not shown


def test_the_curve_says_how_many_bring_nine_of_ten_within_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    curve = curve_of(tiny_city.city_of(monkeypatch, [HERE, NEAR, MIDDLE, FAR]), tiny_city.asked(), ("public_facility",))
    assert curve is not None
    assert [point.covering.all_demand.share_after for point in curve.points] == [0.5, 0.9, 1.0, 1.0]
    assert (curve.number, curve.at_least, curve.cut) == (1, 1, False)
    never = curve_of(tiny_city.city_of(monkeypatch, [HERE, NEAR]), tiny_city.asked(), ("public_facility",))
    assert never is not None
    assert never.number is None
    assert never.attainable == 0.75


def test_a_guard_that_cannot_be_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    store = tiny_city.city_of(monkeypatch, [HERE, NEAR, FAR])
    answer = next_of(store, asked(1, guard=True))
    assert answer is not None
    assert answer.guard_told == "not_attainable"
    assert answer.sites["name_ja"].tolist() == ["near"]
    kept = next_of(tiny_city.city_of(monkeypatch, [HERE, NEAR, MIDDLE]), asked(1, guard=True))
    assert kept is not None
    assert kept.guard_told == "kept"
    none = next_of(tiny_city.city_of(monkeypatch, [HERE, NEAR], needy=()), asked(1, guard=True))
    assert none is not None
    assert (none.guard_told, none.neediest) == ("no_index", None)


def test_the_index_moves_the_choice_but_not_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    # 50 households of the first district count half, 30 of the second one and a half times: 25 against 45.
    store = tiny_city.city_of(monkeypatch, [HERE, NEAR, ("second", "public_facility", 2000.0)])
    monkeypatch.setattr(next_sites, "index_factor", lambda store, targets: pd.Series({tiny_city.D1: 0.5, tiny_city.D2: 1.5}))
    plain, weighted = next_of(store, asked(1)), next_of(store, asked(1, by_index=True))
    assert plain is not None
    assert weighted is not None
    assert plain.sites["name_ja"].tolist() == ["near"]
    assert weighted.sites[["name_ja", "gain"]].to_numpy().tolist() == [["second", 30.0]]
    assert weighted.uncounted == 1  # the area in no district


def test_new_supporters_go_where_fewest_are_for_the_households(monkeypatch: pytest.MonkeyPatch) -> None:
    # 150 / (2 x 5 + 1) = 13.6 against 30 / 1, then against 30 / 3 = 10.
    answer = allocated(tiny_city.city_of(monkeypatch, []), tiny_city.asked(), 2, False)
    assert answer is not None
    assert answer.found.order == (tiny_city.D2, tiny_city.D1)
    assert answer.found.table["existing"].tolist() == [5, 0]
    assert answer.unmatched == 4


def of_sample(context: Context, count: int = 3, **changes: object) -> NextAsked:
    return replace(NextAsked(sample(context), count, ("elementary_school", "public_facility")), **changes)


@pytest.mark.parametrize("count", [1, 4, 20])
def test_the_exhibit_says_what_the_analysis_finds(japanese: Context, count: int) -> None:
    one = of_sample(japanese, count)
    store, demand = japanese.store, demand_of(japanese.store, CITY, "one_person_households", 2020)
    assert demand is not None
    rows = candidate_rows(store, CITY, "one_person_households", 2020, one.candidates, one.places.kinds)
    problem = covering_problem(
        demand.points, demand.weights, in_metres(rows, demand.epsg), 800, existing=in_metres(places_of(store, CITY, one.places.kinds), demand.epsg),
        ids=rows["id"].tolist(), neediest=in_districts(demand.rows, needy_districts(store, one.places.targets)),
    )  # fmt: skip
    best = maximal_covering(problem, count)
    exhibit = next_places(japanese, asked=one)
    assert f"{best.all_demand.share_before * 100:.1f}%から{best.all_demand.share_after * 100:.1f}%" in exhibit.title
    assert best.neediest is not None
    assert f"{best.neediest.share_after * 100:.1f}%" in exhibit.sentence
    assert "確かめました" in exhibit.sentence
    table = exhibit.table.rows
    assert table["gain"].is_monotonic_decreasing
    assert table["gain"].sum() == pytest.approx(best.all_demand.after - best.all_demand.before)
    assert table["share"].iloc[-1] == pytest.approx(best.all_demand.share_after)
    districts = next_districts(japanese, asked=one).table.rows
    assert districts["after"].sum() == pytest.approx(best.all_demand.after)
    assert districts["total"].sum() == pytest.approx(best.all_demand.total)


def test_with_a_weight_or_a_guard_nothing_is_said_about_the_most_people(japanese: Context) -> None:
    free, guarded = next_places(japanese, asked=of_sample(japanese)), next_places(japanese, asked=of_sample(japanese, guard=True))
    weighted = next_places(japanese, asked=of_sample(japanese, by_index=True))
    most = "これより多く届く組合せがない"
    assert most in free.sentence
    assert most not in weighted.sentence
    answer = next_of(japanese.store, of_sample(japanese, guard=True))
    assert answer is not None
    assert (most in guarded.sentence) == (answer.guard_told == "not_attainable")
    if answer.guard_told == "kept" and answer.neediest is not None:
        assert answer.neediest.share_after >= answer.everyone.share_after - 1e-9


def test_what_is_not_proven_is_told_with_its_gap(japanese: Context) -> None:
    answer = next_of(japanese.store, of_sample(japanese))
    assert answer is not None
    after = answer.covering.all_demand.after
    open_ended = replace(answer.covering, bound=after * 1.05, status=next_sites.Status.TIME_LIMIT)
    assert "最大5.0%" in solution_words(japanese, open_ended, conditions=False)


def test_the_curve_never_falls_and_its_sentence_says_the_number(japanese: Context) -> None:
    exhibit = next_curve(japanese, asked=of_sample(japanese))
    rows = exhibit.table.rows
    assert rows["count"].tolist() == list(range(13))
    assert rows["share"].is_monotonic_increasing
    assert (rows["greedy"] <= rows["share"] + 1e-9).all()
    curve = curve_of(japanese.store, sample(japanese), of_sample(japanese).candidates)
    assert curve is not None
    assert (f"{curve.number}か所" if curve.number else f"{curve.attainable * 100:.1f}%") in exhibit.sentence
    assert exhibit.figure is not None


def test_the_allocation_hands_out_what_was_asked_for_and_takes_none_away(japanese: Context) -> None:
    before = None
    for count in (0, 10, 100):
        rows = supporters_allocation(japanese, asked=sample(japanese), count=count).table.rows.set_index("code")
        assert rows["new"].sum() == count
        assert (rows["after"] == rows["existing"] + rows["new"]).all()
        assert before is None or (rows["new"] >= before.reindex(rows.index)).all()
        before = rows["new"]


def test_samples_are_marked_and_recipes_lead_back(english: Context) -> None:
    one = of_sample(english)
    for build, options in (
        (next_places, {"asked": one}), (next_curve, {"asked": one}), (next_districts, {"asked": one}),
        (supporters_allocation, {"asked": one.places, "count": 10, "by_index": True}),
    ):  # fmt: skip
        exhibit = build(english, **options)
        assert exhibit.is_sample
        assert "Sample data, fictional" in exhibit.subtitle
        assert exhibit.settings["sample"]
        assert any("sample (fictional) data" in line for line in exhibit.cautions)
        again = follow(english, read_recipe(recipe_of(build, options, "en").text()))
        assert (again.title, again.sentence) == (exhibit.title, exhibit.sentence)


def test_the_middles_of_small_areas_are_candidates_too(japanese: Context) -> None:
    one = of_sample(japanese, candidates=("small_area",))
    answer = next_of(japanese.store, one)
    assert answer is not None
    assert answer.candidates == 260
    assert (answer.sites["kind"] == "small_area").all()
    assert by_district(japanese, one, answer)["total"].sum() == pytest.approx(answer.everyone.total)
    assert "の中心" in next_places(japanese, asked=one).sentence


def test_no_candidate_gives_words(japanese: Context) -> None:
    exhibit = next_places(japanese, asked=of_sample(japanese, candidates=("community_centre",)))
    assert exhibit.figure is None
    assert "候補" in exhibit.sentence
