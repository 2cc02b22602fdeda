"""Shares as points with their intervals as whiskers, a row a group or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import name_rows, not_held, row_height, text_width, wrapped

SYMBOLS = ("circle", "diamond")
APART = 0.21
"""How far two series of a row stand from its middle."""


@dataclass(frozen=True)
class Dot:
    """A share (0-1) with its interval; `label` stands at its right, quiet: drawn hollow and grey."""

    row: int
    value: float
    lower: float | None
    upper: float | None
    label: str
    tip: str
    series: int = 0
    quiet: bool = False


@dataclass(frozen=True)
class Word:
    """What stands in a row instead of a share; hatched: withheld, else not held."""

    row: int
    text: str
    series: int = 0
    hatched: bool = False


def dots(
    look: Look,
    names: Sequence[str],
    points: Sequence[Dot],
    *,
    words: Sequence[Word] = (),
    series: int = 1,
    reference: tuple[float, str] | None = None,
    tick_format: str = ".0%",
) -> go.Figure:
    """Draw the points; rows from top to bottom, the axis from zero. reference: a dotted upright line with its word."""
    shown = [wrapped(name) for name in names]
    tall = row_height(shown, 40 if series == 1 else 54)
    room = max((text_width(dot.label) for dot in points), default=0) * 14 + 20
    figure = base_figure(look, height=tall * len(names) + 84, right=int(room), top=36 if reference else 12, bottom=48)
    highest = max([dot.upper or dot.value for dot in points] + ([reference[0]] if reference else []), default=1.0)
    end = min(highest * 1.04 or 1.0, 1.0)
    for number in range(series):
        for quiet in (False, True):
            own = [dot for dot in points if dot.series == number and dot.quiet is quiet]
            if own:
                _draw(figure, look, own, number, series, quiet)
    for word in words:
        at = _at(word.row, word.series, series)
        if word.hatched:
            _hatched(figure, look, at, word.text, end)
        else:
            not_held(figure, look, at, word.text, end=end)
    if reference:
        figure.add_vline(x=reference[0], line={"color": look.palette.second, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=reference[0], y=1, yref="paper", text=reference[1], showarrow=False, yanchor="bottom", font={"color": look.palette.second, "size": look.px(14)},
            xanchor="center" if 0.15 < reference[0] / end < 0.85 else "left" if reference[0] / end <= 0.15 else "right",
        )  # fmt: skip
    name_rows(figure, look, shown)
    figure.update_xaxes(range=[0, end], tickformat=tick_format if end > 0.05 else ".1%", nticks=6, showgrid=True, gridcolor=look.palette.grid, ticks="", zeroline=False)
    return figure


def _at(row: int, number: int, series: int) -> float:
    return row + (0 if series == 1 else (number * 2 - 1) * APART)


def _draw(figure: go.Figure, look: Look, own: Sequence[Dot], number: int, series: int, quiet: bool) -> None:
    """One series: markers with whiskers, and the words at the right of the whiskers."""
    palette = look.palette
    colour = palette.second if quiet else palette.lines[number]
    heights = [_at(dot.row, dot.series, series) for dot in own]
    figure.add_trace(
        go.Scatter(
            x=[dot.value for dot in own], y=heights, mode="markers", customdata=[dot.tip for dot in own], hovertemplate="%{customdata}<extra></extra>",
            error_x={
                "type": "data", "symmetric": False, "array": [(dot.upper or dot.value) - dot.value for dot in own],
                "arrayminus": [dot.value - (dot.lower if dot.lower is not None else dot.value) for dot in own], "color": colour, "thickness": 2, "width": 4,
            },
            marker={"size": 11, "symbol": SYMBOLS[number % 2], "color": palette.page if quiet else colour, "line": {"color": colour, "width": 2}},
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[dot.upper or dot.value for dot in own], y=heights, mode="text", text=["  " + dot.label for dot in own], textposition="middle right",
            textfont={"color": palette.second if quiet else palette.text if series == 1 else colour, "size": look.px(14)}, cliponaxis=False, hoverinfo="skip",
        )
    )  # fmt: skip


def _hatched(figure: go.Figure, look: Look, at: float, word: str, end: float) -> None:
    """A hatched stub with its word: there is a value, and it is withheld."""
    palette = look.palette
    figure.add_trace(
        go.Bar(
            x=[end * 0.03], y=[at], orientation="h", width=0.3, hoverinfo="skip",
            marker={"color": palette.page, "line": {"color": palette.second, "width": 1}, "pattern": {"shape": "/", "fgcolor": palette.second, "bgcolor": palette.page, "size": 6, "solidity": 0.35}},
        )
    )  # fmt: skip
    figure.add_annotation(x=end * 0.03, y=at, text=word, xanchor="left", xshift=6, showarrow=False, font={"color": palette.second, "size": look.px(14)})
