"""Places and reach: a city worked out by hand, and the sample against direct calls of the analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from atlas.analysis.plane import plane_crs
from atlas.analysis.reach import reach
from atlas.exhibits import places_ground
from atlas.exhibits.context import Context
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.places_ground import PlacesAsked, in_metres, needy_districts, reached, supporters_by_district, usual_kinds
from atlas.exhibits.places_lists import places_list, supporters_list
from atlas.exhibits.places_reach import places_reach
from atlas.exhibits.recipe import follow, read_recipe, recipe_of
from atlas.exhibits.target_order import TargetsAsked
from atlas.store import places as held_places
from tests.exhibits import tiny_city

CITY = "99201"
KINDS = ("ibasho", "kayoi_no_ba", "consultation")


def sample(context: Context, radius: int = 800, kinds: tuple[str, ...] = KINDS, people: str = "one_person_households") -> PlacesAsked:
    weights = tuple(preset_weights("equal", offered(context.store, (CITY,), 2020)).items())
    return PlacesAsked(TargetsAsked(CITY, 2020, IndexChoice(weights, "percentile", "arithmetic"), None, True), kinds, people, radius)


def test_a_city_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    # 800 m on foot are 615 m straight: the place at 0 reaches the area at 0 alone. The suppressed area is in no sum.
    store = tiny_city.city_of(monkeypatch, [("here", "ibasho", 0)])
    answer = reached(store, tiny_city.asked())
    assert answer is not None
    found = answer.found
    assert (found.total.within, found.total.outside, found.total.missing) == (100, 100, 1)
    assert (found.by_group[tiny_city.D1].within, found.by_group[tiny_city.D1].outside) == (100, 50)
    assert (found.by_group[tiny_city.D2].within, found.by_group[tiny_city.D2].outside, found.by_group[tiny_city.D2].missing) == (0, 30, 1)
    assert found.by_group[None].outside == 20
    assert found.neediest is not None
    assert found.neediest.share == 0
    assert found.coarse.tolist() == [False, False, True, False, False]  # 2 km2 against a circle of 1.19 km2
    assert found.nearest == pytest.approx([0, 1300, 2600, 3900, 5200], abs=1)
    assert answer.demand.elsewhere == 7  # 207 in the city, 200 at points


def test_supporters_are_summed_by_district_and_those_not_matched_stand_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = supporters_by_district(tiny_city.city_of(monkeypatch, []), tiny_city.CITY)
    assert found["people"].to_dict() == {"": 4, tiny_city.D1: 5}
    assert found.at[tiny_city.D1, "latest"] == 2024


def test_without_places_that_serve_people_public_facilities_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert usual_kinds(tiny_city.city_of(monkeypatch, [("hall", "public_facility", 0), ("school", "elementary_school", 0)]), "x") == ("public_facility",)
    assert usual_kinds(tiny_city.city_of(monkeypatch, [("hall", "public_facility", 0), ("here", "ibasho", 0)]), "x") == ("ibasho",)
    assert usual_kinds(tiny_city.city_of(monkeypatch, []), "x") == ()


@pytest.mark.parametrize("radius", [300, 500, 800, 3000])
@pytest.mark.parametrize("people", ["one_person_households", "population_65_over"])
def test_the_exhibit_says_what_the_analysis_finds(japanese: Context, radius: int, people: str) -> None:
    asked = sample(japanese, radius, people=people)
    rows = held_places.demand_points(japanese.store, CITY, people, 2020)
    own = held_places.places(japanese.store, CITY)
    own = own[own["kind"].isin(KINDS)]
    epsg = plane_crs((rows["longitude"].min(), rows["latitude"].min(), rows["longitude"].max(), rows["latitude"].max()))
    needy = rows["district_code"].isin(needy_districts(japanese.store, asked.targets)).to_numpy(bool)
    found = reach(in_metres(rows, epsg), rows["value"], in_metres(own, epsg), radius, neediest=needy)
    exhibit = places_reach(japanese, asked=asked)
    unit = "人" if people == "population_65_over" else "世帯"
    assert f"{found.total.share * 100:.1f}%" in exhibit.title
    assert f"{found.total.within:,.0f}{unit}" in exhibit.sentence
    assert f"{found.total.outside:,.0f}{unit}" in exhibit.sentence
    assert found.neediest is not None
    assert f"{found.neediest.share * 100:.1f}%" in exhibit.sentence
    table = exhibit.table.rows
    assert table["within"].sum() == pytest.approx(found.total.within)
    assert table["outside"].sum() == pytest.approx(found.total.outside)
    assert table["missing"].sum() == found.total.missing == rows["value"].isna().sum() > 0
    assert len(table) == 25  # 24 districts, and what lies in none
    assert table["share"].iloc[:-1].dropna().is_monotonic_increasing


def test_the_sample_is_marked_and_what_is_on_no_map_is_counted(japanese: Context, english: Context) -> None:
    for context, mark, count in ((japanese, "見本（架空）データ", "1件"), (english, "Sample data, fictional", ": 1.")):
        exhibit = places_reach(context, asked=sample(context))
        assert exhibit.is_sample
        assert mark in exhibit.subtitle
        assert exhibit.settings["sample"]
        assert any(count in line for line in exhibit.cautions)  # the window by telephone
        assert exhibit.figure is not None


def test_the_list_has_every_place_and_those_without_a_position(japanese: Context) -> None:
    exhibit = places_list(japanese, asked=sample(japanese))
    own = held_places.places(japanese.store, CITY)
    assert len(exhibit.table.rows) == own["kind"].isin(KINDS).sum() + 1
    assert (exhibit.table.rows["district"] == "位置なし").sum() == 1
    assert not exhibit.table.rows[["name", "kind", "district"]].isna().any(axis=None)


def test_supporters_add_up_to_the_city(japanese: Context) -> None:
    exhibit = supporters_list(japanese, asked=sample(japanese))
    rows = held_places.supporters(japanese.store, CITY)
    assert exhibit.table.rows["people"].sum() == rows["people"].sum()
    assert f"{rows['people'].sum()}人" in exhibit.title
    assert exhibit.table.rows["place"].iloc[-1] == "校区を決められなかった行"


def test_the_exhibit_comes_back_from_its_recipe(japanese: Context) -> None:
    options = {"asked": sample(japanese), "address": "app/static/x.geojson"}
    text = recipe_of(places_reach, options, "ja").text()
    again = follow(japanese, read_recipe(text))
    assert again.title == places_reach(japanese, **options).title
    assert "app/static" not in text


def test_without_figures_or_places_words_take_the_figure_s_place(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = sample(japanese, kinds=("other_place",))
    assert places_reach(japanese, asked=nothing).figure is None
    assert "選んだ種類の場所がありません" in places_reach(japanese, asked=nothing).sentence
    monkeypatch.setattr(places_ground, "demand_of", lambda *_: None)
    monkeypatch.setattr("atlas.exhibits.places_words.demand_of", lambda *_: None)
    places_ground.reached.cache_clear()
    assert "未収録" in places_reach(japanese, asked=sample(japanese)).sentence
    places_ground.reached.cache_clear()


def test_a_place_where_everybody_is_reaches_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    store = tiny_city.city_of(monkeypatch, [(str(number), "ibasho", east) for number, (east, *_) in enumerate(tiny_city.AREAS)], needy=())
    answer = reached(store, tiny_city.asked(300))
    assert answer is not None
    assert answer.found.total.share == 1
    assert answer.found.neediest is None
    assert isinstance(answer.places, pd.DataFrame)
    assert np.isnan(answer.demand.weights).sum() == 1
