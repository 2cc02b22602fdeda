"""What bars and points of a figure have in common: its panels, rows with their names, numbers, words and shapes in places of the plot."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from atlas.exhibits.model import Column, Table
from atlas.figures import numbers
from atlas.figures.rows import GAP, LINE
from atlas.stories.deck_model import Axis, Mark
from atlas.stories.deck_shapes import Ink, Paint
from atlas.stories.deck_text import one_line, plain

POINTS_A_PIXEL = 0.75
NEAR = 1e-9
_BAND = re.compile(r"<b>(?P<band>[^<]*)</b><br>(?P<name>.+)")


@dataclass(frozen=True)
class Panel:
    """One pair of axes with what is drawn on it."""

    x: Any
    y: Any
    traces: tuple[Any, ...]
    notes: tuple[Any, ...]
    shapes: tuple[Any, ...]
    title: str


@dataclass(frozen=True)
class Rows:
    """Rows of a figure: their names, the middle of each and the distance between two, in the figure's units."""

    names: tuple[str, ...]
    middles: tuple[float, ...]
    pitch: float

    def at(self, position: float) -> float:
        """A position counted in rows of equal height; the middle of the first is 0.5."""
        return self.row(position) + 0.5 + self.off(position)

    def row(self, position: float) -> int:
        """The row a position lies in."""
        return min(range(len(self.middles)), key=lambda one: abs(self.middles[one] - position))

    def off(self, position: float) -> float:
        """How far from the middle of its row, in rows."""
        return round((position - self.middles[self.row(position)]) / self.pitch, 6)


def panels_of(figure: go.Figure) -> list[Panel]:
    """The figure's pairs of axes in their order, those that stand above first."""
    layout = figure.layout
    pairs = list(dict.fromkeys(((trace.xaxis or "x"), (trace.yaxis or "y")) for trace in figure.data))
    found = []
    for x_id, y_id in pairs:
        x_axis, y_axis = layout[f"xaxis{x_id[1:]}"], layout[f"yaxis{y_id[1:]}"]
        traces = tuple(one for one in figure.data if (one.xaxis or "x", one.yaxis or "y") == (x_id, y_id))
        own = {x_id, y_id}
        notes = tuple(one for one in layout.annotations if _belongs(one, own, len(pairs)))
        shapes = tuple(one for one in layout.shapes if _belongs(one, own, len(pairs)))
        found.append(Panel(x_axis, y_axis, traces, notes, shapes, _title(layout, y_axis) if len(pairs) > 1 else ""))
    return found


def _belongs(thing: Any, own: set[str], panels: int) -> bool:
    named = {(ref or own_id).split(" ")[0] for ref, own_id in ((thing.xref, "x"), (thing.yref, "y"))} - {"paper"}
    return named <= own if named else panels == 1


def _title(layout: Any, y_axis: Any) -> str:
    top = y_axis.domain[1]
    words = [one.text for one in layout.annotations if one.xref == "paper" and one.yref == "paper" and abs(float(one.y) - top) < NEAR]
    return one_line(words[0]) if words else ""


def rows_of(panel: Panel, axis: Any) -> Rows | None:
    """The rows of an axis whose ticks are names, or whose names stand above what is drawn; None for an axis of values."""
    ticks = [float(one) for one in axis.tickvals] if axis.tickvals is not None else None
    if ticks and axis.ticktext is not None:
        pitch = min((b - a for a, b in pairwise(sorted(ticks))), default=abs(float(axis.range[0]) - float(axis.range[1])))
        return Rows(tuple(_name(str(one)) for one in axis.ticktext), tuple(ticks), pitch or 1.0)
    above = sorted((one for one in panel.notes if one.xref == "paper" and one.yanchor == "top" and one.yref in (None, "y")), key=lambda one: float(one.y))
    if ticks != [] or not above:
        return None
    total = max(float(one) for one in axis.range)
    starts = [float(one.y) + LINE * (str(one.text).count("<br>") + 1) for one in above]
    ends = [float(one.y) - 2 * GAP for one in above[1:]] + [total - GAP]
    drawn = max(end - start for start, end in zip(starts, ends, strict=True))
    return Rows(tuple(_name(str(one.text)) for one in above), tuple(start + drawn / 2 for start in starts), drawn + 2 * GAP)


def _name(text: str) -> str:
    """A row's name, without the word of the stretch that begins there."""
    found = _BAND.fullmatch(text)
    return one_line(found["name"] if found else text)


def bands(panel: Panel, rows: Rows) -> list[Mark]:
    """The words of stretches of rows, below the line at which each begins."""
    found = [(_BAND.fullmatch(str(note.text)), note) for note in panel.notes if is_row_name(note)]
    return [
        Mark(
            "words", 1.0, rows.names.index(one_line(band["name"])) / len(rows.names), text=plain(band["band"]), colour=str(note.font.color), side="b", align="r"
        )
        for band, note in found
        if band
    ]


def is_row_name(note: Any) -> bool:
    """Is an annotation the name of a row that stands above it?"""
    return bool(note.xref == "paper" and note.yanchor == "top" and note.yref in (None, "y"))


def column_of(table: Table, shown: Iterable[float | None]) -> Column | None:
    """The table's column in which all these numbers stand; None where there is none."""
    wanted = {round(one, 9) for one in shown if one is not None}
    for column in table.columns:
        if wanted and column.kind not in ("text", "year"):
            held = {round(float(one), 9) for one in table.rows[column.id] if not numbers.is_missing(one)}
            if wanted <= held:
                return column
    return None


def as_held(table: Table, column: Column | None, shown: Sequence[float]) -> list[float]:
    """Numbers that were added up for the figure as the table's column has them."""
    if column is None:
        return list(shown)
    held = {round(float(one), 9): float(one) for one in table.rows[column.id] if not numbers.is_missing(one)}
    return [held.get(round(one, 9), one) for one in shown]


def stroke(line: Any, default: str = "#55616E") -> Ink:
    """A line of the figure."""
    width = 1.0 if line.width is None else float(line.width)
    return Ink(str(line.color or default), width * POINTS_A_PIXEL, str(getattr(line, "dash", None) or "solid"))


def bar_paint(trace: Any, colour: Any) -> Paint:
    """A bar's fill, hatched where its pattern says so."""
    pattern = trace.marker.pattern
    if pattern is not None and pattern.shape:
        return Paint(str(pattern.fgcolor), hatched=True, ground=str(pattern.bgcolor or "#FFFFFF"))
    return Paint(str(colour))


def part(value: float, axis: Axis) -> float:
    """Where a value lies on an axis, 0 at its low end."""
    if axis.log:
        return math.log(value / axis.low) / math.log(axis.high / axis.low)
    return (value - axis.low) / ((axis.high - axis.low) or 1.0)


def box_mark(shape: Any, xs: Sequence[float], ys: Sequence[float]) -> Mark:
    """A rectangle of the figure between places of the plot."""
    colour = str(shape.fillcolor or "")
    opacity = 1.0 if shape.opacity is None else float(shape.opacity)
    line = stroke(shape.line) if shape.line.width is None or shape.line.width else None
    return Mark("box", min(xs), min(ys), max(xs), max(ys), Paint(colour, opacity), line, behind=shape.layer == "below")


def words_mark(note: Any, x: float, y: float) -> Mark:
    """Words of the figure at a place of the plot."""
    side = {"bottom": "t", "top": "b"}.get(str(note.yanchor), "ctr")
    align = {"left": "l", "right": "r"}.get(str(note.xanchor), "ctr")
    return Mark("words", x, y, text=one_line(note.text), colour=str(note.font.color or "#1C2430"), side=side, align=align)
