"""The sample city's own tables: places and member organisations, and つながりサポーター, in the layouts of docs/own_tables.md."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from etl.readers.own_table import CODE, PLACE_LAYOUT, SUPPORTER_LAYOUT
from etl.sample_city.city import Area, City
from etl.sample_city.naming import CITY, MARK, PREFECTURE
from etl.sample_city.places import SIX_DIGITS, schools
from etl.sample_city.terrain import ZONES, bend, degrees

YEARS = (2022, 2023, 2024, 2025)
SPLIT_FROM = 0.2
"""A 町字 of the table that shall not match has at least this share of its ground in a second district."""
# kind, names (without the town), usual number a district, operator, capacities, first year
_KINDS: tuple[tuple[str, tuple[str, ...], float, str, tuple[int, ...], int], ...] = (
    ("居場所", ("ひだまりサロン", "縁側カフェ", "みんなのリビング", "夕やけひろば", "ほっと茶の間"), 0.21, "ひだまりの会(架空)", (10, 15, 20), 2018),
    ("通いの場", ("いきいき体操の会", "ゆるり健康教室", "お茶のみ歩こう会"), 0.29, "見本市社会福祉協議会(架空)", (15, 20, 25, 30), 2014),
    ("こども食堂", ("にこにこ食堂", "おかわり食堂"), 0.08, "見本こども食堂ネット(架空)", (20, 30), 2017),
    ("相談窓口", ("くらしの相談窓口", "つながり相談室"), 0.08, "見本市(架空)", (), 2021),
    ("会員団体", ("見守りの会", "傾聴ボランティアの会", "外出支援の会", "若者つながりの会"), 0.17, "", (), 2010),
)
_TELEPHONE = ("相談窓口", "よりそい電話相談")


def own_places_csv(city: City, seed: int) -> bytes:
    """Places and organisations: UTF-8 with a byte order mark; the last one is a window by telephone, without a position."""
    rng = np.random.default_rng([seed, 13])
    areas = [area for area in city.areas[2020] if not area.is_water]
    households = city.counts[2020]["general"][[not area.is_water for area in city.areas[2020]]]
    zone = city.zone[[area.cells[0] for area in areas]]
    weight = households * np.where(zone == ZONES.index("new_town"), 0.25, 1.0) * np.where(zone == ZONES.index("centre"), 1.6, 1.0)
    rows: list[list[object]] = []
    for kind, names, usual, operator, sizes, first in _KINDS:
        many = min(max(round(usual * len(city.districts.shapes)), 2), int((weight > 0).sum()))
        chosen = np.sort(rng.choice(len(areas), many, replace=False, p=weight / weight.sum()))
        points = degrees(bend(city.cells.seeds[[areas[place].cells[0] for place in chosen]], city.scale)).tolist()
        for number, (place, (longitude, latitude)) in enumerate(zip(chosen.tolist(), points, strict=True)):
            area, size = areas[place], int(rng.choice(sizes)) if sizes else ""
            day = f"{int(rng.integers(first, 2026))}-{int(rng.integers(1, 13)):02d}-01"
            name = f"{area.town_name}{names[number % len(names)]}"
            rows.append([
                kind, name, f"{PREFECTURE}{CITY}{area.name}{number + 11}番地", f"{latitude:.6f}", f"{longitude:.6f}", size, day,
                operator or f"{name}(架空)", MARK, SIX_DIGITS,
            ])  # fmt: skip
    rows.append([_TELEPHONE[0], _TELEPHONE[1], "", "", "", "", "2022-04-01", "見本市(架空)", MARK, SIX_DIGITS])
    return _csv([*PLACE_LAYOUT, CODE], rows)


def own_supporters_csv(city: City, seed: int) -> bytes:
    """Supporters in about half of the districts by name, in two 町字, of which the second lies in two districts where there is such a one."""
    rng = np.random.default_rng([seed, 17])
    found = schools(city)
    rows: list[list[object]] = []
    for place in np.sort(rng.choice(len(found), max(1, len(found) // 2), replace=False)).tolist():
        years = rng.choice(YEARS, int(rng.choice([1, 2], p=[0.6, 0.4])), replace=False)
        rows += [[found[place].name, "", int(rng.integers(3, 19)), year, SIX_DIGITS] for year in sorted(years.tolist())]
    for area in _towns(city, rng):
        rows.append(["", area.name, int(rng.integers(2, 7)), YEARS[-1], SIX_DIGITS])
    return _csv([*SUPPORTER_LAYOUT, CODE], rows)


def _towns(city: City, rng: np.random.Generator) -> list[Area]:
    """A small area within one district, and one that two districts share."""
    alone: Area | None = None
    shared: Area | None = None
    for number in rng.permutation(len(city.areas[2020])).tolist():
        area = city.areas[2020][number]
        if area.is_water or area.detached:
            continue
        ground = city.cells.bent[area.cells[0]]
        share = np.sort(shapely.area(shapely.intersection(city.districts.shapes, ground)) / ground.area)
        if alone is None and share[-1] > 0.99 and share[-2] < 0.001:
            alone = area
        elif shared is None and share[-2] >= SPLIT_FROM:
            shared = area
        if alone and shared:
            break
    return [area for area in (alone, shared) if area is not None]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
