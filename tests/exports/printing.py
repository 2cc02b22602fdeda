"""What the tests of print share: every exhibit of every page, and all words that are put on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from atlas.exhibits import (
    catalogue,
    compare,
    contact,
    family_types,
    isolation,
    living_alone,
    loneliness,
    next_places,
    older,
    overtaken,
    overview,
    target_contact,
    target_contributions,
    target_funnel,
    target_map,
    target_matters,
    target_order,
    target_peers,
    target_spots,
    trends,
)
from atlas.exhibits import funnel as funnels
from atlas.exhibits import modelled_contact as modelled
from atlas.exhibits import need_map as maps
from atlas.exhibits import participation as taking_part
from atlas.exhibits import peers as similar
from atlas.exhibits import places_lists as lists
from atlas.exhibits import places_reach as reach
from atlas.exhibits import prefecture_tiles as tiles
from atlas.exhibits import shortlist as chosen_list
from atlas.exhibits import supporters_allocation as allocation
from atlas.exhibits.all_municipalities import all_municipalities
from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.next_sites import NextAsked, candidates_held, usual_candidates
from atlas.exhibits.places_ground import USUAL_RADIUS, PlacesAsked, people_held, usual_kinds
from atlas.exhibits.recipe import recipe_of
from atlas.exports.card_sheet import Sheet
from atlas.exports.print_paint import Press

CITY, YEAR, SHARE = "99201", 2020, "one_person_household_share"
Build = tuple[Callable[..., Exhibit], dict[str, Any]]


def national() -> list[Build]:
    """The exhibits of 概要, 推移, つながり, 地域くらべ, データと出典."""
    place = {"indicator_id": SHARE, "area_code": "31201", "year": YEAR}
    return [
        (overview.finding, {}),
        (trends.trend, {"indicator_id": SHARE, "area_codes": ("00000", "31000", "31201", "13000"), "base_year": None}),
        (overtaken.overtaken, {}), (living_alone.living_alone_by_age, {}), (older.older_definitions, {}),
        *((family_types.family_types, {"base": base}) for base in family_types.BASES),
        (contact.contact_waves, {}), (contact.contact_groups, {"group": "age"}),
        (isolation.isolation_groups, {}), (isolation.isolation_groups, {"group": "sex_age"}), (isolation.isolation_distribution, {}),
        (loneliness.loneliness_waves, {}), (loneliness.loneliness_groups, {}), (loneliness.loneliness_abroad, {}),
        (taking_part.participation, {}), (taking_part.support, {}),
        (compare.beside, place), (similar.peers, place), (funnels.funnel, place), (modelled.modelled_contact, {"area_code": "31201", "year": YEAR}),
        (tiles.prefecture_tiles, {"indicator_id": SHARE, "prefecture": "31000", "year": YEAR}),
        (all_municipalities, {"indicator_id": SHARE, "year": YEAR}), (catalogue.catalogue, {}),
    ]  # fmt: skip


def local(context: Context) -> list[Build]:
    """The exhibits of 必要度マップ and 重点地区 with all its views, of the sample city."""
    store = context.store
    index = IndexChoice(tuple(preset_weights("equal", offered(store, (CITY,), YEAR)).items()), "percentile", "arithmetic")
    asked = target_order.TargetsAsked(CITY, YEAR, index, None, True)
    places = PlacesAsked(asked, usual_kinds(store, CITY), people_held(store, CITY, YEAR)[0], USUAL_RADIUS)
    new = NextAsked(places, 3, usual_candidates(candidates_held(store, CITY)), False, False)
    order = target_order.order_of(store, asked)
    assert order is not None
    one: dict[str, Any] = {"asked": asked}
    chosen = one | {"chosen": None}
    return [
        (maps.need_map, {"asked": maps.Asked((CITY,), SHARE, YEAR, 2015, None, True), "drawn": maps.Drawn()}),
        (maps.need_map, {"asked": maps.Asked((CITY,), SHARE, YEAR, None, None, True), "drawn": maps.Drawn(None, False, True, True)}),
        (target_order.target_order, one), (target_map.target_map, one), (target_matters.target_matters, one),
        (target_contributions.target_contributions, chosen), (target_spots.target_spots, chosen | {"share": SHARE}),
        (target_funnel.target_funnel, chosen | {"share": SHARE}), (target_contact.target_contact, chosen | {"measure": next(iter(modelled.MEASURES))}),
        (target_peers.target_peers, one | {"district": order.listed[0]}),
        (reach.places_reach, {"asked": places}), (lists.places_list, {"asked": places}), (lists.supporters_list, {"asked": places}),
        (next_places.next_places, {"asked": new}), (next_places.next_districts, {"asked": new}), (next_places.next_curve, {"asked": new}),
        (chosen_list.shortlist, one | {"picked": chosen_list.Picked(tuple(order.listed[:5]), ((order.listed[0], "2026-11"),), 8)}),
        (allocation.supporters_allocation, {"asked": places, "count": 3, "by_index": False}),
    ]  # fmt: skip


def made(context: Context, build: Callable[..., Exhibit], options: dict[str, Any]) -> Exhibit:
    """An exhibit with its recipe, as a page has it."""
    return replace(build(context, **options), recipe=recipe_of(build, options, context.lang).text())


@dataclass(frozen=True)
class Placed:
    """Words on paper: page, left, baseline and right in millimetres, size in points; turned: they are not level."""

    page: int
    left: float
    base: float
    right: float
    size: float
    text: str
    turned: bool


@contextmanager
def noting(patch: pytest.MonkeyPatch) -> Iterator[list[Placed]]:
    """Inside, every text that is put on paper is noted."""
    found: list[Placed] = []
    put, turn = Sheet.text, Press.rotation
    turned = [False]

    def noted(sheet: Sheet, x: float, y: float, text: str = "") -> None:
        found.append(Placed(sheet.page, x, y, x + sheet.get_string_width(text), sheet.font_size_pt, text, turned[0]))
        put(sheet, x, y, text)

    @contextmanager
    def turning(sheet: Press, *arguments: Any, **named: Any) -> Iterator[None]:
        turned[0] = True
        with turn(sheet, *arguments, **named):
            yield
        turned[0] = False

    with patch.context() as patched:
        patched.setattr(Sheet, "text", noted)
        patched.setattr(Press, "rotation", turning)
        yield found


def plain(text: str) -> str:
    """Text without spaces: line ends on paper are none."""
    return re.sub(r"\s", "", text)


def said(placed: list[Placed]) -> str:
    """All words in the order they were put on paper."""
    return "".join(plain(one.text) for one in placed)
