"""Reads `data/figures/*.csv`: the official figures as tidy tables, each known by its columns (docs/architecture.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from catalog.status import OBSERVED
from etl.problems import EtlError, Problem
from etl.readers.reading import OBSERVATION_KEY

SCALES = {"count": 1.0, "thousand": 1e3, "ten_thousand": 1e4, "percent": 0.01, "mean": 1.0, "index": 1.0, "times": 1.0}
PRECISIONS = ("unit", "thousand", "10 thousand", "0.01", "0.1", "1")
VERIFIED = ("yes", "yes_two_sources", "yes_reassembled", "derived", "secondary")
PROJECTION_KEY = ["indicator_id", "area_code", "vintage", "year", "sex", "age_group", "household_type"]
ANSWER_KEY = ["survey", "year", "question", "mode", "group_type", "group_id", "category"]
CITED = ("publication", "read_in", "verified", "note")
# Looked through in this order: a projection has all the columns of an observation, and more.
LAYOUTS: dict[str, tuple[str, ...]] = {
    "projection": (
        *PROJECTION_KEY, "is_base_year", "value", "unit", "precision", "verified", "n_sources", "source_id", "publication", "read_in", "note",
    ),
    "observation": (*OBSERVATION_KEY, "value", "unit", "precision", "verified", "n_sources", "source_id", "publication", "read_in", "note"),
    "survey_answer": (*ANSWER_KEY, "share_percent", "n", "base", "verified", "source_id", "publication", "page", "note"),
    "survey_wave": ("survey", "year", "reference_date", "sample_size", "valid_n"),
    "contact_score_weight": ("category", "monthly_weight"),
    "contact_score_distribution": ("year", "variant", "category", "score_min", "score_max", "count"),
    "needs_question": ("question_no", "question_ja", "question_en"),
    "international_answer": ("country", "survey", "period", "measure"),
}  # fmt: skip
WIDE = ("area_code", "area_name_ja", "year", "verified", "n_sources", "source_id", "publication", "read_in")
ALSO_READ = "replaced_by_reason"


@dataclass
class Figures:
    """All official figures, ready for the database. One frame a table; `area_names` from the wide tables."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    area_names: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["area_code", "year", "name_ja"]))
    files: tuple[str, ...] = ()


@dataclass
class _Sheet:
    """One CSV as text, with the means to say where something is wrong."""

    name: str
    frame: pd.DataFrame
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, wrong: pd.Series, column: str, message: str, expected: str) -> None:
        """A problem for every row in which `wrong` is true. Line 1 of the file is the header."""
        for position in np.flatnonzero(wrong.to_numpy(bool)):
            found = str(self.frame[column].iloc[position])
            self.problems.append(Problem(self.name, message, row=int(position) + 2, column=column, found=found, expected=expected))

    def number(self, column: str, *, integer: bool = False, optional: bool = False) -> pd.Series:
        """The column as floats; NaN where an optional cell is empty."""
        text = self.frame[column]
        numbers = pd.to_numeric(text, errors="coerce").astype(float)
        wrong = ~np.isfinite(numbers)
        if optional:
            wrong &= text != ""
        if integer:
            wrong |= np.isfinite(numbers) & (numbers != np.floor(numbers))
        self.refuse(wrong, column, "this is not a number", "a whole number" if integer else "a number without thousands marks")
        return numbers

    def one_of(self, column: str, allowed: Iterable[str], what: str) -> None:
        """Every cell is one of `allowed`."""
        known = set(allowed)
        self.refuse(~self.frame[column].isin(known), column, f"unknown {what}", f"one of the declared: {', '.join(sorted(known)[:12])} ...")

    def unique(self, key: list[str]) -> None:
        """No two rows say the same cell."""
        self.refuse(self.frame.duplicated(key), key[0], f"the row says a cell that stands above ({', '.join(key)})", "each cell once")


def citation_ids(frame: pd.DataFrame) -> pd.Series:
    """A short id for what is cited: the same words give the same id."""
    first, *others = (frame[column].fillna("") for column in CITED)
    joined = first.str.cat(others, sep="\x1f")
    ids = {text: "c" + hashlib.sha256(text.encode()).hexdigest()[:10] for text in joined.unique()}
    return joined.map(ids)


