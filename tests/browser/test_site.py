"""The static pages in a real Chromium, from a folder and from a sub-path of a plain web server: drawn, closed in themselves, without barriers."""

from __future__ import annotations

import functools
import http.server
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from atlas.store.database import Store
from tests.site.few import publish_few

PAGES = ["index", "trends", "contact", "compare", "need_map", "story", "catalogue"]
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}, "preload": False}
LEFT = "net::ERR_ABORTED"
"""A page was left before it had everything: the first file leads on at once."""
SUB_PATH = "city/atlas"
DRAWN = """() => Number(document.documentElement.dataset.drawn ?? 0) >= document.querySelectorAll('[data-block]').length
    && [...document.querySelectorAll('.chart:not([hidden])')].every(chart => chart.querySelector('.main-svg'))"""
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    const r = e.getBoundingClientRect();
    return r.width > 3 && r.right > innerWidth + 2 && !e.closest('.atlas-scroll, .chart, .skip, .said');
}).map(e => e.outerHTML.slice(0, 120))"""
OUTLINED = """() => document.querySelector('.map .chart').data.filter(trace => trace.meta === 'chosen').map(trace => trace.locations[0])"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site below a sub-path."""
    place = tmp_path_factory.mktemp("web") / SUB_PATH
    place.parent.mkdir(parents=True)
    publish_few(store, place)
    return place


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server that keeps to itself."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Readers may leave before they have everything."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Only what is not a reader who left is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[str]:
    """The address of the site on a plain web server."""
    root = folder.parents[len(Path(SUB_PATH).parts) - 1]
    server = Server(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{SUB_PATH}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "sub-path"])
def address(request: pytest.FixtureRequest, folder: Path, web: str) -> str:
    """Where the pages are read from: `file://`, or a sub-path of a web server."""
    return folder.as_uri() if request.param == "folder" else web


