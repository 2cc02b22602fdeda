"""Series as an index of a base year (指数)."""

from typing import Any

import numpy as np

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.errors import AnalysisError


def index_to_base(values: Any, years: Any, base_year: int) -> FloatArray:
    """One series as values / value of the base year * 100, in the order given.

    NaN where a value is missing; NaN throughout where the base year is not among the years, or its value is missing or 0.
    Raises AnalysisError where the lengths differ or the base year occurs twice (two series in one).
    """
    held, at = np.atleast_1d(float_array(values)), np.atleast_1d(float_array(years))
    if held.shape != at.shape:
        raise AnalysisError(f"There are {held.size} values and {at.size} years; expected one year a value.")
    base = held[at == base_year]
    if base.size > 1:
        raise AnalysisError(f"The base year {base_year} occurs {base.size} times; pass one series at a time.")
    if base.size == 0 or np.isnan(base[0]) or base[0] == 0:
        return np.full(held.shape, np.nan)
    return np.asarray(held / base[0] * 100)
