"""Modelled low contact or loneliness (推計) of a city's districts beside the city and the nation modelled the same way."""

from __future__ import annotations

import pandas as pd

from atlas.analysis.errors import AnalysisError
from atlas.exhibits import evidence
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import EMPTY, HATCHED, base_rows, city_value
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.modelled_contact import (
    AGES,
    ONE_PERSON,
    SHOWN,
    Rates,
    counts_of,
    estimate_columns,
    estimate_state,
    limits,
    measure_word,
    measured,
    modelled,
    people_15_over,
    rate_rows,
    rates_of,
    state_word,
    tip,
)
from atlas.exhibits.target_order import TargetsAsked
from atlas.figures import numbers
from atlas.figures.intervals import Dot, Word, dots
from atlas.store.areas import NATION
from atlas.store.database import Store
from catalog.status import NOT_LOADED

MOST_ROWS = 40
CITY = "city"


def target_contact(context: Context, *, asked: TargetsAsked, measure: str = "contact", chosen: str | None = None) -> Exhibit:
    """The estimate for every district."""
    texts, store = context.texts, context.store
    place, rates = words_of.city_name(context, asked.city), rates_of(store, measure)
    what = measure_word(context, measure)
    rows = _rows(store, asked, rates) if rates else None
    if rows is None or rates is None or rows["value"].isna().all():
        title = texts("evidence.contact.title_none", place=place, measure=what)
        return evidence.nothing(context, asked, "target_contact", title, texts("evidence.contact.none"))
    wholes = _wholes(context, asked, rates)
    nation = counts_of(store, (NATION,), asked.year)
    year = words_of.years(context, asked.as_map)
    lines = (*survey.source_lines(context, [rate_rows(store, measure)]), *context.source_lines([nation.attrs["sources"]]))
    return Exhibit(
        id="target_contact",
        title=_title(context, rows, measure),
        subtitle=evidence.marked(context, asked, texts("evidence.contact.subtitle", measure=what, place=place, count=len(rows), year=year)),
        sentence=_sentence(context, rows, wholes, rates, what),
        sources=tuple(dict.fromkeys((*lines, *evidence.sources(context, asked, ONE_PERSON)))),
        cautions=evidence.cautions(
            context, asked, *limits(context, rates.year), texts("evidence.contact.first_rows", count=MOST_ROWS) if len(rows) > MOST_ROWS else ""
        ),
        table=_table(context, rows, wholes, what),
        figure=_figure(context, rows, wholes, chosen),
        settings=evidence.settings(
            context, asked, of_index=False, measure=measure, survey=rates.year,
            rates=f"{rates.alone.share:g}/{rates.alone.n:g} {rates.others.share:g}/{rates.others.n:g}",
        ),
        is_sample=asked.sample,
    )  # fmt: skip


def _rows(store: Store, asked: TargetsAsked, rates: Rates) -> pd.DataFrame | None:
    """One row a district: name, value, lower, upper, alone, one_person, people, state; None where the counts contradict one another."""
    parts = {one: base_rows(store, asked.city, one, asked.year) for one in (ONE_PERSON, *AGES)}
    counts = pd.DataFrame({one: part["value"] for one, part in parts.items()})
    try:
        found = modelled(counts, rates)
    except AnalysisError:
        return None
    rows = pd.DataFrame({"value": found.value, "lower": found.lower, "upper": found.upper, "alone": found.living_alone}, index=counts.index)
    rows["one_person"], rows["people"] = counts[ONE_PERSON], people_15_over(counts)
    rows["name"] = parts[ONE_PERSON]["name"]
    without = pd.DataFrame({one: part["state"] for one, part in parts.items()}).apply(lambda states: _reason(list(states)), axis=1)
    rows["state"] = [estimate_state(*held) for held in zip(rows["one_person"], rows["people"], without, strict=True)]
    hidden = ~rows["state"].isin(SHOWN)
    rows.loc[hidden, ["value", "lower", "upper", "alone"]] = float("nan")
    return rows.rename_axis("area_code")


def _reason(states: list[str]) -> str:
    """Why an estimate is missing: the state of the first count that is."""
    return next((state for state in states if state in (*HATCHED, *EMPTY)), NOT_LOADED)


