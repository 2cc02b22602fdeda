"""apportion_japan: 250,000 small areas to 20,000 districts, ours beside tobler and geopandas.overlay.

`python -m bench --only apportion_japan` measures all of Japan; `python -m bench.apportion 0.1 0.25` prints the table of docs/scale.md for parts of it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from bench.apportion_japan import Floats, read
from bench.measure import Entry, median, worker

GOAL = "ratio at most 0.25 to the faster peer, below 2 GiB, the same result to 1e-6"
FRACTION = 1.0  # of Japan
ROUNDS = 3
PEERS = {"tobler": "tobler.area_weighted.area_interpolate", "overlay": "geopandas.overlay"}


def run(fraction: float | None = None, rounds: int = ROUNDS) -> Entry:
    """Rounds of three processes, ours and the peers in turn."""
    fraction = FRACTION if fraction is None else fraction
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        worker("bench.apportion_worker", "make", place, str(fraction))
        measured: dict[str, list[dict[str, Any]]] = {way: [] for way in ("ours", *PEERS)}
        for _ in range(rounds):
            for way, held in measured.items():
                held.append(worker("bench.apportion_worker", way, place))
        found = {way: np.load(folder / f"{way}.npy") for way in measured}
        size = described(folder)
    seconds = {way: median([one["seconds"] for one in held]) for way, held in measured.items()}
    peer = min(PEERS, key=lambda way: seconds[way])
    ratio = median([one["seconds"] / other["seconds"] for one, other in zip(measured["ours"], measured[peer], strict=True)])
    peaks = {way: round(max(one["peak_mib"] for one in held), 1) for way, held in measured.items()}
    apart = max(_apart(found["ours"], found[way]) for way in PEERS)
    reached = ratio <= 0.25 and peaks["ours"] < 2048 and apart <= 1e-6
    more = {
        **size, "fraction": fraction, "greatest_difference": apart,
        **{f"{way}_processor_seconds": median([one["processor_seconds"] for one in held]) for way, held in measured.items()},
        **{f"{way}_seconds": seconds[way] for way in PEERS}, **{f"{way}_peak_mib": peaks[way] for way in PEERS},
    }  # fmt: skip
    return Entry(seconds["ours"], PEERS[peer], seconds[peer], ratio, GOAL, peaks["ours"], rounds, reached, more)


def described(folder: Path) -> dict[str, Any]:
    """How large and how hard the generated case is; split and cut are counted with plain shapely intersections."""
    areas, districts = read(folder, "areas"), read(folder, "districts")
    i, j = shapely.STRtree(districts).query(areas)
    some = np.flatnonzero(np.isin(i, np.arange(0, len(areas), max(1, len(areas) // 5000))))
    share = shapely.area(shapely.intersection(areas[i[some]], districts[j[some]])) / shapely.area(areas)[i[some]]
    seen = np.unique(i[some]).size
    held = {name: np.bincount(i[some][share >= least], minlength=len(areas)) for name, least in (("split", 0.02), ("cut", 1e-9))}
    return {
        "small_areas": len(areas), "districts": len(districts), "candidate_pairs": len(i),
        "median_vertices": int(np.median(shapely.get_num_coordinates(areas))),
        "median_district_vertices": int(np.median(shapely.get_num_coordinates(districts))),
        **{f"{name}_share": round(float(np.count_nonzero(many > 1) / seen), 3) for name, many in held.items()},
    }  # fmt: skip


def _apart(one: Floats, other: Floats) -> float:
    """The greatest difference of a district, relative to its households (at least one)."""
    return float(np.max(np.abs(one - other) / np.maximum(np.abs(other), 1)))


def table(fractions: list[float], rounds: int) -> None:
    for fraction in fractions:
        entry = run(fraction, rounds)
        more = entry.more
        print(
            f"| {fraction:g} | {more['small_areas']:,} | {more['districts']:,} | {more['candidate_pairs']:,} | {entry.seconds:.1f} | {entry.peak_mib:.0f} |"
            f" {more['tobler_seconds']:.1f} | {more['overlay_seconds']:.1f} | {entry.ratio:.2f} |"
            f" {more['ours_processor_seconds']:.1f} / {more['tobler_processor_seconds']:.1f} / {more['overlay_processor_seconds']:.1f} |"
            f" {more['greatest_difference']:.0e} |", flush=True,
        )  # fmt: skip
        print(entry.as_dict(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    table([float(one) for one in sys.argv[1:]] or [0.1, 0.25, 0.5, 1.0], rounds=1)
