"""Which choice behind an index matters most for the list of the areas of highest need: Sobol shares of variance.

Sobol 2001, doi 10.1016/S0378-4754(00)00270-6; Saltelli et al. 2010, doi 10.1016/j.cpc.2009.09.018; Saisana, Saltelli & Tarantola 2005,
doi 10.1111/j.1467-985X.2005.00350.x.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc, sobol_indices

from atlas.analysis.arrays import FloatArray
from atlas.analysis.composite_index import Aggregation
from atlas.analysis.errors import AnalysisError
from atlas.analysis.index_draws import Choice, drawn_orders, index_inputs, quantile_draws
from atlas.analysis.normalising import Direction, Normaliser
from atlas.analysis.rank_certainty import SEED

SAMPLE, REPLICATES = 512, 8
CLEAR_FROM = 2.0
CHOICES = (Choice.WEIGHTS, Choice.NORMALISER, Choice.AGGREGATION, Choice.INDICATORS)


@dataclass(frozen=True)
class SobolShares:
    """Shares of the variance of an output, replicates x groups of inputs; all 0 where it does not vary."""

    first_order: FloatArray
    """What a group explains alone (with what its inputs do together). Estimates can lie a little below 0."""
    total: FloatArray
    """The same with its part in what groups do together."""
    mean: float
    varies: bool


def sobol_shares(
    function: Callable[[FloatArray], FloatArray], dimension: int, groups: Sequence[Sequence[int]], n: int, seed: int, replicates: int = REPLICATES
) -> SobolShares:
    """Sobol shares of `function` ((dimension, points) of independent uniforms 0-1 -> points) for groups of inputs, which may overlap.

    A replicate has two scrambled Sobol samples of `n` points (a power of 2) and one more per group, in which the inputs of the group come
    from the second: n * (groups + 2) values, handed to `scipy.stats.sobol_indices`. Replicates differ in their scrambling only; their
    spread shows the error, which a bootstrap of one sample does not: some scramblings put a first-order share off by several bootstrap
    errors. Raises AnalysisError where n is not a power of 2.
    """
    if n < 2 or n & (n - 1):
        raise AnalysisError(f"The sample has {n} points, expected a power of 2 (512, 1,024): Sobol points are balanced only then.")
    pages: list[FloatArray] = []
    for stream in np.random.SeedSequence(seed).spawn(replicates):
        one, other = qmc.Sobol(2 * dimension, rng=np.random.default_rng(stream)).random(n).T.reshape(2, dimension, n)
        pages += [one, other]
        for group in groups:
            page = one.copy()
            page[list(group)] = other[list(group)]
            pages.append(page)
    values = np.asarray(function(np.concatenate(pages, axis=1)), dtype=float).reshape(replicates, len(groups) + 2, n)
    # scipy squeezes a single replicate or group away: each is given twice, and the copy dropped
    f_a, f_b, *f_ab = (np.concatenate([page, page[:1]]) for page in np.moveaxis(values, 1, 0))
    found = sobol_indices(func={"f_A": f_a, "f_B": f_b, "f_AB": np.stack([*f_ab, f_ab[0]])}, n=n)
    varies = bool(np.ptp(values) > 0)
    return SobolShares(found.first_order[:-1, :-1] * varies, found.total_order[:-1, :-1] * varies, float(values[:, :2].mean()), varies)


@dataclass(frozen=True)
class WhatMatters:
    """Shares of the variance of the Jaccard distance between the top k of a draw and the top k as chosen."""

    choices: pd.DataFrame
    """Choices (weights together, normaliser, aggregation, indicators) x first_order, first_order_error, total, total_error; 0-1."""
    weights: pd.DataFrame
    """The same for the weight of each indicator alone, in the order of the frame."""
    most: Choice | None
    """The choice with the greatest total share; None where nothing matters: the top k is the same in every draw."""
    clear: bool
    """Whether its total share is above every other by more than two standard errors of the difference; if not, two matter about equally."""
    distance: float
    """Mean Jaccard distance, 0 = always the same list, 1 = never one in common: how much all choices matter together."""
    k: int
    n: int
    """Points in each of the 8 replicates; the errors are the standard errors over these."""
    seed: int


def _over_replicates(shares: SobolShares, names: Sequence[Any]) -> pd.DataFrame:
    """Mean and standard error, one row a group."""
    columns = {}
    for name, held in (("first_order", shares.first_order), ("total", shares.total)):
        columns[name] = held.mean(axis=0)
        columns[f"{name}_error"] = held.std(axis=0, ddof=1) / np.sqrt(len(held))
    return pd.DataFrame(columns, index=list(names))


def _leads_clearly(total: FloatArray, leading: int) -> bool:
    """Whether the mean of the leading column (replicates x choices) is more than CLEAR_FROM standard errors above each other."""
    ahead = total[:, [leading]] - np.delete(total, leading, axis=1)
    return bool((ahead.mean(axis=0) > CLEAR_FROM * ahead.std(axis=0, ddof=1) / np.sqrt(len(ahead))).all())


def what_matters(
    frame: pd.DataFrame,
    weights: Mapping[str, float],
    directions: Mapping[str, Direction | str],
    *,
    normaliser: Normaliser | str = Normaliser.PERCENTILE,
    aggregation: Aggregation | str = Aggregation.ARITHMETIC,
    k: int | None = None,
    n: int = SAMPLE,
    seed: int = SEED,
    vary: Collection[Choice | str] = CHOICES,
    winsorised: bool = True,
) -> WhatMatters:
    """First-order and total Sobol shares of the choices behind the index of `frame` (areas x indicators), distributions as in `rank_certainty`.

    The output is the Jaccard distance 1 - |A and B| / |A or B| of the areas with rank <= k in a draw and as chosen. Inputs are independent
    uniforms: one per weight (normalised gamma quantiles), one each for normaliser, aggregation and the indicator left out. "Weights" are
    exchanged together, so that their share holds what they do with one another. The values' own errors stay out (held at zero): this
    weighs choices, not data. k and ties as in `rank_certainty`. Raises AnalysisError as there and where `n` is not a power of 2.
    """
    for one in vary:
        if one not in CHOICES:
            raise AnalysisError(f"{one!r} can not be varied here, expected some of {', '.join(CHOICES)}.")
    inputs = index_inputs(frame, weights, directions, normaliser, aggregation, None, winsorised)
    length, many = inputs.list_length(k), len(inputs.indicators)
    chosen = inputs.rank[inputs.scored] <= length

    def distance(uniform: FloatArray) -> FloatArray:
        parts = []
        for areas, ranks in drawn_orders(inputs, quantile_draws(inputs, uniform, vary)):
            top = ranks <= length
            common = (top & chosen[areas]).sum(axis=1)
            parts.append(1 - common / (top.sum(axis=1) + chosen.sum() - common))
        return np.concatenate(parts) if parts else np.zeros(uniform.shape[1])

    groups = [range(many), [many], [many + 1], [many + 2], *([column] for column in range(many))]
    shares = sobol_shares(distance, many + 3, groups, n, seed)
    table = _over_replicates(shares, [*map(str, CHOICES), *inputs.indicators])
    leading = int(np.argmax(table["total"].to_numpy()[: len(CHOICES)]))
    return WhatMatters(
        choices=table.iloc[: len(CHOICES)],
        weights=table.iloc[len(CHOICES) :].reindex([one for one in frame.columns if one in inputs.indicators]),
        most=CHOICES[leading] if shares.varies else None,
        clear=shares.varies and _leads_clearly(shares.total[:, : len(CHOICES)], leading),
        distance=shares.mean,
        k=length,
        n=n,
        seed=seed,
    )
