"""A composite index of need out of several indicators: score, rank, contributions, what the weights do in effect.

OECD/JRC Handbook on Constructing Composite Indicators (2008, doi 10.1787/9789264043466-en): direction, outliers, normalisation, weights,
aggregation, and back to the indicators.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.errors import AnalysisError
from atlas.analysis.normalising import Base, BoolArray, Direction, Normaliser, normalise, toward_need, turned_base, winsorise
from atlas.analysis.standing import competition_rank

DECIMALS_THAT_RANK = 9
"""Scores that differ only beyond this decimal are the same: rounding of floats must not order areas."""


class Aggregation(StrEnum):
    """Arithmetic: a low indicator is made up for by a high one. Geometric: less so."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


class MissingRule(StrEnum):
    """What happens to an area that misses an indicator of weight > 0: no score, or the other weights scaled up to 1."""

    NO_SCORE = "no_score"
    RENORMALISE = "renormalise"


@dataclass(frozen=True)
class CompositeIndex:
    """An index and all it rests on; Series over areas or indicators, frames areas x indicators, in the order of the frame given."""

    score: pd.Series
    rank: pd.Series
    """1 = highest need; ties share the better rank; NaN without a score."""
    contributions: pd.DataFrame
    """Arithmetic: weight * normalised value, adding up to the score. Geometric: share of the log of the score, adding up to 1."""
    normalised: pd.DataFrame
    """On the scale that was aggregated, higher = more need."""
    treated: pd.DataFrame
    """In the unit and direction of the indicator, outliers pulled in."""
    winsorised: pd.DataFrame
    """Which of them were."""
    missing: dict[Any, tuple[str, ...]]
    """Area -> indicators of weight > 0 it misses; areas that miss none are not listed."""
    weights: pd.Series
    """Normalised to 1."""
    correlation: pd.Series
    """Pearson correlation of each indicator (normalised) with the score; NaN where one of the two does not vary."""
    effective_weights: pd.Series
    """Share of the variance of the score (of its log for geometric) that comes through each indicator, adding up to 1:
    cov(contribution, score) / var(score), Shorrocks 1982, doi 10.2307/1912537. Negative: works against the rest. NaN without variance."""
    normaliser: Normaliser
    aggregation: Aggregation
    missing_rule: MissingRule


class Factor(NamedTuple):
    """One factor of a published recipe, the indicator that stands in for it (None: not held), and how close that is."""

    factor: str
    indicator: str | None
    closeness: str
    note: str


@dataclass(frozen=True)
class Preset:
    """A named choice of weights with the normaliser and aggregation it is meant for; `mapping` and `source` for a published recipe."""

    weights: Mapping[str, float]
    normaliser: Normaliser
    aggregation: Aggregation
    mapping: tuple[Factor, ...] = ()
    source: str = ""


DIRECTIONS: Mapping[str, Direction] = {
    "one_person_household_share": Direction.MORE,
    "older_one_person_share_of_households": Direction.MORE,
    "population_75_over_share": Direction.MORE,
    "single_parent_share": Direction.MORE,
    "mean_household_size": Direction.LESS,
    "population_change": Direction.LESS,
}
"""District indicators of the presets and what a high value means for need; a growing population counts as less need."""

ISOLATION_RISK_MAPPING = (
    Factor("living alone", "older_one_person_share_of_households", "close", "per household, not per person aged 65+"),
    Factor("divorced, separated or widowed", "single_parent_share", "stand_in", "parents with children, not people aged 65+"),
    Factor("independent living difficulty", "population_75_over_share", "stand_in", "age only; the census does not ask about help needed"),
    Factor("never married", None, "not_held", "in the census, but not in the small-area tables read here"),
    Factor("poverty", None, "not_held", "the census asks about no income"),
    Factor("disability", None, "not_held", "the census asks about no disability"),
)

PRESETS: Mapping[str, Preset] = {
    "equal": Preset(dict.fromkeys(DIRECTIONS, 1.0), Normaliser.PERCENTILE, Aggregation.ARITHMETIC),
    "isolation_risk": Preset(
        {factor.indicator: 1.0 for factor in ISOLATION_RISK_MAPPING if factor.indicator},
        Normaliser.Z,
        Aggregation.ARITHMETIC,
        ISOLATION_RISK_MAPPING,
        "America's Health Rankings, Senior Data 2020, risk of social isolation: mean z-score of six factors among people aged 65+ "
        "(shown as a percentile of counties, which keeps the order). Here three of the six, two of them by a stand-in.",
    ),
}


