"""Whatever happens while a database is made, the last good one is served."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from catalog.folder import DataFolder
from etl.build import build
from etl.report import BuildReport

ROOT = Path(__file__).resolve().parents[2]


def start_build(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "etl", "build", "--json"],
        cwd=ROOT,
        env={**os.environ, "ATLAS_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def opens(folder: DataFolder) -> str:
    path = folder.database()
    assert path is not None
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute("SELECT value FROM build_info WHERE key = 'content_hash'").fetchone()
        count = connection.execute("SELECT count(*) FROM observation").fetchone()
    assert row
    assert count
    assert count[0] > 40_000
    assert path.name == f"isolation-{row[0]}.duckdb"
    return str(row[0])


def small_copy(folder: Path) -> None:
    """A data folder with figures of its own, so that its content differs from the default build."""
    (folder / "figures").mkdir(parents=True)
    for path in sorted((ROOT / "data" / "figures").glob("*.csv")):
        text = path.read_text("utf-8")
        if path.name == "census_nation.csv":
            text = text.replace("one_person_household_share,00000,1960,all,all,all,16.5", "one_person_household_share,00000,1960,all,all,all,16.4")
        (folder / "figures" / path.name).write_text(text, "utf-8")


def test_the_same_content_has_the_same_name(built: tuple[DataFolder, BuildReport], tmp_path: Path) -> None:
    again = build(DataFolder(tmp_path))
    assert again.content_hash == built[1].content_hash
    assert again.database == built[1].database


def test_the_pointer_names_the_database_file(built: tuple[DataFolder, BuildReport]) -> None:
    pointer = json.loads(built[0].pointer.read_text("utf-8"))
    assert (built[0].root / pointer["database"]).is_file()


def test_other_content_has_another_name_and_the_report_says_what_changed(tmp_path: Path, built: tuple[DataFolder, BuildReport]) -> None:
    folder = DataFolder(tmp_path)
    build(folder)
    small_copy(tmp_path)
    report = build(folder)
    assert report.content_hash != built[1].content_hash
    assert report.changes is not None
    assert report.changes["observation"] == {"added": 0, "removed": 0, "changed": 1}


def test_a_killed_build_leaves_the_last_good_database(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    build(folder)
    before = opens(folder)
    small_copy(tmp_path)
    process = start_build(tmp_path)
    start = time.monotonic()
    assert process.wait(120) == 0
    length = time.monotonic() - start
    after = opens(folder)
    assert after != before
    chance = random.Random(20)
    for round_ in range(20):
        # Every second round there is other content to switch to, so that the switch itself is hit too.
        marker = folder.figures / "census_nation.csv"
        text = marker.read_text("utf-8")
        old, new = ("all,16.4", "all,16.3") if "1960,all,all,all,16.4" in text else ("all,16.3", "all,16.4")
        marker.write_text(text.replace(f"1960,all,all,{old}", f"1960,all,all,{new}"), "utf-8")
        process = start_build(tmp_path)
        time.sleep(chance.uniform(0.0, length))
        process.kill()
        process.wait()
        assert opens(folder), f"round {round_}"
    final = build(folder)
    assert opens(folder) == final.content_hash


def test_ten_builds_at_once_leave_one_good_state(tmp_path: Path) -> None:
    processes = [start_build(tmp_path) for _ in range(10)]
    codes = [process.wait(300) for process in processes]
    assert codes == [0] * 10, [process.stderr.read().decode()[-500:] for process in processes if process.stderr]
    folder = DataFolder(tmp_path)
    identity = opens(folder)
    assert [path.name for path in tmp_path.glob("isolation-*.duckdb")] == [f"isolation-{identity}.duckdb"]
    assert not list(tmp_path.glob("*.tmp"))


def test_a_reader_that_holds_the_old_database_reads_on(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    build(folder)
    path = folder.database()
    assert path is not None
    with duckdb.connect(str(path), read_only=True) as reader:
        small_copy(tmp_path)
        build(folder)
        assert reader.execute("SELECT value FROM observation WHERE indicator_id = 'one_person_household_share' AND year = 1960").fetchall() == [(0.165,)]
    assert folder.database() != path


@pytest.mark.parametrize("content", ["", "{", '{"database": "../outside.duckdb"}', '{"database": 5}', "[]"])
def test_a_damaged_pointer_means_no_database_rather_than_a_crash(tmp_path: Path, content: str) -> None:
    folder = DataFolder(tmp_path)
    folder.pointer.write_text(content, "utf-8")
    assert folder.database() is None
