import math

import pytest

from etl.problems import EtlError
from etl.readers.geo_reading import TABLE_COLUMNS, Member
from etl.readers.small_area_tables import claims, full_code, read, year_of
from etl.readers.small_area_text import resolved
from tests.etl.readers.small_area_making import AGES, MESH_FIRST, MESH_LABELS, T_FIRST, problem_of, said, t_table

CITY = [27223, 1, "門真市", "", 0, "", "", 100, 9, 20, 50, 30, 12, 48]
TOWN = [272230010, 2, "門真市", "朝日町", 0, "", "", 60, 5, 12, 30, 18, "-", 30]
RECEIVER = ["27223002001", 4, "門真市", "泉町一丁目", 1, "", "002002", 40, 4, 8, 20, 12, 6, 18]
HIDDEN = ["27223002002", 4, "門真市", "泉町二丁目", 2, "002001", "", *["X"] * 7]
ROWS = [CITY, TOWN, RECEIVER, HIDDEN]


def reading_of(tmp_path, content):
    path = tmp_path / "table.dat"
    path.write_bytes(content)
    (group,) = claims([Member("table.dat", path)])
    (reading,) = read(group)
    return reading


@pytest.fixture(scope="module")
def osaka(raw):
    path = raw / "estat_small_area" / "tblT001082C27.csv"
    (reading,) = read(claims([Member("small.csv", path)])[0])
    return reading


@pytest.mark.raw
def test_the_published_table_of_osaka_is_read_by_its_labels(osaka):
    frame = osaka.frame
    assert (osaka.kind, osaka.year, len(frame)) == ("small_area_table", 2020, 10_617)
    indicators = ["population", "population_0_14", "population_15_64", "population_65_over", "population_75_over"]
    assert list(frame.columns) == [*TABLE_COLUMNS, *indicators]
    first = frame.iloc[0]
    assert first[["key_code", "name_ja", "level"]].tolist() == ["27102", "大阪市都島区", 1]
    assert first[indicators].tolist() == [107_904, 11_855, 65_956, 25_393, 12_590], "columns 001, 017-020 of the file"
    assert frame["municipality_code"].nunique() == 72
    assert "T001082" in osaka.understood_en
    assert "72" in osaka.understood_ja


@pytest.mark.raw
def test_hidden_and_receiving_areas_of_the_published_table_name_each_other_in_full(osaka):
    frame = osaka.frame.set_index("key_code")
    assert frame.loc["27207079001", ["processing", "receiver"]].tolist() == ["hidden", "272070790"]
    assert frame.loc["272070790", ["processing", "received", "level"]].tolist() == ["receiver", "27207079001;27207079002", 3]
    assert frame.loc["27207079001", "population":].isna().all()
    hidden = frame[(frame["processing"] == "hidden") & frame["level"].isin([2, 4])]
    assert len(hidden) == 192
    assert hidden["receiver"].isin(frame.index).all()
    assert "192" in said(osaka)


@pytest.mark.raw
def test_the_layout_of_table_5_2_is_read_from_its_varying_header_row(raw):
    path = raw / "estat_small_area" / "small_area_2020_table5-2_fixture.cp932.csv"
    (reading,) = read(claims([Member("a", path)])[0])
    frame = reading.frame.set_index("key_code")
    assert (reading.year, len(frame)) == (2020, 6)
    assert frame.loc["27120001001", ["name_ja", "level", "general_households", "one_person_households"]].tolist() == ["南住吉一丁目", 4, 1373, 650]
    assert frame.loc["27120", ["name_ja", "general_households"]].tolist() == ["大阪市住吉区", 56_899]
    assert frame.loc["27120024003", "processing"] == "hidden"
    assert math.isnan(frame.loc["27120024003", "general_households"])
    assert frame.loc["27121001001", "general_households"] == 0


@pytest.mark.raw
def test_only_small_area_tables_are_claimed(raw):
    groups = claims([Member(str(path.relative_to(raw)), path) for path in sorted(raw.rglob("*")) if path.is_file()])
    names = {group[0].name for group in groups}
    assert names == {"estat_small_area/tblT001082C27.csv", "estat_small_area/small_area_2020_table5-2_fixture.cp932.csv"}


def test_a_table_of_the_mesh_is_not_claimed(tmp_path):
    path = tmp_path / "mesh.txt"
    path.write_bytes(t_table([[53394611, 0, "", "", *range(7)]], MESH_LABELS, "T001100", MESH_FIRST))
    assert claims([Member("mesh.txt", path)]) == []


def test_a_dash_is_zero_and_x_stays_unknown(tmp_path):
    frame = reading_of(tmp_path, t_table(ROWS)).frame.set_index("key_code")
    assert frame.loc["272230010", "population_75_over"] == 0
    assert math.isnan(frame.loc["27223002002", "population"])
    assert frame.loc["27223002002", ["processing", "receiver"]].tolist() == ["hidden", "27223002001"]
    assert frame.loc["27223002001", ["processing", "received"]].tolist() == ["receiver", "27223002002"]


