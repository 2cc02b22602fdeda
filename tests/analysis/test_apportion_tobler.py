"""The same figures as tobler, the open tool of this field, where districts do not overlap (it does not share ground)."""

import geopandas as gpd
import numpy as np
import pytest
from tobler import area_weighted

from atlas.analysis.apportion import apportion, intersections
from bench.apportion_japan import generated


@pytest.mark.parametrize("seed", [3, 29, 2020])
@pytest.mark.parametrize(("method", "allocate_total"), [("plain", False), ("renormalised", True)])
def test_generated_small_areas_give_toblers_figures(seed: int, method: str, allocate_total: bool) -> None:
    areas, districts, households = generated(0.002, seed)
    source = gpd.GeoDataFrame({"households": households}, geometry=areas, crs=6674)
    target = gpd.GeoDataFrame(geometry=districts, crs=6674)
    expected = area_weighted.area_interpolate(source, target, extensive_variables=["households"], allocate_total=allocate_total)
    found = apportion(households, intersections(areas, districts), method)  # type: ignore[arg-type]
    assert found.known == pytest.approx(expected["households"].to_numpy(), rel=1e-6)
    if method == "plain":
        assert found.known.sum() + found.outside.sum() == pytest.approx(households.sum())
        assert found.outside.sum() > 0


def test_generated_small_areas_are_cut_as_the_benchmark_says() -> None:
    areas, districts, _ = generated(0.02)
    found = intersections(areas, districts)
    second = np.bincount(found.source, found.part / found.whole[found.source] >= 0.02, areas.size) >= 2
    assert second.mean() >= 0.3
    again, _, _ = generated(0.02)
    assert all(one.equals_exact(other) for one, other in zip(areas, again, strict=True))
