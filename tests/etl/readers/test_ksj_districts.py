"""School districts of every edition and format, and what is said about them."""

import geopandas as gpd
import pytest
import shapely

from etl.problems import EtlError
from etl.readers.geo_reading import COLUMNS_OF
from etl.readers.ksj_districts import overlap_remarks, read_districts
from tests.etl.readers.geo_making import (
    JGD2011,
    NEW,
    OLD,
    district,
    gdal_gml,
    geojson,
    ksj_gml,
    members_of,
    metadata,
    only,
    readings,
    remarks,
    shapefile,
    square,
    written,
)  # fmt: skip

NAMES = ["生駒小学校", "生駒小中学校", "義務教育学校見本", "見本学園", "生駒小学校高山分校"]
ROWS = [district(name, number=number) for number, name in enumerate(NAMES)]
SHAPES = [square(number) for number in range(len(NAMES))]
OLD_ROWS = [("14101", "横浜市立", "上末吉小学校", "上末吉5"), ("14101", "横浜市立", "上末吉小学校", "上末吉5"),
            ("14382", "箱根町立", "仙石原小学校", "仙石原1")]  # fmt: skip
KANAGAWA = [square(column, at=(139.5, 35.4)) for column in (0, 2, 4)]
TOLD = {"29209": "生駒市", "29201": "奈良市", "29203": "大和郡山市", "14100": "横浜市", "14382": "箱根町", "14217": "南足柄市", "01100": "札幌市"}


def told(members):
    return read_districts(members, "A27", TOLD)[0]


def written_geojson(tmp_path, rows=ROWS, shapes=SHAPES, fields=NEW, name="data.json", **settings):
    return written(tmp_path, {name: geojson(fields, rows, shapes, **settings)})


@pytest.mark.parametrize("form", ["geojson", "shapefile", "gml"])
def test_the_same_districts_are_read_from_every_format(tmp_path, form):
    members = {
        "geojson": lambda: written_geojson(tmp_path),
        "shapefile": lambda: members_of(shapefile(tmp_path, NEW, ROWS, SHAPES, prj=JGD2011, cpg="UTF-8", encoding="utf-8")),
        "gml": lambda: written(tmp_path, {"any.xml": gdal_gml(NEW, ROWS, SHAPES)}),
    }[form]()
    reading = only(members)
    assert (reading.kind, reading.year, reading.reader, reading.is_sample) == ("school_districts", 2023, "ksj_a27", False)
    assert list(reading.frame.columns) == COLUMNS_OF["school_districts"]
    assert reading.frame["school_name"].tolist() == NAMES
    assert reading.frame["school_code"].tolist() == [row[2] for row in ROWS]
    assert set(reading.frame["municipality_code"]) == {"29209"}
    assert shapely.equals_exact(shapely.normalize(reading.frame.geometry.to_numpy()), shapely.normalize(SHAPES), 1e-8).all()
    assert reading.frame.crs.to_epsg() == 6668
    assert reading.understood_ja == "国土数値情報 小学校区 令和5年度(2023)、奈良県、1市町村、5校区"
    assert reading.understood_en.endswith("edition 2023, Nara, 1 municipality, 5 districts")
    assert not remarks(reading, "crs")
    assert "CC BY 4.0" in remarks(reading, "terms")


def test_formats_that_stand_side_by_side_are_read_once_and_with_their_metadata(tmp_path):
    contents = {"x/A.geojson": geojson(NEW, ROWS, SHAPES), "x/B.xml": gdal_gml(NEW, ROWS, SHAPES), "x/M.xml": metadata("A27", "21_29")}
    members = written(tmp_path, contents) + members_of(shapefile(tmp_path / "y", NEW, ROWS, SHAPES))
    reading = only(members)
    assert (reading.file, reading.year) == ("x/A.geojson", 2021)
    assert "2021年版は、まだ実際の公表ファイルで確かめていません" in remarks(reading, "other")


def test_districts_of_two_places_are_two_readings(tmp_path):
    other = geojson(NEW, [district("奈良小学校", "29201")], SHAPES[:1])
    found = readings([*written_geojson(tmp_path), *written(tmp_path, {"b.json": other})])
    assert [len(reading.frame) for reading in found] == [5, 1]


