"""Interface words: `ja/*.yaml` and `en/*.yaml`, one file a page, the same keys in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
LANGUAGES = ("ja", "en")
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there: ten times as quick, a tenth of a second of every start."""


class TextsError(Exception):
    """A word that is not there, or a language that does not exist."""


@dataclass(frozen=True)
class Phrase:
    """Words that are said later, in the language of whoever shows them. key: as for `Texts`; values: what they name, maybe phrases and errors with words."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class WordedError(ValueError):
    """An error that is said to the reader in the reader's language: `said(texts)`, or as a value of other words, `texts("...", reason=error)`."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.phrase = Phrase(key, values)

    def said(self, words: Texts) -> str:
        """The sentence in the language of `words`."""
        return words(self.phrase.key, **self.phrase.values)

    def __str__(self) -> str:
        """The sentence in English, for logs."""
        return self.said(texts("en"))


@dataclass(frozen=True)
class Texts:
    """The words of one language; call it with a key: `texts("trends.title", share="38.0")`."""

    lang: str
    words: dict[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The words for `key` ("file.key"), with {names} filled in; phrases among the values are said in this language. TextsError: no words."""
        try:
            words = self.words[key]
        except KeyError:
            raise TextsError(f"{self.lang}: no words for {key!r}") from None
        try:
            return words.format(**{name: self._said(value) for name, value in values.items()}) if values else words
        except (KeyError, IndexError) as error:
            raise TextsError(f"{self.lang}: {key!r} wants a value for {error}") from error

    def _said(self, value: object) -> object:
        if isinstance(value, WordedError):
            return value.said(self)
        return self(value.key, **value.values) if isinstance(value, Phrase) else value

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
        for key, text in _flat(yaml.load(path.read_text("utf-8"), _Loader) or {}):
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
