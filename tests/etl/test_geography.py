"""From maps and small areas to figures by school district, through the whole import, with files of our own making and the sample city."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest
import shapely

from atlas.store.database import SAFE
from catalog.folder import DataFolder
from catalog.status import OBSERVED, SUPPRESSED
from etl.build import build, import_files
from etl.report import BuildReport
from tests.etl.readers import small_area_making
from tests.etl.readers.geo_making import NEW, district, geojson, square

CITY = "01100"
"""A code with a leading zero."""
HIDDEN = "01100004000"
ROWS = [
    [CITY, "1", "見本市", "", "", "", "", 1000, 100, 600, 300, 150],
    ["01100001000", "2", "見本市", "一町", "0", "", "", 400, 40, 240, 120, 60],
    ["01100002000", "2", "見本市", "二町", "0", "", "", 300, 30, 180, 90, 45],
    ["01100003000", "2", "見本市", "三町", "0", "", "", "-", "-", "-", "-", "-"],
    [HIDDEN, "2", "見本市", "四町", "2", "", "", 5, "X", "X", "X", "X"],
    ["01100005000", "2", "見本市", "五町", "0", "", "", 295, 30, 175, 90, 45],
]
LABELS = ["総数、年齢「不詳」含む", "総数１５歳未満", "総数１５～６４歳", "総数６５歳以上", "総数７５歳以上"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A city of five small areas side by side and three districts: the first takes 1 and half of 2, the second the rest of 2, 3 and 4; 5 has none."""
    folder = tmp_path_factory.mktemp("files")
    keys = [str(row[0]) for row in ROWS[1:]]
    people = [400, 300, 0, 5, 295]
    ground = [square(number) for number in range(5)]
    rows = small_area_making.areas(keys, people, geometry=ground)
    boundary = folder / "boundary"
    small_area_making.shapefile(boundary, rows)
    west, south, _, north = ground[0].bounds
    shapes = [
        shapely.box(west, south, west + 0.015, north),
        shapely.box(west + 0.015, south, west + 0.035, north),
        shapely.box(west + 0.035, south, west + 0.04, north),
    ]
    table = folder / "table.csv"
    table.write_bytes(small_area_making.t_table([row[:7] + row[7:] for row in ROWS], LABELS))
    named = [district(name, CITY, number) for number, name in enumerate(("東小学校", "西小学校", "南学園"), 1)]
    map_file = folder / "districts.geojson"
    map_file.write_text(geojson(NEW, named, shapes), "utf-8")
    return [map_file, boundary, table]


@pytest.fixture(scope="module")
def imported(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, BuildReport]:
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    return folder, import_files(folder, files)


def asked(folder: DataFolder, query: str) -> pd.DataFrame:
    path = folder.database()
    assert path is not None
    with duckdb.connect(str(path), read_only=True, config=dict(SAFE)) as connection:
        return connection.execute(query).df()


def figures(folder: DataFolder, indicator: str) -> dict[str, tuple[float, str]]:
    rows = asked(
        folder,
        f"SELECT name_ja, value, status FROM observation JOIN area USING (area_code) WHERE parent_code = '{CITY}' AND level = 'school_district' "
        f"AND indicator_id = '{indicator}' AND year = 2020",
    )
    return {row.name_ja: (row.value, row.status) for row in rows.itertuples()}


