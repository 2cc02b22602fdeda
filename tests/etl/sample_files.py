"""The files of the sample city as its tests look at them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from etl.sample_city.people import YEARS
from etl.sample_city.tables import TABLES

BOUNDARIES = {2020: "r2ka99201", 2015: "h27ka99201", 2010: "h22ka99201"}
FILES = {year: {table.ids[year]: table for table in TABLES} for year in YEARS}


def lines(folder: Path, number: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / f"tbl{number}C99.csv").read_bytes().decode("cp932"))))


def table(folder: Path, number: str) -> pd.DataFrame:
    """A table by KEY_CODE; X becomes NaN, '-' zero."""
    head, _, *rows = lines(folder, number)
    frame = pd.DataFrame(rows, columns=head).set_index("KEY_CODE")
    figures = frame.columns[6:]
    frame[figures] = frame[figures].replace({"-": "0", "X": np.nan}).astype(float)
    return frame


def boundary(folder: Path, year: int) -> gpd.GeoDataFrame:
    return gpd.read_file(folder / f"{BOUNDARIES[year]}.shp", encoding="cp932")


def districts(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(f"zip://{folder}/A27-23_99_GML.zip!A27-23_99.shp").to_crs(6673)
