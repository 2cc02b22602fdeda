"""What the user gives is opened safely: broken and hostile archives are refused in one sentence, and nothing is left behind."""

import os
import stat
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl import archives
from etl.archives import opened
from etl.problems import EtlError

SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "inbox"


def make_zip(path: Path, contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def names_in(path: Path, place: Path) -> dict[str, bytes]:
    with opened(path, place) as members:
        assert all(member.path.is_relative_to(place) for member in members)
        return {member.name: member.path.read_bytes() for member in members}


def refusal(path: Path, place: Path, **limits: int) -> str:
    """The sentence with which the file is refused; nothing may be left in the inbox or written beside it."""
    before = {file for file in path.parent.rglob("*") if place not in file.parents and file != place}
    with pytest.raises(EtlError) as caught, opened(path, place, **limits):
        pytest.fail("it was opened")
    assert len(caught.value.problems) == 1
    assert list(place.iterdir()) == []
    assert {file for file in path.parent.rglob("*") if file != place} == before
    return str(caught.value)


def patched(path: Path, signature: bytes, offset: int, value: bytes) -> Path:
    """Every header of the kind, with some bytes replaced."""
    content = bytearray(path.read_bytes())
    at = content.find(signature)
    while at >= 0:
        content[at + offset : at + offset + len(value)] = value
        at = content.find(signature, at + 4)
    path.write_bytes(content)
    return path


def test_members_of_a_zip_are_read_and_the_folder_is_gone_afterwards(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"b/A27.shp": b"1", "b/A27.dbf": b"2", "readme.pdf": b"3", "__MACOSX/._x.shp": b"4"})
    assert names_in(path, place) == {"b/A27.dbf": b"2", "b/A27.shp": b"1"}
    assert list(place.iterdir()) == []


def test_the_folder_is_gone_also_when_reading_fails(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"1"})
    with pytest.raises(KeyError), opened(path, place):
        raise KeyError
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_member_names_in_the_encodings_of_japan_are_decoded(tmp_path, place, encoding):
    name = "小学校区/表紙_ソ.csv"  # 表 and ソ end in a backslash in CP932
    content = make_zip(tmp_path / "a.zip", {"x" * len(name.encode(encoding)): b"1"}).read_bytes()
    (tmp_path / "a.zip").write_bytes(content.replace(b"x" * len(name.encode(encoding)), name.encode(encoding)))
    assert names_in(tmp_path / "a.zip", place) == {name: b"1"}


def test_a_single_part_of_a_shapefile_brings_its_siblings_and_nothing_else(tmp_path, place):
    for name in ("a.shp", "a.dbf", "a.csv", "b.shp"):
        (tmp_path / name).write_bytes(b"1")
    assert list(names_in(tmp_path / "a.shp", place)) == ["a.dbf", "a.shp"]
    assert list(names_in(tmp_path / "a.csv", place)) == ["a.csv"]


def test_a_folder_is_read_with_the_zips_in_it(tmp_path, place):
    folder = tmp_path / "downloads"
    (folder / "n03").mkdir(parents=True)
    make_zip(folder / "A27.zip", {"a.geojson": b"{}"})
    (folder / "n03" / "n.json").write_bytes(b"[]")
    (folder / "empty.csv").write_bytes(b"")
    assert list(names_in(folder, place)) == ["A27.zip/a.geojson", "n03/n.json"]


def test_a_workbook_is_a_file_and_not_an_archive(tmp_path, place):
    path = make_zip(tmp_path / "t.xlsx", {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    assert list(names_in(path, place)) == ["t.xlsx"]


@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:evil.csv", "..\\evil.csv", "a\\evil.csv", "a\nb.csv"])
def test_a_name_that_points_outside_is_refused(tmp_path, place, name):
    place.mkdir()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("good.csv", b"1")
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"evil")
    assert "points outside" in refusal(tmp_path / "a.zip", place)


@pytest.mark.parametrize(("kind", "words"), [(stat.S_IFLNK, "symbolic link"), (stat.S_IFIFO, "no file")])
def test_a_link_in_a_zip_is_refused(tmp_path, place, kind, words):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("link.csv")
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(info, b"/etc/passwd")
    assert words in refusal(tmp_path / "a.zip", place)


def test_a_link_in_a_folder_is_refused(tmp_path, place):
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "link.csv").symlink_to("/etc/passwd")
    assert "symbolic link" in refusal(folder, place)


def test_ten_gigabytes_are_refused_by_what_the_directory_says(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"0" * 100})
    patched(path, b"PK\x01\x02", 24, struct.pack("<L", 4_000_000_000))
    assert "too large when unpacked" in refusal(path, place)


def test_a_bomb_is_refused_while_it_is_read_even_when_spread_over_members(tmp_path, place, monkeypatch):
    monkeypatch.setattr(archives, "RATIO_FROM", 3 << 20)
    path = make_zip(tmp_path / "a.zip", {f"{number}.csv": bytes(1 << 20) for number in range(5)})
    assert "out of" in refusal(path, place)


