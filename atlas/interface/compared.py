"""What only the comparison page shows: a municipality's profile, a table without a figure, the list of all municipalities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from atlas.exhibits.all_municipalities import all_municipalities
from atlas.exhibits.compare import Fact, profile
from atlas.exhibits.context import Context
from atlas.exhibits.field import field_of, share_words
from atlas.exhibits.model import Column, Exhibit
from atlas.exports.formatted import cell_text
from atlas.figures import numbers
from atlas.interface import asked_place
from atlas.interface.frame import Page
from atlas.interface.grid import LABELS, Cell, GridColumn, GridPayload, grid, grid_payload
from atlas.interface.shown import kept, table_html, tools

GRID_WORDS = (*LABELS, "sorted_ascending", "sorted_descending")
CODE = "code"


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
        label = page.texts("compare.profile.label", place=page.context.short_area_name(options["area_code"]))
        return _facts_html(facts, label) if facts else ""

    html = kept(page.context, "compare.profile", options, make)
    if html:
        st.html(html)


def _facts_html(facts: tuple[Fact, ...], label: str) -> str:
    lines = "".join(
        f'<div><dt>{escape(fact.label)}</dt><dd style="font-size:1.375rem;font-weight:700;line-height:1.3">{escape(fact.figure)}</dd>'
        f'<dd class="change">{escape(fact.remark)}</dd></div>'
        for fact in facts
    )
    columns = "grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem 1.5rem;max-width:68rem"
    return f'<dl class="atlas-figures" style="{columns}" aria-label="{escape(label)}">{lines}</dl>'


def show_table(page: Page, build: Callable[..., Exhibit], **options: Any) -> None:
    """An exhibit that is a table: title, table, sentence, sources, downloads."""

    def make() -> _Tabled:
        exhibit = build(page.context, **options)
        return _Tabled(exhibit, _head(exhibit), table_html(exhibit.table, page.context) + _body(exhibit))

    tabled: _Tabled = kept(page.context, f"table:{build.__qualname__}", options, make)
    st.html(tabled.head + tabled.foot)
    tools(page, tabled.exhibit, f"{page.id}-{tabled.exhibit.id}", has_picture=False)


def show_municipalities(page: Page, *, area_code: str, indicator_id: str, year: int) -> None:
    """The sortable list of all municipalities; choosing a row chooses the municipality."""
    options = {"indicator_id": indicator_id, "year": year}

    def make() -> _Tabled:
        exhibit = all_municipalities(page.context, **options)
        return _Tabled(exhibit, _head(exhibit), _body(exhibit), municipality_grid(page.context, exhibit, indicator_id, year))

    tabled: _Tabled = kept(page.context, "compare.all", options, make)
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
    """The exhibit's table as a grid: the code becomes the row's key, prefectures sort by code, marks are words."""
    columns = [column for column in exhibit.table.columns if column.id != CODE]
    frame = exhibit.table.rows
    indicator, rows = context.indicator(indicator_id), field_of(context.store, indicator_id, year).rows
    words = {"share": [share_words(context, indicator, row) for _, row in rows.iterrows()]}
    cells = [_cells(context, column, frame[column.id].tolist(), frame[CODE].tolist(), words.get(column.id)) for column in columns]
    return grid_payload(
        [
            GridColumn(
                column.id,
                column.title,
                "text" if column.kind == "text" else "number",
                first_sort="ascending" if column.kind == "rank" else "",
            )
            for column in columns
        ],
        list(zip(*cells, strict=True)),
        caption=exhibit.table.caption,
        labels={name: context.texts(f"compare.grid.{name}") for name in GRID_WORDS},
        row_keys=frame[CODE].tolist(),
        search_words=[context.area_name(code) for code in frame[CODE]],
    )


def _cells(context: Context, column: Column, values: list[Any], codes: list[str], words: list[str] | None) -> list[Cell]:
    """A column's cells; places and prefectures sort by code."""
    if column.id in ("place", "prefecture"):
        return [(str(value), code if column.id == "place" else code[:2]) for value, code in zip(values, codes, strict=True)]
    if column.kind == "text":
        return [str(value) for value in values]
    missing = context.texts("frame.no_value")
    shown = words or [cell_text(column, value, context.lang, missing) for value in values]
    return [(text, None if numbers.is_missing(value) else float(value)) for text, value in zip(shown, values, strict=True)]


def _head(exhibit: Exhibit) -> str:
    return f'<div class="atlas-title"><h3>{escape(exhibit.title)}</h3><p class="atlas-subtitle">{escape(exhibit.subtitle)}</p></div>'


def _body(exhibit: Exhibit) -> str:
    parts = [f'<p class="atlas-sentence">{escape(exhibit.sentence)}</p>']
    parts += [f'<p class="atlas-source">{escape(line)}</p>' for line in exhibit.sources]
    parts += [f'<p class="atlas-caution">{escape(line)}</p>' for line in exhibit.cautions]
    return f'<div class="atlas-body">{"".join(parts)}</div>'
