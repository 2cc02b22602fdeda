"""Shapes as static files: written once under the hash of their content, so that a figure carries an address instead of a map."""

from __future__ import annotations

import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from atlas.figures.shapes import Ground
from catalog.folder import PROJECT

FOLDER = PROJECT / "static" / "maps"
URL = "app/static/maps/{name}.geojson"
TOPOLOGY = "app/static/topology/"
"""An empty topology: Plotly's map asks for one, and the usual one lies on another host."""


def address(shapes: Ground, folder: Path = FOLDER) -> str | None:
    """Where a browser finds the shapes; None where they cannot be written, and the figure has to carry them itself."""
    return _written(shapes.name, folder, shapes.text) if not (folder / f"{shapes.name}.geojson").is_file() else URL.format(name=shapes.name)


@lru_cache(maxsize=1)
def _warned(folder: Path, reason: str) -> None:
    logging.getLogger(__name__).warning("Shapes cannot be written to %s (%s): every figure carries its own.", folder, reason)


def _written(name: str, folder: Path, text: str) -> str | None:
    """Write beside the place and put there in one step: a reader never sees half a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(path).chmod(0o644)
        Path(path).replace(folder / f"{name}.geojson")
    except OSError as error:
        _warned(folder, str(error))
        return None
    return URL.format(name=name)
