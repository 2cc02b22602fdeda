"""A city's own figures by school district: found their districts, small numbers hidden, each item an indicator of its own.

Hiding comes before anything is kept (docs/methods.md, small numbers): numerators of 1-4, and as many more as keep the sums from giving them away. The
sum of an item over the city counts as known whether or not the table has a row for it, and so does every sum among items of one year that holds in all
their districts (men + women = all, an item and its rest = 母数), of all tables together. Nothing tells a hidden 1-4 from a hidden other cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from catalog.model import OWN_INDICATOR, Indicator
from catalog.status import NOT_APPLICABLE, OBSERVED, SUPPRESSED
from etl.cities import source_of
from etl.geography import Geography
from etl.hiding import hidden_rows
from etl.placing import say_municipalities
from etl.problems import EtlError, Problem
from etl.readers.district_table import READER_ID, SOURCE_ID, WHOLE_CITY, item_name
from etl.readers.geo_reading import GeoReading, Remark
from etl.readers.own_table import CODE
from etl.replacing import TOGETHER, Clash, Table, content_of, later_ones
from etl.sample_city import SAMPLE_CODE
from etl.supporters import ADD_CODE, KnownNames, known_names, municipalities_of

WHY_HIDDEN = (
    "人数が1～4人、またはそこから1～4人の値がわかるため、示していません（市区町村の独自の集計）。",
    "Not shown: 1-4 people, or a figure from which such a number would follow (the city's own figures).",
)
DISTRICTS_FIRST = "Import the school districts (A27) of the municipality together with the table (小学校区データ A27 と一緒に読み込んでください)"
MEND_NAME = "Write the name of the school or its code as the map of school districts has it (地図の小学校区の名前か学校コードで書いてください)"


def indicator_id(item: str) -> str:
    """own_ and the first 8 hex digits of the SHA-256 of the item's name, written in usual width without blanks."""
    return OWN_INDICATOR + hashlib.sha256(item_name(item).encode()).hexdigest()[:8]


def add_own_indicators(found: Geography, maps: Sequence[GeoReading]) -> None:
    """Fill `found.indicators` and add the figures to `found.observations`; EtlError with every row whose place is not known or that two tables hold."""
    readings = [reading for reading in maps if reading.kind == "district_figures"]
    if not readings:
        return
    known = known_names(found)
    problems: list[Problem] = []
    frames = []
    for reading in readings:
        frame, wrong = _placed(found, reading, known)
        problems += wrong
        frames.append(frame)
    kept, replaced, clashes = later_ones([_table(reading, frame) for reading, frame in zip(readings, frames, strict=True)])
    found.replaced += replaced
    rows = pd.concat([frame[own] for frame, own in zip(frames, kept, strict=True)], ignore_index=True)
    rows["indicator_id"] = [indicator_id(item) for item in rows["item"]]
    problems += [*map(_clash, clashes), *_kinds_that_differ(rows), *_totals_too_small(rows)]
    if problems:
        raise EtlError(problems)
    rows = _hidden(rows)
    found.indicators += _indicators(rows)
    for _, own in rows.groupby(["indicator_id", "municipality_code"]):
        found.observations.append(_observations(own))
    for reading, frame, own_rows in zip(readings, frames, kept, strict=True):
        if len(frame) and not own_rows.any():
            found.forget(reading)
            continue
        _tell(found, reading, rows[rows["file_hash"] == reading.sha256], frame)


