"""The order's certainty as a map: surely high, depends on the choices, surely low."""

from __future__ import annotations

from atlas.analysis.rank_certainty import Certainty
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.model import Exhibit
from atlas.exhibits.target_order import Order, TargetsAsked, certainty_word, order_of, subtitle, target_order, tip
from atlas.figures.district_map import District, Drawing, Piece, district_map
from atlas.figures.map_legend import Key

GROUPS = (Certainty.LOW, Certainty.DEPENDS, Certainty.HIGH)
"""From least to most; the map's classes."""


def target_map(context: Context, *, asked: TargetsAsked, chosen: str | None = None, address: str | None = None) -> Exhibit:
    """The same exhibit as the list, drawn as a map; without an order the list's own words for why."""
    order = order_of(context.store, asked)
    listed = target_order(context, asked=asked)
    if order is None:
        return listed
    return Exhibit(
        id="target_map", title=context.texts("targets.map_title"), subtitle=subtitle(context, asked, order.certainty, "targets.map_subtitle"),
        sentence=listed.sentence, sources=listed.sources,
        table=listed.table, figure=district_map(context.look, _drawing(context, asked, order, chosen, address)), cautions=listed.cautions,
        settings=listed.settings, height=560, is_sample=asked.sample,
    )  # fmt: skip


def _drawing(context: Context, asked: TargetsAsked, order: Order, chosen: str | None, address: str | None) -> Drawing:
    texts, found = context.texts, order.certainty
    colours = _colours(context)
    districts = []
    for code, kind in found.certainty.items():
        group = GROUPS.index(kind) if kind in GROUPS else None
        name = words_of.plain_name(str(order.rows.at[code, "name"]))
        districts.append(District(str(code), group, "observed" if group is not None else "no_score", tip(context, order, str(code)), name))
    ground = district_ground(context.store, asked.city)
    keys = [
        Key(texts("need_map.count_of_districts").format(words=certainty_word(context, str(kind), found.k), count=found.count(kind)), colours[place])
        for place, kind in reversed(list(enumerate(GROUPS)))
    ]
    if found.count(Certainty.NO_SCORE):
        keys.append(Key(certainty_word(context, str(Certainty.NO_SCORE), found.k), pattern="empty"))
    if ground.rest:
        keys.append(Key(texts("need_map.key.rest"), pattern="rest"))
    return Drawing(
        [Piece(ground, address, districts)], (), colours, keys, texts("targets.legend"), (), chosen, False, texts("need_map.key.rest"),
        words_of.years(context, asked.as_map),
    )  # fmt: skip


def _colours(context: Context) -> tuple[str, ...]:
    """Three steps of the sequential scale, far apart."""
    scale = context.look.palette.sequential
    return scale[0], scale[2], scale[4]
