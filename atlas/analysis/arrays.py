"""Arrays of floats out of whatever a caller holds: lists, Series, nullable columns, single numbers."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.analysis.errors import AnalysisError

FloatArray = NDArray[np.float64]


def float_array(values: Any) -> FloatArray:
    """`values` as an array of float64 of the same shape; None and pandas' NA become NaN.

    Raises AnalysisError where something is not a number.
    """
    try:
        if isinstance(values, pd.Series):
            return np.asarray(values.to_numpy(dtype=float, na_value=np.nan), dtype=float)
        held = np.asarray(values)
        if held.dtype == object:
            held = np.where(pd.isna(held), np.nan, held)
        return np.asarray(held, dtype=float)
    except (TypeError, ValueError) as problem:
        raise AnalysisError(f"Numbers were expected, but {problem}. Leave text and marks out before computing.") from problem


def share_array(values: Any, name: str = "share") -> FloatArray:
    """`values` as an array of shares 0-1 (NaN allowed).

    Raises AnalysisError where one lies outside 0-1, most often a percent that was not divided by 100.
    """
    shares = float_array(values)
    wrong = shares[(shares < 0) | (shares > 1)]
    if wrong.size:
        raise AnalysisError(f"{name} holds {wrong[0]:g}, but shares run from 0 to 1: divide a percent by 100.")
    return shares


def count_array(values: Any, name: str = "n") -> FloatArray:
    """`values` as an array of counts, zero or more (NaN allowed; they need not be whole: an effective sample size is not).

    Raises AnalysisError where one is negative or infinite.
    """
    counts = float_array(values)
    wrong = counts[(counts < 0) | np.isinf(counts)]
    if wrong.size:
        raise AnalysisError(f"{name} holds {wrong[0]:g}, but a count is zero or more and finite.")
    return counts