def _placed(found: Geography, reading: GeoReading, known: KnownNames) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows with municipality and district; rows of the fictional city that match no district are the template's examples and left out."""
    table = reading.frame
    whole = table["district_text"].isna()
    codes = pd.Series(None, index=table.index, dtype="object")
    districts, problems = municipalities_of(replace(reading, frame=table[~whole]), known)
    codes[~whole] = districts
    cities = sorted(set(districts))
    for at, code in table.loc[whole, "municipality_code"].items():
        codes[at] = str(code) if code else cities[0] if len(cities) == 1 else ""
        if not codes[at]:
            message = "of which municipality this is the sum cannot be known (どの市区町村の合計かわかりません)"
            problems.append(Problem(reading.file, message, int(table.at[at, "line"]), CODE, WHOLE_CITY[0], "a municipality code", ADD_CODE))
    frame = table.assign(municipality_code=codes, area_code=None, file=reading.file, file_hash=reading.sha256, file_source=source_of(reading))
    examples, unknown = [], []
    for at, row in frame.iterrows():
        code = str(row["municipality_code"])
        area = code if whole[at] else known.of_district(str(row["district_text"]), code)
        frame.at[at, "area_code"] = area
        if area is None and code == SAMPLE_CODE:
            examples.append(at)
        elif code and ((area is None and code in known.districts) or (code not in known.districts)):
            unknown.append((int(row["line"]), str(row["district_text"] or WHOLE_CITY[0]), code))
    if SAMPLE_CODE in set(frame["municipality_code"]) and SAMPLE_CODE not in known.districts:
        examples = list(frame.index[frame["municipality_code"] == SAMPLE_CODE])
    for line, name, code in unknown:
        if code in known.districts:
            message = f"municipality {code} has no such school district (その小学校区がありません)"
            problems.append(Problem(reading.file, message, line, "学校区", name, "one of its districts", MEND_NAME))
        elif code != SAMPLE_CODE:
            message = f"the school districts of municipality {code} are not loaded (小学校区が読み込まれていません)"
            problems.append(Problem(reading.file, message, line, "学校区", name, next_step=DISTRICTS_FIRST))
    if examples:
        here = frame["municipality_code"].eq(SAMPLE_CODE) & ~frame.index.isin(examples)
        named = set(frame.loc[here & ~whole, "item"])
        examples += [at for at in frame.index[here & whole] if frame.at[at, "item"] not in named]
        ja = f"見本市の小学校区に無い記入例の行を{len(examples):,}読み飛ばしました。"
        found.remark(None, reading.file, Remark("other", ja, f"Example rows that name no district of the sample city were left out: {len(examples):,}."))
    kept = frame.drop(index=examples)
    say_municipalities(found, reading, kept["municipality_code"])
    twice = kept[kept.assign(key=kept["item"].map(item_name)).duplicated(["area_code", "year", "key"])]
    for row in twice[twice["area_code"].notna()].itertuples(index=False):
        message = "the district stands twice under different names (同じ校区が別の書き方で2回あります)"
        problems.append(Problem(reading.file, message, int(str(row.line)), "学校区", str(row.district_text), "each district, year and item once"))
    return kept, problems


def _table(reading: GeoReading, frame: pd.DataFrame) -> Table:
    """The rows as parts by item and year."""
    parts = [f"「{item_name(str(item))}」（{year}年）" for item, year in zip(frame["item"], frame["year"], strict=True)]
    key = frame["area_code"].fillna(frame["district_text"]).fillna("").astype(str)
    rows = {"municipality_code": frame["municipality_code"], "part": parts, "key": key, "content": content_of(frame, ["people", "base", "unit"])}
    return Table(reading, pd.DataFrame(rows, index=frame.index))


def _clash(one: Clash) -> Problem:
    """One item of one municipality and year in two tables that came together: which is right cannot be known."""
    message = f"{one.part} of municipality {one.municipality_code} stands in another table too (同じ項目と年が2つの表にあります)"
    return Problem(one.second.file, message, column="項目", found=one.first.file, expected="one table", next_step=TOGETHER)


def _kinds_that_differ(rows: pd.DataFrame) -> list[Problem]:
    """An item is a share everywhere or a count everywhere."""
    mixed = rows.assign(based=rows["base"].notna()).groupby("indicator_id").agg(item=("item", "first"), kinds=("based", "nunique"), file=("file", "last"))
    return [
        Problem(
            str(row.file), f"「{row.item}」 has 母数 in one table and none in another (同じ項目に、母数のある表と無い表があります)", column="母数",
            next_step="Give one of the two items another name (どちらかの項目の名前を変えてください)",
        )
        for row in mixed[mixed["kinds"] > 1].itertuples(index=False)
    ]  # fmt: skip


def _totals_too_small(rows: pd.DataFrame) -> list[Problem]:
    """A sum of the city that is less than its districts."""
    problems = []
    for _, own in rows.groupby(["municipality_code", "year", "indicator_id"]):
        whole = own["district_text"].isna()
        for column, word in (("people", "人数"), ("base", "母数")):
            parts = own.loc[~whole, column].astype(float).sum()
            for row in own[whole & (own[column].astype(float) < parts)].itertuples(index=False):
                message = "the row of the whole city is less than the districts together (合計の行が校区の合計より小さくなっています)"
                problems.append(Problem(str(row.file), message, int(str(row.line)), word, f"{getattr(row, column):,.0f}", f"at least {parts:,.0f}"))
    return problems


