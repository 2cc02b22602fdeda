"""Stories as YAML: read with every mistake named, written as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from atlas.stories.model import LANGUAGES, Slide, Story, StoryError, Words
from atlas.texts import Phrase

SLIDE_KEYS = ("view", "options", "title", "sentence", "notes")
STORY_KEYS = ("id", "title", "lead", "slides")
MOST_SLIDES = 60
LARGEST = 500_000
"""Bytes of a story file."""
SHOWN = 80
"""Letters of what stands in the file that are repeated to the reader."""


def read_story(path: Path) -> Story:
    """The story of a file. Raises StoryError that names the file."""
    try:
        if path.stat().st_size > LARGEST:
            raise StoryError("story.too_large", name=path.name, most=LARGEST // 1000)
        return story_of(path.read_text("utf-8-sig"), path.name)
    except FileNotFoundError as error:
        raise StoryError("story.not_there", name=path) from error
    except OSError as error:
        raise StoryError("story.not_opened", name=path, error=error.strerror or error) from error
    except UnicodeDecodeError as error:
        raise StoryError("story.not_utf8", name=path.name) from error


def story_of(text: str, name: str = "story") -> Story:
    """The story a text holds. Raises StoryError: where, what was found, what was expected."""
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            raise StoryError("story.not_yaml", name=name) from error
        raise StoryError("story.not_yaml_at", name=name, line=mark.line + 1, column=mark.column + 1) from error
    held = _mapping(content, STORY_KEYS, Phrase("story.where.file", {"name": name}))
    if not isinstance(held.get("id"), str) or not held["id"].replace("-", "_").isidentifier():
        raise StoryError("story.id", name=name, found=str(held.get("id") or "")[:SHOWN])
    slides = held.get("slides")
    if not isinstance(slides, list) or not 1 <= len(slides) <= MOST_SLIDES:
        raise StoryError("story.slides", name=name, most=MOST_SLIDES)
    title = _words(held.get("title"), Phrase("story.where.key", {"name": name, "key": "title"}))
    if not title:
        raise StoryError("story.title", name=name)
    lead = _words(held.get("lead"), Phrase("story.where.key", {"name": name, "key": "lead"}))
    return Story(held["id"], title, tuple(_slide(one, name, number) for number, one in enumerate(slides, 1)), lead)


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


def _slide(content: Any, name: str, number: int) -> Slide:
    where = Phrase("story.where.slide", {"name": name, "number": number})
    held = _mapping(content, SLIDE_KEYS, where)
    view = held.get("view")
    if not isinstance(view, str) or view.count(":") != 1:
        raise StoryError("story.view", where=where, found=str(view or "")[:SHOWN])
    options = held.get("options") or {}
    if not isinstance(options, dict) or any(not isinstance(key, str) for key in options):
        raise StoryError("story.options", where=where)
    words = (_words(held.get(key), Phrase("story.where.slide_key", {"name": name, "number": number, "key": key})) for key in ("title", "sentence", "notes"))
    return Slide(view, options, *words)


def _mapping(content: Any, keys: tuple[str, ...], where: Phrase) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise StoryError("story.keys", where=where, keys=", ".join(keys))
    unknown = [str(key) for key in content if key not in keys]
    if unknown:
        raise StoryError("story.unknown_key", where=where, key=unknown[0][:SHOWN], keys=", ".join(keys))
    return content


def _words(content: Any, where: Phrase) -> Words:
    if content is None:
        return Words()
    if isinstance(content, str):
        return Words(ja=content)
    if not isinstance(content, dict) or any(key not in LANGUAGES or not isinstance(text, str) for key, text in content.items()):
        raise StoryError("story.words", where=where)
    return Words(**content)


def _plain_words(words: Words) -> dict[str, str]:
    return {lang: getattr(words, lang) for lang in LANGUAGES if getattr(words, lang)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
