"""The ten municipalities most like one in structure (類似地域), and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from atlas.analysis.peers import CONTRIBUTION_PREFIX, nearest_peers
from atlas.exhibits.context import Context
from atlas.exhibits.field import LEVEL, Field, cautions, field_of, row_note
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.store import comparison, observations
from atlas.store.database import Store
from catalog.model import Indicator

PEERS = 10
COUNTS = ("population", "population_65_over", "population_age_unknown", "total_households")
AREA = "inhabitable_area"
HECTARES_A_SQUARE_KILOMETRE = 100


@dataclass(frozen=True)
class Variable:
    """A structure variable: its id, how a table shows it, whether distances use its logarithm, the counts it is made from."""

    id: str
    kind: str
    decimals: int
    logarithm: bool
    made_from: tuple[str, ...]


VARIABLES = (
    Variable("population", "count", 0, True, ("population",)),
    Variable("older", "percent", 1, False, ("population_65_over", "population", "population_age_unknown")),
    Variable("growth", "percent", 1, True, ("population",)),
    Variable("size", "decimal", 2, False, ("population", "total_households")),
    Variable("density", "count", 0, True, ("population", AREA)),
)


@dataclass(frozen=True)
class Structure:
    """What every municipality is like: one row an area, one column a variable (NaN: not held), and the years it is of."""

    rows: pd.DataFrame
    year: int
    before_year: int | None
    sources: pd.DataFrame


@dataclass(frozen=True)
class Peering:
    """The peers of one municipality for one indicator.

    table: as `analysis.peers.Peers.table`, nearest first. used: the variables compared. lacking: variables this municipality has no
    value for. not_held: variables that are not held for any. compared: municipalities compared, itself included.
    """

    table: pd.DataFrame
    used: tuple[Variable, ...]
    lacking: tuple[Variable, ...]
    not_held: tuple[Variable, ...]
    compared: int
    left_out: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The peers' codes, nearest first."""
        return tuple(str(code) for code in self.table.index)


@lru_cache(maxsize=4)
def structure_of(store: Store) -> Structure:
    """The structure variables of every municipality, from the newest census held."""
    held = observations.years_held(store, "population", LEVEL)
    year, before_year = held[-1], held[-2] if len(held) > 1 else None
    counts = comparison.counts(store, COUNTS, LEVEL, year)
    known_age = counts["population"] - counts["population_age_unknown"]
    rows = pd.DataFrame(index=counts.index)
    rows["population"] = counts["population"]
    rows["older"] = counts["population_65_over"] / known_age.where(known_age > 0)
    rows["growth"] = float("nan")
    if before_year is not None:
        before = comparison.counts(store, ("population",), LEVEL, before_year)["population"]
        rows["growth"] = counts["population"] / before.where(before > 0)
    rows["size"] = counts["population"] / counts["total_households"].where(counts["total_households"] > 0)
    rows["density"] = float("nan")
    years = observations.years_held(store, AREA, LEVEL)
    if years:
        area = comparison.counts(store, (AREA,), LEVEL, years[-1])[AREA]
        rows["density"] = counts["population"] * HECTARES_A_SQUARE_KILOMETRE / area.where(area > 0)
    used_years = [year, *([before_year] if before_year is not None else []), *years[-1:]]
    return Structure(rows, year, before_year, comparison.sources_of(store, [*COUNTS, AREA], LEVEL, used_years))


def is_about_households(indicator: Indicator) -> bool:
    """Does the indicator or one of its counts concern households? Then their size must not choose the peers."""
    return any("household" in name for name in (indicator.id, indicator.numerator or "", indicator.denominator or ""))


def variables_for(indicator: Indicator) -> tuple[Variable, ...]:
    """The structure variables for an indicator: never the outcome itself, nor household size where it is about households."""
    outcome = indicator.numerator or indicator.id
    return tuple(one for one in VARIABLES if not (one.id == "size" and is_about_households(indicator)) and one.made_from[0] != outcome)


@lru_cache(maxsize=512)
def peers_of(store: Store, indicator: Indicator, area_code: str) -> Peering | None:
    """The peers of a municipality, None where nobody lives there and nothing can be compared."""
    rows = structure_of(store).rows
    wanted = variables_for(indicator)
    not_held = tuple(one for one in wanted if rows[one.id].isna().all())
    own = rows.loc[area_code]
    lacking = tuple(one for one in wanted if one not in not_held and not (own[one.id] > 0))
    used = tuple(one for one in wanted if one not in not_held and one not in lacking)
    if not used or own["population"] == 0:
        return None
    found = nearest_peers(rows, area_code, [one.id for one in used], PEERS, [one.id for one in used if one.logarithm])
    return Peering(found.table, used, lacking, not_held, found.compared, found.left_out)


