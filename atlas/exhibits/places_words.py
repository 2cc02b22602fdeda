"""Places and reach in words: kinds, people, numbers with their unit, the lines that every view of them ends with."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_map import Asked, layer_of
from atlas.exhibits.places_ground import PlacesAsked, Reached, demand_of, district_names, kinds_held, stands_in, usual_kinds
from atlas.figures import numbers
from atlas.store import places as held_places

NAMED_KINDS = 3
"""More kinds than this are told by their number."""


def kind_word(context: Context, kind: str) -> str:
    """A kind of place in words; a kind this version does not know as it is written."""
    key = f"places.kind.{kind}"
    return context.texts(key) if context.texts.has(key) else kind


def kinds_phrase(context: Context, kinds: Sequence[str]) -> str:
    """The kinds in one phrase, as they stand in a title."""
    texts = context.texts
    if not kinds:
        return texts("places.kinds_none")
    if len(kinds) > NAMED_KINDS:
        return texts("places.kinds_counted", count=len(kinds))
    names = [texts(f"places.kind_in_title.{kind}") if texts.has(f"places.kind_in_title.{kind}") else kind for kind in kinds]
    return texts("places.kinds_joint").join(names)


def people_word(context: Context, people: str) -> str:
    """Whom it is about, as in a title."""
    return context.texts(f"places.people.{people}")


def amount(context: Context, people: str, value: float) -> str:
    """A number of them with its unit."""
    return context.texts(f"places.amount.{'people' if people == 'population_65_over' else 'households'}", count=numbers.count(value))


def name_of(context: Context, asked: PlacesAsked, code: str | None) -> str:
    """A district by its school; what lies in none under its own word."""
    known = district_names(context.store, asked.city)
    return words_of.district_name(context, known[code]) if code in known else context.texts("places.outside_districts")


def named(context: Context, asked: PlacesAsked, codes: Sequence[str], most: int = 6) -> str:
    """Districts by name, the first `most` of them."""
    text = context.texts("frame.list_separator").join(name_of(context, asked, code) for code in codes[:most])
    return text if len(codes) <= most else context.texts("targets.and_more", names=text, count=len(codes) - most)


def subtitle(context: Context, asked: PlacesAsked, key: str, **values: object) -> str:
    """What is shown, first of all that it is the sample."""
    place = words_of.city_name(context, asked.city)
    text = context.texts(key, place=place, year=numbers.year(asked.targets.year, context.lang), radius=numbers.count(asked.radius), **values)
    return f"{context.texts('need_map.sample_mark')}{text}" if asked.targets.sample else text


def sources(context: Context, asked: PlacesAsked, places: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    """Sources of the people, of the districts' shapes, and of the places."""
    as_map = Asked((asked.city,), asked.people, asked.targets.year, sample=asked.targets.sample)
    first = words_of.sources(context, as_map, layer_of(context, as_map))
    further = context.source_lines([frame[["source_id"]] for frame in places if len(frame)])
    return (*first, *(line for line in further if line not in first))


def settings(context: Context, asked: PlacesAsked) -> dict[str, str]:
    """The choices, for exports."""
    return {
        "city": asked.city, "year": str(asked.targets.year), "kinds": " ".join(asked.kinds), "people": asked.people, "radius_m": str(asked.radius),
        "detour": "1.3", "index": " ".join(f"{one}={weight:g}" for one, weight in asked.targets.index.used.items()),
        **({"sample": context.texts("frame.sample")} if asked.targets.sample else {}),
    }  # fmt: skip


def sample_caution(context: Context, asked: PlacesAsked) -> list[str]:
    """That it is the sample, where it is."""
    return [context.texts("places.sample_caution")] if asked.targets.sample else []


def counted_apart(context: Context, asked: PlacesAsked, answer: Reached) -> list[str]:
    """What the points do not hold: suppressed and merged areas, areas wider than the circle, ground outside the districts, places without a position."""
    texts, rows, found = context.texts, answer.demand.rows, answer.found
    parts = []
    if found.total.missing:
        parts.append(texts("places.told_missing", count=found.total.missing))
    if answer.demand.elsewhere >= 0.5:
        parts.append(texts("places.told_elsewhere", people=amount(context, asked.people, answer.demand.elsewhere)))
    if found.coarse.any():
        inside = float(rows["value"][found.coarse].sum())
        parts.append(texts("places.told_coarse", count=int(found.coarse.sum()), people=amount(context, asked.people, inside)))
    outside = found.by_group.get(None)
    if outside is not None:
        parts.append(texts("places.told_areas_outside", count=outside.points, people=amount(context, asked.people, outside.total)))
    away = int(answer.places["district_code"].isna().sum())
    if away:
        parts.append(texts("places.told_places_outside", count=away))
    parts += unplaced(context, asked)
    return parts


def unplaced(context: Context, asked: PlacesAsked) -> list[str]:
    """How many places of these kinds are on no map."""
    rows = held_places.without_position(context.store, asked.city)
    count = int(rows["kind"].isin(asked.kinds).sum())
    return [context.texts("places.told_unplaced", count=count)] if count else []


def stand_in_note(context: Context, asked: PlacesAsked) -> list[str]:
    """That public facilities stand in for places that are there for people, and what to import."""
    store = context.store
    if not stands_in(store, asked.city) or set(asked.kinds) != set(usual_kinds(store, asked.city)):
        return []
    return [context.texts("places.told_stand_in", kinds=kinds_phrase(context, asked.kinds))]


def no_answer(context: Context, asked: PlacesAsked, identifier: str, otherwise: str = "") -> Exhibit:
    """An exhibit in words alone: what is missing and what to import. otherwise: the words where it is neither the people nor the places."""
    texts, store = context.texts, context.store
    held = demand_of(store, asked.city, asked.people, asked.targets.year) is not None
    key = "places.none_people" if not held else otherwise or ("places.none_kinds" if kinds_held(store, asked.city) else "places.none_places")
    place = words_of.city_name(context, asked.city)
    return Exhibit(
        id=identifier, title=texts("places.title_none", place=place), subtitle="", sentence=texts(key), sources=(),
        table=Table((Column("place", texts("need_map.column.place")),), pd.DataFrame({"place": []}), texts("places.title_none", place=place)),
        is_sample=asked.targets.sample, settings=settings(context, asked),
    )  # fmt: skip
