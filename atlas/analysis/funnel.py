"""Funnel of shares with over-dispersed limits (additive random effects).

Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24:1185-1202, doi 10.1002/sim.1970.
Proportions are used **untransformed** (normal approximation to the binomial, variance at the target): the limits stay readable as
shares, tau is in the unit of the share, and with the counts of a census the approximation is good.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atlas.analysis.arrays import FloatArray, count_array, share_array
from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import Interval, normal_quantile

CONTROL_CONFIDENCE = 0.998


@dataclass(frozen=True)
class FunnelFit:
    """A funnel fitted to areas.

    `target`: sum of numerators / sum of denominators (0-1). `phi`: mean squared winsorised z score, 1 = chance alone.
    `tau2`: variance between areas beyond chance (share squared; sqrt is in shares). `shares`, `z_scores` (binomial) and
    `adjusted_z_scores` (over-dispersed) stand in the order of the areas given, NaN where an area was left out.
    `areas` counts those used, `left_out` those with no denominator or a missing count.
    """

    target: float
    phi: float
    tau2: float
    winsorised: float
    areas: int
    left_out: int
    shares: FloatArray
    z_scores: FloatArray
    adjusted_z_scores: FloatArray

    def outside(self, confidence: float = CONTROL_CONFIDENCE, over_dispersed: bool = True) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """True for each area outside the limits (over-dispersed, or binomial); False for areas left out."""
        scores = self.adjusted_z_scores if over_dispersed else self.z_scores
        return np.abs(np.nan_to_num(scores)) > normal_quantile(confidence)

    @property
    def outside_binomial(self) -> int:
        """Number of areas outside the 99.8 % binomial limits."""
        return int(self.outside(over_dispersed=False).sum())

    @property
    def outside_over_dispersed(self) -> int:
        """Number of areas outside the 99.8 % over-dispersed limits."""
        return int(self.outside(over_dispersed=True).sum())


def winsorised_scores(scores: FloatArray, fraction: float = 0.1) -> FloatArray:
    """Scores with the k lowest set to the next higher one and the k highest to the next lower one, k = floor(fraction * number).

    `fraction` is per end, at least 0 and below 0.5; else AnalysisError. No NaN expected.
    """
    if not 0 <= fraction < 0.5:
        raise AnalysisError(f"The winsorised fraction is {fraction:g}, expected 0 or more and below 0.5 (it is taken from each end).")
    ordered = np.sort(scores)
    k = int(np.floor(fraction * scores.size + 1e-9))
    return np.clip(scores, ordered[k], ordered[scores.size - 1 - k])


def between_area_variance(phi: float, standard_errors: FloatArray) -> float:
    """tau^2 by the method of moments: (I phi - (I - 1)) / (sum w - sum w^2 / sum w), w = 1 / s^2, I areas; 0 where negative.

    `standard_errors` s are those at the target, all above 0; tau^2 is in their unit squared
    (Spiegelhalter 2005, after DerSimonian & Laird 1986).
    """
    areas = standard_errors.size
    weights = standard_errors**-2
    free_weight = weights.sum() - (weights**2).sum() / weights.sum()
    return max(float((areas * phi - (areas - 1)) / free_weight), 0.0) if free_weight > 0 else 0.0


def funnel_fit(numerators: Any, denominators: Any, winsorise: float = 0.1) -> FunnelFit:
    """A funnel of numerator / denominator over areas (one-dimensional, same length, exact counts).

    z = (share - target) / s with s = sqrt(target (1 - target) / denominator); phi = mean of squared z, z winsorised by `winsorise`
    at each end; tau^2 from `between_area_variance`; adjusted z = (share - target) / sqrt(s^2 + tau^2). Areas with a zero or missing
    denominator or a missing numerator are left out and counted. Winsorising (the paper's 10 %) makes tau^2 too small: by about a third
    when the areas are normally distributed and alike in size, by more when their sizes differ a lot, because then the largest areas
    have the largest z and are cut; state phi, tau and the fraction with the figure.
    Raises AnalysisError where fewer than two areas are left, lengths differ or a numerator exceeds its denominator.
    """
    counts, bases = np.atleast_1d(count_array(numerators, "numerators")), np.atleast_1d(count_array(denominators, "denominators"))
    if counts.shape != bases.shape or counts.ndim != 1:
        raise AnalysisError(f"Numerators have the shape {counts.shape}, denominators {bases.shape}; expected one row of the same length.")
    used = (bases > 0) & ~np.isnan(counts)
    above = np.flatnonzero(used & (counts > bases))
    if above.size:
        at = above[0]
        raise AnalysisError(f"At position {at} the numerator {counts[at]:g} exceeds the denominator {bases[at]:g}; check which is which.")
    if used.sum() < 2:
        raise AnalysisError(f"A funnel needs two areas with a denominator, found {used.sum()} of {used.size}.")
    x, n = counts[used], bases[used]
    target = float(x.sum() / n.sum())
    errors = np.sqrt(target * (1 - target) / n)
    scores, phi, tau2 = np.zeros(x.size), 0.0, 0.0
    if 0 < target < 1:  # otherwise every share equals the target and nothing varies
        scores = (x / n - target) / errors
        phi = float(np.mean(winsorised_scores(scores, winsorise) ** 2))
        tau2 = between_area_variance(phi, errors)
    shares, z_scores, adjusted = (np.full(counts.shape, np.nan) for _ in range(3))
    shares[used] = x / n
    z_scores[used] = scores
    adjusted[used] = scores * np.sqrt(errors**2 / (errors**2 + tau2)) if 0 < target < 1 else 0.0
    return FunnelFit(target, phi, tau2, winsorise, int(used.sum()), int((~used).sum()), shares, z_scores, adjusted)


def funnel_limits(denominators: Any, target: float, tau2: float = 0.0, confidence: float = CONTROL_CONFIDENCE) -> Interval:
    """Limit curves at given denominators: target -/+ z sqrt(target (1 - target) / n + tau^2), cut at 0 and 1.

    Shares 0-1, shape of `denominators`; NaN where a denominator is 0 or missing. tau2 = 0 gives the binomial limits; 0.95 and 0.998 are
    the customary confidences. Raises AnalysisError for a target outside 0-1, a negative tau2 or denominator.
    """
    middle = float(share_array(target, "target"))
    if tau2 < 0:
        raise AnalysisError(f"tau2 is {tau2:g}, expected 0 or more: it is a variance.")
    bases = count_array(denominators, "denominators")
    n = np.where(bases > 0, bases, np.nan)
    width = normal_quantile(confidence) * np.sqrt(middle * (1 - middle) / n + tau2)
    return Interval(np.clip(middle - width, 0, 1)[()], np.clip(middle + width, 0, 1)[()])
