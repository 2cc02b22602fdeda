"""The served database: opened once a version; built at the first start when there is none."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import streamlit as st

from atlas.interface import words
from atlas.store.database import OldFormatError, Store, StoreError
from atlas.texts import Texts
from catalog.folder import PROJECT, data_folder


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(path: str, modified: float) -> Store:
    """One open database a file; `modified` tells a file that was written again under its name."""
    del modified
    return Store(Path(path))


@st.cache_resource(show_spinner=False)
def _building() -> threading.Lock:
    """Held while this server builds, so that a second reader waits instead of building too."""
    return threading.Lock()


def opened_store() -> Store | None:
    """The served database where there is one. Raises StoreError or OSError for one that cannot be opened."""
    path = data_folder().database()
    return None if path is None else _opened(str(path), path.stat().st_mtime)


def served_store(texts: Texts) -> Store:
    """The database that `current.json` names, built first if it is not there.

    When that cannot be done the page says why and what to do, and stops.
    """
    if data_folder().database() is None:
        _build(texts)
    try:
        opened_store()
    except OldFormatError:  # the imported files are kept: building again loses nothing
        _build(texts, anew=True)
    except (StoreError, OSError):
        pass  # told below
    try:
        store = opened_store()
        if store is None:
            words.stop_with(texts("frame.build.failed"), texts("frame.build.advice"))
        return store
    except (StoreError, OSError) as error:
        words.stop_with(texts("frame.build.damaged"), texts("frame.build.advice"), str(error))


def _build(texts: Texts, *, anew: bool = False) -> None:
    """Run the ETL as its own process, with its steps as a progress bar. anew: although there is a database."""
    with _building():
        if data_folder().database() is not None and not anew:
            return
        st.title(texts("frame.build.title"))
        bar = st.progress(0.0, text=texts("frame.build.start"))
        process = subprocess.Popen(
            [sys.executable, "-m", "etl", "build", "--progress-lines"],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=None,
        )
        for line in process.stdout or ():
            try:
                step = json.loads(line)
                bar.progress(step["step"] / step["of"], text=texts(f"frame.build.steps.{step['name']}"))
            except (ValueError, KeyError, TypeError):
                continue  # a line of another library; the steps go on
        report = process.stderr.read() if process.stderr else ""
        if process.wait() != 0:
            words.stop_with(texts("frame.build.failed"), texts("frame.build.advice"), report)
    st.rerun()
