from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis import small_numbers
from atlas.analysis.errors import AnalysisError
from atlas.analysis.reliability import Visibility
from atlas.analysis.small_numbers import HiddenCells, KnownTotals, attainable, derivable, hidden_cells, visible_rate

COUNTS = st.one_of(st.integers(0, 9), st.integers(0, 40))
TABLES = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(st.lists(COUNTS, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
)
TINY = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda shape: st.lists(st.lists(st.integers(0, 7), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
)
TOTALS = st.builds(KnownTotals, rows=st.booleans(), columns=st.booleans(), grand=st.booleans())


def in_groups(counts: list[list[int]], totals: KnownTotals, grouped: bool) -> KnownTotals:
    return KnownTotals(totals.rows, totals.columns, totals.grand, [row // 2 for row in range(len(counts))] if grouped else None)


def test_three_of_ten_hides_the_seven_too() -> None:
    assert hidden_cells([[7, 3], [20, 30]]).cells.tolist() == [[True, True], [True, True]]
    assert hidden_cells([[7, 3, 9]], KnownTotals(columns=False)).cells.tolist() == [[True, True, False]]


def test_a_list_of_districts_with_the_city_total_hides_the_next_smallest() -> None:
    # 3 alone follows from the total; 6 is the smallest count that covers it
    found = hidden_cells([12, 3, 0, 6, 40])
    assert found.cells.tolist() == [False, True, False, True, False]
    assert found.primary.tolist() == [False, True, False, False, False]
    assert found.totals["columns"].tolist() == [False]


def test_two_small_cells_protect_each_other_only_if_their_sum_leaves_room() -> None:
    # 4 + 4 = 8: each 1-7. 1 + 2 = 3: each at most 2, so a third cell goes; 2 + 3 = 5: each 1-4
    assert hidden_cells([4, 4, 20, 30]).cells.tolist() == [True, True, False, False]
    assert hidden_cells([2, 3, 20, 30]).cells.tolist() == [True, True, False, False]
    assert hidden_cells([1, 2, 20, 30]).cells.tolist() == [True, True, True, False]


def test_zero_is_never_hidden_and_nothing_is_hidden_without_small_cells() -> None:
    found = hidden_cells([[0, 5, 6], [7, 0, 8]])
    assert not found.cells.any()
    assert not hidden_cells([[0, 3], [0, 9]]).cells[:, 0].any()


def test_a_small_total_is_hidden_and_with_it_one_more_total() -> None:
    # row 1 holds 3 only, so its total 3 is small too; the column and the grand total must not give it away
    found = hidden_cells([[3, 0, 0], [10, 20, 30], [5, 6, 7]])
    assert found.cells.tolist() == [[True, False, False], [False, False, False], [True, False, False]]
    assert found.totals["rows"].tolist() == [True, False, True]
    assert not found.totals["columns"].any()
    assert not found.totals["grand"]


def test_ones_beside_a_hidden_total_stay_unknown() -> None:
    # 1 + 1 = 2: the total is small as well and hidden; it can be anything from 2 on
    found = hidden_cells([1, 1])
    assert found.cells.all()
    assert found.totals["columns"].tolist() == [True]
    assert attainable([1, 1], found).upper.tolist() == [np.inf, np.inf]


def test_without_totals_only_the_small_cells_are_hidden() -> None:
    found = hidden_cells([[1, 20], [30, 40]], KnownTotals(False, False, False))
    assert found.cells.tolist() == [[True, False], [False, False]]
    assert found.totals == {}


def test_subtotals_of_groups_are_protected_as_well() -> None:
    # districts 1-2 and 3-4 have subtotals: 3 needs a partner in its own group
    found = hidden_cells([3, 50, 6, 7], KnownTotals(row_groups=["north", "north", "south", "south"]))
    assert found.cells.tolist() == [True, True, False, False]
    assert found.totals["groups"].tolist() == [[False], [False]]


def test_published_denominators_narrow_what_a_partner_can_hide() -> None:
    # 3 + 6 = 9, but of 7 households: the 6 is at most 7, so the 3 at least 2; the 9 has room
    assert hidden_cells([3, 6, 9]).cells.tolist() == [True, True, False]
    assert hidden_cells([3, 6, 9], at_most=[50, 7, 50]).cells.tolist() == [True, False, True]
    assert derivable([3, 6, 9], [True, True, False], at_most=[50, 7, 50]).tolist() == [True, False, False]


def test_the_checker_finds_what_follows_from_the_totals() -> None:
    counts = [[20, 50, 10], [8, 19, 22], [17, 32, 3]]
    alone = np.zeros((3, 3), dtype=bool)
    assert derivable(counts, alone)[2, 2]
    alone[2, 2] = True
    assert attainable(counts, alone).lower[2, 2] == attainable(counts, alone).upper[2, 2] == 3
    assert derivable(counts, alone)[2, 2]
    found = hidden_cells(counts)
    # the cheapest square through the 3: with 10 (or 22) above and 17 (or 8) beside
    assert found.cells.sum() == 4
    assert not derivable(counts, found).any()
    assert attainable(counts, found).lower[2, 2] <= 1


def brute_force_reach(counts: np.ndarray, found: HiddenCells, totals: KnownTotals) -> list[set[int]]:
    """Every value each hidden cell can take, by trying all whole numbers."""
    hidden = np.argwhere(found.cells)
    sums = {"rows": lambda t: t.sum(axis=1), "columns": lambda t: t.sum(axis=0), "grand": lambda t: t.sum()}
    known = {name: total for name, total in sums.items() if name in found.totals}
    reach: list[set[int]] = [set() for _ in hidden]
    for trial in product(range(1, 13), repeat=len(hidden)):
        table = counts.copy()
        table[tuple(hidden.T)] = trial
        fits = all(
            np.all(np.where(found.totals[name], np.asarray(total(table)) >= 1, np.asarray(total(table)) == total(counts))) for name, total in known.items()
        )
        if fits:
            for place, value in enumerate(trial):
                reach[place].add(value)
    return reach


@settings(deadline=None, max_examples=40)
@given(TINY, TOTALS)
def test_trying_all_numbers_does_not_rebuild_a_hidden_cell(counts: list[list[int]], totals: KnownTotals) -> None:
    table = np.array(counts)
    found = hidden_cells(counts, totals)
    if found.cells.sum() > 4:
        return
    for (row, column), values in zip(np.argwhere(found.cells), brute_force_reach(table, found, totals), strict=True):
        if table[row, column] < 5:
            assert {1, 2, 3, 4} <= values
        else:
            assert len(values) > 1


@settings(deadline=None, max_examples=80)
@given(TABLES, TOTALS, st.booleans())
def test_linear_programmes_do_not_rebuild_a_hidden_cell(counts: list[list[int]], totals: KnownTotals, grouped: bool) -> None:
    known = in_groups(counts, totals, grouped)
    found = hidden_cells(counts, known)
    table = np.array(counts)
    assert found.cells[(table > 0) & (table < 5)].all()
    assert not found.cells[table == 0].any()
    assert not derivable(counts, found, known).any()


@settings(deadline=None, max_examples=25)
@given(TABLES, TOTALS, st.booleans(), st.integers(0, 12))
def test_denominators_do_not_rebuild_a_hidden_cell(counts: list[list[int]], totals: KnownTotals, grouped: bool, room: int) -> None:
    known = in_groups(counts, totals, grouped)
    at_most = np.array(counts) + room
    assert not derivable(counts, hidden_cells(counts, known, at_most), known, at_most).any()


@settings(deadline=None, max_examples=30)
@given(TABLES, TOTALS, st.booleans())
def test_protecting_cell_after_cell_is_safe_too(counts: list[list[int]], totals: KnownTotals, grouped: bool) -> None:
    known = in_groups(counts, totals, grouped)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_numbers, "LARGEST_EXACT", 0)
        found = hidden_cells(counts, known)
    assert not derivable(counts, found, known).any()
    assert not found.cells[np.array(counts) == 0].any()


@settings(deadline=None, max_examples=25)
@given(TINY)
def test_no_smaller_choice_of_cells_is_safe(counts: list[list[int]]) -> None:
    table = np.array(counts)
    found = hidden_cells(counts)
    if any(hidden.any() for hidden in found.totals.values()):
        return
    extra = int((found.cells & ~found.primary).sum())
    lost = table[found.cells & ~found.primary].sum()
    others = [tuple(place) for place in np.argwhere(table >= 5)]
    for number in range(extra + 1):
        for more in combinations(others, number):
            mask = found.primary.copy()
            for place in more:
                mask[place] = True
            if not derivable(counts, HiddenCells(mask, found.primary, found.totals)).any():
                assert number == extra
                assert table[mask & ~found.primary].sum() >= lost


@settings(deadline=None, max_examples=20)
@given(TABLES)
def test_the_answer_is_the_same_every_time(counts: list[list[int]]) -> None:
    assert hidden_cells(counts).cells.tolist() == hidden_cells(counts).cells.tolist()


@pytest.mark.parametrize(
    ("counts", "known", "at_most", "word"),
    [
        ([[1, None]], None, None, "without gaps"),
        ([1.5, 2], None, None, "whole numbers"),
        ([-1, 2], None, None, "negative|zero or more"),
        ([1, 2], KnownTotals(row_groups=["a"]), None, "group labels"),
        ([8, 9], None, [7, 10], "larger than what it is a part of"),
        ([[[1]]], None, None, "One table"),
    ],
)
def test_tables_that_can_not_be_protected_are_refused_in_words(counts, known, at_most, word) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(AnalysisError, match=word):
        hidden_cells(counts, known, at_most)


def test_rate_of_a_small_numerator_is_withheld_in_own_tables_only() -> None:
    assert visible_rate(4, 100).visibility == Visibility.WITHHELD
    assert np.isnan(visible_rate(4, 100).rate)
    # official: relative standard error sqrt(0.96 / 4) = 0.49
    assert visible_rate(4, 100, own_table=False) == (0.04, Visibility.GREYED)
    assert visible_rate(5, 100) == (0.05, Visibility.GREYED)
    assert visible_rate(20, 100) == (0.2, Visibility.SHOWN)


def test_rate_of_a_small_denominator_or_of_nothing() -> None:
    assert visible_rate(6, 9).visibility == Visibility.WITHHELD
    assert visible_rate(0, 0).visibility == Visibility.WITHHELD
    assert visible_rate(None, 50).visibility is None
    assert np.isnan(visible_rate(None, 50).rate)
    assert visible_rate(20, None).visibility is None
    with pytest.raises(AnalysisError, match="larger than its denominator"):
        visible_rate(11, 10)
