"""Starting the server: the libraries and the first page are made ready while the browser is still opening."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import escape
from typing import Any

import streamlit as st

from atlas.texts import LANGUAGES, texts
from catalog.folder import PROJECT


def serve(host: str, port: int) -> None:
    """Serve the dashboard until it is stopped; the same as `streamlit run dashboard.py`, ready sooner for the first reader."""
    # The warnings of Streamlit about a missing session are for scripts run without a server; here the first page is made before the first session.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
    app = st.App(PROJECT / "dashboard.py", lifespan=_getting_ready, on_script_error=told)
    app.run(config={"server.address": host, "server.port": port})


def told(error: Exception) -> bool:
    """Say in the reader's language that a page failed, where Streamlit would say so in English; what went wrong is in the server's record."""
    logging.getLogger(__name__).error("A page could not be made.", exc_info=error)
    lang = st.query_params.get("lang", "")
    st.html(f'<p class="atlas-note" role="alert">{escape(texts(lang if lang in LANGUAGES else LANGUAGES[0])("frame.failed"))}</p>')
    return True


@asynccontextmanager
async def _getting_ready(app: st.App) -> AsyncGenerator[dict[str, Any] | None, None]:
    """Begin with the first page as soon as the server answers, beside it."""
    del app
    threading.Thread(target=_first_page, name="first-page", daemon=True).start()
    yield None


def _first_page() -> None:
    """Make what most readers see first: the overview in Japanese and light. Anything wrong is told when the page is opened, not here."""
    try:
        from atlas.exhibits import overview
        from atlas.exhibits.context import Context
        from atlas.figures.look import Look
        from atlas.interface import cards, shown
        from atlas.interface.served import opened_store

        store = opened_store()
        if store is None:
            return  # built when the page is opened, with its steps on screen
        context = Context(store, texts(LANGUAGES[0]), Look(LANGUAGES[0], False, 1.0))
        shown.finished(context, overview.finding)
        cards.prepared(context)
    except Exception:  # a page that fails says so itself, in words
        logging.getLogger(__name__).debug("The first page could not be made ready.", exc_info=True)
    finally:
        gc.enable()
