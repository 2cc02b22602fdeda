"""All readers, and how the right one is found: by what a file holds, never by its name."""

from __future__ import annotations

from pathlib import Path

from etl.problems import EtlError, Problem
from etl.readers import census_2025, estat_api, ssdse_a, ssdse_e
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import MAP_READERS, read_maps
from etl.readers.reading import Reader, Reading

READERS: tuple[Reader, ...] = (ssdse_a.READER, ssdse_e.READER, census_2025.READER, estat_api.READER)
HEAD_BYTES = 1 << 16


def reader_of(path: Path) -> Reader | None:
    """The reader of tables that knows this file by its content, or None; EtlError when the file cannot be opened."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise EtlError([Problem(path.name, f"the file cannot be opened ({error.strerror})", next_step="Check the path.")]) from error
    if not head:
        raise EtlError([Problem(path.name, "the file is empty", found="0 bytes", next_step="Download it again.")])
    return next((reader for reader in READERS if reader.recognises(head, path)), None)


def read_any(path: Path) -> list[Reading | GeoReading]:
    """Recognise and read one file, folder or archive: tables of areas, maps, small areas. EtlError with every problem of it."""
    if path.is_dir():
        return list(read_maps(path))
    reader = reader_of(path)
    if reader is not None:
        return [reader.read(path)]
    try:
        return list(read_maps(path))
    except EtlError as error:
        if len(error.problems) == 1 and error.problems[0].message == "no reader knows this kind of file":
            raise EtlError([_unknown(path)]) from error
        raise


def read_file(path: Path) -> Reading:
    """Read one file that must be a table of areas (SSDSE, census workbook, e-Stat JSON)."""
    reader = reader_of(path)
    if reader is None:
        raise EtlError([_unknown(path)])
    return reader.read(path)


def _unknown(path: Path) -> Problem:
    with path.open("rb") as file:
        head = file.read(40)
    known = "; ".join([*(reader.title_en for reader in READERS), *(reader.title_en for reader in MAP_READERS)])
    return Problem(
        path.name,
        "no reader knows this kind of file",
        found=head.decode("ascii", "replace"),
        expected=f"one of: {known}",
        next_step="See docs/adding_a_source.md for the files that can be read.",
    )
