"""Catalogue: every indicator and source as an entry of facts, and the whole as a table to take away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.news import built_at
from atlas.figures import numbers
from atlas.store import catalogue as held
from atlas.store import registry
from catalog.model import Indicator, Source

WIDELY = 0.9
"""From this share of a level's areas on a year counts as held for all of them (some have no households at all)."""
OTHER_TOPICS = ("survey", "international", "sources", "areas")


@dataclass(frozen=True)
class Fact:
    """One labelled fact of an entry. kind: text, caution, url, or list (many short texts, folded away)."""

    id: str
    label: str
    lines: tuple[str, ...]
    kind: str = "text"


@dataclass(frozen=True)
class Entry:
    """An indicator or a source: title, what is held in a line, marks to see at once, facts."""

    id: str
    kind: str
    topic: str
    title: str
    summary: str
    marks: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass
class _Holdings:
    """What the database holds, by indicator and by source."""

    by_year: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    missing: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    vintages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    read: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    read_by_source: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    breakdowns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)


def topics(context: Context) -> tuple[str, ...]:
    """The topics of the indicators in the registry's order of reading, then everything that is not an indicator."""
    known = dict.fromkeys(one.topic for one in registry.indicators(context.store).values())
    order = [topic for topic in ("households", "older", "family", "population") if topic in known]
    return (*order, *(topic for topic in known if topic not in order), *OTHER_TOPICS)


def entries(context: Context) -> tuple[Entry, ...]:
    """Every indicator, then every source."""
    found = _holdings(context)
    indicators, sources = registry.indicators(context.store), registry.sources(context.store)
    return (
        *(_indicator(context, one, found, indicators, sources) for one in indicators.values()),
        *(_source(context, one, found, indicators) for one in sources.values()),
    )


def catalogue(context: Context) -> Exhibit:
    """The whole catalogue as one table: an entry a row, a fact a column."""
    texts = context.texts
    every = entries(context)
    labels = {fact.id: fact.label for entry in every for fact in entry.facts}
    rows = [
        {
            "kind": texts(f"catalogue.kind.{entry.kind}"),
            "topic": texts(f"catalogue.topic.{entry.topic}"),
            "title": entry.title,
            **{fact.id: " / ".join(fact.lines) for fact in entry.facts},
        }
        for entry in every
    ]
    columns = [Column(name, texts(f"catalogue.column.{name}")) for name in ("kind", "topic", "title")]
    columns += [Column(identifier, label) for identifier, label in labels.items()]
    frame = pd.DataFrame(rows, columns=[column.id for column in columns])
    count = Counter(entry.kind for entry in every)
    title = texts("catalogue.title", indicators=count["indicator"], sources=count["source"])
    return Exhibit("catalogue", title, texts("catalogue.lead"), texts("catalogue.export_sentence"), (), Table(tuple(columns), frame, title))


def build_facts(context: Context) -> tuple[Fact, ...]:
    """Data version, time of the build, schema."""
    info = registry.build_info(context.store)
    words = {"content_hash": context.store.version, "built_at": built_at(context), "schema_version": info.get("schema_version", "")}
    return tuple(Fact(key, context.texts(f"catalogue.build.{key}"), (value or context.texts("catalogue.not_recorded"),)) for key, value in words.items())


