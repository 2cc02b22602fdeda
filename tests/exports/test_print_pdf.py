"""Print: every exhibit of every page in both languages, searchable words, embedded font, margins, sample marks, and whether it can be made again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream

from atlas.exhibits import overtaken, trends
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exports.card_sheet import BOTTOM, HEIGHT, LEFT, POINT, RIGHT, TOP
from atlas.exports.citation import ATTACHMENT
from atlas.exports.print_entry import LEAST_TEXT
from atlas.exports.print_flow import Block, Group, planned
from atlas.exports.print_model import Words
from atlas.exports.print_pdf import figure_pdf, page_pdf, printed
from atlas.exports.print_table import MOST_ALONE, MOST_ROWS
from atlas.exports.reproduce import EQUAL, reproduce
from atlas.exports.tables import Provenance
from atlas.figures.look import Look
from tests.exports.printing import SHARE, Placed, local, made, national, noting, plain, said

NOW = Provenance("2026-11-22T04:00:00+09:00", "https://atlas.example.jp/compare?area=31201&lang=ja")


@dataclass(frozen=True)
class Printed:
    """Pages of exhibits, and the words put on them."""

    context: Context
    exhibits: list[Exhibit]
    placed: list[Placed]
    reader: PdfReader


@pytest.fixture(scope="module", params=["japanese", "english"])
def everything(request: pytest.FixtureRequest) -> Iterator[Printed]:
    """All exhibits of all pages, in one file a language."""
    context: Context = request.getfixturevalue(request.param)
    exhibits = [made(context, build, options) for build, options in [*national(), *local(context)]]
    patch = pytest.MonkeyPatch()
    with noting(patch) as placed:
        content = page_pdf(context, exhibits, "つながり" if context.lang == "ja" else "Contact", NOW)
        yield Printed(context, exhibits, placed, PdfReader(io.BytesIO(content)))


def test_every_exhibit_of_every_page_is_drawn_and_none_falls_back_to_its_table(everything: Printed) -> None:
    texts = everything.context.texts
    assert len(everything.exhibits) > 38
    assert plain(texts("print.no_drawing")) not in said(everything.placed)
    # A title a view, and the outline leads to each.
    assert [one.title for one in everything.reader.outline] == [one.title for one in everything.exhibits]  # type: ignore[union-attr]


def test_titles_sentences_sources_cautions_and_the_figures_words_are_on_paper(everything: Printed) -> None:
    words = said(everything.placed)
    for one in everything.exhibits:
        for text in (one.title, one.subtitle, one.sentence, *one.sources, *one.cautions):
            assert plain(text) in words, text
        figure = one.figure
        for note in figure.layout.annotations if figure is not None else ():
            for line in re.sub(r"<(?!br)[^>]*>", "", note.text).split("<br>"):
                assert plain(line) in words, line
        for trace in figure.data if figure is not None else ():
            if trace.type == "bar" and trace.textposition == "outside":
                assert all(plain(re.sub("<[^>]*>", "", str(text))) in words for text in trace.text)


def test_a_short_table_is_printed_whole_and_a_long_one_says_how_long_it_is(everything: Printed) -> None:
    words, texts = said(everything.placed), everything.context.texts
    for one in everything.exhibits:
        rows = len(one.table.rows)
        first = one.table.columns[0]
        if rows <= (MOST_ALONE if one.figure is None else MOST_ROWS):
            assert not rows or plain(one.table.caption)[:20] in words
            if first.kind == "text":
                assert all(plain(str(name))[:8] in words for name in one.table.rows[first.id])
        else:
            key = "print.long_table" if one.figure is not None else "print.first_rows"
            assert plain(texts(key, rows=f"{rows:,}", shown=MOST_ROWS)) in words


def test_nothing_is_outside_the_page_or_too_small(everything: Printed) -> None:
    assert len(everything.placed) > 3000
    for one in everything.placed:
        assert one.size >= LEAST_TEXT - 0.01, one
        if not one.turned:
            assert one.left >= LEFT - 0.4, one
            assert one.right <= RIGHT + 0.4, one
        assert TOP <= one.base <= BOTTOM, one
    for page in everything.reader.pages:
        for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
            numbers = [float(one) for one in operands if isinstance(one, int | float)]
            if operator in (b"m", b"l", b"c"):
                assert LEFT - 1 <= numbers[-2] * POINT <= RIGHT + 1
                assert TOP - 1 <= HEIGHT - numbers[-1] * POINT <= BOTTOM + 1


def test_words_of_a_page_do_not_lie_on_each_other(everything: Printed) -> None:
    """Outside figures; in them Plotly's own places are kept, and names of lines are moved apart."""
    in_figures = {plain(text) for one in everything.exhibits if one.figure is not None for text in _words_of(one.figure)}
    pages: dict[int, list[Placed]] = {}
    for one in everything.placed:
        if not one.turned and plain(one.text) not in in_figures and len(one.text) > 3:
            pages.setdefault(one.page, []).append(one)
    for found in pages.values():
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                level = abs(one.base - other.base) < 0.6 * max(one.size, other.size) * POINT
                assert not level or one.left >= other.right - 0.1 or other.left >= one.right - 0.1, (one, other)


