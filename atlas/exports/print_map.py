"""A map of districts on paper: areas in the colours of their classes, lines, names and marks over them, as on the page, with its legend below."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import shapely
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from atlas.exports.print_bars import HATCH_STEP, LIGHT_HATCH
from atlas.exports.print_grey import channels, ink_on, patterns
from atlas.exports.print_marks import CLEAR, mark
from atlas.exports.print_model import Drawing, Path, Stroke, UnprintableError, Words, clipped, hatching, lines_of, rings_of
from atlas.exports.print_notes import note_items, notes_of, shape_items, shapes_of
from atlas.exports.print_points import stroke_of
from atlas.figures.look import LIGHT
from atlas.figures.read_back import class_colour, each, runs, spots, values

SMALLEST_NAME = 11.0
"""Pixels: a name on a district is never smaller."""
SHADED = 9.0
"""Pixels between the lines over ground within reach: shading alone is lost in grey."""
SHADE_BELOW = 0.4
SHADES = ("\\", "|")


def is_map(figure: go.Figure) -> bool:
    """Is it a map?"""
    return any(trace.type in ("choropleth", "scattergeo") for trace in figure.data)


class Ground:
    """Longitude and latitude to pixels, in Mercator's projection as on the page."""

    def __init__(self, geo: Any, width: float, height: float) -> None:
        if geo.projection.type != "mercator" or geo.lonaxis.range is None or geo.lataxis.range is None:
            raise UnprintableError(f"a map in the projection {geo.projection.type}")
        (west, east), (south, north) = ([float(one) for one in axis.range] for axis in (geo.lonaxis, geo.lataxis))
        (x0, x1), (y0, y1) = geo.domain.x or (0, 1), geo.domain.y or (0, 1)
        left, top, wide, high = x0 * width, (1 - y1) * height, (x1 - x0) * width, (y1 - y0) * height
        upper, lower = _northing(north), _northing(south)
        self.scale = min(wide / math.radians(east - west), high / (upper - lower))
        seen_wide, seen_high = math.radians(east - west) * self.scale, (upper - lower) * self.scale
        self.x = left + (wide - seen_wide) / 2 - math.radians(west) * self.scale
        self.y = top + (high - seen_high) / 2 + upper * self.scale
        self.frame = (left + (wide - seen_wide) / 2, top + (high - seen_high) / 2, left + (wide + seen_wide) / 2, top + (high + seen_high) / 2)
        self.view = box(west, south, east, north)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """The pixel of a place."""
        return self.x + math.radians(longitude) * self.scale, self.y - _northing(latitude) * self.scale

    def area(self, of: BaseGeometry) -> tuple[tuple[tuple[float, float], ...], ...]:
        """The rings of what of an area is in view."""
        seen = of if self.view.covers(of) else shapely.intersection(shapely.make_valid(of), self.view)
        return tuple(tuple(self.at(x, y) for x, y in ring) for ring in rings_of(seen))

    def sees(self, longitude: float, latitude: float) -> bool:
        """Whether a place is in view."""
        return bool(self.view.covers(shapely.Point(longitude, latitude)))


