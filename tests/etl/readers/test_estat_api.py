import pytest

from etl.readers import read_file
from etl.readers.estat_api import read
from tests.etl.readers.making import estat_answer, estat_value, json_bytes, problems_of


def reading_of(tmp_path, answer):
    path = tmp_path / "answer"
    path.write_bytes(json_bytes(answer))
    return read_file(path)


def problem_of(tmp_path, answer):
    (problem,) = problems_of(read, tmp_path / "answer.json", json_bytes(answer))
    return problem


def only(reading):
    assert len(reading.observations) == 1
    return reading.observations.iloc[0]


def test_items_are_known_by_the_codes_of_ssdse(tmp_path):
    values = [estat_value("A710101", "31201", "76800"), estat_value("A810105", "31000", "70000"), estat_value("A9201", "31000", "1")]
    reading = reading_of(tmp_path, estat_answer(values))
    rows = reading.observations.set_index(["indicator_id", "area_code"])
    assert rows.loc[("general_households", "31201"), "value"] == 76_800
    assert len(rows) == 2
    assert set(rows["year"]) == {2020}
    assert reading.areas.to_numpy().tolist() == [["31201", "municipality", "31000", "鳥取市", None]]
    assert reading.edition == "2025-06-30"


def test_a_single_value_and_a_single_class_stand_without_a_list(tmp_path):
    assert only(reading_of(tmp_path, estat_answer([estat_value("A810105", "00000", 21151042)])))["value"] == 21_151_042


@pytest.mark.parametrize(("code", "name"), [("A710101_一般世帯数", "一般世帯数"), ("0010", "A710101_一般世帯数")])
def test_an_item_code_may_carry_its_label_or_stand_in_the_name_of_the_class(tmp_path, code, name):
    answer = estat_answer([estat_value(code, "00000", "5")], items={code: name})
    assert only(reading_of(tmp_path, answer))["indicator_id"] == "general_households"


def test_wards_stand_below_their_designated_city_and_wards_of_tokyo_are_municipalities(tmp_path):
    values = [estat_value("A710101", area, "5") for area in ("01100", "01101", "13101", "22138")]
    areas = reading_of(tmp_path, estat_answer(values)).areas.set_index("area_code")
    assert areas.loc["01101", ["level", "parent_code", "name_ja"]].tolist() == ["ward", "01100", "札幌市中央区"]
    assert areas.loc["22138", ["level", "parent_code"]].tolist() == ["ward", "22130"]
    assert areas.loc["01100", "level"] == areas.loc["13101", "level"] == "municipality"


def test_the_sum_of_tokyos_wards_is_left_out(tmp_path):
    reading = reading_of(tmp_path, estat_answer([estat_value("A710101", "13100", "9"), estat_value("A710101", "13101", "9")]))
    assert only(reading)["area_code"] == "13101"
    assert reading.notes == ("1 values were left out: 13100 is the sum of Tokyo's 23 wards",)


def test_estimates_between_censuses_and_households_before_1985_are_left_out(tmp_path):
    values = [
        estat_value("A1101", "00000", "127000000", "2019100000", "人"),
        estat_value("A1101", "00000", "126146099", "2020100000", "人"),
        estat_value("A810105", "00000", "7105246", "1980100000"),
    ]
    reading = reading_of(tmp_path, estat_answer(values))
    assert only(reading)["value"] == 126_146_099
    assert len(reading.notes) == 2


@pytest.mark.parametrize(
    ("mark", "notes", "status"),
    [
        ("-", [], "not_applicable"),
        ("-", {"@char": "-", "$": "該当数値なし"}, "not_applicable"),
        ("-", [{"@char": "-", "$": "皆無又は該当数値なし"}], "not_applicable"),
        ("-", [{"@char": "-", "$": "皆無"}], "observed"),
        ("***", [{"@char": "***", "$": "数値が得られないもの"}], "not_published"),
        ("***", [{"@char": "***", "$": "秘匿"}], "suppressed"),
        ("...", [], "not_published"),
        ("X", [], "suppressed"),
        ("△", [{"@char": "△", "$": "調査なし"}], "not_published"),
    ],
)
def test_a_mark_has_the_status_that_the_notes_of_the_file_give_it(tmp_path, mark, notes, status):
    cell = only(reading_of(tmp_path, estat_answer([estat_value("A710101", "31201", mark)], notes=notes)))
    assert cell["status"] == status
    assert cell["value"] == 0 if status == "observed" else cell["value"] != cell["value"]


