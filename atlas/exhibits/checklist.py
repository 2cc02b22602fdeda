"""Which files the school-district map of a city needs, which are loaded, and what each still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from atlas.exhibits.context import Context
from atlas.figures import numbers
from atlas.store import geography, registry
from atlas.store.areas import areas

CENSUSES = (2020, 2015, 2010)
NEEDED_CENSUS = CENSUSES[0]
TABLES = (
    ("people", ("population", "total_households")),
    ("age", ("population_75_over",)),
    ("size", ("general_households", "one_person_households")),
    ("family", ("one_parent_households",)),
)
"""What is wanted of the tables of a census, and the indicators that show that it is held."""
UNPUBLISHED = ("older_one_person_households", "single_mother_or_father_households")
"""No small-area table of e-Stat was found that holds these: said, but not counted as lacking."""
DESTINATIONS = ("ibasho", "kayoi_no_ba", "community_centre", "public_facility")
SCHOOLS = ("elementary_school", "junior_high_school", "school")
LOADED, PARTLY, MISSING, REFUSED = "loaded", "partly", "missing", "refused"


@dataclass(frozen=True)
class Item:
    """A file that is wanted: what it gives, where it is published, what is loaded in the words of its reader, what is lacking."""

    id: str
    title: str
    gives: str
    where: str
    url: str | None
    is_needed: bool
    state: str
    loaded: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Checklist:
    """All of it for one city, in one language."""

    place: str
    sentence: str
    items: tuple[Item, ...]
    remarks: tuple[str, ...]
    commands: tuple[str, str]
    """To look at the files, to import them."""


@dataclass(frozen=True)
class _Held:
    """What the database holds of the city."""

    context: Context
    code: str
    datasets: pd.DataFrame
    remarks: pd.DataFrame

    def of(self, kind: str, year: int | None = None) -> pd.DataFrame:
        """The datasets of a kind (and census) that hold the city."""
        own = self.datasets[(self.datasets["kind"] == kind) & self.datasets["municipalities"].map(lambda codes: self.code in codes)]
        return own if year is None else own[own["year"] == year]

    def words(self, rows: pd.DataFrame) -> tuple[str, ...]:
        """What was understood of the datasets, each sentence once."""
        return tuple(dict.fromkeys(rows[f"understood_{self.context.lang}"]))

    def item(self, identifier: str, source: str, state: str, rows: pd.DataFrame, lacks: Sequence[str], year: int | None = None) -> Item:
        """The item of a file; `year` for those of a census."""
        texts = self.context.texts
        kind = identifier.split("-")[0]
        named = {"year": year} if year else {}
        url = registry.sources(self.context.store)[source].url
        title, gives, where = (texts(f"checklist.file.{kind}.{part}", **named) for part in ("title", "gives", "where"))
        is_needed = kind == "districts" or (year == NEEDED_CENSUS)
        return Item(identifier, title, gives, where, url, is_needed, state, self.words(rows), tuple(lacks))


def checklist(context: Context, municipality: str) -> Checklist:
    """The files of a municipality (any code of the areas, with or without files)."""
    store, texts = context.store, context.texts
    held = _Held(context, municipality, geography.datasets(store), geography.remarks(store, municipality))
    items = [_districts(held)]
    for year in CENSUSES:
        items += [_boundary(held, year), _tables(held, year)]
    items += [_schools(held), _places(held)]
    place = place_name(context, municipality)
    lacking = [item.title for item in items if item.state != LOADED]
    key = "all" if not lacking else "some" if len(lacking) < len(items) else "none"
    values = {"place": place, "count": len(items), "loaded": len(items) - len(lacking), "missing": texts("frame.list_separator").join(lacking)}
    said = [
        texts("checklist.remark_of", text=text, file=_short(context, files))
        for text, files in held.remarks.groupby(f"text_{context.lang}", sort=False)["file"].agg(list).items()
    ]
    return Checklist(place, texts(f"checklist.summary.{key}", **values), tuple(items), tuple(said), commands(municipality))


def is_sample(context: Context, municipality: str) -> bool:
    """Whether the city is the fictional one."""
    cities = geography.cities(context.store)
    return bool(cities.loc[cities["area_code"] == municipality, "is_sample"].any())


def place_name(context: Context, municipality: str) -> str:
    """The city with its prefecture; a code that no list names stands for itself."""
    if is_sample(context, municipality):
        return context.texts("checklist.sample_place")
    return context.area_name(municipality) if municipality in areas(context.store) else municipality


def commands(municipality: str) -> tuple[str, str]:
    """The command lines, with file names as they may look; another name does as well."""
    prefecture = municipality[:2]
    files = f"A27-23_{prefecture}_GML.zip r2ka{municipality}.zip tblT001081C{prefecture}.zip tblT001083C{prefecture}.zip"
    return f"python -m etl identify --ja {files}", f"python -m etl import --ja {files}"


def _districts(held: _Held) -> Item:
    texts, rows, lists = held.context.texts, held.of("school_districts"), held.of("school_addresses")
    made = geography.made_from_list(held.context.store, held.code)
    if rows.empty and len(lists) and not made:
        return held.item("districts", "ksj_a27", PARTLY, lists, [texts("checklist.lacks.list_not_used")])
    if rows.empty and not made:
        near = {
            code for codes in held.datasets.loc[held.datasets["kind"] == "school_districts", "municipalities"] for code in codes if code[:2] == held.code[:2]
        }
        lacks = [texts("checklist.lacks.not_in_file", count=len(near))] if near else [texts("checklist.lacks.file")]
        return held.item("districts", "ksj_a27", MISSING, rows, lacks)
    totals = geography.city_totals(held.context.store, held.code)
    totals = totals[totals["indicator_id"].eq("total_households") & totals["outside"].gt(0)].sort_values("year").tail(1)
    lacks = [texts("checklist.lacks.outside", year=int(row.year), share=numbers.percent(row.outside / row.total, 2)) for row in totals.itertuples()]
    if made:
        return held.item("districts", "ksj_a27", LOADED, lists, [texts("checklist.lacks.from_list"), *lacks])
    return held.item("districts", "ksj_a27", LOADED, rows, lacks)


def _boundary(held: _Held, year: int) -> Item:
    texts, rows = held.context.texts, held.of("small_areas", year)
    lacks = []
    if rows.empty:
        lacks.append(texts("checklist.lacks.file"))
        years = sorted(set(held.of("small_areas")["year"]))
        if years and len(held.of("small_area_table", year)):
            lacks.append(texts("checklist.lacks.other_years", years=texts("frame.list_separator").join(map(str, years)), year=year))
        elif year != NEEDED_CENSUS:
            lacks.append(texts("checklist.lacks.change"))
    return held.item(f"boundary-{year}", "estat_small_area_boundaries", MISSING if rows.empty else LOADED, rows, lacks, year)


def _tables(held: _Held, year: int) -> Item:
    texts, rows = held.context.texts, held.of("small_area_table", year)
    source = "estat_small_area_tables"
    refused = held.remarks.loc[held.remarks["kind"] == "refused", "file"]
    if len(rows) and any(file in name for name in refused for file in rows["file"]):
        lacks = [texts("checklist.lacks.not_joined")]
        if held.of("small_areas", year).empty:
            lacks.append(texts("checklist.lacks.no_boundary", year=year))
        return held.item(f"tables-{year}", source, REFUSED, rows, lacks, year)
    if len(rows) and held.of("small_areas", year).empty:
        return held.item(f"tables-{year}", source, PARTLY, rows, [texts("checklist.lacks.no_boundary", year=year)], year)
    figures = geography.small_area_figures(held.context.store, held.code, year)
    known = set(figures.loc[figures["value"].notna(), "indicator_id"])
    lacking = [texts(f"checklist.lacks.{name}") for name, wanted in TABLES if not known.issuperset(wanted)]
    state = MISSING if rows.empty else PARTLY if lacking else LOADED
    if rows.empty and year != NEEDED_CENSUS:
        lacking = [texts("checklist.lacks.file")]
    elif not known.issuperset(UNPUBLISHED):
        lacking.append(texts("checklist.lacks.older"))
    return held.item(f"tables-{year}", source, state, rows, lacking, year)


def _schools(held: _Held) -> Item:
    found = geography.places(held.context.store, held.code)
    rows = held.of("places")
    rows = rows[rows["reader"] == "ksj_p29"]
    has = found["kind"].isin(SCHOOLS).any()
    return held.item("schools", "ksj_p29", LOADED if has else MISSING, rows, [] if has else [held.context.texts("checklist.lacks.file")])


def _places(held: _Held) -> Item:
    found = geography.places(held.context.store, held.code)
    rows = held.of("places")
    rows = rows[rows["reader"] != "ksj_p29"]
    has = found["kind"].isin(DESTINATIONS).any()
    return held.item("places", "municipal_open_data", LOADED if has else MISSING, rows, [] if has else [held.context.texts("checklist.lacks.places")])


def _short(context: Context, files: Sequence[str]) -> str:
    """The file of a remark; of several the first and how many more."""
    more = len(files) - 1
    return files[0] + (context.texts("checklist.more_files", count=more) if more else "")
