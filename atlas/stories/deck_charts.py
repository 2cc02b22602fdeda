"""Native charts on a slide: which kind a figure becomes, where plot, names, legend and words lie, and what is laid over the plot."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
from pptx.enum.chart import XL_CHART_TYPE

from atlas.exhibits.model import Exhibit
from atlas.stories.deck_axes import plain_number, thinned
from atlas.stories.deck_bars import bar_charts
from atlas.stories.deck_chart_xml import Content, Layout
from atlas.stories.deck_model import Axis, BarChart, Chart, Label, Mark, PointChart
from atlas.stories.deck_points import point_charts
from atlas.stories.deck_shapes import Canvas, Ink
from atlas.stories.deck_text import LEADING, Box, Style, broken, wide

LARGEST, LEAST = 12.0, 8.0
"""Sizes of a chart's text in points."""
NAMES = 0.3
"""Part of the width that the names of rows may take."""
ROW = 34.0
"""Points a row of a chart is high at most; more only spreads it."""
FEW = 64.0
"""The same where there are only two or three."""
GAP = 18.0
TITLE = 20.0


def charts_of(exhibit: Exhibit) -> list[Chart] | None:
    """The native charts of an exhibit's figure; None where there is none that shows it."""
    figure = exhibit.figure
    if figure is None or not figure.data:
        return None
    try:
        return _charts(exhibit, figure)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, StopIteration):
        logging.getLogger(__name__).warning("%s has no native chart and is shown as a table", exhibit.id, exc_info=True)
        return None


def _charts(exhibit: Exhibit, figure: go.Figure) -> list[Chart] | None:
    kinds = {trace.type for trace in figure.data}
    if kinds == {"scatter"} or (kinds == {"scatter", "bar"} and all(trace.hoverinfo == "skip" for trace in figure.data if trace.type == "bar")):
        return _usable(figure, list(point_charts(figure, exhibit.table)))
    if kinds <= {"bar", "scatter"} and not any(trace.type == "scatter" and "lines" in str(trace.mode or "lines") for trace in figure.data):
        bars = bar_charts(figure, exhibit.table)
        return None if bars is None else list(bars)
    return None


def _usable(figure: go.Figure, charts: list[Chart]) -> list[Chart] | None:
    """Areas filled between lines have no native scatter chart."""
    return None if any(trace.type == "scatter" and trace.fill not in (None, "none") for trace in figure.data) else charts


def rows_in(charts: list[Chart]) -> float:
    """Rows below each other in the chart that has most of them; 0 where there are none."""
    lying = [chart for chart in charts if isinstance(chart, PointChart) or chart.lying]
    return max((chart.rows for chart in lying), default=0.0)


def natural_height(charts: list[Chart]) -> float:
    """The height beyond which rows only drift apart; charts without rows take what there is."""
    rows = rows_in(charts)
    return max(rows * ROW + 90, min(rows * FEW + 70, 230.0)) if rows else 10_000.0


def draw_charts(slide: Any, canvas: Canvas, charts: list[Chart], place: Box, descr: str) -> None:
    """Put the charts side by side into a place on the slide."""
    width = (place.width - GAP * (len(charts) - 1)) / len(charts)
    titles = [broken(chart.title, width, LARGEST) for chart in charts]
    head = max((len(lines) if lines != [""] else 0 for lines in titles), default=0) * LARGEST * LEADING
    layouts = [layout_of(chart, width, place.height - (head + 2 if head else 0)) for chart in charts]
    if len(charts) > 1:  # side by side heights and years can be compared: the same room around every plot
        left, right = max(one.plot.x for one in layouts), min(one.plot.right for one in layouts)
        layouts = [replace(one, plot=Box(left, one.plot.y, max(right - left, 40.0), one.plot.height)) for one in layouts]
    for at, chart in enumerate(charts):
        box = Box(place.x + at * (width + GAP), place.y, width, place.height)
        if head:
            canvas.words(Box(box.x, box.y, width, head), chart.title, Style(LARGEST, "#1C2430", bold=True, anchor="b"))
            box = Box(box.x, box.y + head + 2, width, place.height - head - 2)
        _draw(slide, canvas, chart, box, layouts[at], f"{chart.title} {descr}".strip())


