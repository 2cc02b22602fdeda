"""The table for many rows, used in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from atlas.interface.grid import ASSETS, HTML, GridColumn, grid_payload
from atlas.interface.scripts import FOLDER

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "grid_app.py"
LABELS = {"search": "さがす", "count": "{total}件中 {shown}件", "empty": "なし", "more": "さらに{count}件"}


@pytest.fixture
def page(served: Callable[..., str], visit: Callable[..., Page]) -> Page:
    return opened(visit, served(APP, "--server.enableStaticServing", "true", environment={"MEASURE": "1"}))


def opened(visit: Callable[..., Page], address: str, **options: object) -> Page:
    page = visit(address, **options)
    expect(table(page).locator("tbody tr")).to_have_count(200, timeout=30000)
    expect(page.get_by_text("chosen=")).to_be_visible()
    return page


def table(page: Page) -> Locator:
    return page.locator(".st-key-grid")


def column(page: Page, at: int) -> list[str]:
    return table(page).locator(f"tbody tr > :nth-child({at})").all_inner_texts()


def heading(page: Page, name: str) -> Locator:
    return table(page).get_by_role("columnheader", name=name)


def status(page: Page) -> Locator:
    return table(page).locator(".count")


def test_table_is_a_real_table_with_caption_and_headings(page: Page) -> None:
    assert table(page).locator("caption").inner_text() == "単独世帯割合(見本)、市区町村別"
    assert table(page).get_by_role("columnheader").count() == 10
    assert table(page).get_by_role("rowheader").count() == 200
    assert table(page).locator("table").get_attribute("aria-rowcount") == "1742"
    expect(status(page)).to_have_text("1,741件中 1,741件")
    region = table(page).get_by_role("region", name="単独世帯割合(見本)、市区町村別")
    assert region.get_attribute("tabindex") == "0"


def test_markup_in_a_cell_is_text(page: Page) -> None:
    expect(table(page).get_by_role("rowheader", name="<b>倉吉市</b>")).to_be_visible()
    assert table(page).locator("tbody b").count() == 0


def test_numbers_sort_by_value_and_missing_ones_stay_last_both_ways(page: Page) -> None:
    head = heading(page, "2015年")
    assert head.get_attribute("aria-sort") == "none"
    for direction, turn in (("descending", -1), ("ascending", 1)):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == direction
        while table(page).locator(".more").is_visible():
            table(page).locator(".more").evaluate("button => button.click()")
        shown = column(page, 10)
        known = [float(text.rstrip("%")) for text in shown if text != "秘匿"]
        assert len(shown) == 1741
        assert shown[len(known) :] == ["秘匿"] * (1741 - len(known))
        assert len(known) < 1741
        assert known == sorted(known, key=lambda value: turn * value)
    assert table(page).locator("[aria-sort=ascending], [aria-sort=descending]").count() == 1


def test_ranks_begin_with_the_first_and_text_sorts_by_its_given_order(page: Page) -> None:
    heading(page, "順位").get_by_role("button").click()
    assert column(page, 3)[:3] == ["1", "2", "3"]
    heading(page, "順位").get_by_role("button").click()
    assert column(page, 3)[:3] == ["1741", "1740", "1739"]
    heading(page, "市区町村").get_by_role("button").click()
    assert column(page, 1)[:2] == ["鳥取市", "米子市"]


def test_sorting_works_from_the_keyboard_and_is_said(page: Page) -> None:
    button = heading(page, "1985年").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(heading(page, "1985年")).to_have_attribute("aria-sort", "descending")
    expect(button).to_be_focused()
    expect(table(page).locator(".said")).to_have_text("単独世帯割合 1985年の大きい順に並べました")
    page.keyboard.press("Space")
    expect(heading(page, "1985年")).to_have_attribute("aria-sort", "ascending")


@pytest.mark.parametrize(
    ("words", "count", "first"),
    [("鳥取", 38, "鳥取市"), ("にせこ", 1, "ニセコ町"), ("tottori", 1, "鳥取市"), ("町村１２　第12県", 3, "町村12"), ("第46県", 37, None)],
)
def test_search_finds_by_parts_of_words_in_any_width_or_kana(page: Page, words: str, count: int, first: str | None) -> None:
    table(page).get_by_label("表の中をさがす").fill(words)
    shown = table(page).locator("tbody tr").count()
    expect(status(page)).to_have_text(f"1,741件中 {shown}件")
    if first:
        assert first in column(page, 1)
    assert shown == count


def test_search_without_a_hit_says_so(page: Page) -> None:
    table(page).get_by_label("表の中をさがす").fill("どこにもない")
    expect(status(page)).to_have_text("1,741件中 0件")
    expect(table(page).get_by_text("当てはまる行がありません。")).to_be_visible()


def test_typing_in_the_search_does_not_set_off_the_shortcuts_of_streamlit(page: Page) -> None:
    calls = page.get_by_text("calls_ms").inner_text()
    table(page).get_by_label("表の中をさがす").press_sequentially("rc")
    page.wait_for_timeout(700)
    assert page.get_by_text("calls_ms").inner_text() == calls
    assert page.get_by_role("dialog").count() == 0


def test_more_rows_come_by_scrolling_and_by_the_button(page: Page) -> None:
    table(page).locator(".scroll").evaluate("part => { part.scrollTop = part.scrollHeight; }")
    expect(table(page).locator("tbody tr")).to_have_count(400)
    table(page).get_by_role("button", name="さらに200件を表示").focus()
    before = table(page).locator("tbody tr").count()
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert table(page).locator("tbody tr").count() > before


def test_choosing_a_row_gives_its_key_once_and_marks_it(page: Page) -> None:
    table(page).get_by_role("cell", name="第1県").first.click()
    expect(page.get_by_text("chosen=00001 area=00001")).to_be_visible()
    expect(table(page).locator("[aria-current=true]")).to_contain_text("米子市")
    page.get_by_role("button", name="again").click()
    expect(page.get_by_text("chosen=None area=00001")).to_be_visible()
    expect(table(page).locator("[aria-current=true]")).to_contain_text("米子市")


def test_rows_are_walked_and_chosen_from_the_keyboard(page: Page) -> None:
    table(page).locator(".pick").first.focus()
    for press in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press(press)
    expect(table(page).get_by_role("button", name="ニセコ町")).to_be_focused()
    assert table(page).locator(".pick[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    expect(page.get_by_text("chosen=00003 area=00003")).to_be_visible()
    page.keyboard.press("End")
    expect(table(page).get_by_role("button", name="町村1740")).to_be_focused()


def test_row_chosen_elsewhere_is_brought_into_view(page: Page) -> None:
    page.get_by_role("button", name="last").click()
    expect(table(page).locator("[aria-current=true]")).to_be_in_viewport()
    expect(table(page).locator("[aria-current=true]")).to_contain_text("町村1700")


def test_rerun_with_the_same_data_keeps_sort_search_and_scroll(page: Page) -> None:
    heading(page, "2015年").get_by_role("button").click()
    table(page).get_by_label("表の中をさがす").fill("町村1")
    row = table(page).locator("tbody tr").nth(30).element_handle()
    table(page).locator(".scroll").evaluate("part => { part.scrollTop = 400; }")
    page.get_by_role("button", name="again").click()
    page.wait_for_timeout(1000)
    assert row.evaluate("node => node.isConnected")
    assert table(page).locator(".scroll").evaluate("part => part.scrollTop") == 400
    expect(heading(page, "2015年")).to_have_attribute("aria-sort", "descending")


def test_other_data_comes_in_with_the_sort_and_search_kept(page: Page) -> None:
    heading(page, "2015年").get_by_role("button").click()
    before = column(page, 1)
    page.get_by_role("combobox", name="seed").click()
    page.get_by_role("option", name="2").click()
    page.wait_for_timeout(1500)
    after = column(page, 1)
    assert before != after
    known = [float(text.rstrip("%")) for text in column(page, 10)]
    assert known == sorted(known, reverse=True)


def test_1741_rows_open_and_sort_within_200_ms(page: Page) -> None:
    columns = [GridColumn("name", "名"), *(GridColumn(f"c{i}", "値", kind="number") for i in range(9))]
    rows = [[f"町村{i}", *((f"{i * j % 977}", i * j % 977) for j in range(1, 10))] for i in range(1741)]
    payload = grid_payload(columns, rows, caption="表", labels=LABELS)
    opening, sorting = page.evaluate(
        """async ([source, html, css, body]) => {
            const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);
            const data = new TextEncoder().encode(`{"version":"1","height":400,"selected":null}\n${body}`);
            const best = [Infinity, Infinity];
            for (let attempt = 0; attempt < 5; attempt += 1) {  // the machine may be busy with other things
                const host = document.body.appendChild(document.createElement("div"));
                const root = host.attachShadow({ mode: "open" });
                root.innerHTML = `<style>${css}</style>${html}`;
                const acts = [
                    () => module.default({ data, parentElement: root }),
                    () => root.querySelectorAll("thead button")[5].click(),
                ];
                acts.forEach((act, i) => {
                    const began = performance.now();
                    act();
                    host.getBoundingClientRect();
                    best[i] = Math.min(best[i], performance.now() - began);
                });
                host.remove();
            }
            return best;
        }""",
        [(FOLDER / "grid.js").read_text("utf-8"), HTML, (ASSETS / "grid.css").read_text("utf-8"), payload.body.decode()],
    )
    print(f"opening {opening:.0f} ms, sorting {sorting:.0f} ms")
    assert opening < 200
    assert sorting < 200


@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 1280), (False, 360)])
def test_table_has_no_accessibility_faults(served, visit, dark: bool, width: int) -> None:
    page = opened(visit, served(APP, "--server.enableStaticServing", "true", environment={"MEASURE": "1"}), dark=dark, width=width)
    heading(page, "市区町村").get_by_role("button").click()
    table(page).get_by_role("rowheader").first.click()
    expect(page.get_by_text("area=00000")).to_be_visible()
    expect(table(page).locator("[aria-current=true]")).to_have_count(1)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    page.wait_for_timeout(500)  # Streamlit fades what it draws again
    results = Axe().run(page, context={"include": [[".stBidiComponent"]]})
    assert results.response["violations"] == []


def test_payload_is_checked_where_it_is_made() -> None:
    columns = [GridColumn("a", "名"), GridColumn("b", "値", kind="number")]
    with pytest.raises(ValueError, match="cell without a value"):
        grid_payload(columns, [["い", "1"]], caption="表", labels=LABELS)
    with pytest.raises(ValueError, match="1 cells, 2 columns"):
        grid_payload(columns, [["い"]], caption="表", labels=LABELS)
    with pytest.raises(ValueError, match="comes twice"):
        grid_payload(columns, [["い", ("1", 1)]] * 2, caption="表", labels=LABELS, row_keys=["x", "x"])
    with pytest.raises(ValueError, match="labels lack more"):
        grid_payload(columns, [], caption="表", labels={name: word for name, word in LABELS.items() if name != "more"})


def test_payload_has_another_version_when_anything_in_it_changes() -> None:
    columns = [GridColumn("b", "値", kind="number")]
    one = grid_payload(columns, [[("1", 1.0)], [("-", None)], [("2", 2.0)]], caption="表", labels=LABELS)
    same = grid_payload(columns, [[("1", 1.0)], [("-", float("nan"))], [("2", 2.0)]], caption="表", labels=LABELS)
    other = grid_payload(columns, [[("1", 1.0)], [("-", 0.0)], [("2", 2.0)]], caption="表", labels=LABELS)
    assert one.version == same.version != other.version
