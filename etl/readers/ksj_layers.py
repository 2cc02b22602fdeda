"""One KSJ dataset as a table of text fields and geometry, from whichever format it comes in."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import tempfile
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GEOGRAPHIC, Member, Remark
from etl.readers.ksj_dbf import GET_AGAIN, dbf_of
from etl.readers.ksj_find import Candidate, best_of, is_metadata, municipality_field
from etl.readers.ksj_gml import read_gml

JAPAN = (122.0, 20.0, 154.5, 46.0)
AS_THEY_ARE = (6668, 4326, 4612, 6697, 4979)
"""Longitude and latitude that stay as they are: JGD2000, JGD2011 and WGS 84 differ by less than the drawing does."""
YEAR = re.compile(r"(?:A27|A32|P29|N03)P?[-_]?(20\d\d|\d\d)(?:\d{4})?[-_.]")
READ_ERRORS = (
    OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, MemoryError, struct.error, ET.ParseError,
    ShapelyError, ProjError, DataSourceError, DataLayerError, GeometryError, FieldError,
)  # fmt: skip
Rows = list[dict[str, str | None]]
Shapes = list[BaseGeometry | None]


@dataclass(frozen=True)
class Layer:
    """One dataset: field numbers ('001', ...) as columns of text, and geometry in GEOGRAPHIC.

    year and year_from: the edition as the metadata, the file itself ('content') or only its name ('name') says; else None, ''.
    """

    theme: str
    format: str
    file: str
    sha256: str
    frame: gpd.GeoDataFrame
    key: str
    year: int | None
    year_from: str
    remarks: list[Remark] = field(default_factory=list)


@contextmanager
def refusing(file: str) -> Iterator[None]:
    """Whatever a broken file makes the libraries say becomes one sentence."""
    try:
        yield
    except READ_ERRORS as error:
        words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise EtlError([Problem(file, f"the file cannot be read; it is damaged or not whole ({words})", next_step=GET_AGAIN)]) from error


def layer_of(members: Sequence[Member], theme: str) -> Layer:
    """Read one format of the dataset in this group of members; EtlError with what is wrong."""
    name = members[0].name if members else theme
    with refusing(name):
        found = best_of(members, theme)
    if found is None:
        raise EtlError([Problem(name, f"there is no data in the layout of KSJ {theme} in it", next_step=GET_AGAIN)])
    remarks: list[Remark] = []
    with refusing(found.main.name):
        if found.format == "dbf alone":
            step = "Give the whole zip, or the folder with .shp and .dbf."
            raise EtlError([Problem(found.main.name, "the shapes (.shp) that belong to this table are missing", next_step=step)])
        if found.format == "shapefile":
            rows, shapes, crs = _shapefile(found, theme, remarks)
        else:
            rows, shapes, crs = _text_format(found, theme, remarks)
        frame = _geographic(found, rows, shapes, crs, remarks)
        fields = frozenset(str(column) for column in frame.columns if column != "geometry")
        key = municipality_field(theme, fields)
        if key is None:
            raise ValueError("its fields are not those of the published layout")
        year, year_from = _year(found, members, theme)
        return Layer(theme, found.format, found.main.name, _sha256(found), frame, key, year, year_from, remarks)


def _sha256(found: Candidate) -> str:
    """Of the file that was read; of a Shapefile: of .shp and .dbf, one after the other."""
    digest = hashlib.sha256()
    parts = [found.main]
    if found.format == "shapefile":
        parts += [part for part in found.members if part.name.lower().endswith(".dbf")]
    for part in parts:
        with part.path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()


def _shapefile(found: Candidate, theme: str, remarks: list[Remark]) -> tuple[Rows, Shapes, pyproj.CRS | None]:
    """Attributes from the .dbf, shapes from the .shp; the index (.shx) is made anew, so that a missing one does not matter."""
    part = {member.name[-4:].lower(): member.path for member in found.members}
    table = dbf_of(part[".dbf"])
    encoding = table.encoding()
    said = part[".cpg"].read_text("ascii", "replace").strip() if ".cpg" in part else ""
    if said and (encoding == "cp932") == (said.upper().replace("_", "-") in ("UTF-8", "UTF8")) and not _is_ascii(table.records):
        text_ja = f"文字コードの表示(.cpg)は{said}ですが、実際は{_encoding_name(encoding)}でした。実際の文字コードで読みました。"
        text_en = f"The file says its text is {said} (.cpg), but it is {_encoding_name(encoding)}; read as it is."
        remarks.append(Remark("encoding", text_ja, text_en))
    names = [name for name in table.names if re.fullmatch(theme + r"_0\d\d", name)]
    columns = {name[4:]: table.column(name, encoding) for name in names}
    rows: Rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    shapes = _shapes(part[".shp"])
    if len(shapes) != len(rows):
        raise ValueError(f"{len(shapes):,} shapes (.shp), but {len(rows):,} records (.dbf): they do not belong together")
    crs = None
    if ".prj" in part:
        try:
            crs = pyproj.CRS.from_wkt(part[".prj"].read_text("utf-8", "replace"))
        except ProjError:
            text_ja = "座標系の説明(.prj)が読めないため、この版の既定の座標系で読みました。"
            remarks.append(Remark("crs", text_ja, "The description of the coordinates (.prj) cannot be read; the edition's own was taken."))
    kept = table.records[:, 0] != ord("*")
    return [row for row, keep in zip(rows, kept, strict=True) if keep], [one for one, keep in zip(shapes, kept, strict=True) if keep], crs


def _is_ascii(records: np.ndarray) -> bool:
    return not len(records) or bool((records < 128).all())


def _encoding_name(encoding: str) -> str:
    return "UTF-8" if encoding == "utf-8" else "Shift_JIS (CP932)"


def _shapes(path: Path) -> Shapes:
    """The shapes of a .shp, with an index of our own beside a copy of it."""
    content = path.read_bytes()
    index: list[bytes] = []
    at = 100
    while at < len(content):
        number_and_words = content[at : at + 8]
        words = struct.unpack(">L", number_and_words[4:])[0] if len(number_and_words) == 8 else 0
        if words < 2 or at + 8 + 2 * words > len(content):
            raise ValueError(f"the shapes (.shp) end within record {len(index) + 1:,}")
        index.append(struct.pack(">LL", at // 2, words))
        at += 8 + 2 * words
    if not index:
        return []
    with tempfile.TemporaryDirectory(prefix="atlas-shapes-") as folder:
        copy = Path(folder) / "shapes.shp"
        copy.write_bytes(content)
        head = content[:24] + struct.pack(">L", 50 + 4 * len(index)) + content[28:100]
        copy.with_suffix(".shx").write_bytes(head + b"".join(index))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            geometry = pyogrio.raw.read(copy, columns=[], force_2d=True)[2]
    return [None if one is None else shapely.from_wkb(one) for one in geometry]


def _text_format(found: Candidate, theme: str, remarks: list[Remark]) -> tuple[Rows, Shapes, pyproj.CRS | None]:
    """GeoJSON or GML, in UTF-8 or CP932."""
    raw = found.main.path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp932")
        text_ja = "文字コードがUTF-8ではなくShift_JIS (CP932)でした。Shift_JISとして読みました。"
        remarks.append(Remark("encoding", text_ja, "The text is Shift_JIS (CP932) instead of UTF-8; read as that."))
    if found.format == "gml":
        rows, shapes = read_gml(text, theme)
        old = re.search(r'srsName\s*=\s*["\']JGD2000', text[:8192])
        said = re.search(r"EPSG:{1,2}(\d{4,5})", text[:8192])
        return rows, shapes, pyproj.CRS.from_epsg(4612 if old else int(said.group(1)) if said else 6668)
    document = json.loads(text, object_hook=_shaped)
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise ValueError("it is JSON, but not GeoJSON with features")
    rows, shapes = [], []
    for one in document["features"]:
        properties = one["properties"]
        rows.append({key[4:]: _as_text(value) for key, value in properties.items() if re.fullmatch(theme + r"_0\d\d", key)})
        shapes.append(_as_shape(one.get("geometry")))
    said = re.search(r"EPSG:{1,2}(\d{4,5})", json.dumps(document.get("crs"), default=str))
    return rows, shapes, pyproj.CRS.from_epsg(int(said.group(1))) if said else None


def _shaped(found: dict[str, Any]) -> Any:
    """Turns each GeoJSON geometry into a shape as soon as it is read, so that its lists of numbers do not pile up."""
    if "coordinates" in found and found.get("type") in ("Point", "Polygon", "MultiPolygon"):
        return shapely.force_2d(shape(found))
    return found


def _as_shape(value: Any) -> BaseGeometry | None:
    if value is None or isinstance(value, BaseGeometry):
        return value
    raise ValueError("a geometry is neither a point nor a polygon")


def _as_text(value: Any) -> str | None:
    """A property as text: a whole number without a point, nothing for an empty one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value).strip(" 　") or None


