"""Where high or low values lie together: Getis-Ord Gi* and local Moran's I, with permutation tests and false discovery control.

Ord & Getis 1995, doi 10.1111/j.1538-4632.1995.tb00912.x; Anselin 1995, doi 10.1111/j.1538-4632.1995.tb00338.x; false discovery rate: Benjamini & Hochberg
1995, doi 10.1111/j.2517-6161.1995.tb02031.x. Statistics and analytic z equal those of esda (`G_Local(transform="B", star=True)`, `Moran_Local` with its
row-standardised default).

**The two share one test.** A conditional permutation leaves an area's own value where it is and puts the values of all other areas in new places. Both
statistics then vary through the sum over the neighbours alone, so p and q of an area are the same for both (esda's too, up to chance). What differs is the
mark: Gi* asks whether the area and its neighbours together are high, Moran also tells an area that stands out from its neighbours. Showing both is not two
pieces of evidence. A cluster says nothing about its cause.

**How small p can get.** 2 / (R + 1) with R permutations; R = max(9,999, 40 n) keeps this at or below 0.05 / n, so that even one single area out of n can be
discovered at 5 %. But an area of k neighbours can not truly get below 2 / C(n - 1, k): alone it can be discovered with three neighbours from 19 areas on,
with two from 83 areas on, with one (most islands) never, only together with others.

**What is taken for granted:** values that could as well lie elsewhere. Shares of very unequal denominators, small ones side by side, are not such where chance
is most of what varies: 9.5 % of null cities then had a false mark instead of at most 5 % (`python -m study.false_discoveries`). The adjusted z scores of an
over-dispersed funnel (`funnel.funnel_fit`) as values keep the 5 %. With true differences of 5 points between districts shares kept it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.errors import AnalysisError

LEAST_PERMUTATIONS = 9_999
PERMUTATIONS_PER_AREA = 40
FALSE_DISCOVERY_RATE = 0.05
SEED = 20_201_001
LEAST_AREAS = 3
TIE = 1e-9  # standard deviations: sums nearer than this are equal, rounding of floats must not order them
AT_ONCE = 1 << 22  # cells of the table of permutations held at once

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


class Spot(StrEnum):
    """What Gi* says of an area. Not tested: it has no value, or no neighbour that has one."""

    HOT = "hot"
    COLD = "cold"
    NOT_SHOWN = "not_shown_to_differ"
    NOT_TESTED = "not_tested"


class Cluster(StrEnum):
    """What local Moran says of an area: its own value (above or below the mean) and that of its neighbours. None: not shown to differ."""

    HIGH_HIGH = "high_high"
    LOW_LOW = "low_low"
    HIGH_LOW = "high_low"
    LOW_HIGH = "low_high"
    NONE = "none"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True)
class HotSpots:
    """A local statistic for n areas, in the order given; floats are NaN for areas not tested.

    `p`: two-sided pseudo-p, min(1, 2 (M + 1) / (R + 1)), M the permutations at or beyond the value seen, on the side where they are fewer. `q`: p after
    Benjamini and Hochberg; areas with q <= `false_discovery_rate` are marked. `classes`: `Spot` (Gi*) or `Cluster` (Moran) for each area.
    """

    statistic: FloatArray
    z: FloatArray
    p: FloatArray
    q: FloatArray
    classes: NDArray[np.object_]
    tested: int
    permutations: int
    false_discovery_rate: float

    @property
    def marked(self) -> BoolArray:
        """True for each area with a hot, cold, high or low mark."""
        unmarked = (Spot.NOT_SHOWN, Spot.NOT_TESTED, Cluster.NONE, Cluster.NOT_TESTED)
        return np.array([held not in unmarked for held in self.classes], dtype=bool)


@dataclass(frozen=True)
class _Field:
    """The areas that have a value: standardised values (sd ddof 0, all 0 where nothing varies), their neighbours, and the test."""

    kept: BoolArray  # of all areas given
    values: FloatArray  # as given
    z: FloatArray
    degree: IntArray
    around: FloatArray  # sum of z over the neighbours
    neighbours: csr_array
    at_least: IntArray  # permutations whose sum over the neighbours is at least the one seen
    at_most: IntArray
    permutations: int


def default_permutations(areas: int) -> int:
    """max(9,999, 40 x areas): enough for a single area to be discovered at 5 %."""
    return max(LEAST_PERMUTATIONS, PERMUTATIONS_PER_AREA * areas)


def benjamini_hochberg(p: Any) -> FloatArray:
    """Adjusted p (q): the least false discovery rate at which each is a discovery; NaN stays NaN and does not count as a test.

    Raises AnalysisError for a p outside 0-1.
    """
    held = float_array(p)
    tested = ~np.isnan(held)
    if np.any((held[tested] < 0) | (held[tested] > 1)):
        raise AnalysisError("A p-value lies outside 0-1; expected probabilities: pass the p of the tests, not the statistics.")
    q = np.full(held.shape, np.nan)
    if tested.any():
        q[tested] = false_discovery_control(held[tested], method="bh")
    return q


def getis_ord(values: Any, neighbours: Any, permutations: int | None = None, seed: int = SEED, false_discovery_rate: float = FALSE_DISCOVERY_RATE) -> HotSpots:
    """Gi* of n areas: the share of the sum of all values that an area and its neighbours hold together (binary weights, self included).

    `values` (n): one number an area, NaN or None where there is none; `neighbours`: n x n, nonzero = neighbour (see `contiguity.queen`). An area without a
    value is neither tested nor anyone's neighbour, one that has no neighbour left is not tested. `statistic` is NaN where the values add up to 0 (they are
    meant to be positive). `z`: (sum - c mean) / (sd sqrt(c (m - c) / (m - 1))), c = neighbours + 1, m areas with a value; it does not mind negative values.
    Hot (cold): q within the limit, the neighbours' sum in the upper (lower) tail and z above (below) 0. Same seed, same result.
    Raises AnalysisError for shapes that differ, infinite values, fewer than three areas with a value.
    """
    field = _field(values, neighbours, permutations, seed)
    m, together = field.z.size, field.degree + 1.0
    total = field.values.sum()
    sums = field.neighbours @ field.values + field.values
    statistic = sums / total if abs(total) > TIE * np.abs(field.values).sum() else np.full(m, np.nan)
    spread = np.sqrt(together * (m - together) / (m - 1))
    z = np.where(spread > 0, (field.around + field.z) / np.where(spread > 0, spread, 1.0), 0.0)
    p, q = _tested(field, np.zeros(m, dtype=bool))
    upper, within = field.at_least < field.at_most, q <= false_discovery_rate
    classes = _all(Spot.NOT_SHOWN, m)
    classes[within & upper & (z > 0)] = Spot.HOT
    classes[within & ~upper & (z < 0)] = Spot.COLD
    return _result(field, statistic, z, p, q, classes, Spot.NOT_TESTED, false_discovery_rate)


def local_moran(
    values: Any, neighbours: Any, permutations: int | None = None, seed: int = SEED, false_discovery_rate: float = FALSE_DISCOVERY_RATE
) -> HotSpots:
    """Local Moran's I of n areas: (m - 1) / m * z_i * mean of z over the neighbours (row-standardised weights, sd with ddof 0), m areas with a value.

    `values`, `neighbours`, missing values and errors as in `getis_ord`. `z`: I less its mean over all conditional permutations, over their standard
    deviation (exact, without drawing; Sokal, Oden & Thomson 1998, doi 10.1111/j.1538-4632.1998.tb00406.x); 0 where no permutation changes anything.
    A mark needs q within the limit and the tail to agree with the quadrant: I above its expectation for high-high and low-low, below it for the other two.
    """
    field = _field(values, neighbours, permutations, seed)
    m, own = field.z.size, field.z
    degree = np.maximum(field.degree, 1)
    lag = field.around / degree
    statistic = (m - 1) / m * own * lag
    others = -own / (m - 1)  # mean of the others
    variance = np.maximum((own @ own - own**2) / (m - 1) - others**2, 0) * (m - 1 - degree) / (degree * (m - 2))
    moves = (variance > TIE**2) & (np.abs(own) > TIE)
    z = np.where(moves, np.sign(own) * (lag - others) / np.sqrt(np.where(moves, variance, 1.0)), 0.0)
    p, q = _tested(field, np.abs(own) <= TIE)
    upper, within = field.at_least < field.at_most, q <= false_discovery_rate
    high, low, above, below = own > TIE, own < -TIE, upper & (lag > 0), ~upper & (lag < 0)
    classes = _all(Cluster.NONE, m)
    for cluster, where in (
        (Cluster.HIGH_HIGH, high & above), (Cluster.LOW_LOW, low & below), (Cluster.HIGH_LOW, high & below), (Cluster.LOW_HIGH, low & above),
    ):  # fmt: skip
        classes[within & where] = cluster
    return _result(field, statistic, z, p, q, classes, Cluster.NOT_TESTED, false_discovery_rate)


def _field(values: Any, neighbours: Any, permutations: int | None, seed: int) -> _Field:
    given, links = float_array(values), csr_array(neighbours)
    if given.ndim != 1 or links.shape != (given.size, given.size):
        raise AnalysisError(f"Values have the shape {given.shape}, neighbours {links.shape}; expected n values and n x n neighbours of the same areas.")
    if np.isinf(given).any():
        raise AnalysisError(f"At position {np.flatnonzero(np.isinf(given))[0]} the value is infinite; expected a number, or none where there is no value.")
    kept = ~np.isnan(given)
    if kept.sum() < LEAST_AREAS:
        raise AnalysisError(f"{kept.sum()} areas have a value, expected {LEAST_AREAS} or more: with fewer there is nothing to exchange.")
    drawn = default_permutations(int(kept.sum())) if permutations is None else permutations
    if drawn < 1:
        raise AnalysisError(f"{drawn} permutations were asked for, expected 1 or more.")
    links = links[kept][:, kept].tocoo()
    real = (links.data != 0) & (links.row != links.col)
    row, column = np.unique(np.stack([links.row[real], links.col[real]]), axis=1)
    size = int(kept.sum())
    binary = csr_array((np.ones(row.size), (row, column)), shape=(size, size))
    held = given[kept]
    varies = np.ptp(held) > 1e-12 * np.abs(held).max()
    z = (held - held.mean()) / held.std() if varies else np.zeros(size)
    degree, around = np.bincount(row, minlength=size), binary @ z
    at_least, at_most = _tails(z, degree, around, drawn, seed)
    return _Field(kept, held, z, degree, around, binary, at_least, at_most, drawn)


def _tails(z: FloatArray, degree: IntArray, around: FloatArray, permutations: int, seed: int) -> tuple[IntArray, IntArray]:
    """How many conditional permutations give each area a sum over the neighbours at least, and at most, as great as the one seen.

    All areas share the drawn orders of the m areas. The k neighbours of area i get the first k values of an order that leaves i out. Where i is not
    among the first k this is the sum of these k, the same for all areas with k neighbours: counted by one sort. The few orders with i among them are
    corrected: there it is the sum of the first k + 1 without i's own.
    """
    m, chance = z.size, np.random.default_rng(seed)
    places = int(degree.max()) + 1  # at most m
    at_least, at_most = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64)
    low, high = around - TIE, around + TIE
    for start in range(0, permutations, max(1, AT_ONCE // m)):
        draws = min(max(1, AT_ONCE // m), permutations - start)
        first = _first_places(m, places, draws, chance)
        sums = np.cumsum(z[first], axis=0)
        for k in np.unique(degree[degree > 0]):
            areas, ordered = degree == k, np.sort(sums[k - 1])
            at_least[areas] += draws - np.searchsorted(ordered, low[areas], "left")
            at_most[areas] += np.searchsorted(ordered, high[areas], "right")
        place, draw = np.nonzero(np.arange(places)[:, None] < degree[first])
        area = first[place, draw]
        counted, right = sums[degree[area] - 1, draw], sums[degree[area], draw] - z[area]
        at_least += _net(area, right >= low[area], counted >= low[area], m)
        at_most += _net(area, right <= high[area], counted <= high[area], m)
    return at_least, at_most


def _first_places(m: int, places: int, draws: int, chance: np.random.Generator) -> IntArray:
    """The first `places` of `draws` random orders of m areas (Fisher-Yates, cut short), places x draws."""
    order = np.repeat(np.arange(m, dtype=np.int64)[:, None], draws, axis=1)
    each = np.arange(draws)
    for place in range(places):
        chosen = chance.integers(place, m, draws)
        held = order[chosen, each]
        order[chosen, each] = order[place]
        order[place] = held
    return order[:places]


def _net(area: IntArray, right: BoolArray, counted: BoolArray, m: int) -> IntArray:
    """What to add to each area's count so that `right` stands for `counted`."""
    return np.bincount(area[right], minlength=m) - np.bincount(area[counted], minlength=m)


