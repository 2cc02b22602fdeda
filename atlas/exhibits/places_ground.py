"""What places and reach are counted on: the small areas of a city as points, its places, and who is within reach of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from atlas.analysis.arrays import FloatArray
from atlas.analysis.errors import AnalysisError
from atlas.analysis.plane import plane_crs, to_plane
from atlas.analysis.reach import BoolArray, Reach, reach
from atlas.exhibits.target_order import TargetsAsked, order_of
from atlas.store import geography
from atlas.store import places as held_places
from atlas.store.database import Store
from catalog.status import OBSERVED

DEGREES = 6668
SERVING = ("ibasho", "kayoi_no_ba", "consultation")
"""Kinds that are there for people: what is asked about where nothing else is."""
STAND_INS = ("public_facility", "community_centre")
"""Taken, and named as such, where none of those is held."""
KINDS = (
    *SERVING, "childrens_cafeteria", "member_organisation", "community_centre", "public_facility", "elementary_school", "junior_high_school", "school",
    "other_place",
)  # fmt: skip
PEOPLE = ("one_person_households", "older_one_person_households", "population_65_over")
RADII = (500, 800, *(metres for metres in range(300, 3001, 100) if metres not in (500, 800)))
"""Metres on foot: the two usual ones first."""
USUAL_RADIUS = 800


@dataclass(frozen=True)
class PlacesAsked:
    """Which places, for whom, how far. targets: city, census, and the index that says which districts are the neediest."""

    targets: TargetsAsked
    kinds: tuple[str, ...]
    people: str = PEOPLE[0]
    radius: int = USUAL_RADIUS

    @property
    def city(self) -> str:
        """The city's code."""
        return self.targets.city


@dataclass(frozen=True)
class Demand:
    """Small areas as points. rows: area_code, name_ja, longitude, latitude, value, status, area_km2, district_code; points in metres of the plane `epsg`.

    elsewhere: people of the city that no point stands for (the sum of all small areas less that of the points), NaN where not known.
    """

    rows: pd.DataFrame
    points: FloatArray
    epsg: int
    elsewhere: float

    @property
    def weights(self) -> FloatArray:
        """People at each point, NaN where not published."""
        return self.rows["value"].to_numpy(float)


@dataclass(frozen=True)
class Reached:
    """The answer: who is within reach, at which points, of which places. needy: the districts whose people are told apart, neediest first."""

    demand: Demand
    places: pd.DataFrame
    found: Reach
    needy: tuple[str, ...]


@lru_cache(maxsize=32)
def kinds_held(store: Store, city: str) -> dict[str, int]:
    """Kinds of places on the city's map and how many of each, those that serve people first."""
    counts = held_places.places(store, city)["kind"].value_counts()
    order = [*KINDS, *sorted(set(counts.index) - set(KINDS))]
    return {kind: int(counts[kind]) for kind in order if kind in counts.index}


def usual_kinds(store: Store, city: str) -> tuple[str, ...]:
    """The kinds that serve people, else public facilities, else whatever is held."""
    held = kinds_held(store, city)
    for wanted in (SERVING, STAND_INS, KINDS):
        found = tuple(kind for kind in wanted if kind in held)
        if found:
            return found
    return tuple(held)


def stands_in(store: Store, city: str) -> bool:
    """Is there no place that is there for people, so that others have to stand in?"""
    return not set(SERVING) & set(kinds_held(store, city))


@lru_cache(maxsize=32)
def people_held(store: Store, city: str, year: int) -> tuple[str, ...]:
    """The counts of people that the city's small areas hold in this census."""
    return tuple(one for one in PEOPLE if demand_of(store, city, one, year) is not None)


@lru_cache(maxsize=32)
def demand_of(store: Store, city: str, people: str, year: int) -> Demand | None:
    """The points of demand; None where no small area holds a figure."""
    rows = held_places.demand_points(store, city, people, year)
    if rows.empty or rows["value"].notna().sum() == 0:
        return None
    rows["value"] = rows["value"].astype(float).where(rows["status"] == OBSERVED)
    epsg = plane_crs((rows["longitude"].min(), rows["latitude"].min(), rows["longitude"].max(), rows["latitude"].max()))
    totals = geography.city_totals(store, city)
    own = totals[(totals["year"] == year) & (totals["indicator_id"] == people)]["total"]
    elsewhere = max(float(own.iloc[0]) - float(rows["value"].sum()), 0.0) if len(own) else float("nan")
    return Demand(rows, in_metres(rows, epsg), epsg, elsewhere)


def in_metres(rows: pd.DataFrame, epsg: int) -> FloatArray:
    """Longitude and latitude as (n, 2) metres of a plane."""
    if rows.empty:
        return np.empty((0, 2))
    return np.asarray(shapely.get_coordinates(to_plane(shapely.points(rows["longitude"], rows["latitude"]), DEGREES, epsg)), dtype=float)


def places_of(store: Store, city: str, kinds: Sequence[str]) -> pd.DataFrame:
    """The places of these kinds that are on the map."""
    rows = held_places.places(store, city)
    return rows[rows["kind"].isin(kinds)].reset_index(drop=True)


def needy_districts(store: Store, asked: TargetsAsked) -> tuple[str, ...]:
    """The districts on the list by the index chosen; none where there is no index."""
    order = order_of(store, asked)
    return tuple(order.listed) if order is not None else ()


def in_districts(rows: pd.DataFrame, codes: Sequence[str]) -> BoolArray:
    """Which points lie in one of these districts."""
    return np.asarray(rows["district_code"].isin(list(codes)).to_numpy(dtype=bool))


@lru_cache(maxsize=64)
def reached(store: Store, asked: PlacesAsked) -> Reached | None:
    """Who is within reach; None where there is no small area with a figure, or no place of these kinds."""
    demand, places = demand_of(store, asked.city, asked.people, asked.targets.year), places_of(store, asked.city, asked.kinds)
    if demand is None or places.empty:
        return None
    needy = needy_districts(store, asked.targets)
    groups = demand.rows["district_code"].astype(object).where(demand.rows["district_code"].notna(), None)
    try:
        found = reach(
            demand.points, demand.weights, in_metres(places, demand.epsg), asked.radius, area_km2=demand.rows["area_km2"].to_numpy(float),
            groups=groups.to_numpy(), neediest=in_districts(demand.rows, needy) if needy else None,
        )  # fmt: skip
    except AnalysisError:
        return None
    return Reached(demand, places, found, needy)


@lru_cache(maxsize=16)
def district_names(store: Store, city: str) -> dict[str, str]:
    """The city's districts by code, with their schools' names."""
    shapes = geography.shapes(store, city, "school_district")
    return dict(zip(shapes["area_code"].astype(str), shapes["name_ja"].astype(str), strict=True))


@lru_cache(maxsize=16)
def supporters_by_district(store: Store, city: str) -> pd.DataFrame:
    """One row a district: people, latest (training year, NaN where not said). Rows that match no district stand under the index ''."""
    rows = held_places.supporters(store, city)
    rows["code"] = rows["district_code"].astype(object).where(rows["district_code"].notna(), "").astype(str)
    return rows.groupby("code").agg(people=("people", "sum"), latest=("training_year", "max")).astype(float)
