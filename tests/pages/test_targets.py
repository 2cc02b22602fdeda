"""The page 重点地区: both languages, sample banner, length and weights in the URL, bad input."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/targets.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def html(app: AppTest) -> str:
    return re.sub(r"<style>.*?</style>", "", "\n".join(each.proto.body for each in app.get("html")), flags=re.DOTALL)


@pytest.mark.parametrize(("lang", "words"), [("ja", ("見本（架空）データ", "上位5校区")), ("en", ("Sample (fictional) data", "top 5"))])
def test_the_order_opens_with_the_sample_under_its_banner(lang: str, words: tuple[str, str]) -> None:
    app = opened(lang=lang)
    assert all(word in html(app) for word in words)
    assert len(app.get("plotly_chart")) == 2


def test_a_longer_list_is_kept_in_the_link_and_told() -> None:
    app = opened()
    app.selectbox(key="targets:k").select("8").run()
    assert app.query_params["k"] == "8"
    assert "上位8校区" in html(app)


def test_without_any_weight_the_page_says_what_to_do() -> None:
    weights = {str(one.key): "0" for one in opened().select_slider if str(one.key).startswith("targets:w_")}
    assert weights
    app = opened(**{key.removeprefix("targets:"): value for key, value in weights.items()})
    assert "重みがすべて0です" in html(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("value", ["0", "9999", "-1", "<script>alert(1)</script>", "x" * 10_000])
def test_bad_input_falls_back_with_a_note(value: str) -> None:
    app = opened(k=value, view=value)
    assert "指定できません" in html(app)
    assert "<script>alert" not in html(app)
