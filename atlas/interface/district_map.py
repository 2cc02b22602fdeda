"""The need map on a page: map and profile side by side, the list of all districts; a district chosen in one is chosen in all."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from atlas.exhibits.district_ground import district_ground, small_area_ground
from atlas.exhibits.district_layer import Layer
from atlas.exhibits.district_profile import Profile, district_profile
from atlas.exhibits.model import Exhibit
from atlas.exhibits.need_map import INDEX, Asked, Drawn, layer_of, need_map
from atlas.exhibits.need_map_words import city_name
from atlas.exports.formatted import cell_text
from atlas.figures import numbers
from atlas.interface import asked_city
from atlas.interface.controls import switch
from atlas.interface.frame import Page
from atlas.interface.grid import Cell, GridColumn, GridPayload, grid, grid_payload
from atlas.interface.index_builder import index_choice
from atlas.interface.map_downloads import with_geometry
from atlas.interface.map_files import TOPOLOGY, address
from atlas.interface.shown import CONFIG, finished, kept, tools

MAP_CONFIG = CONFIG | {"topojsonURL": TOPOLOGY}
GRID_WORDS = ("search", "count", "empty", "more", "sorted_ascending", "sorted_descending")
GRID_COLUMNS = ("place", "city", "rank", "value", "difference", "before", "latest", "numerator", "denominator", "state", "split", "merged")
"""The list is the table twin of the map: one table, not two, so that a slider moves less."""
FIRST_SORT = {"rank": "ascending"}
CHART = "need_map-chart"
STYLE = """<style>
@media (max-width: 900px) { .st-key-need_map-chart .scattergeo text { display: none } }
.st-key-need_map-chart .choroplethlayer path { cursor: pointer }
.need-profile table.atlas { width: 100% }
.need-profile table.atlas :is(th, td) { padding: .25rem .375rem; white-space: nowrap }
.need-profile table.atlas tbody th, .need-profile table.atlas caption { white-space: normal; word-break: auto-phrase }
.need-profile small { color: var(--atlas-second); font-size: .8125rem; font-weight: 400 }
.need-profile .atlas-scroll { max-height: 36rem }
table.atlas tr.chosen > * { font-weight: 700 }
.need-part { background: linear-gradient(to right, color-mix(in srgb, var(--atlas-accent) 28%, transparent) var(--part), transparent var(--part)) }
</style>"""


@dataclass(frozen=True)
class Question:
    """What is asked and how it is to be drawn; `district`: the one a reader chose, or None."""

    asked: Asked
    district: str | None
    close: bool
    places: bool
    small: bool


def ask(page: Page) -> Question:
    """All controls above the map."""
    where, what, when, then = st.columns([2, 4, 1.4, 2], vertical_alignment="bottom")
    with where:
        own = asked_city.city(page)
    with what:
        indicator = asked_city.what(page, own)
    with when:
        year = asked_city.census(page, own, indicator)
    with then:
        before = asked_city.before(page, own, indicator, year)
    others = asked_city.beside(page, own)
    cities = (own.code, *others)
    index = None
    if indicator == INDEX:
        with st.expander(page.texts("need_map.section.index"), expanded=True):
            index = index_choice(page, cities, year)
    asked_city.say_what_is_missing(page, own)
    texts = page.texts
    with st.container(horizontal=True, gap="medium"):
        close = switch(page.choices, "close", texts("need_map.control.close"))
        places = switch(page.choices, "places", texts("need_map.control.places"))
        small = before is None and indicator != INDEX and switch(page.choices, "small", texts("need_map.control.small"))
    district = asked_city.district(page, own, others)
    return Question(Asked(cities, indicator, year, before, index, own.sample), district, close, places, small)


def show(page: Page, question: Question, head: Any) -> None:
    """Title, map, profile, sentence, sources, table, list."""
    context, asked = page.context, question.asked
    chosen = question.district or kept(context, "need_map.first", {"asked": asked}, lambda: _first(layer_of(context, asked)))
    drawn = Drawn(chosen, question.close, question.places, question.small, _addresses(page, asked), _small_addresses(page, asked) if question.small else ())
    shown = finished(context, need_map, asked=asked, drawn=drawn)
    exhibit = shown.exhibit
    with head:
        eyebrow = escape(page.texts(f"frame.pages.{page.id}"))
        st.html(
            f'<div class="atlas-title"><p class="atlas-eyebrow">{eyebrow}</p><h1>{escape(exhibit.title)}</h1>'
            f'<p class="atlas-subtitle">{escape(exhibit.subtitle)}</p></div>{STYLE}'
        )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.plotly_chart(
            shown.figure, theme=None, config=MAP_CONFIG, key=CHART, on_select=lambda: _touched(page), selection_mode="points",
            alt=f"{exhibit.title} {exhibit.subtitle}",
        )  # fmt: skip
    with right:
        names = kept(context, "need_map.names", {"cities": asked.cities}, lambda: _names(page, asked.cities))
        asked_city.district_control(page, names, chosen)
        st.html(
            kept(context, "need_map.profile", {"asked": asked, "code": chosen}, lambda: profile_html(page, district_profile(context, asked=asked, code=chosen)))
        )
    st.html(kept(context, "need_map.body", {"asked": asked}, lambda: _body(exhibit)))
    tools(page, exhibit, f"{page.id}-{exhibit.id}", has_picture=True, more=with_geometry(page, question.asked.cities), carried=shown.carried)
    page.section(page.texts("need_map.section.list"), page.texts("need_map.list.lead"))
    payload: GridPayload = kept(context, "need_map.list", {"asked": asked}, lambda: district_grid(page, exhibit))
    grid(payload, key=f"{page.id}-list", height=480, selected=chosen, on_choose=asked_city.write_district)


def _body(exhibit: Exhibit) -> str:
    groups = (("sentence", (exhibit.sentence,)), ("source", exhibit.sources), ("caution", exhibit.cautions))
    lines = [f'<p class="atlas-{kind}">{escape(text)}</p>' for kind, texts in groups for text in texts]
    return f'<div class="atlas-body">{"".join(lines)}</div>'


def _touched(page: Page) -> None:
    """A touch on the map: the district's code stands in the point."""
    points = (st.session_state.get(CHART) or {}).get("selection", {}).get("points", [])
    codes = [str(point["location"]) for point in points if "-" in str(point.get("location", ""))]
    codes = [code for code in codes if any(code in one.districts for one in asked_city.cities(page).values())]
    if codes:
        asked_city.write_district(codes[-1])


