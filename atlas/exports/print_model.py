"""What a figure is on paper before it is put there: paths, discs and words in the figure's own pixels, y down, in the order they are drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

import shapely
from shapely.affinity import rotate
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from atlas.figures.shapes import polygons

Point = tuple[float, float]
Run = tuple[Point, ...]

DASHES = {"solid": (0.0, 0.0), "dash": (6.0, 4.0), "dot": (1.5, 2.5), "longdash": (10.0, 5.0)}
"""Stroke and gap of Plotly's dashes in pixels."""
LINE_HEIGHT = 1.3
Measure = Callable[[str, float], float]
"""The width of a text at a size, both in pixels."""
_MARKUP = re.compile(r"<(/?)(b|span|br|i)\b([^>]*)>", re.IGNORECASE)
_SIZE = re.compile(r"font-size:\s*([\d.]+)px")


class UnprintableError(ValueError):
    """A figure holds something that paper has no drawing for; the words name it."""


@dataclass(frozen=True)
class Stroke:
    """A line's colour, width in pixels and dash (a key of DASHES)."""

    colour: str
    width: float = 1.0
    dash: str = "solid"


@dataclass(frozen=True)
class Path:
    """Lines or an area. runs: closed rings where `closed`, holes among them; role: what it stands for (bar, line, mark, area, grid, key ...)."""

    runs: tuple[Run, ...]
    fill: str = ""
    stroke: Stroke | None = None
    closed: bool = False
    opacity: float = 1.0
    role: str = ""


@dataclass(frozen=True)
class Disc:
    """A filled circle with its rim."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: Stroke | None = None
    opacity: float = 1.0
    role: str = "mark"


@dataclass(frozen=True)
class Line:
    """One line of words."""

    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Words:
    """Lines of text around a point. across: which part of them stands at x (left, center, right); down: at y (top, middle, bottom).

    angle: degrees clockwise; ground: the colour behind them, where there is one; align: of the lines among themselves.
    """

    x: float
    y: float
    lines: tuple[Line, ...]
    colour: str
    across: str = "center"
    down: str = "middle"
    angle: float = 0.0
    ground: str = ""
    align: str = ""
    role: str = "words"

    @property
    def text(self) -> str:
        """All lines as one text."""
        return "\n".join(line.text for line in self.lines)

    @property
    def height(self) -> float:
        """Pixels all lines take."""
        return sum(line.size * LINE_HEIGHT for line in self.lines)


Item = Path | Disc | Words


@dataclass
class Drawing:
    """A figure's things in pixels; `height` and `width` of the whole."""

    width: float
    height: float
    items: list[Item] = field(default_factory=list)

    def add(self, *items: Item) -> None:
        """Draw on top of what is there."""
        self.items += items


def lines_of(text: object, size: float) -> tuple[Line, ...]:
    """Plotly's words with <b>, <br> and <span style="font-size"> as lines."""
    found: list[Line] = []
    parts: list[str] = []
    bold, own, line_bold, line_size = False, size, False, size

    def ended() -> None:
        nonlocal line_bold, line_size
        found.append(Line(unescape("".join(parts)), line_size, line_bold))
        parts.clear()
        line_bold, line_size = bold, own

    at = 0
    source = str(text)
    for mark in _MARKUP.finditer(source):
        parts.append(source[at : mark.start()])
        at = mark.end()
        closes, name = bool(mark[1]), mark[2].lower()
        if name == "br":
            ended()
        elif name == "b":
            bold = not closes
            line_bold = line_bold or bold
        elif name == "span":
            sized = _SIZE.search(mark[3])
            own = size if closes else float(sized[1]) if sized else own
            if not closes:
                line_size = own
    parts.append(source[at:])
    ended()
    return tuple(found)


def extent(item: Item, measure: Measure) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is drawn, lines without their width."""
    if isinstance(item, Disc):
        return item.x - item.radius, item.y - item.radius, item.x + item.radius, item.y + item.radius
    if isinstance(item, Path):
        xs, ys = [x for run in item.runs for x, _ in run], [y for run in item.runs for _, y in run]
        return (min(xs), min(ys), max(xs), max(ys)) if xs else (0.0, 0.0, 0.0, 0.0)
    wide, high = max(measure(line.text, line.size) for line in item.lines), item.height
    if abs(item.angle) == 90:
        wide, high = high, wide
    left = item.x - wide * {"left": 0.0, "right": 1.0}.get(item.across, 0.5)
    top = item.y - high * {"top": 0.0, "bottom": 1.0}.get(item.down, 0.5)
    return left, top, left + wide, top + high


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Run:
    """The corners of a box."""
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def clipped(run: Sequence[Point], frame: tuple[float, float, float, float]) -> list[Run]:
    """The parts of a line inside a box (left, top, right, bottom)."""
    left, top, right, bottom = frame
    if len(run) < 2:
        return []
    if all(left <= x <= right and top <= y <= bottom for x, y in run):
        return [tuple(run)]
    seen = LineString(run).intersection(shapely.box(left, top, right, bottom))
    return [tuple((float(x), float(y)) for x, y, *_ in part.coords) for part in shapely.get_parts(seen) if isinstance(part, LineString) and not part.is_empty]


def rings_of(shape: BaseGeometry) -> tuple[Run, ...]:
    """Every ring of an area's polygons, without the corner that closes it."""
    return tuple(tuple((float(x), float(y)) for x, y, *_ in list(ring.coords)[:-1]) for part in polygons(shape) for ring in (part.exterior, *part.interiors))


def area_of(runs: Iterable[Run]) -> BaseGeometry:
    """Closed runs as one area; a ring inside another is a hole."""
    areas = [shapely.make_valid(Polygon(run)) for run in runs if len(run) > 2]
    shape: BaseGeometry = areas[0] if areas else Polygon()
    for one in areas[1:]:
        shape = shapely.symmetric_difference(shape, one)
    return shape


HATCHES = {"/": (-45.0,), "\\": (45.0,), "|": (90.0,), "-": (0.0,), "x": (45.0, -45.0), "+": (0.0, 90.0)}
"""Plotly's patterns as directions of lines, degrees clockwise."""


def hatching(runs: Iterable[Run], pattern: str, step: float, stroke: Stroke, role: str = "hatch") -> Path:
    """Lines of a pattern inside an area, `step` pixels apart, on one grid for the whole figure so that neighbours' lines go on."""
    shape = area_of(runs)
    found: list[Run] = []
    if not shape.is_empty:
        left, top, right, bottom = shape.bounds
        reach = max(abs(one) for one in (left, top, right, bottom)) * 1.5 + step
        inner = shape.buffer(-0.3) if shape.area > 4 else shape
        for angle in HATCHES[pattern]:
            turned = rotate(shape, -angle, origin=(0, 0)).bounds
            first = int(turned[1] // step)
            level = MultiLineString([((-reach, step * n), (reach, step * n)) for n in range(first, int(turned[3] // step) + 2)])
            for part in shapely.get_parts(rotate(level, angle, origin=(0, 0)).intersection(inner)):
                if isinstance(part, LineString) and part.length > 0.5:
                    found.append(tuple((float(x), float(y)) for x, y in part.coords))
    return Path(tuple(found), stroke=stroke, role=role)


def moved(item: Item, x: float, y: float) -> Item:
    """The same thing at another place."""
    if isinstance(item, Path):
        return replace(item, runs=tuple(tuple((px + x, py + y) for px, py in run) for run in item.runs))
    return replace(item, x=item.x + x, y=item.y + y)
