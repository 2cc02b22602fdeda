"""The text of a published CSV: its encoding, its first rows, and what the labels of census columns mean.

Columns are found by label because published uses of the column numbers disagree. A label that is not known is told to the
caller, who names it in a remark; it is never guessed.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import Member, Remark

GET_AGAIN = "Download the file again from where it is published and do not save it with a spreadsheet program."
HEAD = 1 << 15

AGE = "(総数)?{}(人口)?(総数)?"
HOUSEHOLDS = "(一般世帯数?)?(親族のみの?世帯数?)?(うち)?{}(の?世帯)?(総?数)?(の?一般世帯数?)?(総数)?"
CHILDREN = "と子(供|ども)?(から[成な]る)?"
NUCLEAR = "(核家族世帯数?)?(うち)?"
LABELS = {
    "population": "人口総数|総人口|(人口)?総数年齢不詳を?含む",
    "population_0_14": AGE.format("(15歳未満|0~14歳)"),
    "population_15_64": AGE.format("15~64歳"),
    "population_65_over": AGE.format("65歳以上"),
    "population_75_over": AGE.format("75歳以上"),
    "total_households": "世帯総数|総世帯数|世帯数総数",
    "general_households": "(世帯人員別|(世帯の)?家族類型別)?一般世帯(総数|数|数総数)|総数一般世帯数?",
    "general_household_members": "一般世帯の?人員(総?数)?",
    "one_person_households": HOUSEHOLDS.format("((世帯人員が?)?1人|単独|単独世帯1人)"),
    "households_with_65_over": HOUSEHOLDS.format("65歳以上(の?世帯員|の者)[のが]いる"),
    "older_one_person_households": HOUSEHOLDS.format("(高齢(単身|単独)者?|65歳以上(世帯員)?の?(単身|単独|1人)者?)"),
    "older_couple_households": HOUSEHOLDS.format("高齢夫婦(のみ)?"),
    "nuclear_family_households": HOUSEHOLDS.format("核家族"),
    "one_parent_households": HOUSEHOLDS.format(f"{NUCLEAR}(ひとり親|男親又は女親){CHILDREN}"),
    "single_mother_or_father_households": HOUSEHOLDS.format("母子(世帯)?(及び|又は)?父子"),
    "_mother": HOUSEHOLDS.format("母子"),
    "_father": HOUSEHOLDS.format("父子"),
    "_man_and_children": HOUSEHOLDS.format(f"{NUCLEAR}男親{CHILDREN}"),
    "_woman_and_children": HOUSEHOLDS.format(f"{NUCLEAR}女親{CHILDREN}"),
    "_couple": HOUSEHOLDS.format(f"{NUCLEAR}夫婦のみ"),
    "_couple_and_children": HOUSEHOLDS.format(f"{NUCLEAR}夫婦{CHILDREN}"),
}
"""Indicator id -> pattern of its whole label in the form that `plain` gives. Ids with '_' are parts, not indicators."""
TITLES_JA = {
    "population": "人口総数",
    "population_0_14": "15歳未満人口",
    "population_15_64": "15～64歳人口",
    "population_65_over": "65歳以上人口",
    "population_75_over": "75歳以上人口",
    "total_households": "世帯総数",
    "general_households": "一般世帯数",
    "general_household_members": "一般世帯人員",
    "one_person_households": "単独世帯数",
    "households_with_65_over": "65歳以上世帯員のいる世帯数",
    "older_one_person_households": "65歳以上の単独世帯数",
    "older_couple_households": "高齢夫婦世帯数",
    "nuclear_family_households": "核家族世帯数",
    "one_parent_households": "ひとり親と子供から成る世帯数",
    "single_mother_or_father_households": "母子・父子世帯数",
}
"""Indicator id -> the title of its column, for Japanese sentences."""
SUMS = {
    "single_mother_or_father_households": ("_mother", "_father"),
    "one_parent_households": ("_man_and_children", "_woman_and_children"),
}
"""Where the label itself is not there: indicator -> the parts that add up to it."""
OTHER_NUCLEAR = ("_couple", "_couple_and_children")
"""The census divides nuclear families into couples, couples with children, and one parent with children: the rest is exact."""
NOT_USED = re.compile(
    "^[男女]|[男女]$|^(総数)?[0-9]+~[0-9]+歳|歳以上|歳未満|外国人|[2-9]人(以上)?(世帯|$|の)|親族|核家族|夫婦|3世代"
    "|当たり|世帯主の年齢|不詳|施設等|主世帯|持ち家|借家|^世帯人員[2-9]"
)
"""Labels that are known and that no indicator needs."""


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


@contextmanager
def csv_of(member: Member) -> Iterator[tuple[Iterator[list[str]], str]]:
    """The rows of a CSV and its encoding. EtlError where the text, or while the rows are read, cannot be."""
    text, encoding = text_of(member)
    try:
        yield csv.reader(io.StringIO(text, newline="")), encoding
    except csv.Error as error:
        raise EtlError([Problem(member.name, f"the file is not a readable CSV ({error})", next_step=GET_AGAIN)]) from error


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


def plain(label: str) -> str:
    """A label without blanks, brackets and width: '総数、年齢「不詳」含む' -> '総数年齢不詳含む', '０〜４歳' -> '0~4歳'."""
    text = unicodedata.normalize("NFKC", label)
    return re.sub(r"[\s、,・_()「」:：/\[\]]", "", re.sub("[〜～∼–—]", "~", text))


def resolved(labels: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Indicator id (or part) -> position of its label; and the labels that are not known, or stand twice and are not read."""
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
    return {key: several[0] for key, several in places.items() if len(several) == 1}, list(dict.fromkeys(unknown))


def derived(values: pd.DataFrame) -> tuple[pd.DataFrame, list[Remark]]:
    """Indicators that are the sum or the rest of printed parts are added, the parts left out; a missing part leaves NaN."""
    remarks = []
    for key, parts in SUMS.items():
        if key not in values and set(parts) <= set(values):
            values[key] = values[list(parts)].sum(axis=1, skipna=False)
    if "one_parent_households" not in values and {"nuclear_family_households", *OTHER_NUCLEAR} <= set(values):
        values["one_parent_households"] = values["nuclear_family_households"] - values[list(OTHER_NUCLEAR)].sum(axis=1, skipna=False)
        ja = "ひとり親と子供から成る世帯は、核家族世帯から、夫婦のみの世帯と夫婦と子供から成る世帯を除いた数です。"
        en = "Households of one parent and children are nuclear families less couples and couples with children."
        remarks.append(Remark("other", ja, en))
    return values[[name for name in values.columns if not name.startswith("_")]], remarks
