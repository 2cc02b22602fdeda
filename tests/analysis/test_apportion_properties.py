"""What holds for any small areas and districts: random partitions of a square, with gaps and overlaps."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, scale

from atlas.analysis.apportion import Overlaps, apportion, intersections, weights
from atlas.analysis.part_areas import part_areas

SEEDS = st.integers(0, 2**32 - 1)
OFTEN = settings(deadline=None, max_examples=60)


def partition(random: np.random.Generator, n: int, snapped: bool = False) -> np.ndarray:
    """The square 0-100 cut into about n polygons: a Voronoi diagram, some cells joined to multipolygons or with holes."""
    points = random.uniform(0, 100, (n, 2))
    if snapped:  # many corners on a lattice: borders that run on each other, corners on borders, squares
        step = 100 / max(2, round(n**0.5))
        corners = np.arange(0, 100 - step / 2, step)
        return np.array([shapely.box(x, y, x + step, y + step) for x in corners for y in corners])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(0, 0, 100, 100)))
    cells = shapely.intersection(cells, shapely.box(0, 0, 100, 100))
    if n > 6:
        joined = shapely.union_all(cells[:3])
        cells = np.array([joined, *cells[3:]], dtype=object)
    return cells


def overlapping(random: np.random.Generator, district: shapely.Geometry) -> list[shapely.Geometry]:
    """Districts over others: one enlarged, one turned, one twice, or a whole second layer."""
    kind = random.integers(0, 4)
    return [scale(district, 1.5, 1.5)] if kind == 0 else [rotate(district, 30)] if kind == 1 else [district] if kind == 2 else list(partition(random, 3))


def a_case(seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    random = np.random.default_rng(seed)
    sources = partition(random, int(random.integers(2, 40)), snapped=random.random() < 0.3)
    targets = partition(random, int(random.integers(2, 12)), snapped=random.random() < 0.4)
    if random.random() < 0.5:  # gaps
        targets = targets[random.random(targets.size) < 0.8]
    if random.random() < 0.3:  # holes
        targets = np.array([shapely.difference(one, shapely.buffer(one.representative_point(), 1, quad_segs=3)) for one in targets], dtype=object)
    for _ in range(int(random.integers(0, 4)) if targets.size and random.random() < 0.6 else 0):
        targets = np.append(targets, overlapping(random, targets[random.integers(targets.size)]))
    order = random.permutation(targets.size)
    return sources, targets[order], random


def by_plain_overlay(sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Areas (n_sources, n_targets) by shapely alone."""
    return np.array([shapely.area(shapely.intersection(one, targets)) for one in sources]).reshape(len(sources), len(targets))


def as_table(found: Overlaps) -> np.ndarray:
    table = np.zeros((found.whole.size, found.n_targets))
    table[found.source, found.target] = found.part
    return table


@OFTEN
@given(SEEDS)
def test_parts_are_those_of_a_plain_overlay(seed: int) -> None:
    sources, targets, _ = a_case(seed)
    found = part_areas(sources, targets)
    table = np.zeros((sources.size, targets.size))
    table[found.source, found.target] = found.area
    apart = np.abs(table - by_plain_overlay(sources, targets)) / shapely.area(sources)[:, None]
    assert apart.max(initial=0) < 1e-8


@OFTEN
@given(SEEDS)
def test_ground_of_several_districts_is_divided_by_how_many_claim_it(seed: int) -> None:
    sources, targets, _ = a_case(seed)
    lines = shapely.union_all([shapely.boundary(one) for one in (*targets, *sources)])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.point_on_surface(faces)
    claims = np.array([shapely.contains(one, inner) for one in targets]).reshape(targets.size, faces.size)
    owned = np.array([shapely.contains(one, inner) for one in sources])
    expected = owned.astype(float) @ (claims / np.maximum(claims.sum(0), 1) * shapely.area(faces)).T
    assert np.abs(as_table(intersections(sources, targets)) - expected).max(initial=0) < 1e-5


@OFTEN
@given(SEEDS)
def test_totals_are_conserved_for_any_partition_with_gaps_and_overlaps(seed: int) -> None:
    sources, targets, random = a_case(seed)
    values = random.integers(0, 1000, (sources.size, 2)).astype(float)
    found = intersections(sources, targets)
    covered = shapely.area(shapely.intersection(sources, shapely.union_all(targets)))
    assert np.abs((found.inside - covered) / found.whole).max() < 1e-8
    for method in ("plain", "renormalised"):
        shared = apportion(values, found, method)
        assert shared.known.sum(0) + shared.outside.sum(0) == pytest.approx(values.sum(0), abs=1e-6)
        assert (shared.outside >= 0).all()


@OFTEN
@given(SEEDS)
def test_the_order_of_the_input_does_not_matter(seed: int) -> None:
    sources, targets, random = a_case(seed)
    values = random.integers(0, 1000, sources.size).astype(float)
    s, t = random.permutation(sources.size), random.permutation(targets.size)
    one, other = apportion(values, intersections(sources, targets)), apportion(values[s], intersections(sources[s], targets[t]))
    assert other.known == pytest.approx(one.known[t], abs=1e-6)
    assert other.outside == pytest.approx(one.outside[s], abs=1e-6)


@OFTEN
@given(SEEDS, st.sampled_from(["plain", "renormalised"]))
def test_a_share_stays_within_the_range_of_its_parts(seed: int, method: str) -> None:
    sources, targets, random = a_case(seed)
    whole = random.integers(1, 1000, sources.size).astype(float)
    share = random.random(sources.size)
    found = intersections(sources, targets)
    counts = apportion(np.column_stack([whole * share, whole]), found, method).known  # type: ignore[arg-type]
    for target in np.unique(found.target):
        parts = share[found.source[found.target == target]]
        assert parts.min() - 1e-9 <= counts[target, 0] / counts[target, 1] <= parts.max() + 1e-9


@OFTEN
@given(SEEDS)
def test_suppressed_never_becomes_zero(seed: int) -> None:
    sources, targets, random = a_case(seed)
    values = random.integers(0, 1000, sources.size).astype(float)
    values[random.random(sources.size) < 0.2] = np.nan
    found = intersections(sources, targets)
    shared = apportion(values, found)
    for target in range(targets.size):
        parts = values[found.source[found.target == target]]
        assert np.isnan(shared.value[target]) == (parts.size == 0 or np.isnan(parts).any())
        assert shared.touched[target] == bool(np.isnan(parts).any())


@OFTEN
@given(SEEDS)
def test_weights_of_a_source_add_to_its_inside_share_or_to_one(seed: int) -> None:
    sources, targets, _ = a_case(seed)
    found = intersections(sources, targets)
    plain = np.bincount(found.source, weights(found), sources.size)
    whole = np.bincount(found.source, weights(found, "renormalised"), sources.size)
    assert plain + found.outside_share == pytest.approx(np.ones(sources.size), abs=1e-6)
    assert whole == pytest.approx((found.inside > 0).astype(float))
