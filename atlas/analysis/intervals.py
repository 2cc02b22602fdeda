"""Intervals of survey shares (信頼区間)."""

from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from atlas.analysis.arrays import FloatArray, count_array, share_array
from atlas.analysis.errors import AnalysisError

# Published percents are rounded to 0.1 point: two of them may add up to a little more than the whole.
ROUNDING_OF_PUBLISHED_SHARES = 0.002


class Interval(NamedTuple):
    """Lower and upper limit in the unit of the estimate (shares 0-1); arrays, or single floats for single numbers."""

    lower: FloatArray
    upper: FloatArray


class AnsweredBase(NamedTuple):
    """Shares and bases with the blanks left out; arrays, or single floats for single numbers."""

    share: FloatArray
    n: FloatArray


def normal_quantile(confidence: float) -> float:
    """z with `confidence` (between 0 and 1) of a standard normal between -z and z: 0.95 -> 1.95996.

    Raises AnalysisError for a confidence that is not strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise AnalysisError(f"The confidence is {confidence:g}, expected a number between 0 and 1 such as 0.95.")
    return float(NormalDist().inv_cdf((1 + confidence) / 2))


def wilson_interval(share: Any, n: Any, deff: float = 1.0, confidence: float = 0.95) -> Interval:
    """Wilson score interval of shares out of n answers each.

    L, U = (2x + z^2 -/+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2)) with x = share * n, and n divided by the design effect `deff`
    first (Wilson 1927, doi 10.1080/01621459.1927.10502953). `share` (0-1) and `n` are single or arrays and broadcast; the result has
    their shape and unit. Where a share or n is missing, or n is 0, both limits are NaN.
    Raises AnalysisError for shares outside 0-1, a negative n, a deff that is not positive.
    """
    if not deff > 0:
        raise AnalysisError(f"The design effect is {deff:g}, expected a positive number (1 where none is published).")
    shares, bases = np.broadcast_arrays(share_array(share), count_array(n))
    z = normal_quantile(confidence)
    size = np.where(bases > 0, bases / deff, np.nan)
    x = shares * size
    root = z * np.sqrt(z**2 + 4 * x * (1 - shares))
    divisor = 2 * (size + z**2)
    lower = (2 * x + z**2 - root) / divisor
    upper = (2 * x + z**2 + root) / divisor
    # Rounding of floats alone could push a limit past 0, 1 or the share itself (share 0: lower limit is exactly 0).
    return Interval(np.clip(lower, 0, shares)[()], np.clip(upper, shares, 1)[()])


def answered_base(share: Any, no_answer_share: Any, n: Any) -> AnsweredBase:
    """A category's share and base with the blanks (無回答) left out: share / (1 - no answer), n * (1 - no answer).

    All shares 0-1 on the published base; single or arrays. n is not rounded. Where nobody answered, or something is missing, NaN.
    `share` must be of a category other than no answer. Raises AnalysisError where share and no answer exceed the whole by more than
    the rounding of published percents.
    """
    shares, blanks, bases = np.broadcast_arrays(share_array(share), share_array(no_answer_share, "no_answer_share"), count_array(n))
    excess = shares + blanks - 1
    if np.any(excess > ROUNDING_OF_PUBLISHED_SHARES):
        raise AnalysisError(
            f"A share and its no-answer share add up to {1 + np.nanmax(excess):.4f}, more than the whole: "
            "take both from the same question, group and base, and do not pass the no-answer category itself."
        )
    answered = np.where(blanks < 1, 1 - blanks, np.nan)
    return AnsweredBase(np.minimum(shares / answered, 1)[()], (bases * answered)[()])
