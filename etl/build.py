"""One build: read everything, write the database, switch to it. `import_files` adds published files first."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from catalog.folder import DataFolder
from etl.assemble import assemble
from etl.problems import EtlError, Problem
from etl.publish import switch_to, write_database
from etl.readers import read_any
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import read_maps
from etl.readers.reading import Reading, sha256_of
from etl.report import BuildReport, changes_between, report_of
from etl.sample_city import write_sample

Step = Callable[[str], None]
KEPT = "kept"
SHAPEFILE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
STEPS = ("inbox", "sample", "registry", "figures", "areas", "observations", "districts", "shares", "checks", "database", "switch")
POINTS_AND_PEOPLE = ("places", "supporters", "district_figures")
AnyReading = Reading | GeoReading


def build(folder: DataFolder, step: Step = lambda _: None) -> BuildReport:
    """Build from registry, figures and inbox, and serve the result.

    EtlError carries every problem found; the database served before stays as it was.
    """
    return _build(folder, [], step)


def import_files(folder: DataFolder, paths: Sequence[Path], step: Step = lambda _: None) -> BuildReport:
    """Read published files, build with them, and keep them in the inbox for the builds to come.

    All or nothing: if one file is refused, or the build with them fails, nothing is kept and nothing changes.
    """
    readings: list[tuple[Path, AnyReading]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            readings += [(path, reading) for reading in read_any(path)]
        except EtlError as error:
            problems += error.problems
    if problems:
        raise EtlError(problems)
    return _build(folder, readings, step)


def _build(folder: DataFolder, added: Sequence[tuple[Path, AnyReading]], step: Step) -> BuildReport:
    start = time.perf_counter()
    step("inbox")
    kept = _inbox_readings(folder)
    step("sample")
    given = [*kept, *(reading for _, reading in added)]
    shipped = _sample_readings(given)
    readings = _each_once([*given, *shipped])
    tables = [reading for reading in readings if isinstance(reading, Reading)]
    maps = [reading for reading in readings if isinstance(reading, GeoReading)]
    assembly = assemble(folder.catalog, folder.figures, tables, maps, step)
    step("database")
    before = folder.database()
    written, identity = write_database(folder, assembly.tables)
    try:
        changes = changes_between(before, written)
        for path in dict.fromkeys(path for path, _ in added):
            _keep(folder, path)
        step("switch")
        final = switch_to(folder, written, identity)
    finally:
        written.unlink(missing_ok=True)
    return report_of(assembly, final, identity, changes, time.perf_counter() - start, {reading.sha256 for reading in shipped})


def _sample_readings(given: Sequence[AnyReading]) -> list[GeoReading]:
    """The fictional city, written in the published formats and read by the same readers as real files.

    A sample city that the user imported (`python -m etl sample`) takes its place: two would share one code. If only tables of its places or
    people were imported (to practise with the templates), these alone take the place of those that come along.
    """
    own = [reading for reading in given if isinstance(reading, GeoReading) and reading.is_sample]
    if any(reading.kind not in POINTS_AND_PEOPLE for reading in own):
        return []
    replaced = {reading.reader for reading in own}
    with tempfile.TemporaryDirectory(prefix="atlas-sample-") as place:
        write_sample(Path(place))
        return [reading for reading in read_maps(Path(place)) if reading.reader not in replaced]


def _inbox_readings(folder: DataFolder) -> list[AnyReading]:
    """Everything in the inbox, read; all problems of all files in one EtlError. A folder of the inbox's folders is one import."""
    readings: list[AnyReading] = []
    problems: list[Problem] = []
    for path in _inbox_entries(folder.inbox):
        try:
            readings += read_any(path)
        except EtlError as error:
            problems += error.problems
    if problems:
        raise EtlError(problems)
    return readings


def _inbox_entries(inbox: Path) -> list[Path]:
    """Files put there by hand, and what imports kept: one file or folder below `kept/<hash>/` each."""
    if not inbox.is_dir():
        return []
    entries = [path for path in inbox.iterdir() if not path.name.startswith(".") and path.name != KEPT]
    entries += [path for one in (inbox / KEPT).glob("*") if not one.name.startswith(".") for path in one.iterdir()]
    return sorted(entries)


def _each_once(readings: Sequence[AnyReading]) -> list[AnyReading]:
    """The same dataset given twice counts once."""
    kinds = [(getattr(reading, "kind", "table"), reading.sha256) for reading in readings]
    return list(dict(zip(kinds, readings, strict=True)).values())


def _keep(folder: DataFolder, path: Path) -> None:
    """Copy what was imported into the inbox under its content's name, in one atomic step."""
    name = _content_name(path)
    final = folder.inbox / KEPT / name
    if final.exists():
        return
    beside = Path(tempfile.mkdtemp(dir=_made(folder.inbox / KEPT), prefix="."))
    if path.is_dir():
        shutil.copytree(path, beside / path.name)
    else:
        for part in _with_siblings(path):
            shutil.copyfile(part, beside / part.name)
    beside.chmod(0o755)
    try:
        beside.replace(final)
    except OSError:  # another import kept the same content meanwhile
        shutil.rmtree(beside, ignore_errors=True)


def _with_siblings(path: Path) -> list[Path]:
    """A single part of a Shapefile brings the others of its name."""
    if path.suffix.lower() not in SHAPEFILE_PARTS:
        return [path]
    return sorted(one for one in path.parent.iterdir() if one.stem == path.stem and one.suffix.lower() in SHAPEFILE_PARTS)


def _content_name(path: Path) -> str:
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else _with_siblings(path)
    digest = hashlib.sha256("".join(sha256_of(file) for file in files).encode())
    return digest.hexdigest()[:12]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
