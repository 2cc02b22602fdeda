"""From districts, small areas and tables of a city to figures by school district, with where each comes from (docs/methods.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.analysis.apportion import Method, Overlaps, apportion, intersections, is_split, split_share
from atlas.analysis.plane import plane_crs, to_plane
from catalog.model import Indicator
from catalog.status import NOT_APPLICABLE, OBSERVED, SUPPRESSED
from etl.cities import City, cities_of, source_of
from etl.dasymetric import METHOD as DASYMETRIC
from etl.dasymetric import people_overlaps
from etl.listed_districts import newest_lists, with_listed_districts
from etl.problems import EtlError
from etl.readers.geo_reading import GeoReading, Remark
from etl.readers.small_area_merging import check_same_census, indicators_of, joined, merged_units, merging_remarks
from etl.replacing import Replaced
from etl.same_census import only_of_another_census, refusal
from etl.town_lists import assigned

GEOGRAPHIC_EPSG = 6668
METHODS: tuple[Method, ...] = ("plain", "renormalised")
GEOMETRY_COLUMNS = ["area_code", "level", "municipality_code", "year", "area_km2", "longitude", "latitude", "district_code", "origin", "geometry"]
PUBLISHED, TOWN_LIST = "published", "town_list"
"""Where a shape comes from: drawn by its producer, or put together from small areas by a list of 町字."""
FROM_BOUNDARIES = {"population": "population", "households": "total_households"}


@dataclass
class Geography:
    """Rows for the tables of the database that maps and districts need."""

    areas: list[pd.DataFrame] = field(default_factory=list)
    geometries: list[pd.DataFrame] = field(default_factory=list)
    observations: list[pd.DataFrame] = field(default_factory=list)
    apportioned: list[pd.DataFrame] = field(default_factory=list)
    totals: list[dict[str, object]] = field(default_factory=list)
    remarks: list[dict[str, object]] = field(default_factory=list)
    datasets: list[dict[str, object]] = field(default_factory=list)
    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    unplaced: pd.DataFrame = field(default_factory=pd.DataFrame)
    supporters: pd.DataFrame = field(default_factory=pd.DataFrame)
    indicators: list[Indicator] = field(default_factory=list)
    """Of a city's own tables."""
    replaced: list[Replaced] = field(default_factory=list)
    """Of the tables given, what later ones took the place of; not in the database, which is that of the later ones alone."""

    def forget(self, reading: GeoReading) -> None:
        """Leave out the dataset and the remarks of a table of which nothing is used any more."""
        for dataset in [one for one in self.datasets if (one["reader"], one["sha256"]) == (reading.reader, reading.sha256)][:1]:
            self.datasets.remove(dataset)
        for remark in reading.remarks:
            said: dict[str, object] = {"municipality_code": None, "file": reading.file, "kind": remark.kind}
            said |= {"text_ja": remark.text_ja, "text_en": remark.text_en}
            if said in self.remarks:
                self.remarks.remove(said)

    def remark(self, code: str | None, file: str, remark: Remark) -> None:
        """Keep a remark for the report and the page."""
        self.remarks.append({"municipality_code": code, "file": file, "kind": remark.kind, "text_ja": remark.text_ja, "text_en": remark.text_en})

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that hold nothing but geography."""
        return {
            "area_geometry": _joined(self.geometries, GEOMETRY_COLUMNS),
            "apportioned": _joined(self.apportioned, ["area_code", "indicator_id", "year", "method", "value", "status", "split_share", "merged_share"]),
            "apportioned_total": pd.DataFrame(
                self.totals, columns=["municipality_code", "indicator_id", "year", "total", "inside", "outside", "small_areas", "split_areas"]
            ),
            "remark": pd.DataFrame(self.remarks, columns=["municipality_code", "file", "kind", "text_ja", "text_en"]),
            "place": self.places,
            "place_without_position": self.unplaced,
            "supporter": self.supporters,
            "dataset": pd.DataFrame(
                self.datasets,
                columns=["reader", "kind", "source_id", "file", "sha256", "year", "municipalities", "rows", "is_sample", "understood_ja", "understood_en"],
            ),
        }


def geography(readings: Sequence[GeoReading]) -> Geography:
    """Everything the readings hold, city by city; what does not fit is a remark with numbers. The order of the readings does not matter."""
    found = Geography()
    readings, found.replaced = newest_lists(sorted(readings, key=lambda reading: (reading.kind, reading.year, reading.file, reading.sha256)))
    for reading in readings:
        codes = sorted(reading.frame["municipality_code"].dropna().unique()) if "municipality_code" in reading.frame else []
        found.datasets.append(
            {
                "reader": reading.reader,
                "kind": reading.kind,
                "source_id": source_of(reading),
                "file": reading.file,
                "sha256": reading.sha256,
                "year": reading.year,
                "municipalities": [str(code) for code in codes],
                "rows": len(reading.frame),
                "is_sample": reading.is_sample,
                "understood_ja": reading.understood_ja,
                "understood_en": reading.understood_en,
            }
        )
        for remark in reading.remarks:
            found.remark(None, reading.file, remark)
    meshes = [reading for reading in readings if reading.kind == "mesh"]
    for city in cities_of(readings):
        _add_city(found, city, meshes)
    return found


def _add_city(found: Geography, city: City, meshes: Sequence[GeoReading]) -> None:
    """Areas, shapes and figures of one city."""
    city, target, told = with_listed_districts(city)
    for file, remark in told:
        found.remark(city.code, file, remark)
    codes = _add_districts(found, city, PUBLISHED if target is None else TOWN_LIST) if city.districts is not None else []
    for year, (areas, file, source) in sorted(city.areas.items()):
        polygons, indicators = _with_figures(found, city, year, areas, file)
        _add_small_areas(found, city, year, polygons, indicators, source)
        if city.districts is not None:
            own = target if year == city.district_year else None
            _add_district_figures(found, city, year, polygons, indicators, codes, source, meshes, own)
    for year in sorted(set(city.tables) - set(city.areas)):
        for file, remark in only_of_another_census(city, year):
            found.remark(city.code, file, remark)


def district_code(municipality: str, school_code: object, name: str) -> str:
    """municipality-schoolcode, or the first 8 hex digits of the SHA-256 of the name where the edition has no code."""
    if isinstance(school_code, str) and school_code.strip():
        return f"{municipality}-{school_code.strip()}"
    return f"{municipality}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _add_districts(found: Geography, city: City, origin: str) -> list[str]:
    rows = city.districts
    if rows is None:
        return []
    codes = [district_code(city.code, school, str(name)) for school, name in zip(rows["school_code"], rows["school_name"], strict=True)]
    twice = {code for code in codes if codes.count(code) > 1}
    codes = [
        f"{code}-{hashlib.sha256(str(name).encode()).hexdigest()[:8]}" if code in twice else code for code, name in zip(codes, rows["school_name"], strict=True)
    ]
    found.areas.append(
        pd.DataFrame({"area_code": codes, "level": "school_district", "parent_code": city.code, "name_ja": rows["school_name"].to_list(), "name_en": None})
    )
    found.geometries.append(_shapes(rows, codes, "school_district", city, city.district_year, origin))
    return codes


def _shapes(rows: gpd.GeoDataFrame, codes: Sequence[str], level: str, city: City, year: int, origin: str = PUBLISHED) -> pd.DataFrame:
    shapes = rows.geometry.to_numpy()
    plane = to_plane(shapes, GEOGRAPHIC_EPSG, plane_crs(shapes))
    return pd.DataFrame(
        {
            "area_code": list(codes),
            "level": level,
            "municipality_code": city.code,
            "year": year,
            "area_km2": shapely.area(plane) / 1e6,
            "origin": origin,
            "geometry": shapely.to_wkb(shapes),
        }
    )


def _with_figures(found: Geography, city: City, year: int, areas: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Polygons with one column per indicator: from the tables of the same census where they fit, else what the boundary file prints."""
    if year in city.tables:
        table, table_file = city.tables[year]
        try:
            check_same_census(areas, table, year, year)
        except EtlError as error:
            for problem in error.problems:
                found.remark(city.code, f"{file} + {table_file}", refusal(problem, year, year))
        else:
            units = merged_units(table)
            together = joined(areas, units)
            for remark in (*merging_remarks(table, units), *together.remarks):
                found.remark(city.code, f"{file} + {table_file}", remark)
            return together.frame, indicators_of(units)
    frame = areas.rename(columns=FROM_BOUNDARIES).assign(is_merged=False, boundary_households=areas["households"])
    return frame, [name for name in FROM_BOUNDARIES.values() if frame[name].notna().any()]


