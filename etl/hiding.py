"""Which of a city's own figures of one year to hide, over all its items: the sums that are known or can be seen, and the cells that keep them quiet."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from atlas.analysis.linked_numbers import hidden_in_sums
from atlas.analysis.small_numbers import SMALLEST_SHOWN

MOST_PARTS = 4
MOST_TRIED = 20_000
"""Combinations of items that are tried for adding up to another; beyond, only smaller ones are."""
LEAST_ROWS = 2


Name = tuple[Hashable, str]
"""Key and role of a column."""
Sum = tuple[Name, list[Name]]
"""A column, and those that add up to it."""


class Column(NamedTuple):
    """One list of numbers by district. role: people or base; key: the item, or for a 母数 the first item that has it; most: what each cannot exceed."""

    key: Hashable
    role: str
    values: pd.Series
    most: pd.Series


def hidden_rows(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """For each row of one city and year: is its number hidden, is its 母数 hidden (then the number is too).

    rows: indicator_id, area_code, district_text (NaN: the whole city), people, base (NaN: none).
    """
    whole = rows["district_text"].isna()
    districts = rows[~whole]
    columns = _columns(districts)
    sums = _sums_among(columns) if any(_small(column) for column in columns) else []
    hidden = {(column.key, column.role): pd.Series(False, index=column.values.index) for column in columns}
    totals: dict[Name, bool] = {}
    for group in _groups(columns, sums):
        _hide(group, [one for one in sums if one[0] in {(column.key, column.role) for column in group}], hidden, totals)
    bases = _base_of(districts, columns)
    people_gone = pd.Series(False, index=rows.index)
    base_gone = pd.Series(False, index=rows.index)
    for item, own in rows.groupby("indicator_id"):
        base = bases.get(item)
        for at, row in own.iterrows():
            if whole[at]:
                # A sum of the city that is more than its districts says no more than one that is not, so it is hidden along with that one.
                small = 0 < row["people"] < SMALLEST_SHOWN
                base_gone[at] = base is not None and (totals.get((base, "base"), False) or 0 < row["base"] < SMALLEST_SHOWN)
                people_gone[at] = small or totals.get((item, "people"), False) or base_gone[at]
            else:
                base_gone[at] = base is not None and bool(hidden[base, "base"][row["area_code"]])
                people_gone[at] = bool(hidden[item, "people"][row["area_code"]]) or base_gone[at]
    return people_gone, base_gone


def _columns(districts: pd.DataFrame) -> list[Column]:
    """Numbers of every item, and every 母数 once."""
    columns: list[Column] = []
    for item, own in districts.groupby("indicator_id"):
        by_area = own.set_index("area_code")
        columns.append(Column(item, "people", by_area["people"].astype(float), by_area["base"].astype(float)))
    for item, own in districts.groupby("indicator_id"):
        base = own.set_index("area_code")["base"].astype(float)
        if base.notna().any() and not any(one.role == "base" and _same(one.values, base) for one in columns):
            columns.append(Column(item, "base", base, pd.Series(dtype=float)))
    return columns


def _same(one: pd.Series, other: pd.Series) -> bool:
    return len(one) == len(other) and bool((one.reindex(other.index) == other).all())


def _base_of(districts: pd.DataFrame, columns: Sequence[Column]) -> dict[Hashable, Hashable]:
    """Item -> key of the column that holds its 母数."""
    found: dict[Hashable, Hashable] = {}
    for item, own in districts.groupby("indicator_id"):
        base = own.set_index("area_code")["base"].astype(float)
        if base.notna().any():
            found[item] = next(one.key for one in columns if one.role == "base" and _same(one.values, base))
    return found


def _sums_among(columns: Sequence[Column]) -> list[Sum]:
    """Columns that are the sum of others in every district that has them all: (the sum, its parts). Found from the numbers, whatever the names say."""
    frame = pd.DataFrame({(column.key, column.role): column.values for column in columns})
    frame.columns = pd.Index(list(frame.columns), tupleize_cols=False)
    values = frame.to_numpy(float)
    parts = [place for place, column in enumerate(columns) if np.nansum(values[:, place]) > 0]
    found: list[Sum] = []
    tried = 0
    for size in range(1, MOST_PARTS + 1):
        for chosen in combinations(parts, size):
            tried += 1
            if tried > MOST_TRIED and size > 2:
                return found
            if size > 1 and any(columns[place].role == "base" for place in chosen):
                continue
            added = values[:, chosen].sum(axis=1)[:, None]
            gone = np.isnan(added) | np.isnan(values)
            fits = ((added == values) | gone).all(axis=0) & ((~gone).sum(axis=0) >= LEAST_ROWS)
            for place in np.flatnonzero(fits).tolist():
                if place in parts and place not in chosen and (size > 1 or place > chosen[0]):
                    found.append((_name(columns[place]), [_name(columns[one]) for one in chosen]))
    return found


def _small(column: Column) -> bool:
    return bool(((column.values > 0) & (column.values < SMALLEST_SHOWN)).any())


def _name(column: Column) -> Name:
    return column.key, column.role


def _groups(columns: Sequence[Column], sums: Sequence[Sum]) -> list[list[Column]]:
    """Columns that sums tie together."""
    root = {_name(column): _name(column) for column in columns}

    def top(name: Name) -> Name:
        while root[name] != name:
            name = root[name]
        return name

    for whole, parts in sums:
        for part in parts:
            root[top(part)] = top(whole)
    groups: dict[Name, list[Column]] = {}
    for column in columns:
        groups.setdefault(top(_name(column)), []).append(column)
    return list(groups.values())


def _hide(
    group: Sequence[Column],
    sums: Sequence[Sum],
    hidden: dict[Name, pd.Series],
    totals: dict[Name, bool],
) -> None:
    """Fill in which districts of each column are hidden, and whether its sum over the city is."""
    if not any(_small(column) for column in group):
        return
    place: dict[tuple[Name, Hashable], int] = {}
    values: list[float] = []
    most: list[float] = []
    ordered = sorted(group, key=lambda column: column.role != "people")
    for column in ordered:
        for area, value in column.values.dropna().items():
            place[_name(column), area] = len(values)
            values.append(float(value))
            most.append(float(column.most.get(area, np.nan)))
    cells = sum(len(column.values.dropna()) for column in ordered if column.role == "people")
    equations: list[list[int]] = []
    for whole, parts in sums:
        for area in {area for name, area in place if name == whole}:
            if all((part, area) in place for part in parts):
                equations.append([*(place[part, area] for part in parts), place[whole, area]])
    ends: dict[Name, int] = {}
    for column in ordered:
        own = [at for (name, _), at in place.items() if name == _name(column)]
        if len(own) > 1:
            ends[_name(column)] = len(values)
            values.append(float(sum(values[at] for at in own)))
            most.append(np.nan)
            equations.append([*own, ends[_name(column)]])
    gone = hidden_in_sums(values, equations, cells, most)
    for (name, area), at in place.items():
        hidden[name][area] = bool(gone[at])
    for name, at in ends.items():
        totals[name] = bool(gone[at])
