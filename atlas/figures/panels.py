"""Several small line charts one above the other, each with its own title and scale: things that never share a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure

JOINED_UP_TO = 5


@dataclass(frozen=True)
class PanelLine:
    """One series of a panel, named at its end."""

    name: str
    years: Sequence[int]
    values: Sequence[float]
    tips: Sequence[str]
    projected: bool = False
    dash: str = "solid"
    colour: int = 0


@dataclass(frozen=True)
class Panel:
    """A title in words and the lines below it."""

    title: str
    lines: Sequence[PanelLine]


def panel_chart(look: Look, panels: Sequence[Panel], *, ticks: Sequence[int], tick_format: str, top_value: float) -> go.Figure:
    """Panels from top to bottom with one scale of years and the same scale of values, so that heights can be compared."""
    palette = look.palette
    figure = base_figure(look, height=210 * len(panels) + 40, right=130, top=8)
    count = len(panels)
    gap = 0.34 / count
    height = (1 - gap * count) / count
    span = ticks[-1] - ticks[0]
    for position, panel in enumerate(panels):
        suffix = "" if position == 0 else str(position + 1)
        top = 1 - position * (height + gap) - gap * 0.55
        figure.update_layout(
            {
                f"yaxis{suffix}": {
                    **figure.layout.yaxis.to_plotly_json(),
                    "domain": [max(top - height, 0), top],
                    "range": [0, top_value],
                    "tickformat": tick_format,
                    "nticks": 4,
                    "anchor": f"x{suffix}",
                },
                f"xaxis{suffix}": {
                    **figure.layout.xaxis.to_plotly_json(),
                    "anchor": f"y{suffix}",
                    "tickvals": list(ticks),
                    "range": [ticks[0] - span * 0.03, ticks[-1] + span * 0.03],
                    "showticklabels": position == count - 1,
                },
            }
        )
        figure.add_annotation(
            x=0,
            xref="paper",
            y=top,
            yref="paper",
            yshift=8,
            text=f"<b>{_in_two_lines(panel.title)}</b>",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"color": palette.text, "size": look.px(14)},
        )
        for line in panel.lines:
            _draw(figure, look, line, suffix)
    return figure


def _draw(figure: go.Figure, look: Look, line: PanelLine, suffix: str) -> None:
    palette = look.palette
    colour = palette.lines[line.colour % len(palette.lines)]
    years: list[int | None] = []
    values: list[float | None] = []
    tips: list[str] = []
    for year, value, tip in zip(line.years, line.values, line.tips, strict=True):
        if years and years[-1] is not None and year - years[-1] > JOINED_UP_TO:  # what lies between is not held: no line
            years.append(None)
            values.append(None)
            tips.append("")
        years.append(year)
        values.append(value)
        tips.append(tip)
    figure.add_trace(
        go.Scatter(
            x=years,
            y=values,
            xaxis=f"x{suffix}",
            yaxis=f"y{suffix}",
            customdata=tips,
            hovertemplate="%{customdata}<extra></extra>",
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": "dash" if line.projected else line.dash},
            marker={"size": 8, "color": palette.page if line.projected else colour, "line": {"color": colour, "width": 2}},
        )
    )
    if line.years:
        figure.add_annotation(
            x=line.years[-1],
            y=line.values[-1],
            xref=f"x{suffix}",
            yref=f"y{suffix}",
            text=line.name,
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"color": colour, "size": look.px(13)},
        )


def _in_two_lines(title: str) -> str:
    """A long title broken at its bracket or colon, so that a narrow screen does not cut it."""
    for mark, broken in (("（", "<br>（"), (": ", ":<br>"), (" (", "<br>(")):
        if len(title) > 22 and mark in title:
            return title.replace(mark, broken, 1)
    return title
