"""The need map in words: title, subtitle, sentence, cautions, what a touch says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import EMPTY, HATCHED, UNCERTAIN, WITHHELD, Layer, held, is_own
from atlas.exhibits.need_classes import Classes, order_of
from atlas.exhibits.need_index import POPULATION_CHANGE, index_of, year_used
from atlas.figures import numbers
from atlas.store import geography

if TYPE_CHECKING:
    from atlas.exhibits.need_map import Asked

INDEX = "index"
SUFFIXES = ("小学校", "小中学校", "義務教育学校")
TOLD_SHARE = 0.0005
"""Shares below half a tenth of a per cent are not told."""


def city_name(context: Context, city: str) -> str:
    """A city with school districts by name: the sample's English name too."""
    rows = geography.cities(context.store).set_index("area_code")
    if city not in rows.index:
        return city
    if context.lang == "en" and bool(rows.at[city, "is_sample"]):
        return context.texts("need_map.sample_city")
    return str(rows.at[city, "name_ja"])


def plain_name(name: str) -> str:
    """A school's name without its kind, as it stands on the map."""
    ending = next((one for one in sorted(SUFFIXES, key=len, reverse=True) if name.endswith(one) and len(name) > len(one)), "")
    return name[: len(name) - len(ending)]


def district_name(context: Context, name: str) -> str:
    """A district by its school: 雪待野小学校区, or 綾文教学園の校区."""
    return context.texts("need_map.district_of_school" if name.endswith("学校") else "need_map.district_of", name=name)


def state_word(context: Context, state: str) -> str:
    """A state in one word."""
    return context.texts(f"need_map.state.{state}") if state in (WITHHELD, UNCERTAIN, "no_score") else context.status_word(state)


def value_words(context: Context, layer: Layer, value: float, state: str) -> str:
    """A value as it stands everywhere: number and unit, with a word beside it where it is doubtful, or the word for why there is none."""
    if numbers.is_missing(value):
        return state_word(context, state)
    words = layer.measure.words(value)
    return words if state == "observed" else context.texts("need_map.value_and_state", value=words, state=state_word(context, state))


def years(context: Context, asked: Asked) -> str:
    """The census, or the two that are compared."""
    if asked.before is None:
        return numbers.year(asked.year, context.lang)
    return context.texts("need_map.two_years", before=numbers.year(asked.before, context.lang), year=numbers.year(asked.year, context.lang))


def places(context: Context, asked: Asked) -> str:
    """The cities in one phrase."""
    return context.texts("frame.list_separator").join(city_name(context, city) for city in asked.cities)


def title(context: Context, asked: Asked, layer: Layer) -> str:
    """The finding: which district is highest, which lowest."""
    texts, shown, measure = context.texts, layer.shown, layer.measure
    if shown.empty:
        return texts("need_map.title_none", place=places(context, asked), measure=measure.short)
    high, low = shown.loc[shown["value"].idxmax()], shown.loc[shown["value"].idxmin()]
    names = {key: _named(context, asked, row) for key, row in (("highest", high), ("lowest", low))}
    values = {"high": measure.words(high["value"]), "low": measure.words(low["value"])}
    if len(shown) == 1:
        return texts("need_map.title_one", measure=measure.short, **names, **values)
    if asked.indicator == INDEX:
        return texts("need_map.title_index", place=places(context, asked), **names)
    return texts("need_map.title_change" if asked.before else f"need_map.title{order_of(measure)}", measure=measure.short, **names, **values)


def _named(context: Context, asked: Asked, row: pd.Series) -> str:
    name = district_name(context, str(row["name"]))
    return name if len(asked.cities) == 1 else context.texts("need_map.of_city", city=city_name(context, str(row["city"])), name=name)


def subtitle(context: Context, asked: Asked, layer: Layer) -> str:
    """Measure, unit, place, years; first of all that it is the sample."""
    unit = {"percent": "%", "change": "%", "points": context.texts("need_map.points")}.get(layer.measure.kind, layer.measure.unit)
    text = context.texts(
        "need_map.subtitle" if unit else "need_map.subtitle_without_unit",
        measure=layer.measure.title, unit=unit, place=places(context, asked), count=len(layer.rows), year=years(context, asked),
    )  # fmt: skip
    return f"{context.texts('need_map.sample_mark')}{text}" if asked.sample else text


def sentence(context: Context, asked: Asked, layer: Layer, found: Classes) -> str:
    """The figure in words: city value, highest class, what has no value."""
    texts, shown = context.texts, layer.shown
    parts = []
    for city in asked.cities:
        whole = layer.whole.get(city, float("nan"))
        if not numbers.is_missing(whole) and layer.measure.id != "distance_to_nearest_place":
            parts.append(
                texts(
                    "need_map.whole", place=city_name(context, city), measure=layer.measure.short, value=layer.measure.words(whole), year=years(context, asked)
                )
            )
    if len(found.words) > 1:
        top = shown[[found.of(value) == len(found.words) - 1 for value in shown["value"]]].sort_values("value", ascending=False)
        names = texts("frame.list_separator").join(_named(context, asked, row) for _, row in top.head(6).iterrows())
        parts.append(texts("need_map.top_class" if len(top) <= 6 else "need_map.top_class_more", words=found.words[-1], names=names, count=len(top)))
    for state in (*HATCHED, *EMPTY):
        own = layer.rows[layer.rows["state"] == state]
        if len(own) == len(layer.rows):
            parts.append(texts("need_map.all_in_state", state=state_word(context, state)))
        elif len(own):
            names = texts("frame.list_separator").join(_named(context, asked, row) for _, row in own.iterrows())
            parts.append(texts("need_map.in_state", state=state_word(context, state), count=len(own), names=names))
    return texts("frame.sentence_separator").join(parts)


