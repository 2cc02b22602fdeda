"""A funnel: shares of many areas over the size they are out of (log axis), target and limits, the chosen one and its peers marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from atlas.analysis.arrays import FloatArray
from atlas.figures.look import Look, base_figure


@dataclass(frozen=True)
class Dots:
    """Areas drawn alike: what they are called together, their own names, sizes and shares."""

    name: str
    names: Sequence[str]
    sizes: FloatArray
    shares: FloatArray


@dataclass(frozen=True)
class Limits:
    """A pair of curves over `FunnelPlan.sizes`, with the words at their ends."""

    words: str
    lower: FloatArray
    upper: FloatArray
    dashed: bool


@dataclass(frozen=True)
class FunnelPlan:
    """Everything drawn. `chosen` holds one dot, or none. `ticks`: sizes to print and how."""

    field: Dots
    peers: Dots
    chosen: Dots
    sizes: FloatArray
    limits: Sequence[Limits]
    target: float
    target_words: str
    size_title: str
    share_words: str
    ticks: Sequence[tuple[float, str]]


def funnel_chart(look: Look, plan: FunnelPlan) -> go.Figure:
    """Draw the funnel; shares from 0."""
    palette = look.palette
    figure = base_figure(look, height=460, left=56, right=16, top=48, bottom=56)
    hover = f"<b>%{{customdata}}</b><br>{plan.share_words} %{{y:.1%}}<br>{plan.size_title} %{{x:,.0f}}<extra></extra>"
    styles = (
        (plan.field, {"size": 5, "color": palette.context, "opacity": 0.55, "symbol": "circle"}),
        (plan.peers, {"size": 10, "color": palette.page, "symbol": "diamond", "line": {"color": palette.lines[1], "width": 2}}),
        (plan.chosen, {"size": 14, "color": palette.accent, "symbol": "circle", "line": {"color": palette.page, "width": 2}}),
    )
    for dots, marker in styles[:1]:
        _dots(figure, dots, marker, hover)
    for limits in plan.limits:
        _curves(figure, look, plan, limits)
    figure.add_shape(
        type="line",
        x0=float(plan.sizes[0]),
        x1=float(plan.sizes[-1]),
        y0=plan.target,
        y1=plan.target,
        line={"color": palette.text, "width": 1.5},
    )
    _words(figure, look, float(plan.sizes[0]), plan.target, plan.target_words, palette.text, below=_is_high(plan))
    for dots, marker in styles[1:]:
        _dots(figure, dots, marker, hover)
    _name_chosen(figure, look, plan)
    figure.update_xaxes(
        type="log",
        range=[np.log10(plan.sizes[0]), np.log10(plan.sizes[-1])],
        tickvals=[at for at, _ in plan.ticks],
        ticktext=[words for _, words in plan.ticks],
        title={"text": plan.size_title, "standoff": 8},
        showgrid=False,
        tickangle=0,
    )
    highest = float(np.nanmax(plan.field.shares)) if len(plan.field.shares) else 1.0
    figure.update_yaxes(range=[0, min(highest * 1.06, 1.0) or 1], tickformat=".0%", nticks=6)
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.01,
            "yanchor": "bottom",
            "font": {"size": look.px(), "color": palette.text},
            "itemclick": False,
            "itemdoubleclick": False,
            "itemsizing": "trace",
        },
    )
    return figure


def _is_high(plan: FunnelPlan) -> bool:
    """Does the chosen dot lie above the target? Its name then stands above it and the target's words below their line."""
    return len(plan.chosen.shares) > 0 and float(plan.chosen.shares[0]) >= plan.target


def _dots(figure: go.Figure, dots: Dots, marker: dict[str, object], hover: str) -> None:
    """One trace; short number types keep 1,741 points light."""
    if len(dots.names):
        figure.add_trace(
            go.Scatter(
                x=np.asarray(dots.sizes, dtype=np.int32),
                y=np.asarray(dots.shares, dtype=np.float32),
                mode="markers",
                name=dots.name,
                customdata=list(dots.names),
                hovertemplate=hover,
                marker=marker,
            )
        )


def _curves(figure: go.Figure, look: Look, plan: FunnelPlan, limits: Limits) -> None:
    for values in (limits.lower, limits.upper):
        figure.add_trace(
            go.Scatter(
                x=np.asarray(plan.sizes, dtype=np.float32),
                y=np.asarray(values, dtype=np.float32),
                mode="lines",
                hoverinfo="skip",
                showlegend=False,
                line={"color": look.palette.second, "width": 1.5, "dash": "dash" if limits.dashed else "solid"},
            )
        )
    _words(figure, look, float(plan.sizes[0]), float(limits.upper[0]), limits.words, look.palette.second)


def _words(figure: go.Figure, look: Look, x: float, y: float, words: str, colour: str, below: bool = False) -> None:
    """Words above (or below) a line at its left end, where there are few dots; nothing behind them, so that no dot is hidden."""
    figure.add_annotation(
        x=np.log10(x),
        y=y,
        text=words,
        xanchor="left",
        yanchor="top" if below else "bottom",
        showarrow=False,
        borderpad=1,
        xshift=2,
        yshift=-2 if below else 2,
        font={"color": colour, "size": look.px()},
    )


def _name_chosen(figure: go.Figure, look: Look, plan: FunnelPlan) -> None:
    """The chosen place's name beside its dot, on the side where there is room."""
    if not len(plan.chosen.names):
        return
    x, y = float(plan.chosen.sizes[0]), float(plan.chosen.shares[0])
    right_half = np.log10(x) > (np.log10(plan.sizes[0]) + np.log10(plan.sizes[-1])) / 2
    figure.add_annotation(
        x=np.log10(x),
        y=y,
        text=f"<b>{plan.chosen.name}</b>",
        ax=-28 if right_half else 28,
        ay=-44 if _is_high(plan) else 44,
        xanchor="right" if right_half else "left",
        arrowhead=0,
        arrowcolor=look.palette.accent,
        arrowwidth=1.5,
        standoff=8,
        bgcolor=look.palette.page,
        borderpad=2,
        font={"color": look.palette.accent, "size": look.px(15)},
    )
