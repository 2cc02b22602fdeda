"""`python -m atlas serve`, what `make run` starts: the same pages as `streamlit run`, with their static files, and nothing of another host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard.py"


@pytest.mark.parametrize("path", ["", "/need_map"])
def test_a_page_is_served_with_figure_and_tools(served: Callable[..., str], visit: Callable[..., Page], path: str) -> None:
    page = visit(served(DASHBOARD, "as make run") + path)
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="CSVで保存").first).to_be_visible()
    expect(page.get_by_role("link", name="推移").first).to_be_visible()
