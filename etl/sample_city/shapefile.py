"""Shapefile, dBase and GeoJSON as bytes, with the field widths of the published files (a general writer would widen them)."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

JGD2011 = 'GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
JGD2000 = JGD2011.replace("2011", "2000")
POINT, POLYGON = 1, 5


@dataclass(frozen=True)
class Field:
    """One dBase column: kind C (text) or N (number), width in bytes, decimals."""

    name: str
    kind: str
    width: int
    decimals: int = 0


def _cut(text: str, width: int, encoding: str) -> bytes:
    """`text` in at most `width` bytes, never half a character."""
    while len(raw := text.encode(encoding)) > width:
        text = text[:-1]
    return raw.ljust(width)


def dbf(fields: Sequence[Field], columns: dict[str, Sequence[Any]], encoding: str, language: int) -> bytes:
    """A dBase III table; a field without a column, and None in a text, are blank. language: driver number (0x13 is Japanese, 0 says nothing)."""
    count = len(next(iter(columns.values())))
    width = 1 + sum(field.width for field in fields)
    head = struct.pack("<BBBBIHH", 3, 123, 10, 1, count, 33 + 32 * len(fields), width) + bytes(17) + bytes([language, 0, 0])
    for field in fields:
        head += struct.pack("<11sc4xBB14x", field.name.encode("ascii"), field.kind.encode(), field.width, field.decimals)
    cells: list[list[bytes]] = [[b" "] * count]
    for field in fields:
        values = columns.get(field.name)
        if values is None:
            cells.append([b" " * field.width] * count)
        elif field.kind == "C":
            cells.append([_cut(value or "", field.width, encoding) for value in values])
        else:
            form = f"{field.width}.{field.decimals}f"
            cells.append([format(value, form).encode() for value in values])
    return head + b"\r" + b"".join(b"".join(row) for row in zip(*cells, strict=True)) + b"\x1a"


def shp(shapes: Sequence[Any]) -> tuple[bytes, bytes]:
    """The .shp and .shx of points, or of polygons with one or several parts (outer rings clockwise)."""
    is_point = shapes[0].geom_type == "Point"
    kind = POINT if is_point else POLYGON
    index, records, offset = [], [], 50
    for number, shape in enumerate(shapes, 1):
        body = struct.pack("<idd", POINT, shape.x, shape.y) if is_point else _polygon(shape)
        words = len(body) // 2
        index.append(struct.pack(">ii", offset, words))
        records.append(struct.pack(">ii", number, words) + body)
        offset += words + 4
    bounds = struct.pack("<8d", *shapely.total_bounds(np.asarray(shapes, dtype=object)), 0, 0, 0, 0)

    def head(words: int) -> bytes:
        return struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<ii", 1000, kind) + bounds

    return head(offset) + b"".join(records), head(50 + 4 * len(records)) + b"".join(index)


def _polygon(shape: Any) -> bytes:
    """One record of kind 5."""
    polygons = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
    rings = []
    for polygon in polygons:
        for place, ring in enumerate((polygon.exterior, *polygon.interiors)):
            points = shapely.get_coordinates(ring)
            rings.append(points[::-1] if ring.is_ccw == (place == 0) else points)
    sizes = [len(ring) for ring in rings]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype("<i4")
    bounds = struct.pack("<4d", *shape.bounds)
    head = struct.pack("<i", POLYGON) + bounds + struct.pack("<ii", len(rings), sum(sizes))
    return head + starts.tobytes() + np.concatenate(rings).astype("<f8").tobytes()


def geojson(shapes: Sequence[Any], columns: dict[str, Sequence[Any]], crs: str = "urn:ogc:def:crs:EPSG::6668") -> bytes:
    """A FeatureCollection, one feature a line, as the ministry writes it."""
    head = '{\n"type": "FeatureCollection",\n"crs": ' + json.dumps({"type": "name", "properties": {"name": crs}}) + ',\n"features": [\n'
    lines = []
    for shape, *values in zip(shapes, *columns.values(), strict=True):
        properties = json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False)
        lines.append(f'{{ "type": "Feature", "properties": {properties}, "geometry": {shapely.to_geojson(shape)} }}')
    return (head + ",\n".join(lines) + "\n]\n}\n").encode("utf-8")
