"""Lines and points of a figure as native charts: the same numbers, gaps, dashes, whiskers and words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from atlas.exhibits.model import Table
from atlas.figures.read_back import each, values
from atlas.stories.deck_axes import axis_of, label, name_before, number_format
from atlas.stories.deck_model import Axis, Label, Mark, PointChart, PointSeries
from atlas.stories.deck_rows import (
    NEAR,
    POINTS_A_PIXEL,
    Panel,
    Rows,
    as_held,
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
from atlas.stories.deck_shapes import Ink, Paint
from atlas.stories.deck_text import one_line, plain

SYMBOLS = {"circle": "circle", "diamond": "diamond", "square": "square", "x": "x", "cross": "plus", "triangle-up": "triangle"}
STROKE = "line-ns"
"""A short upright stroke; native charts have no such mark and draw it as a whisker."""
MANY = 2
"""A line of more points than this has its number at its beginning too."""
ASIDE, TURNED_ASIDE = 20.0, 8.0
"""Points by which words at the low end of a scale move to the right, off the numbers of the other scale."""
CLEAR = 0.02
"""Part of the scale by which a whisker reaches out of its mark."""
ABOVE = 15
"""Words set off by more pixels than this stand above or below their point."""


def point_charts(figure: go.Figure, table: Table) -> list[PointChart]:
    """A chart a panel."""
    charts = [_chart(panel, table, bool(figure.layout.showlegend)) for panel in panels_of(figure)]
    if len(charts) > 1:  # below each other only the last has numbers at its foot; side by side all need them
        for chart in charts:
            chart.x = replace(chart.x, shown=True)
    return charts


def _chart(panel: Panel, table: Table, legend: bool) -> PointChart:
    rows = rows_of(panel, panel.y) if _is_rows(panel) else None
    x = axis_of(panel.x)
    y = axis_of(panel.y) if rows is None else Axis(0.0, float(len(rows.names)), 1.0, words=(), shown=False, reversed=True)
    place = _Place(panel, x, y, rows)
    points = [trace for trace in panel.traces if trace.type == "scatter"]
    series = _merged([(place.series(trace, legend), trace) for trace in points])
    chart = PointChart(series, x, y, panel.title, legend, row_names=list(rows.names) if rows else [], lines_a_row=place.lines())
    chart.marks += [place.stub(trace) for trace in panel.traces if trace.type == "bar"]
    free = [note for note in panel.notes if not (rows and is_row_name(note)) and not _is_title(note) and not place.at_a_point(note, series)]
    for one in series:
        _finish(one, table, x, y, lying=rows is not None)
    chart.series = [drawn for one in series for drawn in (_limits(one, table, x), one) if drawn is not None]
    for shape in panel.shapes:
        place.shape(shape, chart)
    for note in free:
        place.note(note, chart)
    return chart


def _is_rows(panel: Panel) -> bool:
    """Is the vertical axis one of names?"""
    if panel.y.tickvals is None:
        return False
    texts = [str(one) for one in panel.y.ticktext] if panel.y.ticktext is not None else []
    return len(panel.y.tickvals) == 0 or any(not one.replace(".", "").replace("-", "").isdigit() for one in texts)


def _is_title(note: Any) -> bool:
    return bool(note.xref == "paper" and note.yref == "paper")


def _finish(one: PointSeries, table: Table, axis_x: Axis, axis_y: Axis, *, lying: bool) -> None:
    """Name the series; where a line's end bears its name, its number stands there too, and at its beginning."""
    own = [words.text for words in one.labels.values()]
    named = own[0] if len(own) == 1 and one.line is not None else ""
    column = column_of(table, one.xs if lying else one.ys)
    one.name = one.name or named or name_before(own) or (one_line(column.title) if column else "")
    if lying or one.line is None or named != one.name:
        return
    form = number_format({"percent": f".{column.decimals}%", "count": ",.0f"}.get(column.kind, f",.{column.decimals}f")) if column else axis_y.form
    one.labels = {at: replace(words, form=form, named=True) for at, words in one.labels.items()}
    held = [at for at, y in enumerate(one.ys) if y is not None]
    if one.line.dash == "solid" and len(held) > MANY and held[0] not in one.labels:
        edge = one.xs[held[0]] <= axis_x.low
        one.labels[held[0]] = Label("", one.line.colour, "t", form, aside=ASIDE if edge else 0.0)


