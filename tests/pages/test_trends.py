"""Trends, as Streamlit runs it: both languages, choices in the URL, anything in the URL."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard.py"
NONSENSE = [
    {"areas": "99999"},
    {"areas": "31201_nowhere"},
    {"areas": "<script>alert(1)</script>"},
    {"areas": "x" * 10_000},
    {"indicator": "no_such_indicator"},
    {"indicator": "'; DROP TABLE observation; --"},
    {"base": "1965"},
    {"base": "soon"},
    {"lang": "fr"},
    {"size": "1000"},
    {"family": "\u0000"},
]


def trends(**params: str) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD), default_timeout=90)
    app.switch_page("pages/trends.py")
    for key, value in params.items():
        app.query_params[key] = value
    return app.run()


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_first_view_says_the_finding() -> None:
    app = trends()
    assert not app.exception
    assert "単独世帯の割合は60年で16.5%から38.0%に" in html(app)


def test_the_english_view_has_no_japanese_but_names(english: object) -> None:
    app = trends(lang="en")
    assert not app.exception
    assert "from 16.5% in 1960 to 38.0% in 2020" in html(app)
    assert "出典" not in html(app)


def test_the_url_brings_a_view_back() -> None:
    app = trends(indicator="one_person_households", areas="31201_31000")
    assert not app.exception
    assert app.selectbox(key="trends:indicator").value == "one_person_households"
    assert app.multiselect(key="trends:areas").value == ["31201", "31000"]
    assert "鳥取県 鳥取市の単独世帯数は、2015年(平成27年)の24,839世帯から2020年(令和2年)の26,983世帯になりました。" in html(app)


def test_a_choice_is_written_into_the_url() -> None:
    app = trends()
    app.multiselect(key="trends:areas").set_value(["00000", "13000"]).run()
    assert app.query_params["areas"] == "00000_13000"
    assert not app.exception
    app.multiselect(key="trends:areas").set_value(["00000"]).run()
    assert "areas" not in app.query_params


def test_an_index_starts_at_100() -> None:
    app = trends(areas="31201_36201", base="2015")
    assert not app.exception
    assert "2015年を100とする指数" in html(app)


def test_missing_years_say_why() -> None:
    text = html(trends())
    assert "1965年(昭和40年): 公表なし" in text
    assert "1975年(昭和50年): 未収録" in text


@pytest.mark.parametrize("params", NONSENSE, ids=lambda params: "-".join(f"{key}={value[:12]}" for key, value in params.items()))
def test_nonsense_in_the_url_falls_back_with_a_note(params: dict[str, str]) -> None:
    app = trends(**params)
    assert not app.exception
    text = html(app)
    assert 'class="atlas-note"' in text
    assert "<script>alert" not in text
    assert len(text) < 400_000
