"""Lines over years: one accent, grey context, gaps open, breaks cut, projections dashed, names at the line's end."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure

JOINED_UP_TO = 5
"""Years between two held points that a line may bridge: the census comes every five years."""
COLOURED = 4


@dataclass(frozen=True)
class Line:
    """One series of points that are held. A line joins neighbours at most `JOINED_UP_TO` years apart."""

    name: str
    years: Sequence[int]
    values: Sequence[float]
    tips: Sequence[str]
    projected: bool = False
    quiet: bool = False
    colour: int | None = None
    dash: str = "solid"
    label_shift: int = 0


@dataclass(frozen=True)
class Gap:
    """A year without a value, with the word for why."""

    year: int
    word: str


@dataclass(frozen=True)
class YearAxis:
    """The years to print and how."""

    years: Sequence[int]
    labels: Sequence[str] = field(default=())


class End(NamedTuple):
    """Where a line ends, and the name that stands there."""

    year: float
    value: float
    name: str
    colour: str
    projected: bool


def line_chart(
    look: Look,
    lines: Sequence[Line],
    *,
    axis: YearAxis,
    tick_format: str,
    value_title: str,
    gaps: Sequence[Gap] = (),
    breaks: Sequence[int] = (),
    from_zero: bool = True,
    height: int = 420,
) -> go.Figure:
    """Draw the lines. `tick_format` is Plotly's (".0%", ",.0f"); shares start at zero."""
    palette = look.palette
    figure = base_figure(look, height=height, right=_label_room(lines, look), top=28)
    ends: list[End] = []
    for position, line in enumerate(lines):
        colour = palette.context if line.quiet else palette.lines[(line.colour if line.colour is not None else position) % len(palette.lines)]
        for first, (years, values, tips) in enumerate(_segments(line, breaks)):
            figure.add_trace(
                go.Scatter(
                    x=years,
                    y=values,
                    customdata=tips,
                    hovertemplate="%{customdata}<extra></extra>",
                    mode="lines+markers",
                    name=line.name,
                    legendgroup=line.name,
                    showlegend=first == 0,
                    line={"color": colour, "width": 1.5 if line.quiet else 2.5, "dash": "dash" if line.projected else line.dash},
                    marker={
                        "size": 5 if line.quiet else 8,
                        "color": palette.page if line.projected else colour,
                        "line": {"color": colour, "width": 2},
                        "symbol": "circle",
                    },
                )
            )
        if line.years and not line.quiet:
            ends.append(End(float(line.years[-1]), float(line.values[-1]), line.name, colour, line.projected))
    highest = max((max(line.values) for line in lines if len(line.values)), default=1.0)
    lowest = min((min(line.values) for line in lines if len(line.values)), default=0.0)
    floor = min(0.0, lowest) if from_zero else lowest - (highest - lowest or 1) * 0.15
    top = highest + (highest - floor) * 0.12
    last_year = max((end.year for end in ends), default=0.0)
    inside = [end for end in ends if not end.projected and end.year < last_year - JOINED_UP_TO]
    at_end = [end for end in ends if end not in inside]
    for end in inside:  # projections go on to the right: the name stands above the point
        figure.add_annotation(
            x=end.year, y=end.value, text=end.name, xanchor="right", yanchor="bottom", xshift=4, yshift=8, showarrow=False,
            font={"color": end.colour, "size": look.px(14)},
        )  # fmt: skip
    for shift, end in zip(_spread(at_end, floor, top, figure.layout.height, look), at_end, strict=True):
        figure.add_annotation(
            x=end.year, y=end.value, text=end.name, xanchor="left", yanchor="middle", xshift=10, yshift=shift, showarrow=False, align="left",
            font={"color": end.colour, "size": look.px(14)},
        )  # fmt: skip
    for gap in gaps:
        figure.add_annotation(
            x=gap.year, y=floor, text=gap.word, xanchor="center", yanchor="bottom", showarrow=False, textangle=-90,
            font={"color": palette.second, "size": look.px(13)},
        )  # fmt: skip
        figure.add_vline(x=gap.year, line={"color": palette.grid, "width": 1, "dash": "dot"})
    for year in breaks:
        figure.add_vline(x=year - 2.5, line={"color": palette.caution, "width": 1, "dash": "dot"})
    every = sorted(axis.years)
    span = (every[-1] - every[0]) or 1 if every else 1
    figure.update_xaxes(
        tickvals=every, ticktext=list(axis.labels) or [str(year) for year in every], range=[every[0] - span * 0.03, every[-1] + span * 0.03] if every else None
    )
    figure.update_yaxes(range=[floor, top], tickformat=tick_format, nticks=6, title={"text": value_title, "standoff": 12})
    return figure


def _segments(line: Line, breaks: Sequence[int]) -> list[tuple[list[int], list[float], list[str]]]:
    """Runs of points that a line may join: no gap wider than a census, no break between."""
    segments: list[tuple[list[int], list[float], list[str]]] = []
    before: int | None = None
    for year, value, tip in zip(line.years, line.values, line.tips, strict=True):
        cut = before is None or year - before > JOINED_UP_TO or any(before < b <= year for b in breaks)
        if cut:
            segments.append(([], [], []))
        for part, item in zip(segments[-1], (year, value, tip), strict=True):
            part.append(item)  # type: ignore[attr-defined]
        before = year
    return segments


def _label_room(lines: Sequence[Line], look: Look) -> int:
    """Pixels at the right for the longest name: a full-width letter is about one text size wide."""
    longest = max((_width(line.name) for line in lines if not line.quiet), default=0)
    return int(min(longest, 22) * 14) + 24


def _width(text: str) -> float:
    return sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in text.replace("<br>", ""))


def _spread(ends: Sequence[End], floor: float, top: float, height: float, look: Look) -> list[float]:
    """Vertical shifts in pixels that keep the names at the lines' ends from lying on each other."""
    drawn = max(height - 76 * look.scale, 80)
    at = [(end.value - floor) / ((top - floor) or 1) * drawn for end in ends]
    step = look.px(14) * 1.35
    order = sorted(range(len(at)), key=lambda i: at[i])
    placed = list(at)
    for before, after in itertools.pairwise(order):
        if placed[after] - placed[before] < step and abs(ends[after].year - ends[before].year) < 15:
            placed[after] = placed[before] + step
    return [new - old for new, old in zip(placed, at, strict=True)]
