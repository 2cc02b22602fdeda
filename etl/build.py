"""One build: read everything, write the database, switch to it. `import_files` adds published files first."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from catalog.folder import DataFolder
from etl.assemble import assemble
from etl.inbox import AnyReading, Given, forget, keep, next_rank, read_inbox, read_with_rank
from etl.problems import EtlError, Problem
from etl.publish import switch_to, write_database
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import read_maps
from etl.readers.reading import Reading
from etl.report import BuildReport, changes_between, report_of
from etl.sample_city import write_sample

Step = Callable[[str], None]
STEPS = ("inbox", "sample", "registry", "figures", "areas", "observations", "districts", "shares", "checks", "database", "switch")
BESIDE_THE_SAMPLE = ("places", "supporters", "district_figures", "school_addresses")
"""Kinds of the fictional city that stand beside the rest of it; anything else takes its place."""


def build(folder: DataFolder, step: Step = lambda _: None) -> BuildReport:
    """Build from registry, figures and inbox, and serve the result.

    EtlError carries every problem found; the database served before stays as it was.
    """
    return _build(folder, [], step)


def import_files(folder: DataFolder, paths: Sequence[Path], step: Step = lambda _: None) -> BuildReport:
    """Read published files, build with them, and keep them in the inbox for the builds to come.

    All or nothing: if one file is refused, or the build with them fails, nothing is kept and nothing changes. A city's own table takes the place of
    what an earlier import told of the same (etl/replacing.py); an earlier one that is replaced as a whole is removed from what is kept.
    """
    readings: list[Given] = []
    problems: list[Problem] = []
    rank = next_rank(folder)
    for path in paths:
        try:
            readings += read_with_rank(path, rank)
        except EtlError as error:
            problems += error.problems
    if problems:
        raise EtlError(problems)
    return _build(folder, readings, step, rank)


def _build(folder: DataFolder, added: Sequence[Given], step: Step, rank: int = 0) -> BuildReport:
    start = time.perf_counter()
    step("inbox")
    kept = read_inbox(folder)
    step("sample")
    given = [one.reading for one in (*kept, *added)]
    shipped = sample_readings(given)
    readings = _each_once([*given, *shipped])
    tables = [reading for reading in readings if isinstance(reading, Reading)]
    maps = [reading for reading in readings if isinstance(reading, GeoReading)]
    assembly = assemble(folder.catalog, folder.figures, tables, maps, step)
    step("database")
    before = folder.database()
    written, identity = write_database(folder, assembly.tables)
    try:
        changes = changes_between(before, written)
        if added:
            keep(folder, list(dict.fromkeys(one.path for one in added)), rank)
        step("switch")
        final = switch_to(folder, written, identity)
        forget(folder, kept, {(one.reader, one.sha256) for one in assembly.replaced if one.is_whole})
    finally:
        written.unlink(missing_ok=True)
    return report_of(assembly, final, identity, changes, time.perf_counter() - start, {reading.sha256 for reading in shipped})


def sample_readings(given: Sequence[AnyReading]) -> list[GeoReading]:
    """The fictional city, written in the published formats and read by the same readers as real files.

    A sample city that the user imported (`python -m etl sample`) takes its place: two would share one code. If only tables of its places or
    people or a list of its 町字 were imported (to practise), these alone take the place of those that come along.
    """
    own = [reading for reading in given if isinstance(reading, GeoReading) and reading.is_sample]
    if any(reading.kind not in BESIDE_THE_SAMPLE for reading in own):
        return []
    replaced = {reading.reader for reading in own}
    with tempfile.TemporaryDirectory(prefix="atlas-sample-") as place:
        write_sample(Path(place))
        return [reading for reading in read_maps(Path(place)) if reading.reader not in replaced]


def _each_once(readings: Sequence[AnyReading]) -> list[AnyReading]:
    """The same dataset given twice counts once, at its latest place in the order of the imports."""
    found: dict[tuple[str, str], AnyReading] = {}
    for reading in readings:
        key = (getattr(reading, "kind", "table"), reading.sha256)
        before = found.get(key)
        found[key] = reading if before is None or getattr(reading, "rank", 0) >= getattr(before, "rank", 0) else before
    return list(found.values())
