"""Two views of the targets page: places and how far they reach; where the next ones would reach most. Controls, maps, tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from html import escape
from typing import Any

import streamlit as st

from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.model import Exhibit
from atlas.exhibits.next_places import next_curve, next_districts, next_places
from atlas.exhibits.next_sites import MOST_NEW, WANTED, NextAsked, candidates_held, steps, usual_candidates
from atlas.exhibits.places_ground import PEOPLE, RADII, USUAL_RADIUS, PlacesAsked, kinds_held, people_held, usual_kinds
from atlas.exhibits.places_lists import places_list, supporters_list
from atlas.exhibits.places_reach import places_reach
from atlas.exhibits.supporters_allocation import MOST, USUAL, supporters_allocation
from atlas.exhibits.target_order import TargetsAsked
from atlas.exports.formatted import cell_text
from atlas.figures import numbers
from atlas.interface.controls import choose, choose_several, switch
from atlas.interface.district_map import GRID_WORDS, MAP_CONFIG
from atlas.interface.frame import Page
from atlas.interface.grid import Cell, GridColumn, GridPayload, grid, grid_payload
from atlas.interface.map_downloads import with_geometry
from atlas.interface.map_files import address
from atlas.interface.shown import CONFIG, Download, finished, kept, table_html, tools
from atlas.interface.shown import show as show_exhibit
from atlas.interface.templates import show_templates
from atlas.interface.working import work_through

METRES_A_MINUTE = 80
"""What estate agents have to reckon with (表示規約): 1 minute for 80 m."""


def show_places(page: Page, targets: TargetsAsked, head: Any) -> None:
    """The view 居場所と届く範囲."""
    asked = _asked(page, targets)
    if _map(page, places_reach, head, with_geometry(page, (asked.city,)), asked=asked):
        _list(page, asked)
        _table(page, supporters_list, asked=asked)
    show_templates(page)


def show_next(page: Page, targets: TargetsAsked, head: Any) -> None:
    """The view 次の場所."""
    places = _asked(page, targets)
    asked = _asked_next(page, places)
    texts, store = page.texts, page.context.store
    work_through(texts, steps(store, asked), "places.next", wanted=numbers.percent(WANTED, 0))
    if _map(page, next_places, head, (), asked=asked):
        _table(page, next_districts, with_geometry(page, (places.city,)), asked=asked)
        _section(page, next_curve, asked=asked)
    options = [str(count) for count in range(MOST + 1)]
    title = st.container()
    supporters = int(choose(
        page.choices, "supporters", texts("places.next.control.supporters"), options, default=str(USUAL), kind="slider",
        shown=lambda one: texts("places.next.control.supporters_one", count=one),
    ))  # fmt: skip
    _section(page, supporters_allocation, with_geometry(page, (places.city,)), title, asked=places, count=supporters, by_index=asked.by_index)


def _asked(page: Page, targets: TargetsAsked) -> PlacesAsked:
    """Which places, for whom, how far: the same for both views."""
    texts, store = page.texts, page.context.store
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    held = kinds_held(store, targets.city)
    kinds: tuple[str, ...] = ()
    if held:
        with left:
            kinds = _several(
                page, "kinds", "places.control.kinds", "places.control.kinds_placeholder", tuple(held), usual_kinds(store, targets.city),
                lambda kind: told.kind_word(page.context, kind),
            )  # fmt: skip
    with middle:
        people = choose(
            page.choices, "people", texts("places.control.people"), people_held(store, targets.city, targets.year) or PEOPLE,
            shown=lambda one: told.people_word(page.context, one),
        )  # fmt: skip
    with right:
        radius = choose(
            page.choices, "radius", texts("places.control.radius"), [str(metres) for metres in RADII], default=str(USUAL_RADIUS),
            shown=lambda one: texts("places.control.radius_one", radius=numbers.count(int(one)), minutes=-(-int(one) // METRES_A_MINUTE)),
        )  # fmt: skip
    return PlacesAsked(targets, kinds, people, int(radius))


def _asked_next(page: Page, places: PlacesAsked) -> NextAsked:
    """How many, from which candidates, by which weight, with which condition."""
    texts, store = page.texts, page.context.store
    held = candidates_held(store, places.city)
    left, middle, right = st.columns([1.4, 3.6, 2], vertical_alignment="bottom")
    with left:
        count = choose(
            page.choices, "new", texts("places.next.control.count"), [str(one) for one in range(1, MOST_NEW + 1)], default="3",
            shown=lambda one: texts("places.next.control.count_one", count=one),
        )  # fmt: skip
    with middle:
        candidates = _several(
            page, "candidates", "places.next.control.candidates", "places.next.control.candidates_placeholder", held, usual_candidates(held),
            lambda kind: texts(f"places.candidate.{kind}"),
        )  # fmt: skip
    with right:
        weight = choose(page.choices, "weight", texts("places.next.control.weight"), ("people", "index"), shown=lambda one: texts(f"places.next.weight.{one}"))
    guard = switch(page.choices, "guard", texts("places.next.control.guard"))
    return NextAsked(places, int(count), candidates, weight == "index", guard)


def _several(
    page: Page, key: str, label: str, placeholder: str, options: tuple[str, ...], default: tuple[str, ...], shown: Callable[[str], str]
) -> tuple[str, ...]:
    """Several kinds; in the URL with hyphens, as the underscore stands between them."""
    named = {kind.replace("_", "-"): kind for kind in options}
    picked = choose_several(
        page.choices, key, page.texts(label), list(named), default=[kind.replace("_", "-") for kind in default], most=len(options),
        placeholder=page.texts(placeholder), shown=lambda one: shown(named[one]),
    )  # fmt: skip
    return tuple(kind for kind in options if kind.replace("_", "-") in picked)


def _map(page: Page, build: Callable[..., Exhibit], head: Any, more: tuple[Download, ...], *, asked: Any) -> bool:
    """The map under the page's title; False where there is none and the words why stand in its place."""
    city = asked.city if isinstance(asked, PlacesAsked) else asked.places.city
    ground = address(district_ground(page.context.store, city))
    found = finished(page.context, build, asked=asked, address=ground)
    exhibit = found.exhibit
    if found.figure is None:
        show_exhibit(page, build, level=1, head=head, asked=asked, address=ground)
        return False
    with head:
        eyebrow = escape(page.texts(f"frame.pages.{page.id}"))
        st.html(
            f'<div class="atlas-title"><p class="atlas-eyebrow">{eyebrow}</p><h1>{escape(exhibit.title)}</h1>'
            f'<p class="atlas-subtitle">{escape(exhibit.subtitle)}</p></div>'
        )
    key = f"{page.id}-{exhibit.id}"
    st.plotly_chart(found.figure, theme=None, config=MAP_CONFIG, key=key, alt=f"{exhibit.title} {exhibit.subtitle}")
    st.html(found.body)
    tools(page, exhibit, key, has_picture=True, more=more, carried=found.carried)
    return True


