"""The attribute table of a Shapefile, read as text in the encoding that fits strictly: UTF-8, else CP932.

GDAL guesses the encoding from .cpg and a byte in the header; KSJ files lack both or have them wrong, so nothing is guessed here.
"""

from __future__ import annotations

import codecs
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.problems import EtlError, Problem

GET_AGAIN = "Download the file again from 国土数値情報 (MLIT) and do not save it with another program."
ENCODINGS = ("utf-8", "cp932")
NO_LETTERS = frozenset("\x80\uf8f0\uf8f1\uf8f2\uf8f3")
"""What Python makes of the bytes that CP932 leaves free; a published text never has them."""


@dataclass(frozen=True)
class Table:
    """The records of a .dbf as bytes."""

    name: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    records: np.ndarray

    def raw(self, name: str) -> list[bytes]:
        """The cells of one field, without the blanks around them; deleted records are there too."""
        start, length = self.places[self.names.index(name)]
        cells = np.ascontiguousarray(self.records[:, start : start + length])
        return [cell.strip(b" \x00") for cell in cells.view(f"V{length}").ravel().tolist()] if length else [b""] * len(cells)

    def encoding(self) -> str:
        """The encoding in which every cell can be read; EtlError when neither fits."""
        cells = [
            (name, cell, length)
            for name, kind, (_, length) in zip(self.names, self.types, self.places, strict=True)
            if kind == "C"
            for cell in set(self.raw(name))
            if not cell.isascii()
        ]
        worst = ("", b"")
        for encoding in ENCODINGS:
            wrong = next(((name, cell) for name, cell, length in cells if _text(cell, encoding, length) is None), None)
            if wrong is None:
                return encoding
            worst = wrong
        message = "the text is neither UTF-8 nor CP932 (Shift_JIS)"
        raise EtlError([Problem(self.name, message, column=worst[0], found=worst[1][:20].hex(" "), next_step=GET_AGAIN)])

    def column(self, name: str, encoding: str) -> list[str | None]:
        """The cells of one field as text, None where empty."""
        length = self.places[self.names.index(name)][1]
        return [_text(cell, encoding, length) or None for cell in self.raw(name)]


def _text(cell: bytes, encoding: str, length: int) -> str | None:
    """The cell as text. A cell that fills its whole width may end within a letter, which is left out."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(cell, final=len(cell) < length).strip(" 　")
    except UnicodeDecodeError:
        return None
    return None if NO_LETTERS.intersection(text) else text


def dbf_of(path: Path) -> Table:
    """The table in a .dbf; EtlError when it is none or is not whole."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EtlError([Problem(path.name, f"the file cannot be opened ({error.strerror})", next_step="Check the path.")]) from error
    if len(content) < 65 or content[0] & 7 not in (3, 4):
        raise EtlError([Problem(path.name, "this is not an attribute table of a Shapefile (.dbf)", next_step=GET_AGAIN)])
    count, header, width = struct.unpack_from("<LHH", content, 4)
    names, types, places = [], [], []
    start = 1
    for at in range(32, min(header, len(content)) - 32, 32):
        if content[at] == 0x0D:
            break
        names.append(content[at : at + 11].split(b"\0")[0].decode("ascii", "replace").strip())
        types.append(chr(content[at + 11]))
        places.append((start, content[at + 16]))
        start += content[at + 16]
    if not names or width < start or len(set(names)) != len(names):
        raise EtlError([Problem(path.name, "the header of the attribute table is damaged", next_step=GET_AGAIN)])
    body = content[header : header + count * width]
    if len(body) < count * width:
        found = f"{len(body) // width:,} of {count:,} records"
        raise EtlError([Problem(path.name, "the attribute table is not whole", found=found, next_step=GET_AGAIN)])
    records = np.frombuffer(body, dtype=np.uint8).reshape(count, width)
    return Table(path.name, tuple(names), tuple(types), tuple(places), records)
