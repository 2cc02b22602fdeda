"""Modelled low contact and loneliness (推計) of a municipality beside its prefecture and the nation, all modelled the same way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from atlas.analysis.errors import AnalysisError
from atlas.analysis.modelled_contact import ModelledContact, SurveyRate
from atlas.analysis.modelled_contact import modelled_contact as model
from atlas.exhibits import survey_rows as survey
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import state_of
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.figures import numbers
from atlas.figures.intervals import Dot, Word, dots
from atlas.store import observations, surveys
from atlas.store.areas import NATION, areas
from atlas.store.database import Store
from catalog.status import ESTIMATED, NOT_LOADED

MEASURES = {"contact": ("isolation_indicator_trial", "contact_less_than_weekly"), "loneliness": ("loneliness_direct", "often_always")}
"""What is modelled: question and answer of the survey."""
ALONE, OTHERS = "no_cohabitant", "with_cohabitant"
ONE_PERSON = "one_person_households"
AGES = ("population_15_64", "population_65_over")
"""Together people aged 15 and over; those of unknown age are in neither."""
SHOWN = (ESTIMATED, "uncertain")
"""States in which an estimate may be shown: always an estimate, never `observed`."""


@dataclass(frozen=True)
class Rates:
    """The survey's rates among people living alone and among all others, and the wave they are of."""

    alone: SurveyRate
    others: SurveyRate
    year: int


@lru_cache(maxsize=8)
def rate_rows(store: Store, measure: str) -> pd.DataFrame:
    """The survey's rows of a measure by living alone or not, of the newest wave."""
    question, answer = MEASURES[measure]
    rows = surveys.answers(store, question, group_types=("cohabitation",))
    rows = rows[(rows["category"] == answer) & rows["group_id"].isin([ALONE, OTHERS]) & rows["share"].notna() & rows["n"].notna()]
    return rows[rows["year"] == rows["year"].max()] if len(rows) else rows


def rates_of(store: Store, measure: str) -> Rates | None:
    """The two rates, None where one is not held."""
    rows = rate_rows(store, measure).set_index("group_id")
    if not {ALONE, OTHERS} <= set(rows.index) or not rows.index.is_unique:
        return None
    alone, others = (SurveyRate(float(rows.at[group, "share"]), float(rows.at[group, "n"])) for group in (ALONE, OTHERS))
    return Rates(alone, others, int(rows["year"].iloc[0]))


def people_15_over(counts: pd.DataFrame) -> pd.Series:
    """People aged 15 and over of known age, missing where an age group is."""
    return counts[list(AGES)].astype(float).sum(axis=1, skipna=False)


def modelled(counts: pd.DataFrame, rates: Rates) -> ModelledContact:
    """The estimate for each row of counts (columns `ONE_PERSON` and `AGES`)."""
    return model(counts[ONE_PERSON].to_numpy(float), people_15_over(counts).to_numpy(float), rates.alone, rates.others)


def estimate_state(alone: float, people: float, without: str = NOT_LOADED) -> str:
    """The state of an estimate: withheld or uncertain where few people are behind it, `without` where a count is missing.

    The estimate gives away how many live alone, so the rule for small numbers looks at that share.
    """
    if numbers.is_missing(alone) or numbers.is_missing(people) or people <= 0:
        return without
    state = state_of("share", "", alone / people, people, ESTIMATED)
    return state if state != "observed" else ESTIMATED


def counts_of(store: Store, codes: tuple[str, ...], year: int) -> pd.DataFrame:
    """The counts of areas in a census: one row an area, a column a count (NaN: not held); source rows under `attrs["sources"]`."""
    frames = []
    for one in (ONE_PERSON, *AGES):
        rows = observations.series(store, one, codes)
        frames.append(rows[(rows["year"] == year) & rows["value"].notna()].assign(indicator_id=one))
    held = pd.concat(frames)
    wide = held.pivot(index="area_code", columns="indicator_id", values="value").reindex(index=list(codes), columns=[ONE_PERSON, *AGES]).astype(float)
    wide.attrs["sources"] = held
    return wide