def test_a_leading_zero_stays_in_codes_of_city_districts_and_small_areas(imported: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(imported[0], f"SELECT level, area_code, parent_code FROM area WHERE parent_code = '{CITY}' OR area_code = '{CITY}' ORDER BY ALL")
    assert rows["area_code"].str.startswith(CITY).all()
    assert rows.groupby("level").size().to_dict() == {"municipality": 1, "school_district": 3, "small_area": 5}
    assert rows.loc[rows["level"] == "school_district", "area_code"].str.fullmatch(rf"{CITY}-B\d{{12}}").all()


def test_a_split_area_is_shared_by_area_and_what_lies_outside_is_told(imported: tuple[DataFolder, BuildReport]) -> None:
    population = figures(imported[0], "population")
    assert population["東小学校"][0] == pytest.approx(400 + 150, abs=0.01)
    assert population["西小学校"][0] == pytest.approx(150 + 0 + 2.5, abs=0.01)
    total = asked(imported[0], f"SELECT * FROM apportioned_total WHERE municipality_code = '{CITY}' AND indicator_id = 'population'").iloc[0]
    assert (total["total"], total["small_areas"], total["split_areas"]) == (1000, 5, 2)
    assert total["outside"] == pytest.approx(295, abs=0.01)
    assert sum(value for value, _ in population.values()) + total["outside"] == pytest.approx(1000, abs=1e-6)
    said = next(one for one in imported[1].outside if one["municipality_code"] == CITY and one["indicator_id"] == "population")
    assert said["share"] == pytest.approx(0.295, abs=1e-5)


def test_a_hidden_figure_without_receiver_stays_missing_and_never_becomes_zero(imported: tuple[DataFolder, BuildReport]) -> None:
    small = asked(imported[0], f"SELECT value, status FROM observation WHERE area_code = '{HIDDEN}' AND indicator_id = 'population_75_over'").iloc[0]
    assert pd.isna(small["value"])
    assert small["status"] == SUPPRESSED
    older = figures(imported[0], "population_75_over")
    assert older["東小学校"] == (pytest.approx(60 + 22.5, abs=0.01), OBSERVED)
    assert older["西小学校"][1] == older["南学園"][1] == SUPPRESSED
    assert pd.isna(older["西小学校"][0])
    share = figures(imported[0], "population_75_over_share")
    assert pd.isna(share["西小学校"][0])
    assert share["西小学校"][1] == SUPPRESSED


def test_zero_is_a_figure(imported: tuple[DataFolder, BuildReport]) -> None:
    row = asked(imported[0], "SELECT value, status FROM observation WHERE area_code = '01100003000' AND indicator_id = 'population'").iloc[0]
    assert (row["value"], row["status"]) == (0, OBSERVED)


def test_what_no_table_holds_has_no_figure_by_district(imported: tuple[DataFolder, BuildReport]) -> None:
    assert not figures(imported[0], "one_person_household_share")
    assert {status for _, status in figures(imported[0], "distance_to_nearest_place").values()} == {"not_loaded"}


def test_neither_the_order_of_files_nor_a_second_import_nor_a_rebuild_changes_anything(files: list[Path], imported: tuple[DataFolder, BuildReport]) -> None:
    folder, first = imported
    kept = sorted(folder.inbox.rglob("*"))
    again = import_files(folder, [*files[::-1], files[0]])
    assert again.content_hash == first.content_hash
    assert sorted(folder.inbox.rglob("*")) == kept
    assert again.changes is not None
    assert not any(count for table in again.changes.values() for count in table.values())
    assert build(folder).content_hash == first.content_hash


def test_the_report_says_what_was_understood_and_what_no_real_file_was_tried_with(imported: tuple[DataFolder, BuildReport]) -> None:
    given = [one for one in imported[1].maps if not one["shipped"]]
    assert {one["kind"]: one["rows"] for one in given} == {"school_districts": 3, "small_areas": 5, "small_area_table": 6}
    assert all(one["understood_en"] and one["understood_ja"] and not one["sample"] for one in given)
    assert all(one["sample"] for one in imported[1].maps if one["shipped"])
    assert any("no receiver" in remark["text_en"] for remark in imported[1].remarks if not remark["shipped"])
    assert imported[1].not_yet_tried == ()


# The sample city of the default build -----------------------------------------------------------------------------------------------------------


def test_the_sample_city_stands_outside_every_prefecture(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(built[0], "SELECT level, parent_code, area_code FROM area WHERE area_code = '99201' OR level = 'sample_municipality'")
    assert rows.to_dict("records") == [{"level": "sample_municipality", "parent_code": None, "area_code": "99201"}]
    above = asked(built[0], "SELECT DISTINCT source_id FROM observation JOIN area USING (area_code) WHERE level IN ('nation', 'prefecture', 'municipality')")
    assert "sample_city" not in set(above["source_id"])


def test_the_nation_is_the_sum_of_the_real_municipalities_alone(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(
        built[0],
        "SELECT level, indicator_id, sum(value) AS value FROM observation JOIN area USING (area_code) WHERE year = 2020 AND sex = 'all' AND age_group = 'all' "
        "AND household_type = 'all' AND level IN ('nation', 'municipality') AND indicator_id IN ('general_households', 'one_person_households') GROUP BY ALL",
    )
    held = {(row.level, row.indicator_id): row.value for row in rows.itertuples()}
    for indicator, value in (("general_households", 55_704_949), ("one_person_households", 21_151_042)):
        assert held["nation", indicator] == held["municipality", indicator] == value


def test_districts_and_what_lies_outside_add_up_to_the_small_areas_for_every_count_and_census(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(
        built[0],
        "SELECT t.indicator_id, t.year, t.total, t.inside, t.outside, sum(p.value) AS districts, bool_and(p.value IS NOT NULL) AS whole "
        "FROM apportioned_total t JOIN apportioned p USING (indicator_id, year) JOIN area a USING (area_code) "
        "WHERE t.municipality_code = '99201' AND a.parent_code = '99201' AND p.method = 'plain' GROUP BY ALL",
    )
    assert set(rows["year"]) == {2010, 2015, 2020}
    assert rows["indicator_id"].nunique() >= 14
    assert rows["whole"].all()
    assert ((rows["districts"] + rows["outside"]) / rows["total"]).to_numpy() == pytest.approx(1, abs=1e-9)
    assert (rows["inside"] / rows["districts"]).to_numpy() == pytest.approx(1, abs=1e-9)


def test_renormalised_districts_hold_every_small_area_that_touches_one(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(
        built[0],
        "SELECT method, sum(value) AS value FROM apportioned JOIN area USING (area_code) WHERE parent_code = '99201' AND indicator_id = 'population' "
        "AND year = 2020 GROUP BY method",
    ).set_index("method")["value"]
    total = asked(built[0], "SELECT total FROM apportioned_total WHERE municipality_code = '99201' AND indicator_id = 'population' AND year = 2020")
    assert rows["plain"] < rows["renormalised"] <= total.iloc[0, 0] + 1e-6


def test_a_merged_small_area_shows_no_figure_of_its_own(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(
        built[0], "SELECT status, count(*) AS n, count(value) AS held FROM observation JOIN area USING (area_code) WHERE level = 'small_area' GROUP BY status"
    ).set_index("status")
    assert rows.loc["merged", "n"] > 0
    assert rows.loc["merged", "held"] == 0
    assert rows.loc[[status for status in rows.index if status != OBSERVED], "held"].sum() == 0


def test_a_district_knows_how_much_came_from_split_areas_and_through_merging(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(built[0], "SELECT split_share, merged_share FROM apportioned JOIN area USING (area_code) WHERE parent_code = '99201' AND method = 'plain'")
    assert rows["split_share"].between(0, 1).all()
    assert rows["merged_share"].between(0, 1 + 1e-9).all()
    assert (rows["split_share"] > 0).any()
    assert (rows["merged_share"] > 0).any()


def test_shares_of_districts_lie_between_zero_and_one_and_within_the_range_of_the_city(built: tuple[DataFolder, BuildReport]) -> None:
    rows = asked(
        built[0],
        "SELECT level, indicator_id, year, min(value) AS low, max(value) AS high FROM observation JOIN area USING (area_code) "
        "WHERE parent_code = '99201' AND indicator_id IN ('one_person_household_share', 'population_75_over_share') AND value IS NOT NULL GROUP BY ALL",
    ).pivot(index=["indicator_id", "year"], columns="level", values=["low", "high"])
    assert len(rows) == 6
    assert ((rows["low", "school_district"] >= 0) & (rows["high", "school_district"] <= 1)).all()
    assert (rows["low", "school_district"] >= rows["low", "small_area"]).all()
    assert (rows["high", "school_district"] <= rows["high", "small_area"]).all()
