"""The checklist of a city's files as HTML: a table of files, what to know, how to load them, limits."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from atlas.exhibits.checklist import Checklist, Item, checklist, is_sample
from atlas.exhibits.context import Context
from atlas.interface.frame import Page
from atlas.interface.shown import kept

COLUMNS = ("file", "state", "loaded", "lacks", "where")
OPEN = 2
"""Lines of what was read that stand open."""


def show_checklist(page: Page, municipality_code: str) -> None:
    """The part of a page that says which files the map of this city needs."""
    context = page.context
    html: tuple[str, str] = kept(context, "checklist", {"city": municipality_code}, lambda: _made(context, municipality_code))
    lead, body = html
    page.section(page.texts("checklist.title"), lead)
    st.html(body)


def _made(context: Context, code: str) -> tuple[str, str]:
    found = checklist(context, code)
    return context.texts("checklist.lead", place=found.place), checklist_html(found, context, sample=is_sample(context, code))


def checklist_html(found: Checklist, context: Context, *, sample: bool = False) -> str:
    """Summary, table, remarks, commands, limits."""
    texts = context.texts
    parts = [f'<div class="atlas-checklist"><p class="atlas-sentence">{escape(found.sentence)}</p>']
    if sample:
        parts.append(f'<p class="atlas-caution">{escape(texts("checklist.sample"))}</p>')
    caption = escape(texts("checklist.caption", place=found.place))
    head = "".join(f'<th scope="col">{escape(texts(f"checklist.column.{name}"))}</th>' for name in COLUMNS)
    parts.append(
        f'<div class="atlas-scroll" tabindex="0" role="region" aria-label="{caption}"><table class="atlas wrapped"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(_row(item, context) for item in found.items)}</tbody></table></div>"
    )
    first, second = (f"<pre><code>{escape(command)}</code></pre>" for command in found.commands)
    steps = f"<p>{escape(texts('checklist.step.identify'))}</p>{first}<p>{escape(texts('checklist.step.import'))}</p>{second}"
    facts = [
        (texts("checklist.remarks"), _lines(found.remarks) or f"<p>{escape(texts('checklist.no_remarks'))}</p>"),
        (texts("checklist.steps"), f"{steps}<p>{escape(texts('checklist.step.note'))}</p>"),
        (texts("checklist.honest"), f'<p class="caution">{escape(texts("checklist.honest_text"))}</p>'),
    ]
    notes = "".join(f'<div class="note"><dt>{escape(label)}</dt><dd>{content}</dd></div>' for label, content in facts)
    parts.append(f'<dl class="atlas-facts">{notes}</dl></div>')
    return "".join(parts)


def _row(item: Item, context: Context) -> str:
    texts = context.texts
    wanted = texts("checklist.needed" if item.is_needed else "checklist.optional")
    nothing = f"<p>{escape(texts('checklist.nothing'))}</p>"
    where = escape(item.where)
    if item.url:
        where = f'<a href="{escape(item.url)}" target="_blank" rel="noopener">{where}</a>{escape(texts("checklist.new_window"))}'
    return (
        f'<tr id="file-{item.id}"><th scope="row" class="wide">{escape(item.title)}<p>{escape(wanted)}: {escape(item.gives)}</p></th>'
        f'<td class="state-{item.state}">{escape(texts(f"checklist.state.{item.state}"))}</td>'
        f'<td class="wide">{_loaded(item.loaded, context) or nothing}</td>'
        f'<td class="wide">{_lines(item.lacks) or nothing}</td><td class="wide">{where}</td></tr>'
    )


def _loaded(lines: Sequence[str], context: Context) -> str:
    """What was read; where that is many tables, their number, and the lines for who wants to see them."""
    if len(lines) <= OPEN:
        return _lines(lines)
    return f"<details><summary>{escape(context.texts('checklist.tables', count=len(lines)))}</summary>{_lines(lines)}</details>"


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
