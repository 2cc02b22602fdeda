"""The page 地域くらべ: both languages, choices in the URL, nonsense in the URL."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import html, opened_page

SECTIONS = 5


def opened(**query: str) -> AppTest:
    return opened_page("compare", **query)


def box(app: AppTest, name: str):
    """A select box of the page by the end of its key."""
    return app.selectbox(key=f"compare:{name}")


@pytest.mark.parametrize(("lang", "title"), [("ja", "鳥取市の単独世帯の割合は35.1%、全国より2.8ポイント低い"), ("en", "鳥取市: One-person share 35.1%")])
def test_the_page_opens_with_tottori_city(lang: str, title: str) -> None:
    app = opened(lang=lang)
    assert title in html(app)
    assert html(app).count('class="atlas-section"') == SECTIONS
    assert len(app.get("plotly_chart")) == 3


def test_the_url_chooses_the_municipality_and_its_prefecture() -> None:
    app = opened(area="36201", indicator="older_one_person_share_of_households")
    assert box(app, "prefecture").value == "36000"
    assert box(app, "area").value == "36201"
    assert "徳島市の65歳以上単独世帯の割合は11.6%" in html(app)
    assert "9.9%" in html(app)


def test_another_prefecture_leads_to_its_first_municipality() -> None:
    app = opened()
    box(app, "prefecture").select("13000").run()
    assert app.query_params["area"] in ("13101", ["13101"])
    assert "千代田区の" in html(app)


def test_the_first_municipality_of_another_prefecture_can_be_chosen_again() -> None:
    app = opened(area="36202")
    box(app, "area").select("36201").run()
    assert app.query_params["area"] in ("36201", ["36201"])
    assert "徳島市の" in html(app)


def test_the_default_is_not_written_into_the_url() -> None:
    app = opened(area="31202")
    box(app, "area").select("31201").run()
    assert "area" not in app.query_params


def test_the_year_before_can_be_chosen() -> None:
    app = opened(year="2015")
    assert "32.8%" in html(app)
    assert "2015年(平成27年)" in html(app)


@pytest.mark.parametrize("area", ["07546", "07545", "13362", "01100", "47382"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_outliers_and_edges_are_shown(area: str, lang: str) -> None:
    assert box(opened(area=area, lang=lang), "area").value == area


@pytest.mark.parametrize(
    "bad", ["99999", "31000", "00000", "", "<script>alert(1)</script>", "'; DROP TABLE observation; --", "あ" * 10_000, "../../etc/passwd"]
)
@pytest.mark.parametrize("key", ["area", "indicator", "year"])
def test_nonsense_in_the_url_falls_back_with_a_note(key: str, bad: str) -> None:
    app = opened(**{key: bad})
    text = html(app)
    assert "は指定できません" in text
    assert "<script>alert" not in text
    assert "鳥取市の単独世帯の割合は35.1%" in text


def test_a_count_is_not_offered_as_a_share() -> None:
    app = opened(indicator="population")
    assert "は指定できません" in html(app)
    assert all("人口（" not in option or "割合" in option for option in box(app, "indicator").options)