def _words_of(figure: go.Figure) -> Iterator[str]:
    layout = figure.layout
    texts = [note.text for note in layout.annotations] + [str(one.name) for one in figure.data if one.name]
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        texts += list(axis.ticktext or ()) + ([axis.title.text] if axis.title.text else [])
    for trace in figure.data:
        texts += list(trace.text) if isinstance(getattr(trace, "text", None), tuple) else []
    for text in texts:
        for line in str(text).split("<br>"):
            yield re.sub("<[^>]*>", "", line)


def test_the_head_and_foot_of_every_page(everything: Printed) -> None:
    total = len(everything.reader.pages)
    texts, context = everything.context.texts, everything.context
    for number in range(1, total + 1):
        words = "".join(plain(one.text) for one in everything.placed if one.page == number)
        assert plain(texts("frame.name")) in words
        assert plain(texts("card.footer.page", number=number, total=total)) in words
        assert plain(NOW.permalink) in words
        assert context.store.version[:12] in words


def test_the_sample_is_marked_on_every_page_that_shows_it_and_real_data_never_share_one(everything: Printed) -> None:
    banner = plain(everything.context.texts("print.sample"))
    pages = everything.reader.outline
    first = next(at for at, one in enumerate(everything.exhibits) if one.is_sample)
    start = everything.reader.get_destination_page_number(pages[first])  # type: ignore[arg-type]
    for number in range(1, len(everything.reader.pages) + 1):
        words = "".join(plain(one.text) for one in everything.placed if one.page == number)
        assert (banner in words) == (number > start)


@pytest.fixture(scope="module")
def small(japanese: Context) -> tuple[list[Exhibit], bytes]:
    exhibits = [
        made(japanese, trends.trend, {"indicator_id": SHARE, "area_codes": ("00000",), "base_year": None}),
        made(japanese, overtaken.overtaken, {}),
    ]
    return exhibits, page_pdf(japanese, exhibits, "推移", NOW)


def test_japanese_can_be_searched_and_one_font_is_embedded(small: tuple[list[Exhibit], bytes]) -> None:
    exhibits, content = small
    reader = PdfReader(io.BytesIO(content))
    words = plain("".join(page.extract_text() for page in reader.pages))
    for one in exhibits:
        for text in (one.title, one.sentence, *one.sources):
            assert plain(text).replace("・", "") in words.replace("・", ""), text
    assert "2024年推計" in words
    for page in reader.pages:
        assert (round(float(page.mediabox.width) * POINT), round(float(page.mediabox.height) * POINT)) == (210, 297)
        (font,) = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        assert re.fullmatch(r"/[A-Z]{6}\+NotoSansJP.*", font["/BaseFont"])
        assert font["/Encoding"] == "/Identity-H"
        assert "/FontFile3" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert not page.images, "figures are drawn, not painted"
    assert reader.trailer["/Root"]["/Lang"] == "ja-JP"


