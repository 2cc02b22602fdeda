"""Checks of the assembled tables: what must never reach the database, and what the report should mention."""

from __future__ import annotations

import pandas as pd

from catalog.model import Registry
from catalog.status import OBSERVED, STATUSES, WITH_VALUE
from etl.areas import NATION
from etl.problems import EtlError, Problem
from etl.readers.reading import OBSERVATION_KEY


def check_tables(tables: dict[str, pd.DataFrame], registry: Registry) -> None:
    """EtlError when a row breaks a rule that every page relies on."""
    problems = [*_observations(tables["observation"], registry), *_answers(tables), *_areas(tables["area"])]
    if problems:
        raise EtlError(problems)


def _observations(rows: pd.DataFrame, registry: Registry) -> list[Problem]:
    bounded = {indicator.id for indicator in registry.indicators.values() if indicator.kind == "share"}
    counts = {indicator.id for indicator in registry.indicators.values() if indicator.kind == "count"}
    has_value = rows["value"].notna()
    rules = {
        "has a status that does not exist": ~rows["status"].isin(STATUSES),
        "has a value and a status that says it has none": has_value & ~rows["status"].isin(WITH_VALUE),
        "has no value although its status says it has one": ~has_value & rows["status"].isin(WITH_VALUE),
        "is a share outside 0-1": rows["indicator_id"].isin(bounded) & has_value & ~rows["value"].between(0, 1),
        "is a negative count": rows["indicator_id"].isin(counts) & rows["value"].lt(0),
        "stands twice": rows.duplicated(OBSERVATION_KEY),
    }
    return [
        Problem("observation", f"the figure {row.indicator_id}, {row.area_code}, {row.year} {rule}", found=f"{row.value} ({row.status})")
        for rule, wrong in rules.items()
        for row in rows[wrong].head(20).itertuples()
    ]


def _answers(tables: dict[str, pd.DataFrame]) -> list[Problem]:
    """Every id a survey answer names has its words, and a wave."""
    answers, labels = tables.get("survey_answer"), tables["survey_label"]
    if answers is None:
        return []
    known = {(row.kind, row.scope, row.id) for row in labels.itertuples()}
    named: set[tuple[str, str, str]] = set()
    for kind, scope, column in (
        ("question", None, "question"), ("mode", None, "mode"), ("group_type", None, "group_type"), ("base", None, "base"),
        ("group", "group_type", "group_id"), ("category", "question", "category"),
    ):  # fmt: skip
        columns = [scope, column] if scope else [column]
        for row in answers[columns].drop_duplicates().itertuples(index=False):
            named.add((kind, row[0] if scope else "", row[-1]))
    return [
        Problem("surveys.yaml", f"there are no words for the {kind} {identifier!r}" + (f" of {scope!r}" if scope else ""), expected="a label in both languages")
        for kind, scope, identifier in sorted(named - known)
    ]


def _areas(areas: pd.DataFrame) -> list[Problem]:
    wrong = areas[areas["level"].isin(["nation", "prefecture", "municipality", "ward"]) & ~areas["area_code"].str.fullmatch(r"\d{5}")]
    return [Problem("area", "the code does not fit its level", found=row.area_code, expected="five digits") for row in wrong.itertuples()]


def sums_that_differ(rows: pd.DataFrame, areas: pd.DataFrame, registry: Registry) -> list[Problem]:
    """Counts whose municipalities, all held, do not add up to the nation's published figure."""
    counts = {indicator.id for indicator in registry.indicators.values() if indicator.kind == "count"}
    level = areas.set_index("area_code")["level"]
    exact = rows[rows["indicator_id"].isin(counts) & rows["status"].eq(OBSERVED) & rows["precision"].eq("unit") & rows["sex"].eq("all")]
    exact = exact[exact["age_group"].eq("all") & exact["household_type"].eq("all")]
    held = exact.assign(level=exact["area_code"].map(level))
    cities = held[held["level"] == "municipality"].groupby(["indicator_id", "year"])["value"].agg(["sum", "size"])
    nation = held[held["area_code"] == NATION].set_index(["indicator_id", "year"])["value"]
    both = cities[cities["size"] == int((level == "municipality").sum())].join(nation, how="inner")
    return [
        Problem(
            "observation",
            f"the municipalities of {indicator} ({year}) do not add up to the nation",
            found=f"{row['sum']:,.0f}",
            expected=f"{row['value']:,.0f}",
        )
        for (indicator, year), row in both.iterrows()
        if row["sum"] != row["value"]
    ]
