"""Shapes for the screen: simplified with their shared borders kept, as GeoJSON without values; hatching, dots and room for names."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.affinity import scale as scaled
from shapely.geometry import LineString, MultiLineString, MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

DECIMALS = 5
STEPS = 2500
"""The longest side of a map in steps that may be smoothed away: a quarter of a pixel on a desk, a pixel at threefold view."""
HATCHES, DOTS = 70, 46
"""Lines and dots over the longest side of a map."""

Lines = tuple[list[float | None], list[float | None]]
"""Longitudes and latitudes, None between two lines."""


@dataclass(frozen=True)
class Ground:
    """One city's shapes for the screen. `text`: GeoJSON with codes only; `name`: hash of it; `bounds`: west, south, east, north."""

    shapes: Mapping[str, BaseGeometry]
    text: str
    name: str
    bounds: tuple[float, float, float, float]
    rest: str | None = None
    """Code of the ground that lies in no school district, where there is such."""
    names: Mapping[str, str] = field(default_factory=dict)


def ground(shapes: Mapping[str, BaseGeometry], *, whole: BaseGeometry | None = None, rest_code: str = "rest", names: Mapping[str, str] | None = None) -> Ground:
    """Simplify the shapes. whole: the city's ground; what of it lies in none of the shapes becomes a shape of its own."""
    codes, raw = list(shapes), np.array(list(shapes.values()), dtype=object)
    bounds = shapely.total_bounds(raw if whole is None else np.append(raw, whole))
    tolerance = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / STEPS
    simple = dict(zip(codes, simplified(raw, tolerance), strict=True))
    rest = _rest(raw, whole, tolerance) if whole is not None else None
    if rest is not None:
        simple[rest_code] = rest
    text = _geojson(simple)
    west, south, east, north = (float(each) for each in bounds)
    return Ground(
        simple, text, hashlib.sha256(text.encode()).hexdigest()[:16], (west, south, east, north), rest_code if rest is not None else None, names or {}
    )


def simplified(shapes: np.ndarray, tolerance: float) -> list[BaseGeometry]:
    """Fewer corners, one common border of neighbours kept. Where overlaps or gaps spoil a shape that way it is simplified by itself."""
    found = shapely.coverage_simplify(shapes, tolerance * 1.5) if len(shapes) > 1 else shapely.simplify(shapes, tolerance)
    alone = shapely.simplify(shapes, tolerance, preserve_topology=True)
    kept = []
    for together, single, old in zip(found, alone, shapes, strict=True):
        usable = (one for one in (together, single) if one is not None and not one.is_empty and one.is_valid)
        kept.append(next(usable, old))
    return kept


def _rest(shapes: np.ndarray, whole: BaseGeometry, tolerance: float) -> BaseGeometry | None:
    """The whole without the shapes; slivers along borders that two makers drew differently are no ground."""
    left = shapely.difference(whole, shapely.union_all(shapes)).buffer(-tolerance * 4).buffer(tolerance * 5).simplify(tolerance)
    return None if left.is_empty else left


def _geojson(shapes: Mapping[str, BaseGeometry]) -> str:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "MultiPolygon", "coordinates": _coordinates(shape)}}
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of a shape, points and lines left out."""
    return [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]


def _coordinates(shape: BaseGeometry) -> list[list[list[list[float]]]]:
    """Rings with five decimals, outer ones clockwise: Plotly's map takes the other way round for the rest of the world."""
    found = []
    for part in polygons(shape):
        rings = [(part.exterior, False), *((ring, True) for ring in part.interiors)]
        found.append([_ring(ring.coords, counter) for ring, counter in rings])
    return found


def _ring(corners: Sequence[tuple[float, ...]], counter_clockwise: bool) -> list[list[float]]:
    points = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y, *_ in corners]
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(points)) < 0
    return points if turned == counter_clockwise else points[::-1]


def outline(shape: BaseGeometry) -> Lines:
    """Every ring of a shape as lines."""
    return _as_lines([list(ring.coords) for part in polygons(shape) for ring in (part.exterior, *part.interiors)])


def hatching(shape: BaseGeometry, span: float) -> Lines:
    """Slanting lines inside a shape, so far apart that `span` holds seventy."""
    step = span / HATCHES
    west, south, east, north = shape.bounds
    reach = math.hypot(east - west, north - south) / 2 + step
    x, y = (west + east) / 2, (south + north) / 2
    level = MultiLineString([[(x - reach, y + at), (x + reach, y + at)] for at in np.arange(-reach, reach, step)])
    found = rotate(level, 45, origin=(x, y)).intersection(shape)
    return _as_lines([list(part.coords) for part in shapely.get_parts(found) if isinstance(part, LineString)])


def dots(shape: BaseGeometry, span: float) -> tuple[list[float], list[float]]:
    """A grid of points inside a shape, rows set off by half a step."""
    step = span / DOTS
    west, south, east, north = shape.bounds
    points = [(x + (step / 2 if row % 2 else 0), y) for row, y in enumerate(np.arange(south, north, step)) for x in np.arange(west, east, step)]
    inside = MultiPoint(points or [(west, south)]).intersection(shape.buffer(-step / 5))
    found = [point for point in shapely.get_parts(inside) if not point.is_empty]
    return [round(point.x, DECIMALS) for point in found], [round(point.y, DECIMALS) for point in found]


def _as_lines(paths: list[list[tuple[float, ...]]]) -> Lines:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for path in paths:
        xs += [*(round(corner[0], DECIMALS) for corner in path), None]
        ys += [*(round(corner[1], DECIMALS) for corner in path), None]
    return xs, ys


def room_for(shape: BaseGeometry, width: float, height: float) -> tuple[float, float] | None:
    """Where a name of this size (degrees) fits inside a shape: its representative point or its middle; None where it does not."""
    largest = max(polygons(shape), key=lambda part: part.area, default=None)
    if largest is None:
        return None
    squeezed = scaled(largest, xfact=height / width, origin=(0, 0))
    pole = shapely.maximum_inscribed_circle(squeezed, tolerance=height / 4).coords[0]
    for x, y in ((pole[0] * width / height, pole[1]), largest.representative_point().coords[0], largest.centroid.coords[0]):
        if largest.contains(box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)):
            return round(x, DECIMALS), round(y, DECIMALS)
    return None
