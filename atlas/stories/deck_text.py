"""Text on slides: how wide it is, where it breaks, at which size it fits; text boxes as DrawingML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from xml.sax.saxutils import escape

from atlas.figures.rows import text_width

EMU = 12700
"""English metric units a point; slides are laid out in points."""
LEADING = 1.25
"""A line's height in text sizes: Yu Gothic and Noto Sans CJK both stay below it."""
WIDER = 1.06
"""Fonts on other machines run a little wider than measured."""
LANG = {"ja": "ja-JP", "en": "en-GB"}
_SENTENCE = re.compile(r"(?<=。)|(?<=[.!?]) (?=[A-Z(\u3040-\u9fff])")
_WORDS = re.compile(r"[\x21-\x7e\u2010-\u2027]+ ?|[^\x21-\x7e\u2010-\u2027]")
_NOT_FIRST = "、。，．）」』】％・：；"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Box:
    """A place on a slide in points: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def emu(self) -> tuple[int, int, int, int]:
        """In the units of the file: left, top, width, height."""
        return round(self.x * EMU), round(self.y * EMU), round(self.width * EMU), round(self.height * EMU)


@dataclass(frozen=True)
class Style:
    """How a text is set. align: l, ctr, r; anchor: t, ctr, b; turned: reads from bottom to top."""

    size: float
    colour: str
    bold: bool = False
    align: str = "l"
    anchor: str = "t"
    turned: bool = False
    wraps: bool = True


def plain(text: object) -> str:
    """Words of a figure without their markup; a break becomes a new line."""
    return unescape(re.sub(r"<[^>]*>", "", str(text).replace("<br>", "\n")))


def one_line(text: object) -> str:
    """Words of a figure on one line: broken Japanese is joined, broken Latin words keep their space."""
    joined = re.sub(r"(?<=[\x21-\x7e])<br>|<br>(?=[\x21-\x7e])", " ", str(text))
    return plain(joined.replace("<br>", "")).strip()


def wide(text: str, size: float) -> float:
    """The width of a line in points."""
    return (text_width(text.replace("<", " ")) + 0.35 * sum(text.count(letter) for letter in "%mwMW")) * size * WIDER


def broken(text: str, width: float, size: float) -> list[str]:
    """The text in lines that are no wider than `width` points; Latin words stay whole where they fit at all."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _WORDS.findall(paragraph):
            if line and wide((line + piece).rstrip(), size) > width and piece not in _NOT_FIRST:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


def height_of(text: str, width: float, size: float) -> float:
    """Points a text takes at a size in a box of this width."""
    return len(broken(text, width, size)) * size * LEADING


def fitting(text: str, width: float, height: float, sizes: Sequence[float]) -> float | None:
    """The first of the sizes at which the text stays in the box; None where none does."""
    return next((size for size in sizes if height_of(text, width, size) <= height + 0.5), None)


def shortened(text: str, width: float, height: float, size: float, more: str) -> str:
    """As many whole sentences as fit, and `more`, which says where the rest is; cut in a sentence only where not even one fits."""
    ends = [found.start() for found in _SENTENCE.finditer(text)]
    whole = next((text[:end].rstrip() for end in reversed(ends) if 0 < end < len(text) and height_of(text[:end] + more, width, size) <= height), "")
    if whole:
        return whole + more
    end = len(text)
    while end > 1 and height_of(text[:end] + "…" + more, width, size) > height:
        end -= 1
    return text[:end] + "…" + more


def clean(text: str) -> str:
    """Text as XML: without letters that XML does not know."""
    return escape(_CONTROL.sub("", text))


def properties(style: Style, lang: str, tag: str = "a:rPr") -> str:
    """The run properties of a style; fonts are the theme's."""
    bold = ' b="1"' if style.bold else ' b="0"'
    return f'<{tag} lang="{LANG[lang]}" sz="{round(style.size * 100)}"{bold}>{fill(style.colour)}</{tag}>'


def fill(colour: str, alpha: float = 1.0) -> str:
    """A plain fill; none for a clear colour."""
    if colour.startswith("rgba") or not colour:
        return "<a:noFill/>"
    opacity = f'<a:alpha val="{round(alpha * 100000)}"/>' if alpha < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{colour.lstrip("#").upper()}">{opacity}</a:srgbClr></a:solidFill>'


def body(text: str, style: Style, lang: str, *, tag: str = "p:txBody", inset: bool = False) -> str:
    """The text of a shape, a paragraph a line of `text`."""
    turned = ' vert="vert270"' if style.turned else ""
    edges = "" if inset else ' lIns="0" tIns="0" rIns="0" bIns="0"'
    wrap = "square" if style.wraps else "none"
    lines = "".join(
        f"<a:p>{paragraph(style.size, style.align)}" + (f"<a:r>{properties(style, lang)}<a:t>{clean(line)}</a:t></a:r>" if line else "") + "</a:p>"
        for line in text.split("\n")
    )
    return f'<{tag}><a:bodyPr{turned} wrap="{wrap}"{edges} anchor="{style.anchor}" rtlCol="0"><a:noAutofit/></a:bodyPr><a:lstStyle/>{lines}</{tag}>'


def paragraph(size: float, align: str) -> str:
    """A paragraph's properties: lines of a height of their own, so that no font makes the text longer than its box."""
    return f'<a:pPr algn="{align}"><a:lnSpc><a:spcPts val="{round(size * LEADING * 100)}"/></a:lnSpc></a:pPr>'
