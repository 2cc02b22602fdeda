"""What lifts the districts on the list: each indicator's part in the index, as the difference to the mean of the city's districts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from atlas.analysis.composite_index import Aggregation
from atlas.analysis.normalising import Normaliser
from atlas.exhibits import evidence
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_map import INDEX
from atlas.exhibits.target_order import Order, TargetsAsked, order_of
from atlas.figures import numbers
from atlas.figures.lifts import Lift, Sum, lift_bars

MOST_ROWS, COLOURED, REASONS, TOLD = 20, 4, 2, 6


def lifts_of(order: Order) -> pd.DataFrame:
    """Districts x indicators: contribution less its mean over the districts with a score.

    Arithmetic: a row adds up to the score less the mean score. Geometric: weight times log of the normalised value less its mean, so that a row
    adds up to the log of the score less the mean log (there the index's own contributions are shares of each district's score and add up to
    1 everywhere, which would lift no district).
    """
    index = order.index
    if index.aggregation == Aggregation.GEOMETRIC:
        parts = index.weights * np.log(index.normalised.where(index.score.notna(), np.nan))
    else:
        parts = index.contributions.where(index.score.notna(), np.nan)
    return parts - parts.mean()


def decimals_of(order: Order) -> int:
    """Digits behind the point: scores run from 0 to 100, z scores and logs around 0."""
    return 2 if order.index.normaliser == Normaliser.Z or order.index.aggregation == Aggregation.GEOMETRIC else 1


def target_contributions(context: Context, *, asked: TargetsAsked, chosen: str | None = None) -> Exhibit:
    """The districts on the list with what lifts them and what holds them down."""
    texts, order = context.texts, order_of(context.store, asked)
    place = words_of.city_name(context, asked.city)
    if order is None:
        return evidence.nothing(context, asked, "target_contributions", texts("targets.title_none", place=place), texts("targets.sentence_none"))
    lifts = lifts_of(order).loc[order.listed]
    year = words_of.years(context, asked.as_map)
    geometric = order.index.aggregation == Aggregation.GEOMETRIC
    return Exhibit(
        id="target_contributions",
        title=_title(context, order, lifts),
        subtitle=evidence.marked(
            context,
            asked,
            texts("evidence.contributions.subtitle_log" if geometric else "evidence.contributions.subtitle", place=place, count=len(lifts), year=year),
        ),
        sentence=_sentence(context, order, lifts),
        sources=evidence.sources(context, asked, INDEX),
        cautions=evidence.cautions(
            context,
            asked,
            texts("evidence.contributions.log" if geometric else "evidence.contributions.sum"),
            texts("evidence.contributions.first_rows", count=MOST_ROWS) if len(lifts) > MOST_ROWS else "",
            texts("targets.not_cause"),
        ),
        table=_table(context, order, lifts, place),
        figure=_figure(context, order, lifts.head(MOST_ROWS), chosen),
        settings=evidence.settings(context, asked, length=order.certainty.k),
        is_sample=asked.sample,
    )


def _title(context: Context, order: Order, lifts: pd.DataFrame) -> str:
    """The indicator that lifts the districts on the list most, on the average of the list."""
    texts, mean = context.texts, lifts.mean()
    if not (mean > evidence.HARDLY).any():
        return texts("evidence.contributions.title_none", k=order.certainty.k)
    most = str(mean.idxmax())
    return texts(
        "evidence.contributions.title",
        k=order.certainty.k,
        indicator=words_of.indicator_word(context, most),
        lift=numbers.signed(mean[most], decimals_of(order)),
    )


def _sentence(context: Context, order: Order, lifts: pd.DataFrame) -> str:
    """What lifts each of the first districts, and what holds it down."""
    texts, decimals, parts = context.texts, decimals_of(order), []
    for code, row in lifts.head(TOLD).iterrows():
        name = words_of.district_name(context, str(order.rows.at[code, "name"]))
        up = row[row > evidence.HARDLY].sort_values(ascending=False, kind="stable").head(REASONS)
        down = row[row < -evidence.HARDLY].sort_values(kind="stable").head(1)
        words = {
            key: texts("frame.list_separator").join(
                texts("evidence.contributions.one", indicator=words_of.indicator_word(context, str(one)), lift=numbers.signed(value, decimals))
                for one, value in held.items()
            )
            for key, held in (("up", up), ("down", down))
        }
        key = "both" if len(up) and len(down) else "up" if len(up) else "down" if len(down) else "none"
        parts.append(texts(f"evidence.contributions.told.{key}", name=name, **words))
    if len(lifts) > TOLD:
        parts.append(texts("evidence.contributions.in_table", count=len(lifts) - TOLD))
    return evidence.joined(context, parts)


def _figure(context: Context, order: Order, lifts: pd.DataFrame, chosen: str | None) -> object:
    """The four indicators that differ most in colour, the others together in grey."""
    texts, palette, decimals = context.texts, context.look.palette, decimals_of(order)
    ranked = [str(one) for one in lifts.abs().mean().sort_values(ascending=False, kind="stable").index]
    first, rest = (ranked, []) if len(ranked) <= COLOURED else (ranked[:COLOURED], ranked[COLOURED:])
    drawn = {one: (words_of.indicator_word(context, one), colour, lifts[one]) for one, colour in zip(first, palette.lines, strict=False)}
    if rest:
        name = words_of.indicator_word(context, rest[0]) if len(rest) == 1 else texts("evidence.contributions.rest", count=len(rest))
        drawn["rest"] = (name, palette.context, lifts[rest].sum(axis=1))
    names = [str(order.rows.at[code, "name"]) for code in lifts.index]
    parts = [
        Lift(
            name, colour, [float(value) for value in values], [numbers.signed(value, decimals) for value in values],
            [f"<b>{words_of.district_name(context, own)}</b><br>{name} {numbers.signed(value, decimals)}" for own, value in zip(names, values, strict=True)],
        )
        for name, colour, values in drawn.values()
    ]  # fmt: skip
    sums = []
    for code, own in zip(lifts.index, names, strict=True):
        total = float(lifts.loc[code].sum())
        words = numbers.signed(total, decimals)
        tip = f"<b>{words_of.district_name(context, own)}</b><br>{texts('evidence.contributions.total')} {words}"
        sums.append(Sum(total, words, tip, code == chosen))
    return lift_bars(context.look, [words_of.plain_name(name) for name in names], parts, sums, sum_name=texts("evidence.contributions.total"))


def _table(context: Context, order: Order, lifts: pd.DataFrame, place: str) -> Table:
    """The districts on the list: rank, score, difference to the mean, and each indicator's part of it."""
    texts, decimals = context.texts, decimals_of(order)
    frame = lifts.copy()
    frame.insert(0, "place", order.rows["name"].reindex(lifts.index))
    frame.insert(1, "rank", order.index.rank.reindex(lifts.index))
    frame.insert(2, "score", order.index.score.reindex(lifts.index))
    frame.insert(3, "total", lifts.sum(axis=1))
    frame["code"] = lifts.index.astype(str)
    columns = (
        Column("place", texts("need_map.column.place")),
        Column("rank", texts("targets.column.rank"), "rank"),
        Column("score", texts("need_map.index.short"), "decimal", 2 if order.index.normaliser == Normaliser.Z else 1),
        Column("total", texts("evidence.contributions.total"), "decimal", decimals),
        *(Column(str(one), words_of.indicator_word(context, str(one)), "decimal", decimals) for one in lifts.columns),
        Column("code", texts("need_map.column.code")),
    )
    return Table(columns, frame[[one.id for one in columns]].reset_index(drop=True), texts("evidence.contributions.table", place=place))
