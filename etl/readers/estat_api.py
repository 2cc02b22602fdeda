"""e-Stat API 3.0, getStatsData as JSON, saved by a user: the System of Social and Demographic Statistics (社会・人口統計体系).

Tables 0000010101 (nation and prefectures) and 0000020101 (municipalities and wards). Their items carry the codes of SSDSE
(`A710101`, `A710101_一般世帯数`), so ITEMS of SSDSE-A says what is read. Between censuses population stands there as an estimate,
and before 1985 households stand on another basis: neither is taken. One file must hold the whole answer: a page of it is refused.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from catalog.status import NOT_APPLICABLE, NOT_PUBLISHED, OBSERVED, SUPPRESSED
from etl.problems import EtlError, Problem
from etl.readers.reading import AREA_COLUMNS, OBSERVATION_KEY, READING_COLUMNS, Reader, Reading, sha256_of
from etl.readers.ssdse_a import ITEMS, is_municipality
from etl.readers.ssdse_e import PREFECTURES, is_census_count

INDICATOR_OF = {code: indicator for indicator, code in ITEMS.items()}
UNITS = ("", "人", "世帯", "ha", "ヘクタール")
MARKS = {"-": NOT_APPLICABLE, "***": NOT_PUBLISHED, "...": NOT_PUBLISHED, "…": NOT_PUBLISHED, "X": SUPPRESSED, "x": SUPPRESSED}
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
TIME = re.compile(r"((?:19|20)[0-9]{2})(?:00|10)0000")
FIRST_COMPARABLE_YEAR = 1985
TOKYO_WARDS_TOGETHER = "13100"
DESIGNATED_CITIES = (
    "01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130",
    "23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100",
)  # fmt: skip
NARROW = "ask for fewer items or years (cdCat01, cdTime) so that the answer fits into one file of 100,000 values"


def recognises(head: bytes, path: Path) -> bool:
    """JSON whose outermost key is GET_STATS_DATA."""
    return re.match(rb'(\xef\xbb\xbf)?\s*\{\s*"GET_STATS_DATA"\s*:', head) is not None


def read(path: Path) -> Reading:
    """Read one answer.

    Returns counts of ITEMS for nation, prefectures, municipalities and wards at census years.
    Raises EtlError for an error answer, for a page of a longer answer, and with every value that cannot be read.
    """
    data = _statistical_data(path)
    answer = _Answer(path.name, data)
    answer.check_whole()
    answer.read_values()
    if answer.problems:
        raise EtlError(answer.problems)
    frame = pd.DataFrame(answer.observations, columns=READING_COLUMNS)
    areas = pd.DataFrame(answer.areas.values(), columns=AREA_COLUMNS)
    table = _branch(data, "TABLE_INF")
    years = sorted(frame["year"].unique())
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else f"{years[0]}"
    count, items = frame["area_code"].nunique(), frame["indicator_id"].nunique()
    number = _word(table, "@id")
    return Reading(
        reader="estat_api",
        source_id="estat_api",
        file=path.name,
        sha256=sha256_of(path),
        edition=_word(table, "UPDATED_DATE") or _word(table, "OPEN_DATE") or str(years[-1]),
        observations=frame,
        areas=areas,
        understood_ja=f"e-Stat API 社会・人口統計体系({number})、{span}年、{count:,}地域、{items}項目",
        understood_en=f"e-Stat API, System of Social and Demographic Statistics ({number}), {span}, {count:,} areas, {items} items",
        notes=tuple(f"{number:,} values were left out: {why}" for why, number in answer.left_out.items()),
        publication=f"総務省統計局「社会・人口統計体系」{span}年(e-Stat 統計表 {number})",
    )


def _statistical_data(path: Path) -> dict[str, Any]:
    """STATISTICAL_DATA of a good answer; EtlError when the file is no JSON or the answer is an error."""
    try:
        root = json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        step = "The download broke off or was edited: save the answer again."
        problem = Problem(path.name, f"the JSON cannot be read ({error.msg})", row=error.lineno, column=str(error.colno), next_step=step)
        raise EtlError([problem]) from error
    except (ValueError, RecursionError) as error:
        problem = Problem(path.name, "the file is not JSON in UTF-8", found=type(error).__name__, next_step="Save the answer again.")
        raise EtlError([problem]) from error
    answer = _branch(root, "GET_STATS_DATA")
    status, said = _word(_branch(answer, "RESULT"), "STATUS"), _word(_branch(answer, "RESULT"), "ERROR_MSG")
    data = _branch(answer, "STATISTICAL_DATA")
    if status != "0":
        step = "Check the key (appId), statsDataId and the selections, and ask again."
        problem = Problem(path.name, f"e-Stat gave no data: {said}", found=f"STATUS {status}", expected="STATUS 0", next_step=step)
        raise EtlError([problem])
    if not data:
        step = "Save the answer of getStatsData."
        raise EtlError([Problem(path.name, "the answer holds no data", expected="STATISTICAL_DATA", next_step=step)])
    return data


def _branch(tree: object, key: str) -> dict[str, Any]:
    """The object at `key`, empty when there is none."""
    found = tree.get(key) if isinstance(tree, dict) else None
    return found if isinstance(found, dict) else {}


def _entries(tree: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects at `key`: e-Stat writes a single one without a list."""
    return [entry for entry in _all_entries(tree, key) if isinstance(entry, dict)]


