import shutil

import pytest
import shapely

from etl.problems import EtlError
from etl.readers.geo_reading import SMALL_AREA_COLUMNS, Member
from etl.readers.small_area_boundaries import UNKNOWN_YEAR, claims, read
from tests.etl.readers.small_area_making import areas, geojson, members_of, problem_of, said, shapefile, square


def reading_of(members):
    (group,) = claims(members)
    (reading,) = read(group)
    return reading


CITIES = {
    "門真市": (2020, "27223", 84, 119_764, 57_379, "朝日町"),
    "高槻市": (2015, "27207", 380, 351_829, 148_048, "赤大路町"),
    "大阪市北区": (2015, "27127", 123, 123_667, 74_182, "池田町"),
}


@pytest.mark.raw
@pytest.mark.parametrize(("city", "expected"), CITIES.items())
def test_a_published_shapefile_is_read_to_the_unit_with_its_census_year(raw, city, expected):
    year, code, count, people, households, first_name = expected
    reading = reading_of(members_of(raw / "estat_small_area" / city))
    frame = reading.frame
    assert list(frame.columns) == SMALL_AREA_COLUMNS
    assert (reading.year, reading.kind, set(frame["municipality_code"])) == (year, "small_areas", {code})
    assert (len(frame), frame["population"].sum(), frame["households"].sum()) == (count, people, households)
    assert frame["key_code"].is_unique
    assert frame["name_ja"].iloc[0] == first_name
    assert frame.crs == "EPSG:6668"
    assert frame.geometry.is_valid.all()
    west, south, east, north = frame.total_bounds
    assert 135.4 < west < east < 135.8
    assert 34.6 < south < north < 35.0


@pytest.mark.raw
def test_the_topojson_of_ikoma_has_119_areas_and_the_published_sums(raw):
    path = raw / "estat_small_area" / "r2ka29209.topojson"
    reading = reading_of([Member("renamed.dat", path)])
    frame = reading.frame
    assert (reading.year, len(frame), frame["population"].sum(), frame["households"].sum()) == (2020, 119, 116_675, 47_666)
    assert frame.set_index("key_code").loc["292090230", ["population", "name_ja"]].tolist() == [6_776, "壱分町"]
    assert "7 rows share 3 KEY_CODEs" in said(reading)
    assert frame.crs == "EPSG:6668"


@pytest.mark.raw
def test_attributes_in_utf8_instead_of_cp932_are_read_and_told(raw):
    reading = reading_of(members_of(raw / "estat_small_area" / "大阪市北区"))
    assert "浮田１丁目" in set(reading.frame["name_ja"])
    assert [remark.kind for remark in reading.remarks] == ["encoding"]


@pytest.mark.raw
def test_no_other_published_file_is_claimed(raw):
    groups = claims([Member(str(path.relative_to(raw)), path) for path in sorted(raw.rglob("*")) if path.is_file()])
    stems = {group[0].name.rsplit("/", 1)[-1].rsplit(".", 1)[0] for group in groups}
    assert stems == {"門真市", "高槻市", "大阪市北区", "r2ka29209"}


def test_parts_with_one_key_code_become_one_area_with_the_sum(tmp_path):
    rows = areas(["01100001001", "01100001001", "011000020"], [222, 0, 50], S_NAME=["大字甲", "大字甲", "乙町"])
    reading = reading_of(shapefile(tmp_path, rows))
    frame = reading.frame.set_index("key_code")
    assert frame["population"].to_dict() == {"011000020": 50, "01100001001": 222}
    assert frame.loc["01100001001", "geometry"].area == pytest.approx(2e-4)
    assert set(reading.frame["municipality_code"]) == {"01100"}, "a leading zero stays"
    assert "2 rows share 1 KEY_CODE" in said(reading)


def test_the_order_of_the_rows_does_not_matter(tmp_path):
    rows = areas(["272230010", "27223002001", "272230010", "272230030"], [1, 2, 3, 4])
    first = reading_of(shapefile(tmp_path / "a", rows)).frame
    second = reading_of(shapefile(tmp_path / "b", rows.sample(frac=1, random_state=3))).frame
    assert first.drop(columns="geometry").equals(second.drop(columns="geometry"))
    assert shapely.equals(first.geometry, second.geometry).all()


