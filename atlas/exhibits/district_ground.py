"""A city's school districts and small areas as shapes for the screen, made once a database."""

from __future__ import annotations

from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.figures.shapes import Ground, ground
from atlas.store import geography
from atlas.store.database import Store


@lru_cache(maxsize=64)
def district_ground(store: Store, city: str) -> Ground:
    """The districts, and the city's ground outside any of them (as far as its small areas tell)."""
    frame = geography.shapes(store, city, "school_district")
    small = geography.shapes(store, city, "small_area")
    whole = None
    if len(small):
        whole = shapely.union_all(_read(small[small["year"] == small["year"].max()]["geometry"]), grid_size=1e-7)
    names = dict(zip(frame["area_code"], frame["name_ja"], strict=True))
    return ground(dict(zip(frame["area_code"], _read(frame["geometry"]), strict=True)), whole=whole, rest_code=f"{city}-rest", names=names)


@lru_cache(maxsize=16)
def small_area_ground(store: Store, city: str, year: int) -> Ground | None:
    """The small areas of a census, None where they are not held."""
    frame = geography.shapes(store, city, "small_area", year)
    if frame.empty:
        return None
    names = dict(zip(frame["area_code"], frame["name_ja"], strict=True))
    return ground(dict(zip(frame["area_code"], _read(frame["geometry"]), strict=True)), names=names)


def _read(blobs: list[bytes]) -> list[BaseGeometry]:
    return [shape if shape.is_valid else shapely.make_valid(shape) for shape in shapely.from_wkb([bytes(blob) for blob in blobs])]