def sources(context: Context, asked: Asked, layer: Layer) -> tuple[str, ...]:
    """Sources of the figures and of the shapes."""
    frames = list(layer.sources)
    datasets = geography.datasets(context.store)
    own = datasets[[any(city in codes for city in asked.cities) for codes in datasets["municipalities"]]] if len(datasets) else datasets
    shapes = own[own["kind"] == "school_districts"]
    if any(geography.made_from_list(context.store, city) for city in asked.cities):
        shapes = own[own["kind"].isin(["school_districts", "school_addresses", "small_areas"])]
    extra = ["sample_city"] if asked.sample else []
    return context.source_lines([*frames, shapes[["source_id"]], pd.DataFrame({"source_id": extra})])


def cautions(context: Context, asked: Asked, layer: Layer) -> tuple[str, ...]:
    """What to keep in mind: sample, ground outside, split areas, merged areas, counts, index."""
    texts = context.texts
    notes = (
        [f"{texts('frame.sample')}：{texts('frame.sample_long')}" if context.lang == "ja" else f"{texts('frame.sample')}: {texts('frame.sample_long')}"]
        if asked.sample
        else []
    )
    notes += [texts("need_map.from_list", place=city_name(context, city)) for city in asked.cities if geography.made_from_list(context.store, city)]
    for city, share in layer.outside.items():
        if not numbers.is_missing(share):
            notes.append(texts("need_map.outside", place=city_name(context, city), share=numbers.percent(share, 2)))
    split = layer.rows["split_share"].dropna()
    if len(split) and split.max() >= TOLD_SHARE:
        most = layer.rows.loc[split.idxmax()]
        notes.append(texts("need_map.split", name=_named(context, asked, most), share=numbers.percent(split.max())))
    merged = layer.rows["merged_share"].dropna()
    if len(merged) and merged.max() >= TOLD_SHARE:
        notes.append(texts("need_map.merged", count=int((merged >= TOLD_SHARE).sum()), share=numbers.percent(merged.max())))
    if asked.indicator == INDEX:
        notes += [
            texts("need_map.index.caution"),
            *([texts("need_map.index.isolation_risk")] if asked.index and asked.index.preset == "isolation_risk" else []),
            *_own_years(context, asked),
        ]
    else:
        indicator = context.indicator(asked.indicator)
        if indicator.kind == "count" and asked.before is None:
            notes.append(texts("need_map.count_caution"))
        if (asked.before is None or is_own(indicator.id)) and context.word(indicator, "caution") and indicator.levels == ("school_district",):
            notes.append(context.word(indicator, "caution"))
    if asked.before is not None:
        notes.append(texts("need_map.change_caution_own" if is_own(asked.indicator) else "need_map.change_caution"))
    return tuple(notes)


def _own_years(context: Context, asked: Asked) -> list[str]:
    """Of which year the city's own figures in an index are."""
    found = []
    for one in asked.index.used if asked.index else ():
        if is_own(one):
            when = {year_used(held(context.store, city), one, asked.year) for city in asked.cities if one in held(context.store, city)}
            years = context.texts("frame.list_separator").join(numbers.short_year(year, context.lang) for year in sorted(when))
            found.append(context.texts("need_map.index.own", name=indicator_word(context, one), year=years))
    return found


def tip(context: Context, asked: Asked, layer: Layer, found: Classes, row: pd.Series) -> str:
    """What a touch says: place, value, year, class, rank, difference, provenance."""
    texts, measure = context.texts, layer.measure
    lines = [f"<b>{_named(context, asked, row)}</b>"]
    lines.append(f"<b>{value_words(context, layer, row['value'], str(row['state']))}</b>")
    if not numbers.is_missing(row["value"]):
        lines.append(texts(f"need_map.tip_rank{order_of(measure)}", rank=numbers.count(row["rank"]), held=len(layer.shown)))
        whole = layer.whole.get(str(row["city"]), float("nan"))
        if "difference" in row and not numbers.is_missing(row["difference"]):
            lines.append(texts("need_map.tip_city", difference=difference_words(context, layer, row["difference"]), whole=measure.words(whole)))
    elif str(row["state"]) == "no_score":
        lines.append(missing_parts(context, asked, str(row.name)))
    return "<br>".join(line for line in lines if line)


def tip_line(context: Context, asked: Asked, layer: Layer) -> str:
    """What every tip ends with: the measure and when."""
    when = numbers.short_year(asked.year, context.lang) if asked.before is None else years(context, asked)
    return f"{layer.measure.short}  {when}"


def difference_words(context: Context, layer: Layer, difference: float) -> str:
    """A difference to the city: shares in points, else in the unit."""
    measure = layer.measure
    if measure.kind in ("percent", "points", "change"):
        return numbers.points(difference, context.lang, measure.decimals)
    number = numbers.count(abs(difference), measure.decimals)
    sign = "±" if float(number.replace(",", "")) == 0 else "+" if difference > 0 else numbers.MINUS
    return measure.with_unit(sign + number)


def indicator_word(context: Context, identifier: str, field: str = "short") -> str:
    """An indicator's name, the change of the population too."""
    return context.texts("need_map.index.population_change") if identifier == POPULATION_CHANGE else context.word(context.indicator(identifier), field)


def missing_parts(context: Context, asked: Asked, code: str) -> str:
    """Why a district has no score."""
    index = index_of(context.store, asked.cities, asked.year, asked.index) if asked.index else None
    if index is None or code not in index.missing:
        return ""
    names = context.texts("frame.list_separator").join(indicator_word(context, one) for one in index.missing[code])
    return context.texts("need_map.index.missing_parts", names=names)
