"""Plotly's axes as scales of a native chart; formats of numbers; what its labels say."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from atlas.figures import numbers
from atlas.stories.deck_model import Axis, Label
from atlas.stories.deck_text import one_line, plain

NICE = (1.0, 2.0, 5.0, 10.0)
ENOUGH = 0.75
"""A step may be so much smaller than the figure's number of ticks asks: better a tick more than a scale far beyond the data."""
_NUMBER = re.compile(r"(?P<before>.*?)(?P<number>[-\u2212]?\d[\d,]*(?:\.(?P<decimals>\d+))?)(?P<percent>%?)")
_NAMED = re.compile(r"(?P<name>.+) [-\u2212]?\d[\d,.]*%?(?: \D*)?")
_FORMAT = re.compile(r"(?P<marks>,?)\.?(?P<decimals>\d*)(?P<kind>[%fd])")


def number_format(tick_format: str | None) -> str:
    """Plotly's format (".0%", ",.1f") as a spreadsheet's."""
    found = _FORMAT.fullmatch(tick_format or "")
    if not found:
        return "General"
    decimals = "." + "0" * int(found["decimals"] or 0) if int(found["decimals"] or 0) else ""
    return f"0{decimals}%" if found["kind"] == "%" else f"{'#,##0' if found['marks'] else '0'}{decimals}"


def axis_of(layout: Any) -> Axis:
    """The scale of one axis of a figure; ticks that are not even numbers become words."""
    first, last = (float(one) for one in layout.range)
    low, high = min(first, last), max(first, last)
    base: dict[str, Any] = {
        "form": number_format(layout.tickformat),
        "title": one_line(layout.title.text or ""),
        "shown": layout.visible is not False and layout.showticklabels is not False,
        "grid": bool(layout.showgrid is not False and layout.visible is not False),
        "reversed": first > last,
    }
    ticks = [float(one) for one in layout.tickvals] if layout.tickvals is not None else None
    texts = [str(one) for one in layout.ticktext] if layout.ticktext is not None else [_printed(one) for one in ticks or ()]
    if layout.type == "log":
        return Axis(10**low, 10**high, words=tuple(zip(ticks or (), texts, strict=False)), log=True, **base)
    if ticks is None:
        unit = _unit(high - low, int(layout.nticks or 6))
        base["form"] = _fine_enough(base["form"], unit)
        return Axis(_down(low, unit), -_down(-high, unit), unit, **base)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 0.0
    even = step > 0 and all(math.isclose(b - a, step) for a, b in pairwise(ticks))
    if even and all(_says(text, value) for text, value in zip(texts, ticks, strict=True)):
        start = ticks[0] - step * math.ceil(max((ticks[0] - low) / step - 0.4, 0))
        end = ticks[-1] + step * math.ceil(max((high - ticks[-1]) / step - 0.4, 0))
        if any(text.startswith("+") for text in texts):
            printed = _fine_enough("0", step)
            base["form"] = f"+{printed};-{printed};0"
        return Axis(start, end, step, **base)
    return Axis(low, high, words=tuple(zip(ticks, texts, strict=True)), **base)


def _fine_enough(form: str, unit: float) -> str:
    """The format with the decimals its steps need: 2.5% does not become 3%."""
    hundredths = unit * 100 if form.endswith("%") else unit
    decimals = next(digits for digits in range(7) if digits == 6 or math.isclose(hundredths * 10**digits, round(hundredths * 10**digits), abs_tol=1e-9))
    if form == "General" or decimals <= len(form.partition(".")[2].rstrip("%")):
        return form
    return f"{form.rstrip('%').partition('.')[0]}.{'0' * decimals}{'%' if form.endswith('%') else ''}"


def _says(text: str, value: float) -> bool:
    try:
        return float(text.replace(numbers.MINUS, "-").replace(",", "")) == value
    except ValueError:
        return False


def _printed(value: float) -> str:
    return f"{value:g}"


def _unit(span: float, most: int) -> float:
    rough = (span or 1.0) / max(most, 2)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(float(f"{one * power:.6g}") for one in NICE if one * power >= rough * ENOUGH)


def _down(value: float, unit: float) -> float:
    return float(f"{math.floor(value / unit + 1e-9) * unit:.10g}")


def label(text: object, value: float | None, *, colour: str, side: str, series: str = "", shift: float = 0.0, turned: bool = False) -> Label:
    """A figure's words at a point; where they are the number itself, the chart prints its own, so that it follows the data."""
    words = one_line(text) if "<br>" not in str(text) else plain(text)
    bold, form, named = str(text).startswith("<b>"), "", False
    found = _NUMBER.fullmatch(words)
    if found and value is not None:
        before, decimals = found["before"].strip(), len(found["decimals"] or "")
        shown = found["number"] + found["percent"]
        if (not before or before == series) and shown in (numbers.percent(value, decimals), numbers.count(value * 100, decimals)) and abs(value) <= 1:
            form, named = number_format(f".{decimals}%"), bool(before)
        elif (not before or before == series) and shown == numbers.count(value, decimals):
            form, named = number_format(f",.{decimals}f"), bool(before)
    return Label(words, colour, side, form, named, bold, shift, turned)


def name_before(texts: list[str]) -> str:
    """What all labels of a series have before their number (2024年 46.6%): the series' name; empty where they have nothing in common."""
    found = [_NAMED.fullmatch(one_line(text)) for text in texts if text]
    names = {one["name"] for one in found if one}
    return names.pop() if len(names) == 1 and all(found) else ""


def plain_number(value: float, form: str) -> str:
    """About how a number looks in a spreadsheet's format: enough to measure the room it needs."""
    if form.endswith("%"):
        return f"{value * 100:.0f}%"
    return f"{value:,.0f}" if "," in form else f"{value:g}"


def thinned(axis: Axis, width: float, size: float, measure: Callable[[str, float], float]) -> Axis:
    """The axis with so few ticks that their numbers stand beside each other."""
    if not axis.unit or axis.words or axis.log:
        return axis
    room = max(measure(plain_number(value, axis.form), size) for value in (axis.low, axis.high)) + size * 0.8
    most = max(width / room, 1.0)
    times = next(one for one in (1, 2, 5, 10, 20, 50, 100, 1000) if (axis.high - axis.low) / (axis.unit * one) <= most or one == 1000)
    return replace(axis, unit=axis.unit * times)
