"""A disk that is full: show, deck, site and cards say so in one sentence, and leave what stood there and nothing half-written.

On a real small disk (tmpfs) where the system lets the tests mount one, and on one that is played: files take so many bytes and no more.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from atlas.__main__ import app

ROOM = 12_288
"""Bytes the disk takes: less than the smallest of the files."""
OLD = "previous file"
STORY = "id: a\ntitle: {ja: 題, en: Title}\nslides:\n  - view: overtaken:overtaken\n"
COMMANDS: dict[str, tuple[str, Callable[[Path, Path], list[object]]]] = {
    "show": ("a.html", lambda out, story: ["show", story, out]),
    "deck": ("a.pptx", lambda out, story: ["deck", story, out]),
    "cards": ("a.pdf", lambda out, story: ["cards", "--municipality", "99201", "--district", "99201-B199210000011", out]),
    "publish": ("site", lambda out, story: ["publish", out]),
}


class SmallFile:
    """A file on the disk that is played: what has no room any more is refused after its first part was written."""

    def __init__(self, file: Any, room: list[int]) -> None:
        self._file, self._room = file, room

    def write(self, content: Any) -> int:
        part = bytes(content)[: self._room[0]]
        self._room[0] -= len(part)
        self._file.write(part)
        if len(part) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(part)

    def __enter__(self) -> SmallFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def played(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    room, opened, folder = [ROOM], os.fdopen, folder / "played"
    folder.mkdir()

    def written(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            return SmallFile(file, room).write(content)

    monkeypatch.setattr(os, "fdopen", lambda *given, **more: SmallFile(opened(*given, **more), room))
    monkeypatch.setattr(Path, "write_bytes", written)
    return folder


@pytest.fixture(params=["tmpfs", "played"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with room for few bytes. Where no disk may be mounted both are played."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if request.param == "played" or not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield played(tmp_path, monkeypatch)
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)


@pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in COMMANDS for lang in ("ja", "en") if (name, lang) != ("publish", "en")])
def test_a_full_disk_is_said_and_what_stood_there_stays(disk: Path, tmp_path: Path, name: str, lang: str) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(STORY, "utf-8")
    file, arguments = COMMANDS[name]
    out = disk / file
    if name != "publish":
        with out.open("w", encoding="utf-8") as before:
            before.write(OLD)
    done = CliRunner().invoke(app, [*map(str, arguments(out, story)), *(["--lang", lang] if name != "publish" else [])])
    assert done.exit_code == 1, done.output
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert ("空き容量が足りません" if lang == "ja" else "space") in lines[0]
    assert str(disk) in lines[0]
    assert [path.name for path in disk.iterdir()] == ([] if name == "publish" else [file])
    assert name == "publish" or out.read_text("utf-8") == OLD
