"""Words, shapes and the legend of a figure on paper."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from atlas.exports.print_axes import Plot
from atlas.exports.print_bars import HATCH_STEP, LIGHT_HATCH
from atlas.exports.print_grey import ink_on, legible
from atlas.exports.print_marks import CLEAR, mark
from atlas.exports.print_model import Disc, Drawing, Item, Measure, Path, Run, Stroke, UnprintableError, Words, hatching, lines_of, rectangle
from atlas.figures.look import LIGHT

Spot = Callable[[str | None, str, float, bool], float]
"""Reference, direction, value, whether it is a value on a logarithmic axis -> pixel."""
SWATCH, BETWEEN = 26.0, 18.0
"""Pixels of a legend's field and between two entries."""
LEGEND_GAP = 6.0
_STEP = re.compile(r"([ML])\s*([-\d.]+)[, ]([-\d.]+)")
_ENDS = 1 / 3


class Given:
    """A thing of the layout with the template's defaults for what it does not say."""

    def __init__(self, thing: Any, default: Any) -> None:
        self._thing, self._default = thing, default
        self._known: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """What it says itself, else the default; asked once, as Plotly takes long to answer."""
        if name not in self._known:
            own = getattr(self._thing, name)
            self._known[name] = own if own is not None else getattr(self._default, name, None) if self._default is not None else None
        return self._known[name]

    def font(self, name: str) -> Any:
        """A property of the words."""
        own = getattr(self._thing.font, name)
        return own if own is not None else getattr(self._default.font, name, None) if self._default is not None else None


def shapes_of(layout: Any) -> list[Given]:
    """The shapes in their order."""
    return [Given(one, layout.template.layout.shapedefaults) for one in layout.shapes]


def notes_of(layout: Any) -> list[Given]:
    """The annotations in their order."""
    return [Given(one, layout.template.layout.annotationdefaults) for one in layout.annotations]


def plot_spot(plot: Plot) -> Spot:
    """Where places of a figure with axes lie."""
    return lambda reference, direction, value, on_data: plot.spot(reference, direction, value, on_data=on_data)


