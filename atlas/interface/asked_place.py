"""The questions of a comparison: which share, which municipality (by prefecture), which census."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from atlas.exhibits.field import LEVEL, municipal_shares
from atlas.interface.asked import DEFAULT_INDICATOR
from atlas.interface.controls import choose
from atlas.interface.frame import Page
from atlas.interface.shown import kept
from atlas.store import observations, registry
from atlas.store.areas import areas

AREA_KEY = "area"
DEFAULT_AREA = "31201"


@dataclass(frozen=True)
class Places:
    """Every municipality's name by code, grouped by prefecture, and the prefectures' names."""

    municipalities: dict[str, str]
    by_prefecture: dict[str, list[str]]
    prefectures: dict[str, str]
    prefecture_of: dict[str, str]

    @property
    def default(self) -> str:
        """The municipality shown where none was chosen."""
        return DEFAULT_AREA if DEFAULT_AREA in self.municipalities else next(iter(self.municipalities))


def places(page: Page) -> Places:
    """All municipalities in the reader's language, finished once."""
    context = page.context

    def make() -> Places:
        known = areas(context.store)
        own = {code: area for code, area in known.items() if area.level == LEVEL and area.parent_code in known}
        grouped: dict[str, list[str]] = {}
        for code, area in own.items():
            grouped.setdefault(str(area.parent_code), []).append(code)
        return Places(
            {code: area.name(context.lang) for code, area in own.items()},
            grouped,
            {code: known[code].name(context.lang) for code in grouped},
            {code: str(area.parent_code) for code, area in own.items()},
        )

    found: Places = kept(context, "compare.places", {}, make)
    return found


def choose_area(page: Page, code: str) -> None:
    """Put a municipality into the URL; the one shown anyway is not written, so that links stay short."""
    if code == places(page).default:
        st.query_params.pop(AREA_KEY, None)
    else:
        st.query_params[AREA_KEY] = code


def area(page: Page) -> str:
    """The municipality the URL names, else the default with a note."""
    known = places(page)
    options = {code: code for code in known.municipalities}
    return page.choices.from_url(AREA_KEY, options, known.default, page.texts("compare.control.municipality"), known.municipalities.__getitem__)


def prefecture_control(page: Page, code: str) -> None:
    """The prefecture of the municipality chosen; another one leads to its first municipality."""
    known = places(page)
    key = f"{page.id}:prefecture"
    st.session_state[key] = known.prefecture_of[code]

    def write() -> None:
        picked = st.session_state.get(key)
        if picked in known.by_prefecture:
            choose_area(page, known.by_prefecture[picked][0])

    st.selectbox(
        page.texts("compare.control.prefecture"),
        list(known.prefectures),
        key=key,
        format_func=known.prefectures.__getitem__,
        on_change=write,
    )


def municipality_control(page: Page, code: str) -> None:
    """The municipalities of that prefecture."""
    known = places(page)
    key = f"{page.id}:{AREA_KEY}"
    st.session_state[key] = code

    def write() -> None:
        picked = st.session_state.get(key)
        if picked in known.municipalities:
            choose_area(page, picked)

    options = known.by_prefecture[known.prefecture_of[code]]
    st.selectbox(page.texts("compare.control.municipality"), options, key=key, format_func=known.municipalities.__getitem__, on_change=write)


def share(page: Page) -> str:
    """A share that is held for municipalities."""
    context = page.context

    def names() -> dict[str, str]:
        known = registry.indicators(context.store)
        return {one: context.word(known[one], "title") for one in municipal_shares(context.store)}

    options: dict[str, str] = kept(context, "compare.shares", {}, names)
    label = page.texts("compare.control.indicator")
    return choose(page.choices, "indicator", label, list(options), default=DEFAULT_INDICATOR, shown=options.__getitem__)


def census(page: Page, indicator_id: str) -> int:
    """A census year in which the share is held, the newest where none was chosen."""
    context = page.context

    def years() -> list[str]:
        return [str(year) for year in reversed(observations.years_held(context.store, indicator_id, LEVEL))]

    options: list[str] = kept(context, "compare.years", {"indicator": indicator_id}, years)
    return int(choose(page.choices, "year", page.texts("compare.control.year"), options))
