"""What a story is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atlas.exhibits.model import Exhibit
from atlas.texts import WordedError

LANGUAGES = ("ja", "en")


class StoryError(WordedError):
    """A story that cannot be read or shown: where, what was found, what was expected, in one sentence (words below `story`)."""


@dataclass(frozen=True)
class Words:
    """A text in both languages; empty where the exhibit's own words shall stand."""

    ja: str = ""
    en: str = ""

    def of(self, lang: str) -> str:
        """The text in a language, in the other where it has only that."""
        first, second = (self.ja, self.en) if lang == "ja" else (self.en, self.ja)
        return first or second

    def __bool__(self) -> bool:
        """Whether there is a text at all."""
        return bool(self.ja or self.en)


@dataclass(frozen=True)
class Slide:
    """One view: how its exhibit is made (`recipe.py`), a title and one sentence instead of the exhibit's own, notes for the speaker."""

    build: str
    options: Mapping[str, Any] = field(default_factory=dict)
    title: Words = Words()
    sentence: Words = Words()
    notes: Words = Words()


@dataclass(frozen=True)
class Story:
    """Slides in their order. needs_city: some of them stand for the districts of a chosen city."""

    id: str
    title: Words
    slides: tuple[Slide, ...]
    lead: Words = Words()

    @property
    def needs_city(self) -> bool:
        """Whether a slide names `{city}` or anything that depends on it."""
        return any(_names_city(slide.options) for slide in self.slides)


@dataclass(frozen=True)
class Shown:
    """A slide with its exhibit made, in one language: what show, deck and PDF print."""

    slide: Slide
    exhibit: Exhibit
    title: str
    sentence: str
    notes: str


def _names_city(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_names_city(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return any(_names_city(one) for one in value)
    return isinstance(value, str) and value in PLACEHOLDERS


PLACEHOLDERS = ("{city}", "{year}", "{sample}", "{index}")
"""Stand for a chosen city, its latest census, whether it is the sample, an index of equal weights."""
