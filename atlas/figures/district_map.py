"""School districts coloured by class: white borders, hatching, dots and dashes for what is not an ordinary figure, a legend in words below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.map_legend import PALE, ROW, Key, draw_legend
from atlas.figures.rows import text_width
from atlas.figures.shapes import Ground, Lines, dots, hatching, outline, room_for
from atlas.figures.tiles import text_on

MAP_HEIGHT = 520
NOMINAL_WIDTH = 620
"""The width names are tried against; narrower screens leave them away (page_map.css)."""
DASHED = 200
"""A dashed border needs no more corners than the map has steps of this size."""
PATTERNS = {"suppressed": "hatched", "merged": "hatched", "withheld": "hatched", "estimated": "dotted", "uncertain": "pale"}
MARKS = {"school": ("square", 9), "place": ("diamond", 10)}
CLEAR = "rgba(0,0,0,0)"
FULL = {"marker": {"opacity": 1}}


@dataclass(frozen=True)
class District:
    """One district: class from 0 (None: no value), state, what a touch says, the name to write on it."""

    code: str
    group: int | None
    state: str
    tip: str
    name: str = ""


@dataclass(frozen=True)
class Piece:
    """One city's districts on their ground. `address`: where the shapes lie; None: the figure carries them."""

    ground: Ground
    address: str | None
    districts: Sequence[District]

    @property
    def geojson(self) -> Any:
        """What Plotly takes: an address or the shapes themselves."""
        import json

        return self.address or json.loads(self.ground.text)


@dataclass(frozen=True)
class Point:
    """A school or a place."""

    longitude: float
    latitude: float
    kind: str
    tip: str


@dataclass(frozen=True)
class Drawing:
    """All that stands on one map."""

    pieces: Sequence[Piece]
    small: Sequence[Piece] = ()
    colours: Sequence[str] = ()
    keys: Sequence[Key] = ()
    legend_title: str = ""
    points: Sequence[Point] = ()
    chosen: str | None = None
    close: bool = False
    rest_tip: str = field(default="")
    tip_line: str = ""
    """What every district's tip ends with."""


def district_map(look: Look, drawing: Drawing) -> go.Figure:
    """Draw the map and its legend."""
    palette = look.palette
    rows = len(drawing.keys) + 1
    legend = (rows * ROW + 12) * (1 + (look.scale - 1) * 0.6)
    height = MAP_HEIGHT + legend
    figure = base_figure(look, height=int(height / (1 + (look.scale - 1) * 0.6)), left=0, right=0, top=0, bottom=0)
    view = _view(drawing)
    span = max(view[2] - view[0], view[3] - view[1])
    for piece in drawing.pieces:
        _ground(figure, look, piece, drawing)
    for piece in drawing.small:
        _areas(figure, look, piece, drawing, span, width=0.5, line=palette.page)
    if drawing.small:
        for piece in drawing.pieces:
            _lines(figure, _joined([outline(piece.ground.shapes[one.code]) for one in piece.districts]), palette.text, 1.2)
    else:
        _names(figure, look, drawing, view)
    _points(figure, look, drawing.points)
    _chosen(figure, look, drawing)
    figure.update_geos(
        visible=False,
        projection_type="mercator",
        bgcolor=CLEAR,
        lonaxis={"range": [view[0], view[2]], "showgrid": False},
        lataxis={"range": [view[1], view[3]], "showgrid": False},
        domain={"x": [0, 1], "y": [legend / height, 1]},
        center={"lon": (view[0] + view[2]) / 2, "lat": (view[1] + view[3]) / 2},
    )
    figure.update_layout(margin={"pad": 0}, uirevision="keep", clickmode="event+select")
    figure.layout.xaxis, figure.layout.yaxis = None, None
    draw_legend(figure, look, drawing.legend_title, drawing.keys)
    return figure


def _view(drawing: Drawing) -> tuple[float, float, float, float]:
    """West, south, east, north of what is to be seen, with a margin: everything, or the chosen district's surroundings."""
    boxes = [piece.ground.bounds for piece in drawing.pieces]
    if drawing.close:
        near = [shape.bounds for piece in drawing.pieces if (shape := piece.ground.shapes.get(drawing.chosen or ""))]
        boxes = near or boxes
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    part = 0.6 if drawing.close else 0.02
    wide, high = (east - west) * part, (north - south) * part
    return west - wide, south - high, east + wide, north + high


def _ground(figure: go.Figure, look: Look, piece: Piece, drawing: Drawing) -> None:
    """Pale grey where there is no district, then the districts."""
    if piece.ground.rest:
        _choropleth(figure, piece, [piece.ground.rest], colour=look.palette.grid, line=CLEAR, width=0, tips=[drawing.rest_tip])
    if drawing.small:
        _choropleth(figure, piece, [one.code for one in piece.districts], colour=CLEAR, line=CLEAR, width=0, tips=None)
        return
    span = max(piece.ground.bounds[2] - piece.ground.bounds[0], piece.ground.bounds[3] - piece.ground.bounds[1])
    _areas(figure, look, piece, drawing, span, width=1.5, line=look.palette.page)


