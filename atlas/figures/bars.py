"""Bars side by side, a row a category: answers of which several may be given, and spread of a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import name_rows, row_height, text_width, wrapped

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
    shown = [wrapped(name) for name in names]
    tall = row_height(shown, PITCH * len(series) + 16)
    room = max((text_width(label) for bars in series for label in bars.labels), default=0) * 14 + 16
    figure = base_figure(look, height=tall * len(names) + 76, right=int(room), top=16, bottom=44)
    step = PITCH / tall
    highest = max((upper or value or 0 for bars in series for value, upper in zip(bars.values, bars.uppers, strict=True)), default=1.0)
    for number, bars in enumerate(series):
        held = [row for row, value in enumerate(bars.values) if value is not None]
        heights = [row + (number - (len(series) - 1) / 2) * step for row in held]
        _bars(figure, look, bars, held, heights, step, hatched)
        ends = [_or(bars.uppers[row], _or(bars.values[row], 0.0)) for row in held]
        figure.add_trace(
            go.Scatter(
                x=ends, y=heights, mode="text", text=[" " + bars.labels[row] for row in held], textposition="middle right", cliponaxis=False, hoverinfo="skip",
                textfont={"color": palette.text if bars.accent else palette.second, "size": look.px(14)},
            )
        )  # fmt: skip
    if band:
        first, word = band
        figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=first - 0.5, y1=first - 0.5, line={"color": palette.caution, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=1, xref="paper", y=first - 0.5, text=word, showarrow=False, xanchor="right", yanchor="top", font={"color": palette.caution, "size": look.px(14)}
        )
    name_rows(figure, look, shown)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, highest * 1.02], tickformat=".0%", nticks=5, showgrid=True, gridcolor=palette.grid, ticks="", zeroline=False)
    return figure


def _bars(figure: go.Figure, look: Look, bars: Bars, held: Sequence[int], heights: Sequence[float], step: float, hatched: Sequence[int]) -> None:
    """The bars of one series with thin whiskers."""
    palette = look.palette
    colour = palette.accent if bars.accent else palette.context
    values = [float(bars.values[row] or 0) for row in held]
    figure.add_trace(
        go.Bar(
            x=values, y=heights, orientation="h", width=step * 0.78, customdata=[bars.tips[row] for row in held], hovertemplate="%{customdata}<extra></extra>",
            error_x={
                "type": "data", "symmetric": False, "array": [_or(bars.uppers[row], value) - value for row, value in zip(held, values, strict=True)],
                "arrayminus": [value - _or(bars.lowers[row], value) for row, value in zip(held, values, strict=True)], "color": palette.text, "thickness": 1, "width": 3,
            },
            marker={
                "color": [palette.page if row in hatched else colour for row in held],
                "line": {"color": colour, "width": [1 if row in hatched else 0 for row in held]},
                "pattern": {"shape": ["/" if row in hatched else "" for row in held], "fgcolor": colour, "bgcolor": palette.page, "size": 6, "solidity": 0.35},
            },
        )
    )  # fmt: skip


def _or(limit: float | None, value: float) -> float:
    return value if limit is None else limit
