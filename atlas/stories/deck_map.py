"""Maps and tile maps as native shapes: every district an outline of its own with its name, its colour and what a touch says on the page."""

from __future__ import annotations

import math
import re
from typing import Any

import plotly.graph_objects as go
import shapely
from shapely.geometry import LineString, box, shape
from shapely.geometry.base import BaseGeometry

from atlas.figures.district_map import MAP_HEIGHT, NOMINAL_WIDTH
from atlas.figures.read_back import class_colour, each, runs, spots, values
from atlas.figures.shapes import polygons
from atlas.stories.deck_rows import stroke
from atlas.stories.deck_shapes import NOTHING, Canvas, Ink, Paint
from atlas.stories.deck_text import Box, Style, one_line, plain, wide

SYMBOLS = {"square": "rect", "diamond": "diamond", "circle": "ellipse"}
LEGEND_ROW = 20.0
LEGEND_TEXT = 12.0
SMALLEST_NAME = 7.0
_STEP = re.compile(r"([ML])\s*([-\d.]+)[, ]([-\d.]+)")


def is_map(figure: go.Figure | None) -> bool:
    """Is it a map whose shapes the figure carries?"""
    if figure is None or not figure.data or not {trace.type for trace in figure.data} <= {"choropleth", "scattergeo"}:
        return False
    areas = [trace for trace in figure.data if trace.type == "choropleth"]
    return bool(areas) and all(isinstance(trace.geojson, dict) for trace in areas)


class _Ground:
    """Longitude and latitude to points on the slide, in Mercator's projection as on the page."""

    def __init__(self, geo: Any, place: Box) -> None:
        west, east = (float(one) for one in geo.lonaxis.range)
        south, north = (float(one) for one in geo.lataxis.range)
        self.view = box(west, south, east, north)
        top, foot = _northing(north), _northing(south)
        self.scale = min(place.width / math.radians(east - west), place.height / (top - foot))
        wide_, high = math.radians(east - west) * self.scale, (top - foot) * self.scale
        self.x0, self.y0 = place.x + (place.width - wide_) / 2 - math.radians(west) * self.scale, place.y + (place.height - high) / 2 + top * self.scale
        self.box = Box(place.x + (place.width - wide_) / 2, place.y + (place.height - high) / 2, wide_, high)
        flat = math.cos(math.radians((south + north) / 2))
        degrees = max((east - west) / NOMINAL_WIDTH, (north - south) / flat / MAP_HEIGHT)
        self.pixel = math.radians(degrees) * self.scale
        """Points a pixel of the page's map: names found room there."""

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return self.x0 + math.radians(longitude) * self.scale, self.y0 - _northing(latitude) * self.scale

    def rings(self, area: BaseGeometry) -> list[list[tuple[float, float]]]:
        """Every ring of what of an area is in view."""
        seen = area if self.view.covers(area) else shapely.intersection(shapely.make_valid(area), self.view)
        found = polygons(seen)
        return [[self.at(x, y) for x, y, *_ in list(ring.coords)[:-1]] for one in found for ring in (one.exterior, *one.interiors)]

    def sees(self, longitude: float, latitude: float) -> bool:
        return bool(self.view.covers(shapely.Point(longitude, latitude)))


