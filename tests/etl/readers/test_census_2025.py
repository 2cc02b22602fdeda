import pytest

from etl.readers import read_file
from etl.readers.census_2025 import read
from tests.etl.readers.making import census_family_rows, census_size_rows, problems_of, write_xlsx


def values(reading, indicator):
    return reading.observations.query("indicator_id == @indicator").set_index("area_code")["value"]


@pytest.fixture
def by_size(tmp_path):
    return read_file(write_xlsx(tmp_path / "download", census_size_rows()))


def changed(tmp_path, rows, row, column, cell):
    rows[row - 1][column] = cell
    return write_xlsx(tmp_path / "c.xlsx", rows)


def test_households_by_size_are_read_for_2025(by_size):
    assert set(by_size.observations["indicator_id"]) == {"general_households", "one_person_households", "general_household_members"}
    assert set(by_size.observations["year"]) == {2025}
    assert values(by_size, "general_households")["31201"] == 100
    assert values(by_size, "one_person_households")["31201"] == 40
    assert values(by_size, "general_household_members")["31201"] == 200
    assert "第6-3表" in by_size.publication


def test_family_types_are_read_from_the_rows_below_each_other(tmp_path):
    reading = read_file(write_xlsx(tmp_path / "c.xlsx", census_family_rows()))
    assert values(reading, "nuclear_family_households")["31201"] == 50
    assert values(reading, "one_person_households")["31201"] == 40
    assert values(reading, "general_households")["00000"] == 5000
    assert "第9-1表" in reading.publication


def test_a_designated_city_is_the_municipality_and_its_wards_stand_below_it(by_size):
    areas = by_size.areas.set_index("area_code")
    assert areas.loc["01100", ["level", "parent_code", "name_ja"]].tolist() == ["municipality", "01000", "札幌市"]
    assert areas.loc["01101", ["level", "parent_code"]].tolist() == ["ward", "01100"]


def test_wards_of_tokyo_are_municipalities_and_their_sum_is_left_out(by_size):
    areas = by_size.areas.set_index("area_code")
    assert areas.loc["13101", ["level", "parent_code"]].tolist() == ["municipality", "13000"]
    assert "13100" not in set(by_size.observations["area_code"])


def test_municipalities_add_up_to_the_nation_without_counting_wards_twice(by_size):
    general = values(by_size, "general_households")
    cities = by_size.areas.query("level == 'municipality'")["area_code"]
    assert general[cities].sum() == general["00000"]


def test_municipalities_of_the_year_2000_are_left_out_and_counted(by_size):
    assert "31999" not in set(by_size.areas["area_code"])
    assert any("year 2000" in note for note in by_size.notes)


def test_nation_and_prefectures_have_figures_but_are_not_named_as_areas(by_size):
    assert {"00000", "31000"} <= set(by_size.observations["area_code"])
    assert not {"00000", "31000"} & set(by_size.areas["area_code"])


def test_a_dash_is_zero_and_an_x_is_suppressed(tmp_path):
    rows = census_size_rows()
    last = max(number for number, row in enumerate(rows) if len(row) > 4 and row[0] == "2")
    rows[last][6], rows[last][4] = "X", "X"
    reading = read_file(write_xlsx(tmp_path / "c.xlsx", rows))
    cell = reading.observations.query("area_code == '47201' and indicator_id == 'one_person_households'").iloc[0]
    assert cell["status"] == "suppressed"
    for row in rows[9:]:
        row[4:5] = ["-"] if len(row) > 4 else []
    reading = read_file(write_xlsx(tmp_path / "d.xlsx", rows))
    cell = reading.observations.query("area_code == '47201' and indicator_id == 'one_person_households'").iloc[0]
    assert (cell["value"], cell["status"]) == (0, "observed")


def test_a_ward_without_its_city_is_refused(tmp_path):
    rows = [row for row in census_size_rows() if row[2:3] != ["01100_札幌市"]]
    problems = problems_of(read, write_xlsx(tmp_path / "c.xlsx", rows))
    assert [problem.found for problem in problems] == ["0", "0"]


@pytest.mark.parametrize("cell", ["many", None, 1.5, -3, "1,000"])
def test_what_is_no_whole_number_is_named_with_row_and_column(tmp_path, cell):
    (problem,) = problems_of(read, changed(tmp_path, census_size_rows(), 60, 4, cell))
    assert (problem.row, problem.column) == (60, "E")


def test_an_area_that_stands_twice_is_refused(tmp_path):
    rows = census_size_rows()
    rows.insert(20, rows[15])
    (problem,) = problems_of(read, write_xlsx(tmp_path / "c.xlsx", rows))
    assert (problem.row, problem.column) == (21, "C")
    assert "stands twice" in problem.message


@pytest.mark.parametrize(("column", "cell"), [(0, "7"), (2, "鳥取市"), (2, "99201_どこか市")])
def test_an_unknown_area_is_refused(tmp_path, column, cell):
    assert problems_of(read, changed(tmp_path, census_size_rows(), 80, column, cell))[0].row == 80


def test_figures_that_do_not_add_up_to_the_nation_are_refused(tmp_path):
    (problem,) = problems_of(read, changed(tmp_path, census_size_rows(), 80, 3, 101))
    assert (problem.found, problem.expected) == ("5,001", "5,000")


def test_another_census_is_refused_by_the_title(tmp_path):
    (problem,) = problems_of(read, changed(tmp_path, census_size_rows(), 1, 0, "令和２年国勢調査　人口等基本集計"))
    assert problem.found == "令和2年国勢調査"


def test_values_with_unknowns_filled_in_are_refused(tmp_path):
    (problem,) = problems_of(read, changed(tmp_path, census_size_rows(), 3 - 1, 0, "第６－３表【不詳補完値】"))
    assert problem.found == "不詳補完値"


def test_a_table_without_items_that_can_be_read_says_what_it_holds(tmp_path):
    rows = census_size_rows()
    rows[4][3:] = ["人口"] * 5
    (problem,) = problems_of(read, write_xlsx(tmp_path / "c.xlsx", rows))
    assert (problem.row, problem.found) == (5, "人口")


def test_another_unit_is_refused(tmp_path):
    (problem,) = problems_of(read, changed(tmp_path, census_size_rows(), 8, 3, "千世帯"))
    assert (problem.row, problem.column, problem.found) == (8, "D", "千世帯")


def test_a_workbook_cut_off_in_the_middle_is_refused(tmp_path):
    content = write_xlsx(tmp_path / "c.xlsx", census_size_rows()).read_bytes()
    (problem,) = problems_of(read, tmp_path / "d.xlsx", content[: len(content) // 2])
    assert "cannot be opened" in problem.message
