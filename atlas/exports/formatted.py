"""A table twin's cells as the words a reader sees: the same on page and in text exports."""

from __future__ import annotations

from atlas.exhibits.model import Column
from atlas.figures import numbers


def cell_text(column: Column, value: object, lang: str, missing: str = "") -> str:
    """One raw value as shown: thousands marks, percent, signed points; `missing` where there is none."""
    if numbers.is_missing(value):
        return missing
    if column.kind == "text":
        return str(value)
    number = float(value)  # type: ignore[arg-type]
    if column.kind == "percent":
        return numbers.percent(number, column.decimals)
    if column.kind == "points":
        return numbers.points(number, lang, column.decimals)
    if column.kind == "year":
        return str(int(number))
    return numbers.count(number, column.decimals)
