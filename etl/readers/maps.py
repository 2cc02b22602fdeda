"""The readers of maps and small areas together: what a file, folder or archive holds, found by content."""

from __future__ import annotations

from pathlib import Path

from etl.archives import opened
from etl.problems import EtlError, Problem
from etl.readers.district_table import DISTRICT_TABLE
from etl.readers.geo_reading import GeoReader, GeoReading, Member
from etl.readers.ksj import KSJ_READERS
from etl.readers.mesh import MESH_READERS
from etl.readers.open_data import OPEN_DATA_READERS
from etl.readers.places_table import PLACES_TABLE
from etl.readers.small_area_tables import SMALL_AREA_READERS
from etl.readers.supporters_table import SUPPORTERS_TABLE

MAP_READERS: tuple[GeoReader, ...] = (*KSJ_READERS, *SMALL_AREA_READERS, *MESH_READERS, *OPEN_DATA_READERS, PLACES_TABLE, SUPPORTERS_TABLE, DISTRICT_TABLE)


def read_maps(path: Path) -> list[GeoReading]:
    """Every dataset of a file, folder or zip. EtlError when none is known, or with every problem of those that are."""
    readings: list[GeoReading] = []
    problems: list[Problem] = []
    with opened(path) as members:
        for reader in MAP_READERS:
            for group in reader.claims(members):
                try:
                    readings += reader.read(group)
                except EtlError as error:
                    problems += error.problems
        if problems:
            raise EtlError(problems)
        if not readings:
            raise EtlError([unknown(path, members)])
    return readings


def unknown(path: Path, members: list[Member]) -> Problem:
    """No reader of maps knows anything in it."""
    names = ", ".join(member.name for member in members[:5])
    known = "; ".join(reader.title_en for reader in MAP_READERS)
    return Problem(path.name, "no reader knows this kind of file", found=names, expected=f"one of: {known}", next_step="See docs/adding_a_source.md.")
