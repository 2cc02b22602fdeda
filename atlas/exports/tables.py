"""An exhibit's table as CSV and XLSX, with what is needed to cite it and to rebuild it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit
from atlas.figures import numbers
from atlas.store import registry

SAMPLE = "sample"
"""The column in which each row of a sample carries its mark."""
APP_VERSION = "0.1.0"
"""Of the program; pyproject.toml says the same."""
FORMULA = re.compile(r"[=@\t]|[+-](?![\d.,%]*$)")
"""Text that a spreadsheet program would run; +1.9 and -3 are not."""
NUMBER_FORMATS = {"count": "#,##0", "percent": "0.0%", "points": "0.0", "decimal": "#,##0.0", "year": "0", "rank": "#,##0", "text": "@"}


@dataclass(frozen=True)
class Provenance:
    """What every export carries."""

    exported_at: str
    permalink: str = ""
    sample: bool = False


def metadata(exhibit: Exhibit, context: Context, provenance: Provenance) -> list[tuple[str, str]]:
    """Label and text of everything the reader of a file has to know, in reading order."""
    texts = context.texts
    info = registry.build_info(context.store)
    rows = [
        (texts("frame.export.title"), exhibit.title),
        (texts("frame.export.subtitle"), exhibit.subtitle),
        (texts("frame.export.sentence"), exhibit.sentence),
        *[(texts("frame.export.source"), line) for line in exhibit.sources],
        *[(texts("frame.export.caution"), line) for line in exhibit.cautions],
        *[(texts("frame.export.setting"), f"{key} = {value}") for key, value in exhibit.settings.items()],
        (texts("frame.export.data_version"), info.get("content_hash", "")),
        (texts("frame.export.built"), info.get("built_at", "")),
        (texts("frame.export.app"), f"{texts('frame.name')} {APP_VERSION}"),
        (texts("frame.export.exported"), provenance.exported_at),
    ]
    if exhibit.recipe:
        rows.append((texts("frame.export.recipe"), exhibit.recipe))
    if provenance.permalink:
        rows.append((texts("frame.export.link"), provenance.permalink))
    if provenance.sample:
        rows.insert(0, (texts("frame.sample"), texts("frame.sample_long")))
    return rows


def csv_bytes(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """UTF-8 with BOM (spreadsheet programs on Windows), the table first, then the metadata after an empty line.

    Numbers are raw: shares 0-1 at full precision. A missing value is an empty cell; its reason stands in the row.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title_of(column) for column in exhibit.table.columns])
    for row in exhibit.table.rows.itertuples(index=False):
        writer.writerow(["" if numbers.is_missing(value) else csv_value(column, value) for column, value in zip(exhibit.table.columns, row, strict=True)])
    writer.writerow([])
    writer.writerows(metadata(exhibit, context, provenance))
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """A workbook of two sheets: the table with number formats, and the metadata."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(context.texts("frame.export.sheet_table"))
        for position, column in enumerate(exhibit.table.columns):
            form = book.add_format({"num_format": _number_format(column)})
            sheet.write_string(0, position, title_of(column), bold)
            sheet.set_column(position, position, 24 if column.kind == "text" else 14)
            for line, value in enumerate(exhibit.table.rows.iloc[:, position], start=1):
                if numbers.is_missing(value):
                    continue
                if column.kind == "text":
                    sheet.write_string(line, position, str(value), form)
                else:
                    number = float(value) * (100 if column.kind == "points" else 1)
                    sheet.write_number(line, position, number, form)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(exhibit.table.rows), 1), len(exhibit.table.columns) - 1)
        about = book.add_worksheet(context.texts("frame.export.sheet_metadata"))
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 100)
        for line, (label, text) in enumerate(metadata(exhibit, context, provenance)):
            about.write_string(line, 0, label, wrapped)
            about.write_string(line, 1, text, wrapped)
    return out.getvalue()


def title_of(column: Column) -> str:
    """A column's title on one line."""
    return column.title.replace("<br>", " ")


def csv_value(column: Column, value: object) -> object:
    """A value that is there, as the CSV has it: a text that a spreadsheet program would run stands behind an apostrophe."""
    if column.kind == "text":
        text = str(value)
        return "'" + text if FORMULA.match(text) else text
    return raw_number(column, value)


def raw_number(column: Column, value: object) -> int | float:
    """A number as every export has it: counts, years and ranks whole where they are, else rounded where doubles end."""
    number = float(value)  # type: ignore[arg-type]
    return int(number) if column.kind in ("count", "year", "rank") and number == int(number) else round(number, 10)


def _number_format(column: Column) -> str:
    if column.kind in ("percent", "points", "decimal", "count"):
        digits = "." + "0" * column.decimals if column.decimals else ""
        return {"percent": f"0{digits}%", "points": f"+0{digits};-0{digits};0{digits}"}.get(column.kind, f"#,##0{digits}")
    return NUMBER_FORMATS[column.kind]


def records_of(exhibit: Exhibit, context: Context, *, sample: bool) -> tuple[list[Column], list[dict[str, Any]]]:
    """The columns, and the rows under their ids: raw numbers, None where there is none.

    The rows of a sample each carry its mark, so that it stays when rows are copied.
    """
    columns = list(exhibit.table.columns)
    records = [
        {column.id: _raw_value(column, value) for column, value in zip(columns, row, strict=True)}
        for row in exhibit.table.rows[[column.id for column in columns]].itertuples(index=False)
    ]
    if sample:
        mark = context.texts("frame.sample")
        columns.append(Column(SAMPLE, mark))
        records = [{**record, SAMPLE: mark} for record in records]
    return columns, records


def _raw_value(column: Column, value: object) -> str | int | float | None:
    if numbers.is_missing(value):
        return None
    return str(value) if column.kind == "text" else raw_number(column, value)
