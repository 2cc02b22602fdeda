"""What is read says what it is for: municipal boundaries give names to wards, junior high districts are listed only."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.districts import with_geography
from etl.readers.maps import read_maps
from etl.readers.reading import AREA_COLUMNS
from tests.etl.readers import small_area_making
from tests.etl.readers.geo_making import NEW, district, geojson, square

WARD, CITY, PREFECTURE = "14101", "14100", "14000"
N03 = ("N03_001", "N03_002", "N03_003", "N03_004", "N03_007")
HELD = pd.DataFrame([(PREFECTURE, "prefecture", None, "神奈川県", None), (CITY, "municipality", PREFECTURE, "横浜市", None)], columns=AREA_COLUMNS)


@pytest.fixture
def small_areas(tmp_path: Path) -> Path:
    folder = tmp_path / "boundary"
    small_area_making.shapefile(folder, small_area_making.areas([f"{WARD}001000", f"{WARD}002000"]))
    return folder


def boundaries(tmp_path: Path) -> Path:
    path = tmp_path / "n03.geojson"
    path.write_text(geojson(N03, [["神奈川県", None, "横浜市", "鶴見区", WARD]], [square(0)]), "utf-8")
    return path


def test_a_ward_has_its_name_from_the_municipal_boundaries_else_its_code(small_areas: Path, tmp_path: Path) -> None:
    areas = read_maps(small_areas)
    without = with_geography(areas, HELD)[1].set_index("area_code")
    assert without.loc[WARD, ["level", "parent_code", "name_ja"]].tolist() == ["ward", CITY, WARD]
    with_names = with_geography([*read_maps(boundaries(tmp_path)), *areas], HELD)[1].set_index("area_code")
    assert with_names.loc[WARD, ["level", "parent_code", "name_ja"]].tolist() == ["ward", CITY, "横浜市鶴見区"]
    assert with_names.loc[CITY, "name_ja"] == "横浜市", "a name that the census has stays"


def test_municipal_boundaries_and_junior_high_districts_say_what_they_are_not_used_for(tmp_path: Path) -> None:
    junior = tmp_path / "a32.geojson"
    fields = [name.replace("A27", "A32") for name in NEW]
    junior.write_text(geojson(fields, [district("第一中学校", WARD, 1)], [square(0)]), "utf-8")
    told = {
        path.name: [remark for reading in read_maps(path) for remark in reading.remarks if remark.kind == "not_used"] for path in (junior, boundaries(tmp_path))
    }
    assert [remark.text_ja for remark in told["a32.geojson"]] == [
        "中学校区は、読んだことの記録だけに使います。必要度マップと集計は小学校区（A27）で作り、中学校区のものはまだありません。"
    ]
    assert ["形は地図にも集計にも使いません" in remark.text_ja for remark in told["n03.geojson"]] == [True]
    assert all(remark.text_en.isascii() for remarks in told.values() for remark in remarks)
