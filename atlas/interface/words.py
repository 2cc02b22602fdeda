"""Sentences on a page: notes, errors that stop it, small pieces of HTML."""

from __future__ import annotations

from html import escape
from typing import NoReturn

import streamlit as st


def note(text: str) -> None:
    """A quiet remark in one line (a fallback, a hint)."""
    st.html(f'<p class="atlas-note" role="status">{escape(text)}</p>')


def stop_with(what: str, advice: str, details: str = "") -> NoReturn:
    """Say in one sentence what is wrong and what to do, with the report below it, and end the page."""
    more = f"<pre>{escape(details.strip())}</pre>" if details.strip() else ""
    st.html(f'<div class="atlas-stop" role="alert"><h1>{escape(what)}</h1><p>{escape(advice)}</p>{more}</div>')
    st.stop()
