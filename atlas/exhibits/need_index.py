"""An index of need over the districts: which indicators it can be made of, the presets, score and contributions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from atlas.analysis.composite_index import PRESETS, CompositeIndex, composite_index
from atlas.analysis.errors import AnalysisError
from atlas.analysis.normalising import Direction
from atlas.analysis.standing import competition_rank
from atlas.exhibits.district_layer import NO_SCORE, Layer, Measure, base_rows, held, is_own, outside_share
from atlas.store import registry
from atlas.store.database import Store

POPULATION_CHANGE = "population_change"
STAND_INS = {"single_parent_share": ("single_mother_or_father_share", "one_parent_household_share")}
"""Indicators of the presets under another name in the registry: 母子・父子世帯 where loaded, else ひとり親と子供から成る世帯."""
OTHERS = ("distance_to_nearest_place", "population_65_over_share", "older_living_alone_share_of_older")
"""Offered with weight 0 beside those of the presets."""
FULL, STEPS = 3, 5
"""The weight a preset gives, and the most a reader can give."""


@dataclass(frozen=True)
class IndexChoice:
    """What an index is made of: weights 0-5 by indicator, normaliser, aggregation, the preset it began with."""

    weights: tuple[tuple[str, int], ...]
    normaliser: str
    aggregation: str
    preset: str = "equal"

    @property
    def used(self) -> dict[str, float]:
        """Indicators with a weight."""
        return {indicator: float(weight) for indicator, weight in self.weights if weight > 0}


@lru_cache(maxsize=32)
def offered(store: Store, cities: tuple[str, ...], year: int) -> tuple[str, ...]:
    """Indicators an index can be made of in this census: held by one of the cities at least; a city's own shares of any year at the end."""
    years = [held(store, city) for city in cities]
    there = {indicator for own in years for indicator, when in own.items() if year in when}
    found = []
    for one in (*PRESETS["equal"].weights, *OTHERS):
        name = next((stand_in for stand_in in STAND_INS.get(one, (one,)) if stand_in in there), None)
        if one == POPULATION_CHANGE and any(_before(own, year) for own in years):
            name = one
        if name and name not in found:
            found.append(name)
    known = registry.indicators(store)
    for own in years:
        found += [one for one in own if is_own(one) and known[one].kind != "count" and one not in found]
    return tuple(found)


def year_used(years: dict[str, tuple[int, ...]], indicator_id: str, year: int) -> int:
    """The year of an indicator that stands beside a census: the same, but a city's own figures are of other years and the newest counts."""
    when = years.get(indicator_id, ())
    return when[-1] if is_own(indicator_id) and when and year not in when else year


def _before(years: dict[str, tuple[int, ...]], year: int) -> int | None:
    """The census before, of the population."""
    earlier = [one for one in years.get("population", ()) if one < year]
    return earlier[-1] if earlier and year in years["population"] else None


def preset_weights(preset: str, indicators: tuple[str, ...]) -> dict[str, int]:
    """The weights of a preset for the indicators offered; 0 for those it does not use."""
    wanted = {name for one in PRESETS[preset].weights for name in STAND_INS.get(one, (one,))}
    return {one: FULL if one in wanted else 0 for one in indicators}


def direction(store: Store, indicator_id: str) -> Direction:
    """What a high value means for need."""
    if indicator_id == POPULATION_CHANGE or indicator_id == "mean_household_size":
        return Direction.LESS
    declared = registry.indicators(store)[indicator_id].direction
    return Direction(declared) if declared in list(Direction) else Direction.MORE


def values(store: Store, cities: tuple[str, ...], year: int, indicator_id: str) -> pd.Series:
    """One indicator over the districts as far as it may be shown."""
    if indicator_id != POPULATION_CHANGE:
        return pd.concat([base_rows(store, city, indicator_id, year_used(held(store, city), indicator_id, year))["value"] for city in cities])
    parts = []
    for city in cities:
        now = base_rows(store, city, "population", year)["value"]
        before = _before(held(store, city), year)
        then = base_rows(store, city, "population", before)["value"] if before else now * np.nan
        parts.append(now / then.where(then > 0) - 1)
    return pd.concat(parts)


@lru_cache(maxsize=64)
def index_of(store: Store, cities: tuple[str, ...], year: int, choice: IndexChoice) -> CompositeIndex | None:
    """The index, None where no weight is left."""
    if not choice.used:
        return None
    frame = pd.DataFrame({one: values(store, cities, year, one) for one in choice.used})
    try:
        return composite_index(frame, choice.used, {one: direction(store, one) for one in choice.used}, choice.normaliser, choice.aggregation)
    except AnalysisError:
        return None


def index_layer(store: Store, measure: Measure, cities: tuple[str, ...], year: int, choice: IndexChoice) -> Layer:
    """The index as a layer: districts that miss a part have no score and the state says so."""
    named = ["population" if one == POPULATION_CHANGE else one for one in choice.used or {"population": 1}]
    parts = [base_rows(store, city, one, year_used(held(store, city), one, year)) for one in named for city in cities]
    rows = pd.concat([base_rows(store, city, "total_households", year) for city in cities])
    index = index_of(store, cities, year, choice)
    rows["value"] = index.score if index is not None else np.nan
    rows["state"] = rows["value"].notna().map({True: "observed", False: NO_SCORE})
    rows[["numerator", "denominator"]] = np.nan
    rows["rank"] = competition_rank(rows["value"].round(9).to_numpy(float))
    sources = [part[part["source_id"].notna()] for part in parts]
    outside = {city: outside_share(store, city, "total_households", year) for city in cities}
    settings = {
        "index": " ".join(f"{one}={weight:g}" for one, weight in choice.used.items()),
        "normaliser": choice.normaliser,
        "aggregation": choice.aggregation,
    }
    return Layer(measure, rows.rename_axis("area_code"), {}, sources, (year,), outside, settings)
