"""Family types of households over the years, on one of two bases that are never joined."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.stacked import Part, stacked_bars
from atlas.store import observations
from atlas.store.areas import NATION

BASES = {"with_unknown": "family_type_share", "without_unknown": "family_type_share_excl_unknown"}
TYPES = ("one_person", "couple_only", "couple_and_children", "one_parent", "other", "unknown")
WHOLE = 0.985
"""A year whose types add to less is not held whole: rounding alone never loses this much."""


def family_types(context: Context, *, base: str = "with_unknown") -> Exhibit:
    """Shares of the family types among general households: one stacked bar a year.

    base: 'with_unknown' (unknown family type in the denominator) or 'without_unknown'.
    """
    texts, palette = context.texts, context.look.palette
    indicator = context.indicator(BASES[base])
    rows = observations.breakdown(context.store, indicator.id, NATION)
    rows = rows[rows["value"].notna() & rows["household_type"].isin(TYPES)]
    years = sorted(int(year) for year in rows["year"].unique())
    share = rows.pivot_table(index="year", columns="household_type", values="value")
    types = [one for one in TYPES if one in share]
    colours = {
        "one_person": palette.accent,
        "couple_only": palette.sequential[2],
        "couple_and_children": palette.sequential[1],
        "one_parent": palette.lines[1],
        "other": palette.context,
        "unknown": palette.second,
    }
    parts = []
    for one in types:
        values = [float(share.at[year, one]) if pd.notna(share.at[year, one]) else None for year in years]
        name = texts(f"family_types.types.{one}")
        labels = ["" if value is None else numbers.percent(value) for value in values]
        tips = [f"<b>{name}</b><br>{numbers.year(year, context.lang)}<br>{label}" for year, label in zip(years, labels, strict=True)]
        parts.append(Part(name, colours[one], values, labels, tips, hatched=one == "unknown"))
    shown = share.sum(axis=1)
    missing = [(position, float(shown[year]), context.status_word("not_loaded")) for position, year in enumerate(years) if shown[year] < WHOLE]
    first, last = years[0], years[-1]
    said = {
        "first": numbers.percent(float(share.at[first, "one_person"])),
        "last": numbers.percent(float(share.at[last, "one_person"])),
        "first_year": numbers.year(first, context.lang),
        "last_year": numbers.year(last, context.lang),
        "family_first": numbers.percent(float(share.at[first, "couple_and_children"])),
        "family_last": numbers.percent(float(share.at[last, "couple_and_children"])),
    }
    cautions = [context.word(indicator, "caution") or texts(f"family_types.caution_{base}")]
    cautions += [texts("family_types.partly_held", year=numbers.year(years[position], context.lang)) for position, _, _ in missing]
    return Exhibit(
        id=f"family-types-{base.replace('_', '-')}",
        title=texts("family_types.title", **said),
        subtitle=texts("family_types.subtitle", base=texts(f"family_types.bases.{base}")),
        sentence=texts("family_types.sentence", **said),
        sources=context.source_lines([rows]),
        cautions=tuple(cautions),
        table=_table(context, rows, years, types),
        figure=stacked_bars(context.look, [numbers.short_year(year, context.lang) for year in years], parts, missing=missing),
        settings={"base": base},
    )


def _table(context: Context, rows: pd.DataFrame, years: list[int], types: list[str]) -> Table:
    texts = context.texts
    by_cell = rows.set_index(["year", "household_type"])
    lines = []
    for year in years:
        for one in types:
            held = (year, one) in by_cell.index
            value = float(by_cell.loc[(year, one), "value"]) if held else None
            read = str(by_cell.loc[(year, one), "verified"]) if held else ""
            mark = texts(f"frame.verified.{read}") if texts.has(f"frame.verified.{read}") else ""
            if not held and one == "unknown":
                continue
            lines.append((year, texts(f"family_types.types.{one}"), value, context.status_word("observed" if held else "not_loaded"), mark))
    columns = (
        Column("year", texts("frame.column.year"), "year"),
        Column("type", texts("family_types.column.type")),
        Column("value", texts("older.column.value"), "percent", 1),
        Column("state", texts("frame.column.status")),
        Column("mark", texts("frame.column.read")),
    )
    return Table(columns, pd.DataFrame(lines, columns=[column.id for column in columns]), texts("family_types.caption"))
