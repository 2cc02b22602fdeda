"""Which pairs of areas no weighting can bring into the other order."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.analysis.arrays import float_array
from atlas.analysis.composite_index import DECIMALS_THAT_RANK, normalised_weights
from atlas.analysis.errors import AnalysisError


@dataclass(frozen=True)
class Dominance:
    """Pairs of areas that have all indicators, and per area (NaN where one is missing) how many others it is fixed against."""

    areas: int
    pairs: int
    """areas (areas - 1) / 2."""
    fixed: int
    """One of the two is at least as high in every indicator and higher in one."""
    tied: int
    """Equal in every indicator: never told apart by any weighting; not among the fixed."""
    share: float
    """fixed / pairs, 0-1; NaN without a pair."""
    above: pd.Series
    """Areas that no weighting can bring behind this one: its rank is never better than above + 1, but for ties (weights of zero)."""
    below: pd.Series
    """Areas that no weighting can bring before this one: its rank is never worse than areas - below."""


def dominance(normalised: pd.DataFrame, weights: Mapping[str, float] | None = None) -> Dominance:
    """Pairs whose order is the same under all non-negative weights of the indicators with a weight above 0 (None: of all columns).

    `normalised`: areas x indicators, higher = more need (`CompositeIndex.normalised`). The arithmetic and the geometric mean both grow
    with every indicator, and so do all three normalisers, so that the answer holds for all of them (winsorising can only make ties).
    Values that differ only beyond DECIMALS_THAT_RANK are equal. A fixed pair can come to a tie where an indicator gets the weight 0, but
    never to the other order. Raises AnalysisError for a weight without column, negative weights, or an area listed twice.
    """
    chosen = list(normalised.columns) if weights is None else [one for one, share in normalised_weights(weights).items() if share > 0]
    absent = [one for one in chosen if one not in normalised.columns]
    if absent or not chosen:
        raise AnalysisError(f"There is no column for {', '.join(map(str, absent)) or 'any indicator'}. Give the normalised values of all with a weight.")
    if not (normalised.index.is_unique and normalised.columns.is_unique):
        raise AnalysisError("An area or an indicator is listed twice. Every row needs its own area, every column its own indicator.")
    held = np.round(np.column_stack([float_array(normalised[one]) for one in chosen]), DECIMALS_THAT_RANK)
    scored = ~np.isnan(held).any(axis=1)
    n = int(scored.sum())
    at_least = np.ones((n, n), dtype=bool)
    for column in held[scored].T:
        at_least &= column[:, None] >= column
    fixed = at_least & ~at_least.T
    pairs, ordered = n * (n - 1) // 2, int(fixed.sum())

    def of_all(values: np.ndarray, name: str) -> pd.Series:
        return pd.Series(values, index=normalised.index[scored], name=name, dtype=float).reindex(normalised.index)

    return Dominance(
        areas=n,
        pairs=pairs,
        fixed=ordered,
        tied=(int((at_least & at_least.T).sum()) - n) // 2,
        share=ordered / pairs if pairs else float("nan"),
        above=of_all(fixed.sum(axis=0), "above"),
        below=of_all(fixed.sum(axis=1), "below"),
    )
