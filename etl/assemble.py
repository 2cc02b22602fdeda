"""Puts registry, official figures and imported files together into the tables of the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from catalog.loading import CatalogError, load_registry
from catalog.model import Registry
from catalog.status import OBSERVED
from etl import areas, checks, derive, registry_tables
from etl.districts import with_geography
from etl.figures import Figures, citation_ids, read_figures
from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GeoReading
from etl.readers.reading import OBSERVATION_KEY, Reading, repeated
from etl.replacing import Replaced

CITATION_COLUMNS = ["citation_id", "publication", "read_in", "verified", "note"]
OBSERVATION_COLUMNS = [
    *OBSERVATION_KEY, "value", "numerator", "denominator", "status", "precision", "source_id", "citation_id", "reason_ja", "reason_en",
]  # fmt: skip


@dataclass(frozen=True)
class Assembly:
    """All tables by name, and what the report should say about how they came to be."""

    tables: dict[str, pd.DataFrame]
    registry: Registry
    readings: tuple[Reading, ...] = ()
    warnings: tuple[Problem, ...] = field(default=())
    maps: tuple[GeoReading, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    """Parts of a city's own tables that later ones took the place of."""


Step = Callable[[str], None]


def assemble(catalog: Path, figures: Path, readings: Sequence[Reading], maps: Sequence[GeoReading], step: Step) -> Assembly:
    """Read, check and derive everything. EtlError names every problem found on the way."""
    step("registry")
    try:
        registry = load_registry(catalog)
    except CatalogError as error:
        raise EtlError(
            Problem(p.file, p.message, column=p.key or None, expected=p.near and f"perhaps {p.near!r}", next_step=p.next_step) for p in error.problems
        ) from error
    step("figures")
    official = read_figures(figures, registry.indicators, registry.sources)
    readings = [areas.with_present_codes(reading, registry) for reading in readings]
    step("areas")
    area = areas.area_table(registry, official.area_names, readings)
    step("observations")
    observed, warnings = observed_figures(official, readings, area, registry)
    step("districts")
    geography, area = with_geography(maps, area)
    registry = replace(registry, indicators={**registry.indicators, **{one.id: one for one in geography.indicators}})
    known = [frame[frame["indicator_id"].isin(registry.indicators)] for frame in geography.observations]
    observed = pd.concat([observed, *known], ignore_index=True)
    observed["level"] = observed["area_code"].map(dict(zip(area["area_code"], area["level"], strict=True)))
    step("shares")
    cited = [official.tables["observation"][CITATION_COLUMNS]] if "observation" in official.tables else []
    cited += [_cited_as(reading)[CITATION_COLUMNS] for reading in readings]
    observation, citation = _derived(observed, pd.concat(cited, ignore_index=True), area, registry)
    tables = registry_tables.tables(registry, official.tables) | geography.tables()
    for name in ("apportioned", "apportioned_total"):
        tables[name] = tables[name][tables[name]["indicator_id"].isin(registry.indicators)]
    tables |= {
        "area": area,
        "citation": pd.concat([citation, _citations(official.tables)]).drop_duplicates("citation_id").sort_values("citation_id"),
        "observation": observation,
    }
    step("checks")
    checks.check_tables(tables, registry)
    warnings += checks.sums_that_differ(observation, area, registry)
    return Assembly(tables, registry, tuple(readings), tuple(warnings), tuple(maps), tuple(geography.replaced))


def observed_figures(official: Figures, readings: Sequence[Reading], area: pd.DataFrame, registry: Registry) -> tuple[pd.DataFrame, list[Problem]]:
    """Every published figure once: a newer edition wins over an older, an imported file over the shipped figures."""
    parts = [official.tables["observation"]] if "observation" in official.tables else []
    for reading in sorted(readings, key=lambda reading: (reading.edition, reading.sha256)):
        frame = reading.observations
        frame = frame[frame["indicator_id"].isin(registry.indicators)]
        words = {"precision": "unit", "source_id": reading.source_id, "file": reading.file, "citation_id": _cited_as(reading)["citation_id"].iloc[0]}
        parts.append(frame.assign(**{name: repeated(str(text), len(frame)) for name, text in words.items()}))
    rows = pd.concat(parts, ignore_index=True)
    rows["level"] = rows["area_code"].map(dict(zip(area["area_code"], area["level"], strict=True)))
    lost = rows[rows["level"].isna()]
    if len(lost):
        raise EtlError(
            Problem(str(row.file), "the figure is for an unknown area", row=_line(row), found=row.area_code, expected="an area of the registry or of a file")
            for row in lost.head(200).itertuples()
        )
    cells = cell_ids(rows)
    warnings = _differences(rows, cells)
    # The last one read wins; but a file that only says "not published" does not wipe out a figure held from elsewhere.
    order = np.lexsort((np.arange(len(rows)), rows["value"].notna().to_numpy(), cells))
    is_last = np.append(cells[order][1:] != cells[order][:-1], True)
    return rows.iloc[np.sort(order[is_last])].reset_index(drop=True), warnings


