"""Small-area tables of the census: e-Stat T-tables (tblT001082C27 and alike) and 小地域集計 (第5-2表 and alike) as CSV.

T-tables have two header rows (codes; labels) and columns are found by label: published uses disagree about the numbers.
A label that is not known is named in a remark and never guessed. '-' is zero; 'X' and '*' are suppressed and stay NaN.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GeoReading, Member, Remark
from etl.readers.small_area_boundaries import UNKNOWN_YEAR

READER_ID = "small_area_tables"
SOURCE_ID = "estat_small_area_tables"
GET_AGAIN = "Download the table again from e-Stat and do not save it with a spreadsheet program."
HEAD = 1 << 15
TABLE_YEARS = ((572, 609, 2010), (845, 880, 2015), (1081, 1109, 2020), (1140, 1142, 2020), (1231, 1231, 2020))
"""Numbers of e-Stat's census tables (T000572 ...): first, last, census year. Another number leaves the year unknown."""
T_CODE = re.compile(r"(T[0-9]{6})[0-9]{3}")
KEY = re.compile(r"[0-9]{5}|[0-9]{9}|[0-9]{11}")
PROCESSING = {"0": "", "1": "receiver", "2": "hidden", "": "", "-": "", "秘匿": "hidden", "合算": "receiver"}
SUPPRESSED = frozenset("Xx*Ｘ＊")
ZERO = frozenset("-－‐−")

AGE_TOTAL = "(総数)?{}(人口)?(総数)?"
HOUSEHOLDS = "(一般世帯数?)?(親族のみの?世帯数?)?(うち)?{}(の?世帯)?(総?数)?(の?一般世帯数?)?(総数)?"
LABELS = {
    "population": "人口総数|総人口|(人口)?総数年齢不詳を?含む",
    "population_0_14": AGE_TOTAL.format("(15歳未満|0~14歳)"),
    "population_15_64": AGE_TOTAL.format("15~64歳"),
    "population_65_over": AGE_TOTAL.format("65歳以上"),
    "population_75_over": AGE_TOTAL.format("75歳以上"),
    "total_households": "世帯総数|総世帯数|世帯数総数",
    "general_households": "(世帯人員別|家族類型別|世帯の家族類型別)?一般世帯(総数|数|数総数)|総数一般世帯数?",
    "general_household_members": "一般世帯の?人員(総?数)?",
    "one_person_households": HOUSEHOLDS.format("((世帯人員が?)?1人|単独|単独世帯1人)"),
    "households_with_65_over": HOUSEHOLDS.format("65歳以上(の?世帯員|の者)[のが]いる"),
    "older_one_person_households": HOUSEHOLDS.format("(高齢(単身|単独)者?|65歳以上(世帯員)?の?(単身|単独|1人)者?)"),
    "older_couple_households": HOUSEHOLDS.format("高齢夫婦(のみ)?"),
    "nuclear_family_households": HOUSEHOLDS.format("核家族"),
    "one_parent_households": HOUSEHOLDS.format("(核家族世帯)?(うち)?(ひとり親|男親又は女親)と子(供|ども)?(から[成な]る)?"),
    "single_mother_or_father_households": HOUSEHOLDS.format("母子(世帯)?(及び)?父子"),
    "_mother": HOUSEHOLDS.format("母子"),
    "_father": HOUSEHOLDS.format("父子"),
    "_man_and_children": HOUSEHOLDS.format("(核家族世帯)?(うち)?男親と子(供|ども)?(から[成な]る)?"),
    "_woman_and_children": HOUSEHOLDS.format("(核家族世帯)?(うち)?女親と子(供|ども)?(から[成な]る)?"),
    "_couple": HOUSEHOLDS.format("(核家族世帯)?(うち)?夫婦のみ"),
    "_couple_and_children": HOUSEHOLDS.format("(核家族世帯)?(うち)?夫婦と子(供|ども)?(から[成な]る)?"),
}
"""Indicator id -> pattern of its whole label, in the form that `plain` gives. Ids with '_' are parts of DERIVED ones."""
DERIVED = {
    "single_mother_or_father_households": (("_mother", "_father"), ()),
    "one_parent_households": (("_man_and_children", "_woman_and_children"), ()),
}
"""Where the label itself is not there: indicator -> labels that add up to it."""
ONE_PARENT = (("nuclear_family_households",), ("_couple", "_couple_and_children"))
"""The census divides nuclear families into couples, couples with children, and one parent with children: the rest is exact."""
NOT_USED = re.compile(
    "^[男女]|[男女]$|^(総数)?[0-9]+~[0-9]+歳|歳以上|歳未満|外国人|[2-9]人(以上)?(世帯|$|の)|親族|核家族|夫婦|3世代"
    "|当たり|世帯主の年齢|不詳|施設等|主世帯|持ち家|借家|^世帯人員[2-9]"
)
"""Labels that are known and that no indicator needs."""


def plain(label: str) -> str:
    """A label without blanks, brackets and width: '総数、年齢「不詳」含む' -> '総数年齢不詳含む', '０〜４歳' -> '0~4歳'."""
    text = unicodedata.normalize("NFKC", label)
    return re.sub(r"[\s、,・_()「」:：/\[\]]", "", re.sub("[〜～∼–—]", "~", text))


def text_of(member: Member) -> tuple[str, str]:
    """The whole text and its encoding: UTF-8, UTF-16 with a mark, else CP932. EtlError when it is none of them."""
    raw = member.path.read_bytes()
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError as error:
            place = raw.count(b"\n", 0, error.start) + 1
    message = "the text is neither in CP932 nor in UTF-8"
    raise EtlError([Problem(member.name, message, place, next_step=GET_AGAIN)])


