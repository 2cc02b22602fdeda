"""Where places could be added: candidates, the choice of the best, the curve over their number. Kept for each question, within limits of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from atlas.analysis.covering import Coverage, Covering, CurvePoint, Status, covering_curve, maximal_covering
from atlas.analysis.covering_greedy import greedy_covering
from atlas.analysis.covering_problem import CoveringProblem, covering_problem
from atlas.analysis.covering_set import SetCovering, set_covering
from atlas.analysis.errors import AnalysisError
from atlas.analysis.reach import BoolArray
from atlas.exhibits.need_index import index_of
from atlas.exhibits.places_ground import Demand, PlacesAsked, demand_of, in_districts, in_metres, kinds_held, needy_districts, places_of
from atlas.exhibits.target_order import TargetsAsked
from atlas.store import places as held_places
from atlas.store.database import Store

SMALL_AREA, OWN_LIST = "small_area", "candidate_list"
CANDIDATES = (OWN_LIST, "elementary_school", "public_facility", "community_centre", SMALL_AREA)
USUAL = (OWN_LIST, "elementary_school", "public_facility")
CANDIDATE_MARK = "候補"
"""Rows of a city's own table whose 種別 begins so are its own list of candidates."""
MOST_NEW = 20
CURVE_TO = 12
WANTED = 0.9
SECONDS, SECONDS_A_POINT, SECONDS_OF_CURVE, SECONDS_OF_NUMBER = 10.0, 1.5, 15.0, 10.0
"""Limits of time: of the choice, of a point of the curve, of the curve, of the number of places for the share wanted."""


@dataclass(frozen=True)
class NextAsked:
    """How many new places, from which candidates; by_index: people count as many times as their district's index says; guard: the neediest not below all."""

    places: PlacesAsked
    count: int = 3
    candidates: tuple[str, ...] = USUAL
    by_index: bool = False
    guard: bool = False


@dataclass(frozen=True)
class Next:
    """The choice and what it does, counted in people. sites: number, id, name, kind, district_code, longitude, latitude, gain, share (cumulative).

    before, after: points within reach; everyone, neediest (None without an index): coverage in people. uncounted: points that had people but no index.
    greedy: share of people within reach when places are taken one by one by the same weight, without the guard; NaN without people.
    """

    demand: Demand
    existing: pd.DataFrame
    sites: pd.DataFrame
    covering: Covering
    before: BoolArray
    after: BoolArray
    everyone: Coverage
    neediest: Coverage | None
    needy: tuple[str, ...]
    candidates: int
    uncounted: int
    greedy: float
    guard_told: str
    """'' not asked for, else kept, not_attainable, time or no_index."""


@dataclass(frozen=True)
class Curve:
    """The best choices for 0, 1, 2 ... places. number: the least for the share wanted (None: not to be had, or not found in time), at_least: proven."""

    points: tuple[CurvePoint, ...]
    number: int | None
    at_least: int
    attainable: float
    cut: bool


def candidates_held(store: Store, city: str) -> tuple[str, ...]:
    """Kinds of candidates there are; the middles of small areas always."""
    held = kinds_held(store, city)
    own = held_places.places(store, city)
    listed = own["kind_ja"].astype(str).str.startswith(CANDIDATE_MARK).any() if len(own) else False
    return tuple(one for one in CANDIDATES if one == SMALL_AREA or one in held or (one == OWN_LIST and listed))


def usual_candidates(held: tuple[str, ...]) -> tuple[str, ...]:
    """The city's own list where there is one, else schools and public facilities, else the middles of small areas."""
    if OWN_LIST in held:
        return (OWN_LIST,)
    return tuple(one for one in USUAL if one in held) or (SMALL_AREA,)


@lru_cache(maxsize=32)
def candidate_rows(store: Store, city: str, people: str, year: int, kinds: tuple[str, ...], without: tuple[str, ...]) -> pd.DataFrame:
    """id, name_ja, kind, district_code, longitude, latitude. without: kinds that exist already and are no candidates."""
    parts = []
    own = held_places.places(store, city)
    listed = own["kind_ja"].astype(str).str.startswith(CANDIDATE_MARK)
    for kind in kinds:
        if kind == SMALL_AREA:
            demand = demand_of(store, city, people, year)
            rows = demand.rows.rename(columns={"area_code": "id"}) if demand is not None else own.head(0).rename(columns={"place_id": "id"})
        elif kind == OWN_LIST:
            rows = own[listed].rename(columns={"place_id": "id"})
        else:
            rows = own[(own["kind"] == kind) & ~listed & (kind not in without)].rename(columns={"place_id": "id"})
        parts.append(rows[["id", "name_ja", "district_code", "longitude", "latitude"]].assign(kind=kind))
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return found.drop_duplicates("id", ignore_index=True)


@lru_cache(maxsize=32)
def index_factor(store: Store, targets: TargetsAsked) -> pd.Series | None:
    """How many times a district's people count: its score over the mean of the scores; where scores can be 0 or less their percentile takes their place."""
    index = index_of(store, (targets.city,), targets.year, targets.index)
    if index is None or index.score.notna().sum() < 2:
        return None
    score = index.score
    if score.min() <= 0:
        score = (score.rank() - 0.5) / score.notna().sum()
    return score / score.mean()


