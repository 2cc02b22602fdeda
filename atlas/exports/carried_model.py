"""What a saved file carries of its figures, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from atlas.exports.citation import Cell
from atlas.texts import LANGUAGES, texts

COMPARED = ("sample", "title", "subtitle", "sentence", "source", "caution", "setting")
"""Lines of the metadata that the figure itself brings; the others say when and with what the file was made."""
LABELLED = ("title", "subtitle", "sentence", "source", "caution", "setting", "data_version", "built", "app", "exported", "recipe", "link")
MOST_FIGURES = 200
MOST_CELLS = 5_000_000


class CarriedError(ValueError):
    """A file that carries no figure of this program. reason: a key below `reproduce.file`; values: what stands in its words."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason, self.values_of_words = reason, values
        super().__init__(self.said("en"))

    def said(self, lang: str) -> str:
        """The sentence in a language."""
        return texts(lang)(f"reproduce.file.{self.reason}", **self.values_of_words)


@dataclass(frozen=True)
class CarriedTable:
    """A table as a file holds it: ids or titles of the columns (or both), rows of cells.

    form: how numbers are written: `raw` as they are, `csv` as text, `xlsx` differences in percentage points; partial: not all columns are in the file;
    marked: the rows of a sample each carry its mark.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    form: str = "raw"
    partial: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Carried:
    """One figure of a file. kind: csv, xlsx, geojson, geopackage, shortlist, json, parquet, svg, png, pdf, pptx, html.

    about: (id, text) of the metadata lines that are compared; fingerprint: of the table, where the file holds none;
    shapes: area code -> shapely geometry; redrawn: the drawing is no longer the one that was saved.
    """

    kind: str
    title: str
    recipe: str
    data_version: str
    app_version: str
    exported_at: str = ""
    permalink: str = ""
    about: tuple[tuple[str, str], ...] | None = None
    settings: tuple[tuple[str, str], ...] | None = None
    table: CarriedTable | None = None
    fingerprint: str = ""
    shapes: Mapping[str, Any] | None = None
    redrawn: bool = False


@cache
def _labels() -> dict[str, str]:
    """Words before a line of metadata, in every language -> what the line is."""
    found = {texts(lang)(f"frame.export.{name}"): name for lang in LANGUAGES for name in LABELLED}
    return found | {texts(lang)("frame.sample"): "sample" for lang in LANGUAGES}


def compared(lines: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The lines of `tables.metadata` that the figure itself brings, each under its id."""
    named = [(_labels().get(label, ""), text) for label, text in lines]
    return tuple((name, text) for name, text in named if name in COMPARED)


def with_metadata(kind: str, lines: Sequence[tuple[str, str]], table: CarriedTable, shapes: Mapping[str, Any] | None = None) -> Carried:
    """The figure of a file whose metadata are lines of label and text. Raises CarriedError where there is no recipe among them."""
    held: dict[str, str] = {}
    for label, text in lines:
        held.setdefault(_labels().get(label, label), text)
    if not held.get("recipe"):
        raise CarriedError("no_recipe" if held.get("data_version") else "foreign")
    return Carried(
        kind, held.get("title", ""), held["recipe"], held.get("data_version", ""), held.get("app", "").rpartition(" ")[2],
        held.get("exported", ""), held.get("link", ""), about=compared(lines), table=table, shapes=shapes,
    )  # fmt: skip
