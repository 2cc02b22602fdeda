"""How a benchmark measures: pairs of runs, ours and the peer's in turn, each in a process of its own; medians."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Entry:
    """One row of bench.json. ratio = seconds / peer_seconds."""

    seconds: float
    peer: str | None
    peer_seconds: float | None
    ratio: float | None
    goal: str
    peak_mib: float | None
    runs: int
    reached: bool
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The entry for JSON."""
        flat = asdict(self)
        return {key: value for key, value in flat.items() if key != "more"} | self.more


def worker(module: str, *arguments: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Run `python -m module arguments`; its last line is JSON with `seconds` and `peak_mib`."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def peak_mib() -> float:
    """The most memory this process has held, in MiB."""
    import psutil

    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):  # Windows
        return float(info.peak_wset) / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def median(values: Sequence[float]) -> float:
    """The median, rounded to a tenth of a millisecond."""
    return round(statistics.median(values), 4)
