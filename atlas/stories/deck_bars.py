"""Bars of a figure as native charts: the same order, numbers, patterns, whiskers and words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from atlas.exhibits.model import Table
from atlas.figures import numbers
from atlas.figures.read_back import each, values
from atlas.stories.deck_axes import axis_of, label, name_before
from atlas.stories.deck_model import Axis, BarChart, BarSeries, Mark
from atlas.stories.deck_rows import (
    NEAR,
    POINTS_A_PIXEL,
    Panel,
    Rows,
    bands,
    bar_paint,
    box_mark,
    column_of,
    is_row_name,
    panels_of,
    part,
    rows_of,
    stroke,
    words_mark,
)
from atlas.stories.deck_shapes import Paint
from atlas.stories.deck_text import one_line

UPON = ("stack", "relative")
SYMBOLS = {"circle": ("ellipse", "\u25cf"), "diamond": ("diamond", "\u25c6"), "triangle-down": ("flowChartMerge", "\u25bc"), "square": ("rect", "\u25a0")}
"""Marks over bars: their native shape, and the sign that names them."""


def bar_charts(figure: go.Figure, table: Table) -> list[BarChart] | None:
    """A chart a panel; None where the bars cannot be told apart as rows and series."""
    charts = [_chart(panel, table, str(figure.layout.barmode or "group"), bool(figure.layout.showlegend)) for panel in panels_of(figure)]
    return None if any(chart is None for chart in charts) else [chart for chart in charts if chart is not None]


def _chart(panel: Panel, table: Table, mode: str, legend: bool) -> BarChart | None:
    bars = [trace for trace in panel.traces if trace.type == "bar"]
    lying = bars[0].orientation == "h"
    rows = rows_of(panel, panel.y if lying else panel.x)
    if rows is None or any((trace.orientation == "h") is not lying or trace.base is not None for trace in bars):
        return None
    axis = axis_of(panel.x if lying else panel.y)
    series = _one_a_trace(bars, rows, lying) if mode in UPON or all(trace.name for trace in bars) else _one_an_offset(bars, rows, lying)
    if series is None:
        return None
    chart = BarChart(list(rows.names), series, axis, lying, mode in UPON, panel.title, legend)
    place = _Place(rows, axis, lying)
    free = [note for note in panel.notes if not is_row_name(note) and not (note.xref == "paper" and note.yref == "paper")]
    free = [note for note in free if not place.at_a_bar(note, chart)]
    for one in chart.series:
        own = [words.text for words in one.labels.values()]
        column = column_of(table, one.values)
        one.name = one.name or name_before(own) or (one_line(column.title) if column else "")
        texts = {at: f"<b>{words.text}</b>" if words.bold else words.text for at, words in one.labels.items()}
        one.labels = {
            at: label(texts[at], one.values[at], colour=words.colour, side=words.side, series=one.name, shift=words.shift) for at, words in one.labels.items()
        }
        if not lying and not chart.stacked:  # wider than their bars, so that they lie over the next ones
            one.labels = {at: replace(words, on_ground=True) for at, words in one.labels.items()}
    chart.marks += [place.shape(shape) for shape in panel.shapes if shape.type in ("rect", "line")]
    chart.marks += [*(place.note(note) for note in free), *bands(panel, rows)]
    for trace in panel.traces:
        if trace.type == "scatter":
            chart.marks += place.points(trace)
    return chart


def _ends(trace: Any, lying: bool) -> tuple[list[float | None], list[float | None]]:
    """Where the bars stand, and their values."""
    return (values(trace.y), values(trace.x)) if lying else (values(trace.x), values(trace.y))


def _one_a_trace(bars: list[Any], rows: Rows, lying: bool) -> list[BarSeries] | None:
    found = []
    for trace in bars:
        one = _empty(trace, len(rows.names), str(trace.name or ""))
        if not _filled(one, trace, rows, lying):
            return None
        found.append(one)
    return found


def _one_an_offset(bars: list[Any], rows: Rows, lying: bool) -> list[BarSeries] | None:
    """Series are told by where in its row a bar stands; bars of one series may be drawn in several traces."""
    offsets = sorted({rows.off(at) for trace in bars for at in _ends(trace, lying)[0] if at is not None})
    found: dict[float, BarSeries] = {}
    for trace in bars:
        own = {rows.off(at) for at in _ends(trace, lying)[0] if at is not None}
        if len(own) > 1:
            return None
        for offset in own:
            one = found.setdefault(offset, _empty(trace, len(rows.names), str(trace.name or "")))
            if not _filled(one, trace, rows, lying):
                return None
    return [found[offset] for offset in offsets]


def _empty(trace: Any, count: int, name: str) -> BarSeries:
    colour = trace.marker.color if isinstance(trace.marker.color, str) else "#0F6B8C"
    line = stroke(trace.marker.line) if trace.marker.line.width else None
    return BarSeries(name, [None] * count, bar_paint(trace, colour), line)


def _filled(one: BarSeries, trace: Any, rows: Rows, lying: bool) -> bool:
    """Put a trace's bars into its series; whether no place was taken twice."""
    where, what = _ends(trace, lying)
    count = len(where)
    texts, tips, colours = each(trace.text, count), each(trace.customdata, count), each(trace.marker.color, count)
    inks = each(trace.textfont.color, count)
    side = "outEnd" if trace.textposition == "outside" else "ctr"
    errors = trace.error_x if lying else trace.error_y
    more = values(errors.array) if errors is not None and errors.array is not None else None
    for at, (position, value) in enumerate(zip(where, what, strict=True)):
        if position is None:
            continue
        row = rows.row(position)
        if one.values[row] is not None:
            return False
        if value is None or (value == 0 and not texts[at] and _is_empty(tips[at])):
            continue
        one.values[row] = value
        paint = bar_paint(trace, colours[at])
        if paint != one.paint:
            one.paints[row] = paint
        if texts[at]:
            one.labels[row] = label(texts[at], value, colour=str(inks[at] or "#1C2430"), side=side)
        if more is not None:
            less = values(errors.arrayminus) if errors.arrayminus is not None else more
            one.more, one.less = (held or [None] * len(one.values) for held in (one.more, one.less))
            one.more[row], one.less[row] = more[at], less[at]  # type: ignore[index]
    return True


