"""Pictures, cards, slides and pages read back: the one JSON text that each of them carries (`citation.py`)."""

from __future__ import annotations

import hashlib
import html
import json
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from atlas.exports.carried_model import MOST_FIGURES, Carried, CarriedError, CarriedTable
from atlas.exports.citation import ATTACHMENT, FORMAT, KIND, PART_ROOT

METADATA = re.compile(rf'<metadata\b[^>]*\bid="{KIND}"[^>]*>([^<]*)</metadata>')
SCRIPT, SCRIPT_END = f'<script type="application/json" id="{KIND}">', "</script>"
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
LONGEST = 50_000_000
"""Characters of the text, at most."""
LARGEST_DECK = 800_000_000
"""Bytes slides may take when they are unpacked."""


def figures_in(kind: str, text: str, drawn: Callable[[dict[str, Any]], bool] | None = None) -> tuple[Carried, ...]:
    """The figures of a file's text. drawn: whether the drawing is the one a figure's part speaks of. Raises CarriedError."""
    try:
        if len(text) > LONGEST:
            raise CarriedError("too_large")
        held = json.loads(text)
        if held["kind"] != KIND or held["format"] != FORMAT:
            raise CarriedError("other_version")
        figures = [_figure(kind, one, drawn) for one in held["figures"][:MOST_FIGURES]]
    except CarriedError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CarriedError("damaged", error=type(error).__name__) from error
    if not figures:
        raise CarriedError("no_recipe")
    return tuple(figures)


def _figure(kind: str, held: dict[str, Any], drawn: Callable[[dict[str, Any]], bool] | None) -> Carried:
    table = None
    if "rows" in held:
        ids, titles = (tuple(str(column[name]) for column in held["columns"]) for name in ("id", "title"))
        table = CarriedTable(ids, titles, tuple(tuple(_cell(value) for value in row) for row in held["rows"]))
    return Carried(
        kind, str(held["title"]), str(held["recipe"]), str(held["data_version"]), str(held["app_version"]),
        str(held.get("exported_at", "")), str(held.get("permalink", "")),
        settings=tuple((str(name), str(value)) for name, value in held["settings"].items()),
        table=table, fingerprint=str(held.get("table", "")), redrawn=drawn is not None and not drawn(held),
    )  # fmt: skip


def _cell(value: Any) -> Any:
    return value if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool)) else str(value)


def read_svg(content: bytes) -> tuple[Carried, ...]:
    """The text of `<metadata>`; the drawing is what is left when it is taken out."""
    text = content.decode("utf-8")
    found = METADATA.search(text)
    if found is None:
        raise CarriedError("no_recipe")
    rest = text[: found.start()] + text[found.end() :]
    return figures_in("svg", html.unescape(found[1]), partial(_drawn_as, _checksum(rest.encode("utf-8"))))


def read_png(content: bytes) -> tuple[Carried, ...]:
    """The text of an iTXt chunk; the drawing is the file without it."""
    for start, end, kind, data in _chunks(content):
        if kind == b"iTXt" and data.startswith(KIND.encode() + b"\0"):
            text = data[len(KIND) + 3 :].split(b"\0", 2)
            if data[len(KIND) + 1] or len(text) < 3:
                raise CarriedError("damaged", error="iTXt")
            rest = _checksum(content[:start] + content[end:])
            return figures_in("png", text[2].decode("utf-8"), partial(_drawn_as, rest))
    raise CarriedError("no_recipe")