def _limits(one: PointSeries, table: Table, axis: Axis) -> PointSeries | None:
    """The whiskers of a series as lines from lower to upper limit; words at the ends of those that reach out of their mark go with them."""
    if one.more is None or one.less is None:
        return None
    lows = [x - less for x, less in zip(one.xs, one.less, strict=True)]
    highs = [x + more for x, more in zip(one.xs, one.more, strict=True)]
    columns = column_of(table, lows), column_of(table, highs)
    lows, highs = (as_held(table, column, limits) for column, limits in zip(columns, (lows, highs), strict=True))
    name = "\u2013".join(one_line(column.title) for column in columns if column is not None)
    found = PointSeries(name, [], [], one.whisker, names=[] if one.names is not None else None)
    for at, (low, high, y) in enumerate(zip(lows, highs, one.ys, strict=True)):
        found.xs += [low, high, high]
        found.ys += [y, y, None]
        if found.names is not None and one.names is not None:
            found.names += [one.names[at], one.names[at], ""]
        if at in one.labels and high - one.xs[at] > (axis.high - axis.low) * CLEAR:
            found.labels[at * 3 + 1] = replace(one.labels.pop(at), shift=0.0)
    one.labels = {at: replace(words, shift=0.0) for at, words in one.labels.items()}
    one.more = one.less = None
    return found


def _merged(found: list[tuple[PointSeries, Any]]) -> list[PointSeries]:
    """Series that are drawn alike and bear one name, in one; a gap stands between their lines."""
    kept: dict[tuple[Any, ...], PointSeries] = {}
    for one, trace in found:
        group = trace.legendgroup or trace.name or ""
        key = (group, one.name, one.line, one.symbol, one.size, one.paint, one.border, one.whisker, one.more is None)
        before = kept.get(key)
        if before is None or not one.xs:
            kept[key if before is None else (*key, len(kept))] = one
            continue
        if one.line is not None and before.xs:
            before.xs.append((before.xs[-1] + one.xs[0]) / 2)
            before.ys.append(None)
            for extra in (before.more, before.less):
                if extra is not None:
                    extra.append(0.0)
            if before.names is not None:
                before.names.append("")
        shift = len(before.xs)
        before.xs += one.xs
        before.ys += one.ys
        before.labels |= {at + shift: words for at, words in one.labels.items()}
        for mine, theirs in ((before.more, one.more), (before.less, one.less), (before.names, one.names)):
            if mine is not None and theirs is not None:
                mine += theirs  # type: ignore[operator]
    return list(kept.values())


