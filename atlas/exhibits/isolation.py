"""Isolation (孤立, objective): the official trial index by attribute, and how the frequency of contact is spread."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.survey_groups import Group, ends, group_figure, group_table, groups_of, short_of, told
from atlas.figures import numbers
from atlas.figures.bars import Bars, grouped_bars
from atlas.store import surveys

QUESTION = "isolation_indicator_trial"
OVER_YEARS = "isolation_indicator_trial_excl_nonresponse"
INDICATORS = ("contact_less_than_weekly", "contact_weekly_or_less", "no_reliable_and_no_consult", "no_reliable_consult_casualtalk")
ISOLATED_FROM = "biweekly"
"""The first of the classes below once a week."""
VARIANTS = ("including_cohabitants", "excluding_cohabitants")


def isolation_group_types(context: Context) -> list[str]:
    """The attributes by which the trial index is held, living with someone or not first."""
    held = surveys.held(context.store)
    types = survey.in_order(context, "group_type", "", held.loc[held["question"] == QUESTION, "group_type"])
    return ["cohabitation", *(one for one in types if one not in ("cohabitation", "total"))]


def isolation_groups(context: Context, *, indicator: str = "contact_less_than_weekly", group: str = "cohabitation", deff: float = 1.0) -> Exhibit:
    """The trial index by one attribute with 95 % Wilson intervals, beside everyone."""
    texts = context.texts
    rows = surveys.answers(context.store, QUESTION, group_types=(group,))
    rows = rows[(rows["year"] == rows["year"].max()) & (rows["category"] == indicator)]
    totals = surveys.answers(context.store, QUESTION, year=int(rows["year"].max())) if len(rows) else rows
    totals = totals[totals["category"] == indicator]
    share = survey.with_intervals(survey.on_base(rows, survey.PUBLISHED), deff)
    everyone = survey.with_intervals(survey.on_base(totals, survey.PUBLISHED), deff)
    names, groups = groups_of(context, share, group)
    what = survey.word(context, "category", QUESTION, indicator)
    kind = survey.inside(context, survey.word(context, "group_type", "", group))
    year = int(rows["year"].max()) if len(rows) else survey.wave_years(context)[-1]
    sentence = [_everyone(context, everyone, what), told(context, groups), texts(f"isolation.means.{indicator}")]
    return Exhibit(
        id="isolation_groups",
        title=_title(context, groups, texts(f"isolation.who.{indicator}"), kind),
        subtitle=texts("isolation.subtitle", what=what, group=kind, year=numbers.short_year(year, context.lang)),
        sentence=texts("frame.sentence_separator").join(part for part in sentence if part) if groups else texts("isolation.not_held", group=kind),
        sources=survey.source_lines(context, [rows, totals]),
        cautions=tuple(
            part
            for part in (
                texts("isolation.trial"),
                survey.group_note(context, group),
                texts("survey.overlap") if len(groups) > 3 else "",
                survey.deff_note(context, deff),
            )
            if part
        ),
        table=group_table(context, groups, what, total=everyone),
        figure=group_figure(context, names, groups, what, reference=float(everyone["value"].iloc[0]) if len(everyone) else None),
        settings={"indicator": indicator, "group": group, "deff": f"{deff:g}"},
    )


def _title(context: Context, groups: list[Group], who: str, kind: str) -> str:
    extremes = ends(groups)
    if extremes is None:
        return context.texts("isolation.title_plain", who=who, group=kind)
    low, high = (short_of(context, one) for one in extremes)
    key = "isolation.title_two" if len(groups) == 2 else "isolation.title_range"
    return context.texts(key, who=who, high=high["group"], high_value=high["value"], low=low["group"], low_value=low["value"])


def _everyone(context: Context, everyone: pd.DataFrame, what: str) -> str:
    if everyone.empty:
        return ""
    row = everyone.iloc[0]
    return context.texts(
        "isolation.everyone",
        what=what,
        value=survey.measured(context, row["value"], row["lower"], row["upper"]),
        n=numbers.count(row["size"]),
    )


def isolation_distribution(context: Context, *, deff: float = 1.0) -> Exhibit:
    """How the overall frequency of contact is spread, with and without talk in the home; how it is counted stands in the notes."""
    texts = context.texts
    spread = surveys.score_distribution(context.store)
    spread = _with_blanks(spread[spread["year"] == spread["year"].max()])
    spread = survey.with_intervals(spread.assign(value=spread["share"], size=spread["n"].astype(float), source_id=survey.SOURCE), deff)
    order = list(dict.fromkeys(spread["category"]))
    names = [survey.word(context, "category", *_named(one)) for one in order]
    series = [_series(context, spread[spread["variant"] == variant], order, names, variant) for variant in VARIANTS]
    first = order.index(ISOLATED_FROM)
    below = spread[spread["category"].isin(order[first:-1])].groupby("variant")
    sums = (below["count"].sum() / below["n"].first()).to_dict()
    year = int(spread["year"].iloc[0])
    words = {
        "year": numbers.year(year, context.lang),
        "including": numbers.percent(sums[VARIANTS[0]]),
        "excluding": numbers.percent(sums[VARIANTS[1]]),
    }
    return Exhibit(
        id="isolation_distribution",
        title=texts("isolation.title_distribution", **words),
        subtitle=texts("isolation.subtitle_distribution", year=numbers.short_year(year, context.lang), n=numbers.count(spread["n"].max())),
        sentence=texts("isolation.sentence_distribution", **words),
        sources=survey.source_lines(context, [spread]),
        cautions=(_weights(context), _years_in_words(context), texts("isolation.trial")),
        table=_distribution_table(context, spread, order, names),
        figure=grouped_bars(context.look, names, series, hatched=(len(order) - 1,), band=(first, texts("isolation.below"))),
        settings={"deff": f"{deff:g}"},
    )


def _named(category: str) -> tuple[str, str]:
    """Where the registry has the words of a class."""
    return ("noncohabiting_contact" if category == survey.NO_ANSWER else "contact_score_distribution"), category


def _with_blanks(spread: pd.DataFrame) -> pd.DataFrame:
    """The classes and, last, the people in none of them because all contact items were blank: respondents less the published counts."""
    counted = spread.groupby("variant", as_index=False).agg(count=("count", "sum"), n=("n", "first"), year=("year", "first"))
    blanks = counted.assign(
        count=counted["n"] - counted["count"],
        share=(counted["n"] - counted["count"]) / counted["n"],
        category=survey.NO_ANSWER,
        position=spread["position"].max() + 1,
        verified="derived",
        publication=spread["publication"].iloc[0],
        note=None,
        score_min=None,
        score_max=None,
    )
    shared = [*blanks.columns]
    return pd.concat([spread[shared].astype({"note": object}), blanks.astype({"score_min": float, "score_max": float})], ignore_index=True)


def _series(context: Context, rows: pd.DataFrame, order: list[str], names: list[str], variant: str) -> Bars:
    own = rows.set_index("category").loc[order]
    short = context.texts(f"isolation.variant.{variant}")
    what = survey.word(context, "group", "contact_score_variant", variant)
    tips = [
        survey.tip(context, name, what, float(row.value), float(row.lower), float(row.upper), float(row.size), _state(context, row.verified))
        for name, row in zip(names, survey.each(own), strict=True)
    ]
    labels = [f"{short} {numbers.percent(value)}" for value in own["value"]]
    return Bars(own["value"].tolist(), own["lower"].tolist(), own["upper"].tolist(), labels, tips, accent=variant == VARIANTS[0])


def _state(context: Context, verified: object) -> str:
    return context.texts("frame.verified.derived") if verified == "derived" else context.status_word("observed")


def _weights(context: Context) -> str:
    """How the index counts: the monthly count of every frequency, in one line."""
    texts = context.texts
    weights = surveys.score_weights(context.store).dropna(subset=["monthly_weight"]).sort_values("monthly_weight")
    listed = [
        texts(
            "isolation.weight",
            answer=survey.word(context, "category", "noncohabiting_contact", row.category),
            weight=f"{row.monthly_weight:g}",
        )
        for row in survey.each(weights)
    ]
    return texts("isolation.weights", weights=texts("frame.list_separator").join(listed))


def _over_years(context: Context) -> pd.DataFrame:
    return surveys.answers(context.store, OVER_YEARS)


def _years_in_words(context: Context) -> str:
    """The quoted figures over the years; they have no n, so that nothing is tested."""
    listed = [f"{numbers.short_year(int(row.year), context.lang)} {numbers.percent(float(row.share))}" for row in survey.each(_over_years(context))]
    return context.texts("isolation.over_years", years=context.texts("frame.list_separator").join(listed)) if listed else ""


def _distribution_table(context: Context, spread: pd.DataFrame, order: list[str], names: list[str]) -> Table:
    """A row a class and way of counting, with the limits in contacts a month and the number of people."""
    texts = context.texts
    titles = dict(zip(order, names, strict=True))
    rows = spread.assign(
        answer=spread["category"].map(titles),
        way=[survey.word(context, "group", "contact_score_variant", one) for one in spread["variant"]],
        state=[_state(context, one) for one in spread["verified"]],
        mark=[survey.read_mark(context, one) for one in spread["verified"]],
    )
    rows = rows.sort_values(["variant", "position"], ascending=[False, True])
    columns = (
        Column("answer", texts("isolation.column.answer")),
        Column("way", texts("isolation.column.way")),
        Column("score_min", texts("isolation.column.from"), "decimal", 1),
        Column("score_max", texts("isolation.column.below"), "decimal", 1),
        Column("count", texts("isolation.column.people"), "count"),
        *survey.share_columns(context),
    )
    return Table(columns, rows[[column.id for column in columns]], texts("isolation.column.caption"))
