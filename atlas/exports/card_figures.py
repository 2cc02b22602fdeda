"""The figures of a card: the table, the shares as bars beside city and districts, the parts of an index."""

from __future__ import annotations

import math
from collections.abc import Sequence

from atlas.exhibits.district_card import Comparison, IndexPart
from atlas.exhibits.district_profile import Fact
from atlas.exports.card_sheet import BODY, HEIGHT, SMALL, Sheet, height_of
from atlas.figures.look import LIGHT
from atlas.texts import Texts

COLUMNS = (("label", 0.0, 0.418), ("value", 0.418, 0.28), ("difference", 0.698, 0.192), ("rank", 0.89, 0.11))
"""Where the columns of the table begin and how wide they are, of its width. Figures stand at the right."""
BAR, TICK = 2.6, 4.4
GAP = 1.2


def draw_facts(sheet: Sheet, x: float, y: float, width: float, facts: Sequence[Fact], texts: Texts, *, limit: float = HEIGHT) -> float:
    """Every figure with its difference to the city and its rank, as many as fit above `limit`. The y below them."""
    y = sheet.heading(x, y, width, texts("card.facts.title"))
    for name, start, part in COLUMNS:
        left = name == "label"
        at = x + width * start if left else x + width * (start + part)
        sheet.say(at, y + 3.0, texts(f"card.facts.{name}"), SMALL, colour=LIGHT.second, align="left" if left else "right")
    y += 4.2
    for position, fact in enumerate(facts):
        cells = [
            (fact.label, fact.chosen),
            (fact.value, True),
            (fact.difference or texts("frame.no_value"), False),
            (fact.rank or texts("frame.no_value"), False),
        ]
        broken = [_broken(sheet, text, width * part - GAP) for (text, _), (_, _, part) in zip(cells, COLUMNS, strict=True)]
        tall = max(len(lines) for lines in broken) * height_of(BODY - 0.5) + 0.15
        last = position == len(facts) - 1
        if y + tall > limit - (0.0 if last else height_of(SMALL)):
            sheet.say(x, y + 3.2, texts("card.facts.more", count=len(facts) - position), SMALL, colour=LIGHT.second)
            return y + height_of(SMALL)
        sheet.rule(x, y, x + width, y, LIGHT.grid, 0.15)
        for (_, bold), lines, (name, start, part) in zip(cells, broken, COLUMNS, strict=True):
            left = name == "label"
            at = x + width * start if left else x + width * (start + part)
            for line, text in enumerate(lines):
                sheet.say(at, y + height_of(BODY - 0.5) * (line + 0.78), text, BODY - 0.5, bold=bold, align="left" if left else "right")
        y += tall
    return y


def _broken(sheet: Sheet, text: str, width: float) -> list[str]:
    """A cell in lines; the word beside a number (推計 ...) goes to a line of its own before it is broken."""
    lines = sheet.lines(text, BODY - 0.5, width)
    at = max(text.find("（"), text.find(" ("))
    return lines if len(lines) < 2 or at < 1 else [*sheet.lines(text[:at], BODY - 0.5, width), *sheet.lines(text[at:], BODY - 0.5, width)]


def draw_bars(sheet: Sheet, x: float, y: float, width: float, comparisons: Sequence[Comparison], texts: Texts, *, limit: float = HEIGHT) -> float:
    """Each share as a bar from 0 on one scale for all, the city as an upright line, the districts from lowest to highest as a line with ends.

    As many as fit above `limit`; every share stands in the table too. The y below them.
    """
    y = sheet.heading(x, y, width, texts("card.bars.title"))
    if not comparisons:
        return sheet.paragraph(x, y, width, texts("card.bars.none"), SMALL, colour=LIGHT.second)
    y = _key(sheet, x, y, width, texts) + 0.8
    known = [value for one in comparisons for value in (one.value, one.city, one.high) if value is not None]
    most = math.ceil(max(known, default=0.1) * 10 + 1e-9) / 10
    for one in comparisons:
        words = sheet.wide(one.words, BODY) + GAP
        label = sheet.cut(sheet.lines(one.label, BODY - 0.5, width - words), BODY - 0.5, width - words, 2)
        if y + len(label) * height_of(BODY - 0.5) + TICK + height_of(SMALL) > limit:
            break
        for line in label:
            sheet.say(x, y + 3.3, line, BODY - 0.5)
            y += height_of(BODY - 0.5)
        sheet.say(x + width, y - height_of(BODY - 0.5) + 3.3, one.words, BODY, bold=True, align="right")
        _bar(sheet, x, y + 0.3 + (TICK - BAR) / 2, width / most, one)
        sheet.say(x, y + TICK + 3.3, one.beside, SMALL, colour=LIGHT.second)
        y += TICK + height_of(SMALL) + 1.5
    return y


