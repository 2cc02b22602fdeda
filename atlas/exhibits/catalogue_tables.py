"""Catalogue: the smaller tables. Surveys, how the trial index counts, other countries, context figures, changed areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from atlas.exhibits.catalogue import year_runs
from atlas.exhibits.catalogue_words import (
    Panel,
    age_words,
    count_words,
    day_words,
    decimal_words,
    group_words,
    panel_of,
    published_word,
    reading,
    share_words,
    value_words,
)
from atlas.exhibits.context import Context
from atlas.figures import numbers
from atlas.store import catalogue as held
from atlas.store import registry, surveys
from catalog.model import Indicator

NEVER_MARRIED, DEATHS, SUICIDES = ("never_married", "widowed"), ("bodies_", "died_at_home", "isolated_death"), ("suicides",)
CONTACT = "noncohabiting_contact"
SCORE = "contact_score_distribution"
SCORE_VARIANTS = ("including_cohabitants", "excluding_cohabitants")


def panels(context: Context) -> tuple[Panel, ...]:
    """Every table of the catalogue, in reading order."""
    return (
        waves(context),
        questions(context),
        score_weights(context),
        score_distribution(context),
        needs_questions(context),
        *(context_figures(context, name, starts) for name, starts in (("never_married", NEVER_MARRIED), ("deaths", DEATHS), ("suicides", SUICIDES))),
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
            "reference_date": day_words(context, row["reference_date"]),
            "collection_end": day_words(context, row["collection_end"]),
            "published": day_words(context, row["published"]),
            "target": published_word(context, "target", row["target"]),
            "sample_size": count_words(context, row["sample_size"]),
            "valid_n": count_words(context, row["valid_n"]),
            "response_rate": share_words(context, row["response_rate"]),
            "modes": _modes(context, row["mode_share_mail"], row["mode_share_online"]),
            "publisher": row["publisher"],
            "contractor": row["contractor"] if isinstance(row["contractor"], str) else context.texts("catalogue.not_recorded"),
            "answers": numbers.count(answers.get((row["survey"], row["year"]), 0)),
            **reading(context, row["verified"], None),
        }
        for row in sorted(surveys.waves(context.store).to_dict("records"), key=lambda row: (row["survey"] != held.BASIC_SURVEY, row["year"]))
    ]
    return panel_of(context, "waves", "survey", rows, japanese=("publisher", "contractor"))


def questions(context: Context) -> Panel:
    """The survey questions held: years, ways of contact, groupings."""
    labels, separator = registry.labels(context.store), context.texts("frame.list_separator")

    def names(kind: str, ids: Sequence[str], leave_out: str) -> str:
        known = sorted((labels[kind, "", one] for one in ids if (kind, "", one) in labels and one != leave_out), key=lambda label: label.position)
        return separator.join(context.word(label, "title") for label in known) or context.texts("frame.no_value")

    rows = []
    for row in held.questions_held(context.store):
        label = labels.get(("question", "", row["question"]))
        rows.append(
            {
                "question": context.word(label, "title") if label else row["question"],
                "note_column": context.word(label, "note") if label else "",
                "years": context.texts("catalogue.years", years=year_runs(row["years"], context.lang)),
                "modes": names("mode", row["modes"], "all"),
                "groups": names("group_type", row["group_types"], "total"),
                "answers": numbers.count(row["figures"]),
            }
        )
    return panel_of(context, "questions", "survey", rows)


def score_weights(context: Context) -> Panel:
    """How the trial isolation index counts each frequency."""
    labels = registry.labels(context.store)
    known = {row["category"]: row for row in surveys.score_weights(context.store).to_dict("records")}
    order = sorted(known, key=lambda one: labels["category", CONTACT, one].position if ("category", CONTACT, one) in labels else 99)
    rows = [
        {
            "category": context.word(labels["category", CONTACT, one], "title") if ("category", CONTACT, one) in labels else one,
            "weight": decimal_words(context, known[one]["monthly_weight"]),
            "basis": known[one]["basis_ja"] if isinstance(known[one]["basis_ja"], str) else context.texts("frame.no_value"),
        }
        for one in order
    ]
    return panel_of(context, "score_weights", "survey", rows, japanese=("basis",))


def score_distribution(context: Context) -> Panel:
    """The distribution of the trial index, with and without talk at home."""
    labels = registry.labels(context.store)
    found: dict[str, dict[str, str]] = {}
    for row in surveys.score_distribution(context.store).to_dict("records"):
        label = labels.get(("category", SCORE, row["category"]))
        name = context.word(label, "title") if label else row["title_ja"]
        limits = {"from": decimal_words(context, row["score_min"]), "below": decimal_words(context, row["score_max"])}
        empty = dict.fromkeys(SCORE_VARIANTS, context.texts("frame.no_value"))
        cell = found.setdefault(row["category"], {"category": name, **limits, **empty})
        cell[row["variant"]] = context.texts("catalogue.share_and_count", share=numbers.percent(row["share"]), count=numbers.count(row["count"]))
    return panel_of(context, "score_distribution", "survey", list(found.values()))


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
            **reading(context, row["verified"], row["read_in"]),
        }
        for row in held.needs_questions(context.store).to_dict("records")
    ]
    return panel_of(context, "needs", "survey", rows, japanese=("number", "options"))


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
            "value": value_words(context, indicators[row["indicator_id"]], row["value"], row["precision"]),
            "publication": row["publication"],
            **reading(context, row["verified"], row["read_in"]),
        }
        for row in held.figures_of(context.store, list(indicators)).to_dict("records")
    ]
    return panel_of(context, name, "context", rows, notes=_cautions(context, indicators.values()), japanese=("publication",))


def _cautions(context: Context, indicators: Iterable[Indicator]) -> tuple[str, ...]:
    """What to watch, each caution once, with the names of the indicators it is about before it."""
    about: dict[str, list[str]] = {}
    for one in indicators:
        if one.caution_ja:
            about.setdefault(context.word(one, "caution"), []).append(context.word(one, "short"))
    separator, colon = context.texts("frame.list_separator"), context.texts("catalogue.colon")
    return tuple(f"{separator.join(names)}{colon}{caution}" for caution, names in about.items())


def international(context: Context) -> Panel:
    """Answers in other countries, first those that may stand beside Japan's."""
    rows = [
        {
            "country": published_word(context, "country", row["country"]),
            "measure": published_word(context, "measure", row["measure"]),
            "group": group_words(context, row["group_id"]),
            "value": numbers.percent(row["share"]) if not numbers.is_missing(row["share"]) else decimal_words(context, row["value"]),
            "beside": context.texts("catalogue.beside_yes" if row["comparable_with_japan"] else "catalogue.beside_no"),
            "period": published_word(context, "period", row["period"]),
            "population": group_words(context, row["population"]),
            "n": count_words(context, row["n"]),
            "survey": row["survey"],
            **reading(context, row["verified"], row["read_in"]),
        }
        for row in held.international_answers(context.store)
    ]
    return panel_of(context, "international", "international", rows)


def area_changes(context: Context) -> Panel:
    """Municipalities that changed code or name, and how many areas are held."""
    texts, separator = context.texts, context.texts("frame.list_separator")
    rows = [
        {
            "date": day_words(context, row["date"]),
            "kind": texts(f"catalogue.area_change.{row['kind']}"),
            "old": f"{row['old_name_ja']} ({row['old_code']})",
            "new": f"{row['new_name_ja']} ({row['new_code']})",
        }
        for row in held.area_changes(context.store).to_dict("records")
    ]
    levels = {level: count for level, count in held.areas_of_levels(context.store).items() if level != "nation"}
    known = separator.join(texts("catalogue.areas_of", level=texts(f"catalogue.level.{level}"), count=numbers.count(count)) for level, count in levels.items())
    return panel_of(context, "area_changes", "areas", rows, notes=(texts("catalogue.areas_held", levels=known),), japanese=("old", "new"))


def _modes(context: Context, mail: Any, online: Any) -> str:
    if numbers.is_missing(mail) or numbers.is_missing(online):
        return context.texts("catalogue.not_recorded")
    return context.texts("catalogue.modes", mail=numbers.percent(float(mail)), online=numbers.percent(float(online)))
