"""Places and how far they reach: pale districts, the ground within reach shaded, small areas as dots sized by their people, places as marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin
from typing import Any

import plotly.graph_objects as go
from shapely.geometry.base import BaseGeometry

from atlas.figures.district_map import Drawing, district_map
from atlas.figures.look import Look
from atlas.figures.map_legend import ROW, Key
from atlas.figures.shapes import ground

SMALLEST, LARGEST = 4.0, 17.0
"""Diameter in pixels of a dot without people and of the largest."""
ALL_SHOWN = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
CORNERS = {"diamond": (4, 0.0), "square": (4, pi / 4), "triangle-up": (3, 0.0), "triangle-down": (3, pi), "pentagon": (5, 0.0), "hexagon": (6, 0.0)}
"""Marks with even corners: how many, and the angle of the first from the top."""


@dataclass(frozen=True)
class Sign:
    """A mark: Plotly's symbol, colour, hollow or filled."""

    symbol: str
    colour: str
    hollow: bool = False


@dataclass(frozen=True)
class Shade:
    """Ground in one colour (longitude, latitude), so thin that what lies below stays to be seen."""

    shape: BaseGeometry
    colour: str
    opacity: float


@dataclass(frozen=True)
class Dots:
    """Points of one sign. sizes: diameters in pixels."""

    longitudes: Sequence[float]
    latitudes: Sequence[float]
    sizes: Sequence[float]
    tips: Sequence[str]
    sign: Sign
    edge: str = ""
    """Colour of the rim of filled signs; the page's where empty."""


@dataclass(frozen=True)
class Numbered:
    """A place with its number on the map."""

    longitude: float
    latitude: float
    number: str
    tip: str


def dot_size(value: float, largest: float) -> float:
    """Diameter of the dot of so many people: the dot's area goes with them."""
    return round(SMALLEST + (LARGEST - SMALLEST) * (max(value, 0.0) / largest) ** 0.5, 1) if largest > 0 else SMALLEST


def reach_map(
    look: Look, drawing: Drawing, *, shades: Sequence[Shade] = (), dots: Sequence[Dots] = (), numbered: Sequence[Numbered] = (), signs: Mapping[int, Sign]
) -> go.Figure:
    """Draw them over the districts of `drawing`. signs: line of the legend (from 0) -> the mark that stands there instead of a field."""
    figure = district_map(look, drawing)
    for shade in shades:
        if not shade.shape.is_empty:
            figure.add_trace(_shade(shade))
    for one in dots:
        if len(one.longitudes):
            figure.add_trace(_dots(look, one))
    if numbered:
        figure.add_trace(_numbers(look, numbered))
    figure.update_layout(clickmode="event")
    _legend_signs(figure, look, len(drawing.keys), signs)
    return figure


def _shade(shade: Shade) -> go.Choropleth:
    import json

    drawn = ground({"reach": shade.shape})
    return go.Choropleth(
        geojson=json.loads(drawn.text), featureidkey="properties.code", locations=["reach"], z=[0], colorscale=[[0, shade.colour], [1, shade.colour]],
        showscale=False, hoverinfo="skip", marker={"opacity": shade.opacity, "line": {"color": shade.colour, "width": 1}},
    )  # fmt: skip


def _dots(look: Look, dots: Dots) -> go.Scattergeo:
    sign = dots.sign
    line = {"color": sign.colour, "width": 2} if sign.hollow else {"color": dots.edge or look.palette.page, "width": 1}
    return go.Scattergeo(
        lon=list(dots.longitudes), lat=list(dots.latitudes), mode="markers", customdata=list(dots.tips), hovertemplate="%{customdata}<extra></extra>",
        marker={"symbol": sign.symbol + ("-open" if sign.hollow else ""), "size": list(dots.sizes), "color": sign.colour, "opacity": 1, "line": line},
        **ALL_SHOWN,
    )  # fmt: skip


def _numbers(look: Look, numbered: Sequence[Numbered]) -> go.Scattergeo:
    palette = look.palette
    return go.Scattergeo(
        lon=[one.longitude for one in numbered], lat=[one.latitude for one in numbered], text=[f"<b>{one.number}</b>" for one in numbered],
        mode="markers+text", textposition="middle center", textfont={"size": look.px(14), "color": palette.page},
        customdata=[one.tip for one in numbered], hovertemplate="%{customdata}<extra></extra>",
        marker={"symbol": "circle", "size": 25 * look.scale, "color": palette.text, "opacity": 1, "line": {"color": palette.page, "width": 2}},
        **ALL_SHOWN,
    )  # fmt: skip


def _legend_signs(figure: go.Figure, look: Look, lines: int, signs: Mapping[int, Sign]) -> None:
    """Put marks where the legend has fields."""
    step = ROW * (1 + (look.scale - 1) * 0.6)
    middles = {line: (lines + 1) * step - step * (line + 1.5) for line in signs}
    # A line with a mark has an ordinary field, which is one shape with two heights; patterns within fields are paths and have none.
    kept = [one for one in figure.layout.shapes if one.y0 is None or all(abs((one.y0 + one.y1) / 2 - middle) > 1 for middle in middles.values())]
    figure.layout.shapes = (*kept, *(_legend_mark(look, signs[line], middle) for line, middle in middles.items()))


def _legend_mark(look: Look, sign: Sign, middle: float) -> dict[str, Any]:
    centre, size = 14.0, 7.5
    paint = {"fillcolor": "rgba(0,0,0,0)" if sign.hollow else sign.colour, "line": {"color": sign.colour, "width": 2 if sign.hollow else 0}}
    if sign.symbol in CORNERS:
        many, first = CORNERS[sign.symbol]
        corners = [(centre + size * sin(first + 2 * pi * i / many), middle + size * cos(first + 2 * pi * i / many)) for i in range(many)]
    elif sign.symbol == "star":
        corners = [(centre + r * sin(pi * i / 5), middle + r * cos(pi * i / 5)) for i in range(10) for r in (size + 1 if i % 2 == 0 else size * 0.42,)]
    elif sign.symbol in ("cross", "x"):
        arm, turn = size * 0.36, 0.0 if sign.symbol == "cross" else pi / 4
        plus = [(arm, size), (arm, arm), (size, arm), (size, -arm), (arm, -arm), (arm, -size), (-arm, -size), (-arm, -arm), (-size, -arm), (-size, arm),
                (-arm, arm), (-arm, size)]  # fmt: skip
        corners = [(centre + x * cos(turn) - y * sin(turn), middle + x * sin(turn) + y * cos(turn)) for x, y in plus]
    else:
        return {"type": "circle", "x0": centre - size, "x1": centre + size, "y0": middle - size, "y1": middle + size} | paint
    path = "M " + " L ".join(f"{x:.1f},{y:.1f}" for x, y in corners) + " Z"
    return {"type": "path", "path": path} | paint


def signed_keys(rows: Sequence[tuple[str, Sign]], fields: Sequence[Key]) -> tuple[list[Key], dict[int, Sign]]:
    """A legend of marks above fields, as `Drawing` and `reach_map` take it."""
    return [*(Key(words, sign.colour) for words, sign in rows), *fields], {line: sign for line, (_, sign) in enumerate(rows)}


def without_names(drawing: Drawing) -> Drawing:
    """The districts without their names: dots and marks stand there."""
    pieces = [replace(piece, districts=[replace(one, name="") for one in piece.districts]) for piece in drawing.pieces]
    return replace(drawing, pieces=pieces)
