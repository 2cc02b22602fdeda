"""The card of a school district (校区カルテ): everything that stands on its page, in words and numbers, before it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from atlas.analysis.errors import AnalysisError
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.card_ground import CityGround, city_ground, in_metres
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import DEFAULT, Layer, census_years, declared, held
from atlas.exhibits.district_profile import NOT_BESIDE, Fact, Part, Profile, district_profile
from atlas.exhibits.need_classes import order_of
from atlas.exhibits.need_index import IndexChoice
from atlas.exhibits.need_map import INDEX, PLACES, SCHOOLS, Asked, layer_of
from atlas.figures import numbers
from atlas.store import geography
from catalog.status import NOT_LOADED

MAIN_SHARES = (
    "one_person_household_share", "older_living_alone_share_of_older", "population_65_over_share", "population_75_over_share",
    "single_mother_or_father_share", "one_parent_household_share", "living_alone_share_of_population", "older_one_person_share_of_households",
)  # fmt: skip
"""Shares compared as bars, the first six that are held."""
BARS = 6
KINDS = (*SCHOOLS, "junior_high_school", *PLACES)
"""Places in the order of the list; kinds that are not here come last."""
NO_YEAR = 0


@dataclass(frozen=True)
class Comparison:
    """One share (0-1) of the district beside the city and the lowest and highest district; None where it is not shown, and the words say why."""

    label: str
    words: str
    beside: str
    value: float | None
    city: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CardPlace:
    """A school or place. x east, y north in metres of the ground's plane system; is_school: elementary and junior high schools."""

    name: str
    kind: str
    is_school: bool
    x: float
    y: float


@dataclass(frozen=True)
class IndexPart:
    """What the index is made of in this district; `note` says the score and rank, or why there is none."""

    title: str
    parts: tuple[Part, ...]
    note: str


@dataclass(frozen=True)
class Card:
    """One district's page. year: of the census, None where no figures are held; sample: the words of the mark, empty for a real city."""

    lang: str
    city: str
    code: str
    name: str
    year: int | None
    headline: str
    lead: str
    facts: tuple[Fact, ...]
    comparisons: tuple[Comparison, ...]
    index: IndexPart | None
    places: tuple[CardPlace, ...]
    elsewhere: tuple[CardPlace, ...]
    cautions: tuple[str, ...]
    sources: tuple[str, ...]
    sample: str
    data_version: str
    ground: CityGround | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class _City:
    """What all cards of a city share."""

    code: str
    name: str
    asked: Asked
    layer: Layer
    shares: tuple[Layer, ...]
    ground: CityGround | None
    places: tuple[tuple[CardPlace, str | None], ...]
    cautions: tuple[str, ...]
    sources: tuple[str, ...]


def district_card(context: Context, *, code: str, year: int | None = None, indicator: str | None = None, index: IndexChoice | None = None) -> Card:
    """The card of one district, see `district_cards`."""
    return next(district_cards(context, city=code.split("-")[0], codes=(code,), year=year, indicator=indicator, index=index))


def district_cards(
    context: Context,
    *,
    city: str,
    codes: Sequence[str] | None = None,
    year: int | None = None,
    indicator: str | None = None,
    index: IndexChoice | None = None,
) -> Iterator[Card]:
    """The cards of a city's districts one after the other, in the order of `codes` (all where None).

    year: a census held for the city, the latest where None. indicator: the one of the headline, else the first of the main ones that is held;
    index: the headline is about the index. Raises AnalysisError (at once, not at the first card) for a city, district or year that is not held.
    """
    known = district_codes(context, city)
    if not known:
        raise AnalysisError(f"No school districts are held for municipality {city}; import them first.")
    wanted = tuple(codes) if codes is not None else known
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise AnalysisError(f"District {unknown[0]} is not one of the {len(known)} districts of {city}; name one of them.")
    found = _city(context, city, _year(context, city, year), indicator, index)
    return (_card(context, found, code) for code in wanted)


def district_codes(context: Context, city: str) -> tuple[str, ...]:
    """The codes of a city's districts in their order; none for a city that has no districts."""
    return tuple(geography.shapes(context.store, city, "school_district")["area_code"].astype(str))


def years_held(context: Context, city: str) -> tuple[int, ...]:
    """The censuses of which there are figures for the city's districts."""
    return tuple(sorted({year for years in held(context.store, city).values() for year in years}))


def _year(context: Context, city: str, year: int | None) -> int:
    years = years_held(context, city)
    if year is not None and year not in years:
        raise AnalysisError(f"{city} has no figures of {year}; held are {', '.join(map(str, years)) or 'none'}.")
    return year if year is not None else census_years(held(context.store, city))[-1] if years else NO_YEAR


