"""Headline figures of the survey of connections: contact, isolation and loneliness, kept apart."""

from __future__ import annotations

import pandas as pd

from atlas.analysis.change import Verdict, two_proportion_test, verdicts
from atlas.exhibits.context import Context
from atlas.exhibits.headlines import Headline, Way, not_held, source_words
from atlas.figures import numbers
from atlas.store import registry, surveys

CONTACT, IN_PERSON, NEVER, NO_ANSWER = "noncohabiting_contact", "in_person", "never", "no_answer"
ISOLATION, ISOLATED, COHABITATION = "isolation_indicator_trial", "contact_less_than_weekly", "cohabitation"
LONELINESS, OFTEN = "loneliness_direct", "often_always"


def contact(context: Context) -> Headline:
    """People who never talk in person with family or friends elsewhere; the change tested, with and without blanks."""
    texts = context.texts
    rows = surveys.answers(context.store, CONTACT, mode=IN_PERSON)
    name, definition = texts("overview.contact.name"), texts("overview.contact.definition")
    way = Way("contact", texts("overview.see.contact"))
    table = rows.pivot_table(index="year", columns="category", values="share")
    if NEVER not in table or table[NEVER].dropna().empty:
        return not_held(context, "contact", name, definition, way)
    wave = table[NEVER].dropna()
    sizes = rows.drop_duplicates("year").set_index("year")["n"]
    lines = _survey_change(context, wave, sizes)
    first, last = int(wave.index[0]), int(wave.index[-1])
    if NO_ANSWER in table and len(wave) > 1 and table.loc[[first, last], NO_ANSWER].notna().all():
        blanks = table[NO_ANSWER]
        answered = wave / (1 - blanks)
        lines.append(
            texts(
                "overview.contact.blanks",
                blank_first=numbers.percent(blanks[first]),
                blank_last=numbers.percent(blanks[last]),
                first=numbers.percent(answered[first]),
                last=numbers.percent(answered[last]),
                chance=_verdict(context, answered[[first, last]], (sizes * (1 - blanks)).round()),
            )
        )
    return Headline(
        "contact",
        name,
        numbers.percent(wave[last]),
        _wave_words(context, last, sizes[last]),
        tuple(lines),
        definition,
        source_words(context, rows[rows["year"].isin([first, last])]),
        way,
    )


def isolation(context: Context) -> Headline:
    """People likely isolated by the official trial index: all, without and with a cohabitant."""
    texts = context.texts
    rows = surveys.answers(context.store, ISOLATION, group_types=("total", COHABITATION))
    rows = rows[rows["category"].eq(ISOLATED) & rows["share"].notna()]
    total = rows[rows["group_type"].eq("total")].sort_values("year")
    name, definition = texts("overview.isolation.name"), texts("overview.isolation.definition")
    way = Way("contact", texts("overview.see.isolation"))
    if total.empty:
        return not_held(context, "isolation", name, definition, way)
    last = total.iloc[-1]
    year = int(last["year"])
    labels = registry.labels(context.store)
    groups = rows[(rows["year"] == year) & rows["group_type"].eq(COHABITATION)].sort_values("share", ascending=False)
    lines = [
        texts(
            "overview.isolation.group",
            group=context.word(labels["group", COHABITATION, row["group_id"]], "title"),
            value=numbers.percent(row["share"]),
            n=_people(row["n"]),
        )
        for row in groups.to_dict("records")
    ]
    lines += _survey_change(context, total.set_index("year")["share"], total.set_index("year")["n"])
    return Headline(
        "isolation",
        name,
        numbers.percent(last["share"]),
        _wave_words(context, year, last["n"]),
        tuple(lines),
        definition,
        source_words(context, rows),
        way,
    )


def loneliness(context: Context) -> Headline:
    """People who feel lonely often or always: asked directly, another thing than isolation."""
    texts = context.texts
    rows = surveys.answers(context.store, LONELINESS)
    rows = rows[rows["category"].eq(OFTEN) & rows["share"].notna()].sort_values("year")
    name, definition = texts("overview.loneliness.name"), texts("overview.loneliness.definition")
    way = Way("contact", texts("overview.see.loneliness"))
    if rows.empty:
        return not_held(context, "loneliness", name, definition, way)
    last = rows.iloc[-1]
    lines = _survey_change(context, rows.set_index("year")["share"], rows.set_index("year")["n"])
    lines.append(texts("overview.loneliness.apart"))
    return Headline(
        "loneliness",
        name,
        numbers.percent(last["share"]),
        _wave_words(context, int(last["year"]), last["n"]),
        tuple(lines),
        definition,
        source_words(context, rows),
        way,
    )


def _survey_change(context: Context, shares: pd.Series, sizes: pd.Series) -> list[str]:
    """The change from the first wave to the last with the verdict of a test; or that only one wave is held."""
    first, last = int(shares.index[0]), int(shares.index[-1])
    if first == last:
        return [context.texts("overview.one_wave", year=numbers.short_year(last, context.lang))]
    return [
        context.texts(
            "overview.survey_since",
            year=numbers.short_year(first, context.lang),
            value=numbers.percent(shares[first]),
            points=numbers.points(shares[last] - shares[first], context.lang),
            chance=_verdict(context, shares[[first, last]], sizes),
        )
    ]


def _verdict(context: Context, shares: pd.Series, sizes: pd.Series) -> str:
    """Whether the last share differs from the first by more than chance, in words."""
    first, last = shares.index[0], shares.index[-1]
    tested = two_proportion_test(float(shares[last]), _size(sizes.get(last)), float(shares[first]), _size(sizes.get(first)))
    found = verdicts([tested])[0]
    return context.texts(f"overview.verdict.{found.value if isinstance(found, Verdict) else 'not_tested'}")


def _size(value: object) -> float | None:
    return None if numbers.is_missing(value) else float(value)  # type: ignore[arg-type]


def _people(value: object) -> str:
    return "" if numbers.is_missing(value) else numbers.count(float(value))  # type: ignore[arg-type]


def _wave_words(context: Context, year: int, size: object) -> str:
    key = "overview.wave" if not numbers.is_missing(size) else "overview.wave_without_size"
    return context.texts(key, year=numbers.year(year, context.lang), n=_people(size))