def limits(context: Context, year: int) -> tuple[str, ...]:
    """What has to stand beside every such estimate."""
    texts = context.texts
    return (
        texts("evidence.modelled.two_cells", year=numbers.short_year(year, context.lang)),
        texts("evidence.modelled.too_narrow"),
        texts("evidence.modelled.quality"),
        texts("evidence.modelled.never_alone"),
        texts("evidence.modelled.ages"),
    )


def measured(context: Context, row: pd.Series) -> str:
    """An estimate with its interval, which is not that of an area's own share and says so."""
    span = survey.span(context, float(row["lower"]), float(row["upper"]))
    return context.texts("evidence.modelled.measured", value=numbers.percent(float(row["value"])), span=span)


def measure_word(context: Context, measure: str, field: str = "title") -> str:
    """The name of what is modelled: title, short."""
    return context.texts(f"evidence.modelled.measure.{measure}.{field}")


def modelled_contact(context: Context, *, area_code: str, year: int) -> Exhibit:
    """Both measures for a municipality, its prefecture and the nation."""
    texts, store = context.texts, context.store
    prefecture = areas(store)[area_code].parent_code or NATION
    codes = tuple(dict.fromkeys((area_code, prefecture, NATION)))
    counts = counts_of(store, codes, year)
    rates = {measure: found for measure in MEASURES if (found := rates_of(store, measure)) is not None}
    rows = _rows(context, counts, rates)
    place, when = context.short_area_name(area_code), numbers.year(year, context.lang)
    own = rows[(rows["area"] == area_code) & rows["value"].notna()]
    return Exhibit(
        id="modelled_contact",
        title=_title(context, own, place),
        subtitle=texts("evidence.modelled.subtitle", place=context.area_name(area_code), prefecture=context.short_area_name(prefecture), year=when),
        sentence=_sentence(context, rows, counts, area_code, when),
        sources=(*survey.source_lines(context, [rate_rows(store, measure) for measure in rates]), *context.source_lines([counts.attrs["sources"]])),
        cautions=limits(context, max((found.year for found in rates.values()), default=year)),
        table=_table(context, rows, year),
        figure=_figure(context, rows, area_code) if rows["value"].notna().any() else None,
        settings={"area": area_code, "year": str(year), **_rate_settings(rates)},
    )


def _rate_settings(rates: dict[str, Rates]) -> dict[str, str]:
    return {
        f"{measure}_rates": f"{found.alone.share:g}/{found.alone.n:g} {found.others.share:g}/{found.others.n:g} {found.year}"
        for measure, found in rates.items()
    }


def _rows(context: Context, counts: pd.DataFrame, rates: dict[str, Rates]) -> pd.DataFrame:
    """One row a measure and area: value, lower, upper, share living alone, state."""
    found = []
    for measure, own in rates.items():
        try:
            result = modelled(counts, own)
        except AnalysisError:
            continue
        people = people_15_over(counts)
        for at, code in enumerate(counts.index):
            state = estimate_state(counts[ONE_PERSON].iloc[at], people.iloc[at])
            shown = state in SHOWN
            held = {"value": result.value[at], "lower": result.lower[at], "upper": result.upper[at], "alone": result.living_alone[at]}
            numbers_of = {name: float(value) if shown else float("nan") for name, value in held.items()}
            found.append(
                {"measure": measure, "area": str(code), **numbers_of, "one_person": counts[ONE_PERSON].iloc[at], "people": people.iloc[at], "state": state}
            )
    columns = ["measure", "area", "value", "lower", "upper", "alone", "one_person", "people", "state"]
    return pd.DataFrame(found, columns=columns)


def _title(context: Context, own: pd.DataFrame, place: str) -> str:
    contact = own[own["measure"] == "contact"]
    if contact.empty:
        return context.texts("evidence.modelled.title_none", place=place)
    return context.texts("evidence.modelled.title", place=place, value=numbers.percent(contact["value"].iloc[0]))