@lru_cache(maxsize=32)
def _problem(store: Store, asked: PlacesAsked, candidates: tuple[str, ...]) -> tuple[CoveringProblem, pd.DataFrame, Demand, pd.DataFrame] | None:
    """Counted in people, with the candidates and the existing places; None where there is nobody or no candidate."""
    demand = demand_of(store, asked.city, asked.people, asked.targets.year)
    rows = candidate_rows(store, asked.city, asked.people, asked.targets.year, candidates, asked.kinds)
    if demand is None or rows.empty:
        return None
    existing = places_of(store, asked.city, asked.kinds)
    needy = needy_districts(store, asked.targets)
    try:
        problem = covering_problem(
            demand.points, demand.weights, in_metres(rows, demand.epsg), asked.radius, existing=in_metres(existing, demand.epsg),
            ids=rows["id"].tolist(), neediest=in_districts(demand.rows, needy) if needy else None,
        )  # fmt: skip
    except AnalysisError:
        return None
    return problem, rows, demand, existing


@lru_cache(maxsize=64)
def next_of(store: Store, asked: NextAsked) -> Next | None:
    """The best choice; None where there is nobody to reach or no candidate."""
    made = _problem(store, asked.places, asked.candidates)
    if made is None:
        return None
    problem, rows, demand, existing = made
    wanted = problem
    if asked.by_index:
        factor = index_factor(store, asked.places.targets)
        if factor is not None:
            wanted = replace(problem, weights=problem.weights * demand.rows["district_code"].map(factor).to_numpy(float))
    k = min(asked.count, len(rows))
    guard = asked.guard and problem.neediest is not None and wanted.known[problem.neediest].sum() > 0
    covering = maximal_covering(wanted, k, guard_share=1.0 if guard else None, time_limit=SECONDS)
    after = problem.covered(covering.positions)
    sites = _sites(problem, rows, covering)
    needy = needy_districts(store, asked.places.targets)
    everyone = _coverage(problem, after, np.ones(len(after), dtype=bool))
    one_by_one = problem.covered(greedy_covering(wanted, k).positions.tolist())
    return Next(
        demand, existing, sites, covering, problem.already, after, everyone,
        None if problem.neediest is None else _coverage(problem, after, problem.neediest), needy, len(rows), wanted.missing - problem.missing,
        float(problem.known[one_by_one].sum()) / problem.total if problem.total > 0 else float("nan"), _guard_told(asked.guard, guard, covering),
    )  # fmt: skip


def _guard_told(asked: bool, used: bool, covering: Covering) -> str:
    if not asked:
        return ""
    if not used:
        return "no_index"
    if covering.guard_kept:
        return "kept"
    return "not_attainable" if covering.status is Status.GUARD_NOT_ATTAINABLE else "time"


def _coverage(problem: CoveringProblem, after: BoolArray, among: BoolArray) -> Coverage:
    known = problem.known
    return Coverage(float(known[problem.already & among].sum()), float(known[after & among].sum()), float(known[among].sum()))


def _sites(problem: CoveringProblem, rows: pd.DataFrame, covering: Covering) -> pd.DataFrame:
    """The sites chosen that reach someone new, in the order in which each adds most people."""
    left, order, gains = list(covering.positions), [], []
    held = problem.already.copy()
    while left:
        new = {one: float(problem.known[problem.covered([one]) & ~held].sum()) for one in left}
        best = max(left, key=lambda one: (new[one], -one))
        if new[best] <= 0:
            break
        order.append(best)
        gains.append(new[best])
        held |= problem.covered([best])
        left.remove(best)
    total, before = problem.total, float(problem.known[problem.already].sum())
    found = rows.iloc[order].reset_index(drop=True)
    return found.assign(number=range(1, len(found) + 1), gain=gains, share=(before + np.cumsum(gains)) / total if total > 0 else np.nan)


@lru_cache(maxsize=32)
def points_of(store: Store, asked: PlacesAsked, candidates: tuple[str, ...]) -> tuple[CurvePoint, ...]:
    """The best choices of 0, 1, 2 ... places, as far as the time allows; none where there is nobody to reach."""
    made = _problem(store, asked, candidates)
    if made is None or not made[0].total > 0:
        return ()
    problem, start = made[0], time.monotonic()
    points: list[CurvePoint] = []
    for point in covering_curve(problem, min(CURVE_TO, len(problem.ids)), time_limit=SECONDS_A_POINT):
        points.append(point)
        if time.monotonic() - start > SECONDS_OF_CURVE:
            break
    return tuple(points)


@lru_cache(maxsize=32)
def curve_of(store: Store, asked: PlacesAsked, candidates: tuple[str, ...]) -> Curve | None:
    """The curve in people, and how many places bring nine of ten within reach."""
    made, points = _problem(store, asked, candidates), points_of(store, asked, candidates)
    if made is None or not points:
        return None
    problem = made[0]
    cut = len(points) <= min(CURVE_TO, len(problem.ids))
    enough = next((point for point in points if point.covering.all_demand.share_after >= WANTED * (1 - 1e-9)), None)
    if enough is not None:
        proven = next(point.k for point in points if point.covering.bound >= WANTED * problem.total * (1 - 1e-9))
        return Curve(points, enough.k, proven, 1.0, cut)
    found: SetCovering = set_covering(problem, WANTED, time_limit=SECONDS_OF_NUMBER)
    return Curve(points, found.number, found.at_least, found.attainable_share, cut)


@dataclass(frozen=True)
class Step:
    """One part of answering a question. id: of its words below `places.next.step`; seconds: what it takes at most, about; work: does it and keeps it."""

    id: str
    seconds: float
    work: Callable[[], object]


def steps(store: Store, asked: NextAsked) -> tuple[Step, ...]:
    """What has to be worked out before a question can be answered, in this order."""
    return (
        Step("choice", SECONDS, partial(next_of, store, asked)),
        Step("curve", SECONDS_OF_CURVE, partial(points_of, store, asked.places, asked.candidates)),
        Step("number", SECONDS_OF_NUMBER, partial(curve_of, store, asked.places, asked.candidates)),
    )
