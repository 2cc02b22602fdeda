"""Headline figures, ways in, what is new: pieces of HTML in a grid, each with its links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from atlas.exhibits.context import Context
from atlas.exhibits.headlines import Headline, Way
from atlas.exhibits.news import News
from atlas.exhibits.overview import Entrance, Overview, overview
from atlas.interface import frame
from atlas.interface.frame import Page
from atlas.interface.shown import kept
from atlas.texts import Texts

PATHS = dict(frame.PAGES)


def show_overview(page: Page) -> None:
    """The groups of headline figures, what is new, and the ways in, below the figure."""
    texts = page.texts
    content, pieces = prepared(page.context)
    for group, cards in content.groups:
        page.section(texts(f"overview.section.{group}"), texts(f"overview.lead.{group}"))
        with st.container(key=f"overview-grid-{group}"):
            for card in cards:
                with st.container(key=f"overview-card-{card.id}"):
                    st.html(pieces[card.id])
                    link(card.way)
    with st.container(key="overview-link-catalogue"):
        link(Way("catalogue", texts("overview.see.catalogue")))
    page.section(texts("overview.section.ways"))
    with st.container(key="overview-grid-ways"):
        for one in content.entrances:
            with st.container(key=f"overview-card-{one.id}"):
                st.html(pieces[one.id])
                for way in one.ways:
                    link(way)
    page.section(texts("overview.section.news"))
    st.html(pieces["news"])


def prepared(context: Context) -> tuple[Overview, dict[str, str]]:
    """The overview's content and its pieces of HTML, made once and kept."""
    content: Overview = kept(context, "overview", {}, lambda: overview(context))
    pieces: dict[str, str] = kept(
        context,
        "overview.html",
        {},
        lambda: {
            **{card.id: headline_html(card, context.texts) for _, cards in content.groups for card in cards},
            **{one.id: entrance_html(one) for one in content.entrances},
            "news": news_html(content.news),
        },
    )
    return content, pieces


def link(way: Way) -> None:
    """A link to another page; language and text size go along."""
    carried = {key: st.query_params[key] for key in ("lang", "size") if key in st.query_params}
    st.page_link(PATHS[way.page], label=way.label, query_params={**carried, **dict(way.shows)} or None)


def headline_html(card: Headline, texts: Texts) -> str:
    """A headline figure as a definition list: name, value, year, what changed, definition, source."""
    lines = "".join(f'<dd class="change">{escape(line)}</dd>' for line in card.lines)
    when = f'<dd class="when">{escape(card.when)}</dd>' if card.when else ""
    big = "big projected" if card.projected else "big"
    notes = _notes([(texts("overview.definition"), card.definition), (texts("overview.source"), card.source)])
    return (
        f'<dl class="atlas-figures atlas-card"><div class="head"><dt>{escape(card.name)}</dt>'
        f'<dd class="{big}">{escape(card.value)}</dd>{when}{lines}</div>{notes}</dl>'
    )


def entrance_html(one: Entrance) -> str:
    """A kind of user: who, and what for."""
    return f'<div class="atlas-entrance"><h3>{escape(one.who)}</h3><p>{escape(one.purpose)}</p></div>'


def news_html(found: Sequence[News]) -> str:
    """What is new, as a list of labels and sentences."""
    return f'<dl class="atlas-facts">{_notes((one.label, one.text) for one in found)}</dl>'


def _notes(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<div class="note"><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>' for label, text in pairs)
