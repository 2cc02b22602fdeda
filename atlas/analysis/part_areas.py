"""Areas of the common parts of two sets of polygons, without building the parts.

The indicator of a polygon is the sum over its borders of s * [point lies below the border], s = +1 where the polygon lies below that border and -1 where it
lies above. Multiplied and integrated, for a border a of A and b of B over the x they have in common:

    area(A and B) = sum_ab s_a s_b * integral min(y_a, y_b) dx = - sum_ab s_a s_b * integral max(y_b - y_a, 0) dx

(the rest vanishes, for at every x the signs of a closed ring add to 0). Each term is elementary; touching, shared and doubled borders need no care, for they
only ever add zero areas. Two things make it fast: only borders of B inside the box of A matter, for those below add nothing and those above the box are
replaced by the box's top edge, where a single point tells whether B is there; and a border shared by two targets is integrated once for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.analysis.arrays import FloatArray

Geometries = NDArray[np.object_]
Indices = NDArray[np.int64]

RUN = 8  # borders taken together in the first, coarse look
PAIRS_AT_ONCE = 1 << 17  # what stays in a processor's cache
SOURCES_AT_ONCE = 2048
NOISE = 1e-9  # a part below this share of its source is rounding


@dataclass(frozen=True)
class Borders:
    """Directed borders with their polygon on the left: columns x1, y1, x2, y2, and whose they are."""

    ends: FloatArray  # (4, n)
    left: NDArray[np.int32]  # the polygon on the left
    right: NDArray[np.int32]  # the polygon on the right where two share the border exactly, else -1


def borders(polygons: Geometries) -> Borders:
    """The borders of polygons and multipolygons in ring order; outer rings anticlockwise, holes clockwise."""
    parts, whose = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    hole = np.concatenate([[False], part[1:] == part[:-1]]) if part.size else np.zeros(0, bool)
    turned = shapely.is_ccw(rings) == hole
    points, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    back = turned[ring[start]]
    first, last = start + back, start + 1 - back
    ends = np.stack([points[first, 0], points[first, 1], points[last, 0], points[last, 1]])
    return Borders(ends, whose[part[ring[start]]].astype(np.int32), np.full(start.size, -1, np.int32))


def shared_once(held: Borders) -> tuple[Borders, Indices]:
    """The borders with those that two polygons share exactly held once, and the place each of them had."""
    x1, y1, x2, y2 = held.ends
    bits = np.ascontiguousarray(held.ends).view(np.uint64)
    one = bits[0] * np.uint64(0x9E3779B97F4A7C15) ^ np.roll(bits[1], 0) * np.uint64(0xC2B2AE3D27D4EB4F)
    two = bits[2] * np.uint64(0x9E3779B97F4A7C15) ^ bits[3] * np.uint64(0xC2B2AE3D27D4EB4F)
    order = np.argsort(one + two, kind="stable")
    a, b = order[:-1], order[1:]
    same = (x1[a] == x2[b]) & (y1[a] == y2[b]) & (x2[a] == x1[b]) & (y2[a] == y1[b])
    while (again := np.flatnonzero(same[1:] & same[:-1])).size:  # a border there and back and there again: the first two are one
        same[again[:1] + 1] = False
    right = held.right.copy()
    right[a[same]] = held.left[b[same]]
    keep = np.ones(right.size, bool)
    keep[b[same]] = False
    place = np.flatnonzero(keep)
    return Borders(held.ends[:, place], held.left[place], right[place]), place


def expanded(starts: Indices, lengths: Indices) -> tuple[Indices, Indices]:
    """All numbers start, ..., start + length - 1 of each row, and the row of each."""
    row = np.repeat(np.arange(lengths.size), lengths)
    return np.arange(row.size) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths), row
