"""The map of places and reach: ground within reach shaded, small areas as dots, places by kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.analysis.arrays import FloatArray
from atlas.analysis.plane import from_plane
from atlas.analysis.reach import BoolArray, straight_radius
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.places_ground import PlacesAsked, Reached, in_metres
from atlas.figures import numbers
from atlas.figures.district_map import District, Drawing, Piece
from atlas.figures.map_legend import Key
from atlas.figures.reach_map import Dots, Shade, Sign, dot_size, reach_map, signed_keys

SYMBOLS = {
    "ibasho": "diamond", "kayoi_no_ba": "triangle-up", "consultation": "star", "childrens_cafeteria": "triangle-down", "member_organisation": "pentagon",
    "community_centre": "hexagon", "public_facility": "cross",
}  # fmt: skip
OTHERS = "square"
MARK_SIZE = {"star": 15, "cross": 11}
MISSING_SIZE = 8.0


def circles(points: FloatArray, radius: float, epsg: int) -> BaseGeometry:
    """The ground within reach of any of the points, in degrees: circles of the straight-line radius, joined."""
    if not len(points):
        return shapely.Polygon()
    joined = shapely.union_all(shapely.buffer(shapely.points(points), straight_radius(radius), quad_segs=16))
    return from_plane(np.array([joined], dtype=object), epsg)[0]


def ground_of(context: Context, asked: PlacesAsked, address: str | None, tips: Mapping[str, str]) -> Drawing:
    """The districts in one pale colour, each saying its own when touched."""
    ground = district_ground(context.store, asked.city)
    districts = [District(code, 0, "observed", tips.get(code, "")) for code in ground.shapes if code != ground.rest]
    return Drawing(
        [Piece(ground, address, districts)], (), (context.look.palette.sequential[0],), (), "", (), None, False, context.texts("need_map.key.rest"),
        tip_line(context, asked),
    )  # fmt: skip


def tip_line(context: Context, asked: PlacesAsked) -> str:
    """What every tip of a district ends with: who is counted, and when."""
    return f"{told.people_word(context, asked.people)}  {numbers.short_year(asked.targets.year, context.lang)}"


def rest_key(context: Context, asked: PlacesAsked) -> list[Key]:
    """The legend's line for ground without a school district."""
    return [Key(context.texts("need_map.key.rest"), pattern="rest")] if district_ground(context.store, asked.city).rest else []


def places_figure(context: Context, asked: PlacesAsked, answer: Reached, address: str | None, tips: Mapping[str, str]) -> go.Figure:
    """Draw it."""
    texts, palette, found = context.texts, context.look.palette, answer.found
    drawing = ground_of(context, asked, address, tips)
    inside, outside = Sign("circle", palette.accent), Sign("circle", palette.lines[1], hollow=True)
    missing = Sign("x", palette.second)
    known = ~np.isnan(answer.demand.weights)
    groups: list[tuple[BoolArray, Sign]] = []
    for sign, members in ((outside, ~found.within), (inside, found.within)):
        groups.append((members & known & ~found.coarse, sign))
        groups.append((members & known & found.coarse, Sign("square", sign.colour, sign.hollow)))
    groups.append((~known, missing))
    dots = [area_dots(context, asked, answer, members, sign) for members, sign in groups]
    kinds = [kind for kind in asked.kinds if (answer.places["kind"] == kind).any()]
    marks = {kind: Sign(SYMBOLS.get(kind, OTHERS), palette.text) for kind in kinds}
    dots += [_places(context, answer, kind, sign) for kind, sign in marks.items()]
    rows = [(texts("places.key.kind", kind=told.kind_word(context, kind), count=int((answer.places["kind"] == kind).sum())), marks[kind]) for kind in kinds]
    rows += [
        (texts("places.key.inside", people=told.amount(context, asked.people, found.total.within)), inside),
        (texts("places.key.outside", people=told.amount(context, asked.people, found.total.outside)), outside),
    ]
    if found.coarse.any():
        rows.append((texts("places.key.coarse"), Sign("square", palette.second, hollow=True)))
    if (~known).any():
        rows.append((texts("places.key.missing"), missing))
    reach_key = Key(texts("places.key.reach", radius=numbers.count(asked.radius)), palette.sequential[1])
    keys, signs = signed_keys(rows, [reach_key, *rest_key(context, asked)])
    shade = Shade(circles(in_metres(answer.places, answer.demand.epsg), asked.radius, answer.demand.epsg), palette.accent, 0.2)
    whole = Drawing(drawing.pieces, (), drawing.colours, keys, texts("places.legend"), (), None, False, drawing.rest_tip, drawing.tip_line)
    return reach_map(context.look, whole, shades=[shade], dots=dots, signs=signs)


def area_dots(context: Context, asked: PlacesAsked, answer: Reached, members: BoolArray, sign: Sign) -> Dots:
    """The small areas `members` as dots sized by their people."""
    rows, largest = answer.demand.rows, float(answer.demand.rows["value"].max())
    own = rows[members]
    sizes = [MISSING_SIZE if numbers.is_missing(value) else dot_size(value, largest) for value in own["value"]]
    tips = [_area_tip(context, asked, row.name_ja, row.value, str(row.status), way) for row, way in
            zip(own.itertuples(index=False), answer.found.nearest[members], strict=True)]  # fmt: skip
    return Dots(own["longitude"].round(5).tolist(), own["latitude"].round(5).tolist(), sizes, tips, sign)


def _area_tip(context: Context, asked: PlacesAsked, name: str, value: float, status: str, way: float) -> str:
    people = context.status_word(status) if numbers.is_missing(value) else told.amount(context, asked.people, value)
    lines = [f"<b>{name}</b>", f"<b>{people}</b>"]
    if np.isfinite(way):
        lines.append(context.texts("places.tip_way", metres=numbers.count(round(way, -1))))
    return "<br>".join(lines)


def _places(context: Context, answer: Reached, kind: str, sign: Sign) -> Dots:
    own = answer.places[answer.places["kind"] == kind]
    tips = [place_tip(context, row) for _, row in own.iterrows()]
    return Dots(own["longitude"].round(5).tolist(), own["latitude"].round(5).tolist(), [MARK_SIZE.get(sign.symbol, 13)] * len(own), tips, sign)


def place_tip(context: Context, row: object) -> str:
    """A place when touched: name, kind, district."""
    name, kind, district = (getattr(row, field) for field in ("name_ja", "kind", "district_ja"))
    lines = [f"<b>{name}</b>", told.kind_word(context, str(kind))]
    if not numbers.is_missing(district):
        lines.append(words_of.district_name(context, str(district)))
    return "<br>".join(lines)