def peers(context: Context, *, indicator_id: str, area_code: str, year: int) -> Exhibit:
    """The peers of a municipality with the values that make them alike, and the indicator beside."""
    texts = context.texts
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    structure, found = structure_of(context.store), peers_of(context.store, indicator, area_code)
    place = context.short_area_name(area_code)
    used = found.used if found else ()
    names = texts("frame.list_separator").join(_variable_name(context, one) for one in used)
    table = _table(context, indicator, field, area_code, found)
    if found is None:
        title, sentence = (
            texts("compare.peers.title_none", place=place),
            texts("compare.peers.sentence_none", place=context.area_name(area_code)),
        )
    else:
        title = texts("compare.peers.title", place=place, count=len(found.codes))
        sentence = _sentence(context, indicator, area_code, found, names)
    return Exhibit(
        id="peers",
        title=title,
        subtitle=texts("compare.peers.subtitle", variables=names, year=numbers.short_year(structure.year, context.lang)) if found else "",
        sentence=sentence,
        sources=context.source_lines([field.rows, structure.sources]),
        table=table,
        cautions=(texts("compare.peers.caution"), *cautions(context, indicator, field, area_code, own=False)),
        settings={"indicator": indicator_id, "area": area_code, "year": str(year), "variables": " ".join(one.id for one in used)},
    )


def _variable_name(context: Context, variable: Variable) -> str:
    structure = structure_of(context.store)
    return context.texts(f"compare.variable.{variable.id}", first=structure.before_year or "", last=structure.year)


def _sentence(context: Context, indicator: Indicator, area_code: str, found: Peering, names: str) -> str:
    texts = context.texts
    nearest = found.codes[0]
    parts = [
        texts(
            "compare.peers.sentence",
            place=context.area_name(area_code),
            variables=names,
            compared=numbers.count(found.compared),
            nearest=context.area_name(nearest),
            alike=_variable_name(context, _extreme(found, nearest, most=False)),
        )
    ]
    parts.append(texts("compare.peers.never_outcome", measure=context.word(indicator, "short")))
    if is_about_households(indicator):
        parts.append(texts("compare.peers.no_household_size"))
    for one in found.not_held:
        parts.append(texts("compare.peers.not_held", variable=_variable_name(context, one)))
    for one in found.lacking:
        parts.append(texts("compare.peers.lacking", place=context.short_area_name(area_code), variable=_variable_name(context, one)))
    return texts("frame.sentence_separator").join(parts)


def _extreme(found: Peering, code: str, *, most: bool) -> Variable:
    """The variable in which a peer differs most (or least) from the municipality."""
    parts = {one: _at(found.table, code, CONTRIBUTION_PREFIX + one.id) for one in found.used}
    return (max if most else min)(parts, key=parts.__getitem__)


def _at(frame: Any, code: str, column: str) -> float:
    return float(frame.at[code, column])


def _table(context: Context, indicator: Indicator, field: Field, area_code: str, found: Peering | None) -> Table:
    """The municipality first, then its peers, nearest first."""
    texts = context.texts
    values = structure_of(context.store).rows
    used = found.used if found else ()
    rows = []
    for code in (area_code, *(found.codes if found else ())):
        own = field.places[code]
        row: dict[str, object] = {"place": context.area_name(code)}
        row["nearness"] = None if code == area_code or found is None else _at(found.table, code, "rank")
        for one in used:
            value = _at(values, code, one.id)
            row[one.id] = value - 1 if one.id == "growth" else value
        row["distance"] = None if code == area_code or found is None else _at(found.table, code, "distance")
        row["differs"] = "" if code == area_code or found is None else texts(f"compare.variable_short.{_extreme(found, code, most=True).id}")
        rows.append(row | {"share": own.shown, "note": row_note(context, own)})
    columns = (
        Column("place", texts("compare.column.municipality")),
        Column("nearness", texts("compare.column.nearness"), "rank"),
        Column(
            "share",
            context.word(indicator, "short"),
            "percent",
            indicator.decimals,
        ),
        *((Column("note", texts("compare.column.note")),) if any(row["note"] for row in rows) else ()),
        *(Column(one.id, texts(f"compare.variable_short.{one.id}"), one.kind, one.decimals) for one in used),
        Column("distance", texts("compare.column.distance"), "decimal", 2),
        Column("differs", texts("compare.column.differs")),
    )
    frame = pd.DataFrame(rows, columns=[column.id for column in columns])
    return Table(
        columns,
        frame,
        texts("compare.peers.table", place=context.area_name(area_code), measure=context.word(indicator, "short"), year=field.year),
    )
