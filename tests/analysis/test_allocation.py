import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.allocation import allocation
from atlas.analysis.errors import AnalysisError

DISTRICTS = st.lists(st.tuples(st.integers(0, 2000) | st.just(np.nan), st.integers(0, 6)), min_size=1, max_size=12).filter(
    lambda rows: any(need > 0 for need, _ in rows)
)


def new(need: list[float], n: int, existing: list[int] | None = None) -> list[int]:
    return allocation(need, n, existing).table["new"].tolist()


def test_seven_seats_go_as_in_the_worked_example_of_sainte_lague() -> None:
    # 53,000, 24,000 and 23,000 votes, 7 seats: 3, 2, 2 (Wikipedia, "Sainte-Lague method"; D'Hondt gives 4, 2, 1)
    found = allocation([53000, 24000, 23000], 7, districts=["A", "B", "C"])
    assert found.table["new"].tolist() == [3, 2, 2]
    assert found.order == ("A", "B", "C", "A", "A", "B", "C")
    assert found.next_district == "A"


def test_the_alabama_paradox_of_largest_remainder_does_not_happen() -> None:
    # needs 6, 6, 2: largest remainder gives 4, 4, 2 of ten but 5, 5, 1 of eleven
    ten, eleven = new([6, 6, 2], 10), new([6, 6, 2], 11)
    assert all(after >= before for before, after in zip(ten, eleven, strict=True))
    assert (sum(ten), sum(eleven)) == (10, 11)


def test_those_already_there_stay_and_count() -> None:
    # shares of 12 supporters in all: 6, 3, 3; the second has 5 already, so the others share the rest
    found = allocation(pd.Series([600, 300, 300], index=["a", "b", "c"]), 7, [0, 5, 0]).table
    assert found["new"].tolist() == [5, 0, 2]
    assert found["after"].tolist() == [5, 5, 2]
    assert found["fair_share"].tolist() == [6, 3, 3]
    assert found["difference"].tolist() == [-1, 2, -1]
    assert found["need_share"].tolist() == [0.5, 0.25, 0.25]
    assert found.index.tolist() == ["a", "b", "c"]


def test_equal_claims_go_by_the_order_given() -> None:
    assert allocation([5, 5, 5], 2, districts=["z", "y", "x"]).order == ("z", "y")


def test_a_district_of_unknown_need_gets_none_and_is_named() -> None:
    found = allocation([10, np.nan, 0], 3, [0, 2, 0], districts=["a", "b", "c"])
    assert found.table["new"].tolist() == [3, 0, 0]
    assert found.unknown == ("b",)
    assert np.isnan(found.table.loc["b", "fair_share"])
    assert found.table.loc["a", "fair_share"] == 3


def test_nobody_to_place_and_no_need_leaves_everyone_where_they_are() -> None:
    found = allocation([0, np.nan], 0, [1, 2])
    assert found.table["after"].tolist() == [1, 2]
    assert found.next_district is None


@settings(deadline=None, max_examples=80)
@given(rows=DISTRICTS, n=st.integers(0, 40))
def test_all_are_placed_none_is_moved_and_one_more_takes_from_nobody(rows: list[tuple[float, int]], n: int) -> None:
    need, existing = [one for one, _ in rows], [there for _, there in rows]
    found, more = allocation(need, n, existing), allocation(need, n + 1, existing)
    assert found.table["new"].sum() == n
    assert (found.table["new"] >= 0).all()
    assert (found.table["after"] >= existing).all()
    assert (more.table["new"] - found.table["new"]).tolist().count(1) == 1
    assert more.order[:n] == found.order
    assert more.order[n] == found.next_district


@settings(deadline=None, max_examples=80)
@given(rows=DISTRICTS, n=st.integers(1, 40))
def test_no_exchange_of_a_new_supporter_would_be_fairer(rows: list[tuple[float, int]], n: int) -> None:
    # the threshold property of a divisor method: whoever got one had at least the claim of everyone's next
    table = allocation([one for one, _ in rows], n, [there for _, there in rows]).table
    got = table[table["new"] > 0]
    assert (got["need"] / (2 * got["after"] - 1)).min() >= table["next_claim"].max()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": -1}, "whole number"),
        ({"n": 1.5}, "whole number"),
        ({"existing": [1, 0.5]}, "not a whole number"),
        ({"existing": [1, None]}, "not a whole number"),
        ({"existing": [1]}, "one of each"),
        ({"districts": ["a"]}, "one of each"),
        ({"districts": ["a", "a"]}, "listed twice"),
        ({"need": [-1, 2]}, "zero or more"),
        ({"need": [0, np.nan]}, "No district"),
    ],
)
def test_broken_input_says_what_is_expected(change: dict[str, object], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        allocation(**({"need": [1, 2], "n": 3} | change))  # type: ignore[arg-type]
