import pytest

from etl.readers import read_file
from etl.readers.reading import READING_COLUMNS
from etl.readers.ssdse_a import ITEMS, read
from tests.etl.readers.making import CODES, MUNICIPALITIES, figure, problems_of, ssdse_a_bytes


def saved(tmp_path, content, name="download.bin"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def of(reading, indicator, area):
    rows = reading.observations.query("indicator_id == @indicator and area_code == @area")
    assert len(rows) == 1
    return rows.iloc[0]


def damaged(row, column, text):
    def change(rows):
        rows[row - 1][column] = text

    return change


def test_all_municipalities_and_items_are_read_whatever_the_file_is_called(tmp_path):
    reading = read_file(saved(tmp_path, ssdse_a_bytes()))
    assert list(reading.observations.columns) == READING_COLUMNS
    assert len(reading.areas) == 1741
    assert set(reading.observations["indicator_id"]) == {*ITEMS, "population_age_unknown"}
    assert of(reading, "general_households", "31201")["value"] == figure("A710101", MUNICIPALITIES.index("31201"))
    assert reading.observations["status"].eq("observed").all()


def test_leading_zeros_of_area_codes_stay(tmp_path):
    reading = read_file(saved(tmp_path, ssdse_a_bytes()))
    assert {"01100", "09201"} <= set(reading.areas["area_code"])
    assert reading.areas.set_index("area_code").loc["01100", "parent_code"] == "01000"


def test_age_unknown_is_what_the_age_groups_leave_of_the_total(tmp_path):
    assert of(read_file(saved(tmp_path, ssdse_a_bytes())), "population_age_unknown", "01100")["value"] == 5


@pytest.mark.parametrize(
    ("first", "names", "edition"),
    [
        ("Code", ("Prefecture", "Municipality"), "2025"),
        ("code", ("prefecture", "municipality"), "2025"),
        ("SSDSE-A-2021", ("prefecture", "municipality"), "2021"),
        ("SSDSE-A-2026", ("Prefecture", "Municipality"), "2026"),
    ],
)
def test_every_wording_of_the_first_row_is_known(tmp_path, first, names, edition):
    reading = read_file(saved(tmp_path, ssdse_a_bytes(first=first, names=names)))
    assert reading.reader == "ssdse_a"
    assert reading.edition == edition


@pytest.mark.parametrize("year", ["2015", "2020"])
def test_the_census_year_comes_from_the_year_row_and_not_from_the_name(tmp_path, year):
    reading = read_file(saved(tmp_path, ssdse_a_bytes(year=year), "SSDSE-A-2099.csv"))
    years = reading.observations.groupby("indicator_id")["year"].first()
    assert years["general_households"] == int(year)
    assert years["inhabitable_area"] == 2023


def test_columns_are_found_by_item_code_when_their_order_changes(tmp_path):
    def reverse(rows):
        for row in rows:
            row[4:] = reversed(row[4:])

    plain, reversed_ = (read_file(saved(tmp_path, content)) for content in (ssdse_a_bytes(), ssdse_a_bytes(change=reverse)))
    assert plain.observations.equals(reversed_.observations)


def test_a_suppressed_cell_stays_missing_and_says_so(tmp_path):
    position = 3 + CODES.index("A8301")
    reading = read_file(saved(tmp_path, ssdse_a_bytes(change=damaged(4, position, "X"))))
    cell = of(reading, "older_one_person_households", "01100")
    assert cell["status"] == "suppressed"
    assert cell["value"] != cell["value"]


def test_age_unknown_of_a_suppressed_age_group_is_suppressed_too(tmp_path):
    reading = read_file(saved(tmp_path, ssdse_a_bytes(change=damaged(4, 3 + CODES.index("A1303"), "X"))))
    assert of(reading, "population_age_unknown", "01100")["status"] == "suppressed"


@pytest.mark.parametrize("mark", ["-", "***", "..."])
def test_other_marks_mean_not_published(tmp_path, mark):
    reading = read_file(saved(tmp_path, ssdse_a_bytes(change=damaged(4, 3 + CODES.index("A710101"), mark))))
    assert of(reading, "general_households", "01100")["status"] == "not_published"


def test_a_zero_is_observed(tmp_path):
    reading = read_file(saved(tmp_path, ssdse_a_bytes(change=damaged(4, 3 + CODES.index("A8301"), "0"))))
    cell = of(reading, "older_one_person_households", "01100")
    assert (cell["value"], cell["status"]) == (0, "observed")


def test_a_truncated_row_is_named_with_its_first_missing_column(tmp_path):
    def cut(rows):
        rows[99] = rows[99][:10]

    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=cut))
    assert (problem.row, problem.column, problem.found) == (100, CODES[7], "10 cells")
    assert problem.expected == f"{3 + len(CODES)} cells"


def test_a_file_in_utf8_is_refused_with_the_first_cell_that_shows_it(tmp_path):
    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(encoding="utf-8"))
    assert (problem.row, problem.column, problem.found, problem.expected) == (2, "3", "UTF-8", "CP932 (Shift_JIS)")
    assert "do not save it with a spreadsheet" in problem.sentence()


def test_a_broken_byte_is_named_with_its_row(tmp_path):
    content = ssdse_a_bytes().split(b"\n")
    content[9] = content[9].replace(b"R", b"\x81", 1)
    (problem,) = problems_of(read, tmp_path / "a.csv", b"\n".join(content))
    assert (problem.row, problem.column, problem.found) == (10, "1", "byte 0x81")


def test_a_municipality_that_stands_twice_is_named_with_both_rows(tmp_path):
    def repeat(rows):
        rows[50][0] = rows[40][0]

    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=repeat))
    assert (problem.row, problem.column) == (51, "1")
    assert "first in row 41" in problem.message


@pytest.mark.parametrize("text", ["12,345", "many", "１２", "nan", "inf", "1e5", "1_000", "-5", ""])
def test_what_is_no_number_in_a_column_of_numbers_is_named_with_row_and_column(tmp_path, text):
    position = 3 + CODES.index("A810105")
    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=damaged(7, position, text)))
    assert (problem.row, problem.column, problem.found) == (7, "A810105", text)


def test_all_damages_of_a_file_stand_in_one_report(tmp_path):
    def change(rows):
        rows[4][5], rows[9][0], rows[11][0] = "many", "R99201", "Tottori"

    problems = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=change))
    assert sorted(problem.row for problem in problems) == [5, 10, 12]


def test_a_copy_without_the_year_row_is_refused_in_one_sentence(tmp_path):
    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(year_row=False))
    assert problem.row == 2
    assert "survey years is missing" in problem.message


def test_one_unreadable_year_is_named_with_its_column(tmp_path):
    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=damaged(2, 3 + CODES.index("A810105"), "①")))
    assert (problem.row, problem.column, problem.found) == (2, "A810105", "①")


def test_a_file_cut_off_in_the_middle_is_refused(tmp_path):
    problems = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes()[:40_000])
    assert any("municipalities are missing" in problem.message for problem in problems)


def test_an_item_that_stands_twice_is_refused(tmp_path):
    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=damaged(1, 4, "A710101")))
    assert "stands twice" in problem.message


def test_a_prefecture_among_the_municipalities_is_refused(tmp_path):
    (problem,) = problems_of(read, tmp_path / "a.csv", ssdse_a_bytes(change=damaged(4, 0, "R01000")))
    assert problem.message == "there is no municipality with this code"
