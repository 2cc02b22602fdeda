"""Contact: how often people are in touch with family and friends they do not live with, over the waves and by group."""

from __future__ import annotations

import pandas as pd

from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.survey_change import Comparison, change_sentences, change_title, compare_waves
from atlas.exhibits.survey_groups import Group, ends, group_figure, group_table, groups_of, short_of, told
from atlas.exhibits.survey_waves import contact_colours, wave_figure, wave_table, waves_of
from atlas.figures import numbers
from atlas.store import surveys

MODES = {
    "in_person": ("noncohabiting_contact", "in_person"),
    "phone_video": ("noncohabiting_contact", "phone_video"),
    "sns_email": ("noncohabiting_contact", "sns_email"),
    "remote_any": ("noncohabiting_contact", "remote_any"),
    "at_home": ("cohabiting_contact", "in_person"),
}
"""What can be looked at: the three modes, all ways but in person (for reference), and talk with people in the home."""
CATEGORIES = {"never": ("never",), "low": ("never", "less_than_monthly")}
GROUPS = ("sex_age", "sex", "age", "total")


def contact_waves(context: Context, *, mode: str = "in_person", base: str = survey.PUBLISHED, category: str = "never", deff: float = 1.0) -> Exhibit:
    """The whole distribution of one mode, a bar a wave; whether the share of `category` changed is tested and said."""
    texts = context.texts
    question, asked = MODES[mode]
    years = survey.wave_years(context)
    rows = surveys.answers(context.store, question, mode=asked)
    waves = waves_of(rows, years, base, deff)
    share = survey.with_intervals(survey.one_share(survey.on_base(rows, base), CATEGORIES[category]), deff)
    who = _who(context, mode, category)
    comparisons = compare_waves(share, years, mode, deff)
    sentence = [_latest(context, share, who, base), *change_sentences(context, comparisons, who), _blanks(context, rows, base)]
    sentence.append(_depends(context, rows, base, category, comparisons, deff))
    categories = list(dict.fromkeys(rows["category"]))
    return Exhibit(
        id="contact_waves",
        title=change_title(context, comparisons, who) or texts("contact.title_plain", what=_mode(context, mode)),
        subtitle=texts("contact.subtitle_waves", what=_measure(context, mode), base=_base(context, mode, base), years=_years(context, years)),
        sentence=texts("frame.sentence_separator").join(part for part in sentence if part),
        sources=survey.source_lines(context, [rows]),
        cautions=tuple(part for part in (_missing(context, rows, years), _asked(context, mode), survey.deff_note(context, deff)) if part),
        table=wave_table(context, question, waves, texts("contact.subtitle_table", what=_measure(context, mode), base=_base(context, mode, base))),
        figure=wave_figure(context, question, waves, contact_colours(context.look, survey.in_order(context, "category", question, categories))),
        settings={"mode": mode, "base": base, "category": category, "deff": f"{deff:g}"},
        height=360,
    )


def contact_groups(
    context: Context,
    *,
    mode: str = "in_person",
    base: str = survey.PUBLISHED,
    category: str = "never",
    group: str = "sex_age",
    deff: float = 1.0,
) -> Exhibit:
    """The share of one category by sex, age, both (latest wave), or over the waves, with 95 % Wilson intervals."""
    texts = context.texts
    question, asked = MODES[mode]
    years = survey.wave_years(context)
    rows = surveys.answers(context.store, question, mode=asked, group_types=(group,), year=None if group == "total" else years[-1])
    share = survey.with_intervals(survey.one_share(survey.on_base(rows, base), CATEGORIES[category]), deff)
    totals = surveys.answers(context.store, question, mode=asked, year=years[-1])
    everyone = survey.with_intervals(survey.one_share(survey.on_base(totals, base), CATEGORIES[category]), deff)
    who = _who(context, mode, category)
    missing: list[int] = []
    if group == "total":
        names = [numbers.short_year(year, context.lang) for year in years]
        groups = [Group(names[years.index(row.year)], years.index(row.year), 0, "", row) for row in survey.each(share)]
        missing = [position for position, year in enumerate(years) if year not in set(share["year"])]
    else:
        names, groups = groups_of(context, share, group)
    reference = None if group == "total" or everyone.empty else float(everyone["value"].iloc[0])
    derived = len(rows) > 0 and rows["verified"].eq("derived").any()
    cautions = [
        texts("contact.derived") if derived else "",
        texts("survey.overlap") if len(groups) > 3 else "",
        survey.deff_note(context, deff),
    ]
    return Exhibit(
        id="contact_groups",
        title=_group_title(context, groups, group, who),
        subtitle=texts(
            "contact.subtitle_groups",
            what=_measure(context, mode),
            answer=texts(f"contact.category.{category}"),
            base=_base(context, mode, base),
            years=_years(context, years) if group == "total" else numbers.short_year(years[-1], context.lang),
        ),
        sentence=told(context, groups)
        or texts(
            "contact.groups_not_held",
            what=_mode(context, mode),
            group=survey.inside(context, survey.word(context, "group_type", "", group)),
        ),
        sources=survey.source_lines(context, [rows, totals]),
        cautions=tuple(part for part in cautions if part),
        table=group_table(
            context,
            groups,
            texts("contact.caption_groups", who=who, base=_base(context, mode, base)),
            base=base,
            total=everyone if group != "total" and len(everyone) else None,
            missing=[names[row] for row in missing] if groups else [survey.word(context, "group_type", "", group)],
        ),
        figure=group_figure(context, names, groups, who, base=base, reference=reference, missing=missing),
        settings={"mode": mode, "base": base, "category": category, "group": group, "deff": f"{deff:g}"},
    )


