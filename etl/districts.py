"""Adds what the maps hold to the areas and figures: cities the registry does not know, districts, places and the way to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from atlas.analysis.plane import plane_crs, to_plane
from catalog.status import NOT_LOADED, OBSERVED
from etl.geography import GEOGRAPHIC_EPSG, Geography, geography
from etl.own_indicators import add_own_indicators
from etl.placing import add_places, add_points, shapes_of
from etl.readers.geo_reading import GeoReading
from etl.readers.reading import AREA_COLUMNS
from etl.sample_city import SAMPLE_CODE
from etl.supporters import add_supporters

WAY_FACTOR = 1.3
"""Straight line to way on foot (docs/methods.md)."""
DESTINATIONS = ("ibasho", "kayoi_no_ba", "community_centre", "public_facility")
"""Kinds of places that a person can go to; schools, windows and member organisations are shown but are no destination."""
SAMPLE_NAMES = ("見本市（架空）", "Sample City (fictional)")
KNOWN = "population_known_age"
KNOWN_AGE = ("population_0_14", "population_15_64", "population_65_over")


def with_geography(maps: Sequence[GeoReading], area: pd.DataFrame) -> tuple[Geography, pd.DataFrame]:
    """Everything the maps hold, and the areas with cities, districts and small areas added."""
    found = geography(maps)
    _add_known_age(found)
    add_points(found)
    add_places(found, maps)
    add_supporters(found, maps)
    add_own_indicators(found, maps)
    _add_way_to_places(found, found.places)
    new = pd.concat([*found.areas, _missing_cities(found, area, maps)], ignore_index=True) if found.areas else pd.DataFrame(columns=AREA_COLUMNS)
    together = pd.concat([area, new.drop_duplicates("area_code", keep="last")], ignore_index=True)
    return found, together.drop_duplicates("area_code").sort_values("area_code", ignore_index=True)


def _missing_cities(found: Geography, area: pd.DataFrame, maps: Sequence[GeoReading]) -> pd.DataFrame:
    """Municipalities of the maps that the census tables do not name: wards of designated cities, and the sample city.

    Their names are those of the newest municipal boundaries (N03) held, else the code stands for the name.
    """
    names: dict[str, str] = {}
    for reading in sorted((one for one in maps if one.kind == "boundaries"), key=lambda one: (one.year, one.file)):
        own = zip(reading.frame["municipality_code"], reading.frame["name_ja"], strict=True)
        names |= {str(code): str(name) for code, name in own if name}
    known = set(area["area_code"])
    parents = {str(code) for frame in found.areas for code in frame["parent_code"].unique()} - known
    rows: list[tuple[str, str, str | None, str, str | None]] = []
    for code in sorted(parents):
        if code == SAMPLE_CODE:
            rows.append((code, "sample_municipality", None, *SAMPLE_NAMES))
        else:
            city = next((one for one in (code[:4] + "0", code[:3] + "00") if one in known), None)
            above = city or (code[:2] + "000" if code[:2] + "000" in known else None)
            rows.append((code, "ward" if city else "municipality", above, names.get(code, code), None))
    return pd.DataFrame(rows, columns=AREA_COLUMNS)


def _add_known_age(found: Geography) -> None:
    """Population of known age = the three age groups: the denominator of shares by age. Missing when one of them is."""
    if not found.observations:
        return
    rows = pd.concat(found.observations, ignore_index=True)
    parts = rows[rows["indicator_id"].isin(KNOWN_AGE)]
    if parts.empty:
        return
    cell = ["area_code", "year", "sex", "age_group", "household_type"]
    summed = parts.groupby(cell, as_index=False).agg(
        value=("value", lambda values: values.sum(skipna=False)), count=("value", "size"), status=("status", "max"), source_id=("source_id", "first")
    )
    summed = summed[summed["count"] == len(KNOWN_AGE)].drop(columns="count")
    status = summed["status"].where(summed["value"].isna(), OBSERVED)
    found.observations.append(summed.assign(indicator_id=KNOWN, precision="unit", status=status))
    _add_known_age_of_cities(found)


def _add_known_age_of_cities(found: Geography) -> None:
    """Its sum over each city, and where a district's figure comes from: by method, with the same share from split areas as its parts."""
    totals = pd.DataFrame(found.totals)
    cell = ["municipality_code", "year"]
    whole = totals[totals["indicator_id"].isin(KNOWN_AGE)].groupby(cell, as_index=False) if len(totals) else []
    for (code, year), own in whole:
        if len(own) == len(KNOWN_AGE):
            added = {name: float(own[name].sum()) for name in ("total", "inside", "outside")}
            same = {name: int(own[name].iloc[0]) for name in ("small_areas", "split_areas")}
            found.totals.append({"municipality_code": code, "indicator_id": KNOWN, "year": int(year), **added, **same})
    if found.apportioned:
        rows = pd.concat(found.apportioned, ignore_index=True)
        parts = rows[rows["indicator_id"].isin(KNOWN_AGE)].assign(through=lambda frame: frame["merged_share"] * frame["value"])
        summed = parts.groupby(["area_code", "year", "method"], as_index=False).agg(
            value=("value", lambda values: values.sum(skipna=False)), through=("through", "sum"), count=("value", "size"),
            status=("status", "max"), split_share=("split_share", "first"),
        )  # fmt: skip
        summed = summed[summed["count"] == len(KNOWN_AGE)]
        merged = np.divide(summed["through"], summed["value"], out=np.zeros(len(summed)), where=(summed["value"] > 0).to_numpy())
        status = summed["status"].where(summed["value"].isna(), OBSERVED)
        found.apportioned.append(summed.drop(columns=["through", "count"]).assign(indicator_id=KNOWN, status=status, merged_share=merged))


