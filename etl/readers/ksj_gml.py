"""KSJ data as XML: both the GML that GDAL writes (fields by name) and the KSJ application schema (fields by order, geometry by reference).

Read here instead of with GDAL: codes keep their leading zeros, Shift_JIS is understood, no file is written beside the one that is read.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

HREF = "{http://www.w3.org/1999/xlink}href"
FIELD = re.compile(r"(?:A27|A32|P29|N03)_(0\d\d)")
GEOMETRIES = ("Point", "Polygon", "Surface", "MultiSurface", "MultiPolygon", "CompositeSurface", "MultiGeometry")
OLD_DISTRICT_FIELDS = 4
"""A district with four data elements has the layout of 2010 and 2016 (005-008), with five that of 2021 and later (001-005)."""
BLOCK = 1 << 20

Ring = np.ndarray
Polygon = tuple[Ring, list[Ring]]


class GmlError(ValueError):
    """The XML is not what it should be, in words."""


@dataclass
class _Document:
    """What was found so far: geometry by id, and features that may point to it."""

    curves: dict[str, Ring] = field(default_factory=dict)
    shapes: dict[str, ET.Element] = field(default_factory=dict)
    features: list[ET.Element] = field(default_factory=list)


def read_gml(text: str, theme: str) -> tuple[list[dict[str, str | None]], list[BaseGeometry | None]]:
    """The features of the theme in the text: fields by number ('001': ...), and geometries in longitude and latitude.

    Raises GmlError, ValueError or xml.etree.ElementTree.ParseError.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise GmlError("it declares a document type, which no published file does")
    document = _Document()
    parser: ET.XMLPullParser = ET.XMLPullParser(("start", "end"))
    depth = 0
    for at in range(0, len(text), BLOCK):
        parser.feed(text[at : at + BLOCK])
        depth = _collect(parser.read_events(), depth, document)
    parser.close()
    _collect(parser.read_events(), depth, document)

    rows: list[dict[str, str | None]] = []
    shapes: list[BaseGeometry | None] = []
    for feature in document.features:
        row, shape = _feature(feature, theme, document)
        if row is not None:
            rows.append(row)
            shapes.append(shape)
    return rows, shapes


def _collect(events: Iterator[Any], depth: int, document: _Document) -> int:
    """Sort the whole children of the root into curves, shapes and features."""
    for event, element in events:
        if event == "start":
            depth += 1
            continue
        depth -= 1
        if depth != 1:
            continue
        name = _local(element)
        if name == "Curve":
            document.curves[_id(element)] = _curve(element)
            element.clear()
        elif name in GEOMETRIES:
            document.shapes[_id(element)] = element
        elif name in ("featureMember", "featureMembers", "member"):
            document.features.extend(element)
        else:
            document.features.append(element)
    return depth


def _feature(feature: ET.Element, theme: str, document: _Document) -> tuple[dict[str, str | None] | None, BaseGeometry | None]:
    """Fields and geometry of one feature; no row when it is something else (a description, a point of the school)."""
    shape: ET.Element | None = None
    cells: list[str | None] = []
    row: dict[str, str | None] = {}
    for child in feature:
        href = child.get(HREF)
        inner = next((part for part in child if _local(part) in GEOMETRIES), None)
        if href is not None:
            shape = document.shapes.get(href.removeprefix("#"), shape)
        elif inner is not None:
            shape = inner
        elif _local(child) != "boundedBy" and not len(child):
            value = (child.text or "").strip(" \t\r\n　") or None
            named = FIELD.fullmatch(_local(child))
            if named:
                row[named.group(1)] = value
            cells.append(value)
    if not row:
        row = _by_order(cells, theme)
    is_point = shape is not None and _local(shape) == "Point"
    if not row or (shape is not None and is_point != (theme == "P29")):
        return None, None
    return row, None if shape is None else _geometry(shape, document)


def _by_order(cells: list[str | None], theme: str) -> dict[str, str | None]:
    """Fields of the KSJ application schema, where the order of the elements is that of the numbers."""
    if len(cells) < OLD_DISTRICT_FIELDS:
        return {}
    if theme == "N03":
        numbers = ["001", "002", "003", "004", "007"] if len(cells) == 5 else ["001", "002", "003", "004", "005", "007"]
    else:
        first = 5 if theme != "P29" and len(cells) == OLD_DISTRICT_FIELDS else 1
        numbers = [f"{first + place:03}" for place in range(len(cells))]
    return dict(zip(numbers, cells, strict=False))


def _geometry(element: ET.Element, document: _Document) -> BaseGeometry | None:
    """A point, or all polygons of a surface."""
    if _local(element) == "Point":
        places = _coordinates(next((part.text for part in element.iter() if _local(part) == "pos"), None))
        return shapely.Point(places[0])
    polygons = [shapely.Polygon(outer, holes) for outer, holes in _polygons(element, document)]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _polygons(element: ET.Element, document: _Document) -> Iterator[Polygon]:
    """Every polygon at any depth below a geometry element."""
    if _local(element) not in ("Polygon", "PolygonPatch"):
        for child in element:
            yield from _polygons(child, document)
        return
    rings: dict[str, list[Ring]] = {"exterior": [], "interior": []}
    for side in element:
        if _local(side) in rings and len(side):
            rings[_local(side)].append(_ring(side[0], document))
    if len(rings["exterior"]) != 1:
        raise GmlError("a polygon has no outer ring")
    yield rings["exterior"][0], rings["interior"]


def _ring(element: ET.Element, document: _Document) -> Ring:
    """A closed ring: from its own coordinates, or from the curves it points to, turned where needed."""
    lists = [part.text for part in element.iter() if _local(part) == "posList"]
    if lists:
        return np.concatenate([_coordinates(text) for text in lists])
    parts = [document.curves.get((part.get(HREF) or "").removeprefix("#")) for part in element.iter() if _local(part) == "curveMember"]
    if not parts or any(part is None for part in parts):
        raise GmlError("a ring points to a line that is not there")
    joined = [part for part in parts if part is not None]
    ring = joined[0]
    for part in joined[1:]:
        turned = part[::-1] if np.array_equal(part[-1], ring[-1]) else part
        ring = np.concatenate([ring, turned[1:] if np.array_equal(turned[0], ring[-1]) else turned])
    return ring


def _curve(element: ET.Element) -> Ring:
    lists = [_coordinates(part.text) for part in element.iter() if _local(part) == "posList"]
    if not lists:
        raise GmlError("a line has no coordinates")
    return np.concatenate(lists)


def _coordinates(text: str | None) -> Ring:
    """Pairs of longitude and latitude. Published files write latitude first; in Japan the two cannot be mistaken."""
    numbers = np.array((text or "").split(), dtype=float)
    if not len(numbers) or len(numbers) % 2:
        raise GmlError("coordinates do not come in pairs")
    pairs = numbers.reshape(-1, 2)
    return pairs[:, ::-1] if pairs[0, 0] < 90 < pairs[0, 1] else pairs


def _local(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _id(element: ET.Element) -> str:
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "id"), "")
