"""Opens what the user gives (a zip, a folder or a single file) as a list of members in a temporary folder, safely.

Nothing is written outside that folder and nothing is left behind. Sizes are measured while reading, never believed.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import Member

ENDINGS = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".geojson", ".json", ".topojson", ".gml", ".xml", ".csv", ".txt", ".xlsx", ".html",
)  # fmt: skip
SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
PACKED_ENDINGS = (".zip", ".7z", ".rar", ".lzh", ".gz", ".tgz", ".tar", ".bz2", ".xz")
PACKED_HEADS = {b"7z\xbc\xaf": "7z", b"Rar!": "RAR", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zX": "xz"}
LIMIT_BYTES = 2 << 30
LIMIT_RATIO = 100
RATIO_FROM = 64 << 20
"""A small archive may shrink well; from this size on a ratio above LIMIT_RATIO is refused."""
LIMIT_MEMBERS = 10_000
LIMIT_DIRECTORY = 16 << 20
BLOCK = 1 << 20
ZIP_HEAD = b"PK\x03\x04"
ZIP_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError,
    ValueError, OverflowError, OSError,
)  # fmt: skip
GET_AGAIN = "Download the file again."
ASK = "Do not open this file; ask where it comes from."
UNPACK = "Unpack it first and give the folder or the files in it."


@contextmanager
def opened(path: Path, place: Path | None = None, limit_bytes: int = LIMIT_BYTES) -> Iterator[list[Member]]:
    """The members of a zip, a folder (zips in it are opened one level deep) or a single file, as copies in a temporary folder.

    place: where the temporary folder is made (default: the system's). A single part of a Shapefile brings its siblings.
    Member names are the true ones (CP932 decoded), with `/`; siblings lie in one folder. Only ENDINGS are taken.
    Raises EtlError with one clear sentence; the temporary folder is gone afterwards in every case.
    """
    path = Path(path)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="atlas-import-", dir=place) as folder:
        try:
            members = _Intake(path, Path(folder), limit_bytes).members()
        except OSError as error:
            message = f"the file cannot be opened ({error.strerror or error})"
            raise _refusal(path.name, message, "Check the path, its permissions and the free space.") from error
        yield members


class _Intake:
    """One import: copies members into `folder`, counting bytes over all of them."""

    def __init__(self, path: Path, folder: Path, limit_bytes: int) -> None:
        self.path, self.folder, self.limit = path, folder, limit_bytes
        self.written = 0
        self.taken: list[Member] = []
        self.names: set[str] = set()

    def members(self) -> list[Member]:
        """Copy everything and list it by name."""
        if self.path.is_dir():
            self._folder()
        elif self.path.is_file():
            self._file(self.path)
        else:
            raise _refusal(self.path.name, "there is no such file or folder", "Check the path.")
        if not self.taken:
            step = f"Files that can be read end in {', '.join(ENDINGS)}."
            raise _refusal(self.path.name, "there is nothing in it that could be read", step)
        return sorted(self.taken, key=lambda member: member.name)

    def _folder(self) -> None:
        for root, folders, files in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not _is_hidden(name))
            for name in sorted([*folders, *files]):
                if (Path(root) / name).is_symlink():
                    raise _refusal(self.path.name, "the folder holds a symbolic link", "Put the file itself in its place.", name)
            for name in sorted(files):
                file = Path(root) / name
                if _is_hidden(name) or not file.is_file() or not name.lower().endswith((*ENDINGS, ".zip")) or file.stat().st_size == 0:
                    continue
                inner = file.relative_to(self.path).as_posix()
                if _is_zip(file):
                    self._zip(file, inner + "/")
                elif name.lower().endswith(ENDINGS):
                    self._take_file(file, inner)

    def _file(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(8)
        if not head:
            raise _refusal(path.name, "the file is empty", GET_AGAIN, "0 bytes")
        if _is_zip(path):
            self._zip(path, "")
            return
        packed = next((kind for magic, kind in PACKED_HEADS.items() if head.startswith(magic)), None)
        if packed is not None:
            raise _refusal(path.name, f"the file is packed as {packed}, which is not opened here", UNPACK)
        if path.suffix.lower() == ".zip":
            raise _refusal(path.name, "the file is not a zip archive", GET_AGAIN, head[:4].hex(" "), "a file that begins with 50 4b 03 04")
        parts = [path]
        if path.suffix.lower() in SIDECARS:
            beside = [part for part in path.parent.iterdir() if part.stem == path.stem and part.is_file()]
            parts = [part for part in beside if part.suffix.lower() in SIDECARS]
        for part in sorted(parts):
            self._take_file(part, part.name)

    def _take_file(self, path: Path, name: str) -> None:
        with path.open("rb") as source:
            self._take(source, name, path.name)

    def _zip(self, path: Path, prefix: str) -> None:
        if path.stat().st_size > self.limit:
            raise _refusal(path.name, "the archive is too large", UNPACK, f"{path.stat().st_size:,} bytes", f"at most {self.limit:,} bytes")
        packed = (path.stat().st_size, self.written)
        try:
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
                self._check(path, infos)
                for info in infos:
                    name = _true_name(info)
                    if not _is_wanted(name):
                        continue
                    with archive.open(info) as source:
                        self._take(source, prefix + name, path.name, packed)
        except ZIP_ERRORS as error:
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
                raise
            message = f"the archive is damaged or not whole ({str(error) or type(error).__name__})"
            raise _refusal(path.name, message, GET_AGAIN) from error

    def _check(self, path: Path, infos: list[zipfile.ZipInfo]) -> None:
        """Refuse by what the directory of the archive says, before anything is unpacked."""
        if len(infos) > LIMIT_MEMBERS:
            raise _refusal(path.name, "there are too many files in the archive", UNPACK, f"{len(infos):,}", f"at most {LIMIT_MEMBERS:,}")
        for info in infos:
            name = _true_name(info)
            if not _is_inside(name):
                raise _refusal(path.name, "a name in the archive points outside of it", ASK, name)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                what = "a symbolic link" if kind == stat.S_IFLNK else "something that is no file"
                raise _refusal(path.name, f"the archive holds {what}", ASK, name)
            if name.lower().endswith(PACKED_ENDINGS) and not _is_hidden_path(name):
                raise _refusal(path.name, "there is an archive inside the archive", UNPACK, name)
        wanted = [info for info in infos if _is_wanted(_true_name(info))]
        for info in wanted:
            if info.flag_bits & 0x1:
                raise _refusal(path.name, "the archive is encrypted", "Unpack it with its password and give the folder.", _true_name(info))
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _refusal(path.name, "the archive is packed in a way that is not opened here", UNPACK, f"method {info.compress_type}")
        said = sum(info.file_size for info in wanted)
        if said > self.limit - self.written:
            raise self._too_large(path.name, f"{said:,} bytes")

    def _take(self, source: IO[bytes], name: str, of: str, packed: tuple[int, int] | None = None) -> None:
        """Copy one member block by block; refuse as soon as the whole import, or its ratio, is too large.

        packed: the size of the archive, and what had been written before it was opened.
        """
        key = unicodedata.normalize("NFC", name).casefold()
        if key in self.names:
            raise _refusal(of, "a name stands twice in the archive", GET_AGAIN, name)
        self.names.add(key)
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        first = True
        with target.open("xb") as copy:
            for block in iter(lambda: source.read(BLOCK), b""):
                if first and block.startswith(ZIP_HEAD) and not name.lower().endswith(".xlsx"):
                    raise _refusal(of, "there is an archive inside the archive", UNPACK, name)
                first = False
                self.written += len(block)
                if self.written > self.limit:
                    raise self._too_large(of, f"over {self.limit:,} bytes")
                own = self.written - packed[1] if packed is not None else 0
                if packed is not None and own > RATIO_FROM and own > LIMIT_RATIO * packed[0]:
                    raise self._too_large(of, f"{own:,} bytes out of {packed[0]:,}")
                copy.write(block)
        self.taken.append(Member(name, target))

    def _too_large(self, of: str, found: str) -> EtlError:
        return _refusal(of, "what is in it is too large when unpacked", UNPACK, found, f"at most {self.limit:,} bytes in all")


def _refusal(file: str, message: str, next_step: str, found: str | None = None, expected: str | None = None) -> EtlError:
    return EtlError([Problem(file, message, found=found, expected=expected, next_step=next_step)])


def _is_zip(path: Path) -> bool:
    """A zip by its first bytes, but not a workbook (which is one too)."""
    with path.open("rb") as file:
        if file.read(4) not in (ZIP_HEAD, b"PK\x05\x06", b"PK\x07\x08"):
            return False
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.NameToInfo
    except ZIP_ERRORS:
        return True


def _check_directory(path: Path) -> None:
    """The directory at the end of a zip is read at once: refuse one that is larger than any honest archive's."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            raise zipfile.BadZipFile("the directory at its end is missing")
        directory = struct.unpack_from("<L", tail, at + 12)[0]
        if tail[at - 20 : at - 16] == b"PK\x06\x07":
            file.seek(min(size, struct.unpack_from("<Q", tail, at - 12)[0]))
            record = file.read(56)
            directory = struct.unpack_from("<Q", record, 40)[0] if len(record) == 56 else LIMIT_DIRECTORY + 1
    if directory > LIMIT_DIRECTORY:
        found = f"{directory:,} bytes"
        raise _refusal(path.name, "the directory of the archive is too large", UNPACK, found, f"at most {LIMIT_DIRECTORY:,} bytes")


def _true_name(info: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 where the archive says so, else UTF-8, CP932 or CP437, the first that fits."""
    name = info.orig_filename
    if info.flag_bits & 0x800:
        return name
    raw = name.encode("cp437", "replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_inside(name: str) -> bool:
    """Does the name stay in its folder on every system: no `..`, no absolute path, drive letter, backslash or control character?"""
    if not name or name.startswith("/") or "\\" in name or ":" in name or any(ord(letter) < 32 for letter in name):
        return False
    return ".." not in PurePosixPath(name).parts


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _is_hidden_path(name: str) -> bool:
    return any(_is_hidden(part) for part in PurePosixPath(name).parts)


def _is_wanted(name: str) -> bool:
    return not name.endswith("/") and name.lower().endswith(ENDINGS) and not _is_hidden_path(name)
