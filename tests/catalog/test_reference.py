"""Every row and every number of the checked reference is found again in data/figures, exactly as printed there.

The reference itself is no part of the project: its folder is named by ATLAS_REFERENCE, or lies beside the project.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FIGURES = PROJECT / "data" / "figures"
REFERENCE = Path(os.environ.get("ATLAS_REFERENCE", PROJECT.parent / "shared" / "reference"))
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the folder of the checked reference is not here; name it in ATLAS_REFERENCE")

Row = dict[str, str]
KEY = ("indicator_id", "area_code", "year", "sex", "age_group", "household_type")
TIMES = {"count": 1, "thousand": 1000, "ten_thousand": 10_000, "percent": 1, "mean": 1, "index": 1, "times": 1}
UNITS = {"%": 1, "10,000 households": 10_000, "10,000 persons": 10_000}
FAMILY = {
    "単独": "one_person",
    "夫婦のみ": "couple_only",
    "夫婦と子供": "couple_and_children",
    "ひとり親と子供": "one_parent",
    "3世代等": "other",
    "その他": "other",
    "不詳": "unknown",
}
COUNTS_AND_SHARES = {
    "total_households": "total_households",
    "general_households": "general_households",
    "one_person_households": "one_person_households",
    "one_person_share_pct": "one_person_household_share",
    "population_65plus": "population_65_over",
    "elderly_one_person_households": "older_one_person_households",
    "elderly_one_person_share_of_general_pct": "older_one_person_share_of_households",
    "elderly_living_alone_share_of_65plus_pct": "older_living_alone_share_of_older",
    "total_population": "population",
    "age_unknown_population": "population_age_unknown",
    "age_unknown_share_pct": "population_age_unknown_share",
}


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def held() -> Counter[tuple[str, ...]]:
    """(indicator, area, year, sex, age, household type, number in full, secondary or not) of every figure held."""
    found: Counter[tuple[str, ...]] = Counter()
    for path in FIGURES.glob("*.csv"):
        for row in rows_of(path):
            if "indicator_id" in row:
                number = Decimal(row["value"]) * TIMES[row["unit"]]
                found[(*(row[name] for name in KEY), str(number.normalize()), str(row["verified"] == "secondary"))] += 1
    return found


def wanted(row: Row, indicator: str, value: str, *, times: int = 1, area: str = "00000", **other: str) -> tuple[str, ...]:
    year = (row.get("year") or row["census_year"])[:4]
    sex = other.get("sex", row.get("sex", "all")).replace("total", "all")
    secondary = str(other.get("verified", row["verified"]) == "secondary")
    number = str((Decimal(value) * times).normalize())
    return (indicator, area, year, sex, other.get("age", "all"), other.get("household_type", "all"), number, secondary)


def nation(row: Row) -> list[tuple[str, ...]]:
    suffix = {
        "general_households": "",
        "ordinary_households": "_ordinary",
        "preliminary_1pct_sample": "_preliminary_sample",
        "general_households_excl_family_type_unknown": "_excl_unknown",
    }[row["basis"]]
    count = suffix.replace("_excl_unknown", "")
    names = {
        "general_households": "general_households" + count,
        "one_person_households": "one_person_households" + count,
        "one_person_share_pct": "one_person_household_share" + suffix,
        "total_households_all_kinds": "total_households",
    }
    return [wanted(row, names[column], row[column]) for column in names if row[column]]


def prefecture(row: Row) -> list[tuple[str, ...]]:
    return [wanted(row, name, row[c], area=row["prefecture_code"] + "000") for c, name in COUNTS_AND_SHARES.items() if row[c]]


def older(row: Row) -> list[tuple[str, ...]]:
    quoted = "secondary" if "count from a secondary source" in row["note"] else row["verified"]
    names = {"living_alone_persons": "older_one_person_households", "share_of_65plus_pct": "older_living_alone_share_of_older"}
    ways = {"living_alone_persons": quoted, "share_of_65plus_pct": row["verified"]}
    return [wanted(row, names[column], row[column], verified=ways[column]) for column in names if row[column]]


def sex_and_age(row: Row) -> list[tuple[str, ...]]:
    name, category, age = row["indicator"], row["category"], row["age_group"]
    if name == "share_living_alone_of_population":
        old = "older_living_alone_share_of_older_ipss" if age == "85+" else "living_alone_share_of_population_ipss"
        plain = "living_alone_share_of_population" + ("_author" if "author" in category else "")
        name = old if category == "projection" else plain
    elif name.endswith("65plus_living_alone"):
        age = "all"
        name = "older_one_person_households" if name.startswith("persons") else "older_living_alone_share_of_older"
    elif name == "one_person_households_ratio_2020_to_1980":
        name = "one_person_households_ratio_to_1980" + ("_never_married" if "never married" in category else "")
    elif name == "women_living_alone_widowed":
        name = "widowed_women_living_alone"
    name = name.replace("_index_2015_100", "_index")
    return [wanted(row, name, row["value"], times=UNITS.get(row["unit"], 1), age=age)]


def family(row: Row) -> list[tuple[str, ...]]:
    names = {
        "family_type_share_of_general_households": "family_type_share",
        "family_type_share_projection": "family_type_share",
        "single_parent_households": "one_parent_households",
        "one_person_plus_single_parent_households": "one_person_and_one_parent_households",
    }
    kind = FAMILY[row["category"]] if row["indicator"].startswith("family_type") else "all"
    name = names.get(row["indicator"], row["indicator"])
    return [wanted(row, name, row["value"], times=UNITS.get(row["unit"], 1), household_type=kind)]


def projection(row: Row) -> list[tuple[str, ...]]:
    measure, sex, age, kind = row["measure"], "all", "all", "all"
    if measure.startswith("living_alone_rate"):
        measure, sex, age = "older_living_alone_share_of_older_ipss", measure.split("_")[-1], measure.split("_")[3].replace("plus", "+")
    elif measure.endswith("_share") and measure != "one_person_share":
        measure, kind = "family_type_share", measure.removesuffix("_share")
    measure = measure.replace("elderly_65plus_one_person_share_of_general", "older_one_person_share_of_households_ipss")
    measure = measure.replace("elderly_65plus_one_person_households", "older_one_person_households_ipss")
    measure = "one_person_household_share" if measure == "one_person_share" else measure
    return [wanted(row, measure, row["value"], sex=sex, age=age, household_type=kind)]


def never_married(row: Row) -> list[tuple[str, ...]]:
    way = "ipss" if row["category"].startswith("projection") else "imputed" if row["category"] == "actual, imputed" else "not_imputed"
    return [wanted(row, f"never_married_share_at_50_{way}", row["value"], age="50")]


def deaths(row: Row) -> list[tuple[str, ...]]:
    places = {"東京都": "13000", "大阪府": "27000", "神奈川県": "14000", "愛知県": "23000", "埼玉県": "11000"}
    days = {"4日以上": "4_days", "31日以上": "31_days", "1年以上": "1_year"}
    name, part = row["indicator"], {"01..03": "_q1_provisional", "01..06": "_h1_provisional"}.get(row["year"][5:], "")
    if name == "isolated_death_estimate" and part:
        name = "died_at_home_living_alone_found_after_8_days"
    elif name == "found_after_days" and row["category"] in days:
        name = "died_at_home_living_alone_found_after_" + days[row["category"]]
    elif name == "found_after_days":
        name = "isolated_death_estimate"
    age = row["age_group"].replace(" ", "_")
    return [wanted(row, name + part, row["value"], area=places.get(row["category"], "00000"), age=age)]


def suicides(row: Row) -> list[tuple[str, ...]]:
    return [wanted(row, "suicides" + ("" if row["category"] == "確定値" else "_provisional"), row["value"], age=row["age_group"])]


FILES: dict[str, Callable[[Row], list[tuple[str, ...]]]] = {
    "census_national_one_person_households.csv": nation,
    "census_prefecture_one_person_households.csv": prefecture,
    "census_national_elderly_living_alone.csv": older,
    "census_national_one_person_by_sex_age.csv": sex_and_age,
    "census_national_family_type.csv": family,
    "ipss_household_projections.csv": projection,
    "context_never_married_at_50.csv": never_married,
    "context_lone_deaths.csv": deaths,
    "context_suicides.csv": suicides,
}


@needs_reference
def test_every_figure_of_nation_and_prefectures_is_found_again() -> None:
    asked = Counter(key for name, find in FILES.items() for row in rows_of(REFERENCE / name) for key in find(row))
    assert sum(asked.values()) > 1500
    assert asked - held() == Counter()


@needs_reference
def test_every_projection_keeps_its_vintage_and_base_year() -> None:
    mine = rows_of(FIGURES / "ipss_projections.csv")
    found = {(r["vintage"], r["year"], r["is_base_year"], r["value"], r["source_id"]) for r in mine}
    for row in rows_of(REFERENCE / "ipss_household_projections.csv"):
        base = {"yes": "true", "no": "false"}[row["is_base_year"]]
        assert (row["vintage"], row["year"], base, row["value"], f"ipss_projection_{row['vintage']}") in found


@needs_reference
def test_every_municipality_is_found_again_and_its_shares_follow_from_the_counts() -> None:
    mine = {(row["area_code"], row["year"]): row for row in rows_of(FIGURES / "census_municipalities.csv")}
    theirs = rows_of(REFERENCE / "census_municipality_one_person_households.csv")
    assert len(mine) == len(theirs) == 3482
    shares = {
        "one_person_share_pct": ("one_person_households", "general_households"),
        "elderly_one_person_share_of_general_pct": ("older_one_person_households", "general_households"),
        "elderly_living_alone_share_of_65plus_pct": ("older_one_person_households", "population_65_over"),
        "age_unknown_share_pct": ("population_age_unknown", "population"),
    }
    for row in theirs:
        found = mine[row["municipality_code"], row["census_year"]]
        for column, name in COUNTS_AND_SHARES.items():
            if not column.endswith("_pct"):
                assert found[name] == row[column], (row["municipality_code"], column)
        for column, (part, whole) in shares.items():
            if row[column]:
                made = 100 * Decimal(found[part]) / Decimal(found[whole])
                assert abs(made - Decimal(row[column])) <= Decimal("0.0050001"), (row["municipality_code"], column)
            else:
                assert found[whole] == "0"
        assert (found["area_name_ja"], found["verified"]) == (row["municipality_name"], row["verified"])
        assert found["publication"] == row["source"]


@needs_reference
@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("survey_contact_frequency.csv", "survey_contact.csv"),
        ("survey_loneliness.csv", "survey_loneliness.csv"),
        ("survey_isolation_and_support.csv", "survey_isolation_support.csv"),
    ],
)
def test_every_survey_answer_is_found_again(theirs: str, mine: str) -> None:
    same = ("survey", "year", "question", "group_type", "category", "n", "verified", "page")
    asked = [(*(r[c] for c in same), r["mode"] or "all", r["group"], r["share_pct"], r["base"].replace(" ", "_")) for r in rows_of(REFERENCE / theirs)]
    found = [(*(r[c] for c in same), r["mode"], r["group_id"], r["share_percent"], r["base"]) for r in rows_of(FIGURES / mine)]
    assert sorted(found) == sorted(asked)


@needs_reference
@pytest.mark.parametrize(
    ("theirs", "mine", "columns"),
    [
        (
            "survey_meta.csv",
            "survey_waves.csv",
            {
                **{c: c for c in ("survey", "year", "reference_date", "collection_end", "published", "target", "sample_size")},
                **{c: c for c in ("valid_n", "publisher", "contractor", "url", "verified", "japanese_year")},
                **{f"{c}_pct": f"{c}_percent" for c in ("response_rate", "mode_share_mail", "mode_share_online")},
                "source": "read_in",
            },
        ),
        (
            "survey_isolation_score_weights.csv",
            "contact_score_weights.csv",
            {"category": "category", "category_ja": "title_ja", "monthly_weight": "monthly_weight", "source": "publication"},
        ),
        (
            "survey_isolation_score_distribution_2024.csv",
            "contact_score_distribution.csv",
            {
                **{c: c for c in ("survey", "year", "variant", "category", "count", "n", "verified")},
                **{"category_order": "position", "category_ja": "title_ja", "share_pct": "share_percent", "source": "publication"},
                **{"score_min_inclusive": "score_min", "score_max_exclusive": "score_max"},
            },
        ),
        (
            "needs_survey_questions.csv",
            "needs_questions.csv",
            {**{c: c for c in ("question_no", "question_ja", "question_en", "type", "verified")}, "source": "read_in"},
        ),
        (
            "international_loneliness.csv",
            "international_loneliness.csv",
            {
                **{c: c for c in ("country", "survey", "population", "n", "verified", "note")},
                **{"year": "period", "group": "group_id", "share_pct": "value", "source": "read_in"},
            },
        ),
    ],
)
def test_every_row_of_the_small_tables_is_found_again(theirs: str, mine: str, columns: dict[str, str]) -> None:
    asked = [tuple(row[name] for name in columns) for row in rows_of(REFERENCE / theirs)]
    found = [tuple(row[name] for name in columns.values()) for row in rows_of(FIGURES / mine)]
    assert found == asked


def test_the_reference_is_there_where_it_must_be() -> None:
    """In CI nothing of this file may be skipped: there the published files are required, and the reference lies beside them."""
    assert REFERENCE.is_dir() or os.environ.get("ATLAS_RAW_REQUIRED") != "1", f"the checked reference is not in {REFERENCE}"
