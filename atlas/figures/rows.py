"""Rows of horizontal figures: labels broken into short lines, heights that follow, the axis of names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import plotly.graph_objects as go

from atlas.figures.look import Look

LABEL_WIDTH = 10.0
"""Full-width letters in a line of a row's name: leaves room for the figure on a telephone."""
LINE = 20
"""Pixels a line of a name takes."""
_PIECES = re.compile(r"[^・、（ ]*[・、]|（[^）]*）|[^・、（ ]+ ?| ")


def text_width(text: str) -> float:
    """The width of a text in full-width letters, markup left out."""
    plain = re.sub(r"<[^>]*>", "", text)
    return sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in plain)


def wrapped(text: str, most: float = LABEL_WIDTH) -> str:
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


def row_height(names: Sequence[str], least: int) -> int:
    """Pixels of a row: `least`, or what the longest broken name needs."""
    return max(least, *(LINE * (name.count("<br>") + 1) + 12 for name in names)) if names else least


def name_rows(figure: go.Figure, look: Look, names: Sequence[str]) -> None:
    """Name the rows 0, 1, 2 ... from top to bottom."""
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=list(names), range=[len(names) - 0.5, -0.5], showgrid=False,
        tickfont={"color": look.palette.text, "size": look.px(14)},
    )  # fmt: skip


def not_held(figure: go.Figure, look: Look, row: float, word: str, *, start: float = 0.0, end: float = 1.0, half: float = 0.33) -> None:
    """A dashed empty box with its word: published, but not held here."""
    palette = look.palette
    figure.add_shape(
        type="rect", x0=start, x1=end, y0=row - half, y1=row + half, line={"color": palette.second, "width": 1, "dash": "dash"}, fillcolor="rgba(0,0,0,0)"
    )
    figure.add_annotation(x=(start + end) / 2, y=row, text=word, showarrow=False, font={"color": palette.second, "size": look.px(14)})
