"""What a need map shows: one value a district, with the state it is in, what it is measured against, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import copysign, floor

import numpy as np
import pandas as pd

from atlas.analysis.reliability import SMALLEST_DENOMINATOR, Visibility, rate_visibility
from atlas.analysis.standing import competition_rank
from atlas.figures import numbers
from atlas.store import geography, registry
from atlas.store.database import Store
from catalog.model import OWN_INDICATOR, Indicator
from catalog.status import ESTIMATED, NOT_LOADED, OBSERVED

LEVEL = "school_district"
WAY = "distance_to_nearest_place"
WITHHELD, UNCERTAIN, NO_SCORE = "withheld", "uncertain", "no_score"
"""States beside the statuses of a value: too few to show as a rate, shown with doubt, no index."""
HATCHED = ("suppressed", "merged", WITHHELD)
"""Not shown because few people are behind it."""
EMPTY = (NOT_LOADED, "not_published", "not_applicable", NO_SCORE)
"""No figure at all."""
FIRST = ("share", "rate", "mean", "index", "count")
DEFAULT = ("one_person_household_share", "population_65_over_share", "population")


@dataclass(frozen=True)
class Measure:
    """How the values of a layer are written. kind: percent, count, decimal, points, change (per cent between two years)."""

    id: str
    title: str
    short: str
    unit: str
    kind: str
    decimals: int
    lang: str = "ja"

    @property
    def diverging(self) -> bool:
        """Do the values lie on both sides of no change?"""
        return self.kind in ("points", "change", "difference")

    def printed(self, values: pd.Series) -> pd.Series:
        """The values as the digits on screen, in the unit of the screen: what classes are made from."""
        step = 10.0**self.decimals
        scaled = values.astype(float) * (100 if self.kind in ("percent", "points", "change") else 1) * step
        return np.sign(scaled) * np.floor(scaled.abs() + 0.5 + 1e-9) / step

    def printed_one(self, value: float) -> float:
        """One value as printed."""
        step = 10.0**self.decimals
        scaled = value * (100 if self.kind in ("percent", "points", "change") else 1) * step
        return copysign(floor(abs(scaled) + 0.5 + 1e-9) / step, scaled)

    def words(self, value: float) -> str:
        """A value with its unit."""
        if self.kind == "percent":
            return numbers.percent(value, self.decimals)
        if self.kind == "points":
            return numbers.points(value, self.lang, self.decimals)
        if self.kind in ("change", "difference"):
            scale = 100 if self.kind == "change" else 1
            number = numbers.count(abs(value) * scale, self.decimals)
            sign = "±" if float(number.replace(",", "")) == 0 else "+" if value > 0 else numbers.MINUS
            return f"{sign}{number}%" if self.kind == "change" else self.with_unit(sign + number)
        return self.with_unit(numbers.count(value, self.decimals))

    def with_unit(self, number: str) -> str:
        """A number and its unit as the language writes it."""
        return number if not self.unit else f"{number}{self.unit}" if self.lang == "ja" else f"{number} {self.unit}"

    def limit(self, printed: float) -> str:
        """A class limit, already in the unit of the screen."""
        number = numbers.count(abs(printed), self.decimals) if self.diverging else numbers.count(printed, self.decimals)
        if not self.diverging:
            return number
        return f"±{number}" if printed == 0 else f"{'+' if printed > 0 else numbers.MINUS}{number}"


@dataclass(frozen=True)
class Layer:
    """Values of the districts of one or more cities.

    rows by district: city, name, value (NaN where none may be shown), state, rank, numerator, denominator, difference
    (to the own city), split_share, merged_share. whole: the city's own value. sources: frames with source_id.
    """

    measure: Measure
    rows: pd.DataFrame
    whole: Mapping[str, float]
    sources: Sequence[pd.DataFrame] = ()
    years: tuple[int, ...] = ()
    outside: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that have a value."""
        return self.rows[self.rows["value"].notna()]


@lru_cache(maxsize=16)
def city_figures(store: Store, city: str) -> pd.DataFrame:
    """Every figure of a city's districts, with what the small-number rule says: value kept only where it may be shown."""
    frame = geography.district_figures(store, city)
    kinds = {one.id: one.kind for one in registry.indicators(store).values()}
    states = [
        state_of(kinds.get(row.indicator_id, "count"), row.indicator_id, row.value, row.denominator, row.status)
        for row in frame[["indicator_id", "value", "denominator", "status"]].itertuples(index=False)
    ]
    frame["state"] = pd.Series(states, index=frame.index, dtype=object)
    shown = ~frame["state"].isin([*HATCHED, *EMPTY])
    for column in ("value", "numerator", "denominator"):
        frame[column] = frame[column].astype(float).where(shown)
    return frame