def _sentence(context: Context, rows: pd.DataFrame, counts: pd.DataFrame, area_code: str, when: str) -> str:
    texts, parts = context.texts, []
    for measure, own in rows.groupby("measure", sort=False):
        held = own[own["value"].notna()]
        if area_code in set(held["area"]):
            listed = texts("frame.list_separator").join(
                texts(
                    "evidence.modelled.one",
                    place=context.short_area_name(str(row["area"])),
                    value=measured(context, row),
                )
                for _, row in held.iterrows()
            )
            parts.append(texts("evidence.modelled.told", measure=measure_word(context, str(measure)), values=listed))
    if rows.empty:
        parts.append(texts("evidence.modelled.no_rates"))
    missing = [context.short_area_name(str(code)) for code, row in counts.iterrows() if row.isna().any()]
    if missing:
        lacking = [context.word(context.indicator(str(one)), "short") for one in counts.columns if counts[one].isna().any()]
        separator = texts("frame.list_separator")
        parts.append(texts("evidence.modelled.not_held", places=separator.join(missing), counts=separator.join(lacking), year=when))
    few = [context.short_area_name(str(code)) for code in dict.fromkeys(rows.loc[rows["state"] == "withheld", "area"])]
    if few:
        parts.append(texts("evidence.modelled.few", places=texts("frame.list_separator").join(few)))
    return texts("frame.sentence_separator").join(parts)


def _figure(context: Context, rows: pd.DataFrame, area_code: str) -> object:
    """A row a measure and area; names stand above the rows, so that a telephone keeps room for the whiskers."""
    points, words, names = [], [], []
    for at, (_, row) in enumerate(rows.iterrows()):
        name = context.texts(
            "evidence.modelled.row", measure=measure_word(context, str(row["measure"]), "short"), place=context.short_area_name(str(row["area"]))
        )
        names.append(f"<b>{name}</b>" if row["area"] == area_code else name)
        if numbers.is_missing(row["value"]):
            words.append(Word(at, state_word(context, str(row["state"])), hatched=row["state"] == "withheld"))
            continue
        heading = tip(context, context.area_name(str(row["area"])), row)
        points.append(Dot(at, row["value"], row["lower"], row["upper"], numbers.percent(row["value"]), heading, quiet=row["area"] != area_code))
    return dots(context.look, names, points, words=words)


def state_word(context: Context, state: str) -> str:
    """The state of an estimate in one word."""
    return context.texts(f"need_map.state.{state}") if state in ("withheld", "uncertain") else context.status_word(state)


def tip(context: Context, name: str, row: pd.Series) -> str:
    """What a touch says: place, that it is an estimate, value and interval, who lives alone."""
    texts = context.texts
    value = measured(context, row)
    return "<br>".join(
        [f"<b>{name}</b>", texts("evidence.modelled.tip", value=value), texts("evidence.modelled.tip_alone", share=numbers.percent(row["alone"]))]
    )


def estimate_columns(context: Context) -> tuple[Column, ...]:
    """The columns every table of such estimates has; each says that it is one."""
    texts = context.texts
    return (
        *(Column(one, texts(f"evidence.modelled.column.{one}"), "percent", 1) for one in ("value", "lower", "upper", "alone")),
        Column("one_person", context.word(context.indicator(ONE_PERSON), "short"), "count"),
        Column("people", texts("evidence.modelled.column.people"), "count"),
        Column("state", texts("need_map.column.state")),
    )


def _table(context: Context, rows: pd.DataFrame, year: int) -> Table:
    frame = rows.assign(
        place=[context.area_name(code) for code in rows["area"]],
        measure=[measure_word(context, measure) for measure in rows["measure"]],
        state=[state_word(context, str(state)) for state in rows["state"]],
    )
    columns = (
        Column("place", context.texts("frame.column.area")),
        Column("measure", context.texts("evidence.modelled.column.measure")),
        *estimate_columns(context),
    )
    return Table(columns, frame[[one.id for one in columns]].reset_index(drop=True), context.texts("evidence.modelled.table", year=year))
