"""Native shapes of a slide, written as DrawingML: outlines from coordinates, boxes, lines, words, groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pptx.oxml import parse_xml

from atlas.stories.deck_text import EMU, Box, Style, body, clean, fill

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DASHES = {"dash": "dash", "dot": "sysDot", "dashdot": "dashDot", "longdash": "lgDash"}

Path = Sequence[tuple[float, float]]
"""Corners in points on the slide."""


@dataclass(frozen=True)
class Ink:
    """A line: colour, width in points, dash as Plotly names it."""

    colour: str
    width: float
    dash: str = "solid"


@dataclass(frozen=True)
class Paint:
    """A fill; hatched: slanting lines of `colour` on `ground`."""

    colour: str
    alpha: float = 1.0
    hatched: bool = False
    ground: str = "#FFFFFF"


NOTHING = Paint("")


def ink(line: Ink | None) -> str:
    """A line as DrawingML."""
    if line is None or line.width <= 0 or line.colour.startswith("rgba"):
        return "<a:ln><a:noFill/></a:ln>"
    dash = f'<a:prstDash val="{DASHES[line.dash]}"/>' if line.dash in DASHES else ""
    return f'<a:ln w="{round(line.width * EMU)}" cap="flat">{fill(line.colour)}{dash}<a:round/></a:ln>'


def paint(one: Paint, *, covers: bool = False) -> str:
    """A fill as DrawingML. covers: white as a gradient, which LibreOffice leaves out: it would draw a hollow mark without its border."""
    if covers and one.colour.upper() == "#FFFFFF":
        stops = "".join(f'<a:gs pos="{at}"><a:srgbClr val="FFFFFF"/></a:gs>' for at in (0, 100000))
        return f'<a:gradFill><a:gsLst>{stops}</a:gsLst><a:lin ang="0" scaled="0"/></a:gradFill>'
    if not one.hatched:
        return fill(one.colour, one.alpha)
    front, back = (f'<a:{part}><a:srgbClr val="{colour.lstrip("#")}"/></a:{part}>' for part, colour in (("fgClr", one.colour), ("bgClr", one.ground)))
    return f'<a:pattFill prst="wdUpDiag">{front}{back}</a:pattFill>'


def _frame(place: Box) -> str:
    x, y, width, height = place.emu()
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{max(width, 1)}" cy="{max(height, 1)}"/></a:xfrm>'


class Canvas:
    """Adds shapes to a slide, in order; coordinates in points."""

    def __init__(self, slide: Any, lang: str) -> None:
        self.tree, self.lang = slide.shapes._spTree, lang
        self._next = 1
        self.follow()
        self._open: list[str] | None = None

    def follow(self) -> None:
        """Shapes were added to the slide by other means: number those to come after them."""
        self._next = max([self._next, *(int(one) for one in self.tree.xpath("//p:cNvPr/@id"))])

    def outline(self, paths: Sequence[Path], name: str, *, colour: Paint = NOTHING, line: Ink | None = None, closed: bool = True, descr: str = "") -> None:
        """One shape of one or more runs of corners; a ring within a ring is a hole."""
        corners = [corner for path in paths for corner in path]
        if not corners:
            return
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - top
        wide, high = max(round(width * EMU), 1), max(round(height * EMU), 1)
        parts = []
        for path in paths:
            points = [f'<a:pt x="{round((x - left) * EMU)}" y="{round((y - top) * EMU)}"/>' for x, y in path]
            parts.append(f"<a:moveTo>{points[0]}</a:moveTo>" + "".join(f"<a:lnTo>{one}</a:lnTo>" for one in points[1:]) + ("<a:close/>" if closed else ""))
        filled = "" if closed else ' fill="none"'
        geometry = (
            f'<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" h="{high}"{filled}>'
            f"{''.join(parts)}</a:path></a:pathLst></a:custGeom>"
        )
        self._shape(Box(left, top, width, height), name, geometry, colour, line, descr)

    def box(
        self, place: Box, name: str, *, colour: Paint = NOTHING, line: Ink | None = None, kind: str = "rect", text: str = "", style: Style | None = None
    ) -> None:
        """A preset shape (rect, ellipse, diamond), with words in it where there are any."""
        geometry = f'<a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom>'
        self._shape(place, name, geometry, colour, line, "", body(text, style, self.lang) if style else "")

    def words(self, place: Box, text: str, style: Style, name: str = "", *, ground: str = "") -> None:
        """A text box."""
        self._add(
            f"<p:sp {self._spaces()}>{self._head(name or text[:40], '', True)}<p:spPr>{_frame(place)}"
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill(ground)}</p:spPr>{body(text, style, self.lang)}</p:sp>'
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: Ink, name: str) -> None:
        """A straight line."""
        x, y = min(start[0], end[0]), min(start[1], end[1])
        flips = ' flipV="1"' if (end[0] - start[0]) * (end[1] - start[1]) < 0 else ""
        width, height = abs(end[0] - start[0]), abs(end[1] - start[1])
        self._add(
            f'<p:cxnSp {self._spaces()}><p:nvCxnSpPr><p:cNvPr id="{self._id()}" name="{self._named(name)}"/><p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>'
            f'<p:spPr><a:xfrm{flips}><a:off x="{round(x * EMU)}" y="{round(y * EMU)}"/><a:ext cx="{round(width * EMU)}" cy="{round(height * EMU)}"/></a:xfrm>'
            f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{ink(stroke)}</p:spPr></p:cxnSp>'
        )

    @contextmanager
    def group(self, place: Box, name: str, descr: str = "") -> Iterator[None]:
        """What is added inside becomes one group, which a reader can move as a whole."""
        head = f'<p:nvGrpSpPr><p:cNvPr id="{self._id()}" name="{self._named(name)}" descr="{self._named(descr)}"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        self._open = []
        yield
        inside, self._open = self._open, None
        x, y, width, height = place.emu()
        frame = f'<a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/><a:chOff x="{x}" y="{y}"/><a:chExt cx="{width}" cy="{height}"/>'
        if inside:
            self._add(f"<p:grpSp {SPACES}>{head}<p:grpSpPr><a:xfrm>{frame}</a:xfrm></p:grpSpPr>{''.join(inside)}</p:grpSp>")

    def _shape(self, place: Box, name: str, geometry: str, colour: Paint, line: Ink | None, descr: str, text: str = "") -> None:
        words = (
            text
            or '<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"><a:noAutofit/></a:bodyPr><a:lstStyle/><a:p><a:endParaRPr sz="100"/></a:p></p:txBody>'
        )
        self._add(f"<p:sp {self._spaces()}>{self._head(name, descr)}<p:spPr>{_frame(place)}{geometry}{paint(colour)}{ink(line)}</p:spPr>{words}</p:sp>")

    def _head(self, name: str, descr: str, text_box: bool = False) -> str:
        said = f' descr="{self._named(descr)}"' if descr else ""
        kind = ' txBox="1"' if text_box else ""
        return f'<p:nvSpPr><p:cNvPr id="{self._id()}" name="{self._named(name)}"{said}/><p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr>'

    def _named(self, name: str) -> str:
        return clean(name).replace('"', "&quot;").replace("\n", "&#10;")

    def _spaces(self) -> str:
        return "" if self._open is not None else SPACES

    def _id(self) -> int:
        self._next += 1
        return self._next

    def _add(self, xml: str) -> None:
        if self._open is not None:
            self._open.append(xml)
        else:
            self.tree.append(parse_xml(xml))
