"""A box that filters by words; what is typed lives in the URL."""

from __future__ import annotations

import unicodedata

import streamlit as st

from atlas.interface.controls import SHOWN_OF_UNKNOWN, Choices

LONGEST = 80


def text_filter(choices: Choices, key: str, label: str, *, placeholder: str = "") -> str:
    """The words to filter by, kept in the URL under `key`; a text that is too long is cut, with a note."""
    given = st.query_params.get(key, "")
    value = " ".join(given.split())[:LONGEST]
    if len(given) > LONGEST:
        choices.fallbacks.append((label, given[:SHOWN_OF_UNKNOWN], value))
    widget = f"{choices.page}:{key}"
    st.session_state[widget] = value

    def write() -> None:
        text = " ".join(str(st.session_state.get(widget) or "").split())[:LONGEST]
        if text:
            st.query_params[key] = text
        else:
            st.query_params.pop(key, None)

    return st.text_input(label, key=widget, placeholder=placeholder, max_chars=LONGEST, type="search", on_change=write) or ""


def folded(text: str) -> str:
    """A text as it is compared: width and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()
