"""What stands on the slides of a show: one or several views a slide, each with its title, figure, sentence and small lines."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from atlas.exhibits.context import Context
from atlas.figures.map_legend import ROW
from atlas.figures.rows import text_width
from atlas.stories.model import Shown
from atlas.stories.stage import GROWN, HEIGHT, MAP_PART, SIDE, WIDTH, fitted

MAP = "need_map:need_map"
TITLE, LONG_TITLE, TEXT, SMALL = 36, 30, 24, 16
"""Pixels: the sizes of titles, of titles of many letters, of sentence and small lines (`show.css` has the same)."""
MANY_LETTERS = 40.0
MARK = 270
"""Pixels at the right of a title that belong to the mark of the sample."""
BAR = 300
"""Pixels at the right foot that belong to the buttons."""
AROUND = 92
"""Pixels of a slide that are margins between its parts."""
LEAST_ROOM = 240.0
SWITCH = 56
END_OF_SENTENCE = re.compile(r"(?<=。)|(?<=[a-z0-9)%”\"]{2}[.?])\s+(?=[A-Z0-9“\"])")


@dataclass(frozen=True)
class View:
    """What is seen at once. label: on the button that shows it, where a slide has several views."""

    label: str
    title: str
    sentence: str
    small: tuple[str, ...]
    figure: go.Figure | None
    is_map: bool
    is_sample: bool
    is_crowded: bool = False
    """A map whose sentence finds no room above the legend and stands below."""

    @property
    def has_long_title(self) -> bool:
        """Whether the title needs smaller letters."""
        return text_width(self.title) > MANY_LETTERS


@dataclass(frozen=True)
class StageSlide:
    """Views that follow each other on one slide, and what the speaker wants to remember."""

    views: tuple[View, ...]
    notes: str


def stage_slides(context: Context, shown: Sequence[Shown]) -> list[StageSlide]:
    """The slides in their order; maps of the same places that follow each other become one slide whose indicator is switched."""
    found: list[StageSlide] = []
    for group in _grouped(shown):
        joined = len(group) > 1
        views = [view for one in group for view in _views(context, one, _indicator(context, one) if joined else "", joined)]
        if any(view.is_crowded for view in views):  # the map stays in its place when the indicator is switched
            views = [replace(view, is_crowded=view.is_map) for view in views]
        found.append(StageSlide(tuple(views), "\n\n".join(_notes(one) for one in group)))
    return found


def first_sentence(text: str) -> str:
    """What is said before the first full stop: a slide has one sentence, the rest stands in the notes."""
    return next((part.strip() for part in END_OF_SENTENCE.split(text) if part.strip()), "")


def _grouped(shown: Sequence[Shown]) -> list[list[Shown]]:
    groups: list[list[Shown]] = []
    for one in shown:
        place = one.exhibit.settings.get("city"), one.exhibit.settings.get("year")
        before = groups[-1][-1] if groups else None
        same = before is not None and place == (before.exhibit.settings.get("city"), before.exhibit.settings.get("year"))
        if same and before is not None and one.slide.build == before.slide.build == MAP:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _indicator(context: Context, one: Shown) -> str:
    """The short name of what a map shows."""
    identifier = one.exhibit.settings["indicator"]
    return context.texts("need_map.index.short") if identifier == "index" else context.word(context.indicator(identifier), "short")


def _views(context: Context, one: Shown, label: str, joined: bool) -> list[View]:
    exhibit = one.exhibit
    sentence = one.sentence if one.slide.sentence else first_sentence(one.sentence)
    small = tuple(line.strip() for line in (exhibit.subtitle, *exhibit.sources) if line.strip())
    is_map = exhibit.figure is not None and exhibit.figure.layout.geo.projection.type is not None
    plain = View(label, one.title, sentence, small, None, is_map, exhibit.is_sample)
    if exhibit.figure is None:
        return [plain]
    parts = fitted(exhibit.figure, _room(plain, joined), context.look.palette.second)
    if len(parts) > 1:  # once more, with room for the buttons
        parts = fitted(exhibit.figure, _room(plain, True), context.look.palette.second)
    if is_map and _is_crowded(plain, parts[0], joined):
        plain = replace(plain, is_crowded=True)
    labels = [label] if len(parts) == 1 else [context.texts("present.show.part", number=number, of=len(parts)) for number in range(1, len(parts) + 1)]
    return [replace(plain, label=name, figure=part) for name, part in zip(labels, parts, strict=True)]


def _room(view: View, switch: bool) -> float:
    """Pixels left for the figure; a little less than there is, since letters are counted, not measured."""
    inner = WIDTH - 2 * SIDE
    title = LONG_TITLE if view.has_long_title else TITLE
    used = AROUND + _lines(view.title, title, inner - (MARK if view.is_sample else 0)) * title * 1.3
    used += sum(_lines(line, SMALL, inner - BAR) for line in view.small) * SMALL * 1.4
    if not view.is_map:
        used += _lines(view.sentence, TEXT, inner) * TEXT * 1.4 + (SWITCH if switch else 0)
    return max(HEIGHT - used, LEAST_ROOM)


def _is_crowded(view: View, figure: go.Figure, switch: bool) -> bool:
    """Whether switch, sentence and legend at the right of a map need more than its height."""
    beside = (1 - MAP_PART) * (WIDTH - 2 * SIDE) - 24
    legend = len(figure.layout.annotations) * ROW * GROWN
    return _lines(view.sentence, TEXT, beside) * TEXT * 1.4 + (2 * SWITCH if switch else 0) + legend > _room(view, switch) + 24


def _lines(text: str, size: float, width: float) -> int:
    return math.ceil(text_width(text) * size * 1.02 / width)


def _notes(one: Shown) -> str:
    """The speaker's own notes, then what the slide leaves out: the whole sentence and the notes of caution."""
    whole = one.exhibit.sentence
    left_out = whole if whole != first_sentence(whole) or (one.slide.sentence and whole != one.sentence) else ""
    return "\n".join(part for part in (one.notes, left_out, *one.exhibit.cautions) if part)
