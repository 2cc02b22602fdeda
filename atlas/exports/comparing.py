"""Two tables beside each other: columns, number of rows, cells; order matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from atlas.exhibits.model import Column, Table
from atlas.exports.carried_model import CarriedTable
from atlas.exports.citation import Cell, cells
from atlas.exports.tables import csv_value, title_of

ABSOLUTE, RELATIVE = 1.01e-10, 1e-12
"""Files hold ten decimals; another machine may round the last of them to the other side."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs. kind: a key below `reproduce.difference`; row: number and first cell, or an area code; column: its title."""

    kind: str
    row: str = ""
    column: str = ""
    carried: str = ""
    rebuilt: str = ""


def differences_of_tables(carried: CarriedTable, table: Table) -> Iterator[Difference]:
    """What a file's table has other than a table made now."""
    pairs, found = _columns(carried, table.columns)
    yield from found
    there = [tuple(row[place] if place < len(row) else None for place, _ in pairs) for row in carried.rows]
    whole = cells(table)
    here = [tuple(row[place] for _, place in pairs) for row in whole]
    columns = [table.columns[place] for _, place in pairs]
    if len(there) != len(here):
        yield Difference("rows", carried=str(len(there)), rebuilt=str(len(here)))
    for before, now, number in _beside(there, here, columns, carried.form):
        if before is None or now is None:
            yield Difference("row_missing" if before is None else "row_extra", row=_named(number, now or before or ()))
            continue
        for column, one, other in zip(columns, before, now, strict=True):
            if not _same(column, one, other, carried.form):
                yield Difference("cell", _named(number, now), title_of(column), _said(one), _said(_written(column, other, carried.form)))


def _columns(carried: CarriedTable, columns: Sequence[Column]) -> tuple[list[tuple[int, int]], list[Difference]]:
    """Places of the columns that belong together (file, now), and what is different about columns."""
    titles = [title_of(column) for column in columns]
    names = list(carried.ids or carried.titles)
    expected = [column.id for column in columns] if carried.ids else titles
    pairs, found = [], []
    for kind, start, end, other, last in SequenceMatcher(None, names, expected, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - start == last - other):
            pairs += list(zip(range(start, end), range(other, last), strict=True))
            if kind == "replace":
                found += [
                    Difference("column", carried=names[one], rebuilt=expected[two]) for one, two in zip(range(start, end), range(other, last), strict=True)
                ]
            continue
        found += [Difference("column_extra", column=names[place]) for place in range(start, end)]
        found += [Difference("column_missing", column=expected[place]) for place in range(other, last)]
    if carried.ids and carried.titles:
        found += [
            Difference("column", carried=carried.titles[one], rebuilt=titles[two])
            for one, two in pairs
            if names[one] == expected[two] and carried.titles[one] != titles[two]
        ]
    return pairs, found


def _beside(
    there: list[tuple[Cell, ...]], here: list[tuple[Cell, ...]], columns: Sequence[Column], form: str
) -> Iterator[tuple[tuple[Cell, ...] | None, tuple[Cell, ...] | None, int]]:
    """Rows that belong together with their number from 1: by place where there are as many, else those between equal rows."""
    if len(there) == len(here):
        yield from ((before, now, number) for number, (before, now) in enumerate(zip(there, here, strict=True), 1))
        return
    keys = [tuple(_key(column, value, form, True) for column, value in zip(columns, row, strict=True)) for row in there]
    others = [tuple(_key(column, value, form, False) for column, value in zip(columns, row, strict=True)) for row in here]
    for _, start, end, other, last in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
        for step in range(max(end - start, last - other)):
            before = there[start + step] if start + step < end else None
            now = here[other + step] if other + step < last else None
            yield before, now, (start if before is not None else other) + step + 1


def _key(column: Column, value: Cell, form: str, of_file: bool) -> str:
    """A cell as a text by which equal rows are found."""
    if column.kind == "text":
        return _text(value if of_file else _written(column, value, form))
    number = _number(column, value, form) if of_file else value
    return f"{number:.9g}" if isinstance(number, (int, float)) else _text(number)


def _same(column: Column, carried: Cell, rebuilt: Cell, form: str) -> bool:
    if column.kind == "text":
        return _text(carried) == _text(_written(column, rebuilt, form))
    number = _number(column, carried, form)
    if not isinstance(number, (int, float)) or not isinstance(rebuilt, (int, float)):
        return _text(number) == _text(rebuilt)
    return abs(number - rebuilt) <= ABSOLUTE + RELATIVE * abs(rebuilt)


def _number(column: Column, value: Cell, form: str) -> Cell:
    """A number of a file as the table has it; what is no number as it stands."""
    if form == "csv" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    if form == "xlsx" and column.kind == "points" and isinstance(value, (int, float)):
        return value / 100
    return value


def _written(column: Column, value: Cell, form: str) -> Cell:
    """A cell made now as a file of this form has it."""
    if form == "csv" and column.kind == "text" and value not in (None, ""):
        return str(csv_value(column, value))
    if form == "xlsx" and column.kind == "points" and isinstance(value, (int, float)):
        return round(value * 100, 8)
    return value


def _text(value: Cell) -> str:
    return "" if value is None else str(value)


def _said(value: Cell) -> str:
    return _text(value)[:200]


def _named(number: int, row: Sequence[Cell]) -> str:
    first = _text(row[0])[:60] if row else ""
    return f"{number} {first}".strip()
