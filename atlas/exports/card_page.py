"""One card on one A4 page: head, maps and places, figures and bars, cautions, sources, foot. Nothing goes beyond the margins."""

from __future__ import annotations

from datetime import date
from functools import partial

from atlas.exhibits.district_card import Card
from atlas.exports.card_figures import draw_bars, draw_facts, draw_index
from atlas.exports.card_map import DOT, RADIUS, draw_city, draw_district, mark
from atlas.exports.card_sheet import BODY, BOTTOM, HEIGHT, LARGE, LEFT, RIGHT, SMALL, TITLE, TOP, Sheet, height_of
from atlas.exports.tables import APP_VERSION
from atlas.figures.look import LIGHT
from atlas.texts import Texts

WIDTH = RIGHT - LEFT
GUTTER = 6.0
HEADLINE = (LARGE, LARGE - 0.5, LARGE - 1.0)
"""The largest of these in which the sentence fits in one line, else the first in two."""
MAP, LEAST, MOST = 114.0, 60.0, 120.0
"""Width of the district's map, its least and greatest height."""
CITY_LEAST, CITY_MOST = 0.3, 0.48
"""Height of the map of the city, of that of the district: the list of places below it has the rest."""
KEY, BREAK = 9.0, 2.0
"""Room for the key below the map, and between blocks."""
FACTS = 112.0
FOOT = 6.0
SOURCE_LINES, CAUTION_LINES, NAME_LINES = 9, 10, 2
BARS_BESIDE_INDEX = 4


def draw_page(sheet: Sheet, card: Card, texts: Texts, *, number: int, total: int, made: date) -> None:
    """Add the page of a card; the foot says that it is `number` of `total`.

    Words and figures take the room they need; the maps take what is left, within bounds. What still has no room is counted, not dropped unsaid.
    """
    sheet.add_page()
    sheet.start_section(sheet.printable(card.name))
    y = _head(sheet, card, texts)
    with sheet.measuring():
        sources = _sources(sheet, card, texts, 0.0)
        cautions = _cautions(sheet, card, texts, 0.0)
        figures = _figures(sheet, card, texts, 0.0)
    below = BOTTOM - FOOT - sources
    room = below - cautions - figures - 2 * BREAK - y - KEY
    y = _maps(sheet, card, texts, y, min(max(room, LEAST), MOST))
    figures_end = below - cautions - BREAK
    _figures(sheet, card, texts, y, limit=figures_end)
    _cautions(sheet, card, texts, min(y + figures + BREAK, figures_end + BREAK))
    _sources(sheet, card, texts, below)
    _foot(sheet, card, texts, number, total, made)


def _head(sheet: Sheet, card: Card, texts: Texts) -> float:
    y = TOP
    if card.sample:
        lines = sheet.lines(card.sample, BODY, WIDTH - 6)
        tall = len(lines) * height_of(BODY) + 2.4
        sheet.box(LEFT + 0.3, y + 0.3, WIDTH - 0.6, tall - 0.6, line=LIGHT.text, thick=0.6)
        sheet.paragraph(LEFT + 3, y + 1.2, WIDTH - 6, card.sample, BODY, bold=True)
        y += tall + 2.0
    aside = texts("card.name")
    sheet.say(LEFT, y + 3.6, sheet.fitted(card.city, BODY + 1, WIDTH - sheet.wide(aside, BODY + 1) - GUTTER), BODY + 1, colour=LIGHT.second)
    sheet.say(RIGHT, y + 3.6, aside, BODY + 1, colour=LIGHT.second, align="right")
    y = sheet.paragraph(LEFT, y + 4.2, WIDTH, card.name, TITLE, bold=True, most=NAME_LINES) + 1.0
    sheet.box(LEFT, y, WIDTH, 0.9, fill=LIGHT.accent)
    size = next((one for one in HEADLINE if len(sheet.lines(card.headline, one, WIDTH)) == 1), HEADLINE[0])
    y = sheet.paragraph(LEFT, y + 2.2, WIDTH, card.headline, size, bold=True, most=2)
    return sheet.paragraph(LEFT, y + 0.3, WIDTH, card.lead, SMALL, colour=LIGHT.second, most=2) + 1.6


def _maps(sheet: Sheet, card: Card, texts: Texts, y: float, height: float) -> float:
    """The district at the left, where it lies and the list of places at the right. The y below them."""
    right, width = LEFT + MAP + GUTTER, WIDTH - MAP - GUTTER
    bottom = y + height
    top = sheet.heading(right, y, width, texts("card.locator", city=card.city))
    with sheet.measuring():
        listed = _places(sheet, card, texts, right, 0.0, width, HEIGHT)[1]
    city = min(max(bottom - top - listed - BREAK, CITY_LEAST * height), CITY_MOST * height)
    draw_city(sheet, card, right, top, width, city)
    numbered, _ = _places(sheet, card, texts, right, top + city + BREAK, width, bottom + height_of(SMALL) + 1.0)
    draw_district(sheet, card, texts, LEFT, y, MAP, height, card.places[:numbered])
    _map_key(sheet, texts, bottom + 0.6)
    return bottom + KEY


