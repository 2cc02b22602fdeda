"""The build's report: what is in the database, what is missing and why, what changed since the last build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from etl.assemble import Assembly

COMPARED = {
    "observation": "indicator_id, area_code, year, sex, age_group, household_type, value, status",
    "survey_answer": "survey, year, question, mode, group_type, group_id, category, share, n, status",
    "projection": "indicator_id, area_code, vintage, year, sex, age_group, household_type, value",
}
KEYS = {
    "observation": "indicator_id, area_code, year, sex, age_group, household_type",
    "survey_answer": "survey, year, question, mode, group_type, group_id, category",
    "projection": "indicator_id, area_code, vintage, year, sex, age_group, household_type",
}


@dataclass(frozen=True)
class BuildReport:
    """Everything a person or program wants to know of a build; `as_dict` for JSON."""

    database: str
    content_hash: str
    seconds: float
    rows: Mapping[str, int]
    areas: Mapping[str, int]
    years: Mapping[str, list[int]]
    missing: Mapping[str, int]
    files: tuple[Mapping[str, Any], ...] = ()
    changes: Mapping[str, Mapping[str, int]] | None = None
    not_yet_tried: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Plain containers for JSON."""
        return asdict(self)


def report_of(assembly: Assembly, database: Path, identity: str, changes: Mapping[str, Mapping[str, int]] | None, seconds: float) -> BuildReport:
    """Count what was assembled."""
    observation = assembly.tables["observation"]
    held = observation[observation["value"].notna()]
    years = {str(indicator): sorted(int(year) for year in group.unique()) for indicator, group in held.groupby("indicator_id")["year"]}
    read_by = {reading.source_id for reading in assembly.readings}
    return BuildReport(
        database=database.name,
        content_hash=identity,
        seconds=round(seconds, 2),
        rows={name: len(frame) for name, frame in sorted(assembly.tables.items())},
        areas=_counts(assembly.tables["area"]["level"]),
        years=years,
        missing=_counts(observation.loc[observation["value"].isna(), "status"]),
        files=tuple(
            {
                "file": reading.file,
                "sha256": reading.sha256,
                "understood_ja": reading.understood_ja,
                "understood_en": reading.understood_en,
                "notes": reading.notes,
            }
            for reading in assembly.readings
        ),
        changes=changes,
        not_yet_tried=tuple(source.id for source in assembly.registry.sources.values() if not source.tried_on_real_file and source.id in read_by),
        warnings=tuple(problem.sentence() for problem in assembly.warnings),
    )


def _counts(values: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in values.value_counts().sort_index().items()}


def changes_between(before: Path | None, after: Path) -> dict[str, dict[str, int]] | None:
    """Per table: figures added, removed and changed since the database served before; None when there was none."""
    if before is None:
        return None
    changes = {}
    try:
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{_quoted(before)}' AS old (READ_ONLY)")
            connection.execute(f"ATTACH '{_quoted(after)}' AS new (READ_ONLY)")
            for table, columns in COMPARED.items():
                key = KEYS[table]
                changes[table] = {
                    "added": _count(connection, f"SELECT {key} FROM new.{table} EXCEPT SELECT {key} FROM old.{table}"),
                    "removed": _count(connection, f"SELECT {key} FROM old.{table} EXCEPT SELECT {key} FROM new.{table}"),
                    "changed": _count(
                        connection,
                        f"SELECT {key} FROM (SELECT {columns} FROM new.{table} EXCEPT SELECT {columns} FROM old.{table}) "
                        f"INTERSECT SELECT {key} FROM old.{table}",
                    ),
                }
    except duckdb.Error:
        return None  # an older schema, or a file another process is just removing: nothing to compare with
    return changes


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()
    return int(row[0]) if row else 0


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
