"""What a saved file carries, read from the file alone: its kind is known by its content, not by its name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from atlas.exports import carried_tables, carried_texts
from atlas.exports.carried_model import Carried, CarriedError, CarriedTable
from atlas.exports.shortlist_file import KIND as SHORTLIST

__all__ = ["Carried", "CarriedError", "CarriedTable", "read_carried"]
LARGEST = 400_000_000
"""Bytes of a file, at most."""
SQLITE = b"SQLite format 3\0"


def read_carried(path: Path) -> tuple[Carried, ...]:
    """The figures of a file in their order, one at least. Raises CarriedError for every other file."""
    try:
        size = path.stat().st_size
        if not path.is_file() or size == 0:
            raise CarriedError("foreign")
        if size > LARGEST:
            raise CarriedError("too_large")
        return _read(path)
    except CarriedError:
        raise
    except OSError as error:
        raise CarriedError("unreadable", error=error.strerror or type(error).__name__) from error
    except Exception as error:  # a damaged or foreign file makes the readers of its format raise nearly anything
        raise CarriedError("damaged", error=type(error).__name__) from error


def _read(path: Path) -> tuple[Carried, ...]:
    with path.open("rb") as file:
        head = file.read(2048)
    if head.startswith(SQLITE):
        return (carried_tables.read_geopackage(path),)
    if head.startswith(b"PK"):
        return _zipped(path)
    if b"%PDF-" in head[:1024]:
        return carried_texts.read_pdf(path)
    if head.startswith(b"PAR1"):
        return (carried_tables.read_parquet(path),)
    content = path.read_bytes()
    if head.startswith(carried_texts.PNG_HEAD):
        return carried_texts.read_png(content)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return (_json(content),)
    if start.startswith(b"<"):
        return carried_texts.read_svg(content) if b"<svg" in start and b"<html" not in start else carried_texts.read_html(content)
    return (carried_tables.read_csv(path),)


def _zipped(path: Path) -> tuple[Carried, ...]:
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
    if "xl/workbook.xml" in names:
        return (carried_tables.read_xlsx(path),)
    if "ppt/presentation.xml" in names:
        return carried_texts.read_pptx(path)
    raise CarriedError("foreign")


def _json(content: bytes) -> Carried:
    held = json.loads(content.decode("utf-8-sig"))
    if held.get("kind") == SHORTLIST:
        return carried_tables.read_shortlist_file(held)
    if held.get("type") == "FeatureCollection":
        return carried_tables.read_geojson(held)
    if {"about", "fields", "rows"} <= held.keys():
        return carried_tables.read_site_json(held)
    raise CarriedError("foreign")
