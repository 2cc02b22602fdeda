"""What the tests of the ETL share: the sample city's files, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.sample_city import write_sample


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city of the default build; only to be read."""
    made = tmp_path_factory.mktemp("sample")
    write_sample(made)
    return made
