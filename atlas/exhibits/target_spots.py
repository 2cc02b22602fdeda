"""Where districts of high or low values lie together (Gi*), of the index or of one share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from atlas.analysis.contiguity import queen
from atlas.analysis.errors import AnalysisError
from atlas.analysis.funnel import FunnelFit, funnel_fit
from atlas.analysis.hot_spots import HotSpots, Spot, getis_ord
from atlas.analysis.plane import plane_crs, to_plane
from atlas.exhibits import evidence
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground
from atlas.exhibits.district_layer import LEVEL, Layer, base_rows
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_index import index_of
from atlas.exhibits.need_map import INDEX
from atlas.exhibits.target_order import TargetsAsked
from atlas.figures import numbers
from atlas.figures.district_map import District, Drawing, Piece, district_map
from atlas.figures.map_legend import Key
from atlas.store import geography
from atlas.store.database import Store

DEGREES = 6668
GROUPS = (Spot.COLD, Spot.NOT_SHOWN, Spot.HOT)
"""From low to high; the map's classes."""
SIGNS = {Spot.HOT: "▲", Spot.COLD: "▼"}
"""Beside a district's name on the map, so that colour is not alone."""


@dataclass(frozen=True)
class Spots:
    """The test over a city's districts. codes: their order; neighbours: how many each has; fit: the funnel a share was brought to one scale with."""

    found: HotSpots
    codes: tuple[str, ...]
    neighbours: tuple[int, ...]
    fit: FunnelFit | None

    def of(self, kind: Spot) -> list[str]:
        """Districts of this class, the strongest first."""
        own = [(abs(z), code) for code, held, z in zip(self.codes, self.found.classes, self.found.z, strict=True) if held == kind]
        return [code for _, code in sorted(own, key=lambda pair: (-pair[0], pair[1]))] if kind != Spot.NOT_TESTED else [code for _, code in own]


@lru_cache(maxsize=16)
def neighbours_of(store: Store, city: str) -> tuple[tuple[str, ...], csr_array]:
    """The districts' codes and who borders on whom (queen contiguity on the plane)."""
    frame = geography.shapes(store, city, LEVEL)
    shapes = [_ground_of(shapely.from_wkb(bytes(blob))) for blob in frame["geometry"]]
    held = np.array(shapes, dtype=object)
    return tuple(str(code) for code in frame["area_code"]), queen(to_plane(held, DEGREES, plane_crs(held)))


def _ground_of(shape: shapely.Geometry) -> shapely.Geometry:
    """A valid area; lines and points that mending leaves have no ground and go."""
    if shape.is_valid:
        return shape
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.area > 0]
    return shapely.union_all(np.array(parts, dtype=object))


@lru_cache(maxsize=256)
def spots_of(store: Store, asked: TargetsAsked, share: str) -> Spots | None:
    """The test for the index or a share; None where fewer than three districts have a value.

    Shares of unequal denominators are tested by their adjusted z scores in an over-dispersed funnel, which keep the false discovery rate where
    chance in small districts would not (`hot_spots`).
    """
    codes, links = neighbours_of(store, asked.city)
    fit = None
    try:
        if share == INDEX:
            index = index_of(store, (asked.city,), asked.year, asked.index)
            if index is None:
                return None
            values = index.score.reindex(list(codes)).to_numpy(float)
        else:
            rows = base_rows(store, asked.city, share, asked.year).reindex(list(codes))
            held = rows["value"].notna()
            fit = funnel_fit(rows["numerator"].where(held).to_numpy(float), rows["denominator"].where(held, 0).to_numpy(float))
            values = np.where(np.isnan(fit.shares), np.nan, fit.adjusted_z_scores)
        found = getis_ord(values, links)
    except AnalysisError:
        return None
    return Spots(found, codes, tuple(int(count) for count in np.asarray(links.sum(axis=1)).ravel()), fit)


def target_spots(context: Context, *, asked: TargetsAsked, share: str = INDEX, chosen: str | None = None, address: str | None = None) -> Exhibit:
    """The map of districts around which high or low values lie together."""
    texts, found = context.texts, spots_of(context.store, asked, share)
    place, layer = words_of.city_name(context, asked.city), evidence.layer(context, asked, share)
    measure = layer.measure.short
    if found is None:
        title = texts("evidence.spots.title_untested", place=place, measure=measure)
        return evidence.nothing(
            context, asked, "target_spots", title, texts("evidence.spots.untested" if asked.index.used or share != INDEX else "targets.sentence_none")
        )
    fit, year = found.fit, words_of.years(context, asked.as_map)
    return Exhibit(
        id="target_spots",
        title=_title(context, layer, found),
        subtitle=evidence.marked(
            context, asked, texts("evidence.spots.subtitle", measure=layer.measure.title, place=place, count=found.found.tested, year=year)
        ),
        sentence=_sentence(context, layer, found),
        sources=evidence.sources(context, asked, share),
        cautions=evidence.cautions(
            context,
            asked,
            texts("evidence.spots.method", permutations=numbers.count(found.found.permutations), rate=numbers.percent(found.found.false_discovery_rate, 0)),
            texts("evidence.spots.adjusted", winsorised=numbers.percent(fit.winsorised, 0)) if fit else texts("evidence.spots.of_index"),
            texts("evidence.spots.small"),
        ),
        table=_table(context, layer, found),
        figure=district_map(context.look, _drawing(context, asked, layer, found, chosen, address)),
        settings=evidence.settings(
            context, asked, of_index=share == INDEX, measure=share, permutations=found.found.permutations, tested=found.found.tested,
            false_discovery_rate=f"{found.found.false_discovery_rate:g}", **({"winsorised": f"{fit.winsorised:g}"} if fit else {}),
        ),
        height=560,
        is_sample=asked.sample,
    )  # fmt: skip


