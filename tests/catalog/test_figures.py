"""What stands in data/figures agrees with the registry and with itself."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from catalog import load_registry

PROJECT = Path(__file__).resolve().parents[2]
FIGURES = PROJECT / "data" / "figures"
KEY = ("indicator_id", "area_code", "year", "sex", "age_group", "household_type")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_cell_is_told_twice() -> None:
    cells: Counter[tuple[str, ...]] = Counter()
    for path in sorted(FIGURES.glob("*.csv")):
        for row in rows_of(path):
            if "indicator_id" in row and "replaced_by_reason" not in row:
                cells[(row.get("vintage", ""), *(row[name] for name in KEY))] += 1
    assert [cell for cell, times in cells.items() if times > 1] == []


def test_every_figure_names_a_declared_indicator_and_one_of_its_sources() -> None:
    registry = load_registry(PROJECT / "data" / "catalog")
    for path in sorted(FIGURES.glob("*.csv")):
        for row in rows_of(path):
            if "indicator_id" in row:
                assert row["source_id"] in registry.indicators[row["indicator_id"]].sources, (path.name, row["indicator_id"])


def test_every_survey_answer_has_words_for_all_it_names() -> None:
    labels = {(label.kind, label.scope, label.id) for label in load_registry(PROJECT / "data" / "catalog").labels}
    for name in ("survey_contact.csv", "survey_loneliness.csv", "survey_isolation_support.csv"):
        for row in rows_of(FIGURES / name):
            named = {(kind, "", row[kind]) for kind in ("question", "mode", "base", "group_type")}
            named |= {("category", row["question"], row["category"]), ("group", row["group_type"], row["group_id"])}
            assert named <= labels, named - labels