def state_of(kind: str, indicator_id: str, value: float, denominator: float, status: str) -> str:
    """The state of a value on map, list and profile: its status, or what the small-number rule makes of it."""
    if numbers.is_missing(value):
        return status if status not in (OBSERVED, ESTIMATED) else NOT_LOADED
    if kind == "share" and not numbers.is_missing(denominator):
        seen = rate_visibility(min(max(value, 0.0), 1.0), denominator)
        if seen == Visibility.WITHHELD:
            return WITHHELD
        if seen == Visibility.GREYED:
            return UNCERTAIN
    if kind == "mean" and not numbers.is_missing(denominator) and denominator < SMALLEST_DENOMINATOR:
        return WITHHELD
    return ESTIMATED if indicator_id == WAY else status


@lru_cache(maxsize=16)
def held(store: Store, city: str) -> dict[str, tuple[int, ...]]:
    """Indicators with a value for the city's districts -> years, shares first."""
    frame = city_figures(store, city)
    known = registry.indicators(store)
    found = frame[frame["value"].notna() | frame["state"].isin(HATCHED)].groupby("indicator_id")["year"].agg(lambda years: tuple(sorted(set(years))))
    order = {one: place for place, one in enumerate(known)}
    ids = sorted((one for one in found.index if one in known), key=lambda one: (FIRST.index(known[one].kind), order[one]))
    return {one: found[one] for one in ids}


def declared(store: Store) -> list[str]:
    """Published indicators that can be had for school districts."""
    return [one.id for one in registry.indicators(store).values() if LEVEL in one.levels and not is_own(one.id)]


def is_own(indicator_id: str) -> bool:
    """Whether an indicator comes from a city's own table."""
    return indicator_id.startswith(OWN_INDICATOR)


