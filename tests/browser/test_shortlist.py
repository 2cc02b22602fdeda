"""From the start page to a saved shortlist with the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard.py"
DONE = '[data-test-script-state="notRunning"]'
FOCUSED = """() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const words = (at?.innerText || at?.getAttribute('aria-label') || '').trim(); return words.length < 40 ? words : ''; }"""


def tab_to(page: Page, words: str, most: int = 120) -> None:
    """Press Tab until what has these words is in focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"{words!r} is not reached with the Tab key")


def at_rest(page: Page) -> None:
    page.wait_for_selector(DONE, timeout=60_000)
    page.wait_for_timeout(1000)


def test_a_shortlist_is_made_and_saved_without_a_mouse(served: Callable[..., str], visit: Callable[..., Page]) -> None:
    page = visit(served(DASHBOARD))
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    at_rest(page)
    tab_to(page, "重点地区")
    page.keyboard.press("Enter")
    expect(page.locator(".atlas-title h1")).to_contain_text("上位5校区", timeout=60_000)
    at_rest(page)
    tab_to(page, "順位と確かさ")
    for _ in range(8):
        if "候補の一覧" in page.evaluate(FOCUSED):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator(".atlas-title h1")).to_contain_text("まだ空です", timeout=30_000)
    at_rest(page)
    tab_to(page, "上位5校区を入れる")
    page.keyboard.press("Enter")
    expect(page.locator(".atlas-title h1")).to_contain_text("候補は5校区", timeout=30_000)
    at_rest(page)
    tab_to(page, "一覧を保存")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    held = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert len(held["districts"]) == 5
    assert held["city"] == "99201"
    assert any("見本（架空）データ" in one["label"] for one in held["about"])
