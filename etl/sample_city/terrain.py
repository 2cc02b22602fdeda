"""The ground of the sample city: outline, density of households by kind of quarter, and a smooth bending of all borders.

Two systems of coordinates. *Plan*: about 12 x 9, in which all features are placed whatever the size of the city. *Ground*: metres in
EPSG:6673 (plane zone V), plan x 1,000 x scale, bent by `bend`. The scale grows with the number of small areas, so that an area keeps its
usual size. The south-west corner lies at about 33.0 N 134.6 E, in the open Pacific south of Shikoku: no land and no municipality is there.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLANE = "EPSG:6673"
CORNER = (25_000.0, -332_000.0)
"""Ground coordinates (east, north) of the plan's origin."""
USUAL_AREAS = 260
"""With this number of small areas one unit of the plan is one kilometre."""
STEP = 30.0
"""Metres between two vertices of a border."""
GRID = 0.001
"""Ground coordinates are whole millimetres."""

ZONES = ("centre", "inner", "suburb", "new_town", "university", "riverside", "hills", "harbour", "estate")
STATION = (4.7, 3.5)
NEW_TOWN = (8.9, 5.9)
UNIVERSITY = (2.5, 5.5)
HARBOUR = (6.9, 1.6)
WHARF = (6.4, 0.8)
ESTATE = (7.9, 3.4)
BASIN = (3.6, 1.6)
PARK = (3.7, 4.5)
PARK_RADIUS = 0.33
"""On the plan, and never more than so many kilometres; large cities have more parks, not larger ones."""
RIVER = ((8.4, 9.2), (7.3, 7.4), (6.4, 6.0), (5.7, 4.6), (5.1, 3.0), (4.6, 1.4))

_WAVES = (2200.0, 1100.0, 550.0, 280.0)
_BEND = 0.03
"""Amplitude of a wave by its length; four waves give a gradient below 1, so the bending never folds."""


def scale_of(areas: int) -> float:
    """Kilometres per unit of the plan."""
    return float(np.sqrt(areas / USUAL_AREAS))


def outline() -> shapely.Polygon:
    """The city limits on the plan: a rounded block with a bay in the south."""
    turn = np.linspace(0, 2 * np.pi, 480, endpoint=False)
    radius = (np.abs(np.cos(turn)) ** 4 + np.abs(np.sin(turn)) ** 4) ** -0.25
    radius *= 1 + 0.035 * np.sin(3 * turn + 1) + 0.025 * np.sin(7 * turn + 2) + 0.012 * np.sin(13 * turn)
    block = shapely.Polygon(np.column_stack([6 + 5.7 * radius * np.cos(turn), 4.6 + 4.2 * radius * np.sin(turn)]))
    bay = shapely.LineString([(3.6, -1.0), (4.3, 0.9)]).buffer(1.05)
    return block.difference(bay)


def _bump(places: Floats, centre: tuple[float, float], width: float) -> Floats:
    """A bell around a point."""
    return np.exp(-(((places - centre) ** 2).sum(axis=1)) / width**2)


def _plateau(places: Floats, centre: tuple[float, float], radius: float) -> Floats:
    """A planned quarter: even inside, with a sharp edge."""
    away = np.sqrt(((places - centre) ** 2).sum(axis=1))
    return 1 / (1 + np.exp(np.clip((away - radius) / 0.07, -50, 50)))


def households_by_zone(places: Floats) -> Floats:
    """Households per square kilometre at each place of the plan, one column a zone."""
    x, y = places[:, 0], places[:, 1]
    slope = np.maximum((y - 6.9 - 0.5 * np.sin(0.9 * x)) / 0.35, (x - 10.0 - 0.3 * np.sin(1.3 * y)) / 0.3)
    hills = 1 / (1 + np.exp(np.clip(-slope, -50, 50)))
    flat = 1 - hills
    river = shapely.distance(shapely.points(places), shapely.LineString(RIVER))
    upstream = 1 / (1 + np.exp(np.clip(-(y - 5.4) / 0.25, -50, 50)))
    planned = np.maximum(_plateau(places, NEW_TOWN, 1.35), _plateau(places, ESTATE, 0.55))
    return np.column_stack(
        [
            6200 * _bump(places, STATION, 0.75),
            2000 * _bump(places, STATION, 1.7) * flat,
            (1000 * _bump(places, (5.0, 4.0), 3.6) + 150) * flat * (1 - planned),
            2700 * _plateau(places, NEW_TOWN, 1.35),
            3600 * _bump(places, UNIVERSITY, 0.75),
            620 * np.exp(-((river / 0.4) ** 2)) * upstream + 40 * upstream * flat,
            22 * hills + 3,
            900 * _bump(places, HARBOUR, 0.8),
            2600 * _plateau(places, ESTATE, 0.55),
        ]
    )


def scattered(count: int, rng: np.random.Generator) -> Floats:
    """`count` places in the city, closer together where more people live, evenly spread (Lloyd's relaxation on a sample)."""
    city = outline()
    shapely.prepare(city)
    wanted, kept = 40 * count, [np.empty((0, 2))]
    while sum(map(len, kept)) < wanted:
        tries = rng.uniform((0, 0), (12.5, 9.5), size=(4 * wanted, 2))
        weight = (households_by_zone(tries).sum(axis=1) + 60) ** 0.75
        tries = tries[rng.uniform(0, 7000**0.75, len(tries)) < weight]
        kept.append(tries[shapely.contains_xy(city, tries[:, 0], tries[:, 1])])
    sample = np.concatenate(kept)[:wanted]
    return relaxed(sample, np.ones(len(sample)), sample[:count].copy(), 10)


def relaxed(sample: Floats, weight: Floats, centres: Floats, rounds: int) -> Floats:
    """Weighted k-means: each centre moves to the mean of the sample that is nearest to it."""
    from scipy.spatial import cKDTree

    for _ in range(rounds):
        nearest = cKDTree(centres).query(sample)[1]
        mass = np.bincount(nearest, weight, len(centres))
        sums = np.column_stack([np.bincount(nearest, weight * sample[:, axis], len(centres)) for axis in (0, 1)])
        filled = mass > 0
        centres = centres.copy()
        centres[filled] = sums[filled] / mass[filled, None]
    return centres


def bend(plan: Floats, scale: float) -> Floats:
    """Places of the plan -> ground in metres, bent by smooth waves and rounded to the grid. Equal places give equal coordinates."""
    metres = plan * 1000 * scale
    moved = metres.copy()
    for number, length in enumerate(_WAVES):
        for axis in (0, 1):
            turned = np.deg2rad(37 * number + 71 * axis + 20)
            along = metres[:, 0] * np.cos(turned) + metres[:, 1] * np.sin(turned)
            moved[:, axis] += _BEND * length * np.sin(2 * np.pi * along / length + 1.7 * number + 0.9 * axis)
    return np.round((moved + CORNER) / GRID) * GRID


_TO_DEGREES = Transformer.from_crs(PLANE, "EPSG:6668", always_xy=True)


def degrees(ground: Floats) -> Floats:
    """Ground in metres -> longitude and latitude (JGD2011), nine decimals."""
    longitude, latitude = _TO_DEGREES.transform(ground[:, 0], ground[:, 1])
    return np.round(np.column_stack([longitude, latitude]), 9)


def in_degrees(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes on the ground -> in longitude and latitude; shared vertices stay shared."""
    return np.asarray(shapely.transform(shapes, degrees), dtype=object)
