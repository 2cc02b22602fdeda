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
    """n straight pieces of border, each directed so that its polygon lies on the left; ring by ring."""

    ends: FloatArray  # (4, n): x1, y1, x2, y2
    left: NDArray[np.int32]  # (n,) index of the polygon on the left
    right: NDArray[np.int32]  # (n,) the polygon on the right where just two share the piece exactly, else -1
    follows: NDArray[np.bool_]  # (n,) touches the piece before it


def borders(polygons: Geometries) -> Borders:
    """The borders of an array of valid polygons and multipolygons; whatever way their rings run, outer rings go anticlockwise and holes clockwise."""
    plain = (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(polygons) == 0)
    rings, whose, hole = shapely.get_exterior_ring(polygons[plain]), np.flatnonzero(plain), np.zeros(np.count_nonzero(plain), bool)
    if not plain.all():
        others = np.flatnonzero(~plain)
        parts, part_of = shapely.get_parts(polygons[others], return_index=True)
        more, ring_of = shapely.get_rings(parts, return_index=True)
        rings, whose = np.concatenate([rings, more]), np.concatenate([whose, others[part_of[ring_of]]])
        hole = np.concatenate([hole, [False], ring_of[1:] == ring_of[:-1]])
    turned = shapely.is_ccw(rings) == hole
    points, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    of = ring[start]
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    one, two = start, start + 1
    if turned.any():
        back = turned[of]
        one, two = start + back, start + 1 - back
    follows = np.diff(start, prepend=-9) == 1
    ends = np.empty((4, start.size))
    for row, (values, place) in zip(ends, ((x, one), (y, one), (x, two), (y, two)), strict=True):
        np.take(values, place, out=row, mode="clip")
    return Borders(ends, whose[of].astype(np.int32), np.full(start.size, -1, np.int32), follows)


def shared_once(held: Borders) -> Borders:
    """The same borders with a piece that just two polygons share, one on each side, held once and known to both."""
    x1, y1, x2, y2 = held.ends
    mark = _mark(x1, y1) + _mark(x2, y2)  # alike in both directions
    order = np.argsort(mark)
    a, b = order[:-1], order[1:]
    alike = np.flatnonzero(mark[a] == mark[b])
    a, b = a[alike], b[alike]
    opposite = (x1[a] == x2[b]) & (y1[a] == y2[b]) & (x2[a] == x1[b]) & (y2[a] == y1[b])
    a, b = a[opposite], b[opposite]
    in_several_pairs = np.isin(a, b) | np.isin(b, a)  # pieces of overlapping polygons: they stay single
    a, b = a[~in_several_pairs], b[~in_several_pairs]
    a, b = np.minimum(a, b), np.maximum(a, b)
    right = held.right.copy()
    right[a] = held.left[b]
    kept = np.delete(np.arange(right.size), b)
    return Borders(held.ends[:, kept], held.left[kept], right[kept], held.follows[kept] & (np.diff(kept, prepend=-9) == 1))


def _mark(x: FloatArray, y: FloatArray) -> NDArray[np.uint64]:
    """A number that is the same for the same point and hardly ever for another."""
    one, other = np.ascontiguousarray(x).view(np.uint64), np.ascontiguousarray(y).view(np.uint64)
    return (one * np.uint64(0x9E3779B97F4A7C15)) ^ ((other >> np.uint64(7)) * np.uint64(0xC2B2AE3D27D4EB4F))


@dataclass(frozen=True)
class Runs:
    """Pieces of border that follow each other, taken together for a coarse first look."""

    start: Indices  # (n,) place of the first piece
    length: Indices  # (n,)
    box: FloatArray  # (4, n): x and y from, x and y to
    tree: shapely.STRtree  # of the boxes


def runs(held: Borders, most: int) -> Runs:
    """All pieces of border, in runs of at most `most`."""
    n = held.left.size
    breaks = np.flatnonzero(~held.follows)
    since = np.arange(n) - np.repeat(breaks, np.diff(breaks, append=n))
    start = np.flatnonzero(since % most == 0)
    x1, y1, x2, y2 = held.ends
    low = [np.minimum.reduceat(np.minimum(one, two), start) for one, two in ((x1, x2), (y1, y2))]
    high = [np.maximum.reduceat(np.maximum(one, two), start) for one, two in ((x1, x2), (y1, y2))]
    box = np.stack([*low, *high])
    return Runs(start, np.diff(start, append=n), box, shapely.STRtree(shapely.box(*box)))


def expanded(starts: Indices, lengths: Indices) -> tuple[Indices, Indices]:
    """The numbers start, ..., start + length - 1 of every row, one after the other, and the row of each."""
    row = np.repeat(np.arange(lengths.size), lengths)
    return np.arange(row.size) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths), row


def summed(place: Indices, values: FloatArray, n: int) -> FloatArray:
    """The sum of the values at each of n places."""
    return np.asarray(np.bincount(place, values, n), dtype=float)
