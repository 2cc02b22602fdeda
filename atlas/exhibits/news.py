"""What is new: the newest census, projection and survey held, what is out but not held, imported files, the data version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from atlas.exhibits.context import Context
from atlas.exhibits.headlines import SHARE
from atlas.figures import numbers
from atlas.store import areas, catalogue, projections, registry, surveys

JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class News:
    """One fact about what is held: what it is about, and the sentence."""

    id: str
    label: str
    text: str


def news(context: Context) -> tuple[News, ...]:
    """The facts in the order of the work; each made from the database."""
    found = [("census", _census(context)), ("projection", _projection(context)), ("survey", _survey(context))]
    found += [("not_held", _surveys_not_held(context)), ("imported", _imported(context)), ("version", _version(context))]
    return tuple(News(identifier, context.texts(f"overview.news.{identifier}.label"), text) for identifier, text in found if text)


def day(text: str, lang: str) -> str:
    """2025-04-25 -> 2025年4月25日 or 25 April 2025; a month or a year alone as far as it goes."""
    parts = [int(part) for part in text.split("-")]
    if lang == "ja":
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
    return " ".join([*(str(part) for part in parts[2:3]), *(months[part - 1] for part in parts[1:2]), str(parts[0])])


def built_at(context: Context) -> str:
    """The day and the hour at which the database was built, in Japanese time."""
    text = registry.build_info(context.store).get("built_at", "")
    try:
        moment = datetime.fromisoformat(text).astimezone(JAPAN)
    except ValueError:
        return context.texts("frame.no_value")
    return f"{day(moment.date().isoformat(), context.lang)} {moment:%H:%M}"


def _census(context: Context) -> str:
    """The newest census year of the country, and the years of the municipalities."""
    held = [row for row in catalogue.held_by_year(context.store) if row["indicator_id"] == SHARE]
    nation = [row["year"] for row in held if row["level"] == "nation"]
    if not nation:
        return ""
    lang, levels = context.lang, catalogue.areas_of_levels(context.store)
    local = [numbers.short_year(row["year"], lang) for row in held if row["level"] == "municipality"]
    return context.texts(
        "overview.news.census.text",
        year=numbers.year(max(nation), lang),
        local=context.texts("frame.list_separator").join(local) or context.texts("frame.no_value"),
        prefectures=numbers.count(levels.get("prefecture", 0)),
        municipalities=numbers.count(levels.get("municipality", 0)),
    )


def _projection(context: Context) -> str:
    rows = projections.vintages(context.store, SHARE, areas.NATION)
    if rows.empty:
        return ""
    held = sorted(int(vintage) for vintage in rows["vintage"].unique())
    newest = rows[rows["vintage"] == held[-1]]
    return context.texts(
        "overview.news.projection.text",
        vintage=held[-1],
        last=numbers.year(int(newest["year"].max()), context.lang),
        others=context.texts("frame.list_separator").join(str(vintage) for vintage in held[:-1]) or context.texts("frame.no_value"),
    )


def _survey(context: Context) -> str:
    waves = surveys.waves(context.store)
    full = waves[waves["survey"].eq(catalogue.BASIC_SURVEY) & waves["valid_n"].notna()]
    if full.empty:
        return ""
    last = full.to_dict("records")[-1]
    return context.texts(
        "overview.news.survey.text",
        title=last[f"title_{context.lang}"],
        date=_day_or_none(context, last["reference_date"]),
        n=numbers.count(float(last["valid_n"])),
        published=_day_or_none(context, last["published"]),
    )


def _surveys_not_held(context: Context) -> str:
    """Surveys that are out, newer than the last wave held in full, with how many of their figures are held."""
    texts = context.texts
    waves, answers = surveys.waves(context.store), catalogue.answers_by_wave(context.store)
    full = waves[waves["survey"].eq(catalogue.BASIC_SURVEY) & waves["valid_n"].notna()]
    newest = int(full["year"].max()) if len(full) else 0
    later = waves[(waves["year"] > newest) & waves["published"].notna()].sort_values("published", ascending=False)
    sentences = []
    for row in later.to_dict("records"):
        count = answers.get((row["survey"], row["year"]), 0)
        sentences.append(
            texts(
                "overview.news.not_held.some" if count else "overview.news.not_held.none",
                title=row[f"title_{context.lang}"],
                published=_day_or_none(context, row["published"]),
                count=count,
            )
        )
    return texts("frame.sentence_separator").join(sentences)


def _imported(context: Context) -> str:
    files = catalogue.imported_files(context.store)
    if not files:
        return context.texts("overview.news.imported.none")
    names = context.texts("frame.list_separator").join(str(file["file"]) for file in files)
    return context.texts("overview.news.imported.text", count=len(files), names=names)


def _version(context: Context) -> str:
    return context.texts("overview.news.version.text", built=built_at(context), version=context.store.version)


def _day_or_none(context: Context, value: object) -> str:
    """A date in words, or the word for none; other texts as they are."""
    if numbers.is_missing(value):
        return context.texts("frame.no_value")
    try:
        return day(str(value), context.lang)
    except (ValueError, IndexError):
        return str(value)
