"""The map of next places: reach today in grey, reach gained in colour, the places to add with their numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
import shapely

from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.next_sites import Next, NextAsked
from atlas.exhibits.places_ground import in_metres
from atlas.exhibits.places_map import circles, ground_of, rest_key
from atlas.figures import numbers
from atlas.figures.district_map import Drawing
from atlas.figures.map_legend import Key
from atlas.figures.reach_map import Dots, Numbered, Shade, Sign, dot_size, reach_map, signed_keys

OUTSIDE_SIZE, EXISTING_SIZE = 4.5, 9.0


def next_figure(context: Context, asked: NextAsked, answer: Next, address: str | None, tips: Mapping[str, str]) -> go.Figure:
    """Draw it."""
    texts, palette, places = context.texts, context.look.palette, asked.places
    drawing = ground_of(context, places, address, tips)
    epsg, rows = answer.demand.epsg, answer.demand.rows
    old = circles(in_metres(answer.existing, epsg), places.radius, epsg)
    new = shapely.difference(circles(in_metres(answer.sites, epsg), places.radius, epsg), old)
    largest = float(rows["value"].max())
    known = rows["value"].notna().to_numpy()
    gained, left = answer.after & ~answer.before & known, ~answer.after & known
    fresh, outside, there = Sign("circle", palette.accent), Sign("circle", palette.second, hollow=True), Sign("diamond", palette.second)
    dots = [
        _areas(context, asked, answer, left, outside, [OUTSIDE_SIZE] * int(left.sum())),
        _areas(context, asked, answer, gained, fresh, [dot_size(value, largest) for value in rows.loc[gained, "value"]]),
        Dots(
            answer.existing["longitude"].round(5).tolist(), answer.existing["latitude"].round(5).tolist(), [EXISTING_SIZE] * len(answer.existing),
            [f"<b>{one.name_ja}</b><br>{told.kind_word(context, str(one.kind))}" for one in answer.existing.itertuples(index=False)], there,
        ),
    ]  # fmt: skip
    sites = [Numbered(one.longitude, one.latitude, str(one.number), site_tip(context, asked, one)) for one in answer.sites.itertuples(index=False)]
    everyone = answer.everyone
    lines = [
        (texts("places.next.key.site", count=len(sites)), Sign("circle", palette.text)),
        (texts("places.next.key.gained", people=told.amount(context, places.people, everyone.after - everyone.before)), fresh),
        (texts("places.next.key.outside", people=told.amount(context, places.people, everyone.total - everyone.after)), outside),
    ]
    if len(answer.existing):
        lines.append((texts("places.next.key.existing", count=len(answer.existing)), there))
    fields = [Key(texts("places.next.key.old"), palette.context), Key(texts("places.next.key.new"), palette.sequential[2])]
    keys, signs = signed_keys(lines, [*fields, *rest_key(context, places)])
    whole = Drawing(drawing.pieces, (), drawing.colours, keys, texts("places.next.legend"), (), None, False, drawing.rest_tip, drawing.tip_line)
    shades = [Shade(old, palette.second, 0.3), Shade(new, palette.accent, 0.35)]
    return reach_map(context.look, whole, shades=shades, dots=dots, numbered=sites, signs=signs)


def _areas(context: Context, asked: NextAsked, answer: Next, members: np.ndarray, sign: Sign, sizes: list[float]) -> Dots:
    own = answer.demand.rows[members]
    tips = [f"<b>{one.name_ja}</b><br>{told.amount(context, asked.places.people, one.value)}" for one in own.itertuples(index=False)]
    return Dots(own["longitude"].round(5).tolist(), own["latitude"].round(5).tolist(), sizes, tips, sign)


def site_name(context: Context, name: str, kind: str) -> str:
    """A candidate by name; the middle of a small area says that it is one."""
    return context.texts("places.next.middle_of", name=name) if kind == "small_area" else name


def site_tip(context: Context, asked: NextAsked, site: object) -> str:
    """A place to add when touched: number, name, district, people newly reached."""
    number, name, kind, code, gain, share = (getattr(site, field) for field in ("number", "name_ja", "kind", "district_code", "gain", "share"))
    district = told.name_of(context, asked.places, None if numbers.is_missing(code) else str(code))
    lines = [
        f"<b>{number}  {site_name(context, str(name), str(kind))}</b>",
        district,
        context.texts("places.next.tip_gain", people=told.amount(context, asked.places.people, float(gain)), share=numbers.percent(float(share))),
    ]
    return "<br>".join(lines)