def _names(layer: Layer, codes: list[str]) -> list[str]:
    return [str(layer.rows.at[code, "name"]) for code in codes]


def _title(context: Context, layer: Layer, found: Spots) -> str:
    """Only what was found."""
    texts, hot, cold = context.texts, found.of(Spot.HOT), found.of(Spot.COLD)
    kind = "both" if hot and cold else "hot" if hot else "cold" if cold else "none"
    words = {"hot": evidence.named(context, _names(layer, hot), 2), "cold": evidence.named(context, _names(layer, cold), 2)}
    return texts(f"evidence.spots.title.{kind}", measure=layer.measure.short, **words)


def _sentence(context: Context, layer: Layer, found: Spots) -> str:
    texts, parts = context.texts, []
    for kind, key in ((Spot.HOT, "hot"), (Spot.COLD, "cold")):
        codes = found.of(kind)
        if codes:
            parts.append(
                texts(f"evidence.spots.told.{key}", measure=layer.measure.short, names=evidence.named(context, _names(layer, codes)), count=len(codes))
            )
    if not parts:
        parts.append(texts("evidence.spots.told.none", count=found.found.tested))
    elif len(found.of(Spot.NOT_SHOWN)):
        parts.append(texts("evidence.spots.told.rest", count=len(found.of(Spot.NOT_SHOWN))))
    untested = found.of(Spot.NOT_TESTED)
    if untested:
        parts.append(texts("evidence.spots.told.untested", names=evidence.named(context, _names(layer, untested)), count=len(untested)))
    return evidence.joined(context, [*parts, texts("evidence.spots.not_cause")])


def _class_word(context: Context, kind: str) -> str:
    return context.texts(f"evidence.spots.class.{kind}")


def _drawing(context: Context, asked: TargetsAsked, layer: Layer, found: Spots, chosen: str | None, address: str | None) -> Drawing:
    texts, scale = context.texts, context.look.palette.diverging
    colours = (scale[1], scale[2], scale[3])
    districts = []
    for place, code in enumerate(found.codes):
        kind, row = Spot(found.found.classes[place]), layer.rows.loc[code]
        group = GROUPS.index(kind) if kind in GROUPS else None
        lines = [f"<b>{words_of.district_name(context, str(row['name']))}</b>", f"<b>{_class_word(context, kind)}</b>"]
        lines.append(f"{layer.measure.short} {words_of.value_words(context, layer, row['value'], str(row['state']))}")
        if group is not None:
            test = {"z": numbers.signed(found.found.z[place], 2), "p": numbers.count(found.found.p[place], 4), "q": numbers.count(found.found.q[place], 4)}
            lines.append(texts("evidence.spots.tip", **test))
        name = words_of.plain_name(str(row["name"])) + SIGNS.get(kind, "")
        districts.append(District(code, group, "observed" if group is not None else "no_score", "<br>".join(lines), name))
    ground = district_ground(context.store, asked.city)
    keys = [
        Key(texts("need_map.count_of_districts").format(words=f"{SIGNS.get(kind, '')}{_class_word(context, kind)}", count=len(found.of(kind))), colours[at])
        for at, kind in reversed(list(enumerate(GROUPS)))
    ]
    if found.of(Spot.NOT_TESTED):
        words = texts("need_map.count_of_districts").format(words=_class_word(context, Spot.NOT_TESTED), count=len(found.of(Spot.NOT_TESTED)))
        keys.append(Key(words, pattern="empty"))
    if ground.rest:
        keys.append(Key(texts("need_map.key.rest"), pattern="rest"))
    return Drawing(
        [Piece(ground, address, districts)], (), colours, keys, texts("evidence.spots.legend"), (), chosen, False, texts("need_map.key.rest"),
        words_of.years(context, asked.as_map),
    )  # fmt: skip


def _table(context: Context, layer: Layer, found: Spots) -> Table:
    """Every district with its value, how many neighbours it has, the test; the highest z first, those not tested last."""
    texts, measure, test = context.texts, layer.measure, found.found
    codes = list(found.codes)
    frame = pd.DataFrame(
        {
            "place": layer.rows["name"].reindex(codes).to_numpy(),
            "value": layer.rows["value"].reindex(codes).to_numpy(float),
            "state": [words_of.state_word(context, str(state)) for state in layer.rows["state"].reindex(codes)],
            "class": [_class_word(context, kind) for kind in test.classes],
            "z": test.z,
            "p": test.p,
            "q": test.q,
            "neighbours": found.neighbours,
            "code": codes,
        }
    ).sort_values(["z", "place"], ascending=[False, True], na_position="last", kind="stable")
    columns = (
        Column("place", texts("need_map.column.place")),
        Column("value", measure.short, measure.kind, measure.decimals),
        Column("state", texts("need_map.column.state")),
        Column("class", texts("evidence.spots.column.class")),
        Column("z", texts("evidence.spots.column.z"), "decimal", 2),
        Column("p", texts("evidence.spots.column.p"), "decimal", 4),
        Column("q", texts("evidence.spots.column.q"), "decimal", 4),
        Column("neighbours", texts("evidence.spots.column.neighbours"), "count"),
        Column("code", texts("need_map.column.code")),
    )
    return Table(columns, frame.reset_index(drop=True), texts("evidence.spots.table", measure=measure.title))
