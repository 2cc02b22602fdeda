"""Data and sources: every indicator, source and smaller table of the catalogue, in the order of its topics."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from atlas.exhibits.catalogue import Entry, Fact, build_facts, entries, topics
from atlas.exhibits.catalogue_tables import panels
from atlas.exhibits.catalogue_words import Panel
from atlas.exhibits.context import Context

WRAP_FROM = 16
"""Cells with more letters than this may wrap."""
NUMBERS = frozenset({"value", "n", "sample_size", "valid_n", "response_rate", "answers", "weight", "from", "below"})


def sources_html(context: Context) -> str:
    """A field to filter by, the topics with their entries and tables, data version and time of the build."""
    texts, every, tables = context.texts, entries(context), panels(context)
    label, hint, none = (escape(texts(f"catalogue.{key}")) for key in ("control.text", "control.placeholder", "none_found"))
    parts = [
        f'<div class="controls"><p class="control" data-needs-script><label for="filter">{label}</label>'
        f'<input id="filter" type="search" autocomplete="off" placeholder="{hint}" data-none="{none}"></p></div>'
        '<p class="atlas-found" role="status" id="found"></p>'
    ]
    for topic in topics(context):
        own = [_entry(context, one) for one in every if one.topic == topic]
        own += [_panel(context, panel) for panel in tables if panel.topic == topic]
        if own:
            parts.append(f'<section class="atlas-topic"><h2 id="topic-{topic}">{escape(texts(f"catalogue.topic.{topic}"))}</h2>{"".join(own)}</section>')
    heading = escape(texts("catalogue.build.title"))
    parts.append(f'<section class="atlas-section"><h2>{heading}</h2>{_facts(context, build_facts(context))}</section>')
    return "".join(parts)


def _entry(context: Context, one: Entry) -> str:
    marks = "".join(f'<span class="mark">{escape(mark)}</span>' for mark in one.marks)
    return (
        f'<details class="atlas-entry" id="{one.kind}-{escape(one.id)}"><summary><h3>{escape(one.title)}</h3>'
        f'<span class="held">{escape(one.summary)}</span>{marks}</summary>{_facts(context, one.facts)}</details>'
    )


def _facts(context: Context, facts: Sequence[Fact]) -> str:
    rows = "".join(f'<div class="note"><dt>{escape(fact.label)}</dt><dd>{_lines(context, fact)}</dd></div>' for fact in facts)
    return f'<dl class="atlas-facts">{rows}</dl>'


def _lines(context: Context, fact: Fact) -> str:
    if fact.kind == "url" and fact.lines[0].startswith(("https://", "http://")):
        address = escape(fact.lines[0])
        return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>{escape(context.texts("catalogue.new_window"))}'
    caution = ' class="caution"' if fact.kind == "caution" else ""
    lines = [f"<p{caution}>{escape(line)}</p>" for line in fact.lines]
    if fact.kind == "list" and len(lines) > 1:
        label = escape(context.texts("catalogue.folded", count=len(lines)))
        return f'<details class="atlas-more"><summary>{label}</summary>{"".join(lines)}</details>'
    return "".join(lines)


def _panel(context: Context, panel: Panel) -> str:
    """A table under its own heading; the text a figure was read in is folded away behind its mark."""
    shown = [column for column in panel.table.columns if column.id != "read_in"]
    heads = "".join(f'<th scope="col"{_number(column.id)}>{escape(column.title)}</th>' for column in shown)
    title, notes = escape(panel.title), "".join(f"<p>{escape(note)}</p>" for note in panel.notes)
    rows = "".join(_row(panel, dict(zip((one.id for one in panel.table.columns), row, strict=True))) for row in panel.table.rows.itertuples(index=False))
    return (
        f'<div class="atlas-panel" id="table-{panel.id}"><h3>{title}</h3>{notes}<div class="atlas-scroll" tabindex="0" role="region" aria-label="{title}">'
        f'<table class="atlas wrapped"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def _row(panel: Panel, row: dict[str, object]) -> str:
    read_in = str(row.pop("read_in", "") or "")
    cells = []
    for place, (name, value) in enumerate(row.items()):
        text = str(value)
        lang = ' lang="ja"' if name in panel.japanese else ""
        shape = _number(name) or (' class="wide"' if len(text) > WRAP_FROM else "")
        if name == "mark" and read_in:
            cells.append(f'<td class="wide"><details class="atlas-more"><summary>{escape(text)}</summary><p>{escape(read_in)}</p></details></td>')
        else:
            cells.append(f'<th scope="row"{shape}{lang}>{escape(text)}</th>' if place == 0 else f"<td{shape}{lang}>{escape(text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _number(name: str) -> str:
    return ' class="number"' if name in NUMBERS else ""
