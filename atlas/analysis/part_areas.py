"""Areas of the common parts of two sets of polygons, without building the parts.

The indicator of a polygon is the sum over its borders of s * [point lies below the border], s = +1 where the polygon lies below that border and -1 where it
lies above. Multiplied and integrated, for a border a of A and b of B over the x they have in common:

    area(A and B) = sum_ab s_a s_b * integral min(y_a, y_b) dx = - sum_ab s_a s_b * integral max(y_b - y_a, 0) dx

(the rest vanishes, for at every x the signs of a closed ring add to 0). Each term is elementary; touching, shared and doubled borders need no care, for they
only ever add zero areas. Two things make it fast: only borders of B inside the box of A matter, for those below add nothing and those above the box are
replaced by the box's top edge, where a single point tells whether B is there; and a border shared by two targets is integrated once for both.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.analysis.arrays import FloatArray
from atlas.analysis.borders import Borders, Geometries, Indices, borders, expanded, runs, shared_once

PAIRS_AT_ONCE = 1 << 17  # what stays in a processor's cache
BORDERS_AT_ONCE = 1 << 16
RUN = 8
NOISE = 1e-9  # a part below this share of its source is rounding


@dataclass(frozen=True)
class Parts:
    """Which source meets which target, and the area of the common part; sorted by source, then target."""

    source: Indices
    target: Indices
    area: FloatArray


def part_areas(sources: Geometries, targets: Geometries, threads: int = 2) -> Parts:
    """The area of every common part of a source and a target, in the square of their unit. Both must be valid polygons or multipolygons."""
    if not sources.size or not targets.size:
        return Parts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    boxes = shapely.bounds(sources)
    order = _nearby(boxes)
    sources, boxes = sources[order], boxes[order]
    area = shapely.area(sources)
    side = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    boxes = boxes + side[:, None] * np.array([-0.000271828, -0.000161803, 0.000314159, 0.000141421])  # no corner is where others put theirs
    held, _ = shared_once(borders(targets))
    run_start, run_length, run_box = runs(held, RUN)
    points = shapely.points(boxes[:, 2], boxes[:, 3])
    target, source = shapely.STRtree(points).query(targets, predicate="contains")
    tree = shapely.STRtree(shapely.box(*run_box))
    look = _Look(sources, boxes, held, run_start, run_length, tree, len(targets))
    cuts = np.arange(0, len(sources) + 512, 512)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(look.parts, cuts[:-1], np.minimum(cuts[1:], len(sources))))
    key = np.concatenate([source * len(targets) + target, *(one[0] for one in found)])
    value = np.concatenate([area[source], *(one[1] for one in found)])
    turned = np.concatenate([np.ones(source.size), *(one[2] for one in found)])
    key, place = np.unique(key, return_inverse=True)
    value, turned = np.bincount(place, value, key.size), np.bincount(place, turned, key.size)
    source, target = np.divmod(key, len(targets))
    whole = area[source]
    doubtful = np.flatnonzero((np.abs(turned - 0.5) > 0.6) | (value < -1e-6 * whole) | (value > (1 + 1e-6) * whole))
    value[doubtful] = shapely.area(shapely.intersection(sources[source[doubtful]], targets[target[doubtful]]))
    kept = value > NOISE * whole
    source, target, value = order[source[kept]], target[kept], np.minimum(value, whole)[kept]
    final = np.lexsort((target, source))
    return Parts(source[final], target[final], value[final])


def _nearby(boxes: FloatArray) -> Indices:
    """An order in which neighbours in the plane are near each other: strips from west to east."""
    x, y = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    strips = max(1, int((len(x) / 8) ** 0.5))
    strip = np.floor((y - y.min()) / max(np.ptp(y), 1e-300) * strips)
    return np.lexsort((x, strip))


@dataclass(frozen=True)
class _Look:
    sources: Geometries
    boxes: FloatArray
    held: Borders
    run_start: Indices
    run_length: Indices
    tree: shapely.STRtree
    n_targets: int

    def parts(self, start: int, stop: int) -> tuple[Indices, FloatArray, FloatArray]:
        """For the sources start..stop: keys source * n + target, what their borders add to the area, and the turns of the top edge."""
        box = self.boxes[start:stop]
        which, run = self.tree.query(shapely.box(*box.T))
        x1, y1, x2, y2, sign, source, left, right, turn = self._met(box, which, run)
        value = sign * _below(self.sources[start:stop], source, x1, y1, x2, y2)
        source = source + start
        has = right >= 0
        key = np.concatenate([source * self.n_targets + left, source[has] * self.n_targets + right[has]])
        key, place = np.unique(key, return_inverse=True)
        added = np.bincount(place, np.concatenate([value, -value[has]]), key.size)
        turned = np.bincount(place, np.concatenate([turn, -turn[has]]), key.size)
        return key, added, turned

    def _met(self, box: FloatArray, which: Indices, run: Indices) -> tuple[NDArray, ...]:
        """The target borders inside each box, cut at its top edge, and the stretches of top edge in their stead."""
        border, row = expanded(self.run_start[run], self.run_length[run])
        source = which[row]
        x1, y1, x2, y2 = self.held.ends[:, border]
        x_low, y_low, x_high, y_high = box.T[:, source]
        inside = (np.maximum(x1, x2) > x_low) & (np.minimum(x1, x2) < x_high) & (np.maximum(y1, y2) > y_low) & (np.minimum(y1, y2) < y_high)
        inside = np.flatnonzero(inside)
        x1, y1, x2, y2, source, border, top = x1[inside], y1[inside], x2[inside], y2[inside], source[inside], border[inside], y_high[inside]
        above1, above2 = y1 >= top, y2 >= top
        crossing = np.flatnonzero(above1 != above2)
        with np.errstate(invalid="ignore", divide="ignore"):
            x_top = (x1 + (x2 - x1) * (top - y1) / (y2 - y1))[crossing]
        upward = above2[crossing]
        x2[crossing[upward]], x1[crossing[~upward]] = x_top[upward], x_top[~upward]
        y1, y2 = np.minimum(y1, top), np.minimum(y2, top)
        sign = np.sign(x1 - x2)
        lean = sign != 0
        # west of an upward border the target on its left is there, east of it not
        own = source[crossing]
        met = (x_top > box[own, 0]) & (x_top <= box[own, 2])
        crossing, x_top, own, upward = crossing[met], x_top[met], own[met], upward[met]
        change = np.where(upward, 1.0, -1.0)
        left, right = self.held.left[border], self.held.right[border]
        turn = np.concatenate([np.zeros(int(lean.sum())), change])
        return (
            np.concatenate([x1[lean], box[own, 0]]), np.concatenate([y1[lean], box[own, 3]]),
            np.concatenate([x2[lean], x_top]), np.concatenate([y2[lean], box[own, 3]]),
            np.concatenate([sign[lean], change]), np.concatenate([source[lean], own]),
            np.concatenate([left[lean], left[crossing]]), np.concatenate([right[lean], right[crossing]]), turn,
        )  # fmt: skip


def _below(sources: Geometries, source: Indices, x1: FloatArray, y1: FloatArray, x2: FloatArray, y2: FloatArray) -> FloatArray:
    """- sum_a s_a integral max(y_b - y_a, 0) dx of each border b (x1, y1)-(x2, y2), over the borders a of its source."""
    mine = borders(sources)
    lean = np.flatnonzero(mine.ends[0] != mine.ends[2])
    ends, owner = mine.ends[:, lean], mine.left[lean].astype(np.int64)
    # in blocks of RUN per source, the last one filled up with borders that nothing meets
    count = np.bincount(owner, minlength=len(sources))
    blocks = -(-count // RUN)
    first = np.cumsum(blocks) - blocks
    place = np.arange(owner.size) + np.repeat(first * RUN - (np.cumsum(count) - count), count)
    n = int(blocks.sum()) * RUN
    eastward = ends[0] < ends[2]
    xl, xr = np.full(n, np.inf), np.full(n, -np.inf)
    yl, yr, s = np.full(n, np.inf), np.full(n, np.inf), np.zeros(n)
    xl[place], xr[place] = np.where(eastward, ends[0], ends[2]), np.where(eastward, ends[2], ends[0])
    yl[place], yr[place] = np.where(eastward, ends[1], ends[3]), np.where(eastward, ends[3], ends[1])
    s[place] = np.where(eastward, 1.0, -1.0)  # - s_a
    low = np.minimum(yl, yr)
    slope = np.zeros(n)
    slope[place] = (yr[place] - yl[place]) / (xr[place] - xl[place])
    xl8, xr8, low8 = xl.reshape(-1, RUN), xr.reshape(-1, RUN), low.reshape(-1, RUN)
    block_xl, block_xr, block_low = xl8.min(1), xr8.max(1), low8.min(1)

    bl, br = np.minimum(x1, x2), np.maximum(x1, x2)
    east = x1 < x2
    bya, byb = np.where(east, y1, y2), np.where(east, y2, y1)
    top = np.maximum(y1, y2)
    with np.errstate(invalid="ignore", divide="ignore"):
        b_slope = np.where(br > bl, (byb - bya) / (br - bl), 0.0)
    out = np.zeros(source.size)
    lengths = blocks[source]
    ahead = np.cumsum(lengths)
    cut = 0
    while cut < source.size:
        done = ahead[cut - 1] if cut else 0
        stop = max(cut + 1, int(np.searchsorted(ahead, done + PAIRS_AT_ONCE, "right")))
        block, row = expanded(first[source[cut:stop]], lengths[cut:stop])
        row += cut
        meets = np.flatnonzero((block_xl[block] < br[row]) & (block_xr[block] > bl[row]) & (block_low[block] < top[row]))
        block, row = block[meets], row[meets]
        hit, k = np.nonzero((xl8[block] < br[row, None]) & (xr8[block] > bl[row, None]) & (low8[block] < top[row, None]))
        a, b = block[hit] * RUN + k, row[hit]
        u, v = np.maximum(xl[a], bl[b]), np.minimum(xr[a], br[b])
        base = bya[b] - yl[a]
        at_u = base + b_slope[b] * (u - bl[b]) - slope[a] * (u - xl[a])
        at_v = base + b_slope[b] * (v - bl[b]) - slope[a] * (v - xl[a])
        up = np.maximum(at_u, 0) + np.maximum(at_v, 0)
        size = np.abs(at_u) + np.abs(at_v)
        size[size == 0] = 1
        out += np.bincount(b, s[a] * (v - u) * up * up / (2 * size), out.size)
        cut = stop
    return out
