"""The shortlist (候補の一覧): districts a planner picked, side by side with what speaks for each, who is there already, and what the office can take on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from atlas.analysis.rank_certainty import Certainty
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows, held
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_map import layer_of
from atlas.exhibits.target_order import KINDS, Order, TargetsAsked, certainty_word, names, order_of, reasons, settings, tip
from atlas.exhibits.target_people import Help, help_by_district
from atlas.figures import numbers
from atlas.figures.rank_intervals import Ranked, rank_intervals
from catalog.status import NOT_LOADED

COUNTS = ("one_person_households", "older_one_person_households")
SHARES = ("one_person_household_share", "older_one_person_share_of_households", "population_75_over_share")
"""What stands beside each district, as far as the city has it; the same in every file."""


@dataclass(frozen=True)
class Picked:
    """The districts in the order they were picked, the notes to them, and how many districts can be taken on (None: not said)."""

    codes: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()
    capacity: int | None = None

    def note(self, code: str) -> str:
        """The note to a district, empty where there is none."""
        return dict(self.notes).get(code, "")


def shortlist(context: Context, *, asked: TargetsAsked, picked: Picked) -> Exhibit:
    """The districts picked, by rank."""
    texts, order = context.texts, order_of(context.store, asked)
    place = words_of.city_name(context, asked.city)
    columns, rows = _table(context, asked, picked, order)
    mark = texts("need_map.sample_mark") if asked.sample else ""
    return Exhibit(
        id="shortlist",
        title=_title(context, asked, picked, rows),
        subtitle=mark + texts("shortlist.subtitle", place=place, year=words_of.years(context, asked.as_map)),
        sentence=_sentence(context, asked, picked, order, rows),
        sources=words_of.sources(context, asked.as_map, layer_of(context, asked.as_map)),
        cautions=tuple(texts(key) for key in (*(["targets.sample_caution"] if asked.sample else []), "shortlist.caution", "targets.not_cause")),
        table=Table(columns, rows, texts("shortlist.table", place=place)),
        figure=_figure(context, asked, picked, order),
        settings={**(settings(context, asked, order) if order else {"city": asked.city, "year": str(asked.year)}), "districts": " ".join(picked.codes)},
        is_sample=asked.sample,
        table_first=bool(picked.codes),
        nothing=texts("shortlist.nothing") if not picked.codes else "",
    )


def _title(context: Context, asked: TargetsAsked, picked: Picked, rows: pd.DataFrame) -> str:
    texts, count = context.texts, len(picked.codes)
    if not count:
        return texts("shortlist.title_empty", place=words_of.city_name(context, asked.city))
    if picked.capacity is not None and count > picked.capacity:
        return texts("shortlist.title_over", count=count, capacity=picked.capacity, over=count - picked.capacity)
    if picked.capacity is not None and count < picked.capacity:
        return texts("shortlist.title_room", count=count, capacity=picked.capacity, room=picked.capacity - count)
    return texts(
        "shortlist.title", count=count, names=texts("frame.list_separator").join(words_of.district_name(context, str(name)) for name in rows["place"].head(3))
    )


def _sentence(context: Context, asked: TargetsAsked, picked: Picked, order: Order | None, rows: pd.DataFrame) -> str:
    texts = context.texts
    if not picked.codes:
        return texts("shortlist.empty")
    parts = []
    for indicator in COUNTS:
        if indicator in rows:
            shown = rows[indicator].dropna()
            key = "shortlist.people" if len(shown) == len(rows) else "shortlist.people_partly"
            name = context.word(context.indicator(indicator), "short")
            parts.append(texts(key, name=name, count=numbers.count(float(shown.sum())), shown=len(shown), districts=len(rows)))
    if "seats" in rows:
        parts.append(texts("shortlist.seats", places=numbers.count(float(rows["places"].sum())), seats=numbers.count(float(rows["seats"].fillna(0).sum()))))
    if order is not None:
        left_out = [code for code in order.of(Certainty.HIGH) if code not in picked.codes]
        if left_out:
            parts.append(texts("shortlist.left_out", names=names(context, order, left_out), count=len(left_out)))
        open_ones = [code for code in picked.codes if code in order.certainty.rank.index and code not in order.listed]
        if open_ones:
            parts.append(texts("shortlist.not_listed", names=names(context, order, open_ones), k=order.certainty.k))
    return texts("frame.sentence_separator").join(parts)


def _table(context: Context, asked: TargetsAsked, picked: Picked, order: Order | None) -> tuple[tuple[Column, ...], pd.DataFrame]:
    texts, store = context.texts, context.store
    codes = list(picked.codes)
    city_names = base_rows(store, asked.city, "population", asked.year)["name"]
    frame: dict[str, Any] = {"place": [str(city_names.get(code, code)) for code in codes]}
    columns = [Column("place", texts("need_map.column.place"))]
    if order is not None:
        found = order.certainty
        frame |= {
            "rank": [float(found.rank.get(code, np.nan)) for code in codes],
            "in_top": [float(found.in_top.get(code, np.nan)) for code in codes],
            "certainty": [certainty_word(context, str(found.certainty.get(code, "no_score")), found.k) for code in codes],
            "reasons": [reasons(context, order, code) if code in found.rank.index and not np.isnan(found.rank[code]) else "" for code in codes],
        }
        columns += [
            Column("rank", texts("targets.column.rank"), "rank"),
            Column("in_top", texts("targets.column.in_top", k=found.k), "percent", 0),
            Column("certainty", texts("targets.column.certainty")),
            Column("reasons", texts("targets.column.reasons")),
        ]
    for indicator in (*COUNTS, *SHARES):
        if asked.year not in held(store, asked.city).get(indicator, ()):
            continue
        own = base_rows(store, asked.city, indicator, asked.year)
        one = context.indicator(indicator)
        frame[indicator] = [float(own["value"].get(code, np.nan)) for code in codes]
        states = [str(own["state"].get(code, NOT_LOADED)) for code in codes]
        share = one.kind in ("share", "rate")
        columns.append(Column(indicator, context.word(one, "short"), "percent" if share else "count", one.decimals if share else 0))
        if any(state not in ("observed",) for state in states):
            frame[f"{indicator}_state"] = [words_of.state_word(context, state) for state in states]
            columns.append(Column(f"{indicator}_state", texts("need_map.column.state")))
    helping = help_by_district(store, asked.city)
    if helping is not None:
        given = [helping.get(code, Help()) for code in codes]
        frame |= {"places": [one.places for one in given], "seats": [one.seats for one in given], "supporters": [one.supporters for one in given]}
        columns += [Column(one, texts(f"shortlist.column.{one}"), "count") for one in ("places", "seats", "supporters")]
    frame["note"] = [picked.note(code) for code in codes]
    frame["code"] = codes
    columns += [Column("note", texts("shortlist.column.note")), Column("code", texts("need_map.column.code"))]
    rows = pd.DataFrame(frame, columns=[column.id for column in columns])
    if order is not None and len(rows):
        rows = rows.sort_values("rank", na_position="last", kind="stable")
    return tuple(columns), rows.reset_index(drop=True)


def _figure(context: Context, asked: TargetsAsked, picked: Picked, order: Order | None) -> object | None:
    if order is None:
        return None
    found = order.certainty
    codes = [code for code in picked.codes if code in found.rank.index and not np.isnan(found.rank[code])]
    if not codes:
        return None
    rows = [
        Ranked(
            words_of.plain_name(str(order.rows.at[code, "name"])), found.rank[code], found.median[code], found.lower[code], found.upper[code],
            numbers.percent(found.in_top[code], 0), tip(context, order, code), KINDS[found.certainty[code]],
        )
        for code in sorted(codes, key=lambda code: (found.rank[code], code))
    ]  # fmt: skip
    return rank_intervals(context.look, rows, areas=found.areas, length=found.k, border=context.texts("targets.border", k=found.k))
