"""`python -m atlas reproduce`: a line a figure, what differs below it, exit codes, both languages, JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from atlas.__main__ import app
from atlas.exhibits.context import Context
from atlas.exhibits.recipe import recipe_of
from atlas.exhibits.trends import trend
from atlas.exports.tables import APP_VERSION, Provenance, csv_bytes, xlsx_bytes
from catalog.folder import DataFolder
from etl.report import BuildReport

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["reproduce", *map(str, arguments)])


@pytest.fixture
def saved(japanese: Context, tmp_path: Path) -> tuple[Path, Path]:
    options = {"indicator_id": "one_person_household_share", "area_codes": ("00000",), "base_year": None}
    exhibit = replace(trend(japanese, **options), recipe=recipe_of(trend, options, "ja").text())
    provenance = Provenance("2026-11-22T10:00:00+09:00", "http://127.0.0.1:8501/trends")
    table, workbook = tmp_path / "a.csv", tmp_path / "b.xlsx"
    table.write_bytes(csv_bytes(exhibit, japanese, provenance))
    workbook.write_bytes(xlsx_bytes(exhibit, japanese, provenance))
    return table, workbook


def test_equal_files_are_a_line_each_and_all_is_well(saved: tuple[Path, Path]) -> None:
    done = run(*saved)
    assert done.exit_code == 0, done.output
    assert [line.split("：")[0] for line in done.stdout.splitlines()] == [str(path) for path in saved]
    assert done.stdout.count("一致します") == 2
    assert run("--lang", "en", saved[0]).stdout.strip().endswith("is equal to what is made now.")


def test_a_changed_file_says_what_differs_and_another_file_is_still_looked_at(saved: tuple[Path, Path], tmp_path: Path) -> None:
    table, workbook = saved
    text = table.read_text("utf-8-sig").replace(",2020,", ",2021,", 1)
    table.write_text(text, "utf-8-sig")
    broken = tmp_path / "c.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n")
    done = run("--lang", "en", table, broken, workbook)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert "differs from what is made now (1)" in lines[0]
    assert '"2021" in the file, "2020" now' in lines[1]
    assert lines[2] == f"{broken}: The file does not say how to make it again; it was saved by an older version, or another program lost that part."
    assert "is equal" in lines[3]


def test_other_data_is_said_first(saved: tuple[Path, Path], japanese: Context) -> None:
    table = saved[0]
    table.write_text(table.read_text("utf-8-sig").replace(japanese.store.version, "f" * 12), "utf-8-sig")
    done = run(table)
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert "ファイルは ffffffffffff、いまのデータは" in first
    assert "一致します" in second


def test_the_same_as_json(saved: tuple[Path, Path], tmp_path: Path, japanese: Context) -> None:
    (tmp_path / "x.txt").write_text("x", "utf-8")
    done = run("--json", saved[0], tmp_path / "x.txt")
    assert done.exit_code == 1
    first, second = json.loads(done.stdout)
    assert (first["status"], first["kind"], first["count"], first["differences"]) == ("equal", "csv", 0, [])
    assert first["data_version"] == {"file": japanese.store.version, "held": japanese.store.version}
    assert second == {"file": str(tmp_path / "x.txt"), "status": "unreadable", "reason": "このプログラムで保存したファイルではありません。"}


def test_wrong_arguments_are_two(saved: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere.csv")
    assert done.exit_code == 2
    assert "がありません" in done.stderr
    assert run("--lang", "fr", saved[0]).exit_code == 2
    assert run().exit_code == 2


def test_without_a_database_the_way_to_one_is_named(saved: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    done = run(saved[0])
    assert done.exit_code == 1
    assert "python -m etl build" in done.stderr


def test_it_does_without_streamlit(saved: tuple[Path, Path], built: tuple[DataFolder, BuildReport]) -> None:
    code = (
        "import sys; from atlas.__main__ import app\n"
        "try: app(['reproduce', sys.argv[1]])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert 'streamlit' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code, str(saved[0])], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_the_program_has_one_version() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == APP_VERSION
