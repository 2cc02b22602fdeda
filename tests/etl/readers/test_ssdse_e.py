import pytest

from etl.readers import read_file
from etl.readers.ssdse_e import read
from tests.etl.readers.making import CODES, figure, problems_of, ssdse_e_bytes


def reading_of(tmp_path, **options):
    path = tmp_path / "e.csv"
    path.write_bytes(ssdse_e_bytes(**options))
    return read_file(path)


def test_nation_and_prefectures_are_read_and_no_area_is_named(tmp_path):
    reading = reading_of(tmp_path)
    rows = reading.observations.query("indicator_id == 'one_person_households'").set_index("area_code")
    assert len(rows) == 48
    assert rows.loc["00000", "value"] == figure("A810105", 0)
    assert rows.loc["31000", "value"] == figure("A810105", 31)
    assert set(rows["year"]) == {2020}
    assert reading.areas.empty
    assert (reading.reader, reading.edition) == ("ssdse_e", "2026")


def test_population_estimated_between_censuses_is_left_out_and_said_so(tmp_path):
    reading = reading_of(tmp_path, population_year="2023")
    assert not reading.observations["indicator_id"].str.startswith("population").any()
    assert any(note.startswith("A1101 (2023)") for note in reading.notes)


def test_population_of_a_census_year_is_taken(tmp_path):
    reading = reading_of(tmp_path, population_year="2020")
    assert reading.observations.query("indicator_id == 'population'")["year"].unique().tolist() == [2020]
    assert reading.notes == ()


def test_a_missing_prefecture_is_named(tmp_path):
    (problem,) = problems_of(read, tmp_path / "e.csv", ssdse_e_bytes(change=lambda rows: rows.pop()))
    assert problem.found == "no 47000"


def test_a_prefecture_that_stands_twice_is_named_with_both_rows(tmp_path):
    def change(rows):
        rows.append(rows[10])

    (problem,) = problems_of(read, tmp_path / "e.csv", ssdse_e_bytes(change=change))
    assert (problem.row, problem.column) == (52, "1")


@pytest.mark.parametrize("code", ["R31201", "R48000", "Tottori"])
def test_an_unknown_area_is_refused(tmp_path, code):
    def change(rows):
        rows.append([code, *rows[10][1:]])

    (problem,) = problems_of(read, tmp_path / "e.csv", ssdse_e_bytes(change=change))
    assert (problem.row, problem.found) == (52, code)


def test_text_in_a_column_of_numbers_is_named_with_row_and_column(tmp_path):
    def change(rows):
        rows[5][2 + CODES.index("A710101")] = "about 100"

    (problem,) = problems_of(read, tmp_path / "e.csv", ssdse_e_bytes(change=change))
    assert (problem.row, problem.column, problem.found) == (6, "A710101", "about 100")


@pytest.mark.parametrize(("options", "words"), [({"encoding": "utf-8"}, "encoding"), ({"year_row": False}, "survey years is missing")])
def test_another_encoding_and_a_missing_year_row_are_refused(tmp_path, options, words):
    (problem,) = problems_of(read, tmp_path / "e.csv", ssdse_e_bytes(**options))
    assert words in problem.message


def test_a_truncated_row_is_refused(tmp_path):
    def change(rows):
        del rows[20][-2:]

    (problem,) = problems_of(read, tmp_path / "e.csv", ssdse_e_bytes(change=change))
    assert (problem.row, problem.column) == (21, "B1103")
