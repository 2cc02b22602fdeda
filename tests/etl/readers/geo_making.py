"""Maps of our own making in the layouts of the published ones: a few square districts on a grid, with invented names."""

import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from etl.readers.geo_reading import GeoReader, GeoReading, Member
from etl.readers.ksj import KSJ_READERS

Row = Sequence[Any]
READER = {reader.id: reader for reader in KSJ_READERS}
JGD2011 = gpd.GeoSeries([], crs="EPSG:6668").crs.to_wkt("WKT1_ESRI")
OLD = ("A27_005", "A27_006", "A27_007", "A27_008")
NEW = ("A27_001", "A27_002", "A27_003", "A27_004", "A27_005")
P29_2021 = tuple(f"P29_00{number}" for number in range(1, 8))


def square(column: float, row: float = 0, size: float = 0.01, at: tuple[float, float] = (135.5, 34.5)) -> shapely.Polygon:
    """A square of about a kilometre, by its place on a grid."""
    west, south = at[0] + column * size, at[1] + row * size
    return shapely.box(west, south, west + size, south + size)


def district(name: str, code: str = "29209", number: int = 1) -> list[str]:
    """The attributes of a district in the layout of 2021 and later."""
    return [code, "見本市立", f"B12921000{number:04}", name, f"見本市{number}-1"]


