"""Answers known in advance: the built database says what the publications say."""

from __future__ import annotations

import pytest

from atlas.store.database import Store


def value(store: Store, indicator: str, area: str, year: int) -> tuple[float | None, str]:
    rows = store.rows(
        "SELECT value, status FROM observation WHERE indicator_id = ? AND area_code = ? AND year = ? "
        "AND sex = 'all' AND age_group = 'all' AND household_type = 'all'",
        [indicator, area, year],
    )
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize(
    ("area", "year", "one_person", "general"),
    [("00000", 2020, 21_151_042, 55_704_949), ("00000", 2015, 18_417_922, 53_331_797), ("31201", 2020, 26_983, 76_800), ("36201", 2020, 53_422, 119_228)],
)
def test_counts_are_the_published_ones(store: Store, area: str, year: int, one_person: int, general: int) -> None:
    assert value(store, "one_person_households", area, year)[0] == one_person
    assert value(store, "general_households", area, year)[0] == general
    assert value(store, "one_person_household_share", area, year)[0] == pytest.approx(one_person / general, abs=1e-12)


@pytest.mark.parametrize(("year", "one_person", "general"), [(2015, 18_417_922, 53_331_797), (2020, 21_151_042, 55_704_949)])
def test_the_municipalities_add_up_to_the_nation(store: Store, year: int, one_person: int, general: int) -> None:
    query = "SELECT sum(value), count(*) FROM observation JOIN area USING (area_code) WHERE level = 'municipality' AND indicator_id = ? AND year = ?"
    assert store.rows(query, ["one_person_households", year]) == [(one_person, 1_741)]
    assert store.rows(query, ["general_households", year]) == [(general, 1_741)]


def test_1960_is_16_5_percent_exactly_as_printed(store: Store) -> None:
    assert value(store, "one_person_household_share", "00000", 1960) == (0.165, "observed")


def test_1965_has_no_value_and_says_why(store: Store) -> None:
    for indicator in ("one_person_household_share", "one_person_households", "general_households"):
        assert value(store, indicator, "00000", 1965) == (None, "not_published")


def test_1975_is_published_but_not_held(store: Store) -> None:
    assert value(store, "one_person_household_share", "00000", 1975) == (None, "not_loaded")


def test_a_missing_count_is_not_made_from_a_rounded_share(store: Store) -> None:
    assert value(store, "one_person_households", "00000", 1960)[0] is None


def test_a_town_without_households_has_no_share_rather_than_zero(store: Store) -> None:
    assert value(store, "one_person_households", "07546", 2020) == (0, "observed")
    assert value(store, "one_person_household_share", "07546", 2020) == (None, "not_applicable")


def test_both_vintages_of_2040(store: Store) -> None:
    rows = store.rows("SELECT vintage, value FROM projection WHERE indicator_id = 'one_person_household_share' AND year = 2040 ORDER BY vintage")
    assert rows == [(2018, 0.393), (2024, 0.435)]


def test_contact_in_person_2021(store: Store) -> None:
    rows = store.rows(
        "SELECT category, share, n FROM survey_answer WHERE question = 'noncohabiting_contact' AND mode = 'in_person' AND year = 2021 "
        "AND group_type = 'total' AND category IN ('never', 'less_than_monthly', 'monthly')"
    )
    assert set(rows) == {("never", 0.112, 11_867), ("less_than_monthly", 0.152, 11_867), ("monthly", 0.138, 11_867)}


def test_isolation_by_cohabitant_2024(store: Store) -> None:
    rows = store.rows(
        "SELECT group_id, share FROM survey_answer WHERE question = 'isolation_indicator_trial' AND category = 'contact_less_than_weekly' "
        "AND group_type IN ('cohabitation', 'total')"
    )
    assert set(rows) == {("all", 0.058), ("no_cohabitant", 0.256), ("with_cohabitant", 0.022)}


def test_65_and_over_has_three_definitions_under_three_ids(store: Store) -> None:
    assert value(store, "older_one_person_share_of_households", "00000", 2020)[0] == pytest.approx(6_716_806 / 55_704_949)
    ipss = store.rows("SELECT value FROM projection WHERE indicator_id = 'older_one_person_share_of_households_ipss' AND vintage = 2024 AND year = 2020")
    assert ipss == [(0.132,)]
    by_sex = store.rows(
        "SELECT sex, value FROM observation WHERE indicator_id = 'older_living_alone_share_of_older' AND area_code = '00000' AND year = 2020 AND sex <> 'all'"
    )
    assert set(by_sex) == {("male", 0.15), ("female", 0.221)}


def test_the_superseded_sample_count_of_2010_is_not_in_the_series(store: Store) -> None:
    assert value(store, "one_person_household_share", "00000", 2010)[0] == 0.324
    assert value(store, "one_person_household_share_preliminary_sample", "00000", 2010)[0] == 0.312


def test_tokushima_carries_its_unknown_ages(store: Store) -> None:
    share, _ = value(store, "population_age_unknown_share", "36201", 2020)
    assert share == pytest.approx(0.0987, abs=5e-5)


def test_totals_say_all_and_shares_lie_between_zero_and_one(store: Store) -> None:
    assert store.rows("SELECT count(*) FROM observation WHERE sex = '' OR age_group = '' OR household_type = ''") == [(0,)]
    wrong = store.rows("SELECT count(*) FROM observation o JOIN indicator i USING (indicator_id) WHERE i.kind = 'share' AND (value < 0 OR value > 1)")
    assert wrong == [(0,)]
