"""An exhibit as paper wants it: light, in the usual text size, with the shapes it draws."""

from __future__ import annotations

from dataclasses import replace

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.recipe import follow, read_recipe
from atlas.figures.look import Look


def paper(context: Context) -> Context:
    """The same reader in the look of paper."""
    return replace(context, look=Look(context.lang))


def on_paper(context: Context, exhibit: Exhibit) -> Exhibit:
    """The exhibit made again from its recipe where it was made for another look, or with shapes that lie elsewhere. Raises RecipeError."""
    far = any(isinstance(getattr(trace, "geojson", None), str) for trace in (exhibit.figure.data if exhibit.figure is not None else ()))
    if not exhibit.recipe or (context.look == paper(context).look and not far):
        return exhibit
    return replace(follow(paper(context), read_recipe(exhibit.recipe)), recipe=exhibit.recipe)