def _wholes(context: Context, asked: TargetsAsked, rates: Rates) -> pd.DataFrame:
    """The city's districts and the rest of it together, and the nation, modelled the same way: rows `city` and the nation's code."""
    city = pd.DataFrame({one: [city_value(context.store, asked.city, one, asked.year)] for one in (ONE_PERSON, *AGES)}, index=[CITY])
    counts = pd.concat([city, counts_of(context.store, (NATION,), asked.year)])
    found = modelled(counts, rates)
    frame = pd.DataFrame({"value": found.value, "lower": found.lower, "upper": found.upper, "alone": found.living_alone}, index=counts.index)
    frame["one_person"], frame["people"] = counts[ONE_PERSON], people_15_over(counts)
    frame["state"] = [estimate_state(*held) for held in zip(frame["one_person"], frame["people"], strict=True)]
    frame["name"] = [context.texts("evidence.contact.whole"), context.short_area_name(NATION)]
    return frame


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """The highest first, those without a value last."""
    return rows.sort_values(["value", "name"], ascending=[False, True], na_position="last", kind="stable")


def _title(context: Context, rows: pd.DataFrame, measure: str) -> str:
    held = rows["value"].dropna()
    words = {"low": numbers.percent(held.min()), "high": numbers.percent(held.max())}
    key = "evidence.contact.title" if words["low"] != words["high"] else "evidence.contact.title_same"
    return context.texts(key, measure=measure_word(context, measure), **words)


def _sentence(context: Context, rows: pd.DataFrame, wholes: pd.DataFrame, rates: Rates, what: str) -> str:
    texts = context.texts
    held = _ordered(rows[rows["value"].notna()])
    high, low = held.iloc[0], held.iloc[-1]
    city, nation = wholes.loc[CITY], wholes.loc[NATION]
    parts = [
        texts(
            "evidence.contact.rates", measure=what, year=numbers.short_year(rates.year, context.lang), alone=numbers.percent(rates.alone.share),
            others=numbers.percent(rates.others.share),
        )
    ]  # fmt: skip
    ends = {
        "highest": words_of.district_name(context, str(high["name"])), "lowest": words_of.district_name(context, str(low["name"])),
        "high": numbers.percent(high["value"]), "low": numbers.percent(low["value"]),
    }  # fmt: skip
    parts.append(texts("evidence.contact.ends", **ends))
    if not numbers.is_missing(city["value"]):
        parts.append(texts("evidence.contact.of_whole", place=str(city["name"]), value=measured(context, city)))
    if numbers.is_missing(nation["value"]):
        parts.append(texts("evidence.contact.nation_not_held"))
    else:
        parts.append(texts("evidence.contact.of_whole", place=str(nation["name"]), value=measured(context, nation)))
    parts.append(texts("evidence.contact.order"))
    missing = rows[rows["value"].isna()]
    if len(missing):
        parts.append(texts("evidence.contact.missing", names=evidence.named(context, list(missing["name"])), count=len(missing)))
    return evidence.joined(context, parts)


def _figure(context: Context, rows: pd.DataFrame, wholes: pd.DataFrame, chosen: str | None) -> object:
    """City and nation first, quiet; then the districts, the highest first."""
    ordered = pd.concat([wholes, _ordered(rows).head(MOST_ROWS)])
    points, words, names = [], [], []
    for at, (code, row) in enumerate(ordered.iterrows()):
        whole = code in wholes.index
        name = str(row["name"]) if whole else words_of.plain_name(str(row["name"]))
        names.append(f"<b>{name}</b>" if code == chosen else name)
        if numbers.is_missing(row["value"]):
            words.append(Word(at, state_word(context, str(row["state"])), hatched=row["state"] in HATCHED))
            continue
        heading = name if whole else words_of.district_name(context, str(row["name"]))
        points.append(Dot(at, row["value"], row["lower"], row["upper"], numbers.percent(row["value"]), tip(context, heading, row), quiet=whole))
    nation = wholes.at[NATION, "value"]
    beside = NATION if not numbers.is_missing(nation) else CITY
    reference = None if numbers.is_missing(wholes.at[beside, "value"]) else (float(wholes.at[beside, "value"]), str(wholes.at[beside, "name"]))
    return dots(context.look, names, points, words=words, reference=reference)


def _table(context: Context, rows: pd.DataFrame, wholes: pd.DataFrame, what: str) -> Table:
    frame = pd.concat([wholes, _ordered(rows)])
    frame["place"] = frame["name"]
    frame["state"] = [state_word(context, str(state)) for state in frame["state"]]
    frame["code"] = ["" if code == CITY else str(code) for code in frame.index]
    columns = (Column("place", context.texts("frame.column.area")), *estimate_columns(context), Column("code", context.texts("need_map.column.code")))
    return Table(columns, frame[[one.id for one in columns]].reset_index(drop=True), context.texts("evidence.contact.table", measure=what))
