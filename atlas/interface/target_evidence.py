"""The evidence behind the order of districts: what matters, what lifts, clusters, spread, modelled contact, similar districts."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from atlas.exhibits import evidence
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.modelled_contact import MEASURES, measure_word
from atlas.exhibits.need_map import INDEX
from atlas.exhibits.target_contact import target_contact
from atlas.exhibits.target_contributions import target_contributions
from atlas.exhibits.target_funnel import target_funnel
from atlas.exhibits.target_matters import target_matters
from atlas.exhibits.target_order import TargetsAsked, order_of
from atlas.exhibits.target_peers import target_peers
from atlas.exhibits.target_spots import target_spots
from atlas.interface import asked_city
from atlas.interface.asked_city import City
from atlas.interface.compared import show_table
from atlas.interface.controls import choose
from atlas.interface.district_map import MAP_CONFIG
from atlas.interface.frame import Page
from atlas.interface.map_downloads import with_geometry
from atlas.interface.map_files import address
from atlas.interface.shown import finished, kept, show, tools

SPOTS_CHART = "targets-spots"
STYLE = f"<style>@media (max-width: 700px) {{ .st-key-{SPOTS_CHART} .scattergeo text {{ display: none }} }}</style>"
DEFAULT_SHARES = ("one_person_household_share", "population_75_over_share")


def show_evidence(page: Page, asked: TargetsAsked, head: Any) -> None:
    """All that the order rests on, below one another."""
    texts, own = page.texts, asked_city.cities(page)[asked.city]
    chosen = asked_city.district(page, own, ())
    show(page, target_matters, level=1, head=head, asked=asked)
    if order_of(page.context.store, asked) is not None:
        page.section(texts("evidence.section.contributions"))
        show(page, target_contributions, level=3, asked=asked, chosen=chosen)
    _spots(page, asked, chosen)
    _funnel(page, asked, chosen)
    page.section(texts("evidence.section.contact"))
    measure = choose(
        page.choices, "measure", texts("evidence.control.measure"), list(MEASURES), shown=lambda one: measure_word(page.context, one), kind="segments"
    )
    show(page, target_contact, level=3, asked=asked, measure=measure, chosen=chosen)
    _peers(page, asked, own, chosen)


def _shares(page: Page, asked: TargetsAsked) -> dict[str, str]:
    """The shares that can be tested, by name."""
    context = page.context

    def make() -> dict[str, str]:
        return {one: context.word(context.indicator(one), "title") for one in evidence.shares_held(context.store, asked.city, asked.year)}

    found: dict[str, str] = kept(context, "targets.shares", {"city": asked.city, "year": asked.year}, make)
    return found


def _spots(page: Page, asked: TargetsAsked, chosen: str | None) -> None:
    """The map of clusters, of the index or of a share."""
    texts, context = page.texts, page.context
    page.section(texts("evidence.section.spots"))
    names = {INDEX: texts("evidence.index"), **_shares(page, asked)}
    share = choose(page.choices, "spots", texts("evidence.control.spots"), list(names), shown=names.__getitem__)
    ground = address(district_ground(context.store, asked.city))
    shown = finished(context, target_spots, asked=asked, share=share, chosen=chosen, address=ground)
    if shown.figure is None:
        show(page, target_spots, level=3, asked=asked, share=share, chosen=chosen, address=ground)
        return
    exhibit = shown.exhibit
    st.html(STYLE + _title(exhibit.title, exhibit.subtitle))
    st.plotly_chart(shown.figure, theme=None, config=MAP_CONFIG, key=SPOTS_CHART, alt=f"{exhibit.title} {exhibit.subtitle}")
    st.html(shown.body)
    tools(page, exhibit, SPOTS_CHART, has_picture=True, more=with_geometry(page, (asked.city,)), carried=shown.carried)


def _title(title: str, subtitle: str) -> str:
    """A heading of the third order with its subtitle."""
    return f'<div class="atlas-title"><h3>{escape(title)}</h3><p class="atlas-subtitle">{escape(subtitle)}</p></div>'


def _funnel(page: Page, asked: TargetsAsked, chosen: str | None) -> None:
    """The funnel of a share; nothing to choose from where no share is held."""
    texts, names = page.texts, _shares(page, asked)
    if not names:
        return
    page.section(texts("evidence.section.funnel"))
    default = next((one for one in DEFAULT_SHARES if one in names), None)
    share = choose(page.choices, "share", texts("evidence.control.share"), list(names), default=default, shown=names.__getitem__)
    show(page, target_funnel, level=3, asked=asked, share=share, chosen=chosen)


def _peers(page: Page, asked: TargetsAsked, own: City, chosen: str | None) -> None:
    """The districts similar to one: the chosen one, else the first of the list."""
    order = order_of(page.context.store, asked)
    page.section(page.texts("evidence.section.peers"))
    district = chosen or (order.listed[0] if order is not None else next(iter(own.districts)))
    _district(page, own, district)
    show_table(page, target_peers, asked=asked, district=district)


def _district(page: Page, own: City, shown: str) -> None:
    """The district to compare, kept in the URL where the need map keeps it too."""
    widget = f"{page.id}:peer_of"
    st.session_state[widget] = shown

    def write() -> None:
        picked = st.session_state.get(widget)
        if picked in own.districts:
            asked_city.write_district(str(picked))

    st.selectbox(page.texts("evidence.control.district"), list(own.districts), key=widget, format_func=own.districts.__getitem__, on_change=write)
