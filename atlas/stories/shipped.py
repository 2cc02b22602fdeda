"""The stories that come with the project, and finding one by its id or its file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from atlas.stories.model import Story, StoryError
from atlas.stories.reading import read_story

FOLDER = Path(__file__).resolve().parents[2] / "data" / "stories"
FIRST = "nation"


@cache
def shipped() -> dict[str, Story]:
    """The shipped stories by id, the one about the whole country first."""
    stories = [read_story(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {one.id: one for one in sorted(stories, key=lambda one: (one.id != FIRST, one.id))}


def story_named(name: str) -> Story:
    """A shipped story by its id, else the story of the file of that name. Raises StoryError that says what there is."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix.lower() not in (".yaml", ".yml") and not path.exists():
        raise StoryError("story.unknown", name=name, held=", ".join(shipped()))
    return read_story(path)
