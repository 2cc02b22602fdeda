"""Ground that several districts claim: found without looking at every pair, and cut into pieces that each have one set of claimants.

Real school districts overlap: 24.6 km2 in 箱根, where a branch school's district lies inside the main school's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from atlas.analysis.borders import Borders, Geometries, Indices, Runs, expanded

NOISE = 1e-9  # common ground below this share of the smaller district is rounding
GRID = 1e-12  # overlays round to this share of the greatest coordinate (below 1/1000 mm): without, GEOS errs where borders nearly run on each other


@dataclass(frozen=True)
class SharedGround:
    """m pieces of ground, none over another, each claimed by two or more targets; `piece` and `target` have one row for each claim."""

    pieces: Geometries  # (m,)
    piece: Indices
    target: Indices


def shared_ground(targets: Geometries, held: Borders, in_runs: Runs) -> SharedGround:
    """The ground that two or more of the targets (valid polygons or multipolygons) cover, in pieces with one set of claimants each.

    `held` are the targets' borders, shared ones once, and `in_runs` the same in runs.
    """
    pairs, common = _overlapping(targets, held, in_runs)
    first, second = shapely.STRtree(common).query(common)
    first, second = first[first < second], second[first < second]
    deep = _common_ground(common, first, second)[0]
    first, second = first[deep], second[deep]
    n, group = connected_components(coo_array((np.ones(first.size), (first, second)), shape=(common.size, common.size)), directed=False)
    alone = np.bincount(group, minlength=n)[group] == 1
    pieces, claims = list(common[alone]), list(pairs[alone])
    for many in np.unique(group[~alone]):
        for piece_of, claimants in _pieces(common[group == many], pairs[group == many]):
            pieces.append(piece_of)
            claims.append(np.array(sorted(claimants), dtype=np.int64))
    piece = np.repeat(np.arange(len(claims)), np.array([len(one) for one in claims], dtype=np.int64))
    return SharedGround(_objects(pieces), piece, np.concatenate([np.zeros(0, np.int64), *claims]))


def _pieces(common: Geometries, pairs: Indices) -> list[tuple[shapely.Geometry, frozenset[int]]]:
    """Grounds (n,) common to pairs of targets (n, 2), lying over each other, cut into pieces with all who claim each."""
    pieces: list[tuple[shapely.Geometry, frozenset[int]]] = []
    grid = _grid(common)
    for ground, pair in zip(common, pairs.tolist(), strict=True):
        least, rest, cut = NOISE * ground.area, ground, []
        for piece, claimants in pieces:
            inside = _polygonal(shapely.intersection(piece, ground, grid_size=grid))
            if inside.area > least:
                cut.append((inside, claimants.union(pair)))
                rest = _polygonal(shapely.difference(rest, piece, grid_size=grid))
                piece = _polygonal(shapely.difference(piece, ground, grid_size=grid))
            if piece.area > least:
                cut.append((piece, claimants))
        if rest.area > least:
            cut.append((rest, frozenset(pair)))
        pieces = cut
    return pieces


def _overlapping(targets: Geometries, held: Borders, in_runs: Runs) -> tuple[Indices, Geometries]:
    """All pairs of targets (n, 2) with common ground, and that ground (n,).

    Where every border has a target on each side, common ground of two targets goes on beyond it as common ground of a neighbour and the other. So it reaches a
    border that only one target has: pairs are tried there first, and from each pair found on to the neighbours of both.
    """
    n = len(targets)
    pairs, common = [np.zeros((0, 2), np.int64)], [_objects([])]
    tried = np.zeros(0, np.int64)
    ahead = np.unique(_at_single_borders(targets, held, in_runs))
    neighbours: dict[int, list[int]] = {}
    while ahead.size:
        tried = np.union1d(tried, ahead)
        one, other = np.divmod(ahead, n)
        found, ground = _common_ground(targets, one, other)
        pairs.append(np.stack([one[found], other[found]], axis=1))
        common.append(ground[found])
        if found.size and not neighbours:
            neighbours = _neighbours(held, n)
        onward = [(more, b) for a, b in pairs[-1].tolist() for more in neighbours.get(a, ())]
        onward += [(a, more) for a, b in pairs[-1].tolist() for more in neighbours.get(b, ())]
        keys = np.array([min(pair) * n + max(pair) for pair in onward if pair[0] != pair[1]], dtype=np.int64)
        ahead = np.setdiff1d(keys, tried)
    return np.concatenate(pairs), np.concatenate(common)


def _at_single_borders(targets: Geometries, held: Borders, in_runs: Runs) -> Indices:
    """Keys t * n + u, t < u, where a run with borders that t alone has meets borders of u, or starts inside u."""
    single = np.flatnonzero(~np.logical_and.reduceat(held.right >= 0, in_runs.start))
    owner = held.left[in_runs.start[single]].astype(np.int64)
    mine, met = in_runs.tree.query(shapely.box(*in_runs.box[:, single]))
    border, row = expanded(in_runs.start[met], in_runs.length[met])
    starts = shapely.STRtree(shapely.points(held.ends[:2, in_runs.start[single]].T))
    around, started = starts.query(targets, predicate="contains")
    t = np.concatenate([owner[mine[row]], owner[mine[row]], owner[started]])
    u = np.concatenate([held.left[border], held.right[border], around])
    t, u = t[(u >= 0) & (u != t)], u[(u >= 0) & (u != t)]
    return np.asarray(np.minimum(t, u) * len(targets) + np.maximum(t, u))


def _neighbours(held: Borders, n: int) -> dict[int, list[int]]:
    """Who shares a border with whom."""
    two = held.right >= 0
    beside: dict[int, list[int]] = {}
    for one, other in zip(*np.divmod(np.unique(held.left[two].astype(np.int64) * n + held.right[two]), n), strict=True):
        beside.setdefault(int(one), []).append(int(other))
        beside.setdefault(int(other), []).append(int(one))
    return beside


def _common_ground(polygons: Geometries, one: Indices, other: Indices) -> tuple[Indices, Geometries]:
    """Which rows of one and other have common ground, and the polygons of it for every row."""
    ground = shapely.intersection(polygons[one], polygons[other], grid_size=_grid(polygons))
    for i in np.flatnonzero(shapely.get_type_id(ground) == shapely.GeometryType.GEOMETRYCOLLECTION):
        ground[i] = _polygonal(ground[i])
    area = shapely.area(polygons)
    return np.flatnonzero(shapely.area(ground) > NOISE * np.minimum(area[one], area[other])), ground


def _polygonal(ground: shapely.Geometry) -> shapely.Geometry:
    """The polygons of an overlay: where areas also touch, lines and points stand beside them."""
    if ground.geom_type != "GeometryCollection":
        return ground
    parts = shapely.get_parts(ground)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _grid(polygons: Geometries) -> float:
    return GRID * float(np.abs(shapely.total_bounds(polygons)).max()) if polygons.size else 0.0


def _objects(geometries: list[shapely.Geometry]) -> Geometries:
    held = np.empty(len(geometries), object)
    held[:] = geometries
    return held
