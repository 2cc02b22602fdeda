"""A share of the districts over their size: which lie outside what chance and the districts' own spread explain."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from atlas.analysis.errors import AnalysisError
from atlas.analysis.funnel import CONTROL_CONFIDENCE, FunnelFit, funnel_fit, funnel_limits
from atlas.exhibits import evidence
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.compare import count_columns
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows
from atlas.exhibits.funnel import CURVE_POINTS, NOT_TRIMMED, WARNING_CONFIDENCE
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.target_order import TargetsAsked
from atlas.figures import numbers
from atlas.figures.district_funnel import Named, district_funnel
from atlas.figures.funnel import Dots, FunnelPlan, Limits
from atlas.store.database import Store
from catalog.model import Indicator

TICKS = tuple(step * 10**power for power in range(1, 7) for step in (1, 2, 5))
MOST_TICKS = 6


@lru_cache(maxsize=64)
def district_fit(store: Store, city: str, share: str, year: int) -> FunnelFit | None:
    """The funnel over the city's districts in the order of `base_rows`; None where fewer than two have the share."""
    rows = base_rows(store, city, share, year)
    held = rows["value"].notna()
    try:
        return funnel_fit(rows["numerator"].where(held).to_numpy(float), rows["denominator"].where(held, 0).to_numpy(float), winsorise=NOT_TRIMMED)
    except AnalysisError:
        return None


def target_funnel(context: Context, *, asked: TargetsAsked, share: str, chosen: str | None = None) -> Exhibit:
    """The districts outside the limits, by name, or that none can be said to differ."""
    texts, fit = context.texts, district_fit(context.store, asked.city, share, asked.year)
    place, indicator = words_of.city_name(context, asked.city), context.indicator(share)
    measure = context.word(indicator, "short")
    if fit is None:
        title = texts("evidence.funnel.title_none_held", place=place, measure=measure)
        return evidence.nothing(context, asked, "target_funnel", title, texts("evidence.funnel.none_held"))
    rows = _rows(context, asked, share, fit)
    base, year = context.word(context.indicator(indicator.denominator or share), "short"), words_of.years(context, asked.as_map)
    return Exhibit(
        id="target_funnel",
        title=_title(context, measure, rows),
        subtitle=evidence.marked(
            context,
            asked,
            texts("evidence.funnel.subtitle", measure=context.word(indicator, "title"), base=base, place=place, count=fit.areas, year=year),
        ),
        sentence=_sentence(context, fit, rows, measure),
        sources=evidence.sources(context, asked, share),
        cautions=evidence.cautions(
            context,
            asked,
            texts("evidence.funnel.method", phi=numbers.count(fit.phi, 1), tau=numbers.count(fit.tau2**0.5 * 100, 1), count=fit.areas),
            texts("evidence.funnel.complete"),
            texts("evidence.funnel.apportioned"),
        ),
        table=_table(context, indicator, rows, place),
        figure=district_funnel(context.look, _plan(context, fit, rows, measure, indicator, chosen), _named(rows, chosen)),
        settings=evidence.settings(
            context, asked, of_index=False, measure=share, target=f"{fit.target:.6f}", phi=f"{fit.phi:.3f}", tau=f"{fit.tau2**0.5:.6f}",
            winsorised=f"{fit.winsorised:g}",
        ),
        height=460,
        is_sample=asked.sample,
    )  # fmt: skip


def _rows(context: Context, asked: TargetsAsked, share: str, fit: FunnelFit) -> pd.DataFrame:
    """The districts with their limits and the zone they lie in; the zone is empty where there is no share."""
    rows = base_rows(context.store, asked.city, share, asked.year).copy()
    rows["z"] = fit.adjusted_z_scores
    bases = rows["denominator"].to_numpy(float)
    for name, confidence in (("warning", WARNING_CONFIDENCE), ("control", CONTROL_CONFIDENCE)):
        limits = funnel_limits(bases, fit.target, fit.tau2, confidence)
        rows[f"{name}_low"], rows[f"{name}_high"] = limits.lower, limits.upper
    warning, control = fit.outside(WARNING_CONFIDENCE), fit.outside(CONTROL_CONFIDENCE)
    side = np.where(rows["z"] > 0, "above", "below")
    zone = np.where(control, np.char.add("far_", side.astype(str)), np.where(warning, side, "inside"))
    rows["zone"] = pd.Series(zone, index=rows.index, dtype=object).where(rows["value"].notna(), "none")
    return rows


def _in(rows: pd.DataFrame, *zones: str) -> pd.DataFrame:
    """The districts of some zones, the farthest first."""
    own = rows[rows["zone"].isin(zones)]
    return own.loc[own["z"].abs().sort_values(ascending=False, kind="stable").index]


def _title(context: Context, measure: str, rows: pd.DataFrame) -> str:
    far = _in(rows, "far_above", "far_below")
    if far.empty:
        return context.texts("evidence.funnel.title_none", measure=measure)
    return context.texts("evidence.funnel.title", measure=measure, names=evidence.named(context, list(far["name"]), 3))


