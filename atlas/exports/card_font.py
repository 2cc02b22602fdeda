"""The font inside the PDF: every letter under its own number in the font (Identity-H), which every reader can search.

fpdf2 numbers the letters of such a font (CID-keyed CFF, as Noto Sans JP is) in the order of their use and writes a table from these numbers to the
font's own. That is allowed, but not every program that looks for text reads the table. Here both numbers are the same, and none is needed.
"""

from __future__ import annotations

from typing import Any

from fpdf.fonts import Glyph, SubsetMap, TTFFont
from fpdf.output import OutputProducer, PDFFont
from fpdf.syntax import Name


class OwnNumbers(SubsetMap):
    """The letters used, each under its CID: "cid00843" -> 843."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__(font)
        self._char_id_per_glyph = {glyph: _cid(glyph) for glyph in self._char_id_per_glyph if glyph is not None}

    def pick_glyph(self, glyph: Glyph | None) -> int | None:
        """The number of a letter, which is then part of the subset."""
        return None if glyph is None else self._char_id_per_glyph.setdefault(glyph, _cid(glyph))


class IdentityProducer(OutputProducer):
    """Writes the fonts with the encoding Identity-H, true where the subsets are `OwnNumbers`."""

    def _add_fonts(self, *arguments: Any) -> Any:
        fonts = super()._add_fonts(*arguments)
        for font in fonts.values():
            if isinstance(font, PDFFont):
                font.encoding = Name("Identity-H")
        return fonts


def _cid(glyph: Glyph) -> int:
    name = glyph.glyph_name
    return int(name[3:]) if name.startswith("cid") and name[3:].isdigit() else 0
