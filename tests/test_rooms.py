"""Who may import whom: docs/architecture.md, walked through every module."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "catalog": {"catalog"},
    "atlas": {"atlas", "catalog"},  # atlas/__main__.py, the commands
    "etl": {"etl", "catalog", "atlas.analysis"},
    "atlas.store": {"atlas.store", "catalog"},
    "atlas.analysis": {"atlas.analysis"},
    "atlas.texts": {"atlas.texts"},
    "atlas.figures": {"atlas.figures", "atlas.analysis", "atlas.texts"},
    "atlas.exhibits": {"atlas.exhibits", "atlas.store", "atlas.analysis", "atlas.figures", "atlas.texts", "catalog"},
    "atlas.exports": {"atlas.exports", "atlas.exhibits", "atlas.figures", "atlas.analysis", "atlas.store", "atlas.texts"},
    "atlas.stories": {"atlas.stories", "atlas.exhibits", "atlas.exports", "atlas.figures", "atlas.store", "atlas.texts"},
    "atlas.site": {"atlas.site", "atlas.stories", "atlas.exhibits", "atlas.exports", "atlas.figures", "atlas.store", "atlas.texts", "catalog"},
    "atlas.interface": {"atlas", "catalog"},
    "pages": {"atlas.interface", "atlas.exhibits"},
    "dashboard": {"atlas.interface", "atlas.exhibits"},
}
OWN = ("catalog", "etl", "atlas", "pages")
ONLY_THE_INTERFACE = {"streamlit"}
ANALYSIS_KNOWS = {"numpy", "scipy", "pandas", "shapely"} | set(sys.stdlib_module_names)
PAGE_LINES = 50
MODULE_LINES = 300


def modules() -> list[Path]:
    folders = [path for name in OWN for path in sorted((ROOT / name).rglob("*.py"))]
    return [*folders, ROOT / "dashboard.py"]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module in ("atlas", "etl", "atlas.store") else {node.module or ""}
    return names


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:2]) if parts[0] == "atlas" and len(parts) > 2 else parts[0]


def is_within(name: str, room: str) -> bool:
    return name == room or name.startswith(room + ".")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(path)
    wrong = {name for name in imported(path) if name.split(".")[0] in OWN and not any(is_within(name, allowed) for allowed in ALLOWED[room])}
    assert not wrong, f"{room} may not import {sorted(wrong)}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_interface_and_pages_know_streamlit(path: Path) -> None:
    if room_of(path) in ("atlas.interface", "pages", "dashboard"):
        return
    assert not {name for name in imported(path) if name.split(".")[0] in ONLY_THE_INTERFACE}


def test_analysis_is_pure() -> None:
    for path in sorted((ROOT / "atlas" / "analysis").glob("*.py")):
        foreign = {name.split(".")[0] for name in imported(path)} - ANALYSIS_KNOWS - {"atlas"}
        assert not foreign, f"{path.name} imports {sorted(foreign)}"


def test_every_select_stands_in_the_store_or_the_etl() -> None:
    for path in modules():
        if room_of(path) in ("atlas.store", "etl", "catalog"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "SELECT " not in node.value, f"{path}: a query outside the store"


@pytest.mark.parametrize("path", [*sorted((ROOT / "pages").glob("*.py")), ROOT / "dashboard.py"], ids=lambda path: path.name)
def test_a_page_stays_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < PAGE_LINES


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MODULE_LINES


def test_no_room_is_called_utils() -> None:
    bad = {"utils", "util", "helpers", "helper", "common", "misc", "constants"}
    assert not [path for path in modules() if path.stem in bad]
