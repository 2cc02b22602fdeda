"""Five classes at most: quintiles of the printed values, or equal steps on both sides of no change."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np
import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import Measure
from atlas.exhibits.prefecture_tiles import classes_of
from atlas.figures import numbers
from atlas.figures.look import Palette
from atlas.figures.map_legend import Key

CLASSES = 5


@dataclass(frozen=True)
class Classes:
    """Classes from lowest to highest: limits in printed values (both ends belong to the class), colours, words."""

    measure: Measure
    limits: tuple[tuple[float, float], ...]
    colours: tuple[str, ...]
    words: tuple[str, ...]

    def of(self, value: float, *, open_ended: bool = False) -> int | None:
        """The class of a value; None for no value. open_ended: values beyond the ends or between two classes belong to the nearest."""
        if numbers.is_missing(value) or not self.limits:
            return None
        printed = self.measure.printed_one(value)
        for place, (_, high) in enumerate(self.limits):
            if printed <= high:
                return place
        return len(self.limits) - 1 if open_ended or printed > self.limits[-1][1] else None

    def word_of(self, value: float) -> str:
        """The class in words, empty for no value."""
        place = self.of(value)
        return "" if place is None else self.words[place]

    def keys(self, values: pd.Series, pattern: str) -> list[Key]:
        """The legend's lines from highest to lowest with how many districts are in each."""
        places = [self.of(value) for value in values]
        counts = [places.count(place) for place in range(len(self.limits))]
        lines = [Key(pattern.format(words=word, count=count), colour) for word, count, colour in zip(self.words, counts, self.colours, strict=True)]
        return lines[::-1]


def order_of(measure: Measure) -> str:
    """Which words say high and low: counts are many or few, means large or small, all else high or low."""
    return {"count": "_count", "decimal": "_mean"}.get(measure.kind, "") if measure.id != "index" else ""


def classes(context: Context, measure: Measure, values: pd.Series, palette: Palette) -> Classes:
    """The classes of a layer's values."""
    printed = measure.printed(values.astype(float)).dropna()
    if printed.empty:
        return Classes(measure, (), (), ())
    return _both_sides(context, measure, printed, palette) if measure.diverging else _quintiles(context, measure, printed, palette)


def _quintiles(context: Context, measure: Measure, printed: pd.Series, palette: Palette) -> Classes:
    groups = classes_of(printed, CLASSES)
    limits = tuple((float(own.min()), float(own.max())) for _, own in printed.groupby(groups))
    count, scale = len(limits), palette.sequential
    colours = tuple(scale[round(step * (len(scale) - 1) / (count - 1))] for step in range(count)) if count > 1 else (scale[len(scale) // 2],)
    words = tuple(_words(context, measure, f"of{count}_{place + 1}", *limit) for place, limit in enumerate(limits))
    return Classes(measure, limits, colours, words)


def _both_sides(context: Context, measure: Measure, printed: pd.Series, palette: Palette) -> Classes:
    """Five equal steps around zero, wide enough for the largest change; only those that hold a district are listed."""
    unit = 10.0**-measure.decimals
    step = max(_round_step(float(printed.abs().max()) / 2.5), unit * 2)
    edges = np.array([-1.5, -0.5, 0.5, 1.5]) * step
    places = np.searchsorted(edges, printed.to_numpy(float), side="left")
    limits, colours, words = [], [], []
    for place in sorted(set(places.tolist())):
        own = printed[places == place]
        limits.append((float(own.min()), float(own.max())))
        colours.append(palette.diverging[place])
        words.append(_words(context, measure, f"change_{place + 1}", *limits[-1]))
    return Classes(measure, tuple(limits), tuple(colours), tuple(words))


def _round_step(size: float) -> float:
    """The next round number that is not smaller: 1, 1.5, 2, 3, 4, 5, 6, 8, 10 and so on."""
    if size <= 0:
        return 1.0
    power = 10.0 ** floor(log10(size))
    return next(one * power for one in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if one * power >= size - 1e-12)


def _words(context: Context, measure: Measure, level: str, low: float, high: float) -> str:
    span = measure.limit(low) if low == high else context.texts("need_map.span", low=measure.limit(low), high=measure.limit(high))
    unit = {"percent": "%", "change": "%", "points": context.texts("need_map.points")}.get(measure.kind, measure.unit)
    if unit and context.lang == "en" and unit != "%":
        unit = f" {unit}"
    return context.texts(
        "need_map.class",
        words=context.texts(f"need_map.level{order_of(measure)}.{level}" if not measure.diverging else f"need_map.level.{level}"),
        span=span + unit,
    )
