"""The two maps of a card, drawn as vector paths: the district with its schools and places, and where it lies in the city."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from atlas.exhibits.card_ground import CityGround
from atlas.exhibits.district_card import Card, CardPlace
from atlas.exhibits.need_map_words import plain_name
from atlas.exports.card_sheet import POINT, SMALL, Sheet, height_of
from atlas.figures.look import LIGHT
from atlas.figures.shapes import polygons, room_for
from atlas.texts import Texts

RADIUS, DOT = 1.9, 0.75
"""Of a numbered mark and of a small one, millimetres."""
AROUND = 0.08
"""Ground shown around the district, of its width or height on each side."""
SEEN = 3.0
"""A district narrower than this on the map of the city is ringed."""
ROUNDS = 60

Place = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Where on the page a map stands (millimetres, y down), and which ground it shows: its middle in metres, metres a millimetre."""

    x: float
    y: float
    width: float
    height: float
    east: float
    north: float
    scale: float

    def on_page(self, points: np.ndarray) -> list[Place]:
        """Metres (n, 2) to millimetres of the page."""
        xs = self.x + self.width / 2 + (points[:, 0] - self.east) / self.scale
        ys = self.y + self.height / 2 - (points[:, 1] - self.north) / self.scale
        return list(zip(xs.tolist(), ys.tolist(), strict=True))

    @property
    def window(self) -> BaseGeometry:
        """The ground shown, metres."""
        return self.ground(self.x, self.y, self.width, self.height)

    def ground(self, x: float, y: float, width: float, height: float) -> BaseGeometry:
        """The ground below a rectangle of the page."""
        west = self.east + (x - self.x - self.width / 2) * self.scale
        north = self.north - (y - self.y - self.height / 2) * self.scale
        return box(west, north - height * self.scale, west + width * self.scale, north)


@dataclass(frozen=True)
class ScaleBar:
    """Where the scale bar stands, millimetres; long: of the bar itself."""

    x: float
    y: float
    width: float
    height: float
    long: float
    words: str


def framed(bounds: Sequence[float], x: float, y: float, width: float, height: float, around: float = AROUND) -> Frame:
    """The frame in which bounds (west, south, east, north in metres) are as large as they can be."""
    west, south, east, north = bounds
    scale = max((east - west) / width, (north - south) / height, 0.01) / (1 - 2 * around)
    return Frame(x, y, width, height, (west + east) / 2, (south + north) / 2, scale)


def draw_district(sheet: Sheet, card: Card, texts: Texts, x: float, y: float, width: float, height: float, numbered: Sequence[CardPlace]) -> None:
    """The district and what touches it. numbered: the places that have a number in the list, the first with 1; the others are small."""
    ground = card.ground
    if ground is None or card.code not in ground.near:
        sheet.box(x, y, width, height, line=LIGHT.grid)
        sheet.paragraph(x + 4, y + 4, width - 8, texts("card.map.none"), colour=LIGHT.second)
        return
    own = ground.near[card.code]
    frame = framed(own.bounds, x, y, width, height)
    _fill(sheet, frame, own, LIGHT.sequential[0])
    around = _around(frame, card.elsewhere)
    bar = _scale(sheet, frame, own, texts)
    _neighbours(sheet, frame, ground, card.code, [at for _, at in around], bar)
    _lines(sheet, frame, [shapely.boundary(own)], LIGHT.text, 0.75)
    for place, at in around:
        sheet.spot(*at, DOT, fill=LIGHT.page, line=LIGHT.second, thick=0.2, square=place.is_school)
    for place in card.places[len(numbered) :]:
        at = frame.on_page(np.array([[place.x, place.y]]))[0]
        sheet.spot(*at, DOT, fill=LIGHT.text, line=LIGHT.page, thick=0.15, square=place.is_school)
    _draw_scale(sheet, bar)
    _numbers(sheet, frame, numbered)
    sheet.box(x, y, width, height, line=LIGHT.context, thick=0.25)