def _group_title(context: Context, groups: list[Group], group: str, who: str) -> str:
    texts = context.texts
    extremes = ends(groups)
    if group == "total" or extremes is None:
        return texts(
            "contact.title_years" if group == "total" else "contact.title_groups",
            who=who,
            group=survey.inside(context, survey.word(context, "group_type", "", group)),
        )
    low, high = (short_of(context, one) for one in extremes)
    return texts("contact.title_range", who=who, low=low["group"], low_value=low["value"], high=high["group"], high_value=high["value"])


def _mode(context: Context, mode: str) -> str:
    return context.texts(f"contact.mode.{mode}")


def _measure(context: Context, mode: str) -> str:
    return context.texts(f"contact.measure.{mode}")


def _who(context: Context, mode: str, category: str) -> str:
    return context.texts(f"contact.who.{mode}.{category}")


def _base(context: Context, mode: str, base: str) -> str:
    return context.texts(f"contact.base_{'home' if mode == 'at_home' else 'all'}.{base}")


def _years(context: Context, years: list[int]) -> str:
    return context.texts("frame.year_span", first=years[0], last=years[-1]) if years else ""


def _depends(context: Context, rows: pd.DataFrame, base: str, category: str, comparisons: list[Comparison], deff: float) -> str:
    """Say so where a test would end otherwise on the other base."""
    if rows.empty or not comparisons:
        return ""
    other = survey.ANSWERED if base == survey.PUBLISHED else survey.PUBLISHED
    share = survey.one_share(survey.on_base(rows, other), CATEGORIES[category])
    again = compare_waves(share, survey.wave_years(context), str(rows["mode"].iloc[0]), deff)
    named = [numbers.short_year(one.earlier, context.lang) for one, two in zip(comparisons, again, strict=True) if one.verdict != two.verdict]
    return context.texts(f"contact.depends.{other}", years=context.texts("frame.list_separator").join(named)) if named else ""


def _latest(context: Context, share: pd.DataFrame, who: str, base: str) -> str:
    """The newest wave held, with interval and n."""
    if share.empty:
        return ""
    row = next(survey.each(share.tail(1)))
    return context.texts(
        f"contact.latest.{base}",
        who=who,
        year=numbers.year(int(row.year), context.lang),
        n=numbers.count(float(row.size)),
        value=survey.measured(context, float(row.value), float(row.lower), float(row.upper)),
    )


def _blanks(context: Context, rows: pd.DataFrame, base: str) -> str:
    """How large no answer is and how it moves, whichever base is shown."""
    blanks = rows.loc[rows["category"] == survey.NO_ANSWER, "share"]
    if blanks.empty:
        return ""
    return context.texts(f"contact.blanks.{base}", low=numbers.percent(blanks.min()).rstrip("%"), high=numbers.percent(blanks.max()))


def _missing(context: Context, rows: pd.DataFrame, years: list[int]) -> str:
    """Which waves are not held."""
    held = {int(year) for year in rows["year"]}
    named = [numbers.short_year(year, context.lang) for year in years if year not in held]
    return context.texts("contact.missing", years=context.texts("frame.list_separator").join(named)) if named else ""


def _asked(context: Context, mode: str) -> str:
    """What has to be known about how this mode was asked."""
    if mode == "at_home":
        return survey.word(context, "question", "", "cohabiting_contact", "note")
    return survey.word(context, "mode", "", MODES[mode][1], "note")
