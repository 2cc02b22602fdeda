"""Adversarial: from all that pages, downloads and cards give, no number hidden in a city's own table can be worked out."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.analysis.composite_index import Aggregation
from atlas.analysis.normalising import Normaliser
from atlas.exhibits.context import Context
from atlas.exhibits.district_card import district_card
from atlas.exhibits.district_layer import WITHHELD, base_rows, city_figures, city_value
from atlas.exhibits.district_profile import district_profile
from atlas.exhibits.model import Exhibit
from atlas.exhibits.need_classes import classes
from atlas.exhibits.need_index import IndexChoice, index_of, offered
from atlas.exhibits.need_map import INDEX, Asked, Drawn, layer_of, need_map
from atlas.exhibits.need_map_words import sentence, tip
from atlas.exhibits.shortlist import Picked, shortlist
from atlas.exhibits.target_order import TargetsAsked, order_of, target_order
from atlas.figures.look import Look
from atlas.store import geography
from atlas.store.database import Store
from atlas.texts import texts
from catalog.folder import DataFolder
from etl.build import import_files
from etl.own_indicators import indicator_id
from tests.etl.rebuilding import CITY, attainable, csv_rows, digits, files, mean_behind, numbers_of, whole_numbers

SHARE, PART, REST, ALL = "見守りを望む人", "会員の男", "会員の女", "会員"
YEARS = (2023, 2024)
NOT_ZERO = "0という意味ではありません"


@dataclass(frozen=True)
class Own:
    """The city's table as the city holds it, and the interface made from it. people, bases: item -> year -> numbers by district."""

    context: Context
    codes: list[str]
    people: Mapping[str, Mapping[int, pd.Series]]
    bases: Mapping[int, pd.Series]

    def hidden(self, item: str, year: int) -> list[str]:
        """Districts that the interface hides."""
        rows = base_rows(self.context.store, CITY, indicator_id(item), year)
        return [str(code) for code in rows.index[rows["state"] == "suppressed"]]


def made(codes: list[str]) -> tuple[dict[str, dict[int, pd.Series]], dict[int, pd.Series]]:
    """Numbers with small ones in several places, in one year only and in both; men and women add up to all."""
    rng = np.random.default_rng(7)
    people: dict[str, dict[int, pd.Series]] = {item: {} for item in (SHARE, PART, REST, ALL)}
    bases = {}
    for year in YEARS:
        bases[year] = pd.Series(rng.integers(150, 600, len(codes)), index=codes)
        for item in (SHARE, PART, REST):
            people[item][year] = pd.Series(rng.integers(6, 40, len(codes)), index=codes)
        people[SHARE][year].iloc[[2, 9]] = [3, 0]
        people[PART][year].iloc[5] = 2
    people[SHARE][2024].iloc[14] = 1
    people[REST][2024].iloc[[7, 11]] = [4, 4]
    for year in YEARS:
        people[ALL][year] = people[PART][year] + people[REST][year]
    return people, bases


