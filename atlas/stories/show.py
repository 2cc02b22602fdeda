"""The show: one HTML file that holds slides, figures, maps and programs, asks no host for anything, and needs no server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import plotly.io
from plotly.offline import get_plotlyjs

from atlas.exhibits.context import Context
from atlas.exhibits.need_map_words import city_name
from atlas.exports.citation import figure_cited, with_citation
from atlas.exports.tables import Provenance
from atlas.figures.look import FONTS
from atlas.stories.model import Shown, Story
from atlas.stories.show_slides import StageSlide, View, stage_slides
from atlas.stories.stage import stage_look
from atlas.stories.telling import told

HERE = Path(__file__).parent
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
"""The browser itself refuses every request: what is not in the file cannot be asked for."""
SIGN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
PREVIOUS, NEXT = SIGN.format("M15 5l-7 7 7 7"), SIGN.format("M9 5l7 7-7 7")
SPEAKER, FULL_SCREEN = SIGN.format("M5 7h14M5 12h14M5 17h9"), SIGN.format("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5")
WORDS = (
    "previous", "next", "position", "full_screen", "speaker", "speaker_title", "following", "last", "no_notes", "elapsed", "restart", "blocked", "navigation",
)  # fmt: skip


def staged(context: Context) -> Context:
    """The same store and words with the look of the stage."""
    return replace(context, look=stage_look(context.look))


def story_show(context: Context, story: Story, city: str | None = None) -> str:
    """The show of a story, told for the stage. Raises StoryError where it cannot be told."""
    context = staged(context)
    return show_html(context, told(context, story, city), story)


def show_html(context: Context, shown: Sequence[Shown], story: Story) -> str:
    """The whole file. shown: told with the look of the stage (`staged`), else their texts are too small for the last row."""
    texts, lang = context.texts, context.lang
    slides = stage_slides(context, shown)
    title = story.title.of(lang)
    figures, shapes = _figures(slides)
    data = {
        "figures": figures,
        "shapes": shapes,
        "notes": ["", *(slide.notes for slide in slides)],
        "words": {name: texts(f"present.show.{name}") for name in WORDS},
        "lang": lang,
    }
    sections = "\n".join([_first(context, shown, story), *_sections(context, slides)])
    page = f"""<!DOCTYPE html>
