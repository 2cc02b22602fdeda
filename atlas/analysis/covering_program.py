"""The maximal covering problem solved exactly: reduce, bound, decide by bounds, and give the rest to HiGHS.

max sum a_i X_i, X_i <= sum of Y_j within reach, sum of Y_j = k, Y binary, X in [0, 1] (Church & ReVelle 1974, doi 10.1007/BF01942293).
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from atlas.analysis.covering_bounds import Bound, covering_rows, lagrangian_bound, least_better, relaxation, remainder, scale_of, whole
from atlas.analysis.covering_exchange import Exchange
from atlas.analysis.covering_problem import IntArray, Reduced, reduced
from atlas.analysis.errors import AnalysisError


@dataclass(frozen=True)
class Choice:
    """Positions in a reduced problem, the weight they cover, and the most that any choice can cover (equal where proven)."""

    chosen: IntArray
    value: float
    most: float


def best_choice(small: Reduced, k: int, starts: tuple[IntArray, ...] = (), time_limit: float | None = None) -> Choice:
    """The best k candidates of `small` (all of them where there are fewer).

    `starts` are choices known to be good, of k or fewer. Without `time_limit` (seconds) the answer is proven. Of choices of equal weight the one found by
    greedy addition and exchange stays, whose ties go by the order of the candidates; where HiGHS had to improve on it, the one HiGHS finds, the same at
    every run with the same version.
    """
    m = small.positions.size
    if k >= m:
        return Choice(np.arange(m), small.attainable, small.attainable)
    if k == 0:
        return Choice(np.empty(0, dtype=np.intp), 0.0, 0.0)
    end = None if time_limit is None else time.monotonic() + time_limit
    exchange = Exchange(small, csr_array(small.reaches.T))
    best = _improved(exchange, (np.empty(0, dtype=np.intp), *starts), k)
    relaxed = relaxation(small, k, seconds_left(end))
    if relaxed is None:
        return Choice(best, small.value(best), small.attainable)
    opened, prices = relaxed
    best = max((best, _improved(exchange, (np.sort(np.argsort(-opened, kind="stable")[:k]),), k)), key=small.value)
    bound = lagrangian_bound(small, exchange.turned, k, prices)
    if bound.most >= least_better(small, small.value(best)):
        best = exchange.shaken(best, np.clip(opened, 0, 1), bound.most - (1 - 1e-6 if whole(small) else 0), end)
    return _decided(small, k, best, bound, end)


def deadline(time_limit: float | None) -> float | None:
    """When a limit in seconds is up, on the monotonic clock. Raises AnalysisError for a limit that is not above 0."""
    if time_limit is not None and not time_limit > 0:
        raise AnalysisError(f"The time limit is {time_limit:g} s, expected more than 0, or none.")
    return None if time_limit is None else time.monotonic() + time_limit


def seconds_left(end: float | None) -> float | None:
    """Seconds until `end` of the monotonic clock, at least a hundredth; None for no end."""
    return None if end is None else max(end - time.monotonic(), 0.01)


def _improved(exchange: Exchange, starts: tuple[IntArray, ...], k: int) -> IntArray:
    """The best of the starts filled up and exchanged; the first of equal ones."""
    return max((exchange.exchanged(exchange.added(start, k)) for start in starts), key=exchange.small.value)


def _decided(small: Reduced, k: int, best: IntArray, bound: Bound, end: float | None) -> Choice:
    """Candidates a better choice must or cannot have are fixed; what is left is reduced again and solved."""
    value = small.value(best)
    least = least_better(small, value)
    rest = remainder(bound, least, k)
    if rest is None:
        return Choice(best, value, value)
    taken, free = rest
    picked = np.zeros(small.positions.size)
    picked[taken] = 1
    open_weights = np.where(small.reaches @ picked > 0, 0, small.weights)
    inner = reduced(open_weights, csr_array(small.reaches[:, free]), small.own[free])
    places = free[inner.positions]
    base = small.value(taken)
    need = k - taken.size
    if places.size <= need:
        found, most = places, base + inner.attainable
    else:
        chosen, inner_most = _solved(inner, need, least - base, end)
        found, most = places[chosen], base + inner_most
    filled = _filled(np.concatenate([taken, found]), small.positions.size, k)
    other = small.value(filled)
    if other > value:
        best, value = filled, other
    proven = most <= value or most < least_better(small, value)
    return Choice(best, value, value if proven else min(most, bound.most))


def _filled(chosen: IntArray, m: int, k: int) -> IntArray:
    """`chosen` with the first others up to k."""
    others = np.setdiff1d(np.arange(m), chosen)
    return np.sort(np.concatenate([chosen, others[: k - chosen.size]])).astype(np.intp)


def _solved(small: Reduced, k: int, least: float, end: float | None) -> tuple[IntArray, float]:
    """HiGHS on what is left, asked for a choice that covers at least `least`, and the most it says is possible (0 where there is no such choice)."""
    n, m = small.reaches.shape
    scale = scale_of(small)
    weights = np.concatenate([small.weights, small.own]) / scale
    slack = 0.5 if whole(small) else 1e-6 * small.attainable
    choose = csr_array(np.concatenate([np.zeros(n), np.ones(m)])[np.newaxis, :])
    options: dict[str, float] = {"mip_rel_gap": 0.0}
    if end is not None:
        options["time_limit"] = seconds_left(end) or 0.01
    answer = milp(
        -weights,
        integrality=np.concatenate([np.zeros(n), np.ones(m)]),
        bounds=(0, 1),
        constraints=[
            LinearConstraint(covering_rows(small), -np.inf, 0),
            LinearConstraint(choose, k, k),
            # HiGHS is told of the choice known already: what covers less need not be looked at. Half a step below, so that rounding shuts nothing out.
            LinearConstraint(csr_array(weights[np.newaxis, :]), (least - slack) / scale, np.inf),
        ],
        options=options,
    )
    if answer.status == 2 or (answer.status == 4 and "infeasible" in answer.message.lower()):  # it is bounded, so "infeasible or unbounded" is infeasible
        return np.empty(0, dtype=np.intp), 0.0
    most = small.attainable if answer.mip_dual_bound is None else min(small.attainable, -answer.mip_dual_bound * scale)
    if answer.x is None:
        return np.empty(0, dtype=np.intp), most
    chosen = np.flatnonzero(answer.x[n:] > 0.5)
    return chosen, small.value(chosen) if answer.status == 0 else most
