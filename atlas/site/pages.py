"""Which exhibits stand on which page, made from the same list in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from atlas.exhibits import contact, family_types, isolation, living_alone, loneliness, older, overtaken, overview, participation, trends
from atlas.exhibits.compare import beside
from atlas.exhibits.context import Context
from atlas.exhibits.field import LEVEL, UNKNOWN_SHARE, municipal_shares
from atlas.exhibits.model import Exhibit
from atlas.exhibits.peers import peers
from atlas.exhibits.prefecture_municipalities import prefecture_municipalities
from atlas.exhibits.prefecture_tiles import prefecture_tiles
from atlas.exhibits.survey_rows import word
from atlas.site.model import ONLY, Block, Control, Page, Place, View
from atlas.store import observations, registry
from atlas.store.areas import NATION

SHARE = "one_person_household_share"
FEWEST_YEARS = 2
"""An indicator with fewer years in the nation is no trend."""

Build = Callable[..., Exhibit]


def overview_page(context: Context, after: str) -> Page:
    """The finding; `after`: the headline figures and what is new."""
    return Page("overview", context.texts("frame.pages.overview"), (single("finding", overview.finding, level=1),), after=after)


def trends_page(context: Context, place: Place) -> Page:
    """An indicator in nation, prefecture and municipality; projections, who lives alone, families."""
    texts, held = context.texts, observations.indicators_with_totals(context.store)
    known = registry.indicators(context.store)
    wanted = [one for one in known if one in held and len(observations.years_held(context.store, one, "nation")) >= FEWEST_YEARS]
    places = {"nation": NATION, "prefecture": place.prefecture, LEVEL: place.municipality}
    shown = {one: {"indicator_id": one, "area_codes": tuple(code for level, code in places.items() if level in held[one])} for one in first(SHARE, wanted)}
    bases = list(family_types.BASES)
    return Page(
        "trends",
        texts("frame.pages.trends"),
        (
            several("trend", trends.trend, shown, follows="indicator", level=1),
            single("overtaken", overtaken.overtaken, section=texts("trends.section.projections")),
            single("living_alone", living_alone.living_alone_by_age, section=texts("trends.section.who")),
            single("older", older.older_definitions, section=texts("trends.section.older")),
            several("family_types", family_types.family_types, {one: {"base": one} for one in bases}, follows="family", section=texts("trends.section.family")),
        ),
        (
            Control("indicator", texts("trends.control.indicator"), {one: context.word(known[one], "title") for one in shown}),
            Control("family", texts("family_types.control.base"), {one: texts(f"family_types.bases.{one}") for one in bases}),
        ),
    )


def contact_page(context: Context) -> Page:
    """Contact by mode, isolation, loneliness, participation and support, each in its default choices."""
    texts = context.texts
    modes = {mode: {"mode": mode} for mode in contact.MODES}
    asked = {one: {"asked": one} for one in loneliness.QUESTIONS}
    topics = {one: {"topic": one} for one in participation.TOPICS}
    return Page(
        "contact",
        texts("frame.pages.contact"),
        (
            several("waves", contact.contact_waves, modes, follows="mode", level=1),
            several("groups", contact.contact_groups, modes, follows="mode"),
            single(
                "isolation_groups", isolation.isolation_groups, section=texts("contact.section.isolation"), lead=texts("contact.section.isolation_lead")
            ),
            single("isolation_distribution", isolation.isolation_distribution),
            several(
                "loneliness_waves", loneliness.loneliness_waves, asked, follows="asked",
                section=texts("contact.section.loneliness"), lead=texts("contact.section.loneliness_lead"),
            ),
            several("loneliness_groups", loneliness.loneliness_groups, asked, follows="asked"),
            single("loneliness_abroad", loneliness.loneliness_abroad),
            single("participation", participation.participation, section=texts("contact.section.support"), lead=texts("contact.section.support_lead")),
            several("support", participation.support, topics, follows="topic"),
        ),
        (
            Control("mode", texts("contact.control.mode"), {mode: texts(f"contact.mode.{mode}") for mode in modes}),
            Control("asked", texts("contact.control.asked"), {one: texts(f"contact.control.asked_{one}") for one in asked}),
            Control("topic", texts("contact.control.topic"), {one: word(context, "question", "", one) for one in topics}),
        ),
    )  # fmt: skip


def compare_page(context: Context, place: Place) -> Page:
    """The municipality beside nation, prefecture and peers, among all, and the municipalities of its prefecture."""
    texts, known = context.texts, registry.indicators(context.store)
    shares = [one for one in first(SHARE, municipal_shares(context.store)) if one != UNKNOWN_SHARE]
    year = {one: observations.years_held(context.store, one, LEVEL)[-1] for one in shares}
    own = {one: {"indicator_id": one, "area_code": place.municipality, "year": year[one]} for one in shares}
    whole = {one: {"indicator_id": one, "prefecture": place.prefecture, "year": year[one]} for one in shares}
    prefecture = context.area_name(place.prefecture)
    return Page(
        "compare",
        texts("frame.pages.compare"),
        (
            several("beside", beside, own, follows="indicator", level=1),
            several("peers", peers, own, follows="indicator", section=texts("compare.section.peers"), listed=True),
            several("prefectures", prefecture_tiles, whole, follows="indicator", section=texts("compare.section.tiles")),
            several(
                "municipalities", prefecture_municipalities, whole, follows="indicator",
                section=texts("site.municipalities.section", prefecture=prefecture), lead=texts("site.list_lead"), listed=True,
            ),
        ),
        (Control("indicator", texts("compare.control.indicator"), {one: context.word(known[one], "title") for one in shares}),),
    )  # fmt: skip


def single(identifier: str, build: Build, **more: Any) -> Block:
    """A block with one view, in the exhibit's default choices."""
    return Block(identifier, (View(ONLY, build),), **more)


def several(identifier: str, build: Build, choices: Mapping[str, Mapping[str, Any]], **more: Any) -> Block:
    """A block with a view for each choice."""
    return Block(identifier, tuple(View(choice, build, options) for choice, options in choices.items()), **more)


def first(wanted: str, those: Iterable[str]) -> list[str]:
    """Those in their order, the wanted one before the others."""
    return sorted(those, key=lambda one: one != wanted)
