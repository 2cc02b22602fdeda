"""A tessellation whose neighbours share their borders vertex by vertex: Voronoi cells, borders densified once, then bent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from etl.sample_city.terrain import STEP, Floats, Ints, bend, outline


@dataclass(frozen=True)
class Mosaic:
    """`n` cells, in the order of their seeds."""

    seeds: Floats
    """On the plan."""
    flat: NDArray[np.object_]
    """The cells on the plan: convex polygons with straight borders."""
    bent: NDArray[np.object_]
    """The same cells on the ground (metres), borders bent."""
    pairs: Ints
    """Neighbours: two cell numbers a row."""
    shared: Floats
    """Length of the border of each pair, on the plan."""

    def neighbours(self) -> list[list[int]]:
        """Of each cell, its neighbours, longest common border first."""
        found: list[list[tuple[float, int]]] = [[] for _ in self.seeds]
        for (one, other), length in zip(self.pairs.tolist(), self.shared.tolist(), strict=True):
            found[one].append((-length, other))
            found[other].append((-length, one))
        return [[cell for _, cell in sorted(cells)] for cells in found]


def mosaic(seeds: Floats, scale: float, *, within_city: bool) -> Mosaic:
    """The cells around `seeds`. within_city: cells end at the city limits (seeds mirrored on it); else they run far out to sea."""
    count = len(seeds)
    ghosts = [np.column_stack([6 + 40 * np.cos(turn := np.linspace(0, 2 * np.pi, 24, endpoint=False)), 4.5 + 40 * np.sin(turn)])]
    if within_city:
        city = outline()
        limits = city.exterior
        points = shapely.points(seeds)
        feet = shapely.get_coordinates(shapely.line_interpolate_point(limits, shapely.line_locate_point(limits, points)))
        mirrored = 2 * feet - seeds
        shapely.prepare(city)
        ghosts.append(mirrored[~shapely.contains_xy(city, mirrored[:, 0], mirrored[:, 1])])
    diagram = Voronoi(np.concatenate([seeds, *ghosts]))
    ends = np.sort(np.asarray(diagram.ridge_vertices), axis=1)
    owners = np.asarray(diagram.ridge_points)
    ours = (owners < count).any(axis=1) & (ends[:, 0] >= 0)
    ends, owners = ends[ours], owners[ours]
    first, last = diagram.vertices[ends[:, 0]], diagram.vertices[ends[:, 1]]
    length = np.sqrt(((last - first) ** 2).sum(axis=1))
    steps = np.maximum(np.ceil(length * 1000 * scale / STEP).astype(np.int64), 1)
    starts = np.concatenate([[0], np.cumsum(steps)])
    ridge = np.repeat(np.arange(len(ends)), steps)
    part = (np.arange(starts[-1]) - starts[ridge]) / steps[ridge]
    along = bend(first[ridge] + part[:, None] * (last - first)[ridge], scale)
    corners = bend(diagram.vertices, scale)
    borders = {(a, b): number for number, (a, b) in enumerate(ends.tolist())}

    flat: list[shapely.Polygon] = []
    bent: list[shapely.Polygon] = []
    for cell in range(count):
        region = np.asarray(diagram.regions[diagram.point_region[cell]])
        spokes = diagram.vertices[region] - seeds[cell]
        region = region[np.argsort(np.arctan2(spokes[:, 1], spokes[:, 0]))]
        ring: list[Floats] = []
        for a, b in zip(region.tolist(), np.roll(region, -1).tolist(), strict=True):
            number = borders[(min(a, b), max(a, b))]
            line = along[starts[number] : starts[number + 1]]
            ring.append(line if a < b else np.concatenate([corners[a][None], line[:0:-1]]))
        flat.append(shapely.Polygon(diagram.vertices[region]))
        bent.append(shapely.Polygon(np.concatenate(ring)))
    inner = (owners < count).all(axis=1)
    return Mosaic(seeds, np.array(flat, dtype=object), np.array(bent, dtype=object), owners[inner].astype(np.int64), length[inner])


def merged(shapes: NDArray[np.object_], groups: list[list[int]]) -> NDArray[np.object_]:
    """One shape a group of cells; a group of one is the cell itself, unchanged."""
    return np.array([shapes[group[0]] if len(group) == 1 else shapely.union_all(shapes[group]) for group in groups], dtype=object)
