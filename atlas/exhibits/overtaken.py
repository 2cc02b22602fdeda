"""Projections beside what came: each of the vintages held was overtaken."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.dumbbell import Pair, dumbbells
from atlas.store import observations, projections
from atlas.store.areas import NATION

INDICATOR = "one_person_household_share"


@dataclass(frozen=True)
class Overtaken:
    """A vintage's last projected value and the first later figure at or above it."""

    vintage: int
    target_year: int
    projected: float
    year: int
    value: float
    by_vintage: int | None
    """The newer projection that gives `value`; None where it was counted by the census."""


def overtaken_vintages(counted: pd.DataFrame, projected: pd.DataFrame) -> tuple[list[Overtaken], list[int]]:
    """Which vintages were overtaken by what, and which were not (yet).

    counted: year, value of the census. projected: vintage, year, value, is_base_year. For each vintage its last
    projected point: the census of that very year if it is held, else the earliest census at or above it, else the
    earliest point at or above it that a newer vintage gives for an earlier year.
    """
    found, open_still = [], []
    points = projected[~projected["is_base_year"].astype(bool)].sort_values("year")
    for vintage, own in points.groupby("vintage"):
        target = own.iloc[-1]
        year, value = int(target["year"]), float(target["value"])
        came = counted[(counted["year"] > vintage) & (counted["value"] > value)].sort_values("year")
        same = came[came["year"] == year]
        newer = points[(points["vintage"] > vintage) & (points["value"] > value) & (points["year"] < year)].sort_values(["year", "vintage"])
        if len(came):
            row = (same if len(same) else came).iloc[0]
            found.append(Overtaken(int(vintage), year, value, int(row["year"]), float(row["value"]), None))  # type: ignore[call-overload]
        elif len(newer):
            row = newer.iloc[0]
            found.append(Overtaken(int(vintage), year, value, int(row["year"]), float(row["value"]), int(row["vintage"])))  # type: ignore[call-overload]
        else:
            open_still.append(int(vintage))  # type: ignore[call-overload]
    return found, open_still


def overtaken(context: Context) -> Exhibit:
    """For every vintage held: what it said, and what came or is projected now."""
    texts, lang = context.texts, context.lang
    counted = observations.series(context.store, INDICATOR, [NATION])
    counted = counted[counted["value"].notna()]
    projected = projections.vintages(context.store, INDICATOR)
    found, open_still = overtaken_vintages(counted, projected)
    sentences, pairs, rows = [], [], []
    for one in found:
        said = texts("overtaken.said", year=numbers.short_year(one.target_year, lang), value=numbers.percent(one.projected))
        by = texts("overtaken.by_census") if one.by_vintage is None else texts("overtaken.by_projection", vintage=one.by_vintage)
        came = texts("overtaken.came", year=numbers.short_year(one.year, lang), value=numbers.percent(one.value), by=by)
        pairs.append(Pair(texts("trends.vintage", vintage=one.vintage), one.projected, said, one.value, came, second_projected=one.by_vintage is not None))
        sentences.append(texts("overtaken.sentence", vintage=one.vintage, said=said, came=came))
        rows.append((one.vintage, one.target_year, one.projected, one.year, one.value, by))
    if open_still:
        sentences.append(texts("overtaken.open", vintages=texts("frame.list_separator").join(str(v) for v in open_still)))
    table = pd.DataFrame(rows, columns=["vintage", "target_year", "projected", "year", "value", "by"])
    columns = (
        Column("vintage", texts("overtaken.column.vintage"), "year"),
        Column("target_year", texts("overtaken.column.target_year"), "year"),
        Column("projected", texts("overtaken.column.projected"), "percent", 1),
        Column("year", texts("overtaken.column.year"), "year"),
        Column("value", texts("overtaken.column.value"), "percent", 1),
        Column("by", texts("overtaken.column.by")),
    )
    return Exhibit(
        id="overtaken",
        title=texts("overtaken.title", count=len(found)),
        subtitle=texts("overtaken.subtitle", measure=context.word(context.indicator(INDICATOR), "title")),
        sentence=texts("frame.sentence_separator").join(sentences),
        sources=context.source_lines([counted, projected]),
        cautions=(texts("overtaken.caution"),),
        table=Table(columns, table, texts("overtaken.subtitle", measure=context.word(context.indicator(INDICATOR), "title"))),
        figure=dumbbells(context.look, pairs, tick_format=".0%") if pairs else None,
    )
