"""The funnel of a city's districts: as that of all municipalities, with the districts outside the limits named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from atlas.figures.funnel import FunnelPlan, funnel_chart
from atlas.figures.look import Look

MOST_NAMES = 6
"""More would cover one another; the tooltip and the table name every district."""


@dataclass(frozen=True)
class Named:
    """A district to name: size and share."""

    name: str
    size: float
    share: float


def district_funnel(look: Look, plan: FunnelPlan, named: Sequence[Named]) -> go.Figure:
    """Draw the funnel and the first names beside their dots, away from the target."""
    figure = funnel_chart(look, plan)
    # Dots for two dozen districts, not for 1,741 municipalities.
    figure.update_traces(marker={"size": 9, "opacity": 1}, selector={"name": plan.field.name, "mode": "markers"})
    middle = (np.log10(plan.sizes[0]) + np.log10(plan.sizes[-1])) / 2
    for one in named[:MOST_NAMES]:
        right, high = np.log10(one.size) > middle, one.share >= plan.target
        figure.add_annotation(
            x=float(np.log10(one.size)), y=one.share, text=f"<b>{one.name}</b>", showarrow=False, xanchor="right" if right else "left",
            yanchor="bottom" if high else "top", xshift=-6 if right else 6, yshift=4 if high else -4, bgcolor=look.palette.page, borderpad=1,
            font={"color": look.palette.text, "size": look.px()},
        )  # fmt: skip
    highest = float(np.nanmax([0.0, *plan.field.shares, *plan.peers.shares, *plan.chosen.shares]))
    # Room above the highest dot, where its name stands, and for the limits with their words.
    curves = max((float(np.nanmax(limits.upper)) for limits in plan.limits), default=0.0)
    figure.update_yaxes(range=[0, min(max(highest * 1.16, curves * 1.08), 1.0) or 1])
    return figure