def _geographic(found: Candidate, rows: Rows, shapes: Shapes, crs: pyproj.CRS | None, remarks: list[Remark]) -> gpd.GeoDataFrame:
    """Rows and shapes as one frame in longitude and latitude, checked to lie in Japan."""
    if not rows:
        raise ValueError("there are no features in it")
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, dtype=object), geometry=np.array(shapes, dtype=object), crs=GEOGRAPHIC)
    if crs is None and found.format == "shapefile":
        text_ja = "座標系の説明(.prj)がないため、この版の座標系(緯度経度、日本測地系2000または2011)で読みました。"
        text_en = "The coordinates are not described (.prj); read as the longitude and latitude of this edition (JGD2000 or JGD2011)."
        remarks.append(Remark("crs", text_ja, text_en))
    elif crs is not None and (crs.is_projected or crs.to_epsg(min_confidence=20) not in AS_THEY_ARE):
        frame = frame.set_crs(crs, allow_override=True).to_crs(GEOGRAPHIC)
        text_ja = f"座標系「{crs.name}」から緯度経度(日本測地系2011)に変換しました。"
        remarks.append(Remark("crs", text_ja, f"Changed from {crs.name} to longitude and latitude (JGD2011)."))
    bounds = shapely.total_bounds(frame.geometry.to_numpy())
    west, south, east, north = JAPAN
    inside = np.isfinite(bounds).all() and bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north
    if not inside:
        found_at = ", ".join(f"{number:.2f}" for number in bounds)
        expected = "longitude 122 to 154.5 and latitude 20 to 46"
        raise EtlError([Problem(found.main.name, "the shapes do not lie in Japan", found=found_at, expected=expected, next_step=GET_AGAIN)])
    return frame


def _year(found: Candidate, members: Sequence[Member], theme: str) -> tuple[int | None, str]:
    """The edition and where it was found: metadata, the file's own head, or its name."""
    metadata = [member.path.read_bytes()[:8192] for member in members if member is not found.main and is_metadata(member.path, theme)]
    own = b""
    if found.format != "shapefile":
        with found.main.path.open("rb") as file:
            own = file.read(2048)
    name = re.split(r"[\\/]", found.main.name)[-1]
    places = [("metadata", content.decode("ascii", "ignore")) for content in metadata] + [("content", own.decode("ascii", "ignore"))]
    for place, text in [*places, ("name", name)]:
        years = [said for said in YEAR.finditer(text) if said.group(0).startswith(theme)]
        if years:
            digits = years[0].group(1)
            return int(digits) if len(digits) == 4 else 2000 + int(digits), place
    return None, ""
