"""The show as a presenter uses it: opened from a file, no network, driven by keyboard, read from the back row, at four screen sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page

from atlas.exhibits.context import Context
from atlas.stories.shipped import shipped
from atlas.stories.show import story_show
from tests.browser.conftest import ROOT, visits

pytestmark = pytest.mark.browser

SIZES = ((1280, 720), (1024, 768), (1920, 1080), (3840, 2160))
ARTEFACTS = ROOT / "test-artefacts" / "show"
MOST_MILLISECONDS = 300
LARGE, SMALL = 24, 16

WATCHED = """() => {
  window.drawnAfter = [];
  addEventListener("keydown", (event) => {
    const from = event.timeStamp;
    requestAnimationFrame(() => requestAnimationFrame(() => window.drawnAfter.push(performance.now() - from)));
  }, true);
}"""
SEEN = """() => {
  const view = document.querySelector(".present > .view.shown");
  const scale = Number(getComputedStyle(document.documentElement).getPropertyValue("--scale"));
  const box = (element) => { const r = element.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const texts = [];
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.textContent.trim() || style.visibility === "hidden" || style.display === "none" || element.closest("script, style")) continue;
    const matrix = element.ownerSVGElement ? element.getScreenCTM() : null;
    const size = parseFloat(style.fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) / scale : 1);
    const range = document.createRange(); range.selectNodeContents(walker.currentNode);
    texts.push({
      text: walker.currentNode.textContent, size, box: box(range), small: Boolean(element.closest(".small")), figure: Boolean(element.ownerSVGElement),
    });
  }
  const figure = view.querySelector(".figure");
  const parts = [...view.children].filter((part) => part.offsetHeight && !part.matches(".figure")).map((part) => [part.className, box(part)]);
  return {
    texts, parts, figure: figure && box(figure), isMap: view.matches(".map"), drawn: !figure || view.querySelectorAll(".main-svg path").length > 2,
    title: view.querySelector("h1, h2").textContent, screen: [innerWidth, innerHeight], bar: box(document.querySelector(".bar")),
  };
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, japanese: Context, english: Context) -> dict[str, str]:
    """Addresses of the shows: story and language."""
    folder = tmp_path_factory.mktemp("発表 show")
    found = {}
    for context in (japanese, english):
        for name in ("nation", "district"):
            path = folder / f"{name}_{context.lang}.html"
            path.write_text(story_show(context, shipped()[name], "99201" if name == "district" else None), "utf-8")
            found[f"{name}_{context.lang}"] = path.as_uri()
    return found


@pytest.fixture(scope="module")
def shows(browser: Browser, files: dict[str, str]) -> Iterator[Callable[[str], Page]]:
    """shows("nation_ja") -> the opened show at its first slide, without a network; each drawn once."""
    with visits(browser) as visit:
        opened: dict[str, Page] = {}

        def show(name: str) -> Page:
            if name not in opened:
                opened[name] = visit(files[name], width=1280, height=720, offline=True)
                opened[name].wait_for_selector("html[data-state=ready]", timeout=60_000)
                opened[name].evaluate(WATCHED)
            page = opened[name]
            page.set_viewport_size({"width": 1280, "height": 720})
            page.evaluate("Reveal.slide(0, 0, -1)")
            return page

        yield show


def is_last(page: Page) -> bool:
    return bool(page.evaluate("document.getElementById('next').disabled"))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_ten_slides_by_keyboard_each_drawn_within_300_ms(shows: Callable[[str], Page], lang: str) -> None:
    page = shows(f"nation_{lang}")
    assert page.evaluate("[...document.querySelectorAll('.figure')].every((one) => one.querySelector('.main-svg').getBoundingClientRect().width > 0)")
    page.evaluate("window.drawnAfter.length = 0")
    titles, pressed, keys = [], 0, ("PageDown", "ArrowRight", "Space")
    while not is_last(page):
        page.keyboard.press(keys[pressed % 3])
        pressed += 1
        page.wait_for_function("(count) => window.drawnAfter.length === count", arg=pressed)
        seen = page.evaluate(SEEN)
        assert seen["drawn"], seen["title"]
        titles.append(seen["title"])
    assert len(dict.fromkeys(titles)) == 10
    page.wait_for_url("**#/11/**")
    slow = [(title, round(took)) for title, took in zip(titles, page.evaluate("window.drawnAfter"), strict=True) if took > MOST_MILLISECONDS]
    assert not slow
    for _ in range(pressed):
        page.keyboard.press("PageUp")
    assert page.evaluate("document.getElementById('previous').disabled")


@pytest.mark.parametrize(("name", "sizes"), [("nation_ja", SIZES), ("nation_en", SIZES), ("district_ja", SIZES[:2]), ("district_en", SIZES[:2])])
def test_text_is_large_and_nothing_is_cut(shows: Callable[[str], Page], name: str, sizes: Sequence[tuple[int, int]]) -> None:
    page = shows(name)
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("Reveal.slide(0, 0, -1)")
        page.wait_for_timeout(400)  # the stage is laid out again a moment after the window's shape has changed
        number = 0
        while True:
            seen = page.evaluate(SEEN)
            problems += [f"{width}x{height} {seen['title'][:20]}: {problem}" for problem in complaints(seen)]
            if (width, height) != (1920, 1080):  # the same shape as 1280 x 720
                page.screenshot(path=ARTEFACTS / f"{name}_{width}x{height}_{number:02}.jpg", type="jpeg", quality=70)
            if is_last(page):
                break
            page.keyboard.press("PageDown")
            number += 1
    assert not problems, "\n".join(problems)


