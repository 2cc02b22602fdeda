"""The sample city put together: cells, towns, small areas of three censuses, what is hidden in the tables and where it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.sample_city.districts import Districts, laid_out
from etl.sample_city.mosaic import Mosaic, merged, mosaic
from etl.sample_city.naming import Names, kanji
from etl.sample_city.people import YEARS, Inhabitants
from etl.sample_city.terrain import BASIN, ESTATE, WHARF, ZONES, Floats, Ints, bend, households_by_zone, scale_of, scattered

HIDDEN_SHARE = 0.015
EMPTY_SHARE = 0.01
RECEIVER_HOUSEHOLDS = 20
RURAL = [ZONES.index("riverside"), ZONES.index("hills")]
"""Zones of villages, each a small area of its own."""


@dataclass
class Area:
    """One small area of one census: a KEY_CODE."""

    town: int
    """KIHON1."""
    block: int
    """丁目 (KIHON2), 0 for a town without."""
    town_name: str
    cells: list[int]
    """Cells that make up its main part."""
    detached: list[int]
    """Cells of its second part (飛び地), which has no people of its own in print."""
    is_water: bool = False
    is_hidden: bool = False
    receiver: str = ""
    """Code below the city of the area, or town, to which the figures of a hidden one were added."""

    @property
    def below(self) -> str:
        """The code below the city: four digits, or six with 丁目."""
        return f"{self.town:04d}" + (f"{self.block:02d}" if self.block else "")

    @property
    def name(self) -> str:
        """Town and 丁目 in kanji."""
        return self.town_name + (f"{kanji(self.block)}丁目" if self.block else "")


@dataclass(frozen=True)
class City:
    """Everything that the writers need."""

    scale: float
    cells: Mosaic
    zone: Ints
    """The zone that gives a cell most of its households."""
    districts: Districts
    areas: dict[int, list[Area]]
    """By census year, in the order of their codes."""
    shapes: dict[int, list[list[object]]]
    """Of each area its one or two parts, on the ground."""
    counts: dict[int, dict[str, Ints]]
    """By census year and item: one count an area, nothing hidden."""


def build_city(districts: int, areas: int, seed: int) -> City:
    """The city of a seed. `areas` is the number of KEY_CODEs of 2020, `districts` that of school districts."""
    if districts < 2 or areas < max(60, 4 * districts):
        raise ValueError(f"a sample city needs at least 2 districts, 60 areas and 4 areas a district; asked for {districts} and {areas}")
    rng = np.random.default_rng([seed, 1])
    scale = scale_of(areas)
    cells = mosaic(scattered(areas + 2, rng), scale, within_city=True)
    density = households_by_zone(cells.seeds)
    square_km = np.array([cell.area for cell in cells.bent]) / 1e6
    people = Inhabitants(density, square_km, cells.seeds, seed)
    zone = np.argmax(density, axis=1).astype(np.int64)
    special = _special(cells, zone, people)
    districts_made = laid_out(cells, _expected(people), special.water, districts, scale, rng)
    plan = _Plan(cells, zone, special, districts_made.home, people, rng)
    made = {year: plan.areas(year) for year in YEARS}
    shapes: dict[int, list[list[object]]] = {}
    counts: dict[int, dict[str, Ints]] = {}
    for year, found in made.items():
        main = merged(cells.bent, [area.cells for area in found])
        shapes[year] = [[shape, *cells.bent[area.detached]] for shape, area in zip(main, found, strict=True)]
        owner = np.empty(len(cells.seeds), dtype=np.int64)
        for number, area in enumerate(found):
            owner[[*area.cells, *area.detached]] = number
        counts[year] = {item: np.bincount(owner, values, len(found)).astype(np.int64) for item, values in people.counts(year).items()}
    return City(scale, cells, zone, districts_made, made, shapes, counts)


def school_points(city: City) -> Floats:
    """Where the schools stand, on the ground."""
    return bend(city.cells.seeds[city.districts.school_cells], city.scale)


@dataclass(frozen=True)
class _Special:
    """Cells with a part to play."""

    water: int
    wharf: list[int]
    """Two 丁目 whose figures appear only in the row of their town."""
    estate: list[int]
    """Three 丁目 that were one area until 2015."""
    village: list[int]
    """One 大字 that was two until 2010."""
    exclave: int
    exclave_of: int
    hidden: list[int]


def _expected(people: Inhabitants) -> Floats:
    """Households of 2020 about to be drawn."""
    households = people.households.copy()
    for cell, number in people.fixed.items():
        households[cell] = number
    return households


def _special(cells: Mosaic, zone: Ints, people: Inhabitants) -> _Special:
    """Choose the cells with a part to play; those that shall have few or no households get them."""
    beside = cells.neighbours()
    taken: set[int] = set()

    def nearest(place: tuple[float, float], allowed: NDArray[np.bool_] | None = None) -> int:
        away = ((cells.seeds - place) ** 2).sum(axis=1)
        away[list(taken)] = np.inf
        return int(np.argmin(away if allowed is None else np.where(allowed, away, np.inf)))

    def take(first: int, more: int) -> list[int]:
        group = [first, *[cell for cell in beside[first] if cell not in taken][:more]]
        taken.update(group)
        return group

    water = take(nearest(BASIN), 0)[0]
    wharf = take(nearest(WHARF), 1)
    estate = take(nearest(ESTATE), 2)
    village = take(nearest((6.6, 6.4), zone == ZONES.index("riverside")), 1)
    exclave = take(nearest((5.6, 5.2)), 0)[0]
    second = {cell for near in beside[exclave] for cell in beside[near]} - {exclave, *beside[exclave]} - taken
    exclave_of = min(second, key=lambda cell: (people.households[cell] < 50, cell))
    taken.add(exclave_of)

    fewest_first = [cell for cell in np.argsort(people.households, kind="stable").tolist() if cell not in taken]
    empty = fewest_first[: max(2, round(EMPTY_SHARE * len(zone)))]
    hidden: list[int] = []
    blocked = {*empty, *taken}
    for is_rural, share in ((False, 0.25), (True, 0.75)):
        left = max(round(share * max(4, round(HIDDEN_SHARE * len(zone)))), 1)
        for cell in fewest_first:
            around = [near for near in beside[cell] if near not in blocked and people.households[near] >= RECEIVER_HOUSEHOLDS]
            if left and cell not in blocked and around and (zone[cell] in RURAL) == is_rural:
                hidden.append(cell)
                blocked.update((cell, *around))
                left -= 1
    people.fixed.update(dict.fromkeys((water, *empty, exclave), 0))
    people.fixed.update({cell: 5 + cell % 9 for cell in (*hidden, *wharf)})
    return _Special(water, wharf, estate, village, exclave, exclave_of, hidden)


class _Plan:
    """Towns and codes; which areas exist in which census."""

    def __init__(self, cells: Mosaic, zone: Ints, special: _Special, home: Ints, people: Inhabitants, rng: np.random.Generator) -> None:
        """Cells joined to towns; home: the district of each cell."""
        self.special = special
        names = Names(rng)
        fixed = [special.wharf, special.estate]
        alone = [[special.water], special.village, [special.exclave_of]]
        done = {special.exclave, *(cell for group in (*fixed, *alone) for cell in group)}
        alone += [[cell] for cell in np.flatnonzero(np.isin(zone, RURAL)).tolist() if cell not in done]
        done.update(cell for group in alone for cell in group)
        free = [cell for cell in range(len(zone)) if cell not in done]
        towns = [*fixed, *alone, *_grouped(cells, zone, free, rng)]
        towns.sort(key=lambda group: (cells.seeds[group[0], 0] // 1.5, -cells.seeds[group[0], 1]))
        step = 10 if len(towns) < 980 else 1
        self.towns: list[tuple[int, str, list[int]]] = []
        for number, group in enumerate(towns, 1):
            if group == special.wharf:
                name = "見本埠頭"
            elif group == [special.water]:
                name = "見本港水面"
            else:
                name = names.town(ZONES[zone[group[0]]])
            self.towns.append((number * step, name, group))
        self.spare_codes = (len(towns) + 1) * step, (len(towns) + 2) * step
        self.spare_names = names.town("riverside"), names.town("hills")
        self.receivers = self._receivers(cells, home, people)

    def _receivers(self, cells: Mosaic, home: Ints, people: Inhabitants) -> dict[int, int]:
        """For each hidden cell a neighbour with enough people; every second one in another district where there is one."""
        beside, found = cells.neighbours(), {}
        special, enough = self.special, _expected(people) >= RECEIVER_HOUSEHOLDS
        shunned = {*special.hidden, *special.wharf, *special.estate, *special.village, special.water, special.exclave}
        for number, cell in enumerate(special.hidden):
            around = [near for near in beside[cell] if near not in shunned and enough[near]]
            across = [near for near in around if home[near] != home[cell]]
            found[cell] = (across if number % 2 == 0 and across else around)[0]
        return found

    def areas(self, year: int) -> list[Area]:
        """The small areas of a census in the order of their codes."""
        special, found = self.special, []
        for town, name, group in self.towns:
            if group == special.village and year == 2010:
                found += [Area(town, 0, name, group[:1], []), Area(self.spare_codes[0], 0, self.spare_names[0], group[1:], [])]
            elif group == special.estate and year < 2020:
                found.append(Area(self.spare_codes[1], 0, self.spare_names[1], group, []))
            elif group == special.village or len(group) == 1:
                found.append(Area(town, 0, name, group, []))
            else:
                found += [Area(town, block, name, [cell], []) for block, cell in enumerate(group, 1)]
        found.sort(key=lambda area: (area.town, area.block))
        by_cell = {cell: area for area in found for cell in area.cells}
        by_cell[special.exclave_of].detached.append(special.exclave)
        by_cell[special.water].is_water = True
        for cell, near in self.receivers.items():
            by_cell[cell].is_hidden = True
            by_cell[cell].receiver = by_cell[near].below
        for cell in special.wharf:
            by_cell[cell].is_hidden = True
            by_cell[cell].receiver = f"{by_cell[cell].town:04d}"
        return found


def _grouped(cells: Mosaic, zone: Ints, free: list[int], rng: np.random.Generator) -> list[list[int]]:
    """Neighbouring cells of one zone joined to towns of one to six 丁目."""
    beside, left = cells.neighbours(), set(free)
    groups: list[list[int]] = []
    for cell in rng.permutation(np.array(free)).tolist():
        if cell not in left:
            continue
        left.discard(cell)
        group, size = [cell], int(rng.choice([1, 2, 3, 4, 5, 6], p=[0.2, 0.2, 0.22, 0.18, 0.12, 0.08]))
        while len(group) < size:
            more = [near for member in group for near in beside[member] if near in left and zone[near] == zone[cell]]
            if not more:
                break
            group.append(more[0])
            left.discard(more[0])
        groups.append(group)
    return groups
