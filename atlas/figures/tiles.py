"""Japan's prefectures as equal tiles in their usual places: classes in one colour scale, legend in words, no boundary file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look, base_figure

ROWS_OF_TILES = (
    "                        01",
    "                     02   ",
    "                  05 03   ",
    "                  06 04   ",
    "            17 16 15 07   ",
    "            18 20 10 09 08",
    "   32 31 26 25 21 19 11 12",
    "35 34 33 28 27 23 22 13   ",
    "41 40       29 24    14   ",
    "42 44 38 37 30            ",
    "43 45 39 36               ",
    "   46                     ",
    "47                        ",
)
"""Two digits of the prefecture's code a tile, north on top: Hokkaido at the top right, Okinawa at the bottom left."""
# fmt: off
CODES = [
    "HKD", "AOM", "IWT", "MYG", "AKT", "YGT", "FKS", "IBR", "TCG", "GNM", "SIT", "CHB",
    "TKY", "KNG", "NGT", "TYM", "ISK", "FKI", "YMN", "NGN", "GIF", "SZO", "AIC", "MIE",
    "SIG", "KYT", "OSK", "HYG", "NAR", "WKY", "TTR", "SMN", "OKY", "HRS", "YGC", "TKS",
    "KGW", "EHM", "KCH", "FKO", "SAG", "NGS", "KMM", "OIT", "MYZ", "KGS", "OKN",
]
# fmt: on
"""Short names in Latin letters, in the order of the codes."""
COLUMNS, ROWS = 9, 13
ROW = 46
LEGEND_ROWS = 3.6
LARGEST_TEXT = 16
"""A tile is 37 pixels wide on a telephone: its text does not grow beyond this."""


@dataclass(frozen=True)
class Tile:
    """A prefecture: code (`31000`), the name and the value as printed, its class from 0 (None: no value), what a touch says."""

    code: str
    name: str
    words: str
    group: int | None
    tip: str
    chosen: bool = False


def places() -> dict[str, tuple[int, int]]:
    """Prefecture code -> (column, row) of its tile."""
    found = {}
    for row, line in enumerate(ROWS_OF_TILES):
        for column in range(COLUMNS):
            digits = line[column * 3 : column * 3 + 2].strip()
            if digits:
                found[f"{digits}000"] = (column, row)
    return found


def short_name(name: str, code: str, lang: str) -> str:
    """A prefecture's name as it fits a tile: without its ending, or three Latin letters."""
    if lang == "en":
        return CODES[int(code[:2]) - 1]
    return name[:-1] if len(name) > 2 and name[-1] in "県府都" else name


def tile_map(look: Look, tiles: Sequence[Tile], *, classes: Sequence[str], legend_title: str) -> go.Figure:
    """Draw the tiles; `classes` are the legend's words from lowest to highest."""
    palette = look.palette
    figure = base_figure(look, height=ROWS * ROW + 8, left=0, right=0, top=4, bottom=4)
    where = places()
    colours = _colours(look, len(classes))
    held = [tile for tile in tiles if tile.group is not None]
    size, small = min(look.px(14), LARGEST_TEXT), min(look.px(12), LARGEST_TEXT * 12 / 14)
    figure.add_trace(
        go.Bar(
            x=[where[tile.code][0] for tile in held],
            y=[0.94] * len(held),
            base=[where[tile.code][1] - 0.47 for tile in held],
            width=0.95,
            text=[_two_lines(tile, small) for tile in held],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"size": size, "color": [text_on(colours[tile.group or 0]) for tile in held]},
            customdata=[tile.tip for tile in held],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"color": [colours[tile.group or 0] for tile in held], "line": {"width": 0}},
        )
    )
    for tile in tiles:
        column, row = where[tile.code]
        box = {"type": "rect", "x0": column - 0.475, "x1": column + 0.475, "y0": row - 0.47, "y1": row + 0.47}
        if tile.group is None:
            figure.add_shape(**box, line={"color": palette.second, "width": 1, "dash": "dash"})
            figure.add_annotation(x=column, y=row, text=_two_lines(tile, small), showarrow=False, font={"size": small, "color": palette.second})
        if tile.chosen:
            figure.add_shape(**box, line={"color": palette.text, "width": 4}, layer="above")
    _legend(figure, look, colours, classes, legend_title)
    hidden = {"visible": False, "showgrid": False, "automargin": False}
    figure.update_xaxes(range=[-0.5, COLUMNS - 0.5], **hidden)
    figure.update_yaxes(range=[ROWS - 0.5, -0.5], **hidden)
    figure.update_layout(barmode="overlay", margin={"pad": 0})
    return figure


def _two_lines(tile: Tile, small: float) -> str:
    """Name over value; a name of three letters is set a little smaller, and the chosen one bold."""
    name = f'<span style="font-size:{small}px">{tile.name}</span>' if len(tile.name) > 2 else tile.name
    return f"<b>{name}</b><br>{tile.words}" if tile.chosen else f"{name}<br>{tile.words}"


def _colours(look: Look, count: int) -> list[str]:
    """So many steps of the sequential scale, spread over it."""
    scale = look.palette.sequential
    if count <= 1:
        return [scale[len(scale) // 2]]
    return [scale[round(step * (len(scale) - 1) / (count - 1))] for step in range(count)]


def _legend(figure: go.Figure, look: Look, colours: Sequence[str], classes: Sequence[str], title: str) -> None:
    """Words beside small tiles in the empty corner at the top left, highest class on top."""
    palette = look.palette
    lines = len(classes) + 1
    step = LEGEND_ROWS / lines
    font = {"size": min(look.px(13), LARGEST_TEXT), "color": palette.text}
    figure.add_annotation(
        x=-0.5,
        y=-0.5 + step / 2,
        text=title,
        xanchor="left",
        yanchor="middle",
        xshift=0,
        showarrow=False,
        font=font | {"color": palette.second},
    )
    for place, (colour, words) in enumerate(zip(reversed(colours), reversed(classes), strict=True), start=1):
        middle = -0.5 + step * (place + 0.5)
        figure.add_shape(
            type="rect",
            xref="x",
            xsizemode="pixel",
            xanchor=-0.5,
            x0=2,
            x1=18,
            y0=middle - step * 0.36,
            y1=middle + step * 0.36,
            fillcolor=colour,
            line={"color": palette.second, "width": 1},
        )
        figure.add_annotation(x=-0.5, y=middle, text=words, xanchor="left", yanchor="middle", xshift=22, showarrow=False, font=font)


def text_on(colour: str) -> str:
    """Black or white, whichever has the larger contrast on a colour (WCAG): at least 4.5 : 1 on every step of the scales."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"
