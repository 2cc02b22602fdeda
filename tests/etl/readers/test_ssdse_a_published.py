"""Against the published files themselves, which are not part of the project."""

import pytest

from etl.readers import read_file

SUMS = {2015: (53_331_797, 18_417_922), 2020: (55_704_949, 21_151_042)}
EDITIONS = {"2018": 2015, "2021": 2015, "2022": 2020, "2026": 2020}


@pytest.mark.raw
@pytest.mark.parametrize(("edition", "year"), EDITIONS.items())
def test_a_published_edition_adds_up_to_the_nation(raw, edition, year):
    reading = read_file(raw / "ssdse" / f"SSDSE-A-{edition}.csv")
    rows = reading.observations[reading.observations["year"] == year]
    sums = rows.groupby("indicator_id")["value"].sum()
    assert (sums["general_households"], sums["one_person_households"]) == SUMS[year]
    assert rows.groupby("indicator_id")["area_code"].nunique()["general_households"] == len(reading.areas) == 1741
    assert reading.edition == edition
    assert "01100" in set(reading.areas["area_code"])


@pytest.mark.raw
def test_every_published_file_at_hand_is_one_of_these_editions(raw):
    assert {path.stem[-4:] for path in (raw / "ssdse").glob("*.csv")} <= set(EDITIONS)


@pytest.mark.raw
@pytest.mark.parametrize("edition", ["2022", "2026"])
@pytest.mark.parametrize(("area", "one_person", "general"), [("31201", 26_983, 76_800), ("36201", 53_422, 119_228)])
def test_two_cities_have_the_figures_of_2020(raw, edition, area, one_person, general):
    rows = read_file(raw / "ssdse" / f"SSDSE-A-{edition}.csv").observations.query("area_code == @area and year == 2020")
    values = rows.set_index("indicator_id")["value"]
    assert (values["one_person_households"], values["general_households"]) == (one_person, general)
