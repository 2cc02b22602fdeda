import pytest

from etl.problems import EtlError
from etl.readers.geo_reading import ADDRESS_COLUMNS, PLACE_COLUMNS, Member
from etl.readers.open_data import OPEN_DATA_READERS, municipality_code
from tests.etl.readers.small_area_making import problem_of, said

STANDARD = """全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,所在地_連結表記,所在地_都道府県,所在地_市区町村,緯度,経度,電話番号,備考
272230,1,大阪府門真市,中央公民館,チュウオウ,大阪府門真市中町1-1,大阪府,門真市,34.7400,135.5900,,休館日あり
272230,2,大阪府門真市,南集会所,ミナミ,,大阪府,門真市,34.7300,135.6000,,
272230,3,大阪府門真市,移動図書館,イドウ,,大阪府,門真市,,,,
272230,4,大阪府門真市,北センター,キタ,,大阪府,門真市,135.6000,34.7500,,
272230,5,大阪府門真市,零地点,ゼロ,,大阪府,門真市,0,0,,
272230,6,大阪府門真市,東会館,ヒガシ,,大阪府,門真市,北緯34度,東経135度,,
"""
OLDER = """都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,住所,方書,緯度,経度,電話番号
132110,1,東京都,小平市,市民会館,シミン,小平市小川町2-1333,,35.7285,139.4774,
"""
DISTRICTS = """全国地方公共団体コード,ID,学校コード,学校名称,通学区域の住所,備考
132128,1,B113221200010,第一小学校,甲町一丁目;甲町二丁目(1番～5番、7番);乙町,調整区域あり
132128,2,B113221200020,第二小学校,"丙町、丁町1番,2番、戊町",
132128,3,B113221200030,第三小学校,,
"""
BY_TOWN = """市区町村コード,町名,番地,小学校名,中学校名
01100,甲町,1～20番地,東小学校,東中学校
01100,乙町,,西小学校,東中学校
"""


def group_of(tmp_path, content, encoding="utf-8-sig"):
    path = tmp_path / "list.bin"
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return [(reader, group) for reader in OPEN_DATA_READERS for group in reader.claims([Member("list.bin", path)])]


def reading_of(tmp_path, content, encoding="utf-8-sig"):
    ((reader, group),) = group_of(tmp_path, content, encoding)
    (reading,) = reader.read(group)
    return reading


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932", "utf-16"])
def test_public_facilities_become_places_in_every_encoding_cities_use(tmp_path, encoding):
    reading = reading_of(tmp_path, STANDARD, encoding)
    frame = reading.frame
    assert (reading.kind, list(frame.columns), frame.crs) == ("places", PLACE_COLUMNS, "EPSG:6668")
    assert frame["name_ja"].tolist() == ["中央公民館", "南集会所"]
    first = frame.iloc[0]
    assert (first["kind"], first["address"], first["municipality_code"]) == ("public_facility", "大阪府門真市中町1-1", "27223")
    assert (first["note"], first["operator"], first["capacity"], first["opened"]) == ("休館日あり", None, None, None)
    assert (first.geometry.x, first.geometry.y) == (135.59, 34.74)
    assert frame["address"][1] == "大阪府門真市", "put together from its parts"


def test_the_older_layout_is_read_too(tmp_path):
    frame = reading_of(tmp_path, OLDER, "cp932").frame
    assert frame.iloc[0][["name_ja", "address", "municipality_code"]].tolist() == ["市民会館", "小平市小川町2-1333", "13211"]


def test_tabs_instead_of_commas_are_read(tmp_path):
    assert len(reading_of(tmp_path, OLDER.replace(",", "\t"), "utf-16").frame) == 1


def test_places_without_coordinates_are_counted_and_named(tmp_path):
    assert "1 facilities have no coordinates and are not on the map: 移動図書館" in said(reading_of(tmp_path, STANDARD))


def test_a_wrong_position_is_told_by_its_line_and_never_mended(tmp_path):
    text = said(reading_of(tmp_path, STANDARD))
    assert "3 rows were kept out" in text
    assert "5: 北センター (135.6000, 34.7500) latitude and longitude are exchanged" in text
    assert "6: 零地点 (0, 0) lies outside Japan" in text
    assert "7: 東会館 (北緯34度, 東経135度) coordinates are not two numbers" in text


