"""Bars of a figure on paper: side by side, stacked, to both sides of zero, from a base; with their numbers, patterns and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.exports.print_axes import Plot
from atlas.exports.print_grey import ink_on, patterns
from atlas.exports.print_model import LINE_HEIGHT, Drawing, Line, Measure, Path, Stroke, UnprintableError, Words, hatching, lines_of, rectangle
from atlas.exports.print_points import whisker
from atlas.figures.look import LIGHT
from atlas.figures.read_back import each, values

INSIDE = 3.0
"""Pixels between a bar's edge and the words in it or beside it."""
HATCH_STEP = 7.0
LIGHT_HATCH = 0.7
"""Pixels lines of a pattern over a colour are wide."""
MODES = ("stack", "relative", "overlay", "group")


@dataclass(frozen=True)
class Bar:
    """One bar in pixels with what stands in it or beside it. at: its number in the trace; ahead: whether it goes to the right or up."""

    at: int
    box: tuple[float, float, float, float]
    value: float
    text: str
    size: float
    ink: str
    colour: str
    ahead: bool


def grey_patterns(traces: Sequence[Any]) -> Mapping[str, str]:
    """Colour -> pattern for the bars whose colours look alike in grey; bars that are hatched already keep what they have."""
    bars = [trace for trace in traces if trace.type == "bar" and isinstance(trace.marker.color, str) and not _pattern(trace)]
    return patterns([str(trace.marker.color) for trace in bars])


def draw_bars(plot: Plot, drawing: Drawing, traces: Sequence[Any], measure: Measure) -> None:
    """All bars of a figure. Raises UnprintableError where one is of a kind that is not drawn here."""
    mode = str(plot.layout.barmode or "group")
    if mode not in MODES or (mode == "group" and not _apart(traces)):
        raise UnprintableError(f"bars ({mode})")
    hatched = grey_patterns(traces)
    stacked: dict[tuple[str, str, float, bool], float] = {}
    made = [(trace, _bars(plot, trace, mode, stacked)) for trace in traces]
    for trace, bars in made:
        for bar in bars:
            _draw(drawing, trace, bar, hatched.get(bar.colour, ""))
        _whiskers(plot, drawing, trace, bars)
    _numbers(plot, drawing, [pair for pair in made if pair[0].textposition == "inside"], hatched, measure)
    for trace, bars in made:
        if trace.textposition == "outside":
            _beside(drawing, trace, bars)


def _apart(traces: Sequence[Any]) -> bool:
    """Whether no bar has to make room for another at the same place: then a group is drawn as if each stood alone."""
    if len(traces) < 2:
        return True
    places = [(trace.xaxis, trace.yaxis, place) for trace in traces for place in values(trace.y if trace.orientation == "h" else trace.x)]
    return len(places) == len(set(places)) and all(trace.width is not None for trace in traces)


def _bars(plot: Plot, trace: Any, mode: str, stacked: dict[tuple[str, str, float, bool], float]) -> list[Bar]:
    pair = (trace.xaxis or "x", trace.yaxis or "y")
    level = trace.orientation == "h"
    along, across = (plot.scales[pair[0]], plot.scales[pair[1]]) if level else (plot.scales[pair[1]], plot.scales[pair[0]])
    lengths, places = (values(trace.x), values(trace.y)) if level else (values(trace.y), values(trace.x))
    if trace.offset is not None or along.log or across.log:
        raise UnprintableError("bars with an offset or on a logarithmic axis")
    gap = min((b - a for a, b in zip(sorted(_held(places)), sorted(_held(places))[1:], strict=False) if b > a), default=1.0)
    usual = gap * (1 - float(plot.layout.bargap if plot.layout.bargap is not None else 0.2))
    widths = each(trace.width, len(places))
    bases = each(trace.base, len(places))
    texts, sizes = each(trace.text, len(places)), each(trace.textfont.size, len(places))
    inks, colours = each(trace.textfont.color, len(places)), each(trace.marker.color, len(places))
    found = []
    for at, (length, place) in enumerate(zip(lengths, places, strict=True)):
        if length is None or place is None:
            continue
        start = float(bases[at] or 0.0)
        if mode in ("stack", "relative"):
            key = (*pair, place, length < 0)
            start = stacked.get(key, 0.0)
            stacked[key] = start + length
        half = float(widths[at] if widths[at] is not None else usual) / 2
        ends = (along.at(start), along.at(start + length))
        sides = (across.at(place - half), across.at(place + half))
        box = (min(ends), min(sides), max(ends), max(sides)) if level else (min(sides), min(ends), max(sides), max(ends))
        ahead = (ends[1] >= ends[0]) if level else (ends[1] <= ends[0])
        found.append(Bar(at, box, length, str(texts[at] or ""), float(sizes[at] or 14), str(inks[at] or LIGHT.text), str(colours[at]), ahead))
    return found