def _all_entries(tree: dict[str, Any], key: str) -> list[Any]:
    found = tree.get(key)
    return found if isinstance(found, list) else [found]


def _word(tree: dict[str, Any], key: str) -> str:
    """The text or number at `key` as text, '' when there is none."""
    found = tree.get(key)
    return str(found).strip() if isinstance(found, str | int | float) else ""


@dataclass
class _Answer:
    """One answer and what is understood of it."""

    file: str
    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    observations: list[tuple[Any, ...]] = field(default_factory=list)
    areas: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def names(self, dimension: str) -> dict[str, str]:
        """Code -> name of a dimension (cat01, area), from CLASS_INF."""
        return {
            _word(entry, "@code"): _word(entry, "@name")
            for one in _entries(_branch(self.data, "CLASS_INF"), "CLASS_OBJ")
            if _word(one, "@id") == dimension
            for entry in _entries(one, "CLASS")
        }

    def check_whole(self) -> None:
        """EtlError when this is a page of a longer answer, or values are missing."""
        result, values = _branch(self.data, "RESULT_INF"), _entries(_branch(self.data, "DATA_INF"), "VALUE")
        total, first, following = (_word(result, key) for key in ("TOTAL_NUMBER", "FROM_NUMBER", "NEXT_KEY"))
        message, step = "", f"Save the answer again, or {NARROW}."
        if following:
            message = f"the download is incomplete: it goes on at startPosition={following}"
            step = f"This page alone is not taken; instead of fetching startPosition={following} into a second file, {NARROW}."
        elif first not in ("", "1"):
            message = f"this is the rest of a download, from value {first} on"
        elif total and total != str(len(values)):
            message = "values are missing"
        elif not values or len(values) != len(_all_entries(_branch(self.data, "DATA_INF"), "VALUE")):
            message = "the answer holds no values, or some that are none"
        if message:
            expected = f"all {total} values" if total else "all values"
            raise EtlError([Problem(self.file, message, found=f"{len(values)} values", expected=expected, next_step=step)])

    def read_values(self) -> None:
        """Observations and areas of all values of known items; a problem for each that cannot be read."""
        items, area_names = self.names("cat01"), self.names("area")
        marks = self._marks()
        seen: dict[tuple[str, ...], int] = {}
        known = 0
        for number, value in enumerate(_entries(_branch(self.data, "DATA_INF"), "VALUE"), start=1):
            item = _item_of(_word(value, "@cat01"), items)
            known += item is not None
            if item is None:
                continue
            area, time = _word(value, "@area"), TIME.fullmatch(_word(value, "@time"))
            if time is None:
                self._refuse(number, "@time", "the year cannot be read", _word(value, "@time"), "a year such as 2020100000")
                continue
            year = int(time.group(1))
            why = _why_not(item, area, year)
            if why:
                self.left_out[why] += 1
                continue
            if not self._place(number, area, area_names):
                continue
            key = (INDICATOR_OF[item], area, str(year))
            if key in seen:
                message = f"{item} of {area} in {year} stands twice, first as value {seen[key]}"
                self._refuse(number, "@area", message, area, "each figure once")
                continue
            seen[key] = number
            if _word(value, "@unit") not in UNITS:
                self._refuse(number, "@unit", f"{item} has another unit", _word(value, "@unit"), "人, 世帯 or ha")
            figure, status = _word(value, "$"), marks.get(_word(value, "$"), OBSERVED)
            if status == OBSERVED and figure not in marks and not NUMBER.fullmatch(figure):
                self._refuse(number, "$", f"{item} of {area} in {year} is no number", figure, "a number or a mark of the table's notes")
                continue
            amount = 0.0 if figure in marks and status == OBSERVED else np.nan if figure in marks else float(figure)
            self.observations.append((*_key(*key), amount, status))
        if not self.problems and not self.observations:
            self._refuse_table(items, known)

    def _marks(self) -> dict[str, str]:
        """Mark -> status; a note of the file that says zero or hidden decides over the usual meaning."""
        marks = dict(MARKS)
        for note in _entries(_branch(self.data, "DATA_INF"), "NOTE"):
            mark, meaning = _word(note, "@char"), _word(note, "$")
            if mark and not NUMBER.fullmatch(mark):
                marks |= {mark: _status_of_note(mark, meaning)}
        return marks

    def _place(self, number: int, area: str, names: dict[str, str]) -> bool:
        """Note the area of a value; False, and a problem, when it is unknown."""
        if area in PREFECTURES or area in self.areas:
            return True
        city = max((code for code in DESIGNATED_CITIES if code[:2] == area[:2] and code < area), default="")
        is_ward = area[2:3] == "1" and area[:2] != "13" and area not in DESIGNATED_CITIES
        if not re.fullmatch("[0-9]{5}", area) or not is_municipality(area) or (is_ward and not city):
            self._refuse(number, "@area", "the area is unknown", area, "five digits: nation, prefecture, municipality or ward")
            return False
        if not names.get(area):
            self._refuse(number, "@area", f"the area {area} has no name", area, "its name in CLASS_INF (ask with metaGetFlg=Y)")
            return False
        parts = names[area].split()
        name = "".join(parts[1:]) or parts[0]
        self.areas[area] = (area, "ward" if is_ward else "municipality", city if is_ward else area[:2] + "000", name, None)
        return True

    def _refuse(self, number: int, column: str, message: str, found: str, expected: str) -> None:
        step = "Save the answer again; the file is not meant to be edited."
        self.problems.append(Problem(self.file, message, None, f"{column} of value {number}", found, expected, step))

    def _refuse_table(self, items: dict[str, str], known: int) -> None:
        """No observation: say what the table holds, what is near to it, and what can be read."""
        if known:
            found, message = "; ".join(self.left_out), "the answer holds no figure that is comparable"
            self.problems.append(Problem(self.file, message, found=found, next_step="Ask for census years from 1985 on."))
            return
        held = [name or code for code, name in items.items()]
        near = [code for name in held for code in difflib.get_close_matches(name.split("_")[0], INDICATOR_OF, n=1, cutoff=0.6)]
        step = f"Ask for {', '.join(dict.fromkeys(near[:5]))} (cdCat01)?" if near else "Ask for table 0000010101 or 0000020101."
        expected = "one of " + ", ".join(f"{code} ({indicator})" for code, indicator in INDICATOR_OF.items())
        message = "the table holds no item that can be read"
        self.problems.append(Problem(self.file, message, None, "@cat01", ", ".join(held[:8]) or "no items", expected, step))