def _is_empty(tip: Any) -> bool:
    """Does a bar's tip say no number? Stacked figures draw what is not held as a bar of no length."""
    return tip is None or numbers.is_missing(tip) or str(tip).endswith("<br>") or str(tip) == ""


class _Place:
    """Where things lie between rows and values."""

    def __init__(self, rows: Rows, axis: Axis, lying: bool) -> None:
        self.rows, self.axis, self.lying = rows, axis, lying

    def across(self, position: float) -> float:
        return self.rows.at(position) / len(self.rows.names)

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Parts of the plot from its top left corner."""
        if self.lying:
            return part(x, self.axis), self.across(y)
        return self.across(x), 1.0 - part(y, self.axis)

    def at_a_bar(self, note: Any, chart: BarChart) -> bool:
        """Give words at the end of a bar, or of its whisker, to the bar."""
        if "paper" in (note.xref, note.yref) or not note.text or chart.stacked:
            return False
        where, value = (float(note.y), float(note.x)) if self.lying else (float(note.x), float(note.y))
        row = self.rows.row(where)
        for one in chart.series:
            held = one.values[row]
            reach = (one.more[row] or 0.0) if one.more is not None else 0.0
            if held is not None and row not in one.labels and math.isclose(held + reach, value, rel_tol=NEAR, abs_tol=NEAR):
                one.labels[row] = label(note.text, held, colour=str(note.font.color), side="outEnd", shift=reach)
                return True
        return False

    def shape(self, shape: Any) -> Mark:
        paper_x, paper_y = shape.xref == "paper", str(shape.yref or "y") in ("paper", "y domain")
        corners = [self.spot(0.0 if paper_x else float(x), 0.0 if paper_y else float(y)) for x, y in ((shape.x0, shape.y0), (shape.x1, shape.y1))]
        xs = [float(shape.x0), float(shape.x1)] if paper_x else [corner[0] for corner in corners]
        ys = [1 - float(shape.y0), 1 - float(shape.y1)] if paper_y else [corner[1] for corner in corners]
        if shape.type == "rect":
            return box_mark(shape, xs, ys)
        if paper_x and self.lying and ys[0] == ys[1]:  # a line between rows
            ys = [round(ys[0] * len(self.rows.names)) / len(self.rows.names)] * 2
        return Mark("line", xs[0], ys[0], xs[1], ys[1], line=stroke(shape.line))

    def note(self, note: Any) -> Mark:
        x, y = self.spot(0.0 if note.xref == "paper" else float(note.x), 0.0 if note.yref == "paper" else float(note.y))
        return words_mark(note, float(note.x) if note.xref == "paper" else x, 1 - float(note.y) if note.yref == "paper" else y)

    def points(self, trace: Any) -> list[Mark]:
        """Marks over bars (what the parts of a row add up to)."""
        half, paint = float(trace.marker.size or 8) * POINTS_A_PIXEL / 2, Paint(str(trace.marker.color or "#FFFFFF"))
        pairs = [(x, y) for x, y in zip(values(trace.x), values(trace.y), strict=True) if x is not None and y is not None]
        kind, sign = SYMBOLS.get(str(trace.marker.symbol or "circle"), SYMBOLS["circle"])
        line = stroke(trace.marker.line) if trace.marker.line.width else None
        found = [Mark("dot", *self.spot(x, y), x1=half, paint=paint, line=line, text=kind) for x, y in pairs]
        if trace.name:  # the chart's own legend cannot name it
            found.append(Mark("words", 1.0, 0.0, text=f"{sign} {one_line(trace.name)}", colour="#1C2430", side="t", align="r"))
        return found
