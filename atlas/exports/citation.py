"""What a file without a table of its own carries, so that its figures can be cited and made again: one JSON text, the same in every kind of file.

Tables, maps and lists say it in their metadata (`tables.metadata`). Pictures, cards, slides and pages carry this text: SVG in `<metadata>`, PNG in an
iTXt chunk, PDF as an attachment, slides as a custom part, HTML in a `<script type="application/json">`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exports.tables import APP_VERSION, Provenance, raw_number, title_of
from atlas.figures import numbers

KIND = "tsunagari-atlas"
"""Says in every file what the text is: the key `kind`, the id of the element, the keyword of the chunk."""
FORMAT = 1
ATTACHMENT = "tsunagari-atlas.json"
"""The name of the text in a PDF."""
PART = "customXml/tsunagari-atlas.xml"
"""The name of the text in a PowerPoint file as it is written; PowerPoint itself gives it another one."""
PART_ROOT = "urn:tsunagari-atlas"
"""The namespace of the element around it."""
NOT_IN_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\x7f\u2028\u2029"}

Cell = str | int | float | None


def cells(table: Table) -> list[list[Cell]]:
    """The rows of a table as every file has them: texts, numbers of `raw_number`, None where a number is missing, "" where a text is."""
    columns: list[list[Cell]] = []
    for column in table.columns:
        values = table.rows[column.id].tolist()
        if column.kind == "text":
            columns.append(["" if numbers.is_missing(value) else str(value) for value in values])
        else:
            columns.append([None if numbers.is_missing(value) else _number(column, value) for value in values])
    return [list(row) for row in zip(*columns, strict=True)]


def _number(column: Column, value: float) -> Cell:
    """A number beyond all bounds has no JSON and stands as a text."""
    return raw_number(column, value) if math.isfinite(value) else str(value)


def fingerprint(table: Table) -> str:
    """SHA-256 of a table's ids, titles and cells, as 64 hexadecimal digits."""
    content = [[column.id for column in table.columns], [title_of(column) for column in table.columns], cells(table)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")).hexdigest()


def figure_cited(exhibit: Exhibit, data_version: str, provenance: Provenance | None = None, *, with_table: bool = True) -> dict[str, Any]:
    """One figure's part of the text: recipe, versions, settings, and its table, or only the table's fingerprint.

    provenance: when and from which view; left out where the browser adds both.
    """
    held: dict[str, Any] = {
        "id": exhibit.id,
        "title": exhibit.title,
        "recipe": exhibit.recipe,
        "data_version": data_version,
        "app_version": APP_VERSION,
        "settings": dict(exhibit.settings),
        "sample": exhibit.is_sample,
        "table": fingerprint(exhibit.table),
    }
    if provenance is not None:
        held |= {"exported_at": provenance.exported_at, "permalink": provenance.permalink}
    if with_table:
        held["columns"] = [{"id": column.id, "title": title_of(column)} for column in exhibit.table.columns]
        held["rows"] = cells(exhibit.table)
    return held


def citation(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole content of a file's text from the parts of its figures."""
    return {"kind": KIND, "format": FORMAT, "figures": [dict(figure) for figure in figures]}


def citation_text(figures: Sequence[Mapping[str, Any]]) -> str:
    """The text itself: one line of JSON that may stand in XML and HTML as it is."""
    return json.dumps(citation(figures), ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(NOT_IN_MARKUP)


def with_citation(html: str, figures: Sequence[Mapping[str, Any]]) -> str:
    """A page of HTML with the text before the end of its body, and in it a fingerprint of all the rest of the page."""
    drawn = hashlib.sha256(html.encode("utf-8")).hexdigest()
    text = citation_text([{**figure, "drawn": drawn} for figure in figures])
    start, end, rest = html.rpartition("</body>")
    return f'{start}<script type="application/json" id="{KIND}">{text}</script>{end}{rest}'
