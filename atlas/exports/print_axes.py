"""A figure's axes on paper: where a value lies, which ticks stand there and what they say; the same as Plotly's on the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from atlas.exports.print_model import LINE_HEIGHT, Drawing, Measure, Path, Stroke, UnprintableError, Words, lines_of
from atlas.figures import numbers
from atlas.figures.look import LIGHT

TICK, PAD = 5.0, 4.0
"""Pixels a tick is long; between axis and its words."""
NEAR = 1e-9
STEPS = (2.0, 5.0, 10.0)
TITLE = 8.0


@dataclass(frozen=True)
class Scale:
    """One axis: values `low` to `high` (powers of ten where `log`) lie between the pixels `start` and `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.place(math.log10(value) if self.log else value)

    def place(self, value: float) -> float:
        """The pixel of a place on the axis: of a power of ten where it is logarithmic."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


@dataclass(frozen=True)
class Margins:
    """Pixels around the plot."""

    left: float
    top: float
    right: float
    bottom: float


class Plot:
    """The place of a figure's axes: a plot of a given size within its margins."""

    def __init__(self, figure: go.Figure, width: float, height: float, margins: Margins) -> None:
        self.layout = figure.layout
        self.left, self.top = margins.left, margins.top
        self.right, self.bottom = width - margins.right, margins.top + height
        self.width, self.height = width, margins.top + height + margins.bottom
        pairs = dict.fromkeys((trace.xaxis or "x", trace.yaxis or "y") for trace in figure.data)
        self.pairs: tuple[tuple[str, str], ...] = tuple(pairs)
        self.scales = {name: self._scale(name) for pair in self.pairs for name in pair}

    def axis(self, name: str) -> Any:
        """The layout of an axis: x, y2 ..."""
        return self.layout[f"{name[0]}axis{name[1:]}"]

    def _scale(self, name: str) -> Scale:
        axis = self.axis(name)
        if axis.range is None or axis.type not in (None, "linear", "log") or axis.overlaying or axis.side in ("right", "top"):
            raise UnprintableError(f"axis {name} ({axis.type or 'no range'})")
        low, high = (float(one) for one in axis.range)
        first, last = axis.domain or (0.0, 1.0)
        if name[0] == "x":
            return Scale(low, high, self.left + first * (self.right - self.left), self.left + last * (self.right - self.left), axis.type == "log")
        return Scale(low, high, self.bottom - first * (self.bottom - self.top), self.bottom - last * (self.bottom - self.top), axis.type == "log")

    def frame(self, pair: tuple[str, str]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a pair of axes."""
        x, y = (self.scales[name] for name in pair)
        return x.start, y.end, x.end, y.start

    def spot(self, reference: str | None, direction: str, value: float, *, on_data: bool = False) -> float:
        """The pixel of a place that an annotation or a shape names. on_data: a value even on a logarithmic axis, as shapes give it."""
        name = reference or direction
        if name == "paper":
            return self.left + value * (self.right - self.left) if direction == "x" else self.bottom - value * (self.bottom - self.top)
        axis, _, domain = name.partition(" ")
        if axis not in self.scales:
            raise UnprintableError(f"a place on {name}")
        scale = self.scales[axis]
        if domain:
            return scale.start + value * (scale.end - scale.start)
        return scale.at(value) if on_data else scale.place(value)


def ticks_of(axis: Any) -> list[tuple[float, str]]:
    """Value and words of each tick within the axis's range."""
    low, high = sorted(float(one) for one in axis.range)
    if axis.tickvals is not None:
        values = [float(one) for one in axis.tickvals]
        texts = [str(one) for one in axis.ticktext] if axis.ticktext is not None else [printed(one, axis.tickformat, 0.0) for one in values]
        shown = [(one, text) for one, text in zip(values, texts, strict=False)]
        if axis.type == "log":
            low, high = 10**low, 10**high
    elif axis.type == "log":
        raise UnprintableError("a logarithmic axis without ticks")
    else:
        step = step_of(high - low, int(axis.nticks or 6))
        shown = [(value, printed(value, axis.tickformat, step)) for value in _steps(low, high, step)]
    room = (high - low) * 1e-6
    return [(value, text) for value, text in shown if low - room <= value <= high + room]


def step_of(span: float, most: int) -> float:
    """The distance of ticks as Plotly takes it: 1, 2 or 5 times a power of ten, at most `most` of them."""
    rough = (span or 1.0) / most
    power = 10.0 ** math.floor(math.log10(rough) + NEAR)
    return float(f"{next(one for one in STEPS if one * power >= rough * (1 - NEAR)) * power:.6g}")


def _steps(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [float(f"{number * step:.10g}") for number in range(first, last + 1)]


def printed(value: float, tick_format: str | None, step: float) -> str:
    """A number in Plotly's format (".0%", ",.1f", ",d"), with the decimals its steps need."""
    form = tick_format or ""
    kind = form[-1:]
    if kind not in ("%", "f", "d", ""):
        raise UnprintableError(f"numbers as {form!r}")
    asked = form.rpartition(".")[2][:-1] if "." in form else "0"
    decimals = int(asked or 0)
    shown = value * 100 if kind == "%" else value
    unit = step * 100 if kind == "%" else step
    while unit and decimals < 6 and not math.isclose(unit * 10**decimals, round(unit * 10**decimals), abs_tol=1e-6):
        decimals += 1
    if not form and not step:
        return f"{value:g}".replace("-", numbers.MINUS)
    text = numbers.count(shown, decimals)
    return (text if "," in form or kind == "%" else text.replace(",", "")) + ("%" if kind == "%" else "")


def draw_axes(plot: Plot, drawing: Drawing, measure: Measure) -> None:
    """Grid lines, axis lines, ticks with their words, titles; to be drawn before the traces."""
    for pair in plot.pairs:
        for name in pair:
            axis = plot.axis(name)
            if axis.visible is not False:
                (_across if name[0] == "x" else _upright)(plot, drawing, name, pair, measure)


def _colour(value: Any) -> str:
    return str(value or LIGHT.grid)


def _across(plot: Plot, drawing: Drawing, name: str, pair: tuple[str, str], measure: Measure) -> None:
    axis, scale = plot.axis(name), plot.scales[name]
    left, top, right, bottom = plot.frame(pair)
    ticks = [(scale.at(value), text) for value, text in ticks_of(axis)]
    if axis.showgrid is not False:
        drawing.add(*(Path((((x, top), (x, bottom)),), stroke=Stroke(_colour(axis.gridcolor)), role="grid") for x, _ in ticks))
    _zero_line(axis, scale, drawing, (top, bottom), upright=True)
    if axis.showline is not False and axis.linecolor:
        drawing.add(Path((((left, bottom), (right, bottom)),), stroke=Stroke(_colour(axis.linecolor)), role="axis"))
    outside = TICK if axis.ticks == "outside" else 0.0
    if outside:
        drawing.add(*(Path((((x, bottom), (x, bottom + TICK)),), stroke=Stroke(_colour(axis.tickcolor)), role="axis") for x, _ in ticks))
    size, y = float(axis.tickfont.size or 14), bottom + outside + PAD
    below = 0.0
    if axis.showticklabels is not False:
        shown = _with_room(ticks, size, measure)
        words = [Words(x, y, lines_of(text, size), str(axis.tickfont.color or LIGHT.second), down="top", role="tick-x") for x, text in shown if text]
        drawing.add(*words)
        below = max((one.height for one in words), default=0.0)
    if axis.title.text:
        font = axis.title.font
        lines = lines_of(axis.title.text, float(font.size or 14))
        drawing.add(Words((left + right) / 2, y + below + TITLE / 2, lines, str(font.color or LIGHT.second), down="top", role="tick-x"))


def _with_room(ticks: Sequence[tuple[float, str]], size: float, measure: Measure) -> list[tuple[float, str]]:
    """The ticks whose words do not touch: every second or third number, counted from the last; names are set in lines instead, never left out."""
    words = [max((measure(line.text, line.size) for line in lines_of(text, size)), default=0.0) for _, text in ticks]
    for every in (1, 2, 3, 4, 5, 10):
        kept = [at for at in range(len(ticks)) if (len(ticks) - 1 - at) % every == 0]
        free = all(abs(ticks[b][0] - ticks[a][0]) >= (words[a] + words[b]) / 2 + size * 0.4 for a, b in pairwise(kept))
        if free or not all(text[:1].isdigit() for _, text in ticks):
            return [ticks[at] for at in kept]
    return [ticks[-1]]


def _upright(plot: Plot, drawing: Drawing, name: str, pair: tuple[str, str], measure: Measure) -> None:
    axis, scale = plot.axis(name), plot.scales[name]
    left, top, right, bottom = plot.frame(pair)
    ticks = [(scale.at(value), text) for value, text in ticks_of(axis)]
    if axis.showgrid is not False:
        drawing.add(*(Path((((left, y), (right, y)),), stroke=Stroke(_colour(axis.gridcolor)), role="grid") for y, _ in ticks))
    _zero_line(axis, scale, drawing, (left, right), upright=False)
    size, wide = float(axis.tickfont.size or 14), 0.0
    if axis.showticklabels is not False:
        for y, text in ticks:
            lines = lines_of(text, size)
            wide = max([wide, *(measure(line.text, line.size) for line in lines)])
            drawing.add(Words(left - PAD - 3, y, lines, str(axis.tickfont.color or LIGHT.second), "right", align="right", role="tick-y"))
    if axis.title.text:
        font = axis.title.font
        lines = lines_of(axis.title.text, float(font.size or 14))
        across = left - PAD - 3 - wide - TITLE - lines[0].size * LINE_HEIGHT / 2
        drawing.add(Words(across, (top + bottom) / 2, lines, str(font.color or LIGHT.second), angle=-90))


def _zero_line(axis: Any, scale: Scale, drawing: Drawing, ends: tuple[float, float], *, upright: bool) -> None:
    named = axis.ticktext is not None and axis.zeroline is None  # 0 is the first name then, not nothing
    if axis.zeroline is False or named or scale.log or not min(scale.low, scale.high) <= 0 <= max(scale.low, scale.high):
        return
    at = scale.at(0.0)
    run = ((at, ends[0]), (at, ends[1])) if upright else ((ends[0], at), (ends[1], at))
    drawing.add(Path((run,), stroke=Stroke(_colour(axis.zerolinecolor), float(axis.zerolinewidth or 1)), role="grid"))