def test_two_editions_with_the_same_schools_are_two_readings_each_with_its_own_formats(tmp_path):
    contents = {}
    for year in (21, 23):
        contents |= {f"A27-{year}_29.geojson": geojson(NEW, ROWS, SHAPES), f"A27-{year}_29.xml": gdal_gml(NEW, ROWS, SHAPES, f"A27_{year}_29"),
                     f"KS-META-A27-{year}_29.xml": metadata("A27", f"{year}_29")}  # fmt: skip
    assert [(reading.year, reading.file) for reading in readings(written(tmp_path, contents))] == [
        (2021, "A27-21_29.geojson"), (2023, "A27-23_29.geojson"),
    ]  # fmt: skip


def test_the_xml_beside_a_shapefile_of_2010_is_not_read_again_although_it_names_more_municipalities(tmp_path):
    rows = [*OLD_ROWS, ("14217", "南足柄市立", "見本小学校", "1")]
    shapes = [*KANAGAWA, square(8, at=(139.5, 35.4))]
    members = members_of(shapefile(tmp_path, OLD, OLD_ROWS, KANAGAWA)) + written(tmp_path, {"A27-10_14-g.xml": ksj_gml(rows, shapes)})
    assert only(members).file == "any.shp"


def test_the_edition_comes_from_the_name_only_when_nothing_inside_says_it_and_is_remarked(tmp_path):
    reading = only(written_geojson(tmp_path, name="A27-21_29.geojson"))
    assert reading.year == 2021
    assert "ファイル名から2021年版としました" in remarks(reading, "other")
    assert "Nothing says the edition" in remarks(only(written_geojson(tmp_path, name="x.json")), "other")


def test_a_leading_zero_stays_and_one_that_was_lost_comes_back(tmp_path):
    sapporo = (141.3, 43.0)
    for code in ("01100", 1100, "1100"):
        rows = [[code, "札幌市立", None, "見本小学校", None]]
        reading = told(written_geojson(tmp_path, rows, [square(0, at=sapporo)]))
        assert reading.frame["municipality_code"].tolist() == ["01100"]
        assert reading.frame.iloc[0][["school_code", "address"]].tolist() == [None, None]


def test_the_edition_of_2010_is_read_without_prj_shx_and_cpg_and_its_parts_are_joined(tmp_path):
    reading = told(members_of(shapefile(tmp_path, OLD, OLD_ROWS, KANAGAWA, stem="A27-10_12-g_SchoolDistrict")))
    assert (reading.year, len(reading.frame)) == (2010, 2)
    assert reading.frame["school_name"].tolist() == ["上末吉小学校", "仙石原小学校"]
    assert reading.frame.geometry.iloc[0].equals(shapely.union_all(KANAGAWA[:2]))
    assert reading.frame["school_code"].tolist() == [None, None]
    assert "2市区町村、2校区" in reading.understood_ja
    assert "3行から2校区" in remarks(reading, "other")
    assert ".prj" in remarks(reading, "crs")
    assert "ファイル名は12(千葉県)を指していますが、中身は14(神奈川県)です" in remarks(reading, "other")
    assert "3市区町村のうち1に校区のデータがありません: 南足柄市(14217)" in remarks(reading, "missing_municipalities")


@pytest.mark.parametrize(("encoding", "cpg"), [("cp932", None), ("utf-8", None), ("utf-8", "UTF-8"), ("cp932", "UTF-8"), ("utf-8", "SJIS")])
def test_the_encoding_is_the_one_that_fits_whatever_the_file_says(tmp_path, encoding, cpg):
    rows = [("14101", "横浜市立", "見本小学校～高山", "表ソ能1")]
    shape = shapely.MultiPolygon([KANAGAWA[0], KANAGAWA[1]])
    reading = told(members_of(shapefile(tmp_path, OLD, rows, [shape], encoding=encoding, cpg=cpg)))
    assert reading.frame.iloc[0][["school_name", "address"]].tolist() == ["見本小学校～高山", "表ソ能1"]
    assert reading.year == 2016
    assert bool(remarks(reading, "encoding")) == (cpg is not None and (encoding == "cp932") == (cpg == "UTF-8"))


