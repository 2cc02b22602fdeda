"""The shortlist as a file of its own: opened again later, with the notes; a table for people is the XLSX beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.tables import Provenance, metadata

KIND = "tsunagari-atlas-shortlist"
FORMAT = 1
LARGEST = 200_000
"""Bytes."""
LONGEST_NOTE = 500
MOST_DISTRICTS = 200


class ShortlistFileError(ValueError):
    """The file is not a saved shortlist."""


@dataclass(frozen=True)
class SavedList:
    """City, districts in their order, notes by district."""

    city: str
    codes: tuple[str, ...]
    notes: dict[str, str]


def shortlist_bytes(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """The list with its notes and everything that is needed to cite it."""
    rows = exhibit.table.rows
    content = {
        "kind": KIND,
        "format": FORMAT,
        "city": exhibit.settings["city"],
        "districts": [
            {"code": str(code), "name": str(name), "note": str(note)} for code, name, note in zip(rows["code"], rows["place"], rows["note"], strict=True)
        ],
        "about": [{"label": label, "text": text} for label, text in metadata(exhibit, context, provenance)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def read_shortlist(content: bytes) -> SavedList:
    """The list of a file. Raises ShortlistFileError for anything else."""
    if len(content) > LARGEST:
        raise ShortlistFileError(f"The file has {len(content):,} bytes, expected {LARGEST:,} at most.")
    try:
        held = json.loads(content.decode("utf-8-sig"))
        if held["kind"] != KIND or held["format"] != FORMAT:
            raise ShortlistFileError("The file is of another kind or version.")
        rows = held["districts"]
        codes = tuple(dict.fromkeys(str(row["code"]) for row in rows))[:MOST_DISTRICTS]
        notes = {str(row["code"]): str(row.get("note") or "")[:LONGEST_NOTE] for row in rows}
        return SavedList(str(held["city"]), codes, {code: note for code, note in notes.items() if note})
    except ShortlistFileError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ShortlistFileError(f"The file is no saved list ({type(error).__name__}).") from error
