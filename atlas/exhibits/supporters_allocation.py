"""New supporters over the districts in proportion to need, those already there staying."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from atlas.analysis.allocation import Allocation, allocation
from atlas.analysis.errors import AnalysisError
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.next_sites import index_factor
from atlas.exhibits.places_ground import PlacesAsked, district_names, supporters_by_district
from atlas.exhibits.places_reach import unit
from atlas.figures import numbers
from atlas.figures.additions import Added, AddedNames, addition_bars
from atlas.store.database import Store

MOST, USUAL = 100, 10
NAMED, DRAWN = 8, 40
"""Districts named in the sentence and drawn in the figure, at most."""


@dataclass(frozen=True)
class Supporters:
    """The allocation and how many people are in no district."""

    found: Allocation
    unmatched: float


@lru_cache(maxsize=64)
def allocated(store: Store, asked: PlacesAsked, count: int, by_index: bool) -> Supporters | None:
    """`count` new supporters over the city's districts; None where no need is known."""
    codes = list(district_names(store, asked.city))
    need = base_rows(store, asked.city, asked.people, asked.targets.year)["value"].reindex(codes).astype(float)
    factor = index_factor(store, asked.targets) if by_index else None
    if factor is not None:
        need = need * factor.reindex(codes)
    there = supporters_by_district(store, asked.city)["people"]
    try:
        found = allocation(need.to_numpy(), count, there.reindex(codes).fillna(0.0).to_numpy(), codes)
    except AnalysisError:
        return None
    return Supporters(found, float(there.get("", 0.0))) if need.notna().any() else None


def supporters_allocation(context: Context, *, asked: PlacesAsked, count: int, by_index: bool = False) -> Exhibit:
    """Who gets how many, as a table and in words."""
    answer = allocated(context.store, asked, count, by_index)
    if answer is None:
        return told.no_answer(context, asked, "supporters_allocation", "places.none_need")
    texts, found = context.texts, answer.found
    got = found.table[found.table["new"] > 0].sort_values("new", ascending=False, kind="stable")
    names = [
        texts("places.allocation.name_and_new", name=told.name_of(context, asked, str(code)), new=int(new)) for code, new in got["new"].head(NAMED).items()
    ]
    listed = texts("frame.list_separator").join(names)
    weight = texts("places.next.weight.index" if by_index else "places.next.weight.people")
    parts = [texts("places.allocation.told", names=listed if len(got) <= NAMED else texts("targets.and_more", names=listed, count=len(got) - NAMED))]
    if got.empty:
        parts = [texts("places.allocation.told_none")]
    over = found.table[found.table["difference"] >= 1]
    if len(over):
        parts.append(texts("places.allocation.over", count=len(over)))
    if found.unknown:
        parts.append(texts("places.allocation.unknown", names=told.named(context, asked, [str(code) for code in found.unknown])))
    if answer.unmatched:
        parts.append(texts("places.supporters_unmatched", count=numbers.count(answer.unmatched)))
    rows, hidden = _drawn(context, asked, found)
    if hidden:
        parts.append(texts("places.allocation.drawn", count=len(rows), hidden=hidden))
    return Exhibit(
        id="supporters_allocation",
        title=texts("places.allocation.title" if len(got) else "places.allocation.title_none", count=count, districts=len(got)),
        subtitle=told.subtitle(context, asked, "places.allocation.subtitle", people=told.people_word(context, asked.people), weight=weight),
        sentence=texts("frame.sentence_separator").join(parts),
        sources=told.sources(context, asked, []),
        cautions=(*told.sample_caution(context, asked), texts("places.allocation.method"), texts("places.supporters_caution")),
        table=_table(context, asked, found, by_index),
        settings=told.settings(context, asked) | {"supporters": str(count), "weight": "people x index" if by_index else "people", "method": found.method},
        figure=addition_bars(context.look, rows, AddedNames(*(texts(f"places.allocation.key.{name}") for name in ("there", "added", "part")))),
        is_sample=asked.targets.sample,
    )


def _in_order(context: Context, asked: PlacesAsked, found: Allocation) -> pd.DataFrame:
    """The districts: those that get most first, in the order in which they get them, then those furthest below their part."""
    first = {code: place for place, code in reversed(list(enumerate(found.order, 1)))}
    rows = found.table.assign(
        code=[str(code) for code in found.table.index],
        place=[told.name_of(context, asked, str(code)) for code in found.table.index],
        first=[float(first.get(code, "nan")) for code in found.table.index],
    )
    return rows.sort_values(["new", "first", "difference", "place"], ascending=[False, True, True, True], na_position="last", kind="stable")


def _drawn(context: Context, asked: PlacesAsked, found: Allocation) -> tuple[list[Added], int]:
    """The rows of the figure, and how many districts are only in the table."""
    texts, names = context.texts, district_names(context.store, asked.city)
    rows = _in_order(context, asked, found)
    drawn = []
    for row in rows.head(DRAWN).itertuples():
        there, new, fair = int(row.existing), int(row.new), None if numbers.is_missing(row.fair_share) else float(row.fair_share)
        label = texts("places.allocation.label_new" if new else "places.allocation.label", before=there, after=there + new)
        part = texts("places.allocation.tip_unknown") if fair is None else texts("places.allocation.tip_part", part=numbers.count(fair, 1))
        drawn.append(Added(words_of.plain_name(names[row.code]), there, new, fair, label, f"<b>{row.place}</b><br>{label}<br>{part}"))
    return drawn, len(rows) - len(drawn)


def _table(context: Context, asked: PlacesAsked, found: Allocation, by_index: bool) -> Table:
    texts, rows = context.texts, _in_order(context, asked, found)
    frame = rows.rename(columns={"fair_share": "fair"}).astype({"new": float, "existing": float, "after": float})
    columns = (
        Column("place", texts("need_map.column.place")), Column("new", texts("places.allocation.column.new"), "count"),
        Column("existing", texts("places.allocation.column.existing"), "count"), Column("after", texts("places.allocation.column.after"), "count"),
        Column("fair", texts("places.allocation.column.fair"), "decimal", 1), Column("difference", texts("places.allocation.column.difference"), "decimal", 1),
        Column("need", texts(f"places.allocation.column.{'weighted' if by_index else 'need'}", unit=unit(context, asked)), "count"),
        Column("first", texts("places.allocation.column.first"), "rank"), Column("code", texts("need_map.column.code")),
    )  # fmt: skip
    return Table(columns, frame[[one.id for one in columns]].reset_index(drop=True), texts("places.allocation.table"))
