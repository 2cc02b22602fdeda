"""Stacked bars of whole distributions: one row a year or group, the parts always in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import LINE, not_held, text_width, wrapped

LABEL_FROM = 0.02
"""A part narrower than this share of the row never carries a number; the browser leaves out those that do not fit."""
SMALLEST_LABEL = 12
ROW = 46
INK_LUMINANCE = 0.0175
NAME = 6.0
"""Full-width letters in a line of a row's name."""
_PHONE = 262


@dataclass(frozen=True)
class Part:
    """One part of every row. `values` are 0-1 shares, None where not held; hatched: no answer, unknown."""

    name: str
    colour: str
    values: Sequence[float | None]
    labels: Sequence[str]
    tips: Sequence[str]
    hatched: bool = False


def stacked_bars(look: Look, rows: Sequence[str], parts: Sequence[Part], *, missing: Sequence[tuple[int, float, str]] = (), legend: bool = True) -> go.Figure:
    """Horizontal bars that add up to 100 %, first row on top.

    missing: (row, share already shown, word): the rest of a row that is not held, drawn as a dashed empty box with its word.
    """
    palette = look.palette
    names = [wrapped(row, NAME) for row in rows]
    tall = max([ROW, *(LINE * (name.count("<br>") + 1) + 8 for name in names)])
    top = _legend_room(parts, look.scale) if legend else 12
    figure = base_figure(look, height=len(rows) * tall + top + 36, top=top, right=18, bottom=36)
    positions = list(range(len(rows)))
    for part in parts:
        figure.add_trace(
            go.Bar(
                y=positions,
                x=[value if value is not None else 0 for value in part.values],
                orientation="h",
                name=part.name,
                text=[label if value is not None and value >= LABEL_FROM else "" for value, label in zip(part.values, part.labels, strict=True)],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": readable_on(part.colour), "size": look.px(14)},
                constraintext="inside",
                customdata=list(part.tips),
                hovertemplate="%{customdata}<extra></extra>",
                marker={
                    "color": palette.page if part.hatched else part.colour,
                    "line": {"color": palette.page, "width": 1},
                    "pattern": {"shape": "/", "fgcolor": part.colour, "bgcolor": palette.page, "size": 6, "solidity": 0.35} if part.hatched else {},
                },
            )
        )
        if part.hatched:
            figure.data[-1].textfont.color = palette.text
    for row, shown, word in missing:
        not_held(figure, look, row, word, start=shown)
    figure.update_layout(
        barmode="stack",
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "maxheight": 1,
            "traceorder": "normal",
            "entrywidth": max((text_width(part.name) for part in parts), default=0) * look.px(13) - 6,
            "font": {"size": look.px(13), "color": palette.text},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        bargap=0.3,
        uniformtext={"minsize": SMALLEST_LABEL, "mode": "hide"},
    )
    figure.update_yaxes(
        tickvals=positions,
        ticktext=names,
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
        tickfont={"color": palette.text, "size": look.px(14)},
    )
    figure.update_xaxes(range=[0, 1], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1], tickangle=0, ticklabeloverflow="allow", ticks="", showgrid=False)
    return figure


def _legend_room(parts: Sequence[Part], scale: float) -> int:
    """Pixels above the bars for the key: what it takes on a telephone, within reason; the browser adds what is missing."""
    width = max((text_width(part.name) for part in parts), default=0) * 13 * scale + 39
    lines = -(-len(parts) // max(int(_PHONE // width), 1))
    return min(lines, 4 if scale == 1 else 7) * 20 + 12


def readable_on(colour: str) -> str:
    """Black or white, whichever stands out more on a colour (WCAG relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / (INK_LUMINANCE + 0.05) else "#1C2430"
