"""A table on a slide: what stands there where a figure has no native chart, or where there is none."""

from __future__ import annotations

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.formatted import cell_text
from atlas.stories.deck_shapes import Canvas
from atlas.stories.deck_text import LEADING, Box, Style, broken, one_line, wide

SIZES = (12.0, 11.0, 10.0, 9.0)
EDGE = 4.0
MOST_COLUMNS = 8


def draw_table(slide: Any, canvas: Canvas, exhibit: Exhibit, context: Context, place: Box) -> None:
    """The first rows of the exhibit's table that fit, and a word where there are more."""
    columns = [column for column in exhibit.table.columns if exhibit.table.rows[column.id].notna().any()][:MOST_COLUMNS]
    rows = [
        [
            cell_text(column, value, context.lang, context.texts("frame.no_value") if column.kind != "text" else "")
            for column, value in zip(columns, row, strict=True)
        ]
        for row in exhibit.table.rows[[column.id for column in columns]].itertuples(index=False)
    ]
    titles = [one_line(column.title) for column in columns]
    if not columns:
        return
    foot = SIZES[-1] * 1.6
    size, widths, heights = _fitted(titles, rows, place, foot)
    count, used = 0, heights[0]
    while count < len(rows) and used + heights[count + 1] <= place.height - foot:
        used += heights[count + 1]
        count += 1
    frame = slide.shapes.add_table(count + 1, len(columns), *Box(place.x, place.y, place.width, used).emu())
    table = frame.table
    table.first_row, table.horz_banding = True, False
    for at, width in enumerate(widths):
        table.columns[at].width = Pt(width)
    for at, cells in enumerate([titles, *rows[:count]]):
        table.rows[at].height = Pt(heights[at])
        for number, (text, column) in enumerate(zip(cells, columns, strict=True)):
            _cell(table.cell(at, number), text, size, head=at == 0, number=column.kind != "text")
    frame._element.nvGraphicFramePr.cNvPr.set("descr", exhibit.table.caption)
    canvas.follow()
    if count < len(rows):
        words = context.texts("deck.first_rows", shown=count, rows=f"{len(rows):,}")
        canvas.words(Box(place.x, place.y + used + 2, place.width, foot), words, Style(SIZES[-1], context.look.palette.second))


def _fitted(titles: list[str], rows: list[list[str]], place: Box, foot: float) -> tuple[float, list[float], list[float]]:
    """Size, widths and heights: the largest text at which all rows stay in the place, else the smallest."""
    for size in SIZES:
        wanted = [
            max([wide(title, size) / 2, *(min(wide(row[at], size), place.width * 0.35) for row in rows[:40]), size * 4]) for at, title in enumerate(titles)
        ]
        widths = [(one + EDGE * 2) * place.width / sum(each + EDGE * 2 for each in wanted) for one in wanted]
        heights = [
            max(len(broken(text, widths[at] - EDGE * 2 - 1, size)) for at, text in enumerate(row)) * size * LEADING + EDGE * 2 for row in [titles, *rows]
        ]
        if sum(heights) <= place.height - foot:
            break
    return size, widths, heights


def _cell(cell: Any, text: str, size: float, *, head: bool, number: bool) -> None:
    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = Pt(EDGE)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string("E6EEF2" if head else "FFFFFF")
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT
    paragraph.line_spacing = Pt(size * LEADING)
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), head
    run.font.color.rgb = RGBColor.from_string("1C2430")
