"""Where one area stands among others: percentile, rank, difference in points."""

from typing import Any

import numpy as np

from atlas.analysis.arrays import FloatArray, float_array, share_array


def percentile_of(values: Any, value: float | None) -> float:
    """Mid-rank percentile 0-100 of `value` among `values`: 100 * (number below + half the number equal) / number.

    NaN in `values` is left out; `value` need not be one of them (pass the area itself among the values where it is to be counted).
    NaN where `value` is missing or no value is left. High percentile = high value, whatever that means for people.
    """
    held = float_array(values)
    held = held[~np.isnan(held)]
    own = float(float_array(value))
    if held.size == 0 or np.isnan(own):
        return float("nan")
    below, equal = np.count_nonzero(held < own), np.count_nonzero(held == own)
    return float(100 * (below + equal / 2) / held.size)


def competition_rank(values: Any) -> FloatArray:
    """Rank of each value, 1 = highest; ties share the better rank and the next one is skipped (1, 2, 2, 4).

    One-dimensional, in the order given; NaN stays NaN and takes no rank.
    """
    held = np.atleast_1d(float_array(values))
    ranks = np.full(held.shape, np.nan)
    known = ~np.isnan(held)
    in_order = np.sort(held[known])
    ranks[known] = 1 + in_order.size - np.searchsorted(in_order, held[known], side="right")
    return ranks


def difference_in_points(share: Any, reference: Any) -> FloatArray:
    """Share minus reference, both 0-1, in percentage points (ポイント): 0.381 against 0.356 -> 2.5. NaN where either is missing.

    Single or arrays. Raises AnalysisError for shares outside 0-1.
    """
    difference: FloatArray = 100 * (share_array(share) - share_array(reference, "reference"))
    return difference[()]
