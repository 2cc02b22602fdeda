"""A story told from the database: every slide's exhibit made in one language, for one city where it needs one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from atlas.exhibits import district_layer, need_index
from atlas.exhibits.context import Context
from atlas.exhibits.need_index import IndexChoice
from atlas.exhibits.recipe import RecipeError, follow, read_recipe
from atlas.store import geography
from atlas.stories.model import Shown, Slide, Story, StoryError
from atlas.texts import Phrase

INDEX_OF_EQUAL_WEIGHTS = "need_index:IndexChoice"


def told(context: Context, story: Story, city: str | None = None) -> list[Shown]:
    """Every slide with its exhibit. city: for stories that need one; the first real one held, else the sample, where None.

    Raises StoryError that names the slide.
    """
    place = _place(context, story, city) if story.needs_city else {}
    return [_shown(context, slide, place, Phrase("story.where.slide", {"name": story.id, "number": number})) for number, slide in enumerate(story.slides, 1)]


def _shown(context: Context, slide: Slide, place: Mapping[str, Any], where: Phrase) -> Shown:
    text = json.dumps({"build": slide.build, "lang": context.lang, "options": _filled(slide.options, place)}, ensure_ascii=False)
    try:
        recipe = read_recipe(text)
        exhibit = replace(follow(context, recipe), recipe=recipe.text())
    except RecipeError as error:
        raise StoryError("story.slide", where=where, reason=error) from error
    lang = context.lang
    return Shown(slide, exhibit, slide.title.of(lang) or exhibit.title, slide.sentence.of(lang) or exhibit.sentence, slide.notes.of(lang))


def _filled(value: Any, place: Mapping[str, Any]) -> Any:
    """The options with what stands for the city put in."""
    if isinstance(value, Mapping):
        return {str(key): _filled(one, place) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(one, place) for one in value]
    return place.get(value, value) if isinstance(value, str) else value


def _place(context: Context, story: Story, city: str | None) -> dict[str, Any]:
    rows = geography.cities(context.store)
    held = {str(row.area_code): bool(row.is_sample) for row in rows.itertuples(index=False)}
    chosen = city or next((code for code in held if not held[code]), next(iter(held), None))
    if chosen is None or chosen not in held:
        if not held:
            raise StoryError("story.no_cities", name=story.id)
        raise StoryError("story.no_city", name=story.id, city=city, held=", ".join(held))
    years = sorted({year for when in district_layer.held(context.store, chosen).values() for year in when})
    if not years:
        raise StoryError("story.no_figures", name=story.id, city=chosen)
    weights = need_index.preset_weights("equal", need_index.offered(context.store, (chosen,), years[-1]))
    index = IndexChoice(tuple(weights.items()), "percentile", "arithmetic")
    plain = {"@": INDEX_OF_EQUAL_WEIGHTS, "weights": [list(one) for one in index.weights], "normaliser": index.normaliser, "aggregation": index.aggregation}
    return {"{city}": chosen, "{year}": years[-1], "{sample}": held[chosen], "{index}": plain}