def _northing(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def draw_map(figure: go.Figure, width: float) -> Drawing:
    """The map with its legend, as high as the figure is."""
    layout = figure.layout
    if any(trace.type not in ("choropleth", "scattergeo") for trace in figure.data):
        raise UnprintableError("a map with a chart in it")
    height = float(layout.height)
    drawing = Drawing(width, height)
    ground = Ground(layout.geo, width, height)
    grey, shades = _grey(figure.data), _shades(figure.data)
    known: dict[int, Mapping[str, BaseGeometry]] = {}
    for trace in figure.data:
        if trace.type == "choropleth":
            if not isinstance(trace.geojson, dict):
                raise UnprintableError("a map whose shapes lie elsewhere")
            shapes = known.setdefault(id(trace.geojson), {str(one["properties"]["code"]): shape(one["geometry"]) for one in trace.geojson["features"]})
            _areas(drawing, ground, trace, shapes, grey, shades)
        else:
            _over(drawing, ground, trace)

    def spot(reference: str | None, direction: str, value: float, _: bool) -> float:
        if reference != "paper":
            raise UnprintableError(f"a place on {reference} of a map")
        return value * width if direction == "x" else (1 - value) * height

    fields = {**grey, **_fields_of(shades, [str(one.fillcolor) for one in shapes_of(layout) if one.type == "rect" and one.fillcolor])}
    for one in shapes_of(layout):
        drawing.add(*shape_items(one, spot, fields))
    for one in notes_of(layout):
        drawing.add(*note_items(one, spot, layout.font))
    return drawing


def _grey(traces: Sequence[Any]) -> Mapping[str, str]:
    """Colour -> pattern for the classes that look alike in grey."""
    scales = [[str(colour) for _, colour in trace.colorscale] for trace in traces if trace.type == "choropleth" and trace.zmin is not None]
    return patterns(max(scales, key=len)) if scales else {}


def _shades(traces: Sequence[Any]) -> dict[str, str]:
    """Colour -> pattern of ground that is only shaded."""
    found = [
        class_colour(one, 0.0) for one in traces if one.type == "choropleth" and isinstance(one.marker.opacity, float) and one.marker.opacity < SHADE_BELOW
    ]
    return {colour: SHADES[place % len(SHADES)] for place, colour in enumerate(dict.fromkeys(found))}


def _fields_of(shades: Mapping[str, str], fills: Sequence[str]) -> dict[str, str]:
    """Colour -> pattern of the legend's fields that stand for shaded ground: those that look most like the shading over a pale district."""
    found: dict[str, str] = {}
    for colour, pattern in shades.items():
        seen = [(own + (SHADE_BELOW - 0.05) * (over - own)) for own, over in zip(channels(LIGHT.sequential[0]), channels(colour), strict=True)]
        free = [one for one in fills if one.startswith("#") and one not in (*found, LIGHT.grid, LIGHT.page)]
        if free:
            found[min(free, key=lambda one: math.dist(channels(one), seen))] = pattern
    return found


def _areas(drawing: Drawing, ground: Ground, trace: Any, shapes: Mapping[str, BaseGeometry], grey: Mapping[str, str], shades: Mapping[str, str]) -> None:
    codes = [str(one) for one in trace.locations]
    opacities = each(trace.marker.opacity, len(codes))
    border = trace.marker.line
    clear = not border.width or not border.color or str(border.color).startswith(CLEAR)
    line = None if clear else Stroke(str(border.color), float(border.width))
    for at, (code, value) in enumerate(zip(codes, values(trace.z), strict=True)):
        colour = class_colour(trace, value)
        fill = "" if colour.startswith(CLEAR) else colour
        if code not in shapes or not (fill or line):
            continue
        rings = ground.area(shapes[code])
        opacity = 1.0 if opacities[at] is None else float(opacities[at])
        if not rings:
            continue
        drawing.add(Path(rings, fill, line, closed=True, opacity=opacity, role="area"))
        if fill in shades and opacity < SHADE_BELOW:
            drawing.add(hatching(rings, shades[fill], SHADED, Stroke(fill, LIGHT_HATCH), "shade"), Path(rings, stroke=Stroke(fill, 1.0), closed=True))
        elif fill in grey:
            drawing.add(hatching(rings, grey[fill], HATCH_STEP, Stroke(ink_on(fill), LIGHT_HATCH)))


def _over(drawing: Drawing, ground: Ground, trace: Any) -> None:
    """Lines, marks and names over the areas."""
    longitudes, latitudes, mode = values(trace.lon), values(trace.lat), str(trace.mode)
    if mode == "lines":
        lines = [part for run in runs(spots(longitudes, latitudes)) for part in clipped([ground.at(x, y) for x, y in run], ground.frame)]
        drawing.add(Path(tuple(lines), stroke=stroke_of(trace.line), role="line"))
        return
    if mode not in ("markers", "text", "markers+text"):
        raise UnprintableError(f"scattergeo ({mode})")
    seen = [(at, ground.at(x, y)) for at, (x, y) in enumerate(zip(longitudes, latitudes, strict=True)) if x is not None and y is not None and ground.sees(x, y)]
    if "markers" in mode:
        _marks(drawing, trace, seen, len(longitudes))
    if "text" in mode:
        texts, colours = each(trace.text, len(longitudes)), each(trace.textfont.color, len(longitudes))
        size = max(float(trace.textfont.size or 14), SMALLEST_NAME)
        drawing.add(*(Words(x, y, lines_of(texts[at], size), str(colours[at] or LIGHT.text), role="name") for at, (x, y) in seen))


def _marks(drawing: Drawing, trace: Any, seen: Sequence[tuple[int, tuple[float, float]]], count: int) -> None:
    marker = trace.marker
    sizes, colours = each(marker.size, count), each(marker.color, count)
    width = 0.0 if marker.line.width is None else float(marker.line.width)
    rim = Stroke(str(marker.line.color), width) if width and marker.line.color else None
    opacity = 1.0 if marker.opacity is None else float(marker.opacity)
    for at, (x, y) in seen:
        drawing.add(mark(x, y, str(marker.symbol or "circle"), float(sizes[at] or 6), str(colours[at] or LIGHT.text), rim, opacity))