def changed(path: Path, content: bytes, change: Callable[[str], str]) -> None:
    """The same pages with another attachment."""
    reader, writer = PdfReader(io.BytesIO(content)), PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.add_attachment(ATTACHMENT, change(reader.attachments[ATTACHMENT][0].decode("utf-8")).encode("utf-8"))
    writer.write(path)


def test_it_is_equal_when_made_again_and_a_tampered_one_says_what_differs(small: tuple[list[Exhibit], bytes], japanese: Context, tmp_path: Path) -> None:
    _, content = small
    path = tmp_path / "page.pdf"
    path.write_bytes(content)
    found = reproduce(path, japanese.store)
    assert [one.status for one in found] == [EQUAL, EQUAL]
    assert found[0].carried.permalink == NOW.permalink
    changed(path, content, lambda text: re.sub(r"0\.37\d+", "0.9", text, count=1))
    first, second = reproduce(path, japanese.store)
    assert ({one.kind for one in first.differences}, second.status) == ({"cell"}, EQUAL)
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.pages[0].merge_page(PdfReader(io.BytesIO(content)).pages[1])
    writer.write(path)
    assert [{one.kind for one in each.differences} for each in reproduce(path, japanese.store)] == [{"drawing"}, {"drawing"}]


def test_a_reader_in_the_dark_with_large_letters_gets_the_same_paper(japanese: Context) -> None:
    dark = replace(japanese, look=Look("ja", dark=True, scale=1.5))

    def drawn(context: Context) -> list[bytes]:
        content = figure_pdf(made(context, overtaken.overtaken, {}), context, NOW)
        return [page.get_contents().get_data() for page in PdfReader(io.BytesIO(content)).pages]  # type: ignore[union-attr]

    assert drawn(dark) == drawn(japanese)


def strange(rows: int, figure: go.Figure | None) -> Exhibit:
    table = Table((Column("a", "列"), Column("b", "値", "count")), pd.DataFrame({"a": [f"行{n}" for n in range(rows)], "b": range(rows)}), "表")
    return Exhibit("strange", "題", "副題", "文。", ("出典：x",), table, figure)


def test_a_figure_of_an_unknown_kind_gives_its_table_and_says_so(japanese: Context) -> None:
    with noting(pytest.MonkeyPatch()) as placed:
        page_pdf(japanese, [strange(30, go.Figure(go.Pie(values=[1, 2])))], "x", replace(NOW, permalink=""))
    words = said(placed)
    assert plain(japanese.texts("print.no_drawing")) in words
    assert "行29" in words
    assert "https" not in words


def test_nothing_to_print_is_an_error_not_an_empty_file(japanese: Context) -> None:
    with pytest.raises(ValueError, match="nothing to print"):
        printed(japanese, [], "x", NOW, made=date(2026, 11, 22))


def test_blocks_that_belong_together_stay_together_and_a_table_s_head_comes_again() -> None:
    def block(height: float, **more: object) -> Block:
        return Block(height, lambda sheet, y: None, **more)  # type: ignore[arg-type]

    head = block(5)
    title, figure, row = block(10, keep=True), block(60), block(20, opening=head)
    real, sample = Group((title, figure)), Group((title, figure), sample=True)
    pages = planned([real, Group((block(10),)), sample, Group((title, row, row, row, row, row))], lambda is_sample: 10.0 if is_sample else 0.0, 100, 5)
    assert [page.sample for page in pages] == [False, True, False, False]
    assert [y for y, _ in pages[0].placed] == [0, 10, 75]
    assert [y for y, _ in pages[1].placed] == [10, 20]
    assert [y for y, _ in pages[2].placed] == [0, 10, 30, 50, 70]
    assert pages[3].placed[0] == (0, head)
    assert pages[3].placed[1][0] == 5


def test_words_turned_take_their_room_upright() -> None:
    from atlas.exports.print_model import Line, extent

    turned = Words(100, 100, (Line("abcd", 10),), "#000000", "center", "bottom", -90)
    assert extent(turned, lambda text, size: len(text) * size) == (93.5, 60, 106.5, 100)
