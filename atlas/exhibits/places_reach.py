"""Places and their reach: who has one within so many metres on foot, who has not, by district and for the neediest."""

from __future__ import annotations

import pandas as pd

from atlas.analysis.reach import Tally
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.places_ground import PlacesAsked, Reached, district_names, reached, supporters_by_district
from atlas.exhibits.places_map import places_figure
from atlas.figures import numbers

LOWEST_NAMED = 3


def places_reach(context: Context, *, asked: PlacesAsked, address: str | None = None) -> Exhibit:
    """The map of reach with its districts as a table; words alone where nothing can be counted."""
    answer = reached(context.store, asked)
    if answer is None:
        return told.no_answer(context, asked, "places_reach")
    return Exhibit(
        id="places_reach",
        title=title(context, asked, answer),
        subtitle=told.subtitle(context, asked, "places.subtitle", people=told.people_word(context, asked.people), count=len(answer.places)),
        sentence=context.texts("frame.sentence_separator").join(sentence_parts(context, asked, answer)),
        sources=told.sources(context, asked, [answer.places]),
        cautions=cautions(context, asked, answer),
        table=table(context, asked, answer),
        figure=places_figure(context, asked, answer, address, {code: tip(context, asked, answer, code) for code in district_names(context.store, asked.city)}),
        settings=told.settings(context, asked),
        height=600,
        is_sample=asked.targets.sample,
    )


def title(context: Context, asked: PlacesAsked, answer: Reached) -> str:
    """The finding: the share within reach."""
    total = answer.found.total
    if numbers.is_missing(total.share):
        return context.texts("places.title_nobody", place=words_of.city_name(context, asked.city))
    return context.texts(
        "places.title", people=told.people_word(context, asked.people), share=numbers.percent(total.share), kinds=told.kinds_phrase(context, asked.kinds),
        radius=numbers.count(asked.radius),
    )  # fmt: skip


def sentence_parts(context: Context, asked: PlacesAsked, answer: Reached) -> list[str]:
    """Within and outside, the neediest, the lowest districts, what is counted apart."""
    texts, found = context.texts, answer.found
    total = found.total
    parts = told.stand_in_note(context, asked)
    within, outside = (told.amount(context, asked.people, value) for value in (total.within, total.outside))
    parts.append(texts("places.told_total", within=within, outside=outside))
    parts.append(_needy(context, asked, answer))
    parts += _lowest(context, asked, answer)
    if total.missing:
        parts.append(texts("places.told_missing", count=total.missing))
    return [part for part in parts if part]


def _needy(context: Context, asked: PlacesAsked, answer: Reached) -> str:
    found = answer.found.neediest
    if found is None:
        return context.texts("places.told_no_index")
    if numbers.is_missing(found.share):
        return context.texts("places.told_needy_unknown", count=len(answer.needy))
    return context.texts(
        "places.told_needy", count=len(answer.needy), names=told.named(context, asked, answer.needy), share=numbers.percent(found.share),
        outside=told.amount(context, asked.people, found.outside),
    )  # fmt: skip


def _lowest(context: Context, asked: PlacesAsked, answer: Reached) -> list[str]:
    """The districts with the lowest share; those with none at all together."""
    shares = {str(code): tally.share for code, tally in answer.found.by_group.items() if code is not None and not numbers.is_missing(tally.share)}
    order = sorted(shares, key=lambda code: (shares[code], code))
    none = sorted((code for code in order if shares[code] == 0), key=lambda code: -answer.found.by_group[code].outside)
    parts = [context.texts("places.told_zero", names=told.named(context, asked, none), count=len(none))] if none else []
    low = [code for code in order if 0 < shares[code] < 1][:LOWEST_NAMED]
    if low and len(none) < LOWEST_NAMED:
        names = context.texts("frame.list_separator").join(
            context.texts("places.name_and_share", name=told.name_of(context, asked, code), share=numbers.percent(shares[code])) for code in low
        )
        parts.append(context.texts("places.told_lowest", names=names))
    return parts


