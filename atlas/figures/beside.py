"""One place beside others: a bar a place, sorted by the caller, the value at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import FIGURE_TEXT, Look, base_figure

ROW = 28
LARGEST_NAME = 18
"""Pixels: with larger names a telephone has no room for the bars."""
ROLES = ("chosen", "whole", "peer")
"""The place chosen, what it is part of (nation, prefecture), a place like it."""


@dataclass(frozen=True)
class Beside:
    """One bar. `value` is a 0-1 share, None where there is none; `words` is what stands at its end then too."""

    name: str
    value: float | None
    words: str
    tip: str
    role: str = "peer"


def beside_bars(look: Look, rows: Sequence[Beside]) -> go.Figure:
    """Horizontal bars from 0, first row on top. The chosen place is named in bold; every bar has its value, so that there is no axis."""
    palette = look.palette
    colours = {"chosen": palette.accent, "whole": palette.second, "peer": palette.context}
    figure = base_figure(look, height=len(rows) * ROW + 16, left=8, right=_word_room(rows), top=8, bottom=8)
    positions = list(range(len(rows)))
    figure.add_trace(
        go.Bar(
            x=[row.value or 0 for row in rows],
            y=positions,
            orientation="h",
            text=[f"<b>{row.words}</b>" if row.role == "chosen" else row.words for row in rows],
            textposition="outside",
            textfont={"color": [palette.accent if row.role == "chosen" else palette.text for row in rows], "size": look.px()},
            cliponaxis=False,
            constraintext="none",
            customdata=[row.tip for row in rows],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"color": [colours[row.role] for row in rows], "line": {"width": 0}},
        )
    )
    highest = max((row.value for row in rows if row.value is not None), default=1.0)
    names = [f"<b>{row.name}</b>" if row.role == "chosen" else row.name for row in rows]
    figure.update_yaxes(
        tickvals=positions,
        ticktext=names,
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        tickfont={"color": palette.text, "size": min(look.px(), LARGEST_NAME)},
        ticks="",
    )
    figure.update_xaxes(range=[0, highest * 1.01 or 1], visible=False)
    figure.update_layout(bargap=0.3)
    return figure


def _word_room(rows: Sequence[Beside]) -> int:
    """Pixels right of the longest bar for its words: a full-width letter is a text size wide, others a little over half."""
    widest = max((sum(1.0 if ord(letter) > 0x2E7F else 0.62 for letter in row.words) for row in rows if row.value is not None), default=4.0)
    return int(widest * FIGURE_TEXT) + 12
