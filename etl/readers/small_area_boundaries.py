"""Small-area boundaries of the census (町丁・字等境界, e-Stat r2ka / h27ka / h22ka): Shapefile, TopoJSON or GeoJSON.

One row of the result is one KEY_CODE: its parts (飛び地) are dissolved and the printed JINKO and SETAI are added, because
the figures stand on one part only. The census year is told by the name of a field (R2KAxx, H27KAxx_), never by the file's
name; where nothing tells, `year` is UNKNOWN_YEAR and `small_area_merging.check_same_census` decides by the figures.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import shutil
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GEOGRAPHIC, GeoReader, GeoReading, Member, Remark
from etl.readers.ksj_dbf import Table, dbf_of
from etl.readers.reading import sha256_of
from etl.readers.small_area_merging import dissolved

UNKNOWN_YEAR = 0
"""What `year` says when the file does not tell its census."""
READER_ID = "small_area_boundaries"
SOURCE_ID = "estat_small_area_boundaries"
KEY = re.compile(r"[0-9]{5}|[0-9]{9}|[0-9]{11}")
SHORT_KEY = r"[0-9]{4}|[0-9]{8}|[0-9]{10}"
OF_A_BOUNDARY = ("S_NAME", "HCODE", "JINKO", "SETAI")
YEAR_FIELD = re.compile(r"(R|H)([0-9]{1,2})K[AB]")
NOTED_SOURCE = re.compile(rb"\b([rh])([0-9]{1,2})k[ab][0-9]{2,5}")
ERA = {"R": 2018, "H": 1988}
GET_AGAIN = "Download the boundary file again from e-Stat (統計地理情報システム, 境界データ)."
PUBLISHED_CRS = "EPSG:4612"
PLANE_CRS = [f"EPSG:{number}" for number in range(2443, 2462)]
GLOBE = (-180.0, -90.0, 180.0, 90.0)
JAPAN = (122.0, 20.0, 155.0, 46.0)
PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
HEAD = 8192


def claims(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """Shapefiles, TopoJSON and GeoJSON whose attributes hold KEY_CODE and the fields of a census boundary."""
    groups: list[tuple[Member, ...]] = []
    by_stem: dict[str, dict[str, Member]] = {}
    for member in members:
        name = PurePosixPath(member.name.casefold().replace("\\", "/"))
        if name.suffix in PARTS:
            by_stem.setdefault(str(name.with_suffix("")), {})[name.suffix] = member
        elif _is_boundary_json(member.path):
            groups.append((member,))
    for parts in by_stem.values():
        if ".dbf" in parts and _is_boundary(_field_names(parts[".dbf"].path)):
            groups.append(tuple(parts[suffix] for suffix in PARTS if suffix in parts))
    return groups


def _is_boundary(names: set[str]) -> bool:
    return "KEY_CODE" in names and len(names & set(OF_A_BOUNDARY)) >= 2


def _field_names(path: Path) -> set[str]:
    """The field names in the header of a .dbf, also of one that is cut off."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return set()
    end = head.find(b"\r", 32) if len(head) > 32 else 0
    return {head[at : at + 11].split(b"\0")[0].decode("ascii", "replace") for at in range(32, max(end, 32), 32)}


