"""The catalogue as HTML: made once in pieces, put together by topic and words on each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from atlas.exhibits.catalogue import Entry, Fact, build_facts, entries, topics
from atlas.exhibits.catalogue_tables import panels
from atlas.exhibits.catalogue_words import Panel
from atlas.exhibits.context import Context
from atlas.interface import words
from atlas.interface.controls import choose
from atlas.interface.frame import Page, columns
from atlas.interface.shown import kept
from atlas.interface.text_filter import folded, text_filter

OPEN_UP_TO = 3
"""So few entries found are shown unfolded."""
FOLD = "<details "
WRAP_FROM = 16
"""Cells of tables with more letters than this may wrap."""
NUMBERS = frozenset({"value", "n", "sample_size", "valid_n", "response_rate", "answers", "weight", "from", "below"})
"""Columns of the tables whose texts stand at the right."""


@dataclass(frozen=True)
class Piece:
    """Something that is found or not: an entry, or a row of a table. `words` are those it is found by."""

    id: str
    words: str
    html: str


@dataclass(frozen=True)
class Block:
    """Pieces with what stands around them; `counts` tells entries from rows of tables."""

    topic: str
    counts: str
    head: str
    pieces: tuple[Piece, ...]
    tail: str


def ask(page: Page) -> tuple[str, str]:
    """The topic ('' for all) and the words to filter by."""
    texts = page.texts
    options = ["", *kept(page.context, "catalogue.topics", {}, lambda: list(topics(page.context)))]
    left, right = columns([2, 3])
    with left:
        topic = choose(
            page.choices,
            "topic",
            texts("catalogue.control.topic"),
            options,
            shown=lambda one: texts(f"catalogue.topic.{one}") if one else texts("catalogue.control.all"),
        )
    with right:
        text = text_filter(page.choices, "q", texts("catalogue.control.text"), placeholder=texts("catalogue.control.placeholder"))
    return topic, text


def show(page: Page, topic: str, text: str) -> None:
    """Entries and tables of the topic that hold all the words, and how many were found."""
    context = page.context
    made: tuple[Block, ...] = kept(context, "catalogue.blocks", {}, lambda: blocks(context))
    if text:
        body, counts = found(context, made, topic, text)
    else:
        body, counts = kept(context, "catalogue.body", {"topic": topic}, lambda: found(context, made, topic, ""))
    if not sum(counts.values()):
        words.note(page.texts("catalogue.none_found", text=text))
        return
    key = "found" if all(counts.values()) else "found_entries" if counts["entries"] else "found_rows"
    words_found = page.texts(f"catalogue.{key}", **{name: f"{count:,}" for name, count in counts.items()})
    st.html(f'<p class="atlas-found" role="status">{escape(words_found)}</p>{body}')


def show_files(page: Page) -> None:
    """What the files below hold."""
    st.html(f'<p class="atlas-files">{escape(page.texts("catalogue.save_all"))}</p>')


def show_build(page: Page) -> None:
    """Data version, time of the build, schema."""
    page.section(page.texts("catalogue.build.title"))
    st.html(kept(page.context, "catalogue.build", {}, lambda: _facts(build_facts(page.context), page.context)))


def found(context: Context, made: Sequence[Block], topic: str, text: str) -> tuple[str, dict[str, int]]:
    """The HTML of what holds all words of `text` within the topic, a heading for each topic, and the counts."""
    wanted = folded(text).split()
    chosen = [(block, [piece for piece in block.pieces if _holds(piece, wanted)]) for block in made if topic in ("", block.topic)]
    counts = {"entries": 0, "rows": 0}
    for block, pieces in chosen:
        counts[block.counts] += len(pieces)
    exact = text.strip().casefold()
    unfold = bool(wanted) and counts["entries"] <= OPEN_UP_TO
    parts: list[str] = []
    before = ""
    for block, pieces in chosen:
        if not pieces:
            continue
        if block.topic != before:
            title = escape(context.texts(f"catalogue.topic.{block.topic}"))
            parts.append(f'{"</section>" if before else ""}<section class="atlas-topic"><h2 id="topic-{block.topic}">{title}</h2>')
            before = block.topic
        parts += [block.head, *(_unfolded(piece) if unfold or piece.id == exact else piece.html for piece in pieces), block.tail]
    return "".join(parts) + ("</section>" if before else ""), counts


def blocks(context: Context) -> tuple[Block, ...]:
    """All pieces of the catalogue in reading order: per topic its entries, then its tables."""
    every, tables = entries(context), panels(context)
    made = []
    for topic in topics(context):
        own = [_entry(one, context) for one in every if one.topic == topic]
        if own:
            made.append(Block(topic, "entries", "", tuple(own), ""))
        made += [_table(panel, context) for panel in tables if panel.topic == topic]
    return tuple(made)


def _holds(piece: Piece, wanted: Sequence[str]) -> bool:
    return all(word in piece.words for word in wanted)


def _unfolded(piece: Piece) -> str:
    return piece.html.replace(FOLD, f"{FOLD}open ", 1)


def _entry(one: Entry, context: Context) -> Piece:
    """An entry: its title and what is held to be seen at once, its facts folded away."""
    marks = "".join(f'<span class="mark">{escape(mark)}</span>' for mark in one.marks)
    html = (
        f'{FOLD}class="atlas-entry" id="{one.kind}-{escape(one.id)}"><summary><h3>{escape(one.title)}</h3>'
        f'<span class="held">{escape(one.summary)}</span>{marks}</summary>{_facts(one.facts, context)}</details>'
    )
    texts = [one.id, one.title, one.summary, *one.marks, *(line for fact in one.facts for line in fact.lines)]
    return Piece(one.id, folded(" ".join(texts)), html)


def _facts(facts: Sequence[Fact], context: Context) -> str:
    rows = "".join(f'<div class="note"><dt>{escape(fact.label)}</dt><dd>{_lines(fact, context)}</dd></div>' for fact in facts)
    return f'<dl class="atlas-facts">{rows}</dl>'


def _lines(fact: Fact, context: Context) -> str:
    if fact.kind == "url" and fact.lines[0].startswith(("https://", "http://")):
        address = escape(fact.lines[0])
        return f'<a href="{address}" target="_blank">{address}</a>{escape(context.texts("catalogue.new_window"))}'
    lines = [f"<p{_caution(fact)}>{escape(line)}</p>" for line in fact.lines]
    if fact.kind == "list" and len(lines) > 1:
        label = escape(context.texts("catalogue.folded", count=len(lines)))
        return f'<details class="atlas-more"><summary>{label}</summary>{"".join(lines)}</details>'
    return "".join(lines)


def _caution(fact: Fact) -> str:
    return ' class="caution"' if fact.kind == "caution" else ""


def _table(panel: Panel, context: Context) -> Block:
    """A table under its own heading, a piece a row."""
    title = escape(panel.title)
    notes = "".join(f"<p>{escape(note)}</p>" for note in panel.notes)
    shown = [column for column in panel.table.columns if column.id != "read_in"]
    right = {column.id: ' class="number"' if column.id in NUMBERS else "" for column in shown}
    heads = "".join(f'<th scope="col"{right[column.id]}>{escape(column.title)}</th>' for column in shown)
    region = f'<div class="atlas-scroll" tabindex="0" role="region" aria-label="{title}">'
    head = f'<div class="atlas-panel" id="table-{panel.id}"><h3>{title}</h3>{notes}{region}<table class="atlas wrapped"><thead><tr>{heads}</tr></thead><tbody>'
    pieces = tuple(_row(panel, row) for row in panel.table.rows.itertuples(index=False))
    return Block(panel.topic, "rows", head, pieces, "</tbody></table></div></div>")


def _row(panel: Panel, row: Any) -> Piece:
    """A row; the text a figure was read in is folded away behind its mark."""
    texts = {column.id: str(value) for column, value in zip(panel.table.columns, row, strict=True)}
    read_in = texts.pop("read_in", "")
    cells = [_cell(name, text, name in panel.japanese, first=number == 0) for number, (name, text) in enumerate(texts.items())]
    if read_in:
        folded_away = f'<details class="atlas-more"><summary>{escape(texts["mark"])}</summary><p>{escape(read_in)}</p></details>'
        cells[list(texts).index("mark")] = f'<td class="wide">{folded_away}</td>'
    return Piece("", folded(" ".join([panel.title, *texts.values(), read_in])), f"<tr>{''.join(cells)}</tr>")


def _cell(name: str, text: str, japanese: bool, *, first: bool) -> str:
    """A cell; long texts may wrap, words that exist in Japanese only say so to screen readers."""
    lang = ' lang="ja"' if japanese else ""
    shape = ' class="number"' if name in NUMBERS else ' class="wide"' if len(text) > WRAP_FROM else ""
    return f'<th scope="row"{shape}{lang}>{escape(text)}</th>' if first else f"<td{shape}{lang}>{escape(text)}</td>"
