"""The files of the sample city, each in the layout in which its original is published."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from etl.sample_city.city import City
from etl.sample_city.naming import CITY, PREFECTURE, wide
from etl.sample_city.own_tables import own_places_csv, own_supporters_csv
from etl.sample_city.places import P29_FIELDS, places_csv, school_columns, schools
from etl.sample_city.shapefile import JGD2000, JGD2011, Field, dbf, geojson, shp
from etl.sample_city.tables import SAMPLE_CODE, TABLES, table_text
from etl.sample_city.terrain import in_degrees

JAPANESE = 0x13
WATER, LAND = 8154, 8101
A27_FIELDS = [Field(f"A27_00{number}", "C", width) for number, width in enumerate((5, 254, 15, 254, 254), 1)]
_OLDER = [Field("KEN", "C", 2), Field("KEN_NAME", "C", 12), Field("SITYO_NAME", "C", 22), Field("GST_NAME", "C", 14), Field("CSS_NAME", "C", 14)]
_STEMS = {2020: ("r2ka", "R2KAxx"), 2015: ("h27ka", "H27KAxx"), 2010: ("h22ka", "H22KAxx")}


def boundary_fields(year: int) -> list[Field]:
    """Columns of the boundary file of a census: 2020, and the longer list of 2015 (of 2010 it is supposed)."""
    own, older = _STEMS[year][1], year < 2020
    decimals = (19, 5) if older else (15, 6)
    return [
        Field("KEY_CODE", "C", 11), Field("PREF", "C", 2), Field("CITY", "C", 3), Field("S_AREA", "C", 6), Field("PREF_NAME", "C", 12),
        Field("CITY_NAME", "C", 14 if older else 16), Field("S_NAME", "C", 96), Field("KIGO_E", "C", 3), Field("HCODE", "N", 4),
        Field("AREA", "N", decimals[0], 3), Field("PERIMETER", "N", decimals[0], 3), Field(own + ("_" if older else ""), "N", 6),
        Field(f"{own}_ID", "N", 6), *(_OLDER if older else []),
        Field("KIHON1", "C", 4), Field("DUMMY1", "C", 1), Field("KIHON2", "C", 2), Field("KEYCODE1", "C", 9), Field("KEYCODE2", "C", 9),
        Field("AREA_MAX_F", "C", 1), Field("KIGO_D", "C", 2), Field("N_KEN", "C", 2), Field("N_CITY", "C", 3), Field("KIGO_I", "C", 1),
        *([Field("MOJI", "C", 96)] if older else []),
        Field("KBSUM", "N", 4), Field("JINKO", "N", 10), Field("SETAI", "N", 10), Field("X_CODE", "N", *decimals),
        Field("Y_CODE", "N", *decimals), Field("KCODE1", "C", 7),
    ]  # fmt: skip


def _boundary(city: City, year: int) -> dict[str, bytes]:
    """The four files of one census: a row each part, the figures on the first part only."""
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    counts, own = city.counts[year], _STEMS[year][1]
    for place, (area, parts) in enumerate(zip(city.areas[year], city.shapes[year], strict=True)):
        block = f"{area.block:02d}"
        name = area.name if year == 2020 or not area.block else f"{area.town_name}{wide(area.block)}丁目"
        for part, shape in enumerate(parts):
            first = part == 0
            shapes.append(shape)
            rows.append(
                {
                    "KEY_CODE": SAMPLE_CODE + area.below,
                    "S_AREA": f"{area.town:04d}{block}",
                    "S_NAME": name,
                    "MOJI": name,
                    "KIGO_E": f"E{part + 1}" if len(parts) > 1 else None,
                    "HCODE": WATER if area.is_water else LAND,
                    "KIHON1": f"{area.town:04d}",
                    "KIHON2": block,
                    "KEYCODE1": f"{SAMPLE_CODE[2:]}{area.town:04d}{block}",
                    "KEYCODE2": SAMPLE_CODE[2:] + area.below,
                    "AREA_MAX_F": "M" if first else None,
                    "KBSUM": int(counts["households"][place]) // 45 + 1 if first and not area.is_water else 0,
                    "JINKO": int(counts["population"][place]) if first else 0,
                    "SETAI": int(counts["households"][place]) if first else 0,
                    "KCODE1": f"{area.town:04d}-{block}",
                }
            )
    array = np.array(shapes, dtype=object)
    middle = shapely.get_coordinates(in_degrees(shapely.point_on_surface(array)))
    columns: dict[str, Sequence[Any]] = {item: [row[item] for row in rows] for item in rows[0]}
    same = {"PREF": SAMPLE_CODE[:2], "CITY": SAMPLE_CODE[2:], "PREF_NAME": PREFECTURE, "CITY_NAME": CITY, "DUMMY1": "-"}
    same |= {"KEN": SAMPLE_CODE[:2], "KEN_NAME": PREFECTURE, "GST_NAME": CITY}
    columns |= {item: [value] * len(rows) for item, value in same.items()}
    columns |= {"AREA": shapely.area(array).tolist(), "PERIMETER": shapely.length(array).tolist()}
    columns |= {"X_CODE": middle[:, 0].tolist(), "Y_CODE": middle[:, 1].tolist()}
    columns |= {own + ("_" if year < 2020 else ""): range(2, len(rows) + 2), f"{own}_ID": range(1, len(rows) + 1)}
    main, index = shp(in_degrees(array).tolist())
    stem = f"{_STEMS[year][0]}{SAMPLE_CODE}"
    table = dbf(boundary_fields(year), columns, "cp932", JAPANESE)
    return {f"{stem}.shp": main, f"{stem}.shx": index, f"{stem}.dbf": table, f"{stem}.prj": JGD2000.encode()}


def _district_files(city: City) -> dict[str, bytes]:
    """A27 of 2023: UTF-8 with .cpg, and the same as GeoJSON."""
    found = schools(city)
    columns: dict[str, Sequence[Any]] = {
        "A27_001": [SAMPLE_CODE] * len(found),
        "A27_002": [f"{CITY}立"] * len(found),
        "A27_003": [school.code for school in found],
        "A27_004": [school.name for school in found],
        "A27_005": [school.address for school in found],
    }
    shapes = in_degrees(city.districts.shapes).tolist()
    main, index = shp(shapes)
    return {
        "A27-23_99.prj": JGD2011.encode(),
        "A27-23_99.cpg": b"UTF8",
        "A27-23_99.shx": index,
        "A27-23_99.geojson": geojson(shapes, columns),
        "A27-23_99.dbf": dbf(A27_FIELDS, columns, "utf-8", 0),
        "A27-23_99.shp": main,
    }


def _school_files(city: City) -> dict[str, bytes]:
    """P29 of 2021: CP932 without .cpg, and the same as GeoJSON."""
    places, columns = school_columns(city)
    shapes = shapely.points(places).tolist()
    main, index = shp(shapes)
    return {
        "P29-21_99.shp": main,
        "P29-21_99.dbf": dbf(P29_FIELDS, dict(columns), "cp932", JAPANESE),
        "P29-21_99.shx": index,
        "P29-21_99.prj": JGD2011.encode(),
        "P29-21_99.geojson": geojson(shapes, dict(columns)),
    }


def _zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive that is the same at every writing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def write_city(city: City, folder: Path, seed: int) -> list[Path]:
    """Write every file; gives their paths."""
    contents = {"A27-23_99_GML.zip": _zipped(_district_files(city)), "P29-21_99_GML.zip": _zipped(_school_files(city))}
    for year in city.areas:
        contents |= _boundary(city, year)
        for table in TABLES:
            contents[f"tbl{table.ids[year]}C{SAMPLE_CODE[:2]}.csv"] = table_text(city, table, year).encode("cp932")
    contents[f"places_{SAMPLE_CODE}.csv"] = places_csv(city, seed)
    contents[f"own_places_{SAMPLE_CODE}.csv"] = own_places_csv(city, seed)
    contents[f"own_supporters_{SAMPLE_CODE}.csv"] = own_supporters_csv(city, seed)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return written
