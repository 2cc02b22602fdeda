"""The quick way through a file of plain numbers says the same as the careful one, and steps back where it would not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.status import OBSERVED
from etl.readers.ssdse_layout import numbers_of

CODES = ["A1101", "A1303"]
plain = st.one_of(st.integers(0, 10**12 - 1).map(str), st.decimals(0, 10**6, places=2).map(str))


@given(st.lists(st.tuples(plain, plain), min_size=1, max_size=20))
def test_plain_numbers_are_read_as_python_reads_them(rows: list[tuple[str, str]]) -> None:
    values, statuses, problems = numbers_of(Path("a.csv"), np.array(rows, dtype=object), CODES, CODES)
    assert values.tolist() == [[float(cell) for cell in row] for row in rows]
    assert (statuses == OBSERVED).all()
    assert not problems


@pytest.mark.parametrize("cell", ["1,234", "", "-", "1.2.3", "--2", "5-", ".", "12 ", "１２", "1e3", "nan"])
def test_a_cell_that_is_no_plain_number_does_not_move_its_neighbours(cell: str) -> None:
    values, statuses, problems = numbers_of(Path("a.csv"), np.array([["1", "2"], [cell, "4"], ["5", "6"]], dtype=object), CODES, CODES)
    assert values[[0, 2]].tolist() == [[1, 2], [5, 6]]
    assert values[1, 1] == 4
    assert np.isnan(values[1, 0])
    assert statuses[1, 0] != OBSERVED
    assert len(problems) == (cell != "-")