def preset_weights(preset: str, held: Collection[str]) -> tuple[dict[str, float], tuple[str, ...]]:
    """Weights of a preset for the indicators that are held, and those of its indicators that are not.

    Raises AnalysisError for an unknown preset or where none of its indicators is held.
    """
    if preset not in PRESETS:
        raise AnalysisError(f"The preset is {preset!r}, expected one of {', '.join(PRESETS)}.")
    weights = PRESETS[preset].weights
    chosen = {indicator: weight for indicator, weight in weights.items() if indicator in held}
    if not chosen:
        raise AnalysisError(f"None of the indicators of the preset {preset!r} is held: {', '.join(weights)}. Load their tables first.")
    return chosen, tuple(indicator for indicator in weights if indicator not in held)


def normalised_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights divided by their sum. Raises AnalysisError where all are zero, or one is negative, missing or infinite."""
    for indicator, weight in weights.items():
        if not 0 <= weight < np.inf:
            raise AnalysisError(f"The weight of {indicator} is {weight}, expected zero or more. To turn it round, turn its direction.")
    total = sum(weights.values())
    if not total > 0:
        raise AnalysisError("All weights are zero: no indicator is left to build an index of. Give at least one a weight.")
    return {indicator: weight / total for indicator, weight in weights.items()}


def _checked(frame: pd.DataFrame, weights: Mapping[str, float], directions: Mapping[str, Any], base: Mapping[str, Any] | None) -> list[str]:
    """Column names to use, in the order of the frame."""
    absent = [indicator for indicator in weights if indicator not in frame.columns]
    if absent:
        raise AnalysisError(f"There is a weight for {', '.join(absent)}, but no such column. Drop it or load its table (`preset_weights`).")
    for name, given in (("direction", directions), ("base", base)):
        without = [indicator for indicator in weights if given is not None and indicator not in given]
        if without:
            raise AnalysisError(f"No {name} is given for {', '.join(without)}.")
    if not (frame.index.is_unique and frame.columns.is_unique):
        raise AnalysisError("An area or an indicator is listed twice. Every row needs its own area, every column its own indicator.")
    return [column for column in frame.columns if column in weights]


def on_1_to_100(normalised: FloatArray, normaliser: Normaliser | str) -> FloatArray:
    """Positive values for the geometric mean: percentiles and min-max p become 1 + 0.99 p.

    z is stretched between its lowest and highest value first, which makes it the same as min-max.
    """
    scale = normalise(normalised, Normaliser.MIN_MAX) if normaliser == Normaliser.Z else normalised
    return 1 + 0.99 * scale


def _prepared(
    values: FloatArray, direction: Direction | str, normaliser: Normaliser | str, pull_in: bool, base: Base | None
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """One indicator: treated (own direction), which points were winsorised, normalised (higher = more need)."""
    turned = toward_need(values, direction)
    points = np.zeros(turned.shape, dtype=bool)
    if pull_in:
        turned, points, _ = winsorise(turned)
    fixed = None if base is None else turned_base(Base(*base), normaliser, direction)
    return toward_need(turned, direction), points, normalise(turned, normaliser, fixed)


def _correlation(values: FloatArray, score: FloatArray) -> float:
    both = ~(np.isnan(values) | np.isnan(score))
    x, y = values[both], score[both]
    if x.size < 2 or np.ptp(x) == 0 or np.ptp(y) <= 10.0**-DECIMALS_THAT_RANK:
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1))


def _variance_shares(parts: FloatArray, whole: FloatArray) -> FloatArray:
    scored = ~np.isnan(whole)
    y = whole[scored]
    if y.size < 2 or np.ptp(y) <= 10.0**-DECIMALS_THAT_RANK:
        return np.full(parts.shape[1], np.nan)
    y = y - y.mean()
    x = np.where(np.isnan(parts[scored]), 0.0, parts[scored])
    return np.asarray((x - x.mean(axis=0)).T @ y / (y @ y))


def composite_index(
    frame: pd.DataFrame,
    weights: Mapping[str, float],
    directions: Mapping[str, Direction | str],
    normaliser: Normaliser | str = Normaliser.PERCENTILE,
    aggregation: Aggregation | str = Aggregation.ARITHMETIC,
    winsorised: bool = True,
    base: Mapping[str, Base | tuple[float, float]] | None = None,
    missing: MissingRule | str = MissingRule.NO_SCORE,
) -> CompositeIndex:
    """The index of `frame` (areas x indicators): sum of w_i * n_i, or product of n_i^w_i with n_i on 1-100; w adds up to 1, n normalised.

    Only columns with a weight (zero allowed) are used. `winsorised` pulls in outliers, except before percentile ranks (an outlier can not
    move them, ties could) and with a `base` (indicator -> (mean, SD) for z, goalposts for min_max, own unit and direction; see
    `normalising.base_of`), where a value must count the same whatever the other areas are. With winsorising a higher value may score
    lower, as it then counts as an outlier. An area that misses an indicator of weight > 0 gets no score unless `missing` says so.
    Raises AnalysisError for weights that are all zero or negative, a weight without column or direction, infinite values, and for
    geometric z with a base.
    """
    choices = (("normaliser", normaliser, Normaliser), ("aggregation", aggregation, Aggregation), ("missing", missing, MissingRule))
    for name, given, kind in choices:
        if given not in [str(choice) for choice in kind]:
            raise AnalysisError(f"The {name} is {given!r}, expected one of {', '.join(kind)}.")
    geometric = aggregation == Aggregation.GEOMETRIC
    if geometric and base is not None and normaliser == Normaliser.Z:
        raise AnalysisError("z with a base year is not positive and has no fixed ends. Take min_max with goalposts for a geometric index.")
    columns = _checked(frame, weights, directions, base)
    shares = normalised_weights({column: float(weights[column]) for column in columns})
    w = np.array([shares[column] for column in columns])
    pull_in = winsorised and base is None and normaliser != Normaliser.PERCENTILE
    bases = dict.fromkeys(columns) if base is None else {column: Base(*base[column]) for column in columns}
    prepared = [_prepared(float_array(frame[column]), directions[column], normaliser, pull_in, bases[column]) for column in columns]
    treated, points = np.column_stack([p[0] for p in prepared]), np.column_stack([p[1] for p in prepared])
    normalised = np.column_stack([on_1_to_100(p[2], normaliser) if geometric else p[2] for p in prepared])

    absent = np.isnan(normalised) & (w > 0)
    used = np.where(np.isnan(normalised), 0.0, w)
    sums = used.sum(axis=1)
    lacking: BoolArray = np.asarray(absent.any(axis=1))
    scored: BoolArray = np.asarray(sums > 0) if missing == MissingRule.RENORMALISE else ~lacking
    used = np.where(scored[:, None], used / np.where(sums > 0, sums, 1.0)[:, None], np.nan)
    parts = used * np.nan_to_num(np.log(normalised) if geometric else normalised)
    whole = parts.sum(axis=1)
    variance_shares = _variance_shares(parts, whole)
    score = np.exp(whole) if geometric else whole
    if geometric:
        parts = np.where(whole[:, None] > 0, parts / np.where(whole > 0, whole, 1.0)[:, None], used)
    parts = np.where(absent, np.nan, parts)

    def areas_by_indicators(values: Any) -> pd.DataFrame:
        return pd.DataFrame(values, index=frame.index, columns=columns)

    return CompositeIndex(
        score=pd.Series(score, index=frame.index, name="score"),
        rank=pd.Series(competition_rank(np.round(score, DECIMALS_THAT_RANK)), index=frame.index, name="rank"),
        contributions=areas_by_indicators(parts),
        normalised=areas_by_indicators(normalised),
        treated=areas_by_indicators(treated),
        winsorised=areas_by_indicators(points),
        missing={area: tuple(np.array(columns)[row].tolist()) for area, row in zip(frame.index[lacking], absent[lacking], strict=True)},
        weights=pd.Series(w, index=columns, name="weight"),
        correlation=pd.Series([_correlation(normalised[:, i], score) for i in range(len(columns))], index=columns, name="correlation"),
        effective_weights=pd.Series(variance_shares, index=columns, name="effective_weight"),
        normaliser=Normaliser(normaliser),
        aggregation=Aggregation(aggregation),
        missing_rule=MissingRule(missing),
    )
