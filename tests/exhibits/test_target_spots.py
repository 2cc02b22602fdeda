"""Clusters of districts and the funnel of a share: values of the analysis, and no claim where nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from atlas.analysis.funnel import funnel_fit
from atlas.analysis.hot_spots import Spot, getis_ord
from atlas.exhibits import target_funnel as funnel_module
from atlas.exhibits import target_spots as spots_module
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows
from atlas.exhibits.evidence import shares_held
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.need_map_words import plain_name
from atlas.exhibits.target_funnel import district_fit, target_funnel
from atlas.exhibits.target_order import TargetsAsked, order_of
from atlas.exhibits.target_spots import neighbours_of, spots_of, target_spots

CITY, SHARE, SMALL = "99201", "population_75_over_share", "single_mother_or_father_share"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Values made up here must not be kept for others."""
    spots_of.cache_clear()
    district_fit.cache_clear()
    yield
    spots_of.cache_clear()
    district_fit.cache_clear()


def asked(context: Context, **weights: int) -> TargetsAsked:
    indicators = offered(context.store, (CITY,), 2020)
    return TargetsAsked(CITY, 2020, IndexChoice(tuple((weights or preset_weights("equal", indicators)).items()), "percentile", "arithmetic"), None, True)


def made_up(monkeypatch: pytest.MonkeyPatch, values: np.ndarray, codes: tuple[str, ...]) -> None:
    """Give the index these scores."""
    monkeypatch.setattr(spots_module, "index_of", lambda *_: SimpleNamespace(score=pd.Series(values, index=list(codes))))


def test_neighbours_are_symmetric_and_every_district_has_one(japanese: Context) -> None:
    codes, links = neighbours_of(japanese.store, CITY)
    assert len(codes) == 24
    assert (links != links.T).nnz == 0
    assert links.sum(axis=1).min() >= 1


def test_the_index_is_tested_as_it_is_and_a_share_by_its_adjusted_z(japanese: Context) -> None:
    codes, links = neighbours_of(japanese.store, CITY)
    question = asked(japanese)
    order = order_of(japanese.store, question)
    assert order is not None
    rows = base_rows(japanese.store, CITY, SHARE, 2020).reindex(list(codes))
    z = funnel_fit(rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)).adjusted_z_scores
    for share, values in (("index", order.index.score.reindex(list(codes)).to_numpy(float)), (SHARE, z)):
        expected = getis_ord(values, links)
        table = target_spots(japanese, asked=question, share=share).table.rows.set_index("code").loc[list(codes)]
        for column, held in (("z", expected.z), ("p", expected.p), ("q", expected.q)):
            np.testing.assert_array_equal(table[column].to_numpy(float), held)


def test_what_the_test_asked_for_is_stated(japanese: Context) -> None:
    exhibit = target_spots(japanese, asked=asked(japanese), share=SHARE)
    assert "並べ替え9,999回" in " ".join(exhibit.cautions)
    assert "偽発見率を5%" in " ".join(exhibit.cautions)
    assert "24校区" in exhibit.subtitle
    assert "かたまりは、その原因を示すものではありません" in exhibit.sentence
    assert (exhibit.settings["permutations"], exhibit.settings["tested"], exhibit.settings["false_discovery_rate"]) == ("9999", "24", "0.05")


