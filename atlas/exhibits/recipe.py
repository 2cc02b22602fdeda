"""How an exhibit was made, as text: which exhibit, with which choices, in which language. Stories are lists of them, every export carries its own.

A recipe can come from a file of someone else. It can only name functions of `atlas.exhibits` that make an exhibit, and dataclasses of these modules.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit

MODULE = re.compile(r"atlas\.exhibits\.[a-z][a-z0-9_]*")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
ONLY_FOR_THE_SCREEN = frozenset({"address", "addresses", "small_addresses"})
"""Where a browser finds shapes: not part of what is shown."""
KIND = "@"
LONGEST = 20_000


class RecipeError(ValueError):
    """A recipe that cannot be read or followed, in one sentence."""


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
        raise RecipeError(f"The recipe has {len(text):,} characters, expected {LONGEST:,} at most.")
    try:
        content = json.loads(text)
        build, lang, options = content["build"], content["lang"], content["options"]
        if not (isinstance(build, str) and isinstance(lang, str) and isinstance(options, dict)):
            raise TypeError("build and lang are texts, options are named")
        return Recipe(build, {str(name): _value(value) for name, value in options.items()}, lang)
    except (ValueError, TypeError, KeyError) as error:
        raise RecipeError(f"The recipe cannot be read ({error}); expected one line of JSON with build, lang and options.") from error


def follow(context: Context, recipe: Recipe) -> Exhibit:
    """The exhibit of a recipe, made anew. Raises RecipeError where there is no such exhibit or it cannot be made from the data held."""
    build = _found(recipe.build)
    try:
        inspect.signature(build).bind(context, **recipe.options)
    except TypeError as error:
        raise RecipeError(f"{recipe.build} does not take these choices ({error}).") from error
    try:
        exhibit = build(context, **recipe.options)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise RecipeError(f"{recipe.build} cannot be made with these choices from the data held ({type(error).__name__}: {error}).") from error
    if not isinstance(exhibit, Exhibit):
        raise RecipeError(f"{recipe.build} makes no exhibit.")
    return exhibit


def _found(build: str) -> Callable[..., Exhibit]:
    module, _, name = build.partition(":")
    found = _named(f"atlas.exhibits.{module}", name)
    if not inspect.isfunction(found) or found.__annotations__.get("return") not in ("Exhibit", Exhibit):
        raise RecipeError(f"There is no exhibit {build!r}; expected module:function, such as trends:trend.")
    return found


def _named(module: str, name: str) -> Any:
    if not MODULE.fullmatch(module) or not NAME.fullmatch(name):
        raise RecipeError(f"{module}:{name} is no name of an exhibit.")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise RecipeError(f"There is no {name!r} in {module}; the recipe may be of another version.") from error
    if getattr(found, "__module__", "") != module:
        raise RecipeError(f"{name!r} is not of {module}.")
    return found


def _plain(value: Any) -> Any:
    """A value as JSON: dataclasses under their name, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        module, name = type(value).__module__, type(value).__qualname__
        if not MODULE.fullmatch(module):
            raise RecipeError(f"{name} is not of atlas.exhibits and cannot stand in a recipe.")
        held = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.name not in ONLY_FOR_THE_SCREEN}
        return {KIND: f"{module.removeprefix('atlas.exhibits.')}:{name}", **held}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise RecipeError(f"A {type(value).__name__} cannot stand in a recipe; expected texts, numbers, rows of them, or dataclasses of atlas.exhibits.")


def _value(plain: Any) -> Any:
    """The value of its JSON; rows become tuples, which exhibits take and can be kept by."""
    if isinstance(plain, list):
        return tuple(_value(one) for one in plain)
    if isinstance(plain, dict):
        module, _, name = str(plain.get(KIND, "")).partition(":")
        kind = _named(f"atlas.exhibits.{module}", name)
        if not (isinstance(kind, type) and is_dataclass(kind)):
            raise RecipeError(f"{plain.get(KIND)!r} is no choice of an exhibit.")
        return kind(**{str(key): _value(value) for key, value in plain.items() if key != KIND})
    return plain
