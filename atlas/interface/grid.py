"""A table for many rows: sortable, searchable, read well by screen readers, in the reader's language.

Built once per data version and language (`grid_payload`, worth caching), then shown (`grid`). The
order of a column travels as ranks, so that the browser sorts without knowing the raw values.
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from atlas.interface.scripts import loader

Cell = str | tuple[str, float | str | None] | None
"""What is shown, alone or with the value it is sorted by. None is an empty cell, sorted last."""

LABELS = ("search", "count", "empty", "more")
"""Words needed: `count` holds `{total}` and `{shown}`, `more` holds `{count}`. Optional, said to
screen readers after sorting: `sorted_ascending`, `sorted_descending`, both with `{column}`."""

ASSETS = Path(__file__).parent / "assets"
HTML = """<div class="grid">
<div class="bar"><label class="search"><span class="word"></span><input type="search" autocomplete="off" spellcheck="false"></label>
<p class="count" role="status"></p></div>
<div class="scroll" role="region" tabindex="0"><table><caption></caption><thead><tr></tr></thead><tbody></tbody></table>
<p class="empty" hidden></p><button type="button" class="more" hidden></button></div>
<p class="said" role="status"></p></div>"""

_component = st.components.v2.component(
    "atlas_grid",
    html=HTML,
    css=(ASSETS / "grid.css").read_text(encoding="utf-8"),
    js=loader("grid"),
)


@dataclass(frozen=True)
class GridColumn:
    """A column. kind: `text` or `number`; align: `left` or `right`, by kind where empty.

    first_sort: `ascending` or `descending`, what the first press on the heading does; where empty,
    numbers come highest first and texts in reading order.
    """

    id: str
    title: str
    kind: str = "text"
    align: str = ""
    first_sort: str = ""


@dataclass(frozen=True)
class GridPayload:
    """A table ready to be sent. `version` changes when anything in it does; `keys` name the rows that can be chosen."""

    version: str
    body: bytes
    keys: frozenset[str]


def grid_payload(
    columns: Sequence[GridColumn],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: str,
    labels: Mapping[str, str],
    row_keys: Sequence[str] | None = None,
    search_words: Sequence[str] | None = None,
) -> GridPayload:
    """The table as one compact payload; cache it per data version and language.

    Args:
        columns: in reading order; the first names the row.
        rows: one cell per column. Number columns want `(text, value)`; a value None or NaN sorts last both ways.
        caption: what the table shows, with unit and year.
        labels: see `LABELS`.
        row_keys: a key per row, unique; with them rows can be chosen.
        search_words: more words a row is found by (a reading in kana, an English name).

    Raises:
        ValueError: lengths differ, a number cell has no value beside its text, a key comes twice, a label is missing.
    """
    missing = [name for name in LABELS if name not in labels]
    if missing:
        raise ValueError(f"grid: labels lack {', '.join(missing)}; add them to the texts of both languages.")
    for name, given in (("row_keys", row_keys), ("search_words", search_words)):
        if given is not None and len(given) != len(rows):
            raise ValueError(f"grid: {len(rows)} rows but {len(given)} {name}; give one per row.")
    keys = frozenset(row_keys or ())
    if row_keys is not None and len(keys) != len(row_keys):
        raise ValueError("grid: a row key comes twice; keys must be unique.")
    for number, row in enumerate(rows):
        if len(row) != len(columns):
            raise ValueError(f"grid: row {number} has {len(row)} cells, {len(columns)} columns are declared.")
    described = [_column(column, [row[i] for row in rows]) for i, column in enumerate(columns)]
    content = {
        "caption": caption,
        "labels": dict(labels),
        "keys": None if row_keys is None else list(row_keys),
        "words": None if search_words is None else list(search_words),
        "columns": described,
        "size": len(rows),
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return GridPayload(hashlib.sha256(body).hexdigest()[:16], body, keys)


def grid(payload: GridPayload, *, key: str, height: int = 480, selected: str | None = None, on_choose: Callable[[str], None] | None = None) -> str | None:
    """Show a table; sort, search and scroll position stay while the payload's version stays.

    Args:
        payload: from `grid_payload`.
        key: Streamlit key.
        height: greatest height of the scrolling part in pixels at text size 100 %; it grows with the text size.
        selected: key of the marked row. The caller keeps it (URL, session); a row outside the view is scrolled to.
        on_choose: called with the key before the page runs again, so that no second run is needed.

    Returns:
        The key of a row in the run caused by choosing it, else None.
    """
    head = json.dumps({"version": payload.version, "height": height, "selected": selected}).encode()

    def chosen_row() -> None:
        row = _known(payload, st.session_state[key].get("chosen"))
        if row is not None and on_choose is not None:
            on_choose(row)

    # Bytes, not a dict: Streamlit serialises a dict twice on every run.
    result = _component(key=key, data=head + b"\n" + payload.body, on_chosen_change=chosen_row)
    return _known(payload, result.get("chosen"))


def _known(payload: GridPayload, value: object) -> str | None:
    """`value` where it names a row of the payload: what a browser sends is not taken on trust."""
    return value if isinstance(value, str) and value in payload.keys else None


def _column(column: GridColumn, cells: Sequence[Cell]) -> dict[str, object]:
    """A column as sent: its texts, the rank of each row (-1: no value; null: sorted by text), the width it wants.

    The heading keeps at least six characters on a line, with room for its sign.
    """
    if column.kind not in ("text", "number"):
        raise ValueError(f"grid: column {column.id} has the kind {column.kind!r}; known are text, number.")
    texts = ["" if cell is None else cell if isinstance(cell, str) else cell[0] for cell in cells]
    if column.kind == "number" and any(isinstance(cell, str) for cell in cells):
        raise ValueError(f"grid: number column {column.id} has a cell without a value; give (text, value), value None where there is none.")
    ranks = None
    if column.kind == "number" or any(isinstance(cell, tuple) for cell in cells):
        try:
            ranks = _ranks([cell[1] if isinstance(cell, tuple) else cell for cell in cells])
        except TypeError as problem:
            raise ValueError(f"grid: column {column.id} mixes values that have no order among each other ({problem}).") from problem
    return {
        "id": column.id,
        "title": column.title,
        "number": column.kind == "number",
        "align": column.align or ("right" if column.kind == "number" else "left"),
        "first": column.first_sort or ("descending" if column.kind == "number" else "ascending"),
        "width": max(_shown_width(text) for text in {*texts, column.title[:6] + "___"}),
        "text": texts,
        "rank": ranks,
    }


def _ranks(values: Sequence[float | str | None]) -> list[int]:
    """The place of each value among the different values, from 0; -1 for None and NaN."""
    kept = {value for value in values if value is not None and not (isinstance(value, float) and math.isnan(value))}
    place = {value: rank for rank, value in enumerate(sorted(kept))}
    return [place.get(value, -1) if value is not None else -1 for value in values]


def _shown_width(text: str) -> int:
    """Width in half characters: a full-width character counts two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
