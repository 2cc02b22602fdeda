"""Did it change? Comparisons of survey waves named beforehand, tested where wave, question and base are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atlas.analysis.change import ShareDifference, Verdict, two_proportion_test, verdicts
from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.figures import numbers

SEPARATE_UNTIL = {"sns_email": 2022}
"""SNS and e-mail were asked apart until this wave: no comparison across it."""


@dataclass(frozen=True)
class Comparison:
    """The later wave against the earlier one. `why` says why there is no test; else `result` and `verdict` hold it."""

    earlier: int
    later: int
    share_earlier: float | None = None
    share_later: float | None = None
    why: str = ""
    result: ShareDifference | None = None
    verdict: Verdict | None = None


def compare_waves(shares: pd.DataFrame, waves: Sequence[int], mode: str, deff: float) -> list[Comparison]:
    """Latest wave against the first and against the one before, Holm-adjusted together.

    shares: year, value, size, base. waves: every wave of the survey, held or not.
    """
    if len(waves) < 2:
        return []
    held: dict[int, Any] = {int(row.year): row for row in survey.each(shares) if not numbers.is_missing(row.value)}
    latest = waves[-1]
    named = list(dict.fromkeys((waves[0], waves[-2])))
    reasons = {year: _why(held, year, latest, mode) for year in named}
    tested = [year for year in named if not reasons[year]]
    results = [two_proportion_test(held[latest].value, held[latest].size, held[year].value, held[year].size, deff) for year in tested]
    found = dict(zip(tested, zip(results, verdicts(results), strict=True), strict=True))
    return [
        Comparison(year, latest, held[year].value, held[latest].value, result=found[year][0], verdict=found[year][1])
        if year in found
        else Comparison(year, latest, why=reasons[year])
        for year in named
    ]


def _why(held: dict[int, Any], earlier: int, later: int, mode: str) -> str:
    """Why two waves are not tested; empty where they may be."""
    if SEPARATE_UNTIL.get(mode, 0) >= earlier:
        return "asked_apart"
    for year in (later, earlier):
        if year not in held:
            return "not_held"
    before, after = held[earlier], held[later]
    if before.base != after.base:
        return "other_base"
    if any(numbers.is_missing(one.size) for one in (before, after)):
        return "no_n"
    return ""


def change_sentences(context: Context, comparisons: Sequence[Comparison], who: str) -> list[str]:
    """A sentence a comparison: what the test allows to say, or why there is no test."""
    texts, lang = context.texts, context.lang
    sentences = []
    for why in dict.fromkeys(one.why for one in comparisons if one.why):
        named = [numbers.short_year(one.earlier, lang) for one in comparisons if one.why == why]
        sentences.append(texts(f"survey.why.{why}", earlier=texts("frame.list_separator").join(named)))
    for one in comparisons:
        years = {"earlier": numbers.short_year(one.earlier, lang), "later": numbers.short_year(one.later, lang)}
        if one.result is None or one.verdict is None or one.share_earlier is None or one.share_later is None:
            continue
        sentences.append(
            texts(
                f"survey.change.{one.verdict.value}",
                who=who,
                before=numbers.percent(one.share_earlier),
                after=numbers.percent(one.share_later),
                difference=numbers.points(one.result.difference, lang),
                span=_points_span(context, one.result),
                **years,
            )
        )
    return sentences


def change_title(context: Context, comparisons: Sequence[Comparison], who: str) -> str:
    """The finding in a line: a tested change since the first wave, or that none is clear. Empty where nothing was tested."""
    texts, lang = context.texts, context.lang
    tested = [one for one in comparisons if one.verdict is not None]
    if not tested:
        return ""
    one = tested[0]
    return texts(
        f"survey.title.{one.verdict.value if one.verdict else ''}",
        who=who,
        earlier=numbers.short_year(one.earlier, lang),
        later=numbers.short_year(one.later, lang),
        before=numbers.percent(one.share_earlier or 0),
        after=numbers.percent(one.share_later or 0),
    )


def _points_span(context: Context, result: ShareDifference) -> str:
    lower, upper = (numbers.points(limit, context.lang) for limit in (result.lower, result.upper))
    unit = context.texts("survey.points_unit")
    return context.texts("survey.span", lower=lower.removesuffix(unit), upper=upper)
