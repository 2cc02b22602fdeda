"""One municipality beside nation, prefecture and its ten peers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.field import Field, cautions, field_of, prefecture_of, row_note, share_words
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.peers import peers_of
from atlas.figures import numbers
from atlas.figures.beside import Beside, beside_bars
from atlas.store.areas import NATION
from catalog.model import Indicator

LEVEL_BELOW = 0.0005
"""Differences that print as 0.0 points are called level."""


@dataclass(frozen=True)
class Fact:
    """One line of a municipality's profile: what, the figure, a remark."""

    label: str
    figure: str
    remark: str


def beside(context: Context, *, indicator_id: str, area_code: str, year: int) -> Exhibit:
    """The share of a municipality beside those it is measured against."""
    texts, lang = context.texts, context.lang
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    found = peers_of(context.store, indicator, area_code)
    peer_codes = found.codes if found else ()
    own = field.rows.loc[area_code]
    prefecture = prefecture_of(field, area_code)
    rows = _sorted([_row(context, indicator, field, code, area_code) for code in (area_code, NATION, prefecture, *peer_codes)])
    bars = [Beside(row.place, row.value, row.words, row.tip, row.role) for row in rows]
    figure = beside_bars(context.look, bars, reference=None if np.isnan(own["shown"]) else float(own["shown"]))
    notes = [texts("compare.beside.census"), *cautions(context, indicator, field, area_code)]
    if field.before_year is None:
        notes.append(texts("compare.beside.no_before", year=numbers.short_year(year, lang)))
    return Exhibit(
        id="compare",
        title=_title(context, indicator, field, area_code),
        subtitle=texts(
            "compare.beside.subtitle", measure=context.word(indicator, "title"), unit=context.word(indicator, "unit"),
            place=context.area_name(area_code), prefecture=context.short_area_name(prefecture), year=numbers.year(year, lang), count=len(peer_codes),
        ),
        sentence=_sentence(context, indicator, field, area_code, peer_codes),
        sources=context.source_lines([field.rows, field.wholes.loc[[NATION, prefecture]]]),
        cautions=tuple(notes),
        table=_table(context, indicator, field, area_code, [row.code for row in rows]),
        figure=figure,
        settings={"indicator": indicator_id, "area": area_code, "year": str(year), "peers": " ".join(peer_codes)},
        height=420,
    )  # fmt: skip


def profile(context: Context, *, indicator_id: str, area_code: str, year: int) -> tuple[Fact, ...]:
    """Where the municipality stands, in four figures; fewer where a comparison cannot be made."""
    texts, lang = context.texts, context.lang
    field = field_of(context.store, indicator_id, year)
    own = field.rows.loc[area_code]
    if np.isnan(own["shown"]):
        return ()
    facts = []
    for code in (NATION, prefecture_of(field, area_code)):
        whole = field.whole(code)
        if not np.isnan(whole):
            label = texts("compare.profile.difference", place=context.short_area_name(code))
            facts.append(
                Fact(label, numbers.points(own["shown"] - whole, lang), f"{context.short_area_name(code)} {numbers.percent(whole)}")
            )
    facts.append(
        Fact(
            texts("compare.profile.rank", held=numbers.count(field.held)),
            texts("compare.profile.rank_value", rank=numbers.count(own["rank"])),
            texts("compare.profile.percentile", percentile=numbers.count(field.percentile(area_code))),
        )
    )
    if field.before_year is not None and not np.isnan(own["change"]):
        label = texts("compare.profile.change", year=numbers.short_year(field.before_year, lang))
        facts.append(
            Fact(
                label,
                numbers.points(own["change"], lang),
                f"{numbers.short_year(field.before_year, lang)} {numbers.percent(own['before'])}",
            )
        )
    return tuple(facts)


@dataclass(frozen=True)
class _Row:
    code: str
    place: str
    value: float | None
    words: str
    tip: str
    role: str


def _row(context: Context, indicator: Indicator, field: Field, code: str, chosen: str) -> _Row:
    """One place of the figure with its words."""
    texts, lang = context.texts, context.lang
    if code in field.wholes.index:
        value = field.whole(code)
        words = (
            numbers.percent(value, indicator.decimals) if not np.isnan(value) else context.status_word(str(field.wholes.at[code, "status"]))
        )
        lines = [f"<b>{context.area_name(code)}</b>", numbers.year(field.year, lang), words]
        return _Row(code, context.area_name(code), None if np.isnan(value) else value, words, "<br>".join(lines), "whole")
    own = field.rows.loc[code]
    words = share_words(context, indicator, own)
    lines = [f"<b>{context.area_name(code)}</b>", numbers.year(field.year, lang), words]
    if not np.isnan(own["shown"]):
        lines.append(texts("compare.tip_counts", numerator=numbers.count(own["numerator"]), denominator=numbers.count(own["denominator"])))
        lines.append(texts("compare.tip_rank", rank=numbers.count(own["rank"]), held=numbers.count(field.held)))
    if own["flagged"]:
        lines.append(texts("compare.flagged"))
    value = None if np.isnan(own["shown"]) else float(own["shown"])
    return _Row(code, context.area_name(code), value, words, "<br>".join(lines), "chosen" if code == chosen else "peer")


