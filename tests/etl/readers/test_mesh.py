import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.problems import EtlError
from etl.readers.geo_reading import MESH_COLUMNS, Member
from etl.readers.mesh import MESH_READERS, bounds_of, claims, combined_meshes, merged_meshes, read, squares
from tests.etl.readers.small_area_making import AGES, MESH_FIRST, MESH_LABELS, problem_of, said, t_table

OPEN = [53394611, 0, "", "", 300, 140, 150, 148, 60, 40, 15]
RECEIVER = [53394612, 1, "", "53394613", 57, 27, 30, 33, 12, 9, 4]
HIDDEN = [53394613, 2, 53394612, "", 3, 1, 2, "*", "*", "*", "*"]
ROWS = [OPEN, RECEIVER, HIDDEN]


def table(rows=ROWS, labels=MESH_LABELS, number="T001100", first=MESH_FIRST, **options):
    return t_table(rows, labels, number, first, **options)


def reading_of(tmp_path, content=None):
    path = tmp_path / "mesh.dat"
    path.write_bytes(table() if content is None else content)
    (group,) = claims([Member("mesh.dat", path)])
    (reading,) = read(group)
    return reading


PUBLISHED = {
    "5339": (139, 35 + 1 / 3, 140, 36),
    "533946": (139.75, 35 + 2 / 3, 139.875, 35.75),
    "53394611": (139.7625, 35.675, 139.775, 35 + 41 / 60),
    "533946114": (139.76875, 35.675 + 1 / 240, 139.775, 35.675 + 2 / 240),
    "36225700": (122 + 7 / 8, 24 + 5 / 12, 122 + 7 / 8 + 1 / 80, 24 + 5 / 12 + 1 / 120),
}
"""Corners as published: the first division by degrees, 40 minutes high; Tokyo Station lies in 533946114."""


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_code_gives_the_published_corners(code):
    assert [float(side[0]) for side in bounds_of([code])] == pytest.approx(PUBLISHED[code], abs=1e-12)


def test_a_quarter_of_a_quarter_is_a_250_m_square():
    west, south, east, north = (float(side[0]) for side in bounds_of(["5339000541"]))
    assert (east - west, north - south) == pytest.approx((11.25 / 3600, 7.5 / 3600), abs=1e-12)
    assert (west, south) == pytest.approx((139 + 5 / 80 + 1 / 160, 35 + 1 / 3 + 1 / 240), abs=1e-12), "row 0, column 5; north-east, south-west"


def test_tokyo_station_lies_in_its_square_on_every_level():
    station = shapely.Point(139.7671, 35.6812)
    assert shapely.contains(squares(["53394611", "533946113", "5339461132", "53394611323"]), station).tolist() == [True, True, True, True]


def code_of(longitude, latitude):
    """The 125 m code of a point by the other way round: divide and take the rest."""
    rest_north, rest_east = latitude * 1.5, longitude - 100
    code = f"{int(rest_north):02}{int(rest_east):02}"
    for parts in (8, 10):
        rest_north, rest_east = rest_north % 1 * parts, rest_east % 1 * parts
        code += f"{int(rest_north)}{int(rest_east)}"
    for _ in range(3):
        rest_north, rest_east = rest_north % 1 * 2, rest_east % 1 * 2
        code += str(1 + int(rest_east) + 2 * int(rest_north))
    return code


@settings(deadline=None)
@given(longitude=st.floats(122, 154), latitude=st.floats(20, 46))
def test_every_point_lies_in_the_square_of_its_code_and_of_all_shorter_codes(longitude, latitude):
    code = code_of(longitude, latitude)
    for length in (8, 9, 10, 11):
        west, south, east, north = (float(side[0]) for side in bounds_of([code[:length]]))
        assert west - 1e-9 <= longitude <= east + 1e-9
        assert south - 1e-9 <= latitude <= north + 1e-9


def test_the_four_quarters_fill_their_square():
    quarters = squares([f"53394611{number}" for number in (1, 2, 3, 4)])
    assert shapely.equals(shapely.union_all(quarters), squares(["53394611"])[0])
    assert shapely.area(quarters).sum() == pytest.approx(shapely.area(squares(["53394611"])[0]))


@pytest.mark.parametrize("code", ["5339461", "53398611", "533946110", "533946115", "5339461a", "５３３９４６１１", ""])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match="mesh code"):
        bounds_of([code])


def test_a_table_gives_squares_and_indicators_by_label(tmp_path):
    reading = reading_of(tmp_path)
    frame = reading.frame
    indicators = [
        "population", "total_households", "general_households", "one_person_households", "households_with_65_over", "older_one_person_households",
    ]  # fmt: skip
    assert list(frame.columns) == [*MESH_COLUMNS, "processing", "receiver", "received", *indicators]
    assert (reading.kind, reading.year, frame.crs) == ("mesh", 2020, "EPSG:6668")
    assert frame.loc[0, ["mesh_code", "level_m"]].tolist() == ["53394611", 1000]
    assert frame.loc[0, indicators].tolist() == [300, 150, 148, 60, 40, 15]
    assert frame.geometry[0].bounds == pytest.approx(PUBLISHED["53394611"])
    assert not MESH_READERS[0].tried_on_real_file


