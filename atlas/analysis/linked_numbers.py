"""Small numbers in several lists that add up to one another: which entries to hide so that no sum gives them away.

`small_numbers` hides cells of one two-way table. Items of a city's own tables can hang together in any way (men + women = all, an item and its rest make up
the 母数), so here every known sum is given as such. The rules and the programmes are the same: Fischetti & Salazar (2001).
Sums that do not nest like the rows and columns of a table are no network: the programmes' bounds are then not always whole numbers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from atlas.analysis.arrays import FloatArray, count_array, float_array
from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import Interval
from atlas.analysis.normalising import BoolArray
from atlas.analysis.small_numbers import SMALLEST_SHOWN, _hidden_entries, _Table


def linked_table(counts: Any, sums: Sequence[Sequence[int]], cells: int | None = None, at_most: Any = None) -> _Table:
    """The entries with all sums among them; arguments as in `hidden_in_sums`."""
    values = np.atleast_1d(count_array(counts, "counts")).astype(float)
    if values.ndim != 1 or np.isnan(values).any() or (values != np.round(values)).any():
        raise AnalysisError("One list of whole numbers without gaps was expected. Leave entries with gaps out before any are hidden.")
    least = (values > 0).astype(float)
    equations = sparse.lil_array((len(sums), values.size))
    for row, (*parts, whole) in enumerate(sums):
        if values[parts].sum() != values[whole]:
            raise AnalysisError(f"Sum {row} is said to be {values[whole]:g}, but its parts add up to {values[parts].sum():g}. Give only sums that hold.")
        equations[row, parts] = 1
        equations[row, whole] = -1
    for _ in range(len(sums)):
        raised = least.copy()
        for *parts, whole in sums:
            raised[whole] = max(raised[whole], raised[parts].sum())
        if (raised == least).all():
            break
        least = raised
    most = np.full(values.size, np.inf)
    if at_most is not None:
        given = np.broadcast_to(float_array(at_most), values.shape)
        most = np.where(np.isnan(given), np.inf, given)
        if (most < values).any():
            raise AnalysisError("A count is larger than what it is a part of. Check that both are in the same order.")
        most = np.where(most < SMALLEST_SHOWN, np.inf, most)
    return _Table(values, least, most, sparse.csr_array(equations), {"cells": (values.size if cells is None else cells,)})


def hidden_in_sums(counts: Any, sums: Sequence[Sequence[int]], cells: int | None = None, at_most: Any = None) -> BoolArray:
    """Which entries of one list to hide: 1-4 always, and further ones so that no sum narrows one of them within 1-4. Zero is never hidden.

    sums: positions of the parts, then of their sum, as everybody may know them; a part may be a sum itself. cells: the first so
    many entries are cells; the others are totals, hidden only where cells alone can not do it. at_most: what an entry can not exceed (NaN: nothing).
    Raises AnalysisError for gaps, fractions, negative counts, sums that do not hold.
    """
    return _hidden_entries(linked_table(counts, sums, cells, at_most))


def reach_in_sums(counts: Any, hidden: Any, sums: Sequence[Sequence[int]], at_most: Any = None) -> Interval:
    """The narrowest interval of every entry that follows from what is shown: the other entries, the sums, zeros, what it can not exceed."""
    table = linked_table(counts, sums, None, at_most)
    mask = np.asarray(hidden, dtype=bool)
    lower, upper = np.where(mask, table.least, table.values), np.where(mask, table.most, table.values)
    ends: FloatArray = np.column_stack([table.values, table.values])
    for entry in np.flatnonzero(mask):
        for end, side in enumerate((1.0, -1.0)):
            goal = np.zeros(mask.size)
            goal[entry] = side
            kept = {"A_eq": table.sums, "b_eq": np.zeros(table.sums.shape[0])} if table.sums.shape[0] else {}
            found = linprog(goal, bounds=np.column_stack([lower, upper]), method="highs", **kept)
            ends[entry, end] = found.x[entry] if found.status == 0 else (lower, upper)[end][entry]
    return Interval(ends[:, 0], ends[:, 1])
