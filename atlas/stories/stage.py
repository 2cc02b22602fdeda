"""Figures for a stage of 1280 x 720: no text below 24 px, made for the room that is there, cut into parts where rows would get too low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from atlas.figures.look import FIGURE_TEXT, Look
from atlas.figures.rows import GAP, text_width, wrapped

WIDTH, HEIGHT = 1280, 720
SMALLEST = 24.0
"""Pixels of the smallest text on the stage, so that it is read from the back row."""
SCALE = 1.75
GROWN = 1 + (SCALE - 1) * 0.6
"""What a figure's height grows by at that scale (`base_figure`)."""
LINE = 29.0
"""Pixels from line to line of the smallest text."""
HEAD_OF_PANEL = 38.0
FOOT, FOOT_TITLE = 44.0, 34.0
"""Pixels below the drawing: for the axis's words, and for its title."""
TOP_WORD, TOP_NOTHING = 38.0, 14.0
KEY_LINE, KEY_FIELD = 34.0, 46.0
SIDE = 40
MOST_BESIDE = 17.0
"""Full-width letters a name may take left of its row on the stage."""
MAP_PART = 0.56
LEGEND_LETTERS = 20.0
"""Full-width letters in a line of a map's legend at its right."""


@dataclass(frozen=True)
class StageLook(Look):
    """A look whose texts are never smaller than the stage allows."""

    def px(self, size: float = FIGURE_TEXT) -> float:
        """A text size in pixels, at least the smallest of the stage."""
        return max(SMALLEST, super().px(size))


def stage_look(look: Look) -> StageLook:
    """The reader's language and theme at the stage's scale."""
    return StageLook(look.lang, look.dark, SCALE)


def fitted(figure: go.Figure, room: float, second: str) -> list[go.Figure]:
    """The figure for `room` pixels of height, in parts where its rows need more. second: the colour of second text.

    The figures given back have no size of their own; the show draws them in the box that is there.
    """
    made = go.Figure(figure)
    _enlarge_small_text(made)
    made.update_layout(height=None, width=None, autosize=True)
    margin = made.layout.margin
    made.update_layout(margin={"l": margin.l, "r": margin.r, "t": _top(made), "b": _foot(made), "pad": 4})
    if made.layout.geo.projection.type is not None:
        _legend_beside(made)
        made.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
        return [made]
    if _total(made) is not None:
        return _row_parts(made, room, second)
    if len(_panels(made)) > 1:
        _panels_apart(made, room)
    _names_apart(made, room)
    return [made]


def _enlarge_small_text(figure: go.Figure) -> None:
    """Some figures cap their text so that it fits a page; on the stage none may be smaller than the rest."""
    for font in _fonts(figure):
        if font.size is not None and font.size < SMALLEST:
            font.size = SMALLEST


def _fonts(figure: go.Figure) -> list[Any]:
    layout = figure.layout
    fonts = [one.font for one in layout.annotations or ()]
    fonts += [layout.legend.font, layout.font]
    for name in layout:
        if name.startswith(("xaxis", "yaxis")):
            fonts += [layout[name].tickfont, layout[name].title.font]
    fonts += [trace.textfont for trace in figure.data if "textfont" in trace and not isinstance(trace.textfont.size, (tuple, list))]
    if layout.uniformtext.minsize is not None:
        layout.uniformtext.minsize = SMALLEST
    return [font for font in fonts if font is not None]