def test_values_in_no_order_claim_no_cluster(japanese: Context, english: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    codes, links = neighbours_of(japanese.store, CITY)
    values = np.random.default_rng(3).normal(50, 10, len(codes))
    assert not getis_ord(values, links).marked.any()
    made_up(monkeypatch, values, codes)
    exhibit = target_spots(japanese, asked=asked(japanese))
    assert exhibit.title == "必要度の指数に、かたまりがあるとは言えません"
    assert "集まっています" not in exhibit.title + exhibit.sentence
    assert set(exhibit.table.rows["class"]) == {"差があるとは言えない"}
    assert "no cluster" in target_spots(english, asked=asked(english)).title


def test_a_cluster_put_there_is_named_and_marked_beside_its_colour(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    codes, links = neighbours_of(japanese.store, CITY)
    east = np.asarray(links[[0]].todense()).ravel() > 0
    east[0] = True
    values = np.where(east, 90.0, 20.0) + np.arange(len(codes)) / 10
    made_up(monkeypatch, values, codes)
    found = spots_of(japanese.store, asked(japanese), "index")
    assert found is not None
    hot = found.of(Spot.HOT)
    assert codes[0] in hot
    exhibit = target_spots(japanese, asked=asked(japanese))
    assert "高い校区が集まっています" in exhibit.title or "高い校区、" in exhibit.title
    names = exhibit.table.rows.set_index("code").loc[hot, "place"]
    assert str(names.iloc[0]) in exhibit.title
    assert exhibit.figure is not None
    written = [text for trace in exhibit.figure.data if trace.type == "scattergeo" and trace.mode == "text" for text in trace.text]
    assert any(text.endswith("▲") for text in written)
    assert (exhibit.table.rows["class"] == "高い校区のかたまり").sum() == len(hot)


def test_a_withheld_share_is_not_tested_and_stays_missing(japanese: Context) -> None:
    rows = base_rows(japanese.store, CITY, SMALL, 2020)
    hidden = rows.index[rows["value"].isna()]
    assert len(hidden)
    spots = target_spots(japanese, asked=asked(japanese), share=SMALL).table.rows.set_index("code").loc[hidden]
    assert spots[["value", "z", "p", "q"]].isna().all().all()
    assert set(spots["class"]) == {"調べていない"}
    funnel = target_funnel(japanese, asked=asked(japanese), share=SMALL).table.rows.set_index("code").loc[hidden]
    assert funnel[["share", "numerator", "denominator", "z", "control_low"]].isna().all().all()
    assert set(funnel["state"]) == {"数が少なく非表示"}


def test_too_few_districts_or_no_weights_give_words(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "重みがすべて0" in target_spots(japanese, asked=asked(japanese, population_75_over_share=0)).sentence
    codes, _ = neighbours_of(japanese.store, CITY)
    made_up(monkeypatch, np.where(np.arange(len(codes)) < 2, 1.0, np.nan), codes)
    exhibit = target_spots(japanese, asked=asked(japanese))
    assert exhibit.figure is None
    assert "3つより少ない" in exhibit.sentence


def test_the_funnel_has_the_limits_and_the_dispersion_of_the_analysis(japanese: Context) -> None:
    rows = base_rows(japanese.store, CITY, SMALL, 2020)
    held = rows["value"].notna()
    expected = funnel_fit(rows["numerator"].where(held).to_numpy(float), rows["denominator"].where(held, 0).to_numpy(float), winsorise=0)
    exhibit = target_funnel(japanese, asked=asked(japanese), share=SMALL)
    assert exhibit.settings["phi"] == f"{expected.phi:.3f}"
    assert exhibit.settings["tau"] == f"{expected.tau2**0.5:.6f}"
    notes = " ".join(exhibit.cautions)
    assert f"φは{expected.phi:.1f}" in notes
    assert "全数調査で、標本誤差はありません" in notes
    outside = rows.loc[expected.outside(), "name"]
    told = exhibit.table.rows.loc[exhibit.table.rows["zone"].str.startswith("99.8%"), "place"]
    assert set(told) == set(outside)
    for name in rows["name"]:
        assert (f"{name}区" in exhibit.title) == (name in set(outside))


def shares(context: Context, numerators: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = base_rows(context.store, CITY, SHARE, 2020).copy()
    rows["denominator"] = 1_000.0
    rows["numerator"] = numerators
    rows["value"] = rows["numerator"] / rows["denominator"]
    monkeypatch.setattr(funnel_module, "base_rows", lambda *_: rows)


def test_equal_shares_claim_no_difference(japanese: Context, english: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    shares(japanese, np.where(np.arange(24) % 2, 201.0, 199.0), monkeypatch)
    exhibit = target_funnel(japanese, asked=asked(japanese), share=SHARE)
    assert "外れていると言える校区はありません" in exhibit.title
    assert "差があるとは言えません" in exhibit.sentence
    assert "高いのは" not in exhibit.sentence
    assert exhibit.settings["tau"] == "0.000000"
    assert set(exhibit.table.rows["zone"]) == {"95%の範囲の中"}
    assert "no district" in target_funnel(english, asked=asked(english), share=SHARE).title


def test_one_district_far_from_the_others_is_named(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    shares(japanese, np.where(np.arange(24) == 7, 320.0, 200.0 + np.arange(24) % 3), monkeypatch)
    name = str(base_rows(japanese.store, CITY, SHARE, 2020)["name"].iloc[7])
    exhibit = target_funnel(japanese, asked=asked(japanese), share=SHARE)
    assert name in exhibit.title
    assert exhibit.figure is not None
    assert any(plain_name(name) in str(note.text) for note in exhibit.figure.layout.annotations)


@pytest.mark.parametrize("build", [target_spots, target_funnel])
def test_the_sample_is_marked_in_both_languages(japanese: Context, english: Context, build) -> None:
    exhibit = build(japanese, asked=asked(japanese), share=SHARE)
    assert exhibit.is_sample
    assert "見本（架空）データ" in exhibit.subtitle
    assert exhibit.settings["sample"]
    assert "Sample data, fictional" in build(english, asked=asked(english), share=SHARE).subtitle


def test_every_share_offered_can_be_shown(japanese: Context) -> None:
    offered_shares = shares_held(japanese.store, CITY, 2020)
    assert SHARE in offered_shares
    assert "distance_to_nearest_place" not in offered_shares
    for share in offered_shares:
        assert target_funnel(japanese, asked=asked(japanese), share=share).figure is not None
