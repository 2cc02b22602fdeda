"""The buttons below a figure, pressed in a real browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "pictures_app.py"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def address(served: Callable[..., str]) -> str:
    return served(APP, "--server.enableStaticServing", "true")


@pytest.fixture(scope="module")
def light(shared_visit: Callable[..., Page], address: str) -> Page:
    """One page for the tests that leave it as it was."""
    return opened(shared_visit, address)


@pytest.fixture(scope="module")
def dark(shared_visit: Callable[..., Page], address: str) -> Page:
    """The same in the dark theme."""
    return opened(shared_visit, address, dark=True)


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest) -> Page:
    return request.getfixturevalue(request.param)


def is_dark(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))


def tools(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-tools_{name}")


def opened(visit: Callable[..., Page], address: str, **options: object) -> Page:
    page = visit(address, **options)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=30000)
    expect(tools(page, "nowhere").get_by_role("button")).to_have_count(2)
    expect(page.locator(".st-key-chart_map .choroplethlayer path")).to_have_count(4)
    return page


def saved(page: Page, name: str, kind: str, folder: Path) -> Path:
    with page.expect_download() as download:
        tools(page, name).get_by_role("button", name=kind).click()
    path = folder / f"{name}.{kind.lower()}"
    download.value.save_as(path)
    return path


def words(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_saved_svg_is_one_whole_document_with_title_sources_and_data(page: Page, tmp_path: Path) -> None:
    root = ElementTree.parse(saved(page, "bars-1", "SVG", tmp_path)).getroot()
    assert root.tag == f"{SVG}svg"
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {width:.0f} {height:.0f}"
    text = words(root)
    assert any(each.startswith("「しばしば・常に」孤独を感じる人は4.3%") and each.endswith("(2024年調査)") for each in text)
    assert "出典: 内閣官房・内閣府「人々のつながりに関する基礎調査」(2021~2024年)をもとに作成。" in text
    assert "見本の値です。政策の根拠にはなりません <A & B>。" in text
    assert {"無回答", "しばしば", "2021", "注: 調査方法の変更"} <= {*text}
    assert "Noto Sans CJK JP" in root.get("font-family")
    assert next(root.iter(f"{SVG}rect")).get("fill") == ("#14191f" if is_dark(page) else "#ffffff")


@pytest.mark.parametrize("name", ["bars-1", "lines", "map"])
def test_every_reference_in_a_saved_svg_has_its_one_target(light: Page, tmp_path: Path, name: str) -> None:
    source = saved(light, name, "SVG", tmp_path).read_text(encoding="utf-8")
    ids = re.findall(r'\sid="([^"]+)"', source)
    targets = re.findall(r"url\((?:&quot;)?([^)&]+)", source)
    assert len(ids) == len({*ids})
    assert targets
    assert {target.removeprefix("#") for target in targets} <= {*ids}
    assert all(target.startswith("#") for target in targets)
    assert "http://127" not in source
    assert "transparent" not in source
    assert "draglayer" not in source


def test_lines_grow_with_the_picture(light: Page, tmp_path: Path) -> None:
    source = saved(light, "lines", "SVG", tmp_path).read_text(encoding="utf-8")
    assert "non-scaling-stroke" not in source


def test_hatched_bars_keep_their_pattern(light: Page, tmp_path: Path) -> None:
    root = ElementTree.parse(saved(light, "bars-1", "SVG", tmp_path)).getroot()
    assert [*root.iter(f"{SVG}pattern")]
    assert any("url(" in (path.get("style") or "") for path in root.iter(f"{SVG}path"))


def test_title_is_wrapped_inside_the_picture_on_a_narrow_screen(visit, address, tmp_path: Path) -> None:
    root = ElementTree.parse(saved(opened(visit, address, width=400), "lines", "SVG", tmp_path)).getroot()
    title = next(root.iter(f"{SVG}text"))
    lines = [line.text for line in title.iter(f"{SVG}tspan")]
    assert len(lines) >= 4
    assert max(len(line) for line in lines) * 20 <= float(root.get("width")) + 40
    assert not any(line[0] in "、。」)%" for line in lines)


def test_saved_png_is_twice_the_size_and_shows_the_chart(page: Page, tmp_path: Path) -> None:
    root = ElementTree.parse(saved(page, "bars-1", "SVG", tmp_path)).getroot()
    picture = Image.open(saved(page, "bars-1", "PNG", tmp_path)).convert("RGB")
    assert picture.size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    assert picture.getpixel((3, 3)) == ((0x14, 0x19, 0x1F) if is_dark(page) else (255, 255, 255))
    colours = {colour for _, colour in picture.getcolors(1 << 24)}
    assert {(0x5B, 0x1A, 0x3A), (0xC9, 0x73, 0x8B)} <= colours


def test_map_is_in_the_png(light: Page, tmp_path: Path) -> None:
    picture = Image.open(saved(light, "map", "PNG", tmp_path)).convert("RGB")
    assert {(0xE6, 0xEE, 0xF2), (0x0B, 0x4F, 0x6C)} <= {colour for _, colour in picture.getcolors(1 << 24)}


def test_file_is_named_as_asked_without_signs_no_file_system_takes(light: Page) -> None:
    with light.expect_download() as download:
        tools(light, "lines").get_by_role("button", name="SVG").press("Enter")
    assert download.value.suggested_filename == "図_lines.svg"
    expect(tools(light, "lines").get_by_role("status")).to_have_text("図_lines.svgを保存しました。")


def test_missing_chart_is_told_in_words(light: Page) -> None:
    tools(light, "nowhere").get_by_role("button", name="PNG").click()
    expect(tools(light, "nowhere").get_by_role("status")).to_have_text("図が見つかりません。表示されてから押してください。")


def test_link_is_copied_and_said(visit, address) -> None:
    page = opened(visit, f"{address}/?place=31201", permissions=["clipboard-read", "clipboard-write"])
    row = page.locator(".st-key-only_link")
    row.get_by_role("button").click()
    expect(row.get_by_role("status")).to_have_text("リンクをコピーしました。")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}/?place=31201"


def test_link_is_copied_where_the_page_has_no_clipboard(visit, address) -> None:
    page = opened(visit, address)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    button = page.locator(".st-key-only_link").get_by_role("button")
    button.click()
    expect(page.locator(".st-key-only_link").get_by_role("status")).to_have_text("リンクをコピーしました。")
    assert page.evaluate("window.copied") == f"{address}/"
    expect(button).to_be_focused()


def test_link_is_shown_where_nothing_can_be_copied(visit, address) -> None:
    page = opened(visit, address)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false;")
    page.locator(".st-key-only_link").get_by_role("button").click()
    expect(page.locator(".st-key-only_link").get_by_role("status")).to_have_text(f"コピーできませんでした。{address}/")


def test_rerun_keeps_the_buttons_in_place(light: Page) -> None:
    button = tools(light, "lines").get_by_role("button", name="SVG")
    handle = button.element_handle()
    light.get_by_role("button", name="もう一度").click()
    light.wait_for_timeout(1000)
    assert handle.evaluate("node => node.isConnected")


def test_buttons_have_no_accessibility_faults_and_are_large_enough(page: Page) -> None:
    results = Axe().run(page, context={"include": [[".stBidiComponent"]]})
    assert results.response["violations"] == []
    for button in tools(page, "lines").get_by_role("button").all():
        box = button.bounding_box()
        assert box["height"] >= 24
        assert box["width"] >= 24
