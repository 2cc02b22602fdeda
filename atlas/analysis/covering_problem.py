"""The problem of where new places should be: who could be reached by which candidate, and how small the problem really is."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from atlas.analysis.arrays import FloatArray
from atlas.analysis.errors import AnalysisError
from atlas.analysis.reach import BoolArray, mask_array, points_array, reach_matrix, weights_array

IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class CoveringProblem:
    """Points of demand, candidates and what is there already.

    `weights` (n) zero or more, NaN where not known; `reaches` sparse (n, m), a one where candidate j is within reach of point i; `already` (n) a place that
    exists is within reach (it stays); `ids` (m) names of the candidates; `neediest` (n) the point lies in one of the neediest districts.
    Raises AnalysisError where the shapes do not fit or an id is given twice.
    """

    weights: FloatArray
    reaches: csr_array
    already: BoolArray
    ids: tuple[Hashable, ...]
    neediest: BoolArray | None = None

    def __post_init__(self) -> None:
        """Check that the shapes fit."""
        n, m = self.reaches.shape
        weights_array(self.weights, n)
        mask_array(self.already, n, "already")
        if self.neediest is not None:
            mask_array(self.neediest, n, "neediest")
        if (self.reaches.data != 1).any():
            raise AnalysisError("`reaches` holds something other than ones; give a sparse matrix with a one wherever a candidate is within reach.")
        if len(self.ids) != m or len(set(self.ids)) != m:
            raise AnalysisError(f"There are {m} candidates and {len(set(self.ids))} different ids; expected one id of its own for each candidate.")

    @cached_property
    def known(self) -> FloatArray:
        """Weights with 0 for those not known; `missing` counts them."""
        return np.nan_to_num(self.weights)

    @property
    def missing(self) -> int:
        """Points whose weight is not known."""
        return int(np.isnan(self.weights).sum())

    @cached_property
    def total(self) -> float:
        """Sum of the known weights."""
        return float(self.known.sum())

    @cached_property
    def open_weights(self) -> FloatArray:
        """Known weights of the points not covered yet, 0 for the others."""
        return np.where(self.already, 0, self.known)

    @cached_property
    def by_candidate(self) -> csr_array:
        """`reaches` turned round: (m, n)."""
        return csr_array(self.reaches.T)

    def covered(self, positions: Iterable[int]) -> BoolArray:
        """Points within reach of a place that exists or of the candidates at `positions`."""
        turned, held = self.by_candidate, self.already.copy()
        for j in positions:
            held[turned.indices[turned.indptr[j] : turned.indptr[j + 1]]] = True
        return held

    def named(self, positions: Iterable[int]) -> tuple[Hashable, ...]:
        """Ids of the candidates at `positions`."""
        return tuple(self.ids[j] for j in positions)


def covering_problem(
    demand: Any, weights: Any, candidates: Any, radius: float, *, existing: Any = (), ids: Sequence[Hashable] | None = None, neediest: Any = None
) -> CoveringProblem:
    """The problem of coordinates: `demand` (n, 2), `candidates` (m, 2), `existing` places (any number, 2), all in metres of one plane.

    `weights` n, NaN where suppressed; `radius` metres on the way (straight line x 1.3); `ids` of the candidates, by default their positions.
    Raises AnalysisError for wrong points, weights or radius.
    """
    own, places = points_array(demand, "demand"), points_array(candidates, "candidates")
    already = np.diff(reach_matrix(own, existing, radius).indptr) > 0
    return CoveringProblem(
        weights_array(weights, len(own)) if len(own) else np.empty(0),
        reach_matrix(own, places, radius),
        already,
        tuple(range(len(places))) if ids is None else tuple(ids),
        None if neediest is None else mask_array(neediest, len(own), "neediest"),
    )


@dataclass(frozen=True)
class Reduced:
    """A smaller problem with the same optimum.

    `positions` of the candidates that are left, in the problem it came from; `own` the weight that only this one of them reaches; `weights`
    and `reaches` of the groups of points that two or more of them reach.
    """

    positions: IntArray
    own: FloatArray
    weights: FloatArray
    reaches: csr_array

    @property
    def attainable(self) -> float:
        """Weight reached with all candidates."""
        return float(self.own.sum() + self.weights.sum())

    def value(self, chosen: IntArray) -> float:
        """Weight the candidates at `chosen` (positions in this problem) reach together."""
        picked = np.zeros(self.positions.size)
        picked[chosen] = 1
        return float(self.own @ picked + self.weights @ (self.reaches @ picked > 0))


def undominated(reaches: csr_array) -> BoolArray:
    """False for each candidate that reaches nobody, or nobody another one does not reach; of equal ones the first stays.

    Leaving these out does not change the most weight that k places can cover: in any choice the other one takes its place, or,
    if that is chosen already, any one does. (Column domination; Church & ReVelle's problem has no cost that would forbid it.)
    """
    sizes = np.asarray(reaches.sum(axis=0)).ravel()
    kept = np.asarray(sizes > 0)
    shared = csr_array(reaches.T @ reaches)
    smaller = np.repeat(np.arange(sizes.size), np.diff(shared.indptr))
    larger = shared.indices
    inside = (shared.data == sizes[smaller]) & (smaller != larger)
    equal = sizes[smaller] == sizes[larger]
    kept[smaller[inside & (~equal | (larger < smaller))]] = False
    return kept


def merged_rows(weights: FloatArray, reaches: csr_array) -> tuple[FloatArray, csr_array]:
    """Points that the same candidates reach, as one with the sum of their weights, in order of appearance."""
    reaches.sort_indices()
    groups: dict[bytes, int] = {}
    sets = (reaches.indices[start:end].tobytes() for start, end in pairwise(reaches.indptr))
    group = np.fromiter((groups.setdefault(one, len(groups)) for one in sets), np.intp, len(weights))
    first = np.zeros(len(groups), dtype=np.intp)
    first[group[::-1]] = np.arange(len(weights))[::-1]
    return np.bincount(group, weights, len(groups)).astype(float), csr_array(reaches[first])


def reduced(weights: FloatArray, reaches: csr_array, own: FloatArray | None = None) -> Reduced:
    """The maximal covering problem without what cannot matter.

    Left out: points without weight or candidate, candidates dominated by another; joined: points that the same candidates reach.
    `own` (m) is weight that only the one candidate reaches and that stands in no row of `reaches`.
    """
    m = reaches.shape[1]
    extra = np.zeros(m) if own is None else own
    alone = np.flatnonzero(extra > 0)
    if alone.size:  # a row of its own each, so that what follows sees it
        single = csr_array((np.ones(alone.size), (np.arange(alone.size), alone)), shape=(alone.size, m))
        weights, reaches = np.concatenate([weights, extra[alone]]), csr_array(vstack([reaches, single], format="csr"))
    counts = np.diff(reaches.indptr)
    rows = np.flatnonzero((weights > 0) & (counts > 0))
    held = csr_array(reaches[rows])
    columns = np.flatnonzero(undominated(held))
    groups, matrix = merged_rows(weights[rows], csr_array(held[:, columns]))
    many = np.diff(matrix.indptr)
    only = np.flatnonzero(many == 1)
    shared = np.flatnonzero(many > 1)
    alone_weights = np.bincount(matrix.indices[matrix.indptr[only]], groups[only], columns.size).astype(float)
    return Reduced(columns, alone_weights, groups[shared], csr_array(matrix[shared]))