def test_suppressed_detail_stays_unknown_while_the_population_is_kept(tmp_path):
    hidden = reading_of(tmp_path).frame.set_index("mesh_code").loc["53394613"]
    assert (hidden["processing"], hidden["receiver"], hidden["population"]) == ("hidden", "53394612", 3)
    assert math.isnan(hidden["one_person_households"])


def test_a_hidden_square_and_its_receiver_become_one_unit_with_conserved_totals(tmp_path):
    frame = reading_of(tmp_path).frame
    units = merged_meshes(frame).set_index("unit_code")
    assert units["members"].to_dict() == {"53394611": "53394611", "53394612": "53394612;53394613"}
    assert units.loc["53394612", ["population", "total_households", "general_households"]].tolist() == [60, 32, 33]
    assert units["population"].sum() == frame["population"].sum() == 360


@pytest.mark.parametrize(("code", "size"), [("53394611", 1000), ("533946111", 500), ("5339461111", 250), ("53394611111", 125)])
def test_the_length_of_the_code_is_the_size_of_the_square(tmp_path, code, size):
    assert reading_of(tmp_path, table([[code, *OPEN[1:]]])).frame["level_m"].tolist() == [size]


@pytest.mark.parametrize(("number", "told"), [("T001100", True), ("T001102", True), ("T001140", False), ("T001142", False)])
def test_a_table_on_jgd2000_says_so(tmp_path, number, told):
    assert ("JGD2000" in said(reading_of(tmp_path, table(number=number)))) == told


def test_identical_rows_are_a_repeat_and_differing_rows_are_added_and_both_are_told(tmp_path):
    here = reading_of(tmp_path).frame
    border = [53394611, 0, "", "", 30, 14, 15, 14, 6, 4, 1]
    there = reading_of(tmp_path, table([border, RECEIVER, [53394614, *OPEN[1:]]])).frame
    frame, remarks = combined_meshes([here, there])
    assert frame["mesh_code"].tolist() == ["53394611", "53394612", "53394613", "53394614"]
    assert frame["population"].tolist() == [330, 57, 3, 300]
    assert frame["one_person_households"].tolist()[:2] == [66, 12]
    text = " ".join(remark.text_en for remark in remarks)
    assert "1 identical rows are repeats" in text
    assert "1 squares on a prefecture border are the sum of 2 differing rows" in text
    assert frame.equals(combined_meshes([there, here])[0])


def test_a_repeat_within_one_file_is_told_on_reading(tmp_path):
    reading = reading_of(tmp_path, table([*ROWS, OPEN]))
    assert len(reading.frame) == 3
    assert "1 identical rows" in said(reading)


def test_parts_that_are_all_suppressed_stay_suppressed(tmp_path):
    first = reading_of(tmp_path, table([HIDDEN])).frame
    second = reading_of(tmp_path, table([[53394613, 2, 53394623, "", 4, 2, 2, *"****"]])).frame
    frame, _ = combined_meshes([first, second])
    assert frame["population"].tolist() == [7]
    assert np.isnan(frame["one_person_households"]).all()
    assert frame["receiver"].tolist() == ["53394612;53394623"]


@settings(deadline=None)
@given(order=st.permutations(ROWS))
def test_the_order_of_the_rows_is_irrelevant(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("mesh")
    assert reading_of(folder, table(order)).frame.equals(reading_of(folder).frame)


BROKEN = {
    "no label row": (table(label_row=False), "row of labels is missing"),
    "header only": (table([]), "ends within its header"),
    "a code that is none": (table([OPEN, [99394611, *OPEN[1:]]]), "no code of a square in Japan"),
    "a code cut short": (table([OPEN, [5339461, *OPEN[1:]]]), "row 4, column KEY_CODE"),
    "an unknown processing": (table([[53394611, 5, *OPEN[2:]]]), "kind of processing"),
    "a word among the numbers": (table([[*OPEN[:4], "viele", *OPEN[5:]]]), "found 'viele'"),
    "a row cut short": (table([OPEN, RECEIVER[:6]]), "not whole"),
    "no label that is used": (table(labels=["外国人"] * 7), "no column of this table is used here"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_damaged_table_is_one_sentence(tmp_path, case):
    content, expected = BROKEN[case]
    with pytest.raises(EtlError) as caught:
        reading_of(tmp_path, content)
    assert expected in problem_of(caught.value)


def test_small_area_tables_and_other_files_are_not_claimed(tmp_path):
    contents = [b"", b"\0\0", t_table([[27223, 1, "", "", 0, "", "", *range(7)]], AGES), b"KEY_CODE,HTKSYORI,HTKSAKI,GASSAN\r\n"]
    for number, content in enumerate(contents):
        (tmp_path / f"{number}").write_bytes(content)
    assert claims([Member(path.name, path) for path in sorted(tmp_path.iterdir())]) == []


@pytest.mark.raw
def test_no_published_file_at_hand_is_taken_for_a_mesh_table(raw):
    assert claims([Member(path.name, path) for path in sorted(raw.rglob("*")) if path.is_file()]) == []


def test_the_frame_is_a_map(tmp_path):
    frame = reading_of(tmp_path).frame
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.geometry.is_valid.all()