def _draw(slide: Any, canvas: Canvas, chart: Chart, box: Box, layout: Layout, descr: str) -> None:
    if isinstance(chart, PointChart):
        chart.x = thinned(chart.x, layout.plot.width, layout.size, wide)
    elif chart.lying:
        chart.axis = thinned(chart.axis, layout.plot.width, layout.size, wide)
    plot = Box(box.x + layout.plot.x, box.y + layout.plot.y, layout.plot.width, layout.plot.height)
    for mark in chart.marks:
        if mark.behind:
            _mark(canvas, mark, plot, layout.size)
    kind = XL_CHART_TYPE.XY_SCATTER if isinstance(chart, PointChart) else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box.emu(), Content(chart, layout, canvas.lang))
    canvas.follow()
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("descr", descr)
    about.set("name", chart.title or descr[:60])
    for mark in _beside_each_other([mark for mark in chart.marks if not mark.behind], plot.width, layout.size):
        _mark(canvas, mark, plot, layout.size)
    title = _axis_title(chart)
    if title:
        canvas.words(Box(box.x, plot.y - layout.size * 1.6, box.width / 2, layout.size * 1.3), title, Style(layout.size, "#55616E", anchor="b"))
    across = chart.x.title if isinstance(chart, PointChart) and not chart.row_names else ""
    if across:
        canvas.words(Box(plot.x, box.bottom - layout.size * 1.3, plot.width, layout.size * 1.3), across, Style(layout.size, "#55616E", align="ctr", anchor="b"))


def _axis_title(chart: Chart) -> str:
    """What stands above the scale: its unit, where the numbers do not carry it."""
    axis = chart.y if isinstance(chart, PointChart) else chart.axis
    upright = not chart.row_names if isinstance(chart, PointChart) else not chart.lying
    return axis.title if upright and not axis.form.endswith("%") else ""


def layout_of(chart: Chart, width: float, height: float) -> Layout:
    """Room for names at the left, words at the right, the legend above and the scale below; the text as large as rows allow."""
    rows = rows_in([chart])
    size = min(LARGEST, max(LEAST, (height - 60) / rows * 0.78)) if rows else LARGEST
    legend = _legend(chart, width, size)
    above = [mark for mark in chart.marks if mark.kind == "words" and mark.y0 <= 0 and mark.side == "t"]
    title = bool(_axis_title(chart))
    top = (legend.height + 4 if legend else 4.0) + size * (1.6 if above or title else 0.6)
    names = min(LARGEST - 1, size * chart.rows / max(len(chart.categories), 1)) if isinstance(chart, BarChart) and chart.lying else size
    left = _left(chart, width, names)
    below = size * 2.0 + (size * 1.4 if isinstance(chart, PointChart) and not chart.row_names and chart.x.title else 0.0)
    if isinstance(chart, BarChart) and not chart.axis.shown and chart.lying:
        below = 4.0
    right, labels = _right(chart, width - left, size), 0.0
    if isinstance(chart, BarChart) and not chart.lying:
        each = (width - left - right) / max(len(chart.categories), 1) - 2
        names = next((one for one in (size, 11.0, 10.0, 9.0) if max(wide(name, one) for name in chart.categories) <= each), 9.0)
        bar = (each + 2) / (len(chart.series) + 0.55)
        labels = min(size, max(LEAST + 1, bar * 2 / wide("00.0%", 1.0)))
        below = max(len(broken(name, each, names)) for name in chart.categories) * names * LEADING + size * 0.8
    return Layout(width, height, Box(left, top, max(width - left - right, 40.0), max(height - top - below, 30.0)), size, legend, names, labels)


