"""Loneliness (孤独, subjective): asked directly and by the UCLA scale, over the waves, by group, and beside England."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.survey_change import change_sentences, change_title, compare_waves
from atlas.exhibits.survey_groups import ends, group_figure, group_table, groups_of, short_of, told
from atlas.exhibits.survey_waves import Wave, graded_colours, wave_figure, wave_table, waves_of
from atlas.figures import numbers
from atlas.figures.intervals import Dot, dots
from atlas.store import surveys

QUESTIONS = {"direct": ("loneliness_direct", "often_always"), "ucla": ("loneliness_ucla3", "score_10_12")}
"""The two ways of asking, with the category that stands for the strongest loneliness."""
OVER_YEARS = "loneliness_direct_often_always"
CONTACT = "noncohabiting_contact"
CONTACT_MODES = ("in_person", "phone_video", "sns_email")
ABROAD = "England"
MEASURE = "often_or_always_lonely"


def loneliness_group_types(context: Context) -> list[str]:
    """The groups by which loneliness is held in the newest wave, sex and age first; contact frequency once for each mode."""
    held = surveys.held(context.store)
    types = survey.in_order(context, "group_type", "", held.loc[held["question"] == QUESTIONS["direct"][0], "group_type"])
    plain = [one for one in types if one not in ("total", "sex_age", CONTACT)]
    return ["sex_age", *plain, *(f"{CONTACT}.{mode}" for mode in CONTACT_MODES)]


def group_name(context: Context, group: str) -> str:
    """The words for a group of `loneliness_group_types`."""
    kind, _, mode = group.partition(".")
    name = survey.word(context, "group_type", "", kind)
    return context.texts("loneliness.by_mode", group=name, mode=survey.word(context, "mode", "", mode)) if mode else name


def loneliness_waves(context: Context, *, asked: str = "direct", deff: float = 1.0) -> Exhibit:
    """The whole distribution, a bar a wave; a newer wave of which only the headline was read (引用による) stands below, marked."""
    texts = context.texts
    question, strongest = QUESTIONS[asked]
    years = survey.wave_years(context)
    rows = surveys.answers(context.store, question)
    waves = waves_of(rows, years, survey.PUBLISHED, deff)
    quoted = _quoted(context, years) if asked == "direct" else rows.head(0)
    newer = survey.with_intervals(survey.on_base(quoted, survey.PUBLISHED), deff)
    waves += [Wave(year, newer[newer["year"] == year]) for year in newer["year"].unique()]
    share = survey.with_intervals(survey.one_share(survey.on_base(rows, survey.PUBLISHED), (strongest,)), deff)
    who = texts(f"loneliness.who.{asked}")
    comparisons = compare_waves(share, years, "all", deff)
    sentence = [_latest(context, share, who), *change_sentences(context, comparisons, who)]
    sentence += [
        texts("loneliness.quoted", year=numbers.short_year(int(row.year), context.lang), value=numbers.percent(float(row.share))) for row in survey.each(quoted)
    ]
    categories = survey.in_order(context, "category", question, rows["category"])
    measure = survey.word(context, "question", "", question)
    return Exhibit(
        id="loneliness_waves",
        title=change_title(context, comparisons, who) or texts("loneliness.title_plain", measure=measure),
        subtitle=texts("loneliness.subtitle_waves", measure=measure, years=texts("frame.year_span", first=years[0], last=waves[-1].year)),
        sentence=texts("frame.sentence_separator").join(part for part in sentence if part),
        sources=survey.source_lines(context, [rows, quoted]),
        cautions=tuple(part for part in (survey.word(context, "question", "", question, "note"), survey.deff_note(context, deff)) if part),
        table=wave_table(context, question, waves, measure),
        figure=wave_figure(context, question, waves, graded_colours(context.look, categories)),
        settings={"asked": asked, "deff": f"{deff:g}"},
        height=380,
    )


def _quoted(context: Context, years: list[int]) -> pd.DataFrame:
    """Waves newer than the reports held, of which only the headline was read."""
    rows = surveys.answers(context.store, OVER_YEARS)
    return rows[rows["year"] > max(years, default=0)]


def _latest(context: Context, share: pd.DataFrame, who: str) -> str:
    if share.empty:
        return ""
    row = share.iloc[-1]
    return context.texts(
        "loneliness.latest",
        who=who,
        year=numbers.year(int(row["year"]), context.lang),
        n=numbers.count(row["size"]),
        value=survey.measured(context, row["value"], row["lower"], row["upper"]),
    )


def loneliness_groups(context: Context, *, asked: str = "direct", group: str = "sex_age", deff: float = 1.0) -> Exhibit:
    """The share of the strongest loneliness by one kind of group in the newest wave, with 95 % Wilson intervals."""
    texts = context.texts
    question, strongest = QUESTIONS[asked]
    kind, _, mode = group.partition(".")
    year = survey.wave_years(context)[-1]
    rows = surveys.answers(context.store, question, mode=mode or "all", group_types=(kind,), year=year)
    totals = surveys.answers(context.store, question, year=year)
    share = survey.with_intervals(survey.one_share(survey.on_base(rows, survey.PUBLISHED), (strongest,)), deff)
    everyone = survey.with_intervals(survey.one_share(survey.on_base(totals, survey.PUBLISHED), (strongest,)), deff)
    names, groups = groups_of(context, share, kind)
    who, called = texts(f"loneliness.who.{asked}"), survey.inside(context, group_name(context, group))
    extremes = ends(groups)
    if extremes:
        low, high = (short_of(context, one) for one in extremes)
        title = texts("loneliness.title_range", who=who, low=low["group"], low_value=low["value"], high=high["group"], high_value=high["value"])
    else:
        title = texts("loneliness.title_groups", who=who, group=called)
    cautions = [survey.group_note(context, kind), texts("survey.overlap") if len(groups) > 3 else "", survey.deff_note(context, deff)]
    return Exhibit(
        id="loneliness_groups",
        title=title,
        subtitle=texts(
            "loneliness.subtitle_groups",
            measure=survey.word(context, "question", "", question),
            group=called,
            year=numbers.short_year(year, context.lang),
        ),
        sentence=told(context, groups) or texts("isolation.not_held", group=called),
        sources=survey.source_lines(context, [rows, totals]),
        cautions=tuple(part for part in cautions if part),
        table=group_table(context, groups, who, total=everyone if len(everyone) else None, missing=() if groups else (called,)),
        figure=group_figure(context, names, groups, who, reference=float(everyone["value"].iloc[0]) if len(everyone) else None),
        settings={"asked": asked, "group": group, "deff": f"{deff:g}"},
    )


def loneliness_abroad(context: Context, *, deff: float = 1.0) -> Exhibit:
    """Japan beside England: the one foreign figure that may fairly stand there."""
    texts = context.texts
    year = survey.wave_years(context)[-1]
    rows = surveys.answers(context.store, QUESTIONS["direct"][0], year=year)
    own = survey.with_intervals(survey.one_share(survey.on_base(rows, survey.PUBLISHED), ("often_always",)), deff).iloc[0]
    others = surveys.international(context.store)
    abroad = others[(others["country"] == ABROAD) & (others["measure"] == MEASURE) & (others["group_id"] == "all") & others["comparable_with_japan"]]
    other = abroad.sort_values("period").iloc[-1]
    names = [texts("loneliness.japan", year=numbers.short_year(year, context.lang)), texts("loneliness.england", period=other["period"])]
    home, away = float(own["value"]), float(other["share"])
    what = texts("loneliness.who.direct")
    state = context.status_word("observed")
    points = [
        Dot(
            0,
            home,
            float(own["lower"]),
            float(own["upper"]),
            numbers.percent(home),
            survey.tip(context, names[0], what, home, own["lower"], own["upper"], own["size"], state),
        ),
        Dot(1, away, None, None, numbers.percent(away), survey.tip(context, names[1], what, away, None, None, None, state)),
    ]
    table = pd.DataFrame(
        [
            {
                "place": names[0],
                "value": home,
                "lower": own["lower"],
                "upper": own["upper"],
                "size": own["size"],
                "state": state,
                "mark": survey.read_mark(context, own["verified"]),
            },
            {"place": names[1], "value": away, "state": state, "mark": survey.read_mark(context, other["verified"])},
        ]
    )
    columns = (Column("place", texts("frame.column.area")), *survey.share_columns(context))
    words = {
        "home": numbers.percent(home),
        "away": numbers.percent(away),
        "year": numbers.short_year(year, context.lang),
        "period": other["period"],
    }
    return Exhibit(
        id="loneliness_abroad",
        title=texts("loneliness.title_abroad", **words),
        subtitle=texts("loneliness.subtitle_abroad"),
        sentence=texts("loneliness.sentence_abroad", interval=survey.span(context, own["lower"], own["upper"]), **words),
        sources=survey.source_lines(context, [rows], [texts("loneliness.source_abroad", period=other["period"])]),
        cautions=(texts("loneliness.caution_abroad"),),
        table=Table(columns, table.reindex(columns=[column.id for column in columns]), what),
        figure=dots(context.look, names, points),
        settings={"deff": f"{deff:g}"},
        height=200,
    )