def draw_city(sheet: Sheet, card: Card, x: float, y: float, width: float, height: float) -> None:
    """All districts of the city as outlines, this one filled."""
    ground = card.ground
    if ground is None or card.code not in ground.far:
        return
    frame = framed(shapely.total_bounds(np.array(list(ground.far.values()), dtype=object)), x, y, width, height, 0.01)
    _lines(sheet, frame, shapely.boundary(np.array(list(ground.far.values()), dtype=object)), LIGHT.context, 0.15)
    own = ground.far[card.code]
    _fill(sheet, frame, own, LIGHT.accent)
    _lines(sheet, frame, [shapely.boundary(own)], LIGHT.text, 0.3)
    west, south, east, north = own.bounds
    if max(east - west, north - south) / frame.scale < SEEN:
        centre = frame.on_page(np.array([[(west + east) / 2, (south + north) / 2]]))[0]
        sheet.set_draw_color(LIGHT.text)
        sheet.set_line_width(0.4)
        sheet.circle(*centre, SEEN, style="D")


def mark(sheet: Sheet, x: float, y: float, number: int, is_school: bool) -> None:
    """A number in its mark: schools white in a black square, other places black in a white circle."""
    sheet.spot(x, y, RADIUS, fill=LIGHT.text if is_school else LIGHT.page, line=LIGHT.text, thick=0.35, square=is_school)
    sheet.say(x, y + SMALL * POINT * 0.36, str(number), SMALL, colour=LIGHT.page if is_school else LIGHT.text, align="middle")


def _fill(sheet: Sheet, frame: Frame, shape: BaseGeometry, colour: str) -> None:
    """The shape in one colour; its holes are painted over, so it has to be drawn before what lies in them."""
    for part in polygons(shape):
        for ring, paint in ((part.exterior, colour), *((hole, LIGHT.page) for hole in part.interiors)):
            sheet.set_fill_color(paint)
            sheet.polygon(frame.on_page(shapely.get_coordinates(ring)), style="F")


def _lines(sheet: Sheet, frame: Frame, shapes: Iterable[BaseGeometry], colour: str, thick: float) -> None:
    sheet.set_draw_color(colour)
    sheet.set_line_width(thick)
    for shape in shapes:
        for part in shapely.get_parts(shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape):
            if isinstance(part, LineString) and not part.is_empty:
                sheet.polyline(frame.on_page(shapely.get_coordinates(part)))


def _around(frame: Frame, places: Sequence[CardPlace]) -> list[tuple[CardPlace, Place]]:
    """The places that the map shows, and where."""
    if not places:
        return []
    spots = frame.on_page(np.array([[place.x, place.y] for place in places]))
    inside = (frame.x + 1, frame.y + 1, frame.x + frame.width - 1, frame.y + frame.height - 1)
    return [(place, at) for place, at in zip(places, spots, strict=True) if inside[0] < at[0] < inside[2] and inside[1] < at[1] < inside[3]]


def _neighbours(sheet: Sheet, frame: Frame, ground: CityGround, code: str, marks: Sequence[Place], bar: ScaleBar) -> None:
    """Borders of the districts around, as far as the map goes, the border of the city, and names where they fit."""
    window = frame.window.buffer(-0.4 * frame.scale, join_style="mitre")  # half a line's width inside the frame
    codes = [one for one in ground.near if one != code]
    shapes = np.array([ground.near[one] for one in codes], dtype=object)
    near = shapely.intersects(shapes, window) if len(codes) else np.array([], dtype=bool)
    _lines(sheet, frame, shapely.intersection(shapely.boundary(shapes[near]), window) if near.any() else [], LIGHT.second, 0.2)
    _lines(sheet, frame, [shapely.intersection(ground.border, window)], LIGHT.second, 0.55)
    inner = shapely.difference(window.buffer(-frame.scale), frame.ground(bar.x, bar.y, bar.width, bar.height))
    for one, shape in zip(np.array(codes, dtype=object)[near], shapes[near], strict=True):
        name = plain_name(ground.names[one])
        seen = shapely.intersection(shape, inner)
        width, height = sheet.wide(name, SMALL) + 2, height_of(SMALL) * 1.3
        spot = room_for(seen, width * frame.scale, height * frame.scale) if not seen.is_empty else None
        if spot is None:
            continue
        # A mark under a name hides both: the name steps aside, or stays away where there is no room.
        for step in (0.0, 1.0, -1.0, 2.0, -2.0):
            at = spot[0], spot[1] + step * height * frame.scale
            x, y = frame.on_page(np.array([at]))[0]
            free = all(abs(mark_x - x) > width / 2 + DOT or abs(mark_y - y) > height / 2 + DOT for mark_x, mark_y in marks)
            half_width, half_height = width * frame.scale / 2, height * frame.scale / 2
            if free and (step == 0.0 or seen.contains(box(at[0] - half_width, at[1] - half_height, at[0] + half_width, at[1] + half_height))):
                sheet.say(x, y + SMALL * POINT * 0.36, name, SMALL, colour=LIGHT.second, align="middle")
                break