def shape_items(one: Given, spot: Spot, grey: Mapping[str, str]) -> Iterator[Item]:
    """A shape as it is drawn; patterned where its colour is one that grey would mix up."""
    line = one.line
    stroke = Stroke(str(line.color or LIGHT.second), float(2 if line.width is None else line.width), str(line.dash or "solid")) if line.width != 0 else None
    fill = "" if not one.fillcolor or str(one.fillcolor).startswith(CLEAR) else str(one.fillcolor)
    opacity = 1.0 if one.opacity is None else float(one.opacity)
    if one.type == "path":
        yield Path(tuple(_path(one, spot)), fill, stroke, closed=str(one.path).rstrip().endswith("Z"), opacity=opacity, role="key")
        return
    (x0, x1), (y0, y1) = _ends(one, spot, "x"), _ends(one, spot, "y")
    if one.type == "line":
        yield Path((((x0, y0), (x1, y1)),), stroke=stroke, opacity=opacity, role="rule")
        return
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if one.type == "circle":
        if not math.isclose(x1 - x0, y1 - y0, rel_tol=0.05):
            raise UnprintableError("an ellipse")
        yield Disc((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, fill, stroke, opacity, "key")
        return
    runs = (rectangle(x0, y0, x1, y1),)
    yield Path(runs, fill, stroke, closed=True, opacity=opacity, role="box")
    if fill in grey:
        yield hatching(runs, grey[fill], HATCH_STEP * 0.75, Stroke(ink_on(fill), LIGHT_HATCH))


def _ends(one: Given, spot: Spot, direction: str) -> tuple[float, float]:
    """Both ends of a shape in pixels; in pixels from its anchor where it says so, up and to the right."""
    first, last = (float(getattr(one, f"{direction}{end}")) for end in (0, 1))
    reference = getattr(one, f"{direction}ref")
    if getattr(one, f"{direction}sizemode") == "pixel":
        anchor = spot(reference, direction, float(getattr(one, f"{direction}anchor") or 0), True)
        sign = 1.0 if direction == "x" else -1.0
        return anchor + sign * first, anchor + sign * last
    return spot(reference, direction, first, True), spot(reference, direction, last, True)


def _path(one: Given, spot: Spot) -> list[Run]:
    if one.xsizemode != "pixel" or one.ysizemode != "pixel" or re.search(r"[^MLZ\d\s.,-]", str(one.path)):
        raise UnprintableError("a path that is not of pixels")
    x, y = (spot(getattr(one, f"{way}ref"), way, float(getattr(one, f"{way}anchor") or 0), True) for way in ("x", "y"))
    runs: list[list[tuple[float, float]]] = []
    for step, across, up in _STEP.findall(str(one.path)):
        if step == "M":
            runs.append([])
        runs[-1].append((x + float(across), y - float(up)))
    return [tuple(run) for run in runs]


def note_items(one: Given, spot: Spot, font: Any) -> Iterator[Item]:
    """An annotation's words, with the line to what they speak of where there is one."""
    x, y = (spot(getattr(one, f"{way}ref"), way, float(getattr(one, way) or 0), False) for way in ("x", "y"))
    x, y = x + float(one.xshift or 0), y - float(one.yshift or 0)
    colour = str(one.font("color") or font.color or LIGHT.text)
    across, down = _anchor(one, "x"), _anchor(one, "y")
    if one.showarrow is not False:
        head, tail = (x, y), (x + float(one.ax or 0), y + float(one.ay or 0))
        length = math.dist(head, tail)
        part = min(float(one.standoff or 0) / length, 1.0) if length else 0.0
        near = (head[0] + (tail[0] - head[0]) * part, head[1] + (tail[1] - head[1]) * part)
        yield Path(((near, tail),), stroke=Stroke(str(one.arrowcolor or colour), float(one.arrowwidth or 1)), role="pointer")
        x, y = tail
        down = down if one.yanchor not in (None, "auto") else "middle"
    lines = lines_of(one.text or "", float(one.font("size") or font.size or 14))
    ground = "" if not one.bgcolor or str(one.bgcolor).startswith(CLEAR) else str(one.bgcolor)
    if one.textangle and not ground:
        ground = LIGHT.page  # turned words stand on the line of their year
    yield Words(x, y, lines, legible(colour), across, down, float(one.textangle or 0), ground, str(one.align or ""), "note")


def _anchor(one: Given, direction: str) -> str:
    """Which part of the words stands at their place: as said, else the nearest side of the paper, else the middle."""
    low, middle, high = ("left", "center", "right") if direction == "x" else ("bottom", "middle", "top")
    said = getattr(one, f"{direction}anchor")
    if said not in (None, "auto"):
        return str(said)
    if getattr(one, f"{direction}ref") == "paper" and one.showarrow is False:
        value = float(getattr(one, direction) or 0)
        return low if value < _ENDS else high if value > 1 - _ENDS else middle
    return middle


def draw_legend(plot: Plot, drawing: Drawing, traces: Sequence[Any], measure: Measure, grey: Mapping[str, str], symbols: Mapping[str, str]) -> None:
    """The entries in rows above the plot, in the order of the traces."""
    legend = plot.layout.legend
    if not plot.layout.showlegend:
        return
    if legend.orientation != "h" or legend.yanchor != "bottom" or float(legend.y or 0) < 1:
        raise UnprintableError("a legend that is not above the plot")
    named = [trace for trace in traces if trace.showlegend is not False and trace.name]
    size = float(legend.font.size or 13)
    rows: list[list[tuple[float, Any]]] = [[]]
    at = 0.0
    for trace in named:
        wide = SWATCH + 6 + measure(str(trace.name), size)
        if rows[-1] and at + wide > plot.right - plot.left:
            rows.append([])
            at = 0.0
        rows[-1].append((at, trace))
        at += wide + BETWEEN
    pitch = size * 1.55
    foot = plot.bottom - float(legend.y) * (plot.bottom - plot.top) - LEGEND_GAP
    for number, row in enumerate(rows):
        y = foot - pitch * (len(rows) - number - 0.5)
        for across, trace in row:
            x = plot.left + across
            drawing.add(*_field(trace, x, y, grey, symbols))
            drawing.add(Words(x + SWATCH + 6, y, lines_of(trace.name, size), str(legend.font.color or LIGHT.text), "left", role="legend"))


def _field(trace: Any, x: float, y: float, grey: Mapping[str, str], symbols: Mapping[str, str]) -> Iterator[Item]:
    """What stands before a name: a piece of the bar, or of the line with its mark."""
    marker, middle = trace.marker, x + SWATCH / 2
    if trace.type == "bar":
        runs = (rectangle(x, y - 6, x + SWATCH, y + 6),)
        colour = str(marker.color)
        line = marker.line
        edge = Stroke(str(line.color), float(line.width)) if line.width and line.color and str(line.color) != LIGHT.page else Stroke(LIGHT.second, 0.5)
        pattern = str(marker.pattern.shape or "")
        yield Path(runs, colour, None if pattern else edge, closed=True, role="key")
        if pattern:
            yield hatching(runs, pattern, float(marker.pattern.size or 6), Stroke(str(marker.pattern.fgcolor), 1.2))
            yield Path(runs, stroke=Stroke(str(marker.pattern.fgcolor), 1.0), closed=True, role="key")
        elif colour in grey:
            yield hatching(runs, grey[colour], HATCH_STEP, Stroke(ink_on(colour), LIGHT_HATCH))
        return
    if "lines" in str(trace.mode):
        yield Path(
            (((x, y), (x + SWATCH, y)),), stroke=Stroke(str(trace.line.color), float(trace.line.width or 2), str(trace.line.dash or "solid")), role="key"
        )
    if "markers" in str(trace.mode):
        rim = Stroke(str(marker.line.color), float(marker.line.width)) if marker.line.width and marker.line.color else None
        symbol = symbols.get(str(trace.line.color), "") if "lines" in str(trace.mode) else ""
        size = float(marker.size) if isinstance(marker.size, int | float) else 8.0
        opacity = 1.0 if marker.opacity is None else float(marker.opacity)
        yield mark(middle, y, symbol or str(marker.symbol or "circle"), min(size, 14.0), str(marker.color), rim, opacity, "key")
