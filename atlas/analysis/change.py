"""Difference between two survey shares, and whether it is more than chance."""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Any

import numpy as np

from atlas.analysis.arrays import FloatArray, count_array, float_array, share_array
from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import wilson_interval


class Verdict(StrEnum):
    """What a test allows to say. `no_difference_shown` does not mean that the two are equal."""

    INCREASED = "increased"
    DECREASED = "decreased"
    NO_DIFFERENCE_SHOWN = "no_difference_shown"


@dataclass(frozen=True)
class ShareDifference:
    """Share a minus share b (0-1, so 0.01 is one point), pooled z, two-sided p value, interval of the difference. All NaN: not testable."""

    difference: float
    z: float
    p_value: float
    lower: float
    upper: float


def two_proportion_test(
    share_a: float | None,
    n_a: float | None,
    share_b: float | None,
    n_b: float | None,
    deff: float = 1.0,
    confidence: float = 0.95,
) -> ShareDifference:
    """Two independent shares compared: difference is **a minus b**, so pass the later wave as a and the earlier one as b.

    Test: z = (a - b) / sqrt(p (1 - p) (1/n_a + 1/n_b)), p the pooled share, two-sided normal p value. Interval: hybrid score
    interval out of the two Wilson intervals (Newcombe 1998, method 10, Statistics in Medicine 17:873-890).
    `deff` divides both n. Test and interval are two methods and can differ at the margin; sentences follow the test.
    A missing share or n, or n = 0, gives NaN throughout. Both shares 0, or both 1: z = 0, p = 1.
    Raises AnalysisError as `wilson_interval` does. Unfit for census counts, and for waves whose question, mode or base changed.
    """
    a, b = float(share_array(share_a, "share_a")), float(share_array(share_b, "share_b"))
    limits_a = wilson_interval(a, n_a, deff, confidence)
    limits_b = wilson_interval(b, n_b, deff, confidence)
    size_a, size_b = float(count_array(n_a, "n_a")) / deff, float(count_array(n_b, "n_b")) / deff
    if np.isnan(limits_a.lower) or np.isnan(limits_b.lower):
        return ShareDifference(np.nan, np.nan, np.nan, np.nan, np.nan)
    difference = a - b
    pooled = (a * size_a + b * size_b) / (size_a + size_b)
    error = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / size_a + 1 / size_b))
    z = difference / error if error > 0 else 0.0
    below = math.hypot(a - float(limits_a.lower), float(limits_b.upper) - b)
    above = math.hypot(float(limits_a.upper) - a, b - float(limits_b.lower))
    return ShareDifference(
        difference=difference,
        z=z,
        p_value=float(2 * NormalDist().cdf(-abs(z))),
        lower=max(difference - below, -1.0),
        upper=min(difference + above, 1.0),
    )


def _p_values(values: Any) -> FloatArray:
    held = float_array(values)
    wrong = held[(held < 0) | (held > 1)]
    if wrong.size:
        raise AnalysisError(f"A p value is {wrong[0]:g}, expected 0 to 1; pass p values, not z scores.")
    return held


def holm(p_values: Any) -> FloatArray:
    """Holm-adjusted p values of one family (the comparisons of one panel), in the order given.

    With the m values sorted upwards, adjusted p_(i) = max over j <= i of min(1, (m - j + 1) p_(j)) (Holm 1979, Scand J Stat 6:65-70).
    NaN (not tested) passes through and does not count in m. Raises AnalysisError for a p value outside 0-1.
    """
    raw = np.atleast_1d(_p_values(p_values))
    adjusted = np.full(raw.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(raw))
    order = tested[np.argsort(raw[tested], kind="stable")]
    multiplied = raw[order] * np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(multiplied), 1)
    return adjusted


def verdict(difference: float, adjusted_p_value: float, level: float = 0.05) -> Verdict | None:
    """What may be said of a difference (a minus b) given its Holm-adjusted p value, at `level` (5 %); None where nothing was tested.

    Raises AnalysisError for a p value outside 0-1.
    """
    p_value = float(_p_values(adjusted_p_value))
    if np.isnan(p_value) or np.isnan(difference):
        return None
    if p_value >= level or difference == 0:
        return Verdict.NO_DIFFERENCE_SHOWN
    return Verdict.INCREASED if difference > 0 else Verdict.DECREASED


def verdicts(differences: list[ShareDifference], level: float = 0.05) -> list[Verdict | None]:
    """The verdicts of one panel's comparisons, adjusted together by `holm`; same order, None where one was not testable."""
    if not 0 < level < 1:
        raise AnalysisError(f"The level is {level:g}, expected a number between 0 and 1 such as 0.05.")
    adjusted = holm([one.p_value for one in differences])
    return [verdict(one.difference, float(p), level) for one, p in zip(differences, adjusted, strict=True)]
