"""What `publish` says when it is done."""

from __future__ import annotations

from pathlib import Path

from atlas.exhibits.context import Context
from atlas.exhibits.need_map_words import city_name
from atlas.site.publish import Published


def published_words(context: Context, done: Published, out: Path) -> str:
    """How many files of what size, about which place, with the map of which city."""
    texts, place = context.texts, done.place
    key = "about" if place.city else "about_without_map"
    about = texts(f"site.command.{key}", municipality=context.area_name(place.municipality), city=city_name(context, place.city or ""))
    return texts("site.command.done", path=out, files=f"{done.files:,}", size=f"{done.size / 1e6:.1f}", place=about)
