"""The numbers of a native chart as the workbook inside it: what "edit data" shows."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

SHEET = "Sheet1"


class Workbook:
    """Columns of the workbook behind the chart, and the references to them."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._sheet = self._book.add_worksheet(SHEET)
        self._formats: dict[str, object] = {}
        self._next = 0

    def column(self, title: str, held: Sequence[float | str | None], form: str = "General") -> tuple[str, str]:
        """Write a column; the references of its title and of its values."""
        name, at = xl_col_to_name(self._next), self._next
        self._next += 1
        self._sheet.write_string(0, at, title)
        if form not in self._formats:
            self._formats[form] = self._book.add_format({"num_format": form})
        for row, value in enumerate(held, 1):
            if isinstance(value, str):
                self._sheet.write_string(row, at, value)
            elif value is not None:
                self._sheet.write_number(row, at, value, self._formats[form])
        return f"{SHEET}!${name}$1", f"{SHEET}!${name}$2:${name}${max(len(held), 1) + 1}"

    def finished(self) -> bytes:
        """The workbook as a file."""
        self._book.close()
        return self._out.getvalue()
