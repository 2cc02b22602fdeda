"""A story on one page: its slides one below the other, each an exhibit with the story's own title and sentence."""

from __future__ import annotations

from dataclasses import replace

from atlas.exhibits.context import Context
from atlas.site.model import ONLY, Block, Page, Place, PublishError, View
from atlas.stories.model import Story, StoryError
from atlas.stories.telling import told

STORY = "story"


def story_page(context: Context, story: Story, place: Place) -> Page:
    """The page of a story, told for the place's city. Raises PublishError where it cannot be told."""
    try:
        shown = told(context, story, place.city)
    except StoryError as error:
        raise PublishError("story", wrong=True, error=error) from error
    exhibits = [replace(one.exhibit, title=one.title, sentence=one.sentence) for one in shown]
    blocks = tuple(Block(f"slide-{number}", (View(ONLY, None, finished=exhibit),)) for number, exhibit in enumerate(exhibits, 1))
    title = story.title.of(context.lang)
    return Page(STORY, context.texts("site.story"), blocks, heading=title, lead=story.lead.of(context.lang))
