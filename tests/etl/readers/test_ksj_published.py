"""The real published files: what is known of them in advance, and that their formats agree."""

import pytest
import shapely

from etl.archives import opened
from etl.readers.geo_reading import Member
from tests.etl.readers.geo_making import only, readings, remarks

pytestmark = pytest.mark.raw


@pytest.fixture(scope="module")
def nara(raw):
    with opened(raw / "ksj" / "A27-23_29_GML.zip") as members:
        yield members, only(members)


def test_the_districts_of_nara_2023_are_166_with_12_in_ikoma(nara):
    _, reading = nara
    assert reading.understood_ja == "国土数値情報 小学校区 令和5年度(2023)、奈良県、37市町村、166校区"
    assert (reading.year, len(reading.frame), (reading.frame["municipality_code"] == "29209").sum()) == (2023, 166, 12)
    assert reading.frame.geometry.is_valid.all()
    ends = ("小学校", "小中学校", "学園", "義務教育学校", "分校")
    assert {end for end in ends if reading.frame["school_name"].str.endswith(end).any()} >= {"小学校", "小中学校", "学園", "義務教育学校"}


def test_what_nara_2023_lacks_is_said(nara):
    _, reading = nara
    assert "39市町村のうち2に校区のデータがありません: 大和郡山市(29203)、桜井市(29206)。" in remarks(reading, "missing_municipalities")
    assert "(1件): 熊野川小学校(29449 十津川村)。" in remarks(reading, "mended")
    assert "CC BY 4.0" in remarks(reading, "terms")
    assert not remarks(reading, "overlap")
    assert not remarks(reading, "other")


@pytest.mark.parametrize("endings", [(".shp", ".dbf"), (".xml",)])
def test_shapefile_and_gml_of_nara_say_the_same_as_its_geojson(nara, endings):
    members, expected = nara
    reading = only([member for member in members if member.name.endswith(endings)])
    columns = [column for column in expected.frame.columns if column != "geometry"]
    assert reading.file != expected.file
    assert reading.frame[columns].equals(expected.frame[columns])
    shapes, others = reading.frame.geometry.to_numpy(), expected.frame.geometry.to_numpy()
    assert (shapely.get_num_coordinates(shapes) == shapely.get_num_coordinates(others)).all()
    assert abs(shapely.area(shapes) - shapely.area(others)).max() < 1e-12
    assert abs(shapely.bounds(shapes) - shapely.bounds(others)).max() < 1e-9


def test_kanagawa_2010_is_read_although_its_name_says_chiba(raw):
    with opened(raw / "ksj" / "A27-10_kanagawa") as members:
        reading = only(members)
    assert reading.understood_ja == "国土数値情報 小学校区 平成22年度(2010)、神奈川県、57市区町村、854校区"
    assert "箱根町の箱根の森小学校と仙石原小学校が24.6 km²" in remarks(reading, "overlap")
    assert "ファイル名は12(千葉県)を指していますが、中身は14(神奈川県)です" in remarks(reading, "other")
    assert "南足柄市(14217)" in remarks(reading, "missing_municipalities")
    assert "886行から854校区" in remarks(reading, "other")
    assert reading.frame.geometry.is_valid.all()


def test_schools_of_nara_2021_are_699_in_every_format(raw):
    with opened(raw / "ksj" / "P29-21_29_GML.zip") as members:
        expected = only(members)
        others = [only([member for member in members if member.name.endswith(endings)]) for endings in ((".shp", ".dbf"), (".xml",))]
    assert (expected.year, len(expected.frame)) == (2021, 699)
    assert expected.frame["kind"].value_counts().to_dict() == {"school": 390, "elementary_school": 200, "junior_high_school": 109}
    assert expected.frame["municipality_code"].nunique() == 39
    columns = [column for column in expected.frame.columns if column != "geometry"]
    for reading in others:
        assert reading.frame[columns].equals(expected.frame[columns])
        assert shapely.distance(reading.frame.geometry.to_numpy(), expected.frame.geometry.to_numpy()).max() < 1e-9


@pytest.mark.parametrize(("prefecture", "words", "count"), [("29", "奈良県", 39), ("31", "鳥取県", 19)])
def test_boundaries_of_two_prefectures_hold_all_their_municipalities(raw, prefecture, words, count):
    with opened(raw / "n03" / f"N03-21_{prefecture}_210101.json") as members:
        reading = only(members)
    assert reading.understood_ja == f"国土数値情報 行政区域 2021年、{words}、{count}市町村"
    assert len(reading.frame) == count
    assert not remarks(reading, "missing_municipalities") + remarks(reading, "renamed")


def test_a_whole_folder_of_downloads_is_read_once_each_and_small_areas_are_left_alone(raw):
    with opened(raw / "ksj") as members:
        assert sorted((reading.kind, reading.year) for reading in readings(members)) == [
            ("places", 2021), ("school_districts", 2010), ("school_districts", 2023),
        ]  # fmt: skip
    with opened(raw / "estat_small_area") as members:
        assert all(isinstance(member, Member) for member in members)
        assert readings(members) == []
