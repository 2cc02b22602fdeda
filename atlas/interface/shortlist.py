"""The shortlist on a page: pick, note, compare with what can be taken on, undo, save, open."""

from __future__ import annotations

import io
from typing import Any

import streamlit as st

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.need_map_words import city_name, district_name
from atlas.exhibits.shortlist import Picked, shortlist
from atlas.exhibits.target_order import TargetsAsked, order_of
from atlas.exports.shortlist_file import LARGEST, LONGEST_NOTE, SavedList, ShortlistFileError, read_shortlist, shortlist_bytes
from atlas.exports.tables import Provenance
from atlas.interface import asked_city, words
from atlas.interface.controls import SEPARATOR, choose
from atlas.interface.frame import Page
from atlas.interface.map_downloads import with_geometry
from atlas.interface.shown import Download
from atlas.interface.shown import show as show_exhibit

KEY = "list"
MOST = 60
"""Districts a list can hold: more is no choice, and no link."""
UNDO, NOTES, SAID = "targets:list-undo", "targets:list-notes", "targets:list-said"
NO = "-"


def show(page: Page, asked: TargetsAsked, head: Any) -> None:
    """Controls, the list with its figure and files, the notes."""
    names = _names(page, asked.city)
    codes = _codes(page, asked.city, names)
    capacity = _controls(page, asked, codes, names)
    notes = tuple((code, note) for code in codes if (note := _notes(asked.city).get(code, "")))
    more = (
        Download("shortlist", "json", "application/json", shortlist_bytes),
        *with_geometry(page, (asked.city,)),
        Download("cards", "pdf", "application/pdf", _cards(asked, codes)),
    )
    picked = Picked(codes, notes, capacity)
    show_exhibit(page, shortlist, level=1, head=head, more=more if codes else (), asked=asked, picked=picked)
    if codes:
        _note_fields(page, asked.city, codes, names)


def _names(page: Page, city: str) -> dict[str, str]:
    return {code: district_name(page.context, name) for code, name in asked_city.cities(page)[city].districts.items()}


def _codes(page: Page, city: str, names: dict[str, str]) -> tuple[str, ...]:
    """The districts the link names: their codes without the city's."""
    text = st.query_params.get(KEY, "")
    named = [part for part in text[: MOST * 24].split(SEPARATOR) if part]
    known = [f"{city}-{part}" for part in dict.fromkeys(named) if f"{city}-{part}" in names][:MOST]
    unknown = [part for part in named if f"{city}-{part}" not in names]
    if unknown:
        shown = page.texts("frame.list_separator").join(names[code] for code in known) or page.texts("shortlist.none_of_them")
        page.choices.fallbacks.append((page.texts("shortlist.control.districts"), SEPARATOR.join(unknown)[:40], shown))
    return tuple(known)


def _write(codes: tuple[str, ...] | list[str], before: tuple[str, ...]) -> None:
    """Put a list into the link and keep the one before for undo."""
    if tuple(codes) == before:
        return
    st.session_state.setdefault(UNDO, []).append(before)
    _put(codes)


def _put(codes: tuple[str, ...] | list[str]) -> None:
    if codes:
        st.query_params[KEY] = SEPARATOR.join(code.split("-", 1)[1] for code in codes)
    else:
        st.query_params.pop(KEY, None)


def _undo() -> None:
    held = st.session_state.get(UNDO, [])
    if held:
        _put(held.pop())


