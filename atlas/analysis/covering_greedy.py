"""Greedy addition: the next place is the one that adds most.

It reaches at least 1 - 1/e = 63 % of the best newly covered weight (Nemhauser, Wolsey & Fisher 1978, doi 10.1007/BF01588971).
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from atlas.analysis.arrays import FloatArray
from atlas.analysis.covering_problem import CoveringProblem, IntArray
from atlas.analysis.errors import AnalysisError


@dataclass(frozen=True)
class Greedy:
    """Places in the order greedy addition takes them, and the weight each adds."""

    chosen: tuple[Hashable, ...]
    gains: FloatArray
    positions: IntArray

    @property
    def newly_covered(self) -> float:
        """Weight covered by these and by no place that exists."""
        return float(self.gains.sum())


def checked_k(k: int, candidates: int) -> int:
    """`k` as an int; AnalysisError where it is not a whole number from 0 to the number of candidates."""
    if k != int(k) or not 0 <= k <= candidates:
        raise AnalysisError(f"The number of new places is {k}, expected a whole number from 0 to the {candidates} candidates.")
    return int(k)


def greedy_covering(problem: CoveringProblem, k: int) -> Greedy:
    """k candidates, one after the other, each the one that adds most weight; of equal ones the first in the order of the candidates.

    Raises AnalysisError where there are fewer than k candidates.
    """
    n = checked_k(k, len(problem.ids))
    turned, left = problem.by_candidate, problem.open_weights.copy()
    free = np.ones(len(problem.ids), dtype=bool)
    positions, gains = np.zeros(n, dtype=np.intp), np.zeros(n)
    for step in range(n):
        possible = np.where(free, turned @ left, -1)
        best = int(np.argmax(possible))
        positions[step], gains[step] = best, possible[best]
        left[turned.indices[turned.indptr[best] : turned.indptr[best + 1]]] = 0
        free[best] = False
    return Greedy(problem.named(positions), gains, positions)