def read_figures(folder: Path, indicator_ids: Iterable[str], source_ids: Iterable[str]) -> Figures:
    """Read every CSV of the folder.

    Raises EtlError with all problems of all files: unknown layout, indicator or source, a text in a number
    column, a cell said twice.
    """
    indicators, sources = set(indicator_ids), set(source_ids)
    sheets: list[tuple[str, _Sheet]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.csv")):
        try:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            problems.append(Problem(path.name, f"the file cannot be read as CSV ({error})", expected="UTF-8, comma, one header row"))
            continue
        layout = _layout_of(set(frame.columns), indicators)
        if layout is None:
            problems.append(
                Problem(path.name, "the columns fit no layout", row=1, found=", ".join(frame.columns), next_step="docs/architecture.md lists the layouts.")
            )
        elif layout != "also_read":
            sheets.append((layout, _Sheet(path.name, frame)))
    if not sheets and not problems:
        problems.append(Problem(str(folder), "there are no figures", expected="CSV files"))

    parts: dict[str, list[pd.DataFrame]] = {}
    names: list[pd.DataFrame] = []
    for layout, sheet in sheets:
        if "source_id" in sheet.frame:
            sheet.one_of("source_id", sources, "source")
        if "verified" in sheet.frame:
            sheet.one_of("verified", VERIFIED, "mark in `verified`")
        if layout == "counts_by_area":
            parts.setdefault("observation", []).append(_wide(sheet, indicators))
            names.append(sheet.frame[["area_code", "year", "area_name_ja"]].rename(columns={"area_name_ja": "name_ja"}))
        elif layout in ("observation", "projection"):
            sheet.one_of("indicator_id", indicators, "indicator")
            parts.setdefault(layout, []).append(_long(sheet, layout))
        elif layout == "survey_answer":
            parts.setdefault(layout, []).append(_answers(sheet))
        else:
            parts.setdefault(layout, []).append(_plain(sheet))
        problems += sheet.problems
    tables = {table: pd.concat(frames, ignore_index=True) for table, frames in parts.items()}
    problems += _said_twice(tables)
    if problems:
        raise EtlError(problems)
    area_names = pd.concat(names, ignore_index=True) if names else Figures().area_names
    return Figures(tables, area_names, tuple(sheet.name for _, sheet in sheets))


def _layout_of(columns: set[str], indicators: set[str]) -> str | None:
    if ALSO_READ in columns:
        return "also_read"
    if set(WIDE) <= columns and columns - set(WIDE) <= indicators:
        return "counts_by_area"
    for layout, needed in LAYOUTS.items():
        if set(needed) <= columns:
            return layout
    return None


def _said_twice(tables: dict[str, pd.DataFrame]) -> list[Problem]:
    problems = []
    for table, key in (("observation", OBSERVATION_KEY), ("projection", PROJECTION_KEY), ("survey_answer", ANSWER_KEY)):
        if table not in tables:
            continue
        frame = tables[table]
        for position in np.flatnonzero(frame.duplicated(key).to_numpy()):
            row = frame.iloc[position]
            cell = ", ".join(str(row[column]) for column in key)
            problems.append(
                Problem(row["file"], f"the cell ({cell}) is said twice", row=int(row["line"]), expected="each cell once over all files of data/figures")
            )
    return problems


def _located(sheet: _Sheet, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(file=sheet.name, line=np.arange(2, len(frame) + 2))


def _cited(frame: pd.DataFrame) -> pd.DataFrame:
    for column in CITED:
        if column not in frame:
            frame[column] = ""
    return frame.assign(citation_id=citation_ids(frame))


def _scaled(values: pd.Series, scale: pd.Series | float) -> pd.Series:
    """Printed figure -> stored value; rounding takes away what binary multiplication adds (39.3 % is 0.393)."""
    return (values * scale).round(10)


def _long(sheet: _Sheet, layout: str) -> pd.DataFrame:
    frame = sheet.frame.copy()
    sheet.one_of("unit", SCALES, "unit")
    sheet.one_of("precision", PRECISIONS, "precision")
    sheet.refuse(~frame["area_code"].str.fullmatch(r"\d{5}"), "area_code", "this is not an area code", "five digits")
    frame["value"] = _scaled(sheet.number("value"), frame["unit"].map(SCALES).astype(float))
    for column in ("year", "vintage"):
        if column in frame:
            frame[column] = sheet.number(column, integer=True).fillna(0).astype(int)
            sheet.refuse(~frame[column].between(1900, 2120), column, "this is not a year", "1900 to 2120")
    is_share = sheet.frame["unit"].eq("percent")
    sheet.refuse(is_share & ~frame["value"].between(0, 1), "value", "a share lies outside 0-100 %", "0 to 100")
    if layout == "projection":
        sheet.one_of("is_base_year", ("true", "false"), "answer")
        frame["is_base_year"] = frame["is_base_year"].eq("true")
    else:
        frame["status"] = OBSERVED
    return _located(sheet, _cited(frame))


def _wide(sheet: _Sheet, indicators: set[str]) -> pd.DataFrame:
    sheet.refuse(~sheet.frame["area_code"].str.fullmatch(r"\d{5}"), "area_code", "this is not an area code", "five digits")
    year = sheet.number("year", integer=True).fillna(0).astype(int)
    base = _located(sheet, _cited(sheet.frame.copy()).assign(year=year, sex="all", age_group="all", household_type="all", precision="unit"))
    kept = ["area_code", "year", "sex", "age_group", "household_type", "precision", "source_id", "citation_id", *CITED, "file", "line"]
    frames = []
    for indicator in sorted(set(sheet.frame.columns) & indicators):
        values = sheet.number(indicator, integer=True, optional=True)
        frames.append(base[kept].assign(indicator_id=indicator, value=values, status=OBSERVED)[values.notna()])
    return pd.concat(frames, ignore_index=True)


def _answers(sheet: _Sheet) -> pd.DataFrame:
    frame = sheet.frame.copy()
    frame["share"] = _scaled(sheet.number("share_percent"), 0.01)
    sheet.refuse(~frame["share"].between(0, 1), "share_percent", "a share lies outside 0-100 %", "0 to 100")
    frame["year"] = sheet.number("year", integer=True).fillna(0).astype(int)
    frame["n"] = sheet.number("n", integer=True, optional=True).astype("Int64")
    frame["status"] = OBSERVED
    frame["note"] = np.where(frame["page"] != "", (frame["page"] + " " + frame["note"]).str.strip(), frame["note"])
    return _located(sheet, _cited(frame))


def _plain(sheet: _Sheet) -> pd.DataFrame:
    return _located(sheet, _cited(sheet.frame.copy()))