def _section(page: Page, build: Callable[..., Exhibit], more: tuple[Download, ...] = (), title: Any = None, **options: Any) -> None:
    """An exhibit below a rule of its own: title (in the container `title` where there is one), figure, words, folded table, files."""
    found = finished(page.context, build, **options)
    exhibit, key = found.exhibit, f"{page.id}-{found.exhibit.id}"
    with title if title is not None else nullcontext():
        page.section(exhibit.title, exhibit.subtitle)
    if found.figure is not None:
        st.plotly_chart(found.figure, theme=None, config=CONFIG, key=key, alt=f"{exhibit.title} {exhibit.subtitle}")
    st.html(found.body)
    tools(page, exhibit, key, has_picture=found.figure is not None, more=more, carried=found.carried)


def _table(page: Page, build: Callable[..., Exhibit], more: tuple[Download, ...] = (), **options: Any) -> None:
    """An exhibit that is a table: title, words, table, files."""
    found = finished(page.context, build, **options)
    exhibit = found.exhibit
    page.section(exhibit.title, exhibit.subtitle)
    st.html(kept(page.context, f"targets.table.{exhibit.id}", options, lambda: _words(exhibit) + _folded(exhibit, page.context)))
    if len(exhibit.table.rows):
        tools(page, exhibit, f"{page.id}-{exhibit.id}", has_picture=False, more=more)


def _words(exhibit: Exhibit) -> str:
    groups = (("sentence", (exhibit.sentence,)), ("source", exhibit.sources), ("caution", exhibit.cautions))
    lines = [f'<p class="atlas-{kind}">{escape(text)}</p>' for kind, texts in groups for text in texts]
    return f'<div class="atlas-body">{"".join(lines)}</div>'


def _folded(exhibit: Exhibit, context: Context) -> str:
    return table_html(exhibit.table, context) if len(exhibit.table.rows) else ""


def _list(page: Page, asked: PlacesAsked) -> None:
    """Every place in a list that can be sorted and searched."""
    exhibit = finished(page.context, places_list, asked=asked).exhibit
    page.section(exhibit.title, exhibit.subtitle)
    payload: GridPayload = kept(page.context, "targets.places_list", {"asked": asked}, lambda: _payload(page, exhibit))
    grid(payload, key=f"{page.id}-places", height=360)
    st.html(_words(exhibit))
    tools(page, exhibit, f"{page.id}-{exhibit.id}", has_picture=False)


def _payload(page: Page, exhibit: Exhibit) -> GridPayload:
    context, cells = page.context, list[list[Cell]]()
    for column in exhibit.table.columns:
        values = exhibit.table.rows[column.id].tolist()
        if column.kind == "text":
            cells.append([str(value) for value in values])
        else:
            words = [cell_text(column, one, context.lang, page.texts("frame.no_value")) for one in values]
            cells.append([(word, None if numbers.is_missing(one) else float(one)) for word, one in zip(words, values, strict=True)])
    return grid_payload(
        [GridColumn(one.id, one.title, "text" if one.kind == "text" else "number") for one in exhibit.table.columns], list(zip(*cells, strict=True)),
        caption=exhibit.table.caption, labels={name: page.texts(f"places.grid.{name}") for name in GRID_WORDS},
    )  # fmt: skip
