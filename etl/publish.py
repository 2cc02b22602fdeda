"""Writes the finished database beside the served one and switches to it in one atomic step."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
from filelock import FileLock

from catalog.folder import DATABASE_FORMAT, DataFolder

SCHEMA = Path(__file__).with_name("schema.sql")
PREFIX = "isolation-"
LEFTOVER_AFTER_SECONDS = 3_600
REPLACE_TRIES = 20


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """First 12 hex digits of the SHA-256 over schema version and all rows, sorted; `build_info` left out.

    Each row counts as the MD5 of its cells, so that what is sorted is short.
    """
    digest = hashlib.sha256(DATABASE_FORMAT.encode() + SCHEMA.read_bytes())
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(f"coalesce(CAST({column} AS VARCHAR), chr(30))")
    for table, cells in columns.items():
        if table != "build_info":
            row = connection.execute(
                f"SELECT string_agg(h, '' ORDER BY h) FROM (SELECT md5(concat_ws(chr(31), {', '.join(cells)})) AS h FROM \"{table}\")"
            ).fetchone()
            digest.update(f"\x1d{table}\x1e{row[0] if row and row[0] else ''}".encode())
    return digest.hexdigest()[:12]


def write_database(folder: DataFolder, tables: dict[str, pd.DataFrame]) -> tuple[Path, str]:
    """Write all tables into a new file of its own; returns the file and the hash of its content.

    The file has a temporary name: a build that is killed leaves the served database as it was.
    """
    folder.root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{PREFIX}", suffix=".tmp", dir=folder.root)
    os.close(handle)
    path = Path(name)
    path.unlink()  # DuckDB wants to make the file itself
    try:
        with duckdb.connect(str(path), config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}) as connection:
            connection.execute("BEGIN")
            connection.execute(SCHEMA.read_text("utf-8"))
            for table, frame in tables.items():
                _insert(connection, table, frame)
            identity = content_hash(connection)
            info = {
                "content_hash": identity,
                "schema_version": DATABASE_FORMAT,
                "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            connection.executemany("INSERT INTO build_info VALUES (?, ?)", list(info.items()))
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, identity


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Insert the frame's columns that the table has; an empty text in a column that may be empty becomes NULL."""
    wanted = connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
    ).fetchall()
    values = []
    for name, kind, nullable in wanted:
        if name not in frame:
            values.append("NULL")
        elif kind == "VARCHAR" and nullable:
            values.append(f"nullif(CAST({name} AS VARCHAR), '')" if not _is_text(frame[name]) else f"nullif({name}, '')")
        else:
            values.append(name)
    needed = [name for name, _, _ in wanted if name in frame]
    connection.register("incoming", pa.Table.from_pandas(frame[needed], preserve_index=False))
    connection.execute(f'INSERT INTO "{table}" SELECT {", ".join(values)} FROM incoming')
    connection.unregister("incoming")


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.StringDtype)


def switch_to(folder: DataFolder, written: Path, identity: str) -> Path:
    """Put the written database in place and let `current.json` name it; old ones but the last are removed.

    The same content has the same name: if it is there already, the file on disk is kept.
    """
    final = folder.root / f"{PREFIX}{identity}.duckdb"
    with FileLock(folder.lock, timeout=120):
        before = folder.database()
        if final.exists() and _opens(final, identity):
            written.unlink(missing_ok=True)
        else:
            _replace(written, final)
        beside = folder.pointer.with_suffix(f".{os.getpid()}.tmp")
        beside.write_text(
            json.dumps({"database": final.name, "content_hash": identity, "switched_at": datetime.now(UTC).isoformat(timespec="seconds")}), "utf-8"
        )
        _replace(beside, folder.pointer)
        _remove_old(folder, keep={final, before} if before else {final})
    return final


def _opens(path: Path, identity: str) -> bool:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute("SELECT value FROM build_info WHERE key = 'content_hash'").fetchone()
    except duckdb.Error:
        return False
    return row is not None and row[0] == identity


def _replace(source: Path, target: Path) -> None:
    """os.replace, with patience: on Windows another process may hold the target for a moment."""
    for attempt in range(REPLACE_TRIES):
        try:
            source.replace(target)
            return
        except PermissionError:
            if attempt == REPLACE_TRIES - 1:
                raise
            time.sleep(0.1)


def _remove_old(folder: DataFolder, keep: set[Path]) -> None:
    for path in folder.root.glob(f"{PREFIX}*.duckdb"):
        if path not in keep:
            _remove(path)
    for pattern in (f".{PREFIX}*.tmp", f".{PREFIX}*.tmp.wal", "current.*.tmp"):
        for path in folder.root.glob(pattern):
            if path.exists() and time.time() - path.stat().st_mtime > LEFTOVER_AFTER_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    """Remove a file unless someone still reads it (Windows); the next build tries again."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return