def _top(figure: go.Figure) -> float:
    """Pixels above the drawing: the key's lines, or a word at its upper edge."""
    layout = figure.layout
    if layout.showlegend:
        names = [trace.name for trace in figure.data if trace.showlegend is not False and trace.name]
        entry = layout.legend.entrywidth or max((text_width(name) for name in names), default=0) * SMALLEST
        a_line = max(int((WIDTH - 2 * SIDE - layout.margin.l - layout.margin.r) // (entry + KEY_FIELD)), 1)
        return -(-len(names) // a_line) * KEY_LINE + 10
    words = any(one.yref == "paper" and one.y == 1 and one.yanchor == "bottom" for one in layout.annotations)
    return TOP_WORD if words else TOP_NOTHING


def _foot(figure: go.Figure) -> float:
    return FOOT + (FOOT_TITLE if figure.layout.xaxis.title.text else 0)


def _legend_beside(figure: go.Figure) -> None:
    """A stage is wide: the map at the left in full height, its legend at its right foot instead of below."""
    figure.layout.geo.domain = {"x": [0, MAP_PART], "y": [0, 1]}
    defaults = figure.layout.template.layout
    left = MAP_PART + 0.02
    for part in (defaults.annotationdefaults, *(one for one in figure.layout.annotations if one.xref == "paper")):
        part.x = left
    defaults.shapedefaults.xanchor = left
    for one in figure.layout.annotations:
        one.text = wrapped(one.text, LEGEND_LETTERS) if text_width(one.text) > LEGEND_LETTERS + 4 else one.text


def _panels(figure: go.Figure) -> list[str]:
    """The upright axes of panels that stand one above the other."""
    found = [name for name in figure.layout if name.startswith("yaxis") and figure.layout[name].domain is not None]
    return sorted(found, key=lambda name: int(name[5:] or 1))


def _panels_apart(figure: go.Figure, room: float) -> None:
    """Panels with titles of one line, as high as the room lets them be."""
    names, layout = _panels(figure), figure.layout
    inner = room - layout.margin.t - layout.margin.b
    ticked = [layout["xaxis" + name[5:]].showticklabels is not False for name in names]
    below = [LINE + 12 if shown and place < len(names) - 1 else 8.0 for place, shown in enumerate(ticked)]
    high = (inner - HEAD_OF_PANEL * len(names) - sum(below[:-1])) / len(names)
    titles = [one for one in layout.annotations if one.xref == "paper" and one.yref == "paper"]
    for one in layout.annotations:
        slot = (WIDTH - 2 * SIDE - layout.margin.l - layout.margin.r) / max(len(layout.xaxis.tickvals or ()), 1)
        if one.xref != "paper" and one.xanchor is None and text_width(one.text) * SMALLEST > slot:
            one.text = wrapped(one.text, slot / SMALLEST)
    at = inner
    for place, name in enumerate(names):
        upper = at - HEAD_OF_PANEL
        layout[name].domain = [max((upper - high) / inner, 0), upper / inner]
        layout[name].nticks = 3
        if place < len(titles):
            titles[place].update(y=upper / inner, yshift=6, text=titles[place].text.replace("<br>", " " if titles[place].text.isascii() else ""))
        at = upper - high - below[place]
    if layout.showlegend:
        layout.legend.update(y=1, yanchor="bottom")


def _names_apart(figure: go.Figure, room: float) -> None:
    """Names at the ends of lines moved up and down until none lies on another."""
    layout = figure.layout
    wide = WIDTH - 2 * SIDE - layout.margin.l - layout.margin.r
    names = [one for one in layout.annotations if one.xanchor == "left" and one.xshift and str(one.xref or "x")[0] == "x" and str(one.yref or "y")[0] == "y"]
    boxes = []
    for one in names:
        across, upright = (layout[f"{axis}axis" + str(ref or axis)[1:]] for axis, ref in (("x", one.xref), ("y", one.yref)))
        if across.range is None or upright.range is None:
            continue
        low, high = upright.domain or (0, 1)
        foot = low * (room - layout.margin.t - layout.margin.b)
        x = (float(one.x) - across.range[0]) / (across.range[1] - across.range[0]) * wide + (one.xshift or 0)
        y = foot + (float(one.y) - upright.range[0]) / (upright.range[1] - upright.range[0]) * (high - low) * (room - layout.margin.t - layout.margin.b)
        boxes.append([one, x, x + text_width(one.text) * SMALLEST, y, y])
    for _ in range(40):
        for number, a in enumerate(boxes):
            for b in boxes[number + 1 :]:
                lower, upper = (a, b) if a[3] <= b[3] else (b, a)
                short = LINE - (upper[3] - lower[3])
                if short > 0.5 and a[1] < b[2] and b[1] < a[2]:
                    lower[3], upper[3] = lower[3] - short / 2, upper[3] + short / 2
    for one, _, _, new, old in boxes:
        one.yshift = new - old


def _total(figure: go.Figure) -> float | None:
    """The height in pixels of rows that are laid out in pixels (`rows.laid_out`), None where the figure has none."""
    reach = figure.layout.yaxis.range
    return float(reach[0]) if reach is not None and reach[1] == 0 and reach[0] > 10 else None


def _row_parts(figure: go.Figure, room: float, second: str) -> list[go.Figure]:
    """Rows with their names beside them, in as many parts as are needed to keep rows as high as their text."""
    names = _names_above(figure)
    if names:
        _names_beside(figure, names)
        _quiet_labels_left_away(figure, second)
    total = _total(figure) or 1.0
    middles, words = list(figure.layout.yaxis.tickvals), list(figure.layout.yaxis.ticktext)
    edges = [0.0, *((above + below) / 2 for above, below in pairwise(middles)), total]
    inner = room - (figure.layout.margin.t or 0) - (figure.layout.margin.b or 0)
    lines = [word.count("<br>") + 1 for word in words]
    pitch = max([LINE * (one + two) / 2 for one, two in pairwise(lines)], default=LINE) + 2
    needed = sum(max(_least(figure, start, end), pitch) for start, end in pairwise(edges))
    parts = max(1, -(-int(needed) // max(int(inner), 1)))
    most = -(-len(words) // parts)
    found = []
    for first in range(0, len(words), most):
        last = min(first + most, len(words))
        part = go.Figure(figure)
        start, end = edges[first], edges[last]
        if last - first < most and parts > 1:  # rows as high as those of the parts before
            end = start + (edges[most] - edges[0])
        part.update_yaxes(range=[end, start], tickvals=middles[first:last], ticktext=words[first:last])
        _keep_annotations(part, edges[first], edges[last])
        found.append(part)
    return found


def _least(figure: go.Figure, start: float, end: float) -> float:
    """Pixels the labels between two heights need: a line for each height they stand at."""
    heights = {round(float(one.y), 1) for one in figure.layout.annotations if one.yref in (None, "y") and start <= float(one.y) < end}
    return max(len(heights), 1) * (LINE + 2)


def _keep_annotations(part: go.Figure, start: float, end: float) -> None:
    """Only the words of the rows shown, and those that belong to the whole figure."""
    part.layout.annotations = [one for one in part.layout.annotations if one.yref not in (None, "y") or start <= float(one.y) < end]


def _names_above(figure: go.Figure) -> list[Any]:
    return [one for one in figure.layout.annotations if one.xref == "paper" and one.yref in (None, "y") and one.yanchor == "top"]


def _names_beside(figure: go.Figure, names: Sequence[Any]) -> None:
    """Names that stand above their rows, for a narrow screen, moved to the left of them; the rows close up."""
    line = 20 * SCALE / GROWN
    bands = sorted((float(one.y), line * (one.text.count("<br>") + 1)) for one in names)
    total = _total(figure) or 1.0

    def moved(at: Any) -> float:
        return float(at) - sum(high for top, high in bands if float(at) >= top + high * 0.5)

    own = {id(one) for one in names}
    tops = [top - sum(high for above, high in bands if above < top) for top, _ in bands]
    others = [one for one in figure.layout.annotations if id(one) not in own]
    for one in others:
        if one.yref in (None, "y"):
            one.y = moved(one.y)
    for trace in figure.data:
        trace.y = [moved(at) for at in trace.y]
    for shape in figure.layout.shapes:
        if shape.yref in (None, "y"):
            shape.y0, shape.y1 = moved(shape.y0), moved(shape.y1)
    total = moved(total)
    tops = [top - GAP for top in tops]
    ends = [*tops[1:], total]
    words = [wrapped(one.text.replace("<br>", " " if one.text.isascii() else ""), MOST_BESIDE) for one in sorted(names, key=lambda one: float(one.y))]
    figure.layout.annotations = others
    figure.update_yaxes(range=[total, 0], tickvals=[(top + end) / 2 for top, end in zip(tops, ends, strict=True)], ticktext=words)
    figure.update_layout(margin_l=64)


def _quiet_labels_left_away(figure: go.Figure, second: str) -> None:
    """Numbers at grey bars of earlier surveys stay on touch only where they would push the rows apart."""
    bars = [trace for trace in figure.data if trace.type == "bar"]
    heights = {round(float(at), 1) for trace in bars for at in trace.y}
    if len(heights) > len(figure.layout.yaxis.tickvals):
        figure.layout.annotations = [one for one in figure.layout.annotations if one.yref not in (None, "y") or one.font.color != second]
        figure.update_annotations(bgcolor=None)  # rows are closer now: a ground behind words would cover the bars beside them
