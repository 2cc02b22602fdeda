"""A story, or one figure, as a PowerPoint file: native charts and maps with their numbers, title, sentence, sources, date, data version.

The file opens and can be edited without the dashboard: every chart carries its workbook, every district is a shape. Nothing in it is a picture
but the QR code. See `deck_charts.py` for how a figure becomes a chart.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.recipe import RecipeError
from atlas.exports.on_paper import on_paper, paper
from atlas.exports.tables import Provenance
from atlas.store import registry
from atlas.stories.deck_charts import charts_of, draw_charts, natural_height, rows_in
from atlas.stories.deck_citation import deck_with_citation
from atlas.stories.deck_map import draw_legend, draw_map, draw_tiles, is_map, is_tiles, legend_height
from atlas.stories.deck_model import Chart, DeckError
from atlas.stories.deck_page import INK, SECOND, Pages, lead, pages
from atlas.stories.deck_shapes import Canvas, Ink
from atlas.stories.deck_table import draw_table
from atlas.stories.deck_text import Box, Style, fitting, height_of, shortened
from atlas.stories.model import Shown, Slide, Story

ADDRESS = "ATLAS_ADDRESS"
"""Environment variable: where the dashboard is found by others, such as https://atlas.example.jp; without it there is no QR code."""
SENTENCE_SIZES = (16.0, 15.0, 14.0, 13.0, 12.0)
SOURCE_SIZES = (10.5, 9.5, 9.0, 8.5, 8.0)
SUBTITLE, VERSION = 12.0, 10
GAP = 10.0
LEFT = 0.62
"""The part of the width a tall figure takes; its sentence stands at its right."""
MANY_ROWS = 11
QR = 62.0

__all__ = ["ADDRESS", "DeckError", "deck_bytes", "figure_deck", "native"]