def _sentence(context: Context, fit: FunnelFit, rows: pd.DataFrame, measure: str) -> str:
    texts, parts = context.texts, []
    for zone in ("far_above", "far_below"):
        own = _in(rows, zone)
        if len(own):
            parts.append(texts(f"evidence.funnel.told.{zone}", measure=measure, names=evidence.named(context, list(own["name"])), count=len(own)))
    if not parts:
        parts.append(texts("evidence.funnel.told.none", count=fit.areas))
    near = _in(rows, "above", "below")
    # One in twenty lies out there by chance alone: told with that number beside it.
    expected = numbers.count(fit.areas * (1 - WARNING_CONFIDENCE), 1)
    if len(near):
        parts.append(texts("evidence.funnel.told.near", names=evidence.named(context, list(near["name"])), count=len(near), expected=expected))
    parts.append(texts("evidence.funnel.told.spread", target=numbers.percent(fit.target), tau=numbers.count(fit.tau2**0.5 * 100, 1)))
    if fit.left_out:
        missing = rows[rows["zone"] == "none"]
        parts.append(texts("evidence.funnel.told.left_out", names=evidence.named(context, list(missing["name"])), count=len(missing)))
    return evidence.joined(context, parts)


def _named(rows: pd.DataFrame, chosen: str | None) -> list[Named]:
    """Who is named in the figure; the chosen district has its own name there."""
    far = _in(rows, "far_above", "far_below")
    return [Named(words_of.plain_name(str(row["name"])), float(row["denominator"]), float(row["value"])) for code, row in far.iterrows() if str(code) != chosen]


def _plan(context: Context, fit: FunnelFit, rows: pd.DataFrame, measure: str, indicator: Indicator, chosen: str | None) -> FunnelPlan:
    texts = context.texts
    shown = rows[rows["zone"] != "none"]
    far = [code for code in _in(rows, "far_above", "far_below").index if code != chosen]
    own = [chosen] if chosen in shown.index else []
    ends = shown["denominator"].min() / 1.3, shown["denominator"].max() * 1.3
    sizes = np.geomspace(*ends, CURVE_POINTS)
    limits = []
    for confidence, words, dashed in ((WARNING_CONFIDENCE, "compare.funnel.warning", True), (CONTROL_CONFIDENCE, "compare.funnel.control", False)):
        pair = funnel_limits(sizes, fit.target, fit.tau2, confidence)
        limits.append(Limits(texts(words), np.asarray(pair.lower), np.asarray(pair.upper), dashed))

    def dots(name: str, part: pd.DataFrame) -> Dots:
        names = [words_of.district_name(context, str(one)) for one in part["name"]]
        return Dots(name, names, part["denominator"].to_numpy(float), part["value"].to_numpy(float))

    inside = [tick for tick in TICKS if ends[0] <= tick <= ends[1]]
    return FunnelPlan(
        field=dots(texts("evidence.funnel.districts"), shown.drop(index=[*far, *own])),
        peers=dots(texts("evidence.funnel.outside"), shown.loc[far]),
        chosen=dots(words_of.plain_name(str(rows.at[own[0], "name"])) if own else "", shown.loc[own]),
        sizes=sizes,
        limits=limits,
        target=fit.target,
        target_words=texts("evidence.funnel.target", value=numbers.percent(fit.target)),
        size_title=context.word(context.indicator(indicator.denominator or indicator.id), "title"),
        share_words=measure,
        ticks=[(tick, numbers.count(tick)) for tick in (inside if len(inside) <= MOST_TICKS else inside[:: -(-len(inside) // MOST_TICKS)])],
    )


def _table(context: Context, indicator: Indicator, rows: pd.DataFrame, place: str) -> Table:
    """Every district with its limits; the highest adjusted z first."""
    texts = context.texts
    ordered = rows.sort_values(["z", "name"], ascending=[False, True], na_position="last", kind="stable")
    frame = ordered[["name", "value", "numerator", "denominator", "z", "warning_low", "warning_high", "control_low", "control_high"]].rename(
        columns={"name": "place", "value": "share"}
    )
    frame["zone"] = [texts(f"compare.funnel.zone.{zone}") for zone in ordered["zone"]]
    frame["state"] = [words_of.state_word(context, str(state)) for state in ordered["state"]]
    frame["code"] = ordered.index.astype(str)
    columns = (
        Column("place", texts("need_map.column.place")),
        Column("share", context.word(indicator, "short"), "percent", indicator.decimals),
        *count_columns(context, indicator),
        Column("z", texts("evidence.funnel.column.z"), "decimal", 2),
        *(Column(one, texts(f"compare.column.{one}"), "percent", 1) for one in ("warning_low", "warning_high", "control_low", "control_high")),
        Column("zone", texts("compare.column.zone")),
        Column("state", texts("need_map.column.state")),
        Column("code", texts("need_map.column.code")),
    )
    return Table(
        columns,
        frame[[one.id for one in columns]].reset_index(drop=True),
        texts("evidence.funnel.table", measure=context.word(indicator, "title"), place=place),
    )
