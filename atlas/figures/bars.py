"""Bars side by side, a row a category: answers of which several may be given, and spread of a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import draw_names, laid_out, room_at_right, text_at

PITCH = 22
"""Pixels from bar to bar within a row."""


@dataclass(frozen=True)
class Bars:
    """One bar a row. `accent`: what the eye goes to; the others are grey context. Labels stand at the bars' ends."""

    values: Sequence[float | None]
    lowers: Sequence[float | None]
    uppers: Sequence[float | None]
    labels: Sequence[str]
    tips: Sequence[str]
    accent: bool = False


def grouped_bars(look: Look, names: Sequence[str], series: Sequence[Bars], *, hatched: Sequence[int] = (), band: tuple[int, str] | None = None) -> go.Figure:
    """Draw the bars; shares from zero.

    hatched: rows of no answer. band: the first row of a stretch set apart by a line above it, and its word.
    """
    palette = look.palette
    words = list(names)
    if band:
        words[band[0]] = f"<b>{band[1]}</b><br>{words[band[0]]}"
    rows = laid_out(look, words, PITCH * len(series), above=True)
    ends = [(_end(bars, row), bars.labels[row]) for bars in series for row in range(len(names)) if bars.values[row] is not None]
    full = max((position for position, _ in ends), default=1.0) * 1.02
    figure = base_figure(look, height=int(rows.total) + 8 + 44, left=16, right=room_at_right(ends, full), top=8, bottom=44)
    for number, bars in enumerate(series):
        held = [row for row, value in enumerate(bars.values) if value is not None]
        shift = (number - (len(series) - 1) / 2) * PITCH
        for part, pattern in (([row for row in held if row not in hatched], False), ([row for row in held if row in hatched], True)):
            if part:
                _bars(figure, look, bars, part, [rows.middles[row] + shift for row in part], pattern)
        for row in held:
            colour = palette.text if bars.accent else palette.second
            text_at(figure, look, _end(bars, row), rows.middles[row] + shift, bars.labels[row], colour, shift=6)
    if band:
        at = rows.tops[band[0]]
        figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=at, y1=at, line={"color": palette.second, "width": 1, "dash": "dot"})
    draw_names(figure, look, rows)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, full], tickformat=".0%", nticks=5, tickangle=0, showgrid=True, gridcolor=palette.grid, ticks="", zeroline=False)
    return figure


def _end(bars: Bars, row: int) -> float:
    upper, value = bars.uppers[row], bars.values[row]
    return float(upper if upper is not None else value or 0.0)


def _bars(figure: go.Figure, look: Look, bars: Bars, rows: Sequence[int], heights: Sequence[float], hatched: bool) -> None:
    """The bars of one series with thin whiskers."""
    palette = look.palette
    colour = palette.accent if bars.accent else palette.context
    values = [float(bars.values[row] or 0) for row in rows]
    lowers = [value if bars.lowers[row] is None else float(bars.lowers[row] or 0) for row, value in zip(rows, values, strict=True)]
    pattern = {"shape": "/", "fgcolor": colour, "bgcolor": palette.page, "size": 6, "solidity": 0.35}
    figure.add_trace(
        go.Bar(
            x=values,
            y=heights,
            orientation="h",
            width=PITCH * 0.78,
            customdata=[bars.tips[row] for row in rows],
            hovertemplate="%{customdata}<extra></extra>",
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [_end(bars, row) - value for row, value in zip(rows, values, strict=True)],
                "arrayminus": [value - lower for value, lower in zip(values, lowers, strict=True)],
                "color": palette.text,
                "thickness": 1,
                "width": 3,
            },
            marker={
                "color": palette.page if hatched else colour,
                "line": {"color": colour, "width": 1 if hatched else 0},
                "pattern": pattern if hatched else {},
            },
        )
    )
