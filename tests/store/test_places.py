"""Places, supporters and demand points as a page asks for them: of the sample city, and of a city whose own tables are imported."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import shapely

from atlas.store import geography, places
from atlas.store.database import Store
from catalog.folder import DataFolder
from etl.build import import_files
from etl.report import BuildReport
from tests.etl.readers import small_area_making
from tests.etl.readers.geo_making import NEW, district, geojson, square
from tests.etl.readers.own_making import PLACES, SUPPORTERS, csv_file, place, supporter

SAMPLE, CITY = "99201", "01100"
COUNTS = {"one_person_households": 35_560, "older_one_person_households": 11_003}
"""Of the sample city in 2020, all small areas."""


def test_the_sample_city_has_places_of_every_kind_and_says_that_they_are_a_sample(store: Store) -> None:
    found = places.places(store, SAMPLE)
    own = found[found["kind_ja"].notna()]
    counts = own["kind"].value_counts().to_dict()
    assert 9 <= counts["ibasho"] + counts["kayoi_no_ba"] <= 14
    assert {"consultation", "member_organisation", "childrens_cafeteria"} < set(counts)
    assert found["is_sample"].all()
    assert set(found["source_id"]) == {"sample_city"}
    assert own["opened"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    held = own.dropna(subset="district_code")
    shapes = geography.shapes(store, SAMPLE, "school_district").set_index("area_code")["geometry"]
    grounds = shapely.from_wkb([bytes(one) for one in shapes.loc[held["district_code"]]])
    assert shapely.within(shapely.points(held["longitude"], held["latitude"]), grounds).all()
    assert held["district_ja"].notna().all()


def test_a_window_without_a_position_is_listed_and_told(store: Store) -> None:
    found = places.without_position(store, SAMPLE)
    assert found[["kind", "kind_ja", "name_ja", "is_sample"]].to_numpy().tolist() == [["consultation", "相談窓口", "よりそい電話相談", True]]
    assert found["name_ja"].iloc[0] not in set(places.places(store, SAMPLE)["name_ja"])
    remarks = geography.remarks(store, SAMPLE)
    assert remarks["text_ja"].str.contains("よりそい電話相談").any()


def test_supporters_of_the_sample_city_are_in_about_half_of_the_districts_and_one_row_is_not_matched(store: Store) -> None:
    found = places.supporters(store, SAMPLE)
    assert set(found["status"]) == {"by_district", "by_small_area", "not_matched"}
    assert (found["status"].eq("not_matched") == found["district_code"].isna()).all()
    assert found["status"].eq("not_matched").sum() == 1
    assert 10 <= found["district_code"].nunique() <= 14
    assert (found["district_ja"].notna() == found["district_code"].notna()).all()
    assert found["is_sample"].all()
    assert geography.remarks(store, SAMPLE)["kind"].eq("not_matched").any()


@pytest.mark.parametrize(("indicator", "total"), COUNTS.items())
def test_demand_points_are_the_small_areas_with_their_counts_and_hidden_ones_have_a_status_only(store: Store, indicator: str, total: int) -> None:
    found = places.demand_points(store, SAMPLE, indicator, 2020)
    assert len(found) == 260
    assert found["status"].value_counts().to_dict() == {"observed": 249, "merged": 10, "suppressed": 1}
    assert (found["value"].notna() == found["status"].eq("observed")).all()
    assert total * 0.99 < found["value"].sum() < total, "what merged areas hold together is no area's own"
    whole = geography.city_totals(store, SAMPLE).set_index(["indicator_id", "year"])["total"]
    assert whole[indicator, 2020] == total
    shapes = geography.shapes(store, SAMPLE, "small_area", 2020).set_index("area_code").loc[found["area_code"]]
    grounds = shapely.from_wkb([bytes(one) for one in shapes["geometry"]])
    assert shapely.within(shapely.points(found["longitude"], found["latitude"]), grounds).all()
    assert found["area_km2"].tolist() == shapes["area_km2"].tolist()
    held = found.dropna(subset="district_code")
    over = geography.shapes(store, SAMPLE, "school_district").set_index("area_code").loc[held["district_code"], "geometry"]
    assert shapely.within(shapely.points(held["longitude"], held["latitude"]), shapely.from_wkb([bytes(one) for one in over])).all()
    assert 250 <= len(held) < 260


def test_an_indicator_no_table_holds_is_not_loaded_and_a_year_that_is_not_held_is_empty(store: Store) -> None:
    found = places.demand_points(store, SAMPLE, "no_such_indicator", 2020)
    assert len(found) == 260
    assert set(found["status"]) == {"not_loaded"}
    assert found["value"].isna().all()
    assert places.demand_points(store, SAMPLE, "one_person_households", 1999).empty
    assert places.places(store, "31201").empty
    assert places.supporters(store, "31201").empty


# A city whose own tables are imported ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two districts of two small areas each; places and supporters without a municipality code."""
    folder = tmp_path_factory.mktemp("files")
    ground = [square(number) for number in range(4)]
    small_area_making.shapefile(folder / "boundary", small_area_making.areas([f"{CITY}00{n}000" for n in range(1, 5)], [40, 30, 20, 10], geometry=ground))
    west, south, _, north = ground[0].bounds
    shapes = [shapely.box(west, south, west + 0.02, north), shapely.box(west + 0.02, south, west + 0.04, north)]
    named = [district(name, CITY, number) for number, name in enumerate(("東小学校", "西小学校"), 1)]
    (folder / "districts.geojson").write_text(geojson(NEW, named, shapes), "utf-8")
    rows = [
        place(緯度=south + 0.005, 経度=round(west + 0.005, 6)),
        place(種別="会員団体", 名称="見守りの会", 緯度=south + 0.005, 経度=round(west + 0.035, 6), 開設日="令和元年5月1日", 定員=""),
        place(種別="相談窓口", 名称="電話", 緯度="", 経度=""),
    ]
    tables = [
        csv_file(folder / "places.csv", PLACES, rows, "cp932"),
        csv_file(folder / "people.csv", SUPPORTERS, [supporter(), supporter(学校区="", 町字="第3町", 人数="4"), supporter(学校区="どこか小学校")]),
    ]
    return [folder / "districts.geojson", folder / "boundary", *tables]