def _hidden(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `is_hidden`, and their numbers taken away."""
    rows = rows.assign(is_hidden=False, base_hidden=False)
    for _, own in rows.groupby(["municipality_code", "year"]):
        people, bases = hidden_rows(own)
        rows.loc[own.index, "is_hidden"], rows.loc[own.index, "base_hidden"] = people, bases
    gone = rows["is_hidden"]
    rows["people"] = rows["people"].astype(float).where(~gone)
    rows["base"] = rows["base"].where(~rows["base_hidden"])
    return rows


def _indicators(rows: pd.DataFrame) -> list[Indicator]:
    """One indicator an item; words as written in the first table."""
    made = []
    for identifier, own in rows.sort_values(["municipality_code", "line"], kind="stable").groupby("indicator_id"):
        title = str(own["item"].iloc[0])
        share = bool(own["base"].notna().any() or own["base_hidden"].any())
        unit = next((unit for unit in own["unit"] if unit), "人")
        what_ja, what_en = ("人数を母数で割った割合", "the number divided by its base") if share else ("その数", "a count")
        made.append(
            Indicator(
                id=str(identifier), topic="districts", kind="share" if share else "count", title_ja=title, title_en=title, short_ja=title, short_en=title,
                definition_ja=f"市区町村の表の「{title}」。{what_ja}です。1～4人の値は秘匿しています。",
                definition_en=f"「{title}」 of the city's own table: {what_en}. Numbers of 1-4 are hidden.",
                unit_ja="％" if share else unit, unit_en="per cent" if share else "people" if unit == "人" else unit, decimals=1 if share else 0,
                levels=("school_district",), sources=(SOURCE_ID,),
                caution_ja="市区町村の独自の集計です。", caution_en="The city's own figures; not an official statistic.",
            )
        )  # fmt: skip
    return made


def _observations(own: pd.DataFrame) -> pd.DataFrame:
    """Rows for the table observation; a hidden cell has neither value nor numerator."""
    people, base = own["people"].to_numpy(float), own["base"].to_numpy(float)
    gone, share = own["is_hidden"].to_numpy(bool), bool(own["base"].notna().any() or own["base_hidden"].any())
    value = np.divide(people, base, out=np.full(len(own), np.nan), where=base > 0) if share else people
    status = np.where(gone, SUPPRESSED, np.where(np.isnan(value), NOT_APPLICABLE, OBSERVED))
    fixed = {"sex": "all", "age_group": "all", "household_type": "all", "precision": "unit"}
    return pd.DataFrame(
        {
            "indicator_id": own["indicator_id"], "area_code": own["area_code"], "year": own["year"].astype(int), "value": np.where(gone, np.nan, value),
            "status": status, "numerator": people if share else np.nan, "denominator": base if share else np.nan,
            "source_id": np.where(own["municipality_code"].eq(SAMPLE_CODE), "sample_city", own["file_source"]),
            "reason_ja": np.where(gone, WHY_HIDDEN[0], ""), "reason_en": np.where(gone, WHY_HIDDEN[1], ""),
        }
    ).assign(**fixed)  # fmt: skip


def _tell(found: Geography, reading: GeoReading, rows: pd.DataFrame, given: pd.DataFrame) -> None:
    """How many cells were hidden, never which of them are 1-4; and a hash that the hidden numbers have no part in.

    The hash of the file itself could confirm a guess at what is hidden, so the database gets one of what may be shown.
    """
    shown = rows[["municipality_code", "area_code", "year", "indicator_id", "people", "base", "is_hidden"]]
    for dataset in found.datasets:
        if dataset["sha256"] == reading.sha256 and dataset["reader"] == READER_ID:
            dataset["sha256"] = hashlib.sha256(shown.sort_values(["indicator_id", "year", "area_code"]).to_csv(index=False).encode()).hexdigest()
    for (code, item, year), own in rows.groupby(["municipality_code", "item", "year"], sort=False):
        hidden = int((own["is_hidden"] & own["district_text"].notna()).sum())
        if hidden:
            ja = f"「{item}」（{year}年）: {hidden:,}校区の値を秘匿しました（1～4人の値と、そこから1～4人の値がわかる値）。"
            en = f"「{item}」 ({year}): the figures of {hidden:,} districts are hidden (1-4, and those from which such a number would follow)."
            found.remark(str(code), reading.file, Remark("suppressed", ja, en))
    lacking = _not_in_table(found, rows)
    for code, count, of in lacking:
        ja = f"表に無い小学校区があります（{of:,}校区のうち{count:,}）。未収録として示します。"
        found.remark(code, reading.file, Remark("other", ja, f"Districts that are not in the table: {count:,} of {of:,}; shown as not held."))


def _not_in_table(found: Geography, rows: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Municipality, districts without any row, districts."""
    held: Mapping[str, set[str]] = {str(code): set(own["area_code"]) for code, own in rows[rows["district_text"].notna()].groupby("municipality_code")}
    result = []
    for frame in found.areas:
        every = frame[frame["level"].eq("school_district")]
        for code, own in every.groupby("parent_code"):
            lacking = set(own["area_code"]) - held.get(str(code), set(own["area_code"]))
            if lacking:
                result.append((str(code), len(lacking), len(own)))
    return result
