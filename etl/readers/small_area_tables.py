"""Small-area tables of the census: e-Stat T-tables (tblT001082C27 and alike) and 小地域集計 (第5-2表 and alike) as CSV.

T-tables have two header rows (codes; labels) and columns are found by label: published uses disagree about the numbers.
'-' is zero; 'X' and '*' are suppressed, stay NaN and make the area a hidden one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import pandas as pd

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import TABLE_COLUMNS, GeoReader, GeoReading, Member, Remark, file_reading
from etl.readers.small_area_boundaries import READER as BOUNDARIES
from etl.readers.small_area_boundaries import UNKNOWN_YEAR
from etl.readers.small_area_merging import CHOME, TOWN, merged_units, merging_remarks
from etl.readers.small_area_text import GET_AGAIN, csv_of, derived, head_of, plain, resolved

READER_ID = "small_area_tables"
SOURCE_ID = "estat_small_area_tables"

T_COLUMNS = {
    "KEY_CODE": "key_code", "HYOSYO": "level", "CITYNAME": "city_name", "NAME": "name_ja", "HTKSYORI": "processing", "HTKSAKI": "receiver",
    "GASSAN": "received",
}  # fmt: skip
TABULATION = {
    "市区町村コード": "city", "町丁字コード": "town", "地域階層レベル": "level", "秘匿処理": "processing", "秘匿先情報": "receiver",
    "合算地域": "received", "市区町村名": "city_name", "大字・町名": "town_name", "字・丁目名": "chome_name",
}  # fmt: skip
TABLE_YEARS = ((572, 609, 2010), (845, 880, 2015), (1081, 1109, 2020), (1140, 1142, 2020), (1231, 1231, 2020))
"""Numbers of e-Stat's census tables (T000572 ...): first, last, census year. Another number leaves the year unknown."""
T_CODE = re.compile(r"(T[0-9]{6})[0-9]{3}")
KEY = re.compile(r"[0-9]{5}|[0-9]{9}|[0-9]{11}")
PROCESSING = {"0": "", "1": "receiver", "2": "hidden", "": "", "-": "", "秘匿": "hidden", "合算": "receiver"}
SUPPRESSED = frozenset("Xx*Ｘ＊")
ZERO = frozenset("-－‐−")
SEPARATOR = re.compile("[;；、]")
ERA = {"令和": 2018, "平成": 1988}


