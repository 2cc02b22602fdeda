"""The questions of the need map: which city, what, which census, compared with which, beside whom, which district."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from atlas.exhibits import district_layer, need_index
from atlas.exhibits.need_map import INDEX
from atlas.exhibits.need_map_words import city_name
from atlas.interface.controls import SEPARATOR, choose, choose_several
from atlas.interface.frame import Page
from atlas.interface.shown import kept
from atlas.store import geography

DISTRICT_KEY = "district"
MOST_BESIDE = 3
NO = "-"


@dataclass(frozen=True)
class City:
    """A city with school districts, as the controls need it."""

    code: str
    name: str
    sample: bool
    years: dict[str, tuple[int, ...]]
    districts: dict[str, str]


def cities(page: Page) -> dict[str, City]:
    """All cities with school districts, real ones first, those with figures before those with shapes alone."""
    context = page.context

    def make() -> dict[str, City]:
        found = []
        for row in geography.cities(context.store).itertuples(index=False):
            code = str(row.area_code)
            shapes = geography.shapes(context.store, code, "school_district")
            names = dict(zip(shapes["area_code"], shapes["name_ja"], strict=True))
            found.append(City(code, city_name(context, code), bool(row.is_sample), district_layer.held(context.store, code), names))
        return {one.code: one for one in sorted(found, key=lambda one: (one.sample, not one.years, one.code))}

    result: dict[str, City] = kept(context, "need_map.cities", {}, make)
    return result


def city(page: Page) -> City:
    """The city shown; the sample only where there is no real one, or where it is asked for."""
    known = cities(page)

    def shown(code: str) -> str:
        return known[code].name

    return known[choose(page.choices, "city", page.texts("need_map.control.city"), list(known), shown=shown)]


def what(page: Page, own: City) -> str:
    """An indicator held by the city's districts, or the index; those declared but not held where none is."""
    context = page.context

    def make() -> dict[str, str]:
        ids = list(own.years) or district_layer.declared(context.store)
        names = {one: context.word(context.indicator(one), "title") for one in ids}
        return names | ({INDEX: page.texts("need_map.control.index")} if _index_held(page, own) else {})

    options: dict[str, str] = kept(context, "need_map.what", {"city": own.code}, make)
    default = next((one for one in district_layer.DEFAULT if one in options), next(iter(options)))
    return choose(page.choices, "indicator", page.texts("need_map.control.indicator"), list(options), default=default, shown=options.__getitem__)


def _index_held(page: Page, own: City) -> bool:
    years = district_layer.census_years(own.years)
    return bool(years) and bool(need_index.offered(page.context.store, (own.code,), max(years)))


def census(page: Page, own: City, indicator: str) -> int:
    """A census in which the city's districts have the indicator, the newest where none was chosen."""
    years = own.years.get(indicator) or district_layer.census_years(own.years) or (2020,)
    return int(choose(page.choices, "year", page.texts("need_map.control.year"), [str(year) for year in reversed(years)]))


def before(page: Page, own: City, indicator: str, year: int) -> int | None:
    """An earlier census to compare with."""
    texts = page.texts
    options = [NO, *(str(one) for one in reversed(own.years.get(indicator, ())) if one < year)] if indicator != INDEX else [NO]
    found = choose(
        page.choices, "before", texts("need_map.control.before"), options,
        shown=lambda one: texts("need_map.control.before_none") if one == NO else texts("need_map.control.before_year", year=one),
    )  # fmt: skip
    return None if found == NO else int(found)


def beside(page: Page, own: City) -> tuple[str, ...]:
    """Up to three more real cities; the sample is never put beside real ones."""
    known = cities(page)
    options = [one.code for one in known.values() if not one.sample and one.code != own.code]
    if own.sample or not options:
        return ()
    texts = page.texts
    if st.query_params.get("beside") is None:
        st.session_state.setdefault(f"{page.id}:beside", [])
    return choose_several(
        page.choices, "beside", texts("need_map.control.beside"), options, default=(), shown=lambda code: known[code].name,
        most=MOST_BESIDE, placeholder=texts("need_map.control.beside_placeholder"),
    )  # fmt: skip


def write_district(code: str) -> None:
    """Put a district into the URL."""
    st.query_params[DISTRICT_KEY] = code


def district(page: Page, own: City, others: tuple[str, ...]) -> str | None:
    """The district the URL names, where it is one of the cities shown."""
    known = {code: code for one in (own.code, *others) for code in cities(page)[one].districts}
    found = st.query_params.get(DISTRICT_KEY)
    if found is not None and found.split("-")[0] not in (own.code, *others):
        return None  # of another city: kept for the way back
    return page.choices.from_url(DISTRICT_KEY, {**known, "": ""}, "", page.texts("need_map.control.district"), lambda one: one or "-") or None


def district_control(page: Page, names: dict[str, str], shown: str) -> None:
    """Choose a district from a list: the keyboard's way."""
    widget = f"{page.id}:{DISTRICT_KEY}"
    st.session_state[widget] = shown

    def write() -> None:
        picked = st.session_state.get(widget)
        if picked in names:
            write_district(str(picked))

    st.selectbox(page.texts("need_map.control.district"), list(names), key=widget, format_func=names.__getitem__, on_change=write)


def say_what_is_missing(page: Page, own: City) -> None:
    """Indicators that can be had for districts but are not held here, in one line; and the sample's banner."""
    texts, context = page.texts, page.context

    def make() -> str:
        lines = []
        if own.sample:
            lines.append(f'<p class="atlas-note" role="status"><strong>{escape(texts("frame.sample"))}</strong>　{escape(texts("need_map.sample_banner"))}</p>')
        absent = [one for one in district_layer.declared(context.store) if one not in own.years]
        if not own.years:
            lines.append(f'<p class="atlas-note">{escape(texts("need_map.no_figures"))}</p>')
        elif absent:
            names = texts("frame.list_separator").join(context.word(context.indicator(one), "short") for one in absent)
            lines.append(f'<p class="atlas-source">{escape(texts("need_map.not_held", names=names))}</p>')
        if own.years and not _index_held(page, own):
            lines.append(f'<p class="atlas-source">{escape(texts("need_map.index_not_held"))}</p>')
        return "".join(lines)

    html = kept(context, "need_map.missing", {"city": own.code}, make)
    if html:
        st.html(html)


__all__ = ["SEPARATOR", "City", "before", "beside", "census", "cities", "city", "district", "district_control", "say_what_is_missing", "what", "write_district"]
