"""Target areas as exhibits: list, map and table tell the same order; nothing is claimed that the draws do not show."""

from __future__ import annotations

import math

from atlas.analysis.rank_certainty import Certainty
from atlas.exhibits.context import Context
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.target_map import target_map
from atlas.exhibits.target_order import TargetsAsked, order_of, target_order

CITY = "99201"


def asked(context: Context, length: int | None = None, **changes: int) -> TargetsAsked:
    weights = preset_weights("equal", offered(context.store, (CITY,), 2020)) | changes
    return TargetsAsked(CITY, 2020, IndexChoice(tuple(weights.items()), "percentile", "arithmetic"), length, True)


def test_the_table_holds_every_district_and_what_the_draws_say(japanese: Context) -> None:
    order = order_of(japanese.store, asked(japanese))
    assert order is not None
    rows = target_order(japanese, asked=asked(japanese)).table.rows.set_index("code")
    assert len(rows) == 24
    for code, row in rows.iterrows():
        if math.isnan(row["rank"]):
            assert row["certainty"] == "順位なし"
            continue
        assert row["rank"] == order.index.rank[code]
        assert row["lower"] <= row["median"] <= row["upper"]
        assert (row["certainty"] == "確かに高い") == (row["in_top"] >= 0.9)


def test_a_fifth_of_the_ranked_districts_is_the_list_where_nothing_is_said(japanese: Context) -> None:
    order = order_of(japanese.store, asked(japanese))
    assert order is not None
    assert order.certainty.k == math.ceil(order.certainty.areas / 5)
    assert len(order.listed) >= order.certainty.k


def test_the_title_names_only_districts_that_are_surely_high(japanese: Context) -> None:
    order = order_of(japanese.store, asked(japanese))
    assert order is not None
    title = target_order(japanese, asked=asked(japanese)).title
    high = order.of(Certainty.HIGH)
    for code, name in order.rows["name"].items():
        assert (name + "区" in title) == (code in high[:3])


def test_the_map_has_the_list_s_numbers_and_marks_the_sample(japanese: Context) -> None:
    listed, drawn = target_order(japanese, asked=asked(japanese)), target_map(japanese, asked=asked(japanese))
    assert drawn.table.rows.equals(listed.table.rows)
    assert drawn.is_sample
    assert "見本（架空）データ" in drawn.subtitle
    assert drawn.settings["sample"]


def test_one_indicator_alone_has_no_weights_that_could_reverse_a_pair(japanese: Context) -> None:
    weights = dict.fromkeys(offered(japanese.store, (CITY,), 2020), 0) | {"population_75_over_share": 3}
    one = TargetsAsked(CITY, 2020, IndexChoice(tuple(weights.items()), "percentile", "arithmetic"), None, True)
    order = order_of(japanese.store, one)
    assert order is not None
    assert order.fixed.share == 1.0
    assert (order.certainty.lower.dropna() == order.certainty.upper.dropna()).all()


def test_no_weights_give_words_instead_of_an_order(japanese: Context) -> None:
    none = TargetsAsked(CITY, 2020, IndexChoice((("population_75_over_share", 0),), "percentile", "arithmetic"), None, True)
    exhibit = target_order(japanese, asked=none)
    assert exhibit.figure is None
    assert "重みがすべて0" in exhibit.sentence
    assert target_map(japanese, asked=none).figure is None
