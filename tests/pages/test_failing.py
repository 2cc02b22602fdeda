"""A page that fails: one sentence in the reader's language, no traceback, no English; the record is the server's."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def failing() -> None:
    from atlas.interface.serving import told

    assert told(ValueError("a secret of the program"))


JAPANESE = "最後まで作れませんでした"


@pytest.mark.parametrize(("lang", "words"), [(None, JAPANESE), ("ja", JAPANESE), ("en", "could not be made"), ("<b>", JAPANESE)])
def test_a_failing_page_says_so_in_words(lang: str | None, words: str, caplog: pytest.LogCaptureFixture) -> None:
    app = AppTest.from_function(failing)
    if lang is not None:
        app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    said = "".join(str(one.proto.body) for one in app.get("html"))
    assert words in said
    assert "secret" not in said
    assert "a secret of the program" in caplog.text
