"""The questions that pages ask alike: which indicator, which places, which year."""

from __future__ import annotations

from atlas.interface.controls import choose, choose_several
from atlas.interface.frame import Page
from atlas.interface.shown import kept
from atlas.store import observations, registry
from atlas.store.areas import NATION
from atlas.store.areas import areas as all_areas

DEFAULT_INDICATOR = "one_person_household_share"


def indicator(page: Page, *, level: str | None = None, key: str = "indicator") -> str:
    """An indicator that has figures (at this area level)."""
    context = page.context

    def names() -> dict[str, str]:
        held = observations.indicators_with_totals(context.store)
        known = registry.indicators(context.store)
        return {one: context.word(known[one], "title") for one in known if one in held and (level is None or level in held[one])}

    options = kept(context, "asked.indicator", {"level": level}, names)
    return choose(page.choices, key, page.texts("trends.control.indicator"), list(options), default=DEFAULT_INDICATOR, shown=options.__getitem__)


def areas(page: Page) -> tuple[str, ...]:
    """Up to eight places: nation, prefectures, municipalities."""
    names = area_names(page)
    return choose_several(
        page.choices, "areas", page.texts("trends.control.areas"), list(names), default=[NATION], shown=names.__getitem__,
        placeholder=page.texts("trends.control.places"),
    )  # fmt: skip


def area_names(page: Page) -> dict[str, str]:
    """Every place's name by code, municipalities with their prefecture."""
    context = page.context
    names: dict[str, str] = kept(context, "asked.area_names", {}, lambda: {code: context.area_name(code) for code in all_areas(context.store)})
    return names


def base_year(page: Page, indicator_id: str, codes: tuple[str, ...]) -> int | None:
    """The value itself, or an index to one of the years held."""
    context = page.context

    def years() -> list[str]:
        rows = observations.series(context.store, indicator_id, codes)
        return [str(year) for year in sorted(rows.loc[rows["value"].notna(), "year"].unique())]

    options = ["", *kept(context, "asked.base_years", {"indicator": indicator_id, "codes": codes}, years)]
    texts = page.texts
    chosen = choose(
        page.choices, "base", texts("trends.control.base"), options,
        shown=lambda year: texts("trends.control.base_year", year=year) if year else texts("trends.control.base_none"),
    )  # fmt: skip
    return int(chosen) if chosen else None
