"""Where the folder of static files cannot be written, the map is drawn all the same: the figure carries its shapes."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.exhibits.context import Context
from atlas.exhibits.district_ground import district_ground, small_area_ground
from atlas.exhibits.need_map import Asked, Drawn, need_map
from atlas.interface import map_files
from atlas.interface.map_files import address

ROOT = Path(__file__).resolve().parents[2]
CITY = "99201"
ASKED = Asked((CITY,), "one_person_household_share", 2020, sample=True)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder that cannot be made: its parent is a file. (Rights would not do: an administrator may write anywhere.)"""
    (tmp_path / "static").write_text("a file", "utf-8")
    return tmp_path / "static" / "maps"


def test_where_nothing_can_be_written_there_is_no_address_and_one_warning(japanese: Context, closed: Path, caplog: pytest.LogCaptureFixture) -> None:
    ground = district_ground(japanese.store, CITY)
    with caplog.at_level(logging.WARNING):
        assert [address(ground, closed) for _ in range(3)] == [None] * 3
    assert [str(closed) in record.getMessage() for record in caplog.records] == [True]


def test_a_file_that_cannot_be_put_in_place_leaves_no_half_of_it(japanese: Context, tmp_path: Path) -> None:
    ground = district_ground(japanese.store, CITY)
    (tmp_path / f"{ground.name}.geojson" / "in the way").mkdir(parents=True)
    assert address(ground, tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == [f"{ground.name}.geojson"]


def test_a_file_that_is_there_is_used_where_nothing_can_be_written(japanese: Context, tmp_path: Path) -> None:
    ground = district_ground(japanese.store, CITY)
    found = address(ground, tmp_path)
    assert found == address(ground, tmp_path) == f"app/static/maps/{ground.name}.geojson"
    assert json.loads((tmp_path / f"{ground.name}.geojson").read_text("utf-8")) == json.loads(ground.text)


def test_without_an_address_the_figure_carries_every_district_and_small_area(japanese: Context, closed: Path) -> None:
    grounds = district_ground(japanese.store, CITY), small_area_ground(japanese.store, CITY, 2020)
    assert grounds[1] is not None
    none = [address(ground, closed) for ground in grounds if ground is not None]
    figure = need_map(japanese, asked=ASKED, drawn=Drawn(small=True, addresses=(none[0],), small_addresses=(none[1],))).figure
    carried = [trace.geojson for trace in figure.data if trace.type == "choropleth"]
    assert carried
    assert all(isinstance(shapes, dict) for shapes in carried)
    codes = {feature["properties"]["code"] for shapes in carried for feature in shapes["features"]}
    assert codes >= {*grounds[0].shapes, *grounds[1].shapes}
    for trace in figure.data:
        if trace.type == "choropleth":
            assert set(trace.locations) <= {feature["properties"]["code"] for feature in trace.geojson["features"]}


def test_the_page_draws_the_map_with_its_shapes_inside(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_files, "FOLDER", closed)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/need_map.py").run()
    assert not app.exception, [each.value for each in app.exception]
    (chart,) = app.get("plotly_chart")
    shown = json.loads(chart.proto.spec)
    assert {len(trace["geojson"]["features"]) >= 24 for trace in shown["data"] if trace["type"] == "choropleth"} == {True}
