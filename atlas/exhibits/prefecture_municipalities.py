"""The municipalities of one prefecture in one year, with what is needed to judge each figure."""

from __future__ import annotations

from dataclasses import replace

from atlas.analysis.reliability import Visibility
from atlas.exhibits.all_municipalities import all_municipalities
from atlas.exhibits.context import Context
from atlas.exhibits.field import MARK, field_of
from atlas.exhibits.model import Exhibit
from atlas.figures import numbers


def prefecture_municipalities(context: Context, *, indicator_id: str, prefecture: str, year: int) -> Exhibit:
    """The table of a prefecture's municipalities, highest first; ranks are those among all of Japan. No figure."""
    texts, indicator, field = context.texts, context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    whole = all_municipalities(context, indicator_id=indicator_id, year=year)
    rows = field.rows[field.rows["parent_code"] == prefecture]
    shown = rows["shown"].dropna()
    name, measure = context.area_name(prefecture), context.word(indicator, "short")
    title = texts("site.municipalities.title_none", prefecture=name, measure=measure)
    parts = [texts("site.municipalities.count", prefecture=name, count=len(rows), held=len(shown))]
    if len(shown):
        ends = {"highest": str(shown.idxmax()), "lowest": str(shown.idxmin())}
        values = {key: numbers.percent(float(shown[code]), indicator.decimals) for key, code in (("high", ends["highest"]), ("low", ends["lowest"]))}
        names = {key: context.short_area_name(code) for key, code in ends.items()}
        title = texts("site.municipalities.title", prefecture=name, measure=measure, **names, **values)
    withheld = int((rows["visibility"] == Visibility.WITHHELD).sum())
    if withheld:
        parts.append(texts("compare.all.withheld", count=numbers.count(withheld)))
    if int(rows["flagged"].sum()):
        parts.append(texts("compare.all.flagged", mark=MARK, count=numbers.count(int(rows["flagged"].sum()))))
    own = whole.table.rows[whole.table.rows["code"].isin(rows.index)].sort_values(["share", "code"], ascending=[False, True], na_position="last")
    columns = tuple(one for one in whole.table.columns if one.id != "prefecture")
    order = sorted(columns, key=lambda one: {"place": 0, "share": 1, "rank": 2, "code": 9}.get(one.id, 5))
    caption = texts("site.municipalities.table", prefecture=name, measure=context.word(indicator, "title"), year=year)
    return replace(
        whole,
        id="prefecture_municipalities",
        title=title,
        subtitle=texts(
            "site.municipalities.subtitle", measure=context.word(indicator, "title"), unit=context.word(indicator, "unit"), prefecture=name,
            year=numbers.year(year, context.lang),
        ),
        sentence=texts("frame.sentence_separator").join(parts),
        sources=context.source_lines([rows]),
        table=replace(whole.table, columns=tuple(order), rows=own[[one.id for one in order]].reset_index(drop=True), caption=caption),
        settings=whole.settings | {"prefecture": prefecture},
        table_first=True,
    )  # fmt: skip
