"""People aged 65 and over who live alone, in the three definitions in use: three panels, never one line."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.panels import Panel, PanelLine, panel_chart
from atlas.store import observations, projections
from atlas.store.areas import NATION

OF_HOUSEHOLDS = "older_one_person_share_of_households"
OF_HOUSEHOLDS_IPSS = "older_one_person_share_of_households_ipss"
OF_OLDER = "older_living_alone_share_of_older"
OF_OLDER_IPSS = "older_living_alone_share_of_older_ipss"
SEXES = ("male", "female")


def older_definitions(context: Context) -> Exhibit:
    """Share of households (census), share of households (IPSS, age unknown distributed), share of people 65+ by sex."""
    store, texts = context.store, context.texts
    census = observations.series(store, OF_HOUSEHOLDS, [NATION])
    census = census[census["value"].notna()]
    ipss = projections.vintages(store, OF_HOUSEHOLDS_IPSS)
    of_older = observations.breakdown(store, OF_OLDER, NATION)
    of_older = of_older[of_older["sex"].isin(SEXES) & of_older["value"].notna()]
    of_older_ipss = projections.vintages(store, OF_OLDER_IPSS)
    of_older_ipss = of_older_ipss[of_older_ipss["age_group"] == "65+"]
    by_vintage = [
        _line(context, rows, texts("trends.vintage", vintage=vintage), position, projected=True)
        for position, (vintage, rows) in enumerate(ipss.groupby("vintage"))
    ]
    by_sex = [
        _line(context, of_older[of_older["sex"] == sex], texts(f"older.sex.{sex}"), position, dash=dash)
        for position, (sex, dash) in enumerate(zip(SEXES, ("solid", "dot"), strict=True))
    ]
    panels = [
        Panel(texts("older.panel.households"), [_line(context, census, texts("older.census"), 0)]),
        Panel(texts("older.panel.households_ipss"), by_vintage),
        Panel(texts("older.panel.people"), by_sex),
    ]  # fmt: skip
    table = pd.concat(
        [
            census.assign(definition=texts("older.panel.households"), group=texts("older.both")),
            ipss.assign(definition=texts("older.panel.households_ipss"), group=texts("older.both")),
            of_older.assign(definition=texts("older.panel.people"), group=of_older["sex"].map(lambda sex: texts(f"older.sex.{sex}"))),
            of_older_ipss.assign(definition=texts("older.panel.people_ipss"), group=of_older_ipss["sex"].map(lambda sex: texts(f"older.sex.{sex}"))),
        ],
        ignore_index=True,
    )
    kinds = [
        texts("trends.counted") if pd.isna(v) else texts("trends.vintage", vintage=int(v)) + (texts("trends.base_year") if base is True else "")
        for v, base in zip(table["vintage"], table["is_base_year"], strict=True)
    ]
    table = table.assign(kind=kinds)
    columns = (
        Column("definition", texts("older.column.definition")),
        Column("group", texts("older.column.group")),
        Column("year", texts("frame.column.year"), "year"),
        Column("value", texts("older.column.value"), "percent", 1),
        Column("kind", texts("frame.column.kind")),
    )
    years = sorted({int(year) for year in table["year"]})
    return Exhibit(
        id="older-definitions",
        title=_title(context, census, ipss, of_older),
        subtitle=texts("older.subtitle"),
        sentence=_sentence(context, census, ipss, of_older),
        sources=context.source_lines([census, ipss, of_older, of_older_ipss]),
        cautions=(texts("older.caution"), context.word(context.indicator(OF_HOUSEHOLDS), "caution")),
        table=Table(columns, table[[column.id for column in columns]], texts("older.subtitle")),
        figure=panel_chart(context.look, panels, ticks=list(range(years[0] // 10 * 10, years[-1] + 1, 10)), tick_format=".0%", top_value=0.28),
        height=670,
    )


def _line(context: Context, rows: pd.DataFrame, name: str, colour: int, *, projected: bool = False, dash: str = "solid") -> PanelLine:
    tips = [f"<b>{name}</b><br>{numbers.year(int(row.year), context.lang)}<br>{numbers.percent(float(row.value))}" for row in rows.itertuples()]
    return PanelLine(name, [int(y) for y in rows["year"]], [float(v) for v in rows["value"]], tips, projected=projected, dash=dash, colour=colour)


def _latest_common(census: pd.DataFrame, ipss: pd.DataFrame, of_older: pd.DataFrame) -> int:
    """The newest year all three definitions have a figure for."""
    base = ipss[ipss["is_base_year"].astype(bool)]
    return int(max(set(census["year"]) & set(base["year"]) & set(of_older["year"])))


def _values(context: Context, census: pd.DataFrame, ipss: pd.DataFrame, of_older: pd.DataFrame) -> dict[str, str]:
    year = _latest_common(census, ipss, of_older)
    base = ipss[ipss["is_base_year"].astype(bool) & (ipss["year"] == year)].sort_values("vintage").iloc[-1]
    by_sex = of_older[of_older["year"] == year].set_index("sex")["value"]
    return {
        "year": numbers.year(year, context.lang),
        "census": numbers.percent(float(census.loc[census["year"] == year, "value"].iloc[0])),
        "ipss": numbers.percent(float(base["value"])),
        "male": numbers.percent(float(by_sex["male"])),
        "female": numbers.percent(float(by_sex["female"])),
    }


def _title(context: Context, census: pd.DataFrame, ipss: pd.DataFrame, of_older: pd.DataFrame) -> str:
    return context.texts("older.title", **_values(context, census, ipss, of_older))


def _sentence(context: Context, census: pd.DataFrame, ipss: pd.DataFrame, of_older: pd.DataFrame) -> str:
    return context.texts("older.sentence", **_values(context, census, ipss, of_older))