def test_a_list_in_which_nothing_can_be_placed_is_refused(tmp_path):
    content = "\n".join(STANDARD.split("\n")[:1] + STANDARD.split("\n")[4:])
    with pytest.raises(EtlError) as caught:
        reading_of(tmp_path, content)
    assert "no row can be placed on the map" in problem_of(caught.value)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("272230", "27223"), ("27223", "27223"), ("092011", "09201"), ("92011", "09201"), ("011002", "01100"), ("11002", "01100"), ("1100", "01100"),
     ("272231", None), ("", None), ("市", None), ("99201", "99201"), ("2722300", None)],
)  # fmt: skip
def test_a_municipality_code_of_five_or_six_digits_is_known_by_its_check_digit(cell, code):
    assert municipality_code(cell) == code


def test_school_districts_become_one_row_a_town(tmp_path):
    reading = reading_of(tmp_path, DISTRICTS)
    frame = reading.frame
    assert (reading.kind, list(frame.columns)) == ("school_addresses", ADDRESS_COLUMNS)
    first = frame[frame["school_name"] == "第一小学校"]
    assert first["town_ja"].tolist() == ["甲町一丁目", "甲町二丁目", "乙町"]
    assert first["from_ja"].tolist() == [None, "1番～5番、7番", None]
    assert set(first["municipality_code"]) == {"13212"}
    assert set(first["note"]) == {"調整区域あり"}
    second = frame[frame["school_name"] == "第二小学校"]
    assert second[["town_ja", "from_ja"]].to_numpy().tolist() == [["丙町", None], ["丁町", "1番,2番"], ["戊町", None]]
    assert "1 rows name no school or no 町字 and were not used (lines 4)" in said(reading)


def test_a_list_by_town_gives_a_row_for_each_of_its_schools(tmp_path):
    frame = reading_of(tmp_path, BY_TOWN, "cp932").frame
    assert frame[["school_name", "town_ja", "from_ja"]].to_numpy().tolist() == [
        ["東小学校", "甲町", "1～20番地"], ["東中学校", "甲町", "1～20番地"], ["西小学校", "乙町", None], ["東中学校", "乙町", None],
    ]  # fmt: skip
    assert set(frame["municipality_code"]) == {"01100"}, "a leading zero stays"


OTHERS = {
    "AED": "全国地方公共団体コード,ID,名称,所在地_連結表記,緯度,経度,設置位置,小児対応設備有無",
    "shelters": "全国地方公共団体コード,ID,名称,緯度,経度,災害種別_洪水",
    "hydrants": "全国地方公共団体コード,ID,種別,緯度,経度,口径",
    "SSDSE": "SSDSE-A-2026,Prefecture,Municipality,A1101",
    "an unknown list": "名前,場所",
    "nothing": "",
}


@pytest.mark.parametrize("case", OTHERS)
def test_other_lists_are_not_claimed(tmp_path, case):
    assert group_of(tmp_path, OTHERS[case] + "\n1,2,3,4,5,6,7,8\n" if OTHERS[case] else "") == []


@pytest.mark.raw
def test_no_published_file_at_hand_is_taken_for_open_data(raw):
    members = [Member(path.name, path) for path in sorted(raw.rglob("*")) if path.is_file()]
    assert [group for reader in OPEN_DATA_READERS for group in reader.claims(members)] == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (STANDARD.split("\n")[0] + "\n", "no rows below the header"),
        (STANDARD.split("\n")[0] + "\n1,2,3,4,5,6,7,8,9,10,11,12,13,14\n", "row 2: the row is longer than the header"),
        (STANDARD.encode("utf-8") + b"\x81 ", "neither in CP932 nor in UTF-8"),
    ],
)
def test_a_damaged_list_is_one_sentence(tmp_path, content, expected):
    with pytest.raises(EtlError) as caught:
        reading_of(tmp_path, content)
    assert expected in problem_of(caught.value)
    assert str(tmp_path) not in caught.value.report()


def test_the_readers_say_that_they_have_not_met_a_real_file():
    assert not any(reader.tried_on_real_file for reader in OPEN_DATA_READERS)
