"""The field a municipality is compared with: every municipality in one census year, and how far each figure may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isnan

import pandas as pd

from atlas.analysis.reliability import Visibility, rate_visibility
from atlas.analysis.standing import competition_rank, percentile_of
from atlas.exhibits.context import Context
from atlas.figures import numbers
from atlas.store import comparison, observations, registry
from atlas.store.database import Store
from catalog.model import Indicator
from catalog.status import NOT_LOADED, OBSERVED

LEVEL = "municipality"
UNKNOWN_SHARE = "population_age_unknown_share"
UNKNOWN_ABOVE = 0.05
"""Above this share of people of unknown age, raw figures on people 65+ carry a mark."""
MARK = "※"
OLDER_TOPIC = "older"
AGES = ("population_65_over", "population", "population_age_unknown")


@dataclass(frozen=True, slots=True)
class Place:
    """One municipality in one year. Numbers are NaN where there is none.

    value, numerator, denominator, status: as held. visibility: what the small-number rule says of the share (None: there is no
    share). shown: the share where it may be shown. rank: 1 = highest of all held. before, change: the share of the earlier census
    and the difference, where both may be shown. unknown, unknown_shown: people of unknown age, and where that may be shown.
    older: 65+ among those of known age. flagged: unknown above 5 %.
    """

    parent_code: str
    value: float
    numerator: float
    denominator: float
    status: str
    visibility: Visibility | None
    shown: float
    rank: float
    before: float
    change: float
    unknown: float
    unknown_shown: float
    older: float
    flagged: bool

    @property
    def is_shown(self) -> bool:
        """Is there a share that may be shown?"""
        return not isnan(self.shown)


@dataclass(frozen=True)
class Field:
    """All municipalities in one year.

    rows: index area_code in the order of the codes, the columns of `Place` and source_id, publication, verified. places: the same,
    one by one. whole_rows, wholes: nation and prefectures likewise, without rank, change and ages. held: municipalities that have
    the share. The frames are shared: never change them.
    """

    indicator_id: str
    year: int
    before_year: int | None
    rows: pd.DataFrame
    places: dict[str, Place]
    whole_rows: pd.DataFrame
    wholes: dict[str, Place]
    held: int

    def percentile(self, area_code: str) -> float:
        """Where an area stands among all that have a share, 0-100."""
        return percentile_of(self.rows["value"].to_numpy(float), self.places[area_code].value)

    def whole(self, area_code: str) -> float:
        """The share of the nation or a prefecture, NaN where it is not held."""
        return self.wholes[area_code].value if area_code in self.wholes else float("nan")

    def of(self, area_code: str) -> Place:
        """A municipality, a prefecture or the nation."""
        return self.wholes[area_code] if area_code in self.wholes else self.places[area_code]


@lru_cache(maxsize=24)
def field_of(store: Store, indicator_id: str, year: int) -> Field:
    """The field of a share in a year, made once a database."""
    rows = _with_visibility(comparison.shares(store, indicator_id, LEVEL, year).set_index("area_code"))
    rows["rank"] = competition_rank(rows["value"].to_numpy(float))
    before_year = _earlier(store, indicator_id, year)
    rows["before"] = _shown(store, indicator_id, before_year).reindex(rows.index) if before_year is not None else float("nan")
    rows["change"] = rows["shown"] - rows["before"]
    unknown = comparison.shares(store, UNKNOWN_SHARE, LEVEL, year).set_index("area_code")
    rows["unknown"] = unknown["value"].astype(float).reindex(rows.index)
    rows["unknown_shown"] = _with_visibility(unknown)["shown"].reindex(rows.index)
    rows["flagged"] = rows["unknown"] > UNKNOWN_ABOVE
    rows["older"] = _older(store, year).reindex(rows.index)
    wholes = pd.concat([comparison.shares(store, indicator_id, level, year) for level in ("nation", "prefecture")]).set_index("area_code")
    seen = pd.Series(Visibility.SHOWN, index=wholes.index, dtype=object).where(wholes["value"].notna(), None)
    wholes = wholes.assign(status=wholes["status"].fillna(NOT_LOADED), visibility=seen, shown=wholes["value"].astype(float))
    held = int(rows["value"].notna().sum())
    return Field(indicator_id, year, before_year, rows, _places(rows), wholes, _places(wholes), held)


def _places(rows: pd.DataFrame) -> dict[str, Place]:
    """The rows one by one; what a row does not have is NaN, and it is not flagged."""
    frame = rows.reindex(columns=list(Place.__dataclass_fields__))
    frame["flagged"] = frame["flagged"].eq(True)
    return {str(code): Place(*values) for code, values in zip(rows.index, frame.itertuples(index=False, name=None), strict=True)}


def _with_visibility(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what the small-number rule says of each share, and the share where it may be shown."""
    found = [rate_visibility(value, base) for value, base in zip(rows["value"], rows["denominator"], strict=True)]
    seen = pd.Series(found, index=rows.index, dtype=object).where(rows["value"].notna(), None)
    return rows.assign(status=rows["status"].fillna(NOT_LOADED), visibility=seen, shown=rows["value"].astype(float).where(seen != Visibility.WITHHELD))


