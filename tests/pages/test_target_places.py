"""The views 居場所と届く範囲 and 次の場所: both languages, choices in the URL, bad input, a city without places."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from atlas.exhibits import next_sites, places_ground
from atlas.store import places as held_places
from tests.pages.opening import html, opened_page


def opened(**query: str) -> AppTest:
    return opened_page("targets", timeout=90, **query)


@pytest.mark.parametrize(
    ("lang", "view", "charts", "words"),
    [
        ("ja", "places", 1, ("まで歩いて800m以内", "見本（架空）データ", "つながりサポーターは")),
        ("en", "places", 1, ("within 800 m on foot of", "Sample (fictional) data", "tsunagari supporters")),
        ("ja", "next", 3, ("次の3か所で", "確かめました", "新しいつながりサポーター10人は")),
        ("en", "next", 3, ("3 more places take", "It has been proven", "10 new tsunagari supporters")),
    ],
)
def test_both_views_open_in_both_languages(lang: str, view: str, charts: int, words: tuple[str, ...]) -> None:
    app = opened(lang=lang, view=view)
    assert all(word in html(app) for word in words)
    assert len(app.get("plotly_chart")) == charts


def test_the_choices_of_one_view_are_those_of_the_other() -> None:
    app = opened(view="places", kinds="ibasho_kayoi-no-ba", people="population_65_over", radius="500")
    assert app.multiselect(key="targets:kinds").value == ["ibasho", "kayoi-no-ba"]
    assert "65歳以上の人の" in html(app)
    assert "居場所・通いの場まで歩いて500m以内" in html(app)
    app.selectbox(key="targets:radius").select("1200").run()
    assert app.query_params["radius"] in ("1200", ["1200"])
    app.query_params["view"] = "next"
    app.run()
    assert not app.exception
    assert "歩いて1,200m以内の65歳以上の人は" in html(app)


def test_the_question_for_new_places_is_kept_in_the_link() -> None:
    app = opened(view="next", new="5", candidates="small-area", weight="index", guard="1", supporters="0")
    assert "選んだ重みと条件のもとで" in html(app)
    assert "いまのつながりサポーターと、人数に応じた配分" in html(app)
    assert app.multiselect(key="targets:candidates").value == ["small-area"]
    app.selectbox(key="targets:new").select("2").run()
    assert app.query_params["new"] in ("2", ["2"])
    assert "次の2か所で" in html(app)


@pytest.mark.parametrize("value", ["0", "-5", "<script>alert(1)</script>", "x" * 10_000, "nothing_here"])
@pytest.mark.parametrize("view", ["places", "next"])
def test_bad_input_falls_back_with_a_note(view: str, value: str) -> None:
    app = opened(view=view, kinds=value, people=value, radius=value, new=value, candidates=value, weight=value, guard=value, supporters=value)
    assert html(app).count("指定できません") >= 3
    assert "<script>alert" not in html(app)
    assert "800m以内" in html(app)


@pytest.fixture
def no_places(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A city with small areas but no place of any kind, nor supporters."""
    kept = [places_ground.kinds_held, places_ground.reached, places_ground.supporters_by_district, next_sites.candidate_rows, next_sites._problem,
            next_sites.next_of, next_sites.curve_of]  # fmt: skip

    def emptied(question: object) -> object:
        def nothing(*arguments: object) -> pd.DataFrame:
            return question(*arguments).head(0)  # type: ignore[operator]

        return nothing

    for name in ("places", "without_position", "supporters"):
        monkeypatch.setattr(held_places, name, emptied(getattr(held_places, name)))
    for one in kept:
        one.cache_clear()
    yield
    for one in kept:
        one.cache_clear()


def test_without_any_place_the_view_says_what_to_import(no_places: None) -> None:
    app = opened(view="places")
    assert "場所が未収録です" in html(app)
    assert not app.get("plotly_chart")


def test_without_any_place_new_ones_are_sought_among_the_small_areas(no_places: None) -> None:
    app = opened(view="next", new="4")
    assert "0.0%から" in html(app)
    assert "の中心" in html(app)


def test_templates_for_own_tables_stand_below_the_places() -> None:
    assert "自分の市区町村の表を加えるには" in html(opened(view="places"))
