"""What is made from the figures read: sums over municipalities, and shares from exact counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from catalog.model import Registry
from catalog.status import NOT_APPLICABLE, OBSERVED
from etl.areas import NATION
from etl.problems import Problem
from etl.readers.reading import OBSERVATION_KEY

REST_OF_KEY = ["area_code", "year", "sex", "age_group", "household_type"]
HALF_STEP = {"0.01": 0.00005, "0.1": 0.0005, "1": 0.005}


def sums_of_municipalities(observations: pd.DataFrame, municipalities: int, counts: set[str]) -> pd.DataFrame:
    """Counts of prefectures and nation as the sum of their municipalities, where every municipality has the figure.

    Only for cells that no publication gives; wards are parts of their city and are not added.
    """
    exact = observations[observations["indicator_id"].isin(counts) & observations["level"].eq("municipality") & observations["status"].eq(OBSERVED)]
    cell = ["indicator_id", "year", "sex", "age_group", "household_type"]
    held = exact.groupby(cell)["area_code"].transform("size")
    whole = exact[held == municipalities]
    if whole.empty:
        return observations.iloc[0:0]
    by_prefecture = whole.assign(area_code=whole["area_code"].str[:2] + "000")
    summed = pd.concat([by_prefecture, whole.assign(area_code=NATION)]).groupby([*cell, "area_code"], as_index=False)
    frame = summed.agg(value=("value", "sum"), source_id=("source_id", "first"), citation_id=("citation_id", "first"))
    frame = frame.assign(status=OBSERVED, precision="unit")
    present = pd.MultiIndex.from_frame(observations[OBSERVATION_KEY])
    return frame[~pd.MultiIndex.from_frame(frame[OBSERVATION_KEY]).isin(present)]


def shares(observations: pd.DataFrame, registry: Registry) -> tuple[pd.DataFrame, list[Problem]]:
    """Shares and means of every indicator that declares numerator and denominator.

    value = numerator / denominator where both counts are held exactly; a denominator of zero is
    'not_applicable'; a hidden count hides the share. Problems: published shares that the counts contradict.
    """
    frames, problems = [], []
    exact = observations[observations["precision"].eq("unit")]
    for indicator in registry.indicators.values():
        if indicator.numerator is None or indicator.denominator is None:
            continue
        top = exact[exact["indicator_id"] == indicator.numerator]
        bottom = exact[exact["indicator_id"] == indicator.denominator]
        both = top.merge(bottom[[*REST_OF_KEY, "value", "status"]], on=REST_OF_KEY, suffixes=("", "_below"))
        if both.empty:
            continue
        held = both["status"].eq(OBSERVED) & both["status_below"].eq(OBSERVED)
        empty = held & both["value_below"].eq(0)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(held & ~empty, both["value"] / both["value_below"], np.nan)
        status = both["status"].where(~both["status"].eq(OBSERVED), both["status_below"]).where(~empty, NOT_APPLICABLE)
        derived = both.assign(
            indicator_id=indicator.id,
            numerator=both["value"],
            denominator=both["value_below"],
            value=value,
            status=status,
            precision="unit",
        )
        frames.append(derived[[*OBSERVATION_KEY, "value", "numerator", "denominator", "status", "precision", "source_id", "citation_id"]])
        problems += _contradictions(observations[observations["indicator_id"] == indicator.id], derived, indicator.kind)
    if not frames:
        return observations.iloc[0:0], problems
    return pd.concat(frames, ignore_index=True), problems


def _contradictions(published: pd.DataFrame, derived: pd.DataFrame, kind: str) -> list[Problem]:
    """A published share further from its counts than its last printed digit allows."""
    if published.empty or kind != "share":
        return []
    both = published.merge(derived[[*OBSERVATION_KEY, "value"]], on=OBSERVATION_KEY, suffixes=("", "_derived"))
    allowed = np.array([HALF_STEP.get(precision, 0.0005) for precision in both["precision"]]) + 1e-9
    wrong = both[(both["value"] - both["value_derived"]).abs() > allowed]
    return [
        Problem(
            str(row.file) if "file" in both else "figures",
            f"the published share of {row.indicator_id}, {row.area_code}, {row.year} does not follow from its counts",
            row=int(row.line) if "line" in both and pd.notna(row.line) else None,
            found=f"{row.value:.4f}",
            expected=f"{row.value_derived:.4f}",
            next_step="One of the three figures is wrong, or the share is on another basis and needs an id of its own.",
        )
        for row in wrong.itertuples()
    ]
