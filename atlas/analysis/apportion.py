"""From small areas to districts: counts shared out by weights, what lies outside reported, missing values kept missing.

w_st is the weight of the part that source s has in target t, w_s that of the whole source; weights are areas, or anything counted at points (floor area of
buildings). Ground that k targets claim counts 1/k for each of them, so that sum over t + outside = sum over s with overlapping targets too.

    plain          V_t = sum_s V_s * w_st / w_s            outside_s = V_s * (1 - sum_t w_st / w_s)
    renormalised   V_t = sum_s V_s * w_st / sum_t w_st     outside_s = 0, and V_s where no target holds any of s

All geometries lie in one plane, in metres (`plane.to_plane`). Nothing is rounded.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.borders import Geometries, Indices, borders, runs, shared_once, summed
from atlas.analysis.errors import AnalysisError
from atlas.analysis.part_areas import NOISE, RUN, Parts, part_areas
from atlas.analysis.shared_ground import shared_ground

Method = Literal["plain", "renormalised"]
SPLIT_FROM = 0.02  # a source is split when a second target holds at least this share of it; below it is digitising noise


@dataclass(frozen=True)
class Overlaps:
    """The weights of all parts, sorted by source, then target; ground claimed by several targets already shared among them."""

    source: Indices  # (n_parts,)
    target: Indices  # (n_parts,)
    part: FloatArray  # (n_parts,) w_st > 0
    whole: FloatArray  # (n_sources,) w_s
    n_targets: int

    @property
    def inside(self) -> FloatArray:
        """sum_t w_st of each source. (n_sources,)"""
        return summed(self.source, self.part, self.whole.size)

    @property
    def outside_share(self) -> FloatArray:
        """1 - sum_t w_st / w_s of each source, 0 to 1. (n_sources,)"""
        share = 1 - self.inside / self.whole
        return np.where(share < NOISE, 0.0, share)


@dataclass(frozen=True)
class Apportioned:
    """Values by target. Arrays (n_targets, k) and, for what is outside, (n_sources, k); one dimension where the values had one."""

    value: FloatArray  # NaN where a missing value has a share in the target, and where no source reaches it
    known: FloatArray  # the sum over the sources with a value, 0 where there are none
    missing: FloatArray  # the greatest share w_st / w_s of a source without value that lies in the target; 0: untouched by missing values
    outside: FloatArray  # of each source; NaN where the value is missing and part of the source is outside

    @property
    def touched(self) -> NDArray[np.bool_]:
        """Whether a missing value has a share in the target."""
        return np.asarray(self.missing > 0)


def intersections(sources: Any, targets: Any, threads: int | None = None) -> Overlaps:
    """The areas of all parts that sources (small areas) have in targets (districts); arrays of polygons or multipolygons, in plane metres.

    Ground that k targets cover is divided by k. Equal to overlaying the polygons within 1e-6; parts below 1e-9 of their source are left out. Raises
    AnalysisError naming the places of geometries that are missing, empty, invalid or no polygons.
    """
    threads = threads or min(4, os.cpu_count() or 1)
    small, districts = _polygons(sources, "source"), _polygons(targets, "target")
    with ThreadPoolExecutor(threads) as pool:
        checks = [pool.submit(_check_valid, each, name) for each, name in ((small, "source"), (districts, "target"))]
        held = shared_once(borders(districts))
        in_runs = runs(held, RUN)
        for check in checks:
            check.result()
        whole = np.asarray(shapely.area(small))
        if not small.size or not districts.size:
            return Overlaps(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), whole, len(districts))
        looked = pool.submit(shared_ground, districts, held, in_runs)
        parts = part_areas(small, districts, threads, held, in_runs)
        ground = looked.result()
    if ground.pieces.size:
        parts = _shared_out(parts, part_areas(small, ground.pieces, threads), ground.piece, ground.target, len(districts), whole)
    return Overlaps(parts.source, parts.target, parts.area, whole, len(districts))


def point_overlaps(areas: Overlaps, sources: Any, targets: Any, points: Any, weights: Any) -> Overlaps:
    """The same with weights counted at points inside the sources (dasymetric; floor area of buildings) instead of areas.

    w_s = sum of the weights of the points in source s, w_st = of those that lie in target t too; a point in k targets counts 1/k for each, one on a border
    between counts for one. A source without any weight keeps its areas (`areas`, from `intersections` of the same sources and targets).
    """
    small, districts, places, weight = np.asarray(sources), np.asarray(targets), np.asarray(points), float_array(weights)
    if weight.shape != places.shape or not np.all(weight >= 0):
        raise AnalysisError(f"{places.size} points came with {weight.size} weights; one weight of zero or more is needed for each point.")
    tree = shapely.STRtree(places)
    of_source, point = tree.query(small, predicate="intersects")
    point, only = np.unique(point, return_index=True)
    of_source = of_source[only]
    in_target, place = tree.query(districts, predicate="intersects")
    claims = np.bincount(place, minlength=places.size)
    source_of = np.full(places.size, -1)
    source_of[point] = of_source
    lies = source_of[place] >= 0
    place, in_target = place[lies], in_target[lies]
    whole = summed(of_source, weight[point], small.size)
    key, slot = np.unique(source_of[place] * np.int64(districts.size) + in_target, return_inverse=True)
    part = summed(slot, weight[place] / claims[place], key.size)
    source, target = np.divmod(key, np.int64(max(districts.size, 1)))
    kept, by_area = part > 0, whole[areas.source] == 0
    source = np.concatenate([source[kept], areas.source[by_area]])
    target = np.concatenate([target[kept], areas.target[by_area]])
    order = np.lexsort((target, source))
    part = np.concatenate([part[kept], areas.part[by_area]])[order]
    return Overlaps(source[order], target[order], part, np.where(whole == 0, areas.whole, whole), districts.size)


def weights(overlaps: Overlaps, method: Method = "plain") -> FloatArray:
    """The share of its source that each part gets: w_st / w_s, or w_st / sum_t w_st (`renormalised`). (n_parts,)"""
    if method not in ("plain", "renormalised"):
        raise AnalysisError(f"There is no method {method!r}; choose 'plain' or 'renormalised'.")
    by = overlaps.whole if method == "plain" else overlaps.inside
    return np.asarray(overlaps.part / by[overlaps.source])


def apportion(values: Any, overlaps: Overlaps, method: Method = "plain") -> Apportioned:
    """Counts of sources (n_sources,) or (n_sources, k) shared out to targets; NaN is a missing (suppressed) count and never counts as zero.

    Counts only: a rate of a target is made from its apportioned counts.
    """
    held = float_array(values)
    if held.shape[:1] != overlaps.whole.shape:
        found = len(held) if held.ndim else 1
        raise AnalysisError(f"{found} values came for {overlaps.whole.size} sources; one row is needed for each source, in their order.")
    columns = held if held.ndim == 2 else held[:, None]
    share = weights(overlaps, method)
    outside_share = overlaps.outside_share if method == "plain" else (overlaps.inside == 0).astype(float)
    shape = (overlaps.n_targets, columns.shape[1])
    known, missing = np.zeros(shape), np.zeros(shape)
    for k, column in enumerate(columns.T):
        given = column[overlaps.source]
        gone = np.isnan(given)
        known[:, k] = summed(overlaps.target, np.where(gone, 0.0, given * share), overlaps.n_targets)
        np.maximum.at(missing[:, k], overlaps.target[gone], share[gone])
    reached = np.bincount(overlaps.target, minlength=overlaps.n_targets) > 0
    value = np.where((missing > 0) | ~reached[:, None], np.nan, known)
    outside = np.where(outside_share[:, None] > 0, columns * outside_share[:, None], 0.0)
    shape_out, shape_in = (overlaps.n_targets, *held.shape[1:]), held.shape
    return Apportioned(value.reshape(shape_out), known.reshape(shape_out), missing.reshape(shape_out), outside.reshape(shape_in))


def is_split(overlaps: Overlaps, least: float = SPLIT_FROM) -> NDArray[np.bool_]:
    """Whether a second target holds at least `least` of each source. (n_sources,)"""
    return summed(overlaps.source, (weights(overlaps) >= least).astype(float), overlaps.whole.size) >= 2


def split_share(households: Any, overlaps: Overlaps, method: Method = "plain", least: float = SPLIT_FROM) -> FloatArray:
    """The share of each target's households that came from split sources: its error mark. (n_targets,)

    NaN where the target has no households or a missing number has a share in it.
    """
    held = float_array(households)
    every = apportion(held, overlaps, method).value
    split = apportion(np.where(is_split(overlaps, least), held, 0.0), overlaps, method).value
    return np.divide(split, every, out=np.full(every.shape, np.nan), where=every > 0)


def _shared_out(parts: Parts, pieces: Parts, piece: Indices, target: Indices, n_targets: int, whole: FloatArray) -> Parts:
    """The parts with (1 - 1/k) of every piece of ground that k targets claim taken from each of them."""
    claims = np.bincount(piece)
    start = np.cumsum(claims) - claims
    row = np.repeat(np.arange(pieces.source.size), claims[pieces.target])
    nth = np.arange(row.size) - np.repeat(np.cumsum(claims[pieces.target]) - claims[pieces.target], claims[pieces.target])
    claimant = target[start[pieces.target[row]] + nth]
    less = pieces.area[row] * (1 - 1 / claims[pieces.target[row]])
    key = parts.source * n_targets + parts.target
    wanted = pieces.source[row] * n_targets + claimant
    place = np.minimum(np.searchsorted(key, wanted), key.size - 1)
    there = key[place] == wanted
    area = parts.area - summed(place[there], less[there], key.size)
    kept = area > NOISE * whole[parts.source]
    return Parts(parts.source[kept], parts.target[kept], area[kept])


def _polygons(geometries: Any, name: str) -> Geometries:
    """The geometries as an array. Raises AnalysisError where some are missing, empty or no polygons."""
    held = np.asarray(geometries, dtype=object)
    polygonal = np.isin(shapely.get_type_id(held), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    _refuse(held, ~polygonal | shapely.is_empty(held), name, "missing, empty or no polygons")
    return held


def _check_valid(held: Geometries, name: str) -> None:
    """Raises AnalysisError where polygons are invalid."""
    _refuse(held, ~shapely.is_valid(held), name, "invalid polygons")


def _refuse(held: Geometries, wrong: NDArray[np.bool_], name: str, what: str) -> None:
    places = np.flatnonzero(wrong)
    if places.size:
        named = ", ".join(str(one) for one in places[:10]) + (" ..." if places.size > 10 else "")
        first = held[places[0]]
        reason = "nothing" if first is None else shapely.is_valid_reason(first) if what == "invalid polygons" else f"{first.geom_type}"
        raise AnalysisError(f"{places.size} {name} geometries are {what}, at {named} ({reason}); mend them (shapely.make_valid) or leave them out first.")
