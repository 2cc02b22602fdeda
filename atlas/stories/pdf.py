"""A story as a PDF for print: a first page with the list of views, then each view under its own title and with its own sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from atlas.exhibits.context import Context
from atlas.exports.on_paper import on_paper, paper
from atlas.exports.print_entry import Entry
from atlas.exports.print_pdf import Cover, printed
from atlas.exports.tables import Provenance
from atlas.stories.model import Shown, Story


def story_pdf(
    context: Context, told: Sequence[Shown], story: Story, *, made: date | None = None, permalink: str = "", progress: Callable[[int, int], None] | None = None
) -> bytes:
    """The story as a PDF. told: its views with their exhibits (`telling.told`), made again in the look of paper where they were made in another.

    Raises RecipeError where one cannot be made again.
    """
    entries = [Entry(on_paper(context, one.exhibit), one.title, one.sentence) for one in told]
    title, lead = story.title.of(context.lang), story.lead.of(context.lang)
    provenance = Provenance(datetime.now().astimezone().isoformat(timespec="seconds"), permalink)
    return printed(paper(context), entries, title, provenance, cover=Cover(title, lead), made=made, progress=progress)
