"""What lifts an area above the mean and what holds it down: stacked bars to both sides of zero, a row an area, the sum as a mark above the bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.numbers import MINUS
from atlas.figures.rows import draw_names, key_room, laid_out, room_at_right, text_at
from atlas.figures.stacked import SMALLEST_LABEL, readable_on

PITCH = 32
"""Pixels a bar takes."""
LABEL_FROM = 0.06
"""A part narrower than this share of the axis carries no number."""
MOST_TICKS = 6


@dataclass(frozen=True)
class Lift:
    """One indicator's part in every row: its differences to the mean, their words, what a touch says."""

    name: str
    colour: str
    values: Sequence[float]
    labels: Sequence[str]
    tips: Sequence[str]


@dataclass(frozen=True)
class Sum:
    """What the parts of a row add up to, in words at its end."""

    value: float
    label: str
    tip: str
    chosen: bool = False


def lift_bars(look: Look, names: Sequence[str], parts: Sequence[Lift], sums: Sequence[Sum], *, sum_name: str) -> go.Figure:
    """Draw the rows from top to bottom; parts above the mean go right, those below go left."""
    palette = look.palette
    rows = laid_out(look, [f"<b>{name}</b>" if one.chosen else name for name, one in zip(names, sums, strict=True)], PITCH)
    ups = [sum(max(part.values[row], 0.0) for part in parts) for row in range(len(names))]
    downs = [sum(min(part.values[row], 0.0) for part in parts) for row in range(len(names))]
    low, high = min([0.0, *downs]) * 1.04, max([0.0, *ups]) * 1.04
    full = (high - low) or 1.0
    top = key_room(look, [*(part.name for part in parts), sum_name])
    ends = [(up - low, one.label) for up, one in zip(ups, sums, strict=True)]
    figure = base_figure(look, height=int(rows.total) + top + 40, left=16 if rows.above else 64, right=room_at_right(ends, full), top=top, bottom=40)
    draw_names(figure, look, rows)
    for part in parts:
        figure.add_trace(
            go.Bar(
                x=list(part.values), y=list(rows.middles), orientation="h", name=part.name, width=PITCH * 0.84, customdata=list(part.tips),
                hovertemplate="%{customdata}<extra></extra>", textposition="inside", insidetextanchor="middle", textangle=0, constraintext="inside",
                text=[label if abs(value) >= full * LABEL_FROM else "" for value, label in zip(part.values, part.labels, strict=True)],
                textfont={"color": readable_on(part.colour), "size": look.px()}, marker={"color": part.colour, "line": {"color": palette.page, "width": 1}},
            )
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[one.value for one in sums],
            y=[middle - PITCH * 0.5 for middle in rows.middles], mode="markers", name=sum_name, customdata=[one.tip for one in sums],
            hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
            marker={"symbol": "triangle-down", "size": 9, "color": palette.text, "line": {"width": 0}},
        )
    )  # fmt: skip
    for up, middle, one in zip(ups, rows.middles, sums, strict=True):
        text_at(figure, look, up, middle, f"<b>{one.label}</b>", palette.text, shift=8)
    figure.update_layout(
        barmode="relative",
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "maxheight": 1, "traceorder": "normal",
            "font": {"size": look.px(), "color": palette.text}, "itemclick": False, "itemdoubleclick": False,
        },
        uniformtext={"minsize": SMALLEST_LABEL, "mode": "hide"},
    )  # fmt: skip
    at = _ticks(low, high)
    figure.update_xaxes(range=[low, high], tickvals=at, ticktext=[_signed(one) for one in at], tickangle=0, showgrid=True, gridcolor=palette.grid, ticks="")
    figure.update_xaxes(zeroline=True, zerolinecolor=palette.text, zerolinewidth=1.5)
    return figure


def _ticks(low: float, high: float) -> list[float]:
    """Round values on both sides of zero, few enough for a telephone."""
    step = 10.0 ** floor(log10(high - low)) if high > low else 1.0
    step *= next(part for part in (0.2, 0.5, 1.0, 2.0) if (high - low) / (step * part) <= MOST_TICKS or part == 2.0)
    return [number * step for number in range(ceil(low / step), floor(high / step) + 1)]


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{abs(value):g}"
