"""Every file finds its own reader, and no bytes whatever make one do anything but refuse."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.problems import EtlError
from etl.readers import HEAD_BYTES, READERS, read_any, read_file
from tests.etl.readers.making import (
    CODES,
    census_family_rows,
    census_size_rows,
    csv_bytes,
    estat_answer,
    estat_value,
    json_bytes,
    ssdse_a_bytes,
    ssdse_e_bytes,
    write_xlsx,
)  # fmt: skip

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BY_ID = {reader.id: reader for reader in READERS}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """A good file for each reader, all under names that say nothing."""
    folder = tmp_path_factory.mktemp("files")
    answer = json_bytes(estat_answer([estat_value("A710101", "31201", "76800")]))
    for name, content in {"ssdse_a": ssdse_a_bytes(), "ssdse_e": ssdse_e_bytes(), "estat_api": answer}.items():
        (folder / name).write_bytes(content)
    write_xlsx(folder / "census_2025", census_size_rows())
    write_xlsx(folder / "census_2025_family", census_family_rows())
    return {path.name: path for path in folder.iterdir()}


def test_each_file_is_claimed_by_its_own_reader_alone(files):
    for name, path in files.items():
        claims = [reader.id for reader in READERS if reader.recognises(path.read_bytes()[:HEAD_BYTES], path)]
        assert claims == [name.removesuffix("_family")]


def test_a_reader_says_whether_it_was_tried_on_a_real_file():
    assert {reader.id for reader in READERS if reader.tried_on_real_file} == {"ssdse_a"}


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"Year,Code,Prefecture,A1101\n", b"PK\x03\x04", b'{"GET_META_INFO": {}}', b"a,b,c\n", csv_bytes([["x", "市"]], "utf-8")],
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(EtlError):
        read_any(path)


def test_a_workbook_of_something_else_is_not_claimed(tmp_path):
    path = write_xlsx(tmp_path / "other.xlsx", [["住宅・土地統計調査"], ["地域識別コード", "地域名"], ["a", "00000_全国"]])
    with pytest.raises(EtlError, match="no reader knows"):
        read_any(path)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(EtlError, match="cannot be opened"):
        read_file(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
@SETTINGS
@given(content=st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_an_etl_error(tmp_path, reader, content):
    path = tmp_path / "any"
    path.write_bytes(content)
    assert reader.recognises(content, path) in (True, False)
    with pytest.raises(EtlError):
        reader.read(path)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
@SETTINGS
@given(tail=st.binary(max_size=200))
def test_a_head_that_fits_with_anything_behind_it_raises_nothing_but_an_etl_error(tmp_path, reader, tail):
    heads = {
        "ssdse_a": f"Code,Prefecture,Municipality,{','.join(CODES)}\n".encode(),
        "ssdse_e": f"Code,Prefecture,{','.join(CODES)}\n".encode(),
        "census_2025": b"PK\x03\x04",
        "estat_api": b'{"GET_STATS_DATA":',
    }
    path = tmp_path / "any"
    path.write_bytes(heads[reader.id] + tail)
    assert reader.recognises(heads[reader.id] + tail, tmp_path / "not there") in (True, False)
    with pytest.raises(EtlError):
        reader.read(path)


@pytest.mark.parametrize("name", ["ssdse_e", "census_2025", "estat_api"])
@SETTINGS
@given(data=st.data())
def test_a_good_file_with_some_bytes_changed_is_read_or_refused(tmp_path, files, name, data):
    content = bytearray(files[name].read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged"
    path.write_bytes(content)
    BY_ID[name].recognises(bytes(content[:HEAD_BYTES]), path)
    with suppress(EtlError):
        BY_ID[name].read(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    (), ("RESULT",), ("RESULT", "STATUS"), ("STATISTICAL_DATA",), ("STATISTICAL_DATA", "RESULT_INF"), ("STATISTICAL_DATA", "TABLE_INF"),
    ("STATISTICAL_DATA", "TABLE_INF", "UPDATED_DATE"), ("STATISTICAL_DATA", "CLASS_INF"), ("STATISTICAL_DATA", "CLASS_INF", "CLASS_OBJ"),
    ("STATISTICAL_DATA", "DATA_INF"), ("STATISTICAL_DATA", "DATA_INF", "NOTE"), ("STATISTICAL_DATA", "DATA_INF", "VALUE"),
]  # fmt: skip


@SETTINGS
@given(path=st.sampled_from(PATHS), other=JSON)
def test_an_answer_with_anything_anywhere_is_read_or_refused(tmp_path, path, other):
    answer = estat_answer([estat_value("A710101", "31201", "1")])
    place = answer
    keys = ("GET_STATS_DATA", *path)
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = other
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    with suppress(EtlError):
        read_file(file)
