"""The legend of a map: rows of a field and words, the same at every width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from atlas.figures.look import Look
from atlas.figures.tiles import text_on

ROW = 27
PALE = 0.45


@dataclass(frozen=True)
class Key:
    """A line of the legend: words, colour of its field or a pattern (hatched, dotted, pale, empty, rest) or a mark (school, place)."""

    words: str
    colour: str = ""
    pattern: str = ""


def draw_legend(figure: go.Figure, look: Look, title: str, keys: Sequence[Key]) -> None:
    """Rows of a field and words at the foot, in pixels, so that they read the same at every width."""
    palette = look.palette
    step = ROW * (1 + (look.scale - 1) * 0.6)
    total = (len(keys) + 1) * step
    font = {"size": look.px(), "color": palette.text}
    text = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "middle", "showarrow": False, "align": "left", "font": font}
    words: list[dict[str, Any]] = [{"yshift": total - step / 2, "text": title, "font": {"color": palette.second}}]
    fields: list[dict[str, Any]] = []
    for place, key in enumerate(keys, start=1):
        middle = total - step * (place + 0.5)
        words.append({"xshift": 36, "yshift": middle, "text": key.words})
        fields += _field(look, key, middle)
    base = {"xref": "paper", "yref": "paper", "xanchor": 0, "yanchor": 0, "xsizemode": "pixel", "ysizemode": "pixel"}
    # What all of them share travels once, as the template's defaults.
    figure.update_layout(template={"layout": {"annotationdefaults": text, "shapedefaults": base}}, annotations=words, shapes=fields)


def _field(look: Look, key: Key, middle: float) -> list[dict[str, Any]]:
    """The field, pattern or mark of one line of the legend, around a height in pixels."""
    palette, ink = look.palette, {"color": look.palette.text, "width": 1.5}
    top, foot = middle + 8, middle - 8
    if key.pattern == "school":
        return [{"type": "rect", "x0": 8, "x1": 20, "y0": middle - 6, "y1": middle + 6, "fillcolor": palette.page, "line": ink}]
    if key.pattern == "place":
        return [{"type": "path", "path": f"M 14,{foot} L 22,{middle} L 14,{top} L 6,{middle} Z", "fillcolor": palette.caution, "line": ink}]
    fill = {"rest": palette.grid, "empty": palette.page, "hatched": palette.page}.get(key.pattern, key.colour or palette.sequential[2])
    line = {"color": palette.second, "width": 1}
    edge = line | {"dash": "dash" if key.pattern == "empty" else "solid"}
    box = {"type": "rect", "x0": 1, "x1": 28, "y0": foot, "y1": top, "fillcolor": fill, "opacity": PALE if key.pattern == "pale" else 1, "line": edge}
    if key.pattern == "hatched":
        return [box, {"type": "path", "path": " ".join(f"M {x},{foot} L {x + 14},{top}" for x in (1, 7, 14)), "line": line}]
    if key.pattern == "dotted":
        dot = {"type": "circle", "y0": middle - 1.5, "y1": middle + 1.5, "fillcolor": text_on(fill), "line": {"width": 0}}
        return [box, *(dot | {"x0": x - 1.5, "x1": x + 1.5} for x in (6, 14, 22))]
    return [box]