def _add_way_to_places(found: Geography, places: pd.DataFrame) -> None:
    """For each district the household-weighted mean way from its small areas to the nearest place, in metres.

    A small area counts where its representative point lies in the district. Cities without places: not loaded.
    """
    small, districts = shapes_of(found, "small_area"), shapes_of(found, "school_district")
    if small.empty or districts.empty:
        return
    rows = pd.concat(found.observations, ignore_index=True)
    households = rows[rows["indicator_id"].eq("total_households")].set_index(["area_code", "year"])["value"]
    for (code, year), areas in small.groupby(["municipality_code", "year"]):
        own = districts[districts["municipality_code"] == code]
        if own.empty:
            continue
        goals = places[places["municipality_code"].eq(code) & places["kind"].isin(DESTINATIONS)] if len(places) else places
        points = shapely.points(areas["longitude"], areas["latitude"])
        at, inside = shapely.STRtree(shapely.from_wkb(own["geometry"].to_numpy())).query(points, predicate="within")
        if goals.empty:
            value, status = np.full(len(own), np.nan), NOT_LOADED
        else:
            zone = plane_crs(points)
            near = to_plane(shapely.points(goals["longitude"], goals["latitude"]), GEOGRAPHIC_EPSG, zone)
            _, away = shapely.STRtree(near).query_nearest(to_plane(points, GEOGRAPHIC_EPSG, zone), all_matches=False, return_distance=True)
            weight = households.reindex(pd.MultiIndex.from_arrays([areas["area_code"], [year] * len(areas)])).fillna(0).to_numpy(float)
            way = np.bincount(inside, (away * WAY_FACTOR * weight)[at], len(own))
            every = np.bincount(inside, weight[at], len(own))
            value, status = np.divide(way, every, out=np.full(len(own), np.nan), where=every > 0), OBSERVED
        found.observations.append(
            pd.DataFrame(
                {
                    "indicator_id": "distance_to_nearest_place", "area_code": own["area_code"].to_list(), "year": year, "sex": "all", "age_group": "all",
                    "household_type": "all", "value": value, "status": np.where(np.isnan(value) & (status == OBSERVED), "not_applicable", status),
                    "precision": "unit", "source_id": "sample_city" if code == SAMPLE_CODE else "municipal_open_data",
                }
            )
        )  # fmt: skip
