"""The overview below its figure: headline figures in their groups, and what is new."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from atlas.exhibits.context import Context
from atlas.exhibits.headlines import Headline
from atlas.exhibits.overview import overview

NOT_PUBLISHED = ("imported",)
"""News for those who keep the data: the names of their files are nobody else's business."""


def overview_html(context: Context) -> str:
    """The groups and the news, each under its heading."""
    texts, content = context.texts, overview(context)
    parts = []
    for group, cards in content.groups:
        made = "".join(_headline(context, card) for card in cards)
        heading, lead = escape(texts(f"overview.section.{group}")), escape(texts(f"overview.lead.{group}"))
        parts.append(f'<section class="atlas-section"><h2>{heading}</h2><p>{lead}</p><div class="cards">{made}</div></section>')
    news = _notes((one.label, one.text) for one in content.news if one.id not in NOT_PUBLISHED)
    parts.append(f'<section class="atlas-section"><h2>{escape(texts("overview.section.news"))}</h2><dl class="atlas-facts">{news}</dl></section>')
    return "".join(parts)


def _headline(context: Context, card: Headline) -> str:
    """A headline figure: name, value, year, what changed, definition, source, the way to its figure."""
    lines = "".join(f'<dd class="change">{escape(line)}</dd>' for line in card.lines)
    when = f'<dd class="when">{escape(card.when)}</dd>' if card.when else ""
    notes = _notes([(context.texts("overview.definition"), card.definition), (context.texts("overview.source"), card.source)])
    address = f"{card.way.page}.html" + (f"?{urlencode(card.way.shows)}" if card.way.shows else "")
    return (
        f'<div class="card"><dl class="atlas-card"><div class="head"><dt>{escape(card.name)}</dt><dd class="{"big projected" if card.projected else "big"}">'
        f'{escape(card.value)}</dd>{when}{lines}</div>{notes}</dl><p><a href="{escape(address)}">{escape(card.way.label)}</a></p></div>'
    )


def _notes(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<div class="note"><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>' for label, text in pairs)
