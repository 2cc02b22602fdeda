"""Interface words: `ja/*.yaml` and `en/*.yaml`, one file a page, the same keys in both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
LANGUAGES = ("ja", "en")


class TextsError(Exception):
    """A word that is not there, or a language that does not exist."""


@dataclass(frozen=True)
class Texts:
    """The words of one language; call it with a key: `texts("trends.title", share="38.0")`."""

    lang: str
    words: dict[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The words for `key` ("file.key"), with {names} filled in. TextsError when there are none."""
        try:
            words = self.words[key]
        except KeyError:
            raise TextsError(f"{self.lang}: no words for {key!r}") from None
        try:
            return words.format(**values) if values else words
        except (KeyError, IndexError) as error:
            raise TextsError(f"{self.lang}: {key!r} wants a value for {error}") from error

    def has(self, key: str) -> bool:
        """Are there words for this key?"""
        return key in self.words

    def of(self, thing: Any, field: str) -> str:
        """The field of a registry thing in this language: `texts.of(indicator, "title")` -> its title_ja."""
        words = getattr(thing, f"{field}_{self.lang}") or ""
        return str(words)


@cache
def texts(lang: str) -> Texts:
    """All words of a language. TextsError for an unknown language."""
    if lang not in LANGUAGES:
        raise TextsError(f"unknown language {lang!r}; there are {', '.join(LANGUAGES)}")
    words: dict[str, str] = {}
    for path in sorted((FOLDER / lang).glob("*.yaml")):
        for key, text in _flat(yaml.safe_load(path.read_text("utf-8")) or {}):
            words[f"{path.stem}.{key}"] = text
    return Texts(lang, words)


def _flat(tree: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{above}{key}.")
        else:
            pairs.append((f"{above}{key}", str(value)))
    return pairs