def census_years(years: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The years of published figures among those held; all of them where there are only a city's own."""
    published = {year for one, when in years.items() if not is_own(one) for year in when}
    return tuple(sorted(published or {year for when in years.values() for year in when}))


@lru_cache(maxsize=512)
def city_value(store: Store, city: str, indicator_id: str, year: int) -> float:
    """The city's own value: from the totals of all its small areas, never an average of rates; NaN where it cannot be had."""
    indicator = registry.indicators(store)[indicator_id]
    totals = geography.city_totals(store, city)
    totals = totals[totals["year"] == year].set_index("indicator_id")["total"]
    if indicator.numerator and indicator.denominator:
        top, base = totals.get(indicator.numerator, np.nan), totals.get(indicator.denominator, np.nan)
        return float(top / base) if base and base > 0 else float("nan")
    if indicator_id == WAY:
        frame = city_figures(store, city)
        wide = frame[frame["year"] == year].pivot(index="area_code", columns="indicator_id", values="value")
        if WAY not in wide or "total_households" not in wide:
            return float("nan")
        both = wide[[WAY, "total_households"]].dropna()
        return float(np.average(both[WAY], weights=both["total_households"])) if len(both) else float("nan")
    if is_own(indicator_id):
        own = geography.city_figure(store, city, indicator_id, year)
        return float("nan") if own is None else own
    return float(totals.get(indicator_id, np.nan))


@lru_cache(maxsize=256)
def base_rows(store: Store, city: str, indicator_id: str, year: int) -> pd.DataFrame:
    """One row a district of the city in one year: value, state, counts, provenance. A district without a row is not loaded."""
    names = geography.shapes(store, city, LEVEL).set_index("area_code")["name_ja"]
    frame = city_figures(store, city)
    own = frame[(frame["indicator_id"] == indicator_id) & (frame["year"] == year)].set_index("area_code")
    rows = own.reindex(names.index)[["value", "numerator", "denominator", "state", "source_id"]].assign(name=names, city=city)
    rows["state"] = rows["state"].astype(object).where(rows["state"].notna(), NOT_LOADED)
    return rows.join(_provenance(store, city, indicator_id, year))


def _provenance(store: Store, city: str, indicator_id: str, year: int) -> pd.DataFrame:
    """Shares from split areas and through 合算: of the denominator for a rate, which is what its counts rest on."""
    indicator = registry.indicators(store)[indicator_id]
    of = indicator.denominator or (indicator_id if indicator_id != WAY else "total_households")
    frame = geography.provenance(store, city)
    frame = frame[(frame["indicator_id"] == of) & (frame["year"] == year) & (frame["method"] == "plain")]
    return frame.set_index("area_code")[["split_share", "merged_share"]].astype(float)


@lru_cache(maxsize=256)
def by_people(store: Store, city: str, indicator_id: str, year: int) -> pd.Series:
    """The districts' values had small areas been shared out by the people of mesh squares; empty where no mesh table is loaded.

    Only where the value itself is shown: another weighting must not say what is hidden.
    """
    indicator = registry.indicators(store)[indicator_id]
    frame = geography.provenance(store, city)
    frame = frame[(frame["method"] == "dasymetric") & (frame["year"] == year) & frame["status"].eq(OBSERVED)]
    wide = frame.pivot(index="area_code", columns="indicator_id", values="value").astype(float)
    parts = (indicator.numerator, indicator.denominator) if indicator.numerator and indicator.denominator else (indicator_id,)
    if any(part not in wide for part in parts):
        return pd.Series(dtype=float)
    value = wide[parts[0]] / wide[parts[1]].where(wide[parts[1]] > 0) if len(parts) == 2 else wide[parts[0]]
    shown = base_rows(store, city, indicator_id, year)["value"].notna()
    return value[shown.reindex(value.index, fill_value=False)].dropna()


@lru_cache(maxsize=256)
def outside_share(store: Store, city: str, indicator_id: str, year: int) -> float:
    """Share of the city's people or households that lies in no district; NaN where not known."""
    indicator = registry.indicators(store).get(indicator_id)
    of = (indicator.denominator if indicator else None) or indicator_id
    totals = geography.city_totals(store, city)
    own = totals[(totals["year"] == year) & totals["indicator_id"].isin([of, "total_households"])]
    own = own.sort_values("indicator_id", key=lambda ids: ids != of)
    return float(own.iloc[0]["outside"] / own.iloc[0]["total"]) if len(own) and own.iloc[0]["total"] > 0 else float("nan")


def indicator_layer(store: Store, measure: Measure, indicator: Indicator, cities: tuple[str, ...], year: int) -> Layer:
    """An indicator in one census."""
    rows = pd.concat([base_rows(store, city, indicator.id, year) for city in cities])
    whole = {city: city_value(store, city, indicator.id, year) for city in cities}
    if indicator.kind != "count":
        rows["difference"] = rows["value"] - rows["city"].map(whole)
    return _ranked(measure, rows, whole, (year,), {city: outside_share(store, city, indicator.id, year) for city in cities}, [rows])


def change_layer(store: Store, measure: Measure, indicator: Indicator, cities: tuple[str, ...], year: int, before: int) -> Layer:
    """The change between two censuses: points of a share, per cent of a count, difference of a mean. Missing where either is."""
    new = pd.concat([base_rows(store, city, indicator.id, year) for city in cities])
    old = pd.concat([base_rows(store, city, indicator.id, before) for city in cities]).reindex(new.index)
    rows = new.copy()
    rows["value"] = _change(indicator, new["value"], old["value"])
    rows["state"] = new["state"].where(new["value"].isna() | old["value"].notna(), old["state"])
    rows["latest"], rows["before"] = new["value"], old["value"]
    rows[["numerator", "denominator"]] = np.nan
    whole = {}
    for city in cities:
        now, then = (pd.Series([city_value(store, city, indicator.id, when)]) for when in (year, before))
        whole[city] = float(_change(indicator, now, then).iloc[0])
    rows["difference"] = rows["value"] - rows["city"].map(whole)
    return _ranked(measure, rows, whole, (before, year), {city: outside_share(store, city, indicator.id, year) for city in cities}, [new, old])


def _change(indicator: Indicator, now: pd.Series, then: pd.Series) -> pd.Series:
    return now / then.where(then > 0) - 1 if indicator.kind == "count" else now - then


def _ranked(
    measure: Measure, rows: pd.DataFrame, whole: dict[str, float], years: tuple[int, ...], outside: dict[str, float], sources: Sequence[pd.DataFrame]
) -> Layer:
    rows["rank"] = competition_rank(rows["value"].round(12).to_numpy(float))
    return Layer(measure, rows.rename_axis("area_code"), whole, tuple(frame[frame["source_id"].notna()] for frame in sources), years, outside)
