"""Which choice behind the index matters most for the list: Sobol shares by choice."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from atlas.analysis.errors import AnalysisError
from atlas.analysis.what_matters import REPLICATES, WhatMatters, what_matters
from atlas.exhibits import evidence
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_index import direction
from atlas.exhibits.need_map import INDEX
from atlas.exhibits.target_order import TargetsAsked, order_of
from atlas.figures import numbers
from atlas.figures.bars import Bars, grouped_bars
from atlas.store.database import Store

ERRORS = 2.0
"""Standard errors on each side of a bar that its whisker shows."""


@lru_cache(maxsize=64)
def matters_of(store: Store, asked: TargetsAsked) -> WhatMatters | None:
    """The shares, kept because they cost a second; None where there is no order."""
    order = order_of(store, asked)
    if order is None:
        return None
    used = asked.index.used
    try:
        return what_matters(
            order.frame, used, {one: direction(store, one) for one in used}, normaliser=asked.index.normaliser, aggregation=asked.index.aggregation,
            k=asked.length,
        )  # fmt: skip
    except AnalysisError:
        return None


def target_matters(context: Context, *, asked: TargetsAsked) -> Exhibit:
    """What each choice does to the list, beside the others."""
    texts, found = context.texts, matters_of(context.store, asked)
    place = words_of.city_name(context, asked.city)
    if found is None:
        return evidence.nothing(context, asked, "target_matters", texts("targets.title_none", place=place), texts("targets.sentence_none"))
    method = ("not_additive", "errors", "no_data_error")
    return Exhibit(
        id="target_matters",
        title=_title(context, found),
        subtitle=evidence.marked(context, asked, texts("evidence.matters.subtitle", place=place, k=found.k, year=words_of.years(context, asked.as_map))),
        sentence=_sentence(context, found),
        sources=evidence.sources(context, asked, INDEX),
        cautions=evidence.cautions(context, asked, *(texts(f"evidence.matters.{one}", replicates=REPLICATES) for one in method)),
        table=_table(context, found, place),
        figure=_figure(context, found) if found.most is not None else None,
        settings=evidence.settings(context, asked, length=found.k, points=found.n, replicates=REPLICATES, seed=found.seed),
        is_sample=asked.sample,
    )  # fmt: skip


def _word(context: Context, choice: str) -> str:
    return context.texts(f"evidence.matters.choice.{choice}")


def _ranked(found: WhatMatters) -> list[str]:
    """The choices, the greatest total share first."""
    return [str(one) for one in found.choices["total"].sort_values(ascending=False, kind="stable").index]


def _title(context: Context, found: WhatMatters) -> str:
    texts = context.texts
    if found.most is None:
        return texts("evidence.matters.title_nothing", k=found.k)
    first, second = _ranked(found)[:2]
    key = "evidence.matters.title_clear" if found.clear else "evidence.matters.title_open"
    return texts(key, k=found.k, first=_word(context, first), second=_word(context, second))


def _sentence(context: Context, found: WhatMatters) -> str:
    texts = context.texts
    if found.most is None:
        return texts("evidence.matters.nothing", k=found.k)
    ranked = _ranked(found)
    shares = {one: numbers.percent(max(float(found.choices["total"][one]), 0.0), 0) for one in ranked}
    first, second, *others = ranked
    rest = texts("frame.list_separator").join(texts("evidence.matters.one", choice=_word(context, one), share=shares[one]) for one in others)
    words = {"first": _word(context, first), "first_share": shares[first], "second": _word(context, second), "second_share": shares[second]}
    return evidence.joined(
        context,
        [
            texts("evidence.matters.clear" if found.clear else "evidence.matters.open", k=found.k, **words),
            texts("evidence.matters.others", others=rest) if rest else "",
            texts("evidence.matters.distance", k=found.k, distance=numbers.count(found.distance, 2)),
        ],
    )


def _figure(context: Context, found: WhatMatters) -> object:
    """Two bars a choice: with what it does together with others, and what it does alone."""
    texts, ranked = context.texts, _ranked(found)
    series = []
    for kind, accent in (("total", True), ("first_order", False)):
        held = found.choices[kind].reindex(ranked).clip(lower=0.0)
        errors = found.choices[f"{kind}_error"].reindex(ranked) * ERRORS
        words = [texts(f"evidence.matters.bar.{kind}", share=numbers.percent(value, 0)) for value in held]
        tips = [f"<b>{_word(context, one)}</b><br>{word}" for one, word in zip(ranked, words, strict=True)]
        series.append(Bars(list(held), list((held - errors).clip(lower=0.0)), list((held + errors).clip(upper=1.0)), words, tips, accent))
    return grouped_bars(context.look, [_word(context, one) for one in ranked], series)


def _table(context: Context, found: WhatMatters, place: str) -> Table:
    """The choices, then the weight of each indicator alone; estimates as they are, so that some lie a little below 0."""
    texts = context.texts
    choices = found.choices.loc[_ranked(found)]
    weights = found.weights.sort_values("total", ascending=False, kind="stable")
    names = [_word(context, str(one)) for one in choices.index]
    names += [texts("evidence.matters.weight_of", indicator=words_of.indicator_word(context, str(one))) for one in weights.index]
    frame = pd.concat([choices, weights]).astype(float).reset_index(drop=True)
    frame.insert(0, "choice", names)
    columns = (
        Column("choice", texts("evidence.matters.column.choice")),
        *(Column(one, texts(f"evidence.matters.column.{one}"), "percent", 1) for one in ("total", "total_error", "first_order", "first_order_error")),
    )
    return Table(columns, frame[[one.id for one in columns]], texts("evidence.matters.table", place=place, k=found.k))
