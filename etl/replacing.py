"""A city's own table imported again: the later one counts, part by part, and in words what that changed.

A part is what one table tells whole: the places of one 種別, the supporters of one 研修年度, one 項目 of one year, a city's list of 町字. Which table is
the later one is known by its rank (`GeoReading.rank`, the order of the imports). Two tables of one part that came together are a clash: nobody knows
which is right.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pandas as pd

from etl.readers.geo_reading import GeoReading

TOGETHER = (
    "Put both into one table; or import them one after the other, the right one last: it takes the place of the other. Of two files put into the folder "
    "inbox by hand, take the wrong one away (1つの表にまとめるか、正しいほうを後から読み込んでください。後のものに入れ替わります。"
    "inbox に手で置いたときは、誤ったほうを取り除いてください)"
)
SHOWN = 10


@dataclass(frozen=True)
class Table:
    """One table with what its rows are about, in the order of its frame.

    rows: municipality_code (None: not known), part (word), key (which row it is, within the part), content (what it says).
    """

    reading: GeoReading
    rows: pd.DataFrame


@dataclass(frozen=True)
class Replaced:
    """Parts of one city of an earlier table that a later one took the place of. is_whole: nothing of the earlier table is used any more."""

    municipality_code: str
    reader: str
    sha256: str
    old_file: str
    new_file: str
    parts: tuple[str, ...]
    added: int
    removed: int
    changed: int
    same: int
    is_whole: bool

    @property
    def text_ja(self) -> str:
        """The sentence of the report."""
        counts = f"追加{self.added:,}行、削除{self.removed:,}行、変更{self.changed:,}行、同じ{self.same:,}行"
        rest = "" if self.is_whole else "先の表の残りは、そのまま使います。"
        return f"{self.municipality_code}の{self._parts('、')}を、先に読み込んだ{self.old_file}から{self.new_file}に入れ替えました（{counts}）。{rest}"

    @property
    def text_en(self) -> str:
        """The same in English."""
        counts = f"rows added {self.added:,}, removed {self.removed:,}, changed {self.changed:,}, the same {self.same:,}"
        rest = "" if self.is_whole else " The rest of the earlier table stays in use."
        return f"{self._parts(', ')} of {self.municipality_code}: {self.new_file} took the place of the earlier {self.old_file} ({counts}).{rest}"

    def _parts(self, separator: str) -> str:
        left = len(self.parts) - SHOWN
        return separator.join(self.parts[:SHOWN]) + (f" +{left:,}" if left > 0 else "")


@dataclass(frozen=True)
class Clash:
    """One part of one city in two tables that came together."""

    municipality_code: str
    part: str
    first: GeoReading
    second: GeoReading


def content_of(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """What each row says in these columns, as one text."""
    return ["|".join("" if pd.isna(cell) else str(cell) for cell in row) for row in frame[list(columns)].itertuples(index=False, name=None)]


def later_ones(tables: Sequence[Table]) -> tuple[list[pd.Series], list[Replaced], list[Clash]]:
    """For each table which rows count; what took the place of what; and what cannot be decided. The order of the tables does not matter.

    A row of which the municipality is not known stands alone: only a row of the same part and key in a later table takes its place.
    """
    newest: dict[Hashable, int] = {}
    holders: dict[Hashable, list[int]] = {}
    keys = [[_part_of(row) for row in table.rows.itertuples(index=False)] for table in tables]
    for number, table in enumerate(tables):
        for key in dict.fromkeys(keys[number]):
            newest[key] = max(newest.get(key, 0), table.reading.rank)
            holders.setdefault(key, []).append(number)
    kept = [pd.Series([newest[key] == table.reading.rank for key in own], index=table.rows.index, dtype=bool) for table, own in zip(tables, keys, strict=True)]
    clashes, pairs = [], dict[tuple[int, int, str], list[str]]()
    for key, numbers in holders.items():
        code, part, *single = key if isinstance(key, tuple) else (key, "")
        last = sorted((number for number in numbers if tables[number].reading.rank == newest[key]), key=lambda number: _name(tables[number]))
        if len(last) > 1 and not single:
            clashes.append(Clash(str(code), str(part), tables[last[0]].reading, tables[last[1]].reading))
        for number in numbers:
            if number not in last:
                pairs.setdefault((number, last[0], str(code or "")), []).append(str(part))
    replaced = [_replaced(tables[old], tables[new], code, tuple(dict.fromkeys(parts)), not kept[old].any()) for (old, new, code), parts in pairs.items()]
    return kept, sorted(replaced, key=lambda one: (one.municipality_code, one.old_file, one.new_file)), clashes


def _part_of(row: object) -> Hashable:
    code = getattr(row, "municipality_code", None)
    known = isinstance(code, str) and code != ""
    part = str(getattr(row, "part", ""))
    return (code, part) if known else (None, part, str(getattr(row, "key", "")))


def _name(table: Table) -> tuple[str, str]:
    return table.reading.file, table.reading.sha256


def _replaced(old: Table, new: Table, code: str, parts: tuple[str, ...], is_whole: bool) -> Replaced:
    """How the rows of these parts differ: a row is the same one if part and key are, the first of several with the first of several."""
    before, after = _contents(old, code, parts), _contents(new, code, parts)
    both = before.index.intersection(after.index)
    same = int((before[both] == after[both]).sum())
    reading = old.reading
    return Replaced(
        code, reading.reader, reading.sha256, reading.file, new.reading.file, parts,
        len(after) - len(both), len(before) - len(both), len(both) - same, same, is_whole,
    )  # fmt: skip


def _contents(table: Table, code: str, parts: tuple[str, ...]) -> pd.Series:
    rows = table.rows[(table.rows["municipality_code"].fillna("") == code) & table.rows["part"].isin(parts)]
    rows = rows.sort_values(["part", "key", "content"], kind="stable")
    index = pd.MultiIndex.from_arrays([rows["part"], rows["key"], rows.groupby(["part", "key"]).cumcount()])
    return pd.Series(rows["content"].to_numpy(dtype=object), index=index, dtype=object)