def _is_boundary_json(path: Path) -> bool:
    """Is there a census boundary in this TopoJSON or GeoJSON? Its attributes may stand behind megabytes of coordinates."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).lstrip(b"\xef\xbb\xbf \r\n\t")
            if not head.startswith(b"{") or not re.search(rb'"(Topology|FeatureCollection)"', head):
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                names = {name for name in ("KEY_CODE", *OF_A_BOUNDARY) if content.find(f'"{name}"'.encode()) >= 0}
    except (OSError, ValueError):
        return False
    return _is_boundary(names)


def read(members: Sequence[Member]) -> list[GeoReading]:
    """Read one boundary file: one row a KEY_CODE, in longitude and latitude. EtlError with every problem."""
    parts = {PurePosixPath(member.name.casefold()).suffix: member for member in members}
    is_shapefile = ".dbf" in parts
    main = parts.get(".shp", members[0])
    remarks: list[Remark] = []
    rows = _from_shapefile(parts, remarks) if is_shapefile else _from_json(main)
    rows = _with_codes(rows, main.name, remarks)
    rows = _with_crs(rows, main.name, is_shapefile, remarks)
    year = year_of(list(rows.columns), None if is_shapefile else main)
    if year == UNKNOWN_YEAR:
        ja = "国勢調査の年を示す項目がありません。統計表と重ねるときに人口の合計で確かめます。"
        remarks.append(Remark("other", ja, "No field tells the census year; the totals will be compared with those of the table."))
    frame, more = dissolved(rows)
    codes = sorted(set(frame["municipality_code"]))
    land, people = int((~frame["is_water"]).sum()), f"{frame['population'].sum():,.0f}"
    some, rest = ", ".join(codes[:3]), len(codes) - 3
    digests = "".join(sha256_of(member.path) for member in members)
    return [
        GeoReading(
            reader=READER_ID,
            source_id=SOURCE_ID,
            file=main.name,
            sha256=digests if len(members) == 1 else hashlib.sha256(digests.encode()).hexdigest(),
            kind="small_areas",
            year=year,
            frame=frame,
            understood_ja=f"国勢調査 町丁・字等境界({f'{year}年' if year else '年は不明'})、市区町村{some.replace(', ', '・')}"
            f"{f'ほか{rest:,}' if rest > 0 else ''}、{len(frame):,}区域(うち陸地{land:,})、人口{people}人",
            understood_en=f"Census small-area boundaries ({year or 'year unknown'}), municipality {some}"
            f"{f' and {rest:,} more' if rest > 0 else ''}, {len(frame):,} areas ({land:,} land), population {people}",
            remarks=(*remarks, *more),
            is_sample=not any("01" <= code[:2] <= "47" for code in codes),
        )
    ]


def year_of(columns: Sequence[str], member: Member | None) -> int:
    """The census year by the field that carries it (R2KAxx: 2020, H27KAxx_: 2015), or by what a TopoJSON notes of its source."""
    for column in columns:
        matched = YEAR_FIELD.match(column.upper())
        if matched:
            return ERA[matched[1]] + int(matched[2])
    if member is not None:
        with member.path.open("rb") as file:
            noted = NOTED_SOURCE.search(file.read(HEAD).lower())
        if noted:
            return ERA[noted[1].decode().upper()] + int(noted[2])
    return UNKNOWN_YEAR


def _from_shapefile(parts: dict[str, Member], remarks: list[Remark]) -> gpd.GeoDataFrame:
    table = _attributes(parts[".dbf"])
    if ".shp" not in parts:
        message = "the .shp file with the polygons is missing"
        raise EtlError([Problem(table.name, message, next_step="Give the whole archive, not the .dbf alone.")])
    shape = parts[".shp"]
    with shape.path.open("rb") as file:
        head = file.read(28)
    size = shape.path.stat().st_size
    if len(head) < 28 or struct.unpack(">i", head[:4])[0] != 9994:
        raise EtlError([Problem(shape.name, "this is not a Shapefile", found=head[:4].hex(" "), next_step=GET_AGAIN)])
    if (whole := struct.unpack(">i", head[24:])[0] * 2) > size:
        raise EtlError([Problem(shape.name, "the file is cut off", None, None, f"{size:,} bytes", f"{whole:,} bytes", GET_AGAIN)])
    encoding = table.encoding()
    with _side_by_side(parts) as path:
        try:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
            rows = _opened(path, shape.name, encoding=encoding)
        finally:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    if len(rows) != len(table.records):
        found = f"{len(rows):,} polygons, {len(table.records):,} rows of attributes"
        raise EtlError([Problem(shape.name, "polygons and attributes do not belong together", found=found, next_step=GET_AGAIN)])
    if encoding == "utf-8" and any(not cell.isascii() for cell in table.raw("S_NAME" if "S_NAME" in table.names else "KEY_CODE")):
        ja = "属性の文字コードは、公表どおりのCP932ではなくUTF-8でした。"
        remarks.append(Remark("encoding", ja, "The attributes are in UTF-8, not in CP932 as published."))
    return rows


def _attributes(member: Member) -> Table:
    """The .dbf; its problems under the true name of the file."""
    try:
        return replace(dbf_of(member.path), name=member.name)
    except EtlError as error:
        raise EtlError([replace(problem, file=member.name, next_step=GET_AGAIN) for problem in error.problems]) from error


@contextmanager
def _side_by_side(parts: dict[str, Member]) -> Iterator[Path]:
    """The parts of one Shapefile under one plain name in a folder of their own, as GDAL wants them; without the .cpg."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix, member in parts.items():
            if suffix != ".cpg":
                shutil.copyfile(member.path, Path(folder, f"areas{suffix}"))
        yield Path(folder, "areas.shp")


def _from_json(member: Member) -> gpd.GeoDataFrame:
    try:
        layers = [str(name) for name in pyogrio.list_layers(member.path)[:, 0]]
        layer = next((name for name in layers if "KEY_CODE" in pyogrio.read_info(member.path, layer=name)["fields"]), None)
    except Exception as error:
        said = str(error).replace(str(member.path), member.name)
        raise EtlError([Problem(member.name, f"the map cannot be read ({said})", next_step=GET_AGAIN)]) from error
    return _opened(member.path, member.name, layer=layer)


