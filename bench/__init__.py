"""Benchmarks: `make bench` writes bench.json, ours and the peer's medians measured side by side in one run."""