def head_of(member: Member) -> list[list[str]]:
    """The first rows as cells, for recognising; empty when it is no text with commas."""
    try:
        with member.path.open("rb") as file:
            raw = file.read(HEAD)
        raw = raw[: raw.rfind(b"\n") + 1] or raw
        wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        if b"\0" in raw and not wide:
            return []
        encoding = "utf-16" if wide else "utf-8-sig" if _is_utf8(raw) else "cp932"
        return list(csv.reader(io.StringIO(raw.decode(encoding, "ignore"), newline="")))[:40]
    except (OSError, csv.Error):
        return []


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


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


def resolved(labels: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Indicator id (or part) -> position of its label, and the labels that are not known or stand twice."""
    names = [plain(label) for label in labels]
    places: dict[str, list[int]] = {}
    unknown = []
    for position, name in enumerate(names):
        known = next((key for key, pattern in LABELS.items() if re.fullmatch(pattern, name)), None)
        if known is None and name == "総数" and {"男", "女"} <= set(names):
            known = "population"
        if known is not None:
            places.setdefault(known, []).append(position)
        elif name and not NOT_USED.search(name):
            unknown.append(labels[position].strip())
    unknown += [labels[position].strip() for several in places.values() if len(several) > 1 for position in several]
    return {key: several[0] for key, several in places.items() if len(several) == 1}, unknown


def measured(member: Member, encoding: str, rows: list[list[str]], fixed: dict[str, int], labels: Sequence[str], start: int) -> Measured:
    """The body of a table: text of the columns `fixed`, numbers of every column whose label is known. EtlError with every bad cell."""
    places, unknown = resolved(labels)
    problems = [
        Problem(member.name, "the row is not whole", row, None, f"{len(cells)} cells", f"{len(labels)} cells", GET_AGAIN)
        for row, cells in enumerate(rows, start=start)
        if len(cells) != len(labels)
    ]
    if not places:
        expected = "labels of population or households"
        problems.append(Problem(member.name, "no column of this table is used here", None, None, ", ".join(unknown[:5]), expected))
    if not rows:
        problems.append(Problem(member.name, "the table ends within its header", found=f"{start - 1} rows", next_step=GET_AGAIN))
    if problems:
        raise EtlError(problems)
    texts = pd.DataFrame({name: [cells[place].strip() for cells in rows] for name, place in fixed.items()}, dtype="object")
    values, suppressed = {}, pd.Series(False, index=texts.index)
    for key, place in places.items():
        cells = pd.Series([row[place].strip() for row in rows], dtype="object")
        marked = cells.isin(SUPPRESSED)
        values[key] = pd.to_numeric(cells.where(~cells.isin(ZERO), "0").where(~marked, None), errors="coerce").astype(float)
        suppressed |= marked
        for position in np.flatnonzero(~marked & ~(np.isfinite(values[key]) & (values[key] >= 0))):
            expected = "a number of at least 0, '-', 'X' or '*'"
            problems.append(
                Problem(member.name, "the cell is no count", int(position) + start, labels[place].strip(), cells[position], expected, GET_AGAIN)
            )
    if problems:
        raise EtlError(problems)
    remarks = []
    if encoding != "cp932":
        remarks.append(Remark("encoding", f"文字コードは{encoding}でした(公表はCP932)。", f"The text is in {encoding}, not in CP932 as published."))
    if unknown:
        listed = " / ".join(dict.fromkeys(unknown))
        ja, en = f"読み方の決まっていない項目は使っていません: {listed}", f"Columns with labels that are not known were not read: {listed}"
        remarks.append(Remark("other", ja, en))
    read_labels = tuple(plain(labels[place]) for place in sorted(places.values()))
    return Measured(texts, _derived(pd.DataFrame(values), remarks), suppressed, read_labels, tuple(remarks))


def _derived(values: pd.DataFrame, remarks: list[Remark]) -> pd.DataFrame:
    """Indicators that are the sum or the rest of printed ones; the parts themselves are left out."""
    for key, (parts, _) in DERIVED.items():
        if key not in values and set(parts) <= set(values):
            values[key] = values[list(parts)].sum(axis=1, skipna=False)
    (whole,), parts = ONE_PARENT
    if "one_parent_households" not in values and {whole, *parts} <= set(values):
        values["one_parent_households"] = values[whole] - values[list(parts)].sum(axis=1, skipna=False)
        ja = "ひとり親と子供から成る世帯は、核家族世帯から夫婦のみの世帯と夫婦と子供から成る世帯を除いて求めました。"
        en = "Households of one parent and children are nuclear families less couples and couples with children."
        remarks.append(Remark("other", ja, en))
    return values[[name for name in values.columns if not name.startswith("_")]]


def year_of(table_id: str) -> int:
    """The census year of an e-Stat table such as T001082; UNKNOWN_YEAR for a number that is not known."""
    number = int(table_id[1:])
    return next((year for first, last, year in TABLE_YEARS if first <= number <= last), UNKNOWN_YEAR)


def read(members: Sequence[Member]) -> list[GeoReading]:
    """Read one table: TABLE_COLUMNS, then one column per indicator, for every level the file prints."""
    (member,) = members
    text, encoding = text_of(member)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise EtlError([Problem(member.name, f"the file is not a readable CSV ({error})", next_step=GET_AGAIN)]) from error
    if _is_t_table(rows):
        return [_reading(member, *_t_table(member, encoding, rows))]
    header = _header_row(rows)
    if header is None:
        raise EtlError([Problem(member.name, "there is no header row of a small-area table", expected="市区町村コード", next_step=GET_AGAIN)])
    return [_reading(member, *_tabulation(member, encoding, rows, header))]
