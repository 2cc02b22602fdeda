"""What every reader returns: tidy observations of one file, and what was understood of it in words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

OBSERVATION_KEY = ["indicator_id", "area_code", "year", "sex", "age_group", "household_type"]
READING_COLUMNS = [*OBSERVATION_KEY, "value", "status"]
AREA_COLUMNS = ["area_code", "level", "parent_code", "name_ja", "name_en"]


@dataclass(frozen=True)
class Reading:
    """One file, read. Counts only: rates are derived later.

    observations: READING_COLUMNS; `value` float, NaN where `status` is not observed; sex, age_group and
    household_type say 'all' for totals. areas: AREA_COLUMNS, every area the file names below the prefectures.
    edition: orders files of one source, the greater the newer (a newer one wins). understood: what the file
    is, one sentence in each language (edition, years, number of areas).
    """

    reader: str
    source_id: str
    file: str
    sha256: str
    edition: str
    observations: pd.DataFrame
    areas: pd.DataFrame
    understood_ja: str
    understood_en: str
    notes: tuple[str, ...] = ()
    publication: str = ""
    """The line to show as the figures' publication."""


@dataclass(frozen=True)
class Reader:
    """How one kind of file is known by its content, and read.

    recognises: the file's first bytes (64 kB at most) and its path -> is it mine? Content only, never the name.
    read: path -> Reading; raises EtlError with every problem of the file.
    """

    id: str
    title_ja: str
    title_en: str
    tried_on_real_file: bool
    recognises: Callable[[bytes, Path], bool]
    read: Callable[[Path], Reading]


def repeated(text: str, count: int) -> pd.api.extensions.ExtensionArray:
    """The same text `count` times as a column, many times faster than pandas makes one from a scalar."""
    return pd.array([text], dtype="str").take(np.zeros(count, dtype=np.intp))


def sha256_of(path: Path) -> str:
    """The file's SHA-256 as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
