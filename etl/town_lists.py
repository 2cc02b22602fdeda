"""School districts made from a list of 町字 (小中学校通学区域情報): each is the union of the small areas that the list gives to one elementary school alone.

Rules (docs/school_districts.md). An entry means the small areas of its name (`place_names`): the name as written, else without 大字 and 字, else all
丁目 of the 町 it names; a name that stands in several places apart from each other is nobody's. A small area of which the list gives a part only (番地,
一部, a 字 or 丁目 within it), or that it gives to two schools, is nobody's either: it is told by name and people, and counts as outside every district.
Nothing is guessed.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.analysis.apportion import Overlaps
from etl.place_names import school_name, town_name, towns_of, written_name
from etl.readers.geo_reading import DISTRICT_COLUMNS, GEOGRAPHIC, Remark
from etl.readers.ksj_districts import polygons_of

SHOWN = 20
NEAR = 0.6
"""How alike a name has to be to be told as a near match (difflib's ratio)."""
WITHIN = re.compile(r"(小?字.+|[一二三四五六七八九十百]+丁目?.*|[0-9]+丁目?.*)")
"""What follows the name of a small area where an entry means a part of it: 若葉 + 字北原, 本町 + 2丁目."""


@dataclass(frozen=True)
class ListedDistricts:
    """Districts made from a list. target: key code of a small area -> row of its district; nobody's are not in it."""

    districts: gpd.GeoDataFrame
    target: dict[str, int]
    remarks: tuple[Remark, ...]


@dataclass
class _Names:
    """The small areas of a city by name. Rows of one name stand together in groups that lie side by side or share the first nine digits of their code."""

    areas: gpd.GeoDataFrame
    city: str
    written: dict[str, list[int]] = field(default_factory=dict)
    plain: dict[str, list[int]] = field(default_factory=dict)
    towns: dict[str, list[int]] = field(default_factory=dict)
    """町 -> rows of its 丁目."""

    def __post_init__(self) -> None:
        for row, (name, is_water) in enumerate(zip(self.areas["name_ja"], self.areas["is_water"], strict=True)):
            if is_water or not str(name or "").strip():
                continue
            self.written.setdefault(written_name(str(name)), []).append(row)
            key = town_name(str(name))
            self.plain.setdefault(key, []).append(row)
            found = re.fullmatch(r"(.+?)[0-9]+丁目?", key)
            if found:
                self.towns.setdefault(found[1], []).append(row)

    def whole(self, name: str) -> list[int]:
        """The small areas that carry the name, or are the 丁目 of the 町 of that name."""
        for text in dict.fromkeys((name, self._without_city(name))):
            for known, key in ((self.written, written_name(text)), (self.plain, town_name(text)), (self.towns, town_name(text))):
                if key in known:
                    return known[key]
        return []

    def around(self, name: str) -> list[int]:
        """The small areas of which the name means a part."""
        key = town_name(self._without_city(name))
        held = [known for known in self.plain if key.startswith(known) and WITHIN.fullmatch(key[len(known) :])]
        return self.plain[max(held, key=len)] if held else []

    def near(self, name: str) -> list[str]:
        """Names that are nearly the same, as the boundary file writes them."""
        key = town_name(name)
        close = difflib.get_close_matches(key, list(self.plain), n=2, cutoff=NEAR)
        return [str(self.areas["name_ja"].iloc[self.plain[one][0]]) for one in close]

    def is_one_place(self, rows: Sequence[int]) -> bool:
        """Whether the small areas of each name among the rows lie together."""
        by_name: dict[str, list[int]] = {}
        for row in rows:
            by_name.setdefault(town_name(str(self.areas["name_ja"].iloc[row])), []).append(row)
        return all(self._connected(own) for own in by_name.values())

    def _connected(self, rows: Sequence[int]) -> bool:
        if len(rows) == 1 or len({str(self.areas["key_code"].iloc[row])[:9] for row in rows}) == 1:
            return True
        shapes = self.areas.geometry.to_numpy()[list(rows)]
        reached, waiting = {0}, [0]
        while waiting:
            beside = set(np.flatnonzero(shapely.intersects(shapes, shapes[waiting.pop()])).tolist()) - reached
            reached |= beside
            waiting += beside
        return len(reached) == len(rows)

    def _without_city(self, name: str) -> str:
        found = re.fullmatch(rf"(?:\S{{2,3}}[都道府県])?{re.escape(self.city)}(.+)", name) if self.city else None
        return found[1] if found else name


@dataclass
class _Claims:
    """What the list says of the small areas, and what of it cannot be used."""

    whole: dict[int, set[str]] = field(default_factory=dict)
    part: dict[int, set[str]] = field(default_factory=dict)
    apart: set[int] = field(default_factory=set)
    lost: list[tuple[str, str]] = field(default_factory=list)
    """Name, school."""

    def add(self, names: _Names, school: str, town: str, extent: str | None) -> None:
        """Note one entry."""
        exact = names.whole(town)
        listed, is_part = ([town], bool(extent) and towns_of(town, extent)[1]) if exact else towns_of(town, extent)
        for name in listed:
            rows, partly = exact or names.whole(name), is_part
            if not rows:
                rows, partly = names.around(name), True
            if not rows:
                self.lost.append((name, school))
            elif not names.is_one_place(rows):
                self.apart.update(rows)
            else:
                for row in rows:
                    (self.part if partly else self.whole).setdefault(row, set()).add(school)


def districts_of_list(entries: pd.DataFrame, areas: gpd.GeoDataFrame, city_name: str, year: int) -> ListedDistricts:
    """The districts of the elementary schools of one city.

    entries: ADDRESS_COLUMNS, of that city; areas: its small areas of one census (SMALL_AREA_COLUMNS). Schools without any small area have no district.
    """
    own = entries[entries["school_kind"] == "elementary"]
    names, claims = _Names(areas, city_name), _Claims()
    schools: dict[str, None] = {}
    for row in own.itertuples(index=False):
        school = school_name(str(row.school_name))
        schools[school] = None
        claims.add(names, school, str(row.town_ja), row.from_ja if isinstance(row.from_ja, str) else None)
    order = list(schools)
    target = np.full(len(areas), -1, dtype=np.int64)
    for row, holders in claims.whole.items():
        if len(holders) == 1 and not claims.part.get(row, set()) - holders and row not in claims.apart:
            target[row] = order.index(next(iter(holders)))
    held = [number for number in range(len(order)) if (target == number).any()]
    shapes = [polygons_of(shapely.union_all(areas.geometry.to_numpy()[target == number])) for number in held]
    place = {number: at for at, number in enumerate(held)}
    table = {"municipality_code": areas["municipality_code"].iloc[0], "school_code": None, "school_name": [order[number] for number in held]}
    frame = gpd.GeoDataFrame(table | {"founder": None, "address": None, "geometry": shapes}, geometry="geometry", crs=GEOGRAPHIC)
    without = [name for number, name in enumerate(order) if number not in place]
    remarks = _remarks(names, claims, target, len(held), without, year)
    of_area = {str(key): place[int(number)] for key, number in zip(areas["key_code"], target, strict=True) if number >= 0}
    return ListedDistricts(gpd.GeoDataFrame(frame[DISTRICT_COLUMNS], geometry="geometry", crs=GEOGRAPHIC), of_area, tuple(remarks))


def assigned(keys: Sequence[str], target: Mapping[str, int], whole: np.ndarray, n_targets: int) -> Overlaps:
    """Small areas that lie in their district as a whole, or in none, as parts for `apportion`: nothing is measured, so sums are exact."""
    of_area = np.array([target.get(key, -1) for key in keys], dtype=np.int64)
    source = np.flatnonzero(of_area >= 0)
    return Overlaps(source, of_area[source], whole[source], whole, n_targets)


def _remarks(names: _Names, claims: _Claims, target: np.ndarray, made: int, without: Sequence[str], year: int) -> list[Remark]:
    """What was made, and everything of the list and of the city that is in none of the districts."""
    land = ~names.areas["is_water"].to_numpy(bool)
    held = target >= 0
    ja = f"小学校区の境界（A27）が無いため、通学区域情報の町字の一覧から{made:,}校区を作りました（町字の一覧から）。"
    people, of = _people(names, np.flatnonzero(held)), int(land.sum())
    ja += f"{year}年の町丁・字等{of:,}区域のうち、一覧で1校だけに決まる{int(held.sum()):,}区域（人口{people}人）の範囲です。"
    en = f"There are no polygons of school districts (A27): {made:,} districts were made from the list of 町字. They hold the {int(held.sum()):,} of "
    en += f"{of:,} small areas of {year} that the list gives to one school alone (population {people})."
    remarks = [Remark("town_list", ja, en)]
    taken = set(np.flatnonzero(held).tolist())
    divided = sorted((set(claims.whole) | set(claims.part)) - claims.apart - taken)
    if divided:
        words = [_with_people(names, row, "。" + "・".join(sorted(claims.whole.get(row, set()) | claims.part.get(row, set())))) for row in divided]
        people = _people(names, divided)
        ja = f"2校以上に分かれるか、番地などの条件が付く{len(divided):,}区域（人口{people}人）は、どの校区にも入れていません: {_some(words)}。"
        en = f"Small areas of two schools, or of which the list names a part, are in no district: {len(divided):,} (population {people}): {_some(words)}."
        remarks.append(Remark("split", ja, en))
    if claims.apart:
        words, people = [_with_people(names, row) for row in sorted(claims.apart)], _people(names, sorted(claims.apart))
        ja = f"同じ名前の町丁・字等が離れて2か所以上にあり、一覧がどれを指すか分からない{len(words):,}区域（人口{people}人）は、"
        ja += f"どの校区にも入れていません: {_some(words)}。"
        en = f"Small areas whose name stands in several places apart are in no district: {len(words):,} (population {people}): {_some(words)}."
        remarks.append(Remark("split", ja, en))
    if claims.lost:
        remarks.append(_lost(names, claims.lost))
    known = set(claims.whole) | set(claims.part) | claims.apart
    unnamed = [row for row in np.flatnonzero(land).tolist() if row not in known]
    if unnamed:
        words, people = [_with_people(names, row) for row in unnamed], _people(names, unnamed)
        ja = f"一覧に無い町丁・字等が{len(unnamed):,}区域（人口{people}人）あり、どの校区にも入りません: {_some(words)}。"
        en = f"Small areas that the list does not name, in no district: {len(unnamed):,} (population {people}): {_some(words)}."
        remarks.append(Remark("not_matched", ja, en))
    if without:
        ja = f"区域が1つも決まらず、地図に載らない学校が{len(without):,}校あります: {_some(without)}。"
        remarks.append(Remark("not_matched", ja, f"Schools without a single small area, not on the map: {len(without):,}: {_some(without)}."))
    return remarks


def _lost(names: _Names, lost: Sequence[tuple[str, str]]) -> Remark:
    """Names of the list that no small area has, with those that are nearly the same."""
    entries = list(Counter(lost))
    words_ja, words_en = [], []
    for name, school in entries[:SHOWN]:
        near = "、".join(names.near(name))
        words_ja.append(f"{name}（{school}。近い名前: {near}）" if near else f"{name}（{school}）")
        words_en.append(f"{name} ({school}; near: {near})" if near else f"{name} ({school})")
    more = f" +{len(entries) - SHOWN:,}" if len(entries) > SHOWN else ""
    ja = f"一覧の町字のうち、町丁・字等の名前と合わないものが{len(entries):,}あります: {'、'.join(words_ja)}{more}。"
    ja += "一覧の名前を直して読み込み直すと、校区に入ります。"
    en = f"Entries of the list that no small area is named like: {len(entries):,}: {', '.join(words_en)}{more}. Mend the names in the list and import it again."
    return Remark("not_matched", ja, en)


def _people(names: _Names, rows: Sequence[int] | np.ndarray) -> str:
    return f"{float(np.nansum(names.areas['population'].to_numpy(float)[np.asarray(rows, dtype=int)])):,.0f}"


def _with_people(names: _Names, row: int, more: str = "") -> str:
    """A small area, with its code where it has no name, and how many live there."""
    return f"{names.areas['name_ja'].iloc[row] or names.areas['key_code'].iloc[row]}（{_people(names, [row])}{more}）"


def _some(words: Sequence[str]) -> str:
    return "、".join(words[:SHOWN]) + (f" +{len(words) - SHOWN:,}" if len(words) > SHOWN else "")
