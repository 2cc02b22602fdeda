"""What the tests of the commands that write a story share: a story of one figure, and how a refusal looks."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from atlas.__main__ import app

ONE = "id: a\ntitle: {ja: 題, en: Title}\nslides:\n  - view: overtaken:overtaken\n"
OLD = "previous file"


def story_file(folder: Path) -> Path:
    """The story as a file."""
    path = folder / "story.yaml"
    path.write_text(ONE, "utf-8")
    return path


def place(folder: Path, name: str) -> Path:
    """Where a file is to be written: alone in a folder of its own, so that what is left beside it is seen."""
    own = folder / "out"
    own.mkdir()
    return own / name


def run(command: str, *arguments: object) -> Result:
    """The command's answer."""
    return CliRunner().invoke(app, [command, *map(str, arguments)])


def refused(done: Result, code: int, words: str) -> None:
    """One line on the error stream, with these words."""
    assert done.exit_code == code
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert words in lines[0]