@pytest.mark.parametrize(("field", "year"), [("R2KAxx", 2020), ("H27KAxx_", 2015), ("H22KAxx", 2010), ("R7KAxx", 2025)])
def test_the_census_year_is_told_by_a_field(tmp_path, field, year):
    assert reading_of(shapefile(tmp_path, areas(["272230010"], year_field=field))).year == year


def test_a_file_that_does_not_tell_its_census_says_so(tmp_path):
    reading = reading_of(shapefile(tmp_path, areas(["272230010"], year_field="ANYTHING")))
    assert reading.year == UNKNOWN_YEAR
    assert "year" in said(reading)


def test_water_is_marked_and_a_piece_of_water_with_the_code_of_land_is_not_part_of_its_polygon(tmp_path):
    rows = areas(["272230010", "272230020", "272230020"], [0, 70, 0], HCODE=[8154, 8101, 8154])
    frame = reading_of(shapefile(tmp_path, rows)).frame
    assert frame["is_water"].tolist() == [True, False]
    assert frame["population"].tolist() == [0, 70]
    assert shapely.area(frame.geometry.to_numpy()).tolist() == pytest.approx([1e-4, 1e-4])


def test_an_invalid_polygon_is_mended_and_told(tmp_path):
    bow = shapely.Polygon([(135.6, 34.8), (135.61, 34.81), (135.61, 34.8), (135.6, 34.81)])
    reading = reading_of(shapefile(tmp_path, areas(["272230010", "272230020"], geometry=[bow, square(135.7)])))
    assert reading.frame.geometry.is_valid.all()
    assert set(reading.frame.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert [(remark.kind, "272230010" in remark.text_en) for remark in reading.remarks] == [("mended", True)]


def test_a_missing_prj_means_jgd2000_and_is_told(tmp_path):
    reading = reading_of(shapefile(tmp_path, areas(["272230010"]), without=(".prj",)))
    assert [remark.kind for remark in reading.remarks] == ["crs"]
    assert reading.frame.total_bounds == pytest.approx([135.6, 34.8, 135.61, 34.81], abs=1e-6)


def test_metres_without_a_prj_are_placed_by_the_printed_longitude_and_latitude(tmp_path):
    reading = reading_of(shapefile(tmp_path, areas(["272230010", "272230020"]).to_crs("EPSG:2448"), without=(".prj",)))
    assert reading.frame.total_bounds == pytest.approx([135.6, 34.8, 135.62, 34.81], abs=1e-6)
    assert "EPSG:2448" in said(reading)


def test_metres_of_an_unknown_plane_are_refused(tmp_path):
    members = shapefile(tmp_path, areas(["272230010"]).drop(columns=["X_CODE"]).to_crs("EPSG:2448"), without=(".prj",))
    with pytest.raises(EtlError) as caught:
        reading_of(members)
    assert "plane system" in problem_of(caught.value)


def test_a_missing_index_is_no_obstacle_and_the_given_folder_stays_as_it_is(tmp_path):
    members = shapefile(tmp_path, areas(["272230010"]), without=(".shx",))
    assert len(reading_of(members).frame) == 1
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".dbf", ".prj", ".shp"]


def test_parts_are_matched_by_the_names_in_the_archive_whatever_their_case(tmp_path):
    members = shapefile(tmp_path, areas(["272230010"]))
    renamed = [Member(f"中/R2KA27223{'.SHP' if member.name.endswith('.shp') else member.path.suffix}", member.path) for member in members]
    assert reading_of(renamed).file == "中/R2KA27223.SHP"


def test_geojson_is_read_and_codes_that_became_numbers_get_their_zero_back(tmp_path):
    def as_numbers(content):
        for feature in content["features"]:
            feature["properties"]["KEY_CODE"] = int(feature["properties"]["KEY_CODE"])

    members = geojson(tmp_path / "areas.txt", areas(["01100001001", "011000020"]), as_numbers)
    reading = reading_of(members)
    assert reading.frame["key_code"].tolist() == ["01100001001", "011000020"]
    assert "mended" in {remark.kind for remark in reading.remarks}


