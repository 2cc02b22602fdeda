"""The need map in a real Chromium: drawn without another host, a touch opens the profile, a slider moves the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
DRAWN = "document.querySelectorAll('.choroplethlayer path[d]').length >= 24"
FILLS = "[...document.querySelectorAll('.choroplethlayer path')].map(e => getComputedStyle(e).fill).join()"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(served: Callable[..., str]) -> str:
    return served(ROOT / "dashboard.py")


def at_rest(page: Page) -> None:
    """The map is drawn and the script done: what a reader touches before may be drawn anew under the finger."""
    page.wait_for_function(DRAWN, timeout=60_000)
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_timeout(1500)


def test_a_touch_opens_the_district(visit: Callable[..., Page], address: str) -> None:
    page = visit(f"{address}/need_map")
    at_rest(page)
    box = page.locator(".choroplethlayer path").nth(10).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("location.search.includes('district=99201')", timeout=10_000)


def test_a_slider_moves_the_map(visit: Callable[..., Page], address: str) -> None:
    page = visit(f"{address}/need_map?indicator=index")
    at_rest(page)
    before = page.evaluate(FILLS)
    page.locator('[data-testid="stSlider"] input').first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => {DRAWN} && {FILLS} !== before", arg=before, timeout=10_000)
