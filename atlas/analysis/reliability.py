"""Whether a rate out of few cases may be shown (small numbers)."""

from enum import StrEnum
from typing import Any

import numpy as np

from atlas.analysis.arrays import FloatArray, count_array, share_array

SMALLEST_DENOMINATOR = 10
GREYED_ABOVE = 0.25
WITHHELD_ABOVE = 0.50


class Visibility(StrEnum):
    """How a rate appears in every view, table and download. Withheld is not missing: it has its own mark and word."""

    SHOWN = "shown"
    GREYED = "greyed"
    WITHHELD = "withheld"


def relative_standard_error(share: Any, n: Any) -> FloatArray:
    """sqrt((1 - p) / (n p)): the standard error of a share p out of n as a fraction of p (0.25 = 25 %).

    Single or arrays that broadcast. Infinite where p = 0; NaN where p or n is missing or n is 0.
    Raises AnalysisError for shares outside 0-1 or a negative n.
    """
    p, bases = np.broadcast_arrays(share_array(share), count_array(n))
    size = np.where(bases > 0, bases, np.nan)
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt((1 - p) / (size * p)))[()]


def rate_visibility(share: float | None, denominator: float | None) -> Visibility | None:
    """Withheld where the denominator is below 10 or the relative standard error above 50 %, greyed where it is above 25 %, else shown.

    A share of exactly 0 has no finite relative standard error and is withheld as a rate (the count 0 itself stays shown).
    None where there is nothing to judge: share or denominator missing; the status of the value then says why.
    Raises AnalysisError for a share outside 0-1 or a negative denominator.
    """
    base = float(count_array(denominator, "denominator"))
    own = float(share_array(share))
    if np.isnan(base):
        return None
    if base < SMALLEST_DENOMINATOR:
        return Visibility.WITHHELD
    if np.isnan(own):
        return None
    error = round(float(relative_standard_error(own, base)), 12)
    if error > WITHHELD_ABOVE:
        return Visibility.WITHHELD
    return Visibility.GREYED if error > GREYED_ABOVE else Visibility.SHOWN
