"""One build: read everything, write the database, switch to it. `import_files` adds published files first."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from catalog.folder import DataFolder
from etl.assemble import assemble
from etl.problems import EtlError
from etl.publish import switch_to, write_database
from etl.readers import read_file
from etl.readers.reading import Reading
from etl.report import BuildReport, changes_between, report_of

Step = Callable[[str], None]
STEPS = ("inbox", "registry", "figures", "areas", "observations", "shares", "checks", "database", "switch")


def build(folder: DataFolder, step: Step = lambda _: None) -> BuildReport:
    """Build from registry, figures and inbox, and serve the result.

    EtlError carries every problem found; the database served before stays as it was.
    """
    return _build(folder, [], step)


def import_files(folder: DataFolder, paths: Sequence[Path], step: Step = lambda _: None) -> BuildReport:
    """Read published files, build with them, and keep them in the inbox for the builds to come.

    All or nothing: if one file is refused, or the build with them fails, nothing is kept and nothing changes.
    """
    readings, problems = [], []
    for path in _files_of(paths):
        try:
            readings.append((path, read_file(path)))
        except EtlError as error:
            problems += error.problems
    if problems:
        raise EtlError(problems)
    return _build(folder, readings, step)


def _build(folder: DataFolder, added: Sequence[tuple[Path, Reading]], step: Step) -> BuildReport:
    start = time.perf_counter()
    step("inbox")
    kept = _inbox_readings(folder, {reading.sha256 for _, reading in added})
    readings = _each_once([*kept, *(reading for _, reading in added)])
    assembly = assemble(folder.catalog, folder.figures, readings, step)
    step("database")
    before = folder.database()
    written, identity = write_database(folder, assembly.tables)
    try:
        changes = changes_between(before, written)
        for path, reading in added:
            _keep(folder, path, reading)
        step("switch")
        final = switch_to(folder, written, identity)
    finally:
        written.unlink(missing_ok=True)
    return report_of(assembly, final, identity, changes, time.perf_counter() - start)


def _files_of(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        files += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return files


def _inbox_readings(folder: DataFolder, replaced: set[str]) -> list[Reading]:
    """Every file of the inbox, read; all problems of all files in one EtlError."""
    readings, problems = [], []
    for path in sorted(folder.inbox.rglob("*")) if folder.inbox.is_dir() else []:
        if not path.is_file() or path.name.startswith("."):
            continue
        try:
            reading = read_file(path)
        except EtlError as error:
            problems += error.problems
            continue
        if reading.sha256 not in replaced:
            readings.append(reading)
    if problems:
        raise EtlError(problems)
    return readings


def _each_once(readings: Sequence[Reading]) -> list[Reading]:
    return list({reading.sha256: reading for reading in readings}.values())


def _keep(folder: DataFolder, path: Path, reading: Reading) -> None:
    """Copy an imported file into the inbox under its content's name, in one atomic step."""
    place = folder.inbox / reading.reader
    place.mkdir(parents=True, exist_ok=True)
    final = place / f"{reading.sha256[:12]}-{path.name}"
    if any(place.glob(f"{reading.sha256[:12]}-*")):
        return
    with tempfile.NamedTemporaryFile(dir=place, prefix=".", suffix=".part", delete=False) as beside, path.open("rb") as source:
        shutil.copyfileobj(source, beside)
    Path(beside.name).replace(final)
