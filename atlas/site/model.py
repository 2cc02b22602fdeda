"""What a page of the site is made of: blocks, each an exhibit in one or more states, and the controls between which states one chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.recipe import RecipeError, follow, recipe_of

ONLY = "only"
"""The choice of a block without a control."""


class PublishError(ValueError):
    """A site that cannot be written. key: of its words below `site.command`; values: what they name."""

    def __init__(self, key: str, *, wrong: bool = False, **values: object) -> None:
        super().__init__(f"{key}: {values}")
        self.key, self.wrong, self.values = key, wrong, values


@dataclass(frozen=True)
class Place:
    """What the site is about. city: with school districts, None where none is held; sample: the city is the fictional one."""

    municipality: str
    prefecture: str
    city: str | None
    sample: bool


@dataclass(frozen=True)
class Control:
    """A question above the figures that follow it. id: its name in the address; options: choice -> words, the first is the default."""

    id: str
    label: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class View:
    """One state of a block: how its exhibit is made (`exhibits/recipe.py`), or the finished one of a story."""

    choice: str
    build: Callable[..., Exhibit] | None
    options: Mapping[str, Any] = field(default_factory=dict)
    finished: Exhibit | None = None

    def exhibit(self, context: Context) -> Exhibit:
        """The exhibit, with how to make it again. Raises PublishError where it cannot be made."""
        if self.build is None or self.finished is not None:
            assert self.finished is not None
            return self.finished
        recipe = recipe_of(self.build, dict(self.options), context.lang)
        try:
            return replace(follow(context, replace(recipe, options=dict(self.options))), recipe=recipe.text())
        except RecipeError as error:
            raise PublishError("cannot", error=error) from error


@dataclass(frozen=True)
class Block:
    """An exhibit on a page. follows: the id of the control that chooses its view; listed: the table is open, sorted and searched;
    rows: the table's column of codes by which a row is chosen."""

    id: str
    views: tuple[View, ...]
    follows: str = ""
    section: str = ""
    lead: str = ""
    level: int = 2
    listed: bool = False
    rows: str = ""
    is_map: bool = False


@dataclass(frozen=True)
class Page:
    """A page in one language. after: HTML below its blocks; heading, lead: where no block has the first heading."""

    id: str
    name: str
    blocks: tuple[Block, ...] = ()
    controls: tuple[Control, ...] = ()
    heading: str = ""
    lead: str = ""
    after: str = ""
