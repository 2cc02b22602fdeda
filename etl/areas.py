"""The table of areas: nation and prefectures from the registry, the rest from the figures and files read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from catalog.model import Registry
from etl.problems import EtlError, Problem
from etl.readers.reading import AREA_COLUMNS, Reading

NATION = "00000"


def level_of_registry_code(code: str) -> str:
    """'nation' for 00000, else 'prefecture'."""
    return "nation" if code == NATION else "prefecture"


def area_table(registry: Registry, named: pd.DataFrame, readings: Sequence[Reading]) -> pd.DataFrame:
    """Every area once (AREA_COLUMNS), sorted by code.

    `named` (area_code, year, name_ja) are the municipalities of the shipped figures; where names differ the
    newest wins, and a file read wins over the shipped figures.
    """
    fixed = pd.DataFrame(
        [
            (code, level_of_registry_code(code), None if code == NATION else NATION, name_ja, name_en)
            for code, (name_ja, name_en) in registry.prefectures.items()
        ],
        columns=AREA_COLUMNS,
    )
    shipped = named.sort_values("year").drop_duplicates("area_code", keep="last")
    shipped = shipped[~shipped["area_code"].isin(fixed["area_code"])]
    shipped = pd.DataFrame(
        {
            "area_code": shipped["area_code"],
            "level": "municipality",
            "parent_code": shipped["area_code"].str[:2] + "000",
            "name_ja": shipped["name_ja"],
            "name_en": None,
        },
        columns=AREA_COLUMNS,
    )
    read = [reading.areas[AREA_COLUMNS] for reading in readings if len(reading.areas)]
    areas = pd.concat([shipped, *read, fixed], ignore_index=True).drop_duplicates("area_code", keep="last")
    orphans = areas[areas["parent_code"].notna() & ~areas["parent_code"].isin(areas["area_code"])]
    if len(orphans):
        raise EtlError(
            Problem("area table", f"the area {row.area_code} {row.name_ja} has an unknown parent", found=str(row.parent_code)) for row in orphans.itertuples()
        )
    return areas.sort_values("area_code", ignore_index=True)


def with_present_codes(reading: Reading, registry: Registry) -> Reading:
    """The reading with codes that were replaced since (40305 那珂川町 -> 40231 那珂川市) moved to the present ones."""
    moved = {change.old_code: change for change in registry.area_changes if change.kind == "recoded"}
    renamed = {change.old_name_ja: change.new_name_ja for change in registry.area_changes}
    if not moved:
        return reading
    codes = {old: change.new_code for old, change in moved.items()}
    observations = reading.observations.assign(area_code=reading.observations["area_code"].replace(codes))
    areas = reading.areas.assign(area_code=reading.areas["area_code"].replace(codes), name_ja=reading.areas["name_ja"].replace(renamed))
    areas = areas.assign(
        parent_code=[
            code[:2] + "000" if level == "municipality" else parent
            for code, level, parent in zip(areas["area_code"], areas["level"], areas["parent_code"], strict=True)
        ]
    )
    return Reading(**{**reading.__dict__, "observations": observations, "areas": areas})
