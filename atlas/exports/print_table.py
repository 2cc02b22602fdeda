"""An exhibit's table on paper: a head, a row a block, as many lines a cell as its words need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.card_sheet import BODY, LEFT, RIGHT, SMALL, WORD, Sheet, height_of
from atlas.exports.formatted import cell_text
from atlas.exports.print_flow import Block
from atlas.exports.print_paint import Press
from atlas.figures.look import LIGHT
from atlas.figures.numbers import is_missing

SIZES = (8.0, 7.5)
EDGE, ABOVE = 1.2, 0.5
"""Millimetres beside the words of a cell, and above and below them."""
WIDTH = RIGHT - LEFT
MOST_ROWS, MOST_ALONE = 25, 120
"""Rows that are printed below a figure, and where the table is all there is."""
WIDEST = 46.0
LEAST, TEXT, FIRST = 5.0, 16.0, 30.0
"""Millimetres of a column, of one of words, of the first."""
MOST_LINES = 6
NEAR = 0.05
BOLD = 1.04
"""Letters that are drawn bold are so much wider."""


@dataclass(frozen=True)
class Row:
    """The words of a row in lines, a cell a column; is_cut: whether the end of one is left out."""

    cells: tuple[tuple[str, ...], ...]
    is_cut: bool = False

    def height(self, size: float) -> float:
        """In millimetres."""
        return max(len(cell) for cell in self.cells) * height_of(size) + 2 * ABOVE


@dataclass(frozen=True)
class Grid:
    """Where the columns of a table stand and how their words are set."""

    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    numbers: tuple[bool, ...]
    size: float


def table_blocks(sheet: Sheet, exhibit: Exhibit, context: Context, rows: int) -> list[Block]:
    """Caption, head and the first `rows` rows; what has no room is said: columns beyond the paper's width, ends of long texts."""
    table, texts = exhibit.table, context.texts
    columns = [column for column in table.columns if any(not is_missing(value) for value in table.rows[column.id].head(rows))]
    shown = table.rows[[column.id for column in columns]].head(rows)
    if not columns or not len(shown):
        return []
    missing = texts("frame.no_value")
    words = [
        [cell_text(column, value, context.lang, missing if column.kind != "text" else "") for column, value in zip(columns, row, strict=True)]
        for row in shown.itertuples(index=False)
    ]
    titles = [column.title.replace("<br>", "") if context.lang == "ja" else column.title.replace("<br>", " ") for column in columns]
    grid = _grid(sheet, titles, words, [column.kind != "text" for column in columns])
    count = len(grid.widths)
    head, *body = (_row(sheet, grid, cells[:count]) for cells in [titles, *words])
    notes = [texts("print.more_columns", names=texts("frame.list_separator").join(titles[count:]))] if count < len(titles) else []
    notes += [texts("print.cut_words")] if any(row.is_cut for row in body) else []
    opening = Block(head.height(grid.size), partial(_draw_row, row=head, grid=grid, head=True), keep=True)
    caption = Block(height_of(BODY) + 1.4, partial(_draw_caption, text=table.caption), keep=True)
    drawn = [Block(row.height(grid.size), partial(_draw_row, row=row, grid=grid, head=False), opening=opening) for row in body]
    return [caption, opening, *drawn, *(_note(sheet, text) for text in notes)]


def _note(sheet: Sheet, text: str) -> Block:
    height = len(sheet.lines(text, SMALL, WIDTH)) * height_of(SMALL) + 1.0
    return Block(height, partial(_draw_note, text=text))


def _grid(sheet: Sheet, titles: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> Grid:
    """Widths by what stands in the columns: numbers keep theirs, words share what is left and are broken; the last columns go where none is left."""
    for size in SIZES:
        least, wanted = [], []
        for at, number in enumerate(numbers):
            cells = max((sheet.wide(row[at], size) for row in rows), default=0.0)
            words = cells if number else max(min(cells, FIRST if at == 0 else TEXT), *(_longest(sheet, row[at], size) for row in rows))
            least.append(min(max(words, _longest(sheet, titles[at], size) * BOLD, LEAST) + 2 * EDGE, WIDEST))
            wanted.append(max(least[-1], min(max(cells, sheet.wide(titles[at], size) * BOLD / 2) + 2 * EDGE, WIDEST)))
        if sum(least) <= WIDTH:
            break
    count = next((at for at in range(1, len(least)) if sum(least[: at + 1]) > WIDTH), len(least))
    least, wanted = least[:count], wanted[:count]
    spare, asked = WIDTH - sum(least), sum(wanted) - sum(least)
    widths = [
        need + (spare * (want - need) / asked if asked > spare else (want - need) + (spare - asked) * want / sum(wanted))
        for need, want in zip(least, wanted, strict=True)
    ]
    lefts = [LEFT + sum(widths[:at]) for at in range(count)]
    return Grid(tuple(lefts), tuple(widths), tuple(numbers[:count]), size)


def _longest(sheet: Sheet, text: str, size: float) -> float:
    """The width of the longest word, which no line may part."""
    return max((sheet.wide(piece.strip(), size) for piece in WORD.findall(text)), default=0.0)


def _row(sheet: Sheet, grid: Grid, cells: Sequence[str]) -> Row:
    found = [(sheet.lines(text, grid.size, width - 2 * EDGE + NEAR), width) for text, width in zip(cells, grid.widths, strict=True)]
    shown = tuple(tuple(sheet.cut(lines, grid.size, width - 2 * EDGE, MOST_LINES)) or ("",) for lines, width in found)
    return Row(shown, any(len(lines) > MOST_LINES for lines, _ in found))


def _draw_row(sheet: Press, y: float, *, row: Row, grid: Grid, head: bool) -> None:
    high = row.height(grid.size)
    if head:
        sheet.box(LEFT, y, WIDTH, high, fill=LIGHT.sequential[0])
    for lines, left, width, number in zip(row.cells, grid.lefts, grid.widths, grid.numbers, strict=True):
        for line, text in enumerate(lines):
            at = left + width - EDGE if number else left + EDGE
            sheet.say(at, y + ABOVE + height_of(grid.size) * (line + 0.74), text, grid.size, bold=head, align="right" if number else "left")
    sheet.rule(LEFT, y + high, RIGHT, y + high, LIGHT.context if head else LIGHT.grid, 0.15)


def _draw_note(sheet: Press, y: float, *, text: str) -> None:
    sheet.paragraph(LEFT, y + 0.6, WIDTH, text, SMALL, colour=LIGHT.second)


def _draw_caption(sheet: Press, y: float, *, text: str) -> None:
    sheet.say(LEFT, y + height_of(BODY) * 0.9, sheet.fitted(text, BODY, WIDTH), BODY, bold=True)
