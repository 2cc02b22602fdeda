"""Small-area tables in the layout of e-Stat's `tblT......C..` files: levels, suppression (秘匿), merging (合算), city row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from etl.sample_city.city import Area, City
from etl.sample_city.naming import CITY
from etl.sample_city.people import AGES, FIRST_OLD
from etl.sample_city.terrain import Ints

SAMPLE_CODE = "99201"
HEAD = ["KEY_CODE", "HYOSYO", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN"]
Counts = dict[str, Ints]
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_BANDS = [f"{start}～{start + 4}歳".translate(_WIDE) for start in range(0, 75, 5)]
_BANDS += ["１５歳未満", "１５～６４歳", "６５歳以上", "７５歳以上"]


def _ages(counts: Counts, prefix: str, total: Ints) -> list[Ints]:
    """Twenty columns: total, fifteen groups of five years, four broad groups."""
    groups = [counts[f"{prefix}_{age}"] for age in AGES]
    young, middle, old = sum(groups[:3]), sum(groups[3:FIRST_OLD]), sum(groups[FIRST_OLD:])
    return [total, *groups[:15], np.asarray(young), np.asarray(middle), np.asarray(old), groups[15]]


def _age_columns(counts: Counts) -> list[Ints]:
    women = counts | {f"women_{age}": counts[f"age_{age}"] - counts[f"men_{age}"] for age in AGES}
    return [
        *_ages(counts, "age", counts["population"]),
        *_ages(counts, "men", counts["men"]),
        *_ages(women, "women", counts["population"] - counts["men"]),
    ]


@dataclass(frozen=True)
class Table:
    """One published table: its numbers by census year, labels, columns from counts."""

    ids: dict[int, str]
    labels: list[str]
    columns: Callable[[Counts], list[Ints]]
    hides: bool = True
    """False: population and households, which are printed for every area."""
    ratio: tuple[int, int] | None = None
    """Columns whose quotient stands in one more, last column."""


def _pick(*items: str) -> Callable[[Counts], list[Ints]]:
    return lambda counts: [counts[item] for item in items]


TABLES = (
    Table(
        {2020: "T001081", 2015: "T000848", 2010: "T000572"},
        ["人口総数", "男", "女", "世帯総数"],
        lambda counts: [counts["population"], counts["men"], counts["population"] - counts["men"], counts["households"]],
        hides=False,
    ),
    Table(
        {2020: "T001082", 2015: "T000849", 2010: "T000573"},
        [
            *["総数、年齢「不詳」含む", *[f"総数{band}" for band in _BANDS]],
            *["男の総数、年齢「不詳」含む", *[f"男{band}" for band in _BANDS]],
            *["女の総数、年齢「不詳」含む", *[f"女{band}" for band in _BANDS]],
        ],
        _age_columns,
    ),
    Table(
        {2020: "T001083", 2015: "T000850", 2010: "T000574"},
        [
            "一般世帯数（世帯人員６人以上含む）",
            *[f"世帯人員{size}人" for size in "１２３４５"],
            "一般世帯人員",
            "１世帯当たり人員",
        ],
        _pick("general", "one", "two", "three", "four", "five", "members"),
        ratio=(6, 0),
    ),
    Table(
        {2020: "T001084", 2015: "T000851", 2010: "T000575"},
        [
            "一般世帯総数",
            "親族のみの世帯",
            "核家族世帯",
            "うち夫婦のみの世帯",
            "うち夫婦と子供から成る世帯",
            "核家族以外の世帯",
            "６歳未満世帯員のいる一般世帯総数",
            "１８歳未満世帯員のいる一般世帯総数",
            "６５歳以上世帯員のいる一般世帯総数",
        ],
        _pick("general", "relatives", "nuclear", "couple", "couple_children", "not_nuclear", "under_6", "under_18", "with_old"),
    ),
    Table(
        # e-Stat publishes no such small-area table: these numbers are free, and the labels follow its mesh tables.
        {2020: "T001099", 2015: "T000880", 2010: "T000599"},
        ["一般世帯総数", "１人世帯数", "高齢単身世帯数", "高齢夫婦世帯数", "母子世帯数", "父子世帯数"],
        _pick("general", "one", "one_old", "couple_old", "mother", "father"),
    ),
)


def _cell(value: int) -> str:
    return str(value) if value else "-"


def table_text(city: City, table: Table, year: int) -> str:
    """The whole file: two header rows, the city, then towns and 丁目 in the order of their codes."""
    number = table.ids[year]
    found = city.areas[year]
    values = np.column_stack(table.columns(city.counts[year]))
    after, extra, gave = _after_merging(found, values) if table.hides else (values, {}, {})
    width = len(table.labels)
    codes = [f"{number}{column:03d}" for column in range(1, width + 1)]
    space = "　" if year == 2015 else ""
    lines = [",".join([*HEAD, *codes]), ",".join([*[""] * len(HEAD), *[space + label for label in table.labels]])]

    def row(code: str, level: int, name: str, mark: tuple[str, str, str], numbers: Ints | None) -> None:
        cells = ["X"] * width
        if numbers is not None:
            cells = [_cell(value) for value in numbers.tolist()]
            if table.ratio:
                over, under = (int(numbers[column]) for column in table.ratio)
                cells.append(f"{over / under:.5f}" if under else "-")
        lines.append(",".join([SAMPLE_CODE + code, str(level), CITY, name, *mark, *cells]))

    row("", 1, "", ("0", "", ""), values.sum(axis=0))
    for place, area in enumerate(found):
        if area.is_water:
            continue
        if area.block == 1:
            blocks = [place + step for step, other in enumerate(found[place : place + 100]) if other.town == area.town]
            row(f"{area.town:04d}", 3, area.town_name, *_town(area, blocks, found, after, extra, gave, hides=table.hides))
        if table.hides and area.is_hidden:
            row(area.below, 4 if area.block else 2, area.name, ("2", area.receiver, ""), None)
        else:
            taken = ";".join(gave.get(area.below, []))
            row(area.below, 4 if area.block else 2, area.name, ("1" if taken else "0", "", taken), after[place])
    return "\r\n".join(lines) + "\r\n"


def _after_merging(found: list[Area], values: Ints) -> tuple[Ints, dict[str, Ints], dict[str, list[str]]]:
    """The figures as printed: hidden ones added to their receivers; what went to a town's row; who gave to whom."""
    place_of = {area.below: place for place, area in enumerate(found)}
    after, extra, gave = values.copy(), dict[str, Ints](), dict[str, list[str]]()
    for place, area in enumerate(found):
        if not area.is_hidden:
            continue
        gave.setdefault(area.receiver, []).append(area.below)
        if area.receiver in place_of:
            after[place_of[area.receiver]] += values[place]
        else:
            extra[area.receiver] = extra.get(area.receiver, np.zeros_like(values[place])) + values[place]
        after[place] = 0
    return after, extra, gave


def _town(
    area: Area, blocks: list[int], found: list[Area], after: Ints, extra: dict[str, Ints], gave: dict[str, list[str]], *, hides: bool
) -> tuple[tuple[str, str, str], Ints | None]:
    """Marks and figures of a town's row: the sum of what its 丁目 print; X where they print nothing but X."""
    code = f"{area.town:04d}"
    shown = np.asarray(after[blocks].sum(axis=0))
    if code in extra:
        return ("1", "", ";".join(gave[code])), shown + extra[code]
    only_hidden = hides and any(found[block].is_hidden for block in blocks) and not shown.any()
    return ("0", "", ""), None if only_hidden else shown
