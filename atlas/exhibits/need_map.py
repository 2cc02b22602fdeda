"""The need map: one measure over the school districts of a city, as a map with its legend, sentence, sources and table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground, small_area_ground
from atlas.exhibits.district_layer import EMPTY, Layer, Measure, change_layer, indicator_layer, is_own, state_of
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_classes import Classes, classes
from atlas.exhibits.need_index import IndexChoice, index_layer
from atlas.figures.district_map import PATTERNS, District, Drawing, Piece, Point, district_map
from atlas.figures.map_legend import Key
from atlas.store import geography, registry
from atlas.store.database import Store

SCHOOLS = ("elementary_school",)
PLACES = ("ibasho", "kayoi_no_ba", "consultation", "childrens_cafeteria", "member_organisation", "other_place", "community_centre", "public_facility")
INDEX = "index"


@dataclass(frozen=True)
class Asked:
    """What a reader asked for. indicator: an id, or `index`; before: the census compared with; addresses: city -> file of its shapes."""

    cities: tuple[str, ...]
    indicator: str
    year: int
    before: int | None = None
    index: IndexChoice | None = None
    sample: bool = False


@dataclass(frozen=True)
class Drawn:
    """How the map is drawn. addresses: of the districts' shapes, then of the small areas', in the order of the cities."""

    chosen: str | None = None
    close: bool = False
    places: bool = False
    small: bool = False
    addresses: tuple[str | None, ...] = ()
    small_addresses: tuple[str | None, ...] = ()


def measure_of(context: Context, asked: Asked) -> Measure:
    """How the values are named and written."""
    texts, lang = context.texts, context.lang
    if asked.indicator == INDEX:
        return Measure(
            INDEX, texts("need_map.index.title"), texts("need_map.index.short"), "", "decimal", 2 if asked.index and asked.index.normaliser == "z" else 1, lang
        )
    one = context.indicator(asked.indicator)
    title, short, unit = (context.word(one, field) for field in ("title", "short", "unit"))
    kinds = ("percent", "count", "decimal") if asked.before is None else ("points", "change", "difference")
    kind = kinds[0] if one.kind in ("share", "rate") else kinds[1] if one.kind == "count" else kinds[2]
    decimals = 1 if kind == "change" else one.decimals
    if asked.before is not None:
        title, short = (texts("need_map.change_of", measure=name) for name in (title, short))
    return Measure(one.id, title, short, "" if unit in ("％", "per cent") else unit, kind, decimals, lang)


def layer_of(context: Context, asked: Asked) -> Layer:
    """The values asked for."""
    return _layer(context.store, measure_of(context, asked), asked)


@lru_cache(maxsize=512)
def _layer(store: Store, measure: Measure, asked: Asked) -> Layer:
    """Made once; read only."""
    if asked.indicator == INDEX:
        return index_layer(store, measure, asked.cities, asked.year, asked.index or IndexChoice((), "percentile", "arithmetic"))
    indicator = registry.indicators(store)[asked.indicator]
    if asked.before is not None:
        return change_layer(store, measure, indicator, asked.cities, asked.year, asked.before)
    return indicator_layer(store, measure, indicator, asked.cities, asked.year)


def need_map(context: Context, *, asked: Asked, drawn: Drawn) -> Exhibit:
    """The map of what was asked, drawn as wanted."""
    layer = layer_of(context, asked)
    found = classes(context, layer.measure, layer.rows["value"], context.look.palette)
    small = drawn.small and asked.before is None and asked.indicator != INDEX
    return Exhibit(
        id="need_map",
        title=words_of.title(context, asked, layer),
        subtitle=words_of.subtitle(context, asked, layer),
        sentence=words_of.sentence(context, asked, layer, found),
        sources=words_of.sources(context, asked, layer),
        cautions=words_of.cautions(context, asked, layer),
        table=table(context, asked, layer, found),
        figure=district_map(context.look, _drawing(context, asked, layer, found, drawn, small)),
        settings={
            "city": " ".join(asked.cities),
            "indicator": asked.indicator,
            "year": str(asked.year),
            **({"compared_with": str(asked.before)} if asked.before else {}),
            **layer.settings,
            **({"sample": context.texts("frame.sample")} if asked.sample else {}),
        },
        height=640,
        is_sample=asked.sample,
    )


def _drawing(context: Context, asked: Asked, layer: Layer, found: Classes, drawn: Drawn, small: bool) -> Drawing:
    texts, store = context.texts, context.store
    addresses = dict(zip(asked.cities, drawn.addresses, strict=False))
    pieces, areas, missing = [], [], False
    for city in asked.cities:
        rows = layer.rows[layer.rows["city"] == city]
        districts = [_district(context, asked, layer, found, str(code), row) for code, row in rows.iterrows()]
        pieces.append(Piece(district_ground(store, city), addresses.get(city), districts))
    if small:
        for city, address in zip(asked.cities, drawn.small_addresses or (None,) * len(asked.cities), strict=False):
            ground = small_area_ground(store, city, asked.year)
            missing = missing or ground is None
            if ground is not None:
                areas.append(Piece(ground, address, small_areas(context, asked, layer, found, city)))
    points = [point for city in asked.cities for point in _points(context, city)] if drawn.places else []
    states = {one.state for piece in (areas or pieces) for one in piece.districts}
    keys = found.keys(layer.rows["value"], texts("need_map.count_of_districts"))
    keys += [Key(texts(f"need_map.key.{state}"), found.colours[len(found.colours) // 2] if found.colours else "", PATTERNS.get(state, "empty"))
             for state in (*PATTERNS, *EMPTY) if state in states]  # fmt: skip
    if any(piece.ground.rest for piece in pieces):
        keys.append(Key(texts("need_map.key.rest"), pattern="rest"))
    keys += [Key(texts(f"need_map.key.{kind}"), pattern=kind) for kind in ("school", "place") if any(point.kind == kind for point in points)]
    title = texts("need_map.legend", measure=layer.measure.short) + (texts("need_map.legend_small") if areas else "")
    return Drawing(
        pieces, areas, found.colours, keys, title, points, drawn.chosen, drawn.close and drawn.chosen is not None,
        texts("need_map.key.rest"), words_of.tip_line(context, asked, layer),
    )  # fmt: skip


def _district(context: Context, asked: Asked, layer: Layer, found: Classes, code: str, row: pd.Series) -> District:
    return District(code, found.of(row["value"]), str(row["state"]), words_of.tip(context, asked, layer, found, row), words_of.plain_name(str(row["name"])))


def small_areas(context: Context, asked: Asked, layer: Layer, found: Classes, city: str) -> list[District]:
    """The small areas of a city with the indicator's own figures, in the classes of the districts."""
    store, indicator = context.store, context.indicator(asked.indicator)
    ground = small_area_ground(store, city, asked.year)
    figures = geography.small_area_figures(store, city, asked.year)
    own = figures[figures["indicator_id"] == indicator.id].set_index("area_code")
    bases = figures[figures["indicator_id"] == (indicator.denominator or "")].set_index("area_code")["value"]
    result = []
    for code in ground.shapes if ground else ():
        value = float(own["value"].get(code, float("nan")))
        state = state_of(indicator.kind, indicator.id, value, float(bases.get(code, float("nan"))), str(own["status"].get(code, "not_loaded")))
        if state in EMPTY or PATTERNS.get(state) == "hatched":
            value = float("nan")
        lines = [f"<b>{ground.names.get(code, code)}</b>" if ground else code, words_of.value_words(context, layer, value, state)]
        result.append(District(code, found.of(value, open_ended=True), state, "<br>".join(lines)))
    return result


