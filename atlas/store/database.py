"""The open database: one read-only connection a file, one cursor a call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from catalog.folder import DATABASE_FORMAT, DataFolder

SAFE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "enable_external_access": "false"}


NOT_SAMPLE = "o.source_id NOT IN (SELECT source_id FROM source WHERE kind = 'sample')"
"""For queries on `observation o`: fictional figures never count as held."""


class StoreError(Exception):
    """The database cannot be opened or asked."""


class OldFormatError(StoreError):
    """The database was built by another version of the program and has to be built again."""


class Store:
    """A read-only database. `version` changes exactly when its content does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=dict(SAFE))
            info = dict(self._connection.cursor().execute("SELECT key, value FROM build_info").fetchall())
        except duckdb.Error as error:
            raise StoreError(f"{path.name} cannot be opened: {error}. Build it again with `python -m etl build`.") from error
        if info.get("schema_version") != DATABASE_FORMAT:
            self._connection.close()
            raise OldFormatError(f"{path.name} is of another version of the program. Build it again with `python -m etl build`.")
        self.version: str = info.get("content_hash", path.stem)

    def frame(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """The answer as a frame. A cursor of its own, so that threads do not meet."""
        with self._connection.cursor() as cursor:
            return cursor.execute(query, list(parameters)).df()

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The answer as tuples."""
        with self._connection.cursor() as cursor:
            return cursor.execute(query, list(parameters)).fetchall()

    def records(self, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The answer as dictionaries by column name."""
        with self._connection.cursor() as cursor:
            answer = cursor.execute(query, list(parameters))
            names = [column[0] for column in answer.description or []]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def open_store(folder: DataFolder) -> Store | None:
    """The served database, or None when there is none yet. StoreError when its file is damaged."""
    path = folder.database()
    return Store(path) if path else None
