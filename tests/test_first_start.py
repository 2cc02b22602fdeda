"""`streamlit run dashboard.py` without a database builds one, with its steps on screen; a build that fails says why."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from catalog.folder import DataFolder

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard.py"


def open_dashboard() -> AppTest:
    return AppTest.from_file(str(DASHBOARD), default_timeout=180).run()


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_a_missing_database_is_built_at_the_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    app = open_dashboard()
    assert not app.exception
    assert DataFolder(tmp_path).database() is not None
    assert "38.0%" in html(app)


def test_a_build_that_fails_says_what_to_do_instead_of_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "broken.csv").write_text("a,b\n1,2\n", "utf-8")
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    app = open_dashboard()
    assert not app.exception
    assert "データベースを作れませんでした。" in html(app)
    assert "broken.csv" in html(app)
    assert "python -m etl build" in html(app)


def test_a_damaged_database_file_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "isolation-000.duckdb").write_bytes(os.urandom(4_096))
    (tmp_path / "current.json").write_text('{"database": "isolation-000.duckdb"}', "utf-8")
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    app = open_dashboard()
    assert not app.exception
    assert "データベースを開けませんでした。" in html(app)


def test_a_database_of_another_version_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    with duckdb.connect(str(tmp_path / "isolation-old.duckdb")) as old:
        old.execute("CREATE TABLE build_info (key VARCHAR, value VARCHAR)")
        old.execute("INSERT INTO build_info VALUES ('schema_version', '0'), ('content_hash', 'old')")
    (tmp_path / "current.json").write_text('{"database": "isolation-old.duckdb"}', "utf-8")
    app = open_dashboard()
    assert not app.exception
    assert "38.0%" in html(app)
    assert DataFolder(tmp_path).database() != tmp_path / "isolation-old.duckdb"
