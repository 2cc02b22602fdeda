"""`python -m atlas deck`: a story as one .pptx, each way it can fail in one sentence, nothing half-written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from atlas.exhibits.context import Context
from atlas.exports.writing import FULL, write_whole
from atlas.stories.deck import ADDRESS, DeckError, deck_bytes
from atlas.stories.model import StoryError
from atlas.stories.shipped import story_named
from atlas.stories.telling import told

ENDING = ".pptx"


class DeckFileError(Exception):
    """A sentence for the reader. is_asked_wrong: what was asked for does not exist or cannot be used, else it could not be done."""

    def __init__(self, sentence: str, *, is_asked_wrong: bool = True) -> None:
        super().__init__(sentence)
        self.is_asked_wrong = is_asked_wrong


def write_deck(
    context: Context, name: str, out: Path, *, city: str | None = None, template: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> str:
    """Write the deck of a story (id or file) and say what was written. Raises DeckFileError."""
    texts = context.texts
    if out.is_dir():
        raise DeckFileError(texts("deck.command.is_folder", path=out))
    if out.suffix.lower() != ENDING:
        raise DeckFileError(texts("deck.command.wrong_ending", path=out))
    if not out.absolute().parent.is_dir():
        raise DeckFileError(texts("deck.command.no_folder", folder=out.absolute().parent))
    try:
        story = story_named(name)
        content = deck_bytes(context, told(context, story, city), story, template=template, address=os.environ.get(ADDRESS, ""), progress=progress)
    except StoryError as error:
        raise DeckFileError(texts("deck.command.not_made", reason=error)) from error
    except DeckError as error:
        raise DeckFileError(str(error)) from error
    try:
        write_whole(out, content)
    except OSError as error:
        key = "deck.command.disk_full" if error.errno in FULL else "deck.command.not_writable"
        raise DeckFileError(texts(key, folder=out.absolute().parent, error=error.strerror or error), is_asked_wrong=False) from error
    return texts("deck.command.done", title=story.title.of(context.lang), count=len(story.slides) + 1, path=out)
