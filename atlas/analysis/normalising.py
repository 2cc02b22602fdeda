"""Indicators made comparable before they are added up: direction, outliers (winsorising), normalisation.

Order and defaults follow the OECD/JRC Handbook on Constructing Composite Indicators (2008, doi 10.1787/9789264043466-en) and the
R package COINr (Becker et al. 2022, doi 10.21105/joss.04567). NaN stays NaN everywhere and counts nowhere.
"""

import math
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.errors import AnalysisError

SKEW_LIMIT = 2.0
KURTOSIS_LIMIT = 3.5
MOST_POINTS = 5
LARGEST_PART = 0.05

BoolArray = NDArray[np.bool_]


class Direction(StrEnum):
    """What a high value of an indicator means for need."""

    MORE = "higher_means_more_need"
    LESS = "higher_means_less_need"


class Normaliser(StrEnum):
    """How values of different units are brought onto one scale; each grows with need once the direction is turned."""

    PERCENTILE = "percentile"
    Z = "z"
    MIN_MAX = "min_max"


class Winsorised(NamedTuple):
    """Values with outliers pulled in, which points those are, and whether skew or kurtosis is within its limit now."""

    values: FloatArray
    treated: BoolArray
    within_limits: bool


class Base(NamedTuple):
    """A fixed scale in the unit of the indicator: (mean, SD) for z, (lower, upper) goalposts for min-max."""

    first: float
    second: float


def _vector(values: Any) -> FloatArray:
    held = np.array(np.atleast_1d(float_array(values)), dtype=float)
    if held.ndim != 1:
        raise AnalysisError(f"One indicator was expected, but the values have {held.ndim} dimensions. Pass one column at a time.")
    if np.isinf(held).any():
        raise AnalysisError("An infinite value can not be normalised. Leave it missing and say why.")
    return held


def _same_everywhere(held: FloatArray) -> bool:
    """Whether the (not missing) values show no difference that could be normalised."""
    return held.size == 0 or bool(held.max() - held.min() <= 1e-12 * np.abs(held).max())


def toward_need(values: Any, direction: Direction | str) -> FloatArray:
    """`values` so that higher means more need: unchanged, or with the sign flipped (before anything else is done to them).

    Raises AnalysisError for an unknown direction.
    """
    if direction not in list(Direction):
        raise AnalysisError(f"The direction is {direction!r}, expected one of {', '.join(Direction)}.")
    return float_array(values) if direction == Direction.MORE else 0.0 - float_array(values)


