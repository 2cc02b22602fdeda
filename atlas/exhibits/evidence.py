"""What all exhibits of the evidence behind an order of districts share: the sample's mark, settings, what stands there where nothing can be shown."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import Layer, held
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_map import INDEX, Asked, layer_of
from atlas.exhibits.target_order import TargetsAsked
from atlas.store import registry
from atlas.store.database import Store

HARDLY = 1e-9
"""Less than this is rounding of floats, no difference."""


def marked(context: Context, asked: TargetsAsked, text: str) -> str:
    """The text, with the sample's mark before it where the data are fictional."""
    return f"{context.texts('need_map.sample_mark')}{text}" if asked.sample else text


def cautions(context: Context, asked: TargetsAsked, *more: str) -> tuple[str, ...]:
    """The sample's caution first, then these; empty ones are left out."""
    first = (context.texts("targets.sample_caution"),) if asked.sample else ()
    return (*first, *(one for one in more if one))


def settings(context: Context, asked: TargetsAsked, *, of_index: bool = True, **more: object) -> dict[str, str]:
    """The choices that made an exhibit, for exports. of_index: whether the index is part of it."""
    index = {
        "index": " ".join(f"{one}={weight:g}" for one, weight in asked.index.used.items()),
        "normaliser": asked.index.normaliser,
        "aggregation": asked.index.aggregation,
    }
    sample = {"sample": context.texts("frame.sample")} if asked.sample else {}
    return {"city": asked.city, "year": str(asked.year), **(index if of_index else {}), **{name: str(value) for name, value in more.items()}, **sample}


def nothing(context: Context, asked: TargetsAsked, identifier: str, title: str, sentence: str) -> Exhibit:
    """An exhibit that says what is not there and what to do."""
    empty = Table((Column("place", context.texts("need_map.column.place")),), pd.DataFrame({"place": []}), title)
    return Exhibit(
        id=identifier, title=title, subtitle="", sentence=sentence, sources=(), table=empty, cautions=cautions(context, asked),
        settings=settings(context, asked), is_sample=asked.sample,
    )  # fmt: skip


def shares_held(store: Store, city: str, year: int) -> tuple[str, ...]:
    """Shares with both counts that the city's districts have in this census."""
    known = registry.indicators(store)
    return tuple(one for one, years in held(store, city).items() if year in years and known[one].kind == "share" and known[one].numerator)


def question(asked: TargetsAsked, indicator: str) -> Asked:
    """The same question to the need map: the index, or one indicator."""
    return asked.as_map if indicator == INDEX else Asked((asked.city,), indicator, asked.year, None, None, asked.sample)


def layer(context: Context, asked: TargetsAsked, indicator: str) -> Layer:
    """The values of the index or of one indicator, as the need map has them."""
    return layer_of(context, question(asked, indicator))


def sources(context: Context, asked: TargetsAsked, indicator: str) -> tuple[str, ...]:
    """Where the figures of the index or of one indicator come from, and the shapes."""
    return words_of.sources(context, question(asked, indicator), layer(context, asked, indicator))


def named(context: Context, names: list[str], most: int = 6) -> str:
    """Districts by name, the first `most` of them."""
    found = context.texts("frame.list_separator").join(words_of.district_name(context, name) for name in names[:most])
    return found if len(names) <= most else context.texts("targets.and_more", names=found, count=len(names) - most)


def joined(context: Context, parts: list[str]) -> str:
    """Sentences in one row; empty ones are left out."""
    return context.texts("frame.sentence_separator").join(part for part in parts if part)