def _item_of(code: str, names: dict[str, str]) -> str | None:
    """The code of ITEMS in `A710101`, `A710101_一般世帯数`, or in the class's name; None for another item."""
    for text in (code, names.get(code, "")):
        if text.split("_")[0] in INDICATOR_OF:
            return text.split("_")[0]
    return None


def _why_not(item: str, area: str, year: int) -> str:
    """Why a value is not taken, or ''."""
    if area == TOKYO_WARDS_TOGETHER:
        return "13100 is the sum of Tokyo's 23 wards"
    if not is_census_count(item, year):
        return "estimates between censuses"
    if item.startswith(("A7", "A8")) and year < FIRST_COMPARABLE_YEAR:
        return "households before 1985 stand on another basis"
    return ""


def _status_of_note(mark: str, meaning: str) -> str:
    """What a note makes of its mark: zero is observed, hidden is suppressed, else the usual meaning or not published."""
    if "秘匿" in meaning:
        return SUPPRESSED
    if re.search("皆無|ゼロ|[0０]", meaning) and not re.search("該当|定義|得られ|不詳|未", meaning):
        return OBSERVED
    return MARKS.get(mark, NOT_PUBLISHED)


def _key(indicator: str, area: str, year: str) -> tuple[Any, ...]:
    return (indicator, area, int(year), *("all",) * (len(OBSERVATION_KEY) - 3))


READER = Reader(
    id="estat_api",
    title_ja="e-Stat API(社会・人口統計体系、getStatsData の JSON)",
    title_en="e-Stat API (System of Social and Demographic Statistics, getStatsData as JSON)",
    tried_on_real_file=False,
    recognises=recognises,
    read=read,
)