def _numbers(sheet: Sheet, frame: Frame, places: Sequence[CardPlace]) -> None:
    if not places:
        return
    true = np.array(frame.on_page(np.array([[place.x, place.y] for place in places])))
    true = np.clip(true, [frame.x + RADIUS, frame.y + RADIUS], [frame.x + frame.width - RADIUS, frame.y + frame.height - RADIUS])
    moved = apart(true, 2 * RADIUS + 0.5, (frame.x, frame.y, frame.x + frame.width, frame.y + frame.height))
    for (x, y), (at_x, at_y) in zip(moved, true, strict=True):
        if math.hypot(x - at_x, y - at_y) > RADIUS * 0.75:
            sheet.rule(at_x, at_y, x, y, LIGHT.text, 0.25)
            sheet.spot(at_x, at_y, 0.5, fill=LIGHT.text, line=LIGHT.text, thick=0.1)
    for number, ((x, y), place) in enumerate(zip(moved, places, strict=True), 1):
        mark(sheet, x, y, number, place.is_school)


def apart(points: np.ndarray, gap: float, bounds: tuple[float, float, float, float]) -> np.ndarray:
    """Marks (n, 2) moved until none is nearer than `gap` to another, as far as there is room; those at one place go round it."""
    moved = points.astype(float).copy()
    turn = np.arange(len(moved)) * 2.4  # the golden angle: no two start in one direction
    moved += 0.01 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    low, high = np.array(bounds[:2]) + gap / 2, np.array(bounds[2:]) - gap / 2
    for _ in range(ROUNDS):
        away = moved[:, None, :] - moved[None, :, :]
        far = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(far, gap)
        push = np.maximum(gap - far, 0.0)
        if not push.any():
            break
        moved = np.clip(moved + (away / np.maximum(far, 1e-9)[..., None] * push[..., None] * 0.55).sum(axis=1), low, high)
    return moved


def _scale(sheet: Sheet, frame: Frame, own: BaseGeometry, texts: Texts) -> ScaleBar:
    """A round length, a quarter of the map at most, in the corner where it hides least of the district."""
    longest = frame.width * frame.scale / 4
    power = 10.0 ** math.floor(math.log10(longest))
    length = next(step * power for step in (5, 2, 1) if step * power <= longest)
    words = texts("card.map.kilometres", length=f"{length / 1000:g}") if length >= 1000 else texts("card.map.metres", length=f"{length:g}")
    long, tall = length / frame.scale, 6.6
    wide = max(long, sheet.wide(words, SMALL)) + 3.0
    corners = [(x, y) for y in (frame.y + frame.height - tall - 0.8, frame.y + 0.8) for x in (frame.x + 0.8, frame.x + frame.width - wide - 0.8)]
    hidden = [shapely.intersection(own, frame.ground(x, y, wide, tall)).area for x, y in corners]
    x, y = corners[int(np.argmin(hidden))]
    return ScaleBar(x, y, wide, tall, long, words)


def _draw_scale(sheet: Sheet, bar: ScaleBar) -> None:
    """On white, so that it can be read over lines."""
    x, y = bar.x + 1.5, bar.y
    sheet.box(bar.x, y, bar.width, bar.height, fill=LIGHT.page)
    sheet.say(x, y + 3.4, bar.words, SMALL)
    sheet.rule(x, y + 5.1, x + bar.long, y + 5.1, LIGHT.text, 0.5)
    for end in (x, x + bar.long):
        sheet.rule(end, y + 4.4, end, y + 5.4, LIGHT.text, 0.3)
