"""etl_ssdse: all SSDSE-A editions given, read, checked and in a database; the peer only parses the same files with pandas."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import ROOT, Entry, median, peak_mib, worker

GOAL = "ratio at most 10"
PAIRS = 7


def folder() -> Path:
    """The folder with the published files."""
    return Path(os.environ.get("ATLAS_RAW", ROOT.parent / "shared" / "raw")) / "ssdse"


def run() -> Entry:
    """Pairs of processes, ours and the peer in turn."""
    files = sorted(folder().glob("*.csv"))
    if not files:
        raise FileNotFoundError(f"no SSDSE-A files in {folder()}; name the folder above it with ATLAS_RAW")
    ours, peers = [], []
    for _ in range(PAIRS):
        ours.append(worker("bench.ssdse", "ours"))
        peers.append(worker("bench.ssdse", "peer"))
    seconds, peer_seconds = median([one["seconds"] for one in ours]), median([one["seconds"] for one in peers])
    ratio = median([one["seconds"] / other["seconds"] for one, other in zip(ours, peers, strict=True)])
    return Entry(
        seconds, "pandas.read_csv of the same files", peer_seconds, ratio, GOAL, round(max(one["peak_mib"] for one in ours), 1), PAIRS, ratio <= 10,
        {"files": len(files), "rows": ours[0]["rows"]},
    )  # fmt: skip


def _ours(files: list[Path]) -> int:
    from catalog.folder import SHIPPED, DataFolder
    from catalog.loading import load_registry
    from etl.areas import area_table, with_present_codes
    from etl.assemble import observed_figures
    from etl.figures import Figures
    from etl.publish import write_database
    from etl.readers import read_file

    registry = load_registry(SHIPPED / "catalog")
    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        readings = [with_present_codes(read_file(path), registry) for path in files]
        area = area_table(registry, Figures().area_names, readings)
        observed, _ = observed_figures(Figures(), readings, area, registry)
        write_database(DataFolder(Path(place)), {"area": area, "observation": observed})
        print(json.dumps({"seconds": time.perf_counter() - start, "peak_mib": peak_mib(), "rows": len(observed)}))
    return 0


def _peer(files: list[Path]) -> int:
    import pandas as pd

    start = time.perf_counter()
    rows = sum(len(pd.read_csv(path, encoding="cp932", header=None, skiprows=3)) for path in files)
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mib": peak_mib(), "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit({"ours": _ours, "peer": _peer}[sys.argv[1]](sorted(folder().glob("*.csv"))))