def test_x_without_a_mark_of_processing_is_hidden_all_the_same(tmp_path):
    row = ["27223002002", 4, "門真市", "泉町二丁目", 0, "", "", *["X"] * 7]
    frame = reading_of(tmp_path, t_table([CITY, TOWN, row])).frame
    assert frame["processing"].tolist() == ["", "", "hidden"]


def test_columns_are_found_by_their_label_wherever_they_stand(tmp_path):
    turned = [row[:7] + row[:6:-1] for row in ROWS]
    first = reading_of(tmp_path, t_table(ROWS)).frame
    second = reading_of(tmp_path, t_table(turned, AGES[::-1])).frame
    assert first.equals(second[first.columns])


def test_a_leading_zero_stays_and_a_lost_one_is_put_back_and_told(tmp_path):
    def rows(codes):
        return [[code, *row[1:]] for code, row in zip(codes, ROWS, strict=True)]

    whole = ["01223", "012230010", "01223002001", "01223002002"]
    first = reading_of(tmp_path, t_table(rows(whole)))
    second = reading_of(tmp_path, t_table(rows([code[1:] for code in whole])))
    assert first.frame["key_code"].tolist() == whole
    assert second.frame.equals(first.frame)
    assert ["mended" in {remark.kind for remark in reading.remarks} for reading in (first, second)] == [False, True]


def test_an_unknown_label_is_named_and_not_guessed(tmp_path):
    reading = reading_of(tmp_path, t_table(ROWS, [*AGES[:5], "総数７４歳超", AGES[6]]))
    assert "population_75_over" not in reading.frame
    assert "総数７４歳超" in said(reading)


def test_a_label_that_stands_twice_is_not_read(tmp_path):
    reading = reading_of(tmp_path, t_table(ROWS, [*AGES[:5], "総数６５歳以上", AGES[6]]))
    assert "population_65_over" not in reading.frame
    assert "総数６５歳以上" in said(reading)


def test_the_units_are_compared_with_the_row_of_the_city(tmp_path):
    reading = reading_of(tmp_path, t_table([[27223, 1, "門真市", "", 0, "", "", 120, *CITY[8:]], *ROWS[1:]]))
    assert "27223 population: the areas add up to 100, the city row says 120 (-20)." in said(reading)
    assert "27223 人口総数: 区域の合計100は市区町村の行120と-20違います。" in said(reading)


@pytest.mark.parametrize(
    ("label", "indicator"),
    [
        ("人口総数", "population"), ("人口（総数）", "population"), ("世帯総数", "total_households"), ("一般世帯数", "general_households"),
        ("１人世帯数　一般世帯数", "one_person_households"), ("世帯人員が１人", "one_person_households"), ("単独世帯", "one_person_households"),
        ("６５歳以上世帯員のいる世帯数　一般世帯数", "households_with_65_over"), ("65歳以上世帯員のいる一般世帯総数", "households_with_65_over"),
        ("高齢単身世帯数　一般世帯数", "older_one_person_households"), ("65歳以上の単独世帯", "older_one_person_households"),
        ("高齢夫婦世帯数", "older_couple_households"), ("核家族世帯", "nuclear_family_households"), ("６５歳以上人口　総数", "population_65_over"),
        ("０〜１４歳人口 総数", "population_0_14"), ("ひとり親と子供から成る世帯", "one_parent_households"),
        ("母子世帯・父子世帯", "single_mother_or_father_households"),
    ],
)  # fmt: skip
def test_published_labels_are_known(label, indicator):
    assert resolved([label]) == ({indicator: 0}, [])


@pytest.mark.parametrize(
    "label",
    ["世帯主の年齢が２０～２９歳の１人世帯数　一般世帯数", "１世帯当たり人員", "男６５歳以上", "６５歳以上人口　女", "２人世帯", "１５歳以上人口　総数",
     "１８歳未満世帯員のいる世帯", "親族のみの世帯数", "外国人人口　総数", "総数０～４歳", "７人以上世帯数"],
)  # fmt: skip
def test_published_labels_that_nobody_needs_are_neither_read_nor_reported(label):
    assert resolved([label]) == ({}, [])


def test_one_parent_families_are_what_couples_leave_of_nuclear_families(tmp_path):
    labels = ["一般世帯数", "核家族世帯", "夫婦のみの世帯", "夫婦と子供から成る世帯"]
    rows = [[27223, 1, "門真市", "", 0, "", "", 100, 60, 25, 20], [272230010, 2, "門真市", "朝日町", 0, "", "", 100, 60, 25, 20]]
    reading = reading_of(tmp_path, t_table([*rows, ["272230020", 2, "門真市", "乙町", 2, "0010", "", *"XXXX"]], labels, "T001084"))
    assert reading.frame["one_parent_households"].tolist()[:2] == [15, 15]
    assert math.isnan(reading.frame["one_parent_households"][2])
    assert "_couple" not in reading.frame


