"""A city's school districts and places on paper: metres of the plane system, simplified once a city for all its cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.analysis.plane import plane_crs, to_plane
from atlas.figures.shapes import simplified
from atlas.store import geography
from atlas.store.database import Store

DEGREES = 6668
NEAR_STEPS, FAR_STEPS = 450, 300
"""The side of a district's map (about 90 mm) and of the city's (about 60 mm) in steps of 0.2 mm."""


@dataclass(frozen=True)
class CityGround:
    """Districts in metres (x east, y north). near: for the map of a district; far: for the map of the whole city; border: of the city, as lines."""

    near: Mapping[str, BaseGeometry]
    far: Mapping[str, BaseGeometry]
    border: BaseGeometry
    names: Mapping[str, str]
    epsg: int


@lru_cache(maxsize=4)
def city_ground(store: Store, city: str) -> CityGround | None:
    """The districts of a city, None where no shapes are held."""
    frame = geography.shapes(store, city, "school_district")
    if frame.empty:
        return None
    read = shapely.from_wkb([bytes(blob) for blob in frame["geometry"]])
    epsg = plane_crs(read)
    shapes = to_plane(np.where(shapely.is_valid(read), read, shapely.make_valid(read)), DEGREES, epsg)
    codes = tuple(str(code) for code in frame["area_code"])
    bounds = shapely.bounds(shapes)
    # A quarter of the districts is smaller than this: theirs are the maps at the largest scale, which show the most.
    small = float(np.quantile(np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]), 0.25))
    west, south, east, north = shapely.total_bounds(shapes)
    near = simplified(shapes, small / NEAR_STEPS)
    far = simplified(shapes, max(east - west, north - south) / FAR_STEPS)
    return CityGround(
        dict(zip(codes, near, strict=True)),
        dict(zip(codes, far, strict=True)),
        shapely.boundary(shapely.union_all(np.array(near, dtype=object))),
        dict(zip(codes, frame["name_ja"].astype(str), strict=True)),
        epsg,
    )


def in_metres(places: pd.DataFrame, epsg: int) -> list[tuple[float, float]]:
    """Places (longitude, latitude) in the metres of the plane system."""
    points = to_plane(shapely.points(places["longitude"].to_numpy(float), places["latitude"].to_numpy(float)), DEGREES, epsg)
    return [(float(point.x), float(point.y)) for point in points]
