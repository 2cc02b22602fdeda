"""How many places are needed for a share: against every choice there is, and what is said when the time is up."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from atlas.analysis import covering_set
from atlas.analysis.covering import Covering, Status, solved
from atlas.analysis.covering_greedy import Greedy, greedy_covering
from atlas.analysis.covering_problem import CoveringProblem, Reduced, covering_problem
from atlas.analysis.covering_set import set_covering
from atlas.analysis.errors import AnalysisError
from tests.analysis.test_covering import every_choice, hard_problem, random_problem


def test_fewer_places_than_greedy_takes_are_found_where_they_are_enough() -> None:
    # six points, three on each side; the middle candidate has four of them, so greedy needs all three candidates and the two sides suffice
    reaches = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1]], dtype=float)
    problem = CoveringProblem(np.ones(6), csr_array(reaches), np.zeros(6, dtype=bool), ("middle", "west", "east"))
    found = set_covering(problem, 1.0)
    assert greedy_covering(problem, 2).newly_covered == 5
    assert (found.number, found.at_least, found.covering.chosen) == (2, 2, ("west", "east"))


def test_when_the_time_is_up_the_number_suffices_and_what_is_proven_below_it_holds() -> None:
    for seed in range(12):
        problem = hard_problem(seed)
        exact, cut = set_covering(problem, 0.9), set_covering(problem, 0.9, time_limit=1e-9)
        if exact.number is None:
            assert (cut.number, cut.status) == (None, Status.NOT_ATTAINABLE)
            continue
        assert cut.number is not None
        assert cut.at_least <= exact.number <= cut.number
        assert cut.covering.all_demand.share_after >= 0.9 * (1 - 1e-9)
        assert len(set(cut.covering.chosen)) == cut.number
        assert (cut.status is Status.OPTIMAL) == (cut.at_least == cut.number)


def test_greedy_s_number_is_given_as_one_that_suffices_where_the_time_does_not_do_for_the_least() -> None:
    # as above: the two sides suffice, greedy takes the middle first and needs all three
    reaches = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1]], dtype=float)
    problem = CoveringProblem(np.ones(6), csr_array(reaches), np.zeros(6, dtype=bool), ("middle", "west", "east"))
    found = set_covering(problem, 1.0, time_limit=1e-9)
    assert (found.number, found.status, found.covering.all_demand.share_after) == (3, Status.TIME_LIMIT, 1)
    assert found.at_least <= 2


def test_the_time_is_that_of_all_numbers_of_places_together(monkeypatch: pytest.MonkeyPatch) -> None:
    left, given_ = [8.0], []

    def unproven(problem: CoveringProblem, k: int, guard: None, seconds: float, start: tuple[int, ...], *rest: object) -> Covering:
        given_.append((k, seconds))
        left[0] -= seconds  # every choice takes all its time and proves nothing
        assert len(start) <= k
        return replace(solved(problem, k, guard, None, start, *rest), bound=problem.total)  # type: ignore[arg-type]

    monkeypatch.setattr(covering_set, "solved", unproven)
    monkeypatch.setattr(covering_set, "seconds_left", lambda end: max(left[0], 0.0))
    monkeypatch.setattr(covering_set, "_fewest", lambda *rest: 0)
    found = set_covering(hard_problem(3), 0.6, time_limit=8)
    assert (found.status, found.at_least) == (Status.TIME_LIMIT, 0)
    assert found.number == len(found.covering.chosen)
    assert sum(seconds for _, seconds in given_) == pytest.approx(8)
    assert given_[-1][0] == found.number - 1  # what is left goes to the proof that one fewer does not do it


def test_the_rest_of_the_time_lowers_the_number_and_proves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # the first round is given no good choice: it takes greedy's number; the second comes down to the least one and proves it
    problem, asked = next((one, share) for one in map(hard_problem, range(24)) for share in (0.5, 0.6, 0.7) if _greedy_takes_more(one, share))
    exact, calls = set_covering(problem, asked), []

    def poor_at_first(problem: CoveringProblem, k: int, guard: None, seconds: float, start: tuple[int, ...], part: Greedy, small: Reduced) -> Covering:
        calls.append(k)
        found = solved(problem, k, guard, None, start, part, small)
        if len(calls) > len(set(calls)) or k < max(calls):
            return found
        after = replace(found.all_demand, after=found.all_demand.before + part.newly_covered)
        return replace(found, all_demand=after, bound=problem.total, chosen=problem.named(part.positions.tolist()), positions=tuple(part.positions.tolist()))

    monkeypatch.setattr(covering_set, "solved", poor_at_first)
    found = set_covering(problem, asked, time_limit=600)
    assert max(calls) > exact.number  # type: ignore[operator]
    assert (found.number, found.at_least, found.status) == (exact.number, exact.number, Status.OPTIMAL)


def _greedy_takes_more(problem: CoveringProblem, share: float) -> bool:
    found = set_covering(problem, share)
    return found.number is not None and greedy_covering(problem, found.number).newly_covered < share * problem.total


@pytest.mark.parametrize("block", range(5))
def test_the_least_number_of_places_is_that_of_all_choices(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        problem = random_problem(seed)
        for share in (0.5, 0.9, 1.0):
            most = [every_choice(problem, k)[0].max() for k in range(len(problem.ids) + 1)]
            enough = [k for k, weight in enumerate(most) if weight >= share * problem.total - 1e-9]
            found = set_covering(problem, share)
            if enough:
                assert (found.number, found.at_least, found.status) == (enough[0], enough[0], Status.OPTIMAL), (seed, share)
                assert found.covering.all_demand.after == pytest.approx(most[enough[0]], abs=1e-9)
            else:
                assert (found.number, found.status) == (None, Status.NOT_ATTAINABLE)
                assert found.covering.all_demand.after == pytest.approx(most[-1], abs=1e-9)
            assert problem.total == 0 or found.attainable_share == pytest.approx(most[-1] / problem.total)


def test_a_street_nothing_and_broken_wishes() -> None:
    demand, candidates = [[400 * step, 0] for step in range(6)], [[800, 0], [1600, 0], [2000, 0]]
    street = covering_problem(demand, [5, 6, 7, 8, np.nan, 10], candidates, 520, existing=[[0, 0]], ids=["p", "q", "r"])
    assert set_covering(street, 1.0).number == 2
    assert set_covering(street, 0.3).number == 0
    assert set_covering(covering_problem([[0, 0]], [4], [], 500)).status is Status.NOT_ATTAINABLE
    one = covering_problem([[0, 0]], [1], [[0, 0]], 500)
    with pytest.raises(AnalysisError, match="divide a percent"):
        set_covering(one, 90)
    with pytest.raises(AnalysisError, match="more than 0"):
        set_covering(one, 0.9, time_limit=0)
