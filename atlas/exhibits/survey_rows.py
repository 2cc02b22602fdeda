"""What all survey exhibits share: words of the registry, base, intervals, what may be shown, sources with pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from atlas.analysis.intervals import answered_base, wilson_interval
from atlas.analysis.reliability import Visibility, rate_visibility
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column
from atlas.figures import numbers
from atlas.store import registry, surveys

PUBLISHED, ANSWERED = "published", "answered"
BASES = (PUBLISHED, ANSWERED)
NO_ANSWER = "no_answer"
BASIC_SURVEY = "cao_tsunagari_basic_survey"
SOURCE = "cao_tsunagari_survey"
SMALL_GROUP = 50
"""Groups with fewer respondents are marked as reference only (参考), as the report does."""
KEYS = ["year", "mode", "group_type", "group_id"]
_PAGE = re.compile(r"^p(?P<page>\d+(?:-\d+)?)(?: fig(?P<figure>[\d/-]+))?")
_REPORT = "調査報告書」"


def word(context: Context, kind: str, scope: str, identifier: str, field: str = "title") -> str:
    """The survey's word for a question, mode, category, group type or group; its id where there is none."""
    label = registry.labels(context.store).get((kind, scope, identifier))
    return context.word(label, field) if label else identifier


def in_order(context: Context, kind: str, scope: str, identifiers: Iterable[str]) -> list[str]:
    """Ids in the order of the report."""
    known = registry.labels(context.store)
    return sorted(set(identifiers), key=lambda one: known[(kind, scope, one)].position if (kind, scope, one) in known else 999)


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows one by one, their columns as attributes."""
    return iter(rows.itertuples())


def inside(context: Context, words: str) -> str:
    """A title as it stands within a sentence: in English with a small first letter, unless it is an abbreviation."""
    return words[:1].lower() + words[1:] if context.lang == "en" and not words[1:2].isupper() else words


def group_note(context: Context, group_type: str) -> str:
    """What has to be known about a kind of group: one-person households are not the people who live with no one."""
    label = registry.labels(context.store).get(("group_type", "", "cohabitation" if group_type == "cohabitation_age" else group_type))
    return context.word(label, "note") if label else ""


def wave_years(context: Context) -> list[int]:
    """The waves of the basic survey whose report is held."""
    waves = surveys.waves(context.store)
    own = waves[(waves["survey"] == BASIC_SURVEY) & waves["valid_n"].notna()]
    return [int(year) for year in own["year"]]


def on_base(rows: pd.DataFrame, base: str) -> pd.DataFrame:
    """The rows with `value` and `size`: share and n as published, or with the blanks left out (rows of no answer are dropped)."""
    rows = rows.assign(value=rows["share"].astype(float), size=pd.to_numeric(rows["n"]).astype(float))
    if base == PUBLISHED or rows.empty:
        return rows
    blanks = rows[rows["category"] == NO_ANSWER].set_index(KEYS)["value"]
    answered = rows[rows["category"] != NO_ANSWER]
    left_out = answered.set_index(KEYS).index.map(blanks.to_dict()).to_numpy(float)
    result = answered_base(answered["value"].to_numpy(float), left_out, answered["size"].to_numpy(float))
    return answered.assign(value=result.share, size=result.n)


def one_share(rows: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """One row a group and year: the categories' shares added, all else from the first of them. A group lacking one is left out."""
    own = rows[rows["category"].isin(categories)]
    if own.empty:
        return own
    counted = own.groupby(KEYS, sort=False)
    whole = own[own["category"] == categories[0]].set_index(KEYS)
    total = counted["value"].sum()[counted["category"].nunique() == len(categories)]
    return whole.loc[whole.index.isin(total.index)].assign(value=total).reset_index()


def with_intervals(rows: pd.DataFrame, deff: float) -> pd.DataFrame:
    """The rows with `lower`, `upper`, `seen` (shown, greyed, withheld) and `small`; a withheld share is emptied."""
    if rows.empty:
        return rows.assign(lower=[], upper=[], seen=[], small=[])
    limits = wilson_interval(rows["value"].to_numpy(float), rows["size"].to_numpy(float), deff)
    seen = [rate_visibility(value, size) or Visibility.SHOWN for value, size in zip(rows["value"], rows["size"], strict=True)]
    hidden = np.array([one == Visibility.WITHHELD for one in seen])
    return rows.assign(
        lower=np.where(hidden, np.nan, limits.lower),
        upper=np.where(hidden, np.nan, limits.upper),
        value=np.where(hidden, np.nan, rows["value"]),
        seen=[str(one) for one in seen],
        small=rows["size"] < SMALL_GROUP,
    )