def _shape(held: FloatArray) -> tuple[float, float]:
    """Skewness and excess kurtosis of values none of which is missing; NaN where they are not defined."""
    n = held.size
    if n < 3 or _same_everywhere(held):
        return float("nan"), float("nan")
    away = held - held.mean()
    away /= np.abs(away).max()
    squares = away * away
    moment2 = float(squares.mean())
    skew = math.sqrt(n * (n - 1)) / (n - 2) * float(squares @ away) / n / moment2**1.5
    if n < 4:
        return skew, float("nan")
    ratio = float(squares @ squares) / n / moment2**2
    return skew, ((n + 1) * (ratio - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def skewness(values: Any) -> float:
    """Sample skewness G1 = sqrt(n (n - 1)) / (n - 2) * m3 / m2^1.5, m_k the k-th central moment: type 2 of R's e1071 (COINr, Excel).

    NaN for fewer than 3 values or where all are equal. The numbers 1-10, 30, 100 give 3.063241 (COINr, vignette "treat").
    """
    held = _vector(values)
    return _shape(held[~np.isnan(held)])[0]


def kurtosis(values: Any) -> float:
    """Sample excess kurtosis G2 = ((n + 1) (m4 / m2^2 - 3) + 6) (n - 1) / ((n - 2) (n - 3)): type 2 of R's e1071 (a normal has 0).

    NaN for fewer than 4 values or where all are equal. The numbers 1-10, 30, 100 give 9.741391 (COINr, vignette "treat").
    """
    held = _vector(values)
    return _shape(held[~np.isnan(held)])[1]


def most_points_to_winsorise(n: int) -> int:
    """min(5, floor(0.05 n)): none below 20 areas, five from 100 on."""
    return min(MOST_POINTS, int(LARGEST_PART * n + 1e-9))


def winsorise(values: Any, most: int | None = None) -> Winsorised:
    """Outliers pulled in one by one while |skew| > 2 and excess kurtosis > 3.5, at most `most` points (default min(5, floor(0.05 n))).

    One step gives the highest points (the lowest, where the skew is negative) the value of the next one, as COINr's `winsorise` does.
    Tied points move together; a step that would go beyond `most` is not taken (COINr takes it). COINr's `qTreat` goes over to a
    logarithm where winsorising is not enough; here the values stay as far as the points reached and `within_limits` is False.
    """
    held = _vector(values)
    known = np.flatnonzero(~np.isnan(held))
    inner = held[known]
    treated = np.zeros(inner.shape, dtype=bool)
    limit = most_points_to_winsorise(inner.size) if most is None else most
    while True:
        skew, tails = _shape(inner)
        within = not (abs(skew) > SKEW_LIMIT and tails > KURTOSIS_LIMIT)
        outermost = inner == (inner.max() if skew > 0 else inner.min()) if not within else treated
        moved = treated | outermost
        if within or np.count_nonzero(moved) > limit:
            break
        rest = inner[~outermost]
        inner[outermost] = rest.max() if skew > 0 else rest.min()
        treated = moved
    held[known] = inner
    points = np.zeros(held.shape, dtype=bool)
    points[known] = treated
    return Winsorised(held, points, within)


def percentile_ranks(values: Any) -> FloatArray:
    """Mid-rank percentile 0-100 of every value among all: 100 * (number below + half the number equal, itself included) / n."""
    held = _vector(values)
    known = held[~np.isnan(held)]
    order = np.sort(known)
    ranks = np.full(held.shape, np.nan)
    middle = (np.searchsorted(order, known, side="left") + np.searchsorted(order, known, side="right")) / 2
    ranks[~np.isnan(held)] = 100 * middle / max(known.size, 1)
    return ranks


def z_scores(values: Any, base: Base | None = None) -> FloatArray:
    """(x - mean) / SD with the mean and sample SD (n - 1) of the values, or of a base year. All equal: 0.

    Raises AnalysisError for a base SD that is not positive.
    """
    held = _vector(values)
    if base is not None:
        if not (np.isfinite(base.first) and 0 < base.second < np.inf):
            raise AnalysisError(f"The base mean and SD are {base.first:g} and {base.second:g}, expected finite numbers and an SD above 0.")
        return (held - base.first) / base.second
    known = held[~np.isnan(held)]
    if _same_everywhere(known):
        return np.where(np.isnan(held), np.nan, 0.0)
    return np.asarray((held - known.mean()) / known.std(ddof=1))


def min_max(values: Any, base: Base | None = None) -> FloatArray:
    """100 * (x - lower) / (upper - lower), between the lowest and highest value, or between fixed goalposts.

    All equal: 50. Beyond the goalposts it is cut to 0 or 100 (COINr's `n_goalposts`).
    Raises AnalysisError for goalposts of which the lower is not below the upper.
    """
    held = _vector(values)
    if base is not None:
        if not -np.inf < base.first < base.second < np.inf:
            raise AnalysisError(f"The goalposts are {base.first:g} and {base.second:g}, expected finite numbers, the lower one first.")
        return np.clip(100 * (held - base.first) / (base.second - base.first), 0, 100)
    known = held[~np.isnan(held)]
    if _same_everywhere(known):
        return np.where(np.isnan(held), np.nan, 50.0)
    return np.asarray(np.clip(100 * (held - known.min()) / (known.max() - known.min()), 0, 100))


def normalise(values: Any, normaliser: Normaliser | str, base: Base | None = None) -> FloatArray:
    """`values` on the scale of `normaliser`: percentile 0-100, z around 0, min-max 0-100.

    `base` fixes the scale of z (mean, SD) or min-max (goalposts), so that years can be compared; a percentile has none.
    Raises AnalysisError for an unknown normaliser or a base for percentiles.
    """
    match normaliser:
        case Normaliser.PERCENTILE if base is not None:
            raise AnalysisError("A percentile rank has no base year. Take z or min_max where years are to be compared.")
        case Normaliser.PERCENTILE:
            return percentile_ranks(values)
        case Normaliser.Z:
            return z_scores(values, base)
        case Normaliser.MIN_MAX:
            return min_max(values, base)
    raise AnalysisError(f"The normaliser is {normaliser!r}, expected one of {', '.join(Normaliser)}.")


def turned_base(base: Base, normaliser: Normaliser | str, direction: Direction | str) -> Base:
    """`base` for values whose direction was turned: the mean changes its sign, the goalposts their sign and place."""
    if direction == Direction.MORE:
        return base
    return Base(-base.first, base.second) if normaliser == Normaliser.Z else Base(-base.second, -base.first)


def base_of(frame: pd.DataFrame, normaliser: Normaliser | str, winsorised: bool = True) -> dict[str, Base]:
    """The scale of a base year, per column of `frame` (areas x indicators): mean and sample SD for z, lowest and highest value for min-max.

    Outliers of the base year are winsorised first unless `winsorised` is False.
    Raises AnalysisError for percentiles, and for a column without differences, on which no scale can rest.
    """
    if normaliser not in (Normaliser.Z, Normaliser.MIN_MAX):
        raise AnalysisError(f"A base year is for z and min_max, not for {normaliser!r}.")
    bases = {}
    for column in frame.columns:
        held = winsorise(frame[column]).values if winsorised else _vector(frame[column])
        held = held[~np.isnan(held)]
        if _same_everywhere(held):
            raise AnalysisError(f"{column} shows no differences in the base year. Leave it out or choose another base year.")
        scale = (held.mean(), held.std(ddof=1)) if normaliser == Normaliser.Z else (held.min(), held.max())
        bases[str(column)] = Base(float(scale[0]), float(scale[1]))
    return bases
