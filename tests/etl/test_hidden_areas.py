"""What the source hid stays hidden: no row of the database holds a figure of an area marked X, nor what would give it away."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.store import geography
from atlas.store.database import Store
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import read_maps
from etl.readers.small_area_merging import indicators_of
from etl.sample_city import SAMPLE_CODE, write_sample


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[GeoReading]:
    place = tmp_path_factory.mktemp("sample")
    write_sample(place)
    return [reading for reading in read_maps(place) if reading.kind == "small_area_table"]


def cells(tables: list[GeoReading], processing: str) -> set[tuple[str, int, str]]:
    """(key code, year, indicator) that stand in a row of this processing, in a table that hides at all."""
    found = set()
    for reading in tables:
        rows = reading.frame[reading.frame["processing"] == processing]
        for indicator in indicators_of(reading.frame):
            found |= {(key, reading.year, indicator) for key in rows["key_code"]}
    return found


def shown(store: Store) -> pd.DataFrame:
    years = store.rows("SELECT DISTINCT year FROM area_geometry WHERE municipality_code = ? AND level = 'small_area'", [SAMPLE_CODE])
    return pd.concat([geography.small_area_figures(store, SAMPLE_CODE, year).assign(year=year) for (year,) in years])


def test_the_sample_hides_something(tables: list[GeoReading]) -> None:
    assert len(cells(tables, "hidden")) > 50


def test_no_row_holds_a_figure_of_an_area_the_source_hid(tables: list[GeoReading], store: Store) -> None:
    rows = shown(store).set_index(["area_code", "year", "indicator_id"])
    hidden = [cell for cell in cells(tables, "hidden") if cell in rows.index]
    assert hidden
    own = rows.loc[hidden]
    assert own["value"].isna().all()
    assert set(own["status"]) <= {"merged", "suppressed"}


def test_the_area_that_took_them_in_gives_no_figure_to_subtract_from(tables: list[GeoReading], store: Store) -> None:
    rows = shown(store).set_index(["area_code", "year", "indicator_id"])
    receivers = [cell for cell in cells(tables, "receiver") if cell in rows.index]
    assert receivers
    assert rows.loc[receivers, "value"].isna().all()


def test_a_rate_of_a_hidden_area_is_hidden_too(store: Store) -> None:
    rows = shown(store)
    hidden = rows[rows["status"].isin(["merged", "suppressed"])]
    wide = hidden.assign(gone=True).pivot_table(index=["area_code", "year"], columns="indicator_id", values="gone", aggfunc="any")
    both = wide[wide.get("one_person_households").eq(True)]
    assert len(both)
    assert both["one_person_household_share"].eq(True).all()


def test_what_is_shown_does_not_add_up_to_a_hidden_area(store: Store) -> None:
    """City total less all areas shown leaves only the sum of whole merged units, each of at least two areas."""
    rows = shown(store)
    for (year, indicator), group in rows[rows["status"].isin(["merged", "suppressed"])].groupby(["year", "indicator_id"]):
        assert len(group) >= 2, f"{indicator} of {year}: a single hidden area is the total less the others"
