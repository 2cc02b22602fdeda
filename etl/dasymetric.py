"""Where the people of a small area live: the squares of a mesh table as weights, beside the default by area (docs/methods.md, small area -> district)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from atlas.analysis.apportion import Overlaps, point_overlaps
from atlas.analysis.plane import to_plane
from etl.readers.geo_reading import GeoReading, Remark

METHOD = "dasymetric"
SPACING = 25
"""Metres between the points that stand for a square: its people are taken to live evenly in it, a small area often holds a part of it only."""
NEAR = 0.2
"""The squares have to hold the city's people but for this share: parts of squares at the border are estimates, a table of another place holds nobody."""
MOST_POINTS = 4_000_000


def people_overlaps(
    meshes: Sequence[GeoReading], year: int, areas: Overlaps, small: Any, districts: Any, geographic: Any, zone: int, epsg: int, people: float
) -> tuple[Overlaps | None, list[Remark]]:
    """The parts weighted with the people of the finest squares of that census that hold the city, None where there are none; and what to know of it.

    areas: the parts by area of the same `small` and `districts`, in the plane `zone`; geographic: the small areas in longitude and latitude (`epsg`);
    people: the city's population by its small areas.
    """
    remarks: list[Remark] = []
    own = [one.frame for one in meshes if one.year == year and "population" in one.frame and len(one.frame)]
    if not own or not people > 0:
        return None, remarks
    squares = pd.concat([frame[["mesh_code", "level_m", "geometry", "population"]] for frame in own], ignore_index=True).drop_duplicates("mesh_code")
    squares = squares[squares["population"].fillna(0) > 0]
    west, south, east, north = shapely.total_bounds(geographic)
    for metres, level in squares.groupby("level_m"):
        low, left, high, right = (level.geometry.bounds[name].to_numpy() for name in ("miny", "minx", "maxy", "maxx"))
        near = level[(left < east) & (right > west) & (low < north) & (high > south)]
        side = int(np.ceil(float(str(metres)) / SPACING))
        if near.empty or len(near) * side**2 > MOST_POINTS:
            continue
        points, weights = _points(near, side)
        found = point_overlaps(areas, small, districts, to_plane(points, epsg, zone), weights)
        # Small areas without anybody in the squares keep their ground as weight and are no people.
        held = float(found.whole[found.whole != areas.whole].sum())
        size = f"{int(float(str(metres))):,} m"
        if abs(held / people - 1) <= NEAR:
            ja = f"{year}年の値は、{size}メッシュの人口（市内に{held:,.0f}人）でも校区に分けました。既定は面積による値のままです。"
            remarks.append(
                Remark("other", ja, f"Figures of {year} were also shared out by the people of {size} squares ({held:,.0f}); by area stays the default.")
            )
            return found, remarks
        ja = f"{size}メッシュの人口（市内に{held:,.0f}人）は、小地域の人口{people:,.0f}人と合わないため、{year}年の校区の値には使っていません。"
        en = f"The {size} squares hold {held:,.0f} people of the city, its small areas {people:,.0f}: they were not used for the districts of {year}."
        remarks.append(Remark("other", ja, en))
    return None, remarks


def _points(squares: pd.DataFrame, side: int) -> tuple[np.ndarray, np.ndarray]:
    """side x side points in each square, in longitude and latitude, and the people each of them stands for."""
    bounds = shapely.bounds(squares["geometry"].to_numpy())
    step = (np.arange(side) + 0.5) / side
    x = bounds[:, 0, None] + (bounds[:, 2] - bounds[:, 0])[:, None] * step
    y = bounds[:, 1, None] + (bounds[:, 3] - bounds[:, 1])[:, None] * step
    across, up = np.repeat(x[:, :, None], side, axis=2), np.repeat(y[:, None, :], side, axis=1)
    return shapely.points(across.ravel(), up.ravel()), np.repeat(squares["population"].to_numpy(float) / side**2, side**2)
