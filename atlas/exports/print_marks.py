"""Marks on paper: Plotly's symbols as discs and outlines."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin, sqrt

from atlas.exports.print_model import Disc, Item, Path, Point, Run, Stroke, UnprintableError

CLEAR = "rgba"
BY_COLOUR = ("circle", "diamond", "square", "triangle-up", "triangle-down")
"""Marks of lines in the order of their colours: without colour they tell the lines apart."""


def mark(x: float, y: float, symbol: str, size: float, fill: str, stroke: Stroke | None, opacity: float = 1.0, role: str = "mark") -> Item:
    """A mark of Plotly's `size` (pixels) around a point. Raises UnprintableError for a symbol that is not drawn here."""
    name, hollow = symbol.removesuffix("-open"), symbol.endswith("-open")
    if hollow:
        stroke, fill = Stroke(fill, max(stroke.width if stroke else 1.0, 1.5)), ""
    if name == "circle":
        return Disc(x, y, size / 2, fill, stroke, opacity, role)
    if name == "line-ns":
        return Path((((x, y - size / 2), (x, y + size / 2)),), stroke=stroke or Stroke(fill, 1.0), opacity=opacity, role=role)
    return Path((tuple((x + px, y + py) for px, py in corners(name, size / 2)),), fill, stroke, closed=True, opacity=opacity, role=role)


def corners(name: str, radius: float) -> Run:
    """The corners of a symbol around 0, y down, in the sizes Plotly gives them."""
    if name == "square":
        return _even(4, radius * sqrt(2), pi / 4)
    if name == "diamond":
        return _even(4, radius * 1.3, 0.0)
    if name == "triangle-up":
        return _even(3, radius * 2 / sqrt(3), 0.0)
    if name == "triangle-down":
        return _even(3, radius * 2 / sqrt(3), pi)
    if name in ("pentagon", "hexagon"):
        return _even(5 if name == "pentagon" else 6, radius, 0.0)
    if name == "star":
        outer = radius * 1.4
        return tuple(_at(outer if corner % 2 == 0 else outer * 0.382, pi * corner / 5) for corner in range(10))
    if name in ("cross", "x"):
        arm, long = radius * 0.4, radius * 1.2
        plus = [(arm, long), (arm, arm), (long, arm), (long, -arm), (arm, -arm), (arm, -long)]
        plus += [(-x, -y) for x, y in plus]
        turn = 0.0 if name == "cross" else pi / 4
        return tuple((x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)) for x, y in plus)
    raise UnprintableError(f"symbol {name}")


def _even(many: int, radius: float, first: float) -> Run:
    return tuple(_at(radius, first + 2 * pi * corner / many) for corner in range(many))


def _at(radius: float, angle: float) -> Point:
    return radius * sin(angle), -radius * cos(angle)


def marks_of_colours(colours: Sequence[str]) -> dict[str, str]:
    """Colour -> symbol, the first colour a circle."""
    return {colour: BY_COLOUR[place % len(BY_COLOUR)] for place, colour in enumerate(dict.fromkeys(colours))}
