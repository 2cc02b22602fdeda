"""Where new places should be: maximal covering and its curve over the number of places (how many are needed for a share: `covering_set`).

Church & ReVelle 1974, "The maximal covering location problem", Papers of the Regional Science Association 32:101-118, doi 10.1007/BF01942293.
Places that exist stay. Weights not known (suppressed) are counted apart and are in no share.
"""

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from atlas.analysis.covering_greedy import Greedy, checked_k, greedy_covering
from atlas.analysis.covering_guard import guarded_choice
from atlas.analysis.covering_problem import CoveringProblem, IntArray, Reduced, reduced
from atlas.analysis.covering_program import best_choice, deadline, seconds_left
from atlas.analysis.errors import AnalysisError
from atlas.analysis.reach import BoolArray

SAME_WEIGHT = 1e-9
"""Relative. A share that is missed by rounding alone is reached."""


class Status(StrEnum):
    """Proven best; best found when the time was up; no choice keeps the guard (the choice is without it); not to be had with these candidates."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "time_limit"
    GUARD_NOT_ATTAINABLE = "guard_not_attainable"
    NOT_ATTAINABLE = "not_attainable"


@dataclass(frozen=True)
class Coverage:
    """Weight within reach before and after, out of `total` (known weights only)."""

    before: float
    after: float
    total: float

    @property
    def share_before(self) -> float:
        """before / total, 0-1; NaN without weight."""
        return self.before / self.total if self.total > 0 else float("nan")

    @property
    def share_after(self) -> float:
        """after / total, 0-1; NaN without weight."""
        return self.after / self.total if self.total > 0 else float("nan")


@dataclass(frozen=True)
class Covering:
    """A choice of k new places and what it does.

    `chosen` ids in the order of the candidates, `positions` theirs. `all_demand`, `neediest` (None without the mask): weight within reach
    before and after; read the two together. `bound` the most that k places can cover after all; `gap` = (bound - after) / after, 0 where
    proven. `missing` points whose weight is not known; `unreachable` weight that no candidate and no existing place reaches.
    `candidates_left` of those given: not dominated by another; `groups_left` groups of points with the same candidates.
    """

    k: int
    chosen: tuple[Hashable, ...]
    positions: tuple[int, ...]
    all_demand: Coverage
    neediest: Coverage | None
    bound: float
    status: Status
    missing: int
    unreachable: float
    candidates_left: int
    groups_left: int
    guard_kept: bool | None = None
    """Whether the guard asked for holds; None where none was asked for."""

    @property
    def gap(self) -> float:
        """How much more at most, relative to the weight covered; 0 where proven, inf where nothing is covered and more is possible."""
        more = self.bound - self.all_demand.after
        return 0.0 if more <= 0 else more / self.all_demand.after if self.all_demand.after > 0 else float("inf")


@dataclass(frozen=True)
class CurvePoint:
    """One number of places on the curve: the exact choice and the greedy one beside it.

    `greedy_after` weight within reach after the greedy choice; `greedy_gap` how much less new weight greedy covers, relative to the exact new weight (0-1).
    """

    k: int
    covering: Covering
    greedy_after: float
    greedy_gap: float


def greedy_gap(covering: Covering, greedy: Greedy) -> float:
    """1 - newly covered by greedy / newly covered by the exact choice (0-1; 0 where nothing can be gained)."""
    exact = covering.all_demand.after - covering.all_demand.before
    return max(0.0, 1 - greedy.newly_covered / exact) if exact > 0 else 0.0


def maximal_covering(
    problem: CoveringProblem, k: int, *, guard_share: float | None = None, time_limit: float | None = None, greedy: Greedy | None = None
) -> Covering:
    """The k candidates that bring most weight within reach, exactly k of them, existing places staying.

    `guard_share` g (0 < g <= 1): the share of the neediest within reach is at least g x the share of all; 1: at least as high. Where no choice keeps it,
    the answer is without it and its status says so. `time_limit` in seconds: where it is up the best found is given with its bound; with a guard half of
    it at most goes to the choice without. `greedy` saves computing it again. The same input gives the same answer with the same versions (not so with a
    time limit); see `best_choice` for ties.
    Raises AnalysisError for a k that is not between 0 and the number of candidates, a time limit or guard out of range, a guard without `neediest`.
    """
    return solved(problem, k, guard_share, time_limit, (), greedy, None)


def covering_curve(problem: CoveringProblem, k_max: int, *, time_limit: float | None = None) -> Iterator[CurvePoint]:
    """Points for k = 0, 1 ... k_max, one at a time as they are found; covered weight never falls. `time_limit` in seconds for each k.

    Raises AnalysisError (at the first point) for a k_max not between 0 and the number of candidates.
    """
    last = checked_k(k_max, len(problem.ids))
    small = reduced(problem.open_weights, problem.reaches)
    greedy = greedy_covering(problem, last)
    before = float(problem.known[problem.already].sum())
    so_far: tuple[int, ...] = ()
    for k in range(last + 1):
        part = Greedy(greedy.chosen[:k], greedy.gains[:k], greedy.positions[:k])
        covering = solved(problem, k, None, time_limit, so_far, part, small)
        so_far = covering.positions
        yield CurvePoint(k, covering, min(before + part.newly_covered, covering.all_demand.after), greedy_gap(covering, part))


def solved(
    problem: CoveringProblem, k: int, guard_share: float | None, time_limit: float | None, start: tuple[int, ...], greedy: Greedy | None, small: Reduced | None
) -> Covering:
    """`maximal_covering` with a choice of k places or fewer to start from and a reduced problem that are at hand already."""
    n = checked_k(k, len(problem.ids))
    end = deadline(time_limit)
    held = reduced(problem.open_weights, problem.reaches) if small is None else small
    place = np.full(len(problem.ids), -1)
    place[held.positions] = np.arange(held.positions.size)
    first = greedy_covering(problem, n) if greedy is None else greedy
    starts = tuple(place[list(one)][place[list(one)] >= 0] for one in (first.positions.tolist(), start) if len(one))
    choice = best_choice(held, n, starts, time_limit if guard_share is None or time_limit is None else time_limit / 2)
    before = float(problem.known[problem.already].sum())
    status = Status.OPTIMAL if choice.most <= choice.value else Status.TIME_LIMIT
    positions = _filled_up(held.positions[choice.chosen], len(problem.ids), n)
    if status is Status.TIME_LIMIT:  # what was known before may still be better, as it may hold candidates that were reduced away
        known = (positions, np.sort(first.positions), _filled_up(np.array(start, dtype=np.intp), len(problem.ids), n))
        positions = max(known, key=lambda one: problem.known[problem.covered(one.tolist())].sum())
    found = _described(problem, held, positions, before + choice.most, status)
    if guard_share is None:
        return found
    return _with_guard(problem, held, n, guard_share, seconds_left(end), found)


def _with_guard(problem: CoveringProblem, small: Reduced, k: int, guard_share: float, time_limit: float | None, free: Covering) -> Covering:
    """The best choice that keeps the guard; `free` is the best without it, which is the answer where it keeps the guard itself."""
    if problem.neediest is None or not 0 < guard_share <= 1:
        raise AnalysisError(f"The guard is {guard_share:g}, expected above 0 and up to 1, with `neediest` given in the problem.")
    if not problem.known[problem.neediest].sum() > 0:
        raise AnalysisError("The neediest districts have no known weight, so a guard for them cannot be kept. Leave the guard out.")
    if _keeps(free, guard_share):
        return replace(free, guard_kept=True)
    positions, most, infeasible = guarded_choice(problem, k, guard_share, time_limit)
    if positions is None:
        return replace(free, guard_kept=False, status=Status.GUARD_NOT_ATTAINABLE if infeasible else Status.TIME_LIMIT)
    found = _described(problem, small, positions, most, Status.OPTIMAL)
    proven = most <= found.all_demand.after * (1 + SAME_WEIGHT)
    return replace(
        found, guard_kept=_keeps(found, guard_share), bound=found.all_demand.after if proven else most, status=Status.OPTIMAL if proven else Status.TIME_LIMIT
    )


def _keeps(covering: Covering, guard_share: float) -> bool:
    """The neediest are covered to at least `guard_share` of the share of all."""
    return covering.neediest is not None and covering.neediest.share_after >= guard_share * covering.all_demand.share_after * (1 - SAME_WEIGHT)


def _filled_up(chosen: IntArray, m: int, k: int) -> IntArray:
    """`chosen` with the first others up to k; they add nothing, but k were asked for."""
    others = np.setdiff1d(np.arange(m), chosen)
    return np.sort(np.concatenate([chosen, others[: k - chosen.size]])).astype(np.intp)


def _described(problem: CoveringProblem, small: Reduced, positions: IntArray, bound: float, status: Status) -> Covering:
    """The choice counted on the problem as it was given."""
    after = problem.covered(positions.tolist())
    counted = _coverage(problem, after, np.ones(after.size, dtype=bool))
    some = None if problem.neediest is None else _coverage(problem, after, problem.neediest)
    everyone = problem.already | (np.diff(problem.reaches.indptr) > 0)
    return Covering(
        k=positions.size,
        chosen=problem.named(positions.tolist()),
        positions=tuple(positions.tolist()),
        all_demand=counted,
        neediest=some,
        bound=counted.after if status is Status.OPTIMAL else max(bound, counted.after),
        status=status,
        missing=problem.missing,
        unreachable=float(problem.known[~everyone].sum()),
        candidates_left=small.positions.size,
        groups_left=small.weights.size + int((small.own > 0).sum()),
    )


def _coverage(problem: CoveringProblem, after: BoolArray, among: BoolArray) -> Coverage:
    """Coverage of the points `among`; exactly rounded sums, so that more points never come out as less weight."""
    known = problem.known
    return Coverage(*(math.fsum(known[held & among]) for held in (problem.already, after, np.ones_like(among))))
