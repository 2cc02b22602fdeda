"""One school district in figures: each beside its city, with rank, provenance, and what an index is made of there."""

from __future__ import annotations

from dataclasses import dataclass

from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import Layer, by_people, census_years, held, is_own
from atlas.exhibits.need_index import index_of
from atlas.exhibits.need_map import INDEX, Asked, layer_of
from atlas.exhibits.need_map_words import TOLD_SHARE, difference_words, district_name, indicator_word, missing_parts, value_words
from atlas.figures import numbers
from atlas.store import geography

NOT_BESIDE = ("population_known_age", "general_household_members", "nuclear_family_households", "older_couple_households", "households_with_65_over")
"""Counts that only serve as parts of others."""


@dataclass(frozen=True)
class Fact:
    """One figure of the district in words. chosen: the one on the map."""

    label: str
    value: str
    difference: str
    rank: str
    chosen: bool = False


@dataclass(frozen=True)
class Part:
    """One indicator's part in the index; `correlation`: its own with the index over all districts."""

    label: str
    weight: str
    correlation: str
    contribution: str
    share: float


@dataclass(frozen=True)
class Profile:
    """A district: its name, the figures, the parts of the index, where the figures come from."""

    name: str
    lead: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    parts_note: str
    notes: tuple[str, ...]


def district_profile(context: Context, *, asked: Asked, code: str) -> Profile:
    """The district's figures in the census asked for."""
    texts, city = context.texts, code.split("-")[0]
    layer = layer_of(context, asked)
    row = layer.rows.loc[code]
    facts = [_fact(context, asked, code, layer_words=True)] if asked.before is not None else []
    for indicator_id, years in held(context.store, city).items():
        if asked.year in years and indicator_id not in NOT_BESIDE:
            facts.append(_fact(context, Asked((city,), indicator_id, asked.year), code, chosen=indicator_id == asked.indicator and asked.before is None))
        elif is_own(indicator_id) and asked.year in census_years(held(context.store, city)):
            facts.append(_fact(context, Asked((city,), indicator_id, years[-1]), code, own_year=True))
    facts.sort(key=lambda fact: not fact.chosen)
    parts, note = _parts(context, asked, code) if asked.indicator == INDEX else ((), "")
    lead = texts("need_map.profile.year", year=numbers.year(asked.year, context.lang), held=len(geography.shapes(context.store, city, "school_district")))
    notes = (*_notes(context, code, row["split_share"], row["merged_share"]), *_other_weighting(context, asked, layer, code))
    return Profile(district_name(context, str(row["name"])), lead, tuple(facts), parts, note, notes)


def _fact(context: Context, asked: Asked, code: str, *, chosen: bool = False, layer_words: bool = False, own_year: bool = False) -> Fact:
    layer = layer_of(context, asked)
    row = layer.rows.loc[code]
    difference = row.get("difference", float("nan"))
    label = layer.measure.short
    return Fact(
        context.texts("need_map.profile.own", measure=label, year=numbers.short_year(asked.year, context.lang)) if own_year else label,
        value_words(context, layer, row["value"], str(row["state"])),
        "" if numbers.is_missing(difference) else difference_words(context, layer, difference),
        "" if numbers.is_missing(row["rank"]) else context.texts("need_map.profile.rank", rank=numbers.count(row["rank"])),
        chosen or layer_words,
    )


def _parts(context: Context, asked: Asked, code: str) -> tuple[tuple[Part, ...], str]:
    """The parts of the index, largest weight first, or why there is none."""
    texts = context.texts
    index = index_of(context.store, asked.cities, asked.year, asked.index) if asked.index else None
    if index is None:
        return (), texts("need_map.index.all_zero")
    if code in index.missing:
        return (), missing_parts(context, asked, code)
    geometric = index.aggregation == "geometric"
    most = float(index.contributions.loc[code].abs().max()) or 1.0
    parts = []
    for indicator in index.contributions.columns:
        value = float(index.contributions.loc[code, indicator])
        words = numbers.percent(value, 0) if geometric else numbers.count(value, 2 if index.normaliser == "z" else 1)
        weight, correlation = numbers.percent(float(index.weights[indicator]), 0), numbers.signed(float(index.correlation[indicator]), 2)
        parts.append(Part(indicator_word(context, indicator), weight, correlation or texts("frame.no_value"), words, max(value / most, 0.0)))
    score = texts(
        "need_map.profile.score",
        score=numbers.count(float(index.score[code]), 2 if index.normaliser == "z" else 1),
        rank=numbers.count(float(index.rank[code])),
        held=int(index.score.notna().sum()),
    )
    return tuple(parts), score + texts("need_map.profile.after_score") + texts(f"need_map.index.sum_{index.aggregation}")


def _other_weighting(context: Context, asked: Asked, layer: Layer, code: str) -> tuple[str, ...]:
    """What the figure would be with small areas shared out by people instead of by area, and how far that is from it."""
    if asked.indicator == INDEX or asked.before is not None:
        return ()
    values = by_people(context.store, code.split("-")[0], asked.indicator, asked.year)
    if code not in values.index:
        return ()
    own, other = float(layer.rows.at[code, "value"]), float(values[code])
    words = {"own": layer.measure.words(own), "other": layer.measure.words(other), "difference": difference_words(context, layer, other - own)}
    return (context.texts("need_map.profile.by_people", measure=layer.measure.short, **words),)


def _notes(context: Context, code: str, split: float, merged: float) -> tuple[str, ...]:
    texts = context.texts
    notes = []
    from_list = geography.made_from_list(context.store, code.split("-")[0])
    if from_list:
        notes.append(texts("need_map.profile.from_list"))
    if not numbers.is_missing(split) and (split >= TOLD_SHARE or not from_list):
        notes.append(texts("need_map.profile.split", share=numbers.percent(split)) if split >= TOLD_SHARE else texts("need_map.profile.no_split"))
    if not numbers.is_missing(merged) and merged >= TOLD_SHARE:
        notes.append(texts("need_map.profile.merged", share=numbers.percent(merged)))
    places = geography.places(context.store, code.split("-")[0])
    count = int((places["district_code"] == code).sum())
    if count:
        notes.append(texts("need_map.profile.places", count=count))
    return tuple(notes)
