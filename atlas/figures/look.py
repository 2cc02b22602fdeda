"""The one palette, font stack and base layout of every figure (docs/look.md)."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

FONTS = '"Yu Gothic UI", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Meiryo", sans-serif'
FIGURE_TEXT = 14


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; contrasts and colour-blind distances were computed (docs/look.md)."""

    page: str
    text: str
    second: str
    accent: str
    grid: str
    caution: str
    context: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    lines: tuple[str, ...]
    contact: tuple[str, ...]
    no_answer: str


LIGHT = Palette(
    page="#FFFFFF",
    text="#1C2430",
    second="#55616E",
    accent="#0F6B8C",
    grid="#D9DEE3",
    caution="#8A5A00",
    context="#A9B3BC",
    sequential=("#E6EEF2", "#B5CEDA", "#7CA9BF", "#3F7F9D", "#0B4F6C"),
    diverging=("#7F3B08", "#E08214", "#F3F0EA", "#8073AC", "#2D004B"),
    lines=("#0F6B8C", "#D07A00", "#A8324A", "#1C2430"),
    contact=("#5B1A3A", "#97395F", "#C9738B", "#E5B3B7", "#D5DDE0", "#9DB8C4", "#5C8BA3"),
    no_answer="#A9B3BC",
)
DARK = Palette(
    page="#14191F",
    text="#E8ECEF",
    second="#A8B3BD",
    accent="#6BC1DE",
    grid="#2B343D",
    caution="#E3B94D",
    context="#5E6A75",
    sequential=("#22313B", "#2F5568", "#3F7F9D", "#7CB6CF", "#CFE8F3"),
    diverging=("#7F3B08", "#E08214", "#2B343D", "#8073AC", "#2D004B"),
    lines=("#6BC1DE", "#E3B94D", "#E07A5F", "#E8ECEF"),
    contact=LIGHT.contact,
    no_answer="#5E6A75",
)


@dataclass(frozen=True)
class Look:
    """How figures are drawn for one reader: language, theme, text scale (1.0, 1.25, 1.5)."""

    lang: str = "ja"
    dark: bool = False
    scale: float = 1.0

    @property
    def palette(self) -> Palette:
        """The colours of the theme."""
        return DARK if self.dark else LIGHT

    def px(self, size: float = FIGURE_TEXT) -> float:
        """A text size in pixels at the reader's scale."""
        return round(size * self.scale, 1)


def base_figure(look: Look, *, height: int = 420, left: int = 64, right: int = 24, top: int = 16, bottom: int = 48) -> go.Figure:
    """An empty figure in the project's look: no legend, quiet grid, integer ticks, tooltips in the page's colours.

    Margins grow with the text scale; titles stand on the page, not in the figure.
    """
    palette, scale = look.palette, look.scale
    axis = {
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zerolinecolor": palette.grid,
        "tickfont": {"color": palette.second, "size": look.px()},
        "title": {"font": {"color": palette.second, "size": look.px()}},
        "automargin": True,
        "fixedrange": True,
    }
    figure = go.Figure()
    figure.update_layout(
        template="none",
        font={"family": FONTS, "size": look.px(), "color": palette.text},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        height=height * (1 + (scale - 1) * 0.6),
        margin={"l": left * scale, "r": right * scale, "t": top * scale, "b": bottom * scale, "pad": 4},
        showlegend=False,
        hovermode="closest",
        hoverlabel={
            "bgcolor": palette.page,
            "bordercolor": palette.second,
            "font": {"family": FONTS, "size": look.px(), "color": palette.text},
            "align": "left",
        },
        dragmode=False,
        xaxis=axis | {"showgrid": False, "ticks": "outside", "tickcolor": palette.grid},
        yaxis=axis | {"showline": False, "zeroline": False},
        separators=".,",
        bargap=0.35,
    )
    return figure


class FinishedFigure(go.Figure):
    """A figure that will not change any more: handed out as one prepared dictionary, so that showing it again is cheap."""

    def __init__(self, figure: go.Figure) -> None:
        super().__init__(figure)
        self._finished = figure.to_plotly_json()

    def to_dict(self) -> dict[str, object]:
        """The figure's dictionary, made once."""
        return self._finished