def claims(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """T-tables (KEY_CODE, HYOSYO and T codes in the first row) and 小地域集計 (a header row with 地域階層レベル)."""
    return [(member,) for member in members if _is_t_table(head_of(member)) or _header_row(head_of(member)) is not None]


def _is_t_table(rows: list[list[str]]) -> bool:
    return bool(rows) and {"KEY_CODE", "HYOSYO"} <= set(rows[0]) and any(T_CODE.fullmatch(cell) for cell in rows[0])


def _header_row(rows: list[list[str]]) -> int | None:
    """The position of the header row of a 小地域集計 table."""
    return next((n for n, row in enumerate(rows) if {"市区町村コード", "地域階層レベル"} <= {plain(cell) for cell in row}), None)


@dataclass(frozen=True)
class Measured:
    """The cells of one table that are read: descriptive columns as text, indicators as numbers (NaN where suppressed)."""

    fixed: pd.DataFrame
    values: pd.DataFrame
    is_suppressed: pd.Series
    """Is any of the indicators of the row suppressed?"""
    labels: tuple[str, ...]
    """The printed labels of what was read."""
    remarks: tuple[Remark, ...]


def measured(member: Member, rows: Iterator[list[str]], fixed: dict[str, int], labels: Sequence[str], start: int) -> Measured:
    """The body of a table: text of the columns `fixed`, numbers of the columns whose label is known. EtlError with every bad cell."""
    places, unknown = resolved(labels)
    body: list[list[str]] = []
    lines: list[int] = []
    problems = []
    for number, cells in enumerate(rows, start=start):
        if len(cells) == len(labels):
            body.append([cells[place].strip() for place in (*fixed.values(), *places.values())])
            lines.append(number)
        elif any(cells):
            widths = f"{len(cells)} cells", f"{len(labels)} cells"
            problems.append(Problem(member.name, "the row is not whole", number, None, *widths, GET_AGAIN))
    if not places:
        listed = ", ".join(unknown[:5]) or None
        problems.append(Problem(member.name, "no column of this table is used here", None, None, listed, "population or households"))
    elif not body:
        problems.append(Problem(member.name, "the table ends within its header", start, next_step=GET_AGAIN))
    texts = pd.DataFrame(body, columns=[*fixed, *places], dtype="str")
    values, suppressed = {}, pd.Series(False, index=texts.index)
    expected = "a count, '-' (zero) or 'X' (suppressed)"
    for key, place in places.items():
        column = texts[key]
        marked = column.isin(SUPPRESSED)
        numbers = pd.to_numeric(column.where(~column.isin(ZERO), "0").where(~marked, None), errors="coerce").astype(float)
        for at in np.flatnonzero(~marked & ~(np.isfinite(numbers) & (numbers >= 0))):
            label = labels[place].strip()
            problems.append(Problem(member.name, "the cell is no count", lines[at], label, column[at], expected, GET_AGAIN))
        values[key], suppressed = numbers, suppressed | marked
    if problems:
        raise EtlError(problems)
    counts, remarks = derived(pd.DataFrame(values))
    if unknown:
        ja = f"意味の決まっていない項目は読んでいません: {' / '.join(unknown)}"
        remarks.append(Remark("other", ja, f"Columns whose label is not known were not read: {' / '.join(unknown)}"))
    shown = tuple(unicodedata.normalize("NFKC", labels[place]).strip() for place in sorted(places.values()))
    return Measured(texts[list(fixed)], counts, suppressed, shown, tuple(remarks))


def year_of(table_id: str) -> int:
    """The census year of an e-Stat table such as T001082; UNKNOWN_YEAR for a number that is not known."""
    number = int(table_id[1:])
    return next((year for first, last, year in TABLE_YEARS if first <= number <= last), UNKNOWN_YEAR)


def whole_codes(codes: pd.Series, lengths: Sequence[int], name: str, start: int) -> tuple[pd.Series, list[Remark]]:
    """Codes with one of the lengths; one digit too short is a lost leading zero and is mended. EtlError for any other."""
    short = codes.str.fullmatch("|".join(f"[0-9]{{{length - 1}}}" for length in lengths if length - 1 not in lengths))
    codes = codes.where(~short, "0" + codes)
    wrong = [(at, code) for at, code in enumerate(codes) if not (code.isdecimal() and code.isascii() and len(code) in lengths)]
    if wrong:
        expected = f"{', '.join(map(str, lengths))} digits"
        message = "the KEY_CODE cannot be read"
        raise EtlError([Problem(name, message, at + start, "KEY_CODE", code, expected, GET_AGAIN) for at, code in wrong])
    if not short.any():
        return codes, []
    ja = f"先頭の0が失われていた{int(short.sum()):,}行のKEY_CODEに0を補いました。"
    return codes, [Remark("mended", ja, f"{int(short.sum()):,} KEY_CODEs got back their leading zero.")]


def read(members: Sequence[Member]) -> list[GeoReading]:
    """Read one table: TABLE_COLUMNS, then one column per indicator, for every level the file prints."""
    (member,) = members
    with csv_of(member) as (rows, encoding):
        head = list(islice(rows, 40))
        if _is_t_table(head):
            title, year, table, found = _t_table(member, head, rows)
        else:
            title, year, table, found = _tabulation(member, head, rows)
    table["processing"] = table["processing"].where(~found.is_suppressed | (table["processing"] != ""), "hidden")
    table = pd.concat([table[TABLE_COLUMNS], found.values], axis=1)
    units = merged_units(table)
    remarks = [*found.remarks, *merging_remarks(table, units)]
    if encoding != "cp932":
        ja = f"文字コードは{encoding}でした(公表はCP932)。"
        remarks.append(Remark("encoding", ja, f"The text is in {encoding}, not in CP932 as published."))
    if year == UNKNOWN_YEAR:
        ja = f"{title}がどの国勢調査の表か分かりません。境界データと重ねるときに人口の合計で確かめます。"
        remarks.append(Remark("other", ja, f"The census year of {title} is not known; the totals will be compared with the boundaries."))
    codes = set(table["municipality_code"])
    areas = int(table["level"].isin([TOWN, CHOME]).sum())
    labels = " / ".join(found.labels)
    understood = (
        f"国勢調査 小地域 {title}({year or '不明'}年)、{len(codes):,}市区町村、{areas:,}町丁・字等、項目: {labels}",
        f"Census small areas, {title} ({year or 'year unknown'}), {len(codes):,} municipalities, {areas:,} areas: {labels}",
    )
    is_sample = not any("01" <= code[:2] <= "47" for code in codes)
    return [file_reading(member, READER_ID, SOURCE_ID, "small_area_table", year, table, understood, remarks, is_sample=is_sample)]


def _t_table(member: Member, head: list[list[str]], rows: Iterator[list[str]]) -> tuple[str, int, pd.DataFrame, Measured]:
    codes = [cell.strip() for cell in head[0]]
    missing = [name for name in T_COLUMNS if name not in codes]
    if missing or len(head) < 2 or KEY.fullmatch(head[1][0].strip()):
        message, expected = "the two header rows are not whole", f"{', '.join(T_COLUMNS)} and a row of labels"
        raise EtlError([Problem(member.name, message, 1, None, f"no {', '.join(missing)}" if missing else None, expected, GET_AGAIN)])
    labels = [label if T_CODE.fullmatch(code) else "" for code, label in zip(codes, head[1], strict=False)]
    found = measured(member, chain(head[2:], rows), {name: codes.index(code) for code, name in T_COLUMNS.items()}, labels, 3)
    keys, remarks = whole_codes(found.fixed["key_code"], (5, 9, 11), member.name, 3)
    name = found.fixed["name_ja"].where(found.fixed["name_ja"] != "", found.fixed["city_name"])
    table_id = next(matched[1] for code in codes if (matched := T_CODE.fullmatch(code)))
    table = _table(member, found.fixed.assign(key_code=keys, name_ja=name), 3)
    return table_id, year_of(table_id), table, replace(found, remarks=(*remarks, *found.remarks))


def _tabulation(member: Member, head: list[list[str]], rows: Iterator[list[str]]) -> tuple[str, int, pd.DataFrame, Measured]:
    """小地域集計: title rows, perhaps line numbers in the first column, a header row at a varying place, codes in two columns."""
    header = _header_row(head) or 0
    names = [plain(cell) for cell in head[header]] if head else []
    missing = [name for name in TABULATION if plain(name) not in names]
    if missing:
        message = f"the header row has no {', '.join(missing)}"
        raise EtlError([Problem(member.name, message, header + 1, expected=", ".join(TABULATION), next_step=GET_AGAIN)])
    fixed = {name: names.index(plain(label)) for label, name in TABULATION.items()}
    above = [*head[header - 1], *[""] * len(names)] if header else [""] * len(names)
    labels = [above[at] + cell if plain(cell) == "総数" else cell for at, cell in enumerate(head[header])]
    labels[: max(fixed.values()) + 1] = [""] * (max(fixed.values()) + 1)
    start = header + 2
    found = measured(member, chain(head[header + 1 :], rows), fixed, labels, start)
    texts = found.fixed
    town = texts["town"].replace("-", "")
    town = town.where(~(texts["level"].isin(["2", "3"]) & town.str.fullmatch("[0-9]{4}00")), town.str[:4])
    keys, remarks = whole_codes(texts["city"] + town, (5, 9, 11), member.name, start)
    name = texts["town_name"] + texts["chome_name"]
    table = _table(member, texts.assign(key_code=keys, name_ja=name.where(name != "", texts["city_name"])), start)
    said = unicodedata.normalize("NFKC", " ".join(cell for row in head[:header] for cell in row))
    era = re.search(r"(令和|平成)\s*([0-9]+|元)年", said)
    year = ERA[era[1]] + int(era[2].replace("元", "1")) if era else UNKNOWN_YEAR
    number = re.search(r"第[0-9]+(-[0-9]+)*表", said)
    title = f"小地域集計 {number[0]}" if number else "小地域集計"
    return title, year, table, replace(found, remarks=(*remarks, *found.remarks))


def _table(member: Member, texts: pd.DataFrame, start: int) -> pd.DataFrame:
    """TABLE_COLUMNS of all rows; codes of receivers with the five digits of their city in front."""
    keys = texts["key_code"]
    wrong = [
        (at, f"the {thing} cannot be read", cell)
        for thing, known in (("level", ("1", "2", "3", "4")), ("processing", PROCESSING))
        for at, cell in enumerate(texts[thing])
        if cell not in known
    ]
    wrong += [(int(at), "the KEY_CODE stands twice", keys[at]) for at in np.flatnonzero(keys.duplicated())]
    if wrong:
        raise EtlError([Problem(member.name, message, at + start, None, cell, next_step=GET_AGAIN) for at, message, cell in wrong])
    receivers = [full_code(code, key) for code, key in zip(texts["receiver"], keys, strict=True)]
    received = [";".join(full_code(one, key) for one in SEPARATOR.split(codes)) for codes, key in zip(texts["received"], keys, strict=True)]
    return pd.DataFrame(
        {
            "key_code": keys,
            "municipality_code": keys.str[:5],
            "name_ja": texts["name_ja"],
            "level": texts["level"].astype(int),
            "processing": texts["processing"].map(PROCESSING),
            "receiver": receivers,
            "received": received,
        }
    )


def full_code(code: str, key: str) -> str:
    """The full key code of a receiver printed without the five digits of its city; zeros lost in front are put back."""
    code = code.strip().strip("-")
    if not code or len(code) >= 9:
        return code
    return key[:5] + code.zfill(4 if len(code) <= 4 else 6)


READER = GeoReader(
    id=READER_ID,
    title_ja="国勢調査 小地域の統計表(T0010xx、小地域集計CSV)",
    title_en="Census tables of small areas (T0010xx, 小地域集計 CSV)",
    tried_on_real_file=True,
    claims=claims,
    read=read,
)
SMALL_AREA_READERS: tuple[GeoReader, ...] = (BOUNDARIES, READER)
