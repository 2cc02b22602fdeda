"""小中学校通学区域情報 of our own making: lists of 町字 by school, from the files of the sample city or from squares side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.readers.geo_reading import ADDRESS_COLUMNS, GEOGRAPHIC, SMALL_AREA_COLUMNS
from tests.etl import sample_files
from tests.etl.readers.own_making import csv_file

HEADER = ("全国地方公共団体コード", "学校名称", "通学区域の住所", "備考")
CODE = "99201"


def school_of_areas(folder: Path) -> dict[str, str]:
    """KEY_CODE of every small area on land of 2020 -> the school that holds most of its ground, measured here anew."""
    areas = sample_files.boundary(folder, 2020).to_crs(6673)
    areas = areas[areas["HCODE"] != 8154].dissolve("KEY_CODE")
    districts = sample_files.districts(folder)
    shares = np.array([shapely.area(shapely.intersection(districts.geometry.to_numpy(), shape)) for shape in areas.geometry])
    return dict(zip(areas.index, districts["A27_004"].to_numpy()[shares.argmax(axis=1)], strict=True))


def names_of_areas(folder: Path) -> dict[str, str]:
    """KEY_CODE -> name."""
    areas = sample_files.boundary(folder, 2020)
    return dict(zip(areas["KEY_CODE"], areas["S_NAME"], strict=True))


def list_file(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> Path:
    return csv_file(path, header, rows)


def entries(rows: Sequence[tuple[str, str, str | None]], code: str = CODE) -> pd.DataFrame:
    """School, 町字, extent as the reader gives them."""
    return pd.DataFrame([(code, school, "elementary", town, extent, None) for school, town, extent in rows], columns=ADDRESS_COLUMNS, dtype=object)


def side_by_side(people: Mapping[str, float], gaps: Sequence[int] = (), code: str = CODE) -> gpd.GeoDataFrame:
    """Small areas of these names and people, squares in a row; gaps: those that begin after a gap. A '#' and what follows is no part of the name."""
    at, rows = 0, []
    for number, (name, count) in enumerate(people.items()):
        at += 2 if number in gaps else 1
        shape = shapely.box(134.2 + at * 0.01, 35.5, 134.21 + at * 0.01, 35.51)
        rows.append((f"{code}{number:04d}00", code, name.split("#")[0], False, float(count), float(count), shape))
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=SMALL_AREA_COLUMNS), geometry="geometry", crs=GEOGRAPHIC)
