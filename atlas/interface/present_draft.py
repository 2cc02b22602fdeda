"""The story a reader is putting together: kept in the session, every change can be undone; figures of other pages are added to it."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from atlas.exhibits.recipe import read_recipe
from atlas.stories.model import Slide, Story, Words

ADDED, DRAFT, PAST, BASE = "story:added", "story:draft", "story:past", "story:base"
DRAFTS, LOADED = "story:drafts", "story:loaded"
MOST_UNDONE = 50
MOST_SLIDES = 60


def add_view(recipe_text: str, title: str) -> None:
    """Remember a figure for the story. Raises RecipeError where the text is no recipe."""
    read_recipe(recipe_text)
    st.session_state.setdefault(ADDED, []).append((recipe_text, title))


def added() -> list[tuple[str, str]]:
    """Figures remembered and not yet in the story: recipe and title."""
    return list(st.session_state.get(ADDED, []))


def slide_of(recipe_text: str) -> Slide:
    """The slide of a recipe; its title stays the exhibit's own, so that it follows data and language."""
    content = json.loads(recipe_text)
    return Slide(content["build"], content["options"])


def draft(base: str, story: Story) -> Story:
    """The story as it stands. Every story (`base`) has a draft of its own, begun from `story`; choosing another one loses nothing."""
    state = st.session_state
    if state.get(BASE) != base:
        drafts = state.setdefault(DRAFTS, {})
        if BASE in state:
            drafts[state[BASE]] = (state[DRAFT], state[PAST])
        state[DRAFT], state[PAST] = drafts.get(base, (story, []))
        state[BASE] = base
    kept: Story = state[DRAFT]
    return kept


def loaded(name: str = "", story: Story | None = None) -> tuple[str, Story] | None:
    """The story loaded last, under a name that tells it from others; kept while the reader looks at other pages."""
    if story is not None:
        st.session_state[LOADED] = (name, story)
    found: tuple[str, Story] | None = st.session_state.get(LOADED)
    return found


def change(story: Story) -> None:
    """Take the story as changed; what it was before can be had back."""
    past = st.session_state.setdefault(PAST, [])
    past.append(st.session_state[DRAFT])
    del past[:-MOST_UNDONE]
    st.session_state[DRAFT] = story


def can_undo() -> bool:
    """Whether there is a change to take back."""
    return bool(st.session_state.get(PAST))


def undo() -> None:
    """Take the last change back."""
    if can_undo():
        st.session_state[DRAFT] = st.session_state[PAST].pop()


def take_added() -> None:
    """Put the figures remembered at the end of the story."""
    story: Story = st.session_state[DRAFT]
    new = tuple(slide_of(recipe) for recipe, _ in added())[: max(MOST_SLIDES - len(story.slides), 0)]
    change(replace(story, slides=(*story.slides, *new)))
    st.session_state[ADDED] = added()[len(new) :]


def move(place: int, by: int) -> None:
    """Change a slide with a neighbour."""
    story: Story = st.session_state[DRAFT]
    slides = list(story.slides)
    if 0 <= place + by < len(slides):
        slides[place], slides[place + by] = slides[place + by], slides[place]
        change(replace(story, slides=tuple(slides)))


def remove(place: int) -> None:
    """Leave a slide out; the last one stays."""
    story: Story = st.session_state[DRAFT]
    if len(story.slides) > 1:
        change(replace(story, slides=(*story.slides[:place], *story.slides[place + 1 :])))


def write(place: int, field: str, lang: str, text: str) -> None:
    """Set a slide's title, sentence or notes in one language; empty: the exhibit's own."""
    story: Story = st.session_state[DRAFT]
    slide = story.slides[place]
    words: Words = getattr(slide, field)
    if getattr(words, lang) != text:
        new = replace(slide, **{field: replace(words, **{lang: text})})  # type: ignore[arg-type]
        change(replace(story, slides=(*story.slides[:place], new, *story.slides[place + 1 :])))
