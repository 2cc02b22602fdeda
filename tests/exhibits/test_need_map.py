"""The need map as an exhibit: findings, states, classes, index, change; nothing suppressed becomes a number."""

from __future__ import annotations

import math

import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.district_layer import NO_SCORE, UNCERTAIN, WITHHELD, base_rows, city_figures, state_of
from atlas.exhibits.district_profile import district_profile
from atlas.exhibits.need_classes import classes
from atlas.exhibits.need_index import IndexChoice, index_of, offered, preset_weights
from atlas.exhibits.need_map import INDEX, Asked, Drawn, layer_of, need_map, small_areas

CITY = "99201"
ASKED = Asked((CITY,), "one_person_household_share", 2020, sample=True)


def index_asked(context: Context, **changes: int) -> Asked:
    weights = preset_weights("equal", offered(context.store, (CITY,), 2020)) | changes
    return Asked((CITY,), INDEX, 2020, index=IndexChoice(tuple(weights.items()), "percentile", "arithmetic"), sample=True)


def test_the_title_names_the_highest_and_the_lowest_district(japanese: Context) -> None:
    rows = layer_of(japanese, ASKED).rows
    title = need_map(japanese, asked=ASKED, drawn=Drawn()).title
    assert rows.loc[rows["value"].idxmax(), "name"] in title
    assert rows.loc[rows["value"].idxmin(), "name"] in title


def test_the_sample_says_so_in_everything_that_is_exported(japanese: Context) -> None:
    exhibit = need_map(japanese, asked=ASKED, drawn=Drawn())
    assert "見本（架空）データ" in exhibit.subtitle
    assert any("見本（架空）データ" in line for line in exhibit.cautions)
    assert exhibit.settings["sample"] == "見本（架空）データ"


def test_five_classes_at_most_and_every_district_in_one(japanese: Context) -> None:
    layer = layer_of(japanese, ASKED)
    found = classes(japanese, layer.measure, layer.rows["value"], japanese.look.palette)
    assert 1 < len(found.limits) <= 5
    assert all(found.of(value) is not None for value in layer.shown["value"])
    assert all(low[1] < high[0] for low, high in zip(found.limits, found.limits[1:], strict=False))


def test_the_small_number_rule_decides_what_is_a_value() -> None:
    assert state_of("share", "x", 0.5, 9, "observed") == WITHHELD
    assert state_of("share", "x", 0.01, 100, "observed") == WITHHELD
    assert state_of("share", "x", 0.1, 100, "observed") == UNCERTAIN
    assert state_of("share", "x", 0.5, 1000, "observed") == "observed"
    assert state_of("share", "x", math.nan, 1000, "suppressed") == "suppressed"
    assert state_of("count", "x", 0.0, math.nan, "observed") == "observed"


def test_a_withheld_rate_is_nowhere_and_neither_is_its_numerator(japanese: Context) -> None:
    frame = city_figures(japanese.store, CITY)
    withheld = frame[frame["state"] == WITHHELD]
    assert len(withheld)
    assert withheld[["value", "numerator", "denominator"]].isna().all(axis=None)
    row = withheld[withheld["year"] == 2020].iloc[0]
    exhibit = need_map(japanese, asked=Asked((CITY,), row["indicator_id"], 2020), drawn=Drawn())
    own = exhibit.table.rows[exhibit.table.rows["code"] == row["area_code"]].iloc[0]
    assert math.isnan(own["value"])
    assert own["state"] == "数が少なく非表示"


def test_suppressed_small_areas_have_a_pattern_and_no_class(japanese: Context) -> None:
    layer = layer_of(japanese, ASKED)
    areas = small_areas(japanese, ASKED, layer, classes(japanese, layer.measure, layer.rows["value"], japanese.look.palette), CITY)
    hidden = [one for one in areas if one.state in ("suppressed", "merged")]
    assert hidden
    assert all(one.group is None and "%" not in one.tip for one in hidden)


def test_ground_outside_any_district_is_a_shape_of_its_own(japanese: Context) -> None:
    ground = district_ground(japanese.store, CITY)
    assert ground.rest in ground.shapes
    assert len(ground.shapes) == 25
    assert '"value"' not in ground.text


def test_a_district_that_misses_a_part_has_no_index_and_is_told_why(japanese: Context) -> None:
    asked = index_asked(japanese)
    rows = layer_of(japanese, asked).rows
    lacking = rows[rows["state"] == NO_SCORE]
    assert len(lacking)
    assert "欠けている" in district_profile(japanese, asked=asked, code=str(lacking.index[0])).parts_note


def test_contributions_add_up_to_the_index(japanese: Context) -> None:
    asked = index_asked(japanese)
    assert asked.index is not None
    index = index_of(japanese.store, asked.cities, 2020, asked.index)
    assert index is not None
    scored = index.score.dropna()
    assert index.contributions.loc[scored.index].sum(axis=1).to_numpy() == pytest.approx(scored.to_numpy())


def test_without_any_weight_there_is_no_index_but_a_map(japanese: Context) -> None:
    weights = tuple((one, 0) for one in offered(japanese.store, (CITY,), 2020))
    asked = Asked((CITY,), INDEX, 2020, index=IndexChoice(weights, "percentile", "arithmetic"))
    assert "まだ示せません" in need_map(japanese, asked=asked, drawn=Drawn()).title


def test_two_censuses_differ_by_points(japanese: Context) -> None:
    asked = Asked((CITY,), "one_person_household_share", 2020, before=2010)
    layer = layer_of(japanese, asked)
    code = layer.rows.index[0]
    new, old = (base_rows(japanese.store, CITY, "one_person_household_share", year)["value"][code] for year in (2020, 2010))
    assert layer.rows["value"][code] == pytest.approx(new - old)
    assert layer.measure.kind == "points"


def test_the_figure_carries_an_address_and_no_shapes(japanese: Context) -> None:
    figure = need_map(japanese, asked=ASKED, drawn=Drawn(addresses=("app/static/maps/x.geojson",))).figure
    assert figure is not None
    assert {trace.geojson for trace in figure.data if trace.type == "choropleth"} == {"app/static/maps/x.geojson"}
    assert len(figure.to_json()) < 30_000


def test_english_has_no_empty_words(english: Context) -> None:
    exhibit = need_map(english, asked=ASKED, drawn=Drawn())
    assert exhibit.title.startswith("One-person share: highest in")
    assert "Sample" in exhibit.subtitle
