"""Catalogue: the smaller tables. Surveys, how the trial index counts, other countries, context figures, changed areas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atlas.exhibits.catalogue import year_runs
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Table
from atlas.exhibits.news import day
from atlas.figures import numbers
from atlas.store import catalogue as held
from atlas.store import registry, surveys
from catalog.model import Indicator

NEVER_MARRIED, DEATHS, SUICIDES = ("never_married", "widowed"), ("bodies_", "died_at_home", "isolated_death"), ("suicides",)
CONTACT = "noncohabiting_contact"
SCORE = "contact_score_distribution"
SCORE_VARIANTS = ("including_cohabitants", "excluding_cohabitants")


@dataclass(frozen=True)
class Panel:
    """A table of the catalogue under its topic. `japanese`: columns whose words exist in Japanese only."""

    id: str
    topic: str
    title: str
    notes: tuple[str, ...]
    table: Table
    japanese: tuple[str, ...] = ()


def panels(context: Context) -> tuple[Panel, ...]:
    """Every table of the catalogue, in reading order."""
    return (
        waves(context),
        questions(context),
        score_weights(context),
        score_distribution(context),
        needs_questions(context),
        *(
            context_figures(context, name, starts)
            for name, starts in (("never_married", NEVER_MARRIED), ("deaths", DEATHS), ("suicides", SUICIDES))
        ),
        international(context),
        area_changes(context),
    )


def waves(context: Context) -> Panel:
    """Every survey wave: dates, sample, valid answers, response, who did it."""
    answers = held.answers_by_wave(context.store)
    rows = [
        {
            "title_column": row[f"title_{context.lang}"],
            "year": numbers.year(row["year"], context.lang),
            "reference_date": _day(context, row["reference_date"]),
            "collection_end": _day(context, row["collection_end"]),
            "published": _day(context, row["published"]),
            "target": _word(context, "target", row["target"]),
            "sample_size": _count(context, row["sample_size"]),
            "valid_n": _count(context, row["valid_n"]),
            "response_rate": _share(context, row["response_rate"]),
            "modes": _modes(context, row["mode_share_mail"], row["mode_share_online"]),
            "publisher": row["publisher"],
            "contractor": row["contractor"] if isinstance(row["contractor"], str) else context.texts("catalogue.not_recorded"),
            "answers": numbers.count(answers.get((row["survey"], row["year"]), 0)),
            "mark": _mark(context, row["verified"], None),
        }
        for row in sorted(
            surveys.waves(context.store).to_dict("records"), key=lambda row: (row["survey"] != held.BASIC_SURVEY, row["year"])
        )
    ]
    return _panel(context, "waves", "survey", rows, japanese=("publisher", "contractor"))


def questions(context: Context) -> Panel:
    """The survey questions held: years, ways of contact, groupings."""
    labels, separator = registry.labels(context.store), context.texts("frame.list_separator")

    def names(kind: str, ids: Sequence[str], leave_out: str) -> str:
        known = sorted(
            (labels[kind, "", one] for one in ids if (kind, "", one) in labels and one != leave_out), key=lambda label: label.position
        )
        return separator.join(context.word(label, "title") for label in known) or context.texts("frame.no_value")

    rows = []
    for row in held.questions_held(context.store):
        label = labels.get(("question", "", row["question"]))
        rows.append(
            {
                "question": context.word(label, "title") if label else row["question"],
                "note_column": context.word(label, "note") if label else "",
                "years": year_runs(row["years"], context.lang),
                "modes": names("mode", row["modes"], "all"),
                "groups": names("group_type", row["group_types"], "total"),
                "answers": numbers.count(row["figures"]),
            }
        )
    return _panel(context, "questions", "survey", rows)


def score_weights(context: Context) -> Panel:
    """How the trial isolation index counts each frequency."""
    labels = registry.labels(context.store)
    known = {row["category"]: row for row in surveys.score_weights(context.store).to_dict("records")}
    order = sorted(known, key=lambda one: labels["category", CONTACT, one].position if ("category", CONTACT, one) in labels else 99)
    rows = [
        {
            "category": context.word(labels["category", CONTACT, one], "title") if ("category", CONTACT, one) in labels else one,
            "weight": _decimal(context, known[one]["monthly_weight"]),
            "basis": known[one]["basis_ja"] if isinstance(known[one]["basis_ja"], str) else context.texts("frame.no_value"),
        }
        for one in order
    ]
    return _panel(context, "score_weights", "survey", rows, japanese=("basis",))


def score_distribution(context: Context) -> Panel:
    """The distribution of the trial index, with and without talk at home."""
    labels = registry.labels(context.store)
    found: dict[str, dict[str, str]] = {}
    for row in surveys.score_distribution(context.store).to_dict("records"):
        label = labels.get(("category", SCORE, row["category"]))
        name = context.word(label, "title") if label else row["title_ja"]
        limits = {"from": _decimal(context, row["score_min"]), "below": _decimal(context, row["score_max"])}
        empty = dict.fromkeys(SCORE_VARIANTS, context.texts("frame.no_value"))
        cell = found.setdefault(row["category"], {"category": name, **limits, **empty})
        cell[row["variant"]] = context.texts(
            "catalogue.share_and_count", share=numbers.percent(row["share"]), count=numbers.count(row["count"])
        )
    return _panel(context, "score_distribution", "survey", list(found.values()))


def needs_questions(context: Context) -> Panel:
    """The questions of the standard needs survey that ask about contact."""
    texts = context.texts
    rows = [
        {
            "number": row["question_no"],
            "question": row[f"question_{context.lang}"],
            "type": texts(f"catalogue.question_type.{row['type']}"),
            "requirement": texts(f"catalogue.requirement.{row['requirement']}"),
            "options": "／".join(row["options_ja"].split("|")) if isinstance(row["options_ja"], str) else texts("frame.no_value"),
            "mark": _mark(context, row["verified"], row["read_in"]),
        }
        for row in held.needs_questions(context.store).to_dict("records")
    ]
    return _panel(context, "needs", "survey", rows, japanese=("number", "options"))


def context_figures(context: Context, name: str, starts: tuple[str, ...]) -> Panel:
    """The figures of some context indicators as they were published: place, year, sex, age, value, where read."""
    indicators = {key: one for key, one in registry.indicators(context.store).items() if one.topic == "context" and key.startswith(starts)}
    rows = [
        {
            "measure": context.word(indicators[row["indicator_id"]], "title"),
            "area": context.area_name(row["area_code"]),
            "year": numbers.year(row["year"], context.lang),
            "sex": context.texts(f"catalogue.sex.{row['sex']}"),
            "age": age_words(context, row["age_group"]),
            "value": _value(context, indicators[row["indicator_id"]], row["value"], row["precision"]),
            "publication": row["publication"],
            "mark": _mark(context, row["verified"], row["read_in"]),
        }
        for row in held.figures_of(context.store, list(indicators)).to_dict("records")
    ]
    colon = context.texts("catalogue.colon")
    cautions = dict.fromkeys(
        f"{context.word(one, 'short')}{colon}{context.word(one, 'caution')}" for one in indicators.values() if one.caution_ja
    )
    return _panel(context, name, "context", rows, notes=tuple(cautions), japanese=("publication",))


def international(context: Context) -> Panel:
    """Answers in other countries, first those that may stand beside Japan's."""
    rows = [
        {
            "country": _word(context, "country", row["country"]),
            "measure": _word(context, "measure", row["measure"]),
            "group": _group(context, row["group_id"]),
            "value": numbers.percent(row["share"]) if not numbers.is_missing(row["share"]) else _decimal(context, row["value"]),
            "beside": context.texts("catalogue.beside_yes" if row["comparable_with_japan"] else "catalogue.beside_no"),
            "period": _word(context, "period", row["period"]),
            "population": _group(context, row["population"]),
            "n": _count(context, row["n"]),
            "survey": row["survey"],
            "mark": _mark(context, row["verified"], row["read_in"]),
        }
        for row in held.international_answers(context.store)
    ]
    return _panel(context, "international", "international", rows)


