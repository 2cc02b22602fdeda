"""The tables to take away: `datapackage.json` says what is there (https://datapackage.org/standard/), the formats hold the same figures."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.site.data_package import table_files

NAME = re.compile(r"[-a-z0-9._]+")
TYPES = {"string": "string", "integer": "int64", "number": "double"}


@pytest.fixture(scope="module")
def package(site: Path) -> dict[str, Any]:
    return json.loads((site / "datapackage.json").read_text("utf-8"))


def test_the_package_has_what_the_standard_asks_for(package: dict[str, Any]) -> None:
    assert package["resources"]
    assert NAME.fullmatch(package["name"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", package["created"])
    assert all("title" in one and ("path" in one or "name" in one) for one in package["licenses"])
    assert all("title" in one for one in package["sources"])
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names))
    assert all(NAME.fullmatch(name) for name in names)


def test_every_resource_is_there_as_it_is_described_and_no_table_is_left_out(package: dict[str, Any], site: Path) -> None:
    for one in package["resources"]:
        content = (site / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert not one["path"].startswith(("/", ".."))
    listed = {one["path"] for one in package["resources"]}
    assert listed == {path.relative_to(site).as_posix() for path in (site / "data").iterdir()}


def test_the_licence_pages_exist(package: dict[str, Any], site: Path) -> None:
    assert all((site / one["path"]).is_file() for one in package["licenses"])


def test_rows_fit_their_schema_and_are_the_same_in_all_formats(package: dict[str, Any], site: Path) -> None:
    for one in package["resources"]:
        if one["format"] != "csv":
            continue
        fields = one["schema"]["fields"]
        stem = (site / one["path"]).with_suffix("")
        with (site / one["path"]).open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file))
        assert head == [field["name"] for field in fields]
        held = json.loads(stem.with_name(stem.name + ".json").read_text("utf-8"))
        assert held["fields"] == fields
        names, *plain = held["rows"]
        assert names == head
        parquet = pq.read_table(stem.with_name(stem.name + ".parquet"))
        assert parquet.column_names == head
        assert [str(kind) for kind in parquet.schema.types] == [TYPES[field["type"]] for field in fields]
        assert [list(row.values()) for row in parquet.to_pylist()] == plain
        assert json.loads(parquet.schema.metadata[b"about"]) == held["about"]
        for texts, values in zip(rows, plain, strict=True):
            for text, value, field in zip(texts, values, fields, strict=True):
                assert fits(text, value, field["type"]), (one["path"], field["name"], text, value)


def fits(text: str, value: Any, kind: str) -> bool:
    if value is None:
        return text == ""
    if kind == "string":
        return isinstance(value, str) and text.removeprefix("'") == value.removeprefix("'")
    return (kind == "number" or isinstance(value, int)) and float(text) == value


def test_every_row_of_the_sample_and_its_titles_carry_the_mark(package: dict[str, Any], site: Path) -> None:
    seen = 0
    for one in package["resources"]:
        sample = one["path"].startswith(("data/need_map", "data/story-slide-2"))
        mark = "見本（架空）データ" if ".ja." in one["path"] else "Sample (fictional) data"
        assert one["title"].startswith(mark) == sample, one["path"]
        if sample and one["format"] == "json":
            names, *rows = json.loads((site / one["path"]).read_text("utf-8"))["rows"]
            assert names[-1] == "sample"
            assert rows
            assert all(row[-1] == mark for row in rows)
            seen += 1
    assert seen >= 6


def test_a_withheld_value_is_empty_with_its_reason_and_never_nought(japanese: Context) -> None:
    import pandas as pd

    columns = (Column("place", "校区"), Column("value", "割合", "percent", 1), Column("state", "状態"))
    rows = pd.DataFrame({"place": ["=SUM(A1)", "北小学校"], "value": [0.25, None], "state": ["公表値", "秘匿"]})
    made = table_files(japanese, Exhibit("a", "題", "", "", (), Table(columns, rows, "表")), "a", "2026-01-01T00:00:00+00:00")
    assert made.content["csv"].decode("utf-8-sig").splitlines() == ["place,value,state", "'=SUM(A1),0.25,公表値", "北小学校,,秘匿"]
    assert json.loads(made.content["json"])["rows"][1:] == [["=SUM(A1)", 0.25, "公表値"], ["北小学校", None, "秘匿"]]
    assert made.content["csv"].startswith(b"\xef\xbb\xbf"), "spreadsheet programs on Windows want the mark"
