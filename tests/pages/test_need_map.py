"""The page 必要度マップ: both languages, sample banner, district and index in the URL."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import html, opened_page

DISTRICT = "99201-B199210000125"


def opened(**query: str) -> AppTest:
    return opened_page("need_map", **query)


@pytest.mark.parametrize(("lang", "words"), [("ja", "見本（架空）データ"), ("en", "Sample (fictional) data")])
def test_the_page_opens_with_the_sample_under_its_banner(lang: str, words: str) -> None:
    app = opened(lang=lang)
    assert words in html(app)
    assert len(app.get("plotly_chart")) == 1


def test_a_chosen_district_survives_another_indicator() -> None:
    app = opened(district=DISTRICT)
    assert "桂台小学校区" in html(app)
    app.selectbox(key="need_map:indicator").select("population").run()
    assert app.query_params["district"] in (DISTRICT, [DISTRICT])
    assert app.selectbox(key="need_map:district").value == DISTRICT


def test_a_district_is_chosen_from_the_list() -> None:
    app = opened()
    app.selectbox(key="need_map:district").select(DISTRICT).run()
    assert app.query_params["district"] in (DISTRICT, [DISTRICT])


def test_a_preset_sets_the_weights_back() -> None:
    app = opened(indicator="index", w_one_person_household_share="5")
    app.selectbox(key="need_map:preset").select("isolation_risk").run()
    assert "w_one_person_household_share" not in app.query_params
    assert "America's Health Rankings" in html(app) or "America&#x27;s Health Rankings" in html(app)


@pytest.mark.parametrize("query", [{"city": "nowhere"}, {"district": "99201-x"}, {"year": "1"}, {"indicator": "index", "w_mean_household_size": "99"}])
def test_nonsense_in_the_url_is_told_and_passed_over(query: dict[str, str]) -> None:
    assert "指定できません" in html(opened(**query))


def test_two_censuses_small_areas_and_places() -> None:
    assert "の変化" in html(opened(before="2010"))
    opened(small="1", places="1", close="1")
