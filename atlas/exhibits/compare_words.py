"""One municipality's share in words: the finding, the sentence, the profile."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from atlas.exhibits.context import Context
from atlas.exhibits.field import OLDER_TOPIC, Field, field_of, share_words
from atlas.figures import numbers
from atlas.store.areas import NATION
from catalog.model import Indicator

LEVEL_BELOW = 0.0005
"""Differences that print as 0.0 points are called level."""


@dataclass(frozen=True)
class Fact:
    """One line of a municipality's profile: what, the figure, a remark."""

    label: str
    figure: str
    remark: str


def profile(context: Context, *, indicator_id: str, area_code: str, year: int) -> tuple[Fact, ...]:
    """Where the municipality stands, in four figures; fewer where a comparison cannot be made."""
    texts, lang = context.texts, context.lang
    field = field_of(context.store, indicator_id, year)
    own = field.places[area_code]
    if not own.is_shown:
        return ()
    facts = []
    for code in (NATION, own.parent_code):
        if not isnan(field.whole(code)):
            name = context.short_area_name(code)
            label = texts("compare.profile.difference", place=name)
            facts.append(Fact(label, numbers.points(own.shown - field.whole(code), lang), f"{name} {numbers.percent(field.whole(code))}"))
    label = texts("compare.profile.rank", held=numbers.count(field.held))
    rank = texts("compare.profile.rank_value", rank=numbers.count(own.rank))
    facts.append(Fact(label, rank, texts("compare.profile.percentile", percentile=percentile_words(field.percentile(area_code)))))
    if field.before_year is not None and not isnan(own.change):
        before = numbers.short_year(field.before_year, lang)
        label = texts("compare.profile.change", year=before)
        facts.append(Fact(label, numbers.points(own.change, lang), f"{before} {numbers.percent(own.before)}"))
    return tuple(facts)


def percentile_words(percentile: float) -> str:
    """A percentile as printed: whole, with one decimal near the ends, and never 0 or 100, which nobody has."""
    inside = min(max(percentile, 0.1), 99.9)
    return numbers.count(inside, 0 if 1 <= inside <= 99 else 1)


def higher_or_lower(context: Context, difference: float, key: str, **values: object) -> str:
    """`key`.higher, .lower or .level, with the size of the difference in points."""
    word = "level" if abs(difference) < LEVEL_BELOW else "higher" if difference > 0 else "lower"
    return context.texts(f"{key}.{word}", points=numbers.count(abs(difference) * 100, 1), **values)


def finding(context: Context, indicator: Indicator, field: Field, area_code: str) -> str:
    """The title: the share and how far it is from the nation's; without the comparison where too many ages are unknown."""
    own, nation = field.places[area_code], field.whole(NATION)
    place, value = context.short_area_name(area_code), share_words(context, indicator, own)
    start = {"place": place, "measure": context.word(indicator, "short"), "value": value}
    if not own.is_shown:
        return context.texts("compare.beside.title_none", year=numbers.short_year(field.year, context.lang), **start)
    if own.flagged and indicator.topic == OLDER_TOPIC:
        return context.texts("compare.beside.title_flagged", **start)
    if isnan(nation):
        return context.texts("compare.beside.title_alone", **start)
    return higher_or_lower(context, own.shown - nation, "compare.beside.title", **start)


def in_words(context: Context, indicator: Indicator, field: Field, area_code: str, peer_codes: tuple[str, ...]) -> str:
    """The figure in words: the share, against nation and prefecture, rank, among peers, change."""
    texts = context.texts
    own = field.places[area_code]
    place, measure, year = context.area_name(area_code), context.word(indicator, "short"), numbers.year(field.year, context.lang)
    if not own.is_shown:
        return _why_none(context, indicator, field, area_code)
    parts = [texts("compare.beside.sentence", place=place, measure=measure, year=year, value=share_words(context, indicator, own))]
    for code in (NATION, own.parent_code):
        whole = field.whole(code)
        if not isnan(whole):
            name, value = context.area_name(code), numbers.percent(whole)
            parts.append(higher_or_lower(context, own.shown - whole, "compare.beside.against", place=name, value=value))
    percentile = percentile_words(field.percentile(area_code))
    parts.append(texts("compare.beside.standing", held=numbers.count(field.held), rank=numbers.count(own.rank), percentile=percentile))
    alike = [field.places[code].shown for code in peer_codes if field.places[code].is_shown]
    if alike:
        rank, low, high = sum(share > own.shown for share in alike) + 1, numbers.percent(min(alike)), numbers.percent(max(alike))
        parts.append(texts("compare.beside.among_peers", count=len(alike), rank=rank, all=len(alike) + 1, low=low, high=high))
    if field.before_year is not None and not isnan(own.change):
        before = numbers.short_year(field.before_year, context.lang)
        parts.append(higher_or_lower(context, own.change, "compare.beside.change", year=before, value=numbers.percent(own.before)))
    return texts("frame.sentence_separator").join(parts)


def _why_none(context: Context, indicator: Indicator, field: Field, area_code: str) -> str:
    """The sentence of a municipality without a share: no households, too few, or not held."""
    own = field.places[area_code]
    values = {
        "place": context.area_name(area_code),
        "year": numbers.year(field.year, context.lang),
        "measure": context.word(indicator, "short"),
    }
    if own.visibility is not None:
        counts = {"numerator": numbers.count(own.numerator), "denominator": numbers.count(own.denominator)}
        return context.texts("compare.beside.few", **counts, **values)
    if own.denominator == 0:
        base = context.word(context.indicator(indicator.denominator or indicator.id), "short")
        return context.texts("compare.beside.empty_base", base=base, **values)
    return context.texts("compare.beside.none", status=context.status_word(own.status), **values)
