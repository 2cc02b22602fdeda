"""Points and the areas they lie in: representative points of areas, and the places of every list with municipality and district."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.cities import source_of
from etl.geography import GEOMETRY_COLUMNS, Geography
from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GeoReading, Remark
from etl.readers.places_table import READER_ID as OWN_TABLE
from etl.replacing import TOGETHER, Table, content_of, later_ones
from etl.sample_city import SAMPLE_CODE

SHOWN = 20
DETAILS = ["address", "operator", "capacity", "opened", "note", "longitude", "latitude"]


def shapes_of(found: Geography, level: str) -> pd.DataFrame:
    """All shapes of a level, as for the table area_geometry."""
    frames = [frame for frame in found.geometries if len(frame) and frame["level"].iloc[0] == level]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=GEOMETRY_COLUMNS)


def add_points(found: Geography) -> None:
    """Give every shape the point that stands for it, and small areas the district in which that point lies."""
    for frame in found.geometries:
        points = shapely.point_on_surface(shapely.from_wkb(frame["geometry"].to_numpy()))
        frame["longitude"], frame["latitude"] = shapely.get_x(points), shapely.get_y(points)
        frame["district_code"] = None
    districts = shapes_of(found, "school_district")
    for frame in found.geometries:
        if len(frame) and frame["level"].iloc[0] == "small_area":
            own = districts[districts["municipality_code"] == frame["municipality_code"].iloc[0]]
            frame["district_code"] = _holding(shapely.points(frame["longitude"], frame["latitude"]), own)


def _holding(points: np.ndarray, shapes: pd.DataFrame, column: str = "area_code") -> np.ndarray:
    """For each point the shape that holds it (the first of several; a border belongs to both sides), None outside all."""
    inside = np.full(len(points), None, dtype=object)
    if len(shapes) and len(points):
        at, shape = shapely.STRtree(shapely.from_wkb(shapes["geometry"].to_numpy())).query(points, predicate="intersects")
        at, shape = at[np.lexsort((shape, at))], shape[np.lexsort((shape, at))]
        first = np.unique(at, return_index=True)[1]
        inside[at[first]] = shapes[column].to_numpy(dtype=object)[shape[first]]
    return inside


def add_places(found: Geography, maps: Sequence[GeoReading]) -> None:
    """Every point of every list with its municipality (said, else by position) and district (by position); rows without a position apart."""
    frames = []
    districts, areas = shapes_of(found, "school_district"), shapes_of(found, "small_area")
    for reading in maps:
        if reading.kind != "places" or reading.frame.empty:
            continue
        rows = gpd.GeoDataFrame(reading.frame)
        points = rows.geometry.to_numpy()
        frame = pd.DataFrame(rows.drop(columns=["geometry"])).assign(
            place_id=[f"{reading.sha256[:8]}-{number}" for number in range(len(rows))], longitude=shapely.get_x(points), latitude=shapely.get_y(points)
        )
        frame["district_code"] = _holding(points, districts)
        by_position = pd.Series(_holding(points, districts, "municipality_code"), index=frame.index, dtype="object")
        open_ones = (frame["municipality_code"].isna() & by_position.isna()).to_numpy()
        by_position[open_ones] = _holding(points[open_ones], areas, "municipality_code")
        frame["municipality_code"] = frame["municipality_code"].fillna(by_position)
        on_map = frame["longitude"].notna()
        held = frame.loc[on_map, "municipality_code"].dropna().unique()
        if len(held) == 1:
            frame["municipality_code"] = frame["municipality_code"].where(on_map | frame["municipality_code"].notna(), held[0])
        frame["source_id"] = np.where(frame["municipality_code"].eq(SAMPLE_CODE), "sample_city", source_of(reading))
        frames.append((reading, frame))
    placed, unplaced = [], []
    for reading, frame in _later_tables(found, frames):
        on_map = frame["longitude"].notna()
        if reading.reader == OWN_TABLE:
            say_municipalities(found, reading, frame["municipality_code"])
            _tell_outside(found, reading, frame[on_map], districts)
        placed.append(frame[on_map])
        unplaced.append(frame[~on_map].drop(columns=["longitude", "latitude", "district_code"]))
    columns = ["place_id", "kind", "name_ja", "municipality_code", "source_id"]
    found.places = pd.concat(placed, ignore_index=True) if placed else pd.DataFrame(columns=[*columns, "longitude", "latitude"])
    found.unplaced = pd.concat(unplaced, ignore_index=True) if unplaced else pd.DataFrame(columns=columns)


def _later_tables(found: Geography, frames: Sequence[tuple[GeoReading, pd.DataFrame]]) -> list[tuple[GeoReading, pd.DataFrame]]:
    """The lists, of a city's own tables only the rows that no later table took the place of. EtlError for the same 種別 in two tables that came together."""
    own = [(reading, frame) for reading, frame in frames if reading.reader == OWN_TABLE]
    tables = []
    for reading, frame in own:
        rows = frame[["municipality_code"]].assign(part=frame["kind_ja"], key=frame["name_ja"], content=content_of(frame, DETAILS))
        tables.append(Table(reading, rows))
    kept, replaced, clashes = later_ones(tables)
    if clashes:
        raise EtlError(
            Problem(
                one.second.file, f"{one.part} of municipality {one.municipality_code} stands in another table too (同じ種別が2つの表にあります)",
                column="種別", found=one.first.file, expected="one table", next_step=TOGETHER,
            )
            for one in clashes
        )  # fmt: skip
    found.replaced += replaced
    left = []
    for (reading, frame), rows in zip(own, kept, strict=True):
        left.append((reading, frame[rows]))
        if not rows.any():
            found.forget(reading)
    return [(reading, frame) for reading, frame in [*(one for one in frames if one[0].reader != OWN_TABLE), *left] if len(frame)]


