"""`python -m etl sample`, and what the report of an import says of maps."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from catalog.folder import DataFolder
from etl.__main__ import app
from etl.printing import map_lines
from etl.report import BuildReport


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_the_files_are_written_and_the_next_steps_said(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    done = run("sample", str(folder), "--districts", "3", "--areas", "60", "--seed", "5")
    assert done.exit_code == 0, done.output
    files = {path.name for path in folder.iterdir()}
    assert {"A27-23_99_GML.zip", "P29-21_99_GML.zip", "r2ka99201.shp", "tblT001099C99.csv", "places_99201.csv"} <= files
    assert all(name in done.stdout for name in files)
    assert f'python -m etl import "{folder}"' in done.stdout
    assert "never added to a prefecture" in done.stdout


@pytest.mark.parametrize("arguments", [("--districts", "50"), ("--districts", "1"), ("--areas", "10")])
def test_a_size_that_cannot_be_is_refused_and_nothing_written(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = (
        run("sample", str(tmp_path / "city"), *arguments, "--areas", "100") if "--areas" not in arguments else run("sample", str(tmp_path / "city"), *arguments)
    )
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    assert not (tmp_path / "city").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    done = run("sample", str(tmp_path))
    assert done.exit_code == 1
    assert "not an empty folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_imported_sample_takes_the_place_of_the_one_that_comes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path / "data"))
    assert run("sample", str(tmp_path / "city"), "--districts", "3", "--areas", "60", "--seed", "5").exit_code == 0
    done = run("import", str(tmp_path / "city"), "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["areas"]["school_district"] == 3
    assert report["refused"] == []
    assert all(one["sample"] and not one["shipped"] for one in report["maps"])
    assert {one["municipality_code"] for one in report["outside"]} == {"99201"}
    path = DataFolder(tmp_path / "data").database()
    assert path is not None
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM area WHERE level = 'sample_municipality'").fetchone() == (1,)
        assert connection.execute("SELECT DISTINCT source_id FROM observation JOIN area USING (area_code) WHERE parent_code = '99201'").fetchall() == [
            ("sample_city",)
        ]


def test_the_report_of_the_default_build_says_in_one_line_that_the_sample_city_came_along(built: tuple[DataFolder, BuildReport]) -> None:
    assert map_lines(built[1]) == [f"Sample city (fictional, comes with the build): {len(built[1].maps)} datasets, read like real ones."]
    assert all(one["understood_ja"] and one["understood_en"] and one["rows"] > 0 for one in built[1].maps)


def given(**changes: object) -> BuildReport:
    """A report on one real file, a remark that two files share, a refusal."""
    dataset = {
        "file": "a.zip",
        "kind": "school_districts",
        "rows": 12,
        "shipped": False,
        "sample": False,
        "understood_ja": "奈良県、12校区",
        "understood_en": "Nara, 12 districts",
    }
    remark = {"municipality_code": None, "kind": "other", "shipped": False, "text_ja": "二つに共通", "text_en": "shared by both"}
    refusal = {"municipality_code": "27207", "kind": "refused", "shipped": False, "text_ja": "差32,615", "text_en": "32,615 differ", "file": "b + c"}
    outside = {
        "municipality_code": "29209", "municipality_ja": "生駒市", "indicator_id": "population", "indicator_ja": "人口", "indicator_en": "Population",
        "year": 2020, "total": 116_675.0, "outside": 548.7, "share": 0.0047027, "small_areas": 119, "split_areas": 5,
    }  # fmt: skip
    parts: dict[str, object] = {
        "database": "x", "content_hash": "y", "seconds": 1.0, "rows": {}, "areas": {}, "years": {}, "missing": {}, "maps": (dataset,),
        "remarks": (remark | {"file": "a.zip"}, remark | {"file": "b"}, refusal), "refused": (refusal,), "outside": (outside,),
    }  # fmt: skip
    return BuildReport(**(parts | changes))  # type: ignore[arg-type]


def test_the_printed_lines_say_what_was_understood_what_lies_outside_and_what_was_refused() -> None:
    assert map_lines(given()) == [
        "Read a.zip: Nara, 12 districts (12 rows)",
        "Remark on a.zip, b: shared by both",
        "生駒市 (29209), Population 2020: 116,675 in 119 small areas, 5 of them split between districts; 548.7 (0.47%) lie outside every school district.",
        "Note, not joined: b + c: 32,615 differ",
    ]


def test_the_same_in_japanese() -> None:
    lines = "\n".join(map_lines(given(), "ja"))
    for words in ("奈良県、12校区（12行）", "二つに共通", "生駒市（29209）の人口、2020年", "0.47%", "注意（合わせていません） b + c: 差32,615"):
        assert words in lines


def test_very_many_remarks_are_cut_and_counted() -> None:
    many = tuple({"file": "a", "kind": "other", "shipped": False, "text_ja": f"{n}", "text_en": f"{n}"} for n in range(55))
    assert any(line.startswith("15 more remarks") for line in map_lines(given(remarks=many)))
