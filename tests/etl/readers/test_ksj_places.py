"""School points (P29) and municipal boundaries (N03) of every edition."""

import pytest
import shapely

from etl.problems import EtlError
from etl.readers.geo_reading import COLUMNS_OF
from etl.readers.ksj_boundaries import read_boundaries
from tests.etl.readers.geo_making import (
    P29_2021,
    geojson,
    members_of,
    metadata,
    only,
    readings,
    remarks,
    shapefile,
    square,
    written,
)  # fmt: skip

SCHOOLS = [
    ["29209", "B129210000001", 16001, "生駒小学校", "生駒市1", 3, 1],
    ["29209", "C129210000002", 16002, "生駒中学校", "生駒市2", 3, 2],
    ["29209", None, 16014, "見本学園", "生駒市3", 3, 1],
    ["29209", "A129210000003", 16011, "生駒幼稚園", "生駒市4", 4, 0],
]
POINTS = [shapely.Point(135.7 + 0.01 * number, 34.69) for number in range(4)]
N03 = ("N03_001", "N03_002", "N03_003", "N03_004", "N03_007")


@pytest.mark.parametrize("form", ["geojson", "shapefile"])
def test_schools_of_2021_become_places_with_their_kind(tmp_path, form):
    if form == "geojson":
        members = written(tmp_path, {"a.json": geojson(P29_2021, SCHOOLS, POINTS), "m.xml": metadata("P29", "21_29")})
    else:
        members = members_of(shapefile(tmp_path, P29_2021, SCHOOLS, POINTS))
    reading = only(members)
    assert (reading.kind, reading.year, list(reading.frame.columns)) == ("places", 2021, COLUMNS_OF["places"])
    assert reading.frame["kind"].tolist() == ["elementary_school", "junior_high_school", "elementary_school", "school"]
    assert reading.frame["note"].tolist() == [None, "休校中", "義務教育学校", "幼稚園"]
    assert reading.frame["operator"].tolist() == ["市区町村", "市区町村", "市区町村", "私立など"]
    assert reading.frame["school_code"].tolist() == ["B129210000001", "C129210000002", None, "A129210000003"]
    assert reading.understood_ja == "国土数値情報 学校 令和3年度(2021)、奈良県、1市町村、4校(小学校・義務教育学校2、中学校1、その他1)"
    assert "休校中の学校が1校" in remarks(reading, "other")


def test_the_fields_of_2013_are_shifted_and_2023_has_campus_fields(tmp_path):
    old_fields = [f"P29_00{number}" for number in range(1, 8)]
    old = [["29209", 16, 16001, 16001, "生駒小学校", "生駒市1", 3]]
    reading = only(written(tmp_path, {"a.json": geojson(old_fields, old, POINTS[:1])}))
    assert (reading.year, reading.frame["name_ja"].tolist(), reading.frame["address"].tolist()) == (2013, ["生駒小学校"], ["生駒市1"])
    assert reading.frame["school_code"].tolist() == [None]

    new = [[*SCHOOLS[0], "00", None]]
    reading = only(written(tmp_path, {"a.json": geojson([*P29_2021, "P29_008", "P29_009"], new, POINTS[:1])}))
    assert (reading.year, reading.frame["name_ja"].tolist()) == (2023, ["生駒小学校"])
    assert "2023年版は、まだ" in remarks(reading, "other")


def test_schools_without_type_codes_or_that_are_no_points_are_refused(tmp_path):
    for row, shape, words in ((["29209", "x", 5, "名", "1", 3, 1], POINTS[0], "school type codes"), (SCHOOLS[0], square(0), "not a point")):
        with pytest.raises(EtlError, match=words):
            readings(written(tmp_path, {"a.json": geojson(P29_2021, [row], [shape])}))


def test_a_school_without_a_place_is_named_and_left_out(tmp_path):
    reading = only(written(tmp_path, {"a.json": geojson(P29_2021, SCHOOLS, [*POINTS[:3], None])}))
    assert len(reading.frame) == 3
    assert "生駒幼稚園" in remarks(reading, "other")


def test_boundaries_join_islands_and_keep_wards_under_their_own_code(tmp_path):
    rows = [
        ["神奈川県", None, "横浜市", "鶴見区", "14101"], ["神奈川県", None, "横浜市", "鶴見区", "14101"],
        ["神奈川県", None, "足柄下郡", "箱根町", "14382"], ["神奈川県", None, None, "所属未定地", None],
    ]  # fmt: skip
    shapes = [square(column, at=(139.5, 35.4)) for column in (0, 2, 4, 6)]
    members = written(tmp_path, {"a.json": geojson(N03, rows, shapes, crs=None), "m.xml": metadata("N03", "20240101_14")})
    reading = read_boundaries(members, {"14100": "横浜市", "14382": "箱根町", "14217": "南足柄市"})[0]
    assert (reading.kind, reading.year, list(reading.frame.columns)) == ("boundaries", 2024, COLUMNS_OF["boundaries"])
    assert reading.frame[["municipality_code", "name_ja"]].to_numpy().tolist() == [["14101", "横浜市鶴見区"], ["14382", "箱根町"]]
    assert len(reading.frame.geometry.iloc[0].geoms) == 2
    assert reading.understood_ja == "国土数値情報 行政区域 2024年、神奈川県、2市区町村"
    assert "所属未定地" in remarks(reading, "other")
    assert "南足柄市(14217)" in remarks(reading, "missing_municipalities")


def test_from_2024_the_ward_stands_in_a_field_of_its_own(tmp_path):
    fields = [*N03[:4], "N03_005", "N03_007"]
    reading = only(written(tmp_path, {"a.json": geojson(fields, [["神奈川県", None, None, "横浜市", "鶴見区", 14101]], [square(4)])}))
    assert reading.frame[["municipality_code", "name_ja"]].to_numpy().tolist() == [["14101", "横浜市鶴見区"]]
    assert reading.year == 2024


def test_a_broken_boundary_is_mended_and_points_are_refused(tmp_path):
    bow = shapely.Polygon([(135.6, 34.5), (135.61, 34.51), (135.61, 34.5), (135.6, 34.51)])
    row = ["奈良県", None, "山辺郡", "山添村", "29322"]
    reading = only(written(tmp_path, {"a.json": geojson(N03, [row], [bow])}))
    assert reading.frame.geometry.is_valid.all()
    assert "山添村" in remarks(reading, "mended")
    with pytest.raises(EtlError, match="not a polygon"):
        readings(written(tmp_path, {"b.json": geojson(N03, [row], POINTS[:1])}))