def _points(context: Context, city: str) -> list[Point]:
    frame = geography.places(context.store, city)
    found = []
    for row in frame[frame["kind"].isin([*SCHOOLS, *PLACES])].itertuples(index=False):
        kind = "school" if row.kind in SCHOOLS else "place"
        found.append(Point(round(row.longitude, 5), round(row.latitude, 5), kind, f"<b>{row.name_ja}</b><br>{context.texts(f'need_map.kind.{row.kind}')}"))
    return found


def table(context: Context, asked: Asked, layer: Layer, found: Classes) -> Table:
    """Every district, highest first, with state and provenance."""
    texts, measure = context.texts, layer.measure
    rows = layer.rows.sort_values(["value", "name"], ascending=[False, True], na_position="last", kind="stable")
    frame = pd.DataFrame(
        {
            "place": rows["name"],
            "city": [words_of.city_name(context, city) for city in rows["city"]],
            "rank": rows["rank"],
            "value": rows["value"],
            "difference": rows["difference"] if "difference" in rows else float("nan"),
            "latest": rows["latest"] if "latest" in rows else float("nan"),
            "before": rows["before"] if "before" in rows else float("nan"),
            "numerator": rows["numerator"],
            "denominator": rows["denominator"],
            "class": [found.word_of(value) for value in rows["value"]],
            "state": [words_of.state_word(context, str(state)) for state in rows["state"]],
            "split": rows["split_share"],
            "merged": rows["merged_share"],
            "code": rows.index.astype(str),
        }
    )
    kind = {"change": "percent", "difference": "decimal"}.get(measure.kind, measure.kind)
    difference = {"percent": "points", "points": "points", "change": "points"}.get(measure.kind, "decimal")
    value_title = (
        measure.short
        if measure.kind in ("percent", "points", "change") or not measure.unit
        else texts("need_map.column.with_unit", measure=measure.short, unit=measure.unit)
    )
    held = int(rows["value"].notna().sum())
    columns = [
        Column("place", texts("need_map.column.place")),
        Column("city", texts("need_map.column.city")),
        Column("rank", texts("need_map.column.rank", held=held), "rank"),
        Column("value", value_title, kind, measure.decimals),
        Column("difference", texts("need_map.column.difference"), difference, measure.decimals),
    ]
    if asked.before is not None:
        inner = context.indicator(asked.indicator)
        plain = "percent" if inner.kind in ("share", "rate") else "count" if inner.kind == "count" else "decimal"
        columns += [Column("before", str(asked.before), plain, inner.decimals), Column("latest", str(asked.year), plain, inner.decimals)]
    elif asked.indicator != INDEX:
        one = context.indicator(asked.indicator)
        for part, identifier in (("numerator", one.numerator), ("denominator", one.denominator)):
            if identifier:
                columns.append(Column(part, context.word(context.indicator(identifier), "short"), "count", 1))
            elif is_own(one.id) and one.kind == "share":
                columns.append(Column(part, texts(f"need_map.column.{part}"), "count"))
    columns += [
        Column("class", texts("need_map.column.class")),
        Column("state", texts("need_map.column.state")),
        Column("split", texts("need_map.column.split"), "percent", 1),
        Column("merged", texts("need_map.column.merged"), "percent", 1),
        Column("code", texts("need_map.column.code")),
    ]
    wanted = [one for one in columns if not (one.id == "difference" and frame["difference"].isna().all()) and not (one.id == "city" and len(asked.cities) == 1)]
    return Table(
        tuple(wanted),
        frame[[one.id for one in wanted]].reset_index(drop=True),
        texts("need_map.table", measure=measure.title, year=words_of.years(context, asked)),
    )
