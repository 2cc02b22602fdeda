"""The borders of polygons as arrays: directed, with their polygon on the left; shared ones once; in runs that lie together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.analysis.arrays import FloatArray

Geometries = NDArray[np.object_]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Borders:
    """Directed borders with their polygon on the left."""

    ends: FloatArray  # (4, n): x1, y1, x2, y2
    left: NDArray[np.int32]  # (n,) index of the polygon on the left
    right: NDArray[np.int32]  # (n,) the polygon on the right where two share the border exactly, else -1
    follows: NDArray[np.bool_]  # (n,) starts where the border before it ends


def borders(polygons: Geometries) -> Borders:
    """The borders of polygons and multipolygons, ring by ring; outer rings anticlockwise, holes clockwise."""
    plain = (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(polygons) == 0)
    points, ring = shapely.get_coordinates(polygons[plain], return_index=True)
    whose, hole = np.flatnonzero(plain), np.zeros(int(plain.sum()), bool)
    if not plain.all():
        others = np.flatnonzero(~plain)
        parts, of = shapely.get_parts(polygons[others], return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        more, more_ring = shapely.get_coordinates(rings, return_index=True)
        points, ring = np.concatenate([points, more]), np.concatenate([ring, more_ring + whose.size])
        whose = np.concatenate([whose, others[of[part]]])
        hole = np.concatenate([hole, [False], part[1:] == part[:-1]])
    start = np.flatnonzero(ring[1:] == ring[:-1])
    of_ring = ring[start]
    x, y = points.T
    first = np.searchsorted(ring, np.arange(whose.size))
    x0, y0 = x[first][of_ring], y[first][of_ring]
    turn = np.bincount(of_ring, (x[start] - x0) * (y[start + 1] - y0) - (x[start + 1] - x0) * (y[start] - y0), whose.size)
    turned = ((turn < 0) != hole)[of_ring]
    one, two = start + turned, start + 1 - turned
    follows = np.concatenate([[False], start[1:] == start[:-1] + 1]) if start.size else np.zeros(0, bool)
    return Borders(np.stack([x[one], y[one], x[two], y[two]]), whose[of_ring].astype(np.int32), np.full(start.size, -1, np.int32), follows)


def shared_once(held: Borders) -> tuple[Borders, Indices]:
    """The borders with those that two polygons share exactly held once, and the place each of them had."""
    x1, y1, x2, y2 = held.ends
    bits = held.ends.view(np.uint64)
    odd, other = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
    mark = ((bits[0] * odd) ^ ((bits[1] >> np.uint64(7)) * other)) + ((bits[2] * odd) ^ ((bits[3] >> np.uint64(7)) * other))
    order = np.argsort(mark)
    a, b = order[:-1], order[1:]
    same = np.flatnonzero(mark[a] == mark[b])
    a, b = a[same], b[same]
    opposite = (x1[a] == x2[b]) & (y1[a] == y2[b]) & (x2[a] == x1[b]) & (y2[a] == y1[b])
    a, b = a[opposite], b[opposite]
    repeated = np.isin(a, b) | np.isin(b, a)  # a border held by three or more: all stay single
    a, b = a[~repeated], b[~repeated]
    a, b = np.minimum(a, b), np.maximum(a, b)
    right = held.right.copy()
    right[a] = held.left[b]
    keep = np.ones(right.size, bool)
    keep[b] = False
    place = np.flatnonzero(keep)
    follows = held.follows[place] & np.concatenate([[False], place[1:] == place[:-1] + 1])
    return Borders(held.ends[:, place], held.left[place], right[place], follows), place


def runs(held: Borders, most: int) -> tuple[Indices, Indices, FloatArray]:
    """Start and length of runs of at most `most` borders that follow each other, and their boxes (4, n)."""
    n = held.left.size
    breaks = np.flatnonzero(~held.follows)
    since = np.arange(n) - np.repeat(breaks, np.diff(np.append(breaks, n)))
    start = np.flatnonzero(since % most == 0)
    x1, y1, x2, y2 = held.ends
    low = [np.minimum.reduceat(np.minimum(one, two), start) for one, two in ((x1, x2), (y1, y2))]
    high = [np.maximum.reduceat(np.maximum(one, two), start) for one, two in ((x1, x2), (y1, y2))]
    return start, np.diff(np.append(start, n)), np.stack([*low, *high])


def expanded(starts: Indices, lengths: Indices) -> tuple[Indices, Indices]:
    """All numbers start, ..., start + length - 1 of each row, and the row of each."""
    row = np.repeat(np.arange(lengths.size), lengths)
    return np.arange(row.size) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths), row