def area_changes(context: Context) -> Panel:
    """Municipalities that changed code or name, and how many areas are held."""
    texts, separator = context.texts, context.texts("frame.list_separator")
    rows = [
        {
            "date": _day(context, row["date"]),
            "kind": texts(f"catalogue.area_change.{row['kind']}"),
            "old": f"{row['old_name_ja']} ({row['old_code']})",
            "new": f"{row['new_name_ja']} ({row['new_code']})",
        }
        for row in held.area_changes(context.store).to_dict("records")
    ]
    levels = {level: count for level, count in held.areas_of_levels(context.store).items() if level != "nation"}
    known = separator.join(
        texts("catalogue.areas_of", level=texts(f"catalogue.level.{level}"), count=numbers.count(count)) for level, count in levels.items()
    )
    return _panel(context, "area_changes", "areas", rows, notes=(texts("catalogue.areas_held", levels=known),), japanese=("old", "new"))


def age_words(context: Context, age: object) -> str:
    """15-19 -> 15～19歳, 80+ -> 80歳以上, under_50 -> 50歳未満, all -> 総数."""
    texts, text = context.texts, str(age)
    if texts.has(f"catalogue.age.{text}"):
        return texts(f"catalogue.age.{text}")
    for pattern, key in ((r"under_(\d+)", "under"), (r"([\d/]+)\+", "over"), (r"(\d+)-(\d+)", "span"), (r"(\d+)", "one")):
        match = re.fullmatch(pattern, text)
        if match:
            return texts(f"catalogue.age.words.{key}", **dict(zip(("first", "last"), match.groups(), strict=False)))
    return text


