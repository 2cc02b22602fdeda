"""Whatever bytes the KSJ readers are given, they read them or refuse with a sentence; they write nothing beside them."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.problems import EtlError
from etl.readers.geo_reading import Member
from etl.readers.ksj import KSJ_READERS
from tests.etl.readers.geo_making import (
    NEW,
    district,
    gdal_gml,
    geojson,
    ksj_gml,
    members_of,
    readings,
    shapefile,
    square,
    written,
)  # fmt: skip

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROWS = [district("一小学校"), district("二小学校", number=2)]
SHAPES = [square(0), square(1)]
GOOD = {
    "a.json": geojson(NEW, ROWS, SHAPES).encode(),
    "a.gml": gdal_gml(NEW, ROWS, SHAPES).encode(),
    "a.xml": ksj_gml([["29209", "市立", "一小学校", "1"]], SHAPES[:1]).encode(),
}


def is_refused(members: list[Member]) -> bool:
    """Refused with a sentence, or not taken for KSJ data at all."""
    try:
        return readings(members) == []
    except EtlError:
        return True


def test_no_file_is_written_beside_what_is_read(tmp_path):
    members = members_of(shapefile(tmp_path, NEW, ROWS, SHAPES)) + written(tmp_path, GOOD)
    before = sorted(tmp_path.iterdir())
    assert len(readings(members)) == 2
    assert sorted(tmp_path.iterdir()) == before


def test_members_of_another_kind_are_not_claimed(tmp_path):
    contents = {"a.csv": "A27_001", "b.json": '{"type": "Topology"}', "c.xml": "<a/>", "d.dbf": b"\x03" * 100, "e.json": b"", "f.shp": b"\0\0'\n"}
    members = [*written(tmp_path, contents), Member("gone.json", tmp_path / "gone.json")]
    assert all(reader.claims(members) == [] for reader in KSJ_READERS)
    assert all(reader.claims([]) == [] for reader in KSJ_READERS)
    for reader in KSJ_READERS:
        with pytest.raises(EtlError, match="no data in the layout"):
            reader.read(members)


@pytest.mark.parametrize("doctype", ['<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])
def test_xml_that_declares_a_document_type_is_refused(tmp_path, doctype):
    text = gdal_gml(NEW, ROWS, SHAPES).replace("?>\n", f"?>\n{doctype}")
    with pytest.raises(EtlError, match="document type"):
        readings(written(tmp_path, {"a.xml": text}))


def test_json_nested_without_end_is_refused(tmp_path):
    deep = '{"A27_001": "29209", "A27_002": 1, "A27_003": 1, "A27_004": 1, "A27_005": ' + "[" * 100_000
    with pytest.raises(EtlError, match="damaged or not whole"):
        readings(written(tmp_path, {"a.json": deep}))


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_text_file_that_ends_too_early_is_refused(tmp_path, name, part):
    assert is_refused(written(tmp_path, {name: GOOD[name][: int(len(GOOD[name]) * part)]}))


@pytest.mark.parametrize("ending", [".shp", ".dbf"])
def test_a_shapefile_that_ends_too_early_is_refused(tmp_path, ending):
    paths = shapefile(tmp_path, NEW, ROWS, SHAPES)
    path = next(path for path in paths if path.suffix == ending)
    path.write_bytes(path.read_bytes()[:-40] if ending == ".shp" else path.read_bytes()[:-100])
    assert is_refused(members_of(paths))


@SETTINGS
@given(name=st.sampled_from(sorted(GOOD)), data=st.data())
def test_a_text_file_with_some_bytes_changed_is_read_or_refused(tmp_path, name, data):
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(EtlError):
        readings(written(tmp_path, {name: bytes(content)}))


@pytest.fixture(scope="module")
def good_parts(tmp_path_factory) -> dict[str, bytes]:
    return {path.suffix: path.read_bytes() for path in shapefile(tmp_path_factory.mktemp("good"), NEW, ROWS, SHAPES, prj="x", cpg="x")}


@SETTINGS
@given(data=st.data())
def test_a_shapefile_with_some_bytes_changed_is_read_or_refused(tmp_path, good_parts, data):
    parts = {ending: bytearray(content) for ending, content in good_parts.items()}
    part = parts[data.draw(st.sampled_from(sorted(parts)))]
    for _ in range(data.draw(st.integers(1, 4))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    with suppress(EtlError):
        readings(written(tmp_path, {f"a{ending}": bytes(content) for ending, content in parts.items()}))


@SETTINGS
@given(content=st.binary(max_size=200), name=st.sampled_from(["a.json", "a.xml", "a.dbf"]))
def test_arbitrary_bytes_are_refused_or_not_claimed(tmp_path, content, name):
    with suppress(EtlError):
        assert readings(written(tmp_path, {name: content})) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just("type"), inner, max_size=3),
    max_leaves=6,
)


@SETTINGS
@given(
    path=st.sampled_from([("features",), ("features", 0), ("features", 0, "properties"), ("features", 0, "geometry"), ("crs",), ("type",),
                          ("features", 0, "geometry", "coordinates"), ("features", 0, "properties", "A27_001")]),
    other=JSON,
)  # fmt: skip
def test_geojson_with_anything_anywhere_is_read_or_refused(tmp_path, path, other):
    document = json.loads(GOOD["a.json"])
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = other
    with suppress(EtlError):
        readings(written(tmp_path, {"a.json": json.dumps(document)}))
