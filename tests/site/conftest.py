"""One published site for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.site.publish import Published
from atlas.store.database import Store
from tests.site.few import publish_few


@pytest.fixture(scope="session")
def published(store: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Published]:
    """The folder and what `publish` said of it."""
    folder = tmp_path_factory.mktemp("published") / "site"
    return folder, publish_few(store, folder)


@pytest.fixture(scope="session")
def site(published: tuple[Path, Published]) -> Path:
    """The folder alone."""
    return published[0]
