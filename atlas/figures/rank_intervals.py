"""Ranks with the range they move in, a row an area: the median as a mark, 5 to 95 % as a whisker, the own rank as an upright stroke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import draw_names, laid_out, room_at_right, text_at

PITCH = 20
"""Pixels a row."""
SURE, OPEN, LOW = "sure", "open", "low"


@dataclass(frozen=True)
class Ranked:
    """An area's ranks; `label` stands right of the whisker. kind: surely high (accent), open, surely low (hollow)."""

    name: str
    own: float
    median: float
    lower: float
    upper: float
    label: str
    tip: str
    kind: str = OPEN
    chosen: bool = False


def rank_intervals(look: Look, rows: Sequence[Ranked], *, areas: int, length: int, border: str) -> go.Figure:
    """Draw the rows from top to bottom on an axis of whole ranks. `border`: the word at the line below which the list ends."""
    palette = look.palette
    names = [f"<b>{row.name}</b>" if row.chosen else row.name for row in rows]
    room = laid_out(look, names, PITCH)
    full = areas + 0.5
    ends = [(row.upper, row.label) for row in rows]
    figure = base_figure(look, height=int(room.total) + 34 + 44, left=16 if room.above else 64, right=room_at_right(ends, full), top=34, bottom=44)
    draw_names(figure, look, room)
    at = length + 0.5
    figure.add_shape(type="rect", x0=0.5, x1=at, y0=0, y1=1, yref="paper", line={"width": 0}, fillcolor=palette.grid, opacity=0.4, layer="below")
    figure.add_annotation(
        x=0.5, y=1, yref="paper", text=border, showarrow=False, yanchor="bottom", xanchor="left", font={"color": palette.second, "size": look.px(14)}
    )
    for kind in (SURE, OPEN, LOW):
        own = [(row, middle) for row, middle in zip(rows, room.middles, strict=True) if row.kind == kind]
        if own:
            _draw(figure, look, [row for row, _ in own], [middle for _, middle in own], kind)
    for row, middle in zip(rows, room.middles, strict=True):
        text_at(figure, look, row.upper, middle, row.label, palette.text if row.kind == SURE else palette.second, shift=12)
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100) if areas / one <= 12 or one == 100)
    figure.update_xaxes(
        range=[0.5, full], tickvals=[1, *range(step, areas + 1, step)] if step > 1 else [*range(1, areas + 1)], tickformat=",d", tickangle=0,
        showgrid=True, gridcolor=palette.grid, ticks="", zeroline=False,
    )  # fmt: skip
    return figure


def _draw(figure: go.Figure, look: Look, rows: Sequence[Ranked], heights: Sequence[float], kind: str) -> None:
    palette = look.palette
    colour = palette.accent if kind == SURE else palette.second
    figure.add_trace(
        go.Scatter(
            x=[row.own for row in rows],
            y=list(heights),
            mode="markers",
            hoverinfo="skip",
            cliponaxis=False,
            marker={"symbol": "line-ns", "size": 15, "color": palette.text, "line": {"color": palette.text, "width": 2}},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[row.median for row in rows],
            y=list(heights),
            mode="markers",
            customdata=[row.tip for row in rows],
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [row.upper - row.median for row in rows],
                "arrayminus": [row.median - row.lower for row in rows],
                "color": colour,
                "thickness": 2.5 if kind == SURE else 1.5,
                "width": 0,
            },
            marker={
                "size": 11,
                "symbol": {SURE: "circle", OPEN: "diamond", LOW: "circle"}[kind],
                "color": palette.page if kind == LOW else colour,
                "line": {"color": colour, "width": 2},
            },
        )
    )
