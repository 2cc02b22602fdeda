"""`python -m atlas show`: a story as one HTML file, each way it can fail in one sentence."""

from __future__ import annotations

from pathlib import Path

from atlas.exhibits.context import Context
from atlas.exports.writing import FULL, write_whole
from atlas.stories.model import StoryError
from atlas.stories.shipped import story_named
from atlas.stories.show import story_show

ENDINGS = (".html", ".htm")


class ShowError(Exception):
    """A sentence for the reader. is_asked_wrong: what was asked for does not exist, else it could not be done."""

    def __init__(self, sentence: str, *, is_asked_wrong: bool = True) -> None:
        super().__init__(sentence)
        self.is_asked_wrong = is_asked_wrong


def write_show(context: Context, name: str, out: Path, city: str | None = None) -> str:
    """Write the show of a story (id or file) and say what was written. Raises ShowError."""
    texts = context.texts
    if out.is_dir():
        raise ShowError(texts("present.command.is_folder", path=out))
    if out.suffix.lower() not in ENDINGS:
        raise ShowError(texts("present.command.wrong_ending", path=out, ending=ENDINGS[0]))
    if not out.absolute().parent.is_dir():
        raise ShowError(texts("present.command.no_folder", folder=out.absolute().parent))
    try:
        story = story_named(name)
        content = story_show(context, story, city).encode()
    except StoryError as error:
        raise ShowError(texts("present.command.not_made", reason=error)) from error
    try:
        write_whole(out, content)
    except OSError as error:
        key = "present.command.disk_full" if error.errno in FULL else "present.command.not_writable"
        raise ShowError(texts(key, folder=out.absolute().parent, error=error.strerror or error), is_asked_wrong=False) from error
    return texts("present.command.done", title=story.title.of(context.lang), count=len(story.slides), path=out)
