"""Whole distributions over the waves of a survey: the stacked figure and its table twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Table
from atlas.figures import numbers
from atlas.figures.look import Look
from atlas.figures.stacked import Part, stacked_bars

SMALLEST_REST = 0.02
"""A row whose shares leave more than this open is not held whole; less is rounding."""


@dataclass(frozen=True)
class Wave:
    """One row of the figure: a year and its answers on the chosen base, with intervals; empty when not held."""

    year: int
    rows: pd.DataFrame
    base: str = survey.PUBLISHED

    @property
    def held(self) -> float:
        """The share of the row that is held."""
        return float(self.rows["value"].sum()) if len(self.rows) else 0.0


def waves_of(rows: pd.DataFrame, years: Sequence[int], base: str, deff: float) -> list[Wave]:
    """The answers to one question as one wave a year, held or not."""
    known = survey.with_intervals(survey.on_base(rows, base), deff)
    return [Wave(year, known[known["year"] == year], base) for year in years]


def contact_colours(look: Look, categories: Sequence[str]) -> dict[str, str]:
    """The ordered palette of contact frequency; no answer in grey."""
    ordered = [one for one in categories if one != survey.NO_ANSWER]
    return dict(zip(ordered, look.palette.contact, strict=False)) | {survey.NO_ANSWER: look.palette.no_answer}


def graded_colours(look: Look, categories: Sequence[str]) -> dict[str, str]:
    """A sequential palette, the first category strongest; no answer in grey."""
    ordered = [one for one in categories if one != survey.NO_ANSWER]
    shades = list(reversed(look.palette.sequential))
    chosen = shades[:: 2 if len(ordered) <= 3 else 1]
    return dict(zip(ordered, chosen, strict=False)) | {survey.NO_ANSWER: look.palette.no_answer}


def wave_figure(context: Context, question: str, waves: Sequence[Wave], colours: Mapping[str, str]) -> go.Figure | None:
    """One stacked bar a year, categories in the report's order; what is not held is a dashed box with its word. None: no wave is held."""
    categories = _categories(context, question, waves)
    if not categories:
        return None
    names = [_name(context, wave) for wave in waves]
    parts = []
    for category in categories:
        name = survey.word(context, "category", question, category)
        values, labels, tips = [], [], []
        for wave in waves:
            row = next(survey.each(wave.rows[wave.rows["category"] == category]), None) if len(wave.rows) else None
            value = survey.none_if_missing(row.value) if row is not None else None
            values.append(value)
            labels.append(numbers.percent(value).rstrip("%") if value is not None else "")
            tips.append(_tip(context, wave, name, row) if row is not None else "")
        key = f"contact.short.{category}"
        legend = context.texts(key) if question.endswith("_contact") and context.texts.has(key) else name
        parts.append(Part(legend, colours[category], values, labels, tips, hatched=category == survey.NO_ANSWER))
    missing = [(row, wave.held, context.status_word("not_loaded")) for row, wave in enumerate(waves) if wave.held < 1 - SMALLEST_REST]
    return stacked_bars(context.look, names, parts, missing=missing)


def _categories(context: Context, question: str, waves: Sequence[Wave]) -> list[str]:
    named = {category for wave in waves if len(wave.rows) for category in wave.rows["category"]}
    return survey.in_order(context, "category", question, named)


def _name(context: Context, wave: Wave) -> str:
    name = numbers.short_year(wave.year, context.lang)
    secondary = len(wave.rows) and wave.rows["verified"].eq("secondary").all()
    return context.texts("survey.quoted_year", year=name) if secondary else name


def _tip(context: Context, wave: Wave, name: str, row: Any) -> str:
    return survey.tip(
        context,
        numbers.year(wave.year, context.lang),
        name,
        survey.none_if_missing(row.value),
        survey.none_if_missing(row.lower),
        survey.none_if_missing(row.upper),
        survey.none_if_missing(row.size),
        _state(context, wave, row),
    )


def _state(context: Context, wave: Wave, row: Any) -> str:
    return survey.state(context, row.seen, bool(row.small), wave.base, row.status, row.verified)


def wave_table(context: Context, question: str, waves: Sequence[Wave], caption: str) -> Table:
    """A row a year and category; a wave that is not held has one row with its word."""
    texts = context.texts
    lines: list[dict[str, object]] = []
    for wave in waves:
        first: dict[str, object] = {"year": wave.year, "era": numbers.japanese_year(wave.year)}
        for category in _categories(context, question, [wave]):
            row = next(survey.each(wave.rows[wave.rows["category"] == category]))
            lines.append(
                first
                | {
                    "category": survey.word(context, "category", question, category),
                    "value": row.value,
                    "lower": row.lower,
                    "upper": row.upper,
                    "size": row.size,
                    "state": _state(context, wave, row),
                    "mark": survey.read_mark(context, row.verified),
                }
            )
        if wave.held < 1 - SMALLEST_REST:
            lines.append(
                first
                | {
                    "category": texts("survey.rest" if len(wave.rows) else "survey.all_answers"),
                    "state": context.status_word("not_loaded"),
                    "mark": "",
                }
            )
    columns = [Column("year", texts("frame.column.year"), "year")]
    if context.lang == "ja":
        columns.append(Column("era", texts("frame.column.era")))
    columns += [Column("category", texts("survey.column.answer")), *survey.share_columns(context)]
    ids = [column.id for column in columns]
    return Table(tuple(columns), pd.DataFrame(lines).reindex(columns=ids), caption)
