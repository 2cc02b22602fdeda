"""The need map of one city: a view for each measure of its newest census, and what is said of every district."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import Any

from atlas.exhibits import district_layer, need_index
from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.district_layer import Layer
from atlas.exhibits.district_profile import NOT_BESIDE, Profile, district_profile
from atlas.exhibits.need_index import IndexChoice
from atlas.exhibits.need_map import INDEX, Asked, Drawn, layer_of, need_map
from atlas.figures.shapes import Ground
from atlas.site.exhibit_html import NUMBER
from atlas.site.figures import Shapes
from atlas.site.model import Block, Control, Page, Place, View

COLUMNS = {"facts": ("indicator", "value", "short_rank"), "parts": ("indicator", "weight", "correlation", "contribution")}
BASE_YEAR = 2020
"""Asked for where the city's districts have shapes but no figures."""


@dataclass(frozen=True)
class Districts:
    """The districts of the page: names by code in the order of the list, the one chosen at first with its profile, what a script makes the others of."""

    names: dict[str, str]
    first: str
    first_html: str
    profiles: dict[str, Any]


def need_map_page(context: Context, place: Place, shapes: Shapes) -> tuple[Page, Districts] | None:
    """The page and its districts; None where no city is held."""
    if place.city is None:
        return None
    store, texts = context.store, context.texts
    years = district_layer.held(store, place.city)
    ids = [one for one in years if one not in NOT_BESIDE] or district_layer.declared(store)[:1]
    newest = max((when[-1] for when in years.values()), default=BASE_YEAR)
    default = next((one for one in district_layer.DEFAULT if one in ids), ids[0])
    asked = {one: Asked((place.city,), one, years[one][-1] if one in years else newest, sample=place.sample) for one in ids}
    names = {one: context.word(context.indicator(one), "title") for one in ids}
    choice = _index(context, place.city, newest) if years else None
    if choice:
        asked[INDEX] = Asked((place.city,), INDEX, newest, index=choice, sample=place.sample)
        names[INDEX] = texts("need_map.index.title")
    asked = {default: asked.pop(default), **asked}
    ground = district_ground(store, place.city)
    chosen = first_district(layer_of(context, asked[default]))
    drawn = Drawn(chosen, addresses=(shapes.address(ground),))
    views = tuple(View(one, need_map, {"asked": question, "drawn": drawn}) for one, question in asked.items())
    block = Block("map", views, follows="indicator", level=1, listed=True, rows="code", is_map=True)
    control = Control("indicator", texts("need_map.control.indicator"), {one: names[one] for one in asked})
    of_index = asked.get(INDEX) or asked[default]
    found = {code: district_profile(context, asked=of_index, code=code) for code in _codes(ground)}
    districts = Districts({code: ground.names[code] for code in found}, chosen, "", _profiles(context, found, _ids(years, of_index.year)))
    districts = replace(districts, first_html=profile_html(districts.profiles, chosen))
    return Page("need_map", texts("frame.pages.need_map"), (block,), (control,)), districts


def first_district(layer: Layer) -> str:
    """The district the title names: the highest, or the first where none has a value."""
    shown = layer.shown
    return str(shown["value"].idxmax() if len(shown) else layer.rows.index[0])


def _index(context: Context, city: str, year: int) -> IndexChoice | None:
    offered = need_index.offered(context.store, (city,), year)
    return IndexChoice(tuple(need_index.preset_weights("equal", offered).items()), "percentile", "arithmetic") if offered else None


def _codes(ground: Ground) -> list[str]:
    return [code for code in ground.shapes if code != ground.rest]


def _ids(years: dict[str, tuple[int, ...]], year: int) -> list[str]:
    """The indicators of a profile in its order (`district_profile`)."""
    return [one for one, when in years.items() if year in when and one not in NOT_BESIDE]


def _profiles(context: Context, found: dict[str, Profile], ids: list[str]) -> dict[str, Any]:
    """What all profiles share once, and each one's own words: figures beside the city's with rank, parts of the index, notes."""
    texts, one = context.texts, next(iter(found.values()))
    heads = {part: [texts(f"need_map.column.{name}") for name in names] for part, names in COLUMNS.items()}
    captions = {"facts": one.lead, "parts": texts("need_map.profile.contributions")}
    return {
        "ids": ids,
        "labels": [fact.label for fact in one.facts],
        "heads": heads,
        "captions": captions,
        "index": texts("need_map.index.title"),
        "of": {
            code: {
                "name": own.name,
                "label": texts("need_map.profile.caption", name=own.name),
                "facts": [[fact.value, fact.difference, fact.rank] for fact in own.facts],
                "parts": [[part.label, part.weight, part.correlation, part.contribution, round(part.share * 100)] for part in own.parts],
                "parts_note": own.parts_note,
                "notes": own.notes,
            }
            for code, own in found.items()
        },
    }


def profile_html(shared: dict[str, Any], code: str) -> str:
    """A profile as HTML; `profileHtml` in assets/tables.js makes the same. The row of the measure on the map is marked in the browser."""
    own = shared["of"][code]
    facts = [
        f'<tr data-indicator="{identifier}"><th scope="row">{escape(label)}</th><td class="number">{escape(value)}'
        f'{f"<br><small>{escape(difference)}</small>" if difference else ""}</td><td class="number">{escape(rank)}</td></tr>'
        for identifier, label, (value, difference, rank) in zip(shared["ids"], shared["labels"], own["facts"], strict=True)
    ]
    parts = [
        f'<tr><th scope="row" class="part" style="--part:{share}%">{escape(label)}</th>'
        + "".join(f"<td{NUMBER}>{escape(one)}</td>" for one in values)
        + "</tr>"
        for label, *values, share in own["parts"]
    ]
    body = ""
    if facts:
        body += f'<div class="atlas-scroll" tabindex="0" role="region" aria-label="{escape(own["label"])}">{_table(shared, "facts", facts)}</div>'
    if own["parts_note"]:
        table = _table(shared, "parts", parts) if parts else ""
        note = f'<p class="atlas-sentence">{escape(own["parts_note"])}</p>'
        body += f'<details class="atlas-table" data-index><summary>{escape(shared["index"])}</summary>{note}{table}</details>'
    body += "".join(f'<p class="atlas-source">{escape(line)}</p>' for line in own["notes"])
    return f"<h2>{escape(own['name'])}</h2>{body}"


def _table(shared: dict[str, Any], part: str, lines: list[str]) -> str:
    first, *others = (escape(one) for one in shared["heads"][part])
    heads = f'<th scope="col">{first}</th>' + "".join(f'<th scope="col" class="number">{one}</th>' for one in others)
    caption = escape(shared["captions"][part])
    return f'<table class="atlas"><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
