"""Maximal covering with a guard: the neediest districts are covered at least as well as all, or to a given part of that.

A choice can keep the guard by covering fewer others, so X may not be left free downward: X_i >= Y_j for every candidate j within reach of a point
outside the neediest districts. For the same reason no candidate is left out as dominated.
"""

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from atlas.analysis.covering_problem import CoveringProblem, IntArray, merged_rows
from atlas.analysis.reach import BoolArray


def guarded_choice(problem: CoveringProblem, k: int, guard_share: float, time_limit: float | None) -> tuple[IntArray | None, float, bool]:
    """Positions of the best k candidates that keep the guard (None: none found), the most such a choice can cover, whether none exists.

    `problem.neediest` is given and holds weight. The weight is that within reach after all, existing places included.
    """
    neediest = problem.neediest
    assert neediest is not None
    open_rows = (problem.open_weights > 0) & (np.diff(problem.reaches.indptr) > 0)
    needy, needy_rows = _merged(problem, open_rows & neediest)
    other, other_rows = _merged(problem, open_rows & ~neediest)
    n_needy, n_other, m = needy.size, other.size, len(problem.ids)
    n = n_needy + n_other
    pairs_i, pairs_j = _pairs(needy_rows, other_rows)
    weights = np.concatenate([needy, other])
    scale = 1.0 if (weights == np.round(weights)).all() else weights.max() / 1000
    reached = csr_array(
        coo_array(
            (np.concatenate([np.ones(n), -np.ones(pairs_i.size)]), (np.concatenate([np.arange(n), pairs_i]), np.concatenate([np.arange(n), n + pairs_j]))),
            shape=(n, n + m),
        )
    )
    down = np.flatnonzero(pairs_i >= n_needy)
    whole = csr_array(
        coo_array(
            (
                np.concatenate([np.ones(down.size), -np.ones(down.size)]),
                (np.tile(np.arange(down.size), 2), np.concatenate([pairs_i[down], n + pairs_j[down]])),
            ),
            shape=(down.size, n + m),
        )
    )
    # share of the neediest - g * share of all >= 0, times the weight of the neediest
    total, needy_total = problem.total, float(problem.known[neediest].sum())
    factor = guard_share * needy_total / total
    before, needy_before = float(problem.known[problem.already].sum()), float(problem.known[problem.already & neediest].sum())
    guard = np.concatenate([needy * (1 - factor), -other * factor, np.zeros(m)]) / scale
    least = (factor * before - needy_before) / scale
    choose = np.concatenate([np.zeros(n), np.ones(m)])
    options: dict[str, float] = {"mip_rel_gap": 0.0} | ({} if time_limit is None else {"time_limit": time_limit})
    answer = milp(
        -np.concatenate([weights, np.zeros(m)]) / scale,
        integrality=choose,
        bounds=(0, 1),
        constraints=[
            LinearConstraint(reached, -np.inf, 0),
            LinearConstraint(whole, 0, np.inf),
            LinearConstraint(csr_array(np.vstack([choose, guard])), [k, least], [k, np.inf]),
        ],
        options=options,
    )
    if answer.x is None:
        return None, float("nan"), answer.status == 2
    positions = np.flatnonzero(answer.x[n:] > 0.5)
    return positions, before - (answer.fun if answer.status == 0 else answer.mip_dual_bound) * scale, False


def _merged(problem: CoveringProblem, rows: BoolArray) -> tuple[np.ndarray, csr_array]:
    """Weights and candidates of the groups of points among `rows`."""
    held = np.flatnonzero(rows)
    return merged_rows(problem.open_weights[held], csr_array(problem.reaches[held]))


def _pairs(first: csr_array, second: csr_array) -> tuple[IntArray, IntArray]:
    """Row and candidate of every pair within reach, the rows of the second after those of the first."""
    counts = np.concatenate([np.diff(first.indptr), np.diff(second.indptr)])
    rows = np.repeat(np.arange(counts.size), counts)
    return rows.astype(np.intp), np.concatenate([first.indices, second.indices]).astype(np.intp)
