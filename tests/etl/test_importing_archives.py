"""Broken and hostile archives through `python -m etl import`: one clear sentence, exit code 1, nothing changed, nothing written outside."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.folder import DataFolder
from etl.__main__ import app
from etl.report import BuildReport
from tests.etl.test_importing import etl, state

GIGABYTE = 1 << 30


def plain_zip(path: Path, name: str = "A27.geojson", content: bytes = b"{}") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("x")
        info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
        archive.writestr(info, content)
    return path


def path_traversal(folder: Path) -> Path:
    return plain_zip(folder / "a.zip", "../../evil.geojson")


def bomb(folder: Path) -> Path:
    """Ten gigabytes of zeros in ten megabytes: one block compressed once and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(64 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = block * 160 + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    path = folder / "a.zip"
    name = b"A27.geojson"
    size = 1_000  # the directory lies about it
    sizes = struct.pack("<LLL", 0, len(packed), size)
    head = struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0)
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    body = b"PK\x03\x04" + head + name + packed
    path.write_bytes(body + entry + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(entry), len(body), 0))
    return path


def said_bomb(folder: Path) -> Path:
    """Many members that say themselves to be ten gigabytes together."""
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.geojson", b"0" * 100)
    content = path.read_bytes().replace(struct.pack("<LHH", 100, 9, 0), struct.pack("<LHH", 2 * GIGABYTE, 9, 0))
    path.write_bytes(content)
    return path


def wrong_magic(folder: Path) -> Path:
    (folder / "a.zip").write_bytes(b"<html>404 Not Found</html>")
    return folder / "a.zip"


def truncated(folder: Path) -> Path:
    path = plain_zip(folder / "a.zip", content=os.urandom(5_000))
    path.write_bytes(path.read_bytes()[:2_000])
    return path


def encrypted(folder: Path) -> Path:
    path = plain_zip(folder / "a.zip")
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    path.write_bytes(content)
    return path


def empty(folder: Path) -> Path:
    (folder / "a.zip").write_bytes(b"")
    return folder / "a.zip"


def symlink(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("A27.geojson")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, b"/etc/passwd")
    return folder / "a.zip"


def zip_in_zip(folder: Path) -> Path:
    inner = plain_zip(folder / "inner.zip")
    return plain_zip(folder / "a.zip", "inner.zip", inner.read_bytes())


def disguised_zip_in_zip(folder: Path) -> Path:
    inner = plain_zip(folder / "inner.zip")
    return plain_zip(folder / "a.zip", "A27.geojson", inner.read_bytes())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (path_traversal, "points outside"), (bomb, "damaged or not whole"), (said_bomb, "too large when unpacked"), (wrong_magic, "not a zip archive"),
        (truncated, "damaged or not whole"), (encrypted, "encrypted"), (empty, "empty"), (symlink, "symbolic link"),
        (zip_in_zip, "archive inside the archive"), (disguised_zip_in_zip, "archive inside the archive"),
    ],
)  # fmt: skip
def test_a_broken_archive_is_refused_in_one_sentence_and_nothing_changes(
    built: tuple[DataFolder, BuildReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], Path], words: str
) -> None:
    given, temporary = tmp_path / "given", tmp_path / "temporary"
    given.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    archive = make(given)
    before, beside = state(built[0].root), sorted(tmp_path.rglob("*"))
    done = CliRunner().invoke(app, ["import", str(archive)])
    assert done.exit_code == 1
    sentence, *rest = [line for line in done.stderr.splitlines() if line.strip()]
    assert sentence.startswith("a.zip: ")
    assert words in sentence
    assert len(rest) == 1
    assert rest[0].startswith("Nothing was changed")
    assert done.stdout == ""
    assert state(built[0].root) == before
    assert sorted(tmp_path.rglob("*")) == beside


def test_the_command_itself_ends_with_code_one_and_no_traceback(built: tuple[DataFolder, BuildReport], tmp_path: Path) -> None:
    before = state(built[0].root)
    done = etl(built[0].root, "import", str(path_traversal(tmp_path)))
    assert done.returncode == 1
    assert "points outside" in done.stderr
    assert "Traceback" not in done.stderr
    assert state(built[0].root) == before


def test_a_bomb_costs_little_memory_and_disk(tmp_path: Path) -> None:
    """Read in a process of its own that may hold 1.5 GiB at most."""
    archive = bomb(tmp_path)
    assert archive.stat().st_size < 12_000_000
    code = (
        "import sys, resource; from pathlib import Path; from etl.readers import read_any; from etl.problems import EtlError\n"
        "start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    read_any(Path(sys.argv[1]))\nexcept EtlError as error:\n    print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(archive)], capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2])
    sentence, grown = done.stdout.splitlines()
    assert "A27.geojson" in sentence or "a.zip" in sentence
    assert int(grown) < 300_000, "kilobytes"
