"""Supporters over districts in proportion to need, those already there fixed.

Method: Sainte-Lague (Webster), the divisor method with the divisors 1, 3, 5 ...: the next supporter goes to the district with the highest
need / (2 x supporters there + 1). Chosen over largest remainder (Hare) because it is house-monotone: when one more supporter can be paid, none is taken
from any district. Under largest remainder that happens (the Alabama paradox: needs 6, 6, 2 give 4, 4, 2 of ten but 5, 5, 1 of eleven). It favours
neither large nor small districts (Balinski & Young 1982, "Fair Representation"; there too: minimum requirements, which existing supporters are here).
"""

import heapq
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from atlas.analysis.arrays import count_array
from atlas.analysis.errors import AnalysisError

METHOD = "sainte_lague"


@dataclass(frozen=True)
class Allocation:
    """Who gets how many, and why.

    `table`, one row a district in the order given: `need` (NaN not known), `need_share` of the known need (0-1), `existing`, `fair_share` =
    need_share x all supporters after (not rounded), `new`, `after` = existing + new, `difference` = after - fair_share (above 0: more than its share,
    mostly because of those already there), `next_claim` = need / (2 x after + 1), by which the next supporter would go.
    `order` districts in the order the new supporters go to them; `next_district` the one after these (None: no need anywhere, so nobody next).
    `unknown` districts whose need is not known: they get none and their existing supporters are not in `fair_share`.
    """

    table: pd.DataFrame
    order: tuple[Hashable, ...]
    next_district: Hashable | None
    unknown: tuple[Hashable, ...]
    method: str = METHOD


def allocation(need: Any, n: int, existing: Any = None, districts: Any = None) -> Allocation:
    """`n` new supporters over districts by Sainte-Lague on `need`, `existing` ones staying where they are.

    `need` one weight a district, zero or more (households alone, or households x index), NaN where suppressed; `existing` whole numbers, by default
    none; `districts` ids, by default the index of a Series or positions. Of equal claims the first district in the order given has it. Larger n adds
    supporters and moves none.
    Raises AnalysisError for an n or existing that is not a whole number of zero or more, wrong lengths, or n above 0 with no known need above 0.
    """
    weights = np.atleast_1d(count_array(need, "need"))
    names = list(districts) if districts is not None else list(need.index) if isinstance(need, pd.Series) else list(range(weights.size))
    there = np.zeros(weights.size) if existing is None else np.atleast_1d(count_array(existing, "existing"))
    if weights.ndim != 1 or there.shape != weights.shape or len(names) != weights.size:
        raise AnalysisError(f"There are {weights.size} needs, {there.size} existing counts and {len(names)} districts; expected one of each a district.")
    if len(set(names)) != len(names):
        raise AnalysisError("A district is listed twice. Every district needs one row.")
    if n != int(n) or n < 0:
        raise AnalysisError(f"The number of supporters is {n}, expected a whole number of zero or more.")
    if np.isnan(there).any() or (there != np.round(there)).any():
        raise AnalysisError("`existing` holds something that is not a whole number; give the supporters already there, 0 where there are none.")
    known = np.nan_to_num(weights)
    if n > 0 and not known.sum() > 0:
        raise AnalysisError("No district has a known need above 0, so supporters cannot be shared out by need. Choose another measure of need.")
    after = there.astype(np.int64)
    claims = [(-known[i] / (2 * after[i] + 1), i) for i in range(weights.size) if known[i] > 0]
    heapq.heapify(claims)
    order = []
    for _ in range(int(n)):
        i = claims[0][1]
        order.append(names[i])
        after[i] += 1
        heapq.heapreplace(claims, (-known[i] / (2 * after[i] + 1), i))
    unknown = np.isnan(weights)
    total = known.sum()
    share = np.divide(known, total, out=np.zeros(weights.size), where=total > 0)
    share[unknown] = np.nan
    fair = share * after[~unknown].sum()
    table = pd.DataFrame(
        {
            "need": weights,
            "need_share": share,
            "existing": there.astype(np.int64),
            "fair_share": fair,
            "new": after - there.astype(np.int64),
            "after": after,
            "difference": after - fair,
            "next_claim": weights / (2 * after + 1),
        },
        index=pd.Index(names, name="district"),
    )
    return Allocation(table, tuple(order), names[claims[0][1]] if claims else None, tuple(np.array(names, dtype=object)[unknown].tolist()))
