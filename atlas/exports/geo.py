"""An exhibit's table with the shapes of its areas: GeoJSON and GeoPackage, with everything that is needed to cite them inside.

Every column of the table under its id, the same numbers as in the CSV; a figure that is withheld or missing is null, and its reason stands
in a text column of the row. Shapes are those of the database, not the simplified ones of the picture.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit
from atlas.exports.tables import Provenance, metadata, records_of, title_of
from atlas.store import geography

CRS = "EPSG:6668"
"""Longitude and latitude of JGD2011; the same as WGS 84 to within what the maps can tell."""
CODE = "code"
FIGURES, ABOUT, FIELDS = "figures", "about", "fields"
"""Layers of a GeoPackage: the map, the metadata, the columns' titles."""


def shapes_of(context: Context, municipalities: Sequence[str], level: str = "school_district", year: int | None = None) -> dict[str, bytes]:
    """Area code -> WKB in full resolution, of one level of several municipalities."""
    frames = [geography.shapes(context.store, code, level, year) for code in municipalities]
    return {str(code): bytes(shape) for frame in frames for code, shape in zip(frame["area_code"], frame["geometry"], strict=True)}


def geojson_bytes(exhibit: Exhibit, context: Context, provenance: Provenance, shapes: dict[str, bytes], code: str = CODE) -> bytes:
    """A FeatureCollection (RFC 7946), the metadata as its members `metadata` and `fields`.

    shapes: area code -> WKB, see `shapes_of`. code: the table's column of area codes.
    """
    columns, records = records_of(exhibit, context, sample=provenance.sample)
    features = []
    for record in records:
        shape = shapes.get(str(record[code]))
        geometry = None if shape is None else json.loads(shapely.to_geojson(shapely.orient_polygons(shapely.from_wkb(shape))))
        features.append({"type": "Feature", "id": record[code], "properties": record, "geometry": geometry})
    content = {
        "type": "FeatureCollection",
        "name": exhibit.id,
        "metadata": [{"label": label, "text": text} for label, text in metadata(exhibit, context, provenance)],
        "fields": {column.id: title_of(column) for column in columns},
        "coordinates": CRS,
        "features": features,
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8")


def geopackage_bytes(exhibit: Exhibit, context: Context, provenance: Provenance, shapes: dict[str, bytes], code: str = CODE) -> bytes:
    """A GeoPackage with the map as layer `figures`, and the metadata and the columns' titles as tables `about` and `fields`."""
    columns, records = records_of(exhibit, context, sample=provenance.sample)
    frame = pd.DataFrame({column.id: _typed(column, [record[column.id] for record in records]) for column in columns})
    held = [shapes.get(str(record[code])) for record in records]
    figures = gpd.GeoDataFrame(frame, geometry=[None if shape is None else _multi(shape) for shape in held], crs=CRS)
    about = metadata(exhibit, context, provenance)
    described = {f"{number:02d} {label}": text for number, (label, text) in enumerate(about, 1)}
    with tempfile.TemporaryDirectory(prefix="atlas-export-") as folder:
        path = Path(folder) / "figures.gpkg"
        pyogrio.write_dataframe(
            figures, path, layer=FIGURES, driver="GPKG", geometry_type="MultiPolygon", dataset_metadata=described,
            layer_options={"IDENTIFIER": exhibit.title, "DESCRIPTION": exhibit.subtitle, "SPATIAL_INDEX": "YES"},
        )  # fmt: skip
        pyogrio.write_dataframe(pd.DataFrame(about, columns=["label", "text"]), path, layer=ABOUT, driver="GPKG", append=True)
        titles = pd.DataFrame([(column.id, title_of(column), column.kind) for column in columns], columns=["field", "title", "kind"])
        pyogrio.write_dataframe(titles, path, layer=FIELDS, driver="GPKG", append=True)
        return path.read_bytes()


def _typed(column: Column, values: list[Any]) -> pd.Series:
    """Text, whole numbers where all are, else doubles."""
    if column.kind == "text":
        return pd.Series(values, dtype="object")
    whole = any(value is not None for value in values) and all(value is None or isinstance(value, int) for value in values)
    return pd.Series(values, dtype="Int64" if whole else "float64")


def _multi(shape: bytes) -> Any:
    """All shapes of one kind, as a layer of a GeoPackage wants them."""
    geometry = shapely.from_wkb(shape)
    return geometry if geometry.geom_type == "MultiPolygon" else shapely.multipolygons([geometry])
