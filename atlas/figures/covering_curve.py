"""How much is within reach with so many new places: the line of the best choices, the number asked for, the line that is wanted."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from atlas.figures.lines import Line, YearAxis, line_chart
from atlas.figures.look import Look


def covering_curve_chart(
    look: Look,
    shares: Sequence[float],
    tips: Sequence[str],
    *,
    name: str,
    wanted: tuple[float, str],
    chosen: tuple[int, float, str, str] | None,
    titles: tuple[str, str],
) -> go.Figure:
    """Draw shares (0-1) at 0, 1, 2 ... new places.

    wanted: share and its word; chosen: number, share, word and tip of the choice shown elsewhere; titles: of the two axes.
    """
    palette = look.palette
    numbers = list(range(len(shares)))
    figure = line_chart(
        look, [Line(name, numbers, list(shares), list(tips), colour=0)], axis=YearAxis(numbers), tick_format=".0%", value_title=titles[1], height=380
    )
    share, word = wanted
    figure.add_hline(y=share, line={"color": palette.second, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=0, xref="paper", y=share, text=word, showarrow=False, xanchor="left", yanchor="bottom", font={"color": palette.second, "size": look.px(14)}
    )
    figure.update_yaxes(range=[0, 1.04], nticks=6)
    figure.update_xaxes(title={"text": titles[0], "standoff": 8})
    if chosen is not None:
        number, at, mark, tip = chosen
        figure.add_trace(
            go.Scatter(
                x=[number], y=[at], mode="markers", customdata=[tip], hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
                marker={"symbol": "diamond", "size": 15, "color": palette.caution, "line": {"color": palette.page, "width": 1.5}},
            )
        )  # fmt: skip
        right = number > len(shares) * 0.5
        figure.add_shape(type="line", x0=number, x1=number, y0=0, y1=at, line={"color": palette.caution, "width": 1, "dash": "dot"}, layer="below")
        figure.add_annotation(
            x=number, y=0, text=mark, showarrow=False, xanchor="right" if right else "left", yanchor="bottom", xshift=-4 if right else 4, yshift=2,
            font={"color": palette.text, "size": look.px(14)},
        )  # fmt: skip
    return figure