def _northing(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def draw_map(canvas: Canvas, figure: go.Figure, place: Box, name: str, descr: str) -> Box:
    """The map as one group of native shapes; the part of the place it takes."""
    ground = _Ground(figure.layout.geo, place)
    known: dict[int, dict[str, BaseGeometry]] = {}
    with canvas.group(ground.box, name, descr):
        for trace in figure.data:
            if trace.type == "choropleth":
                shapes = known.setdefault(id(trace.geojson), {str(one["properties"]["code"]): shape(one["geometry"]) for one in trace.geojson["features"]})
                _areas(canvas, ground, trace, shapes)
            else:
                _over(canvas, ground, trace)
    return ground.box


def _areas(canvas: Canvas, ground: _Ground, trace: Any, shapes: dict[str, BaseGeometry]) -> None:
    codes = [str(one) for one in trace.locations]
    tips, opacities = each(trace.customdata, len(codes)), each(trace.marker.opacity, len(codes))
    border = trace.marker.line
    line = Ink(str(border.color), float(border.width) * 0.75) if border.width and not str(border.color).startswith("rgba") else None
    for at, (code, value) in enumerate(zip(codes, values(trace.z), strict=True)):
        colour = class_colour(trace, value)
        if code not in shapes or (colour.startswith("rgba") and line is None):
            continue
        tip = plain(tips[at]) if tips[at] else ""
        paint = Paint(colour, 1.0 if opacities[at] is None else float(opacities[at]))
        canvas.outline(ground.rings(shapes[code]), tip.split("\n")[0] or code, colour=paint, line=line, descr=tip)


def _over(canvas: Canvas, ground: _Ground, trace: Any) -> None:
    """Lines, names and marks over the areas."""
    longitudes, latitudes, mode = values(trace.lon), values(trace.lat), str(trace.mode)
    if mode == "lines":
        lines = [ground_run for run in runs(spots(longitudes, latitudes)) for ground_run in _clipped(ground, run)]
        canvas.outline(lines, "lines", line=stroke(trace.line), closed=False)
        return
    held = [spot for spot in spots(longitudes, latitudes) if spot is not None]
    if mode == "text":
        size = max(float(trace.textfont.size or 14) * ground.pixel, SMALLEST_NAME)
        colours = each(trace.textfont.color, len(held))
        for (x, y), text, colour in zip(held, trace.text, colours, strict=True):
            if ground.sees(x, y):
                _name(canvas, ground.at(x, y), one_line(text), Style(size, str(colour or "#1C2430"), align="ctr", anchor="ctr", wraps=False))
        return
    marker, tips = trace.marker, each(trace.customdata, len(held))
    half, kind = max(float(marker.size or 6) * 0.75 / 2, 0.6), SYMBOLS.get(str(marker.symbol or "circle"), "ellipse")
    paint = Paint(str(marker.color), 1.0 if marker.opacity is None else float(marker.opacity))
    seen = [(*ground.at(x, y), tip) for (x, y), tip in zip(held, tips, strict=True) if ground.sees(x, y)]
    if all(tip is None for *_, tip in seen):  # a pattern of dots: one shape
        canvas.outline([_dot(x, y, half) for x, y, _ in seen], "dots", colour=paint)
        return
    line = stroke(marker.line, "#1C2430") if marker.line.width else None
    for x, y, tip in seen:
        canvas.box(Box(x - half, y - half, half * 2, half * 2), plain(tip or "").split("\n")[0] or kind, colour=paint, line=line, kind=kind)


def _name(canvas: Canvas, at: tuple[float, float], text: str, style: Style) -> None:
    width, height = wide(text, style.size) + 2, style.size * 1.3
    canvas.words(Box(at[0] - width / 2, at[1] - height / 2, width, height), text, style)


def _dot(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [(x + half * math.cos(turn * math.pi / 4), y + half * math.sin(turn * math.pi / 4)) for turn in range(8)]


def _clipped(ground: _Ground, run: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    line = LineString(run)
    seen = [line] if ground.view.covers(line) else [one for one in shapely.get_parts(line.intersection(ground.view)) if isinstance(one, LineString)]
    return [[ground.at(x, y) for x, y, *_ in one.coords] for one in seen]


def legend_height(figure: go.Figure) -> float:
    """Points the legend takes."""
    return len(figure.layout.annotations) * LEGEND_ROW


def draw_legend(canvas: Canvas, figure: go.Figure, place: Box, name: str) -> None:
    """The legend's rows as they stand on the page: title, then a field and its words each."""
    notes = sorted(figure.layout.annotations, key=lambda one: -float(one.yshift or 0))
    if not notes:
        return
    step = (float(notes[0].yshift) - float(notes[-1].yshift)) / (len(notes) - 1) if len(notes) > 1 else 27.0
    scale = LEGEND_ROW / step
    top = float(notes[0].yshift) + step / 2
    with canvas.group(Box(place.x, place.y, place.width, len(notes) * LEGEND_ROW), name):
        for one in figure.layout.shapes:
            _field(canvas, one, place, scale, top)
        for note in notes:
            shift = float(note.xshift or 0) * scale
            spot = Box(place.x + shift, place.y + (top - float(note.yshift)) * scale - LEGEND_ROW / 2, place.width - shift, LEGEND_ROW)
            size = min(LEGEND_TEXT, spot.width / max(wide(one_line(note.text), 1.0), 1.0))
            canvas.words(spot, one_line(note.text), Style(size, str(note.font.color or "#1C2430"), anchor="ctr"))


def _field(canvas: Canvas, one: Any, place: Box, scale: float, top: float) -> None:
    line = stroke(one.line) if one.line.width else None
    paint = Paint(str(one.fillcolor), 1.0 if one.opacity is None else float(one.opacity)) if one.fillcolor else NOTHING
    if one.type == "path":
        runs: list[list[tuple[float, float]]] = []
        for step, x, y in _STEP.findall(str(one.path)):
            if step == "M":
                runs.append([])
            runs[-1].append((place.x + float(x) * scale, place.y + (top - float(y)) * scale))
        canvas.outline(runs, "pattern", colour=paint, line=line, closed=str(one.path).rstrip().endswith("Z"))
        return
    x, y = place.x + float(one.x0) * scale, place.y + (top - float(one.y1)) * scale
    spot = Box(x, y, (float(one.x1) - float(one.x0)) * scale, (float(one.y1) - float(one.y0)) * scale)
    canvas.box(spot, "class", colour=paint, line=line, kind="ellipse" if one.type == "circle" else "rect")


def is_tiles(figure: go.Figure | None) -> bool:
    """Is it a map of tiles: bars that begin at given places, on hidden axes?"""
    if figure is None or not figure.data or any(trace.type != "bar" or trace.base is None for trace in figure.data):
        return False
    return figure.layout.xaxis.visible is False and figure.layout.yaxis.visible is False


def draw_tiles(canvas: Canvas, figure: go.Figure, place: Box, name: str, descr: str) -> None:
    """The tiles as one group of boxes with their words."""
    (x0, x1), (y1, y0) = ([float(one) for one in axis.range] for axis in (figure.layout.xaxis, figure.layout.yaxis))
    wide_, high = place.width / (x1 - x0), place.height / (y1 - y0)

    def at(x: float, y: float) -> tuple[float, float]:
        return place.x + (x - x0) * wide_, place.y + (y - y0) * high

    size = min(10.0, high / 2.6)
    with canvas.group(place, name, descr):
        for trace in figure.data:
            xs, bases, heights = values(trace.x), values(trace.base), values(trace.y)
            colours, texts, inks = (each(one, len(xs)) for one in (trace.marker.color, trace.text, trace.textfont.color))
            half = float(trace.width) / 2
            for x, base, height, colour, text, ink in zip(xs, bases, heights, colours, texts, inks, strict=True):
                left, top = at((x or 0) - half, base or 0)
                style = Style(size, str(ink), align="ctr", anchor="ctr", wraps=False, bold=str(text).startswith("<b>"))
                canvas.box(
                    Box(left, top, half * 2 * wide_, (height or 0) * high), plain(text).split("\n")[0], colour=Paint(str(colour)), text=plain(text), style=style
                )
        for one in figure.layout.shapes:
            left, top = (
                at(float(one.x0), float(one.y0)) if one.xsizemode != "pixel" else (at(float(one.xanchor), 0)[0] + float(one.x0) * 0.75, at(0, float(one.y0))[1])
            )
            width = (float(one.x1) - float(one.x0)) * (wide_ if one.xsizemode != "pixel" else 0.75)
            paint = Paint(str(one.fillcolor)) if one.fillcolor else NOTHING
            canvas.box(Box(left, top, width, (float(one.y1) - float(one.y0)) * high), "class", colour=paint, line=stroke(one.line))
        for note in figure.layout.annotations:
            text = plain(note.text)
            x, y = at(float(note.x), float(note.y))
            align = {"left": "l", "right": "r"}.get(str(note.xanchor), "ctr")
            width, height = max(wide(one, size) for one in text.split("\n")) + 4, size * 1.3 * (text.count("\n") + 1)
            left = x + float(note.xshift or 0) * 0.75 - {"l": 0.0, "r": width}.get(align, width / 2)
            canvas.words(Box(left, y - height / 2, width, height), text, Style(size, str(note.font.color), align=align, anchor="ctr", wraps=False))