<html lang="{lang}" data-state="making">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{escape(texts("frame.name"))}">
<title>{escape(title)}</title>
<style>{_read("vendor/reveal/reveal.css")}</style>
<style>{_colours(context)}{_read("assets/show.css")}</style>
<noscript><style>{_read("assets/show_plain.css")}</style></noscript>
</head>
<body>
<noscript><p class="plain">{escape(texts("present.show.without_script"))}</p></noscript>
<p class="making" role="status">{escape(texts("present.show.making"))}</p>
<div class="reveal"><div class="slides">
{sections}
</div></div>
{_bar(context)}
<script type="application/json" id="content">{_json(data)}</script>
<script>{_read("assets/topology.js")}</script>
<script>{_plotly()}</script>
<script>{_read("vendor/reveal/reveal.js")}</script>
<script>{_read("assets/show.js")}</script>
</body>
</html>
"""
    return with_citation(page, _cited(context, shown))


def _first(context: Context, shown: Sequence[Shown], story: Story) -> str:
    """The title slide: title, lead, place, how to go on."""
    texts, lang = context.texts, context.lang
    cities = dict.fromkeys(code for one in shown for code in one.exhibit.settings.get("city", "").split())
    places = texts("frame.list_separator").join(city_name(context, code) for code in cities)
    lead = "".join(f'<p class="lead">{escape(line)}</p>' for line in (story.lead.of(lang), places) if line)
    sample = any(one.exhibit.is_sample for one in shown)
    mark = f'<p class="sample">{escape(texts("frame.sample"))}</p><p class="lead">{escape(texts("frame.sample_long"))}</p>' if sample else ""
    version = escape(texts("present.show.data", version=context.store.version))
    return (
        f'<section class="first"><div class="view shown"><h1>{escape(story.title.of(lang))}</h1>{lead}{mark}'
        f'<p class="keys">{escape(texts("present.show.keys"))}</p><div class="small"><p>{escape(texts("frame.name"))}　{version}</p></div></div></section>'
    )


def _sections(context: Context, slides: Sequence[StageSlide]) -> list[str]:
    found, number = [], 0
    for slide in slides:
        views = []
        for place, view in enumerate(slide.views):
            views.append(_view(context, slide, place, view, number if view.figure is not None else None))
            number += view.figure is not None
        steps = '<span class="fragment step" aria-hidden="true"></span>' * (len(slide.views) - 1)
        found.append(f"<section>{''.join(views)}{steps}</section>")
    return found


def _view(context: Context, slide: StageSlide, place: int, view: View, figure: int | None) -> str:
    mark = f'<p class="sample">{escape(context.texts("frame.sample"))}</p>' if view.is_sample else ""
    label = escape(f"{view.title} {view.sentence}")
    drawn = f'<div class="figure" data-figure="{figure}" role="img" aria-label="{label}"></div>' if figure is not None else ""
    small = "".join(f"<p>{escape(line)}</p>" for line in view.small)
    kinds = {"view": True, "shown": place == 0, "map": view.is_map, "crowded": view.is_crowded, "bare": figure is None}
    long = " class=long" if view.has_long_title else ""
    return (
        f'<div class="{" ".join(name for name, on in kinds.items() if on)}"><div class="head"><h2{long}>{escape(view.title)}</h2>{mark}</div>'
        f"{_switch(context, slide, place)}"
        f'{drawn}<p class="sentence">{escape(view.sentence)}</p><div class="small">{small}</div></div>'
    )


def _switch(context: Context, slide: StageSlide, current: int) -> str:
    """Buttons that change the view of a slide."""
    if len(slide.views) < 2:
        return ""
    buttons = "".join(
        f'<button type="button" data-view="{place}" aria-pressed="{"true" if place == current else "false"}">{escape(view.label)}</button>'
        for place, view in enumerate(slide.views)
    )
    return f'<div class="switch" role="group" aria-label="{escape(context.texts("present.show.switch"))}">{buttons}</div>'


def _bar(context: Context) -> str:
    """The buttons at the foot of every slide; `show.js` makes them work."""
    texts = context.texts

    def button(name: str, key: str, sign: str) -> str:
        label = escape(texts(f"present.show.{name}"))
        return f'<button type="button" id="{name}" aria-label="{label}" title="{label}（{key}）" aria-keyshortcuts="{key}">{sign}</button>'

    return (
        f'<nav class="bar" aria-label="{escape(texts("present.show.navigation"))}">{button("speaker", "S", SPEAKER)}{button("full_screen", "F", FULL_SCREEN)}'
        f'{button("previous", "PageUp", PREVIOUS)}<output id="position" aria-live="polite"></output>{button("next", "PageDown", NEXT)}</nav>'
    )


def _figures(slides: Sequence[StageSlide]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Every figure as Plotly takes it. Shapes that several traces draw stand once, under a short name."""
    shapes: dict[str, Any] = {}
    figures = [_figure(view.figure, shapes) for slide in slides for view in slide.views if view.figure is not None]
    return figures, shapes


def _figure(figure: go.Figure, shapes: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(plotly.io.to_json(figure, validate=False))
    for trace in content["data"]:
        if isinstance(trace.get("geojson"), dict):
            name = hashlib.sha256(json.dumps(trace["geojson"], sort_keys=True).encode()).hexdigest()[:12]
            shapes.setdefault(name, trace["geojson"])
            trace["geojson"] = name
    return content


def _cited(context: Context, shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """How the figures can be made again, for `python -m atlas reproduce`."""
    provenance = Provenance(datetime.now().astimezone().isoformat(timespec="seconds"))
    return [figure_cited(one.exhibit, context.store.version, provenance) for one in shown]


def _json(data: Any) -> str:
    """JSON that may stand in a page: nothing in it can end the element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _colours(context: Context) -> str:
    palette = context.look.palette
    names = ("page", "text", "second", "accent", "grid", "caution")
    scheme = "dark" if context.look.dark else "light"
    return f":root{{color-scheme:{scheme};--fonts:{FONTS};{''.join(f'--{name}:{getattr(palette, name)};' for name in names)}}}"


@cache
def _plotly() -> str:
    return str(get_plotlyjs())


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text("utf-8")
