"""Areas of the common parts of two sets of polygons, without building the parts.

The indicator of a polygon is the sum over its borders of s * [the point lies below the border], s = +1 where the polygon lies below that border and -1 where
it lies above. Multiplied and integrated, over the borders a of A and b of B and the x that they have in common:

    area(A and B) = sum_ab s_a s_b * integral min(y_a, y_b) dx = - sum_ab s_a s_b * integral max(y_b - y_a, 0) dx

(min(y_a, y_b) = y_b - max(y_b - y_a, 0), and at every x the signs of a closed ring add to 0). Each term is elementary; touching, shared and doubled borders
need no care, for they only ever add zero areas. Three things make it fast: only borders of B that meet the box of A are looked at, for those below add
nothing, and those above are replaced by the top edge of the box as far as it lies in B, which one corner of the box and the crossings with that edge tell;
a border that two targets share is integrated once for both; and all of it is array arithmetic that releases the interpreter to other threads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely

from atlas.analysis.arrays import FloatArray
from atlas.analysis.below import Lean, integral_above
from atlas.analysis.borders import Borders, Geometries, Indices, Runs, borders, expanded, runs, shared_once, summed

RUN = 8  # borders of targets looked at together
SOURCES_AT_ONCE = 1024
BORDERS_AT_ONCE = 1 << 20
NOISE = 1e-9  # a part below this share of its source is rounding
DOUBT = 1e-6  # a part this share of its source below nothing or above all of it is computed by shapely instead
# How far the box of a source is widened on each side, in shares of its size: odd numbers, so that no border of others runs through its corner.
WIDENED = np.array([-0.000271828, -0.000161803, 0.000314159, 0.000141421])


@dataclass(frozen=True)
class Parts:
    """Which source has a part in common with which target, and its area; sorted by source, then target. Arrays (n_parts,)."""

    source: Indices
    target: Indices
    area: FloatArray


def part_areas(sources: Geometries, targets: Geometries, threads: int = 2, held: Borders | None = None, in_runs: Runs | None = None) -> Parts:
    """The area of every common part of a source and a target, in squares of the unit of their plane.

    Valid polygons or multipolygons, in any order; targets may overlap (each part is then whole). Parts below 1e-9 of their source are left out.
    `held` and `in_runs` are the targets' borders where the caller has them already.
    """
    if not sources.size or not targets.size:
        return Parts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    order = _nearby(shapely.bounds(sources))
    ordered = sources[order]
    held = held or shared_once(borders(targets))
    whole, look = shapely.area(ordered), _Look.at(ordered, targets, held, in_runs or runs(held, RUN))
    cuts = np.append(np.arange(0, len(sources), SOURCES_AT_ONCE), len(sources))
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(look.parts, cuts[:-1], cuts[1:]))
    at_corner = look.at_corner()
    key = np.concatenate([at_corner, *(one[0] for one in found)])
    area = np.concatenate([whole[at_corner // len(targets)], *(one[1] for one in found)])
    inside = np.concatenate([np.ones(at_corner.size), *(one[2] for one in found)])
    key, place = np.unique(key, return_inverse=True)
    area, inside = summed(place, area, key.size), summed(place, inside, key.size)
    source, target = np.divmod(key, len(targets))
    whole = whole[source]
    doubtful = np.flatnonzero((np.abs(inside - 0.5) > 0.6) | (area < -DOUBT * whole) | (area > (1 + DOUBT) * whole))
    area[doubtful] = shapely.area(shapely.intersection(ordered[source[doubtful]], targets[target[doubtful]]))
    kept = np.flatnonzero(area > NOISE * whole)
    kept = kept[np.lexsort((target[kept], order[source[kept]]))]
    return Parts(order[source[kept]], target[kept], np.minimum(area, whole)[kept])


def _nearby(boxes: FloatArray) -> Indices:
    """An order in which neighbours in the plane come near each other: strips from south to north, each from west to east."""
    x, y = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    strips = max(1, int((len(x) / 8) ** 0.5))
    strip = np.floor((y - y.min()) / max(float(np.ptp(y)), 1e-300) * strips)
    return np.lexsort((x, strip))


@dataclass(frozen=True)
class _Look:
    """The sources with their boxes, and the targets' borders in runs that can be found by place."""

    sources: Geometries
    targets: Geometries
    boxes: FloatArray  # (n_sources, 4)
    held: Borders
    runs: Runs

    @classmethod
    def at(cls, sources: Geometries, targets: Geometries, held: Borders, in_runs: Runs) -> _Look:
        boxes = shapely.bounds(sources)
        size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        return cls(sources, targets, boxes + size[:, None] * WIDENED, held, in_runs)

    def at_corner(self) -> Indices:
        """Keys of source and target (source * n_targets + target) where the north-east corner of the source's box lies in the target."""
        corners = shapely.STRtree(shapely.points(self.boxes[:, 2], self.boxes[:, 3]))
        target, source = corners.query(self.targets, predicate="contains")
        return np.asarray(source * len(self.targets) + target)

    def parts(self, start: int, stop: int) -> tuple[Indices, FloatArray, FloatArray]:
        """For sources start to stop: keys, what the borders inside the box add to the area, and to 'the north-west corner lies in the target'."""
        box = self.boxes[start:stop]
        which, run = self.runs.tree.query(shapely.box(*box.T))
        if stop - start > 1 and int(self.runs.length[run].sum()) > BORDERS_AT_ONCE:
            halves = self.parts(start, (start + stop) // 2), self.parts((start + stop) // 2, stop)
            return tuple(np.concatenate(both) for both in zip(*halves, strict=True))  # type: ignore[return-value]
        row, border, lean, top, inside = self._met(box, which, run)
        added = integral_above(self.sources[start:stop], row, lean, top)
        left, right = self.held.left[border], self.held.right[border]
        two = right >= 0
        key = np.concatenate([(row + start) * len(self.targets) + left, (row[two] + start) * len(self.targets) + right[two]])
        key, place = np.unique(key, return_inverse=True)
        added, inside = (summed(place, np.concatenate([one, -one[two]]), key.size) for one in (added, inside))
        return key, added, inside

    def _met(self, box: FloatArray, which: Indices, run: Indices) -> tuple[Indices, Indices, Lean, FloatArray, FloatArray]:
        """The borders that meet the boxes, cut off at the top edge, and for each crossing with that edge the edge from its west end to the crossing.

        For each: the row of the box, the border, the lean border itself, its greater y, and +1 / -1 / 0: how much more the polygon on the border's left lies at
        the west end than at the east end of the top edge because of it.
        """
        border, found = expanded(self.runs.start[run], self.runs.length[run])
        row = which[found]
        x1, y1, x2, y2 = self.held.ends[:, border]
        west, south, east, north = box.T[:, row]
        meets = (np.maximum(x1, x2) > west) & (np.minimum(x1, x2) < east) & (np.maximum(y1, y2) > south) & (np.minimum(y1, y2) < north)
        met = np.flatnonzero(meets)
        x1, y1, x2, y2, row, border, west, east, north = (one[met] for one in (x1, y1, x2, y2, row, border, west, east, north))
        upward, downward = (y1 < north) & (y2 >= north), (y1 >= north) & (y2 < north)
        crossing = np.flatnonzero(upward | downward)
        x_top = x1[crossing] + (x2 - x1)[crossing] * ((north - y1)[crossing] / (y2 - y1)[crossing])
        up = upward[crossing]
        x2[crossing[up]], x1[crossing[~up]] = x_top[up], x_top[~up]
        y1, y2 = np.minimum(y1, north), np.minimum(y2, north)
        lean = np.flatnonzero((x1 != x2) & ((y1 < north) | (y2 < north)))
        on_edge = (x_top > west[crossing]) & (x_top <= east[crossing])
        crossing, x_top, up = crossing[on_edge], x_top[on_edge], up[on_edge]
        # the polygon lies west of an upward border: there the edge is its upper border, directed west; of a downward one it takes that away
        edge_from, edge_to = np.where(up, x_top, west[crossing]), np.where(up, west[crossing], x_top)
        both = np.concatenate([lean, crossing])
        edge_y = north[crossing]
        cut = Lean.of(
            np.concatenate([x1[lean], edge_from]), np.concatenate([y1[lean], edge_y]),
            np.concatenate([x2[lean], edge_to]), np.concatenate([y2[lean], edge_y]),
        )  # fmt: skip
        top = np.concatenate([np.maximum(y1, y2)[lean], edge_y])
        inside = np.concatenate([np.zeros(lean.size), np.where(up, 1.0, -1.0)])
        return row[both], border[both], cut, top, inside
