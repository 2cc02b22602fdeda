"""rank_draws_150x5000: ranks of 150 districts over 5,000 draws of the choices; the peer scores and ranks the same draws one by one."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd

from atlas.analysis.composite_index import DECIMALS_THAT_RANK, Aggregation, composite_index
from atlas.analysis.index_draws import AGGREGATIONS, NORMALISERS, Choice, index_inputs, random_draws
from atlas.analysis.rank_certainty import LOWER, SEED, UPPER, rank_certainty
from bench.measure import Entry, median, peak_mib, worker

GOAL = "ratio at most 0.1 and 1 s, the same result"
PAIRS = 7
AREAS, INDICATORS, DRAWS = 150, 6, 5_000
SMALL = 50


def run() -> Entry:
    """Pairs of processes, ours and the peer in turn."""
    ours, peers = [], []
    for _ in range(PAIRS):
        ours.append(worker("bench.rank_draws", "ours"))
        peers.append(worker("bench.rank_draws", "peer"))
    seconds, peer_seconds = median([one["seconds"] for one in ours]), median([one["seconds"] for one in peers])
    ratio = median([one["seconds"] / other["seconds"] for one, other in zip(ours, peers, strict=True)])
    apart = float(np.abs(np.array(ours[0]["found"]) - np.array(peers[0]["found"])).max())
    return Entry(
        seconds, "a loop over the same draws: weights, score, scipy.stats.rankdata", peer_seconds, ratio, GOAL,
        round(max(one["peak_mib"] for one in ours), 1), PAIRS, ratio <= 0.1 and seconds <= 1 and apart == 0,
        {"areas": AREAS, "indicators": INDICATORS, "draws": DRAWS, "greatest_difference": apart},
    )  # fmt: skip


def districts() -> tuple[pd.DataFrame, dict[str, float], dict[str, str]]:
    """A generated city: indicators that go together in part, one with outliers; equal weights."""
    chance = np.random.default_rng(150)
    values = 0.6 * chance.normal(size=(AREAS, 1)) + 0.8 * chance.normal(size=(AREAS, INDICATORS))
    values[:, 0] = np.exp(1.5 * values[:, 0])
    frame = pd.DataFrame(values, index=[f"99201-{area:03d}" for area in range(AREAS)], columns=[f"i{column}" for column in range(INDICATORS)])
    return frame, dict.fromkeys(frame.columns, 1.0), dict.fromkeys(frame.columns, "higher_means_more_need")


def ours(draws: int) -> list[list[float]]:
    frame, weights, directions = districts()
    found = rank_certainty(frame, weights, directions, draws=draws)
    return [one.tolist() for one in (found.lower, found.median, found.upper, found.in_top)]


def peer(draws: int) -> list[list[float]]:
    """As one would write it: normalised once per choice with the same functions, then one draw after the other."""
    from scipy.stats import rankdata

    frame, weights, directions = districts()
    inputs = index_inputs(frame, weights, directions, NORMALISERS[0], AGGREGATIONS[0])
    chosen, _ = random_draws(inputs, draws, SEED, list(Choice))
    normalised = {
        (i, j): composite_index(frame, weights, directions, one, other).normalised.to_numpy()
        for i, one in enumerate(NORMALISERS)
        for j, other in enumerate(AGGREGATIONS)
    }
    ranks = np.empty((draws, AREAS))
    for draw in range(draws):
        values, own = normalised[chosen.normaliser[draw], chosen.aggregation[draw]], chosen.weights[draw]
        score = values @ own if AGGREGATIONS[chosen.aggregation[draw]] == Aggregation.ARITHMETIC else np.exp(np.log(values) @ own)
        ranks[draw] = rankdata(-np.round(score, DECIMALS_THAT_RANK), method="min")
    quantiles = np.quantile(ranks, [LOWER, 0.5, UPPER], axis=0, method="inverted_cdf")
    return [*quantiles.tolist(), (ranks <= inputs.list_length(None)).mean(axis=0).tolist()]


def _timed(which: str) -> int:
    way = {"ours": ours, "peer": peer}[which]
    way(SMALL)  # what Python and the libraries load at the first call
    start = time.perf_counter()
    found = way(DRAWS)
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mib": peak_mib(), "found": found}))
    return 0


if __name__ == "__main__":
    sys.exit(_timed(sys.argv[1]))
