"""Who first, and how sure: the order of a city's districts by the index, and what of it stays when the choices behind it are made otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from atlas.analysis.composite_index import CompositeIndex
from atlas.analysis.dominance import Dominance, dominance
from atlas.analysis.errors import AnalysisError
from atlas.analysis.rank_certainty import Certainty, RankCertainty, rank_certainty
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_index import IndexChoice, direction, index_layer, index_of, values
from atlas.exhibits.need_map import INDEX, Asked, layer_of
from atlas.figures import numbers
from atlas.figures.rank_intervals import LOW, OPEN, SURE, Ranked, rank_intervals
from atlas.store.database import Store

MOST_ROWS = 40
"""Rows a figure can hold; the table has all."""
KINDS = {Certainty.HIGH: SURE, Certainty.LOW: LOW, Certainty.DEPENDS: OPEN}


@dataclass(frozen=True)
class TargetsAsked:
    """What a planner asked for: the city, the census, the index, how many districts the list shall have (None: a fifth)."""

    city: str
    year: int
    index: IndexChoice
    length: int | None = None
    sample: bool = False

    @property
    def as_map(self) -> Asked:
        """The same question to the need map."""
        return Asked((self.city,), INDEX, self.year, None, self.index, self.sample)


@dataclass(frozen=True)
class Order:
    """The order of the districts with all that says how sure it is. rows: name, state, split_share, merged_share by district."""

    certainty: RankCertainty
    index: CompositeIndex
    fixed: Dominance
    frame: pd.DataFrame
    rows: pd.DataFrame

    def of(self, kind: Certainty) -> list[str]:
        """Districts of this certainty, best own rank first."""
        own = self.certainty.certainty == kind
        return [str(code) for code in self.certainty.rank[own].sort_values(kind="stable").index]

    @property
    def listed(self) -> list[str]:
        """The districts on the list by the choices made: rank up to k, so that all tied at its end are on it."""
        rank = self.certainty.rank
        return [str(code) for code in rank[rank <= self.certainty.k].sort_values(kind="stable").index]


@lru_cache(maxsize=64)
def order_of(store: Store, asked: TargetsAsked) -> Order | None:
    """The order; None where no index can be made of what is asked."""
    cities = (asked.city,)
    index = index_of(store, cities, asked.year, asked.index)
    if index is None or index.score.notna().sum() < 2:
        return None
    used = asked.index.used
    frame = pd.DataFrame({one: values(store, cities, asked.year, one) for one in used})
    directions = {one: direction(store, one) for one in used}
    try:
        certainty = rank_certainty(frame, used, directions, normaliser=asked.index.normaliser, aggregation=asked.index.aggregation, k=asked.length)
        fixed = dominance(index.normalised, used)
    except AnalysisError:
        return None
    return Order(certainty, index, fixed, frame, _rows(store, asked))


def _rows(store: Store, asked: TargetsAsked) -> pd.DataFrame:
    from atlas.exhibits.district_layer import Measure

    layer = index_layer(store, Measure(INDEX, "", "", "", "decimal", 1), (asked.city,), asked.year, asked.index)
    return layer.rows[["name", "state", "split_share", "merged_share"]]


def certainty_word(context: Context, kind: str, length: int) -> str:
    """A certainty in words that claim no more than it says."""
    return context.texts(f"targets.certainty.{kind}", k=length)


def reasons(context: Context, order: Order, code: str, most: int = 2) -> str:
    """The indicators that lift the district most above the mean of the districts; empty where none does."""
    above = order.index.contributions.loc[code] - order.index.contributions.mean()
    above = above[above > 1e-9].sort_values(ascending=False, kind="stable").head(most)
    return context.texts("frame.list_separator").join(words_of.indicator_word(context, str(one)) for one in above.index)


def names(context: Context, order: Order, codes: list[str], most: int = 6) -> str:
    """Districts by name, the first `most` of them."""
    found = context.texts("frame.list_separator").join(words_of.district_name(context, str(order.rows.at[code, "name"])) for code in codes[:most])
    return found if len(codes) <= most else context.texts("targets.and_more", names=found, count=len(codes) - most)


def target_order(context: Context, *, asked: TargetsAsked, chosen: str | None = None) -> Exhibit:
    """The list with its certainty."""
    texts, order = context.texts, order_of(context.store, asked)
    place = words_of.city_name(context, asked.city)
    if order is None:
        return Exhibit(
            id="target_order", title=texts("targets.title_none", place=place), subtitle="", sentence=texts("targets.sentence_none"), sources=(),
            table=Table((Column("place", texts("need_map.column.place")),), pd.DataFrame({"place": []}), texts("targets.table", place=place)),
            is_sample=asked.sample,
        )  # fmt: skip
    found = order.certainty
    return Exhibit(
        id="target_order",
        title=title(context, asked, order),
        subtitle=subtitle(context, asked, found, "targets.subtitle"),
        sentence=sentence(context, order),
        sources=words_of.sources(context, asked.as_map, layer_of(context, asked.as_map)),
        cautions=cautions(context, asked, order),
        table=table(context, asked, order),
        figure=_figure(context, order, chosen),
        settings=settings(context, asked, order),
        is_sample=asked.sample,
    )  # fmt: skip


def subtitle(context: Context, asked: TargetsAsked, found: RankCertainty, key: str) -> str:
    """What is shown, first of all that it is the sample; key: of the words."""
    when, place = words_of.years(context, asked.as_map), words_of.city_name(context, asked.city)
    text = context.texts(key, place=place, count=found.areas, draws=numbers.count(found.draws), k=found.k, year=when)
    return f"{context.texts('need_map.sample_mark')}{text}" if asked.sample else text


def title(context: Context, asked: TargetsAsked, order: Order) -> str:
    """The finding: which districts stay at the top whatever the choices."""
    texts, high, found = context.texts, order.of(Certainty.HIGH), order.certainty
    if not high:
        return texts("targets.title_open", k=found.k, place=words_of.city_name(context, asked.city))
    key = "targets.title_sure_all" if len(high) == found.k else "targets.title_sure"
    return texts(key, k=found.k, count=len(high), names=names(context, order, high, 3))


def sentence(context: Context, order: Order) -> str:
    """The list, what is sure in it, what no weights can turn round."""
    texts, found = context.texts, order.certainty
    parts = [texts("targets.listed", k=found.k, names=names(context, order, order.listed))]
    for kind in (Certainty.HIGH, Certainty.LOW):
        codes = order.of(kind)
        if codes:
            parts.append(texts(f"targets.told.{kind}", k=found.k, count=len(codes), names=names(context, order, codes)))
        else:
            parts.append(texts(f"targets.told_none.{kind}", k=found.k))
    parts.append(texts("targets.told.depends_on_the_choices", count=found.count(Certainty.DEPENDS)))
    if order.fixed.pairs:
        parts.append(texts("targets.fixed_pairs", share=numbers.percent(order.fixed.share, 0)))
    missing = [str(code) for code, kind in found.certainty.items() if kind == Certainty.NO_SCORE]
    if missing:
        parts.append(texts("targets.no_score", names=names(context, order, missing), count=len(missing)))
    return texts("frame.sentence_separator").join(parts)


def cautions(context: Context, asked: TargetsAsked, order: Order) -> tuple[str, ...]:
    """What to keep in mind."""
    texts = context.texts
    first = [texts("targets.sample_caution")] if asked.sample else []
    return (*first, texts("targets.draws_caution", draws=numbers.count(order.certainty.draws)), texts("targets.not_cause"))


def settings(context: Context, asked: TargetsAsked, order: Order) -> dict[str, str]:
    """The choices that made the list, for exports."""
    found = order.certainty
    return {
        "city": asked.city, "year": str(asked.year), "index": " ".join(f"{one}={weight:g}" for one, weight in asked.index.used.items()),
        "normaliser": asked.index.normaliser, "aggregation": asked.index.aggregation, "length": str(found.k), "draws": str(found.draws),
        "seed": str(found.seed), "varied": " ".join(str(one) for one in found.varied), **({"sample": context.texts("frame.sample")} if asked.sample else {}),
    }  # fmt: skip


def table(context: Context, asked: TargetsAsked, order: Order) -> Table:
    """Every district: own rank, where it moves, how often it is on the list, why, provenance."""
    texts, found = context.texts, order.certainty
    codes = found.rank.index
    frame = pd.DataFrame(
        {
            "place": order.rows["name"].reindex(codes),
            "rank": found.rank,
            "median": found.median,
            "lower": found.lower,
            "upper": found.upper,
            "in_top": found.in_top,
            "certainty": [certainty_word(context, str(kind), found.k) for kind in found.certainty],
            "reasons": [reasons(context, order, str(code)) if not np.isnan(found.rank[code]) else "" for code in codes],
            "split": order.rows["split_share"].reindex(codes),
            "merged": order.rows["merged_share"].reindex(codes),
            "code": [str(code) for code in codes],
        }
    ).sort_values(["rank", "median", "place"], na_position="last", kind="stable")
    columns = (
        Column("place", texts("need_map.column.place")),
        Column("rank", texts("targets.column.rank"), "rank"),
        Column("median", texts("targets.column.median"), "rank"),
        Column("lower", texts("targets.column.lower"), "rank"),
        Column("upper", texts("targets.column.upper"), "rank"),
        Column("in_top", texts("targets.column.in_top", k=found.k), "percent", 0),
        Column("certainty", texts("targets.column.certainty")),
        Column("reasons", texts("targets.column.reasons")),
        Column("split", texts("need_map.column.split"), "percent", 1),
        Column("merged", texts("need_map.column.merged"), "percent", 1),
        Column("code", texts("need_map.column.code")),
    )
    return Table(columns, frame.reset_index(drop=True), texts("targets.table", place=words_of.city_name(context, asked.city)))


def tip(context: Context, order: Order, code: str) -> str:
    """What a touch says: place, certainty, own rank and its range, why."""
    texts, found = context.texts, order.certainty
    name, word = words_of.district_name(context, str(order.rows.at[code, "name"])), certainty_word(context, str(found.certainty[code]), found.k)
    lines = [f"<b>{name}</b>", f"<b>{word}</b>"]
    if not np.isnan(found.rank[code]):
        series = {"own": found.rank, "lower": found.lower, "upper": found.upper, "median": found.median}
        ranks = {key: numbers.count(one[code]) for key, one in series.items()}
        lines += [texts("targets.tip_rank", areas=found.areas, **ranks), texts("targets.tip_top", k=found.k, share=numbers.percent(found.in_top[code], 0))]
        why = reasons(context, order, code)
        lines += [texts("targets.tip_reasons", names=why)] if why else []
    return "<br>".join(lines)


def _figure(context: Context, order: Order, chosen: str | None) -> object:
    texts, found = context.texts, order.certainty
    scored = found.rank.dropna()
    codes = [str(code) for code in pd.DataFrame({"rank": scored, "median": found.median[scored.index]}).sort_values(["rank", "median"], kind="stable").index]
    rows = [
        Ranked(
            words_of.plain_name(str(order.rows.at[code, "name"])), found.rank[code], found.median[code], found.lower[code], found.upper[code],
            numbers.percent(found.in_top[code], 0), tip(context, order, code), KINDS[Certainty(found.certainty[code])], code == chosen,
        )
        for code in codes[:MOST_ROWS]
    ]  # fmt: skip
    return rank_intervals(context.look, rows, areas=found.areas, length=found.k, border=texts("targets.border", k=found.k))
