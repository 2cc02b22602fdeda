"""Many versions of one indicator normalised at a time: every row is one draw of its values over the areas (none missing).

Each row comes out as `normalising` makes it of that row alone; the loops over areas and draws are gone.
"""

import math

import numpy as np
from scipy.stats import rankdata

from atlas.analysis.arrays import FloatArray
from atlas.analysis.normalising import KURTOSIS_LIMIT, SKEW_LIMIT, BoolArray, Normaliser, most_points_to_winsorise


def _same_everywhere(rows: FloatArray) -> BoolArray:
    """Rows without a difference that could be normalised, as a column."""
    spread = rows.max(axis=1, keepdims=True) - rows.min(axis=1, keepdims=True)
    return np.asarray(spread <= 1e-12 * np.abs(rows).max(axis=1, keepdims=True))


def _has_outliers(rows: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Skewness of every row (four areas or more), and whether it is above its limit together with the kurtosis."""
    n = rows.shape[1]
    flat = _same_everywhere(rows)
    away = rows - rows.mean(axis=1, keepdims=True)
    away = away / np.where(flat, 1.0, np.abs(away).max(axis=1, keepdims=True))
    squares = away * away
    moment2 = np.where(flat[:, 0], 1.0, squares.mean(axis=1))
    skew = math.sqrt(n * (n - 1)) / (n - 2) * (squares * away).mean(axis=1) / moment2**1.5
    ratio = (squares * squares).mean(axis=1) / moment2**2
    tails = ((n + 1) * (ratio - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return skew, ~flat[:, 0] & (np.abs(skew) > SKEW_LIMIT) & (tails > KURTOSIS_LIMIT)


def winsorised_rows(rows: FloatArray) -> FloatArray:
    """Every row (draws x areas) as `normalising.winsorise` leaves it."""
    held = rows.copy()
    limit = most_points_to_winsorise(rows.shape[1])
    treated = np.zeros(rows.shape, dtype=bool)
    active = np.arange(rows.shape[0] if limit else 0)
    while active.size:
        inner = held[active]
        skew, outside = _has_outliers(inner)
        active, inner, high = active[outside], inner[outside], (skew[outside] > 0)[:, None]
        ends = np.where(high, inner.max(axis=1, keepdims=True, initial=-np.inf), inner.min(axis=1, keepdims=True, initial=np.inf))
        outermost = inner == ends
        moved = treated[active] | outermost
        allowed = moved.sum(axis=1) <= limit
        active, inner, high, outermost, moved = (one[allowed] for one in (active, inner, high, outermost, moved))
        next_ones = np.where(
            high,
            inner.max(axis=1, keepdims=True, initial=-np.inf, where=~outermost),
            inner.min(axis=1, keepdims=True, initial=np.inf, where=~outermost),
        )
        held[active] = np.where(outermost, next_ones, inner)
        treated[active] = moved
    return held


def normalised_rows(rows: FloatArray, normaliser: Normaliser | str) -> FloatArray:
    """Every row (draws x areas) as `normalising.normalise` makes it: percentile 0-100, z around 0, min-max 0-100."""
    if normaliser == Normaliser.PERCENTILE:
        return np.asarray(100 * (rankdata(rows, axis=1) - 0.5) / rows.shape[1])
    flat = _same_everywhere(rows)
    if normaliser == Normaliser.Z:
        away = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((away * away).sum(axis=1, keepdims=True) / max(rows.shape[1] - 1, 1))
        return np.where(flat, 0.0, away / np.where(flat, 1.0, spread))
    lowest = rows.min(axis=1, keepdims=True)
    spread = rows.max(axis=1, keepdims=True) - lowest
    return np.where(flat, 50.0, np.clip(100 * (rows - lowest) / np.where(flat, 1.0, spread), 0, 100))
