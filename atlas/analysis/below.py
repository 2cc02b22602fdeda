"""The integral at the bottom of `part_areas`: how far borders run above the borders of the polygon they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from atlas.analysis.arrays import FloatArray
from atlas.analysis.borders import Geometries, Indices, borders, expanded

BLOCK = 8  # borders of a source looked at together
AT_ONCE = 1 << 15  # pairs of border and block at once: their arrays stay in the processor's cache


@dataclass(frozen=True)
class Lean:
    """Borders that do not run straight up or down, from west to east; arrays of one length."""

    x1: FloatArray
    y1: FloatArray
    x2: FloatArray
    slope: FloatArray
    sign: FloatArray  # +1: the polygon lies below, -1: above

    @classmethod
    def of(cls, x1: FloatArray, y1: FloatArray, x2: FloatArray, y2: FloatArray) -> Lean:
        """From directed ends with the polygon on the left; x1 != x2."""
        east = x1 < x2
        return cls(np.where(east, x1, x2), np.where(east, y1, y2), np.where(east, x2, x1), (y2 - y1) / (x2 - x1), np.where(east, -1.0, 1.0))


def integral_above(polygons: Geometries, polygon: Indices, b: Lean, b_top: FloatArray) -> FloatArray:
    """- s_b * sum over the borders a of b's polygon of s_a * integral max(y_b - y_a, 0) dx, for each border b. (n,)

    `polygon` says for each border b which of `polygons` it is measured against, `b_top` is the greater y of its ends.
    """
    used, polygon = np.unique(polygon, return_inverse=True)
    first, count, a, low = _blocks(polygons[used])
    a_x1, a_x2, a_low = (one.reshape(-1, BLOCK) for one in (a.x1, a.x2, low))
    block_x1, block_x2, block_low = a_x1.min(1), a_x2.max(1), a_low.min(1)
    lengths = count[polygon]
    ahead = np.cumsum(lengths)
    out = np.zeros(polygon.size)
    start = 0
    while start < polygon.size:
        done = ahead[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ahead, done + AT_ONCE, "right")))
        block, row = expanded(first[polygon[start:stop]], lengths[start:stop])
        row += start
        near = np.flatnonzero((block_x1[block] < b.x2[row]) & (block_x2[block] > b.x1[row]) & (block_low[block] < b_top[row]))
        block, row = block[near], row[near]
        x1, x2, top = b.x1[row, None], b.x2[row, None], b_top[row, None]
        hit, place = np.nonzero((a_x1[block] < x2) & (a_x2[block] > x1) & (a_low[block] < top))
        out += np.bincount(row[hit], _pairs(a, block[hit] * BLOCK + place, b, row[hit]), out.size)
        start = stop
    return -b.sign * out


def _pairs(a: Lean, i: Indices, b: Lean, j: Indices) -> FloatArray:
    """s_a * integral max(y_b - y_a, 0) dx over the x that border i of a and border j of b have in common."""
    x1, x2 = np.maximum(a.x1[i], b.x1[j]), np.minimum(a.x2[i], b.x2[j])
    rise = b.y1[j] - a.y1[i]
    at_1 = rise + b.slope[j] * (x1 - b.x1[j]) - a.slope[i] * (x1 - a.x1[i])
    at_2 = rise + b.slope[j] * (x2 - b.x1[j]) - a.slope[i] * (x2 - a.x1[i])
    above = np.maximum(at_1, 0) + np.maximum(at_2, 0)  # a trapezium, or the triangle up to where the borders cross
    size = np.abs(at_1) + np.abs(at_2)
    return np.asarray(a.sign[i] * (x2 - x1) * above * above / np.where(size > 0, 2 * size, 1.0))


def _blocks(polygons: Geometries) -> tuple[Indices, Indices, Lean, FloatArray]:
    """First block and number of blocks of each polygon; its borders in blocks of BLOCK, filled up with borders that nothing meets; their lesser y."""
    held = borders(polygons)
    leans = np.flatnonzero(held.ends[0] != held.ends[2])
    owner = held.left[leans]
    if np.any(owner[1:] < owner[:-1]):
        order = np.argsort(owner, kind="stable")
        leans, owner = leans[order], owner[order]
    ends = held.ends[:, leans]
    pieces = np.bincount(owner, minlength=len(polygons))
    count = -(-pieces // BLOCK)
    first = np.cumsum(count) - count
    place = np.arange(owner.size) + np.repeat(first * BLOCK - (np.cumsum(pieces) - pieces), pieces)
    lean, size = Lean.of(*ends), int(count.sum()) * BLOCK
    filled = []
    low = np.minimum(ends[1], ends[3])
    for given, nothing in ((lean.x1, np.inf), (lean.y1, 0.0), (lean.x2, -np.inf), (lean.slope, 0.0), (lean.sign, 0.0), (low, np.inf)):
        values = np.full(size, nothing)
        values[place] = given
        filled.append(values)
    return first, count, Lean(*filled[:5]), filled[5]
