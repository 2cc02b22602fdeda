"""An exhibit as HTML: title, place for the figure, sentence, sources, cautions, table, links to its files. The dashboard's words and order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit, Table
from atlas.exports.formatted import cell_text

NOT_LISTED = ("class", "code")
"""Columns of a list that only files need."""
ROWS_IN_TWIN = 400
NUMBER = ' class="number"'
SLOT = "<div data-table></div>"
"""Where the script puts a table that it was given in words."""


def head_html(context: Context, exhibit: Exhibit, level: int, page_name: str = "") -> str:
    """The finding and what is shown; the page's name above the first heading; the sample's mark."""
    eyebrow = f'<p class="atlas-eyebrow">{escape(page_name)}</p>' if page_name and level == 1 else ""
    mark = f'<p class="atlas-sample">{escape(context.texts("frame.sample"))}</p>' if exhibit.is_sample else ""
    return f'{eyebrow}{mark}<h{level}>{escape(exhibit.title)}</h{level}><p class="atlas-subtitle">{escape(exhibit.subtitle)}</p>'


def body_html(context: Context, exhibit: Exhibit, files: Sequence[tuple[str, str]], table: str, *, listed: bool = False, lead: str = "") -> str:
    """What stands below the figure. files: word and address of each file. table: its HTML, or SLOT; lead: a line above the table of a list."""
    parts = ['<div class="atlas-body">']
    if exhibit.figure is None and not listed and not exhibit.table_first:
        parts.append(f'<p class="atlas-empty">{escape(exhibit.nothing or context.texts("frame.nothing_to_draw"))}</p>')
    parts.append(f'<p class="atlas-sentence">{escape(exhibit.sentence)}</p>')
    parts += [f'<p class="atlas-source">{escape(line)}</p>' for line in exhibit.sources]
    parts += [f'<p class="atlas-caution">{escape(line)}</p>' for line in exhibit.cautions]
    parts.append("</div>")
    if listed:
        parts.append((f'<p class="atlas-lead hint">{escape(lead)}</p>' if lead else "") + table)
    else:
        is_open = " open" if exhibit.table_first else ""
        parts.append(f'<details class="atlas-table"{is_open}><summary>{escape(context.texts("frame.save.table"))}</summary>{table}</details>')
    parts.append(files_html(context, exhibit.title, files))
    return "".join(parts)


def files_html(context: Context, title: str, files: Sequence[tuple[str, str]]) -> str:
    """Links to the files of a table."""
    links = "".join(f'<li><a href="{escape(address)}" download aria-label="{escape(f"{word}: {title}")}">{escape(word)}</a></li>' for word, address in files)
    return f'<div class="files"><span>{escape(context.texts("site.files"))}</span><ul>{links}</ul></div>' if files else ""


@dataclass(frozen=True)
class Cells:
    """A table twin in words. heads: title and whether numbers stand below it; rows: a text a cell; codes: of the rows that can be chosen."""

    caption: str
    label: str
    heads: list[tuple[str, bool]]
    rows: list[list[str]]
    codes: list[str]
    listed: bool

    def plain(self) -> dict[str, Any]:
        """As the script takes it, which makes the same HTML of it."""
        return {"caption": self.caption, "label": self.label, "heads": self.heads, "rows": self.rows, "codes": self.codes, "listed": self.listed}

    def html(self) -> str:
        """Caption, column and row headers, numbers aligned."""
        head = "".join(f'<th scope="col"{NUMBER if number else ""}>{escape(title)}</th>' for title, number in self.heads)
        lines = [
            (f'<tr data-row="{escape(self.codes[place])}">' if self.codes else "<tr>")
            + f'<th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td{NUMBER if number else ''}>{escape(text)}</td>" for text, (_, number) in zip(row[1:], self.heads[1:], strict=True))
            + "</tr>"
            for place, row in enumerate(self.rows)
        ]
        return (
            f'<div class="atlas-scroll" tabindex="0" role="region" aria-label="{escape(self.label)}"><table class="atlas"{" data-list" if self.listed else ""}>'
            f"<caption>{escape(self.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
        )


def cells_of(context: Context, table: Table, *, listed: bool = False, rows: str = "") -> Cells:
    """The table twin in words, one for what is missing. rows: the column of codes that rows are chosen by."""
    shown = [(place, column) for place, column in enumerate(table.columns) if column.id not in (NOT_LISTED if rows else ())]
    missing = context.texts("frame.no_value")
    first = table.rows.head(ROWS_IN_TWIN)
    texts = [
        [cell_text(column, row[place], context.lang, "" if column.kind == "text" else missing) for place, column in shown]
        for row in first.itertuples(index=False)
    ]
    caption = table.caption
    if len(table.rows) > ROWS_IN_TWIN:
        caption += context.texts("site.first_rows", shown=ROWS_IN_TWIN, rows=f"{len(table.rows):,}")
    heads = [(column.title, column.kind != "text") for _, column in shown]
    return Cells(caption, table.caption, heads, texts, [str(code) for code in first[rows]] if rows else [], listed)
