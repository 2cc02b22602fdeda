"""One share by group or year: points with intervals, their table twin, and the highest and lowest group in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from atlas.analysis.reliability import Visibility
from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Table
from atlas.figures import numbers
from atlas.figures.intervals import Dot, Word, dots

NAMED = ("total", "sex", "age", "age_regroup", "sex_age", "cohabitation_age", "living_alone_sex")
"""Group types whose names can stand within a sentence as they are."""
TWO_SERIES = {"sex_age": ("sex", ("male", "female")), "cohabitation_age": ("cohabitation", ("no_cohabitant", "with_cohabitant"))}
"""Group types that cross two or three groups with age: drawn as two series, a row an age."""


@dataclass(frozen=True)
class Group:
    """One group's share, ready to draw. `row` counts from the top, `series` within the row."""

    name: str
    row: int
    series: int
    short: str
    data: Any


def groups_of(context: Context, rows: pd.DataFrame, group_type: str) -> tuple[list[str], list[Group]]:
    """The names of the rows from top to bottom, and the groups in the report's order."""
    ids = survey.in_order(context, "group", group_type, rows["group_id"])
    by_id = {row.group_id: row for row in survey.each(rows)}
    names, found = [], []
    if group_type not in TWO_SERIES:
        for row, one in enumerate(ids):
            names.append(survey.word(context, "group", group_type, one))
            found.append(Group(names[-1], row, 0, "", by_id[one]))
        return names, found
    _, prefixes = TWO_SERIES[group_type]
    ages = survey.in_order(context, "group", "age", {one.removeprefix(f"{prefix}_") for one in ids for prefix in prefixes if one.startswith(f"{prefix}_")})
    names = [survey.word(context, "group", "age", age) for age in ages]
    for one in ids:
        series = next((number for number, prefix in enumerate(prefixes) if one.startswith(f"{prefix}_")), None)
        if series is not None:
            short = context.texts(f"survey.series.{prefixes[series]}")
            found.append(
                Group(
                    survey.word(context, "group", group_type, one),
                    ages.index(one.removeprefix(f"{prefixes[series]}_")),
                    series,
                    short,
                    by_id[one],
                )
            )
    return names, found


def group_figure(
    context: Context,
    names: Sequence[str],
    groups: Sequence[Group],
    what: str,
    *,
    base: str = survey.PUBLISHED,
    reference: float | None = None,
    missing: Sequence[int] = (),
) -> go.Figure | None:
    """Points with whiskers; withheld shares as a hatched stub with the word. reference: the share of everyone. missing: rows not held."""
    if not groups:
        return None
    points, words = [], [Word(row, context.status_word("not_loaded")) for row in missing]
    for group in groups:
        row = group.data
        condition = _state(context, row, base)
        if row.seen == Visibility.WITHHELD:
            words.append(Word(group.row, f"{group.short} {context.texts('survey.withheld_label')}".strip(), group.series, hatched=True))
            continue
        value, lower, upper = float(row.value), survey.none_if_missing(row.lower), survey.none_if_missing(row.upper)
        quiet = bool(row.small) or row.seen == Visibility.GREYED
        label = f"{group.short} {numbers.percent(value)}".strip() + (context.texts("survey.small_label") if quiet else "")
        text = survey.tip(context, group.name, what, value, lower, upper, survey.none_if_missing(row.size), condition)
        points.append(Dot(group.row, value, lower, upper, label, text, group.series, quiet))
    line = (reference, context.texts("survey.everyone", value=numbers.percent(reference))) if reference is not None else None
    return dots(context.look, names, points, words=words, series=1 + max(group.series for group in groups), reference=line) if points else None


def _state(context: Context, row: Any, base: str) -> str:
    return survey.state(context, row.seen, bool(row.small), base, row.status, row.verified)


def group_table(
    context: Context,
    groups: Sequence[Group],
    caption: str,
    *,
    base: str = survey.PUBLISHED,
    total: pd.DataFrame | None = None,
    missing: Sequence[str] = (),
) -> Table:
    """A row a group with n, interval, status and how it was read; everyone first where given; what is not held with its word."""
    everyone = [(context.texts("survey.all_groups"), row) for row in survey.each(total)] if total is not None else []
    lines: list[dict[str, object]] = [
        {
            "group": name,
            "year": int(row.year),
            "value": row.value,
            "lower": row.lower,
            "upper": row.upper,
            "size": row.size,
            "state": _state(context, row, base),
            "mark": survey.read_mark(context, row.verified),
        }
        for name, row in [*everyone, *((group.name, group.data) for group in groups)]
    ]
    lines += [{"group": name, "state": context.status_word("not_loaded"), "mark": ""} for name in missing]
    columns = (
        Column("group", context.texts("survey.column.group")),
        Column("year", context.texts("frame.column.year"), "year"),
        *survey.share_columns(context),
    )
    return Table(columns, pd.DataFrame(lines).reindex(columns=[column.id for column in columns]), caption)


def ends(groups: Sequence[Group]) -> tuple[Group, Group] | None:
    """The groups with the lowest and the highest share, among those shown without reserve. None: fewer than two.

    Groups listed separately (別掲; a bracket in their id) overlap with the others and are not ranked.
    """
    sure = [one for one in groups if one.data.seen == Visibility.SHOWN and not one.data.small and "(" not in str(one.data.group_id)]
    if len(sure) < 2:
        return None
    ordered = sorted(sure, key=lambda one: float(one.data.value))
    return ordered[0], ordered[-1]


def told(context: Context, groups: Sequence[Group]) -> str:
    """The groups in words: all of them when there are two or three, else the highest and the lowest."""
    seen = [one for one in groups if one.data.seen != Visibility.WITHHELD]
    extremes = ends(groups)
    if len(groups) <= 3 or extremes is None:
        chosen, key = seen[:3], "survey.told.each"
    else:
        chosen, key = [extremes[1], extremes[0]], "survey.told.ends"
    words = [
        context.texts(
            "survey.told.one",
            group=phrase(context, one),
            n=numbers.count(float(one.data.size)),
            value=survey.measured(context, float(one.data.value), one.data.lower, one.data.upper),
        )
        for one in chosen
    ]
    if key == "survey.told.ends":
        return context.texts(key, highest=words[0], lowest=words[1])
    return context.texts(key, groups=context.texts("frame.list_separator").join(words)) if words else ""


def short_of(context: Context, group: Group) -> dict[str, str]:
    """A group's name and share for a title."""
    return {"group": phrase(context, group), "value": numbers.percent(float(group.data.value))}


def phrase(context: Context, group: Group) -> str:
    """A group as it stands within a sentence: 男性70～79歳, 同居人がいない人, else its answer in quotation marks."""
    key = f"survey.people.{group.data.group_type}.{group.data.group_id}"
    if context.texts.has(key):
        return context.texts(key)
    if group.data.group_type in NAMED:
        return group.name.replace(" ", "") if context.lang == "ja" else survey.inside(context, group.name)
    return context.texts("survey.quoted_group", group=group.name)
