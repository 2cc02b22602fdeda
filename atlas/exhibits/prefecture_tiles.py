"""The prefectures of one year as a tile map, in classes of about the same number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from atlas.analysis.standing import competition_rank
from atlas.exhibits.compare import count_columns
from atlas.exhibits.context import Context
from atlas.exhibits.field import Field, field_of
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.tiles import Tile, short_name, tile_map
from atlas.store.areas import NATION
from catalog.model import Indicator

CLASSES = 5


def classes_of(values: pd.Series, count: int = CLASSES) -> pd.Series:
    """The class of each printed value from 0, by quantiles; equal values are never parted, an empty class is closed up. NaN stays NaN."""
    held = values.dropna()
    if held.empty:
        return values * np.nan
    edges = np.unique(np.quantile(held.to_numpy(float), np.arange(1, count) / count))
    found = pd.Series(np.searchsorted(edges, held.to_numpy(float), side="left"), index=held.index)
    return found.rank(method="dense").sub(1).reindex(values.index)


def prefecture_tiles(context: Context, *, indicator_id: str, prefecture: str, year: int) -> Exhibit:
    """All prefectures; the chosen municipality's own outlined."""
    texts, lang = context.texts, context.lang
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    rows = field.whole_rows.drop(index=NATION).copy()
    rows["printed"] = (rows["value"].astype(float) * 100).round(indicator.decimals)
    rows["group"] = classes_of(rows["printed"])
    rows["rank"] = competition_rank(rows["value"].to_numpy(float))
    held = rows[rows["value"].notna()]
    groups = [held[held["group"] == one] for one in sorted(held["group"].unique())]
    words = [_class_words(context, indicator, position, len(groups), own["printed"]) for position, own in enumerate(groups)]
    tiles = [_tile(context, indicator, field, str(code), row, words, prefecture) for code, row in rows.iterrows()]
    legend = [texts("compare.tiles.legend", words=one, count=len(own)) for one, own in zip(words, groups, strict=True)]
    return Exhibit(
        id="prefectures",
        title=_title(context, indicator, field, held),
        subtitle=texts(
            "compare.tiles.subtitle",
            measure=context.word(indicator, "title"),
            unit=context.word(indicator, "unit"),
            year=numbers.year(year, lang),
        ),
        sentence=_sentence(context, indicator, field, held, prefecture, words),
        sources=context.source_lines([rows]),
        cautions=(texts("compare.tiles.caution"),),
        table=_table(context, indicator, field, rows, words),
        figure=tile_map(context.look, tiles, classes=legend, legend_title=texts("compare.tiles.legend_title")) if len(held) else None,
        settings={"indicator": indicator_id, "year": str(year), "prefecture": prefecture, "classes": str(len(groups))},
        height=600,
    )


def _class_words(context: Context, indicator: Indicator, position: int, count: int, printed: pd.Series) -> str:
    """A class in words with its lowest and highest printed value."""
    low, high = numbers.count(printed.min(), indicator.decimals), numbers.count(printed.max(), indicator.decimals)
    return context.texts("compare.tiles.class", words=context.texts(f"compare.tiles.level.of{count}_{position + 1}"), low=low, high=high)


def _tile(context: Context, indicator: Indicator, field: Field, code: str, row: pd.Series, words: list[str], chosen: str) -> Tile:
    name = context.area_name(code)
    missing = bool(np.isnan(row["value"]))
    lines = [f"<b>{name}</b>", numbers.year(field.year, context.lang)]
    if missing:
        value = context.status_word(str(row["status"]))
        lines.append(value)
    else:
        value = numbers.count(float(row["value"]) * 100, indicator.decimals)
        lines += [f"{value}%", words[int(row["group"])], context.texts("compare.tiles.tip_rank", rank=numbers.count(row["rank"]))]
    tile_name = short_name(name, code, context.lang)
    return Tile(code, tile_name, value, None if missing else int(row["group"]), "<br>".join(lines), code == chosen)


def _title(context: Context, indicator: Indicator, field: Field, held: pd.DataFrame) -> str:
    measure = context.word(indicator, "short")
    if held.empty:
        return context.texts("compare.tiles.title_none", measure=measure)
    ordered = sorted((str(code) for code in held.index), key=field.whole)
    low, high = ordered[0], ordered[-1]
    return context.texts(
        "compare.tiles.title",
        measure=measure,
        highest=context.area_name(high),
        lowest=context.area_name(low),
        high=numbers.percent(field.whole(high), indicator.decimals),
        low=numbers.percent(field.whole(low), indicator.decimals),
    )


def _sentence(context: Context, indicator: Indicator, field: Field, held: pd.DataFrame, prefecture: str, words: list[str]) -> str:
    """Where the outlined prefecture stands, and who is in the highest and the lowest class."""
    texts = context.texts
    name, own = context.area_name(prefecture), field.of(prefecture)
    parts = []
    if own.is_shown:
        rank = sum(value > own.value for value in held["value"]) + 1
        value = numbers.percent(own.value, indicator.decimals)
        parts.append(texts("compare.tiles.own", place=name, value=value, rank=rank, held=len(held)))
    else:
        parts.append(texts("compare.tiles.own_none", place=name, status=context.status_word(own.status)))
    for group in (len(words) - 1, 0) if len(words) > 1 else ():
        codes = sorted((str(code) for code in held.index[held["group"] == group]), key=field.whole, reverse=True)
        names = texts("frame.list_separator").join(context.area_name(code) for code in codes)
        parts.append(texts("compare.tiles.group", words=words[group], names=names))
    return texts("frame.sentence_separator").join(parts)


def _table(context: Context, indicator: Indicator, field: Field, rows: pd.DataFrame, words: list[str]) -> Table:
    """Every prefecture, highest first."""
    texts = context.texts
    ordered = rows.sort_values("value", ascending=False, na_position="last", kind="stable")
    nation = field.whole(NATION)
    frame = pd.DataFrame(
        {
            "place": [context.area_name(str(code)) for code in ordered.index],
            "rank": ordered["rank"].to_numpy(),
            "share": ordered["value"].to_numpy(float),
            "numerator": ordered["numerator"].to_numpy(float),
            "denominator": ordered["denominator"].to_numpy(float),
            "difference": ordered["value"].to_numpy(float) - nation,
            "class": ["" if np.isnan(group) else words[int(group)] for group in ordered["group"]],
            "state": [context.status_word(str(status)) for status in ordered["status"]],
        }
    )
    columns = (
        Column("place", texts("compare.column.prefecture")),
        Column("rank", texts("compare.column.rank", held=int(rows["value"].notna().sum())), "rank"),
        Column("share", context.word(indicator, "short"), "percent", indicator.decimals),
        *count_columns(context, indicator),
        Column("difference", texts("compare.column.difference", place=context.short_area_name(NATION)), "points", 1),
        Column("class", texts("compare.column.class")),
        Column("state", texts("frame.column.status")),
    )
    return Table(columns, frame, texts("compare.tiles.table", measure=context.word(indicator, "title"), year=field.year))
