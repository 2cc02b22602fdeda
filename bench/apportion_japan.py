"""A generated Japan for the benchmark: small areas and school districts with wiggly borders, the same for the same seed.

Two sets of wavy lines cross in a plane whose unit is a small area. The small areas are the cells between neighbouring lines. A district border either
follows such a line, digitised anew (other points, up to 0.003 of a cell aside: slivers below 2 %, as between real r2ka and A27 files), or cuts through a
row of small areas. A smooth warp makes town cells small and mountain cells large, and turns everything to metres. One district in 126 is left out: ground
without a school district.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDE = 500  # small areas a side: 250,000
ACROSS, UP = 160, 126  # districts: 20,160, of which one in 126 is left out
LEFT_OUT = 1 / 126
CUT = 0.168  # rows and columns of small areas that a district border cuts through: 1 - (1 - CUT)^2 = 0.30
AREA_POINTS, DISTRICT_POINTS = 17, 24  # points a cell along a border
METRES = 300.0
FREQUENCIES = np.array([0.31, 0.83, 1.7, 3.1, 5.3])
AMPLITUDES = np.array([0.06, 0.04, 0.02, 0.008, 0.004])


@dataclass(frozen=True)
class Lines:
    """Wavy lines of one direction: line i runs at `place[i] + offset(i, along)`."""

    place: Floats  # (n,)
    phase: Floats  # (n, 5)
    shake: Floats  # (n,) digitising noise
    shake_phase: Floats  # (n,)

    def at(self, i: NDArray[np.int64], along: Floats) -> Floats:
        """Where line `i` is at `along`; the arrays broadcast."""
        out = self.place[i] + self.shake[i] * np.sin(2 * np.pi * (7.3 * along + self.shake_phase[i]))
        for k, (frequency, amplitude) in enumerate(zip(FREQUENCIES, AMPLITUDES, strict=True)):
            out = out + amplitude * np.sin(2 * np.pi * (frequency * along + self.phase[i, k]))
        return out


def generated(fraction: float = 1.0, seed: int = 3) -> tuple[NDArray[np.object_], NDArray[np.object_], Floats]:
    """Small areas, districts (arrays of polygons, plane metres) and the households of each small area, at `fraction` of Japan."""
    random = np.random.default_rng(seed)
    side = round(SIDE * fraction**0.5)
    across, up = round(ACROSS * fraction**0.5), round(UP * fraction**0.5)
    verticals, horizontals = (_area_lines(random, side) for _ in range(2))
    district_verticals = _district_lines(random, verticals, across)
    district_horizontals = _district_lines(random, horizontals, up)
    areas = _cells(verticals, horizontals, AREA_POINTS, 1.0)
    districts = _cells(district_verticals, district_horizontals, DISTRICT_POINTS, side / across)
    kept = np.sort(random.permutation(len(districts))[round(len(districts) * LEFT_OUT) :])
    return random.permutation(areas), random.permutation(districts[kept]), random.integers(0, 900, len(areas)).astype(float)


def _area_lines(random: np.random.Generator, side: int) -> Lines:
    n = side + 1
    return Lines(np.arange(n, dtype=float), random.random((n, FREQUENCIES.size)), np.zeros(n), np.zeros(n))


def _district_lines(random: np.random.Generator, areas: Lines, cells: int) -> Lines:
    side = areas.place.size - 1
    followed = np.round(np.linspace(0, side, cells + 1)).astype(int)
    phase, place = areas.phase[followed].copy(), areas.place[followed].copy()
    inner = 1 + random.permutation(cells - 1)[: round(CUT * side)]
    place[inner] += random.uniform(0.3, 0.7, inner.size)
    phase[inner] = random.random((inner.size, FREQUENCIES.size))
    shake = np.full(cells + 1, 0.003)
    return Lines(place, phase, shake, random.random(cells + 1))


def _cells(verticals: Lines, horizontals: Lines, points: int, cell: float) -> NDArray[np.object_]:
    """The polygons between neighbouring lines, about `points` points along each unit of border."""
    n, m = verticals.place.size, horizontals.place.size
    i, j = np.meshgrid(np.arange(n), np.arange(m), indexing="ij")
    x, y = verticals.place[i], horizontals.place[j]
    for _ in range(60):  # the crossing of two lines: a contraction, for their slopes stay below 1
        x, y = verticals.at(i, y), horizontals.at(j, x)
    along = max(2, round(points * cell))
    step = np.arange(along) / along
    ys = y[:, :-1, None] + (y[:, 1:] - y[:, :-1])[..., None] * step  # the side between two crossings, without its end: (n, m-1, along)
    xs = verticals.at(i[:, :-1, None], ys)
    xs[..., 0] = x[:, :-1]
    xt = x[:-1, :, None] + (x[1:] - x[:-1])[..., None] * step
    yt = horizontals.at(j[:-1, :, None], xt)
    yt[..., 0] = y[:-1]
    up, over = _warped(xs, ys), _warped(xt, yt)
    corner = _warped(x, y)
    down = np.concatenate([corner[:, 1:, None], up[:, :, :0:-1]], axis=2)
    back = np.concatenate([corner[1:, :, None], over[:, :, :0:-1]], axis=2)
    rings = np.concatenate([over[:, :-1], up[1:], back[:, 1:], down[:-1]], axis=2)
    rings = rings.reshape((n - 1) * (m - 1), -1, 2)
    del up, over, down, back
    return shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))


def _warped(x: Floats, y: Floats) -> Floats:
    """Metres: cells of about 200 to 400 m, and nothing runs along an axis."""
    u = x + 1.9 * np.sin(2 * np.pi * x / 41) + 0.9 * np.sin(2 * np.pi * (x + 2 * y) / 67)
    v = y + 1.7 * np.sin(2 * np.pi * y / 37) + 0.8 * np.sin(2 * np.pi * (y - 2 * x) / 71)
    return METRES * np.stack([u, v], axis=-1)


def write(folder: Path, fraction: float) -> None:
    """Write the generated geometries and households as plain arrays."""
    areas, districts, households = generated(fraction)
    for name, geometries in (("areas", areas), ("districts", districts)):
        _, coordinates, (rings, polygons) = shapely.to_ragged_array(geometries)
        for part, held in (("coordinates", coordinates), ("rings", rings), ("polygons", polygons)):
            np.save(folder / f"{name}_{part}.npy", held)
    np.save(folder / "households.npy", households)


def read(folder: Path, name: str) -> NDArray[np.object_]:
    """The geometries written under `name`."""
    coordinates, rings, polygons = (np.load(folder / f"{name}_{part}.npy") for part in ("coordinates", "rings", "polygons"))
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, (rings, polygons)))
