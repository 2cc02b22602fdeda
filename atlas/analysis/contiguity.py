"""Which areas are neighbours: queen contiguity (クイーン隣接) of polygons whose borders were not digitised to the centimetre."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from atlas.analysis.borders import Geometries
from atlas.analysis.errors import AnalysisError
from atlas.analysis.plane import BOUNDS

TOLERANCE = 2.0
"""Metres. Neighbouring school districts of the national land data (A27) touch or lie within about a metre of each other, and little hangs on the choice: the
886 districts of 神奈川県 (2010) have 2,433 pairs of neighbours at 1 mm, 2,438 at 2 m, 2,451 at 10 m, the 43 of 奈良市 (2023) 101 at all three."""


def queen(polygons: Any, tolerance: float = TOLERANCE) -> csr_array:
    """Neighbours of n polygons (plane coordinates, metres): an n x n sparse matrix of 0 and 1, symmetric, without the diagonal.

    Neighbours share a border or a single point, lie one over the other, or are no more than `tolerance` metres apart. An area without any (an island, 島)
    gets the area nearest by distance between the borders, all of them where several are equally near, and becomes the neighbour of these too. So every
    area has a neighbour, unless there is only one area. The order of the polygons plays no part.
    Raises AnalysisError for a missing or empty polygon, something that is no polygon, degrees, or a tolerance that is negative or not finite.
    """
    held = _checked(polygons)
    if not 0 <= tolerance < np.inf:
        raise AnalysisError(f"The tolerance is {tolerance:g} m, expected 0 or more: the gap that digitising leaves between neighbours.")
    tree = shapely.STRtree(held)
    one, other = tree.query(held, predicate="dwithin", distance=tolerance)
    apart = one != other
    one, other = one[apart], other[apart]
    islands = np.flatnonzero(np.bincount(one, minlength=held.size) == 0)
    # `exclusive` leaves out the polygon itself; no other equals it, or it would be a neighbour already.
    island, nearest = tree.query_nearest(held[islands], exclusive=True)
    one, other = np.concatenate([one, islands[island]]), np.concatenate([other, nearest])
    both = np.unique(np.stack([np.concatenate([one, other]), np.concatenate([other, one])]), axis=1)
    return csr_array((np.ones(both.shape[1]), (both[0], both[1])), shape=(held.size, held.size))


def island_positions(polygons: Any, tolerance: float = TOLERANCE) -> NDArray[np.int64]:
    """Positions of the polygons that touch no other within `tolerance` metres, whose neighbour in `queen` is only the nearest one."""
    held = _checked(polygons)
    one, other = shapely.STRtree(held).query(held, predicate="dwithin", distance=tolerance)
    return np.flatnonzero(np.bincount(one[one != other], minlength=held.size) == 0)


def _checked(polygons: Any) -> Geometries:
    held = np.asarray(polygons, dtype=object)
    if held.ndim != 1:
        raise AnalysisError(f"Polygons have the shape {held.shape}, expected one row of them.")
    wrong = np.flatnonzero(~np.isin(shapely.get_type_id(held), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)) | shapely.is_empty(held))
    if wrong.size:
        raise AnalysisError(f"At position {wrong[0]} there is no polygon ({held[wrong[0]]}), expected an area with ground: leave areas without a map out.")
    if held.size:
        west, south, east, north = shapely.total_bounds(held)
        if BOUNDS[0] <= west and east <= BOUNDS[2] and BOUNDS[1] <= south and north <= BOUNDS[3]:
            raise AnalysisError("The polygons seem to be in degrees, expected metres: bring them to a plane system first (`plane.to_plane`).")
    return held
