"""Lines and points of a figure on paper, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.exports.print_axes import Plot
from atlas.exports.print_marks import mark, marks_of_colours
from atlas.exports.print_model import Drawing, Path, Point, Stroke, UnprintableError, clipped
from atlas.figures.look import LIGHT
from atlas.figures.read_back import each, runs, values

EDGE = 0.5
"""Pixels a mark's middle may lie beyond the axes."""
MODES = {"lines", "markers", "lines+markers"}


def stroke_of(line: Any, default: str = LIGHT.second) -> Stroke:
    """A line of the figure."""
    width = 2.0 if line.width is None else float(line.width)
    dash = str(getattr(line, "dash", None) or "solid")
    return Stroke(str(line.color or default), width, dash)


def symbols_of_lines(traces: Sequence[Any]) -> Mapping[str, str]:
    """Colour of a line -> its mark, where lines of several colours all have circles: in grey nothing else tells them apart."""
    lines = [trace for trace in traces if trace.type == "scatter" and trace.mode == "lines+markers"]
    if any(trace.marker.symbol not in (None, "circle") for trace in lines):
        return {}
    return marks_of_colours([str(trace.line.color) for trace in lines])


def draw_points(plot: Plot, drawing: Drawing, trace: Any, symbols: Mapping[str, str]) -> None:
    """One trace of lines, points or both."""
    mode = str(trace.mode)
    if mode not in MODES or trace.fill not in (None, "none") or (trace.line.shape or "linear") != "linear" or trace.error_y.array is not None:
        raise UnprintableError(f"scatter ({mode})")
    pair = (trace.xaxis or "x", trace.yaxis or "y")
    x, y = plot.scales[pair[0]], plot.scales[pair[1]]
    spots = [None if across is None or up is None else (x.at(across), y.at(up)) for across, up in zip(values(trace.x), values(trace.y), strict=True)]
    left, top, right, bottom = plot.frame(pair)
    frame = (left, top, right, bottom)
    if "lines" in mode:
        lines = [part for run in runs(spots) for part in ([tuple(run)] if trace.cliponaxis is False else clipped(run, frame))]
        drawing.add(Path(tuple(lines), stroke=stroke_of(trace.line), role="line"))
    held = [(at, spot) for at, spot in enumerate(spots) if spot is not None]
    seen = [(at, (px, py)) for at, (px, py) in held if trace.cliponaxis is False or _inside(px, py, frame)]
    _whiskers(plot, drawing, trace, pair, seen)
    if "markers" in mode:
        _marks(drawing, trace, seen, symbols if "lines" in mode else {})


def _inside(x: float, y: float, frame: tuple[float, float, float, float]) -> bool:
    return frame[0] - EDGE <= x <= frame[2] + EDGE and frame[1] - EDGE <= y <= frame[3] + EDGE


def _marks(drawing: Drawing, trace: Any, seen: Sequence[tuple[int, Point]], symbols: Mapping[str, str]) -> None:
    marker, count = trace.marker, len(trace.x)
    sizes, colours, opacities = (each(one, count) for one in (marker.size, marker.color, marker.opacity))
    if any(one is not None and not isinstance(one, str) for one in colours):
        raise UnprintableError("points on a scale of colours")
    width = 0.0 if marker.line.width is None else float(marker.line.width)
    rim = Stroke(str(marker.line.color), width) if width and marker.line.color else None
    symbol = symbols.get(str(trace.line.color)) or str(marker.symbol or "circle")
    for at, (x, y) in seen:
        opacity = 1.0 if opacities[at] is None else float(opacities[at])
        drawing.add(mark(x, y, symbol, float(sizes[at] or 6), str(colours[at] or trace.line.color), rim, opacity))


def _whiskers(plot: Plot, drawing: Drawing, trace: Any, pair: tuple[str, str], seen: Sequence[tuple[int, Point]]) -> None:
    error = trace.error_x
    if error is None or error.array is None:
        return
    if error.type != "data":
        raise UnprintableError(f"intervals ({error.type})")
    more = values(error.array)
    less = more if error.symmetric is not False or error.arrayminus is None else values(error.arrayminus)
    scale, middles = plot.scales[pair[0]], values(trace.x)
    for at, (_, y) in seen:
        whisker(drawing, error, scale.at((middles[at] or 0.0) - (less[at] or 0.0)), scale.at((middles[at] or 0.0) + (more[at] or 0.0)), y)


def whisker(drawing: Drawing, error: Any, low: float, high: float, y: float) -> None:
    """An interval from pixel to pixel, with its caps."""
    if high - low < 1e-6:
        return
    runs = [((low, y), (high, y))]
    cap = float(error.width or 0)
    runs += [((x, y - cap), (x, y + cap)) for x in (low, high) if cap]
    drawing.add(Path(tuple(runs), stroke=Stroke(str(error.color or LIGHT.text), float(error.thickness or 2)), role="whisker"))
