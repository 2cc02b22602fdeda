"""`python -m bench [--only NAME]`: measure and write bench.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from bench import apportion, builds, cover, rank_draws, reruns, ssdse
from bench.measure import ROOT, Entry

BENCHMARKS: dict[str, Callable[[], Entry]] = {
    "etl_ssdse": ssdse.run,
    "etl_build": builds.run,
    "apportion_japan": apportion.run,
    "rank_draws_150x5000": rank_draws.run,
    "cover_3000x300": cover.run,
    **{f"rerun_{page}": partial(reruns.run, page) for page in reruns.PAGES},
}
OUT = ROOT / "bench.json"


def main(only: Annotated[str, typer.Option(help="One benchmark by name.")] = "") -> None:
    """Run all benchmarks, or one; other entries of bench.json stay."""
    console = Console()
    if only and only not in BENCHMARKS:
        console.print(f"There is no benchmark {only!r}; there are {', '.join(BENCHMARKS)}.", markup=False)
        raise typer.Exit(2)
    entries = json.loads(OUT.read_text("utf-8")) if OUT.exists() else {}
    for name in [only] if only else BENCHMARKS:
        try:
            entry = BENCHMARKS[name]()
        except FileNotFoundError as error:
            console.print(f"{name}: not measured, {error}", markup=False)
            continue
        entries[name] = entry.as_dict()
        beside = f", peer {entry.peer_seconds:.4f} s, ratio {entry.ratio:.2f}" if entry.peer_seconds and entry.ratio else ""
        console.print(f"{name}: {entry.seconds:.4f} s{beside}; goal {entry.goal}: {'reached' if entry.reached else 'NOT reached'}", markup=False)
        OUT.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.exit(0)


if __name__ == "__main__":
    typer.run(main)
