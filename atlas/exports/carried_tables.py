"""Tables, maps and lists read back: CSV, XLSX, GeoJSON, GeoPackage, the saved shortlist, the site's JSON, Parquet and CSV."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import shapely

from atlas.exports.carried_model import MOST_CELLS, Carried, CarriedError, CarriedTable, with_metadata
from atlas.exports.citation import Cell
from atlas.exports.geo import ABOUT, FIELDS, FIGURES
from atlas.figures import numbers

UNPACKED = 400_000_000
"""Bytes a workbook may take when it is unpacked."""
LIST_COLUMNS = ("code", "place", "note")
csv.field_size_limit(1_000_000)


def read_csv(path: Path) -> Carried:
    """The table up to the first empty row, the metadata below it; a table of the site has its metadata in the JSON file beside it."""
    lines = list(csv.reader(io.StringIO(_decoded(path.read_bytes()), newline="")))
    end = next((number for number, line in enumerate(lines) if not any(line)), None)
    beside = path.with_suffix(".json")
    if end is None and lines and beside.is_file():
        held = json.loads(beside.read_text("utf-8"))
        return with_metadata("csv", _labelled(held["about"]), CarriedTable(tuple(lines[0]), (), tuple(tuple(line) for line in lines[1:]), "csv", marked=True))
    if not end:
        raise CarriedError("foreign")
    about = [(line[0], line[1]) for line in lines[end + 1 :] if len(line) > 1]
    rows = tuple(tuple(line) for line in lines[1:end])
    return with_metadata("csv", about, CarriedTable((), tuple(lines[0]), rows, "csv"))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):  # spreadsheet programs in Japan save CSV in the second
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CarriedError("foreign")


def read_xlsx(path: Path) -> Carried:
    """The first sheet is the table, the metadata stand in another one."""
    with zipfile.ZipFile(path) as packed:
        if sum(one.file_size for one in packed.infolist()) > UNPACKED:
            raise CarriedError("too_large")
    book: Any = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheets = [_sheet(sheet) for sheet in book.worksheets]
    finally:
        book.close()
    if not sheets or not sheets[0]:
        raise CarriedError("foreign")
    titles, *rows = sheets[0]
    about = [(str(line[0] or ""), str(line[1] or "")) for sheet in sheets[1:] for line in sheet if len(line) > 1]
    return with_metadata("xlsx", about, CarriedTable((), tuple(str(title or "") for title in titles), tuple(rows), "xlsx"))


def _sheet(sheet: Any) -> list[tuple[Cell, ...]]:
    """The rows of a sheet without the empty ones at its end."""
    rows: list[tuple[Cell, ...]] = []
    held = 0
    for line in sheet.iter_rows(values_only=True):
        held += len(line)
        if held > MOST_CELLS:
            raise CarriedError("too_large")
        rows.append(tuple(_cell(value) for value in line))
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    return rows


def _cell(value: Any) -> Cell:
    return value if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool)) else str(value)


def read_geojson(held: dict[str, Any]) -> Carried:
    """A FeatureCollection with the members `metadata` and `fields`."""
    fields, features = held.get("fields"), held["features"]
    if not isinstance(fields, dict) or "metadata" not in held:
        raise CarriedError("foreign")
    rows = tuple(tuple(_cell(one["properties"].get(name)) for name in fields) for one in features)
    shapes = {str(one.get("id")): _geometry(one.get("geometry")) for one in features}
    table = CarriedTable(tuple(fields), tuple(str(title) for title in fields.values()), rows, marked=True)
    return with_metadata("geojson", _labelled(held["metadata"]), table, shapes)


def _geometry(plain: Any) -> Any:
    return None if plain is None else shapely.from_geojson(json.dumps(plain))


def _labelled(lines: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(line["label"]), str(line["text"])) for line in lines]


def read_geopackage(path: Path) -> Carried:
    """The layers `figures`, `about` and `fields`."""
    import pyogrio  # a map library, slow to load

    layers = {str(name) for name, _ in pyogrio.list_layers(path)}
    if not {FIGURES, ABOUT, FIELDS} <= layers:
        raise CarriedError("foreign")
    figures = pyogrio.read_dataframe(path, layer=FIGURES)
    about, fields = pyogrio.read_dataframe(path, layer=ABOUT), pyogrio.read_dataframe(path, layer=FIELDS)
    ids = tuple(str(name) for name in fields["field"])
    present = [name for name in figures.columns if name != "geometry"]
    titles = dict(zip(ids, (str(title) for title in fields["title"]), strict=True))
    rows = tuple(zip(*[[_plain(value) for value in figures[name].tolist()] for name in present], strict=True))
    shapes = dict(zip(figures["code"].astype(str), figures.geometry, strict=True)) if "code" in present else None
    table = CarriedTable(tuple(present), tuple(titles.get(name, "") for name in present), rows, marked=True)
    return with_metadata("geopackage", _pairs(about[["label", "text"]].itertuples(index=False, name=None)), table, shapes)


def _pairs(lines: Iterable[Sequence[Any]]) -> list[tuple[str, str]]:
    return [(str(label or ""), str(text or "")) for label, text in lines]


def _plain(value: Any) -> Cell:
    return None if numbers.is_missing(value) else _cell(value)


def read_shortlist_file(held: dict[str, Any]) -> Carried:
    """The saved shortlist: codes, names and notes of its districts; the other figures stand in the XLSX beside it."""
    rows = tuple((str(one["code"]), str(one["name"]), str(one.get("note") or "")) for one in held["districts"])
    return with_metadata("shortlist", _labelled(held["about"]), CarriedTable(LIST_COLUMNS, (), rows, partial=True))


def read_site_json(held: dict[str, Any]) -> Carried:
    """A table of the site: its metadata, its fields, its rows below one of the columns' names."""
    titles = {str(one["name"]): str(one["title"]) for one in held["fields"]}
    names, *lines = held["rows"]
    ids = tuple(str(name) for name in names)
    rows = tuple(tuple(_cell(value) for value in line) for line in lines)
    return with_metadata("json", _labelled(held["about"]), CarriedTable(ids, tuple(titles.get(name, "") for name in ids), rows, marked=True))


def read_parquet(path: Path) -> Carried:
    """A table of the site with its metadata and fields in those of the file."""
    from pyarrow import parquet  # slow to load

    table = parquet.read_table(path)
    metadata = table.schema.metadata or {}
    if not {b"about", b"fields"} <= metadata.keys():
        raise CarriedError("foreign")
    names = {str(one["name"]): str(one["title"]) for one in json.loads(metadata[b"fields"])}
    titles = tuple(names.get(name, "") for name in table.column_names)
    rows = tuple(zip(*[[_plain(value) for value in column.to_pylist()] for column in table.columns], strict=True))
    return with_metadata("parquet", _labelled(json.loads(metadata[b"about"])), CarriedTable(tuple(table.column_names), titles, rows, marked=True))
