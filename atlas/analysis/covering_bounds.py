"""How much k places can cover at most, and which candidates a better choice can or cannot have: bounds that need no trust in a solver.

For any prices u_i between 0 and a_i (u for the constraint X_i <= sum of Y_j) the Lagrangian of maximal covering is

    L(u) = sum (a_i - u_i) + the k largest of c_j,   c_j = own_j + sum of u_i over the points j reaches,

an upper bound of the best weight (Geoffrion 1974, doi 10.1007/BFb0120690; for covering Galvao & ReVelle 1996, EJOR 88:114-123). The
linear relaxation gives prices at which it equals the relaxation's own optimum. The bound is computed here from the prices, so the tolerances of the
solver do not touch it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from atlas.analysis.arrays import FloatArray
from atlas.analysis.covering_problem import IntArray, Reduced
from atlas.analysis.reach import BoolArray


@dataclass(frozen=True)
class Bound:
    """`most`: no k places cover more. `forced` (m): no choice with the other decision on candidate j covers more than this.

    The other decision is: taking j, for those not among the k largest c_j (`inside` False); leaving it out, for those among them.
    """

    most: float
    forced: FloatArray
    inside: BoolArray


def covering_rows(small: Reduced) -> csr_array:
    """X_i - sum of Y_j, one row a group of points; columns: X, then Y."""
    return csr_array(hstack([eye_array(small.weights.size, format="csr"), -small.reaches], format="csr"))


def relaxation(small: Reduced, k: int, time_limit: float | None = None) -> tuple[FloatArray, FloatArray] | None:
    """The linear relaxation with sum of Y = k: its Y and prices u. None where the time was up."""
    n, m = small.reaches.shape
    scale = scale_of(small)
    cost = -np.concatenate([small.weights, small.own]) / scale
    choose = csr_array(np.concatenate([np.zeros(n), np.ones(m)])[np.newaxis, :])
    options = {} if time_limit is None else {"time_limit": time_limit}
    found = linprog(cost, covering_rows(small), np.zeros(n), choose, [k], (0, 1), method="highs-ds", options=options)
    if found.status != 0:
        return None
    return found.x[n:], np.clip(-found.ineqlin.marginals * scale, 0, small.weights)


def scale_of(small: Reduced) -> float:
    """What weights are divided by for the solver, whose tolerances are absolute: 1 for whole numbers, else so that the largest is 1,000."""
    return 1.0 if whole(small) else max(small.weights.max(initial=0), small.own.max(initial=0)) / 1000 or 1.0


def whole(small: Reduced) -> bool:
    """All weights are whole numbers, so that one choice is better than another by 1 at least."""
    return bool((small.weights == np.round(small.weights)).all() and (small.own == np.round(small.own)).all())


def lagrangian_bound(small: Reduced, turned: csr_array, k: int, prices: FloatArray) -> Bound:
    """The bound at `prices`, 0 < k < number of candidates."""
    worth = small.own + turned @ prices
    order = np.argsort(-worth, kind="stable")
    inside = np.zeros(worth.size, dtype=bool)
    inside[order[:k]] = True
    most = float((small.weights - prices).sum() + worth[order[:k]].sum())
    forced = np.where(inside, most - worth + worth[order[k]], most - worth[order[k - 1]] + worth)
    return Bound(most, forced, inside)


def least_better(small: Reduced, value: float) -> float:
    """Any choice that covers more than `value` covers at least this: 1 more for whole numbers, else more by a billionth of the weight."""
    return value + (1 - 1e-6 if whole(small) else 1e-9 * small.attainable)


def remainder(bound: Bound, least: float, k: int) -> tuple[IntArray, IntArray] | None:
    """Positions every choice that covers `least` or more must take, and those that are undecided; None where there is no such choice."""
    decided = bound.forced < least
    taken = np.flatnonzero(decided & bound.inside)
    free = np.flatnonzero(~decided)
    if bound.most < least or taken.size > k or taken.size + free.size < k:
        return None
    return taken, free
