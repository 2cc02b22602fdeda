"""Headline figures on people living alone: the newest share, what is projected, people of 65 and over."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.headlines import SHARE, Headline, Way, not_held, source_words
from atlas.figures import numbers
from atlas.store import observations, projections
from atlas.store.areas import NATION

OLDER = "older_living_alone_share_of_older"
OLDER_OF_HOUSEHOLDS = "older_one_person_share_of_households"


def one_person(context: Context) -> Headline:
    """One-person households: the newest share, since the census before, since the first year held."""
    texts, lang = context.texts, context.lang
    indicator = context.indicator(SHARE)
    rows = observations.series(context.store, SHARE, [NATION])
    held = rows[rows["value"].notna()]
    way = Way("trends", texts("overview.see.trend"), (("indicator", SHARE),))
    name, definition = context.word(indicator, "title"), context.word(indicator, "definition")
    if held.empty:
        return not_held(context, "one_person", name, definition, way)
    last, first = held.iloc[-1], held.iloc[0]
    lines = []
    if len(held) > 1:
        lines = [_since(context, last, held.iloc[-2]), _since(context, last, first)]
    if pd.notna(last["numerator"]) and pd.notna(last["denominator"]):
        lines.append(texts("overview.one_person.counts", one=numbers.count(last["numerator"]), all=numbers.count(last["denominator"])))
    return Headline(
        "one_person",
        name,
        numbers.percent(last["value"]),
        numbers.year(int(last["year"]), lang),
        tuple(dict.fromkeys(lines)),
        definition,
        source_words(context, held.tail(1)),
        way,
    )


def projection(context: Context) -> Headline:
    """The last year that the two newest projections have in common, both values named by their vintage."""
    texts, lang = context.texts, context.lang
    rows = projections.vintages(context.store, SHARE)
    rows = rows[~rows["is_base_year"].astype(bool)]
    table = rows.pivot_table(index="year", columns="vintage", values="value")
    newest = sorted(table.columns)[-2:]
    common = table[newest].dropna()
    way = Way("trends", texts("overview.see.projection"), (("indicator", SHARE),))
    if len(newest) < 2 or common.empty:
        return not_held(context, "projection", texts("overview.projection.name_plain"), texts("overview.projection.definition"), way)
    old, new = (int(vintage) for vintage in newest)
    year = int(common.index[-1])
    before, now = common[old].tolist()[-1], common[new].tolist()[-1]
    lines = [
        texts("overview.projection.before", vintage=old, value=numbers.percent(before), points=numbers.points(now - before, lang)),
    ]
    passed = table[new].dropna()
    passed = passed[(passed > before) & (passed.index < year)]
    if len(passed):
        lines.append(
            texts(
                "overview.projection.passed",
                vintage=new,
                early=numbers.year(int(passed.index.tolist()[0]), lang),
                value=numbers.percent(passed.tolist()[0]),
                old=old,
                year=numbers.short_year(year, lang),
            )
        )
    return Headline(
        "projection",
        texts("overview.projection.name", year=numbers.short_year(year, lang)),
        numbers.percent(now),
        texts("overview.projection.when", vintage=new, year=numbers.year(year, lang)),
        tuple(lines),
        texts("overview.projection.definition"),
        source_words(context, rows[(rows["year"] == year) & rows["vintage"].isin(newest)]),
        way,
        projected=True,
    )


def older(context: Context) -> Headline:
    """People of 65 and over who live alone, as a share of people of that age; the other definition named."""
    texts, lang = context.texts, context.lang
    indicator = context.indicator(OLDER)
    rows = observations.series(context.store, OLDER, [NATION])
    held = rows[rows["value"].notna()]
    way = Way("trends", texts("overview.see.older"), (("indicator", OLDER),))
    name, definition = context.word(indicator, "title"), context.word(indicator, "definition")
    if held.empty:
        return not_held(context, "older", name, definition, way)
    last = held.iloc[-1]
    year = int(last["year"])
    lines = [_since(context, last, held.iloc[-2])] if len(held) > 1 else []
    cells = observations.breakdown(context.store, OLDER, NATION)
    cells = cells[(cells["year"] == year) & cells["age_group"].eq("all") & cells["value"].notna()]
    by_sex = dict(zip(cells["sex"], cells["value"], strict=True))
    if {"male", "female"} <= set(by_sex):
        lines.append(texts("overview.older.by_sex", men=numbers.percent(by_sex["male"]), women=numbers.percent(by_sex["female"])))
    other = observations.series(context.store, OLDER_OF_HOUSEHOLDS, [NATION])
    other = other[(other["year"] == year) & other["value"].notna()]
    if len(other):
        lines.append(
            texts(
                "overview.older.other",
                value=numbers.percent(float(other["value"].iloc[0])),
                measure=context.word(context.indicator(OLDER_OF_HOUSEHOLDS), "title"),
            )
        )
    return Headline(
        "older",
        name,
        numbers.percent(last["value"]),
        numbers.year(year, lang),
        tuple(lines),
        definition,
        source_words(context, held.tail(1)),
        way,
    )


def _since(context: Context, last: pd.Series, before: pd.Series) -> str:
    """The change of a counted share since an earlier year, in points; a remark where rounding would surprise."""
    lang = context.lang
    now, then = float(last["value"]), float(before["value"])
    points = numbers.points(now - then, lang)
    of_rounded = numbers.points(float(numbers.percent(now)[:-1]) / 100 - float(numbers.percent(then)[:-1]) / 100, lang)
    key = "overview.since" if points == of_rounded else "overview.since_unrounded"
    return context.texts(key, year=numbers.year(int(before["year"]), lang), value=numbers.percent(then), points=points)
