"""Schools and places of the sample city: 居場所, 通いの場, 公民館 in the municipal open-data layout; school points as in P29 (2021)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from etl.sample_city.city import City, school_points
from etl.sample_city.naming import CITY, MARK, PREFECTURE, school_names
from etl.sample_city.shapefile import Field
from etl.sample_city.tables import SAMPLE_CODE
from etl.sample_city.terrain import ZONES, Floats, bend, degrees

SIX_DIGITS = "992011"
"""The code with its check digit, as municipal open data write it."""
PLACE_HEADER = [
    "全国地方公共団体コード", "ID", "地方公共団体名", "名称", "名称_カナ", "種別", "所在地_全国地方公共団体コード",
    "町字ID", "所在地_連結表記", "所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下", "建物名等(方書)",
    "緯度", "経度", "電話番号", "運営主体", "定員", "開設年月日", "利用可能曜日",
    "開始時間", "終了時間", "URL", "備考",
]  # fmt: skip
P29_FIELDS = [
    Field("P29_001", "C", 5), Field("P29_002", "C", 15), Field("P29_003", "N", 5), Field("P29_004", "C", 254),
    Field("P29_005", "C", 254), Field("P29_006", "N", 1), Field("P29_007", "N", 1),
]  # fmt: skip
_ELEMENTARY, _JUNIOR_HIGH = 16001, 16002
# kind, kana, a district's usual number, operator, capacity, days
_KINDS = (
    ("公民館", "コウミンカン", 0.8, "見本市教育委員会", 120, "火水木金土日"),
    ("居場所", "イバショ", 0.5, "ひだまりの会(架空)", 25, "月水金"),
    ("通いの場", "カヨイノバ", 1.2, "見本市社会福祉協議会(架空)", 20, "火木"),
)


@dataclass(frozen=True)
class School:
    """One elementary school: its district's row in A27 and its point in P29."""

    code: str
    name: str
    address: str
    longitude: float
    latitude: float


def _town_of(city: City, cell: int) -> str:
    """Name of the 2020 area around a cell."""
    return next(area.name for area in city.areas[2020] if cell in area.cells or cell in area.detached)


def schools(city: City) -> list[School]:
    """The elementary schools in the order of their districts."""
    cells = city.districts.school_cells.tolist()
    by_cell = {cell: area for area in city.areas[2020] for cell in area.cells}
    names = school_names([by_cell[cell].town_name for cell in cells])
    points = degrees(school_points(city))
    return [
        School(f"B1992100{number * 10 + number % 7:05d}", name, f"{CITY}{by_cell[cell].name}1番地(架空)", round(x, 6), round(y, 6))
        for number, (cell, name, (x, y)) in enumerate(zip(cells, names, points.tolist(), strict=True), 1)
    ]


def school_columns(city: City) -> tuple[Floats, dict[str, list[str | int]]]:
    """P29: all elementary schools, and a junior high school for every second one."""
    found = schools(city)
    older = found[::2]
    places = [(school.longitude, school.latitude) for school in found] + [(school.longitude + 0.002, school.latitude) for school in older]
    both = [*found, *older]
    split = len(found)
    columns: dict[str, list[str | int]] = {
        "P29_001": [SAMPLE_CODE] * len(both),
        "P29_002": [school.code if place < split else "C" + school.code[1:] for place, school in enumerate(both)],
        "P29_003": [_ELEMENTARY if place < split else _JUNIOR_HIGH for place in range(len(both))],
        "P29_004": [school.name if place < split else f"見本第{place - split + 1}中学校" for place, school in enumerate(both)],
        "P29_005": [school.address for school in both],
        "P29_006": [3] * len(both),
        "P29_007": [1] * len(both),
    }
    return np.round(np.array(places), 6), columns


def places_csv(city: City, seed: int) -> bytes:
    """The list of places: UTF-8 with a byte order mark. The new town has few of them, the centre many."""
    rng = np.random.default_rng([seed, 11])
    areas = [area for area in city.areas[2020] if not area.is_water]
    households = city.counts[2020]["general"][[not area.is_water for area in city.areas[2020]]]
    zone = city.zone[[area.cells[0] for area in areas]]
    weight = households * np.where(zone == ZONES.index("new_town"), 0.25, 1.0) * np.where(zone == ZONES.index("centre"), 1.6, 1.0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(PLACE_HEADER)
    number = 0
    for kind, kana, usual, operator, capacity, days in _KINDS:
        many = min(round(usual * len(city.districts.shapes)), int((weight > 0).sum()))
        chosen = np.sort(rng.choice(len(areas), max(many, 2), replace=False, p=weight / weight.sum()))
        seeds = city.cells.seeds[[areas[place].cells[0] for place in chosen]]
        points = degrees(bend(seeds, city.scale)).round(6).tolist()
        for place, (longitude, latitude) in zip(chosen.tolist(), points, strict=True):
            number += 1
            area = areas[place]
            name, year = f"{area.name}{kind}", int(rng.integers(1975 if kind == "公民館" else 2012, 2024))
            writer.writerow([
                SIX_DIGITS, f"{number:06d}", CITY, name, kana, kind, SIX_DIGITS, f"{area.town:04d}{area.block:03d}",
                f"{PREFECTURE}{CITY}{area.name}{number}番地", PREFECTURE, CITY, area.name, f"{number}番地", "",
                f"{latitude:.6f}", f"{longitude:.6f}",
                "", operator, capacity, f"{year}-04-01", days, "10:00", "16:00", "", MARK,
            ])  # fmt: skip
    return text.getvalue().encode("utf-8-sig")
