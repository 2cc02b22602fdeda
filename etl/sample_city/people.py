"""Who lives in a cell of the sample city in a census year: whole households and persons, drawn so that all tables agree with each other."""

from __future__ import annotations

import numpy as np

from etl.sample_city.terrain import ZONES, Floats, Ints

YEARS = (2020, 2015, 2010)
AGES = [f"{start:02d}" for start in range(0, 75, 5)] + ["75"]
"""Sixteen age groups by their first year: 00, 05 ... 70, 75 (and over)."""
FIRST_OLD = 13
"""Index of the group 65-69."""

# households 2010 / 2020; one-person share 2010, 2020; one-person 65+ share of households 2010, 2020;
# of the members of larger households: children 2010, 2020 and persons of 65+ 2010, 2020; most usual age of the others (years)
_ZONES: dict[str, tuple[float, ...]] = {
    "centre": (0.84, 0.54, 0.63, 0.065, 0.075, 0.10, 0.10, 0.20, 0.22, 38),
    "inner": (0.92, 0.38, 0.45, 0.085, 0.105, 0.14, 0.13, 0.16, 0.19, 42),
    "suburb": (0.95, 0.21, 0.265, 0.06, 0.095, 0.185, 0.165, 0.15, 0.20, 44),
    "new_town": (1.03, 0.14, 0.28, 0.075, 0.205, 0.11, 0.08, 0.30, 0.46, 54),
    "university": (0.90, 0.62, 0.69, 0.035, 0.04, 0.11, 0.10, 0.18, 0.22, 40),
    "riverside": (1.07, 0.16, 0.26, 0.11, 0.20, 0.11, 0.085, 0.32, 0.42, 52),
    "hills": (1.12, 0.20, 0.31, 0.15, 0.25, 0.08, 0.06, 0.38, 0.50, 56),
    "harbour": (1.00, 0.35, 0.43, 0.11, 0.17, 0.10, 0.09, 0.26, 0.33, 48),
    "estate": (0.20, 0.14, 0.13, 0.06, 0.025, 0.14, 0.27, 0.25, 0.07, 36),
}
_MEN_BY_AGE = np.array([0.512] * 3 + [0.51, 0.52, 0.52, 0.51, 0.505, 0.505, 0.5, 0.5, 0.495, 0.49, 0.475, 0.46, 0.385])


def _lean(share: Floats, noise: Floats) -> Floats:
    """A share moved by `noise` on the logit scale; stays between 0 and 1."""
    share = np.clip(share, 1e-6, 1 - 1e-6)
    return 1 / (1 + (1 - share) / share * np.exp(-noise))


def _split(total: Ints, shares: Floats, rng: np.random.Generator) -> Ints:
    """Totals dealt out by chance; rows of `shares` are made to sum to 1."""
    shares = shares / shares.sum(axis=1, keepdims=True)
    return rng.multinomial(total, shares).astype(np.int64)