def year_runs(years: Iterable[int], lang: str) -> str:
    """1960, 1970, 2003, 2004, 2005 -> 1960、1970、2003～2005; three years in a row or more become a run."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    dash = "～" if lang == "ja" else "-"
    parts = [part for run in runs for part in ([f"{run[0]}{dash}{run[-1]}"] if len(run) > 2 else [str(year) for year in run])]
    return ("、" if lang == "ja" else ", ").join(parts)


def _holdings(context: Context) -> _Holdings:
    store = context.store
    found = _Holdings(breakdowns=held.breakdowns(store), levels=held.areas_of_levels(store))
    for rows, target in (
        (held.held_by_year(store), found.by_year),
        (held.missing(store), found.missing),
        (held.vintages_held(store), found.vintages),
    ):
        for row in rows:
            target[row["indicator_id"]].append(row)
    for row in held.readings(store):
        found.read_by_source[row["source_id"]].append(row)
        if row["indicator_id"] is not None:
            found.read[row["indicator_id"]].append(row)
    return found


def _indicator(context: Context, one: Indicator, found: _Holdings, indicators: Mapping[str, Indicator], sources: Mapping[str, Source]) -> Entry:
    texts, word, separator = context.texts, context.word, context.texts("frame.list_separator")
    years = {row["year"] for row in found.by_year[one.id]}
    vintages = found.vintages[one.id]
    marks, read_facts = _reading(context, found.read[one.id])
    missing = _missing_lines(context, found.missing[one.id])
    above, below = indicators.get(one.numerator or ""), indicators.get(one.denominator or "")
    made = texts("catalogue.made_of", numerator=word(above, "title"), denominator=word(below, "title")) if above and below else ""
    by = separator.join(texts(f"catalogue.by.{name}") for name in found.breakdowns.get(one.id, ()))
    facts = [
        _fact(context, "definition", word(one, "definition")),
        _fact(context, "unit", texts("catalogue.unit", kind=texts(f"catalogue.kinds.{one.kind}"), unit=word(one, "unit"))),
        _fact(context, "made", made),
        _fact(context, "held", *(_held_lines(context, found, one) or [texts("catalogue.held_none")])),
        _fact(context, "projected", *(_vintage_words(context, row) for row in vintages)),
        _fact(context, "by", by),
        _fact(context, "missing", *missing),
        _fact(context, "break", *(f"{part.year}: {word(part, 'reason')}" for part in one.breaks), kind="caution"),
        _fact(context, "caution", word(one, "caution"), kind="caution"),
        _fact(context, "sources", *(word(sources[source], "title") for source in one.sources if source in sources)),
        *read_facts,
        _fact(context, "id", one.id),
    ]
    if not years and not vintages:
        marks = (texts("catalogue.mark.nothing_held"), *marks)
    elif not years:
        marks = (texts("catalogue.mark.projection_only"), *marks)
    if missing:
        marks = (*marks, texts("catalogue.mark.missing"))
    summary = _span(context, min(years), max(years)) if years else ""
    return Entry(one.id, "indicator", one.topic, word(one, "title"), summary, marks, tuple(fact for fact in facts if fact.lines))


def _source(context: Context, one: Source, found: _Holdings, indicators: Mapping[str, Indicator]) -> Entry:
    texts, word = context.texts, context.word
    rows = found.read_by_source[one.id]
    figures = sum(row["figures"] for row in rows)
    marks, read_facts = _reading(context, rows)
    used = dict.fromkeys(row["indicator_id"] for row in rows if row["indicator_id"] in indicators)
    facts = [
        _fact(context, "producer", word(one, "producer")),
        _fact(context, "licence", word(one, "licence")),
        _fact(context, "attribution", word(one, "attribution")),
        _fact(context, "url", one.url or texts("catalogue.not_recorded"), kind="url" if one.url else "text"),
        _fact(context, "processing", word(one, "processing") or texts("catalogue.processing_none")),
        _fact(context, "figures", texts("catalogue.figures", count=numbers.count(figures)) if figures else texts("catalogue.figures_none")),
        _fact(context, "indicators", *(word(indicators[identifier], "title") for identifier in used), kind="list"),
        *read_facts,
        _fact(context, "tried", "" if one.tried_on_real_file else texts("catalogue.not_tried"), kind="caution"),
        _fact(context, "retrieved", one.retrieved or texts("catalogue.not_recorded")),
        _fact(context, "sha256", one.sha256 or texts("catalogue.not_recorded")),
        _fact(context, "id", one.id),
    ]
    if not one.tried_on_real_file:
        marks = (texts("catalogue.mark.not_tried"), *marks)
    if not figures:
        marks = (texts("catalogue.mark.nothing_held"), *marks)
    return Entry(one.id, "source", "sources", word(one, "title"), word(one, "producer"), marks, tuple(fact for fact in facts if fact.lines))


def _fact(context: Context, identifier: str, *lines: str, kind: str = "text") -> Fact:
    return Fact(identifier, context.texts(f"catalogue.fact.{identifier}"), tuple(line for line in lines if line), kind)


def _held_lines(context: Context, found: _Holdings, one: Indicator) -> list[str]:
    """Per level the years held for (nearly) all areas, the years held for some, and the levels without any figure."""
    texts, lines = context.texts, []
    separator = texts("frame.list_separator")
    rows = found.by_year[one.id]
    levels = list(dict.fromkeys([*one.levels, *(row["level"] for row in rows)]))
    for level in levels:
        own = [row for row in rows if row["level"] == level]
        whole = [row for row in own if row["areas"] >= WIDELY * found.levels.get(level, 1)]
        some = [row for row in own if row not in whole]
        if whole:
            count = max(row["areas"] for row in whole)
            key = "catalogue.held" if level == "nation" else "catalogue.held_areas"
            lines.append(_years_of(context, key, level, whole, count))
        if some:
            lines.append(_years_of(context, "catalogue.held_some", level, some, max(row["areas"] for row in some)))
    absent = [texts(f"catalogue.level.{level}") for level in levels if not any(row["level"] == level for row in rows)]
    if absent and lines:
        lines.append(texts("catalogue.held_absent", levels=separator.join(absent)))
    return lines


def _years_of(context: Context, key: str, level: str, rows: Sequence[dict[str, Any]], areas: int) -> str:
    years = year_runs((row["year"] for row in rows), context.lang)
    return context.texts(key, level=context.texts(f"catalogue.level.{level}"), years=years, areas=numbers.count(areas))


def _vintage_words(context: Context, row: Mapping[str, Any]) -> str:
    return context.texts("catalogue.vintage", vintage=row["vintage"], years=_span(context, row["first_year"], row["last_year"]))


def _span(context: Context, first: int, last: int) -> str:
    """The first and the last year, or the only one."""
    if first == last:
        return numbers.short_year(first, context.lang)
    return context.texts("frame.year_span", first=first, last=last)


def _missing_lines(context: Context, rows: Sequence[dict[str, Any]]) -> list[str]:
    """One line a level, status and reason: how many figures are missing, for which years, why."""
    texts = context.texts
    return [
        texts(
            "catalogue.missing",
            status=context.status_word(row["status"]),
            count=numbers.count(row["cells"]),
            level=texts(f"catalogue.level.{row['level']}"),
            years=year_runs(row["years"], context.lang),
            reason=row[f"reason_{context.lang}"] or texts(f"catalogue.no_reason.{row['status']}"),
        )
        for row in rows
    ]


def _reading(context: Context, rows: Sequence[dict[str, Any]]) -> tuple[tuple[str, ...], tuple[Fact, ...]]:
    """How the figures were read: marks, the counts by way of reading, the texts in which they were read."""
    ways: Counter[str] = Counter()
    names: dict[str, None] = {}
    for row in rows:
        way = way_of_reading(row["source_id"], row["verified"], row["read_in"])
        ways[way] += row["figures"]
        if row["read_in"]:
            names.setdefault(row["read_in"])
    lines = [context.texts(f"catalogue.read.{way}", count=numbers.count(ways[way])) for way in READ if ways[way]]
    marks = (context.texts("catalogue.mark.quoted"),) if ways["quoted"] or ways["secondary"] else ()
    return marks, (_fact(context, "read", *lines), _fact(context, "read_in", *names, kind="list"))


READ = ("publication", "file", "computed", "quoted", "secondary")


def way_of_reading(source_id: str, verified: str | None, read_in: str | None) -> str:
    """How a figure was read.

    publication: in the publication itself; file: in the source's own data file (the text read names the data set, or it was
    imported); quoted: in another text; secondary: in another text, the publication not being compared; computed: here.
    """
    if verified is None:
        return "computed"
    if verified == "secondary":
        return "secondary"
    if verified == "file" or (read_in and source_id.upper().replace("_", "-") in read_in):
        return "file"
    return "quoted" if read_in else "publication"