def _sorted(rows: list[_Row]) -> list[_Row]:
    """Highest first; places without a value last, the chosen one among them first."""
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or 0), row.role != "chosen"))


def higher_or_lower(context: Context, difference: float, key: str, **values: object) -> str:
    """`key`.higher, .lower or .level, with the size of the difference in points."""
    word = "level" if abs(difference) < LEVEL_BELOW else "higher" if difference > 0 else "lower"
    return context.texts(f"{key}.{word}", points=numbers.count(abs(difference) * 100, 1), **values)


def _title(context: Context, indicator: Indicator, field: Field, area_code: str) -> str:
    """The finding: the share and how far it is from the nation's."""
    own, nation = field.rows.loc[area_code], field.whole(NATION)
    start = {
        "place": context.short_area_name(area_code),
        "measure": context.word(indicator, "short"),
        "value": share_words(context, indicator, own),
    }
    if np.isnan(own["shown"]):
        return context.texts("compare.beside.title_none", year=numbers.short_year(field.year, context.lang), **start)
    if np.isnan(nation):
        return context.texts("compare.beside.title_alone", **start)
    return higher_or_lower(context, own["shown"] - nation, "compare.beside.title", **start)


def _sentence(context: Context, indicator: Indicator, field: Field, area_code: str, peer_codes: tuple[str, ...]) -> str:
    texts, lang = context.texts, context.lang
    own = field.rows.loc[area_code]
    place, measure, year = context.area_name(area_code), context.word(indicator, "short"), numbers.year(field.year, lang)
    if np.isnan(own["shown"]):
        return _why_none(context, indicator, field, area_code)
    parts = [texts("compare.beside.sentence", place=place, measure=measure, year=year, value=share_words(context, indicator, own))]
    for code in (NATION, prefecture_of(field, area_code)):
        whole = field.whole(code)
        if not np.isnan(whole):
            parts.append(
                higher_or_lower(
                    context, own["shown"] - whole, "compare.beside.against", place=context.area_name(code), value=numbers.percent(whole)
                )
            )
    parts.append(
        texts(
            "compare.beside.standing", held=numbers.count(field.held), rank=numbers.count(own["rank"]),
            percentile=numbers.count(field.percentile(area_code)),
        )
    )  # fmt: skip
    alike = field.rows.loc[list(peer_codes), "shown"].dropna()
    if len(alike):
        above = int((alike > own["shown"]).sum())
        parts.append(
            texts(
                "compare.beside.among_peers",
                count=len(alike),
                rank=above + 1,
                all=len(alike) + 1,
                low=numbers.percent(alike.min()),
                high=numbers.percent(alike.max()),
            )
        )
    if field.before_year is not None and not np.isnan(own["change"]):
        before = numbers.short_year(field.before_year, lang)
        parts.append(higher_or_lower(context, own["change"], "compare.beside.change", year=before, value=numbers.percent(own["before"])))
    return texts("frame.sentence_separator").join(parts)


def _why_none(context: Context, indicator: Indicator, field: Field, area_code: str) -> str:
    """The sentence of a municipality without a share: no households, too few, or not held."""
    own = field.rows.loc[area_code]
    base = context.word(context.indicator(indicator.denominator or indicator.id), "short")
    values = {
        "place": context.area_name(area_code),
        "year": numbers.year(field.year, context.lang),
        "measure": context.word(indicator, "short"),
        "base": base,
    }
    if not np.isnan(own["value"]):
        return context.texts(
            "compare.beside.few", numerator=numbers.count(own["numerator"]), denominator=numbers.count(own["denominator"]), **values
        )
    if own["denominator"] == 0:
        return context.texts("compare.beside.empty_base", **values)
    return context.texts("compare.beside.none", status=context.status_word(str(own["status"])), **values)


def _table(context: Context, indicator: Indicator, field: Field, area_code: str, codes: list[str]) -> Table:
    """The bars in the same order, with counts, differences, rank and remarks."""
    texts = context.texts
    chosen = float(field.rows.at[area_code, "shown"])
    rows = []
    for code in codes:
        whole = code in field.wholes.index
        own = (field.wholes if whole else field.rows).loc[code]
        share = float(own["value"] if whole else own["shown"])
        role = "whole" if whole else "chosen" if code == area_code else "peer"
        rows.append(
            {
                "place": context.area_name(code),
                "role": texts(f"compare.role.{role}"),
                "share": share,
                "numerator": own["numerator"],
                "denominator": own["denominator"],
                "difference": share - chosen if code != area_code else None,
                "rank": None if whole or np.isnan(share) else own["rank"],
                "change": None if whole else own["change"],
                "unknown": None if whole else own["unknown_shown"],
                "note": "" if whole else row_note(context, own),
            }
        )
    columns = (
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
    return Table(
        columns,
        pd.DataFrame(rows, columns=[one.id for one in columns]),
        texts("compare.beside.table", measure=context.word(indicator, "title"), year=field.year),
    )


def count_columns(context: Context, indicator: Indicator) -> tuple[Column, Column]:
    """The columns of the two counts a share is made from."""
    return (
        Column("numerator", context.word(context.indicator(indicator.numerator or indicator.id), "short"), "count"),
        Column("denominator", context.word(context.indicator(indicator.denominator or indicator.id), "short"), "count"),
    )