def _controls(page: Page, asked: TargetsAsked, codes: tuple[str, ...], names: dict[str, str]) -> int | None:
    texts, order = page.texts, order_of(page.context.store, asked)
    widget = f"{page.id}:{KEY}"
    st.session_state[widget] = list(codes)
    left, right = st.columns([4, 2], vertical_alignment="bottom")
    with left:
        st.multiselect(
            texts("shortlist.control.districts"), list(names), key=widget, format_func=names.__getitem__, max_selections=MOST, select_all=False,
            placeholder=texts("shortlist.control.placeholder"), on_change=lambda: _write(st.session_state[widget], codes),
        )  # fmt: skip
    with right:
        options = [NO, *(str(count) for count in range(1, min(len(names), MOST) + 1))]
        capacity = choose(
            page.choices, "capacity", texts("shortlist.control.capacity"), options,
            shown=lambda one: texts("shortlist.control.capacity_none") if one == NO else texts("shortlist.control.capacity_one", count=one),
        )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        if order is not None:
            fill = list(dict.fromkeys([*codes, *order.listed]))[:MOST]
            label = texts("shortlist.control.fill", count=order.certainty.k)
            st.button(label, key="targets-list-fill", on_click=lambda: _write(fill, codes), disabled=tuple(fill) == codes)
        st.button(texts("shortlist.control.clear"), key="targets-list-clear", on_click=lambda: _write([], codes), disabled=not codes)
        st.button(texts("shortlist.control.undo"), key="targets-list-undo", on_click=_undo, disabled=not st.session_state.get(UNDO))
    with st.expander(texts("shortlist.control.load")):
        _load(page, asked.city, codes, names)
    return None if capacity == NO else int(capacity)


def _load(page: Page, city: str, codes: tuple[str, ...], names: dict[str, str]) -> None:
    """Open a saved list; what cannot be opened is said, and the list stays as it was."""
    texts = page.texts

    def opened() -> None:
        file = st.session_state.get("targets-list-file")
        if file is None:
            return
        try:
            held = read_shortlist(file.getvalue() if file.size <= LARGEST else b"")
        except ShortlistFileError:
            st.session_state[SAID] = ("wrong", texts("shortlist.file.not_json", name=file.name))
            return
        st.session_state[SAID] = _taken(page, city, codes, names, held, file.name)

    st.file_uploader(texts("shortlist.control.load"), type="json", key="targets-list-file", on_change=opened, label_visibility="collapsed")
    kind, said = st.session_state.pop(SAID, ("", ""))
    if said:
        words.note(said)
    del kind


def _taken(page: Page, city: str, codes: tuple[str, ...], names: dict[str, str], held: SavedList, file: str) -> tuple[str, str]:
    """Take the districts of a saved list; kind of the answer and its words."""
    texts = page.texts
    if held.city != city:
        return "wrong", texts("shortlist.file.other_city", name=file, found=city_name(page.context, held.city))
    known = [code for code in held.codes if code in names][:MOST]
    if not known:
        return "wrong", texts("shortlist.file.none", name=file)
    _write(known, codes)
    _notes(city).update({code: note for code, note in held.notes.items() if code in names})
    missing = len(held.codes) - len(known)
    said = texts("shortlist.control.loaded", name=file, count=len(known))
    return "done", said + (texts("shortlist.file.some", name=file, missing=missing) if missing else "")


def _notes(city: str) -> dict[str, str]:
    """The notes of this reader to the districts of a city: in the session only."""
    notes: dict[str, str] = st.session_state.setdefault(NOTES, {}).setdefault(city, {})
    return notes


def _note_fields(page: Page, city: str, codes: tuple[str, ...], names: dict[str, str]) -> None:
    texts, notes = page.texts, _notes(city)
    page.section(texts("shortlist.control.notes"))
    for code in codes:
        widget = f"targets:note-{code}"
        st.session_state.setdefault(widget, notes.get(code, ""))
        st.text_input(
            texts("shortlist.control.note", name=names[code]), key=widget, max_chars=LONGEST_NOTE,
            on_change=lambda code=code, widget=widget: notes.__setitem__(code, st.session_state[widget].strip()),
        )  # fmt: skip


def _cards(asked: TargetsAsked, codes: tuple[str, ...]) -> Any:
    """How to make the cards of the districts picked, all in one PDF; the drawing library is loaded only then."""

    def make(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
        from atlas.exhibits.district_card import district_cards
        from atlas.exports.card_facts import card_recipe
        from atlas.exports.card_pdf import cards_pdf

        del exhibit
        out = io.BytesIO()
        options: dict[str, Any] = {"city": asked.city, "codes": codes, "year": asked.year, "index": asked.index}
        cards_pdf(district_cards(context, **options), out, total=len(codes), recipe=card_recipe(context.lang, **options), provenance=provenance)
        return out.getvalue()

    return make