def _panel(
    context: Context, name: str, topic: str, rows: list[dict[str, str]], *, notes: tuple[str, ...] = (), japanese: tuple[str, ...] = ()
) -> Panel:
    """The rows with the columns' titles; a column is there when a row has it."""
    texts = context.texts
    title = texts(f"catalogue.panel.{name}.title")
    ids = list(dict.fromkeys(key for row in rows for key in row))
    columns = tuple(Column(key, texts(f"catalogue.panel.{name}.{key}")) for key in ids)
    lead = texts(f"catalogue.panel.{name}.note")
    return Panel(
        name, topic, title, (lead, *notes), Table(columns, pd.DataFrame(rows, columns=ids), title), japanese if context.lang != "ja" else ()
    )


def _word(context: Context, group: str, value: Any) -> str:
    """The words for something the published table names in English; the name itself where there are none."""
    if not isinstance(value, str):
        return context.texts("catalogue.not_recorded")
    key = f"catalogue.{group}." + re.sub(r"\W+", "_", value).strip("_").lower()
    return context.texts(key) if context.texts.has(key) else value


def _group(context: Context, value: Any) -> str:
    if not isinstance(value, str):
        return context.texts("catalogue.not_recorded")
    key = f"catalogue.group.{value}"
    return context.texts(key) if context.texts.has(key) else age_words(context, value)


def _mark(context: Context, verified: Any, read_in: Any) -> str:
    """Whether a figure is quoted and from where; else how it was read; a dash where it was read in the publication."""
    texts = context.texts
    if verified == "secondary" or isinstance(read_in, str):
        quoted = texts("catalogue.quoted_unseen" if verified == "secondary" else "catalogue.quoted")
        return texts("catalogue.quoted_from", mark=quoted, text=read_in) if isinstance(read_in, str) else quoted
    key = f"frame.verified.{verified}"
    return texts(key) if texts.has(key) else texts("frame.no_value")


def _value(context: Context, indicator: Indicator, value: float, precision: str) -> str:
    """A value with its unit and no more digits than were published."""
    if indicator.kind == "share":
        return numbers.percent(value, {"1": 0, "0.1": 1, "0.01": 2}.get(precision, indicator.decimals))
    key = "catalogue.amount_ten_thousand" if precision == "10 thousand" else "catalogue.amount"
    return context.texts(key, count=numbers.count(value), ten_thousands=numbers.count(value / 10_000), unit=context.word(indicator, "unit"))


def _day(context: Context, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return context.texts("catalogue.not_recorded")
    return day(value, context.lang)


def _count(context: Context, value: Any) -> str:
    return context.texts("catalogue.not_recorded") if numbers.is_missing(value) else numbers.count(float(value))


def _share(context: Context, value: Any) -> str:
    return context.texts("catalogue.not_recorded") if numbers.is_missing(value) else numbers.percent(float(value))


def _decimal(context: Context, value: Any) -> str:
    return context.texts("frame.no_value") if numbers.is_missing(value) else numbers.count(float(value), 1)


def _modes(context: Context, mail: Any, online: Any) -> str:
    if numbers.is_missing(mail) or numbers.is_missing(online):
        return context.texts("catalogue.not_recorded")
    return context.texts("catalogue.modes", mail=numbers.percent(float(mail)), online=numbers.percent(float(online)))
