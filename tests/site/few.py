"""A whole site with few views of each block, so that tests do not wait for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from atlas.site import publish as publishing
from atlas.site.model import Page
from atlas.site.publish import Published, publish
from atlas.store.database import Store

STORY = """
id: two
title: {ja: 二枚の発表, en: Two slides}
lead: {ja: はじめに, en: To begin with}
slides:
  - view: overtaken:overtaken
    title: {ja: 推計と実際, en: Projected and counted}
  - view: need_map:need_map
    options:
      asked: {"@": "need_map:Asked", cities: ["{city}"], indicator: index, year: "{year}", index: "{index}", sample: "{sample}"}
      drawn: {"@": "need_map:Drawn"}
"""


def ends(those: Any, is_map: bool) -> list[Any]:
    """The first two; on the map the last too, which is the index."""
    every = list(those)
    return [*every[:2], every[-1]] if is_map else every[:2]


def few_views(pages: Callable[..., Any]) -> Callable[..., Any]:
    """The pages with the first views of each block, and the choices between them."""

    def trimmed(*given: Any) -> Any:
        found, districts = pages(*given)
        return [_page(page) for page in found], districts

    def _page(page: Page) -> Page:
        blocks = tuple(replace(block, views=tuple(ends(block.views, block.is_map))) for block in page.blocks)
        controls = tuple(replace(one, options=dict(ends(one.options.items(), page.id == "need_map"))) for one in page.controls)
        return replace(page, blocks=blocks, controls=controls)

    return trimmed


def publish_few(store: Store, target: Path, **asked: Any) -> Published:
    """`publish` with few views and a story of two slides."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "_pages", few_views(publishing._pages))
        story = target.parent / "story.yaml"
        story.write_text(STORY, "utf-8")
        return publish(store, target, story=story, **asked)
