"""Cards as PDF: text that can be searched, one embedded font, nothing outside the margins, nothing cut without a word, whole or not at all."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pylopdf_fonts_jp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from atlas.exhibits.context import Context
from atlas.exhibits.district_card import Card, district_card, district_cards, district_codes
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.need_map import Asked, Drawn, need_map
from atlas.exports.card_map import RADIUS, apart
from atlas.exports.card_pdf import cards_pdf
from atlas.exports.card_sheet import BOTTOM, FAMILY, HEIGHT, LEFT, MARGIN, POINT, RIGHT, SMALL, TOP, WIDTH, Sheet
from atlas.exports.geo import geojson_bytes, shapes_of
from atlas.exports.tables import Provenance, xlsx_bytes

CITY = "99201"
MADE = date(2026, 11, 22)


@pytest.fixture(scope="module")
def codes(japanese: Context) -> tuple[str, ...]:
    return district_codes(japanese, CITY)[:5]


@pytest.fixture(scope="module")
def cards(japanese: Context, codes: tuple[str, ...]) -> list[Card]:
    return list(district_cards(japanese, city=CITY, codes=codes))


@pytest.fixture(scope="module")
def crowded(japanese: Context, codes: tuple[str, ...]) -> Card:
    """A card with more of everything than a page holds."""
    weights = tuple(preset_weights("equal", offered(japanese.store, (CITY,), 2020)).items())
    card = district_card(japanese, code=codes[3], index=IndexChoice(weights, "percentile", "arithmetic"))
    middle = card.places[0]
    long = "出典：総務省統計局「国勢調査」小地域集計（男女別人口及び世帯の種類別一般世帯数－町丁・字等）https://www.e-stat.go.jp/stat-search/files?page=1&toukei=00200521"
    return replace(
        card,
        city="とても長い名前の市" * 6,
        name="とても長い名前の国立大学法人附属義務教育学校の校区" * 2,
        headline=card.headline * 4,
        places=tuple(
            replace(middle, name=f"長い名前の地域の居場所ひだまり第{n}号館", x=middle.x + n % 5, y=middle.y + n % 7, is_school=n < 2) for n in range(60)
        ),
        facts=tuple(replace(fact, value="12.3%（数が少なく不確か）") for fact in card.facts) * 2,
        cautions=card.cautions * 4,
        sources=tuple(f"{long}{n}" for n in range(12)),
    )


@pytest.fixture(scope="module")
def reader(cards: list[Card]) -> PdfReader:
    return read(cards)


def read(cards: list[Card]) -> PdfReader:
    out = io.BytesIO()
    assert cards_pdf(cards, out, made=MADE) == len(cards)
    return PdfReader(out)


def words(page: PageObject) -> str:
    return re.sub(r"\s", "", page.extract_text())


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float, float, float, float, str]]:
    """Every text that is put on paper: page, left, baseline, right (mm), size (points), words."""
    found: list[tuple[int, float, float, float, float, str]] = []
    put = Sheet.text

    def noted(sheet: Sheet, x: float, y: float, text: str = "") -> None:
        size = sheet.font_size_pt
        found.append((sheet.page, x, y, x + sheet.get_string_width(text), size, text))
        put(sheet, x, y, text)

    monkeypatch.setattr(Sheet, "text", noted)
    return found


def corners(page: PageObject) -> Iterator[tuple[float, float]]:
    """Every corner of the lines, areas and rectangles drawn, mm from the left and from the top."""
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        numbers = [float(one) for one in operands if isinstance(one, int | float)]
        if operator in (b"m", b"l", b"c"):
            found = [(numbers[-2], numbers[-1])]
        elif operator == b"re":
            found = [(numbers[0], numbers[1]), (numbers[0] + numbers[2], numbers[1] + numbers[3])]
        else:
            continue
        yield from ((x * POINT, HEIGHT - y * POINT) for x, y in found)


def test_a_page_a_district_on_a4(reader: PdfReader, cards: list[Card]) -> None:
    assert len(reader.pages) == len(cards)
    for number, (page, card) in enumerate(zip(reader.pages, cards, strict=True), 1):
        assert (round(float(page.mediabox.width) * POINT), round(float(page.mediabox.height) * POINT)) == (210, 297)
        assert f"{number}／{len(cards)}ページ" in words(page)
        assert card.data_version[:12] in words(page)
        assert "2026年11月22日作成" in words(page)
    assert [entry.title for entry in reader.outline] == [card.name for card in cards]  # type: ignore[union-attr]
    assert reader.trailer["/Root"]["/Lang"] == "ja-JP"


def test_everything_on_the_card_can_be_searched_in_japanese(reader: PdfReader, cards: list[Card]) -> None:
    for page, card in zip(reader.pages, cards, strict=True):
        text = words(page)
        shown = [card.name, card.city, card.headline, card.lead, card.sample, *card.cautions, *card.sources]
        shown += [text for fact in card.facts for text in (fact.label, fact.value, fact.difference, fact.rank)]
        shown += [text for one in card.comparisons for text in (one.label, one.words, one.beside)] + [place.name for place in card.places]
        for one in shown:
            assert plain(one).replace("・", "") in text.replace("・", ""), one


def test_the_sample_is_marked_on_every_page_and_a_real_city_is_not(reader: PdfReader, cards: list[Card]) -> None:
    assert all(words(page).startswith("見本（架空）データ") for page in reader.pages)
    assert not words(read([replace(cards[0], sample="")]).pages[0]).startswith("見本（架空）データ")


def test_one_font_embedded_as_a_subset_with_its_letters_named(reader: PdfReader) -> None:
    for page in reader.pages:
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        assert len(fonts) == 1
        assert re.fullmatch(r"/[A-Z]{6}\+NotoSansJP.*", fonts[0]["/BaseFont"])
        assert fonts[0]["/Encoding"] == "/Identity-H"
        assert "beginbf" in fonts[0]["/ToUnicode"].get_data().decode()
        program = fonts[0]["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile3"].get_data()
        assert 1000 < len(program) < pylopdf_fonts_jp.sans_path().stat().st_size / 10
        assert not page.images, "maps are drawn, not painted"


def test_the_font_may_be_given_away() -> None:
    from fontTools.ttLib import TTFont

    names = TTFont(pylopdf_fonts_jp.sans_path())["name"]
    assert "SIL Open Font License" in names.getDebugName(13)


def test_nothing_is_outside_the_margins_or_too_small(cards: list[Card], crowded: Card, placed: list[tuple[int, float, float, float, float, str]]) -> None:
    pages = read([*cards, crowded, replace(crowded, index=None, sample=""), replace(cards[0], comparisons=(), places=(), cautions=())]).pages
    assert len(placed) > 100 * len(pages)
    for _, left, base, right, size, text in placed:
        assert size >= SMALL
        assert left >= LEFT - 0.01, text
        assert right <= RIGHT + 0.01, text
        assert TOP + size * POINT * 0.7 <= base <= BOTTOM, text
    for page in pages:
        for x, y in corners(page):
            assert MARGIN - 0.4 <= x <= WIDTH - MARGIN + 0.4
            assert MARGIN - 0.4 <= y <= HEIGHT - MARGIN + 0.4


def test_no_two_texts_lie_on_each_other(cards: list[Card], crowded: Card, placed: list[tuple[int, float, float, float, float, str]]) -> None:
    read([*cards, crowded])
    for page in range(1, len(cards) + 2):
        boxes = [(left, base - size * POINT * 0.7, right, base, text) for on, left, base, right, size, text in placed if on == page and not text.isdigit()]
        for position, (left, top, right, base, text) in enumerate(boxes):
            for other_left, other_top, other_right, other_base, other in boxes[position + 1 :]:
                beside = left >= other_right - 0.1 or other_left >= right - 0.1
                assert beside or top >= other_base - 0.1 or other_top >= base - 0.1, (text, other)


def test_what_has_no_room_is_counted(crowded: Card) -> None:
    text = words(read([crowded]).pages[0])
    cut = int(re.search(r"ほか(\d+)か所", text)[1])  # type: ignore[index]
    assert cut + len(set(re.findall(r"ひだまり第(\d+)号館", text))) == len(crowded.places)
    assert int(re.search(r"ほか(\d+)項目は、必要度マップ", text)[1]) + text.count("数が少なく不確か") == len(crowded.facts)  # type: ignore[index]
    assert int(re.search(r"ほか(\d+)件の出典", text)[1]) + text.count("小地域集計（") == len(crowded.sources)  # type: ignore[index]
    assert re.search(r"ほか\d+件の注意", text)


def test_the_digits_are_those_of_xlsx_and_geojson(cards: list[Card], japanese: Context) -> None:
    exhibit = need_map(japanese, asked=Asked((CITY,), "one_person_household_share", 2020, sample=True), drawn=Drawn())
    provenance = Provenance("2026-11-22", sample=True)
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(exhibit, japanese, provenance))).worksheets[0]
    names = [column.id for column in exhibit.table.columns]
    in_sheet = {row[names.index("code")].value: row[names.index("value")] for row in sheet.iter_rows(min_row=2)}
    content = json.loads(geojson_bytes(exhibit, japanese, provenance, shapes_of(japanese, [CITY])))
    in_map = {feature["id"]: feature["properties"]["value"] for feature in content["features"]}
    for card in cards:
        cell = in_sheet[card.code]
        assert cell.number_format == "0.0%"
        assert f"{cell.value:.1%}" == f"{in_map[card.code]:.1%}" == card.facts[0].value == card.comparisons[0].words


def test_a_letter_the_font_does_not_have_is_shown_as_lost(cards: list[Card]) -> None:
    text = words(read([replace(cards[0], name="𠮷田\n小😀学校区")]).pages[0])
    assert "𠮷田小〓学校区" in text


def test_progress_is_told_after_each_card(cards: list[Card]) -> None:
    told: list[tuple[int, int]] = []
    cards_pdf(iter(cards[:3]), io.BytesIO(), lambda done, total: told.append((done, total)), total=3)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_error_on_the_way_leaves_the_file_that_was_there(cards: list[Card], tmp_path: Path) -> None:
    def failing() -> Iterator[Card]:
        yield cards[0]
        raise RuntimeError("on the way")

    path = tmp_path / "cards.pdf"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="on the way"):
        cards_pdf(failing(), path, total=2)
    with pytest.raises(ValueError, match="no card"):
        cards_pdf([], path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    cards_pdf(cards[:1], path)
    assert path.read_bytes().startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [path]


def test_lines_break_as_japanese_does() -> None:
    sheet = Sheet(lang="ja", title="", subject="", made=MADE)
    wide = sheet.wide("あ", 9) * 5 + 0.01
    assert sheet.lines("あいうえお、かきく", 9, wide) == ["あいうえ", "お、かきく"]
    assert sheet.lines("あいうえ（かきく）", 9, wide) == ["あいうえ", "（かきく）"]
    assert sheet.lines("合計は12,345人です", 9, wide) == ["合計は", "12,345人", "です"]
    assert sheet.lines("", 9, wide) == []


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="あ漢、。（）「」ーっ1%a. ", max_size=60), width=st.floats(12, 60))
def test_no_line_is_wider_than_its_column_and_no_letter_is_lost(text: str, width: float) -> None:
    sheet = SHEET
    lines = sheet.lines(text, 9, width)
    assert all(sheet.wide(line, 9) <= width + 1e-6 for line in lines)
    assert plain("".join(lines)) == plain(text)


SHEET = Sheet(lang="ja", title="", subject="", made=MADE)


@settings(max_examples=40, deadline=None)
@given(spots=st.lists(st.tuples(st.floats(20, 80), st.floats(20, 60)), min_size=1, max_size=12))
def test_numbered_marks_do_not_hide_each_other(spots: list[tuple[float, float]]) -> None:
    moved = apart(np.array(spots), 2 * RADIUS + 0.5, (0.0, 0.0, 100.0, 80.0))
    away = np.hypot(*(moved[:, None, :] - moved[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert away.min() >= 2 * RADIUS
    assert (moved >= RADIUS).all()


def test_widths_are_those_of_the_font() -> None:
    text = "校区カルテ38.0%"
    wide = SHEET.wide(text, 10)  # sets the size it measures in
    SHEET.set_font(FAMILY, size=10)
    assert wide == pytest.approx(SHEET.get_string_width(text))
