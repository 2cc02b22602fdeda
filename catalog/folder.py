"""Where the data stands: the data folder, its parts, and the pointer to the database that is served."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATABASE_FORMAT = "3"
"""Changes when the tables of the database do: a database of another format is built again, not asked."""
SHIPPED = PROJECT / "data"


@dataclass(frozen=True)
class DataFolder:
    """The data folder and the names in it. Parts it does not have are the shipped ones."""

    root: Path

    @property
    def catalog(self) -> Path:
        """The registry's YAML files."""
        return self._own_or_shipped("catalog")

    @property
    def figures(self) -> Path:
        """The official figures as CSV files."""
        return self._own_or_shipped("figures")

    @property
    def templates(self) -> Path:
        """The tables for a city to fill in, to download."""
        return self._own_or_shipped("templates")

    @property
    def inbox(self) -> Path:
        """Published files that the user imported."""
        return self.root / "inbox"

    @property
    def pointer(self) -> Path:
        """The small file that names the served database."""
        return self.root / "current.json"

    @property
    def lock(self) -> Path:
        """Held while a finished database is put in place."""
        return self.root / "publish.lock"

    def database(self) -> Path | None:
        """The served database, or None when none was built yet (or its file is gone)."""
        try:
            name = json.loads(self.pointer.read_text("utf-8"))["database"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(name, str) or Path(name).name != name:
            return None
        path = self.root / name
        return path if path.is_file() else None

    def _own_or_shipped(self, part: str) -> Path:
        own = self.root / part
        return own if own.is_dir() else SHIPPED / part


def data_folder() -> DataFolder:
    """The folder named by the environment variable ATLAS_DATA, else the project's `data/`."""
    named = os.environ.get("ATLAS_DATA", "").strip()
    return DataFolder(Path(named).expanduser().resolve() if named else SHIPPED)
