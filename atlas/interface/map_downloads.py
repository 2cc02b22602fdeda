"""Files of a map with its geometry: GeoJSON and GeoPackage, in full resolution."""

from __future__ import annotations

from collections.abc import Sequence

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.tables import Provenance
from atlas.interface.frame import Page
from atlas.interface.shown import Download


def with_geometry(page: Page, cities: Sequence[str]) -> tuple[Download, ...]:
    """The two files for the districts of these cities; the map libraries are loaded only when one is asked for."""

    def geojson(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
        from atlas.exports import geo

        return geo.geojson_bytes(exhibit, context, provenance, geo.shapes_of(page.context, cities))

    def geopackage(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
        from atlas.exports import geo

        return geo.geopackage_bytes(exhibit, context, provenance, geo.shapes_of(page.context, cities))

    return (Download("geojson", "geojson", "application/geo+json", geojson), Download("geopackage", "gpkg", "application/geopackage+sqlite3", geopackage))