def _shown(store: Store, indicator_id: str, year: int) -> pd.Series:
    return _with_visibility(comparison.shares(store, indicator_id, LEVEL, year).set_index("area_code"))["shown"]


def _older(store: Store, year: int) -> pd.Series:
    """Persons 65+ as a share of those whose age is known."""
    counts = comparison.counts(store, AGES, LEVEL, year)
    base = counts["population"] - counts["population_age_unknown"]
    rows = pd.DataFrame({"value": counts["population_65_over"] / base.where(base > 0), "denominator": base, "status": OBSERVED})
    return _with_visibility(rows)["shown"]


def _earlier(store: Store, indicator_id: str, year: int) -> int | None:
    """The census before, where it is held and no break lies between."""
    held = [one for one in observations.years_held(store, indicator_id, LEVEL) if one < year]
    breaks = [one.year for one in registry.indicators(store)[indicator_id].breaks]
    return held[-1] if held and not any(held[-1] < one <= year for one in breaks) else None


def municipal_shares(store: Store) -> list[str]:
    """Ids of the shares held for municipalities that are made from counts, in the registry's order."""
    held = observations.indicators_with_totals(store)
    return [
        one.id for one in registry.indicators(store).values() if one.kind == "share" and one.numerator and one.denominator and LEVEL in held.get(one.id, ())
    ]


def share_words(context: Context, indicator: Indicator, place: Place) -> str:
    """A municipality's share as it stands everywhere: the number, the number with a word, or the word for why there is none."""
    if place.visibility is None:
        return context.status_word(place.status)
    if place.visibility == Visibility.WITHHELD:
        return context.texts("compare.withheld")
    words = numbers.percent(place.value, indicator.decimals)
    return context.texts("compare.uncertain_value", value=words) if place.visibility == Visibility.GREYED else words


def row_note(context: Context, place: Place) -> str:
    """What has to be said beside a municipality's figures: why there is none, few cases, many of unknown age."""
    notes = []
    if place.visibility is None:
        notes.append(context.status_word(place.status))
    elif place.visibility != Visibility.SHOWN:
        notes.append(context.texts("compare.withheld" if place.visibility == Visibility.WITHHELD else "compare.uncertain"))
    if place.flagged:
        notes.append(context.texts("compare.flagged"))
    return context.texts("frame.list_separator").join(notes)


def cautions(context: Context, indicator: Indicator, field: Field, area_code: str | None = None, *, own: bool = True) -> list[str]:
    """What stands below a figure of this field: the indicator's own caution (once a page), and unknown ages where they matter."""
    found = [context.word(indicator, "caution")] if own and indicator.caution_ja else []
    if area_code is not None and field.places[area_code].flagged:
        key = "compare.flagged_older" if indicator.topic == OLDER_TOPIC else "compare.flagged_other"
        share, year = numbers.percent(field.places[area_code].unknown), numbers.short_year(field.year, context.lang)
        found.append(context.texts(key, place=context.short_area_name(area_code), share=share, year=year))
    return found