@pytest.fixture
def read(browser: Browser, folder: Path, web: str) -> Iterator[Callable[..., Page]]:
    """read(address, width=1280, ...) -> page with all its figures; at the end every request was for a file of the site, and nothing was complained of."""
    opened, asked, complaints = [], [], []

    def listen(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("requestfailed", failed)

    def failed(request: Request) -> None:
        if request.failure != LEFT:
            complaints.append(f"{request.url}: {request.failure}")

    def note(request: Request) -> None:
        asked.append(request.url)

    def open_page(address: str, *, width: int = 1280, height: int = 720, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        opened.append(context)
        context.on("request", note)
        context.on("page", listen)
        page = context.new_page()
        page.goto(address)
        if options.get("java_script_enabled", True):
            page.wait_for_function(DRAWN, timeout=60_000)
        return page

    yield open_page
    for context in opened:
        context.close()
    outside = sorted({url for url in asked if not url.startswith((folder.as_uri() + "/", web + "/"))} - {f"{web.rsplit('/', 2)[0]}/favicon.ico"})
    assert not outside, f"asked outside: {outside}"
    assert not complaints, f"the browser complained: {complaints}"


@pytest.mark.parametrize(("name", "lang"), [*((name, "ja") for name in PAGES), ("need_map", "en")])
def test_a_page_is_drawn_without_barriers_and_fits_a_telephone(read: Callable[..., Page], folder: Path, name: str, lang: str) -> None:
    page = read(f"{folder.as_uri()}/{lang}/{name}.html", width=360, height=740)
    assert page.evaluate("document.documentElement.lang") == lang
    assert not page.evaluate(WIDE)
    for summary in page.locator("details.atlas-table > summary").all():
        summary.click()
    found = Axe().run(page, options=AXE).response["violations"]
    assert not [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


def test_the_first_figure_is_drawn(read: Callable[..., Page], address: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("index", "need_map"):
        page = read(f"{address}/ja/{name}.html")
        moment = page.evaluate("performance.getEntriesByName('first-figure')[0].startTime")
        assert moment > 0
        with capsys.disabled():
            print(f"\n{name} from {address[:4]}: first figure after {moment / 1000:.2f} s")


def test_the_first_file_leads_to_the_japanese_pages_and_these_to_the_english(read: Callable[..., Page], address: str) -> None:
    page = read(f"{address}/index.html")
    expect(page).to_have_url(f"{address}/ja/index.html")
    page.get_by_role("link", name="必要度マップ").click()
    page.wait_for_function(DRAWN)
    page.get_by_role("link", name="English").click()
    page.wait_for_function(DRAWN)
    expect(page).to_have_url(f"{address}/en/need_map.html")


def test_another_measure_and_another_district_with_the_keyboard(read: Callable[..., Page], address: str) -> None:
    page = read(f"{address}/ja/need_map.html")
    measure, district = page.get_by_label("地図にするもの"), page.get_by_label("校区のようす", exact=True)
    title = page.locator("h1").inner_text()
    before = page.evaluate(OUTLINED)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "choice-indicator":
            break
    page.keyboard.press("ArrowDown")
    expect(page.locator("h1")).not_to_have_text(title)
    expect(measure).to_be_focused()
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.id").startswith("choice-district"):
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    chosen = district.evaluate("e => e.value")
    page.wait_for_function(f"({OUTLINED})().every(code => code === {chosen!r})")
    assert before[0] != chosen
    expect(page.locator("#profile h2")).to_contain_text(district.evaluate("e => e.selectedOptions[0].text"))
    assert page.locator(f'[data-row="{chosen}"][aria-current]').count() == 1
    assert page.locator("#profile tr.chosen").get_attribute("data-indicator") == measure.evaluate("e => e.value")
    assert f"district={chosen}" in page.url
    again = read(page.url)
    expect(again.locator("h1")).to_have_text(page.locator("h1").inner_text())
    expect(again.locator("#profile h2")).to_have_text(page.locator("#profile h2").inner_text())
    assert again.evaluate(OUTLINED) == [chosen] * len(before)
    again.get_by_role("link", name="English").click()
    again.wait_for_function(DRAWN)
    assert again.evaluate(OUTLINED) == [chosen] * len(before)


def test_a_district_is_chosen_on_the_map_and_in_the_list(read: Callable[..., Page], folder: Path) -> None:
    page = read(f"{folder.as_uri()}/ja/need_map.html")
    page.get_by_label("地図にするもの").select_option("index")
    expect(page.locator("h1")).to_contain_text("必要度の指数")
    expect(page.locator("#profile details[data-index]")).to_have_attribute("open", "")
    shape = page.locator(".choroplethlayer path").nth(5)
    box = shape.bounding_box()
    assert box
    before = page.evaluate(OUTLINED)[0]
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"({OUTLINED})()[0] !== {before!r}")
    touched = page.evaluate(OUTLINED)[0]
    row = page.locator(f'[data-row]:not([data-row="{touched}"]) .pick').last
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"({OUTLINED})()[0] !== {touched!r}")
    expect(page.get_by_label("校区のようす", exact=True)).to_have_value(page.evaluate(OUTLINED)[0])


def test_the_list_of_municipalities_is_sorted_and_searched(read: Callable[..., Page], folder: Path) -> None:
    page = read(f"{folder.as_uri()}/ja/compare.html")
    block = page.locator('[data-block="compare-municipalities"]')
    names = block.locator("tbody tr:visible > th")
    assert names.count() == 19
    column = block.locator("thead th.number").first
    column.get_by_role("button").click()
    assert column.get_attribute("aria-sort") == "descending"
    values = [float(text.rstrip("%")) for text in block.locator("tbody tr > td:nth-child(2)").all_inner_texts() if text.endswith("%")]
    assert values == sorted(values, reverse=True)
    block.get_by_role("searchbox").fill("鳥取")
    expect(names).to_have_text(["鳥取市"])
    expect(block.locator(".count")).to_have_text("19件中1件")
    page.get_by_label("何を見るか").select_option(index=1)
    expect(page.locator("h1")).not_to_contain_text("単独世帯の割合")
    expect(names).to_have_text(["鳥取市"])


def test_a_view_that_does_not_come_is_said_and_the_figure_stays(browser: Browser, web: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    context.route(re.compile(r"contact-waves-"), lambda route: route.abort())
    page.goto(f"{web}/ja/contact.html")
    page.wait_for_function(DRAWN, timeout=60_000)
    title = page.locator("h1").inner_text()
    page.get_by_label("交流の手段").select_option(index=1)
    expect(page.locator("#said")).to_have_class(re.compile("seen"))
    expect(page.locator("h1")).to_have_text(title)
    context.close()


def test_without_scripts_words_and_tables_are_there_and_no_empty_questions(read: Callable[..., Page], folder: Path) -> None:
    page = read(f"{folder.as_uri()}/ja/need_map.html", java_script_enabled=False)
    expect(page.get_by_text("JavaScriptが必要です")).to_be_visible()
    expect(page.locator("table[data-list]")).to_be_visible()
    expect(page.locator("#profile h2")).to_be_visible()
    assert page.locator("select:visible").count() == 0


def test_embedded_it_stands_alone_with_a_way_to_the_whole(read: Callable[..., Page], web: str) -> None:
    page = read(f"{web}/en/trends.html?embed=true")
    expect(page.locator("header.site")).to_be_hidden()
    expect(page.locator(".main-svg").first).to_be_visible()
    page.get_by_label("Indicator").or_(page.locator("[data-control=indicator]")).first.select_option(index=1)
    page.wait_for_function("location.search.includes('indicator=')")
    whole = page.locator(".whole a")
    expect(whole).to_be_visible()
    assert "embed" not in whole.evaluate("e => e.href")
    assert "indicator=" in whole.evaluate("e => e.href")


def test_on_paper_figures_keep_within_the_sheet(read: Callable[..., Page], folder: Path) -> None:
    page = read(f"{folder.as_uri()}/ja/compare.html", width=1600)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    widths = page.evaluate("[...document.querySelectorAll('.chart:not([hidden]) .main-svg')].map(svg => svg.getBoundingClientRect().width)")
    assert widths
    assert max(widths) <= 690
    expect(page.locator("header.site nav")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_function("document.querySelector('.main-svg').getBoundingClientRect().width > 1000")
