"""Participation and support: activities people take part in, people they can rely on, help they get or would give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.survey_change import change_sentences, change_title, compare_waves
from atlas.exhibits.survey_waves import Wave, graded_colours, wave_figure, wave_table, waves_of
from atlas.figures import numbers
from atlas.figures.bars import Bars, grouped_bars
from atlas.store import surveys

ACTIVITIES = "social_participation"
ANY, NONE = "any_participation", "no_participation"
TOPICS = {
    "has_reliable_person": "no",
    "has_consultation_partner": "no",
    "support_from_government_npo": "receiving",
    "would_help_others": "would",
    "has_casual_talk_partner": "no",
    "help_from_family_friends": "receiving",
}
"""The questions on support, with the answer whose change is told."""


def participation(context: Context, *, deff: float = 1.0) -> Exhibit:
    """What people take part in (several answers, so never stacked), a bar a wave held; the change of taking part in any is tested."""
    texts = context.texts
    years = survey.wave_years(context)
    rows = surveys.answers(context.store, ACTIVITIES)
    known = survey.with_intervals(survey.on_base(rows, survey.PUBLISHED), deff)
    held = sorted({int(year) for year in known["year"]}, reverse=True)
    inside = [one for one in survey.in_order(context, "category", ACTIVITIES, rows["category"]) if one not in (ANY, NONE, survey.NO_ANSWER)]
    order = [ANY, NONE, *inside, survey.NO_ANSWER]
    names = [survey.word(context, "category", ACTIVITIES, one) for one in order]
    series = [_bars(context, known[known["year"] == year], order, names, year, accent=year == held[0]) for year in held]
    share = known[known["category"] == ANY]
    who = texts("participation.who")
    comparisons = compare_waves(share, years, "all", deff)
    latest = known[known["year"] == held[0]].set_index("category")
    sentence = [
        texts(
            "participation.latest",
            year=numbers.year(held[0], context.lang),
            n=numbers.count(latest["size"].max()),
            any=_measured(context, latest.loc[ANY]),
            none=_measured(context, latest.loc[NONE]),
        ),
        *change_sentences(context, comparisons, who),
    ]
    return Exhibit(
        id="participation",
        title=texts(
            "participation.title",
            any=numbers.percent(float(latest["value"][ANY])),
            none=numbers.percent(float(latest["value"][NONE])),
            year=numbers.short_year(held[0], context.lang),
        ),
        subtitle=texts("participation.subtitle", years=texts("frame.year_span", first=held[-1], last=held[0])),
        sentence=texts("frame.sentence_separator").join(sentence),
        sources=survey.source_lines(context, [rows]),
        cautions=tuple(
            part
            for part in (
                survey.word(context, "question", "", ACTIVITIES, "note"),
                _missing(context, years, held),
                survey.deff_note(context, deff),
            )
            if part
        ),
        table=wave_table(context, ACTIVITIES, [Wave(year, known[known["year"] == year]) for year in years], texts("participation.caption")),
        figure=grouped_bars(context.look, names, series, hatched=(len(order) - 1,)),
        settings={"deff": f"{deff:g}"},
    )


def _measured(context: Context, row: Any) -> str:
    return survey.measured(context, row["value"], row["lower"], row["upper"])


def _bars(context: Context, rows: pd.DataFrame, order: Sequence[str], names: Sequence[str], year: int, *, accent: bool) -> Bars:
    own = rows.set_index("category").reindex(list(order))
    values, lowers, uppers = ([survey.none_if_missing(one) for one in own[column]] for column in ("value", "lower", "upper"))
    shown = numbers.short_year(year, context.lang)
    tips = [
        survey.tip(context, numbers.year(year, context.lang), name, value, lower, upper, n, context.status_word("observed"))
        for name, value, lower, upper, n in zip(names, values, lowers, uppers, own["size"], strict=True)
    ]
    return Bars(values, lowers, uppers, [f"{shown} {numbers.percent(value)}" if value is not None else "" for value in values], tips, accent)


def _missing(context: Context, years: Sequence[int], held: Sequence[int]) -> str:
    named = [numbers.short_year(year, context.lang) for year in years if year not in held]
    return context.texts("contact.missing", years=context.texts("frame.list_separator").join(named)) if named else ""


def support(context: Context, *, topic: str = "has_reliable_person", deff: float = 1.0) -> Exhibit:
    """One question on support, a stacked bar a wave; the change of the answer named in `TOPICS` is tested where waves allow it."""
    texts = context.texts
    years = survey.wave_years(context)
    rows = surveys.answers(context.store, topic)
    waves = waves_of(rows, years, survey.PUBLISHED, deff)
    share = survey.with_intervals(survey.one_share(survey.on_base(rows, survey.PUBLISHED), (TOPICS[topic],)), deff)
    who = texts(f"participation.support.{topic}")
    comparisons = compare_waves(share, years, "all", deff)
    question = survey.word(context, "question", "", topic)
    latest = share.iloc[-1]
    base = survey.inside(context, survey.word(context, "base", "", str(latest["base"])))
    year = int(latest["year"])
    first = texts(
        "participation.support_latest",
        who=who,
        year=numbers.year(year, context.lang),
        base=base,
        n=numbers.count(latest["size"]),
        value=_measured(context, latest),
    )
    categories = survey.in_order(context, "category", topic, rows["category"])
    plain = texts("participation.support_title", who=who, year=numbers.short_year(year, context.lang), value=numbers.percent(latest["value"]))
    return Exhibit(
        id="support",
        title=change_title(context, comparisons, who) or plain,
        subtitle=texts("participation.support_subtitle", question=question, base=base, years=texts("frame.year_span", first=years[0], last=years[-1])),
        sentence=texts("frame.sentence_separator").join([first, *change_sentences(context, comparisons, who)]),
        sources=survey.source_lines(context, [rows]),
        cautions=tuple(
            part
            for part in (
                survey.word(context, "question", "", topic, "note"),
                _missing(context, years, sorted(set(rows["year"]))),
                survey.deff_note(context, deff),
            )
            if part and part != topic
        ),
        table=wave_table(context, topic, waves, question),
        figure=wave_figure(context, topic, waves, graded_colours(context.look, categories)),
        settings={"topic": topic, "deff": f"{deff:g}"},
        height=340,
    )
