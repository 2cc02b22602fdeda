"""Every municipality by size: the funnel with over-dispersed limits, and why binomial ones are not used."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from atlas.analysis.funnel import CONTROL_CONFIDENCE, FunnelFit, funnel_fit, funnel_limits
from atlas.analysis.reliability import Visibility
from atlas.exhibits.compare import count_columns
from atlas.exhibits.context import Context
from atlas.exhibits.field import OLDER_TOPIC, Field, cautions, field_of, row_note, share_words
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.peers import peers_of
from atlas.figures import numbers
from atlas.figures.funnel import Dots, FunnelPlan, Limits, funnel_chart
from atlas.store.database import Store
from catalog.model import Indicator

WARNING_CONFIDENCE = 0.95
NOT_TRIMMED = 0.0
"""No winsorising: cutting a tenth of the areas at each end would cut the large cities, which carry the weight."""
CURVE_POINTS = 48
TICKS = (10, 100, 1_000, 10_000, 100_000, 1_000_000)


@lru_cache(maxsize=24)
def fit_of(store: Store, indicator_id: str, year: int) -> FunnelFit:
    """The funnel of a share over all municipalities, in the order of the field's rows."""
    rows = field_of(store, indicator_id, year).rows
    held = rows["value"].notna()
    return funnel_fit(rows["numerator"].where(held).to_numpy(float), rows["denominator"].where(held, 0).to_numpy(float), winsorise=NOT_TRIMMED)


def funnel(context: Context, *, indicator_id: str, area_code: str, year: int) -> Exhibit:
    """Where a municipality lies among all municipalities of its size."""
    texts, lang = context.texts, context.lang
    indicator, field = context.indicator(indicator_id), field_of(context.store, indicator_id, year)
    fit = fit_of(context.store, indicator_id, year)
    place = context.short_area_name(area_code)
    zone = _zone(field, fit, area_code)
    base = context.word(context.indicator(indicator.denominator or indicator_id), "short")
    withheld = int((field.rows["value"].notna() & field.rows["shown"].isna()).sum())
    notes = [
        texts(
            "compare.funnel.method",
            phi=numbers.count(fit.phi, 1),
            tau=numbers.count(fit.tau2**0.5 * 100, 1),
            areas=numbers.count(fit.areas),
        ),
        *([texts("compare.funnel.withheld", count=numbers.count(withheld))] if withheld else []),
        *cautions(context, indicator, field, area_code, own=False),
    ]
    return Exhibit(
        id="funnel",
        title=texts(
            f"compare.funnel.title.{'none' if is_uncertain(indicator, field, area_code) else zone}",
            place=place,
            measure=context.word(indicator, "short"),
        ),
        subtitle=texts(
            "compare.funnel.subtitle",
            measure=context.word(indicator, "title"),
            base=base,
            areas=numbers.count(fit.areas),
            year=numbers.year(year, lang),
        ),
        sentence=_sentence(context, indicator, field, fit, area_code, zone),
        sources=context.source_lines([field.rows]),
        cautions=tuple(notes),
        table=_table(context, indicator, field, fit, area_code),
        figure=funnel_chart(context.look, _plan(context, indicator, field, fit, area_code)),
        settings={
            "indicator": indicator_id,
            "area": area_code,
            "year": str(year),
            "target": f"{fit.target:.6f}",
            "phi": f"{fit.phi:.3f}",
            "tau": f"{fit.tau2**0.5:.6f}",
            "winsorised": f"{fit.winsorised:g}",
        },
        height=460,
    )


def is_uncertain(indicator: Indicator, field: Field, area_code: str) -> bool:
    """Are too many ages unknown to claim where this figure lies?"""
    return indicator.topic == OLDER_TOPIC and field.places[area_code].flagged


def _zone(field: Field, fit: FunnelFit, area_code: str) -> str:
    """inside (95 %), above or below (outside 95 %), far_above or far_below (outside 99.8 %), none."""
    if not field.places[area_code].is_shown:
        return "none"
    at = list(field.places).index(area_code)
    if not fit.outside(WARNING_CONFIDENCE)[at]:
        return "inside"
    side = "above" if fit.adjusted_z_scores[at] > 0 else "below"
    return f"far_{side}" if fit.outside(CONTROL_CONFIDENCE)[at] else side


