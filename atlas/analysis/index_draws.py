"""An index of need under other choices: draws of weights, normaliser, aggregation and the indicators that are in, and the order each gives.

Saisana, Saltelli & Tarantola 2005, "Uncertainty and sensitivity analysis techniques as tools for the quality assessment of composite
indicators", JRSS A 168:307-323, doi 10.1111/j.1467-985X.2005.00350.x. Scores follow `composite_index`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.composite_index import DECIMALS_THAT_RANK, Aggregation, composite_index, normalised_weights, on_1_to_100
from atlas.analysis.errors import AnalysisError
from atlas.analysis.normalised_rows import normalised_rows, winsorised_rows
from atlas.analysis.normalising import BoolArray, Direction, Normaliser, normalise, toward_need, winsorise

IntArray = NDArray[np.int64]

CONCENTRATION = 24.0
"""Weights are Dirichlet(24 w): unbiased; of six equal ones (1/6) each has the standard deviation 0.075."""
FEWEST_TO_LEAVE_ONE_OUT = 3
"""With two indicators, leaving one out leaves no index."""
NORMALISERS, AGGREGATIONS = tuple(Normaliser), tuple(Aggregation)
CELLS_AT_A_TIME = 2**18


class Choice(StrEnum):
    """What could have been chosen otherwise, or is not exactly known."""

    WEIGHTS = "weights"
    NORMALISER = "normaliser"
    AGGREGATION = "aggregation"
    INDICATORS = "indicators"
    ERRORS = "errors"


@dataclass(frozen=True)
class IndexInputs:
    """An index as its maker chose it. Areas stand in the order of their codes and indicators (weight > 0) of their names, not as given."""

    areas: pd.Index
    indicators: tuple[Any, ...]
    weights: FloatArray
    """Adding up to 1."""
    values: FloatArray
    """Areas x indicators, own units, higher = more need."""
    errors: FloatArray
    """Standard errors, same shape and units; 0 = none."""
    scored: BoolArray
    """Areas that have all indicators."""
    rank: FloatArray
    """By the choices of the maker; NaN without a score."""
    normaliser: Normaliser
    aggregation: Aggregation
    winsorised: bool

    def list_length(self, k: int | None) -> int:
        """`k` checked, by default a fifth of the areas with a score, rounded up. Raises AnalysisError for k below 1 or above their number."""
        n = int(self.scored.sum())
        if k is None:
            return -(-n // 5)
        if k != int(k) or not 1 <= k <= max(n, 1):
            raise AnalysisError(f"The list is to hold {k} areas, expected a whole number from 1 to {n}, the areas with a score.")
        return int(k)


@dataclass(frozen=True)
class ChoiceDraws:
    """One row a draw: weights (draws x indicators, adding up to 1, 0 where left out), places in NORMALISERS and in AGGREGATIONS."""

    weights: FloatArray
    normaliser: IntArray
    aggregation: IntArray

    def part(self, rows: Any) -> "ChoiceDraws":
        """Some of the draws."""
        return ChoiceDraws(self.weights[rows], self.normaliser[rows], self.aggregation[rows])


def _errors(frame: pd.DataFrame, standard_errors: pd.DataFrame | None, indicators: Sequence[Any]) -> FloatArray:
    if standard_errors is None:
        return np.zeros((len(frame), len(indicators)))
    if not standard_errors.index.is_unique or set(standard_errors.index) != set(frame.index):
        raise AnalysisError("The standard errors are for other areas than the values. Give them a row for each area of the values.")
    rows = standard_errors.reindex(index=frame.index, columns=list(indicators))
    held = np.column_stack([float_array(rows[one]) for one in indicators])
    if (held < 0).any() or np.isinf(held).any():
        raise AnalysisError("A standard error is negative or infinite. It is zero or more, in the unit of its indicator, empty where there is none.")
    return np.nan_to_num(held)


def index_inputs(
    frame: pd.DataFrame,
    weights: Mapping[str, float],
    directions: Mapping[str, Direction | str],
    normaliser: Normaliser | str,
    aggregation: Aggregation | str,
    standard_errors: pd.DataFrame | None = None,
    winsorised: bool = True,
) -> IndexInputs:
    """Checked inputs of an index of `frame` (areas x indicators), brought into an order of their own.

    What is drawn and added up in a fixed order does not depend on the order of rows or columns given.
    Raises AnalysisError as `composite_index` does, and for standard errors that do not fit.
    """
    in_order = frame.iloc[sorted(range(len(frame)), key=lambda row: str(frame.index[row]))]
    baseline = composite_index(in_order, weights, directions, normaliser, aggregation, winsorised)
    shares = normalised_weights({one: float(weights[one]) for one in weights})
    indicators = tuple(sorted((one for one, share in shares.items() if share > 0), key=str))
    values = np.column_stack([toward_need(in_order[one], directions[one]) for one in indicators])
    return IndexInputs(
        in_order.index, indicators, np.array([shares[one] for one in indicators]), values, _errors(in_order, standard_errors, indicators),
        np.asarray(~np.isnan(values).any(axis=1)), float_array(baseline.rank), Normaliser(normaliser), Aggregation(aggregation), winsorised,
    )  # fmt: skip


def _without(inputs: IndexInputs, weights: FloatArray, left_out: IntArray) -> FloatArray:
    """Weights without the indicator at place `left_out` - 1 (0: all stay), the others scaled up to 1."""
    kept, stated = weights.copy(), np.tile(inputs.weights, (len(weights), 1))
    rows = np.flatnonzero(left_out)
    kept[rows, left_out[rows] - 1] = stated[rows, left_out[rows] - 1] = 0
    # a drawn weight can be all there is, as far as floats go; the stated weights then say how the others share
    kept = np.where(kept.sum(axis=1, keepdims=True) > 0, kept, stated)
    return np.asarray(kept / kept.sum(axis=1, keepdims=True))


def _ways_to_leave_out(inputs: IndexInputs) -> int:
    """None, or one of them: each equally likely."""
    many = len(inputs.indicators)
    return 1 + many if many >= FEWEST_TO_LEAVE_ONE_OUT else 1


def random_draws(inputs: IndexInputs, draws: int, seed: int, vary: Collection[Choice | str]) -> tuple[ChoiceDraws, list[np.random.Generator]]:
    """Draws of the choices in `vary` (the others stay as chosen), and a source of normal numbers for the errors of each indicator.

    Every choice has a stream of its own out of `seed`: holding one fixed does not change the draws of the others.
    """
    streams = dict(zip(Choice, np.random.SeedSequence(seed).spawn(len(Choice)), strict=True))
    chance = {choice: np.random.default_rng(stream) for choice, stream in streams.items()}
    weights = chance[Choice.WEIGHTS].dirichlet(CONCENTRATION * inputs.weights, draws) if Choice.WEIGHTS in vary else np.tile(inputs.weights, (draws, 1))
    own = {Choice.NORMALISER: NORMALISERS.index(inputs.normaliser), Choice.AGGREGATION: AGGREGATIONS.index(inputs.aggregation), Choice.INDICATORS: 0}
    many = {Choice.NORMALISER: len(NORMALISERS), Choice.AGGREGATION: len(AGGREGATIONS), Choice.INDICATORS: _ways_to_leave_out(inputs)}
    place = {one: chance[one].integers(many[one], size=draws) if one in vary else np.full(draws, own[one]) for one in own}
    noise = [np.random.default_rng(stream) for stream in streams[Choice.ERRORS].spawn(len(inputs.indicators))] if Choice.ERRORS in vary else []
    return ChoiceDraws(_without(inputs, weights, place[Choice.INDICATORS]), place[Choice.NORMALISER], place[Choice.AGGREGATION]), noise


def quantile_draws(inputs: IndexInputs, uniform: FloatArray, vary: Collection[Choice | str]) -> ChoiceDraws:
    """The same distributions out of independent uniforms: (one per indicator, then normaliser, aggregation, indicators) x draws.

    Weights are gamma quantiles (shape 24 w) divided by their sum, which is Dirichlet(24 w).
    """
    many = len(inputs.indicators)
    draws = uniform.shape[1]
    weights = np.tile(inputs.weights, (draws, 1))
    if Choice.WEIGHTS in vary:
        gamma = gammaincinv(CONCENTRATION * inputs.weights[:, None], uniform[:many]).T
        total = gamma.sum(axis=1, keepdims=True)
        weights = np.where(total > 0, gamma / np.where(total > 0, total, 1.0), weights)

    def place(choice: Choice, row: int, ways: int, own: int) -> IntArray:
        return np.minimum((uniform[row] * ways).astype(np.int64), ways - 1) if choice in vary else np.full(draws, own)

    normaliser = place(Choice.NORMALISER, many, len(NORMALISERS), NORMALISERS.index(inputs.normaliser))
    aggregation = place(Choice.AGGREGATION, many + 1, len(AGGREGATIONS), AGGREGATIONS.index(inputs.aggregation))
    return ChoiceDraws(_without(inputs, weights, place(Choice.INDICATORS, many + 2, _ways_to_leave_out(inputs), 0)), normaliser, aggregation)


def _scale(inputs: IndexInputs, normaliser: Normaliser, aggregation: Aggregation) -> FloatArray:
    """Areas with a score x indicators: what the weights are multiplied with (the log of 1-100 for the geometric mean)."""
    pull_in = inputs.winsorised and normaliser != Normaliser.PERCENTILE
    columns = [normalise(winsorise(column).values if pull_in else column, normaliser) for column in inputs.values.T]
    if aggregation == Aggregation.GEOMETRIC:
        columns = [np.log(on_1_to_100(column, normaliser)) for column in columns]
    return np.column_stack(columns)[inputs.scored]


def _scaled_rows(inputs: IndexInputs, rows: FloatArray, normaliser: Normaliser, aggregation: Aggregation) -> FloatArray:
    """The same for many draws of the values of one indicator."""
    treated = winsorised_rows(rows) if inputs.winsorised and normaliser != Normaliser.PERCENTILE else rows
    if aggregation == Aggregation.ARITHMETIC:
        return normalised_rows(treated, normaliser)
    # z stretched between its ends is min-max (`composite_index.on_1_to_100`)
    return np.asarray(np.log(1 + 0.99 * normalised_rows(treated, Normaliser.MIN_MAX if normaliser == Normaliser.Z else normaliser)))


def _scores(inputs: IndexInputs, scales: Mapping[tuple[int, int], FloatArray], draws: ChoiceDraws, noise: Sequence[np.random.Generator]) -> FloatArray:
    """Draws x areas with a score."""
    noisy = [column for column in range(len(inputs.indicators)) if noise and inputs.errors[:, column].any()]
    still = [column for column in range(len(inputs.indicators)) if column not in noisy]
    known = {column: ~np.isnan(inputs.values[:, column]) for column in noisy}
    fields = {}
    for column in noisy:
        own, error = inputs.values[known[column], column], inputs.errors[known[column], column]
        fields[column] = own + error * noise[column].standard_normal((len(draws.weights), own.size))
    scores = np.empty((len(draws.weights), int(inputs.scored.sum())))
    for (i, j), scale in scales.items():
        rows = np.flatnonzero((draws.normaliser == i) & (draws.aggregation == j))
        weights = draws.weights[rows]
        total = weights[:, still] @ scale[:, still].T
        for column in noisy if rows.size else ():
            scaled = _scaled_rows(inputs, fields[column][rows], NORMALISERS[i], AGGREGATIONS[j])
            total += weights[:, [column]] * scaled[:, inputs.scored[known[column]]]
        scores[rows] = np.exp(total) if AGGREGATIONS[j] == Aggregation.GEOMETRIC else total
    return scores


def in_order(scores: FloatArray) -> tuple[IntArray, IntArray]:
    """Every row of `scores` (draws x areas, at least one) from the highest down: the area at each place, and its competition rank.

    Scores are rounded to DECIMALS_THAT_RANK; ties share the better rank and stand in the order of the areas.
    """
    n = scores.shape[1]
    bits = max((n - 1).bit_length(), 1)
    # One whole number per cell, score before area, is sorted several times faster than an argsort of floats.
    # Scores stay below 100 or sqrt(n), so 10^9 of them and the area fit into 63 bits.
    keys = (np.rint(scores * -(10.0**DECIMALS_THAT_RANK)).astype(np.int64) << bits) | np.arange(n)
    keys.sort(axis=1)
    held = keys >> bits
    first = np.ones(scores.shape, dtype=bool)
    np.not_equal(held[:, 1:], held[:, :-1], out=first[:, 1:])
    places = np.arange(1, n + 1)
    ranks = np.broadcast_to(places, scores.shape) if first.all() else np.maximum.accumulate(np.where(first, places, 0), axis=1)
    return keys & ((1 << bits) - 1), ranks


def drawn_orders(inputs: IndexInputs, draws: ChoiceDraws, noise: Sequence[np.random.Generator] = ()) -> Iterator[tuple[IntArray, IntArray]]:
    """`in_order` for all draws, some at a time: places among the areas with a score, and ranks."""
    n = int(inputs.scored.sum())
    if n == 0:
        return
    scales = {(i, j): _scale(inputs, one, other) for i, one in enumerate(NORMALISERS) for j, other in enumerate(AGGREGATIONS)}
    step = max(CELLS_AT_A_TIME // n, 1)
    for start in range(0, len(draws.weights), step):
        yield in_order(_scores(inputs, scales, draws.part(slice(start, start + step)), noise))