def test_a_city_outside_the_real_range_is_a_sample(tmp_path):
    assert reading_of(shapefile(tmp_path / "a", areas(["992010010"]))).is_sample
    assert not reading_of(shapefile(tmp_path / "b", areas(["272230010"]))).is_sample


def cut(ending, size):
    def change(folder):
        path = folder / f"r2ka{ending}"
        path.write_bytes(path.read_bytes()[:size])

    return change


def without(ending):
    return lambda folder: (folder / f"r2ka{ending}").unlink()


def wrong_magic(folder):
    path = folder / "r2ka.shp"
    path.write_bytes(b"PK" + path.read_bytes()[2:])


BROKEN = {
    "cut off polygons": (cut(".shp", 300), "cut off"),
    "a few bytes of polygons": (cut(".shp", 10), "not a Shapefile"),
    "polygons of 0 bytes": (cut(".shp", 0), "not a Shapefile"),
    "another kind of file": (wrong_magic, "not a Shapefile"),
    "cut off attributes": (cut(".dbf", 420), "not whole"),
    "attributes alone": (without(".shp"), ".shp file with the polygons is missing"),
    "a .prj without sense": (lambda folder: (folder / "r2ka.prj").write_text("?"), None),
}


@pytest.mark.parametrize("change", BROKEN)
def test_a_broken_shapefile_is_one_sentence_or_is_read(tmp_path, change):
    shapefile(tmp_path, areas(["272230010", "272230020", "272230030"]))
    act, expected = BROKEN[change]
    act(tmp_path)
    if expected is None:
        assert len(reading_of(members_of(tmp_path)).frame) == 3
        return
    with pytest.raises(EtlError) as caught:
        reading_of(members_of(tmp_path))
    assert expected in problem_of(caught.value)
    assert str(tmp_path) not in caught.value.report()


def test_polygons_of_another_file_are_refused(tmp_path):
    shapefile(tmp_path / "a", areas(["272230010", "272230020"]))
    shapefile(tmp_path / "b", areas(["272230010"]))
    for ending in (".shp", ".shx"):
        shutil.copyfile(tmp_path / "b" / f"r2ka{ending}", tmp_path / "a" / f"r2ka{ending}")
    with pytest.raises(EtlError):
        reading_of(members_of(tmp_path / "a"))


def test_codes_that_cannot_be_read_are_all_named(tmp_path):
    with pytest.raises(EtlError) as caught:
        reading_of(shapefile(tmp_path, areas(["272230010", "2.7E+10", ""])))
    assert [(problem.row, problem.found) for problem in caught.value.problems] == [(2, "2.7E+10"), (3, "")]


def test_polygons_elsewhere_on_earth_are_refused(tmp_path):
    with pytest.raises(EtlError, match="Japan"):
        reading_of(shapefile(tmp_path, areas(["272230010"], geometry=[square(2.3, 48.8)])))


@pytest.mark.parametrize(
    "content",
    ['{"type":"Topology","objects":{"a":{"KEY_CODE":1,"S_NAME":2,"JINKO":3', '{"type":"FeatureCollection","features":[],"x":["KEY_CODE","S_NAME","JINKO"]}'],
)
def test_broken_json_is_one_sentence(tmp_path, content):
    path = tmp_path / "areas.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EtlError) as caught:
        reading_of([Member("areas.json", path)])
    assert problem_of(caught.value).startswith("areas.json: ")
    assert str(tmp_path) not in caught.value.report()


@pytest.mark.parametrize("content", [b"", b"{", b"\x00" * 50, b'{"type":"FeatureCollection","features":[{"properties":{"A27_001":"29201"}}]}'])
def test_what_is_no_census_boundary_is_not_claimed(tmp_path, content):
    for name in ("a.json", "a.dbf", "a.shp"):
        (tmp_path / name).write_bytes(content)
    assert claims(members_of(tmp_path)) == []