def _sentence(context: Context, indicator: Indicator, field: Field, fit: FunnelFit, area_code: str, zone: str) -> str:
    texts = context.texts
    own = field.places[area_code]
    place = context.area_name(area_code)
    parts = []
    if zone == "none":
        parts.append(texts("compare.funnel.sentence_none", place=place, words=share_words(context, indicator, own)))
    else:
        limits = funnel_limits(own.denominator, fit.target, fit.tau2, WARNING_CONFIDENCE)
        parts.append(
            texts(
                f"compare.funnel.sentence.{zone}",
                place=place,
                value=numbers.percent(own.shown),
                target=numbers.percent(fit.target),
                low=numbers.percent(float(limits.lower)),
                high=numbers.percent(float(limits.upper)),
            )
        )
    parts.append(texts("compare.funnel.outside", outside=numbers.count(fit.outside_over_dispersed), areas=numbers.count(fit.areas)))
    parts.append(texts("compare.funnel.why_not_binomial", outside=numbers.count(fit.outside_binomial), areas=numbers.count(fit.areas)))
    return texts("frame.sentence_separator").join(parts)


def _plan(context: Context, indicator: Indicator, field: Field, fit: FunnelFit, area_code: str) -> FunnelPlan:
    texts = context.texts
    shown = field.rows[field.rows["shown"].notna()]
    found = peers_of(context.store, indicator, area_code)
    peers = [code for code in (found.codes if found else ()) if code in shown.index]
    chosen = [area_code] if area_code in shown.index else []
    rest = shown.drop(index=[*peers, *chosen])
    ends = shown.denominator.min() / 1.3, shown.denominator.max() * 1.3
    sizes = np.geomspace(*ends, CURVE_POINTS)
    limits = []
    for confidence, words, dashed in (
        (WARNING_CONFIDENCE, "compare.funnel.warning", True),
        (CONTROL_CONFIDENCE, "compare.funnel.control", False),
    ):
        pair = funnel_limits(sizes, fit.target, fit.tau2, confidence)
        limits.append(Limits(texts(words), np.asarray(pair.lower), np.asarray(pair.upper), dashed))

    def dots(name: str, codes: pd.Index | list[str]) -> Dots:
        rows = shown.loc[codes]
        return Dots(name, [context.area_name(str(code)) for code in codes], rows["denominator"].to_numpy(float), rows["shown"].to_numpy(float))

    return FunnelPlan(
        field=dots(texts("compare.funnel.others"), rest.index),
        peers=dots(texts("compare.role.peer"), peers),
        chosen=dots(context.short_area_name(area_code), chosen),
        sizes=sizes,
        limits=limits,
        target=fit.target,
        target_words=texts("compare.funnel.target", value=numbers.percent(fit.target)),
        size_title=context.word(context.indicator(indicator.denominator or indicator.id), "title"),
        share_words=context.word(indicator, "short"),
        ticks=[(at, texts(f"compare.funnel.tick.n{at}")) for at in TICKS if ends[0] <= at <= ends[1]],
    )


def _table(context: Context, indicator: Indicator, field: Field, fit: FunnelFit, area_code: str) -> Table:
    """Chosen place and peers first, then every municipality outside the 99.8 % limits; all of them stand in the list at the page's end."""
    texts = context.texts
    found = peers_of(context.store, indicator, area_code)
    peers = found.codes if found else ()
    far = [
        str(code)
        for code, outside in zip(field.rows.index, fit.outside(CONTROL_CONFIDENCE), strict=True)
        if outside and field.rows.at[code, "visibility"] != Visibility.WITHHELD
    ]
    codes = list(dict.fromkeys([area_code, *peers, *far]))
    rows = field.rows.loc[codes]
    warning, control = (funnel_limits(rows["denominator"].to_numpy(float), fit.target, fit.tau2, one) for one in (WARNING_CONFIDENCE, CONTROL_CONFIDENCE))
    frame = pd.DataFrame(
        {
            "place": [context.area_name(code) for code in codes],
            "role": [texts(f"compare.role.{'chosen' if code == area_code else 'peer' if code in peers else 'far'}") for code in codes],
            "share": rows["shown"].to_numpy(float),
            "numerator": rows["numerator"].to_numpy(float),
            "denominator": rows["denominator"].to_numpy(float),
            "warning_low": warning.lower,
            "warning_high": warning.upper,
            "control_low": control.lower,
            "control_high": control.upper,
            "zone": [texts(f"compare.funnel.zone.{_zone(field, fit, code)}") for code in codes],
            "note": [row_note(context, field.places[code]) for code in codes],
        }
    )
    columns = (
        Column("place", texts("compare.column.municipality")),
        Column("role", texts("frame.column.kind")),
        Column("share", context.word(indicator, "short"), "percent", indicator.decimals),
        *count_columns(context, indicator),
        *(Column(one, texts(f"compare.column.{one}"), "percent", 1) for one in ("warning_low", "warning_high", "control_low", "control_high")),
        Column("zone", texts("compare.column.zone")),
        Column("note", texts("compare.column.note")),
    )
    return Table(columns, frame, texts("compare.funnel.table", measure=context.word(indicator, "title"), year=field.year))
