"""Real published files through the whole import: known answers by school district, and everything that does not fit said in words with its numbers."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from catalog.folder import DataFolder
from etl.build import import_files
from etl.report import BuildReport
from tests.etl.test_importing import etl

pytestmark = pytest.mark.raw
IKOMA, KADOMA, TAKATSUKI, KITA = "29209", "27223", "27207", "27127"


def published(raw: Path) -> list[Path]:
    small = raw / "estat_small_area"
    return [
        raw / "ksj" / "A27-23_29_GML.zip", small / "r2ka29209.topojson", small / "門真市", small / "高槻市", small / "大阪市北区",
        small / "tblT001082C27.csv", raw / "ksj" / "A27-10_kanagawa" / "A27-10_12-g_SchoolDistrict.shp",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def imported(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, BuildReport]:
    folder = DataFolder(tmp_path_factory.mktemp("published"))
    return folder, import_files(folder, published(raw))


@pytest.fixture(scope="module")
def ask(imported: tuple[DataFolder, BuildReport]):
    path = imported[0].database()
    assert path is not None
    with duckdb.connect(str(path), read_only=True) as connection:
        yield lambda query: connection.execute(query).df()


def remarks(ask, kind: str, code: str | None = None) -> str:
    rows = ask("SELECT * FROM remark")
    of_city = rows["municipality_code"].isna() if code is None else rows["municipality_code"].eq(code)
    return "\n".join(rows.loc[rows["kind"].eq(kind) & of_city, "text_en"])


@pytest.mark.parametrize(
    ("method", "file", "columns"),
    [
        ("plain", "ikoma_expected_plain.csv", {"total_households": "SETAI_w", "population": "JINKO_w"}),
        ("renormalised", "ikoma_expected_renorm.csv", {"total_households": "SETAI", "population": "JINKO"}),
    ],
)
def test_the_twelve_districts_of_ikoma_equal_the_known_answers_by_both_methods(ask, raw: Path, method: str, file: str, columns: dict[str, str]) -> None:
    expected = pd.read_csv(raw / "expected" / file).set_index("A27_004")
    for indicator, column in columns.items():
        rows = ask(
            f"SELECT name_ja, value, status FROM apportioned JOIN area USING (area_code) WHERE parent_code = '{IKOMA}' AND method = '{method}' "
            f"AND indicator_id = '{indicator}' AND year = 2020"
        ).set_index("name_ja")
        assert len(rows) == 12
        assert set(rows["status"]) == {"observed"}
        assert (rows["value"] - expected[column]).abs().max() < (0.5 if indicator == "total_households" else 1.0)


def test_the_plain_figures_are_the_ones_served(ask, raw: Path) -> None:
    expected = pd.read_csv(raw / "expected" / "ikoma_expected_plain.csv").set_index("A27_004")["SETAI_w"]
    rows = ask(
        f"SELECT name_ja, value FROM observation JOIN area USING (area_code) WHERE parent_code = '{IKOMA}' AND level = 'school_district' "
        "AND indicator_id = 'total_households'"
    ).set_index("name_ja")["value"]
    assert (rows - expected).abs().max() < 0.5
    assert rows.sum() == pytest.approx(47_444.29, abs=0.01)


def test_what_lies_outside_every_district_of_ikoma_is_told(ask, imported: tuple[DataFolder, BuildReport]) -> None:
    rows = ask(f"SELECT * FROM apportioned_total WHERE municipality_code = '{IKOMA}'").set_index("indicator_id")
    assert rows.loc["population", "total"] == 116_675
    assert rows.loc["total_households", "total"] == 47_666
    assert rows.loc["total_households", "outside"] / 47_666 == pytest.approx(0.0047, abs=0.00005)
    said = {(one["municipality_code"], one["indicator_id"]): f"{one['share']:.2%}" for one in imported[1].outside}
    assert said[IKOMA, "total_households"] == "0.47%"


def test_all_84_keys_of_kadoma_join_and_add_up_to_the_city(ask) -> None:
    rows = ask(f"SELECT area_code FROM area_geometry WHERE municipality_code = '{KADOMA}' AND level = 'small_area' AND year = 2020")
    assert len(rows) == rows["area_code"].nunique() == 84
    people = ask(
        f"SELECT sum(value) AS people, count(*) AS n FROM observation JOIN area USING (area_code) WHERE parent_code = '{KADOMA}' "
        "AND indicator_id = 'population'"
    )
    assert people.iloc[0].to_list() == [119_764, 84]
    assert not remarks(ask, "refused", KADOMA)
    assert (
        ask(f"SELECT count(*) AS n FROM observation JOIN area USING (area_code) WHERE parent_code = '{KADOMA}' AND indicator_id = 'population_75_over'").iloc[
            0, 0
        ]
        == 84
    )


@pytest.mark.parametrize(
    ("code", "numbers"),
    [(TAKATSUKI, ("2015", "2020", "351,829", "352,698", "32,615", "9.2%")), (KITA, ("2015", "2020", "123,667", "139,376", "-15,709", "-11.3%"))],
)
def test_a_boundary_of_2015_and_a_table_of_2020_are_refused_with_the_numbers(ask, code: str, numbers: tuple[str, ...]) -> None:
    rows = ask(f"SELECT text_ja, text_en FROM remark WHERE kind = 'refused' AND municipality_code = '{code}'")
    assert len(rows) == 1
    for text in rows.iloc[0]:
        assert all(number in text for number in numbers), text
    assert not any(word in rows["text_ja"].iloc[0] for word in ("boundary", "table", "differ"))
    held = ask(f"SELECT DISTINCT indicator_id, year FROM observation JOIN area USING (area_code) WHERE parent_code = '{code}'")
    assert set(map(tuple, held.to_numpy())) == {("population", 2015), ("total_households", 2015)}, "nothing of the table may have come through"


def test_level_three_receivers_of_takatsuki_are_counted(ask) -> None:
    """2 + 4 alone gives 352,381; with 三箇牧 and 番田 placed the units hold every one of 352,698 people."""
    text = remarks(ask, "refused", TAKATSUKI)
    assert "352,698" in text
    assert "352,381" not in text


def test_what_is_wrong_with_the_map_of_kanagawa_is_told(ask) -> None:
    assert "24.6 km²" in remarks(ask, "overlap")
    assert "箱根" in remarks(ask, "overlap")
    other = remarks(ask, "other")
    assert "name says 12 (Chiba)" in other
    assert "holds 14 (Kanagawa)" in other
    assert ask("SELECT count(*) AS n FROM area WHERE level = 'school_district' AND area_code LIKE '14%'").iloc[0, 0] == 854
    assert ask("SELECT count(*) AS n FROM area WHERE level = 'school_district' AND area_code LIKE '12%'").iloc[0, 0] == 0


def test_missing_municipalities_and_the_mended_polygon_of_nara_are_told(ask) -> None:
    missing = remarks(ask, "missing_municipalities")
    assert "大和郡山市(29203)" in missing
    assert "桜井市(29206)" in missing
    assert "熊野川小学校" in remarks(ask, "mended")
    assert "CC BY 4.0" in remarks(ask, "terms")


def test_the_command_says_all_of_it_with_exit_code_zero_and_another_order_gives_the_same_data(raw: Path, imported: tuple[DataFolder, BuildReport]) -> None:
    done = etl(imported[0].root, "import", "--json", *map(str, published(raw)[::-1]))
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["content_hash"] == imported[1].content_hash
    assert {one["municipality_code"] for one in report["refused"]} == {TAKATSUKI, KITA}
    given = {one["file"]: one for one in report["maps"] if not one["shipped"]}
    assert len(given) == 7
    assert "166 districts" in given["A27-23_29.geojson"]["understood_en"]
    assert "166校区" in given["A27-23_29.geojson"]["understood_ja"]
    assert report["not_yet_tried"] == []