def _areas(figure: go.Figure, look: Look, piece: Piece, drawing: Drawing, span: float, *, width: float, line: str) -> None:
    """Areas with a value in the colour of their class; those without hatched or dashed on the page's own colour."""
    colours, tail = drawing.colours, f"<br>{drawing.tip_line}" if drawing.tip_line else ""
    palette = look.palette
    valued = [one for one in piece.districts if one.group is not None]
    bare = [one for one in piece.districts if one.group is None]
    if valued:
        steps = max(len(colours), 1)
        scale = [[edge / steps, colour] for place, colour in enumerate(colours) for edge in (place, place + 1)]
        figure.add_trace(
            go.Choropleth(
                geojson=piece.geojson,
                featureidkey="properties.code",
                locations=[one.code for one in valued],
                z=[one.group for one in valued],
                zmin=-0.5,
                zmax=steps - 0.5,
                colorscale=scale,
                showscale=False,
                customdata=[one.tip for one in valued],
                hovertemplate=f"%{{customdata}}{tail}<extra></extra>",
                marker={"line": {"color": line, "width": width}, "opacity": [PALE if one.state == "uncertain" else 1 for one in valued]},
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 1}},
            )
        )
    if bare:
        _choropleth(figure, piece, [one.code for one in bare], colour=palette.page, line=CLEAR, width=0, tips=[one.tip + tail for one in bare])
    shapes = piece.ground.shapes
    hatched = [one for one in piece.districts if PATTERNS.get(one.state) == "hatched"]
    _lines(figure, _joined([hatching(shapes[one.code], span) for one in hatched]), palette.second, 1)
    _lines(figure, _joined([outline(shapes[one.code]) for one in hatched]), palette.second, 1)
    empty = [one for one in bare if one not in hatched]
    _lines(figure, _joined([outline(shapes[one.code].simplify(span / DASHED)) for one in empty]), palette.second, 1, dash="dash")
    for one in valued:
        if PATTERNS.get(one.state) == "dotted":
            xs, ys = dots(shapes[one.code], span)
            colour = text_on(colours[one.group or 0])
            figure.add_trace(go.Scattergeo(lon=xs, lat=ys, mode="markers", marker={"size": 2.5, "color": colour, "opacity": 0.6}, hoverinfo="skip"))


def _choropleth(figure: go.Figure, piece: Piece, codes: list[str], *, colour: str, line: str, width: float, tips: list[str] | None) -> None:
    """Areas in one colour."""
    figure.add_trace(
        go.Choropleth(
            geojson=piece.geojson,
            featureidkey="properties.code",
            locations=codes,
            z=[0] * len(codes),
            colorscale=[[0, colour], [1, colour]],
            showscale=False,
            customdata=tips,
            hovertemplate="%{customdata}<extra></extra>" if tips else None,
            hoverinfo=None if tips else "skip",
            marker={"line": {"color": line, "width": width}},
            **({"selected": FULL, "unselected": FULL} if tips else {}),
        )
    )


def _joined(parts: Sequence[Lines]) -> Lines:
    return [x for part in parts for x in part[0]], [y for part in parts for y in part[1]]


def _lines(figure: go.Figure, lines: Lines, colour: str, width: float, dash: str = "solid") -> None:
    if lines[0]:
        figure.add_trace(go.Scattergeo(lon=lines[0], lat=lines[1], mode="lines", line={"color": colour, "width": width, "dash": dash}, hoverinfo="skip"))


def _names(figure: go.Figure, look: Look, drawing: Drawing, view: tuple[float, float, float, float]) -> None:
    """Names where they fit, in black or white as the colour below wants it."""
    size = look.px()
    flat = cos(radians((view[1] + view[3]) / 2))
    pixel = max((view[2] - view[0]) / NOMINAL_WIDTH, (view[3] - view[1]) / flat / MAP_HEIGHT)  # degrees of longitude
    found = []
    for piece in drawing.pieces:
        for one in piece.districts:
            if not one.name or PATTERNS.get(one.state) in ("hatched", "dotted"):
                continue
            at = room_for(piece.ground.shapes[one.code], text_width(one.name) * size * 1.04 * pixel, size * 1.3 * pixel * flat)
            if at:
                colour = look.palette.text if one.group is None or one.state == "uncertain" else text_on(drawing.colours[one.group])
                found.append((*at, one.name, colour))
    if found:
        xs, ys, names, colours = zip(*found, strict=True)
        font = {"size": size, "color": list(colours)}
        figure.add_trace(go.Scattergeo(lon=list(xs), lat=list(ys), text=list(names), mode="text", textfont=font, hoverinfo="skip"))


def _points(figure: go.Figure, look: Look, points: Sequence[Point]) -> None:
    palette = look.palette
    for kind, (symbol, size) in MARKS.items():
        own = [point for point in points if point.kind == kind]
        if own:
            figure.add_trace(
                go.Scattergeo(
                    lon=[point.longitude for point in own],
                    lat=[point.latitude for point in own],
                    mode="markers",
                    marker={
                        "symbol": symbol,
                        "size": size,
                        "color": palette.caution if kind == "place" else palette.page,
                        "line": {"color": palette.text, "width": 1.5},
                    },
                    customdata=[point.tip for point in own],
                    hovertemplate="%{customdata}<extra></extra>",
                    selected={"marker": {"opacity": 1}},
                    unselected={"marker": {"opacity": 1}},
                )
            )


def _chosen(figure: go.Figure, look: Look, drawing: Drawing) -> None:
    """The chosen district in ink, on a seam of the page's colour so that it shows on every class."""
    for piece in drawing.pieces:
        if drawing.chosen in piece.ground.shapes:
            for colour, width in ((look.palette.page, 7), (look.palette.text, 3.5)):
                _choropleth(figure, piece, [str(drawing.chosen)], colour=CLEAR, line=colour, width=width, tips=None)
