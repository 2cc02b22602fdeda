"""Good choices of k places, to measure bounds against: greedy addition, exchange of one place (Teitz & Bart 1968), and repeated exchange from shaken choices.

The better the best known choice, the more candidates the bounds can decide and the less is left for the solver; whether it is the best is proven elsewhere.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from atlas.analysis.arrays import FloatArray
from atlas.analysis.covering_problem import IntArray, Reduced

SHAKES = 150
"""About a tenth of a second for 300 candidates."""


@dataclass(frozen=True)
class Exchange:
    """Exchange on one reduced problem; choices are arrays of positions in it. Ties go by the order of the candidates."""

    small: Reduced
    turned: csr_array
    """`small.reaches` turned round."""

    def added(self, chosen: IntArray, k: int) -> IntArray:
        """`chosen` filled up to k by greedy addition."""
        small, taken = self.small, list(chosen)
        free = np.ones(small.positions.size, dtype=bool)
        free[chosen] = False
        left = np.where(small.reaches @ (~free).astype(float) > 0, 0, small.weights)
        while len(taken) < k:
            best = int(np.argmax(np.where(free, small.own + self.turned @ left, -1)))
            taken.append(best)
            left[self.turned.indices[self.turned.indptr[best] : self.turned.indptr[best + 1]]] = 0
            free[best] = False
        return np.array(taken, dtype=np.intp)

    def exchanged(self, chosen: IntArray) -> IntArray:
        """`chosen` after exchanging one place for another, each time the pair that adds most, as long as weight is added; never worse."""
        small, taken = self.small, chosen.copy()
        k, (n, m) = taken.size, small.reaches.shape
        columns = small.reaches.indices
        rows = np.repeat(np.arange(n), np.diff(small.reaches.indptr))
        slot = np.full(m, -1)
        slot[taken] = np.arange(k)
        least = 1e-9 * small.attainable  # an exchange must gain more than rounding
        while k:
            held = slot[columns]
            times = np.bincount(rows[held >= 0], minlength=n)
            gain = small.own + self.turned @ np.where(times == 0, small.weights, 0)
            only = (held >= 0) & (times[rows] == 1)
            keeper = np.full(n, -1)  # the one chosen place that covers the group
            keeper[rows[only]] = held[only]
            part = keeper[rows] >= 0
            shared = np.bincount(keeper[rows[part]] * m + columns[part], small.weights[rows[part]], k * m).reshape(k, m)
            loss = shared[np.arange(k), taken] + small.own[taken]
            net = gain[np.newaxis, :] + shared - loss[:, np.newaxis]
            net[:, taken] = -np.inf
            leaves, comes = divmod(int(np.argmax(net)), m)
            if not net[leaves, comes] > least:
                break
            slot[taken[leaves]], slot[comes] = -1, leaves
            taken[leaves] = comes
        return taken

    def shaken(self, chosen: IntArray, liking: FloatArray, enough: float, end: float | None = None) -> IntArray:
        """The best of SHAKES rounds: some places leave at random, one comes (by `liking`, zero or more a candidate), greedy addition and exchange follow.

        A fixed seed; stops where a choice covers `enough` or the monotonic clock is past `end`. Never worse
        than `chosen`. Iterated local search (Lourenco, Martin & Stutzle 2003,
        doi 10.1007/0-306-48056-5_11).
        """
        random = np.random.default_rng(0)
        current = best = chosen
        value = most = self.small.value(chosen)
        k = chosen.size
        for _ in range(SHAKES if k > 1 else 0):
            if most >= enough or (end is not None and time.monotonic() > end):
                break
            stay = np.delete(current, random.choice(k, random.integers(min(2, k), max(3, 2 + k // 3)), replace=False))
            odds = liking + 1e-3
            odds[stay] = 0
            start = np.append(stay, random.choice(odds.size, p=odds / odds.sum()))
            tried = self.exchanged(self.added(start, k))
            reached = self.small.value(tried)
            if reached >= value:
                current, value = tried, reached
            if reached > most:
                best, most = tried, reached
        return best