def _bar(sheet: Sheet, x: float, y: float, scale: float, one: Comparison) -> None:
    sheet.rule(x, y - (TICK - BAR) / 2, x, y + BAR + (TICK - BAR) / 2, LIGHT.second, 0.2)
    if one.value is not None:
        sheet.box(x, y, max(one.value * scale, 0.1), BAR, fill=LIGHT.sequential[2])
    if one.low is not None and one.high is not None:
        _range(sheet, x + one.low * scale, x + one.high * scale, y + BAR / 2)
    if one.city is not None:
        _tick(sheet, x + one.city * scale, y)


def _range(sheet: Sheet, low: float, high: float, y: float) -> None:
    sheet.rule(low, y, high, y, LIGHT.text, 0.25)
    for end in (low, high):
        sheet.rule(end, y - 0.8, end, y + 0.8, LIGHT.text, 0.25)


def _tick(sheet: Sheet, x: float, y: float) -> None:
    """White beside the black, so that it can be seen on the bar without colour."""
    top = y - (TICK - BAR) / 2
    sheet.box(x - 0.7, top, 1.4, TICK, fill=LIGHT.page)
    sheet.box(x - 0.4, top, 0.8, TICK, fill=LIGHT.text)


def _key(sheet: Sheet, x: float, y: float, width: float, texts: Texts) -> float:
    """What bar, upright line and line with ends are; a second line where they do not fit in one."""
    at = x
    for name in ("own", "city", "range"):
        words = texts(f"card.bars.{name}")
        if at > x and at + 6.0 + sheet.wide(words, SMALL) > x + width:
            at, y = x, y + height_of(SMALL)
        if name == "own":
            sheet.box(at, y + 0.7, 5.0, BAR, fill=LIGHT.sequential[2])
        elif name == "city":
            at -= 3.0
            _tick(sheet, at + 4.5, y + 0.9)
        else:
            _range(sheet, at, at + 5.0, y + 2.0)
        sheet.say(at + 6.0, y + 3.0, words, SMALL, colour=LIGHT.second)
        at += 8.4 + sheet.wide(words, SMALL)
    return y + height_of(SMALL) + 0.8


def draw_index(sheet: Sheet, x: float, y: float, width: float, index: IndexPart, texts: Texts, *, limit: float = HEIGHT) -> float:
    """Weight and part of each indicator as far as they fit above `limit`, and the score in words. The y below them."""
    y = sheet.heading(x, y, width, index.title)
    y = sheet.paragraph(x, y, width, index.note, SMALL) + 0.6
    for position, part in enumerate(index.parts):
        last = position == len(index.parts) - 1
        if y + 5.0 + (0.0 if last else height_of(SMALL)) > limit:
            sheet.say(x, y + 3.0, texts("card.index.more", count=len(index.parts) - position), SMALL, colour=LIGHT.second)
            return y + height_of(SMALL)
        words = sheet.wide(part.contribution, SMALL) + GAP
        for line in sheet.cut(sheet.lines(texts("card.index.part", label=part.label, weight=part.weight), SMALL, width - words), SMALL, width - words, 1):
            sheet.say(x, y + 2.9, line, SMALL)
        sheet.say(x + width, y + 2.9, part.contribution, SMALL, align="right")
        sheet.box(x, y + 3.6, max(width * part.share, 0.1), 0.9, fill=LIGHT.sequential[2])
        y += 5.0
    return y + 0.6