def _first(layer: Layer) -> str:
    """The district the title names: the highest, or the first where none has a value."""
    shown = layer.shown
    return str(shown["value"].idxmax() if len(shown) else layer.rows.index[0])


def _addresses(page: Page, asked: Asked) -> tuple[str | None, ...]:
    return tuple(address(district_ground(page.context.store, city)) for city in asked.cities)


def _small_addresses(page: Page, asked: Asked) -> tuple[str | None, ...]:
    grounds = (small_area_ground(page.context.store, city, asked.year) for city in asked.cities)
    return tuple(address(one) if one is not None else None for one in grounds)


def _names(page: Page, cities: tuple[str, ...]) -> dict[str, str]:
    known = asked_city.cities(page)
    return {
        code: name if len(cities) == 1 else page.texts("need_map.of_city", city=city_name(page.context, city), name=name)
        for city in cities
        for code, name in known[city].districts.items()
    }


def profile_html(page: Page, found: Profile) -> str:
    """A district's figures as a table, the parts of the index, where they come from."""
    texts = page.texts
    facts = [
        f'<tr{" class=chosen" if fact.chosen else ""}><th scope="row">{escape(fact.label)}</th><td class="number">{escape(fact.value)}'
        f'{f"<br><small>{escape(fact.difference)}</small>" if fact.difference else ""}</td><td class="number">{escape(fact.rank)}</td></tr>'
        for fact in found.facts
    ]
    parts = [
        f'<tr><th scope="row" class="need-part" style="--part:{part.share * 100:.0f}%">{escape(part.label)}</th>'
        f'<td class="number">{escape(part.weight)}</td><td class="number">{escape(part.correlation)}</td>'
        f'<td class="number">{escape(part.contribution)}</td></tr>'
        for part in found.parts
    ]
    label = escape(texts("need_map.profile.caption", name=found.name))
    body = f'<p class="atlas-sentence">{escape(found.parts_note)}</p>' if found.parts_note else ""
    if parts:
        body += _small_table(page, texts("need_map.profile.contributions"), ("indicator", "weight", "correlation", "contribution"), parts)
    if facts:
        table = _small_table(page, found.lead, ("indicator", "value", "short_rank"), facts)
        body += f'<div class="atlas-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'
    body += "".join(f'<p class="atlas-source">{escape(line)}</p>' for line in found.notes)
    return f'<div class="atlas-title"><h2>{escape(found.name)}</h2></div><div class="atlas-body need-profile">{body}</div>'


def _small_table(page: Page, caption: str, columns: tuple[str, ...], lines: list[str]) -> str:
    first, *others = (escape(page.texts(f"need_map.column.{one}")) for one in columns)
    heads = f'<th scope="col">{first}</th>' + "".join(f'<th scope="col" class="number">{one}</th>' for one in others)
    return f'<table class="atlas"><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def district_grid(page: Page, exhibit: Exhibit) -> GridPayload:
    """The exhibit's table as a grid; the code is the row's key."""
    context, frame = page.context, exhibit.table.rows
    columns = [column for column in exhibit.table.columns if column.id in GRID_COLUMNS]
    cells: list[list[Cell]] = []
    for column in columns:
        values = frame[column.id].tolist()
        if column.kind == "text":
            cells.append([str(value) for value in values])
        else:
            words = [cell_text(column, value, context.lang, context.texts("frame.no_value")) for value in values]
            cells.append([(word, None if numbers.is_missing(value) else float(value)) for word, value in zip(words, values, strict=True)])
    described = [GridColumn(one.id, one.title, "text" if one.kind == "text" else "number", first_sort=FIRST_SORT.get(one.kind, "")) for one in columns]
    return grid_payload(
        described, list(zip(*cells, strict=True)), caption=exhibit.table.caption,
        labels={name: context.texts(f"need_map.grid.{name}") for name in GRID_WORDS}, row_keys=frame["code"].tolist(),
    )  # fmt: skip
