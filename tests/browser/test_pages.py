"""Every page in a real Chromium, in both languages: drawn, quiet, nothing asked of another host, no barrier of our making."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import ROOT, visits

PAGES = ["", "trends", "contact", "compare", "need_map", "targets", "present", "catalogue"]
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
OWN = ".atlas-head, .atlas-title, .atlas-body, .atlas-table, .atlas-section, .atlas-note, .atlas-figures, .atlas-name, [class*=atlas]"
REST = """() => document.querySelector('[data-test-script-state="notRunning"]')
    && !document.querySelector('[data-testid="stStatusWidget"], [data-testid="stSkeleton"], [data-stale="true"]')
    && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(chart => chart.querySelector('.main-svg'))"""

FOCUSED = """() => { let at = document.activeElement; while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return (at.getAttribute('aria-label') || at.innerText || '').slice(0, 40); }"""

WIDE = """() => [...document.querySelectorAll('[data-testid="stMain"] *')].filter(e => {
    const r = e.getBoundingClientRect();
    return r.width > 3 && r.right > innerWidth + 2 && !e.closest('.atlas-scroll, [data-testid="stBidiComponentRegular"], .scroll');
}).map(e => e.outerHTML.slice(0, 120))"""

pytestmark = pytest.mark.browser


def at_rest(page: Page) -> Page:
    """Wait until the page has its title and every figure is drawn."""
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_function(REST, timeout=60_000)
    page.wait_for_timeout(400)
    return page


@pytest.fixture(scope="module")
def address(served: Callable[..., str]) -> str:
    return served(ROOT / "dashboard.py")


@pytest.fixture(scope="module", params=PAGES)
def read(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page in Japanese and light, opened once for the tests that only read it (in their order here: the last opens its tables)."""
    with visits(browser) as open_page:
        yield at_rest(open_page(f"{address}/{request.param}?lang=ja"))


def test_a_page_is_whole_and_asks_nobody_else(read: Page) -> None:
    whole(read, "ja")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_english_too(visit: Callable[..., Page], address: str, name: str) -> None:
    whole(at_rest(visit(f"{address}/{name}?lang=en")), "en")


def whole(page: Page, lang: str) -> None:
    assert page.evaluate("document.documentElement.lang") == lang
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.locator("h1").count() == 1
    assert page.locator("text=Deploy").count() == 0
    for chart in page.locator('[data-testid="stPlotlyChart"]').all():
        assert chart.locator(".main-svg").count() >= 1


def test_nothing_is_wider_than_the_window(read: Page) -> None:
    within(read)


@pytest.mark.parametrize("width", [360, 1920])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_other_windows(visit: Callable[..., Page], address: str, name: str, width: int) -> None:
    within(at_rest(visit(f"{address}/{name}", width=width, height=800)))


def within(page: Page) -> None:
    with suppress(PlaywrightTimeout):  # a figure is drawn once before it knows its width: give it a moment
        page.wait_for_function(f"({WIDE})().length === 0", timeout=5_000)
    wide = page.evaluate(WIDE)
    assert not wide, wide[:3]


def test_no_barrier_of_our_own_making(read: Page) -> None:
    without_barriers(read)


@pytest.mark.parametrize("name", PAGES)
def test_no_barrier_in_the_dark(visit: Callable[..., Page], address: str, name: str) -> None:
    without_barriers(at_rest(visit(f"{address}/{name}", dark=True)))


def without_barriers(page: Page) -> None:
    for summary in page.locator("details.atlas-table > summary").all():
        summary.click()
    found = Axe().run(page, options=AXE).response["violations"]
    ours = [
        (violation["id"], node["html"][:160], node.get("failureSummary", "")[:200])
        for violation in found
        for node in violation["nodes"]
        if page.evaluate("([selector, own]) => { const e = document.querySelector(selector); return !!(e && e.closest(own)); }", [node["target"][-1], OWN])
        or violation["id"] in ("document-title", "html-has-lang", "html-lang-valid", "page-has-heading-one")
    ]
    assert not ours, ours


def test_the_whole_page_can_be_reached_with_the_keyboard(visit: Callable[..., Page], address: str) -> None:
    page = at_rest(visit(f"{address}/trends"))
    seen: set[str] = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(FOCUSED))
    for wanted in ("推移", "表で見る", "CSVで保存"):
        assert any(wanted in text for text in seen), f"{wanted!r} is not reached: {sorted(seen)}"


def test_text_size_makes_text_and_figures_larger(visit: Callable[..., Page], address: str) -> None:
    sizes = {}
    for size in ("100", "150"):
        page = at_rest(visit(f"{address}/trends?size={size}"))
        text = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.atlas-sentence')).fontSize)")
        figure = page.evaluate("parseFloat(document.querySelector('.main-svg .xtick text').style.fontSize)")
        sizes[size] = (text, figure)
    assert sizes["150"][0] == pytest.approx(sizes["100"][0] * 1.5)
    assert sizes["150"][1] == pytest.approx(sizes["100"][1] * 1.5)


def test_tables_are_saved_one_after_the_other_and_said(visit: Callable[..., Page], address: str) -> None:
    page = at_rest(visit(f"{address}/trends"))
    tools = page.get_by_role("group", name="図の保存と共有").first
    contents = {}
    for kind in ("CSV", "XLSX", "PowerPoint", "CSV"):
        with page.expect_download() as waiting:
            tools.get_by_role("button", name=f"{kind}で保存").press("Enter")
        contents[kind] = Path(waiting.value.path()).read_bytes()
        expect(page.get_by_role("status").filter(has_text=waiting.value.suggested_filename).first).to_contain_text("を保存しました。")
        at_rest(page)
    assert contents["XLSX"].startswith(b"PK")
    assert contents["PowerPoint"].startswith(b"PK")
    text = contents["CSV"].decode("utf-8-sig")
    assert "2020" in text
    assert "国勢調査" in text


def test_a_figure_is_saved_with_title_and_source_inside(visit: Callable[..., Page], address: str) -> None:
    page = at_rest(visit(f"{address}/trends"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="画像で保存（SVG）").first.click()
    text = Path(waiting.value.path()).read_text("utf-8")
    for words in ("単独世帯の割合は60年で16.5%から38.0%に", "国勢調査", "2024年推計"):
        assert words in text.replace("</tspan>", "").replace("\n", "") or words[:8] in text


def test_a_figure_is_added_to_the_story_and_waits_on_the_page_for_it(visit: Callable[..., Page], address: str) -> None:
    page = at_rest(visit(f"{address}/trends"))
    page.get_by_role("button", name="発表に追加").first.click()
    expect(page.get_by_role("status").filter(has_text="発表に追加しました").first).to_be_visible()
    page.get_by_role("link", name="発表", exact=True).first.click()
    page.wait_for_url("**/present*")
    at_rest(page)
    expect(page.get_by_text("単独世帯の割合は60年で16.5%から38.0%に").first).to_be_visible()
