"""Who is within reach of a place: points of demand, places, and the way between them.

The way is the straight line x DETOUR; there is no street network in it, so rivers, railways and slopes are not seen.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from atlas.analysis.arrays import FloatArray, count_array, float_array
from atlas.analysis.errors import AnalysisError

BoolArray = NDArray[np.bool_]

DETOUR = 1.3
"""Length of a way on foot as a multiple of the straight line."""
SAME_LENGTH = 1e-9
"""Relative. A distance equal to the radius is within reach, also where the division by DETOUR rounds the other way."""


@dataclass(frozen=True)
class Tally:
    """People (or households) within and outside reach.

    `within` and `outside` are sums of the known weights; `points` counts all points of demand, `missing` those whose weight is not
    known (suppressed), which are in neither sum. `mean_distance` is the weighted mean way to the nearest place in metres, NaN
    without a place or a weight.
    """

    within: float
    outside: float
    points: int
    missing: int
    mean_distance: float

    @property
    def total(self) -> float:
        """Sum of the known weights."""
        return self.within + self.outside

    @property
    def share(self) -> float:
        """Within / total, 0-1; NaN where no weight is known or all are zero."""
        return self.within / self.total if self.total > 0 else float("nan")


@dataclass(frozen=True)
class Reach:
    """Reach of places at one radius; arrays stand in the order of the points of demand."""

    radius: float
    """Metres on the way."""
    within: BoolArray
    nearest: FloatArray
    """Metres on the way to the nearest place; inf without a place."""
    coarse: BoolArray
    """The small area is larger than the circle a place reaches, so its one point says little about who in it is within reach.
    False where the area is not known."""
    total: Tally
    by_group: dict[Any, Tally]
    """Group (district code) -> tally, in order of appearance; None holds the points in no group. The tallies add up to `total`."""
    neediest: Tally | None


def points_array(points: Any, name: str) -> FloatArray:
    """`points` as an array (n, 2) of plane metres; nothing at all gives (0, 2).

    Raises AnalysisError for another shape or a coordinate that is missing or infinite.
    """
    held = float_array(points)
    if held.size == 0:
        return np.empty((0, 2))
    if held.ndim != 2 or held.shape[1] != 2:
        raise AnalysisError(f"{name} has the shape {held.shape}, expected one row of x and y in metres for each point.")
    if not np.isfinite(held).all():
        at = int(np.flatnonzero(~np.isfinite(held).all(axis=1))[0])
        raise AnalysisError(f"{name} has no finite coordinate at position {at}; leave points without a place on the map out, and count them.")
    return held


def straight_radius(radius: float) -> float:
    """Straight-line metres that a radius in metres on the way amounts to: radius / DETOUR. Raises AnalysisError for a radius not above 0."""
    if not 0 < radius < np.inf:
        raise AnalysisError(f"The radius is {radius:g} m, expected a length above 0.")
    return radius / DETOUR


def reach_matrix(demand: Any, places: Any, radius: float) -> csr_array:
    """Which place is within `radius` metres on the way of which point of demand.

    `demand` (n, 2) and `places` (m, 2) in metres of the same plane. A sparse matrix (n, m) of ones, column indices sorted in each row.
    Raises AnalysisError for wrong points or radius.
    """
    own, others = points_array(demand, "demand"), points_array(places, "places")
    limit = straight_radius(radius) * (1 + SAME_LENGTH)
    if own.size == 0 or others.size == 0:
        return csr_array((len(own), len(others)))
    pairs = cKDTree(own).sparse_distance_matrix(cKDTree(others), limit, output_type="ndarray")
    matrix = csr_array((np.ones(len(pairs)), (pairs["i"], pairs["j"])), shape=(len(own), len(others)))
    matrix.sort_indices()
    return matrix


def mask_array(values: Any, n: int, name: str) -> BoolArray:
    """`values` as an array of n booleans. Raises AnalysisError for another length or something that is not true or false."""
    held = np.asarray(values)
    if held.shape != (n,) or held.dtype != np.bool_:
        raise AnalysisError(f"{name} has the shape {held.shape} and type {held.dtype}, expected {n} booleans, one for each point of demand.")
    return held


def weights_array(weights: Any, n: int) -> FloatArray:
    """Weights of n points of demand, zero or more, NaN where not known. Raises AnalysisError for another length or a negative weight."""
    held = np.atleast_1d(count_array(weights, "weights"))
    if held.shape != (n,):
        raise AnalysisError(f"There are {n} points of demand and weights of the shape {held.shape}; expected one weight for each point.")
    return held


def _tallies(codes: NDArray[np.intp], n_groups: int, weights: FloatArray, within: BoolArray, nearest: FloatArray) -> list[Tally]:
    """One tally for each code 0 ... n_groups - 1; codes below 0 are left out."""
    held = codes >= 0
    codes, weights, within, nearest = codes[held], weights[held], within[held], nearest[held]
    unknown = np.isnan(weights)
    known = np.where(unknown, 0, weights)
    inside = np.bincount(codes, known * within, n_groups)
    outside = np.bincount(codes, known * ~within, n_groups)
    ways = np.bincount(codes, np.where(known > 0, known * np.where(np.isinf(nearest), np.nan, nearest), 0), n_groups)
    points, missing = np.bincount(codes, minlength=n_groups), np.bincount(codes, unknown, n_groups)
    total = inside + outside
    mean = np.divide(ways, total, out=np.full(n_groups, np.nan), where=total > 0)
    return [Tally(float(inside[g]), float(outside[g]), int(points[g]), int(missing[g]), float(mean[g])) for g in range(n_groups)]


def reach(demand: Any, weights: Any, places: Any, radius: float, *, area_km2: Any = None, groups: Any = None, neediest: Any = None) -> Reach:
    """People within `radius` metres on the way (straight line x 1.3) of the nearest place, in all, by group and for the neediest fifth.

    `demand` (n, 2) and `places` (m, 2), m may be 0, in metres of one plane; `weights` n counts, NaN where suppressed: such a point is counted
    in `missing`, never as 0. `area_km2` n areas of the small areas the points stand for (NaN unknown): those larger than the circle a
    place reaches (radius / 1.3) are marked in `coarse`. `groups` n codes, missing for points in no district. `neediest` n booleans: the
    point lies in one of the neediest districts.
    Raises AnalysisError for wrong shapes, coordinates, weights or radius.
    """
    own, others = points_array(demand, "demand"), points_array(places, "places")
    n = len(own)
    held = weights_array(weights, n) if n else np.empty(0)
    limit = straight_radius(radius)
    straight = cKDTree(others).query(own)[0] if n and len(others) else np.full(n, np.inf)
    within = straight <= limit * (1 + SAME_LENGTH)
    nearest = straight * DETOUR
    coarse = np.zeros(n, dtype=bool)
    if area_km2 is not None:
        areas = np.atleast_1d(count_array(area_km2, "area_km2"))
        if areas.shape != (n,):
            raise AnalysisError(f"There are {n} points of demand and areas of the shape {areas.shape}; expected one area in km2 for each point.")
        coarse = areas * 1e6 > np.pi * limit**2  # NaN compares as False
    by_group: dict[Any, Tally] = {}
    if groups is not None:
        codes, names = pd.factorize(pd.Series(groups, dtype=object), use_na_sentinel=True)
        if codes.size != n:
            raise AnalysisError(f"There are {n} points of demand and {codes.size} groups; expected one group for each point.")
        by_group = dict(zip(names, _tallies(codes, len(names), held, within, nearest), strict=True))
        if (codes < 0).any():
            by_group[None] = _tallies(np.where(codes < 0, 0, -1), 1, held, within, nearest)[0]
    total = _tallies(np.zeros(n, dtype=np.intp), 1, held, within, nearest)[0]
    some = None if neediest is None else _tallies(np.where(mask_array(neediest, n, "neediest"), 0, -1), 1, held, within, nearest)[0]
    return Reach(float(radius), within, nearest, coarse, total, by_group, some)