def test_mother_and_father_households_are_added(tmp_path):
    rows = [[27223, 1, "門真市", "", 0, "", "", 100, 6, 2], [272230010, 2, "門真市", "朝日町", 0, "", "", 100, 6, 2]]
    frame = reading_of(tmp_path, t_table(rows, ["一般世帯数", "母子世帯", "父子世帯"], "T001084")).frame
    assert frame["single_mother_or_father_households"].tolist() == [8, 8]


@pytest.mark.parametrize(("table", "year"), [("T001082", 2020), ("T000849", 2015), ("T000573", 2010), ("T009999", 0)])
def test_the_number_of_a_table_tells_its_census(table, year):
    assert year_of(table) == year


def test_a_receiver_gets_the_digits_of_its_city_unless_it_has_them():
    assert [full_code(code, "27207079001") for code in ("0790", "072004", "272070790", "", "-")] == [
        "272070790", "27207072004", "272070790", "", "",
    ]  # fmt: skip


def test_a_table_in_utf8_is_read_and_told(tmp_path):
    reading = reading_of(tmp_path, t_table(ROWS, encoding="utf-8-sig"))
    assert reading.frame["name_ja"].tolist()[1] == "朝日町"
    assert "encoding" in {remark.kind for remark in reading.remarks}


TABULATION = """１,令和２年国勢調査,,,,,,,,,,,
2,,,,,,,,,,,一般世帯,65歳以上世帯員のいる一般世帯
3,市区町村コード,町丁字コード,地域階層レベル,秘匿処理,秘匿先情報,合算地域,都道府県名,市区町村名,大字・町名,字・丁目名,総数,65歳以上世帯員のいる世帯数
4,01100,-,1,,,,北海道,札幌市,,,100,40
5,01100,0010,3,1,,001001,北海道,札幌市,甲町,,30,10
6,01100,001001,4,2,0010,,北海道,札幌市,甲町,一丁目,X,X
7,01100,002000,2,,,,北海道,札幌市,乙町,,70,30
"""


def test_a_tabulation_gets_full_codes_levels_and_receivers(tmp_path):
    reading = reading_of(tmp_path, TABULATION.encode("cp932"))
    frame = reading.frame.set_index("key_code")
    assert frame.index.tolist() == ["01100", "011000010", "01100001001", "011000020"]
    assert frame["general_households"].tolist()[:2] == [100, 30], "the heading above says of what a 総数 is"
    assert frame.loc["01100001001", ["receiver", "name_ja"]].tolist() == ["011000010", "甲町一丁目"]
    assert frame.loc["011000010", "received"] == "01100001001"
    assert "add up" not in said(reading)


BROKEN = {
    "no label row": (t_table(ROWS, label_row=False), "two header rows are not whole"),
    "no column of processing": (t_table([row[1:] for row in ROWS], first=["KEY_CODE", "HYOSYO", *T_FIRST[3:]]), "two header rows are not whole"),
    "header only": (t_table([]), "ends within its header"),
    "no label that is used": (t_table(ROWS, ["持ち家"] * 7), "no column of this table is used here"),
    "a word among the numbers": (t_table([*ROWS[:1], [*TOWN[:7], "many", *TOWN[8:]]]), "found 'many'"),
    "a number below zero": (t_table([*ROWS[:1], [*TOWN[:7], -5, *TOWN[8:]]]), "found '-5'"),
    "an empty cell": (t_table([*ROWS[:1], [*TOWN[:7], "", *TOWN[8:]]]), "the cell is no count"),
    "a row that ends early": (t_table([CITY, TOWN[:9]]), "the row is not whole; found '9 cells'"),
    "a code a spreadsheet rounded": (t_table([CITY, ["2.7223E+10", *TOWN[1:]]]), "row 4, column KEY_CODE"),
    "an area twice": (t_table([CITY, TOWN, TOWN]), "stands twice"),
    "an unknown level": (t_table([CITY, [TOWN[0], 7, *TOWN[2:]]]), "the level cannot be read"),
    "an unknown processing": (t_table([CITY, [*TOWN[:4], 9, *TOWN[5:]]]), "the processing cannot be read"),
    "no known encoding": (t_table(ROWS) + b"\x81 \x81 ", "neither in CP932 nor in UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_damaged_table_is_one_sentence(tmp_path, case):
    content, expected = BROKEN[case]
    with pytest.raises(EtlError) as caught:
        reading_of(tmp_path, content)
    assert expected in problem_of(caught.value)


def test_every_bad_cell_is_reported_at_once(tmp_path):
    rows = [CITY, [*TOWN[:7], "a", "b", *TOWN[9:12], "c", 1], RECEIVER]
    with pytest.raises(EtlError) as caught:
        reading_of(tmp_path, t_table(rows))
    assert [(problem.row, problem.found) for problem in caught.value.problems] == [(4, "a"), (4, "c")], "the column of ages 0-4 is not read"


@pytest.mark.parametrize("content", [b"", b"\0" * 99, b"KEY_CODE,HYOSYO\r\n1,2\r\n", b"Code,Prefecture,Municipality,A1101\r\n", b"PK\x03\x04"])
def test_other_files_are_not_claimed(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    assert claims([Member("a.csv", tmp_path / "a.csv")]) == []
