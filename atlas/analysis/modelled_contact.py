"""Modelled low contact or loneliness of an area (推計) from who lives alone there: a two-cell synthetic estimate, no measurement.

People living alone and people living with others get the rate that a national survey found for each. With the 15.2 % of respondents who lived alone in 2024 the
survey's own rates (25.6 and 2.2 %) give its published 5.8 %; with the census of 2020, where 19.5 % of those aged 15 and over lived alone, the nation gets
6.8 %. Compare an area with the nation modelled the same way, never with the published rate.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atlas.analysis.arrays import FloatArray, count_array
from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import Interval, wilson_interval


@dataclass(frozen=True)
class SurveyRate:
    """A rate of a survey among those living alone, or among those living with others: `share` (0-1) out of `n` answers."""

    share: float
    n: float


@dataclass(frozen=True)
class ModelledContact:
    """Modelled shares 0-1 of the population aged 15 and over, in the shape of the counts given; NaN where a count is missing or nobody lives there."""

    value: FloatArray
    lower: FloatArray
    """`lower` and `upper` cover the sampling of the two survey rates only. For an area they are too narrow: that people who live alone differ between
    areas is left out, and nothing here can say by how much."""
    upper: FloatArray
    living_alone: FloatArray
    """s: one-person households / population aged 15 and over."""


def living_alone_share(one_person_households: Any, population_15_over: Any) -> FloatArray:
    """One-person households (= people living alone in private households) / population aged 15 and over, 0-1.

    Counts of one date, need not be whole (apportioned ones are not), and broadcast. NaN where one is missing or the population is 0.
    Raises AnalysisError where more people live alone than live there, or a count is negative.
    """
    alone, people = np.broadcast_arrays(count_array(one_person_households, "one_person_households"), count_array(population_15_over, "population_15_over"))
    # Apportioned counts carry the rounding of floats.
    above = np.flatnonzero(alone > people * (1 + 1e-9))
    if above.size:
        at = above[0]
        raise AnalysisError(
            f"At position {at} there are {alone.flat[at]:g} one-person households and {people.flat[at]:g} people aged 15 and over; "
            "expected no more households than people: take both from the same area and census."
        )
    share: FloatArray = np.minimum(alone / np.where(people > 0, people, np.nan), 1.0)[()]
    return share


def modelled_contact(
    one_person_households: Any, population_15_over: Any, alone: SurveyRate, others: SurveyRate, deff: float = 1.0, confidence: float = 0.95
) -> ModelledContact:
    """p = s * p_alone + (1 - s) * p_others for each area, s from `living_alone_share`, with limits from the sampling of the two rates.

    The limits are put together from the rates' Wilson limits l, u: lower = p - sqrt((s (p_alone - l_alone))^2 + ((1 - s) (p_others - l_others))^2), upper
    alike (variance estimates recovery, Zou & Donner 2008, doi 10.1002/sim.3095; the two groups are different respondents, so independent). Wilson, not the
    normal approximation of the delta method, because rates of some 2 % are skewed: so the limits stay within 0-1 and are the rate's own Wilson limits at
    s = 0 and s = 1. s itself comes from a census and has no sampling error. Rates in between are not the area's own: the interval is **too narrow for an
    area**, which the interface says beside it.
    Raises AnalysisError for impossible counts, a share outside 0-1 or missing, an n that is not positive.
    """
    for name, rate in (("living alone", alone), ("living with others", others)):
        if not (0 <= rate.share <= 1 and 0 < rate.n < np.inf):
            raise AnalysisError(f"The rate of those {name} is {rate.share:g} out of {rate.n:g}; expected a share from 0 to 1 and a positive number of answers.")
    s = living_alone_share(one_person_households, population_15_over)
    value = s * alone.share + (1 - s) * others.share
    own, rest = (wilson_interval(rate.share, rate.n, deff, confidence) for rate in (alone, others))
    lower, upper = (value + sign * _recovered(s, alone.share, own, others.share, rest, limit) for sign, limit in ((-1, 0), (1, 1)))
    return ModelledContact(value, np.clip(lower, 0, value), np.clip(upper, value, 1), s)


def _recovered(s: FloatArray, share_alone: float, alone: Interval, share_others: float, others: Interval, limit: int) -> FloatArray:
    """Half a width, towards the lower (0) or upper (1) limits."""
    return np.asarray(np.hypot(s * (share_alone - alone[limit]), (1 - s) * (share_others - others[limit])))
