"""The frame of the pages in a real Chromium: a view embedded in another page, and Streamlit's own words in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT
from tests.browser.test_pages import at_rest

pytestmark = pytest.mark.browser

LATIN = """() => { const japanese = /[\\u3040-\\u30ff\\u4e00-\\u9fff]/, found = [];
    for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]')) for (const name of ['aria-label', 'title', 'placeholder']) {
        const words = e.getAttribute(name);
        if (words && /[A-Za-z]{4}/.test(words) && !japanese.test(words)) found.push(words);
    } return found; }"""


@pytest.fixture(scope="module")
def address(served: Callable[..., str]) -> str:
    return served(ROOT / "dashboard.py")


def test_the_copied_code_shows_the_view_in_another_page(visit: Callable[..., Page], address: str) -> None:
    page = at_rest(visit(f"{address}/targets?k=4", permissions=["clipboard-read", "clipboard-write"]))
    tools = page.locator(".st-key-targets-target_order-tools")
    tools.get_by_role("button", name="埋め込み用のタグを写す").click()
    expect(tools.get_by_role("status")).to_contain_text("写しました")
    code = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r'<iframe src="[^"<>]+" title="重点地区 \| つながりアトラス" width="100%" height="900" loading="lazy" style="border:0"></iframe>', code)
    assert "k=4&amp;embed=true" in code
    tools.get_by_role("button", name="リンクを写す").click()
    expect(tools.get_by_role("status")).to_contain_text("リンクを写しました")
    assert "embed" not in page.evaluate("navigator.clipboard.readText()")

    outside = visit(f"{address}/_stcore/health", width=800, height=600)
    outside.set_content(f"<h2>city page</h2>{code}")
    inside = outside.frame_locator("iframe")
    expect(inside.locator("h1")).to_contain_text("小学校区", timeout=60_000)
    expect(inside.locator(".atlas-source").first).to_contain_text("出典")
    expect(inside.locator(".atlas-note").filter(has_text="見本（架空）データ").first).to_be_visible()
    expect(inside.locator('[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"]')).to_have_count(0)
    whole = inside.get_by_role("link", name="元のページを開く")
    assert whole.evaluate("link => link.href") == f"{address}/targets?k=4"


def test_streamlit_s_own_words_are_japanese_and_english_again_where_that_is_chosen(visit: Callable[..., Page], address: str) -> None:
    page = at_rest(visit(f"{address}/trends"))
    expect(page.get_by_role("button", name="すべて外す")).to_be_visible()
    assert page.evaluate(LATIN) == []
    field = page.locator('[data-testid="stMultiSelect"] input').first
    field.fill("zzzz")
    expect(page.get_by_text("あてはまるものがありません").first).to_be_visible()
    expect(page.get_by_text("No results")).to_have_count(0)
    page.keyboard.press("Escape")
    assert page.get_by_text("本文へ", exact=True).count() == 1
    page.get_by_text("English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Clear all")).to_be_visible()
    expect(page.get_by_text("Skip to the content", exact=True)).to_have_count(1)