class Inhabitants:
    """The lasting character of every cell; `counts` draws a census from it."""

    def __init__(self, density: Floats, square_km: Floats, places: Floats, seed: int) -> None:
        """density: households per square kilometre by zone in 2020 (a column each); square_km: ground of each cell."""
        rng = np.random.default_rng([seed, 7])
        count = len(density)
        self.seed = seed
        self.mix = density / density.sum(axis=1, keepdims=True)
        self.households = density.sum(axis=1) * square_km * np.exp(rng.normal(0, 0.25, count))
        field = 0.12 * np.sin(1.3 * places[:, 0] + 0.4) * np.sin(1.1 * places[:, 1] + 1.1)
        self.leaning = {name: rng.normal(0, spread, count) + field for name, spread in (("one", 0.17), ("old", 0.22), ("child", 0.12))}
        self.fixed: dict[int, int] = {}
        """Cells whose number of households is given (hidden or empty ones)."""

    def counts(self, year: int) -> dict[str, Ints]:
        """All counts of a census by cell; every one can be summed over cells."""
        rng = np.random.default_rng([self.seed, year])
        per_zone = np.array([_ZONES[zone] for zone in ZONES])
        late = (year - 2010) / 10
        now = {
            name: self.mix @ ((1 - late) * per_zone[:, early] + late * per_zone[:, early + 1])
            for name, early in (("one", 1), ("old", 3), ("child", 5), ("elder", 7))
        }
        growth = self.mix @ (per_zone[:, 0] + late * (1 - per_zone[:, 0]))
        expected = self.households * growth * np.exp(rng.normal(0, 0.015, len(growth)))
        for cell, number in self.fixed.items():
            expected[cell] = number
        got: dict[str, Ints] = {"general": np.round(expected).astype(np.int64)}
        one_share = _lean(now["one"], self.leaning["one"] + rng.normal(0, 0.03, len(growth)))
        old_share = _lean(now["old"], self.leaning["old"] + rng.normal(0, 0.04, len(growth)))
        got["one"] = rng.binomial(got["general"], one_share)
        got["one_old"] = rng.binomial(got["one"], np.minimum(old_share / one_share, 0.88))
        self._sizes(got, now, rng)
        self._families(got, now, rng)
        self._persons(got, now, self.mix @ per_zone[:, 9], late, rng)
        return got

    def _sizes(self, got: dict[str, Ints], now: dict[str, Floats], rng: np.random.Generator) -> None:
        """Households of two and more by size, their members, and institutional households."""
        young = np.clip((now["child"] - 0.05) / 0.2, 0, 1)[:, None]
        shares = (1 - young) * np.array([0.60, 0.24, 0.11, 0.035, 0.015]) + young * np.array([0.24, 0.28, 0.34, 0.11, 0.03])
        sizes = _split(got["general"] - got["one"], shares, rng)
        for column, size in enumerate(("two", "three", "four", "five", "six")):
            got[size] = sizes[:, column]
        got["members"] = got["one"] + sizes @ np.array([2, 3, 4, 5, 6]) + rng.binomial(got["six"], 0.3)
        got["institutions"] = np.where(got["general"] > 200, rng.poisson(0.35, len(sizes)), 0)
        got["residents"] = got["institutions"] * rng.integers(12, 60, len(sizes))

    def _families(self, got: dict[str, Ints], now: dict[str, Floats], rng: np.random.Generator) -> None:
        """Family types of the households of two and more."""
        larger = got["three"] + got["four"] + got["five"] + got["six"]
        got["couple"] = rng.binomial(got["two"], 0.66)
        got["couple_children"] = rng.binomial(larger, 0.70)
        parent = rng.binomial(got["two"] - got["couple"], 0.55), rng.binomial(larger - got["couple_children"], 0.3)
        got["one_parent"] = parent[0] + parent[1]
        got["nuclear"] = got["couple"] + got["couple_children"] + got["one_parent"]
        rest = got["two"] + larger - got["nuclear"]
        got["relatives"] = got["two"] + larger - rng.binomial(rest, 0.22)
        got["not_nuclear"] = got["relatives"] - got["nuclear"]
        young = np.clip(_lean(2.2 * now["child"], self.leaning["child"]), 0, 0.6)
        got["mother"] = rng.binomial(got["one_parent"], np.clip(0.6 * young, 0.02, 0.5))
        got["father"] = rng.binomial(got["one_parent"] - got["mother"], 0.05)
        got["under_18"] = got["mother"] + got["father"] + rng.binomial(got["couple_children"], np.clip(2.2 * young, 0.05, 0.85))
        got["under_6"] = rng.binomial(got["under_18"], 0.36)
        got["couple_old"] = rng.binomial(got["couple"], np.clip(now["elder"] * 1.25, 0.02, 0.8))

    def _persons(self, got: dict[str, Ints], now: dict[str, Floats], usual: Floats, late: float, rng: np.random.Generator) -> None:
        """Age and sex of everybody; a few young people who live alone are of unknown age."""
        middle = np.arange(17.5, 65, 5)
        grown = np.exp(-(((middle - usual[:, None]) / 19) ** 2)) + 0.12
        child = _lean(now["child"], self.leaning["child"])
        elder = _lean(now["elder"], self.leaning["old"])
        child, elder = child / np.maximum(child + elder, 1) * 0.98, elder / np.maximum(child + elder, 1) * 0.98
        aged = np.array([0.33, 0.29, 0.38]) + late * np.array([-0.06, 0.0, 0.06])
        shares = np.concatenate(
            [
                child[:, None] * np.array([0.31, 0.33, 0.36]),
                (1 - child - elder)[:, None] * grown / grown.sum(axis=1, keepdims=True),
                elder[:, None] * aged,
            ],
            axis=1,
        )
        couples = 2 * got["couple_old"]
        ages = _split(got["members"] - got["one"] - couples, shares, rng)
        ages[:, FIRST_OLD:] += _split(couples, np.tile(aged + np.array([0, 0.03, -0.03]), (len(couples), 1)), rng)
        ages[:, FIRST_OLD:] += _split(got["one_old"], np.tile([0.22, 0.24, 0.54], (len(couples), 1)), rng)
        young = got["one"] - got["one_old"]
        unknown = rng.binomial(young, 0.03 + 0.03 * late)
        student = self.mix[:, ZONES.index("university")][:, None]
        alone = np.exp(-(((middle - 33) / 16) ** 2)) + 0.25
        at_college = np.array([0.22, 0.62, 0.06, 0.03, 0.02, 0.01, 0.01, 0.01, 0.01, 0.01])
        ages[:, 3:FIRST_OLD] += _split(young - unknown, (1 - student) * alone / alone.sum() + student * at_college, rng)
        dormitory = rng.random(len(young)) < student[:, 0]
        ages[:, 4] += np.where(dormitory, got["residents"], 0)
        ages[:, 15] += np.where(dormitory, 0, got["residents"])
        men = rng.binomial(ages, _MEN_BY_AGE)
        men_unknown = rng.binomial(unknown, 0.6)
        for column, age in enumerate(AGES):
            got[f"age_{age}"] = ages[:, column]
            got[f"men_{age}"] = men[:, column]
        got["population"] = got["members"] + got["residents"]
        got["men"] = men.sum(axis=1) + men_unknown
        got["households"] = got["general"] + got["institutions"]
        others = ages[:, FIRST_OLD:].sum(axis=1) - couples - got["one_old"] - np.where(dormitory, 0, got["residents"])
        room = got["general"] - got["one"] - got["couple_old"]
        got["with_old"] = got["one_old"] + got["couple_old"] + np.minimum(room, np.ceil(others / 1.6).astype(np.int64))
