"""Downloads with geometry: the table's figures to the last digit, the full shapes, the reasons of gaps, and how to cite them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exports.geo import ABOUT, FIELDS, FIGURES, geojson_bytes, geopackage_bytes, shapes_of
from atlas.exports.tables import Provenance, csv_bytes, metadata
from atlas.store import geography

SAMPLE_CITY = "99201"
NUMBERS = ("value", "households", "rank")
PROVENANCE = Provenance("2026-11-21T12:00:00+09:00", "http://127.0.0.1:8501/need_map?city=99201", sample=True)
REAL = Provenance("2026-11-21T12:00:00+09:00")


@pytest.fixture(scope="module")
def exhibit(japanese: Context) -> Exhibit:
    """One-person households of the sample city's districts, the third withheld."""
    figures = geography.district_figures(japanese.store, SAMPLE_CITY)
    own = figures[(figures["indicator_id"] == "one_person_household_share") & (figures["year"] == 2020)].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "place": own["name_ja"], "rank": own["value"].rank(ascending=False), "value": own["value"], "households": own["denominator"],
            "state": "", "code": own["area_code"],
        }
    )  # fmt: skip
    rows.loc[2, ["rank", "value", "households"]] = float("nan")
    rows.loc[2, "state"] = "秘匿"
    columns = (
        Column("place", "小学校区"), Column("rank", "順位", "rank"), Column("value", "一人世帯の割合", "percent", 1),
        Column("households", "一般<br>世帯", "count", 1), Column("state", "状態"), Column("code", "コード"),
    )  # fmt: skip
    return Exhibit("need_map", "題", "副題", "文", ("出典：見本",), Table(columns, rows, "表"), cautions=("注意する点",))


@pytest.fixture(scope="module")
def shapes(japanese: Context) -> dict[str, bytes]:
    return shapes_of(japanese, [SAMPLE_CITY])


def in_csv(exhibit: Exhibit, context: Context) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(csv_bytes(exhibit, context, PROVENANCE).decode("utf-8-sig"))))
    return [dict(zip([column.id for column in exhibit.table.columns], line, strict=True)) for line in lines[1 : 1 + len(exhibit.table.rows)]]


def opened(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_geojson_holds_the_figures_of_the_csv_to_the_last_digit(exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes]) -> None:
    content = json.loads(geojson_bytes(exhibit, japanese, PROVENANCE, shapes))
    assert content["type"] == "FeatureCollection"
    assert len(content["features"]) == 24
    for feature, line in zip(content["features"], in_csv(exhibit, japanese), strict=True):
        assert [("" if feature["properties"][name] is None else str(feature["properties"][name])) for name in line] == list(line.values())
        assert feature["id"] == line["code"]


def test_geojson_read_back_has_the_shapes_of_the_database(exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes], tmp_path: Path) -> None:
    frame = gpd.read_file(opened(tmp_path, "a.geojson", geojson_bytes(exhibit, japanese, PROVENANCE, shapes)))
    assert frame["value"].tolist() == pytest.approx(exhibit.table.rows["value"].round(10).tolist(), nan_ok=True, abs=0)
    expected = shapely.from_wkb([shapes[code] for code in frame["code"]])
    assert shapely.equals_exact(shapely.normalize(frame.geometry.to_numpy()), shapely.normalize(expected), tolerance=1e-12).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_geometry(frame.geometry.to_numpy(), 0))).all(), "RFC 7946"


def test_geopackage_read_back_equals_table_and_shapes(exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes], tmp_path: Path) -> None:
    path = opened(tmp_path, "a.gpkg", geopackage_bytes(exhibit, japanese, PROVENANCE, shapes))
    frame = gpd.read_file(path, layer=FIGURES)
    assert frame.crs is not None
    assert frame.crs.to_epsg() == 6668
    for line, row in zip(in_csv(exhibit, japanese), frame.to_dict("records"), strict=True):
        for name in NUMBERS:
            assert (line[name] == "" and pd.isna(row[name])) or float(line[name]) == row[name]
        assert [row[name] if isinstance(row[name], str) else "" for name in ("place", "code", "state")] == [line["place"], line["code"], line["state"]]
    expected = shapely.from_wkb([shapes[code] for code in frame["code"]])
    assert shapely.equals(frame.geometry.to_numpy(), expected).all()


def test_a_withheld_figure_is_null_and_its_reason_is_there(exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes], tmp_path: Path) -> None:
    feature = json.loads(geojson_bytes(exhibit, japanese, PROVENANCE, shapes))["features"][2]
    assert [feature["properties"][name] for name in NUMBERS] == [None] * 3
    assert feature["properties"]["state"] == "秘匿"
    assert feature["geometry"] is not None
    row = gpd.read_file(opened(tmp_path, "a.gpkg", geopackage_bytes(exhibit, japanese, PROVENANCE, shapes)), layer=FIGURES).iloc[2]
    assert row[list(NUMBERS)].isna().all()
    assert row["state"] == "秘匿"


def test_both_files_say_what_they_are_where_from_and_that_they_are_a_sample(
    exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes], tmp_path: Path
) -> None:
    expected = metadata(exhibit, japanese, PROVENANCE)
    assert expected[0][0] == "見本（架空）データ"
    content = json.loads(geojson_bytes(exhibit, japanese, PROVENANCE, shapes))
    assert [(one["label"], one["text"]) for one in content["metadata"]] == expected
    assert content["fields"]["households"] == "一般 世帯"
    assert {feature["properties"]["sample"] for feature in content["features"]} == {"見本（架空）データ"}
    path = opened(tmp_path, "a.gpkg", geopackage_bytes(exhibit, japanese, PROVENANCE, shapes))
    assert {str(name) for name, _ in pyogrio.list_layers(path)} == {FIGURES, ABOUT, FIELDS}
    about = pyogrio.read_dataframe(path, layer=ABOUT)
    assert list(about.itertuples(index=False, name=None)) == expected
    text = "\n".join(about["text"])
    for words in ("題", "出典：見本", "注意する点", japanese.store.version, "need_map?city=99201"):
        assert words in text
    assert pyogrio.read_info(path, layer=FIGURES)["dataset_metadata"]


def test_real_figures_carry_no_mark(exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes]) -> None:
    content = json.loads(geojson_bytes(exhibit, japanese, REAL, shapes))
    assert "sample" not in content["features"][0]["properties"]
    assert not any("見本（架空）" in one["label"] for one in content["metadata"])


def test_an_area_without_a_shape_keeps_its_row(exhibit: Exhibit, japanese: Context, shapes: dict[str, bytes], tmp_path: Path) -> None:
    fewer = {code: shape for code, shape in shapes.items() if code != exhibit.table.rows["code"].iloc[0]}
    assert json.loads(geojson_bytes(exhibit, japanese, REAL, fewer))["features"][0]["geometry"] is None
    frame = gpd.read_file(opened(tmp_path, "a.gpkg", geopackage_bytes(exhibit, japanese, REAL, fewer)), layer=FIGURES)
    assert len(frame) == 24
    assert frame.geometry.iloc[0] is None
