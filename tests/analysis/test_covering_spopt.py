"""The same optimum as spopt, the open tool of this field, with the same solver."""

import numpy as np
import pulp
import pytest
from scipy.spatial.distance import cdist
from spopt.locate import MCLP

from atlas.analysis.covering import Status, maximal_covering
from atlas.analysis.covering_problem import covering_problem
from atlas.analysis.reach import DETOUR
from bench.cover_worker import town


def spopts_objective(cost: np.ndarray, weights: np.ndarray, radius: float, k: int, existing: np.ndarray | None = None) -> float:
    """Households spopt covers with k places, those that exist among them."""
    model = MCLP.from_cost_matrix(cost, weights, radius, k, predefined_facilities_arr=existing).solve(pulp.HiGHS(msg=False, gapRel=0), results=False)
    assert model.problem.status == pulp.LpStatusOptimal
    return float(model.problem.objective.value())


@pytest.mark.parametrize("seed", [1, 7, 1974])
@pytest.mark.parametrize(("k", "radius"), [(3, 500), (8, 800), (15, 1200)])
def test_a_generated_town_is_covered_as_well_as_by_spopt(seed: int, k: int, radius: float) -> None:
    demand, households, candidates = town(seed, points=200, candidates=40)
    found = maximal_covering(covering_problem(demand, households, candidates, radius), k)
    assert found.status is Status.OPTIMAL
    assert found.all_demand.after == pytest.approx(spopts_objective(cdist(demand, candidates) * DETOUR, households, radius, k))


@pytest.mark.parametrize("seed", [3, 20])
def test_places_that_exist_count_as_spopts_predefined_ones(seed: int) -> None:
    demand, households, places = town(seed, points=200, candidates=40)
    existing, candidates = places[:6], places[6:]
    found = maximal_covering(covering_problem(demand, households, candidates, 800, existing=existing), 5)
    there = np.arange(40) < 6
    assert found.all_demand.after == pytest.approx(spopts_objective(cdist(demand, places) * DETOUR, households, 800, 11, there))
    assert 0 < found.all_demand.before < found.all_demand.after
