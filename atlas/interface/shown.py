"""An exhibit on a page: title, figure, sentence, sources, table twin, downloads; finished pieces are kept per data version."""

from __future__ import annotations

import atexit
import gc
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit, Table
from atlas.exhibits.recipe import recipe_of
from atlas.exports.citation import citation, figure_cited
from atlas.exports.formatted import cell_text
from atlas.exports.paper_font import FontError, font_file
from atlas.exports.tables import Provenance, csv_bytes, xlsx_bytes
from atlas.figures.look import FinishedFigure
from atlas.interface.frame import Page
from atlas.interface.pictures import NotMadeError, SavedFile, figure_tools
from atlas.interface.present_draft import add_view
from atlas.texts import WordedError

KEPT = 600
WORDS = ("group", "png", "svg", "link", "embed", "missing", "failed", "copied", "copy_failed", "embed_copied", "embed_failed", "saved", "making")
SETTLE_EVERY_SECONDS = 2.0
ROWS_IN_TWIN = 400
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "showTips": False, "doubleClick": False, "showAxisDragHandles": False}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Shown:
    """An exhibit with everything that does not change from reader to reader prepared."""

    exhibit: Exhibit
    figure: FinishedFigure | None
    body: str
    carried: Mapping[str, Any] | None
    """What its picture carries so that it can be made again; None where there is no picture."""


class _Kept:
    """The exhibits finished last, shared by all readers."""

    def __init__(self) -> None:
        self._items: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()
        self._settled = time.monotonic()  # not in the first moments, when a reader waits for the first page
        self._unsettled = False
        atexit.register(gc.unfreeze)  # so that the interpreter can clear up quietly when it ends

    def get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """The item of this key, made when it is not there."""
        with self._lock:
            held = key in self._items
            if held:
                self._items.move_to_end(key)
                item = self._items[key]
        if held:
            self._settle()
            return item
        item = make()
        if os.environ.get("ATLAS_KEEP_NOTHING") != "1":  # the benchmark's peer: the same page with nothing kept
            with self._lock:
                self._items[key] = item
                while len(self._items) > KEPT:
                    self._items.popitem(last=False)
        self._unsettled = True
        self._settle()
        return item

    def _settle(self) -> None:
        """Take what is kept out of the garbage collector's sight.

        Streamlit runs a full collection after every run of a page; with pandas and Plotly loaded it costs more than
        the page itself. Frozen objects are not looked at. Thawing first lets what was dropped since be collected.
        """
        now = time.monotonic()
        if self._unsettled and now - self._settled > SETTLE_EVERY_SECONDS:
            self._settled, self._unsettled = now, False
            gc.unfreeze()
            gc.collect()
            gc.freeze()


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()


def kept(context: Context, name: str, options: dict[str, Any], make: Callable[[], Any]) -> Any:
    """What `make` returns, made once for this data version, language, look and these options."""
    key = (context.store.version, str(context.store.path), name, context.look, *sorted(options.items()))
    return _kept().get(key, make)


def finished(context: Context, build: Callable[..., Exhibit], **options: Any) -> Shown:
    """The exhibit of `build` for this reader's words and look, finished once and kept."""

    def make() -> Shown:
        exhibit = replace(build(context, **options), recipe=recipe_of(build, options, context.lang).text())
        if exhibit.figure is None:
            return Shown(exhibit, None, _body(exhibit, context), None)
        carried = citation([figure_cited(exhibit, context.store.version, with_table=False)])
        return Shown(exhibit, FinishedFigure(exhibit.figure), _body(exhibit, context), carried)

    shown: Shown = kept(context, f"{build.__module__}.{build.__qualname__}", options, make)
    return shown


def show(page: Page, build: Callable[..., Exhibit], *, level: int = 2, head: Any = None, more: Sequence[Download] = (), **options: Any) -> Exhibit:
    """Show an exhibit below whatever stands on the page already.

    level: 1 when its title is the page's title. head: a container above the controls for the title. more: further files.
    """
    shown = finished(page.context, build, **options)
    exhibit = shown.exhibit
    key = f"{page.id}-{exhibit.id}"
    with head if head is not None else nullcontext():
        st.html(_title(page, exhibit, level))
    if shown.figure is not None:
        st.plotly_chart(shown.figure, theme=None, config=CONFIG, key=key, alt=f"{exhibit.title} {exhibit.subtitle}")
    st.html(shown.body)
    tools(page, exhibit, key, has_picture=shown.figure is not None, more=more, carried=shown.carried)
    return exhibit


@dataclass(frozen=True)
class Download:
    """One kind of file an exhibit can be saved as: the key of its words below `frame.save`, ending, media type, how to make it."""

    id: str
    ending: str
    media: str
    make: Callable[[Exhibit, Context, Provenance], bytes]


TABLES = (Download("csv", "csv", "text/csv", csv_bytes), Download("xlsx", "xlsx", XLSX, xlsx_bytes))


