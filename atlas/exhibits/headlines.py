"""The headline figures: each with its change, its definition, its year, its source, and where it is shown in full."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atlas.analysis.change import Verdict, two_proportion_test, verdicts
from atlas.exhibits.context import Context
from atlas.figures import numbers
from atlas.store import observations, projections, registry, surveys
from atlas.store.areas import NATION

SHARE = "one_person_household_share"
OLDER = "older_living_alone_share_of_older"
OLDER_OF_HOUSEHOLDS = "older_one_person_share_of_households"
CONTACT, IN_PERSON, NEVER, NO_ANSWER = "noncohabiting_contact", "in_person", "never", "no_answer"
ISOLATION, ISOLATED, COHABITATION = "isolation_indicator_trial", "contact_less_than_weekly", "cohabitation"
LONELINESS, OFTEN = "loneliness_direct", "often_always"


@dataclass(frozen=True)
class Way:
    """A link to another page: the page's id, the words, what the page shall show."""

    page: str
    label: str
    shows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Headline:
    """One figure to remember. `lines`: its change and what belongs to it, a sentence each; empty value: not held."""

    id: str
    name: str
    value: str
    when: str
    lines: tuple[str, ...]
    definition: str
    source: str
    way: Way


def one_person(context: Context) -> Headline:
    """One-person households: the newest share, since the census before, since the first year held."""
    texts, lang = context.texts, context.lang
    indicator = context.indicator(SHARE)
    rows = observations.series(context.store, SHARE, [NATION])
    held = rows[rows["value"].notna()]
    way = Way("trends", texts("overview.see.trend"), (("indicator", SHARE),))
    name, definition = context.word(indicator, "title"), context.word(indicator, "definition")
    if held.empty:
        return _not_held(context, "one_person", name, definition, way)
    last, first = held.iloc[-1], held.iloc[0]
    lines = []
    if len(held) > 1:
        lines = [_since(context, last, held.iloc[-2]), _since(context, last, first)]
    if pd.notna(last["numerator"]) and pd.notna(last["denominator"]):
        lines.append(texts("overview.one_person.counts", one=numbers.count(last["numerator"]), all=numbers.count(last["denominator"])))
    return Headline(
        "one_person", name, numbers.percent(last["value"]), numbers.year(int(last["year"]), lang), tuple(dict.fromkeys(lines)),
        definition, _source(context, held.tail(1)), way,
    )  # fmt: skip


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
        return _not_held(context, "projection", texts("overview.projection.name_plain"), texts("overview.projection.definition"), way)
    old, new = (int(vintage) for vintage in newest)
    year = int(common.index[-1])
    before, now = float(common.loc[year, old]), float(common.loc[year, new])
    lines = [
        texts("overview.projection.before", vintage=old, value=numbers.percent(before), points=numbers.points(now - before, lang)),
    ]
    passed = table[new].dropna()
    passed = passed[(passed > before) & (passed.index < year)]
    if len(passed):
        lines.append(
            texts(
                "overview.projection.passed", vintage=new, early=numbers.year(int(passed.index[0]), lang), value=numbers.percent(float(passed.iloc[0])),
                old=old, year=numbers.short_year(year, lang),
            )
        )  # fmt: skip
    return Headline(
        "projection", texts("overview.projection.name", year=numbers.short_year(year, lang)), numbers.percent(now),
        texts("overview.projection.when", vintage=new, year=numbers.year(year, lang)), tuple(lines),
        texts("overview.projection.definition"), _source(context, rows[(rows["year"] == year) & rows["vintage"].isin(newest)]), way,
    )  # fmt: skip


def older(context: Context) -> Headline:
    """People of 65 and over who live alone, as a share of people of that age; the other definition named."""
    texts, lang = context.texts, context.lang
    indicator = context.indicator(OLDER)
    rows = observations.series(context.store, OLDER, [NATION])
    held = rows[rows["value"].notna()]
    way = Way("trends", texts("overview.see.older"), (("indicator", OLDER),))
    name, definition = context.word(indicator, "title"), context.word(indicator, "definition")
    if held.empty:
        return _not_held(context, "older", name, definition, way)
    last = held.iloc[-1]
    year = int(last["year"])
    lines = [_since(context, last, held.iloc[-2])] if len(held) > 1 else []
    cells = observations.breakdown(context.store, OLDER, NATION)
    cells = cells[(cells["year"] == year) & cells["age_group"].eq("all")].set_index("sex")["value"]
    if {"male", "female"} <= set(cells.dropna().index):
        lines.append(texts("overview.older.by_sex", men=numbers.percent(float(cells["male"])), women=numbers.percent(float(cells["female"]))))
    other = observations.series(context.store, OLDER_OF_HOUSEHOLDS, [NATION])
    other = other[(other["year"] == year) & other["value"].notna()]
    if len(other):
        lines.append(texts("overview.older.other", value=numbers.percent(float(other["value"].iloc[0])), measure=context.word(context.indicator(OLDER_OF_HOUSEHOLDS), "title")))
    return Headline(
        "older", name, numbers.percent(last["value"]), numbers.year(year, lang), tuple(lines), definition, _source(context, held.tail(1)), way
    )


