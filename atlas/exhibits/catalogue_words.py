"""Catalogue: a table, and the words of its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Table
from atlas.exhibits.news import day
from atlas.figures import numbers
from catalog.model import Indicator


@dataclass(frozen=True)
class Panel:
    """A table of the catalogue under its topic. `japanese`: columns whose words exist in Japanese only."""

    id: str
    topic: str
    title: str
    notes: tuple[str, ...]
    table: Table
    japanese: tuple[str, ...] = ()


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


def panel_of(context: Context, name: str, topic: str, rows: list[dict[str, str]], *, notes: tuple[str, ...] = (), japanese: tuple[str, ...] = ()) -> Panel:
    """The rows with the columns' titles; a column is there when a row has it."""
    texts = context.texts
    title = texts(f"catalogue.panel.{name}.title")
    ids = list(dict.fromkeys(key for row in rows for key in row))
    columns = tuple(Column(key, texts("catalogue.fact.read_in" if key == "read_in" else f"catalogue.panel.{name}.{key}")) for key in ids)
    lead = texts(f"catalogue.panel.{name}.note")
    return Panel(name, topic, title, (lead, *notes), Table(columns, pd.DataFrame(rows, columns=ids), title), japanese if context.lang != "ja" else ())


def published_word(context: Context, group: str, value: Any) -> str:
    """The words for something the published table names in English; the name itself where there are none."""
    if not isinstance(value, str):
        return context.texts("catalogue.not_recorded")
    key = f"catalogue.{group}." + re.sub(r"\W+", "_", value).strip("_").lower()
    return context.texts(key) if context.texts.has(key) else value


def group_words(context: Context, value: Any) -> str:
    """A group of people: an age, or another word of the published table."""
    if not isinstance(value, str):
        return context.texts("catalogue.not_recorded")
    key = f"catalogue.group.{value}"
    return context.texts(key) if context.texts.has(key) else age_words(context, value)


def reading(context: Context, verified: Any, read_in: Any) -> dict[str, str]:
    """Two cells: whether a figure is quoted, else how it was read (a dash: in the publication); and the text it was read in."""
    texts = context.texts
    text = read_in if isinstance(read_in, str) else ""
    key = f"frame.verified.{verified}"
    if verified == "secondary":
        mark = texts("catalogue.quoted_unseen")
    elif text:
        mark = texts("catalogue.quoted")
    else:
        mark = texts(key) if texts.has(key) else texts("frame.no_value")
    return {"mark": mark, "read_in": text}


def value_words(context: Context, indicator: Indicator, value: float, precision: str) -> str:
    """A value with its unit and no more digits than were published."""
    if indicator.kind == "share":
        return numbers.percent(value, {"1": 0, "0.1": 1, "0.01": 2}.get(precision, indicator.decimals))
    key = "catalogue.amount_ten_thousand" if precision == "10 thousand" else "catalogue.amount"
    return context.texts(key, count=numbers.count(value), ten_thousands=numbers.count(value / 10_000), unit=context.word(indicator, "unit"))


def day_words(context: Context, value: Any) -> str:
    """A date in words, or that none is recorded."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return context.texts("catalogue.not_recorded")
    return day(value, context.lang)


def count_words(context: Context, value: Any) -> str:
    """A count, or that none is recorded."""
    return context.texts("catalogue.not_recorded") if numbers.is_missing(value) else numbers.count(float(value))


def share_words(context: Context, value: Any) -> str:
    """A share, or that none is recorded."""
    return context.texts("catalogue.not_recorded") if numbers.is_missing(value) else numbers.percent(float(value))


def decimal_words(context: Context, value: Any) -> str:
    """A number with one decimal, or the sign for none."""
    return context.texts("frame.no_value") if numbers.is_missing(value) else numbers.count(float(value), 1)
