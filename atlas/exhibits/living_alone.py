"""Who lives alone: the share of men and women of each age, as far as it is held."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.age_bars import AgeSeries, age_bars
from atlas.store import observations, projections
from atlas.store.areas import NATION

INDICATOR = "living_alone_share_of_population"
PROJECTED = "living_alone_share_of_population_ipss"
SEXES = ("male", "female")
AGES = ("20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")
YEARS_COUNTED = (1990, 2020)
PROJECTION = (2018, 2040)
"""Vintage and year of the projection beside the census."""


def living_alone_by_age(context: Context) -> Exhibit:
    """Share of the people of each sex and ten-year age group who live alone: two censuses and one projection."""
    texts = context.texts
    counted = observations.breakdown(context.store, INDICATOR, NATION)
    projected = projections.vintages(context.store, PROJECTED)
    vintage, year = PROJECTION
    projected = projected[(projected["vintage"] == vintage) & (projected["year"] == year)]
    series = [
        AgeSeries(
            numbers.short_year(one, context.lang), _cells(context, counted[counted["year"] == one], texts("trends.counted")), accent=one == YEARS_COUNTED[-1]
        )
        for one in YEARS_COUNTED
    ]
    name = texts("living_alone.projection", year=year, vintage=vintage)
    series.append(AgeSeries(name, _cells(context, projected, name), projected=True))
    figure = age_bars(
        context.look, [texts(f"older.sex.{sex}") for sex in SEXES], [age_word(context, age) for age in AGES], series,
        missing_word=context.status_word("not_loaded"), top_value=0.4,
    )  # fmt: skip
    newest = counted[counted["year"] == YEARS_COUNTED[-1]]
    values = {
        "year": numbers.year(YEARS_COUNTED[-1], context.lang),
        "first_year": YEARS_COUNTED[0],
        "forties": _share(newest, "male", "40-49"),
        "forties_before": _share(counted[counted["year"] == YEARS_COUNTED[0]], "male", "40-49"),
        "fifties": _share(newest, "male", "50-59"),
        "women": _share(newest, "female", "80+"),
        "men": _share(newest, "male", "80+"),
    }
    table = _table(context, counted, projected)
    return Exhibit(
        id="living-alone-by-age",
        title=texts("living_alone.title", **values),
        subtitle=texts("living_alone.subtitle"),
        sentence=texts("living_alone.sentence", **values),
        sources=context.source_lines([counted[counted["age_group"].isin(AGES)], projected]),
        cautions=(texts("living_alone.caution"), context.word(context.indicator(INDICATOR), "caution")),
        table=table,
        figure=figure,
        height=580,
    )


def age_word(context: Context, age: str) -> str:
    """20-29 -> 20代 / 20s; 80+ -> 80歳以上 / 80+."""
    first = age.split("-")[0].rstrip("+")
    return context.texts("living_alone.age_over" if age.endswith("+") else "living_alone.age_tens", age=first)


def _share(rows: pd.DataFrame, sex: str, age: str) -> str:
    cell = rows[(rows["sex"] == sex) & (rows["age_group"] == age)]
    return numbers.percent(float(cell["value"].iloc[0]))


def _cells(context: Context, rows: pd.DataFrame, kind: str) -> dict[tuple[int, int], tuple[float, str, str]]:
    cells = {}
    for row in rows[rows["sex"].isin(SEXES) & rows["age_group"].isin(AGES) & rows["value"].notna()].itertuples():
        label = numbers.percent(float(row.value))
        who = f"{context.texts(f'older.sex.{row.sex}')} {age_word(context, str(row.age_group))}"
        tip = f"<b>{who}</b><br>{numbers.year(int(row.year), context.lang)}<br>{label}<br>{kind}"
        cells[(SEXES.index(str(row.sex)), AGES.index(str(row.age_group)))] = (float(row.value), label, tip)
    return cells


def _table(context: Context, counted: pd.DataFrame, projected: pd.DataFrame) -> Table:
    """Every cell of the picture, those not held with their word."""
    texts = context.texts
    vintage, year = PROJECTION
    wanted = [(one, None) for one in YEARS_COUNTED] + [(year, vintage)]
    rows = []
    for sex in SEXES:
        for age in AGES:
            for one, of_vintage in wanted:
                source = counted if of_vintage is None else projected
                cell = source[(source["sex"] == sex) & (source["age_group"] == age) & (source["year"] == one)]
                value = float(cell["value"].iloc[0]) if len(cell) else None
                kind = texts("trends.counted") if of_vintage is None else texts("trends.vintage", vintage=of_vintage)
                read = str(cell["verified"].iloc[0]) if len(cell) else ""
                mark = texts(f"frame.verified.{read}") if texts.has(f"frame.verified.{read}") else ""
                state = context.status_word("observed" if len(cell) else "not_loaded") if of_vintage is None or not len(cell) else texts("trends.projected")
                rows.append((texts(f"older.sex.{sex}"), age_word(context, age), one, value, kind, state, mark))
    columns = (
        Column("sex", texts("older.column.group")),
        Column("age", texts("living_alone.column.age")),
        Column("year", texts("frame.column.year"), "year"),
        Column("value", texts("older.column.value"), "percent", 1),
        Column("kind", texts("frame.column.kind")),
        Column("state", texts("frame.column.status")),
        Column("mark", texts("frame.column.read")),
    )
    return Table(columns, pd.DataFrame(rows, columns=[column.id for column in columns]), texts("living_alone.subtitle"))
