"""Any exhibit's figure as a drawing for paper, read trace by trace from the same figure that stands on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from atlas.exports.print_axes import Margins, Plot, draw_axes
from atlas.exports.print_bars import draw_bars, grey_patterns
from atlas.exports.print_map import draw_map, is_map
from atlas.exports.print_model import Drawing, Item, Measure, UnprintableError, Words, extent
from atlas.exports.print_names import End, set_apart
from atlas.exports.print_notes import Given, draw_legend, note_items, notes_of, plot_spot, shape_items, shapes_of
from atlas.exports.print_points import draw_points, symbols_of_lines
from atlas.figures.read_back import values

WIDTH = 760.0
"""Pixels across the paper: text of 14 pixels is then 9.5 points high on A4."""
KINDS = {"scatter", "bar"}
EDGE = 2.0
ROUNDS = 5
LEAST = 160.0
"""Pixels a plot is wide at least, whatever its words need."""


def drawn(figure: go.Figure, measure: Measure, width: float = WIDTH) -> Drawing:
    """The figure `width` pixels wide, as high as its plot and words are. Raises UnprintableError where it holds what paper has no drawing for."""
    if not figure.data:
        raise UnprintableError("a figure without data")
    if is_map(figure):
        return draw_map(figure, width)
    unknown = {trace.type for trace in figure.data} - KINDS
    if unknown:
        raise UnprintableError(", ".join(sorted(unknown)))
    given = figure.layout.margin
    plot_height = float(figure.layout.height) - float(given.t or 0) - float(given.b or 0)
    margins = Margins(float(given.l or 0), 0.0, float(given.r or 0), 0.0)
    shapes, notes = shapes_of(figure.layout), notes_of(figure.layout)
    for _ in range(ROUNDS):
        drawing, ends = _on_axes(figure, shapes, notes, measure, width, plot_height, margins)
        left, top, right, bottom = _bounds(drawing, measure)
        wanted = Margins(margins.left + EDGE - left, margins.top + EDGE - top, margins.right + right + EDGE - width, margins.bottom)
        wanted = replace(wanted, left=max(wanted.left, 0.0), right=min(max(wanted.right, 0.0), width - LEAST - max(wanted.left, 0.0)))
        if max(abs(wanted.left - margins.left), abs(wanted.top - margins.top), abs(wanted.right - margins.right)) < 0.25:
            break
        margins = wanted
    drawing.height = bottom + EDGE
    set_apart(drawing, ends, measure, (0.0, 0.0, width, drawing.height))
    return drawing


def _on_axes(
    figure: go.Figure, shapes: Sequence[Given], notes: Sequence[Given], measure: Measure, width: float, height: float, margins: Margins
) -> tuple[Drawing, list[End]]:
    """Everything in the order it lies on each other: shapes below, axes, traces, shapes above, words, legend; and which words name a line's end."""
    plot, layout = Plot(figure, width, height, margins), figure.layout
    drawing, spot = Drawing(width, plot.height), plot_spot(plot)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    grey, symbols = grey_patterns(bars), symbols_of_lines(figure.data)
    for one in shapes:
        if one.layer == "below":
            drawing.add(*shape_items(one, spot, grey))
    draw_axes(plot, drawing, measure)
    if bars:
        draw_bars(plot, drawing, bars, measure)
    for trace in figure.data:
        if trace.type == "scatter":
            draw_points(plot, drawing, trace, symbols)
    for one in shapes:
        if one.layer != "below":
            drawing.add(*shape_items(one, spot, grey))
    lines, ends = _points_of_lines(figure), list[End]()
    for one in notes:
        if one.showarrow is False and (one.xref or "x", one.yref or "y", one.x, one.y) in lines:
            ends.append((len(drawing.items), spot(one.xref, "x", float(one.x), False), spot(one.yref, "y", float(one.y), False)))
        drawing.add(*note_items(one, spot, layout.font))
    draw_legend(plot, drawing, figure.data, measure, grey, symbols)
    return drawing, ends


def _points_of_lines(figure: go.Figure) -> set[tuple[str, str, float | None, float | None]]:
    """Axes and values of the points of lines."""
    lines = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines+markers"]
    return {(trace.xaxis or "x", trace.yaxis or "y", x, y) for trace in lines for x, y in zip(values(trace.x), values(trace.y), strict=True)}


def _bounds(drawing: Drawing, measure: Measure) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all that is drawn."""
    boxes = [extent(item, measure) for item in drawing.items if _shows(item)]
    return min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes)


def _shows(item: Item) -> bool:
    if isinstance(item, Words):
        return bool(item.text.strip())
    return not hasattr(item, "runs") or bool(item.runs)
