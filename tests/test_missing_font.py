"""The font of PDFs is not there: commands and pages say so in one sentence, write nothing, and what stood there stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pylopdf_fonts_jp
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from atlas.__main__ import app
from atlas.exports.paper_font import FontError, font_file
from atlas.interface import shown
from atlas.interface.pictures import NotMadeError

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = "PDFに使う日本語フォント"


@pytest.fixture(params=["no file", "no package"])
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if request.param == "no file":
        monkeypatch.setattr(pylopdf_fonts_jp, "sans_path", lambda: tmp_path / "gone.otf")
    else:
        monkeypatch.setitem(sys.modules, "pylopdf_fonts_jp", None)


def test_the_error_says_what_to_do_in_both_languages(missing: None) -> None:
    from atlas.texts import texts

    with pytest.raises(FontError) as caught:
        font_file()
    assert "requirements.txt" in caught.value.said(texts("ja"))
    assert "requirements.txt" in caught.value.said(texts("en"))


@pytest.mark.parametrize(
    "command", [["pdf", "nation"], ["cards", "--municipality", "99201", "--district", "99201-B199210000011"]], ids=lambda command: command[0]
)
def test_a_command_says_so_and_writes_nothing(missing: None, command: list[str], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "a.pdf"
    out.write_text("previous file", "utf-8")
    result = CliRunner().invoke(app, [*command, str(out)])
    assert result.exit_code == 1
    assert SENTENCE in result.stderr
    assert "Traceback" not in result.output
    assert out.read_text("utf-8") == "previous file"
    assert list(out.parent.iterdir()) == [out]


def test_a_page_offers_no_pdf_and_says_why_while_the_rest_works(missing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, object]] = []
    real = shown.figure_tools
    monkeypatch.setattr(shown, "figure_tools", lambda **arguments: (given.append(arguments), real(**arguments)))
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    assert not page.exception
    button = next(one.proto for one in page.get("download_button") if one.proto.label == "このページをPDFに")
    assert button.disabled
    assert SENTENCE in button.help
    files = given[-1]["files"]
    assert isinstance(files, dict)
    with pytest.raises(NotMadeError, match=SENTENCE):
        files["pdf"].make()
    assert files["csv"].make()
