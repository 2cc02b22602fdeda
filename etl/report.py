"""The build's report: what is in the database, what is missing and why, what changed since the last build."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from etl.assemble import Assembly
from etl.readers.maps import MAP_READERS

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
OUTSIDE = ("population", "total_households", "general_households")
"""Of these the report says how much lies outside every school district."""
REFUSED = "refused"


@dataclass(frozen=True)
class BuildReport:
    """Everything a person or program wants to know of a build; `as_dict` for JSON.

    maps: every dataset of maps, small areas and places, in the words of its reader; `shipped` ones are the sample city of the build itself.
    remarks: what a planner has to know of a file (municipality_code None) or a city. refused: those of boundaries and tables that do not
    belong together. outside: per city, indicator and year how much of the small areas lies outside every school district.
    replaced: parts of a city's own tables that a later one took the place of, with how many rows that changed.
    """

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
    maps: tuple[Mapping[str, Any], ...] = ()
    remarks: tuple[Mapping[str, Any], ...] = ()
    refused: tuple[Mapping[str, Any], ...] = ()
    outside: tuple[Mapping[str, Any], ...] = ()
    replaced: tuple[Mapping[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain containers for JSON."""
        return asdict(self)


def report_of(
    assembly: Assembly, database: Path, identity: str, changes: Mapping[str, Mapping[str, int]] | None, seconds: float, shipped: Collection[str] = ()
) -> BuildReport:
    """Count what was assembled. shipped: SHA-256 of the datasets that no user gave (the sample city of the build)."""
    observation = assembly.tables["observation"]
    held = observation[observation["value"].notna()]
    years = {str(indicator): sorted(int(year) for year in group.unique()) for indicator, group in held.groupby("indicator_id")["year"]}
    read_by = {reading.source_id for reading in assembly.readings}
    maps = _maps(assembly, shipped)
    remarks = _remarks(assembly, maps)
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
        not_yet_tried=(
            *(source.id for source in assembly.registry.sources.values() if not source.tried_on_real_file and source.id in read_by),
            *_untried_readers(maps),
        ),
        warnings=tuple(problem.sentence() for problem in assembly.warnings),
        maps=maps,
        remarks=remarks,
        refused=tuple(remark for remark in remarks if remark["kind"] == REFUSED),
        outside=_outside(assembly),
        replaced=tuple(asdict(one) | {"text_ja": one.text_ja, "text_en": one.text_en} for one in assembly.replaced),
    )


def _maps(assembly: Assembly, shipped: Collection[str]) -> tuple[Mapping[str, Any], ...]:
    """The datasets of maps and small areas that are used, those that a user gave first."""
    gone = {(one.reader, one.sha256) for one in assembly.replaced if one.is_whole}
    found = [
        {
            "file": reading.file,
            "sha256": reading.sha256,
            "reader": reading.reader,
            "kind": reading.kind,
            "year": int(reading.year),
            "rows": len(reading.frame),
            "sample": reading.is_sample,
            "shipped": reading.sha256 in shipped,
            "understood_ja": reading.understood_ja,
            "understood_en": reading.understood_en,
        }
        for reading in assembly.maps
        if (reading.reader, reading.sha256) not in gone
    ]
    return tuple(sorted(found, key=lambda one: (one["shipped"], one["file"], one["kind"])))


def _remarks(assembly: Assembly, maps: tuple[Mapping[str, Any], ...]) -> tuple[Mapping[str, Any], ...]:
    """Every remark once, with whether it is of the sample city that the build brings along."""
    given = {one["file"] for one in maps if not one["shipped"]}
    frame = assembly.tables["remark"].drop_duplicates()
    found = []
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        found.append({str(name): value for name, value in row.items()} | {"shipped": not given & set(_files(str(row["file"])))})
    return tuple(found)


def _files(shown: str) -> list[str]:
    """The files that a remark on several names."""
    return [file for part in shown.split(" + ") for file in part.split("、")]


def _outside(assembly: Assembly) -> tuple[Mapping[str, Any], ...]:
    """How much of each city's small areas its school districts leave out."""
    frame = assembly.tables["apportioned_total"]
    names = assembly.tables["area"].set_index("area_code")["name_ja"]
    found = []
    for row in frame[frame["indicator_id"].isin(OUTSIDE)].itertuples():
        indicator = assembly.registry.indicators[str(row.indicator_id)]
        total, outside = float(str(row.total)), float(str(row.outside))
        found.append(
            {
                "municipality_code": str(row.municipality_code), "municipality_ja": str(names.get(row.municipality_code, "")),
                "indicator_id": indicator.id, "indicator_ja": indicator.title_ja, "indicator_en": indicator.title_en, "year": int(str(row.year)),
                "total": total, "outside": outside, "share": outside / total if total else 0.0,
                "small_areas": int(str(row.small_areas)), "split_areas": int(str(row.split_areas)),
            }
        )  # fmt: skip
    return tuple(found)


def _untried_readers(maps: tuple[Mapping[str, Any], ...]) -> list[str]:
    """Readers of maps that never saw a real file, and read one that a user gave."""
    used = {one["reader"] for one in maps if not one["shipped"] and not one["sample"]}
    return [reader.id for reader in MAP_READERS if not reader.tried_on_real_file and reader.id in used]


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
