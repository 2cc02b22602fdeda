"""The frame of every page: language, look, database, menu, banner, notes on what the URL said that does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.figures.look import Look
from atlas.interface import words
from atlas.interface.controls import Choices, choose
from atlas.interface.scripts import page_script
from atlas.interface.served import served_store
from atlas.texts import LANGUAGES, Texts, texts

PAGES = (
    ("overview", "dashboard.py"),
    ("trends", "pages/trends.py"),
    ("contact", "pages/contact.py"),
    ("compare", "pages/compare.py"),
    ("need_map", "pages/need_map.py"),
    ("targets", "pages/targets.py"),
    ("present", "pages/present.py"),
    ("catalogue", "pages/catalogue.py"),
)
SIZES = ("100", "125", "150")
CARRIED = ("lang", "size", "area")
"""What a reader takes along from page to page."""

IN_A_FRAME = '[data-testid="stMainBlockContainer"] { padding: 1rem 1rem 1.5rem !important; }'
_ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Page:
    """One page being shown to one reader."""

    id: str
    context: Context
    choices: Choices
    exhibits: list[Exhibit] = field(default_factory=list)
    """What was shown so far in this run, in its order: the page's PDF."""

    @property
    def texts(self) -> Texts:
        """The words of the reader's language."""
        return self.context.texts

    def heading(self, title: str, lead: str = "") -> None:
        """The page's name (small), its title, a lead."""
        name = self.texts(f"frame.pages.{self.id}")
        st.html(
            f'<header class="atlas-head"><p class="atlas-eyebrow">{escape(name)}</p><h1>{escape(title)}</h1>'
            + (f'<p class="atlas-lead">{escape(lead)}</p>' if lead else "")
            + "</header>"
        )

    def section(self, title: str, lead: str = "") -> None:
        """A rule, a heading of the second order, a lead."""
        st.html(f'<div class="atlas-section"><h2>{escape(title)}</h2>' + (f"<p>{escape(lead)}</p>" if lead else "") + "</div>")

    def notes(self, place: Any = None) -> None:
        """What the URL asked for that does not exist, and what is shown instead; call it when all choices are asked. place: a container, the title's."""
        with place if place is not None else nullcontext():
            for label, found, shown in self.choices.fallbacks:
                words.note(self.texts("frame.fallback", label=label, found=found, shown=shown))

    def way_to_whole(self) -> None:
        """In a frame of another page: the link to the whole page. Its address is relative, for only the browser knows that of a frame."""
        choices = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
        st.link_button(self.texts("frame.whole"), f"?{urlencode(choices)}", type="tertiary")


def open_page(page_id: str) -> Page:
    """Set up a page: call it first, then ask and show."""
    choices = Choices(page_id)
    lang = choices.from_url("lang", {one: one for one in LANGUAGES}, LANGUAGES[0], "lang", str)
    size = choices.from_url("size", {one: one for one in SIZES}, SIZES[0], "size", str)
    spoken = texts(lang)
    name = spoken(f"frame.pages.{page_id}")
    st.set_page_config(page_title=f"{name} | {spoken('frame.name')}", page_icon=_icon(), layout="wide", initial_sidebar_state="auto")
    dark = st.context.theme.type == "dark"
    embedded = st.context.is_embedded
    st.html(_style(size, dark, embedded))
    st.html(page_script(lang), unsafe_allow_javascript=True)
    if not embedded:
        with st.sidebar:
            _menu(spoken, page_id)
            choose(choices, "lang", spoken("frame.language"), LANGUAGES, shown=lambda one: {"ja": "日本語", "en": "English"}[one], kind="segments")
            choose(choices, "size", spoken("frame.text_size"), SIZES, shown=lambda one: f"{one}%", kind="segments")
    store = served_store(spoken)
    return Page(page_id, Context(store, spoken, Look(lang, dark, int(size) / 100)), choices)


def _menu(spoken: Texts, current: str) -> None:
    st.html(f'<p class="atlas-name">{escape(spoken("frame.name"))}</p><p class="atlas-motto">{escape(spoken("frame.motto"))}</p>')
    carried = {key: st.query_params[key] for key in CARRIED if key in st.query_params}
    for page_id, path in PAGES:
        st.page_link(path, label=spoken(f"frame.pages.{page_id}"), query_params=carried or None, width="stretch")
    del current


@cache
def _icon() -> str:
    return str(_ASSETS / "icon.png")


@cache
def _style(size: str, dark: bool, embedded: bool) -> str:
    """The project's style sheet with the theme's colours and the reader's text size; less room around a page in a frame of another one."""
    from atlas.figures.look import DARK, LIGHT

    palette = DARK if dark else LIGHT
    colours = {"text": palette.text, "second": palette.second, "accent": palette.accent, "grid": palette.grid, "caution": palette.caution, "page": palette.page}
    variables = "".join(f"--atlas-{name}: {value};" for name, value in colours.items())
    sheet = "\n".join(path.read_text("utf-8") for path in sorted(_ASSETS.glob("page*.css"))) + (IN_A_FRAME if embedded else "")
    return f"<style>:root{{{variables}}} html{{font-size:{int(size) * 16 // 100}px !important}}\n{sheet}</style>"


def columns(widths: Sequence[float]) -> Sequence[st.delta_generator.DeltaGenerator]:
    """One row of controls, aligned at their feet."""
    return st.columns(list(widths), vertical_alignment="bottom")
