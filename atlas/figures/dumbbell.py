"""Two values a row joined by a line: what was said and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure


@dataclass(frozen=True)
class Pair:
    """One row: a first value (hollow), a second one (filled; hollow too when it is projected), each with its words."""

    name: str
    first: float
    first_words: str
    second: float
    second_words: str
    second_projected: bool = False


def dumbbells(look: Look, pairs: Sequence[Pair], *, tick_format: str) -> go.Figure:
    """Rows from top to bottom; the words stand above (first) and below (second) their points, so that close values do not collide."""
    palette = look.palette
    figure = base_figure(look, height=96 * len(pairs) + 64, right=40, top=8)
    values = [value for pair in pairs for value in (pair.first, pair.second)]
    low, high = min(values), max(values)
    room = (high - low or 0.1) * 0.35
    for row, pair in enumerate(pairs):
        figure.add_trace(go.Scatter(x=[pair.first, pair.second], y=[row, row], mode="lines", line={"color": palette.context, "width": 3}, hoverinfo="skip"))
        for value, words, hollow, colour, shift in (
            (pair.first, pair.first_words, True, palette.lines[1], 22),
            (pair.second, pair.second_words, pair.second_projected, palette.accent, -22),
        ):
            figure.add_trace(
                go.Scatter(
                    x=[value],
                    y=[row],
                    mode="markers",
                    customdata=[f"<b>{pair.name}</b><br>{words}"],
                    hovertemplate="%{customdata}<extra></extra>",
                    marker={"size": 14, "color": palette.page if hollow else colour, "line": {"color": colour, "width": 3}, "symbol": "circle"},
                )
            )
            figure.add_annotation(
                x=value,
                y=row,
                text=words,
                yshift=shift * look.scale,
                showarrow=False,
                font={"color": colour, "size": look.px(14)},
                xanchor=_towards_the_middle(value, low, high),
            )
    figure.update_yaxes(
        tickvals=list(range(len(pairs))),
        ticktext=[pair.name for pair in pairs],
        range=[len(pairs) - 0.45, -0.55],
        showgrid=False,
        tickfont={"color": palette.text, "size": look.px(15)},
    )
    figure.update_xaxes(range=[max(low - room, 0), high + room], tickformat=tick_format, showgrid=True, gridcolor=palette.grid, nticks=6)
    return figure


def _towards_the_middle(value: float, low: float, high: float) -> str:
    """Where the words hang, so that they stay in the picture on a narrow screen."""
    place = (value - low) / ((high - low) or 1)
    return "left" if place < 1 / 3 else "right" if place > 2 / 3 else "center"
