"""The overview page runs in both languages and survives whatever the URL says."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from catalog.folder import PROJECT


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_the_page_opens_in_japanese_with_the_finding_as_its_title() -> None:
    said = words(opened())
    assert "<h1>" in said
    assert said.count("<h1>") == 1
    assert "16.5%" in said
    assert "43.5%" in said
    assert "新しいこと" in said


def test_the_page_opens_in_english() -> None:
    said = words(opened(lang="en"))
    assert "What is new" in said
    assert "beyond chance" in said


def test_every_figure_and_every_way_in_has_its_link() -> None:
    app = opened()
    links = [link.proto for link in app.get("page_link")]
    in_page = [link for link in links if link.page in ("trends", "contact", "compare", "catalogue") or link.page_script_hash]
    assert len(in_page) >= 6 + 8


def test_links_carry_language_and_text_size() -> None:
    app = opened(lang="en", size="125")
    links = [str(link.proto) for link in app.get("page_link")]
    assert sum("lang=en" in link for link in links) == len(links)


@pytest.mark.parametrize(
    "query",
    [
        {"lang": "xx"},
        {"size": "900"},
        {"lang": "<script>alert(1)</script>"},
        {"size": "x" * 10_000},
        {"indicator": "nothing", "areas": "99999", "year": "abc"},
    ],
)
def test_a_bad_url_gives_the_page_and_no_traceback(query: dict[str, str]) -> None:
    said = words(opened(**query))
    assert "38.0%" in said
    assert "<script>alert" not in said
