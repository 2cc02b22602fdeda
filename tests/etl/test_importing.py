"""`python -m etl import`: right figures, or one clear report and an unchanged served database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from catalog.folder import DataFolder
from tests.etl.readers.making import Rows, ssdse_a_of_shipped_figures

ROOT = Path(__file__).resolve().parents[2]


def etl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "etl", *arguments], cwd=ROOT, env={**os.environ, "ATLAS_DATA": str(folder)}, capture_output=True, text=True, check=False
    )


def state(folder: Path) -> tuple[bytes, list[str], list[str]]:
    """Everything that must not change when a file is refused."""
    return (
        (folder / "current.json").read_bytes(),
        sorted(path.name for path in folder.glob("isolation-*")),
        sorted(str(path) for path in (folder / "inbox").rglob("*")),
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    done = etl(folder, "build")
    assert done.returncode == 0, done.stderr
    return folder


def cut_a_row(rows: Rows) -> None:
    rows[700] = rows[700][:4]


def say_a_city_twice(rows: Rows) -> None:
    rows[900] = list(rows[899])


def put_text_in_a_number(rows: Rows) -> None:
    rows[500][6] = "約3万"


@pytest.mark.parametrize(("change", "row", "words"), [(cut_a_row, 701, "not whole"), (say_a_city_twice, 901, "twice"), (put_text_in_a_number, 501, "約3万")])
def test_a_damaged_file_gives_one_report_and_changes_nothing(served: Path, tmp_path: Path, change: Callable[[Rows], None], row: int, words: str) -> None:
    damaged = tmp_path / "damaged.csv"
    damaged.write_bytes(ssdse_a_of_shipped_figures(change=change))
    before = state(served)
    done = etl(served, "import", str(damaged))
    assert done.returncode == 1
    assert f"row {row}" in done.stderr
    assert words in done.stderr
    assert "Nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert state(served) == before


def test_a_wrong_encoding_is_named_and_changes_nothing(served: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "utf8.csv"
    damaged.write_bytes(ssdse_a_of_shipped_figures().decode("cp932").encode("utf-8"))
    before = state(served)
    done = etl(served, "import", str(damaged))
    assert done.returncode == 1
    assert "CP932" in done.stderr
    assert "UTF-8" in done.stderr
    assert state(served) == before


def test_a_file_of_no_known_kind_is_refused(served: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    before = state(served)
    done = etl(served, "import", str(other))
    assert done.returncode == 1
    assert "no reader knows" in done.stderr
    assert state(served) == before


def test_one_bad_file_of_two_keeps_the_good_one_out_too(served: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(ssdse_a_of_shipped_figures())
    bad.write_bytes(b"")
    before = state(served)
    done = etl(served, "import", str(good), str(bad))
    assert done.returncode == 1
    assert "empty" in done.stderr
    assert state(served) == before


def test_a_file_that_contradicts_the_publications_is_refused(served: Path, tmp_path: Path) -> None:
    """The municipalities of a file against the published share of a prefecture or the nation."""

    def halve(rows: Rows) -> None:
        for row in rows[3:]:
            row[6] = str(int(row[6]) // 2)

    wrong = tmp_path / "halved.csv"
    wrong.write_bytes(ssdse_a_of_shipped_figures(change=halve))
    done = etl(served, "import", str(wrong), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1 or any("do not add up to the nation" in warning for warning in report["warnings"])


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    named = tmp_path / "完全に別の名前.txt"
    named.write_bytes(ssdse_a_of_shipped_figures())
    done = etl(tmp_path, "import", str(named), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert "1,741 municipalities" in report["files"][0]["understood_en"]
    kept = list((tmp_path / "inbox" / "kept").glob("*/*"))
    assert len(kept) == 1
    again = etl(tmp_path, "import", str(named), "--json")
    assert json.loads(again.stdout)["content_hash"] == report["content_hash"]
    assert list((tmp_path / "inbox" / "kept").glob("*/*")) == kept


@pytest.mark.raw
@pytest.mark.parametrize(("edition", "year", "one_person", "general"), [
    (2018, 2015, 18_417_922, 53_331_797), (2021, 2015, 18_417_922, 53_331_797),
    (2022, 2020, 21_151_042, 55_704_949), (2026, 2020, 21_151_042, 55_704_949),
])  # fmt: skip
def test_every_published_edition_puts_all_municipalities_in(raw: Path, tmp_path: Path, edition: int, year: int, one_person: int, general: int) -> None:
    done = etl(tmp_path, "import", str(raw / "ssdse" / f"SSDSE-A-{edition}.csv"), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["areas"]["municipality"] == 1_741
    assert report["warnings"] == []
    path = DataFolder(tmp_path).database()
    assert path is not None
    with duckdb.connect(str(path), read_only=True) as connection:
        for indicator, total in (("one_person_households", one_person), ("general_households", general)):
            rows = connection.execute(
                "SELECT sum(value), count(*), count(*) FILTER (source_id = 'ssdse_a' AND verified = 'file') FROM observation JOIN area USING (area_code) "
                "JOIN citation USING (citation_id) WHERE level = 'municipality' AND indicator_id = ? AND year = ?",
                [indicator, year],
            ).fetchall()
            assert rows == [(total, 1_741, 1_741)]
        assert connection.execute("SELECT count(*) FROM area WHERE area_code = '40305'").fetchone() == (0,)
        moved = connection.execute("SELECT count(*) FROM observation WHERE area_code = '40231' AND indicator_id = 'population_75_over'").fetchone()
        assert moved == (1,)
