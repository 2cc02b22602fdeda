"""A city of five small areas on a line, a kilometre apart, for answers that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.analysis.plane import from_plane
from atlas.exhibits import next_sites, places_ground, supporters_allocation
from atlas.exhibits.need_index import IndexChoice
from atlas.exhibits.places_ground import PlacesAsked
from atlas.exhibits.target_order import TargetsAsked

CITY, EPSG = "29999", 6674
D1, D2 = f"{CITY}-1", f"{CITY}-2"
# metres east, households (None: suppressed), km2, district
AREAS = ((0, 100.0, 1.0, D1), (1000, 50.0, 1.0, D1), (2000, 30.0, 2.0, D2), (3000, None, 0.5, D2), (4000, 20.0, 1.0, None))


class TinyStore:
    """Stands for an open database; every test has its own, so that nothing kept for one is taken for another."""


def degrees(east: list[float]) -> tuple[np.ndarray, np.ndarray]:
    points = from_plane(shapely.points(np.array(east, dtype=float), np.full(len(east), -145_000.0)), EPSG)
    return shapely.get_x(points), shapely.get_y(points)


def place_rows(places: list[tuple[str, str, float]]) -> pd.DataFrame:
    """name, kind, metres east."""
    longitude, latitude = degrees([east for _, _, east in places])
    return pd.DataFrame(
        {
            "place_id": [name for name, _, _ in places], "kind": [kind for _, kind, _ in places], "kind_ja": None, "name_ja": [name for name, _, _ in places],
            "district_code": None, "district_ja": None, "longitude": longitude, "latitude": latitude, "source_id": "own",
        }
    )  # fmt: skip


def city_of(monkeypatch: pytest.MonkeyPatch, places: list[tuple[str, str, float]], needy: tuple[str, ...] = (D2,)) -> Any:
    """The city with these places, as a store."""
    longitude, latitude = degrees([east for east, *_ in AREAS])
    demand = pd.DataFrame(
        {
            "area_code": [str(number) for number in range(len(AREAS))], "name_ja": [f"area {number}" for number in range(len(AREAS))],
            "longitude": longitude, "latitude": latitude, "value": [np.nan if value is None else value for _, value, _, _ in AREAS],
            "status": ["suppressed" if value is None else "observed" for _, value, _, _ in AREAS], "area_km2": [size for _, _, size, _ in AREAS],
            "district_code": [code for *_, code in AREAS],
        }
    )  # fmt: skip
    totals = pd.DataFrame({"year": [2020], "indicator_id": ["one_person_households"], "total": [207.0]})
    people = pd.DataFrame({"district_code": [D1, D1, None], "people": [3, 2, 4], "training_year": [2023, 2024, 2025]})
    monkeypatch.setattr(places_ground.held_places, "places", lambda store, city: place_rows(places))
    monkeypatch.setattr(places_ground.held_places, "demand_points", lambda store, city, indicator, year: demand.copy())
    monkeypatch.setattr(places_ground.held_places, "supporters", lambda store, city: people.copy())
    monkeypatch.setattr(places_ground.geography, "city_totals", lambda store, city: totals)
    for module in (places_ground, next_sites):
        monkeypatch.setattr(module, "needy_districts", lambda store, asked: needy)
    monkeypatch.setattr(supporters_allocation, "district_names", lambda store, city: {D1: "一小学校", D2: "二小学校"})
    monkeypatch.setattr(supporters_allocation, "base_rows", lambda store, city, people, year: pd.DataFrame({"value": {D1: 150.0, D2: 30.0}}))
    return TinyStore()


def asked(radius: int = 800) -> PlacesAsked:
    return PlacesAsked(TargetsAsked(CITY, 2020, IndexChoice((), "percentile", "arithmetic")), ("ibasho",), "one_person_households", radius)
