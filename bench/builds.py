"""etl_build: the whole default build from a cold process, into a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time

from bench.measure import ROOT, Entry, median

GOAL = "10 s"
RUNS = 5
MEASURED = """
import json, resource, runpy, sys
sys.argv = ["etl", "build", "--json"]
try:
    runpy.run_module("etl", run_name="__main__")
finally:
    from bench.measure import peak_mib
    print(json.dumps({"peak_mib": peak_mib()}), file=sys.stderr)
"""


def run() -> Entry:
    """Whole processes, from start to exit."""
    seconds, peaks = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as place:
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", MEASURED.replace("resource, ", "")],
                cwd=ROOT,
                env={**_environment(), "ATLAS_DATA": place},
                capture_output=True,
                text=True,
                check=True,
            )
            seconds.append(time.perf_counter() - start)
            peaks.append(json.loads(done.stderr.strip().splitlines()[-1])["peak_mib"])
    middle = median(seconds)
    return Entry(middle, None, None, None, GOAL, round(max(peaks), 1), RUNS, middle <= 10)


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)
