"""Small numbers in a city's own tables: which cells to hide (秘匿) so that the totals do not give them away, and a check that they do not.

Primary: counts 1-4, totals too. Complementary: further cells, so that nobody who sees everything else (the other cells, the published
totals, that every zero is shown) can narrow a primary cell within 1-4, or work out any hidden cell exactly. The fewest cells that do
are found as in Fischetti & Salazar (2001, Management Science 47, 1008-1027): an integer programme over the cells, with one cut for each
cell the attacker's linear programme still tells too much about. All hidden cells must carry the same mark: who is told which of
them are 1-4 knows more. Two-way tables whose rows may fall into groups are networks, so that the programmes' bounds are whole numbers.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from atlas.analysis.arrays import FloatArray, count_array, float_array
from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import Interval
from atlas.analysis.normalising import BoolArray
from atlas.analysis.reliability import Visibility, rate_visibility

SMALLEST_SHOWN = 5
MOST_ROUNDS = 25
LARGEST_EXACT = 300
"""Entries (cells and totals) up to which the fewest cells are sought; beyond, cell after cell is protected at its own least cost."""


@dataclass(frozen=True)
class KnownTotals:
    """Totals published (or known) beside the cells; `row_groups` gives each row a label and adds subtotals of every column per label."""

    rows: bool = True
    columns: bool = True
    grand: bool = True
    row_groups: Sequence[Hashable] | None = None


@dataclass(frozen=True)
class HiddenCells:
    """True = hidden. `totals` by name: rows, columns, groups (labels x columns), group_totals, grand; only those that are published."""

    cells: BoolArray
    primary: BoolArray
    """Those of `cells` that are 1-4. For the record only: on screen every hidden cell looks the same."""
    totals: Mapping[str, BoolArray] = field(default_factory=dict)


class VisibleRate(NamedTuple):
    """A rate (NaN where withheld or missing) and how it may be shown; visibility None: nothing to judge, the status says why."""

    rate: float
    visibility: Visibility | None


class _Table(NamedTuple):
    """All entries (cells, then totals) as one vector, the sums among them as equations (rows of `sums` times entries = 0)."""

    values: FloatArray
    least: FloatArray
    """What a hidden entry is at least: the number of cells in it that are not shown as zero."""
    most: FloatArray
    sums: sparse.csr_array
    shapes: dict[str, tuple[int, ...]]


def _table(counts: Any, totals: KnownTotals, at_most: Any) -> _Table:
    held = np.atleast_1d(count_array(counts, "counts"))
    held = held[:, None] if held.ndim == 1 else held
    if held.ndim != 2 or np.isnan(held).any() or (held != np.round(held)).any():
        raise AnalysisError("One table of whole numbers without gaps was expected. Leave rows with gaps out before cells are hidden.")
    n, m = held.shape
    cells = np.arange(n * m).reshape(n, m)
    shapes: dict[str, tuple[int, ...]] = {"cells": (n, m)}
    equations: list[list[int]] = []
    values = [np.vstack([held.ravel(), held.ravel() > 0])]
    size = n * m

    def add(name: str, parts: list[list[int]], shape: tuple[int, ...]) -> None:
        nonlocal size
        so_far = np.hstack(values)
        values.append(np.column_stack([so_far[:, part].sum(axis=1) for part in parts]))
        equations.extend([*part, size + place] for place, part in enumerate(parts))
        shapes[name] = shape
        size += len(parts)

    def places(name: str) -> Any:
        start = sum(int(np.prod(shape)) for shape in list(shapes.values())[: list(shapes).index(name)])
        return np.arange(start, start + int(np.prod(shapes[name]))).reshape(shapes[name])

    labels = list(dict.fromkeys(totals.row_groups or ()))
    members = [[row for row, own in enumerate(totals.row_groups or ()) if own == label] for label in labels]
    if totals.row_groups is not None and len(totals.row_groups) != n:
        raise AnalysisError(f"{len(totals.row_groups)} group labels were given for {n} rows. Give one label per row.")
    by_row, by_column = totals.rows and m > 1, totals.columns and n > 1
    if by_row:
        add("rows", [list(row) for row in cells], (n,))
    if labels:
        add("groups", [list(cells[rows, column]) for rows in members for column in range(m)], (len(labels), m))
        if by_row:
            add("group_totals", [list(places("rows")[rows]) for rows in members], (len(labels),))
            equations.extend([*places("groups")[g], places("group_totals")[g]] for g in range(len(labels)))
    if by_column:
        add("columns", [list(column) for column in (places("groups") if labels else cells).T], (m,))
    if totals.grand and not (by_column and m == 1) and not (by_row and n == 1) and n * m > 1:
        ways = [places(name) for name, used in (("rows", by_row), ("columns", by_column)) if used] or [cells]
        add("grand", [list(ways[0].ravel())], ())
        equations.extend([*way.ravel(), size - 1] for way in ways[1:])
    vector, least = np.hstack(values)
    most = np.full(size, np.inf)
    if at_most is not None:
        most[: n * m] = np.broadcast_to(count_array(at_most, "at_most").reshape(-1, m), held.shape).ravel()
        most[np.isnan(most)] = np.inf
        if (most < vector).any():
            raise AnalysisError("A count is larger than what it is a part of. Check that both are in the same order.")
        most[most < SMALLEST_SHOWN] = np.inf
    sums = sparse.lil_array((len(equations), size))
    for row, equation in enumerate(equations):
        sums[row, equation[:-1]] = 1
        sums[row, equation[-1]] = -1
    return _Table(vector, least, most, sparse.csr_array(sums), shapes)


def _is_small(values: FloatArray) -> BoolArray:
    return np.asarray((values > 0) & (values < SMALLEST_SHOWN))


def _room(table: _Table) -> tuple[FloatArray, FloatArray]:
    """How far each entry, hidden, can lie below and above its value for all that is known; three steps are all that 1-4 can need."""
    step = SMALLEST_SHOWN - 2
    return np.minimum(table.values - table.least, step), np.where(table.values > 0, np.minimum(table.most - table.values, step), 0)


def _needed(table: _Table, entry: int, side: int) -> float:
    """How far the interval of a primary entry must reach below (side -1) or above (1) its value to hold all of 1-4.

    A total can not be less than its number of cells that are not zero, which everyone sees.
    """
    value = float(table.values[entry])
    return value - float(table.least[entry]) if side < 0 else SMALLEST_SHOWN - 1 - value


def _cut(table: _Table, hidden: BoolArray, entry: int, side: int, down: FloatArray, up: FloatArray) -> FloatArray | None:
    """Weights c with c . hidden >= 1 in every safe choice of hidden entries, broken by this one; None where `entry` is safe on this side.

    From the dual of the attacker's programme: furthest the entry can lie from its value with the sums kept.
    """
    needed = _needed(table, entry, side)
    if needed <= 0:
        return None
    used = np.flatnonzero(hidden)
    sums = table.sums[:, used]
    kept = np.flatnonzero(np.abs(sums).sum(axis=1) > 0)
    goal = np.where(used == entry, -float(side), 0.0)
    if kept.size == 0:
        return None
    found = linprog(goal, A_eq=sums[kept], b_eq=np.zeros(kept.size), bounds=np.column_stack([-down[used], up[used]]), method="highs")
    if -found.fun >= needed - 1e-6:
        return None
    reduced = -(table.sums[kept].T @ found.eqlin.marginals)
    reduced[entry] -= side
    weights = np.maximum(-reduced, 0) * up + np.maximum(reduced, 0) * down
    weights[weights < 1e-9] = 0
    return np.asarray(np.minimum(weights, needed) / needed)


def _costs(table: _Table, primary: BoolArray) -> FloatArray:
    """What hiding an entry costs: one cell each, of equally many the ones with fewer people; a total more than all cells together."""
    cells = int(np.prod(table.shapes["cells"]))
    costs = 1 + table.values / (1 + table.values.sum())
    costs[cells:] += 2 * cells
    costs[primary] = 0
    return costs


def _own_cycle(table: _Table, hidden: BoolArray, entry: int, side: int, costs: FloatArray, down: FloatArray, up: FloatArray) -> BoolArray:
    """`hidden` and the cheapest further entries that, moving together with `entry`, keep all sums while it moves as far as needed."""
    price = np.where(hidden, 1e-4, costs)
    size = price.size
    lowest = np.zeros(2 * size)
    lowest[entry + (size if side < 0 else 0)] = _needed(table, entry, side)
    most = np.concatenate([up, down])
    most[entry + (0 if side < 0 else size)] = 0
    both = sparse.hstack([table.sums, -table.sums])
    found = linprog(np.tile(price, 2), A_eq=both, b_eq=np.zeros(both.shape[0]), bounds=np.column_stack([lowest, most]), method="highs")
    moved = found.x[:size] + found.x[size:] > 1e-7
    return np.asarray(hidden | moved)


def _open(table: _Table, hidden: BoolArray, primary: BoolArray, down: FloatArray, up: FloatArray) -> list[FloatArray]:
    cuts = [_cut(table, hidden, entry, side, down, up) for entry in np.flatnonzero(primary).tolist() for side in (-1, 1)]
    return [cut for cut in cuts if cut is not None]


def _fewest(table: _Table, primary: BoolArray, down: FloatArray, up: FloatArray) -> BoolArray | None:
    """The cheapest safe choice, or None where it was not found within the rounds allowed."""
    costs = _costs(table, primary)
    hidden = primary.copy()
    cuts: list[FloatArray] = []
    for _ in range(MOST_ROUNDS):
        new = _open(table, hidden, primary, down, up)
        if not new:
            return hidden
        cuts.extend(new)
        limits = Bounds(primary.astype(float), (table.values > 0).astype(float))
        rule = LinearConstraint(sparse.csr_array(np.vstack(cuts)), lb=1 - 1e-6)
        found = milp(costs, integrality=np.ones(costs.size), bounds=limits, constraints=rule, options={"mip_rel_gap": 0})
        if found.x is None:
            return None
        hidden = np.asarray(np.round(found.x) > 0)
    return None


def _hidden_entries(table: _Table) -> BoolArray:
    """The entries of a table to hide, whatever its sums."""
    primary = _is_small(table.values)
    down, up = _room(table)
    hidden = _fewest(table, primary, down, up) if primary.size <= LARGEST_EXACT else None
    if hidden is None:
        hidden = primary.copy()
        for entry in np.flatnonzero(primary).tolist():
            for side in (-1, 1):
                if _cut(table, hidden, entry, side, down, up) is not None:
                    hidden = _own_cycle(table, hidden, entry, side, _costs(table, primary), down, up)
    return hidden


def hidden_cells(counts: Any, totals: KnownTotals | None = None, at_most: Any = None) -> HiddenCells:
    """Which cells of `counts` (rows x columns, or one list) and which totals to hide; zero is never hidden.

    1-4 always, and as few further cells as keep every one of 1, 2, 3, 4 possible for each of them; of equally many, those with the
    smaller counts; totals only where cells alone can not do it. Beyond 300 entries (or where the fewest are not found in 25 rounds)
    each cell is protected in turn at its own least cost: safe as well, but sometimes a few cells more. The same answer every time.
    `at_most`: published denominators of the same shape, which a numerator can not exceed (those of 1-4 are hidden themselves).
    Raises AnalysisError for gaps, fractions, negative counts, group labels that do not fit, a count above its denominator.
    """
    table = _table(counts, totals or KnownTotals(), at_most)
    primary, hidden = _is_small(table.values), _hidden_entries(table)
    ends = np.cumsum([int(np.prod(shape)) for shape in table.shapes.values()])[:-1]
    pieces = {name: piece.reshape(table.shapes[name]) for name, piece in zip(table.shapes, np.split(hidden, ends), strict=True)}
    cells = pieces.pop("cells").reshape(np.shape(counts))
    return HiddenCells(cells, primary[: cells.size].reshape(cells.shape), pieces)


def attainable(counts: Any, hidden: HiddenCells | Any, totals: KnownTotals | None = None, at_most: Any = None) -> Interval:
    """The narrowest interval of every cell that follows from what is shown: other cells, totals, zeros, denominators.

    Two linear programmes a cell. `hidden` as `hidden_cells` gives it, or a mask of cells alone (then every total is shown).
    Shown cells have their own value twice.
    """
    table = _table(counts, totals or KnownTotals(), at_most)
    mask = np.zeros(table.values.size, dtype=bool)
    cells = np.asarray(hidden.cells if isinstance(hidden, HiddenCells) else hidden, dtype=bool)
    mask[: cells.size] = cells.ravel()
    if isinstance(hidden, HiddenCells) and hidden.totals:
        mask[cells.size :] = np.concatenate([hidden.totals[name].ravel() for name in table.shapes if name != "cells"])
    lower, upper = np.where(mask, table.least, table.values), np.where(mask, table.most, table.values)
    limits = np.column_stack([lower, upper])
    ends = np.column_stack([table.values, table.values])[: cells.size]
    for entry in np.flatnonzero(mask[: cells.size]):
        for end, side in enumerate((1.0, -1.0)):
            goal = np.zeros(mask.size)
            goal[entry] = side
            found = linprog(goal, A_eq=table.sums, b_eq=np.zeros(table.sums.shape[0]), bounds=limits, method="highs")
            ends[entry, end] = found.x[entry] if found.status == 0 else limits[entry, end] if found.status == 3 else np.nan
    return Interval(ends[:, 0].reshape(cells.shape), ends[:, 1].reshape(cells.shape))


def derivable(counts: Any, hidden: HiddenCells | Any, totals: KnownTotals | None = None, at_most: Any = None) -> BoolArray:
    """The cells that are not safe: 1-4 shown, or narrowed within 1-4 by what is shown; others hidden that can be worked out exactly."""
    reach = attainable(counts, hidden, totals, at_most)
    cells = np.asarray(hidden.cells if isinstance(hidden, HiddenCells) else hidden, dtype=bool)
    small = _is_small(float_array(counts))
    told = (reach.lower > 1 + 1e-6) | (reach.upper < SMALLEST_SHOWN - 1 - 1e-6)
    return np.asarray(np.where(small, ~cells | told, cells & (reach.upper - reach.lower < 1 - 1e-6)))


def visible_rate(numerator: float | None, denominator: float | None, own_table: bool = True) -> VisibleRate:
    """numerator / denominator as far as it may be shown: withheld for a numerator of 1-4 in a city's own table, else by `rate_visibility`.

    `own_table` False: an official count, shown as the producer published it; only the rules of `reliability` hold.
    Complementary hiding is up to `hidden_cells`: a rate beside a hidden count must be withheld by the caller.
    Raises AnalysisError for negative counts or a numerator above its denominator.
    """
    part, base = float(count_array(numerator, "numerator")), float(count_array(denominator, "denominator"))
    if part > base:
        raise AnalysisError(f"The numerator {part:g} is larger than its denominator {base:g}. Check area and year of both.")
    rate = part / base if base > 0 else float("nan")
    if own_table and 0 < part < SMALLEST_SHOWN:
        return VisibleRate(float("nan"), Visibility.WITHHELD)
    visibility = rate_visibility(rate, base)
    return VisibleRate(float("nan") if visibility in (None, Visibility.WITHHELD) else rate, visibility)