def _opened(path: Path, name: str, **options: str | None) -> gpd.GeoDataFrame:
    """All features. Whatever GDAL or its wrapper raises on a broken file becomes one sentence."""
    try:
        rows = pyogrio.read_dataframe(path, **options)
    except Exception as error:
        said = str(error).replace(str(path), name)
        raise EtlError([Problem(name, f"the map cannot be read ({said})", next_step=GET_AGAIN)]) from error
    if not isinstance(rows, gpd.GeoDataFrame) or rows.empty or "KEY_CODE" not in rows or rows.geometry.isna().all():
        raise EtlError([Problem(name, "there are no polygons with a KEY_CODE in it", found=f"{len(rows)} rows", next_step=GET_AGAIN)])
    return rows


def _with_codes(rows: gpd.GeoDataFrame, name: str, remarks: list[Remark]) -> gpd.GeoDataFrame:
    """KEY_CODE as text. A code that a program made a number gets back its leading zero: whole codes have an odd length."""
    numbers = pd.api.types.is_numeric_dtype(rows["KEY_CODE"])
    codes = rows["KEY_CODE"].map(lambda cell: "" if pd.isna(cell) else f"{cell:.0f}" if numbers else str(cell).strip())
    short = codes.str.fullmatch(SHORT_KEY)
    codes = codes.where(~short, "0" + codes)
    wrong = [(row, code) for row, code in enumerate(codes, start=1) if not KEY.fullmatch(code)]
    if wrong:
        message, expected = "the KEY_CODE cannot be read", "5, 9 or 11 digits"
        raise EtlError([Problem(name, message, row, "KEY_CODE", code, expected, GET_AGAIN) for row, code in wrong])
    if short.any():
        ja = f"先頭の0が失われていた{int(short.sum()):,}行のKEY_CODEに0を補いました。"
        remarks.append(Remark("mended", ja, f"{int(short.sum()):,} KEY_CODEs got back their leading zero."))
    return rows.assign(KEY_CODE=codes)


def _with_crs(rows: gpd.GeoDataFrame, name: str, is_shapefile: bool, remarks: list[Remark]) -> gpd.GeoDataFrame:
    """In EPSG:6668. Without a stated system degrees are JGD2000, as published; metres the zone that fits X_CODE and Y_CODE."""
    rows = rows.set_geometry(shapely.force_2d(rows.geometry.to_numpy()), crs=rows.crs)
    if rows.crs is None:
        crs = PUBLISHED_CRS if _within(rows.total_bounds, GLOBE) else _fitting_zone(rows)
        if crs is None:
            message, step = "the file does not say in which plane system its metres are", "Give the whole archive, with its .prj file."
            raise EtlError([Problem(name, message, expected="a .prj file", next_step=step)])
        rows = rows.set_crs(crs)
        if is_shapefile:
            ja, en = f"座標系のファイル(.prj)が無いため{crs}とみなしました。", f"Without a .prj file the coordinates were taken as {crs}."
            remarks.append(Remark("crs", ja, en))
    rows = rows.to_crs(GEOGRAPHIC)
    if not _within(rows.total_bounds, JAPAN):
        found = ", ".join(f"{number:.2f}" for number in rows.total_bounds)
        expected = "the .prj file that belongs to it"
        raise EtlError([Problem(name, "the polygons do not lie in Japan", None, None, found, expected, GET_AGAIN)])
    return rows


def _within(bounds: Sequence[float], frame: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return bool(frame[0] <= west and frame[1] <= south and east <= frame[2] and north <= frame[3])


def _fitting_zone(rows: gpd.GeoDataFrame) -> str | None:
    """The plane system in which the polygons lie where the attributes X_CODE and Y_CODE (degrees) say; None when none does."""
    if not {"X_CODE", "Y_CODE"} <= set(rows.columns):
        return None
    some = rows[rows.geometry.notna()].head(20)
    for crs in PLANE_CRS:
        points = some.geometry.representative_point().set_crs(crs).to_crs(GEOGRAPHIC)
        far = np.hypot(points.x - some["X_CODE"].astype(float), points.y - some["Y_CODE"].astype(float))
        if (far < 0.05).mean() > 0.8:
            return crs
    return None


READER = GeoReader(
    id=READER_ID,
    title_ja="国勢調査 町丁・字等境界データ(r2ka・h27ka)",
    title_en="Census small-area boundaries (r2ka, h27ka)",
    tried_on_real_file=True,
    claims=claims,
    read=read,
)