def _legend(chart: Chart, width: float, size: float) -> Box | None:
    names = [one.name for one in chart.series if isinstance(chart, BarChart) or getattr(one, "listed", False)]
    if not chart.legend or not names:
        return None
    total = sum(wide(name, size) + size * 2.2 for name in names)
    lines = int(-(-total // width))
    return Box(0.0, 0.0, min(total + size, width), lines * size * 1.6 + 4)


def _left(chart: Chart, width: float, size: float) -> float:
    """The names of the rows, or the numbers of the scale."""
    if isinstance(chart, BarChart) and chart.lying:
        names = chart.categories
    elif isinstance(chart, PointChart) and chart.row_names:
        names = chart.row_names
    else:
        axis = chart.y if isinstance(chart, PointChart) else chart.axis
        return max((wide(one, size) for one in _printed(axis)), default=0.0) + size
    return min(max((wide(line, size) for name in names for line in name.split("\n")), default=0.0), width * NAMES) + size


def _printed(axis: Axis) -> list[str]:
    if not axis.shown:
        return []
    return [words for _, words in axis.words] or [plain_number(value, axis.form) for value in (axis.low, axis.high)]


def _right(chart: Chart, width: float, size: float) -> float:
    """What words at the right of points and bars need beyond the plot."""
    needed = size
    for share, words in _ends(chart):
        needed = max(needed, wide(words, size) + size * 1.8 - (1 - share) * width * 0.6)
    return min(needed, width * 0.4)


def _ends(chart: Chart) -> list[tuple[float, str]]:
    """How far right each label begins, as a part of the plot, and its words."""
    found: list[tuple[float, str]] = []
    if isinstance(chart, PointChart):
        axis = chart.x
        for one in chart.series:
            found += [(_share(axis, one.xs[at] + words.shift), shown(words, one.name)) for at, words in one.labels.items() if words.side == "r"]
            found += [
                (_share(axis, one.xs[at]), shown(words, one.name)[: len(shown(words, one.name)) // 2]) for at, words in one.labels.items() if words.side in "tb"
            ]
    elif chart.lying and not chart.stacked:
        for bars in chart.series:
            found += [
                (_share(chart.axis, (bars.values[row] or 0.0) + words.shift), shown(words, bars.name))
                for row, words in bars.labels.items()
                if words.side == "outEnd"
            ]
    found += [(mark.x0, mark.text) for mark in chart.marks if mark.kind == "words" and mark.align == "l" and 0 <= mark.y0 <= 1]
    return found


def shown(words: Label, series: str) -> str:
    """A label's words; where it is the number itself, about as many letters."""
    return (f"{series} 00.0%" if words.named else words.text or "00.0%") if words.form else words.text


def _share(axis: Axis, value: float) -> float:
    return (value - axis.low) / ((axis.high - axis.low) or 1.0) if not axis.log else 0.5


def _beside_each_other(marks: list[Mark], width: float, size: float) -> list[Mark]:
    """Words of one height broken into lines where they would run into each other."""
    words = [mark for mark in marks if mark.kind == "words" and mark.align == "ctr"]
    found = []
    for mark in marks:
        near = [abs(mark.x0 - other.x0) * width for other in words if other is not mark and other.y0 == mark.y0]
        own = mark in words and near and min(near) < wide(mark.text, size) + 2
        found.append(replace(mark, text="\n".join(broken(mark.text, max(min(near) - 2, size), size))) if own else mark)
    return found


def _mark(canvas: Canvas, mark: Mark, plot: Box, size: float) -> None:
    x, y = plot.x + mark.x0 * plot.width, plot.y + mark.y0 * plot.height
    if mark.kind == "box":
        canvas.box(Box(x, y, (mark.x1 - mark.x0) * plot.width, (mark.y1 - mark.y0) * plot.height), mark.text or "box", colour=mark.paint, line=mark.line)
    elif mark.kind == "dot":
        canvas.box(Box(x - mark.x1, y - mark.x1, mark.x1 * 2, mark.x1 * 2), "mark", colour=mark.paint, line=mark.line, kind=mark.text)
    elif mark.kind == "line":
        canvas.line((x, y), (plot.x + mark.x1 * plot.width, plot.y + mark.y1 * plot.height), mark.line or Ink("#55616E", 1), "line")
    else:
        lines = mark.text.split("\n")
        width, height = max(wide(line, size) for line in lines) + 4, size * LEADING * len(lines)
        left = {"l": x + 2, "r": x - width - 2}.get(mark.align, x - width / 2)
        top = {"t": y - height, "b": y}.get(mark.side, y - height / 2)
        left = max(left, plot.x if mark.align == "l" else left)
        canvas.words(Box(left, top, width, height), mark.text, Style(size, mark.colour, align=mark.align, anchor="ctr", wraps=False))
