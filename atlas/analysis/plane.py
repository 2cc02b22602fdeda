"""Degrees to metres: the Japan Plane Rectangular coordinate systems (平面直角座標系, GSI notice no. 9 of 2002), JGD2011, EPSG:6669-6687.

x points east and y north here, as in GIS files (the notice names them the other way round). The formulas are those of the Geospatial Information Authority
(Kawase 2011, Krueger's series to n^5), exact to well below 1 mm inside a zone. JGD2000 and WGS 84 degrees are taken as JGD2011: the difference (up to some
metres where the earthquake of 2011 moved the ground) is not modelled, so two layers must state the same ground.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.analysis.arrays import FloatArray
from atlas.analysis.errors import AnalysisError

GEOGRAPHIC = (6668, 4612, 4326)  # JGD2011, JGD2000, WGS 84
FIRST_JGD2011, FIRST_JGD2000 = 6669, 2443  # zone I
BOUNDS = (122.0, 20.0, 154.5, 46.0)

# latitude and longitude of the origin of zones I to XIX, degrees
ORIGINS = (
    (33, 129.5), (33, 131), (36, 132 + 1 / 6), (33, 133.5), (36, 134 + 1 / 3), (36, 136), (36, 137 + 1 / 6), (36, 138.5), (36, 139 + 5 / 6),
    (40, 140 + 5 / 6), (44, 140.25), (44, 142.25), (44, 144.25), (26, 142), (26, 127.5), (26, 124), (26, 131), (20, 136), (26, 154),
)  # fmt: skip

# The zone of a place is that of the nearest of these places (longitude, latitude): prefectural seats, and towns where prefectures are long. A place near a
# prefectural border may so get the neighbour's zone: its areas are still true to 1 in 10,000, and shares of areas do not feel it at all.
PLACES: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((129.87, 32.75), (129.72, 33.17), (128.84, 32.70), (129.29, 34.20), (129.49, 28.38), (128.93, 27.73), (128.43, 27.05),
        (129.85, 29.60)),
    2: ((130.40, 33.59), (130.88, 33.88), (130.30, 33.25), (130.71, 32.80), (130.20, 32.46), (131.61, 33.24), (131.42, 31.91),
        (131.66, 32.58), (130.56, 31.60), (130.99, 30.73), (130.51, 30.39)),
    3: ((131.47, 34.19), (130.95, 33.97), (133.05, 35.47), (132.08, 34.90), (131.77, 34.50), (132.46, 34.40), (133.36, 34.49),
        (132.85, 34.81), (133.33, 36.21)),
    4: ((134.05, 34.34), (132.77, 33.84), (132.56, 33.22), (133.55, 34.07), (133.55, 33.56), (132.93, 32.99), (134.56, 34.07),
        (134.35, 33.61)),
    5: ((135.18, 34.69), (134.69, 34.82), (134.83, 35.54), (134.90, 34.34), (135.20, 35.10), (134.24, 35.50), (133.33, 35.43),
        (133.93, 34.66), (134.00, 35.07)),
    6: ((135.77, 35.01), (135.19, 35.62), (135.10, 35.32), (135.52, 34.69), (135.40, 34.40), (136.22, 36.06), (135.75, 35.49),
        (135.87, 35.00), (136.26, 35.38), (136.51, 34.72), (136.20, 34.07), (135.83, 34.69), (135.75, 34.04), (135.17, 34.23),
        (135.37, 33.73)),
    7: ((136.66, 36.59), (136.97, 37.04), (136.90, 37.39), (137.21, 36.70), (136.76, 35.39), (137.25, 36.14), (136.91, 35.18),
        (137.39, 34.77), (137.50, 35.45)),
    8: ((139.04, 37.90), (138.24, 37.15), (138.85, 37.45), (138.37, 38.02), (138.18, 36.65), (137.97, 36.24), (137.82, 35.51),
        (138.57, 35.66), (138.38, 34.98), (137.73, 34.71), (138.86, 35.10)),
    9: ((139.69, 35.69), (139.32, 35.66), (139.79, 33.11), (139.52, 34.08), (140.30, 30.48), (140.47, 37.75), (139.93, 37.49),
        (140.89, 37.05), (139.88, 36.57), (140.45, 36.37), (139.65, 35.86), (139.09, 35.99), (140.12, 35.61), (139.87, 34.99),
        (140.83, 35.73), (139.64, 35.45), (139.16, 35.26), (139.06, 36.39)),
    10: ((140.74, 40.82), (141.49, 40.51), (140.91, 41.53), (140.10, 39.72), (140.57, 39.31), (140.36, 38.24), (139.83, 38.73),
         (140.12, 37.92), (141.15, 39.70), (141.96, 39.64), (140.87, 38.27), (141.30, 38.43)),
    11: ((140.73, 41.77), (140.12, 41.43), (141.17, 41.83), (139.52, 42.07), (140.31, 42.67), (140.99, 43.19), (140.86, 42.47)),
    12: ((141.35, 43.06), (140.97, 42.32), (141.60, 42.64), (142.77, 42.34), (142.37, 43.77), (141.64, 43.94), (141.67, 45.42),
         (142.46, 44.36), (143.35, 44.36), (143.17, 42.02), (143.50, 44.06), (142.38, 43.34)),
    13: ((143.20, 42.92), (143.90, 43.80), (144.38, 42.98), (144.27, 44.02), (145.58, 43.33), (145.13, 44.02), (142.85, 43.06),
         (143.31, 42.29), (143.61, 43.23), (147.90, 45.00)),
    14: ((142.19, 27.09), (142.16, 26.64), (141.32, 24.78)),
    15: ((127.68, 26.21), (127.98, 26.59), (126.80, 26.34), (128.14, 26.80), (127.94, 27.03)),
    16: ((124.16, 24.34), (125.28, 24.81), (122.99, 24.46)),
    17: ((131.23, 25.84), (131.19, 24.47)),
    18: ((136.08, 20.42),),
    19: ((153.98, 24.29),),
}  # fmt: skip

A, F, SCALE = 6378137.0, 1 / 298.257222101, 0.9999  # GRS 80; scale on the central meridian
N = F / (2 - F)
E = float(np.sqrt(F * (2 - F)))
RADIUS = SCALE * A / (1 + N) * (1 + N**2 / 4 + N**4 / 64)
ALPHA = (
    N / 2 - 2 * N**2 / 3 + 5 * N**3 / 16 + 41 * N**4 / 180 - 127 * N**5 / 288,
    13 * N**2 / 48 - 3 * N**3 / 5 + 557 * N**4 / 1440 + 281 * N**5 / 630,
    61 * N**3 / 240 - 103 * N**4 / 140 + 15061 * N**5 / 26880,
    49561 * N**4 / 161280 - 179 * N**5 / 168,
    34729 * N**5 / 80640,
)
BETA = (
    N / 2 - 2 * N**2 / 3 + 37 * N**3 / 96 - N**4 / 360 - 81 * N**5 / 512,
    N**2 / 48 + N**3 / 15 - 437 * N**4 / 1440 + 46 * N**5 / 105,
    17 * N**3 / 480 - 37 * N**4 / 840 - 209 * N**5 / 4480,
    4397 * N**4 / 161280 - 11 * N**5 / 504,
    4583 * N**5 / 161280,
)


def zone_of(longitude: float, latitude: float) -> int:
    """The EPSG code of the JGD2011 plane system for a place in degrees: 生駒市 (135.70, 34.69) -> 6674 (zone VI). Raises AnalysisError outside Japan."""
    west, south, east, north = BOUNDS
    if not (west <= longitude <= east and south <= latitude <= north):
        raise AnalysisError(
            f"Longitude {longitude:g}, latitude {latitude:g} is not in Japan ({west:g}-{east:g}, {south:g}-{north:g} degrees): "
            "are these degrees, and in the order longitude, latitude?"
        )
    zones = [zone for zone, places in PLACES.items() for _ in places]
    places = np.array([place for held in PLACES.values() for place in held])
    away = np.hypot((places[:, 0] - longitude) * np.cos(np.radians(latitude)), places[:, 1] - latitude)
    return FIRST_JGD2011 + zones[int(np.argmin(away))] - 1


def plane_crs(geometries: Any) -> int:
    """The EPSG code of the plane system for the middle of bounds (west, south, east, north) or of an array of geometries, in degrees."""
    held = np.asarray(geometries)
    west, south, east, north = shapely.total_bounds(held) if held.dtype == object else held.astype(float)
    return zone_of((west + east) / 2, (south + north) / 2)


def to_plane(geometries: Any, from_epsg: int, to_epsg: int) -> NDArray[np.object_]:
    """Geometries in degrees (EPSG 6668, 4612, 4326) or in another plane system (2443-2461, 6669-6687), in the plane system `to_epsg`, metres."""
    held, zone = np.asarray(geometries, dtype=object), _zone(to_epsg)
    if from_epsg not in GEOGRAPHIC:
        if _zone(from_epsg) == zone:
            return held
        held = from_plane(held, from_epsg)
    return np.asarray(shapely.transform(held, lambda points: _forward(points, *ORIGINS[zone - 1])))


def from_plane(geometries: Any, from_epsg: int) -> NDArray[np.object_]:
    """Geometries of a plane system in degrees, longitude before latitude."""
    origin = ORIGINS[_zone(from_epsg) - 1]
    return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), lambda points: _backward(points, *origin)))


def _zone(epsg: int) -> int:
    for first in (FIRST_JGD2011, FIRST_JGD2000):
        if first <= epsg < first + len(ORIGINS):
            return epsg - first + 1
    raise AnalysisError(f"EPSG:{epsg} is not known here; degrees are EPSG:6668, 4612 or 4326, plane systems EPSG:6669-6687 and 2443-2461.")


def _forward(points: FloatArray, latitude_0: float, longitude_0: float) -> FloatArray:
    """Longitude, latitude in degrees (n, 2) -> metres east and north of the origin (n, 2)."""
    away = np.radians(points[:, 0] - longitude_0)
    tangent = _conformal_tangent(np.radians(points[:, 1]))
    xi, eta = np.arctan2(tangent, np.cos(away)), np.arctanh(np.sin(away) / np.sqrt(1 + tangent**2))
    north, east = xi.copy(), eta.copy()
    for j, alpha in enumerate(ALPHA, 1):
        north += alpha * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        east += alpha * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    return RADIUS * np.stack([east, north - _meridian(latitude_0)], axis=1)


def _backward(points: FloatArray, latitude_0: float, longitude_0: float) -> FloatArray:
    """Metres east and north of the origin (n, 2) -> longitude, latitude in degrees (n, 2)."""
    eta_0, xi_0 = points[:, 0] / RADIUS, points[:, 1] / RADIUS + _meridian(latitude_0)
    xi, eta = xi_0.copy(), eta_0.copy()
    for j, beta in enumerate(BETA, 1):
        xi -= beta * np.sin(2 * j * xi_0) * np.cosh(2 * j * eta_0)
        eta -= beta * np.cos(2 * j * xi_0) * np.sinh(2 * j * eta_0)
    conformal = np.arctanh(np.sin(xi) / np.cosh(eta))
    isometric = conformal
    for _ in range(8):  # each step gains two digits
        isometric = conformal + E * np.arctanh(E * np.tanh(isometric))
    return np.stack([longitude_0 + np.degrees(np.arctan2(np.sinh(eta), np.cos(xi))), np.degrees(np.arcsin(np.tanh(isometric)))], axis=1)


def _conformal_tangent(latitude: FloatArray) -> FloatArray:
    """The tangent of the conformal latitude, of a latitude in radians."""
    sine = np.sin(latitude)
    return np.asarray(np.sinh(np.arctanh(sine) - E * np.arctanh(E * sine)))


def _meridian(latitude_0: float) -> float:
    """How far north on the central meridian a latitude in degrees lies, in units of RADIUS."""
    xi = float(np.arctan(_conformal_tangent(np.radians(np.array(latitude_0)))))
    return xi + sum(alpha * float(np.sin(2 * j * xi)) for j, alpha in enumerate(ALPHA, 1))
