"""One view on paper: titles, figure, sentence, notes, sources, table, as blocks of a known height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.card_sheet import BODY, BOTTOM, LARGE, LEFT, POINT, RIGHT, SMALL, TOP, height_of
from atlas.exports.print_figure import WIDTH as FIGURE_WIDTH
from atlas.exports.print_figure import drawn
from atlas.exports.print_flow import Block, Group
from atlas.exports.print_model import Drawing, UnprintableError, Words
from atlas.exports.print_paint import Press
from atlas.exports.print_slices import slices
from atlas.exports.print_table import MOST_ALONE, MOST_ROWS, table_blocks
from atlas.figures.look import LIGHT

WIDTH = RIGHT - LEFT
UNIT = WIDTH / FIGURE_WIDTH
"""Millimetres a pixel of a figure."""
HEADLINE = 13.0
LEAST_TEXT = 7.5
"""Points: no word of a figure is smaller."""
RUN_HEAD, FOOT, LINK = 7.0, 7.0, 3.6
BANNER = 2.4
GAP = 2.0


@dataclass(frozen=True)
class Entry:
    """A view to print: the exhibit with the words that stand around it."""

    exhibit: Exhibit
    title: str
    sentence: str


@dataclass(frozen=True)
class Room:
    """The part of a page that entries have: from `top` (below the banner where there is one) to `bottom`, millimetres."""

    banner: float
    bottom: float

    def top(self, sample: bool) -> float:
        """Where the first block of a page stands."""
        return TOP + RUN_HEAD + (self.banner if sample else 0.0)

    def height(self, sample: bool) -> float:
        """Of a whole page."""
        return self.bottom - self.top(sample)


def room(sheet: Press, context: Context, link: str) -> Room:
    """What banner, head and foot leave of a page."""
    lines = sheet.lines(context.texts("print.sample"), BODY, WIDTH - 6)
    return Room(len(lines) * height_of(BODY) + BANNER + 2.0, BOTTOM - FOOT - (LINK if link else 0.0))


def entry(title: str, exhibit: Exhibit, sentence: str) -> Entry:
    """An exhibit under a title and with a sentence of its own, else its own."""
    return Entry(exhibit, title or exhibit.title, sentence or exhibit.sentence)


def entry_group(sheet: Press, one: Entry, context: Context, space: Room) -> Group:
    """All that is printed of a view."""
    exhibit, texts = one.exhibit, context.texts
    head = _head(sheet, one)
    said = [_paragraph(sheet, one.sentence, BODY + 0.5, LIGHT.text)] if one.sentence else []
    figure, reason = _figure(sheet, exhibit, space.height(exhibit.is_sample), head.height, sum(block.height for block in said))
    blocks = [head, *figure]
    if reason:
        blocks.append(_paragraph(sheet, texts("print.no_drawing"), BODY, LIGHT.caution))
    blocks += said
    blocks += [_paragraph(sheet, line, SMALL, LIGHT.caution, mark="・") for line in exhibit.cautions]
    blocks += [_paragraph(sheet, line, SMALL, LIGHT.second) for line in exhibit.sources]
    return Group((*blocks, *_table(sheet, exhibit, context, stands_in=not figure)), exhibit.is_sample)


def _head(sheet: Press, one: Entry) -> Block:
    """The title, the exhibit's own below it where it is another, what is shown."""
    parts = [(one.title, HEADLINE, LIGHT.text, True)]
    if one.title != one.exhibit.title:
        parts.append((one.exhibit.title, LARGE, LIGHT.text, False))
    parts.append((one.exhibit.subtitle, BODY, LIGHT.second, False))
    lines = [(sheet.lines(text, size, WIDTH), size, colour, bold) for text, size, colour, bold in parts if text]
    height = 1.6 + sum(len(rows) * height_of(size) for rows, size, _, _ in lines) + GAP

    def draw(on: Press, y: float) -> None:
        on.start_section(on.printable(one.title))
        on.rule(LEFT, y, RIGHT, y, LIGHT.text, 0.3)
        y += 1.2
        for text, size, colour, bold in parts:
            if text:
                y = on.paragraph(LEFT, y, WIDTH, text, size, colour=colour, bold=bold)

    return Block(height, draw, keep=True)


def _figure(sheet: Press, exhibit: Exhibit, whole: float, head: float, said: float) -> tuple[list[Block], bool]:
    """The figure as blocks, and whether there is one that could not be drawn.

    It is made smaller, as far as its words stay readable, where it then fits the page with title and sentence, else with its title; a figure with
    still more rows is cut between them.
    """
    if exhibit.figure is None:
        return [], False
    try:
        drawing = drawn(exhibit.figure, sheet.measure)
    except UnprintableError:
        return [], True
    least = min((line.size for item in drawing.items if isinstance(item, Words) for line in item.lines), default=14.0)
    smallest = min(LEAST_TEXT * POINT / least, UNIT)
    for room_left in (whole - head - said - 2 * GAP, whole - head - GAP):
        unit = min(UNIT, room_left / drawing.height)
        if unit >= smallest:
            return [_drawing(drawing, unit, keep=room_left < whole - head - GAP)], False
    pieces = slices(drawing, (whole - head - GAP) / UNIT, sheet.measure)
    if len(pieces) == 1:
        return [], True
    return [_drawing(piece, UNIT, keep=False) for piece in pieces], False


def _drawing(drawing: Drawing, unit: float, *, keep: bool) -> Block:
    across = LEFT + (WIDTH - drawing.width * unit) / 2
    return Block(drawing.height * unit + GAP, lambda sheet, y: sheet.put(drawing, across, y, unit), keep=keep)


def _paragraph(sheet: Press, text: str, size: float, colour: str, mark: str = "") -> Block:
    indent = sheet.wide(mark, size)
    lines = sheet.lines(text, size, WIDTH - indent)

    def draw(on: Press, y: float) -> None:
        if mark:
            on.say(LEFT, y + height_of(size) * 0.74, mark, size, colour=colour)
        on.paragraph(LEFT + indent, y, WIDTH - indent, text, size, colour=colour)

    return Block(len(lines) * height_of(size) + 0.6, draw)


def _table(sheet: Press, exhibit: Exhibit, context: Context, *, stands_in: bool) -> Sequence[Block]:
    """The table where it is short or all there is to show; else in words how long it is and where to get it."""
    texts, rows = context.texts, len(exhibit.table.rows)
    if not rows:
        return []
    space = Block(GAP, lambda sheet, y: None, keep=True)
    if rows <= (MOST_ALONE if stands_in else MOST_ROWS):
        return [space, *table_blocks(sheet, exhibit, context, rows)]
    words = partial(texts, rows=f"{rows:,}", shown=MOST_ROWS)
    if stands_in:
        return [space, *table_blocks(sheet, exhibit, context, MOST_ROWS), _paragraph(sheet, words("print.first_rows"), SMALL, LIGHT.second)]
    return [space, _paragraph(sheet, words("print.long_table"), SMALL, LIGHT.second)]
