"""A story's PDF as a file: what can fail in one sentence, nothing half-written."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from atlas.exhibits.context import Context
from atlas.exhibits.recipe import RecipeError
from atlas.exports.paper_font import FontError
from atlas.exports.writing import write_whole
from atlas.stories.model import StoryError
from atlas.stories.pdf import story_pdf
from atlas.stories.shipped import story_named
from atlas.stories.telling import told

ENDING = ".pdf"
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class PdfFileError(Exception):
    """A sentence for the reader. is_asked_wrong: what was asked for does not exist or cannot be used, else it could not be done."""

    def __init__(self, sentence: str, *, is_asked_wrong: bool = True) -> None:
        super().__init__(sentence)
        self.is_asked_wrong = is_asked_wrong


def write_pdf(context: Context, name: str, out: Path, *, city: str | None = None, progress: Callable[[int, int], None] | None = None) -> str:
    """Write the PDF of a story (id or file) and say what was written. Raises PdfFileError."""
    texts = context.texts
    if out.is_dir():
        raise PdfFileError(texts("print.command.is_folder", path=out))
    if out.suffix.lower() != ENDING:
        raise PdfFileError(texts("print.command.wrong_ending", path=out))
    if not out.absolute().parent.is_dir():
        raise PdfFileError(texts("print.command.no_folder", folder=out.absolute().parent))
    try:
        story = story_named(name)
        content = story_pdf(context, told(context, story, city), story, progress=progress)
    except (StoryError, RecipeError) as error:
        raise PdfFileError(texts("print.command.not_made", reason=error)) from error
    except FontError as error:
        raise PdfFileError(error.said(texts), is_asked_wrong=False) from error
    try:
        write_whole(out, content)
    except OSError as error:
        key = "print.command.disk_full" if error.errno in FULL else "print.command.not_writable"
        raise PdfFileError(texts(key, folder=out.absolute().parent, error=error.strerror or error), is_asked_wrong=False) from error
    return texts("print.command.done", title=story.title.of(context.lang), count=len(story.slides), path=out)
