"""The tables behind the exhibits as CSV, Parquet and JSON, described together in one `datapackage.json` (https://datapackage.org/standard/data-package/).

The same numbers as in every other export: shares 0 to 1 at full precision, a missing value empty, its reason in a column of the row. Every row of a
table of the sample city carries the sample's mark.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit
from atlas.exports.tables import APP_VERSION, FORMULA, Provenance, metadata, records_of
from atlas.site.model import Place
from atlas.store import catalogue, registry
from atlas.texts import texts

FORMATS = (("csv", "CSV", "text/csv"), ("json", "JSON", "application/json"), ("parquet", "Parquet", "application/vnd.apache.parquet"))
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
CC_BY = re.compile(r"CC BY 4\.0")
Record = dict[str, Any]


@dataclass(frozen=True)
class TableFiles:
    """A table in every format. content: ending -> bytes; fields: the table schema's."""

    name: str
    lang: str
    exhibit: Exhibit
    fields: tuple[dict[str, str], ...]
    content: dict[str, bytes]


def table_files(context: Context, exhibit: Exhibit, name: str, published: str) -> TableFiles:
    """The exhibit's table in every format. name: of its files; published: when, as ISO 8601."""
    columns, records = records_of(exhibit, context, sample=exhibit.is_sample)
    fields = tuple(_field(context, column, [record[column.id] for record in records]) for column in columns)
    about = [{"label": label, "text": text} for label, text in metadata(exhibit, context, Provenance(published, sample=exhibit.is_sample))]
    content = {"csv": _csv(fields, records), "json": _json(about, fields, records), "parquet": _parquet(about, fields, records)}
    return TableFiles(name, context.lang, exhibit, fields, content)


def package(context: Context, tables: Sequence[TableFiles], place: Place, published: str, folder: str) -> bytes:
    """The description of all tables. Paths are from the site's first folder; only the CSV files repeat the schema, the others carry it themselves."""
    words = context.texts
    content = {
        "$schema": PROFILE,
        "name": "tsunagari-atlas",
        "title": words("site.package.title", place=context.area_name(place.municipality)),
        "description": words("site.package.description"),
        "version": context.store.version,
        "created": published,
        "licenses": _licences(context, tables),
        "sources": [
            {key: value for key, value in (("title", context.word(one, "attribution") or context.word(one, "title")), ("path", one.url)) if value}
            for one in _sources(context, tables)
        ],
        "contributors": [{"title": f"{words('frame.name')} {APP_VERSION}", "roles": ["wrangler"]}],
        "resources": [resource for table in tables for resource in _resources(table, folder)],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _field(context: Context, column: Column, values: list[Any]) -> dict[str, str]:
    """A field of the table schema; whole numbers where all of them are."""
    held = [value for value in values if value is not None]
    kind = "string" if column.kind == "text" else "integer" if held and all(isinstance(value, int) for value in held) else "number"
    field = {"name": column.id, "title": column.title.replace("<br>", " "), "type": kind}
    return field | ({"description": context.texts(f"site.package.{column.kind}")} if column.kind in ("percent", "points") else {})


def _csv(fields: Sequence[dict[str, str]], records: Sequence[Record]) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheet programs on Windows want; text they would run is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([field["name"] for field in fields])
    for record in records:
        writer.writerow(["'" + value if isinstance(value, str) and FORMULA.match(value) else value for value in record.values()])
    return out.getvalue().encode("utf-8-sig")


def _json(about: list[dict[str, str]], fields: Sequence[dict[str, str]], records: Sequence[Record]) -> bytes:
    """Rows as lists under a first one of the columns' names, so that names are not said again in each."""
    rows = [[field["name"] for field in fields], *(list(record.values()) for record in records)]
    return json.dumps({"about": about, "fields": fields, "rows": rows}, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _parquet(about: list[dict[str, str]], fields: Sequence[dict[str, str]], records: Sequence[Record]) -> bytes:
    """Columns typed as the schema says; titles and all that is needed to cite the table in the file's own metadata."""
    schema = pa.schema([pa.field(one["name"], TYPES[one["type"]]) for one in fields])
    columns = [[float(value) if one["type"] == "number" and value is not None else value for value in (r[one["name"]] for r in records)] for one in fields]
    out = io.BytesIO()
    arrays = [pa.array(values, TYPES[one["type"]]) for values, one in zip(columns, fields, strict=True)]
    # Without Arrow's own copy of the schema the metadata are written one by one; a schema's metadata would be left out with it.
    with pq.ParquetWriter(out, schema, compression="zstd", write_statistics=False, store_schema=False) as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        writer.add_key_value_metadata({"about": json.dumps(about, ensure_ascii=False), "fields": json.dumps(list(fields), ensure_ascii=False)})
    return out.getvalue()


def _resources(table: TableFiles, folder: str) -> list[dict[str, Any]]:
    mark = texts(table.lang)("frame.sample") + ": " if table.exhibit.is_sample else ""
    found = []
    for ending, _, media in FORMATS:
        content = table.content[ending]
        resource: dict[str, Any] = {
            "name": f"{table.name}-{table.lang}-{ending}",
            "path": f"{folder}/{table.name}.{table.lang}.{ending}",
            "title": mark + table.exhibit.title,
            "format": ending,
            "mediatype": media,
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        if ending == "csv":
            resource |= {
                "encoding": "utf-8",
                "dialect": {"lineTerminator": "\r\n"},
                "description": table.exhibit.subtitle,
                "sources": [{"title": line} for line in table.exhibit.sources],
                "schema": {"fields": list(table.fields), "missingValues": [""]},
            }
        elif ending == "json":
            resource |= {"encoding": "utf-8", "dialect": {"property": "rows", "itemType": "array"}}
        found.append(resource)
    return found


def _sources(context: Context, tables: Sequence[TableFiles]) -> list[Any]:
    """Sources of figures that are held; the sample's only where it is shown."""
    held = {row["source_id"] for row in catalogue.readings(context.store)}
    sample = any(table.exhibit.is_sample for table in tables)
    return [one for one in registry.sources(context.store).values() if (sample if one.kind == "sample" else one.id in held)]


def _licences(context: Context, tables: Sequence[TableFiles]) -> list[dict[str, str]]:
    """The terms of the sources, each once, with where they are listed for every source."""
    words = dict.fromkeys(context.word(one, "licence") for one in _sources(context, tables))
    return [({"name": "CC-BY-4.0"} if CC_BY.fullmatch(word) else {}) | {"path": f"{context.lang}/catalogue.html", "title": word} for word in words]