def test_a_name_cut_within_a_letter_by_the_width_of_its_field_is_read(tmp_path):
    rows = [("14101", "横浜市立", "長" * 21, "1")]  # 63 bytes of UTF-8 in a field of 60
    reading = told(members_of(shapefile(tmp_path, OLD, [(*rows[0][:2], "x" + "長" * 21, "1")], KANAGAWA[:1], encoding="utf-8")))
    assert reading.frame["school_name"].tolist() == ["x" + "長" * 19]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_the_xml_of_2010_is_read_from_curves_and_surfaces_with_its_zeros(tmp_path, encoding):
    rows = [("01101", "札幌市立", "中央小学校", "1"), ("01101", "札幌市立", "中央小学校", "1")]
    shapes = [square(column, at=(141.3, 43.0)) for column in (0, 2)]
    text = ksj_gml(rows, shapes, encoding="Shift_JIS" if encoding == "cp932" else "UTF-8")
    reading = told(written(tmp_path, {"any.xml": text.encode(encoding)}))
    assert (reading.year, reading.frame["municipality_code"].tolist()) == (2010, ["01101"])
    assert reading.frame.geometry.iloc[0].area == pytest.approx(2e-4)
    assert bool(remarks(reading, "encoding")) == (encoding == "cp932")


def test_geojson_in_shift_jis_is_read_and_remarked(tmp_path):
    reading = only(written(tmp_path, {"a.json": geojson(NEW, ROWS, SHAPES).encode("cp932")}))
    assert reading.frame["school_name"].tolist() == NAMES
    assert "Shift_JIS" in remarks(reading, "encoding")


def test_coordinates_of_a_plane_are_changed_and_remarked(tmp_path):
    plane = gpd.GeoSeries(SHAPES, crs="EPSG:6668").to_crs(6674)
    prj = plane.crs.to_wkt("WKT1_ESRI")
    reading = only(members_of(shapefile(tmp_path, NEW, ROWS, list(plane), prj=prj)))
    assert reading.frame.total_bounds == pytest.approx([135.5, 34.5, 135.55, 34.51], abs=1e-6)
    assert "変換しました" in remarks(reading, "crs")


@pytest.mark.parametrize("prj", ['GEOGCS["GCS_JGD_2000",DATUM["D_JGD_2000",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
                                 'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]', JGD2011])  # fmt: skip
def test_longitude_and_latitude_stay_as_they_are(tmp_path, prj):
    reading = only(members_of(shapefile(tmp_path, NEW, ROWS, SHAPES, prj=prj)))
    assert reading.frame.total_bounds == pytest.approx([135.5, 34.5, 135.55, 34.51], abs=1e-9)
    assert not remarks(reading, "crs")


def test_a_broken_polygon_is_mended_and_named(tmp_path):
    bow = shapely.Polygon([(135.6, 34.5), (135.61, 34.51), (135.61, 34.5), (135.6, 34.51)])
    reading = told(written_geojson(tmp_path, [*ROWS, district("熊野川小学校", number=9)], [*SHAPES, bow]))
    assert reading.frame.geometry.is_valid.all()
    assert set(reading.frame.geom_type) <= {"Polygon", "MultiPolygon"}
    assert "(1件): 熊野川小学校(29209 生駒市)" in remarks(reading, "mended")


def test_a_district_without_a_shape_is_named_and_left_out(tmp_path):
    reading = told(written_geojson(tmp_path, shapes=[*SHAPES[:-1], None]))
    assert len(reading.frame) == 4
    assert NAMES[-1] in remarks(reading, "other")


def test_districts_without_a_name_are_never_joined(tmp_path):
    reading = told(written_geojson(tmp_path, [["29209", None, None, None, None]] * 2, SHAPES[:2]))
    assert reading.frame["school_name"].tolist() == ["", ""]
    assert "学校名のない校区が2件" in remarks(reading, "other")


def test_schools_of_one_name_at_two_addresses_stay_two(tmp_path):
    rows = [("14101", "横浜市立", "中央小学校", "1"), ("14101", "横浜市立", "中央小学校", "2")]
    assert len(told(members_of(shapefile(tmp_path, OLD, rows, KANAGAWA[:2]))).frame) == 2


def test_overlaps_are_told_with_their_area_and_touching_is_none(tmp_path):
    reading = told(written_geojson(tmp_path, ROWS[:3], [square(0), square(0.5), square(3)]))
    assert "重なりが1組、合わせて0.5 km²あります: 生駒市の生駒小学校と生駒小中学校が0.51 km²" in remarks(reading, "overlap")
    assert overlap_remarks(told(written_geojson(tmp_path)).frame, TOLD) == []


