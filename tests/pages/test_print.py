"""Every page offers itself as PDF with the exhibits it shows and the present choices; figures offer themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from atlas.exports.citation import ATTACHMENT
from atlas.exports.tables import Provenance
from atlas.interface import shown
from atlas.interface.frame import Page

ROOT = Path(__file__).resolve().parents[2]


def opened(page: str, patch: pytest.MonkeyPatch, **query: str) -> tuple[AppTest, Page]:
    """A page, and what its foot would print."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.run()
    found: list[Page] = []
    real = shown.foot

    def noted(one: Page) -> None:
        found.append(one)
        real(one)

    patch.setattr(shown, "foot", noted)
    if page != "overview":
        app.switch_page(f"pages/{page}.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app, found[-1]


@pytest.mark.parametrize(
    ("page", "query", "count"),
    [
        ("overview", {}, 1), ("trends", {}, 5), ("contact", {}, 9), ("compare", {}, 6), ("need_map", {}, 1), ("catalogue", {}, 1),
        ("targets", {}, 2), ("targets", {"view": "evidence"}, 6), ("targets", {"view": "places"}, 3), ("targets", {"view": "next"}, 4),
        ("targets", {"view": "shortlist"}, 1),
    ],
)  # fmt: skip
def test_the_foot_of_a_page_prints_every_exhibit_on_it(page: str, query: dict[str, str], count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app, one = opened(page, monkeypatch, **query)
    labels = [each.proto.label for each in app.get("download_button")]
    assert labels.count("このページをPDFに") == 1
    assert len(one.exhibits) == count
    assert all(exhibit.recipe for exhibit in one.exhibits), "what has a recipe can be made again"
    assert len({exhibit.recipe for exhibit in one.exhibits}) == len(one.exhibits)


def test_the_pdf_holds_the_present_choices_in_the_reader_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    app, one = opened("trends", monkeypatch, lang="en", indicator="population_65_over_share", areas="00000_31201", size="150")
    assert "This page as PDF" in [each.proto.label for each in app.get("download_button")]
    reader = PdfReader(io.BytesIO(shown._page_pdf(one, "https://atlas.example.jp/trends?lang=en")))
    words = " ".join(page.extract_text() for page in reader.pages)
    for exhibit in one.exhibits:
        assert "".join(exhibit.title.split()) in "".join(words.split())
    text: Any = reader.attachments[ATTACHMENT][0].decode("utf-8")
    assert text.count('"recipe":') == len(one.exhibits)
    assert "https://atlas.example.jp/trends?lang=en" in words


def test_a_figure_offers_itself_as_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    _, one = opened("overview", monkeypatch)
    content = shown.PDF.make(one.exhibits[0], one.context, Provenance("2026-11-22T04:00:00+09:00"))
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert (shown.PDF.ending, shown.PDF.media) == ("pdf", "application/pdf")
