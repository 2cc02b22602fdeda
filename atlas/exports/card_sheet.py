"""The paper of the cards: an A4 page in millimetres with one embedded Japanese font, lines broken by width, colours of the light theme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from atlas.exports.card_font import IdentityProducer, OwnNumbers
from atlas.exports.paper_font import FontError, font_file
from atlas.figures.look import LIGHT

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 14.0
LEFT, RIGHT, TOP, BOTTOM = MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN
SMALL, BODY, LARGE, TITLE = 8.0, 9.0, 10.5, 20.0
"""Text sizes in points; nothing is smaller than SMALL."""
POINT = 25.4 / 72
LEADING = 1.38
FAMILY = "noto"
HEAVY = 0.035
"""Bold is the outline of the letters drawn too, this part of the size wide: one font file instead of two."""
LOST = "〓"
"""Stands for a letter that the font does not have, as printers do it."""

WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f.,:;%&#@/_'’+\-−±~()\[\]“”\"]+ ?|.", re.DOTALL)
SMALL_KANA = frozenset("ぁぃぅぇぉっ") | frozenset("ゃゅょゎ") | frozenset("ァィゥェォッ") | frozenset("ャュョヮヵヶ")
NOT_FIRST = SMALL_KANA | frozenset("、。，．・：；？！）」』】］〕〉》”’ー～々％%)]},.:;?!…")
NOT_LAST = frozenset("（「『【［〔〈《“‘([{")


class Sheet(FPDF):
    """A document whose texts are placed by hand: x from the left, y of the baseline from the top, in millimetres."""

    def __init__(self, *, lang: str, title: str, subject: str, made: date) -> None:
        super().__init__("P", "mm", "A4")
        self.set_auto_page_break(False)
        self.set_margin(MARGIN)
        self.add_font(FAMILY, fname=str(font_file()))
        self.set_font(FAMILY, size=BODY)
        self.set_title(title)
        self.set_subject(subject)
        self.set_lang("ja-JP" if lang == "ja" else "en-GB")
        self.set_creation_date(datetime.combine(made, time()).astimezone())
        font = self.fonts[FAMILY]
        if not isinstance(font, TTFFont) or not font.is_cid_keyed:
            raise FontError("print.wrong_font", name=font.name)
        font.subset = OwnNumbers(font)
        self._letters = frozenset(font.cmap)
        self._widths: dict[str, float] = {}
        self._measuring = False

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Inside, nothing is drawn: what draws a block tells how far down it would reach."""
        before, self._measuring = self._measuring, True
        try:
            yield
        finally:
            self._measuring = before

    def drawn(self) -> Iterator[bytes]:
        """What was drawn so far, page by page, as it will stand in the file."""
        for page in self.pages.values():
            if isinstance(page.contents, bytearray):
                yield bytes(page.contents)

    def finished(self) -> bytes:
        """The whole document. Nothing can be added after that."""
        return bytes(self.output(output_producer_class=IdentityProducer))

    def printable(self, text: str) -> str:
        """The text without line ends and control letters; what the font lacks is shown as lost, not left out."""
        clean = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", text))
        return "".join(sign if ord(sign) in self._letters else LOST for sign in clean)

    def wide(self, text: str, size: float) -> float:
        """The width of a text in millimetres."""
        return sum(self._width(sign) for sign in self.printable(text)) * size

    def _width(self, sign: str) -> float:
        if sign not in self._widths:
            self.set_font_size(100)
            self._widths[sign] = self.get_string_width(sign) / 100
        return self._widths[sign]

    def say(self, x: float, y: float, text: str, size: float = BODY, *, colour: str = LIGHT.text, bold: bool = False, align: str = "left") -> None:
        """One line. align: which part of the text stands at x: left, right or middle."""
        if self._measuring:
            return
        line = self.printable(text)
        x -= {"left": 0.0, "right": 1.0, "middle": 0.5}[align] * self.wide(line, size)
        self.set_font_size(size)
        self.set_text_color(colour)
        if not bold:
            self.text(x, y, line)
            return
        with self.local_context(text_mode=TextMode.FILL_STROKE, draw_color=colour):
            self.line_width = size * HEAVY  # fpdf2 writes it as points inside a text
            self.text(x, y, line)

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """The text broken to a width, words and numbers kept whole, 、。） not at the start of a line and （「 not at its end."""
        found, line = [], ""
        for word in self._words(text, size, width):
            if line and self.wide((line + word).rstrip(), size) > width:
                found.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        return [*found, line.rstrip()] if line.strip() else found

    def _words(self, text: str, size: float, width: float) -> list[str]:
        """Pieces between which a line may end; what is wider than a line comes letter by letter."""
        words: list[str] = []
        for match in WORD.finditer(self.printable(text).strip()):
            piece = match.group()
            if words and (piece[0] in NOT_FIRST or words[-1].rstrip()[-1:] in NOT_LAST):
                words[-1] += piece
            else:
                words.append(piece)
        return [part for word in words for part in ([word] if self.wide(word.rstrip(), size) <= width else list(word))]

    def paragraph(
        self, x: float, y: float, width: float, text: str, size: float = BODY, *, colour: str = LIGHT.text, bold: bool = False, most: int | None = None
    ) -> float:
        """Lines from the top y down, `most` at most (the last then ends in …). The y below them."""
        lines = self.lines(text, size, width)
        for line in self.cut(lines, size, width, most):
            y += height_of(size)
            self.say(x, y - height_of(size) * 0.26, line, size, colour=colour, bold=bold)
        return y

    def cut(self, lines: Sequence[str], size: float, width: float, most: int | None) -> list[str]:
        """The first lines; where there are more the last of them ends in …"""
        if most is None or len(lines) <= most:
            return list(lines)
        last = lines[most - 1]
        while last and self.wide(last + "…", size) > width:
            last = last[:-1]
        return [*lines[: most - 1], last + "…"]

    def fitted(self, text: str, size: float, width: float) -> str:
        """The text in one line, cut with … where it is wider."""
        return "".join(self.cut(self.lines(text, size, width), size, width, 1))

    def points(
        self, x: float, y: float, width: float, texts: Sequence[str], rest: Callable[[int], str], *, lines: int, mark: str = "・", colour: str = LIGHT.text
    ) -> float:
        """Short paragraphs with a mark before each, in as many lines; those that do not fit are counted in the words of `rest`. The y below them."""
        indent = self.wide(mark, SMALL)
        used = 0
        for position, text in enumerate(texts):
            own = len(self.lines(text, SMALL, width - indent))
            left = len(texts) - position - 1
            if used + own + (1 if left else 0) > lines:
                return self.paragraph(x + indent, y, width - indent, rest(left + 1), SMALL, colour=LIGHT.second)
            self.say(x, y + height_of(SMALL) * 0.74, mark, SMALL, colour=LIGHT.second)
            y = self.paragraph(x + indent, y, width - indent, text, SMALL, colour=colour) + 0.4
            used += own
        return y

    def heading(self, x: float, y: float, width: float, text: str) -> float:
        """A rule with a heading below it. The y below both."""
        self.rule(x, y, x + width, y, LIGHT.text, 0.3)
        self.say(x, y + 4.6, self.fitted(text, BODY + 0.5, width), BODY + 0.5, bold=True)
        return y + 6.4

    def rule(self, x: float, y: float, to_x: float, to_y: float, colour: str, thick: float) -> None:
        """A straight line."""
        if self._measuring:
            return
        self.set_draw_color(colour)
        self.set_line_width(thick)
        self.line(x, y, to_x, to_y)

    def box(self, x: float, y: float, width: float, height: float, *, fill: str | None = None, line: str | None = None, thick: float = 0.2) -> None:
        """A rectangle, filled, outlined or both."""
        if self._measuring:
            return
        if fill:
            self.set_fill_color(fill)
        if line:
            self.set_draw_color(line)
            self.set_line_width(thick)
        self.rect(x, y, width, height, style=("D" if line else "") + ("F" if fill else ""))

    def spot(self, x: float, y: float, radius: float, *, fill: str, line: str, thick: float = 0.3, square: bool = False) -> None:
        """A circle or square around a place."""
        if self._measuring:
            return
        self.set_fill_color(fill)
        self.set_draw_color(line)
        self.set_line_width(thick)
        if square:
            self.rect(x - radius, y - radius, 2 * radius, 2 * radius, style="DF")
        else:
            self.circle(x, y, radius, style="DF")


def height_of(size: float) -> float:
    """The height of a line of text in millimetres."""
    return size * POINT * LEADING
