"""What all tests share: a built database of their own, and the real published files where there are any."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from atlas.exhibits.context import Context
from atlas.figures.look import Look
from atlas.store.database import Store
from atlas.texts import texts
from catalog.folder import DataFolder
from etl.build import build
from etl.report import BuildReport

# No test of this project measures time; on a busy machine a deadline an example would.
settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")

# With all libraries loaded a look for garbage is dear; the tests leave little.
gc.set_threshold(20_000, 20, 50)

ROOT = Path(__file__).resolve().parents[1]
RAW = Path(os.environ.get("ATLAS_RAW", ROOT.parent / "shared" / "raw"))


@pytest.fixture(scope="session")
def raw() -> Path:
    """The folder of real published files (ATLAS_RAW). Without it the test is skipped; in CI it must be there."""
    if not (RAW / "ssdse").is_dir():
        if os.environ.get("ATLAS_RAW_REQUIRED") == "1":
            pytest.fail(f"ATLAS_RAW has no real published files: {RAW}")
        pytest.skip("ATLAS_RAW has no real published files")
    return RAW


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, BuildReport]:
    """A data folder of the tests' own, with the default build in it, and the build's report."""
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    return folder, build(folder)


@pytest.fixture(scope="session", autouse=True)
def own_data(built: tuple[DataFolder, BuildReport]) -> None:
    """Every program the tests start reads that folder, never the user's data."""
    os.environ["ATLAS_DATA"] = str(built[0].root)


@pytest.fixture(scope="session")
def store(built: tuple[DataFolder, BuildReport]) -> Store:
    """The built database, open."""
    path = built[0].database()
    assert path is not None
    return Store(path)


@pytest.fixture(scope="session")
def japanese(store: Store) -> Context:
    """Store, words and look of a reader of Japanese."""
    return Context(store, texts("ja"), Look("ja"))


@pytest.fixture(scope="session")
def english(store: Store) -> Context:
    """Store, words and look of a reader of English."""
    return Context(store, texts("en"), Look("en"))