def _places(sheet: Sheet, card: Card, texts: Texts, x: float, y: float, width: float, limit: float) -> tuple[int, float]:
    """The list, as far as it fits; what does not is counted. How many have a number, and the y below them."""
    y = sheet.heading(x, y, width, texts("card.places.title"))
    if not card.places:
        return 0, sheet.paragraph(x, y, width, texts("card.places.none"), SMALL, colour=LIGHT.second, most=2)
    indent = 2 * RADIUS + 1.6
    entries = [sheet.lines(texts("card.places.entry", name=one.name, kind=one.kind), SMALL, width - indent) for one in card.places]
    entries = [sheet.cut(lines, SMALL, width - indent, 2) for lines in entries]
    heights = [max(len(lines) * height_of(SMALL), 2 * RADIUS) + 0.5 for lines in entries]
    fit = len(entries)
    while fit and y + sum(heights[:fit]) + (height_of(SMALL) if fit < len(entries) else 0.0) > limit:
        fit -= 1
    for number, (place, lines) in enumerate(zip(card.places[:fit], entries, strict=False), 1):
        mark(sheet, x + RADIUS + 0.2, y + RADIUS, number, place.is_school)
        for line, text in enumerate(lines):
            sheet.say(x + indent, y + height_of(SMALL) * (line + 0.78), text, SMALL)
        y += heights[number - 1]
    if fit < len(entries):
        sheet.say(x, y + 3.0, texts("card.places.more", count=len(entries) - fit), SMALL, colour=LIGHT.second)
        y += height_of(SMALL)
    return fit, y


def _map_key(sheet: Sheet, texts: Texts, y: float) -> None:
    """What the marks are, in one line below the map."""
    at, middle = LEFT, y + 2.0
    for name in ("school", "place", "elsewhere"):
        if name == "elsewhere":
            sheet.spot(at + 0.8, middle, DOT, fill=LIGHT.page, line=LIGHT.second, thick=0.2, square=True)
            sheet.spot(at + 3.2, middle, DOT, fill=LIGHT.page, line=LIGHT.second, thick=0.2)
            at += 2.4
        else:
            sheet.spot(at + 1.2, middle, 1.1, fill=LIGHT.text if name == "school" else LIGHT.page, line=LIGHT.text, thick=0.3, square=name == "school")
        words = texts(f"card.map.{name}")
        sheet.say(at + 3.2, y + 3.0, words, SMALL, colour=LIGHT.second)
        at += 6.0 + sheet.wide(words, SMALL)


def _figures(sheet: Sheet, card: Card, texts: Texts, y: float, *, limit: float = HEIGHT) -> float:
    """Table left, bars and index right. The y below both."""
    left = draw_facts(sheet, LEFT, y, FACTS, card.facts, texts, limit=limit)
    x, width = LEFT + FACTS + GUTTER, WIDTH - FACTS - GUTTER
    if card.index is None:
        return max(left, draw_bars(sheet, x, y, width, card.comparisons, texts, limit=limit))
    with sheet.measuring():
        index = draw_index(sheet, x, 0.0, width, card.index, texts) + BREAK
    bars = draw_bars(sheet, x, y, width, card.comparisons[:BARS_BESIDE_INDEX], texts, limit=limit - index)
    return max(left, draw_index(sheet, x, bars + BREAK, width, card.index, texts, limit=limit))


def _cautions(sheet: Sheet, card: Card, texts: Texts, y: float) -> float:
    if not card.cautions:
        return y
    y = sheet.heading(LEFT, y, WIDTH, texts("card.cautions"))
    return sheet.points(LEFT, y, WIDTH, card.cautions, partial(_counted, texts, "card.caution.more"), lines=CAUTION_LINES) + 0.8


def _sources(sheet: Sheet, card: Card, texts: Texts, y: float) -> float:
    y = sheet.heading(LEFT, y, WIDTH, texts("card.sources"))
    rest = partial(_counted, texts, "card.source_more")
    return sheet.points(LEFT, y, WIDTH, card.sources, rest, lines=SOURCE_LINES, mark="", colour=LIGHT.second) + 1.0


def _counted(texts: Texts, key: str, count: int) -> str:
    return texts(key, count=count)


def _foot(sheet: Sheet, card: Card, texts: Texts, number: int, total: int, made: date) -> None:
    version = texts("card.footer.version", app=texts("frame.name"), release=APP_VERSION, version=card.data_version[:12])
    day = texts("card.footer.date", year=made.year, month=made.month, day=made.day)
    sheet.rule(LEFT, BOTTOM - 4.6, RIGHT, BOTTOM - 4.6, LIGHT.grid, 0.2)
    sheet.say(LEFT, BOTTOM - 1.0, version, SMALL, colour=LIGHT.second)
    sheet.say((LEFT + RIGHT) / 2 + 22, BOTTOM - 1.0, texts("card.footer.made", date=day), SMALL, colour=LIGHT.second, align="middle")
    sheet.say(RIGHT, BOTTOM - 1.0, texts("card.footer.page", number=number, total=total), SMALL, colour=LIGHT.second, align="right")
