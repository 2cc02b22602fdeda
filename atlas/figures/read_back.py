"""A finished figure read back, trace by trace: what decks and paper draw again."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from atlas.figures import numbers


def values(things: Any) -> list[float | None]:
    """A trace's numbers as Python's; numbers kept short are taken at the digits they have."""
    if things is None:
        return []
    short = isinstance(things, np.ndarray) and things.dtype == np.float32
    return [None if numbers.is_missing(one) else float(str(one)) if short else float(one) for one in things]


def each(thing: Any, count: int) -> list[Any]:
    """One value a point of something that is given once or for each."""
    return [thing] * count if thing is None or isinstance(thing, str | int | float) else list(thing)


def runs(spots: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The lines between gaps: each of at least two spots."""
    found: list[list[tuple[float, float]]] = [[]]
    for spot in spots:
        if spot is None:
            found.append([])
        else:
            found[-1].append(spot)
    return [run for run in found if len(run) > 1]


def spots(across: Iterable[float | None], upright: Iterable[float | None]) -> list[tuple[float, float] | None]:
    """Pairs of numbers; None where one of them is missing."""
    return [None if x is None or y is None else (x, y) for x, y in zip(across, upright, strict=True)]


def class_colour(trace: Any, value: float | None) -> str:
    """The colour of a class of a map: the scale is one of steps, and classes lie in their middles."""
    low, high = (0.0, 1.0) if trace.zmin is None else (float(trace.zmin), float(trace.zmax))
    place = ((value or 0.0) - low) / (high - low)
    scale = [(float(at), str(colour)) for at, colour in trace.colorscale]
    return next((colour for (at, colour), (after, _) in pairwise(scale) if at <= place <= after and after > at), scale[-1][1])
