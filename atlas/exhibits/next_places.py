"""Next places: where k more reach most people, what that does for the neediest, how it goes with their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from atlas.analysis.covering import Covering, Status
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits import places_words as told
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.next_places_map import next_figure, site_name
from atlas.exhibits.next_sites import SECONDS, WANTED, Curve, Next, NextAsked, curve_of, next_of
from atlas.exhibits.places_ground import PlacesAsked, district_names
from atlas.exhibits.places_reach import unit
from atlas.figures import numbers
from atlas.figures.covering_curve import covering_curve_chart


def next_places(context: Context, *, asked: NextAsked, address: str | None = None) -> Exhibit:
    """The choice on a map before and after, its places as a table."""
    answer = next_of(context.store, asked)
    if answer is None:
        return told.no_answer(context, asked.places, "next_places", "places.none_candidates")
    texts, places = context.texts, asked.places
    found = answer.everyone
    shares = {"before": numbers.percent(found.share_before), "after": numbers.percent(found.share_after)} if found.total > 0 else {}
    values = {"count": len(answer.sites), "radius": numbers.count(places.radius), "people": told.people_word(context, places.people)} | shares
    key = "places.title_nobody" if found.total <= 0 else "places.next.title" if len(answer.sites) else "places.next.title_none"
    return Exhibit(
        id="next_places",
        title=texts(key, place=words_of.city_name(context, places.city), **values),
        subtitle=_subtitle(context, asked, answer),
        sentence=texts("frame.sentence_separator").join(sentence_parts(context, asked, answer)),
        sources=told.sources(context, places, [answer.existing]),
        cautions=cautions(context, asked, answer),
        table=_sites_table(context, asked, answer),
        figure=next_figure(context, asked, answer, address, {row.code: _tip(context, asked, row) for row in by_district(context, asked, answer).itertuples()}),
        settings=settings(context, asked, answer.covering),
        height=600,
        is_sample=places.targets.sample,
    )


def _subtitle(context: Context, asked: NextAsked, answer: Next) -> str:
    kinds = told.kinds_phrase(context, asked.places.kinds)
    weight = context.texts("places.next.weight.index" if asked.by_index else "places.next.weight.people")
    return told.subtitle(
        context, asked.places, "places.next.subtitle", kinds=kinds, candidates=numbers.count(answer.candidates), weight=weight,
        people=told.people_word(context, asked.places.people),
    )  # fmt: skip


def settings(context: Context, asked: NextAsked, covering: Covering | None) -> dict[str, str]:
    """The choices, for exports."""
    own = {"new_places": str(asked.count), "candidates": " ".join(asked.candidates), "weight": "people x index" if asked.by_index else "people",
           "guard": "1" if asked.guard else "0"}  # fmt: skip
    solved = {"solution": str(covering.status), "gap": f"{covering.gap:.4f}"} if covering is not None else {}
    return told.settings(context, asked.places) | own | solved


def sentence_parts(context: Context, asked: NextAsked, answer: Next) -> list[str]:
    """Before and after, where, how sure, the neediest, the guard."""
    texts, people = context.texts, asked.places.people
    found = answer.everyone
    if found.total <= 0:
        return [texts("places.none_people")]
    parts = told.stand_in_note(context, asked.places)
    if answer.sites.empty:
        parts.append(texts("places.next.told_nothing_new", share=numbers.percent(found.share_before)))
    else:
        names = texts("frame.list_separator").join(
            texts("places.next.numbered", number=one.number, name=site_name(context, one.name_ja, one.kind)) for one in answer.sites.itertuples()
        )
        parts.append(texts("places.next.told_places", names=names))
        parts.append(texts(
            "places.next.told_gain", gain=told.amount(context, people, found.after - found.before), before=numbers.percent(found.share_before),
            after=numbers.percent(found.share_after), left=told.amount(context, people, found.total - found.after),
        ))  # fmt: skip
    if len(answer.sites) < asked.count:
        parts.append(texts("places.next.told_fewer", asked=asked.count, count=len(answer.sites)))
    parts.append(solution_words(context, answer.covering, conditions=asked.by_index or answer.guard_told == "kept"))
    parts += _needy(context, answer)
    if answer.guard_told:
        parts.append(texts(f"places.next.guard_{answer.guard_told}", count=len(answer.needy)))
    return parts


def is_proven(covering: Covering) -> bool:
    """Is there no better choice?"""
    return covering.status in (Status.OPTIMAL, Status.GUARD_NOT_ATTAINABLE) and covering.gap <= 0


def solution_words(context: Context, covering: Covering, *, conditions: bool) -> str:
    """Proven, or how far from the best at most. conditions: best by the weight and under the condition chosen, not in people alone."""
    if is_proven(covering):
        return context.texts("places.next.proven_conditions" if conditions else "places.next.proven")
    if not np.isfinite(covering.gap):
        return context.texts("places.next.gap_unknown", seconds=numbers.count(SECONDS))
    return context.texts("places.next.gap", gap=numbers.percent(covering.gap), seconds=numbers.count(SECONDS))


def _needy(context: Context, answer: Next) -> list[str]:
    found = answer.neediest
    if found is None:
        return [context.texts("places.told_no_index")]
    if found.total <= 0:
        return [context.texts("places.told_needy_unknown", count=len(answer.needy))]
    shares = {"before": numbers.percent(found.share_before), "after": numbers.percent(found.share_after), "all": numbers.percent(answer.everyone.share_after)}
    return [context.texts("places.next.told_needy", count=len(answer.needy), **shares)]


def cautions(context: Context, asked: NextAsked, answer: Next) -> tuple[str, ...]:
    """What to keep in mind."""
    texts = context.texts
    missing = int(answer.demand.rows["value"].isna().sum())
    return (
        *told.sample_caution(context, asked.places), texts("places.next.candidate_caution"), texts("places.way_caution"), texts("places.use_caution"),
        *([texts("places.told_missing", count=missing)] if missing else []),
        *([texts("places.next.index_caution", count=answer.uncounted)] if asked.by_index else []),
        *told.unplaced(context, asked.places),
    )  # fmt: skip


def _sites_table(context: Context, asked: NextAsked, answer: Next) -> Table:
    texts, sites = context.texts, answer.sites
    frame = pd.DataFrame(
        {
            "number": sites["number"],
            "name": [site_name(context, one.name_ja, one.kind) for one in sites.itertuples()],
            "kind": [context.texts(f"places.candidate.{kind}") for kind in sites["kind"]],
            "district": [told.name_of(context, asked.places, None if numbers.is_missing(code) else str(code)) for code in sites["district_code"]],
            "gain": sites["gain"].astype(float),
            "share": sites["share"].astype(float),
            "longitude": sites["longitude"].astype(float).round(6),
            "latitude": sites["latitude"].astype(float).round(6),
        }
    )
    columns = (
        Column("name", texts("places.next.column.name")), Column("number", texts("places.next.column.number"), "rank"),
        Column("kind", texts("places.next.column.kind")), Column("district", texts("places.list_column.district")),
        Column("gain", texts("places.next.column.gain", unit=unit(context, asked.places)), "count"),
        Column("share", texts("places.next.column.share"), "percent", 1),
        Column("longitude", texts("places.next.column.longitude"), "decimal", 5), Column("latitude", texts("places.next.column.latitude"), "decimal", 5),
    )  # fmt: skip
    beside = texts("places.next.table_greedy", share=numbers.percent(answer.greedy)) if not numbers.is_missing(answer.greedy) else ""
    return Table(columns, frame[[one.id for one in columns]], texts("places.next.table") + beside)


def by_district(context: Context, asked: NextAsked, answer: Next) -> pd.DataFrame:
    """code, total, before, after (people within reach) by district, '' for what lies in none; NaN shares where nobody is known."""
    rows = answer.demand.rows
    code = rows["district_code"].astype(object).where(rows["district_code"].notna(), "").astype(str)
    known = rows["value"].fillna(0.0)
    frame = pd.DataFrame({"code": code, "total": known, "before": known * answer.before, "after": known * answer.after}).groupby("code").sum()
    frame = frame.reindex([*district_names(context.store, asked.places.city), *([""] if "" in frame.index else [])])
    for part in ("before", "after"):
        frame[f"share_{part}"] = frame[part] / frame["total"].where(frame["total"] > 0)
    return frame.reset_index()


def _tip(context: Context, asked: NextAsked, row: object) -> str:
    code, before, after = (getattr(row, field) for field in ("code", "share_before", "share_after"))
    lines = [f"<b>{told.name_of(context, asked.places, str(code) or None)}</b>"]
    if numbers.is_missing(after):
        return "<br>".join([*lines, context.texts("places.tip_no_points")])
    return "<br>".join([*lines, context.texts("places.next.tip_shares", before=numbers.percent(before), after=numbers.percent(after))])


def next_districts(context: Context, *, asked: NextAsked) -> Exhibit:
    """Before and after by district, as a table."""
    answer = next_of(context.store, asked)
    if answer is None:
        return told.no_answer(context, asked.places, "next_districts", "places.none_candidates")
    texts, places = context.texts, asked.places
    frame = by_district(context, asked, answer).assign(difference=lambda one: one["share_after"] - one["share_before"])
    frame["place"] = [told.name_of(context, places, str(code) or None) for code in frame["code"]]
    frame["needy"] = [texts("places.needy_mark") if code in answer.needy else "" for code in frame["code"]]
    helped = frame[frame["difference"] > 1e-12].sort_values("difference", ascending=False, kind="stable")
    names = [str(code) for code in helped["code"]]
    columns = (
        Column("place", texts("need_map.column.place")), Column("share_before", texts("places.next.column.before"), "percent", 1),
        Column("share_after", texts("places.next.column.after"), "percent", 1), Column("difference", texts("places.next.column.difference"), "points", 1),
        Column("after", texts("places.column.within", unit=unit(context, places)), "count"),
        Column("total", texts("places.next.column.total", unit=unit(context, places)), "count"),
        Column("needy", texts("places.column.needy")), Column("code", texts("need_map.column.code")),
    )  # fmt: skip
    ordered = frame.sort_values(["difference", "place"], ascending=[False, True], na_position="last", kind="stable")
    return Exhibit(
        id="next_districts", title=texts("places.next.districts_title", count=len(helped), areas=len(district_names(context.store, places.city))),
        subtitle=_subtitle(context, asked, answer),
        sentence=texts("places.next.districts_told", names=told.named(context, places, names)) if names else texts("places.next.districts_none"),
        sources=told.sources(context, places, [answer.existing]),
        cautions=tuple(told.sample_caution(context, places)), settings=settings(context, asked, answer.covering), is_sample=places.targets.sample,
        table=Table(columns, ordered[[one.id for one in columns]].reset_index(drop=True), texts("places.next.districts_table")),
    )  # fmt: skip


def next_curve(context: Context, *, asked: NextAsked) -> Exhibit:
    """How the share within reach grows with the number of places, and how many bring nine of ten within reach."""
    places, texts = asked.places, context.texts
    curve, answer = curve_of(context.store, places, asked.candidates), next_of(context.store, asked)
    if curve is None or answer is None:
        return told.no_answer(context, places, "next_curve", "places.none_candidates")
    wanted = numbers.percent(WANTED, 0)
    shares = [point.covering.all_demand.share_after for point in curve.points]
    tips = [texts("places.next.curve_tip", count=point.k, share=numbers.percent(share)) for point, share in zip(curve.points, shares, strict=True)]
    share = answer.everyone.share_after
    words = texts("places.next.curve_chosen", count=asked.count, share=numbers.percent(share))
    mark = texts("places.next.curve_mark", share=numbers.percent(share))
    chosen = (asked.count, share, mark, words) if asked.count < len(shares) else None
    return Exhibit(
        id="next_curve",
        title=_curve_title(context, curve, wanted),
        subtitle=told.subtitle(context, places, "places.next.curve_subtitle", people=told.people_word(context, places.people)),
        sentence=texts("frame.sentence_separator").join(_curve_sentence(context, asked, curve, shares, wanted)),
        sources=told.sources(context, places, [answer.existing]),
        cautions=(*told.sample_caution(context, places), texts("places.way_caution")),
        table=_curve_table(context, places, curve),
        figure=covering_curve_chart(
            context.look, shares, tips, name="", wanted=(WANTED, texts("places.next.curve_wanted", share=wanted)), chosen=chosen,
            titles=(texts("places.next.curve_x"), texts("places.next.curve_y")),
        ),
        settings=settings(context, asked, None),
        is_sample=places.targets.sample,
    )  # fmt: skip


def _curve_title(context: Context, curve: Curve, wanted: str) -> str:
    texts = context.texts
    if curve.number == 0:
        return texts("places.next.curve_title_already", wanted=wanted)
    if curve.number is not None:
        key = "places.next.curve_title" if curve.at_least >= curve.number else "places.next.curve_title_open"
        return texts(key, wanted=wanted, count=curve.number, least=curve.at_least)
    return texts("places.next.curve_title_never", wanted=wanted, share=numbers.percent(curve.attainable))


def _curve_sentence(context: Context, asked: NextAsked, curve: Curve, shares: Sequence[float], wanted: str) -> list[str]:
    texts = context.texts
    parts = [texts("places.next.curve_told", first=numbers.percent(shares[0]), count=len(shares) - 1, last=numbers.percent(shares[-1]))]
    if curve.number is None:
        parts.append(texts("places.next.curve_never", wanted=wanted, share=numbers.percent(curve.attainable)))
    elif curve.number > 0:
        key = "places.next.curve_number" if curve.at_least >= curve.number else "places.next.curve_number_open"
        parts.append(texts(key, wanted=wanted, count=curve.number, least=curve.at_least))
    if curve.cut:
        parts.append(texts("places.next.curve_cut", count=len(shares) - 1))
    if asked.by_index or asked.guard:
        parts.append(texts("places.next.curve_other"))
    return parts


def _curve_table(context: Context, asked: PlacesAsked, curve: Curve) -> Table:
    texts = context.texts
    rows = []
    for point in curve.points:
        found = point.covering
        needy = found.neediest.share_after if found.neediest is not None else float("nan")
        proven = texts("places.next.sure") if is_proven(found) else texts("places.next.sure_gap", gap=numbers.percent(found.gap))
        total = found.all_demand.total
        rows.append((point.k, found.all_demand.share_after, found.all_demand.after, needy, point.greedy_after / total, proven))
    frame = pd.DataFrame(rows, columns=["count", "share", "within", "needy", "greedy", "proven"])
    columns = (
        Column("count", texts("places.next.curve_x"), "count"), Column("share", texts("places.next.curve_y"), "percent", 1),
        Column("within", texts("places.column.within", unit=unit(context, asked)), "count"),
        Column("needy", texts("places.next.column.needy"), "percent", 1), Column("greedy", texts("places.next.column.greedy"), "percent", 1),
        Column("proven", texts("places.next.column.proven")),
    )  # fmt: skip
    return Table(columns, frame, texts("places.next.curve_table"))
