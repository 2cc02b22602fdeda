"""How an exhibit was made, as text: which exhibit, with which choices, in which language. Stories are lists of them, every export carries its own.

A recipe can come from a file of someone else. It can only name functions of `atlas.exhibits` that make an exhibit, and dataclasses of these modules.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.texts import Phrase, WordedError

MODULE = re.compile(r"atlas\.exhibits\.[a-z][a-z0-9_]*")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
ONLY_FOR_THE_SCREEN = frozenset({"address", "addresses", "small_addresses"})
"""Where a browser finds shapes: not part of what is shown."""
KIND = "@"
LONGEST, LONGEST_DETAIL, LONGEST_NAME = 20_000, 200, 80


class RecipeError(WordedError):
    """A recipe that cannot be read or followed, in one sentence (words below `recipe`)."""


@dataclass(frozen=True)
class Recipe:
    """build: `module:function` below `atlas.exhibits`; options: what the function takes besides the context."""

    build: str
    options: dict[str, Any]
    lang: str

    def text(self) -> str:
        """One line of JSON, the same for the same recipe."""
        content = {"build": self.build, "lang": self.lang, "options": {name: _plain(value) for name, value in sorted(self.options.items())}}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def recipe_of(build: Callable[..., Any], options: dict[str, Any], lang: str) -> Recipe:
    """The recipe of one call."""
    kept = {name: value for name, value in options.items() if name not in ONLY_FOR_THE_SCREEN}
    return Recipe(f"{build.__module__.removeprefix('atlas.exhibits.')}:{build.__qualname__}", kept, lang)


def read_recipe(text: str) -> Recipe:
    """The recipe a text holds. Raises RecipeError where it holds none."""
    if len(text) > LONGEST:
        raise RecipeError("recipe.too_long", length=f"{len(text):,}", most=f"{LONGEST:,}")
    try:
        content = json.loads(text)
        build, lang, options = content["build"], content["lang"], content["options"]
        if not (isinstance(build, str) and isinstance(lang, str) and isinstance(options, dict)):
            raise TypeError("build and lang are texts, options are named")
        return Recipe(build, {str(name): _value(value) for name, value in options.items()}, lang)
    except RecipeError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecipeError("recipe.unreadable") from error


def follow(context: Context, recipe: Recipe) -> Exhibit:
    """The exhibit of a recipe, made anew. Raises RecipeError where there is no such exhibit or it cannot be made from the data held."""
    build = _found(recipe.build)
    _check_choices(recipe.build, list(inspect.signature(build).parameters.values())[1:], recipe.options)
    try:
        exhibit = build(context, **recipe.options)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise RecipeError("recipe.cannot_make", build=recipe.build, error=detail(error)) from error
    if not isinstance(exhibit, Exhibit):
        raise RecipeError("recipe.no_exhibit", build=recipe.build)
    return exhibit


def detail(error: Exception) -> str:
    """What went wrong inside, on one line: kind of the error and its message."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:LONGEST_DETAIL]


def _check_choices(build: str, known: Sequence[inspect.Parameter], given: Mapping[str, Any]) -> None:
    """Are these the choices `build` takes?"""
    names = [one.name for one in known]
    listed = Phrase("recipe.listed", {"names": ", ".join(names)}) if names else Phrase("recipe.none")
    for name in given:
        if name not in names:
            raise RecipeError("recipe.unknown_choice", build=build, name=_short(name), listed=listed)
    for one in known:
        if one.default is one.empty and one.name not in given:
            raise RecipeError("recipe.missing_choice", build=build, name=one.name, listed=listed)


def _found(build: str) -> Callable[..., Exhibit]:
    module, _, name = build.partition(":")
    found = _named(f"atlas.exhibits.{module}", name)
    if not inspect.isfunction(found) or found.__annotations__.get("return") not in ("Exhibit", Exhibit):
        raise RecipeError("recipe.no_exhibit", build=_short(build))
    return found


def _named(module: str, name: str) -> Any:
    if not MODULE.fullmatch(module) or not NAME.fullmatch(name):
        raise RecipeError("recipe.no_exhibit", build=_short(f"{module}:{name}"))
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise RecipeError("recipe.no_exhibit", build=_short(f"{module}:{name}")) from error
    if getattr(found, "__module__", "") != module:
        raise RecipeError("recipe.no_exhibit", build=_short(f"{module}:{name}"))
    return found


def _short(name: str) -> str:
    """A name of a stranger's recipe as it can be repeated to the reader."""
    return " ".join(name.removeprefix("atlas.exhibits.").split())[:LONGEST_NAME]


def _plain(value: Any) -> Any:
    """A value as JSON: dataclasses under their name, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        module, name = type(value).__module__, type(value).__qualname__
        if not MODULE.fullmatch(module):
            raise RecipeError("recipe.not_plain", kind=name)
        held = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.name not in ONLY_FOR_THE_SCREEN}
        return {KIND: f"{module.removeprefix('atlas.exhibits.')}:{name}", **held}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise RecipeError("recipe.not_plain", kind=type(value).__name__)


def _value(plain: Any) -> Any:
    """The value of its JSON; rows become tuples, which exhibits take and can be kept by."""
    if isinstance(plain, list):
        return tuple(_value(one) for one in plain)
    if isinstance(plain, dict):
        module, _, name = str(plain.get(KIND, "")).partition(":")
        kind = _named(f"atlas.exhibits.{module}", name)
        if not (isinstance(kind, type) and is_dataclass(kind)):
            raise RecipeError("recipe.no_choice", name=_short(f"{module}:{name}"))
        held = {str(key): _value(value) for key, value in plain.items() if key != KIND}
        _check_choices(f"{module}:{name}", list(inspect.signature(kind).parameters.values()), held)
        return kind(**held)
    return plain
