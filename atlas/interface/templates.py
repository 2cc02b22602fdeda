"""The tables a city fills in itself, to download."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from atlas.interface.frame import Page
from atlas.interface.pictures import SavedFile, figure_tools
from catalog.folder import data_folder

TEMPLATES = ("places", "supporters", "districts")
WORDS = ("group", "link", "failed", "copied", "copy_failed", "saved", "making")


def show_templates(page: Page) -> None:
    """What the tables are for, and a button for each that is there."""
    texts = page.texts
    held = {one: data_folder().templates / f"{one}.csv" for one in TEMPLATES}
    files = {one: SavedFile(f"{texts(f'places.template.{one}')}.csv", "text/csv", partial(_content, path)) for one, path in held.items() if path.is_file()}
    if not files:
        return
    page.section(texts("places.template.title"), texts("places.template.lead"))
    labels = {name: texts(f"frame.save.{name}") for name in WORDS} | {one: texts(f"places.template.{one}") for one in files}
    figure_tools(chart_key="", file_stem="", title="", subtitle="", footer=(), labels=labels, key=f"{page.id}-templates", actions=(), files=files)


def _content(path: Path) -> bytes:
    return path.read_bytes()
