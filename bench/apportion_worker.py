"""One process of the benchmark: `make FOLDER FRACTION` writes the generated Japan; `ours | tobler | overlay FOLDER` shares its households out to districts.

Each is timed from geometries and households in memory to the households of every district; reading is not in it, for it is the same for all. Ours checks
that all geometries are valid and that no districts overlap, as overlay checks the first; both checks are in the time.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.apportion_japan import Floats, read, write
from bench.measure import peak_mib

Geometries = NDArray[np.object_]


def ours(areas: Geometries, districts: Geometries, households: Floats) -> Floats:
    from atlas.analysis.apportion import apportion, intersections

    return apportion(households, intersections(areas, districts)).known


def tobler(areas: Geometries, districts: Geometries, households: Floats) -> Floats:
    import geopandas as gpd
    from tobler.area_weighted import area_interpolate

    source = gpd.GeoDataFrame({"households": households}, geometry=areas, crs=6674)
    target = gpd.GeoDataFrame(geometry=districts, crs=6674)
    found = area_interpolate(source, target, extensive_variables=["households"], allocate_total=False)
    return np.asarray(found["households"])


def overlay(areas: Geometries, districts: Geometries, households: Floats) -> Floats:
    import geopandas as gpd

    source = gpd.GeoDataFrame({"s": np.arange(len(areas))}, geometry=areas, crs=6674)
    target = gpd.GeoDataFrame({"t": np.arange(len(districts))}, geometry=districts, crs=6674)
    parts = gpd.overlay(source, target, how="intersection")
    share = parts.area.to_numpy() / source.area.to_numpy()[parts["s"]]
    return np.asarray(np.bincount(parts["t"], households[parts["s"]] * share, len(districts)), dtype=float)


WAYS = {"ours": ours, "tobler": tobler, "overlay": overlay}
LIBRARY = {"ours": "atlas.analysis.apportion", "tobler": "tobler.area_weighted", "overlay": "geopandas"}  # imported before the clock starts


def main(what: str, folder: Path, *arguments: str) -> None:
    if what == "make":
        write(folder, float(arguments[0]))
        print(json.dumps({"peak_mib": peak_mib()}))
        return
    areas, districts, households = read(folder, "areas"), read(folder, "districts"), np.load(folder / "households.npy")
    import_module(LIBRARY[what])
    before, start = os.times(), time.perf_counter()
    found = WAYS[what](areas, districts, households)
    seconds, after = time.perf_counter() - start, os.times()
    np.save(folder / f"{what}.npy", found)
    processor = after.user + after.system - before.user - before.system
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
