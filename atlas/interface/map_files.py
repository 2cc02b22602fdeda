"""Shapes as static files: written once under the hash of their content, so that a figure carries an address instead of a map."""

from __future__ import annotations

import logging
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from atlas.figures.shapes import Ground
from catalog.folder import PROJECT

FOLDER = PROJECT / "static" / "maps"
URL = "app/static/maps/{name}.geojson"
TOPOLOGY = "app/static/topology/"
"""An empty topology: Plotly's map asks for one, and the usual one lies on another host."""


def address(shapes: Ground, folder: Path | None = None) -> str | None:
    """Where a browser finds the shapes; None where they cannot be written, and the figure has to carry them itself.

    That is so where the program stands in a folder of which it may only read (an installation of somebody else, a read-only disk or image), or the disk is
    full. A file that is there already is used as it is.
    """
    place = FOLDER if folder is None else folder
    return _written(shapes.name, place, shapes.text) if not (place / f"{shapes.name}.geojson").is_file() else URL.format(name=shapes.name)


@lru_cache(maxsize=1)
def _warned(folder: Path, reason: str) -> None:
    logging.getLogger(__name__).warning("Shapes cannot be written to %s (%s): every figure carries its own.", folder, reason)


def _written(name: str, folder: Path, text: str) -> str | None:
    """Write beside the place and put there in one step: a reader never sees half a file, and none is left where the disk is full."""
    beside: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
        beside = Path(path)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.chmod(0o644)
        beside.replace(folder / f"{name}.geojson")
    except OSError as error:
        _warned(folder, error.strerror or type(error).__name__)
        if beside is not None:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        return None
    return URL.format(name=name)
