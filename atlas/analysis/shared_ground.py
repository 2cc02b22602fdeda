"""Ground that several districts claim: found without looking at every pair, and cut into pieces that each have one set of claimants.

Real school districts overlap: 24.6 km2 in 箱根, where a branch school's district lies inside the main school's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from atlas.analysis.borders import Geometries, Indices, borders, runs, shared_once

NOISE = 1e-9  # common ground below this share of the smaller district is rounding
RUN = 8


@dataclass(frozen=True)
class SharedGround:
    """m pieces of ground, none over another, each claimed by two or more targets."""

    pieces: Geometries  # (m,)
    piece: Indices  # (c,) with `target`: one row for each claim
    target: Indices  # (c,)


def shared_ground(targets: Geometries) -> SharedGround:
    """The ground that two or more of the targets (valid polygons or multipolygons) cover, in pieces with one set of claimants each."""
    pairs, common = _overlapping(targets)
    if not common.size:
        return SharedGround(common, np.zeros(0, np.int64), np.zeros(0, np.int64))
    first, second = shapely.STRtree(common).query(common)
    onward = first < second
    first, second = first[onward], second[onward]
    deep = _areas(common, common, first, second) > NOISE * np.minimum(shapely.area(common)[first], shapely.area(common)[second])
    first, second = first[deep], second[deep]
    n, group = connected_components(coo_array((np.ones(first.size), (first, second)), shape=(common.size, common.size)), directed=False)
    alone = np.bincount(group, minlength=n)[group] == 1
    pieces = [*common[alone]]
    claims = [*pairs[alone]]
    for many in np.unique(group[~alone]):
        members = np.flatnonzero(group == many)
        claimants = np.unique(pairs[members])
        for face in shapely.get_parts(shapely.polygonize([shapely.union_all(shapely.boundary(common[members]))])):
            there = claimants[shapely.contains(targets[claimants], shapely.point_on_surface(face))]
            if there.size >= 2:
                pieces.append(face)
                claims.append(there)
    held = np.empty(len(pieces), object)
    held[:] = pieces
    return SharedGround(held, np.repeat(np.arange(len(claims)), [len(one) for one in claims]), np.concatenate(claims).astype(np.int64))


def _overlapping(targets: Geometries) -> tuple[Indices, Geometries]:
    """All pairs of targets (n, 2) with common ground, and that ground.

    Borders with a target on each side can only hide common ground that reaches a border with one target: walk through both targets at once to the edge of
    either. So pairs are tried at the single borders first, and from each pair found on to the neighbours of both.
    """
    held = shared_once(borders(targets))
    shared = held.right >= 0
    beside = np.unique(np.stack([held.left[shared], held.right[shared]], axis=1).astype(np.int64), axis=0)
    neighbours: dict[int, set[int]] = {}
    for one, other in beside.tolist():
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    ahead = _at_single_borders(targets)
    tried: set[tuple[int, int]] = set()
    pairs: list[tuple[int, int]] = []
    common: list[shapely.Geometry] = []
    area = shapely.area(targets)
    while ahead := {(min(pair), max(pair)) for pair in ahead if pair[0] != pair[1]} - tried:
        tried |= ahead
        one, other = np.array(sorted(ahead), dtype=np.int64).T
        ground = shapely.intersection(targets[one], targets[other])
        found = np.flatnonzero(shapely.area(ground) > NOISE * np.minimum(area[one], area[other]))
        pairs += zip(one[found].tolist(), other[found].tolist(), strict=True)
        common += [_polygons_of(each) for each in ground[found]]
        ahead = set()
        for i in found.tolist():
            a, b = int(one[i]), int(other[i])
            ahead |= {(more, b) for more in neighbours.get(a, ())} | {(a, more) for more in neighbours.get(b, ())}
    held_common = np.empty(len(common), object)
    held_common[:] = common
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), held_common


def _at_single_borders(targets: Geometries) -> set[tuple[int, int]]:
    """Pairs (t, u) where a run of t's borders that no one target shares meets a run of u's borders, or starts inside u."""
    held = shared_once(borders(targets))
    every = runs(held, RUN)
    single = np.bitwise_and.reduceat(held.right >= 0, every.start) == 0
    own = np.flatnonzero(single)
    tree = shapely.STRtree(shapely.box(*every.box))
    mine, met = tree.query(shapely.box(*every.box[:, own]))
    t = held.left[every.start[own]][mine]
    met_right = held.right[every.start[met]]
    starts = shapely.points(*held.ends[:2, every.start[own]])
    around, inside = shapely.STRtree(starts).query(targets, predicate="contains")
    found = np.concatenate([
        np.stack([t, held.left[every.start[met]]], axis=1),
        np.stack([t, met_right], axis=1)[met_right >= 0],
        np.stack([held.left[every.start[own]][inside], around], axis=1),
    ])  # fmt: skip
    return {(int(a), int(b)) for a, b in np.unique(found, axis=0)}


def _polygons_of(ground: shapely.Geometry) -> shapely.Geometry:
    """What of an intersection has an area: targets that also touch give lines and points beside it."""
    if ground.geom_type in ("Polygon", "MultiPolygon"):
        return ground
    parts = shapely.get_parts(ground)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _areas(one: Geometries, other: Geometries, i: Indices, j: Indices) -> np.ndarray:
    return np.asarray(shapely.area(shapely.intersection(one[i], other[j])))
