"""Who serves a district already: places that receive people, their seats, supporters, from the city's own tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from atlas.store import places as stored
from atlas.store.database import Store

RECEIVING = ("ibasho", "kayoi_no_ba", "consultation", "childrens_cafeteria")
"""Kinds of places where people meet or are heard; schools and other public facilities are not counted."""


@dataclass(frozen=True)
class Help:
    """Places, seats (定員; NaN where none is written), supporters of one district."""

    places: int = 0
    seats: float = float("nan")
    supporters: float = 0.0


@lru_cache(maxsize=16)
def help_by_district(store: Store, city: str) -> dict[str, Help] | None:
    """District code -> who is there; None where neither places nor supporters of the city are held."""
    places = stored.places(store, city)
    own = places[places["kind"].isin(RECEIVING)]
    people = stored.supporters(store, city)
    if own.empty and people.empty:
        return None
    codes = {*own["district_code"].dropna(), *people["district_code"].dropna()}
    found = {}
    for code in codes:
        here = own[own["district_code"] == code]
        seats = pd.to_numeric(here["capacity"], errors="coerce").dropna()
        supporters = float(pd.to_numeric(people.loc[people["district_code"] == code, "people"], errors="coerce").sum())
        found[str(code)] = Help(len(here), float(seats.sum()) if len(seats) else float("nan"), supporters)
    return found