def _city(context: Context, city: str, year: int, indicator: str | None, index: IndexChoice | None) -> _City:
    store = context.store
    there = {one for one, years in held(store, city).items() if year in years}
    about = INDEX if index is not None else indicator or next((one for one in DEFAULT if one in there), DEFAULT[0])
    rows = geography.cities(store).set_index("area_code")
    asked = Asked((city,), about, year, index=index, sample=city in rows.index and bool(rows.at[city, "is_sample"]))
    layer = layer_of(context, asked)
    shares = [one for one in MAIN_SHARES if one in there] or (MAIN_SHARES if not there else ())
    every = [layer, *(layer_of(context, Asked((city,), one, year)) for one in held(store, city) if one in there and one not in NOT_BESIDE)]
    places, ground = geography.places(store, city), city_ground(store, city)
    lines = [line for one in every for line in words_of.sources(context, asked, one)] + list(context.source_lines([places[["source_id"]]]))
    missing = [context.word(context.indicator(one), "short") for one in declared(store) if one not in there and one not in NOT_BESIDE]
    # The sample is marked at the head of the card, not among the cautions.
    cautions = list(words_of.cautions(context, replace(asked, sample=False), layer)) if there else []
    if there and missing:
        cautions.append(context.texts("card.caution.not_held", names=context.texts("frame.list_separator").join(missing)))
    return _City(
        city,
        words_of.city_name(context, city),
        asked,
        layer,
        tuple(layer_of(context, Asked((city,), one, year)) for one in shares[:BARS]),
        ground,
        _places(context, places, ground),
        tuple(cautions),
        tuple(dict.fromkeys(lines)),
    )


def _card(context: Context, city: _City, code: str) -> Card:
    texts, held_at_all = context.texts, city.asked.year != NO_YEAR
    profile = district_profile(context, asked=city.asked, code=code)
    comparisons = tuple(_comparison(context, layer, city.code, code) for layer in city.shares)
    missing = any(one.value is None for one in comparisons) or any(not any(sign.isdigit() for sign in fact.value) for fact in profile.facts)
    own = tuple(place for place, district in city.places if district == code)
    counted = texts("need_map.profile.places", count=len(own))
    cautions = [*(note for note in profile.notes if note != counted), *city.cautions]  # the places are listed, not counted
    if held_at_all:
        cautions.append(texts("card.caution.rank"))
    if missing:
        cautions.append(texts("card.caution.missing"))
    return Card(
        context.lang,
        city.name,
        code,
        profile.name,
        city.asked.year if held_at_all else None,
        _headline(context, city, code),
        profile.lead if held_at_all else texts("need_map.no_figures"),
        profile.facts if held_at_all else _not_held(context),
        comparisons,
        _index(context, profile) if city.asked.indicator == INDEX else None,
        own,
        tuple(place for place, district in city.places if district != code),
        tuple(cautions),
        city.sources,
        f"{texts('frame.sample')}{texts('card.mark_separator')}{texts('frame.sample_long')}" if city.asked.sample else "",
        context.store.version,
        city.ground,
    )


def _not_held(context: Context) -> tuple[Fact, ...]:
    return tuple(Fact(context.word(context.indicator(one), "short"), context.status_word(NOT_LOADED), "", "") for one in DEFAULT)


def _headline(context: Context, city: _City, code: str) -> str:
    texts, layer = context.texts, city.layer
    row = layer.rows.loc[code]
    value = words_of.value_words(context, layer, row["value"], str(row["state"]))
    if numbers.is_missing(row["value"]):
        return texts("card.headline_missing", measure=layer.measure.short, state=value)
    rank = texts(f"need_map.tip_rank{order_of(layer.measure)}", rank=numbers.count(row["rank"]), held=len(layer.shown))
    whole, difference = layer.whole.get(city.code, float("nan")), row.get("difference", float("nan"))
    if numbers.is_missing(whole) or numbers.is_missing(difference):
        return texts("card.headline_alone", measure=layer.measure.short, value=value, rank=rank)
    return texts(
        "card.headline", measure=layer.measure.short, value=value, whole=layer.measure.words(whole), rank=rank,
        difference=words_of.difference_words(context, layer, difference),
    )  # fmt: skip


def _comparison(context: Context, layer: Layer, city: str, code: str) -> Comparison:
    row, shown, measure = layer.rows.loc[code], layer.shown["value"], layer.measure
    whole = layer.whole.get(city, float("nan"))
    city_words = context.status_word(NOT_LOADED) if numbers.is_missing(whole) else measure.words(whole)
    low, high = (None, None) if shown.empty else (float(shown.min()), float(shown.max()))
    beside = (
        context.texts("card.bars.words_alone", city=city_words)
        if low is None or high is None
        else context.texts("card.bars.words", city=city_words, low=measure.words(low), high=measure.words(high))
    )
    return Comparison(
        measure.short, words_of.value_words(context, layer, row["value"], str(row["state"])), beside, _or_none(row["value"]), _or_none(whole), low, high
    )


def _or_none(value: float) -> float | None:
    return None if numbers.is_missing(value) else float(value)


def _index(context: Context, profile: Profile) -> IndexPart:
    return IndexPart(context.texts("need_map.index.title"), profile.parts, profile.parts_note)


def _places(context: Context, frame: pd.DataFrame, ground: CityGround | None) -> tuple[tuple[CardPlace, str | None], ...]:
    """Every place of the city with the code of its district, in the order of `KINDS`, then by name."""
    if ground is None or frame.empty:
        return ()
    order = {kind: position for position, kind in enumerate(KINDS)}
    frame = frame.assign(order=frame["kind"].map(order).fillna(len(order))).sort_values(["order", "name_ja"], kind="stable")
    found = []
    for row, (x, y) in zip(frame.itertuples(index=False), in_metres(frame, ground.epsg), strict=True):
        key = f"need_map.kind.{row.kind}" if row.kind in (*SCHOOLS, *PLACES) else f"card.kind.{row.kind}"
        kind = context.texts(key if context.texts.has(key) else "card.kind.other")
        place = CardPlace(str(row.name_ja), kind, str(row.kind).endswith("_school"), x, y)
        found.append((place, None if numbers.is_missing(row.district_code) else str(row.district_code)))
    return tuple(found)
