"""How sure the order of the areas is: their ranks when the choices behind an index are made otherwise.

Saisana, Saltelli & Tarantola 2005, doi 10.1111/j.1467-985X.2005.00350.x; for values with sampling error compare Mogstad, Romano, Shaikh
& Wilhelm 2023, "Inference for Ranks", doi 10.1093/restud/rdad006.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from atlas.analysis.arrays import FloatArray
from atlas.analysis.composite_index import Aggregation
from atlas.analysis.errors import AnalysisError
from atlas.analysis.index_draws import Choice, drawn_orders, index_inputs, random_draws
from atlas.analysis.normalising import Direction, Normaliser

DRAWS = 5_000
SEED = 20_080
ROBUST_FROM = 0.9
LOWER, UPPER = 0.05, 0.95


class Certainty(StrEnum):
    """How sure the place of an area is."""

    HIGH = "robustly_high"
    LOW = "robustly_low"
    DEPENDS = "depends_on_the_choices"
    NO_SCORE = "no_score"


@dataclass(frozen=True)
class RankCertainty:
    """Ranks over the draws. Series over areas in the order of the frame given; NaN for areas without a score."""

    rank: pd.Series
    """By the choices of the maker of the index, 1 = highest need."""
    median: pd.Series
    """Lowest rank that at least half of the draws do not exceed; so for the ends of the interval. All three are ranks that were drawn."""
    lower: pd.Series
    """5 % of the draws give this rank or a better one."""
    upper: pd.Series
    """95 % of the draws give this rank or a better one."""
    in_top: pd.Series
    """Share of the draws with rank <= k, 0-1. Monte Carlo error sqrt(p (1 - p) / draws): 0.004 at 0.9 and 5,000 draws."""
    in_bottom: pd.Series
    """Share of the draws with rank > areas - k, 0-1."""
    certainty: pd.Series
    """A `Certainty` each."""
    areas: int
    """With a score."""
    k: int
    draws: int
    seed: int
    varied: tuple[Choice, ...]

    def count(self, certainty: Certainty) -> int:
        """Number of areas of that certainty."""
        return int((self.certainty == certainty).sum())


def _varied(vary: Collection[Choice | str]) -> tuple[Choice, ...]:
    """`vary` in the order of `Choice`. Raises AnalysisError for an unknown one."""
    for one in vary:
        if one not in list(Choice):
            raise AnalysisError(f"{one!r} can not be varied, expected some of {', '.join(Choice)}.")
    return tuple(choice for choice in Choice if choice in vary)


def _classes(in_top: FloatArray, in_bottom: FloatArray) -> list[Certainty]:
    """A list longer than half of the areas can hold one in its top and bottom at once: high goes first."""
    return [
        Certainty.HIGH if top >= ROBUST_FROM else Certainty.LOW if bottom >= ROBUST_FROM else Certainty.DEPENDS
        for top, bottom in zip(in_top, in_bottom, strict=True)
    ]


def rank_certainty(
    frame: pd.DataFrame,
    weights: Mapping[str, float],
    directions: Mapping[str, Direction | str],
    *,
    normaliser: Normaliser | str = Normaliser.PERCENTILE,
    aggregation: Aggregation | str = Aggregation.ARITHMETIC,
    standard_errors: pd.DataFrame | None = None,
    k: int | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    vary: Collection[Choice | str] = tuple(Choice),
    winsorised: bool = True,
) -> RankCertainty:
    """Ranks of the areas of `frame` (areas x indicators, own units) over `draws` of the choices in `vary`, the others as chosen.

    Every draw takes weights ~ Dirichlet(24 w), w the weights given adding up to 1 (0 stays 0); one of the three normalisers and one of
    the two aggregations, equally likely; all indicators or all but one, each of these sets equally likely (with six indicators one is
    left out in 6 of 7 draws: no set is preferred to another), none left out where there are fewer than three; and values + a normal
    error with their standard errors (`standard_errors` as `frame`, own units, NaN or 0 = none; errors are independent and are not cut
    at the ends of a scale). Each draw is scored as `composite_index` does (direction, outliers, normaliser, aggregation).
    An area that misses an indicator of weight > 0 has no score in any draw, but its other values count in the scales, as there.
    Ties share the better rank. In the top k is rank <= k, so that all tied at the border are in; in the bottom k is rank > areas - k, so
    that none of those tied at the border is: a tie never hides need. Without ties the shares in the top k add up to k.
    k is by default a fifth of the areas with a score, rounded up. The result depends on the seed, not on the order of rows or columns.
    Raises AnalysisError as `composite_index` does, and for standard errors, k, draws or choices that do not fit.
    """
    if draws != int(draws) or draws < 1:
        raise AnalysisError(f"The number of draws is {draws}, expected a whole number from 1 on; {DRAWS:,} is usual.")
    varied = _varied(vary)
    inputs = index_inputs(frame, weights, directions, normaliser, aggregation, standard_errors, winsorised)
    length = inputs.list_length(k)
    chosen, noise = random_draws(inputs, int(draws), seed, varied)
    n = int(inputs.scored.sum())
    counts = np.zeros(n * n, dtype=np.int64)
    for areas, ranks in drawn_orders(inputs, chosen, noise):
        counts += np.bincount((areas * n + ranks - 1).ravel(), minlength=n * n)
    # areas with a score x ranks: draws that give this rank or a better one
    at_most = np.cumsum(counts.reshape(n, n), axis=1)

    def of_all(values: FloatArray, name: str) -> pd.Series:
        return pd.Series(values, index=inputs.areas[inputs.scored], name=name, dtype=float).reindex(frame.index)

    def quantile(part: float, name: str) -> pd.Series:
        least = math.ceil(part * draws - 1e-9)
        return of_all(1.0 + np.argmax(at_most >= least, axis=1) if n else np.empty(0), name)

    in_top = at_most[:, length - 1] / draws if n else np.empty(0)
    in_bottom = 1 - at_most[:, n - length - 1] / draws if length < n else np.ones(n)
    certainty = pd.Series(_classes(in_top, in_bottom), index=inputs.areas[inputs.scored], dtype=object).reindex(frame.index)
    return RankCertainty(
        rank=pd.Series(inputs.rank, index=inputs.areas, name="rank").reindex(frame.index),
        median=quantile(0.5, "median"),
        lower=quantile(LOWER, "lower"),
        upper=quantile(UPPER, "upper"),
        in_top=of_all(in_top, "in_top"),
        in_bottom=of_all(in_bottom, "in_bottom"),
        certainty=certainty.where(certainty.notna(), Certainty.NO_SCORE).rename("certainty"),
        areas=n,
        k=length,
        draws=int(draws),
        seed=seed,
        varied=varied,
    )