def _tested(field: _Field, cannot_move: BoolArray) -> tuple[FloatArray, FloatArray]:
    """p and q of the areas with a value; NaN without a neighbour, p = 1 where no permutation can change the statistic."""
    beyond = np.minimum(field.at_least, field.at_most)
    p = np.minimum(2 * (beyond + 1) / (field.permutations + 1), 1.0)
    p = np.where(field.degree > 0, np.where(cannot_move, 1.0, p), np.nan)
    return p, benjamini_hochberg(p)


def _all(mark: StrEnum, areas: int) -> NDArray[np.object_]:
    """The same mark for all; `np.full` would make plain text of it."""
    return np.array([mark] * areas, dtype=object)


def _result(
    field: _Field, statistic: FloatArray, z: FloatArray, p: FloatArray, q: FloatArray, classes: NDArray[np.object_], not_tested: StrEnum, rate: float
) -> HotSpots:
    """Back to all areas given."""
    tested = field.degree > 0
    where = np.flatnonzero(field.kept)[tested]
    floats = []
    for held in (statistic, z, p, q):
        full = np.full(field.kept.size, np.nan)
        full[where] = held[tested]
        floats.append(full)
    marks = _all(not_tested, field.kept.size)
    marks[where] = classes[tested]
    return HotSpots(floats[0], floats[1], floats[2], floats[3], marks, int(tested.sum()), field.permutations, rate)
