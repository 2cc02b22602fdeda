"""What is there and what is added to it: a row an area, one bar in two parts, with a mark where the area's part of the whole would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import draw_names, key_room, laid_out

PITCH = 20
"""Pixels a row."""


@dataclass(frozen=True)
class Added:
    """A row: whole numbers there and added, what its part of the whole would be (None: not known), the numbers in words, what a touch says."""

    name: str
    there: int
    added: int
    part: float | None
    label: str
    tip: str


@dataclass(frozen=True)
class AddedNames:
    """What the two parts of the bars and the mark are called in the key."""

    there: str
    added: str
    part: str


def addition_bars(look: Look, rows: Sequence[Added], names: AddedNames) -> go.Figure:
    """Draw the rows from top to bottom on an axis of whole numbers from zero; the words stand by the names, where no mark can lie over them."""
    palette = look.palette
    named = [f"{row.name}  {row.label}" for row in rows]
    room = laid_out(look, [f"<b>{name}</b>" if row.added else name for name, row in zip(named, rows, strict=True)], PITCH, above=False)
    full = max([1.0, *(max(float(row.there + row.added), row.part or 0.0) for row in rows)]) * 1.02
    top = key_room(look, (names.there, names.added, names.part))
    figure = base_figure(look, height=int(room.total) + top + 40, top=top, bottom=40)
    draw_names(figure, look, room)
    for name, values, colour in ((names.there, [row.there for row in rows], palette.context), (names.added, [row.added for row in rows], palette.accent)):
        figure.add_trace(
            go.Bar(
                x=values, y=list(room.middles), orientation="h", name=name, width=PITCH * 0.7, customdata=[row.tip for row in rows],
                hovertemplate="%{customdata}<extra></extra>", marker={"color": colour, "line": {"width": 0}},
            )
        )  # fmt: skip
    known = [(row, middle) for row, middle in zip(rows, room.middles, strict=True) if row.part is not None]
    figure.add_trace(
        go.Scatter(
            x=[row.part for row, _ in known], y=[middle for _, middle in known], mode="markers", name=names.part, cliponaxis=False,
            customdata=[row.tip for row, _ in known], hovertemplate="%{customdata}<extra></extra>",
            marker={"symbol": "diamond", "size": 9, "color": palette.text, "line": {"color": palette.page, "width": 1}},
        )
    )  # fmt: skip
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "maxheight": 1, "traceorder": "normal",
            "font": {"size": look.px(), "color": palette.text}, "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if full / one <= 8 or one == 1000)
    figure.update_xaxes(range=[0, full], dtick=step, tickformat=",d", tickangle=0, showgrid=True, gridcolor=palette.grid, ticks="", zeroline=False)
    return figure