def geojson(fields: Sequence[str], rows: Sequence[Row], shapes: Sequence[Any], crs: int | None = 6668, name: str = "") -> str:
    features = [
        {"type": "Feature", "properties": dict(zip(fields, row, strict=True)),
         "geometry": None if shape is None else json.loads(shapely.to_geojson(shape))}
        for row, shape in zip(rows, shapes, strict=True)
    ]  # fmt: skip
    head: dict[str, Any] = {"type": "FeatureCollection"} | ({"name": name} if name else {})
    if crs is not None:
        head["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    return json.dumps(head | {"features": features}, ensure_ascii=False)


def dbf(fields: Sequence[str], rows: Sequence[Row], encoding: str = "cp932", language: int = 0, width: int = 60) -> bytes:
    """An attribute table of text fields. Numbers stand in N fields, as in P29."""
    kinds = ["N" if isinstance(rows[0][place], int) else "C" for place in range(len(fields))]
    widths = [6 if kind == "N" else width for kind in kinds]
    head = struct.pack("<BBBBLHH17xB2x", 3, 124, 1, 1, len(rows), 33 + 32 * len(fields), 1 + sum(widths), language)
    for field, kind, length in zip(fields, kinds, widths, strict=True):
        head += struct.pack("<11sc4xB15x", field.encode("ascii"), kind.encode("ascii"), length)
    body = b""
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        body += b" " + b"".join(
            cell.encode(encoding)[:length].rjust(length) if kind == "N" else cell.encode(encoding)[:length].ljust(length)
            for cell, kind, length in zip(cells, kinds, widths, strict=True)
        )
    return head + b"\r" + body + b"\x1a"


def shp(shapes: Sequence[Any], folder: Path) -> bytes:
    """Only the shapes, without index, table and description of coordinates."""
    path = folder / "only.shp"
    gpd.GeoDataFrame({"number": range(len(shapes))}, geometry=list(shapes), crs="EPSG:6668").to_file(path, engine="pyogrio")
    content = path.read_bytes()
    for part in folder.glob("only.*"):
        part.unlink()
    return content


def shapefile(
    folder: Path, fields: Sequence[str], rows: Sequence[Row], shapes: Sequence[Any], stem: str = "any",
    encoding: str = "cp932", prj: str | None = None, cpg: str | None = None,
) -> list[Path]:  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    parts = {".shp": shp(shapes, folder), ".dbf": dbf(fields, rows, encoding)}
    parts |= {} if prj is None else {".prj": prj.encode()}
    parts |= {} if cpg is None else {".cpg": cpg.encode()}
    for ending, content in parts.items():
        (folder / f"{stem}{ending}").write_bytes(content)
    return [folder / f"{stem}{ending}" for ending in parts]


def gdal_gml(fields: Sequence[str], rows: Sequence[Row], shapes: Sequence[shapely.Polygon], layer: str = "A27_23_29") -> str:
    """The GML of KSJ 2023: fields by name, latitude first."""
    features = ""
    for number, (row, shape) in enumerate(zip(rows, shapes, strict=True)):
        places = " ".join(f"{y:.9f} {x:.9f}" for x, y in shape.exterior.coords)
        cells = "".join(f"<ogr:{field}>{cell}</ogr:{field}>" for field, cell in zip(fields, row, strict=True))
        features += (
            f'<ogr:featureMember><ogr:{layer} gml:id="{layer}.{number}"><gml:boundedBy><gml:Envelope/></gml:boundedBy>'
            f'<ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::6668" gml:id="g{number}"><gml:exterior><gml:LinearRing>'
            f"<gml:posList>{places}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>{cells}"
            f"</ogr:{layer}></ogr:featureMember>"
        )
    head = '<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml/3.2">'
    return f'<?xml version="1.0" encoding="utf-8" ?>\n{head}{features}</ogr:FeatureCollection>'


def ksj_gml(rows: Sequence[Row], shapes: Sequence[shapely.Polygon], theme: str = "A27", encoding: str = "UTF-8") -> str:
    """The KSJ application schema of 2010 and 2016: curves, surfaces that point to them, districts that point to surfaces."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><ksj:Dataset gml:id="{theme}Dataset" xmlns:ksj="http://nlftp.mlit.go.jp/ksj/schemas/ksj-app"'
        f' xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<gml:description>国土数値情報 見本</gml:description><gml:boundedBy><gml:EnvelopeWithTimePeriod srsName="JGD2000 / (B, L)"/></gml:boundedBy>'
    )
    for number, shape in enumerate(shapes):
        ring = list(shape.exterior.coords)
        for half, part in enumerate((ring[:3], ring[:1:-1])):  # the second half runs against the ring
            places = "\n".join(f"{y:.9f} {x:.9f}" for x, y in part)
            text += (f'<gml:Curve gml:id="cv{number}_{half}"><gml:segments><gml:LineStringSegment><gml:posList>{places}</gml:posList>'
                     "</gml:LineStringSegment></gml:segments></gml:Curve>")  # fmt: skip
        members = "".join(f'<gml:curveMember xlink:href="#cv{number}_{half}"/>' for half in (0, 1))
        text += (f'<gml:Surface gml:id="sf{number}"><gml:patches><gml:PolygonPatch><gml:exterior><gml:Ring>{members}</gml:Ring>'
                 "</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>")  # fmt: skip
    for number, (code, founder, name, address) in enumerate(rows):
        text += (
            f'<ksj:SchoolDistrict gml:id="sd{number}"><ksj:administrativeAreaCode codeSpace="a.xml">{code}</ksj:administrativeAreaCode>'
            f'<ksj:bounds xlink:href="#sf{number}"/><ksj:founder>{founder}</ksj:founder><ksj:name>{name}</ksj:name>'
            f"<ksj:address>{address}</ksj:address></ksj:SchoolDistrict>"
        )
    return text + "</ksj:Dataset>"


def metadata(theme: str, edition: str, encoding: str = "cp932") -> bytes:
    title = f"国土数値情報 見本 ({theme}-{edition})"
    return f'<?xml version="1.0" encoding="shift_jis"?><MD_Metadata><title>{title}</title></MD_Metadata>'.encode(encoding)


def zipped(path: Path, contents: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def written(folder: Path, contents: Mapping[str, bytes | str]) -> list[Member]:
    """The contents as members in a folder."""
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [Member(name, folder / name) for name in contents]


def members_of(paths: Sequence[Path]) -> list[Member]:
    return [Member(path.name, path) for path in paths]


def readings(members: Sequence[Member]) -> list[GeoReading]:
    """Everything the KSJ readers read of these members."""
    return [reading for reader in KSJ_READERS for group in reader.claims(members) for reading in reader.read(group)]


def only(members: Sequence[Member]) -> GeoReading:
    """The one reading there is, in the columns of its kind, valid and in longitude and latitude."""
    found = readings(members)
    assert len(found) == 1, [reading.understood_en for reading in found]
    return found[0]


def remarks(reading: GeoReading, kind: str) -> str:
    """All remarks of a kind, in both languages."""
    return "\n".join(f"{remark.text_ja}\n{remark.text_en}" for remark in reading.remarks if remark.kind == kind)


def reader(name: str) -> GeoReader:
    return READER[name]
