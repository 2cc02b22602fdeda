"""Finds 国土数値情報 (KSJ) data among the members of an archive: by field names and values inside, never by file name.

The same data stands in a KSJ zip as Shapefile, GeoJSON and GML. Candidates with the same municipality and school codes
are one dataset; they become one group of members, of which one format is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from etl.problems import EtlError
from etl.readers.geo_reading import Member
from etl.readers.ksj_dbf import dbf_of

THEMES = ("A27", "A32", "P29", "N03")
FORMATS = ("geojson", "shapefile", "gml", "dbf alone")
"""In the order in which they are preferred."""
BLOCK = 4 << 20
OVERLAP = 256
SHAPE_MAGIC = b"\x00\x00\x27\x0a"
JSON_VALUE = re.compile(rb'"(A27|A32|P29|N03)_(0\d\d)"\s*:\s*"?([A-Z]?\d{4,13})?')
GML_VALUE = re.compile(rb"[:<](A27|A32|P29|N03)_(0\d\d)>\s*([A-Z]?\d{4,13})?")
KSJ_DATASET = re.compile(rb"KsjAppSchema-(A27|A32|P29|N03)[^0-9A-Za-z]|id\s*=\s*[\"'](A27|A32|P29|N03)Dataset")
KSJ_CODE = re.compile(rb"dministrative(?:Area)?Code[^>/]*>\s*(\d{4,5})\s*<")
KSJ_SCHOOL = re.compile(rb"[sS]choolCode>\s*([A-Z]\d{12})\s*<")
METADATA = re.compile(rb"<(?:\w+:)?MD_Metadata")
SCHOOL_CODE = re.compile(r"[A-Z]\d{12}")


@dataclass(frozen=True)
class Scan:
    """What a look at one JSON or XML member showed: its theme, its fields and the codes in it."""

    theme: str
    format: str
    fields: frozenset[str]
    codes: frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """One file (or Shapefile) that holds data of a theme."""

    format: str
    members: tuple[Member, ...]
    main: Member
    fields: frozenset[str]
    codes: frozenset[str]


def municipality_field(theme: str, fields: frozenset[str]) -> str | None:
    """The number of the field that holds the municipality code in this layout; None when it is no layout that is known.

    School districts: 001-005 since 2021; 005-008 before (006-009 in A32 of 2013). Points with 001-004 alone are no districts.
    """
    if theme in ("A27", "A32"):
        for layout in (("001", "002", "003", "004", "005"), ("006", "007", "008", "009"), ("005", "006", "007", "008")):
            if fields.issuperset(layout):
                return layout[0]
        return None
    if theme == "P29":
        return "001" if fields.issuperset(("001", "002", "003", "004", "005", "006")) else None
    return "007" if fields.issuperset(("001", "004", "007")) else None


def groups_of(members: Sequence[Member], theme: str) -> list[tuple[Member, ...]]:
    """One group per dataset of the theme: all its formats and its metadata file, preferred format first."""
    metadata = [member for member in members if is_metadata(member.path, theme)]
    datasets: list[list[Candidate]] = []
    for candidate in sorted(candidates(members, theme), key=lambda candidate: FORMATS.index(candidate.format)):
        fitting = [dataset for dataset in datasets if _is_copy(candidate, dataset)]
        if fitting:
            max(fitting, key=lambda dataset: _nearness(candidate, dataset[0])).append(candidate)
        else:
            datasets.append([candidate])
    groups = []
    for found in datasets:
        data = [member for candidate in found for member in candidate.members]
        groups.append((*data, *_metadata_for(found[0].main, metadata)))
    return groups


def _is_copy(candidate: Candidate, dataset: Sequence[Candidate]) -> bool:
    """The same data in another format: the same codes, or in one folder nearly the same where there are no school codes.

    (The XML of 2010 also names municipalities that have a school but no district.)
    """
    if any(candidate.format == other.format for other in dataset):
        return False
    ours, theirs = candidate.codes, dataset[0].codes
    if ours == theirs:
        return True
    if any(len(code) > 5 for code in ours | theirs) or _nearness(candidate, dataset[0]) == 0:
        return False
    return 2 * len(ours & theirs) >= len(ours | theirs)


def _nearness(one: Candidate, other: Candidate) -> int:
    """0 in different folders, 1 in the same, 2 under the same name."""
    left, right = PurePosixPath(one.main.name), PurePosixPath(other.main.name)
    return int(left.parent == right.parent) + int(left.parent == right.parent and left.stem.casefold() == right.stem.casefold())


def candidates(members: Sequence[Member], theme: str) -> list[Candidate]:
    """Every file of the theme among the members, in whatever format."""
    found = []
    for parts in _shapefiles(members):
        candidate = _shapefile_candidate(parts, theme)
        if candidate is not None:
            found.append(candidate)
    for member in members:
        scan = scan_of(member.path)
        if scan is not None and scan.theme == theme:
            found.append(Candidate(scan.format, (member,), member, scan.fields, scan.codes))
    return found


def best_of(members: Sequence[Member], theme: str) -> Candidate | None:
    """The one candidate to read of a group."""
    return min(candidates(members, theme), key=lambda candidate: FORMATS.index(candidate.format), default=None)


def _shapefiles(members: Sequence[Member]) -> list[dict[str, Member]]:
    """Members that share folder and stem, by ending, where there is a .dbf among them."""
    stems: dict[tuple[str, str], dict[str, Member]] = {}
    for member in members:
        path = PurePosixPath(member.name)
        stems.setdefault((str(path.parent), path.stem.casefold()), {})[path.suffix.lower()] = member
    return [parts for parts in stems.values() if ".dbf" in parts]


def _shapefile_candidate(parts: dict[str, Member], theme: str) -> Candidate | None:
    try:
        table = dbf_of(parts[".dbf"].path)
    except EtlError:
        return None
    fields = frozenset(name[4:] for name in table.names if re.fullmatch(theme + r"_0\d\d", name))
    if municipality_field(theme, fields) is None:
        return None
    wanted = (municipality_field(theme, fields), "002" if theme == "P29" else "003")
    columns = [table.raw(f"{theme}_{number}") for number in wanted if number in fields]
    codes = frozenset(code for column in columns for code in _codes({cell.decode("ascii", "ignore").strip() for cell in column}))
    used = tuple(parts[ending] for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg") if ending in parts)
    whole = ".shp" in parts and _head(parts[".shp"].path, 4) == SHAPE_MAGIC
    main = parts[".shp"] if whole else parts[".dbf"]
    return Candidate("shapefile" if whole else "dbf alone", used, main, fields, codes)


def _codes(values: set[str]) -> Iterator[str]:
    """The municipality codes (five digits) and school codes among the values."""
    for value in values:
        if re.fullmatch(r"\d{4,5}", value):
            yield value.zfill(5)
        elif SCHOOL_CODE.fullmatch(value):
            yield value


def scan_of(path: Path) -> Scan | None:
    """The theme and codes of a JSON or XML member, None for anything else."""
    try:
        status = path.stat()
    except OSError:
        return None
    return _scan(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _scan(path: Path, size: int, changed: int) -> Scan | None:
    head = _head(path, 4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"<"):
        return None
    is_json = head[:1] == b"{"
    values: dict[str, dict[str, set[str]]] = {theme: {} for theme in THEMES}
    dataset = None if is_json else KSJ_DATASET.search(head)
    codes: set[str] = set()
    for block in _blocks(path):
        for theme, number, value in (JSON_VALUE if is_json else GML_VALUE).findall(block):
            values[theme.decode()].setdefault(number.decode(), set()).add(value.decode())
        if dataset is not None:
            codes.update(found.decode() for found in KSJ_CODE.findall(block) + KSJ_SCHOOL.findall(block))
    if dataset is not None:
        theme = (dataset.group(1) or dataset.group(2)).decode()
        return Scan(theme, "gml", frozenset(), frozenset(_codes(codes))) if codes else None
    theme = max(THEMES, key=lambda theme: len(values[theme]))
    fields = frozenset(values[theme])
    key = municipality_field(theme, fields)
    if key is None:
        return None
    codes = values[theme][key] | values[theme].get("002" if theme == "P29" else "003", set())
    return Scan(theme, "geojson" if is_json else "gml", fields, frozenset(_codes(codes)))


def _head(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that overlap, so that no match is cut."""
    rest = b""
    with path.open("rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            yield rest + block
            rest = block[-OVERLAP:]


def is_metadata(path: Path, theme: str) -> bool:
    """Is it the metadata file (KS-META) that comes with data of the theme?"""
    head = _head(path, 8192)
    return METADATA.search(head[:2048]) is not None and re.search(theme.encode() + rb"[-_]\d\d", head) is not None


def _metadata_for(main: Member, metadata: Sequence[Member]) -> list[Member]:
    """The metadata files of a dataset: in its folder; with its name in theirs where there are several."""
    place = PurePosixPath(main.name)
    beside = [member for member in metadata if PurePosixPath(member.name).parent == place.parent]
    named = [member for member in beside if PurePosixPath(member.name).stem.casefold().endswith(place.stem.casefold())]
    return named or (beside if len(beside) == 1 else [])