def _add_small_areas(found: Geography, city: City, year: int, polygons: gpd.GeoDataFrame, indicators: Sequence[str], source: str) -> None:
    """Small areas and their figures; an area counted in with another has no figure of its own."""
    keys = polygons["key_code"].to_list()
    found.areas.append(
        pd.DataFrame(
            {
                "area_code": keys,
                "level": "small_area",
                "parent_code": city.code,
                "name_ja": polygons["name_ja"].fillna("").replace("", "－").to_list(),
                "name_en": None,
            }
        )
    )
    found.geometries.append(_shapes(polygons, keys, "small_area", city, year))
    for name in indicators:
        values = polygons[name].to_numpy(float)
        merged = polygons["is_merged"].to_numpy(bool)
        status = np.where(merged, "merged", np.where(np.isnan(values), SUPPRESSED, OBSERVED))
        found.observations.append(_rows(keys, name, year, np.where(merged, np.nan, values), status, source))


def _rows(codes: Sequence[str], indicator: str, year: int, values: np.ndarray, status: np.ndarray, source: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator_id": indicator,
            "area_code": list(codes),
            "year": year,
            "sex": "all",
            "age_group": "all",
            "household_type": "all",
            "value": values,
            "status": status,
            "precision": "unit",
            "source_id": source,
        }
    )


