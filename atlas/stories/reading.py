"""Stories as YAML: read with every mistake named, written as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from atlas.stories.model import LANGUAGES, Slide, Story, StoryError, Words

SLIDE_KEYS = ("view", "options", "title", "sentence", "notes")
STORY_KEYS = ("id", "title", "lead", "slides")
MOST_SLIDES = 60
LARGEST = 500_000
"""Bytes of a story file."""


def read_story(path: Path) -> Story:
    """The story of a file. Raises StoryError that names the file."""
    try:
        if path.stat().st_size > LARGEST:
            raise StoryError(f"{path.name}: the file has more than {LARGEST // 1000} kB, expected a story of a few slides.")
        return story_of(path.read_text("utf-8"), path.name)
    except OSError as error:
        raise StoryError(f"{path.name}: the file cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise StoryError(f"{path.name}: the file is not in UTF-8; save it as UTF-8.") from error


def story_of(text: str, name: str = "story") -> Story:
    """The story a text holds. Raises StoryError: where, what was found, what was expected."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise StoryError(f"{name}: {where} is no YAML ({getattr(error, 'problem', None) or 'not readable'}).") from error
    held = _mapping(content, STORY_KEYS, name)
    if not isinstance(held.get("id"), str) or not held["id"].replace("-", "_").isidentifier():
        raise StoryError(f"{name}: id is {held.get('id')!r}, expected a short name of letters, digits and _.")
    slides = held.get("slides")
    if not isinstance(slides, list) or not 1 <= len(slides) <= MOST_SLIDES:
        raise StoryError(f"{name}: slides: expected a list of 1 to {MOST_SLIDES} slides.")
    title = _words(held.get("title"), f"{name}: title")
    if not title:
        raise StoryError(f"{name}: title: expected a title in Japanese (ja) or English (en).")
    return Story(
        held["id"], title, tuple(_slide(one, f"{name}: slide {number}") for number, one in enumerate(slides, 1)), _words(held.get("lead"), f"{name}: lead")
    )


def text_of(story: Story) -> str:
    """The story as YAML; `story_of` reads it back equal."""
    content: dict[str, Any] = {"id": story.id, "title": _plain_words(story.title)}
    if story.lead:
        content["lead"] = _plain_words(story.lead)
    content["slides"] = [
        {
            "view": slide.build,
            **({"options": _plain(slide.options)} if slide.options else {}),
            **{key: _plain_words(words) for key, words in (("title", slide.title), ("sentence", slide.sentence), ("notes", slide.notes)) if words},
        }
        for slide in story.slides
    ]
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=150)


def _slide(content: Any, where: str) -> Slide:
    held = _mapping(content, SLIDE_KEYS, where)
    view = held.get("view")
    if not isinstance(view, str) or view.count(":") != 1:
        raise StoryError(f"{where}: view is {view!r}, expected module:function of an exhibit, such as trends:trend.")
    options = held.get("options") or {}
    if not isinstance(options, dict) or any(not isinstance(key, str) for key in options):
        raise StoryError(f"{where}: options: expected names with values.")
    return Slide(view, options, *(_words(held.get(key), f"{where}: {key}") for key in ("title", "sentence", "notes")))


def _mapping(content: Any, keys: tuple[str, ...], where: str) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise StoryError(f"{where}: found {type(content).__name__}, expected the keys {', '.join(keys)}.")
    unknown = [str(key) for key in content if key not in keys]
    if unknown:
        raise StoryError(f"{where}: the key {unknown[0]!r} is not known; expected {', '.join(keys)}.")
    return content


def _words(content: Any, where: str) -> Words:
    if content is None:
        return Words()
    if isinstance(content, str):
        return Words(ja=content)
    if not isinstance(content, dict) or any(key not in LANGUAGES or not isinstance(text, str) for key, text in content.items()):
        raise StoryError(f"{where}: expected a text, or texts under ja and en.")
    return Words(**content)


def _plain_words(words: Words) -> dict[str, str]:
    return {lang: getattr(words, lang) for lang in LANGUAGES if getattr(words, lang)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
