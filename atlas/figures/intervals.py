"""Shares as points with their intervals as whiskers, a row a group or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure
from atlas.figures.rows import Rows, draw_names, laid_out, not_held, room_at_right, text_at

SYMBOLS = ("circle", "diamond")
STUB = 0.04
PITCH = 24
"""Pixels from series to series within a row."""


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

    @property
    def end(self) -> float:
        """Where the whisker ends."""
        return self.value if self.upper is None else self.upper


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
) -> go.Figure:
    """Draw the points; rows from top to bottom, the axis from zero. reference: a dotted upright line with its word."""
    rows = laid_out(look, names, PITCH * series + 2)
    highest = max([dot.end for dot in points] + ([reference[0]] if reference else []), default=1.0)
    end = min(highest * 1.04, 1.0) or 1.0
    room = room_at_right([*((dot.end, dot.label) for dot in points), *((end * STUB, word.text) for word in words if word.hatched)], end)
    top = 34 if reference else 8
    figure = base_figure(look, height=int(rows.total) + top + 44, left=16 if rows.above else 64, right=room, top=top, bottom=44)
    if reference:
        _reference(figure, look, reference, end)
    draw_names(figure, look, rows)
    for number in range(series):
        for quiet in (False, True):
            own = [dot for dot in points if dot.series == number and dot.quiet is quiet]
            if own:
                _draw(figure, look, own, rows, number, series, quiet)
    for word in words:
        at = _at(rows, word.row, word.series, series)
        if word.hatched:
            _hatched(figure, look, at, word.text, end)
        else:
            not_held(figure, look, at, word.text, end=end, half=PITCH * 0.45)
    step = ".0%" if end > 0.05 else ".1%"
    figure.update_xaxes(
        range=[0, end],
        tickformat=step,
        nticks=5 if look.scale == 1 else 3,
        tickangle=0,
        showgrid=True,
        gridcolor=look.palette.grid,
        ticks="",
        zeroline=False,
    )
    return figure


def _at(rows: Rows, row: int, number: int, series: int) -> float:
    return rows.middles[row] + (number - (series - 1) / 2) * PITCH


def _draw(figure: go.Figure, look: Look, own: Sequence[Dot], rows: Rows, number: int, series: int, quiet: bool) -> None:
    """One series: markers with whiskers, and the words at the right of the whiskers."""
    palette = look.palette
    colour = palette.second if quiet else palette.lines[number]
    heights = [_at(rows, dot.row, dot.series, series) for dot in own]
    whiskers = {
        "type": "data",
        "symmetric": False,
        "array": [dot.end - dot.value for dot in own],
        "arrayminus": [dot.value - (dot.value if dot.lower is None else dot.lower) for dot in own],
        "color": colour,
        "thickness": 2,
        "width": 4,
    }
    figure.add_trace(
        go.Scatter(
            x=[dot.value for dot in own],
            y=heights,
            mode="markers",
            customdata=[dot.tip for dot in own],
            hovertemplate="%{customdata}<extra></extra>",
            error_x=whiskers,
            cliponaxis=False,
            marker={
                "size": 11,
                "symbol": SYMBOLS[number % 2],
                "color": palette.page if quiet else colour,
                "line": {"color": colour, "width": 2},
            },
        )
    )
    for dot, height in zip(own, heights, strict=True):
        text_at(
            figure,
            look,
            dot.end,
            height,
            dot.label,
            colour if series > 1 or quiet else palette.text,
            shift=8 if dot.upper is not None else 12,
        )


def _reference(figure: go.Figure, look: Look, reference: tuple[float, str], end: float) -> None:
    """A dotted upright line with its word on top."""
    value, word = reference
    side = "center" if 0.15 < value / end < 0.85 else "left" if value / end <= 0.15 else "right"
    figure.add_shape(
        type="line",
        x0=value,
        x1=value,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": look.palette.second, "width": 1, "dash": "dot"},
        layer="below",
    )
    figure.add_annotation(
        x=value,
        y=1,
        yref="paper",
        text=word,
        showarrow=False,
        yanchor="bottom",
        xanchor=side,
        font={"color": look.palette.second, "size": look.px(14)},
    )


def _hatched(figure: go.Figure, look: Look, at: float, word: str, end: float) -> None:
    """A hatched stub with its word: there is a value, and it is withheld."""
    palette = look.palette
    figure.add_trace(
        go.Bar(
            x=[end * STUB],
            y=[at],
            orientation="h",
            width=PITCH * 0.6,
            hoverinfo="skip",
            marker={
                "color": palette.page,
                "line": {"color": palette.second, "width": 1},
                "pattern": {"shape": "/", "fgcolor": palette.second, "bgcolor": palette.page, "size": 6, "solidity": 0.35},
            },
        )
    )
    text_at(figure, look, end * STUB, at, word, palette.second, shift=6)