def _deck(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """One slide of PowerPoint; the library is loaded when it is asked for."""
    from atlas.stories.deck import figure_deck

    return figure_deck(exhibit, context, provenance)


def _pdf(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """The figure on A4; the library is loaded when it is asked for."""
    from atlas.exports.print_pdf import figure_pdf

    return figure_pdf(exhibit, context, provenance)


PDF = Download("pdf", "pdf", "application/pdf", _pdf)
DECK = Download("deck", "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", _deck)


def tools(page: Page, exhibit: Exhibit, key: str, *, has_picture: bool, more: Sequence[Download] = (), carried: Mapping[str, Any] | None = None) -> None:
    """The row below a figure: CSV, XLSX, further files, picture, link. Files are made when they are asked for."""
    texts, context = page.texts, page.context
    page.exhibits.append(exhibit)
    stem = f"{texts('frame.name')}_{exhibit.id}"
    permalink = _permalink()

    def content(file: Download) -> bytes:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            return file.make(exhibit, context, Provenance(now, permalink, exhibit.is_sample))
        except WordedError as error:
            raise NotMadeError(error.said(texts)) from error

    files = {
        file.id: SavedFile(f"{stem}.{file.ending}", file.media, partial(content, file)) for file in (*TABLES, *more, *([DECK, PDF] if has_picture else []))
    }
    acts = {"story": lambda: _added(page, exhibit)} if has_picture and exhibit.recipe else {}
    figure_tools(
        chart_key=key,
        file_stem=stem,
        title=exhibit.title,
        subtitle=exhibit.subtitle,
        footer=(*([texts("frame.sample")] if exhibit.is_sample else []), *exhibit.sources),
        labels={name: texts(f"frame.save.{name}") for name in (*WORDS, *files, *acts)},
        key=f"{key}-tools",
        actions=("png", "svg", "link", "embed") if has_picture else ("link",),
        files=files,
        acts=acts,
        carried=carried,
    )


def foot(page: Page) -> None:
    """The foot of a page: all exhibits shown on it, with the present choices, as one PDF, made when it is asked for; in a frame the way to the whole page."""
    if st.context.is_embedded:
        page.way_to_whole()
        return
    if not page.exhibits:
        return
    hindrance = print_hindrance(page)
    st.download_button(
        page.texts("print.page"), partial(_page_pdf, page, _permalink()), file_name=f"{page.texts('frame.name')}_{page.id}.pdf", mime=PDF.media,
        on_click="ignore", key=f"{page.id}-print", disabled=bool(hindrance), help=hindrance or None,
    )  # fmt: skip


def print_hindrance(page: Page) -> str:
    """Why nothing can be printed, in words; empty where it can."""
    try:
        font_file()
    except FontError as error:
        return error.said(page.texts)
    return ""


def _page_pdf(page: Page, permalink: str) -> bytes:
    from atlas.exports.print_pdf import page_pdf

    now = datetime.now().astimezone().isoformat(timespec="seconds")
    name = page.texts(f"frame.pages.{page.id}")
    return page_pdf(page.context, page.exhibits, name, Provenance(now, permalink, any(one.is_sample for one in page.exhibits)))


def _added(page: Page, exhibit: Exhibit) -> str:
    """Put the figure into the reader's story (page 発表); the words that say so."""
    add_view(exhibit.recipe, exhibit.title)
    return page.texts("frame.save.story_added")


def _permalink() -> str:
    """The address of this view with its choices, as in the browser; empty where there is no browser, and in a frame, where the other page's would be told."""
    choices = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    address = "" if st.context.is_embedded else st.context.url or ""
    return f"{address}?{urlencode(choices)}" if address and choices else address


def _title(page: Page, exhibit: Exhibit, level: int) -> str:
    eyebrow = f'<p class="atlas-eyebrow">{escape(page.texts(f"frame.pages.{page.id}"))}</p>' if level == 1 else ""
    return f'<div class="atlas-title">{eyebrow}<h{level}>{escape(exhibit.title)}</h{level}><p class="atlas-subtitle">{escape(exhibit.subtitle)}</p></div>'


def _body(exhibit: Exhibit, context: Context) -> str:
    parts = ['<div class="atlas-body">']
    if exhibit.figure is None:
        parts.append(f'<p class="atlas-empty">{escape(exhibit.nothing or context.texts("frame.nothing_to_draw"))}</p>')
    parts.append(f'<p class="atlas-sentence">{escape(exhibit.sentence)}</p>')
    parts += [f'<p class="atlas-source">{escape(line)}</p>' for line in exhibit.sources]
    parts += [f'<p class="atlas-caution">{escape(line)}</p>' for line in exhibit.cautions]
    parts.append("</div>")
    opened, summary = " open" if exhibit.table_first else "", escape(context.texts("frame.save.table"))
    parts.append(f'<details class="atlas-table"{opened}><summary>{summary}</summary>{table_html(exhibit.table, context)}</details>')
    return "".join(parts)


def table_html(table: Table, context: Context, most: int = ROWS_IN_TWIN) -> str:
    """The table twin as HTML: caption, column and row headers, numbers aligned, a word for what is missing."""
    head = "".join(f'<th scope="col"{_aligned(column.kind)}>{escape(column.title)}</th>' for column in table.columns)
    lines = []
    missing = context.texts("frame.no_value")
    for row in table.rows.head(most).itertuples(index=False):
        cells = []
        for position, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            text = escape(cell_text(column, value, context.lang, missing if column.kind != "text" else ""))
            cells.append(f'<th scope="row">{text}</th>' if position == 0 else f"<td{_aligned(column.kind)}>{text}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    caption = table.caption
    if len(table.rows) > most:
        caption += context.texts("frame.first_rows", shown=most, rows=f"{len(table.rows):,}")
    label = escape(table.caption)
    return (
        f'<div class="atlas-scroll" tabindex="0" role="region" aria-label="{label}"><table class="atlas"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _aligned(kind: str) -> str:
    return "" if kind == "text" else ' class="number"'