def test_all_members_together_may_not_pass_the_limit(tmp_path, place):
    folder = tmp_path / "given"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.csv").write_bytes(b"0" * 400)
    assert "over 1,000 bytes" in refusal(folder, place, limit_bytes=1_000)


def test_a_member_that_is_larger_than_its_header_says_is_refused(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"0" * 5_000_000})
    patched(path, b"PK\x01\x02", 24, struct.pack("<L", 100))
    assert "damaged or not whole" in refusal(path, place)


def test_too_many_members_and_too_large_a_directory_are_refused(tmp_path, place, monkeypatch):
    path = make_zip(tmp_path / "a.zip", {f"{number}.csv": b"1" for number in range(20)})
    monkeypatch.setattr(archives, "LIMIT_MEMBERS", 19)
    assert "too many files" in refusal(path, place)
    monkeypatch.setattr(archives, "LIMIT_DIRECTORY", 100)
    assert "directory of the archive is too large" in refusal(path, place)


def test_wrong_first_bytes_are_refused(tmp_path, place):
    (tmp_path / "a.zip").write_bytes(b"<html>404</html>")
    assert "not a zip archive" in refusal(tmp_path / "a.zip", place)


@pytest.mark.parametrize(("head", "kind"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "RAR"), (b"\x1f\x8b\x08", "gzip")])
def test_other_kinds_of_archive_are_named(tmp_path, place, head, kind):
    (tmp_path / "a.zip").write_bytes(head + bytes(50))
    assert f"packed as {kind}" in refusal(tmp_path / "a.zip", place)


def test_a_truncated_archive_is_refused(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"a.csv": os.urandom(5_000)})
    path.write_bytes(path.read_bytes()[:2_000])
    assert "damaged or not whole" in refusal(path, place)


def test_an_archive_with_changed_bytes_is_refused(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"1,2,3\n" * 100}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"1,2,3", b"1,2,4", 1))
    assert "damaged or not whole" in refusal(path, place)


def test_an_encrypted_archive_is_refused(tmp_path, place):
    path = make_zip(tmp_path / "a.zip", {"a.csv": b"1"})
    patched(patched(path, b"PK\x01\x02", 8, b"\x01\x00"), b"PK\x03\x04", 6, b"\x01\x00")
    assert "encrypted" in refusal(path, place)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_way_of_packing_is_refused(tmp_path, place, method):
    assert "packed in a way" in refusal(make_zip(tmp_path / "a.zip", {"a.csv": b"1"}, method), place)


@pytest.mark.parametrize("name", ["inner.zip", "inner.tar.gz", "inner.csv"])
def test_a_zip_in_a_zip_is_refused(tmp_path, place, name):
    inner = make_zip(tmp_path / "inner", {"a.csv": b"1"}).read_bytes()
    sentence = refusal(make_zip(tmp_path / "a.zip", {name: inner}), place)
    assert "an archive inside the archive" in sentence
    assert "Unpack it first" in sentence


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["a.csv", "A.CSV"])
def test_a_name_that_stands_twice_is_refused(tmp_path, place, second):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", b"1")
        archive.writestr(second, b"2")
    assert "stands twice" in refusal(tmp_path / "a.zip", place)


def test_a_file_that_stands_where_a_folder_has_to_be_is_refused(tmp_path, place):
    refusal(make_zip(tmp_path / "a.zip", {"a.csv": b"1", "a.csv/b.csv": b"2"}), place)


def test_nothing_and_nothing_of_use_is_refused(tmp_path, place):
    (tmp_path / "a.csv").write_bytes(b"")
    assert "the file is empty" in refusal(tmp_path / "a.csv", place)
    assert "nothing in it" in refusal(make_zip(tmp_path / "a.zip", {}), place)
    assert "nothing in it" in refusal(make_zip(tmp_path / "b.zip", {"a.pdf": b"1"}), place)
    assert "no such file" in refusal(tmp_path / "nowhere", place)


@SETTINGS
@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_arbitrary_bytes_are_opened_as_a_file_or_refused(tmp_path, place, content, head):
    path = tmp_path / "any.csv"
    path.write_bytes(head + content)
    with suppress(EtlError), opened(path, place) as members:
        assert [member.name for member in members] == ["any.csv"]
    assert list(place.iterdir()) == []


@SETTINGS
@given(data=st.data())
def test_a_zip_with_some_bytes_changed_is_opened_or_refused(tmp_path, place, data):
    content = bytearray(make_zip(tmp_path / "good.zip", {"a/b.csv": b"1,2\n" * 50, "a/c.json": b"{}"}).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.zip"
    path.write_bytes(content)
    with suppress(EtlError), opened(path, place):
        pass
    assert list(place.iterdir()) == []
    assert {file.name for file in tmp_path.iterdir()} == {"good.zip", "damaged.zip", "inbox"}