def cautions(context: Context, asked: PlacesAsked, answer: Reached) -> tuple[str, ...]:
    """What to keep in mind: the way, what reach is not, what is counted apart."""
    texts = context.texts
    apart = [part for part in told.counted_apart(context, asked, answer) if part != texts("places.told_missing", count=answer.found.total.missing)]
    return (
        *told.sample_caution(context, asked), texts("places.way_caution"), texts("places.use_caution"), texts("places.points_caution"), *apart,
    )  # fmt: skip


def tip(context: Context, asked: PlacesAsked, answer: Reached, code: str) -> str:
    """What a touch on a district says."""
    tally = answer.found.by_group.get(code)
    lines = [f"<b>{told.name_of(context, asked, code)}</b>"]
    if tally is None or numbers.is_missing(tally.share):
        return "<br>".join([*lines, context.texts("places.tip_no_points")])
    lines.append(f"<b>{context.texts('places.tip_share', share=numbers.percent(tally.share))}</b>")
    within, outside = (told.amount(context, asked.people, value) for value in (tally.within, tally.outside))
    lines.append(context.texts("places.tip_counts", within=within, outside=outside))
    if tally.missing:
        lines.append(context.texts("places.tip_missing", count=tally.missing))
    return "<br>".join(lines)


def table(context: Context, asked: PlacesAsked, answer: Reached) -> Table:
    """Every district, lowest share first; then what lies in none."""
    texts, found = context.texts, answer.found
    known = district_names(context.store, asked.city)
    nobody = Tally(float("nan"), float("nan"), 0, 0, float("nan"))
    codes: list[str | None] = [*known, *([None] if None in found.by_group else [])]
    tallies = [found.by_group.get(code, nobody) for code in codes]
    held = answer.places["district_code"].astype(object)
    coarse = answer.demand.rows.loc[found.coarse, "district_code"].astype(object)
    people = supporters_by_district(context.store, asked.city)
    frame = pd.DataFrame(
        {
            "place": [known.get(str(code), texts("places.outside_districts")) for code in codes],
            "share": [one.share for one in tallies],
            "within": [one.within for one in tallies],
            "outside": [one.outside for one in tallies],
            "way": [one.mean_distance for one in tallies],
            "places": [float((held == code).sum() if code is not None else held.isna().sum()) for code in codes],
            "supporters": [float(people["people"].get(str(code), 0.0)) if code is not None else float("nan") for code in codes],
            "needy": [texts("places.needy_mark") if code in answer.needy else "" for code in codes],
            "missing": [float(one.missing) for one in tallies],
            "coarse": [float((coarse == code).sum() if code is not None else coarse.isna().sum()) for code in codes],
            "code": [code or "" for code in codes],
            "last": [code is None for code in codes],
        }
    ).sort_values(["last", "share", "place"], na_position="last", kind="stable")
    if people.empty:
        frame["supporters"] = float("nan")
    columns = (
        Column("place", texts("need_map.column.place")),
        Column("share", texts("places.column.share"), "percent", 1),
        Column("within", texts("places.column.within", unit=unit(context, asked)), "count"),
        Column("outside", texts("places.column.outside", unit=unit(context, asked)), "count"),
        Column("way", texts("places.column.way"), "count"),
        Column("places", texts("places.column.places"), "count"),
        Column("supporters", texts("places.column.supporters"), "count"),
        Column("needy", texts("places.column.needy")),
        Column("missing", texts("places.column.missing"), "count"),
        Column("coarse", texts("places.column.coarse"), "count"),
        Column("code", texts("need_map.column.code")),
    )
    wanted = tuple(one for one in columns if not (one.id == "supporters" and people.empty))
    caption = texts("places.table", place=words_of.city_name(context, asked.city), people=told.people_word(context, asked.people))
    return Table(wanted, frame[[one.id for one in wanted]].reset_index(drop=True), caption)


def unit(context: Context, asked: PlacesAsked) -> str:
    """The unit of the people in a column's heading."""
    return context.texts(f"places.unit.{'people' if asked.people == 'population_65_over' else 'households'}")
