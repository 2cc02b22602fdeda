"""Every municipality of one year, with what is needed to judge its figure."""

from __future__ import annotations

import pandas as pd

from atlas.analysis.reliability import Visibility
from atlas.exhibits.compare import count_columns
from atlas.exhibits.context import Context
from atlas.exhibits.field import MARK, Place, cautions, field_of, row_note
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers


def all_municipalities(context: Context, *, indicator_id: str, year: int) -> Exhibit:
    """The table of all municipalities, in the order of their codes; no figure."""
    texts, lang = context.texts, context.lang
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    rows = field.rows
    shown = rows["shown"].dropna()
    flagged = int(rows["flagged"].sum())
    withheld = int((rows["visibility"] == Visibility.WITHHELD).sum())
    none = int(rows["value"].isna().sum())
    values = {"measure": context.word(indicator, "short"), "all": numbers.count(len(rows)), "year": numbers.short_year(year, lang)}
    parts = []
    if len(shown):
        high, low = str(shown.idxmax()), str(shown.idxmin())
        parts.append(
            texts(
                "compare.all.sentence_shown" if withheld else "compare.all.sentence",
                highest=context.area_name(high),
                high=numbers.percent(shown[high], indicator.decimals),
                lowest=context.area_name(low),
                low=numbers.percent(shown[low], indicator.decimals),
                **values,
            )
        )
    if none:
        names = texts("frame.list_separator").join(share_place(context, str(code), field.places[str(code)]) for code in rows.index[rows["value"].isna()][:6])
        parts.append(texts("compare.all.none", count=numbers.count(none), names=names))
    if withheld:
        parts.append(texts("compare.all.withheld", count=numbers.count(withheld)))
    if flagged:
        parts.append(texts("compare.all.flagged", mark=MARK, count=numbers.count(flagged)))
    return Exhibit(
        id="municipalities",
        title=texts("compare.all.title", **values),
        subtitle=texts(
            "compare.all.subtitle",
            measure=context.word(indicator, "title"),
            unit=context.word(indicator, "unit"),
            year=numbers.year(year, lang),
            change=texts("compare.all.change", year=field.before_year) if field.before_year is not None else "",
        ),
        sentence=texts("frame.sentence_separator").join(parts),
        sources=context.source_lines([rows]),
        cautions=tuple(cautions(context, indicator, field)),
        table=_table(context, indicator_id, year),
        settings={"indicator": indicator_id, "year": str(year)},
    )


def share_place(context: Context, code: str, place: Place) -> str:
    """A place with the word for why it has no share."""
    return context.texts("compare.all.place_status", place=context.area_name(code), status=context.status_word(place.status))


def _table(context: Context, indicator_id: str, year: int) -> Table:
    texts = context.texts
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    rows = field.rows
    frame = pd.DataFrame(
        {
            "code": rows.index,
            "place": [context.short_area_name(str(code)) for code in rows.index],
            "prefecture": [context.short_area_name(str(code)) for code in rows["parent_code"]],
            "rank": rows["rank"].where(rows["shown"].notna()).to_numpy(float),
            "share": rows["shown"].to_numpy(float),
            "numerator": rows["numerator"].to_numpy(float),
            "denominator": rows["denominator"].to_numpy(float),
            "change": rows["change"].to_numpy(float),
            "older": rows["older"].to_numpy(float),
            "unknown": rows["unknown_shown"].to_numpy(float),
            "note": [row_note(context, place) for place in field.places.values()],
        }
    )
    columns: tuple[Column, ...] = (
        Column("code", texts("compare.column.code")),
        Column("place", texts("compare.column.municipality")),
        Column("prefecture", texts("compare.column.prefecture")),
        Column("rank", texts("compare.column.rank", held=numbers.count(field.held)), "rank"),
        Column("share", context.word(indicator, "short"), "percent", indicator.decimals),
        *count_columns(context, indicator),
        Column("change", texts("compare.column.change", year=field.before_year or ""), "points", 1),
        Column("older", texts("compare.column.older"), "percent", 1),
        Column("unknown", texts("compare.column.unknown"), "percent", 1),
        Column("note", texts("compare.column.note")),
    )
    columns = tuple(one for one in columns if one.id != "change" or field.before_year is not None)
    return Table(columns, frame[[one.id for one in columns]], texts("compare.all.table", measure=context.word(indicator, "title"), year=year))
