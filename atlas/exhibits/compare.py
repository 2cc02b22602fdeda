"""One municipality beside nation, prefecture and its ten peers."""

from __future__ import annotations

from math import isnan

import pandas as pd

from atlas.exhibits.compare_words import finding, in_words
from atlas.exhibits.context import Context
from atlas.exhibits.field import Field, cautions, field_of, row_note, share_words
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.peers import peers_of
from atlas.figures import numbers
from atlas.figures.beside import Beside, beside_bars
from atlas.store.areas import NATION
from catalog.model import Indicator


def beside(context: Context, *, indicator_id: str, area_code: str, year: int) -> Exhibit:
    """The share of a municipality beside those it is measured against."""
    texts, lang = context.texts, context.lang
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    found = peers_of(context.store, indicator, area_code)
    peer_codes = found.codes if found else ()
    prefecture = field.places[area_code].parent_code
    codes = _highest_first(field, (area_code, NATION, prefecture, *peer_codes))
    notes = [texts("compare.beside.census"), *cautions(context, indicator, field, area_code)]
    if field.before_year is None:
        notes.append(texts("compare.beside.no_before", year=numbers.short_year(year, lang)))
    return Exhibit(
        id="compare",
        title=finding(context, indicator, field, area_code),
        subtitle=texts(
            "compare.beside.subtitle" if peer_codes else "compare.beside.subtitle_without_peers",
            measure=context.word(indicator, "title"),
            unit=context.word(indicator, "unit"),
            place=context.area_name(area_code),
            prefecture=context.short_area_name(prefecture),
            year=numbers.year(year, lang),
            count=len(peer_codes),
        ),
        sentence=in_words(context, indicator, field, area_code, peer_codes),
        sources=context.source_lines([field.rows, field.whole_rows.loc[[NATION, prefecture]]]),
        cautions=tuple(notes),
        table=_table(context, indicator, field, area_code, codes),
        figure=beside_bars(context.look, [_bar(context, indicator, field, code, area_code) for code in codes]),
        settings={"indicator": indicator_id, "area": area_code, "year": str(year), "peers": " ".join(peer_codes)},
        height=420,
    )


def _highest_first(field: Field, codes: tuple[str, ...]) -> list[str]:
    """Highest first; places without a share last, in the order given."""
    return sorted(codes, key=lambda code: -field.of(code).shown if field.of(code).is_shown else 1.0)


def _role(field: Field, code: str, chosen: str) -> str:
    return "chosen" if code == chosen else "whole" if code in field.wholes else "peer"


def _bar(context: Context, indicator: Indicator, field: Field, code: str, chosen: str) -> Beside:
    """One place of the figure with its words."""
    texts = context.texts
    own = field.of(code)
    words = share_words(context, indicator, own)
    lines = [f"<b>{context.area_name(code)}</b>", numbers.year(field.year, context.lang), words]
    if own.is_shown and not isnan(own.numerator):
        lines.append(texts("compare.tip_counts", numerator=numbers.count(own.numerator), denominator=numbers.count(own.denominator)))
    if own.is_shown and not isnan(own.rank):
        lines.append(texts("compare.tip_rank", rank=numbers.count(own.rank), held=numbers.count(field.held)))
    if own.flagged:
        lines.append(texts("compare.flagged"))
    return Beside(context.area_name(code), own.shown if own.is_shown else None, words, "<br>".join(lines), _role(field, code, chosen))


def _table(context: Context, indicator: Indicator, field: Field, area_code: str, codes: list[str]) -> Table:
    """The bars in the same order, with counts, differences, rank and remarks."""
    texts = context.texts
    chosen = field.places[area_code].shown
    rows = []
    for code in codes:
        own = field.of(code)
        rows.append(
            {
                "place": context.area_name(code),
                "role": texts(f"compare.role.{_role(field, code, area_code)}"),
                "share": own.shown,
                "numerator": own.numerator,
                "denominator": own.denominator,
                "difference": own.shown - chosen if code != area_code else None,
                "rank": own.rank if own.is_shown else None,
                "change": own.change,
                "unknown": own.unknown_shown,
                "note": row_note(context, own),
            }
        )
    columns: tuple[Column, ...] = (
        Column("place", texts("frame.column.area")),
        Column("role", texts("frame.column.kind")),
        Column("share", context.word(indicator, "short"), "percent", indicator.decimals),
        *count_columns(context, indicator),
        Column("difference", texts("compare.column.difference", place=context.short_area_name(area_code)), "points", 1),
        Column("rank", texts("compare.column.rank", held=numbers.count(field.held)), "rank"),
        Column("change", texts("compare.column.change", year=field.before_year or ""), "points", 1),
        Column("unknown", texts("compare.column.unknown"), "percent", 1),
        Column("note", texts("compare.column.note")),
    )
    columns = tuple(one for one in columns if one.id != "change" or field.before_year is not None)
    frame = pd.DataFrame(rows, columns=[one.id for one in columns])
    return Table(columns, frame, texts("compare.beside.table", measure=context.word(indicator, "title"), year=field.year))


def count_columns(context: Context, indicator: Indicator) -> tuple[Column, Column]:
    """The columns of the two counts a share is made from."""
    return (
        Column("numerator", context.word(context.indicator(indicator.numerator or indicator.id), "short"), "count"),
        Column("denominator", context.word(context.indicator(indicator.denominator or indicator.id), "short"), "count"),
    )