def contact(context: Context) -> Headline:
    """People who never talk in person with family or friends elsewhere; the change tested, with and without blanks."""
    texts = context.texts
    rows = surveys.answers(context.store, CONTACT, mode=IN_PERSON)
    name, definition = texts("overview.contact.name"), texts("overview.contact.definition")
    way = Way("contact", texts("overview.see.contact"))
    table = rows.pivot_table(index="year", columns="category", values="share")
    if NEVER not in table or table[NEVER].dropna().empty:
        return _not_held(context, "contact", name, definition, way)
    wave = table[NEVER].dropna()
    sizes = rows.drop_duplicates("year").set_index("year")["n"]
    lines = _survey_change(context, wave, sizes)
    first, last = int(wave.index[0]), int(wave.index[-1])
    if NO_ANSWER in table and len(wave) > 1 and table.loc[[first, last], NO_ANSWER].notna().all():
        blanks = table[NO_ANSWER]
        answered = wave / (1 - blanks)
        lines.append(
            texts(
                "overview.contact.blanks", blank_first=numbers.percent(blanks[first]), blank_last=numbers.percent(blanks[last]),
                first=numbers.percent(answered[first]), last=numbers.percent(answered[last]),
                chance=_verdict(context, answered[[first, last]], (sizes * (1 - blanks)).round()),
            )
        )  # fmt: skip
    return Headline("contact", name, numbers.percent(wave[last]), _wave_words(context, last, sizes[last]), tuple(lines), definition, _source(context, rows[rows["year"].isin([first, last])]), way)


def isolation(context: Context) -> Headline:
    """People likely isolated by the official trial index: all, without and with a cohabitant."""
    texts = context.texts
    rows = surveys.answers(context.store, ISOLATION, group_types=("total", COHABITATION))
    rows = rows[rows["category"].eq(ISOLATED) & rows["share"].notna()]
    total = rows[rows["group_type"].eq("total")].sort_values("year")
    name, definition = texts("overview.isolation.name"), texts("overview.isolation.definition")
    way = Way("contact", texts("overview.see.isolation"))
    if total.empty:
        return _not_held(context, "isolation", name, definition, way)
    last = total.iloc[-1]
    year = int(last["year"])
    labels = registry.labels(context.store)
    groups = rows[(rows["year"] == year) & rows["group_type"].eq(COHABITATION)].sort_values("share", ascending=False)
    lines = [
        texts("overview.isolation.group", group=context.word(labels["group", COHABITATION, row.group_id], "title"), value=numbers.percent(row.share), n=_people(row.n))
        for row in groups.itertuples()
    ]
    lines += _survey_change(context, total.set_index("year")["share"], total.set_index("year")["n"])
    return Headline("isolation", name, numbers.percent(last["share"]), _wave_words(context, year, last["n"]), tuple(lines), definition, _source(context, rows), way)


def loneliness(context: Context) -> Headline:
    """People who feel lonely often or always: asked directly, another thing than isolation."""
    texts = context.texts
    rows = surveys.answers(context.store, LONELINESS)
    rows = rows[rows["category"].eq(OFTEN) & rows["share"].notna()].sort_values("year")
    name, definition = texts("overview.loneliness.name"), texts("overview.loneliness.definition")
    way = Way("contact", texts("overview.see.loneliness"))
    if rows.empty:
        return _not_held(context, "loneliness", name, definition, way)
    last = rows.iloc[-1]
    lines = _survey_change(context, rows.set_index("year")["share"], rows.set_index("year")["n"])
    lines.append(texts("overview.loneliness.apart"))
    return Headline("loneliness", name, numbers.percent(last["share"]), _wave_words(context, int(last["year"]), last["n"]), tuple(lines), definition, _source(context, rows), way)


def _since(context: Context, last: pd.Series, before: pd.Series) -> str:
    """The change of a counted share since an earlier year, in points; a remark where rounding would surprise."""
    lang = context.lang
    now, then = float(last["value"]), float(before["value"])
    points = numbers.points(now - then, lang)
    of_rounded = numbers.points(float(numbers.percent(now)[:-1]) / 100 - float(numbers.percent(then)[:-1]) / 100, lang)
    key = "overview.since" if points == of_rounded else "overview.since_unrounded"
    return context.texts(key, year=numbers.year(int(before["year"]), lang), value=numbers.percent(then), points=points)


def _survey_change(context: Context, shares: pd.Series, sizes: pd.Series) -> list[str]:
    """The change from the first wave to the last with the verdict of a test; or that only one wave is held."""
    first, last = int(shares.index[0]), int(shares.index[-1])
    if first == last:
        return [context.texts("overview.one_wave", year=numbers.short_year(last, context.lang))]
    return [
        context.texts(
            "overview.survey_since", year=numbers.short_year(first, context.lang), value=numbers.percent(shares[first]),
            points=numbers.points(shares[last] - shares[first], context.lang), chance=_verdict(context, shares[[first, last]], sizes),
        )
    ]  # fmt: skip


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


def _source(context: Context, rows: pd.DataFrame) -> str:
    """The source lines of the rows as one text, without the word before them."""
    prefix = context.texts("frame.source_prefix")
    lines = [line.removeprefix(prefix).removeprefix("出典：").removeprefix("Source: ") for line in context.source_lines([rows])]
    return context.texts("overview.source_separator").join(lines)


def _not_held(context: Context, identifier: str, name: str, definition: str, way: Way) -> Headline:
    """A figure that this database does not hold: said, not left out."""
    no_value = context.texts("frame.no_value")
    return Headline(identifier, name, no_value, "", (context.texts("overview.not_held"),), definition, no_value, way)
