"""Where a site is written: beside its place first, then put there in one step. What `publish` did not write is never touched."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from atlas.site.model import PublishError

MARK = "site.json"
"""The list of all files: says that a folder was written by `publish`."""
MAKER = "tsunagari-atlas publish"
LEFT_BY_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")


def check_target(target: Path) -> None:
    """Raise PublishError unless the folder is new, empty, or holds a published site and nothing else."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise PublishError("not_a_folder", wrong=True, path=target)
    if not target.absolute().parent.is_dir():
        raise PublishError("no_parent", wrong=True, folder=target.absolute().parent)
    if not target.exists():
        return
    try:
        listed = json.loads((target / MARK).read_text("utf-8"))
        own = set(listed["files"]) | {MARK} if listed.get("maker") == MAKER else set()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        own = set()
    foreign = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir() and path.name not in LEFT_BY_SYSTEMS)
    foreign = [path for path in foreign if path not in own]
    if foreign:
        raise PublishError("foreign_files" if own else "not_empty", wrong=True, path=target, file=foreign[0])


@contextmanager
def written_beside(target: Path) -> Iterator[Path]:
    """A folder to write into; it takes the target's place when the block ends well, and is gone when it does not."""
    target = target.absolute()
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        beside.chmod(0o755)
        yield beside
        check_target(target)  # it may have been filled meanwhile
        _put(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(beside: Path, target: Path) -> None:
    """The new folder in the old one's place; the old one is put back where that fails."""
    if not target.exists():
        beside.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".old", dir=target.parent))
    try:
        target.rename(old / target.name)
        try:
            beside.rename(target)
        except OSError:
            (old / target.name).rename(target)
            raise
    finally:
        with suppress(OSError):
            old.rmdir()  # empty where nothing was moved
    shutil.rmtree(old, ignore_errors=True)


def mark_text(folder: Path, about: Mapping[str, object]) -> str:
    """The list of all files of a finished folder with their sizes, and what the site was made from."""
    files = {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}
    return json.dumps({"maker": MAKER, **about, "files": files}, ensure_ascii=False, indent=0)
