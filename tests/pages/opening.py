"""Opening a page as a reader does: the dashboard first, then the page with its choices in the address."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def opened_page(name: str, timeout: int = 60, **query: str) -> AppTest:
    """The page `pages/<name>.py` run with these words in its address; an exception on it fails the test."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=timeout)
    app.run()
    app.switch_page(f"pages/{name}.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def html(app: AppTest) -> str:
    """All HTML the project wrote on the page, without style sheets."""
    return re.sub(r"<style>.*?</style>", "", "\n".join(each.proto.body for each in app.get("html")), flags=re.DOTALL)
