"""The font of everything on paper: a file of a pinned package, looked for when it is needed."""

from __future__ import annotations

from pathlib import Path

from atlas.texts import WordedError


class FontError(WordedError):
    """Nothing can be set in type: in words, and what to do."""


def font_file() -> Path:
    """The Japanese font. Raises FontError where its package or its file is not there."""
    try:
        from pylopdf_fonts_jp import sans_path
    except ImportError as error:
        raise FontError("print.no_font") from error
    if not sans_path().is_file():
        raise FontError("print.no_font")
    return sans_path()
