"""All readers, and how the right one is found: by what a file holds, never by its name."""

from __future__ import annotations

from pathlib import Path

from etl.problems import EtlError, Problem
from etl.readers import census_2025, estat_api, ssdse_a, ssdse_e
from etl.readers.reading import Reader, Reading

READERS: tuple[Reader, ...] = (ssdse_a.READER, ssdse_e.READER, census_2025.READER, estat_api.READER)
HEAD_BYTES = 1 << 16


def reader_of(path: Path) -> Reader:
    """The reader that knows this file by its content; EtlError when none does or the file cannot be opened."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise EtlError([Problem(path.name, f"the file cannot be opened ({error.strerror})", next_step="Check the path.")]) from error
    if not head:
        raise EtlError([Problem(path.name, "the file is empty", found="0 bytes", next_step="Download it again.")])
    for reader in READERS:
        if reader.recognises(head, path):
            return reader
    known = "; ".join(reader.title_en for reader in READERS)
    raise EtlError(
        [
            Problem(
                path.name,
                "no reader knows this kind of file",
                found=head[:40].decode("ascii", "replace"),
                expected=f"one of: {known}",
                next_step="See docs/adding_a_source.md for the files that can be read.",
            )
        ]
    )


def read_file(path: Path) -> Reading:
    """Recognise and read one file; EtlError with every problem of it."""
    return reader_of(path).read(path)
