"""The words and figures of cards as one table: what the PDF carries beside its pages, and what it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.district_card import Card, district_cards
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.recipe import Recipe, recipe_of
from atlas.texts import texts

BUILD = "district_card:district_cards"
IDS = ("code", "part", "label", "text")


def card_recipe(lang: str, **options: Any) -> str:
    """The recipe of a call of `district_cards` with these options."""
    return recipe_of(district_cards, options, lang).text()


def cards_of(context: Context, recipe: Recipe) -> Iterator[Card]:
    """The cards of such a recipe."""
    build: Callable[..., Iterator[Card]] = district_cards
    return build(context, **recipe.options)


def card_rows(card: Card) -> list[tuple[str, str, str, str]]:
    """District, part of the page, label and words of everything that stands on a card; a part's name is the same in every language."""
    rows = [("head", "name", card.name), ("head", "headline", card.headline), ("head", "lead", card.lead)]
    if card.sample:
        rows.append(("head", "sample", card.sample))
    for fact in card.facts:
        rows.append(("fact", fact.label, " / ".join(one for one in (fact.value, fact.difference, fact.rank) if one)))
    rows += [("share", one.label, f"{one.words} / {one.beside}") for one in card.comparisons]
    if card.index is not None:
        rows += [("index", part.label, f"{part.weight} / {part.correlation} / {part.contribution}") for part in card.index.parts]
        rows.append(("index", card.index.title, card.index.note))
    rows += [("place", place.kind, place.name) for place in card.places]
    rows += [("caution", "", one) for one in card.cautions] + [("source", "", one) for one in card.sources]
    return [(card.code, *row) for row in rows]


def cards_exhibit(rows: list[tuple[str, str, str, str]], lang: str, title: str, recipe: str, *, sample: bool) -> Exhibit:
    """The rows of several cards as an exhibit without a figure. title: the document's."""
    words = texts(lang)
    columns = tuple(Column(name, words(f"reproduce.card.{name}")) for name in IDS)
    return Exhibit("cards", title, "", "", (), Table(columns, pd.DataFrame(rows, columns=list(IDS), dtype="object"), title), recipe=recipe, is_sample=sample)


def title_of_cards(card: Card, total: int) -> str:
    """The title of the document with this card as its first: the district's name where it is the only one, else the city's."""
    return f"{texts(card.lang)('card.name')} {card.city if total > 1 else card.name}"