def test_an_error_of_e_stat_becomes_one_sentence(tmp_path):
    answer = {"GET_STATS_DATA": {"RESULT": {"STATUS": 100, "ERROR_MSG": "認証に失敗しました。"}, "PARAMETER": {}}}
    problem = problem_of(tmp_path, answer)
    assert "認証に失敗しました。" in problem.message
    assert problem.found == "STATUS 100"


def test_a_page_of_a_longer_answer_is_refused_and_says_where_it_goes_on(tmp_path):
    problem = problem_of(tmp_path, estat_answer([estat_value("A710101", "31201", "1")], TOTAL_NUMBER=150_000, NEXT_KEY=100_001))
    assert "startPosition=100001" in problem.message
    assert problem.expected == "all 150000 values"


def test_the_last_page_alone_is_refused(tmp_path):
    problem = problem_of(tmp_path, estat_answer([estat_value("A710101", "31201", "1")], FROM_NUMBER=100_001))
    assert "the rest of a download" in problem.message


def test_missing_values_are_noticed(tmp_path):
    assert problem_of(tmp_path, estat_answer([estat_value("A710101", "31201", "1")], TOTAL_NUMBER=2)).message == "values are missing"


def test_a_table_without_known_items_names_near_ones_and_all_that_can_be_read(tmp_path):
    problem = problem_of(tmp_path, estat_answer([estat_value("A71010", "31201", "1")], items={"A71010": "A71010_一般世帯"}))
    assert problem.found == "A71010_一般世帯"
    assert "A710101" in problem.next_step
    assert "A810105 (one_person_households)" in problem.expected


def test_a_figure_that_stands_twice_is_refused(tmp_path):
    problem = problem_of(tmp_path, estat_answer([estat_value("A710101", "31201", "1"), estat_value("A710101", "31201", "1")]))
    assert "first as value 1" in problem.message
    assert problem.column == "@area of value 2"


@pytest.mark.parametrize("area", ["99999", "3120", "31201鳥取", "", "31101"])
def test_an_unknown_area_is_refused(tmp_path, area):
    assert problem_of(tmp_path, estat_answer([estat_value("A710101", area, "1")])).message == "the area is unknown"


def test_an_area_without_a_name_is_refused(tmp_path):
    assert "metaGetFlg=Y" in problem_of(tmp_path, estat_answer([estat_value("A710101", "31202", "1")])).expected


@pytest.mark.parametrize("value", ["about 5", "1,000", "-3", None, "nan", {}])
def test_what_is_no_number_is_named_with_its_value(tmp_path, value):
    values = [estat_value("A710101", "31000", "1"), estat_value("A710101", "31201", value)]
    assert problem_of(tmp_path, estat_answer(values)).column == "$ of value 2"


def test_another_unit_and_an_unreadable_year_stand_in_one_report(tmp_path):
    values = [estat_value("A710101", "31201", "1", unit="千世帯"), estat_value("A710101", "31000", "1", time="2020001212")]
    problems = problems_of(read, tmp_path / "a.json", json_bytes(estat_answer(values)))
    assert [problem.found for problem in problems] == ["千世帯", "2020001212"]


def test_json_that_breaks_off_is_refused_with_its_place(tmp_path):
    content = json_bytes(estat_answer([estat_value("A710101", "31201", "1")]))[:200]
    (problem,) = problems_of(read, tmp_path / "a.json", content)
    assert problem.row == 1
    assert problem.column is not None
