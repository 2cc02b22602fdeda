"""School districts: unions of small areas around schools, of which some borders run through small areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from etl.sample_city.mosaic import Mosaic, mosaic
from etl.sample_city.terrain import NEW_TOWN, PARK, PARK_RADIUS, Floats, Ints, bend, relaxed

SPLIT_SHARE = 0.30
"""Of the small areas, so many lie in more than one district."""
NOTICEABLE = 0.08
"""An area is cut only where a second district takes at least this much of it."""
OVERLAP_METRES = 260.0


@dataclass(frozen=True)
class Districts:
    """Districts on the ground, and the cell in which each school stands."""

    shapes: NDArray[np.object_]
    school_cells: Ints
    home: Ints
    """The district of each cell that holds most of it; -1: in none (water)."""
    overlap: tuple[int, int]
    """The two districts that share a strip of ground."""
    parks: shapely.Geometry
    """Ground that no district covers."""


def _schools(cells: Mosaic, households: Floats, parks: Floats, reach: float, count: int, rng: np.random.Generator) -> Ints:
    """`count` cells outside the parks, spread by the number of households (but never none in the sparse parts)."""
    weight = households**0.8 + 0.15 * households.mean() ** 0.8
    weight[(households == 0) | (cKDTree(parks).query(cells.seeds)[0] < reach)] = 0
    start = rng.choice(len(weight), count, replace=False, p=weight / weight.sum())
    centres = relaxed(cells.seeds, weight, cells.seeds[start], 12)
    nearest = cKDTree(cells.seeds).query(centres, k=min(40, len(weight)))[1]
    taken: dict[int, None] = {}
    for candidates in nearest:
        free = [cell for cell in candidates.tolist() if cell not in taken and weight[cell] > 0]
        if not free:
            free = [cell for cell in np.argsort(-weight, kind="stable").tolist() if cell not in taken]
        taken[free[0]] = None
    return np.array(list(taken), dtype=np.int64)


def laid_out(cells: Mosaic, households: Floats, water: int, count: int, scale: float, rng: np.random.Generator) -> Districts:
    """`count` districts over the cells; the water is in none, parks are cut out, one pair overlaps."""
    radius = PARK_RADIUS / max(scale, 1)
    parks = np.concatenate([[PARK], cells.seeds[rng.choice(len(cells.seeds), max(round(scale**2 / 4) - 1, 0), replace=False)]])
    schools = _schools(cells, households, parks, 1.6 * radius, count, rng)
    around = mosaic(cells.seeds[schools], scale, within_city=False)
    number, district = shapely.STRtree(around.flat).query(cells.flat, predicate="intersects")
    ground = shapely.area(shapely.intersection(cells.flat[number], around.flat[district]))
    share = ground / shapely.area(cells.flat)[number]
    order = np.lexsort((district, -share, number))
    number, district, share = number[order], district[order], share[order]
    first = np.concatenate([[True], number[1:] != number[:-1]])
    home = np.empty(len(cells.seeds), dtype=np.int64)
    home[number[first]] = district[first]
    second = np.zeros(len(cells.seeds))
    np.maximum.at(second, number[~first], share[~first])
    home[schools] = np.arange(count)
    second[schools] = second[water] = 0

    candidates = np.flatnonzero(second >= NOTICEABLE)
    wanted = min(len(candidates), round(SPLIT_SHARE * len(home)))
    cut = np.zeros(len(home), dtype=bool)
    cut[rng.choice(candidates, wanted, replace=False)] = True
    parts: list[list[shapely.Geometry]] = [[] for _ in range(count)]
    for cell in np.flatnonzero(~cut).tolist():
        if cell != water:
            parts[int(home[cell])].append(cells.bent[cell])
    pieces = cut[number]
    crossed = shapely.intersection(cells.bent[number[pieces]], around.bent[district[pieces]])
    for target, piece in zip(district[pieces].tolist(), crossed.tolist(), strict=True):
        parts[target].extend(part for part in shapely.get_parts(piece).tolist() if part.geom_type == "Polygon")
    shapes = np.array([shapely.union_all(part, grid_size=0.001) for part in parts], dtype=object)

    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    round_it = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    open_ground = shapely.union_all([shapely.Polygon(bend(park + round_it, scale)) for park in parks])
    near = np.flatnonzero(shapely.intersects(shapes, open_ground))
    shapes[near] = shapely.difference(shapes[near], open_ground)
    one, other, middle = _longest_border(around, shapes, scale)
    strip = shapely.intersection(shapes[other], shapely.Point(middle).buffer(OVERLAP_METRES, quad_segs=6))
    shapes[one] = shapely.union_all([shapes[one], strip], grid_size=0.001)
    home[water] = -1
    return Districts(shapes, schools, home, (one, other), open_ground)


def _longest_border(around: Mosaic, shapes: NDArray[np.object_], scale: float) -> tuple[int, int, Floats]:
    """Of the district nearest to the new town, the neighbour with which it shares the longest border, and a point on that border."""
    one = int(np.argmin(((around.seeds - NEW_TOWN) ** 2).sum(axis=1)))
    for other in around.neighbours()[one]:
        border = shapely.intersection(shapes[one].buffer(1), shapes[other])
        if not border.is_empty:
            return one, other, shapely.get_coordinates(shapely.point_on_surface(border))[0]
    raise AssertionError("a district without neighbours")
