"""Do the districts called robustly high hold what is said? Generated cities of which the truth is known. `python -m study.robustness [seeds]`.

In every city the truth is one draw of weights, normaliser, aggregation and indicators, and of values without error. What is observed are
the values with an error; `rank_certainty` sees these and the stated weights. A district called robustly high is right when it is in the
true top k, one called robustly low when it is in the true bottom k. Each is said at 90 %: at least 90 % should be right, where the truth
comes from the distributions the method assumes. The other cities break one assumption each, and are reported as they come.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.analysis.composite_index import composite_index
from atlas.analysis.index_draws import AGGREGATIONS, CONCENTRATION, NORMALISERS
from atlas.analysis.rank_certainty import ROBUST_FROM, Certainty, rank_certainty

SEEDS = 200
DISTRICTS, INDICATORS = 60, 6
DRAWS = 2_000
ERROR = 0.2
"""Standard error of a value, in standard deviations of its indicator."""
TOGETHER = 0.6
"""Loading of the indicators on what they have in common (correlation 0.36)."""


@dataclass(frozen=True)
class World:
    """How a city comes about; the defaults are what the method assumes."""

    name: str
    concentration: float = CONCENTRATION
    """True weights ~ Dirichlet(concentration * stated); 6 with six equal ones is uniform over all weights."""
    error: float = ERROR
    """True standard error; ERROR is what the method is told."""
    shared_error: float = 0.0
    """Correlation of the errors of a district across its indicators."""
    unmeasured: bool = False
    """Whether the truth has one more indicator, of the same weight, that was never measured."""


WORLDS = (
    World("as the method assumes"),
    World("true weights anywhere (uniform over all weights)", concentration=INDICATORS),
    World("errors twice as large as stated", error=2 * ERROR),
    World("errors of a district correlated at 0.9", shared_error=0.9),
    World("a seventh indicator counts that nobody measured", unmeasured=True),
    World("all of these", concentration=INDICATORS, error=2 * ERROR, shared_error=0.9, unmeasured=True),
)


@dataclass(frozen=True)
class Tally:
    """Districts of one city that were called so, and how many of them are so."""

    called: int
    right: int
    stated: float
    """Sum of the shares of draws stated for them."""


def _draw_of_truth(chance: np.random.Generator, values: np.ndarray, world: World) -> np.ndarray:
    """True rank of each district: weights, normaliser, aggregation and the indicator left out as the method draws them."""
    measured = chance.dirichlet(np.full(INDICATORS, world.concentration / INDICATORS))
    left_out = int(chance.integers(INDICATORS + 1))
    if left_out:
        measured[left_out - 1] = 0
    weights = [*(measured / measured.sum()), *([1 / INDICATORS] if world.unmeasured else [])]
    frame = pd.DataFrame(values[:, : len(weights)])
    directions = dict.fromkeys(frame.columns, "higher_means_more_need")
    normaliser, aggregation = NORMALISERS[chance.integers(len(NORMALISERS))], AGGREGATIONS[chance.integers(len(AGGREGATIONS))]
    return composite_index(frame, dict(zip(frame.columns, weights, strict=True)), directions, normaliser, aggregation).rank.to_numpy()


def _city(seed: int, world: World) -> dict[Certainty, Tally]:
    chance = np.random.default_rng([seed, 4])
    common = chance.normal(size=(DISTRICTS, 1))
    values = TOGETHER * common + np.sqrt(1 - TOGETHER**2) * chance.normal(size=(DISTRICTS, INDICATORS + 1))
    values[:, 0] = np.exp(values[:, 0]) / np.sqrt(np.e * (np.e - 1))  # one skewed, standard deviation 1 too
    own, shared = chance.normal(size=(DISTRICTS, INDICATORS)), chance.normal(size=(DISTRICTS, 1))
    errors = world.error * (np.sqrt(1 - world.shared_error) * own + np.sqrt(world.shared_error) * shared)
    rank = _draw_of_truth(chance, values, world)
    observed = pd.DataFrame(values[:, :INDICATORS] + errors)
    found = rank_certainty(
        observed, dict.fromkeys(observed.columns, 1.0), dict.fromkeys(observed.columns, "higher_means_more_need"),
        standard_errors=observed * 0 + ERROR, draws=DRAWS, seed=seed,
    )  # fmt: skip
    true = {Certainty.HIGH: rank <= found.k, Certainty.LOW: rank > DISTRICTS - found.k}
    stated = {Certainty.HIGH: found.in_top, Certainty.LOW: found.in_bottom}
    tallies = {}
    for one, right in true.items():
        called = (found.certainty == one).to_numpy()
        tallies[one] = Tally(int(called.sum()), int((called & right).sum()), float(stated[one][called].sum()))
    return tallies


def share_and_error(tallies: Sequence[Tally]) -> tuple[float, float]:
    """Share of the called districts that are right, and its Monte Carlo error with cities as clusters (ratio estimator); NaN where none is called.

    Districts of one city share one truth and are not independent: sqrt(S / (S - 1) * sum (right_s - share * called_s)^2) / sum called_s.
    """
    called, right = np.array([one.called for one in tallies]), np.array([one.right for one in tallies])
    if called.sum() == 0 or len(tallies) < 2:
        return float("nan"), float("nan")
    share = right.sum() / called.sum()
    return float(share), float(np.sqrt(len(tallies) / (len(tallies) - 1) * ((right - share * called) ** 2).sum()) / called.sum())


def _holds(share: float, error: float) -> str:
    """Whether the share is at least what "robustly" says, as far as its Monte Carlo error lets one tell."""
    if share >= ROBUST_FROM:
        return "yes"
    return "within 3 errors" if share >= ROBUST_FROM - 3 * error else "no"


def _row(world: World, cities: Sequence[dict[Certainty, Tally]]) -> str:
    cells = [world.name]
    for one in (Certainty.HIGH, Certainty.LOW):
        tallies = [city[one] for city in cities]
        share, error = share_and_error(tallies)
        called = sum(tally.called for tally in tallies)
        stated = sum(tally.stated for tally in tallies) / called if called else float("nan")
        cells += [f"{called / len(cities):.1f}", f"{stated:.3f}", f"{share:.3f} ± {error:.3f}", _holds(share, error)]
    return "| " + " | ".join(cells) + " |"


def run(seeds: int = SEEDS) -> str:
    """The table (Markdown): per kind of city, districts called robustly high and low a city, what was stated and what is true."""
    k = -(-DISTRICTS // 5)
    heads = [f"{word} {what}" for word in ("high:", "low:") for what in ("called a city", "stated", "true ± Monte Carlo error", "at least 0.9")]
    lines = [
        f"{seeds} cities a row, {DISTRICTS} districts, {INDICATORS} indicators, k = {k}, {DRAWS:,} draws, standard error {ERROR:g} SD.",
        "",
        "| city | " + " | ".join(heads) + " |",
        "|---|" + "---:|" * len(heads),
    ]
    lines += [_row(world, [_city(seed, world) for seed in range(seeds)]) for world in WORLDS]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS))
