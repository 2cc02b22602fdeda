"""Places and supporters of a city's own tables find their municipality and district, or are told as not matched; nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely

from etl.geography import Geography
from etl.placing import add_places, add_points
from etl.problems import EtlError
from etl.readers.geo_reading import GeoReading
from etl.supporters import add_supporters, school_name, town_name
from tests.etl.readers.own_making import PLACES, SUPPORTERS, csv_file, place, read_one, supporter

TOTTORI, YONAGO, SAMPLE = "31201", "31202", "99201"
WEST, SOUTH, SIDE = 134.20, 35.50, 0.01
DISTRICTS = {"東小学校": "B1", "西小学校": "B2", "中央小学校": "B3"}
TOWNS = {"本町一丁目": (0.1, 0.9), "本町二丁目": (0.6, 1.4), "大字港": (1.1, 1.9), "浜": (2.2, 2.8), "沖": (3.2, 3.8), "岸": (2.505, 3.005)}
"""From where to where, in squares: 一丁目 lies in 東小, 二丁目 in two districts, 沖 in none, 岸 with 1 % outside of 中央小."""


def boxed(first: float, last: float, row: float = 0.0) -> shapely.Polygon:
    return shapely.box(WEST + first * SIDE, SOUTH + row, WEST + last * SIDE, SOUTH + row + SIDE)


def rows_of(names: list[str], codes: list[str], shapes: list[shapely.Polygon], level: str, city: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    areas = pd.DataFrame({"area_code": codes, "level": level, "parent_code": city, "name_ja": names, "name_en": None})
    shaped = {"area_code": codes, "level": level, "municipality_code": city, "year": 2020, "area_km2": 1.0, "geometry": shapely.to_wkb(shapes)}
    return areas, pd.DataFrame(shaped)


def city(found: Geography, code: str, schools: dict[str, str], row: float) -> None:
    """Three districts side by side, a square each; towns below them as TOWNS says (of 鳥取 only)."""
    shapes = [boxed(number, number + 1, row) for number in range(len(schools))]
    made = [rows_of(list(schools), [f"{code}-{own}" for own in schools.values()], shapes, "school_district", code)]
    if code == TOTTORI:
        keys = [f"{code}{number:04d}" for number in range(len(TOWNS))]
        made.append(rows_of(list(TOWNS), keys, [boxed(*reach, row) for reach in TOWNS.values()], "small_area", code))
    for areas, geometry in made:
        found.areas.append(areas)
        found.geometries.append(geometry)


@pytest.fixture
def loaded() -> Geography:
    found = Geography()
    city(found, TOTTORI, DISTRICTS, 0)
    city(found, YONAGO, {"北小学校": "B1", "中央小学校": "B2"}, 0.1)
    city(found, SAMPLE, {"西小学校": "B1"}, 0.2)
    add_points(found)
    return found


def placed(found: Geography, tmp_path: Path, *tables: list[list[object]], header: tuple[str, ...] = PLACES) -> pd.DataFrame:
    readings = [read_one(csv_file(tmp_path / f"places{number}.csv", header, rows)) for number, rows in enumerate(tables)]
    add_places(found, readings)
    return found.places


def supported(found: Geography, tmp_path: Path, *tables: list[list[object]], header: tuple[str, ...] = SUPPORTERS) -> pd.DataFrame:
    readings: list[GeoReading] = [read_one(csv_file(tmp_path / f"people{number}.csv", header, rows)) for number, rows in enumerate(tables)]
    add_supporters(found, readings)
    return found.supporters


def at(square: float, row: float = 0.0) -> dict[str, object]:
    return {"緯度": f"{SOUTH + row + SIDE / 2:.6f}", "経度": f"{WEST + square * SIDE:.6f}"}


def told(found: Geography) -> str:
    return "\n".join(f"{remark['municipality_code']} {remark['text_ja']} {remark['text_en']}" for remark in found.remarks)


def test_a_small_area_knows_its_point_and_the_district_in_which_that_point_lies(loaded: Geography) -> None:
    areas = next(frame for frame in loaded.geometries if frame["level"].iloc[0] == "small_area").reset_index(drop=True)
    inside = shapely.within(shapely.points(areas["longitude"], areas["latitude"]), shapely.from_wkb(areas["geometry"].to_numpy()))
    assert inside.all()
    codes = dict(zip(TOWNS, areas["district_code"].fillna("").str[-2:], strict=True))
    assert codes == {"本町一丁目": "B1", "本町二丁目": "B1", "大字港": "B2", "浜": "B3", "沖": "", "岸": "B3"}, "二丁目's point lies on the border: the first"


def test_a_place_gets_district_and_municipality_from_its_position(loaded: Geography, tmp_path: Path) -> None:
    rows = [place(名称="東", **at(0.5)), place(名称="沖", **at(3.5)), place(名称="米子", **at(1.5, 0.1)), place(名称="外", **at(9))]
    found = placed(loaded, tmp_path, rows).set_index("name_ja")
    assert found.loc["東", ["municipality_code", "district_code", "source_id"]].tolist() == [TOTTORI, f"{TOTTORI}-B1", "own_places"]
    assert found.loc["米子", ["municipality_code", "district_code"]].tolist() == [YONAGO, f"{YONAGO}-B2"]
    assert found.loc["沖", "municipality_code"] == TOTTORI, "by its small area"
    assert pd.isna(found.loc["沖", "district_code"])
    assert pd.isna(found.loc["外", "municipality_code"])
    assert f"{TOTTORI} どの小学校区にも入らない場所が1件あります（沖）" in told(loaded)
    assert "None 読み込んだどの市区町村にも入らない場所が1件あります（外）" in told(loaded)


def test_rows_without_a_position_stand_apart_with_the_municipality_of_the_others(loaded: Geography, tmp_path: Path) -> None:
    off = place(種別="相談窓口", 名称="電話", 緯度="", 経度="")
    found = placed(loaded, tmp_path, [place(**at(0.5)), off])
    assert found["name_ja"].tolist() == ["ひだまりの家"]
    assert loaded.unplaced[["name_ja", "municipality_code", "kind"]].to_numpy().tolist() == [["電話", TOTTORI, "consultation"]]
    placed(loaded, tmp_path, [place(**at(0.5)), place(名称="米子", **at(0.5, 0.1)), off])
    assert loaded.unplaced["municipality_code"].isna().all(), "of which of the two cities is not known"


def test_a_place_of_the_sample_city_says_so_whatever_the_table_says(loaded: Geography, tmp_path: Path) -> None:
    assert placed(loaded, tmp_path, [place(**at(0.5, 0.2))])["source_id"].tolist() == ["sample_city"]


def test_one_kind_of_one_city_in_two_tables_is_refused_two_kinds_are_not(loaded: Geography, tmp_path: Path) -> None:
    assert len(placed(loaded, tmp_path, [place(**at(0.5))], [place(種別="相談窓口", **at(0.5))])) == 2
    with pytest.raises(EtlError, match="同じ種別が2つの表にあります") as caught:
        placed(loaded, tmp_path, [place(**at(0.5))], [place(名称="別の家", **at(1.5))])
    assert "places1.csv" in caught.value.report()
    assert "後のものに入れ替わります" in caught.value.report()


@pytest.mark.parametrize("text", ["東小学校", "東小", "東小学校区", "東小校区", "鳥取市立東小学校", "31201-B1", "B1", " 東 小学校 "])
def test_a_district_is_known_by_name_or_code(loaded: Geography, tmp_path: Path, text: str) -> None:
    found = supported(loaded, tmp_path, [[*supporter(学校区=text), TOTTORI]], header=(*SUPPORTERS, "市区町村コード"))
    assert found[["municipality_code", "district_code", "people", "training_year", "status"]].to_numpy().tolist() == [
        [TOTTORI, f"{TOTTORI}-B1", 12, 2024, "by_district"]
    ]


@pytest.mark.parametrize(
    ("text", "district"),
    [("本町一丁目", "B1"), ("本町１丁目", "B1"), ("本町1丁目", "B1"), ("港", "B2"), ("大字港", "B2"), ("浜", "B3"), ("岸", "B3"),
     ("本町二丁目", None), ("沖", None), ("本町", None), ("山", None)],
)  # fmt: skip
def test_a_town_is_placed_where_it_lies_in_one_district_and_else_not_matched(loaded: Geography, tmp_path: Path, text: str, district: str | None) -> None:
    found = supported(loaded, tmp_path, [supporter(), supporter(学校区="", 町字=text, 人数="3")])
    row = found[found["place_text"] == text].iloc[0]
    assert row["municipality_code"] == TOTTORI
    assert row["status"] == ("by_small_area" if district else "not_matched")
    assert row["district_code"] == f"{TOTTORI}-{district}" if district else pd.isna(row["district_code"])
    assert ("小学校区と合わせられなかった行が1、3人" in told(loaded)) == (district is None)


def test_a_town_name_that_stands_twice_is_not_matched(loaded: Geography, tmp_path: Path) -> None:
    loaded.areas[1].loc[5, "name_ja"] = "浜"
    found = supported(loaded, tmp_path, [supporter(), supporter(学校区="", 町字="浜")])
    assert found["status"].tolist() == ["by_district", "not_matched"]


def test_without_a_code_the_district_decides_and_the_real_city_comes_before_the_sample(loaded: Geography, tmp_path: Path) -> None:
    found = supported(loaded, tmp_path, [supporter(学校区="西小学校"), supporter(学校区="北小学校"), supporter(学校区="", 町字="浜")])
    assert found["municipality_code"].tolist() == [TOTTORI, YONAGO, TOTTORI]


def test_a_name_in_two_cities_is_refused_with_what_to_add(loaded: Geography, tmp_path: Path) -> None:
    with pytest.raises(EtlError) as caught:
        supported(loaded, tmp_path, [supporter(), supporter(学校区="中央小学校")])
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.found) == (3, "学校区", "中央小学校")
    assert "31201、31202" in problem.sentence()
    assert "列「市区町村コード」を加えて" in problem.sentence()
    found = supported(loaded, tmp_path, [[*supporter(学校区="中央小学校"), YONAGO]], header=(*SUPPORTERS, "市区町村コード"))
    assert found["district_code"].tolist() == [f"{YONAGO}-B2"]


def test_a_district_nobody_knows_is_kept_as_not_matched_when_the_city_is_known_else_refused(loaded: Geography, tmp_path: Path) -> None:
    found = supported(loaded, tmp_path, [supporter(), supporter(学校区="まちがい小学校", 人数="7")])
    assert found[["place_text", "people", "status", "municipality_code"]].to_numpy().tolist()[1] == ["まちがい小学校", 7, "not_matched", TOTTORI]
    assert f"{TOTTORI} 小学校区と合わせられなかった行が1、7人あります（まちがい小学校）" in told(loaded)
    assert found["people"].sum() == 19, "nobody is lost"
    with pytest.raises(EtlError, match="どの市区町村の表かわかりません"):
        supported(loaded, tmp_path, [supporter(学校区="まちがい小学校")])


def test_a_code_of_a_city_that_is_not_loaded_keeps_every_row_and_says_what_is_lacking(loaded: Geography, tmp_path: Path) -> None:
    found = supported(loaded, tmp_path, [[*supporter(), "31203"]], header=(*SUPPORTERS, "市区町村コード"))
    assert found[["municipality_code", "status"]].to_numpy().tolist() == [["31203", "not_matched"]]
    assert "31203 小学校区と合わせられなかった行が1、12人" in told(loaded)
    assert "小学校区（A27）を読み込むと" in told(loaded)


def test_one_year_of_one_city_in_two_tables_is_refused_so_that_nobody_counts_twice(loaded: Geography, tmp_path: Path) -> None:
    assert supported(loaded, tmp_path, [supporter()], [supporter(研修年度="2023")])["people"].sum() == 24
    with pytest.raises(EtlError, match="同じ年度が2つの表にあります"):
        supported(loaded, tmp_path, [supporter()], [supporter(学校区="西小学校")])


def test_names_are_compared_as_people_write_them() -> None:
    assert {school_name(text) for text in ("若葉小", "若葉小学校", "若葉小学校区", "見本市立若葉小学校", "若葉　小学校")} == {"若葉小学校"}
    assert school_name("みどり学園区") == school_name("みどり学園")
    assert school_name("若葉小学校") != school_name("若葉第二小学校")
    assert [town_name(text) for text in ("本町十二丁目", "本町二十丁目", "本町１２丁目", "三条一丁目")] == [
        "本町12丁目",
        "本町20丁目",
        "本町12丁目",
        "三条1丁目",
    ]