@pytest.fixture(scope="module")
def imported(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, BuildReport, Store]:
    """That city, and the templates as they are downloaded."""
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    report = import_files(folder, [*files, *sorted(folder.templates.glob("*.csv"))])
    path = folder.database()
    assert path is not None
    return folder, report, Store(path)


def test_own_tables_go_through_the_same_import_as_everything_else(imported: tuple[DataFolder, BuildReport, Store]) -> None:
    store = imported[2]
    found = places.places(store, CITY)
    assert found[["kind", "name_ja", "district_ja", "opened", "source_id", "is_sample"]].to_numpy().tolist() == [
        ["ibasho", "ひだまりの家", "東小学校", "2021-04-01", "own_places", False],
        ["member_organisation", "見守りの会", "西小学校", "2019-05-01", "own_places", False],
    ]  # fmt: skip
    assert places.without_position(store, CITY)["name_ja"].tolist() == ["電話"]
    people = places.supporters(store, CITY)
    assert people[["place_text", "district_ja", "people", "status"]].fillna("").to_numpy().tolist() == [
        ["東小学校", "東小学校", 12, "by_district"], ["第3町", "西小学校", 4, "by_small_area"], ["どこか小学校", "", 12, "not_matched"],
    ]  # fmt: skip
    assert set(people["source_id"]) == {"own_supporters"}


def test_the_report_and_the_page_of_the_city_say_what_was_not_placed_or_matched(imported: tuple[DataFolder, BuildReport, Store]) -> None:
    _, report, store = imported
    assert {"own_places_table", "own_supporters_table"} <= set(report.not_yet_tried)
    told = "\n".join(remark["text_ja"] for remark in report.remarks if not remark["shipped"])
    assert "緯度・経度の無い1件" in told
    assert "合わせられなかった行が1、12人あります（どこか小学校）" in told
    assert geography.remarks(store, CITY)["kind"].isin(["unplaced", "not_matched"]).sum() == 2


def test_the_way_to_the_nearest_place_counts_the_places_of_the_table(imported: tuple[DataFolder, BuildReport, Store]) -> None:
    """東小: small areas of 20 and 15 households, 0 and 1,000 m from the one 居場所; the organisation is no destination."""
    figures = geography.district_figures(imported[2], CITY).query("indicator_id == 'distance_to_nearest_place'").set_index("name_ja")["value"]
    wide = 0.01 * 111_320 * math.cos(math.radians(34.505))
    assert figures["東小学校"] == pytest.approx(wide * 1.3 * 15 / 35, rel=0.01)
    assert figures["西小学校"] == pytest.approx(wide * 1.3 * (2 * 10 + 3 * 5) / 15, rel=0.01)


def test_the_templates_taken_as_they_are_change_the_sample_city_only(imported: tuple[DataFolder, BuildReport, Store]) -> None:
    store = imported[2]
    own = places.places(store, SAMPLE).dropna(subset="kind_ja")
    assert own["name_ja"].tolist() == ["記入例ひだまりの家（架空）"]
    assert own["is_sample"].all()
    assert places.supporters(store, SAMPLE)["status"].tolist() == ["not_matched", "not_matched"]
    assert len(geography.shapes(store, SAMPLE, "school_district")) == 24, "the sample city still comes along"