def _held(things: Sequence[float | None]) -> list[float]:
    return [one for one in things if one is not None]


def _pattern(trace: Any) -> str:
    pattern = trace.marker.pattern
    return str(pattern.shape or "") if pattern is not None and isinstance(pattern.shape, str | None) else ""


def _draw(drawing: Drawing, trace: Any, bar: Bar, grey: str) -> None:
    line = trace.marker.line
    edge = Stroke(str(line.color), float(line.width)) if line.width and line.color else None
    runs = (rectangle(*bar.box),)
    own = _pattern(trace)
    if own:
        pattern = trace.marker.pattern
        drawing.add(Path(runs, str(pattern.bgcolor or LIGHT.page), closed=True, role="bar"))
        drawing.add(hatching(runs, own, float(pattern.size or 6), Stroke(str(pattern.fgcolor or bar.colour), 1.2)))
        if edge is not None:
            drawing.add(Path(runs, stroke=edge, closed=True, role="edge"))
        return
    drawing.add(Path(runs, bar.colour, edge, closed=True, role="bar"))
    if grey:
        drawing.add(hatching(runs, grey, HATCH_STEP, Stroke(ink_on(bar.colour), LIGHT_HATCH)))


def _whiskers(plot: Plot, drawing: Drawing, trace: Any, bars: Sequence[Bar]) -> None:
    error = trace.error_x
    if trace.error_y.array is not None:
        raise UnprintableError("upright intervals")
    if error.array is None:
        return
    scale, middles = plot.scales[trace.xaxis or "x"], values(trace.x)
    more, less = values(error.array), values(error.arrayminus if error.symmetric is False else error.array)
    for bar in bars:
        middle = middles[bar.at] or 0.0
        whisker(drawing, error, scale.at(middle - (less[bar.at] or 0.0)), scale.at(middle + (more[bar.at] or 0.0)), (bar.box[1] + bar.box[3]) / 2)


def _numbers(plot: Plot, drawing: Drawing, made: Sequence[tuple[Any, list[Bar]]], hatched: Mapping[str, str], measure: Measure) -> None:
    """Words in bars: where the figure asks for one size, that at which all fit which fit at its smallest; those that do not are left out."""
    uniform = plot.layout.uniformtext
    least = float(uniform.minsize) if uniform.mode == "hide" and uniform.minsize else 0.0
    fitting = []
    for trace, bars in made:
        for bar in bars:
            lines = lines_of(bar.text, bar.size)
            if not bar.text:
                continue
            part = 1.0 if trace.constraintext == "none" else _part(bar, lines, measure)
            if bar.size * part >= (least if trace.constraintext != "none" else 0.0) - 1e-6:
                fitting.append((trace, bar, lines, part))
    shared = min((part for *_, part in fitting), default=1.0) if least else None
    for trace, bar, lines, part in fitting:
        scale = shared if shared is not None else part
        shown = tuple(Line(line.text, line.size * scale, line.bold) for line in lines)
        ground = bar.colour if hatched.get(bar.colour) else str(trace.marker.pattern.bgcolor or LIGHT.page) if _pattern(trace) else ""
        x, y = (bar.box[0] + bar.box[2]) / 2, (bar.box[1] + bar.box[3]) / 2
        drawing.add(Words(x, y, shown, bar.ink, ground=ground, role="value"))


def _part(bar: Bar, lines: tuple[Line, ...], measure: Measure) -> float:
    """How much smaller the words have to be to stay in the bar."""
    wide = max(measure(line.text, line.size) for line in lines)
    high = sum(line.size * LINE_HEIGHT for line in lines)
    room_wide, room_high = bar.box[2] - bar.box[0] - 2 * INSIDE, bar.box[3] - bar.box[1] - 2 * INSIDE
    return max(min(1.0, room_wide / (wide or 1.0), room_high / (high or 1.0)), 0.0)


def _beside(drawing: Drawing, trace: Any, bars: Sequence[Bar]) -> None:
    """Words beyond the ends of bars."""
    for bar in bars:
        if not bar.text:
            continue
        left, top, right, bottom = bar.box
        lines = lines_of(bar.text, bar.size)
        if trace.orientation == "h":
            x = right + INSIDE if bar.ahead else left - INSIDE
            drawing.add(Words(x, (top + bottom) / 2, lines, bar.ink, "left" if bar.ahead else "right", role="value"))
        else:
            y = top - INSIDE if bar.ahead else bottom + INSIDE
            drawing.add(Words((left + right) / 2, y, lines, bar.ink, down="bottom" if bar.ahead else "top", role="value"))