def _add_district_figures(
    found: Geography,
    city: City,
    year: int,
    polygons: gpd.GeoDataFrame,
    indicators: Sequence[str],
    codes: Sequence[str],
    source: str,
    meshes: Sequence[GeoReading],
    target: Mapping[str, int] | None,
) -> None:
    """Figures of the districts by all methods, where they come from, and what lies outside every district.

    target: of districts made from a list, the row of the district of each small area; then nothing is shared out, and no weighting makes a difference.
    """
    if city.districts is None or not indicators:
        return
    shapes, districts = polygons.geometry.to_numpy(), city.districts.geometry.to_numpy()
    zone = plane_crs(shapes)
    small, targets = to_plane(shapes, GEOGRAPHIC_EPSG, zone), to_plane(districts, GEOGRAPHIC_EPSG, zone)
    overlaps = intersections(small, targets) if target is None else assigned(polygons["key_code"].to_list(), target, shapely.area(small), len(targets))
    ways: list[tuple[str, Overlaps, Method]] = [(method, overlaps, method) for method in METHODS]
    people = float(np.nansum(polygons["population"])) if "population" in polygons and target is None else 0.0
    by_people, told = people_overlaps(meshes, year, overlaps, small, targets, shapes, zone, GEOGRAPHIC_EPSG, people)
    ways += [(DASYMETRIC, by_people, "plain")] if by_people is not None else []
    for remark in told:
        found.remark(city.code, city.areas[year][1], remark)
    values = polygons[list(indicators)].to_numpy(float)
    merged = polygons["is_merged"].to_numpy(bool)
    households = polygons["boundary_households"].fillna(0).to_numpy(float)
    for way, parts, method in ways:
        # The renormalised variant keeps the marks of the plain one.
        split = split_share(households, parts)
        through = apportion(np.where(merged[:, None], np.nan_to_num(values), 0.0), parts, "plain").known
        shared = apportion(values, parts, method)
        for position, name in enumerate(indicators):
            known = shared.value[:, position]
            status = np.where(shared.touched[:, position], SUPPRESSED, np.where(np.isnan(known), NOT_APPLICABLE, OBSERVED))
            merged_share = np.divide(through[:, position], known, out=np.zeros(len(known)), where=known > 0)
            columns = {"value": known, "status": status, "split_share": split, "merged_share": merged_share}
            found.apportioned.append(pd.DataFrame({"area_code": list(codes), "indicator_id": name, "year": year, "method": way, **columns}))
            if way == "plain":
                found.observations.append(_rows(codes, name, year, known, status, source))
                found.totals.append(_total(city, name, year, values[:, position], shared.outside[:, position], overlaps))


def _total(city: City, name: str, year: int, values: np.ndarray, outside: np.ndarray, overlaps: Overlaps) -> dict[str, object]:
    total, lost = float(np.nansum(values)), float(np.nansum(outside))
    return {
        "municipality_code": city.code,
        "indicator_id": name,
        "year": year,
        "total": total,
        "inside": total - lost,
        "outside": lost,
        "small_areas": len(values),
        "split_areas": int(is_split(overlaps).sum()),
    }


def _joined(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(columns))
