"""What only the comparison page shows: a municipality's profile, a table without a figure, the list of all municipalities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from atlas.exhibits.all_municipalities import all_municipalities
from atlas.exhibits.compare_words import Fact, profile
from atlas.exhibits.context import Context
from atlas.exhibits.field import UNKNOWN_SHARE, field_of, share_words
from atlas.exhibits.model import Column, Exhibit
from atlas.exhibits.recipe import recipe_of
from atlas.exports.formatted import cell_text
from atlas.figures import numbers
from atlas.interface import asked_place
from atlas.interface.frame import Page
from atlas.interface.grid import LABELS, Cell, GridColumn, GridPayload, grid, grid_payload
from atlas.interface.shown import kept, table_html, tools
from atlas.store.areas import full_name

GRID_WORDS = (*LABELS, "sorted_ascending", "sorted_descending")
CODE = "code"
GRID_COLUMNS = ("place", "share", "rank", "change", "numerator", "denominator", "older", "unknown")


@dataclass(frozen=True)
class _Tabled:
    exhibit: Exhibit
    head: str
    foot: str
    payload: GridPayload | None = None


def show_profile(page: Page, **options: Any) -> None:
    """Where the municipality stands, in one row of figures."""

    def make() -> str:
        facts = profile(page.context, **options)
        return _facts_html(facts) if facts else ""

    html = kept(page.context, "compare.profile", options, make)
    if html:
        st.html(html)


def _facts_html(facts: tuple[Fact, ...]) -> str:
    lines = "".join(
        f'<div><dt>{escape(fact.label)}</dt><dd style="font-size:1.375rem;font-weight:700;line-height:1.3">{escape(fact.figure)}</dd>'
        f'<dd class="change">{escape(fact.remark)}</dd></div>'
        for fact in facts
    )
    columns = "grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem;max-width:68rem;padding:0"
    return f'<dl class="atlas-figures" style="{columns}">{lines}</dl>'


def show_table(page: Page, build: Callable[..., Exhibit], **options: Any) -> None:
    """An exhibit that is a table: title, table, sentence, sources, downloads."""

    def make() -> _Tabled:
        exhibit = replace(build(page.context, **options), recipe=recipe_of(build, options, page.context.lang).text())
        return _Tabled(exhibit, _head(exhibit), table_html(exhibit.table, page.context) + _body(exhibit))

    tabled: _Tabled = kept(page.context, f"table:{build.__qualname__}", options, make)
    st.html(tabled.head + tabled.foot)
    tools(page, tabled.exhibit, f"{page.id}-{tabled.exhibit.id}", has_picture=False)


def show_municipalities(page: Page, *, area_code: str, indicator_id: str, year: int) -> None:
    """The sortable list of all municipalities; choosing a row chooses the municipality."""

    def make() -> _Tabled:
        options = {"indicator_id": indicator_id, "year": year}
        exhibit = replace(
            all_municipalities(page.context, indicator_id=indicator_id, year=year), recipe=recipe_of(all_municipalities, options, page.context.lang).text()
        )
        return _Tabled(exhibit, _head(exhibit), _body(exhibit), municipality_grid(page.context, exhibit, indicator_id, year))

    tabled: _Tabled = kept(page.context, "compare.all", {"indicator_id": indicator_id, "year": year}, make)
    st.html(tabled.head)
    if tabled.payload is not None:
        grid(
            tabled.payload,
            key=f"{page.id}-list",
            height=520,
            selected=area_code,
            on_choose=lambda code: asked_place.choose_area(page, code),
        )
    st.html(tabled.foot)
    tools(page, tabled.exhibit, f"{page.id}-{tabled.exhibit.id}", has_picture=False)


def municipality_grid(context: Context, exhibit: Exhibit, indicator_id: str, year: int) -> GridPayload:
    """The exhibit's table as a grid that fits a page: the code is the row's key, places sort by code, marks are words."""
    frame, known = exhibit.table.rows, {column.id: column for column in exhibit.table.columns}
    columns = [known[one] for one in GRID_COLUMNS if one in known and not (one == "unknown" and indicator_id == UNKNOWN_SHARE)]
    codes: list[str] = frame[CODE].tolist()
    field, indicator = field_of(context.store, indicator_id, year), context.indicator(indicator_id)
    special: dict[str, list[Cell]] = {
        "place": [(context.area_name(code), code) for code in codes],
        "share": _worded([share_words(context, indicator, place) for place in field.places.values()], frame["share"].tolist()),
        "unknown": _worded(
            [_unknown_words(context, share, flag) for share, flag in zip(frame["unknown"], field.rows["flagged"], strict=True)],
            frame["unknown"].tolist(),
        ),
    }
    cells = [special.get(column.id) or _cells(context, column, frame[column.id].tolist()) for column in columns]
    return grid_payload(
        [_grid_column(context, column) for column in columns],
        list(zip(*cells, strict=True)),
        caption=exhibit.table.caption,
        labels={name: context.texts(f"compare.grid.{name}") for name in GRID_WORDS},
        row_keys=codes,
        search_words=[f"{full_name(context.store, code, 'ja')} {full_name(context.store, code, 'en')}" for code in codes],
    )


def _grid_column(context: Context, column: Column) -> GridColumn:
    """A column under a heading short enough for ten of them."""
    key = f"compare.grid.column.{column.id}"
    title = context.texts(key) if context.texts.has(key) else column.title
    kind = "text" if column.kind == "text" else "number"
    return GridColumn(column.id, title, kind, first_sort="ascending" if column.kind == "rank" else "")


def _cells(context: Context, column: Column, values: list[Any]) -> list[Cell]:
    missing = context.texts("frame.no_value")
    if column.kind == "points":  # the unit stands above the table: ten columns leave no room for it in each cell
        return _worded([missing if numbers.is_missing(value) else _signed(value) for value in values], values)
    return _worded([cell_text(column, value, context.lang, missing) for value in values], values)


def _signed(difference: float) -> str:
    """A difference of shares in points without its unit: +2.3."""
    number = numbers.count(abs(difference) * 100, 1)
    sign = "±" if float(number) == 0 else "+" if difference > 0 else numbers.MINUS
    return f"{sign}{number}"


def _worded(words: list[str], values: list[Any]) -> list[Cell]:
    """Number cells: the words shown, and the value they are sorted by."""
    return [(text, None if numbers.is_missing(value) else float(value)) for text, value in zip(words, values, strict=True)]


def _unknown_words(context: Context, share: float, flagged: bool) -> str:
    """The share of unknown age, with the mark in words where it is high."""
    if numbers.is_missing(share):
        return context.texts("frame.no_value")
    words = numbers.percent(share)
    return context.texts("compare.grid.flagged_cell", share=words) if flagged else words


def _head(exhibit: Exhibit) -> str:
    return f'<div class="atlas-title"><h3>{escape(exhibit.title)}</h3><p class="atlas-subtitle">{escape(exhibit.subtitle)}</p></div>'


def _body(exhibit: Exhibit) -> str:
    parts = [f'<p class="atlas-sentence">{escape(exhibit.sentence)}</p>']
    parts += [f'<p class="atlas-source">{escape(line)}</p>' for line in exhibit.sources]
    parts += [f'<p class="atlas-caution">{escape(line)}</p>' for line in exhibit.cautions]
    return f'<div class="atlas-body">{"".join(parts)}</div>'