def test_missing_and_unknown_municipalities_are_named(tmp_path):
    rows = [district("一"), district("二", "29999")]
    reading = told(written_geojson(tmp_path, rows, SHAPES[:2]))
    assert "奈良市(29201)、大和郡山市(29203)" in remarks(reading, "missing_municipalities")
    assert "29999" in remarks(reading, "renamed")


def test_a_code_that_was_replaced_counts_as_its_present_one(tmp_path):
    rows = [district("一", "40305")]
    reading = read_districts(written_geojson(tmp_path, rows, SHAPES[:1]), "A27", {"40231": "那珂川市", "40100": "北九州市"})[0]
    assert "北九州市(40100)。" in remarks(reading, "missing_municipalities")
    assert not remarks(reading, "renamed")


def test_a_fictional_city_says_so_and_is_measured_against_no_list(tmp_path):
    reading = told(written_geojson(tmp_path, [district("見本小学校", "99201")], SHAPES[:1]))
    assert reading.is_sample
    assert not remarks(reading, "missing_municipalities") + remarks(reading, "renamed") + remarks(reading, "terms")
    assert "架空の地域" in reading.understood_ja


@pytest.mark.parametrize(("first", "year"), [(1, 2023), (5, 2016), (6, 2013)])
def test_junior_high_districts_are_read_in_their_three_layouts(tmp_path, first, year):
    cells = ["29209", "生駒市", "C129210000001", "生駒中学校", "1"]
    cells = cells if first == 1 else [*cells[:2], *cells[3:]]
    fields = [f"A32_{first + place:03}" for place in range(len(cells))]
    reading = only(written(tmp_path, {"a.json": geojson(fields, [cells], SHAPES[:1])}))
    assert (reading.kind, reading.year, reading.reader) == ("junior_high_districts", year, "ksj_a32")
    assert reading.frame.iloc[0][["municipality_code", "school_name"]].tolist() == ["29209", "生駒中学校"]
    assert "まだ実際の公表ファイルで確かめていません" in remarks(reading, "other")


def test_points_of_schools_that_come_with_2010_are_no_districts(tmp_path):
    points = geojson([f"A27_00{number}" for number in range(1, 5)], [OLD_ROWS[0]], [shapely.Point(139.5, 35.5)])
    assert readings(written(tmp_path, {"a.json": points})) == []


REFUSED = {
    "no municipality code": [["2920x", "", None, "名", ""]],
    "has no municipality code": [[None, "", None, "名", ""]],
    "some municipality codes are real": [district("一"), district("二", "99201")],
}


@pytest.mark.parametrize("words", REFUSED)
def test_wrong_municipality_codes_are_refused(tmp_path, words):
    rows = [district("良"), *REFUSED[words]]
    with pytest.raises(EtlError, match=words):
        readings(written_geojson(tmp_path, rows, SHAPES[: len(rows)]))


@pytest.mark.parametrize(
    ("shape", "words"),
    [(shapely.Point(135.5, 34.5), "not a polygon"), (square(0, at=(0, 0)), "do not lie in Japan"), (None, "do not lie in Japan")],
)
def test_wrong_shapes_are_refused(tmp_path, shape, words):
    with pytest.raises(EtlError, match=words):
        readings(written_geojson(tmp_path, ROWS[:1], [shape]))


def test_a_table_without_its_shapes_is_refused_with_what_to_do(tmp_path):
    paths = shapefile(tmp_path, NEW, ROWS, SHAPES)
    with pytest.raises(EtlError, match=r"the shapes \(\.shp\) .* are missing.*Give the whole zip"):
        readings(members_of([path for path in paths if path.suffix != ".shp"]))


def test_shapes_and_table_that_do_not_belong_together_are_refused(tmp_path):
    paths = shapefile(tmp_path, NEW, ROWS, SHAPES)
    other = shapefile(tmp_path / "other", NEW, ROWS[:2], SHAPES[:2])
    paths[0].write_bytes(other[0].read_bytes())
    with pytest.raises(EtlError, match="do not belong together"):
        readings(members_of(paths))


def test_text_in_no_known_encoding_is_refused(tmp_path):
    paths = shapefile(tmp_path, NEW, [district("MIHON")], SHAPES[:1])
    paths[1].write_bytes(paths[1].read_bytes().replace(b"MIHON", b"M\xff\xfeON"))
    with pytest.raises(EtlError, match=r"column A27_004: the text is neither UTF-8 nor CP932"):
        readings(members_of(paths))