def complaints(seen: dict) -> Iterator[str]:
    """What is too small, outside of the screen or its figure, or lies on something else."""
    wide, high = seen["screen"]
    unit = wide / 1280
    for one in seen["texts"]:
        left, top, right, bottom = one["box"]
        if one["size"] < (SMALL if one["small"] else LARGE) - 0.1:
            yield f"{one['text']!r} has {one['size']:.1f} px"
        if left < -1 or top < -1 or right > wide + 1 or bottom > high + 1:
            yield f"{one['text']!r} is outside of the screen: {one['box']}"
        if one["figure"]:
            edge = seen["figure"]
            if left < edge[0] - 2 or top < edge[1] - 4 * unit or right > edge[2] + 2 or bottom > edge[3] + 4 * unit:
                yield f"{one['text']!r} is outside of its figure"
    parts = [part for part in seen["parts"] if part[0] != "small"]
    boxes = [*parts, *([("figure", seen["figure"])] if seen["figure"] and not seen["isMap"] else []), ("bar", seen["bar"])]
    boxes += [("small", one["box"]) for one in seen["texts"] if one["small"]]
    for number, (name, a) in enumerate(boxes):
        for other, b in boxes[number + 1 :]:
            if name != other and min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1:
                yield f"{name} lies on {other}"
    inside = [one for one in seen["texts"] if one["figure"] or (seen["isMap"] and not one["small"])]
    for number, one in enumerate(inside):
        for other in inside[number + 1 :]:
            a, b = one["box"], other["box"]
            across, upright = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            if across > 4 * unit and upright > 12 * unit:  # line boxes are higher than letters
                yield f"{one['text']!r} lies on {other['text']!r}"


def test_the_indicator_of_a_map_is_switched_by_button_key_and_digit(shows: Callable[[str], Page]) -> None:
    page = shows("district_ja")
    page.keyboard.press("PageDown")
    first = page.evaluate(SEEN)["title"]
    page.locator(".view.shown [data-view='2'] >> visible=true").click()
    third = page.evaluate(SEEN)["title"]
    assert third != first
    page.wait_for_url("**#/2/1/1")
    page.locator(".present > .view.shown [data-view='0']").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(SEEN)["title"] == first
    assert page.evaluate("document.activeElement.dataset.view") == "0"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("2")
    assert page.evaluate(SEEN)["title"] not in (first, third)
    assert page.evaluate("document.getElementById('position').textContent").startswith("2 /")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (3840, 2160)])
def test_a_figure_answers_to_the_pointer_at_every_scale(shows: Callable[[str], Page], width: int, height: int) -> None:
    page = shows("nation_ja")
    page.set_viewport_size({"width": width, "height": height})
    page.keyboard.press("PageDown")
    page.wait_for_timeout(300)
    point = page.locator(".present .figure .points path").nth(3)
    box = point.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".present .hoverlayer .hovertext", timeout=3_000)
    assert "1985年" in page.locator(".present .hoverlayer").text_content()
    page.mouse.move(5, 5)


def test_an_address_opens_its_slide(browser: Browser, files: dict[str, str]) -> None:
    with visits(browser) as visit:
        page = visit(files["district_en"] + "#/2/1/1", width=1280, height=720, offline=True)
        page.wait_for_selector("html[data-state=ready]", timeout=60_000)
        assert page.evaluate(SEEN)["title"].startswith("The index of need")


def test_the_speaker_s_window_tells_notes_and_what_follows_and_drives_the_show(shows: Callable[[str], Page]) -> None:
    page = shows("nation_ja")
    page.keyboard.press("PageDown")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    window = opened.value
    assert "1965年は区分が違うため" in window.locator("#notes").inner_text()
    assert "3つとも後の数値に超えられた" in window.locator("#following").inner_text()
    window.keyboard.press("PageDown")
    assert window.locator("h1").inner_text() == page.evaluate(SEEN)["title"]
    assert window.locator("#where").inner_text() == "3 / 11"
    window.close()


def test_buttons_go_on_and_back_and_leave_the_space_bar_to_the_show(shows: Callable[[str], Page]) -> None:
    page = shows("nation_en")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Back", exact=True).click()
    page.keyboard.press("Space")
    assert page.locator("#position").inner_text() == "3 / 11"


def test_without_scripts_titles_sentences_and_sources_can_be_read(browser: Browser, files: dict[str, str]) -> None:
    with visits(browser) as visit:
        page = visit(files["nation_ja"], java_script_enabled=False, offline=True)
        assert page.locator(".plain").is_visible()
        titles = page.locator("h2")
        assert titles.count() == 11  # ten slides, one of them in two parts
        assert all(titles.nth(number).is_visible() for number in range(11))