def deck_bytes(
    context: Context, told: Sequence[Shown], story: Story, *, template: Path | None = None, address: str = "", made: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:  # fmt: skip
    """The story as a .pptx: a first slide, then one a slide of the story.

    told: the slides with their exhibits, see `telling.told`; made again in the light look of paper where they were made in another.
    template: a .pptx whose layouts, fonts and colours are taken. address: where the dashboard is found by others, for the QR code.
    Raises DeckError where template or address cannot be used.
    """
    own_look = paper(context)
    deck = _Deck(own_look, template, _checked(address, own_look), made or date.today())
    shown = [replace(one, exhibit=_again(context, one.exhibit)) for one in told]
    deck.first(story, any(one.exhibit.is_sample for one in shown))
    for number, one in enumerate(shown, 1):
        deck.slide(one)
        if progress is not None:
            progress(number, len(shown))
    return deck.finished(story.title.of(context.lang), Provenance(datetime.now().astimezone().isoformat(timespec="seconds")))


def figure_deck(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """One figure as a .pptx of one slide; with the QR code of its page where a public address is configured."""
    own_look = paper(context)
    address = _checked(os.environ.get(ADDRESS, ""), own_look)
    made = datetime.fromisoformat(provenance.exported_at).date()
    deck = _Deck(own_look, None, "", made)
    page = urlsplit(provenance.permalink)
    link = f"{address.rstrip('/')}{page.path}{'?' + page.query if page.query else ''}" if address else ""
    own = _again(context, exhibit)
    deck.slide(Shown(Slide(""), own, own.title, own.sentence, ""), link)
    return deck.finished(own.title, provenance)


def native(exhibit: Exhibit) -> str:
    """What an exhibit becomes on a slide: map, tiles, charts or table."""
    return _native(exhibit)[0]


def _native(exhibit: Exhibit) -> tuple[str, list[Chart] | None]:
    """The kind, and the charts where it is one of charts."""
    if is_map(exhibit.figure) or is_tiles(exhibit.figure):
        return ("map" if is_map(exhibit.figure) else "tiles"), None
    charts = charts_of(exhibit)
    return ("table" if charts is None else "charts"), charts


def _again(context: Context, exhibit: Exhibit) -> Exhibit:
    try:
        return on_paper(context, exhibit)
    except RecipeError as error:
        raise DeckError(error.said(context.texts)) from error


def _checked(address: str, context: Context) -> str:
    address = address.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and len(address) <= 500
    except ValueError:
        usable = False
    if not usable:
        raise DeckError(context.texts("deck.error.address", name=ADDRESS, found=address))
    return address


class _Deck:
    """The file while it is written."""

    def __init__(self, context: Context, template: Path | None, address: str, made: date) -> None:
        self.context, self.texts, self.lang, self.address = context, context.texts, context.lang, address
        self.pages: Pages = pages(template, context.texts)
        self.day = self.texts("deck.day", year=made.year, month=self.texts(f"deck.month.{made.month}"), day=made.day)
        self.version = registry.build_info(context.store).get("content_hash", "")[:VERSION]
        self.count = 0
        self.figures: list[tuple[int, Exhibit]] = []

    def first(self, story: Story, sample: bool) -> None:
        """Title, lead, date; the QR code where there is an address."""
        self.count += 1
        slide, title = self.pages.add(story.title.of(self.lang), first=True)
        mark = self.texts("deck.sample_inside") if sample else ""
        place = lead(self.pages, slide, title, [(story.lead.of(self.lang), 20), (self.day, 14), (self.texts("frame.name"), 14)])
        canvas = Canvas(slide, self.lang)
        if mark:
            canvas.words(Box(title.x, place.bottom - 20, place.width, 20), mark, Style(14, self.context.look.palette.caution, bold=True))
        if self.address:
            side = min(120.0, place.height)
            code = Box(title.right - side, place.y, side, side)
            self.pages.qr(slide, self.address, code)
            size = fitting(self.address, 300, 14, (10.0, 9.0, 8.0, 7.0)) or 7.0
            canvas.follow()
            canvas.words(Box(title.right - 300, code.bottom + 4, 300, 28), self.address, Style(size, SECOND, align="r"))
        self.pages.footers(slide, self._foot(), self.day, self.count)

    def slide(self, one: Shown, link: str = "") -> None:
        """Title, figure, sentence, sources; everything else there is to know in the notes."""
        self.count += 1
        exhibit = one.exhibit
        slide, title = self.pages.add(one.title)
        canvas = Canvas(slide, self.lang)
        room = self.pages.body(title)
        room = self._head(canvas, exhibit, room)
        room = self._sources(slide, canvas, exhibit, room, link)
        kind, charts = _native(exhibit)
        tall = kind in ("map", "tiles") or (charts is not None and rows_in(charts) > MANY_ROWS)
        if tall:
            left = Box(room.x, room.y, room.width * LEFT, room.height)
            right = Box(left.right + 20, room.y, room.width - left.width - 20, room.height)
            cut = self._tall(slide, canvas, one, kind, charts, left, right)
        else:
            cut = self._flat(slide, canvas, one, charts, room)
        self.pages.footers(slide, self._foot(), self.day, self.count)
        slide.notes_slide.notes_text_frame.text = self._notes(one, cut)
        self.figures.append((slide.slide_id, exhibit))

    def _head(self, canvas: Canvas, exhibit: Exhibit, room: Box) -> Box:
        """What is shown, and that it is a sample where it is one."""
        y = room.y
        if exhibit.is_sample:
            text = self.texts("deck.sample", mark=self.texts("frame.sample"), words=self.texts("frame.sample_long"))
            size = fitting(text, room.width, 18, (12.0, 11.0, 10.0, 9.0)) or 8.0
            canvas.words(Box(room.x, y, room.width, 16), text, Style(size, self.context.look.palette.caution, bold=True), "sample")
            y += 18
        size = fitting(exhibit.subtitle, room.width, 32, (SUBTITLE, 11.0, 10.0, 9.0)) or 8.0
        height = height_of(exhibit.subtitle, room.width, size)
        canvas.words(Box(room.x, y, room.width, height), exhibit.subtitle, Style(size, SECOND), "subtitle")
        return Box(room.x, y + height + 4, room.width, room.bottom - y - height - 4)

    def _sources(self, slide: Any, canvas: Canvas, exhibit: Exhibit, room: Box, link: str) -> Box:
        """All source lines above the footers, under a thin rule; the code of the page at their right."""
        width = room.width - (QR + 12 if link else 0)
        text = "\n".join(exhibit.sources)
        size = fitting(text, width, 44, SOURCE_SIZES)
        if size is None:
            text = self.texts("deck.source_separator").join(exhibit.sources)
            size = fitting(text, width, 60, SOURCE_SIZES) or 7.0
        height = max(height_of(text, width, size), QR if link else 0.0)
        top = room.bottom - height - 4
        canvas.line((room.x, top - 5), (room.right, top - 5), Ink(self.context.look.palette.grid, 0.75), "rule")
        canvas.words(Box(room.x, top, width, height), text, Style(size, SECOND), "sources")
        if link:
            self.pages.qr(slide, link, Box(room.right - QR, top, QR, QR))
            canvas.follow()
        return Box(room.x, room.y, room.width, top - 5 - GAP - room.y)

    def _flat(self, slide: Any, canvas: Canvas, one: Shown, charts: list[Chart] | None, room: Box) -> bool:
        """Figure over sentence. Whether the sentence had to be shortened."""
        natural = natural_height(charts) if charts else 10_000.0
        most = max(room.height - natural - GAP, 84.0)
        text, size, cut = self._sentence(one.sentence, room.width, most)
        height = height_of(text, room.width, size) if text else 0.0
        figure = Box(room.x, room.y, room.width, min(room.height - height - GAP, natural))
        self._figure(slide, canvas, one, charts, figure)
        canvas.words(Box(room.x, figure.bottom + GAP, room.width, height), text, Style(size, INK), "sentence")
        return cut

    def _tall(self, slide: Any, canvas: Canvas, one: Shown, kind: str, charts: list[Chart] | None, left: Box, right: Box) -> bool:
        """Figure at the left, legend and sentence at its right. Whether the sentence had to be shortened."""
        exhibit, y = one.exhibit, right.y
        if kind == "map" and exhibit.figure is not None:
            draw_map(canvas, exhibit.figure, left, self.texts("deck.map"), f"{one.title} {one.sentence}")
            high = legend_height(exhibit.figure)
            draw_legend(canvas, exhibit.figure, Box(right.x, y, right.width, high), self.texts("deck.legend"))
            y += high + GAP * 1.5
        elif kind == "tiles" and exhibit.figure is not None:
            draw_tiles(canvas, exhibit.figure, left, self.texts("deck.map"), f"{one.title} {one.sentence}")
        else:
            self._figure(slide, canvas, one, charts, left)
        text, size, cut = self._sentence(one.sentence, right.width, right.bottom - y)
        canvas.words(Box(right.x, y, right.width, right.bottom - y), text, Style(size, INK), "sentence")
        return cut

    def _figure(self, slide: Any, canvas: Canvas, one: Shown, charts: list[Chart] | None, place: Box) -> None:
        if charts is not None:
            draw_charts(slide, canvas, charts, place, f"{one.title} {one.sentence}")
        else:
            draw_table(slide, canvas, one.exhibit, self.context, place)

    def _sentence(self, text: str, width: float, height: float) -> tuple[str, float, bool]:
        """The sentence and its size; shortened at the end of a sentence where it does not fit, with a word where the rest is."""
        size = fitting(text, width, height, SENTENCE_SIZES)
        if size is not None:
            return text, size, False
        size = SENTENCE_SIZES[-2]
        return shortened(text, width, height, size, self.texts("deck.more_in_notes")), size, True

    def _notes(self, one: Shown, cut: bool) -> str:
        """What the speaker can say, and everything to cite and to make it again."""
        exhibit, texts = one.exhibit, self.texts
        parts = [one.notes, one.sentence if cut else "", exhibit.subtitle]
        parts += [f"{texts('frame.export.caution')}: {line}" for line in exhibit.cautions]
        parts += [f"{texts('frame.export.source')}: {line}" for line in exhibit.sources]
        parts.append(self._foot() + " " + self.day)
        if exhibit.recipe:
            parts.append(f"{texts('frame.export.recipe')}: {exhibit.recipe}")
        if exhibit.is_sample:
            parts.insert(0, f"{texts('frame.sample')}: {texts('frame.sample_long')}")
        return "\n".join(part for part in parts if part)

    def _foot(self) -> str:
        return self.texts("deck.foot", name=self.texts("frame.name"), version=self.version)

    def finished(self, title: str, provenance: Provenance) -> bytes:
        """The file, with what is needed to cite its figures and to make them again."""
        properties = self.pages.presentation.core_properties
        properties.title, properties.author, properties.last_modified_by = title, self.texts("frame.name"), self.texts("frame.name")
        properties.subject, properties.keywords, properties.comments = (
            self.texts("frame.motto"),
            "",
            f"{self.texts('frame.export.data_version')} {self.version}",
        )
        properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        properties.language, properties.revision = self.lang, 1
        return deck_with_citation(self.pages.presentation, self.figures, self.context, provenance)
