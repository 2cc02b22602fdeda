"""The places and the supporters of a city as lists: what was imported, where it stands, what is on no map."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits import need_map_words as words_of
from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.places_ground import PlacesAsked, district_names, places_of, supporters_by_district
from atlas.figures import numbers
from atlas.store import places as held_places


def places_list(context: Context, *, asked: PlacesAsked) -> Exhibit:
    """Every place of the kinds asked for, those without a position too."""
    texts, store = context.texts, context.store
    placed = places_of(store, asked.city, asked.kinds)
    apart = held_places.without_position(store, asked.city)
    apart = apart[apart["kind"].isin(asked.kinds)]
    rows = pd.concat([placed, apart], ignore_index=True) if len(apart) else placed
    districts = [
        texts("places.no_position") if at >= len(placed) else texts("places.outside_districts") if numbers.is_missing(name) else str(name)
        for at, name in enumerate(rows["district_ja"])
    ]  # fmt: skip
    frame = pd.DataFrame(
        {
            "name": rows["name_ja"].astype(str),
            "kind": [told.kind_word(context, str(kind)) for kind in rows["kind"]],
            "written": [_text(value) for value in rows["kind_ja"]],
            "district": districts,
            "address": [_text(value) for value in rows["address"]],
            "operator": [_text(value) for value in rows["operator"]],
            "capacity": pd.to_numeric(rows["capacity"]).astype(float),
            "opened": [_text(value) for value in rows["opened"]],
            "note": [_text(value) for value in rows["note"]],
        }
    )
    kinds = {"capacity": "count"}
    columns = [Column(one, texts(f"places.list_column.{one}"), kinds.get(one, "text")) for one in frame.columns]
    held = [one for one in columns if one.id in ("name", "kind", "district") or frame[one.id].replace("", None).notna().any()]
    place = words_of.city_name(context, asked.city)
    return Exhibit(
        id="places_list",
        title=texts("places.list_title", place=place, kinds=told.kinds_phrase(context, asked.kinds), count=len(frame)),
        subtitle=told.subtitle(context, asked, "places.list_subtitle"),
        sentence=texts("places.list_sentence", count=len(placed)) + "".join(told.unplaced(context, asked)),
        sources=context.source_lines([part[["source_id"]] for part in (placed, apart)]),
        cautions=tuple(told.sample_caution(context, asked)),
        table=Table(tuple(held), frame[[one.id for one in held]], texts("places.list_table", place=place)),
        settings=told.settings(context, asked),
        is_sample=asked.targets.sample,
    )


def _text(value: object) -> str:
    return "" if numbers.is_missing(value) else str(value)


def supporters_list(context: Context, *, asked: PlacesAsked) -> Exhibit:
    """Supporters by district: people, latest training year; the city's total with those that match no district."""
    texts, known = context.texts, district_names(context.store, asked.city)
    found = supporters_by_district(context.store, asked.city)
    rows = held_places.supporters(context.store, asked.city)
    place = words_of.city_name(context, asked.city)
    total, unmatched = float(found["people"].sum()), float(found["people"].get("", 0.0))
    there = [code for code in known if code in found.index and found.at[code, "people"] > 0]
    frame = pd.DataFrame(
        {
            "place": [*known.values(), *([texts("places.not_matched")] if "" in found.index else [])],
            "people": [*(float(found["people"].get(code, 0.0)) for code in known), *([unmatched] if "" in found.index else [])],
            "latest": [*(float(found["latest"].get(code, float("nan"))) for code in known), *([float(found["latest"][""])] if "" in found.index else [])],
            "code": [*known, *([""] if "" in found.index else [])],
        }
    )
    frame["last"] = frame["code"] == ""
    frame = frame.sort_values(["last", "people", "place"], ascending=[True, False, True], kind="stable").drop(columns="last").reset_index(drop=True)
    columns = (
        Column("place", texts("need_map.column.place")), Column("people", texts("places.column.supporters"), "count"),
        Column("latest", texts("places.column.latest"), "year"), Column("code", texts("need_map.column.code")),
    )  # fmt: skip
    sentence = [texts("places.supporters_none")] if rows.empty else [texts("places.supporters_told", total=numbers.count(total), count=len(there))]
    if unmatched:
        sentence.append(texts("places.supporters_unmatched", count=numbers.count(unmatched)))
    titles = {"total": numbers.count(total), "count": len(there), "areas": len(known), "place": place}
    return Exhibit(
        id="supporters_list",
        title=texts("places.supporters_title_none" if rows.empty else "places.supporters_title", **titles),
        subtitle=told.subtitle(context, asked, "places.supporters_subtitle"),
        sentence=texts("frame.sentence_separator").join(sentence),
        sources=context.source_lines([rows[["source_id"]]]),
        cautions=(*told.sample_caution(context, asked), *(() if rows.empty else (texts("places.supporters_caution"),))),
        table=Table(columns, frame if len(rows) else frame.head(0), texts("places.supporters_table", place=place)),
        settings=told.settings(context, asked),
        is_sample=asked.targets.sample,
    )
