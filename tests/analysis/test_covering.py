"""Against every choice there is, and what holds for any problem."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from atlas.analysis import covering_program
from atlas.analysis.covering import Status, covering_curve, greedy_gap, maximal_covering
from atlas.analysis.covering_bounds import lagrangian_bound, relaxation
from atlas.analysis.covering_exchange import Exchange
from atlas.analysis.covering_greedy import greedy_covering
from atlas.analysis.covering_problem import CoveringProblem, covering_problem, reduced
from atlas.analysis.errors import AnalysisError

OFTEN = settings(deadline=None, max_examples=40)
SEEDS = st.integers(0, 2**32 - 1)


def random_problem(seed: int, n: int = 14, m: int = 8, near: float = 0.3) -> CoveringProblem:
    """Points and candidates with reach at random (no plane behind it: harder), some weights unknown or zero, some points covered already."""
    random = np.random.default_rng(seed)
    n, m = int(random.integers(1, n + 1)), int(random.integers(1, m + 1))
    weights = random.integers(0, 40, n).astype(float) if random.random() < 0.6 else random.lognormal(0, 1, n)
    weights[random.random(n) < 0.1] = np.nan
    reaches = (random.random((n, m)) < random.uniform(0.1, 2 * near - 0.1)).astype(float)
    return CoveringProblem(weights, csr_array(reaches), random.random(n) < 0.15, tuple(f"c{j}" for j in range(m)), random.random(n) < 0.4)


def every_choice(problem: CoveringProblem, k: int) -> tuple[np.ndarray, np.ndarray, list[tuple[int, ...]]]:
    """Weight covered by each choice of k, in all and of the neediest, by trying them all."""
    choices = list(combinations(range(len(problem.ids)), k))
    table = problem.reaches.toarray() > 0
    covered = np.array([problem.already | table[:, list(one)].any(axis=1) for one in choices])
    assert problem.neediest is not None
    return covered @ problem.known, (covered & problem.neediest) @ problem.known, choices


@pytest.mark.parametrize("block", range(10))
def test_two_hundred_small_problems_cover_what_the_best_of_all_choices_covers(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        problem = random_problem(seed)
        for k in range(len(problem.ids) + 1):
            found = maximal_covering(problem, k)
            best = every_choice(problem, k)[0].max()
            assert found.all_demand.after == pytest.approx(best, abs=1e-9), (seed, k)
            assert (found.status, found.gap, found.k, len(set(found.chosen))) == (Status.OPTIMAL, 0, k, k)


def hard_problem(seed: int) -> CoveringProblem:
    """80 points, 15 candidates, reach at random; whole weights for odd seeds."""
    random = np.random.default_rng(seed)
    weights = random.integers(1, 30, 80).astype(float) if seed % 2 else random.lognormal(0, 1, 80)
    nobody = np.zeros(80, dtype=bool)
    return CoveringProblem(weights, csr_array((random.random((80, 15)) < random.uniform(0.08, 0.25)).astype(float)), nobody, tuple(range(15)), nobody)


def test_the_answer_is_exact_however_poor_the_first_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    # without exchange only greedy's choice, the bounds and HiGHS are left: HiGHS has to improve on greedy, and what bounds decide has to be right
    improved, solved = 0, []

    def counted(*given_: object) -> object:
        solved.append(given_)
        return original(*given_)  # type: ignore[arg-type]

    original = covering_program._solved
    monkeypatch.setattr(covering_program, "_solved", counted)
    monkeypatch.setattr(Exchange, "exchanged", lambda self, chosen: chosen)
    monkeypatch.setattr(Exchange, "shaken", lambda self, chosen, *rest: chosen)
    for seed in range(24):
        problem, k = hard_problem(seed), 3 + seed % 3
        found, best = maximal_covering(problem, k), every_choice(problem, k)[0].max()
        assert (found.status, found.gap) == (Status.OPTIMAL, 0)
        assert found.all_demand.after == pytest.approx(best, rel=1e-12), seed
        improved += greedy_covering(problem, k).newly_covered < best * (1 - 1e-9)
    assert improved >= 5
    assert len(solved) >= 5


def test_bounds_are_above_every_choice_they_speak_of() -> None:
    for seed in range(12):
        problem, k = hard_problem(seed), 4
        small = reduced(problem.open_weights, problem.reaches)
        relaxed = relaxation(small, k)
        assert relaxed is not None
        random = np.random.default_rng(seed)
        choices = list(combinations(range(small.positions.size), k))
        value = np.array([small.value(np.array(one)) for one in choices])
        among = np.array([[j in one for j in range(small.positions.size)] for one in choices])
        for prices in (relaxed[1], small.weights * random.random(small.weights.size)):
            bound = lagrangian_bound(small, csr_array(small.reaches.T), k, prices)
            assert bound.most >= value.max() - 1e-9
            for j in range(small.positions.size):
                assert bound.forced[j] >= value[among[:, j] != bound.inside[j]].max() - 1e-9


@pytest.mark.parametrize("guard", [1.0, 0.8])
def test_the_guard_gives_the_best_of_the_choices_that_keep_it(guard: float) -> None:
    refused = kept = 0
    for seed in range(60):
        problem = random_problem(seed, m=6)
        assert problem.neediest is not None
        needy_total = problem.known[problem.neediest].sum()
        if not needy_total > 0:
            continue
        k = min(2, len(problem.ids))
        covered, needy, _ = every_choice(problem, k)
        keeps = needy / needy_total >= guard * covered / problem.total - 1e-9
        found = maximal_covering(problem, k, guard_share=guard)
        if keeps.any():
            kept += 1
            assert (found.guard_kept, found.status) == (True, Status.OPTIMAL), seed
            assert found.all_demand.after == pytest.approx(covered[keeps].max(), abs=1e-9), seed
        else:
            refused += 1
            assert (found.guard_kept, found.status) == (False, Status.GUARD_NOT_ATTAINABLE), seed
            assert found.all_demand.after == pytest.approx(covered.max(), abs=1e-9)
    assert kept > 10
    assert refused > 0


def test_greedy_takes_the_middle_and_the_exact_answer_the_two_sides() -> None:
    # the middle reaches 21 + 21 + 10 = 52, each side 30 + 21 = 51: greedy takes the middle and adds 30, the two sides reach 102
    reaches = csr_array(np.array([[0, 1, 0], [1, 1, 0], [1, 0, 1], [0, 0, 1], [1, 0, 0]], dtype=float))
    problem = CoveringProblem(np.array([30.0, 21, 21, 30, 10]), reaches, np.zeros(5, dtype=bool), ("middle", "west", "east"))
    greedy, exact = greedy_covering(problem, 2), maximal_covering(problem, 2)
    assert (greedy.chosen, greedy.gains.tolist()) == (("middle", "west"), [52, 30])
    assert (exact.chosen, exact.all_demand.after, exact.neediest) == (("west", "east"), 102, None)
    assert greedy_gap(exact, greedy) == pytest.approx(1 - 82 / 102)


def test_coordinates_existing_places_and_the_neediest_on_a_street() -> None:
    # every 400 m a point; a place at 0 reaches 0 and 400 (520 m on the way), a candidate its two neighbours
    demand = [[400 * step, 0] for step in range(6)]
    neediest = np.array([False, True, False, False, True, True])
    problem = covering_problem(
        demand, [5, 6, 7, 8, np.nan, 10], [[800, 0], [1600, 0], [2000, 0]], 520, existing=[[0, 0]], ids=["p", "q", "r"], neediest=neediest
    )
    found = maximal_covering(problem, 1)
    assert found.chosen == ("q",)
    assert (found.all_demand.before, found.all_demand.after, found.all_demand.total) == (11, 29, 36)
    assert (found.neediest.before, found.neediest.after, found.neediest.share_after) == (6, 16, 1)  # type: ignore[union-attr]
    assert (found.missing, found.unreachable) == (1, 0)


def test_more_places_than_are_of_use_are_filled_up_in_the_order_of_the_candidates() -> None:
    problem = CoveringProblem(np.array([3.0]), csr_array(np.array([[0, 0, 1.0, 0]])), np.array([False]), ("a", "b", "c", "d"))
    assert maximal_covering(problem, 3).chosen == ("a", "b", "c")
    assert [point.covering.chosen for point in covering_curve(problem, 2)] == [(), ("c",), ("a", "c")]


@OFTEN
@given(seed=SEEDS)
def test_the_curve_never_falls_and_greedy_keeps_its_promise(seed: int) -> None:
    problem = random_problem(seed, n=40, m=14)
    curve = list(covering_curve(problem, len(problem.ids)))
    after = [point.covering.all_demand.after for point in curve]
    assert after == sorted(after)
    assert after[0] == pytest.approx(problem.known[problem.already].sum())
    for point in curve:
        exact, greedy = point.covering.all_demand.after - after[0], point.greedy_after - after[0]
        assert (1 - 1 / np.e) * exact - 1e-9 <= greedy <= exact + 1e-9
        assert point.greedy_gap == pytest.approx(1 - greedy / exact if exact > 0 else 0, abs=1e-9)


@OFTEN
@given(seed=SEEDS, k=st.integers(0, 4))
def test_another_candidate_never_lowers_what_is_covered_and_the_answer_repeats(seed: int, k: int) -> None:
    problem = random_problem(seed, n=40, m=14)
    k = min(k, len(problem.ids))
    random = np.random.default_rng(seed + 1)
    wider = csr_array(np.hstack([problem.reaches.toarray(), random.random((problem.weights.size, 1)) < 0.3]).astype(float))
    more = CoveringProblem(problem.weights, wider, problem.already, (*problem.ids, "another"))
    found = maximal_covering(problem, k)
    assert maximal_covering(more, k).all_demand.after >= found.all_demand.after - 1e-9
    assert maximal_covering(problem, k) == found


@OFTEN
@given(seed=SEEDS)
def test_reducing_keeps_all_that_can_be_reached_and_leaves_nothing_dominated(seed: int) -> None:
    problem = random_problem(seed, n=30, m=12)
    small = reduced(problem.open_weights, problem.reaches)
    reachable = (problem.reaches.toarray() > 0).any(axis=1)
    assert small.attainable == pytest.approx(problem.open_weights[reachable].sum())
    sets = [set(np.flatnonzero((problem.reaches.toarray()[:, j] > 0) & (problem.open_weights > 0))) for j in small.positions]
    assert not any(one <= other for i, one in enumerate(sets) for j, other in enumerate(sets) if i != j)


def test_when_the_time_is_up_the_best_found_is_given_with_its_bound() -> None:
    random = np.random.default_rng(4)
    problem = CoveringProblem(
        random.integers(1, 99, 700).astype(float), csr_array((random.random((700, 120)) < 0.08).astype(float)), np.zeros(700, dtype=bool), tuple(range(120))
    )
    found = maximal_covering(problem, 15, time_limit=0.05)
    assert found.status is Status.TIME_LIMIT
    assert found.bound > found.all_demand.after >= greedy_covering(problem, 15).newly_covered
    assert found.gap == pytest.approx(found.bound / found.all_demand.after - 1)


def test_nothing_to_cover_is_no_error() -> None:
    empty = covering_problem([], [], [[0, 0]], 500)
    assert maximal_covering(empty, 1).chosen == (0,)
    assert np.isnan(maximal_covering(empty, 1).all_demand.share_after)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"k": 9}, "the 3 candidates"), ({"k": -1}, "whole number"), ({"k": 1.5}, "whole number"), ({"time_limit": 0}, "more than 0"),
     ({"guard_share": 1.2}, "up to 1"), ({"guard_share": 1.0}, "`neediest`")],
)  # fmt: skip
def test_broken_wishes_say_what_is_expected(change: dict[str, float], words: str) -> None:
    problem = covering_problem([[0, 0]], [1], [[0, 0], [1, 1], [2, 2]], 500)
    with pytest.raises(AnalysisError, match=words):
        maximal_covering(problem, **({"k": 1} | change))  # type: ignore[arg-type]


def test_broken_problems_say_what_is_expected() -> None:
    with pytest.raises(AnalysisError, match="id of its own"):
        covering_problem([[0, 0]], [1], [[0, 0], [1, 1]], 500, ids=["a", "a"])
    with pytest.raises(AnalysisError, match="booleans"):
        covering_problem([[0, 0]], [1], [[0, 0]], 500, neediest=[1])
    with pytest.raises(AnalysisError, match="other than ones"):
        CoveringProblem(np.array([1.0]), csr_array(np.array([[2.0]])), np.array([False]), (0,))
    with pytest.raises(AnalysisError, match="one weight"):
        covering_problem([[0, 0]], [1, 2], [[0, 0]], 500)
