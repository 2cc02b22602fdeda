"""The contact page, as Streamlit runs it: both languages, choices in the URL, anything in the URL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard.py"
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
KEYS = ("mode", "category", "group", "base", "deff", "isolation", "isogroup", "asked", "lonegroup", "topic")


def contact(**params: str) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD), default_timeout=90)
    app.switch_page("pages/contact.py")
    for key, value in params.items():
        app.query_params[key] = value
    return app.run()


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_first_view_says_the_finding() -> None:
    app = contact()
    assert not app.exception
    text = html(app)
    assert "<h1>直接会って話すことが全くない人は、2021年の11.2%から2024年の9.3%に減少</h1>" in text
    assert len(app.get("plotly_chart")) == 9


def test_sections_stand_in_the_order_of_the_work() -> None:
    text = html(contact())
    wanted = [
        "直接会って話すこと",
        "男性50～59歳",
        "孤立（客観的な状態）",
        "孤独（主観的な感情）",
        "イングランド",
        "社会参加と支援",
        "困った時に頼れる人",
    ]
    places = [text.index(one) for one in wanted]
    assert places == sorted(places)


def test_the_english_view_has_no_japanese_but_the_switch() -> None:
    app = contact(lang="en")
    assert not app.exception
    text = html(app)
    assert "fell from 11.2% in 2021 to 9.3% in 2024" in text
    assert not JAPANESE.search(text)


def test_the_url_brings_a_view_back() -> None:
    app = contact(
        mode="sns_email",
        base="answered",
        category="low",
        group="sex",
        deff="1",
        isogroup="employment",
        asked="ucla",
        topic="would_help_others",
    )
    assert not app.exception
    text = html(app)
    assert 'class="atlas-note"' not in text
    assert "無回答を除く16歳以上の回答者" in text
    assert "デザイン効果を1.5と仮定" in text
    assert "10～12点" in text
    assert app.selectbox(key="contact:isogroup").value == "employment"


def test_choices_are_written_into_the_url_and_defaults_are_not() -> None:
    app = contact()
    app.selectbox(key="contact:base").set_value("answered").run()
    assert app.query_params["base"] in ("answered", ["answered"])
    assert "2021年の12.7%から2024年の10.2%に減少" in html(app)
    app.selectbox(key="contact:base").set_value("published").run()
    assert "base" not in app.query_params


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", ["no_such_thing", "<script>alert(1)</script>", "x" * 10_000, ""])
def test_nonsense_in_the_url_falls_back_with_a_note(key: str, value: str) -> None:
    app = contact(**{key: value})
    assert not app.exception
    text = html(app)
    assert "<script>alert(1)" not in text
    assert "x" * 100 not in text
    assert 'class="atlas-note"' in text
