"""The words: the same keys in both languages, the same places to fill in, and no other language in between."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from atlas.texts import TextsError, texts

ROOT = Path(__file__).resolve().parents[1]
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(texts("ja").words) == set(texts("en").words)


def test_both_languages_fill_in_values_that_exist_in_the_other() -> None:
    for key, text in texts("ja").words.items():
        extra = fields(texts("en").words[key]) - fields(text)
        # Japanese may name a value English leaves out, and the other way round only for era years.
        assert not extra or fields(text) or "{" not in text, f"{key}: English wants {extra}"


def test_no_japanese_letters_in_the_english_words() -> None:
    wrong = {key: text for key, text in texts("en").words.items() if JAPANESE.search(text)}
    assert not wrong


def test_no_exclamation_marks() -> None:
    for lang in ("ja", "en"):
        assert not [key for key, text in texts(lang).words.items() if "!" in text or "！" in text]


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(TextsError, match="nowhere"):
        texts("ja")("frame.nowhere")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(TextsError, match="label"):
        texts("ja")("frame.fallback", found="x")


def test_no_sentences_in_code() -> None:
    """Japanese in code only where it belongs to data or number formats (years, points), never as a sentence."""
    for path in [*sorted((ROOT / "atlas").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "dashboard.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(JAPANESE.findall(node.value)) > 6:
                docstring = '"""' in (ast.get_source_segment(path.read_text("utf-8"), node) or "")
                assert docstring, f"{path.name}:{node.lineno}: {node.value[:40]}"
