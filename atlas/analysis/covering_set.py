"""How many new places bring a share of the weight within reach: the location set covering problem with a share (partial covering).

Toregas, Swain, ReVelle & Bergman 1971, "The location of emergency service facilities", Operations Research 19:1363-1373, doi 10.1287/opre.19.6.1363; with
a share: Daskin & Owen 1999, "Two new location covering problems: the partial p-center problem and the partial set covering problem", Geographical
Analysis 31:217-235.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from atlas.analysis.covering import SAME_WEIGHT, Covering, Status, solved
from atlas.analysis.covering_bounds import covering_rows, scale_of
from atlas.analysis.covering_greedy import Greedy, greedy_covering
from atlas.analysis.covering_problem import CoveringProblem, Reduced, reduced
from atlas.analysis.covering_program import deadline, seconds_left
from atlas.analysis.errors import AnalysisError

NO_TIME = 0.01
"""Seconds with which nothing can be done."""


@dataclass(frozen=True)
class SetCovering:
    """How many new places bring at least `share_wanted` of the known weight within reach.

    `number` the least number (None where not attainable); `at_least` proven: fewer do not do it (= number unless the time was up);
    `covering` the best choice of that many, or of as many as reach everyone that can be reached; `attainable_share` with all candidates.
    """

    share_wanted: float
    number: int | None
    at_least: int
    covering: Covering
    attainable_share: float
    status: Status


def set_covering(problem: CoveringProblem, share: float = 0.9, *, time_limit: float | None = None) -> SetCovering:
    """The least number of new places with which at least `share` (0-1) of the known weight is within reach, and the best choice of that many.

    min sum of Y with sum of a_i X_i >= share x total. The linear relaxation says how many it takes at least, greedy addition how many suffice; in between
    the most that k places cover decides for each k. `time_limit` in seconds for all of it: where it is up, `number` suffices and `at_least` is how far it
    is proven that fewer do not (status TIME_LIMIT where the two differ). Where all candidates together do not do it, the status is NOT_ATTAINABLE and
    `attainable_share` says how far they go.
    Raises AnalysisError for a share outside 0-1 or a time limit that is not above 0.
    """
    if not 0 <= share <= 1:
        raise AnalysisError(f"The share is {share:g}, expected 0 to 1: divide a percent by 100.")
    end = deadline(time_limit)
    small = reduced(problem.open_weights, problem.reaches)
    before = float(problem.known[problem.already].sum())
    wanted = share * problem.total * (1 - SAME_WEIGHT) - before
    attainable = (before + small.attainable) / problem.total if problem.total > 0 else float("nan")
    out_of_reach = wanted > small.attainable
    greedy = greedy_covering(problem, small.positions.size)
    reached = np.concatenate([[0.0], np.cumsum(greedy.gains)])
    goal = small.attainable * (1 - SAME_WEIGHT) if out_of_reach else wanted
    enough = int(np.argmax(reached >= goal))  # the candidates that are left reach all that can be reached
    at_least = min(enough, _fewest(small, goal, seconds_left(end)))
    tried: dict[int, Covering] = {}

    def best(k: int, seconds: float | None) -> Covering:
        start = tried[k] if k in tried else tried.get(k - 1)
        part = Greedy(greedy.chosen[:k], greedy.gains[:k], greedy.positions[:k])
        tried[k] = solved(problem, k, None, seconds, () if start is None else start.positions, part, small)
        return tried[k]

    for number in range(at_least, enough + 1):  # each with its part of the time, so that the number given is a good one
        left = seconds_left(end)
        number = enough if left is not None and left <= NO_TIME else number  # greedy's choice is known to do it
        covering = best(number, None if left is None else left / (enough - number + 1))
        if covering.all_demand.after - before >= goal:
            break
        if covering.bound - before < goal:  # then no fewer do it either
            at_least = number + 1
    while number > at_least and (left := seconds_left(end)) is not None and left > NO_TIME:  # the rest of the time for the proof that one fewer does not
        fewer = best(number - 1, left)
        if fewer.all_demand.after - before >= goal:
            covering, number = fewer, number - 1
        elif fewer.bound - before < goal:
            at_least = number
    status = Status.NOT_ATTAINABLE if out_of_reach else Status.OPTIMAL if at_least == number else Status.TIME_LIMIT
    return SetCovering(share, None if out_of_reach else number, at_least, covering, attainable, status)


def _fewest(small: Reduced, goal: float, time_limit: float | None) -> int:
    """A number of places below which `goal` cannot be covered: the linear relaxation of the least number, rounded up; 0 where the time was up."""
    n, m = small.reaches.shape
    if goal <= 0 or m == 0:
        return 0
    weights = np.concatenate([small.weights, small.own])
    scale = scale_of(small)
    constraints = csr_array(vstack([covering_rows(small), csr_array(-weights[np.newaxis, :] / scale)], format="csr"))
    upper = np.concatenate([np.zeros(n), [-goal / scale]])
    options = {} if time_limit is None else {"time_limit": time_limit}
    found = linprog(np.concatenate([np.zeros(n), np.ones(m)]), constraints, upper, bounds=(0, 1), method="highs-ds", options=options)
    return math.ceil(found.fun - 1e-6) if found.status == 0 else 0
