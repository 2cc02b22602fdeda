"""The targets page: the question above, one of its views below."""

from __future__ import annotations

from html import escape
from math import ceil
from typing import Any

import streamlit as st

from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.target_map import target_map
from atlas.exhibits.target_order import TargetsAsked, order_of, target_order
from atlas.interface import asked_city, shortlist, target_evidence, target_places
from atlas.interface.asked_city import City
from atlas.interface.controls import choose
from atlas.interface.district_map import MAP_CONFIG
from atlas.interface.frame import Page
from atlas.interface.index_builder import index_choice
from atlas.interface.map_downloads import with_geometry
from atlas.interface.map_files import address
from atlas.interface.shown import finished, tools
from atlas.interface.shown import show as show_exhibit

VIEWS = ("order", "evidence", "places", "next", "shortlist")
LARGEST_LIST = 100


def show(page: Page, head: Any) -> None:
    """The whole page below its title."""
    view, asked = _ask(page)
    shown = {
        "order": _order, "evidence": target_evidence.show_evidence, "places": target_places.show_places, "next": target_places.show_next,
        "shortlist": shortlist.show,
    }  # fmt: skip
    shown[view](page, asked, head)


def _ask(page: Page) -> tuple[str, TargetsAsked]:
    """City, census, length of the list, how the index is made, what to look at."""
    texts = page.texts
    where, when, many = st.columns([2, 1.4, 2], vertical_alignment="bottom")
    with where:
        own = asked_city.city(page)
    with when:
        year = asked_city.census(page, own, "population")
    with many:
        length = _length(page, own)
    with st.expander(texts("targets.control.index"), expanded=False):
        index = index_choice(page, (own.code,), year)
    asked_city.say_what_is_missing(page, own)
    view = choose(page.choices, "view", texts("targets.control.view"), VIEWS, shown=lambda one: texts(f"targets.view.{one}"), kind="segments")
    return view, TargetsAsked(own.code, year, index, length, own.sample)


def _length(page: Page, own: City) -> int | None:
    """How many districts the list shall have; a fifth where nothing was chosen."""
    texts, districts = page.texts, len(own.districts)
    fifth = ceil(districts / 5)
    options = [str(count) for count in range(1, min(districts, LARGEST_LIST) + 1)] or ["1"]
    picked = int(choose(
        page.choices, "k", texts("targets.control.length"), options, default=str(fifth),
        shown=lambda one: texts("targets.control.length_default" if int(one) == fifth else "targets.control.length_one", count=one),
    ))  # fmt: skip
    return None if picked == fifth else picked


def _order(page: Page, asked: TargetsAsked, head: Any) -> None:
    """The list and the map of its certainty."""
    show_exhibit(page, target_order, level=1, head=head, asked=asked)
    if order_of(page.context.store, asked) is None:
        return
    ground = address(district_ground(page.context.store, asked.city))
    shown = finished(page.context, target_map, asked=asked, address=ground)
    page.section(shown.exhibit.title, shown.exhibit.subtitle)
    st.plotly_chart(shown.figure, theme=None, config=MAP_CONFIG, key="targets-map", alt=f"{shown.exhibit.title} {shown.exhibit.subtitle}")
    sources = "".join(f'<p class="atlas-source">{escape(line)}</p>' for line in shown.exhibit.sources)  # sentence, cautions and table are those of the list
    st.html(f'<div class="atlas-body">{sources}</div>')
    tools(page, shown.exhibit, "targets-map", has_picture=True, more=with_geometry(page, (asked.city,)), carried=shown.carried)