def _cited_as(reading: Reading) -> pd.DataFrame:
    """The one citation of a file's figures."""
    cited = pd.DataFrame({"publication": [reading.publication], "read_in": [reading.file], "verified": ["file"], "note": [""]})
    return cited.assign(citation_id=citation_ids(cited))


def cell_ids(rows: pd.DataFrame) -> np.ndarray:
    """One whole number for each cell (OBSERVATION_KEY): the same cell, the same number."""
    ids = np.zeros(len(rows), dtype=np.int64)
    for column in OBSERVATION_KEY:
        codes, values = pd.factorize(rows[column])
        ids = ids * len(values) + codes
    return ids


def _line(row: object) -> int | None:
    line = getattr(row, "line", None)
    return int(line) if line is not None and pd.notna(line) else None


def _differences(rows: pd.DataFrame, cells: np.ndarray) -> list[Problem]:
    """Cells that two files give with different exact counts: reported, the newer one is served."""
    exact = (rows["precision"].eq("unit") & rows["value"].notna()).to_numpy()
    order = np.flatnonzero(exact)[np.argsort(cells[exact], kind="stable")]
    values = rows["value"].to_numpy(float)[order]
    differs = (cells[order][1:] == cells[order][:-1]) & (values[1:] != values[:-1])
    found = rows.iloc[order[1:][differs]].drop_duplicates(OBSERVATION_KEY)
    return [
        Problem(
            "several files",
            f"{int(count):,} cells of {indicator} ({year}) differ between the files read; the newest edition is served",
            next_step="Look at the catalogue page to see which edition a figure comes from.",
        )
        for (indicator, year), count in found.groupby(["indicator_id", "year"]).size().items()
    ]


def _derived(observed: pd.DataFrame, cited: pd.DataFrame, area: pd.DataFrame, registry: Registry) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Observations with sums, shares and declared gaps added; and what they cite."""
    counts = {indicator.id for indicator in registry.indicators.values() if indicator.kind == "count"}
    municipalities = int(area["level"].eq("municipality").sum())
    sums = derive.sums_of_municipalities(observed, municipalities, counts)
    citation = cited[cited["citation_id"].isin(observed["citation_id"])].drop_duplicates("citation_id")
    if len(sums):
        summed = citation.set_index("citation_id").loc[sums["citation_id"]].reset_index(drop=True)
        summed = summed.assign(note="sum over all municipalities").assign(citation_id=lambda frame: citation_ids(frame)).set_axis(sums.index)
        citation = pd.concat([citation, summed]).drop_duplicates("citation_id")
        sums = sums.assign(citation_id=summed["citation_id"])
    with_sums = pd.concat([observed, sums], ignore_index=True)
    shares, problems = derive.shares(with_sums, registry)
    if problems:
        raise EtlError(problems)
    rows = pd.concat([with_sums, shares], ignore_index=True).drop_duplicates(OBSERVATION_KEY, keep="last")
    rows = pd.concat([rows, _gaps(registry, area, rows)], ignore_index=True)
    rows = rows.reindex(columns=OBSERVATION_COLUMNS)
    return rows.sort_values(OBSERVATION_KEY, ignore_index=True), citation[CITATION_COLUMNS]


def _gaps(registry: Registry, area: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """A row with a status and no value for every declared gap that no figure fills."""
    frames = []
    codes = area.groupby("level")["area_code"].apply(list).to_dict()
    for indicator in registry.indicators.values():
        for gap in indicator.gaps:
            frame = pd.DataFrame([(code, year) for code in codes.get(gap.level, []) for year in gap.years], columns=["area_code", "year"])
            frames.append(
                frame.assign(
                    indicator_id=indicator.id, sex="all", age_group="all", household_type="all", value=np.nan, status=gap.status,
                    precision="unit", source_id=indicator.sources[0], reason_ja=gap.reason_ja, reason_en=gap.reason_en,
                )
            )  # fmt: skip
    if not frames:
        return rows.iloc[0:0]
    gaps = pd.concat(frames, ignore_index=True)
    filled = pd.MultiIndex.from_frame(rows[OBSERVATION_KEY])
    return gaps[~pd.MultiIndex.from_frame(gaps[OBSERVATION_KEY]).isin(filled)]


def _citations(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the tables other than observation cite."""
    wanted = CITATION_COLUMNS
    frames = [frame[wanted] for frame in tables.values() if "citation_id" in frame]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=wanted)


def observed_count(rows: pd.DataFrame) -> int:
    """How many rows hold a figure."""
    return int(rows["status"].eq(OBSERVED).sum())
