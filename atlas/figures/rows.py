"""Rows of horizontal figures, laid out in pixels: names beside or above what is drawn, broken where they are long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from atlas.figures.look import Look

BESIDE = 8.0
"""Full-width letters a name may have to stand beside its row; longer ones stand above, so that a telephone keeps room for the figure."""
ABOVE = 22.0
LINE = 20
"""Pixels a line of a name takes."""
GAP = 7
_NARROW = 200
"""Pixels the drawing has on a telephone: labels at the right are given room for that."""
_PHONE = 300
"""Pixels a line of a key has there."""
_PIECES = re.compile(r"[^・、（ ]*[・、]|（[^）]*）|[^・、（ ]+ ?| ")


def text_width(text: str) -> float:
    """The width of a text in full-width letters, markup left out."""
    plain = re.sub(r"<[^>]*>", "", text)
    return sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in plain)


def wrapped(text: str, most: float) -> str:
    """The text in lines of at most `most` full-width letters, broken after ・ and 、, before brackets, at spaces, else anywhere."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and text_width(line + piece.rstrip()) > most:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while text_width(line.rstrip()) > most and " " not in line.strip() and not line.isascii():
            lines.append(line[: int(most)])
            line = line[int(most) :]
    return "<br>".join([*lines, line.rstrip()] if line.strip() else lines)


@dataclass(frozen=True)
class Rows:
    """Where rows stand, in pixels from the top. `middles`: of what is drawn; `tops`: where each row begins."""

    names: tuple[str, ...]
    above: bool
    tops: tuple[float, ...]
    middles: tuple[float, ...]
    total: float


def laid_out(look: Look, names: Sequence[str], drawn: int, *, above: bool | None = None) -> Rows:
    """Rows for these names, each with `drawn` pixels for its figure; above: whether names stand there, else as they are long."""
    if above is None:
        above = max((text_width(name) for name in names), default=0) > BESIDE
    shown = tuple("<br>".join(wrapped(line, ABOVE) for line in name.split("<br>")) for name in names) if above else tuple(names)
    line = LINE * look.scale / (1 + (look.scale - 1) * 0.6)  # figures grow by 0.6 of what their text grows (base_figure)
    tops, middles, at = [], [], 0.0
    for name in shown:
        tops.append(at)
        at += GAP + (line * (name.count("<br>") + 1) if above else 0)
        middles.append(at + drawn / 2)
        at += drawn + GAP
    return Rows(shown, above, tuple(tops), tuple(middles), at)


def draw_names(figure: go.Figure, look: Look, rows: Rows) -> None:
    """Name the rows and set the axis to the pixels of the layout."""
    beside = {"tickvals": [], "ticktext": []} if rows.above else {"tickvals": list(rows.middles), "ticktext": list(rows.names)}
    figure.update_yaxes(range=[rows.total, 0], showgrid=False, tickfont={"color": look.palette.text, "size": look.px(14)}, **beside)
    if rows.above:
        for name, top in zip(rows.names, rows.tops, strict=True):
            text_at(figure, look, 0, top + GAP, name, look.palette.text, yanchor="top", xref="paper")


def text_at(figure: go.Figure, look: Look, x: float, y: float, text: str, colour: str, *, shift: float = 0, yanchor: str = "middle", xref: str = "x") -> None:
    """Words that begin at x, on the page's colour so that lines do not run through them."""
    figure.add_annotation(
        x=x,
        xref=xref,
        y=y,
        text=text,
        xanchor="left",
        yanchor=yanchor,
        xshift=shift * look.scale,
        showarrow=False,
        align="left",
        borderpad=0,
        bgcolor=look.palette.page,
        font={"color": colour, "size": look.px(14)},
    )


def room_at_right(ends: Sequence[tuple[float, str]], full: float) -> int:
    """Pixels right of the axis that the words at the ends of bars and whiskers need. ends: position on an axis up to `full`, word."""
    needed = [text_width(words) * 14 + 18 - (1 - position / full) * _NARROW for position, words in ends if full > 0]
    return int(max([20.0, *needed]))


def key_room(look: Look, names: Sequence[str]) -> int:
    """Pixels above the rows for a key of these names where it is narrowest: a telephone."""
    lines, used = 1, 0.0
    for width in (text_width(name) * 14 * look.scale + 44 for name in names):
        if used and used + width > _PHONE:
            lines, used = lines + 1, 0.0
        used += width
    return int(lines * 22 * look.scale / (1 + (look.scale - 1) * 0.6)) + 16


def not_held(figure: go.Figure, look: Look, row: float, word: str, *, start: float = 0.0, end: float = 1.0, half: float = 0.33) -> None:
    """A dashed empty box with its word: published, but not held here."""
    palette = look.palette
    figure.add_shape(
        type="rect",
        x0=start,
        x1=end,
        y0=row - half,
        y1=row + half,
        line={"color": palette.second, "width": 1, "dash": "dash"},
        fillcolor="rgba(0,0,0,0)",
    )
    figure.add_annotation(x=(start + end) / 2, y=row, text=word, showarrow=False, font={"color": palette.second, "size": look.px(14)})
