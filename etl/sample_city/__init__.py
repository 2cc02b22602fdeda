"""A fictional city, 見本市, written in the formats in which real cities are published, so that it takes the same way as real files.

Nothing in it is real: the code 99201 lies outside the range of Japanese codes, the ground is open sea, names are invented, figures are
drawn from a seed. It serves first looks, training and tests; it never stands beside real figures.
"""

from __future__ import annotations

from pathlib import Path

from etl.sample_city.city import build_city
from etl.sample_city.tables import SAMPLE_CODE
from etl.sample_city.writing import write_city

__all__ = ["GENERATOR_VERSION", "SAMPLE_CODE", "is_sample_code", "write_sample"]

GENERATOR_VERSION = "2"
"""Raised whenever the same seed gives other files."""


def is_sample_code(code: str) -> bool:
    """Whether a code (municipality, small area, or with check digit) belongs to the fictional prefecture 99."""
    return len(code) >= 5 and code.isdigit() and code.startswith(SAMPLE_CODE[:2])


def write_sample(folder: Path, *, districts: int = 24, areas: int = 260, seed: int = 2026) -> list[Path]:
    """Write the sample city into `folder`; the same arguments give the same files.

    districts: number of school districts. areas: number of small areas (KEY_CODEs) in 2020, at least four a district. The city grows
    with them, so that an area keeps its usual size. ValueError for a city too small to show what it is for.
    """
    return write_city(build_city(districts, areas, seed), folder, seed)
