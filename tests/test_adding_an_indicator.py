"""docs/adding_an_indicator.md, carried out step by step in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.etl.readers.making import ssdse_a_of_shipped_figures

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "adding_an_indicator.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found, f"the document has no {language} block"
    return found.group(1)


def test_the_two_steps_of_the_document_add_an_indicator(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for part in ("catalog", "etl", "atlas", "data/catalog", "data/figures"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    registry = project / "data" / "catalog" / "population.yaml"
    registry.write_text(registry.read_text("utf-8").rstrip("\n") + "\n" + block("yaml"), "utf-8")
    reader = project / "etl" / "readers" / "ssdse_a.py"
    line = block("python")
    assert line.count("\n") == 1, "one reader line only"
    reader.write_text(reader.read_text("utf-8").replace("ITEMS = {\n", "ITEMS = {\n" + line, 1), "utf-8")
    published = tmp_path / "published.csv"
    published.write_bytes(ssdse_a_of_shipped_figures(("A1700",)))
    environment = {**os.environ, "ATLAS_DATA": str(project / "data"), "PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, "-m", "etl", "import", str(published), "--json"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["years"]["foreign_population"] == [2020]
    with duckdb.connect(str(project / "data" / report["database"]), read_only=True) as connection:
        cities, nation = connection.execute(
            "SELECT sum(value) FILTER (level = 'municipality'), sum(value) FILTER (level = 'nation') FROM observation JOIN area USING (area_code) "
            "WHERE indicator_id = 'foreign_population'"
        ).fetchone()  # type: ignore[misc]
    assert cities == nation == 7 * 1_741