@pytest.fixture(scope="module")
def own(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Own:
    codes = [str(code) for code in geography.shapes(store, CITY, "school_district")["area_code"]]
    people, bases = made(codes)
    path: Path = tmp_path_factory.mktemp("own") / "own.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["学校区", "年", "項目", "人数", "母数", "市区町村コード"])
        for item, years in people.items():
            for year, numbers in years.items():
                base = bases[year] if item == SHARE else pd.Series("", index=codes)
                rows.writerows([code, year, item, numbers[code], base[code], CITY] for code in codes)
                rows.writerow(["合計", year, item, numbers.sum(), base.sum() if item == SHARE else "", CITY])
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    import_files(folder, [path])
    database = folder.database()
    assert database is not None
    return Own(Context(Store(database), texts("ja"), Look("ja")), codes, people, bases)


def questions(own: Own) -> list[tuple[str, Asked]]:
    """Every way to ask the need map for the items."""
    found = []
    for item in own.people:
        found += [(item, Asked((CITY,), indicator_id(item), year, sample=True)) for year in YEARS]
        found.append((item, Asked((CITY,), indicator_id(item), YEARS[1], YEARS[0], sample=True)))
    return found


def hidden_in(own: Own, item: str, asked: Asked) -> set[str]:
    return set(own.hidden(item, asked.year)) | (set(own.hidden(item, asked.before)) if asked.before else set())


def test_small_numbers_are_hidden_in_every_year_and_item(own: Own) -> None:
    for item, years in own.people.items():
        for year, numbers in years.items():
            small = set(numbers.index[(numbers > 0) & (numbers < 5)])
            assert small <= set(own.hidden(item, year))
            assert len(own.hidden(item, year)) != 1


def test_direct_reading_of_pages_and_downloads_finds_no_number(own: Own) -> None:
    context = own.context
    for item, asked in questions(own):
        exhibit, layer = need_map(context, asked=asked, drawn=Drawn()), layer_of(context, asked)
        found = classes(context, layer.measure, layer.rows["value"], context.look.palette)
        if hidden_in(own, item, asked):
            assert context.texts("need_map.key.suppressed") in str(exhibit.figure.to_dict()), "hatched, and the legend says why"  # type: ignore[attr-defined]
            assert "秘匿" in sentence(context, asked, layer, found)
        given = files(context, exhibit)
        for code in hidden_in(own, item, asked):
            for rows in given.values():
                row = {name: value for name, value in rows[code].items() if name not in ("before", "latest")}
                assert numbers_of(row) == {}, (item, asked.year, code)
                assert row["state"] == "秘匿"
            for name, year in (("before", asked.before), ("latest", asked.year)):
                if asked.before and code in own.hidden(item, int(year or 0)):
                    assert all(not rows[code].get(name) for rows in given.values())
            assert digits(tip(context, asked, layer, found, layer.rows.loc[code])) == []
            facts = [fact for fact in district_profile(context, asked=asked, code=code).facts if item in fact.label and fact.chosen]
            assert [(fact.value, fact.difference, fact.rank) for fact in facts] == [("秘匿", "", "")]


def test_cards_say_the_word_and_no_number(own: Own) -> None:
    for item in own.people:
        for code in own.hidden(item, 2024):
            card = district_card(own.context, code=code, year=2024, indicator=indicator_id(item))
            assert "秘匿" in card.headline
            assert digits(card.headline.replace(NOT_ZERO, "")) == []
            beside = next(fact for fact in district_card(own.context, code=code).facts if fact.label.startswith(f"{item}（"))
            assert (beside.value, beside.difference, beside.rank) == ("秘匿", "", "")


def published(own: Own, year: int) -> tuple[dict[str, float], list[tuple[dict[str, float], float]]]:
    """What a reader of the CSV files knows: numbers by 'item code', and every sum: items over the city, men + women = all.

    The sums of the city come exactly from the column of differences, and the bases, all of them, from elsewhere.
    """
    known: dict[str, float] = {}
    sums: list[tuple[dict[str, float], float]] = []
    for item in own.people:
        asked = Asked((CITY,), indicator_id(item), year, sample=True)
        rows = csv_rows(own.context, need_map(own.context, asked=asked, drawn=Drawn()))
        own_numbers = {code: numbers_of(row) for code, row in rows.items()}
        whole = city_value(own.context.store, CITY, indicator_id(item), year)
        if item == SHARE:
            wholes = {round(row["value"] - row["difference"], 9) for row in own_numbers.values() if "difference" in row}
            assert wholes == {round(whole, 9)}, "the differences give the city's share away, and it is published anyway"
            whole = round(whole * own.bases[year].sum())
        for code, row in own_numbers.items():
            if "value" in row:
                known[f"{item} {code}"] = round(row["value"] * own.bases[year][code]) if item == SHARE else row["value"]
            elif base_rows(own.context.store, CITY, indicator_id(item), year)["state"][code] == WITHHELD:
                known[f"{item} {code}"] = 0.0
        sums.append(({f"{item} {code}": 1.0 for code in own.codes}, float(whole)))
    sums += [({f"{PART} {code}": 1.0, f"{REST} {code}": 1.0, f"{ALL} {code}": -1.0}, 0.0) for code in own.codes]
    return known, sums


def unknown(own: Own, known: Mapping[str, float], year: int) -> dict[str, float]:
    names = [f"{item} {code}" for item in own.people for code in own.codes]
    return {name: float(own.bases[year][name.split()[1]]) if name.startswith(SHARE) else np.inf for name in names if name not in known}


@pytest.mark.parametrize("year", YEARS)
def test_totals_percentages_and_linear_programmes_leave_every_number_open(own: Own, year: int) -> None:
    known, sums = published(own, year)
    for name, value in known.items():
        item, code = name.split()
        assert value == own.people[item][year][code], "what is read from the file is right"
    ends = attainable(known, unknown(own, known, year), sums)
    assert len(ends) >= 6
    for name, interval in ends.iterrows():
        item, code = str(name).split()
        truth = own.people[item][year][code]
        assert interval["most"] - interval["least"] >= 2
        assert len(whole_numbers(interval)) > 1
        assert interval["least"] <= truth <= interval["most"]
        if truth < 5:
            assert {1, 2, 3, 4} <= set(whole_numbers(interval))


@pytest.mark.parametrize("year", YEARS)
def test_the_attack_finds_the_number_where_the_second_cell_is_shown(own: Own, year: int) -> None:
    """Had only 1-4 been hidden, subtracting would do: the test above can fail."""
    known, sums = published(own, year)
    for name in unknown(own, known, year):
        item, code = name.split()
        if own.people[item][year][code] >= 5:
            known[name] = float(own.people[item][year][code])
    ends = attainable(known, unknown(own, known, year), sums)
    alone = [name for name in ends.index if sum(other.startswith(name.split()[0] + " ") for other in ends.index) == 1]
    assert alone
    for name in alone:
        item, code = name.split()
        assert ends.at[name, "least"] == pytest.approx(ends.at[name, "most"])
        assert ends.at[name, "least"] == pytest.approx(own.people[item][year][code])


def test_two_years_and_their_change_give_nothing_more(own: Own) -> None:
    for item in own.people:
        asked = Asked((CITY,), indicator_id(item), YEARS[1], YEARS[0], sample=True)
        rows = csv_rows(own.context, need_map(own.context, asked=asked, drawn=Drawn()))
        once = set(own.hidden(item, YEARS[0])) ^ set(own.hidden(item, YEARS[1]))
        for code in once | (set(own.hidden(item, YEARS[0])) & set(own.hidden(item, YEARS[1]))):
            held = {name for name in ("before", "latest", "value", "difference") if name in numbers_of(rows[code])}
            assert "value" not in held
            assert len(held) <= 1, "one of the two years at most, so no difference can be undone"


def choices(own: Own, item: str) -> list[IndexChoice]:
    """The item alone, and beside others, in every way of making an index."""
    identifier, every = indicator_id(item), offered(own.context.store, (CITY,), 2020)
    assert identifier in every
    ways = [(str(one), str(other)) for one in Normaliser for other in Aggregation]
    return [IndexChoice(weights, *way) for way in ways for weights in (((identifier, 3),), ((identifier, 1), (every[0], 5)))]


def all_words(exhibit: Exhibit, code: str) -> str:
    rows = exhibit.table.rows
    return " ".join(str(value) for name, value in rows[rows["code"] == code].iloc[0].items() if name not in ("code", "split", "merged", "place"))


def test_an_index_has_neither_score_nor_contribution_of_what_is_hidden(own: Own) -> None:
    context = own.context
    for choice in choices(own, SHARE):
        for year in (2020, 2024) if len(choice.weights) == 1 else (2020,):
            index = index_of(context.store, (CITY,), year, choice)
            assert index is not None
            asked = Asked((CITY,), INDEX, year, index=choice, sample=True)
            layer = layer_of(context, asked)
            given = files(context, need_map(context, asked=asked, drawn=Drawn())) if choice == choices(own, SHARE)[0] and year == 2020 else {}
            for code in own.hidden(SHARE, 2024):
                assert np.isnan(index.score[code])
                assert np.isnan(index.contributions.loc[code, indicator_id(SHARE)])
                assert np.isnan(index.normalised.loc[code, indicator_id(SHARE)])
                assert np.isnan(layer.rows.at[code, "value"])
                assert all(numbers_of(rows[code]) == {} for rows in given.values())
                profile = district_profile(context, asked=asked, code=code)
                assert profile.parts == ()
                assert digits(profile.parts_note) == []


def test_scores_of_the_others_do_not_tell_that_a_hidden_number_was_among_them(own: Own) -> None:
    """z-scores are undone to the mean they were taken from: it is that of the shown districts. Of all districts it would give the hidden sum away."""
    shown = base_rows(own.context.store, CITY, indicator_id(SHARE), 2024)["value"].dropna()
    index = index_of(own.context.store, (CITY,), 2024, IndexChoice(((indicator_id(SHARE), 1),), "z", "arithmetic"))
    assert index is not None
    treated, scores = index.treated[indicator_id(SHARE)], index.normalised[indicator_id(SHARE)]
    assert mean_behind(treated, scores) * len(shown) - treated.sum() == pytest.approx(0, abs=1e-9)
    every = own.people[SHARE][2024] / own.bases[2024]
    leaky = (every - every.mean()) / every.std(ddof=1)
    rest = mean_behind(shown, leaky[shown.index]) * len(every) - shown.sum()
    assert rest == pytest.approx(every.drop(shown.index).sum()), "the attack works on scores that took them in"


def test_targets_and_shortlist_rank_no_hidden_district_and_say_no_reason(own: Own) -> None:
    context = own.context
    asked = TargetsAsked(CITY, 2020, IndexChoice(((indicator_id(SHARE), 3), ("one_person_household_share", 1)), "percentile", "arithmetic"), None, True)
    order = order_of(context.store, asked)
    assert order is not None
    listed = target_order(context, asked=asked)
    picked = shortlist(context, asked=asked, picked=Picked(tuple(own.codes)))
    for code in own.hidden(SHARE, 2024):
        assert np.isnan(order.certainty.rank[code])
        assert np.isnan(order.frame.at[code, indicator_id(SHARE)])
        row = listed.table.rows.set_index("code").loc[code]
        assert row[["rank", "median", "lower", "upper", "in_top"]].isna().all()
        assert row["reasons"] == ""
        assert SHARE not in all_words(picked, code)


def test_the_database_itself_has_no_hidden_number(own: Own) -> None:
    rows = own.context.store.frame("SELECT * FROM observation WHERE indicator_id LIKE 'own\\_%' ESCAPE '\\' AND status = 'suppressed'")
    assert len(rows) >= 10
    assert rows[["value", "numerator"]].isna().all(axis=None)
    frame = city_figures(own.context.store, CITY)
    assert frame.loc[frame["state"].eq("suppressed"), ["value", "numerator", "denominator"]].isna().all(axis=None)


def test_beside_a_census_the_newest_own_year_stands_and_is_told(own: Own) -> None:
    choice = IndexChoice(((indicator_id(SHARE), 3), ("one_person_household_share", 1)), "percentile", "arithmetic")
    exhibit = need_map(own.context, asked=Asked((CITY,), INDEX, 2020, index=choice), drawn=Drawn())
    assert f"「{SHARE}」は市区町村の独自の集計（2024年）です。" in exhibit.cautions
    assert district_card(own.context, code=own.codes[0]).year == 2020, "a year of own figures alone is no census"