def none_if_missing(value: float) -> float | None:
    """A float, or None where there is none."""
    return None if numbers.is_missing(value) else float(value)


def state(context: Context, seen: str, small: bool, base: str = PUBLISHED, status: str = "observed", verified: object = "yes") -> str:
    """The word for how a share stands: withheld, uncertain, reference only, computed, quoted, published."""
    texts = context.texts
    if seen == Visibility.WITHHELD:
        return texts("survey.state.withheld")
    parts = [texts("survey.state.answered") if base == ANSWERED else context.status_word(status)]
    if verified in ("secondary", "derived"):
        parts = [texts(f"frame.verified.{verified}")]
    if small:
        parts.append(texts("survey.state.small"))
    if seen == Visibility.GREYED:
        parts.append(texts("survey.state.greyed"))
    return texts("frame.list_separator").join(parts)


def read_mark(context: Context, verified: object) -> str:
    """How a figure was read, where not simply in the publication."""
    key = f"frame.verified.{verified}"
    return context.texts(key) if context.texts.has(key) else ""


def span(context: Context, lower: float, upper: float) -> str:
    """An interval in words: 8.8～9.9%."""
    return context.texts("survey.span", lower=numbers.percent(lower).rstrip("%"), upper=numbers.percent(upper))


def measured(context: Context, value: float, lower: float, upper: float) -> str:
    """A share with its interval in words: 9.3%（95%信頼区間 8.8～9.9%）."""
    if numbers.is_missing(lower):
        return numbers.percent(value)
    return context.texts("survey.measured", value=numbers.percent(value), span=span(context, lower, upper))


def tip(
    context: Context,
    heading: str,
    what: str,
    value: float | None,
    lower: float | None,
    upper: float | None,
    n: float | None,
    condition: str,
) -> str:
    """A tooltip: heading, value, interval, n, status; the same words as in the table."""
    texts = context.texts
    lines = [f"<b>{heading}</b>", what + (f" {numbers.percent(value)}" if value is not None else "")]
    if lower is not None and upper is not None:
        lines.append(texts("survey.tip.interval", span=span(context, lower, upper)))
    if not numbers.is_missing(n):
        lines.append(texts("survey.tip.n", n=numbers.count(float(n or 0))))
    return "<br>".join([*lines, condition])


def share_columns(context: Context) -> tuple[Column, ...]:
    """The columns every table of survey shares ends with."""
    texts = context.texts
    return (
        Column("value", texts("survey.column.share"), "percent", 1),
        Column("lower", texts("survey.column.lower"), "percent", 1),
        Column("upper", texts("survey.column.upper"), "percent", 1),
        Column("size", texts("survey.column.n"), "count"),
        Column("state", texts("frame.column.status")),
        Column("mark", texts("frame.column.read")),
    )


def deff_note(context: Context, deff: float) -> str:
    """How the intervals were computed."""
    return context.texts("survey.deff_one" if deff == 1 else "survey.deff_more", deff=f"{deff:g}")


def source_lines(context: Context, frames: Iterable[pd.DataFrame], extra: Iterable[str] = ()) -> tuple[str, ...]:
    """The survey's credit lines, and where in its report the figures stand."""
    frames = [frame for frame in frames if len(frame)]
    places: dict[tuple[int, str], str] = {}
    for frame in frames:
        for publication, note in frame[["publication", "note"]].drop_duplicates().itertuples(index=False):
            title, _, after = str(publication).partition(_REPORT)
            found = (_PAGE.match(note) if isinstance(note, str) and after != title else None) or _PAGE.match(after.strip())
            if found:
                key = "survey.page_figure" if found["figure"] else "survey.page"
                places[(int(found["page"].split("-")[0]), found["figure"] or "")] = context.texts(key, page=found["page"], figure=found["figure"])
    listed = [places[place] for place in sorted(places)]
    lines = [context.texts("survey.report", pages=context.texts("frame.list_separator").join(listed))] if listed else []
    return context.source_lines(frames, [*lines, *extra])
