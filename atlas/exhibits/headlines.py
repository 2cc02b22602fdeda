"""A headline figure: what it is made of, and what all of them need."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atlas.exhibits.context import Context

SHARE = "one_person_household_share"


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
    projected: bool = False


def source_words(context: Context, rows: pd.DataFrame) -> str:
    """The source lines of the rows as one text, without the word before them."""
    prefix = context.texts("frame.source_prefix")
    lines = [line.removeprefix(prefix).removeprefix("出典：").removeprefix("Source: ") for line in context.source_lines([rows])]
    return context.texts("overview.source_separator").join(lines)


def not_held(context: Context, identifier: str, name: str, definition: str, way: Way) -> Headline:
    """A figure that this database does not hold: said, not left out."""
    no_value = context.texts("frame.no_value")
    return Headline(identifier, name, no_value, "", (context.texts("overview.not_held"),), definition, no_value, way)