def say_municipalities(found: Geography, reading: GeoReading, codes: pd.Series) -> None:
    """Once it is known of which municipalities a table speaks, its entry among the datasets says so too.

    If it is one, the remarks on the table become the city's: tables of several cities often have the same file name.
    """
    held = sorted(str(code) for code in codes.dropna().unique())
    for dataset in found.datasets:
        if dataset["sha256"] == reading.sha256 and dataset["reader"] == reading.reader:
            dataset["municipalities"] = held
    for remark in reading.remarks if len(held) == 1 else ():
        kept: dict[str, object] = {"municipality_code": None, "file": reading.file, "kind": remark.kind, "text_ja": remark.text_ja, "text_en": remark.text_en}
        if kept in found.remarks:
            found.remarks[found.remarks.index(kept)] = kept | {"municipality_code": held[0]}


def _tell_outside(found: Geography, reading: GeoReading, placed: pd.DataFrame, districts: pd.DataFrame) -> None:
    """Places of a city's own table that lie in no school district, or in no city that is loaded."""
    nowhere = placed[placed["municipality_code"].isna()]
    if len(nowhere):
        ja = f"読み込んだどの市区町村にも入らない場所が{len(nowhere):,}件あります（{_some(nowhere['name_ja'])}）。緯度・経度をご確認ください。"
        en = f"Places in no municipality that is loaded: {len(nowhere):,} ({_some(nowhere['name_ja'])}); check 緯度 and 経度."
        found.remark(None, reading.file, Remark("unplaced", ja, en))
    with_districts = set(districts["municipality_code"])
    for code, own in placed[placed["district_code"].isna()].groupby("municipality_code"):
        if code in with_districts:
            ja = f"どの小学校区にも入らない場所が{len(own):,}件あります（{_some(own['name_ja'])}）。"
            en = f"Places in no school district: {len(own):,} ({_some(own['name_ja'])})."
            found.remark(str(code), reading.file, Remark("unplaced", ja, en))


def _some(names: pd.Series) -> str:
    listed = [str(name) for name in names]
    return "、".join(listed[:SHOWN]) + (f" +{len(listed) - SHOWN:,}" if len(listed) > SHOWN else "")
