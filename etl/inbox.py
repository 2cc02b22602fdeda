"""What the user gave, kept for the builds to come: files put there by hand, and what imports kept, with the order in which they came."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from catalog.folder import DataFolder
from etl.problems import EtlError, Problem
from etl.readers import read_any
from etl.readers.geo_reading import GeoReading
from etl.readers.reading import Reading, sha256_of

KEPT = "kept"
ORDER = "order.json"
"""In `inbox/kept`: content name of an import -> its place in the order of the imports. What it does not name came before all others."""
SHAPEFILE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
AnyReading = Reading | GeoReading


@dataclass(frozen=True)
class Given:
    """One dataset of one file or folder of the inbox, or of an import."""

    path: Path
    reading: AnyReading


def read_inbox(folder: DataFolder) -> list[Given]:
    """Everything in the inbox, read; all problems of all files in one EtlError. A folder of the inbox's folders is one import."""
    found: list[Given] = []
    problems: list[Problem] = []
    order = _order(folder)
    for path in _entries(folder.inbox):
        rank = order.get(path.parent.name, 0) if path.parent.parent == folder.inbox / KEPT else 0
        try:
            found += read_with_rank(path, rank)
        except EtlError as error:
            problems += error.problems
    if problems:
        raise EtlError(problems)
    return found


def read_with_rank(path: Path, rank: int) -> list[Given]:
    """The datasets of a file or folder, with its place in the order of the imports."""
    return [Given(path, replace(reading, rank=rank) if isinstance(reading, GeoReading) else reading) for reading in read_any(path)]


def next_rank(folder: DataFolder) -> int:
    """The place of an import that comes now."""
    return max(_order(folder).values(), default=0) + 1


def keep(folder: DataFolder, paths: Sequence[Path], rank: int) -> None:
    """Copy what was imported into the inbox under its content's name, each in one atomic step, and note its place in the order."""
    names = [_keep(folder, path) for path in paths]
    with FileLock(folder.lock, timeout=120):
        _write_order(folder, _order(folder) | dict.fromkeys(names, rank))


def forget(folder: DataFolder, given: Sequence[Given], replaced: Collection[tuple[str, str]]) -> None:
    """Remove what imports kept and later ones took the place of as a whole. replaced: reader and SHA-256 of datasets that are not used any more."""
    imports: dict[Path, list[AnyReading]] = {}
    for one in given:
        if one.path.parent.parent == folder.inbox / KEPT:
            imports.setdefault(one.path.parent, []).append(one.reading)
    gone = [place for place, readings in imports.items() if all((reading.reader, reading.sha256) in replaced for reading in readings)]
    for place in gone:
        shutil.rmtree(place, ignore_errors=True)
    if gone:
        with FileLock(folder.lock, timeout=120):
            _write_order(folder, {name: rank for name, rank in _order(folder).items() if (folder.inbox / KEPT / name).exists()})


def _order(folder: DataFolder) -> dict[str, int]:
    """The order as noted; a file that cannot be read says nothing."""
    try:
        held = json.loads((folder.inbox / KEPT / ORDER).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): rank for name, rank in held.items() if isinstance(rank, int)} if isinstance(held, dict) else {}


def _write_order(folder: DataFolder, order: dict[str, int]) -> None:
    place = _made(folder.inbox / KEPT) / ORDER
    beside = place.with_name(f".{ORDER}.{os.getpid()}.tmp")
    beside.write_text(json.dumps(order, indent=0, sort_keys=True), "utf-8")
    beside.replace(place)


def _entries(inbox: Path) -> list[Path]:
    """Files put there by hand, and what imports kept: one file or folder below `kept/<hash>/` each."""
    if not inbox.is_dir():
        return []
    entries = [path for path in inbox.iterdir() if not path.name.startswith(".") and path.name != KEPT]
    entries += [path for one in (inbox / KEPT).glob("*") if one.is_dir() and not one.name.startswith(".") for path in one.iterdir()]
    return sorted(entries)


def _keep(folder: DataFolder, path: Path) -> str:
    """Copy one file or folder; gives its content's name."""
    name = _content_name(path)
    final = folder.inbox / KEPT / name
    if final.exists():
        return name
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
    return name


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
