"""Where a site is written: replaced as a whole or not at all, and nothing of anyone else's is touched."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from atlas.site import publish as publishing
from atlas.site.model import PublishError
from atlas.site.place import place_of
from atlas.site.publish import publish
from atlas.site.target import MAKER, MARK, check_target, mark_text, written_beside
from atlas.store.database import Store


def old_site(folder: Path) -> dict[str, str]:
    """A site published before: its files and their texts."""
    (folder / "ja").mkdir(parents=True)
    (folder / "ja" / "index.html").write_text("before", "utf-8")
    (folder / "gone.html").write_text("before", "utf-8")
    (folder / MARK).write_text(mark_text(folder, {"data": "x"}), "utf-8")
    return contents(folder)


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def write_new(folder: Path) -> None:
    (folder / "new.html").write_text("after", "utf-8")
    (folder / MARK).write_text(mark_text(folder, {}), "utf-8")


def write_and_fail(target: Path, broken: BaseException) -> None:
    with written_beside(target) as folder:
        write_new(folder)
        raise broken


@pytest.mark.parametrize("before", ["none", "empty", "published"])
def test_a_site_takes_the_place_as_a_whole(tmp_path: Path, before: str) -> None:
    target = tmp_path / "site"
    if before == "empty":
        target.mkdir()
    elif before == "published":
        old_site(target)
    with written_beside(target) as folder:
        write_new(folder)
        assert folder.parent == tmp_path, "beside its place, so that it is put there in one step"
    assert set(contents(target)) == {"new.html", MARK}
    assert list(tmp_path.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o755, "a web server has to read it"


@pytest.mark.parametrize("broken", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), PublishError("cannot")])
def test_a_failure_on_the_way_leaves_the_old_site_and_nothing_else(tmp_path: Path, broken: BaseException) -> None:
    target = tmp_path / "site"
    before = old_site(target)
    with pytest.raises(type(broken)):
        write_and_fail(target, broken)
    assert contents(target) == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_switch_that_fails_puts_the_old_site_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "site"
    before = old_site(target)
    rename = Path.rename

    def fails(path: Path, to: Path) -> Path:
        if path.name.endswith(".part"):
            raise OSError(errno.EACCES, "closed")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="closed"), written_beside(target) as folder:
        write_new(folder)
    assert contents(target) == before
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda path: (path.mkdir(), (path / "thesis.docx").write_text("mine", "utf-8")), "not_empty"),
        (lambda path: (old_site(path), (path / "CNAME").write_text("mine", "utf-8")), "foreign_files"),
        (lambda path: (path.mkdir(), (path / MARK).write_text("{}", "utf-8")), "not_empty"),
        (lambda path: (path.mkdir(), (path / MARK).write_text(json.dumps({"maker": "someone", "files": {}}), "utf-8")), "not_empty"),
        (lambda path: path.write_text("mine", "utf-8"), "not_a_folder"),
        (lambda path: path.symlink_to(path.parent), "not_a_folder"),
    ],
    ids=["other files", "a file added", "a list of nothing", "someone else's", "a file", "a link"],
)
def test_what_was_not_published_here_is_refused_and_left(tmp_path: Path, make: object, key: str) -> None:
    target = tmp_path / "site"
    make(target)  # type: ignore[operator]
    before = contents(target) if target.is_dir() and not target.is_symlink() else None
    with pytest.raises(PublishError) as refused:
        check_target(target)
    assert refused.value.key == key
    assert refused.value.wrong
    assert before is None or contents(target) == before


def test_what_systems_leave_in_folders_is_no_hindrance(tmp_path: Path) -> None:
    target = tmp_path / "site"
    old_site(target)
    (target / ".DS_Store").write_text("", "utf-8")
    check_target(target)
    assert json.loads((target / MARK).read_text("utf-8"))["maker"] == MAKER


def test_a_folder_above_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishError) as refused:
        check_target(tmp_path / "none" / "site")
    assert refused.value.key == "no_parent"


def test_a_site_that_fails_while_its_pages_are_made_leaves_the_old_one(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "site"
    before = old_site(target)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing._Site, "write", full)
    with pytest.raises(OSError, match="No space"):
        publish(store, target)
    assert contents(target) == before
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("code", "municipality", "city", "sample"),
    [(None, "31201", "99201", True), ("99201", "31201", "99201", True), ("01100", "01100", "99201", True)],
    ids=["none", "the sample", "without districts"],
)
def test_what_the_site_is_about(store: Store, code: str | None, municipality: str, city: str, sample: bool) -> None:
    place = place_of(store, code)
    assert (place.municipality, place.prefecture, place.city, place.sample) == (municipality, municipality[:2] + "000", city, sample)


@pytest.mark.parametrize("code", ["12345", "", "00000", "31000", "../etc"])
def test_a_code_that_is_no_municipality_is_refused(store: Store, code: str) -> None:
    with pytest.raises(PublishError) as refused:
        place_of(store, code)
    assert refused.value.key == "unknown_municipality"
