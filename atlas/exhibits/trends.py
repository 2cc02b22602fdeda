"""Trends: how an indicator changed in the areas chosen, with the projections that are held."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atlas.analysis.index_to_base import index_to_base
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.lines import Gap, Line, YearAxis, line_chart
from atlas.store import observations, projections
from atlas.store.areas import NATION
from catalog.model import Indicator


def trend(context: Context, *, indicator_id: str, area_codes: tuple[str, ...] = (NATION,), base_year: int | None = None, vintages: bool = True) -> Exhibit:
    """The years of one indicator in one or more areas; projections beside the nation.

    base_year: show every area as an index, 100 in that year; an area without a figure there is named.
    """
    indicator = context.indicator(indicator_id)
    rows = observations.series(context.store, indicator_id, area_codes)
    projected = projections.vintages(context.store, indicator_id) if vintages and NATION in area_codes and base_year is None else _none()
    projected = projected[projected[["sex", "age_group", "household_type"]].eq("all").all(axis=1)] if len(projected) else projected
    held = rows[rows["value"].notna()]
    scale = {code: _indexed(held[held["area_code"] == code], base_year) for code in area_codes}
    lines, without_base = [], []
    for position, code in enumerate(area_codes):
        own = scale[code]
        if base_year is not None and own["shown"].isna().all():
            without_base.append(code)
        own = own[own["shown"].notna()]
        if len(own):
            lines.append(
                Line(
                    context.short_area_name(code),
                    [int(year) for year in own["year"]],
                    [float(value) for value in own["shown"]],
                    [_tip(context, indicator, code, row, base_year) for row in own.itertuples()],
                    colour=position,
                    quiet=position >= 4,
                )
            )
    counted = len(lines)
    lines += _vintage_lines(context, indicator, projected)
    gaps = [
        Gap(int(year), f"{year} {context.status_word(status)}")
        for year, status in rows[(rows["area_code"] == area_codes[0]) & rows["value"].isna()][["year", "status"]].itertuples(index=False)
    ]
    years = sorted({year for line in lines for year in line.years} | {gap.year for gap in gaps})
    is_share = indicator.kind == "share" and base_year is None
    figure = line_chart(
        context.look,
        lines,
        axis=YearAxis(_ticks(years)),
        tick_format=".0%" if is_share else ",.0f" if indicator.kind == "count" or base_year is not None else ",.2f",
        value_title=context.texts("trends.index_axis", year=base_year) if base_year is not None else context.word(indicator, "unit"),
        gaps=gaps,
        breaks=[b.year for b in indicator.breaks],
    ) if lines else None  # fmt: skip
    title, sentence = _words(context, indicator, area_codes, held, projected, base_year)
    cautions = [context.word(indicator, "caution")] if indicator.caution_ja else []
    cautions += [f"{b.year}: {context.word(b, 'reason')}" for b in indicator.breaks]
    cautions += [
        f"{numbers.year(int(row.year), context.lang)}: {context.status_word(row.status)}。{row.reason_ja}" if context.lang == "ja"
        else f"{row.year}: {context.status_word(row.status)}. {row.reason_en}"
        for row in rows[rows["value"].isna() & rows["area_code"].eq(area_codes[0])].itertuples()
        if row.reason_ja
    ]  # fmt: skip
    if without_base:
        names = context.texts("frame.list_separator").join(context.area_name(code) for code in without_base)
        cautions.append(context.texts("trends.no_base", names=names, year=numbers.short_year(base_year or 0, context.lang)))
    return Exhibit(
        id="trend",
        title=title,
        subtitle=_subtitle(context, indicator, area_codes, years, base_year),
        sentence=sentence,
        sources=context.source_lines([held, projected]),
        cautions=tuple(cautions),
        table=_table(context, indicator, rows, projected, scale, base_year),
        figure=figure,
        settings={"indicator": indicator_id, "areas": " ".join(area_codes), "base_year": str(base_year or ""), "lines": str(counted)},
        height=440,
    )


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["vintage", "year", "value", "is_base_year", "source_id", "verified", "publication", "sex", "age_group", "household_type"])


def _indexed(rows: pd.DataFrame, base_year: int | None) -> pd.DataFrame:
    """The rows with the column `shown`: the value itself, or 100 in the base year."""
    if base_year is None:
        return rows.assign(shown=rows["value"])
    return rows.assign(shown=index_to_base(rows["value"].to_numpy(float), rows["year"].to_numpy(int), base_year))


def shown_value(context: Context, indicator: Indicator, value: float) -> str:
    """A value with its unit as it stands on page, tooltip and table."""
    if indicator.kind == "share":
        return numbers.percent(value, indicator.decimals)
    unit = context.word(indicator, "unit")
    number = numbers.count(value, indicator.decimals)
    return f"{number}{unit}" if context.lang == "ja" else f"{number} {unit}"


def _tip(context: Context, indicator: Indicator, code: str, row: object, base_year: int | None) -> str:
    lines = [f"<b>{context.area_name(code)}</b>", numbers.year(int(row.year), context.lang), shown_value(context, indicator, float(row.value))]  # type: ignore[attr-defined]
    if base_year is not None:
        lines.append(context.texts("trends.index_tip", value=numbers.count(float(row.shown), 1), year=base_year))  # type: ignore[attr-defined]
    lines.append(context.texts("trends.counted"))
    return "<br>".join(lines)


def _vintage_lines(context: Context, indicator: Indicator, projected: pd.DataFrame) -> list[Line]:
    """One dashed line a vintage, named at its end; the base year is the census and is not drawn again."""
    lines = []
    newest = projected["vintage"].max() if len(projected) else 0
    for vintage, rows in projected[~projected["is_base_year"].astype(bool)].groupby("vintage") if len(projected) else ():
        name = context.texts("trends.vintage", vintage=vintage)
        tips = [
            "<br>".join(
                [
                    f"<b>{name}</b>",
                    numbers.year(int(row.year), context.lang),
                    shown_value(context, indicator, float(row.value)),
                    context.texts("trends.projected"),
                ]
            )
            for row in rows.itertuples()
        ]
        lines.append(
            Line(
                name,
                [int(y) for y in rows["year"]],
                [float(v) for v in rows["value"]],
                tips,
                projected=True,
                colour={0: 1}.get(int(newest - vintage), 2 if newest - vintage < 10 else 3),
            )  # type: ignore[operator]
        )
    return lines


def _ticks(years: Sequence[int]) -> list[int]:
    """Years to print: all when few, else the round ones."""
    if len(years) <= 8:
        return list(years)
    return sorted({year for year in range(years[0], years[-1] + 1) if year % 10 == 0} | {years[0]} if years[-1] - years[0] > 30 else set(years))


def _subtitle(context: Context, indicator: Indicator, codes: Sequence[str], years: Sequence[int], base_year: int | None) -> str:
    names = context.texts("frame.list_separator").join(context.area_name(code) for code in codes)
    span = context.texts("frame.year_span", first=years[0], last=years[-1]) if years else ""
    measure = context.word(indicator, "title")
    if base_year is not None:
        measure += context.texts("trends.index_of", year=base_year)
    return context.texts("trends.subtitle", measure=measure, unit=context.word(indicator, "unit"), places=names, years=span)


def _words(context: Context, indicator: Indicator, codes: Sequence[str], held: pd.DataFrame, projected: pd.DataFrame, base_year: int | None) -> tuple[str, str]:
    """Title (the finding) and the figure in words, from the figures shown."""
    parts = []
    for code in codes:
        own = held[held["area_code"] == code]
        if own.empty:
            parts.append(context.texts("trends.none_held", place=context.area_name(code)))
            continue
        first, last = own.iloc[0], own.iloc[-1]
        parts.append(
            context.texts(
                "trends.sentence_change" if len(own) > 1 else "trends.sentence_one",
                place=context.area_name(code),
                measure=context.word(indicator, "title"),
                first_year=numbers.year(int(first["year"]), context.lang),
                last_year=numbers.year(int(last["year"]), context.lang),
                first=shown_value(context, indicator, first["value"]),
                last=shown_value(context, indicator, last["value"]),
            )
        )
    newest = projected[projected["vintage"] == projected["vintage"].max()] if len(projected) else projected
    if len(newest):
        end = newest.iloc[-1]
        parts.append(
            context.texts(
                "trends.sentence_projection", vintage=int(end["vintage"]), year=numbers.year(int(end["year"]), context.lang),
                value=shown_value(context, indicator, end["value"]),
            )
        )  # fmt: skip
    own = held[held["area_code"] == codes[0]]
    if len(own) < 2 or base_year is not None:
        title = context.texts("trends.title_plain", measure=context.word(indicator, "short"))
    else:
        first, last = own.iloc[0], own.iloc[-1]
        title = context.texts(
            "trends.title", place="" if codes[0] == NATION else context.area_name(codes[0]) + context.texts("trends.of"),
            measure=context.word(indicator, "short"), span=int(last["year"] - first["year"]), first_year=int(first["year"]), last_year=int(last["year"]),
            first=shown_value(context, indicator, first["value"]), last=shown_value(context, indicator, last["value"]),
        )  # fmt: skip
    return title, context.texts("frame.sentence_separator").join(parts)


def _table(context: Context, indicator: Indicator, rows: pd.DataFrame, projected: pd.DataFrame, scale: dict[str, pd.DataFrame], base_year: int | None) -> Table:
    """Counted years first, then the projections by vintage; a missing value has its word."""
    texts = context.texts
    observed = rows.assign(
        place=rows["area_code"].map(context.area_name),
        what=texts("trends.counted"),
        state=rows["status"].map(context.status_word),
        mark=[_mark(context, value) for value in rows["verified"]],
    )
    if base_year is not None:
        shown = pd.concat(scale.values()).set_index(["area_code", "year"])["shown"] if scale else pd.Series(dtype=float)
        observed = observed.assign(index=[shown.get((code, year)) for code, year in zip(rows["area_code"], rows["year"], strict=True)])
    frames = [observed]
    if len(projected):
        frames.append(
            projected.assign(
                place=context.area_name(NATION),
                what=[
                    texts("trends.vintage", vintage=v) + (texts("trends.base_year") if base else "")
                    for v, base in zip(projected["vintage"], projected["is_base_year"], strict=True)
                ],
                state=texts("trends.projected"),
                mark=[_mark(context, value) for value in projected["verified"]],
            )
        )
    table = pd.concat(frames, ignore_index=True)
    table = table.assign(era=[numbers.japanese_year(int(year)) for year in table["year"]])
    kind = {"share": "percent", "count": "count"}.get(indicator.kind, "decimal")
    columns = [Column("place", texts("frame.column.area")), Column("year", texts("frame.column.year"), "year")]
    if context.lang == "ja":
        columns.append(Column("era", texts("frame.column.era")))
    unit = "" if indicator.kind == "share" else f" ({context.word(indicator, 'unit')})"
    columns += [Column("value", context.word(indicator, "short") + unit, kind, indicator.decimals)]
    if base_year is not None:
        columns.append(Column("index", texts("trends.index_axis", year=base_year), "decimal", 1))
    columns += [Column("what", texts("frame.column.kind")), Column("state", texts("frame.column.status")), Column("mark", texts("frame.column.read"))]
    return Table(tuple(columns), table[[column.id for column in columns]], context.word(indicator, "title"))


def _mark(context: Context, verified: object) -> str:
    """How a figure was read, for the table; empty where it was read in the publication."""
    key = f"frame.verified.{verified}"
    return context.texts(key) if isinstance(verified, str) and context.texts.has(key) else ""