def _chunks(content: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Start, end, kind and data of each chunk. Raises CarriedError where the file breaks off or a chunk's own checksum is wrong."""
    at = len(PNG_HEAD)
    while at < len(content):
        if at + 12 > len(content):
            raise CarriedError("damaged", error="PNG")
        (length,) = struct.unpack(">I", content[at : at + 4])
        end = at + 12 + length
        kind, data = content[at + 4 : at + 8], content[at + 8 : end - 4]
        if end > len(content) or struct.pack(">I", zlib.crc32(kind + data)) != content[end - 4 : end]:
            raise CarriedError("damaged", error="PNG")
        yield at, end, kind, data
        at = end


def _drawn_as(checksum: str, held: dict[str, Any]) -> bool:
    return checksum == held.get("drawn")


def _checksum(content: bytes) -> str:
    return f"{zlib.crc32(content):08x}"


def read_pdf(path: Path) -> tuple[Carried, ...]:
    """The attachment of the cards; the drawing is the content of all pages."""
    from pypdf import PdfReader  # only for those who need it

    reader = PdfReader(path)
    held = reader.attachments.get(ATTACHMENT)
    if not held:
        raise CarriedError("no_recipe")
    contents = [page.get_contents() for page in reader.pages]
    drawn = drawn_pages(b"" if one is None else one.get_data() for one in contents)
    return figures_in("pdf", held[0].decode("utf-8"), partial(_drawn_as, drawn))


def drawn_pages(contents: Iterable[bytes]) -> str:
    """The fingerprint of what is drawn on the pages of a PDF."""
    found = hashlib.sha256()
    for content in contents:
        found.update(content.strip() + b"\n")
    return found.hexdigest()


def read_pptx(path: Path) -> tuple[Carried, ...]:
    """The text of the custom part; the drawing is the numbers of a slide's charts and the words of its tables."""
    with zipfile.ZipFile(path) as packed:
        if sum(one.file_size for one in packed.infolist()) > LARGEST_DECK:
            raise CarriedError("too_large")
        parts = (packed.read(name).decode("utf-8") for name in sorted(packed.namelist()) if name.startswith("customXml/") and name.endswith(".xml"))
        text = next((part for part in parts if PART_ROOT in part), None)
        if text is None:
            raise CarriedError("no_recipe")
        drawn = drawn_slides(packed)
    return figures_in("pptx", html.unescape(re.sub(r"<[^>]*>", "", text)), lambda held: drawn.get(str(held.get("slide"))) == held.get("drawn"))


def drawn_slides(packed: zipfile.ZipFile) -> dict[str, str]:
    """Id of a slide -> fingerprint of the numbers of its charts and the words of its tables; it stays when slides change places."""
    addresses = _related(packed, "ppt/presentation.xml")
    listed = re.findall(r"<p:sldId\b[^>]*>", packed.read("ppt/presentation.xml").decode("utf-8"))
    found = {}
    for one in listed:
        identifier, relation = re.search(r'\bid="(\d+)"', one), re.search(r'\br:id="([^"]+)"', one)
        if identifier is None or relation is None or relation[1] not in addresses:
            continue
        slide = addresses[relation[1]]
        charts = [target for target in _related(packed, slide).values() if "/charts/" in target and target.endswith(".xml")]
        figures = [sorted(_numbers(packed.read(chart).decode("utf-8"))) for chart in charts]
        words = [re.findall(r"<a:t>([^<]*)</a:t>", table) for table in re.findall(r"<a:tbl\b.*?</a:tbl>", packed.read(slide).decode("utf-8"), re.DOTALL)]
        found[identifier[1]] = hashlib.sha256(json.dumps([sorted(figures), words], ensure_ascii=False).encode("utf-8")).hexdigest()
    return found


def _numbers(chart: str) -> list[str]:
    """The numbers of a chart to nine digits: programs write the last ones in their own way."""
    held = "".join(re.findall(r"<c:numCache>.*?</c:numCache>", chart, re.DOTALL))
    return [f"{float(number):.9g}" for number in re.findall(r"<c:v>([^<]+)</c:v>", held)]


def _related(packed: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relations of a part: id -> name of the part it leads to."""
    folder, _, name = part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in packed.namelist():
        return {}
    found = {}
    for one in re.findall(r"<Relationship\b[^>]*>", packed.read(listed).decode("utf-8")):
        identifier, target = re.search(r'\bId="([^"]+)"', one), re.search(r'\bTarget="([^"]+)"', one)
        if identifier and target and 'TargetMode="External"' not in one:
            found[identifier[1]] = posixpath.normpath(posixpath.join(folder, target[1])).lstrip("/") if not target[1].startswith("/") else target[1][1:]
    return found


def read_html(content: bytes) -> tuple[Carried, ...]:
    """The text of `<script type="application/json">`; the drawing is the whole page without it."""
    page = content.decode("utf-8")
    start = page.rfind(SCRIPT)
    end = page.find(SCRIPT_END, start)
    if start < 0 or end < 0:
        raise CarriedError("no_recipe")
    rest = page[:start] + page[end + len(SCRIPT_END) :]
    return figures_in("html", page[start + len(SCRIPT) : end], partial(_drawn_as, hashlib.sha256(rest.encode("utf-8")).hexdigest()))