class _Place:
    """Where things of one panel lie on its scales."""

    def __init__(self, panel: Panel, x: Axis, y: Axis, rows: Rows | None) -> None:
        self.panel, self.x, self.y, self.rows = panel, x, y, rows

    def lines(self) -> float:
        """How many points stand below each other in a row."""
        if self.rows is None:
            return 1.0
        found: dict[int, set[float]] = {}
        for trace in self.panel.traces:
            for at in values(trace.y):
                if at is not None:
                    found.setdefault(self.rows.row(at), set()).add(self.rows.off(at))
        return float(max((len(one) for one in found.values()), default=1))

    def up(self, y: float) -> float:
        return y if self.rows is None else self.rows.at(y)

    def series(self, trace: Any, legend: bool) -> PointSeries:
        """A trace as it is drawn."""
        mode = str(trace.mode or "lines")
        xs, ys = values(trace.x), values(trace.y)
        pairs = [(x, y) for x, y in zip(xs, ys, strict=True)]
        held = [x for x, _ in pairs if x is not None]
        filled = [x if x is not None else _between(xs, at) for at, (x, _) in enumerate(pairs)] if held else []
        marker, errors = trace.marker, trace.error_x
        colour = marker.color if isinstance(marker.color, str) else "#0F6B8C"
        symbol = str(marker.symbol or "circle") if "markers" in mode else "none"
        one = PointSeries(
            str(trace.name or ""),
            filled,
            [None if y is None or x is None else self.up(y) for x, y in pairs],
            stroke(trace.line) if "lines" in mode else None,
            SYMBOLS.get(symbol, "none" if symbol in ("none", STROKE) else "circle"),
            float(marker.size or 6) * POINTS_A_PIXEL,
            Paint(colour, 1.0 if marker.opacity is None else float(marker.opacity)),
            stroke(marker.line, colour) if marker.line.width else None,
            listed=legend and trace.showlegend is not False and bool(trace.name),
        )
        if symbol == STROKE:
            one.border, one.size = stroke(marker.line, colour), 0.0
        if errors.array is not None:
            one.more = [value or 0.0 for value in values(errors.array)]
            one.less = [value or 0.0 for value in values(errors.arrayminus if errors.arrayminus is not None else errors.array)]
            one.whisker = Ink(str(errors.color or colour), float(errors.thickness or 1) * POINTS_A_PIXEL)
        if self.rows is not None:
            one.names = [self.rows.names[self.rows.row(y)].split("\n")[-1] if y is not None else "" for y in ys]
        elif "markers" in mode and trace.customdata is not None:
            one.names = [plain(tip).split("\n")[0] for tip in each(trace.customdata, len(xs))]
        return one

    def at_a_point(self, note: Any, series: list[PointSeries]) -> bool:
        """Give an annotation to the point it stands at, or at whose whisker's end."""
        if "paper" in (note.xref, note.yref):
            return False
        x, y = self.spot(note)
        shown = [one for one in series if one.symbol != "none" or one.line is not None]
        for one in sorted(shown, key=lambda each_one: (each_one.more is None, each_one.symbol == "none")):
            for at, (px, py) in enumerate(zip(one.xs, one.ys, strict=True)):
                reach = one.more[at] if one.more is not None else 0.0
                if py is None or at in one.labels or not math.isclose(py, y, rel_tol=0, abs_tol=1e-6 * (self.y.high - self.y.low)):
                    continue
                if math.isclose(px, x, rel_tol=NEAR) or math.isclose(px + reach, x, rel_tol=NEAR, abs_tol=NEAR):
                    value = px if self.rows is not None else py
                    side = _side(note)
                    found = label(note.text, value, colour=str(note.font.color), side=side, shift=reach)
                    one.labels[at] = replace(found, rise=float(note.yshift or 0) * POINTS_A_PIXEL if side == "r" else 0.0)
                    return True
        return False

    def spot(self, note: Any) -> tuple[float, float]:
        x = float(note.x)
        return 10**x if self.x.log else x, self.up(float(note.y))

    def note(self, note: Any, chart: PointChart) -> None:
        """Words that belong to no point."""
        x = float(note.x) if note.xref == "paper" else part(self.spot(note)[0], self.x)
        if note.yref == "paper":
            chart.marks.append(words_mark(note, x, 1.0 - float(note.y)))
            return
        _, y = self.spot(note)
        if note.textangle is None or note.xref == "paper":
            chart.marks.append(words_mark(note, x, self.down(y)))
            return
        x = self.spot(note)[0]
        aside = TURNED_ASIDE if x <= self.x.low else 0.0
        words = Label(one_line(note.text), str(note.font.color), "t" if note.yanchor == "bottom" else _side(note), aside=aside, turned=True)
        chart.series.append(PointSeries(words.text, [x], [y], labels={0: words}))

    def down(self, y: float) -> float:
        """The part of the plot above a height."""
        return part(y, self.y) if self.y.reversed else 1.0 - part(y, self.y)

    def shape(self, shape: Any, chart: PointChart) -> None:
        """A line becomes a series of two points, so that it stays where its numbers are; a box a shape over the plot."""
        xs = [float(one) for one in (shape.x0, shape.x1)]
        inside = str(shape.yref or "y") in ("paper", "y domain")
        ys = [(self.y.low if one == (1.0 if self.y.reversed else 0.0) else self.y.high) if inside else self.up(float(one)) for one in (shape.y0, shape.y1)]
        if shape.type == "line" and shape.xref != "paper":
            near = [one_line(note.text) for note in self.panel.notes if note.xref != "paper" and float(note.x) == xs[0] and xs[0] == xs[1]]
            chart.series.append(PointSeries(near[0] if near else "", xs, list(ys), stroke(shape.line)))
            return
        across = [one if shape.xref == "paper" else part(one, self.x) for one in xs]
        heights = [self.down(one) for one in ys]
        if shape.type == "line":
            chart.marks.append(Mark("line", across[0], heights[0], across[1], heights[1], line=stroke(shape.line)))
        elif shape.type == "rect":
            chart.marks.append(box_mark(shape, across, heights))

    def stub(self, trace: Any) -> Mark:
        """A bar that stands for no number: the hatched place of one that is withheld."""
        y, end = self.down(self.up(float(trace.y[0]))), part(float(trace.x[0]), self.x)
        half = 0.3 / max(self.y.high - self.y.low, 1.0)
        return Mark("box", 0.0, y - half, end, y + half, bar_paint(trace, trace.marker.color), stroke(trace.marker.line))


def _between(xs: list[float | None], at: int) -> float:
    """A place for a gap: in the middle of its neighbours."""
    before = next((one for one in reversed(xs[:at]) if one is not None), None)
    after = next((one for one in xs[at + 1 :] if one is not None), before)
    return ((before if before is not None else after or 0.0) + (after or 0.0)) / 2


def _side(note: Any) -> str:
    shift = float(note.yshift or 0)
    if abs(shift) > ABOVE:
        return "t" if shift > 0 else "b"
    if note.yanchor in ("bottom", "top"):
        return "t" if note.yanchor == "bottom" else "b"
    return {"left": "r", "right": "l"}.get(str(note.xanchor), "ctr" if note.yanchor == "middle" else "t")
