"""What a native chart shows, before it is written: axes, series with their numbers, labels, and marks laid over the plot."""

from __future__ import annotations

from dataclasses import dataclass, field

from atlas.stories.deck_shapes import Ink, Paint


class DeckError(ValueError):
    """A deck that cannot be made: what is wrong and what to do, in one sentence in the reader's language."""


@dataclass(frozen=True)
class Axis:
    """A scale. words: what stands at its ticks where they are no even numbers; form: a spreadsheet's number format."""

    low: float
    high: float
    unit: float = 0.0
    form: str = "General"
    words: tuple[tuple[float, str], ...] = ()
    title: str = ""
    shown: bool = True
    grid: bool = False
    reversed: bool = False
    log: bool = False


@dataclass(frozen=True)
class Label:
    """Words at a point. form: the number itself in this format instead of `text`; named: the series' name before it.

    side: t, b, l, r, ctr, outEnd; shift: further to the right, in units of the x axis; aside, rise: to the right
    and up, in points; turned: reads upwards; on_ground: covers what lies behind it with the page's colour.
    """

    text: str
    colour: str
    side: str = "r"
    form: str = ""
    named: bool = False
    bold: bool = False
    shift: float = 0.0
    aside: float = 0.0
    rise: float = 0.0
    turned: bool = False
    on_ground: bool = False


@dataclass
class BarSeries:
    """One value a category, None where there is none. paints: of single bars that differ from `paint`."""

    name: str
    values: list[float | None]
    paint: Paint
    line: Ink | None = None
    labels: dict[int, Label] = field(default_factory=dict)
    paints: dict[int, Paint] = field(default_factory=dict)
    more: list[float | None] | None = None
    less: list[float | None] | None = None
    """Whiskers: how far they reach above and below the value."""


@dataclass
class PointSeries:
    """Points in their order; a point without y is a gap in the line. names: what each point stands for."""

    name: str
    xs: list[float]
    ys: list[float | None]
    line: Ink | None = None
    symbol: str = "none"
    size: float = 5.0
    paint: Paint = field(default_factory=lambda: Paint(""))
    border: Ink | None = None
    labels: dict[int, Label] = field(default_factory=dict)
    names: list[str] | None = None
    more: list[float] | None = None
    less: list[float] | None = None
    """Whiskers: how far they reach beyond the point; drawn as a series of their own, whose numbers are the limits."""
    whisker: Ink | None = None
    listed: bool = False
    """Whether the legend names it."""


@dataclass(frozen=True)
class Mark:
    """A shape or words over the plot, in parts of it from its top left corner.

    kind: box, line, words, dot (a mark of half the width x1; text: its shape). behind: below the chart.
    side: where the words stand from their point (t, b, l, r, ctr).
    """

    kind: str
    x0: float
    y0: float
    x1: float = 0.0
    y1: float = 0.0
    paint: Paint = field(default_factory=lambda: Paint(""))
    line: Ink | None = None
    text: str = ""
    colour: str = ""
    side: str = "ctr"
    align: str = "ctr"
    behind: bool = False


@dataclass
class BarChart:
    """Bars by category, lying or upright, beside or upon each other."""

    categories: list[str]
    series: list[BarSeries]
    axis: Axis
    lying: bool
    stacked: bool
    title: str = ""
    legend: bool = False
    marks: list[Mark] = field(default_factory=list)

    @property
    def rows(self) -> float:
        """How many bars stand below each other where they lie."""
        return len(self.categories) * (1 if self.stacked else max(len(self.series), 1) + 0.6)


@dataclass
class PointChart:
    """Points and lines on two scales. rows: how many rows the vertical scale is made of, 0 where it is one of values."""

    series: list[PointSeries]
    x: Axis
    y: Axis
    title: str = ""
    legend: bool = False
    marks: list[Mark] = field(default_factory=list)
    row_names: list[str] = field(default_factory=list)
    lines_a_row: float = 1.0

    @property
    def rows(self) -> float:
        """How many points stand below each other where names stand at the rows."""
        return len(self.row_names) * self.lines_a_row


Chart = BarChart | PointChart
