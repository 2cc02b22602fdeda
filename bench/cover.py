"""cover_3000x300: the best 20 of 300 candidates for 3,000 points of demand, ours beside spopt with the same solver."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.cover_worker import CANDIDATES, POINTS, RADIUS, K
from bench.measure import Entry, median, worker

GOAL = "ratio at most 0.5, the same proven optimum"
ROUNDS = 3


def run(rounds: int = ROUNDS) -> Entry:
    """Rounds of two processes, ours and the peer's in turn."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        worker("bench.cover_worker", "make", place)
        measured: dict[str, list[dict[str, Any]]] = {"ours": [], "spopt": []}
        for _ in range(rounds):
            for way, held in measured.items():
                held.append(worker("bench.cover_worker", way, place))
        demand, households, candidates = (np.load(folder / f"{name}.npy") for name in ("demand", "households", "candidates"))
        chosen = {way: np.load(folder / f"{way}.npy") for way in measured}
    covered = {way: _covered(demand, households, candidates, held) for way, held in chosen.items()}
    if covered["ours"] != covered["spopt"] or any(held.size != K for held in chosen.values()):
        raise RuntimeError(f"the optima differ: {covered}")
    seconds = {way: median([one["seconds"] for one in held]) for way, held in measured.items()}
    ratio = median([one["seconds"] / other["seconds"] for one, other in zip(measured["ours"], measured["spopt"], strict=True)])
    peaks = {way: round(max(one["peak_mib"] for one in held), 1) for way, held in measured.items()}
    more = {
        "points": POINTS, "candidates": CANDIDATES, "places": K, "radius_metres": RADIUS,
        "covered_share": round(covered["ours"] / float(households.sum()), 4), **_greedy(demand, households, candidates, covered["ours"]),
        **{f"{way}_processor_seconds": median([one["processor_seconds"] for one in held]) for way, held in measured.items()}, "spopt_peak_mib": peaks["spopt"],
    }  # fmt: skip
    return Entry(seconds["ours"], "spopt.locate.MCLP with HiGHS", seconds["spopt"], ratio, GOAL, peaks["ours"], rounds, ratio <= 0.5, more)


def _covered(demand: Any, households: Any, candidates: Any, chosen: Any) -> float:
    """Households within reach, counted without either library."""
    from atlas.analysis.reach import DETOUR

    apart = demand[:, np.newaxis, :] - candidates[chosen][np.newaxis, :, :]
    return float(households[(np.hypot(apart[..., 0], apart[..., 1]) * DETOUR <= RADIUS).any(axis=1)].sum())


def _greedy(demand: Any, households: Any, candidates: Any, best: float) -> dict[str, float]:
    """How far greedy addition stays behind."""
    from atlas.analysis.covering_greedy import greedy_covering
    from atlas.analysis.covering_problem import covering_problem

    found = greedy_covering(covering_problem(demand, households, candidates, RADIUS), K).newly_covered
    return {"greedy_gap": round(1 - found / best, 5)}


if __name__ == "__main__":
    print(run(1).as_dict())
