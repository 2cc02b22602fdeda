"""`python -m study.false_discoveries [cities]`: how often hot spots are marked in cities where there are none.

Null cities are tessellations of 30 to 150 districts (a square grid or Voronoi cells) whose values have nothing to do with where they lie. Where every mark is
false, the false discovery rate E[V / max(R, 1)] is the probability of any mark at all; it should be at or under 5 %.

A permutation test takes the values for exchangeable. Shares that vary by chance alone are not, where small districts lie together: the two last kinds show what
that does, and what helps.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.analysis.contiguity import queen
from atlas.analysis.funnel import funnel_fit
from atlas.analysis.hot_spots import FALSE_DISCOVERY_RATE, getis_ord, local_moran

Floats = NDArray[np.float64]

SEED = 41
LEAST, MOST = 30, 150  # districts
SIDE = 10_000.0  # metres
RATE = 0.1
PROCESSES = 2
MONTE_CARLO_ERRORS = 3


def tessellation(chance: np.random.Generator) -> NDArray[np.object_]:
    """A square city of 30 to 150 districts, half the time a grid of squares, else the Voronoi cells of random points."""
    n = int(chance.integers(LEAST, MOST + 1))
    if chance.random() < 0.5:
        rows = int(chance.integers(5, int(np.sqrt(n)) + 1))
        columns = n // rows
        column, row = (held.ravel() for held in np.meshgrid(np.arange(columns), np.arange(rows)))
        step = SIDE / columns
        return np.asarray(shapely.box(column * step, row * step, (column + 1) * step, (row + 1) * step))
    points = shapely.multipoints(chance.uniform(0, SIDE, (n, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    return np.asarray(shapely.intersection(cells, shapely.box(0, 0, SIDE, SIDE)))


def normal(districts: NDArray[np.object_], chance: np.random.Generator) -> Floats:
    """Independent normal values."""
    return chance.normal(0.2, 0.05, districts.size)


def skewed(districts: NDArray[np.object_], chance: np.random.Generator) -> Floats:
    """Independent lognormal values (sd of the logarithm 1: skewness 6)."""
    return chance.lognormal(0, 1, districts.size)


def scattered_denominators(districts: NDArray[np.object_], chance: np.random.Generator) -> Floats:
    """One rate everywhere, binomial shares of 100 to 5,000 households, large and small districts mixed."""
    households = np.exp(chance.uniform(np.log(100), np.log(5_000), districts.size)).astype(int)
    return chance.binomial(households, RATE) / households


def _dense_centre(districts: NDArray[np.object_], chance: np.random.Generator) -> tuple[Floats, Floats]:
    """One rate everywhere, 5,000 households in the centre falling to 100 at the rim: counts and households."""
    away = shapely.distance(shapely.centroid(districts), shapely.Point(SIDE / 2, SIDE / 2))
    households = np.floor(np.exp(np.log(5_000) - (np.log(5_000) - np.log(100)) * away / away.max()))
    return chance.binomial(households.astype(int), RATE).astype(float), households


def dense_centre(districts: NDArray[np.object_], chance: np.random.Generator) -> Floats:
    """Shares of `_dense_centre`: chance alone, seven times as wide at the rim, so not exchangeable."""
    counts, households = _dense_centre(districts, chance)
    return counts / households


def dense_centre_in_funnel(districts: NDArray[np.object_], chance: np.random.Generator) -> Floats:
    """The same as z scores of an over-dispersed funnel, which have one spread everywhere."""
    return funnel_fit(*_dense_centre(districts, chance)).adjusted_z_scores


def census_like(districts: NDArray[np.object_], chance: np.random.Generator) -> Floats:
    """Shares that truly differ between districts (sd 5 points, wherever they lie), counted out of the households of `_dense_centre`."""
    _, households = _dense_centre(districts, chance)
    rates = np.clip(chance.normal(0.35, 0.05, districts.size), 0.05, 0.95)
    return chance.binomial(households.astype(int), rates) / households


KINDS: dict[str, Callable[[NDArray[np.object_], np.random.Generator], Floats]] = {
    "normal": normal,
    "skewed (lognormal)": skewed,
    "chance alone, households 100-5,000 scattered": scattered_denominators,
    "differing between districts by 5 points, households 5,000 in the centre, 100 at the rim": census_like,
    "chance alone, households 5,000 in the centre, 100 at the rim: shares": dense_centre,
    "chance alone, households 5,000 in the centre, 100 at the rim: z scores of the funnel": dense_centre_in_funnel,
}


@dataclass(frozen=True)
class City:
    """Of one null city: districts, and how many of them have q within the limit or are marked. Without correction: p within the limit."""

    districts: int
    discovered: int
    hot_or_cold: int
    clusters: int
    uncorrected: int


def city(kind: str, number: int) -> City:
    """Null city `number` of a kind, the same for the same arguments."""
    chance = np.random.default_rng([SEED, list(KINDS).index(kind), number])
    districts = tessellation(chance)
    neighbours, values = queen(districts), KINDS[kind](districts, chance)
    seed = int(chance.integers(2**32))
    spots, clusters = getis_ord(values, neighbours, seed=seed), local_moran(values, neighbours, seed=seed)
    discovered, uncorrected = int((spots.q <= FALSE_DISCOVERY_RATE).sum()), int((spots.p <= FALSE_DISCOVERY_RATE).sum())
    return City(districts.size, discovered, int(spots.marked.sum()), int(clusters.marked.sum()), uncorrected)


def run(cities: int = 1000) -> str:
    """A Markdown table with one row for each kind of null city: share of `cities` with any false discovery, and whether 5 % is kept."""
    limit = FALSE_DISCOVERY_RATE + MONTE_CARLO_ERRORS * float(np.sqrt(FALSE_DISCOVERY_RATE * (1 - FALSE_DISCOVERY_RATE) / cities))
    lines = [
        f"| values, {cities:,} null cities each of {LEAST}-{MOST} districts | any q <= 5 % | any Gi* mark | any Moran mark | districts marked (Gi*) "
        f"| without correction: districts with p <= 5 % | at or under 5 % + {MONTE_CARLO_ERRORS} Monte Carlo errors ({limit:.1%}) |",
        "|---|---|---|---|---|---|---|",
    ]
    with ProcessPoolExecutor(PROCESSES) as pool:
        for kind in KINDS:
            held = list(pool.map(partial(city, kind), range(cities), chunksize=max(1, cities // (4 * PROCESSES))))
            districts = sum(one.districts for one in held)
            any_q, any_spot, any_cluster = (sum(count > 0 for count in counts) / cities for counts in _counts(held))
            marked, uncorrected = sum(one.hot_or_cold for one in held) / districts, sum(one.uncorrected for one in held) / districts
            kept = "yes" if max(any_q, any_spot, any_cluster) <= limit else "**no**"
            lines.append(f"| {kind} | {any_q:.1%} | {any_spot:.1%} | {any_cluster:.1%} | {marked:.3%} | {uncorrected:.1%} | {kept} |")
    return "\n".join(lines)


def _counts(held: list[City]) -> tuple[list[int], list[int], list[int]]:
    return [one.discovered for one in held], [one.hot_or_cold for one in held], [one.clusters for one in held]


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
