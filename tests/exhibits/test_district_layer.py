"""What stands beside a district's figure: the city's own value, and where the figure comes from."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows, census_years, city_value
from atlas.store.geography import city_totals


def test_the_city_s_value_of_shares_by_age_comes_from_its_small_areas(japanese: Context) -> None:
    totals = city_totals(japanese.store, "99201").query("year == 2020").set_index("indicator_id")["total"]
    known = totals["population_0_14"] + totals["population_15_64"] + totals["population_65_over"]
    assert totals["population_known_age"] == known
    assert city_value(japanese.store, "99201", "population_65_over_share", 2020) == pytest.approx(totals["population_65_over"] / known)
    assert city_value(japanese.store, "99201", "population_75_over_share", 2020) == pytest.approx(totals["population_75_over"] / known)
    rows = base_rows(japanese.store, "99201", "population_65_over_share", 2020)
    assert rows["split_share"].notna().all()
    pd.testing.assert_series_equal(rows["split_share"], base_rows(japanese.store, "99201", "population", 2020)["split_share"])


def test_a_city_s_own_years_are_no_census_unless_there_is_nothing_else() -> None:
    assert census_years({"population": (2015, 2020), "own_12345678": (2024,)}) == (2015, 2020)
    assert census_years({"own_12345678": (2023, 2024)}) == (2023, 2024)
    assert census_years({}) == ()
