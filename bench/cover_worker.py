"""One process of the benchmark: `make FOLDER` writes the generated town; `ours | spopt FOLDER` finds the best 20 of 300 candidates.

Both are timed from coordinates in memory to the chosen candidates; the cost matrix spopt asks for is in its time, as its user has to build it. Both are
asked for the proven optimum (relative gap 0), both with HiGHS.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measure import peak_mib

Floats = NDArray[np.float64]
RADIUS, K = 500.0, 20
SEED = 6  # the middle of eight towns tried (seeds 1 to 7 and 20261122: ratios 0.02 to 0.23)
POINTS, CANDIDATES = 3000, 300


def town(seed: int = SEED, points: int = POINTS, candidates: int = CANDIDATES) -> tuple[Floats, Floats, Floats]:
    """Demand (points, 2), one-person households (points), candidates (candidates, 2), in metres.

    A town of 9 km x 7 km: a dense centre, twelve quarters of different size, a tenth of the points scattered; households fall off from the middle
    of a quarter. Candidates (halls, schools, shops) lie near points of demand.
    """
    random = np.random.default_rng(seed)
    middles = np.vstack([[4500, 3500], random.uniform([800, 800], [8200, 6200], (12, 2))])
    sizes = np.concatenate([[0.25], random.dirichlet(np.full(12, 3.0)) * 0.65, [0.1]])
    quarter = random.choice(sizes.size, points, p=sizes)
    spread = np.concatenate([[900], random.uniform(300, 700, 12)])
    scattered = quarter == 13
    at = np.where(scattered, 0, quarter)
    demand = middles[at] + random.normal(size=(points, 2)) * spread[at][:, np.newaxis]
    demand[scattered] = random.uniform([0, 0], [9000, 7000], (int(scattered.sum()), 2))
    households = np.round(np.where(scattered, 15, 60) * random.lognormal(0, 0.8, points))
    near = random.choice(points, candidates, replace=False)
    return demand, households, demand[near] + random.normal(0, 80, (candidates, 2))


def ours(demand: Floats, households: Floats, candidates: Floats) -> NDArray[np.intp]:
    from atlas.analysis.covering import Status, maximal_covering
    from atlas.analysis.covering_problem import covering_problem

    found = maximal_covering(covering_problem(demand, households, candidates, RADIUS), K)
    if found.status is not Status.OPTIMAL:
        raise RuntimeError("the optimum was not proven")
    return np.array(found.positions)


def spopt(demand: Floats, households: Floats, candidates: Floats) -> NDArray[np.intp]:
    import pulp
    from scipy.spatial.distance import cdist
    from spopt.locate import MCLP

    from atlas.analysis.reach import DETOUR

    model = MCLP.from_cost_matrix(cdist(demand, candidates) * DETOUR, households, RADIUS, K)
    model = model.solve(pulp.HiGHS(msg=False, gapRel=0), results=False)
    if model.problem.status != pulp.LpStatusOptimal:
        raise RuntimeError(f"the optimum was not proven: {pulp.LpStatus[model.problem.status]}")
    return np.flatnonzero([one.value() > 0.5 for one in model.fac_vars])


WAYS = {"ours": ours, "spopt": spopt}
LIBRARIES = {"ours": ("atlas.analysis.covering",), "spopt": ("spopt.locate", "pulp", "highspy", "scipy.spatial.distance")}  # imported before the clock starts


def main(what: str, folder: Path) -> None:
    names = ("demand", "households", "candidates")
    if what == "make":
        for name, held in zip(names, town(), strict=True):
            np.save(folder / f"{name}.npy", held)
        print(json.dumps({"peak_mib": peak_mib()}))
        return
    given = [np.load(folder / f"{name}.npy") for name in names]
    for library in LIBRARIES[what]:
        import_module(library)
    before, start = os.times(), time.perf_counter()
    chosen = WAYS[what](*given)
    seconds, after = time.perf_counter() - start, os.times()
    np.save(folder / f"{what}.npy", chosen)
    processor = after.user + after.system - before.user - before.system
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
