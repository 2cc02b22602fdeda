"""Names of lines on paper: where one lies on other lines or names it stands elsewhere at its point, for there is no pointer to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from atlas.exports.print_model import Disc, Drawing, Measure, Path, Words, extent

End = tuple[int, float, float]
"""Number of the item that names a line, x and y of the point it stands for."""
BESIDE, ABOVE = 10.0, 9.0
"""Pixels between a point and its name, beside it and above or below it."""
ON_NAME, ON_MARK, ON_LINE = 10.0, 4.0, 2.0
OUTSIDE = 20.0
FAR = 0.4
"""What a place further down the list costs."""


def places_of(x: float, y: float) -> list[tuple[float, float, str, str]]:
    """Where a name may stand around a point, best first: x, y, which part of the words stands there."""
    return [
        (x + BESIDE, y, "left", "middle"), (x, y - ABOVE, "center", "bottom"), (x, y + ABOVE, "center", "top"),
        (x + BESIDE, y - ABOVE, "left", "bottom"), (x + BESIDE, y + ABOVE, "left", "top"), (x - BESIDE, y - ABOVE, "right", "bottom"),
        (x - BESIDE, y + ABOVE, "right", "top"), (x - BESIDE, y, "right", "middle"),
    ]  # fmt: skip


def set_apart(drawing: Drawing, ends: Sequence[End], measure: Measure, frame: tuple[float, float, float, float]) -> None:
    """Move the names that lie on something. frame: left, top, right and bottom they stay in, pixels."""
    lines = [LineString(run) for item in drawing.items if isinstance(item, Path) and item.role == "line" for run in item.runs if len(run) > 1]
    marks = [box(*extent(item, measure)) for item in drawing.items if isinstance(item, Disc | Path) and item.role == "mark"]
    words = {at: box(*extent(item, measure)) for at, item in enumerate(drawing.items) if isinstance(item, Words) and item.text.strip()}
    for at, x, y in ends:
        item = drawing.items[at]
        if not isinstance(item, Words):
            continue
        others = [shape for other, shape in words.items() if other != at]
        best, least = item, _cost(item, others, marks, lines, measure, frame)
        if least >= ON_LINE:
            for number, (px, py, across, down) in enumerate(places_of(x, y), 1):
                moved = replace(item, x=px, y=py, across=across, down=down)
                cost = _cost(moved, others, marks, lines, measure, frame) + FAR * number
                if cost < least:
                    best, least = moved, cost
        drawing.items[at] = best
        words[at] = box(*extent(best, measure))


def _cost(
    item: Words, words: Sequence[BaseGeometry], marks: Sequence[BaseGeometry], lines: Sequence[BaseGeometry], measure: Measure, frame: tuple[float, ...]
) -> float:
    """How much a name would lie on: other names most, then points, then lines."""
    left, top, right, bottom = extent(item, measure)
    own = box(left, top + item.height * 0.15, right, bottom - item.height * 0.15)
    outside = OUTSIDE if left < frame[0] or top < frame[1] or right > frame[2] or bottom > frame[3] else 0.0
    hit = [sum(shapely.intersects(own, one) for one in group) for group in (words, marks, lines)]
    return outside + ON_NAME * hit[0] + ON_MARK * hit[1] + ON_LINE * hit[2]
