"""Entries that add up in several ways: hidden so that linear programmes and all whole numbers leave 1-4 open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.linked_numbers import hidden_in_sums, reach_in_sums
from atlas.analysis.small_numbers import SMALLEST_SHOWN, hidden_cells

COUNTS = st.one_of(st.integers(0, 9), st.integers(0, 60))


def listed(counts: list[int]) -> tuple[list[int], list[list[int]]]:
    return [*counts, sum(counts)], [list(range(len(counts) + 1))]


@settings(deadline=None, max_examples=15)
@given(st.lists(COUNTS, min_size=2, max_size=8))
def test_one_list_with_its_sum_is_hidden_as_small_numbers_hides_it(counts: list[int]) -> None:
    values, sums = listed(counts)
    assert hidden_in_sums(values, sums, len(counts))[:-1].tolist() == hidden_cells(counts).cells.tolist()


def linked(first: list[int], second: list[int]) -> tuple[list[int], list[list[int]], int]:
    """Two items and their sum by district, each with its sum over the city: first, second, both, then the three sums."""
    n = len(first)
    both = [one + other for one, other in zip(first, second, strict=True)]
    values = [*first, *second, *both, sum(first), sum(second), sum(both)]
    sums = [[row, n + row, 2 * n + row] for row in range(n)] + [[*range(k * n, (k + 1) * n), 3 * n + k] for k in range(3)]
    return values, sums, 3 * n


def test_the_other_part_of_a_hidden_number_does_not_give_it_away() -> None:
    # item by item only two cells of the first would go; with "both" shown the second then gives the 3 away
    values, sums, cells = linked([3, 20, 9, 40], [10, 30, 50, 12])
    alone = np.zeros(len(values), dtype=bool)
    alone[[0, 2]] = True
    reach = reach_in_sums(values, alone, sums)
    assert (reach.lower[0], reach.upper[0]) == (3, 3)
    hidden = hidden_in_sums(values, sums, cells)
    reach = reach_in_sums(values, hidden, sums)
    assert reach.lower[0] <= 1
    assert reach.upper[0] >= 4
    assert not hidden[cells:].any()


@settings(deadline=None, max_examples=15)
@given(st.integers(2, 6).flatmap(lambda n: st.tuples(st.lists(COUNTS, min_size=n, max_size=n), st.lists(COUNTS, min_size=n, max_size=n))))
def test_linear_programmes_do_not_rebuild_a_number_of_linked_items(items: tuple[list[int], list[int]]) -> None:
    values, sums, cells = linked(*items)
    hidden = hidden_in_sums(values, sums, cells)
    small = (np.array(values) > 0) & (np.array(values) < SMALLEST_SHOWN)
    assert hidden[small].all()
    assert not hidden[np.array(values) == 0].any()
    reach = reach_in_sums(values, hidden, sums)
    least = np.array([1.0] * len(values))
    for *parts, whole in sums * 2:
        least[whole] = max(least[whole], sum(least[part] for part in parts if values[part]))
    assert (reach.lower[small] <= least[small] + 1e-6).all()
    assert (reach.upper[small] >= SMALLEST_SHOWN - 1 - 1e-6).all()


def test_trying_all_whole_numbers_leaves_every_small_number_open() -> None:
    values, sums, cells = linked([3, 6, 9], [20, 30, 40])
    hidden = hidden_in_sums(values, sums, cells)
    places = np.flatnonzero(hidden)
    assert len(places) == 4
    grid = np.stack(np.meshgrid(*[np.arange(1, 46)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    fits = np.ones(len(grid), dtype=bool)
    order = {int(place): column for column, place in enumerate(places)}
    for equation in sums:
        signs = [1] * (len(equation) - 1) + [-1]
        total = sum(sign * (grid[:, order[entry]] if entry in order else values[entry]) for entry, sign in zip(equation, signs, strict=True))
        fits &= total == 0
    found = grid[fits]
    for place, column in order.items():
        reach = set(found[:, column].tolist())
        assert len(reach) > 1
        if values[place] < SMALLEST_SHOWN:
            assert {1, 2, 3, 4} <= reach


def test_a_published_base_bounds_what_a_partner_can_hide() -> None:
    values, sums = listed([3, 6, 9])
    assert hidden_in_sums(values, sums, 3).tolist() == [True, True, False, False]
    assert hidden_in_sums(values, sums, 3, [50, 7, 50, np.nan]).tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("counts", "sums", "most", "word"),
    [
        ([1, np.nan], [], None, "without gaps"), ([1.5], [], None, "whole numbers"), ([1, 2, 4], [[0, 1, 2]], None, "add up to 3"),
        ([8, 9], [], [7, 10], "larger than what it is a part of"),
    ],
)  # fmt: skip
def test_lists_that_can_not_be_protected_are_refused_in_words(counts, sums, most, word) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(AnalysisError, match=word):
        hidden_in_sums(counts, sums, None, most)
