"""Bars by age in two panels, men above women; what is not held is a dashed empty place with its word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure


@dataclass(frozen=True)
class AgeSeries:
    """One year (or projection) of both panels: (panel, age) -> share, label, tooltip."""

    name: str
    values: Mapping[tuple[int, int], tuple[float, str, str]]
    accent: bool = False
    projected: bool = False


def age_bars(look: Look, panels: Sequence[str], ages: Sequence[str], series: Sequence[AgeSeries], *, missing_word: str, top_value: float) -> go.Figure:
    """Grouped bars. The accent series carries numbers; projected bars are hollow with a dashed outline."""
    palette = look.palette
    figure = base_figure(look, height=260 * len(panels) + 60, top=56, right=16)
    count, width = len(series), 0.8 / len(series)
    height = (1 - 0.16 * len(panels)) / len(panels)
    for panel, title in enumerate(panels):
        suffix = "" if panel == 0 else str(panel + 1)
        top = 1 - panel * (height + 0.2) - 0.05
        axis_y, axis_x = figure.layout.yaxis.to_plotly_json(), figure.layout.xaxis.to_plotly_json()
        figure.update_layout(
            {
                f"yaxis{suffix}": {
                    **axis_y,
                    "domain": [max(top - height, 0), top],
                    "range": [0, top_value],
                    "tickformat": ".0%",
                    "nticks": 5,
                    "anchor": f"x{suffix}",
                },
                f"xaxis{suffix}": {
                    **axis_x,
                    "anchor": f"y{suffix}",
                    "tickvals": list(range(len(ages))),
                    "ticktext": list(ages),
                    "range": [-0.6, len(ages) - 0.4],
                    "ticks": "",
                },
            }
        )
        figure.add_annotation(x=0, xref="paper", y=top, yref="paper", yshift=6, text=f"<b>{title}</b>", showarrow=False, xanchor="left", yanchor="bottom")
        for position, one in enumerate(series):
            shift = (position - (count - 1) / 2) * width
            held = [(age, *one.values[(panel, age)]) for age in range(len(ages)) if (panel, age) in one.values]
            figure.add_trace(_bars(look, one, held, shift, width * 0.92, suffix, shows_name=panel == 0))
        for age in range(len(ages)):
            absent = [position for position, one in enumerate(series) if (panel, age) not in one.values]
            _mark_missing(figure, look, age, absent, count, width, suffix, missing_word, top_value)
    figure.update_layout(
        barmode="overlay",
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": look.px(13), "color": palette.text},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    return figure


def _bars(look: Look, one: AgeSeries, held: Sequence[tuple[int, float, str, str]], shift: float, width: float, suffix: str, *, shows_name: bool) -> go.Bar:
    palette = look.palette
    colour = palette.accent if one.accent else palette.lines[1] if one.projected else palette.context
    return go.Bar(
        x=[age + shift for age, *_ in held],
        y=[value for _, value, _, _ in held],
        width=width,
        name=one.name,
        showlegend=shows_name,
        legendgroup=one.name,
        xaxis=f"x{suffix}",
        yaxis=f"y{suffix}",
        text=[label if one.accent else "" for _, _, label, _ in held],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        constraintext="none",
        textfont={"size": look.px(13), "color": palette.text},
        customdata=[tip for *_, tip in held],
        hovertemplate="%{customdata}<extra></extra>",
        marker={
            "color": palette.page if one.projected else colour,
            "line": {"color": colour, "width": 2 if one.projected else 0},
            "pattern": {"shape": "/", "fgcolor": colour, "bgcolor": palette.page, "size": 5, "solidity": 0.2} if one.projected else {},
        },
    )


def _mark_missing(figure: go.Figure, look: Look, age: int, absent: Sequence[int], count: int, width: float, suffix: str, word: str, top_value: float) -> None:
    """A dashed foot for each bar that is not held; the word once where nothing at all is held for the age."""
    colour = look.palette.second
    for position in absent:
        middle = age + (position - (count - 1) / 2) * width
        figure.add_shape(
            type="rect",
            xref=f"x{suffix}",
            yref=f"y{suffix}",
            x0=middle - width * 0.42,
            x1=middle + width * 0.42,
            y0=0,
            y1=top_value * 0.05,
            line={"color": colour, "width": 1, "dash": "dot"},
        )
    if len(absent) == count:
        figure.add_annotation(
            x=age,
            y=top_value * 0.06,
            xref=f"x{suffix}",
            yref=f"y{suffix}",
            text=word,
            showarrow=False,
            yanchor="bottom",
            font={"color": colour, "size": look.px(13)},
        )
