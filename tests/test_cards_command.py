"""`python -m atlas cards`: writes the file, or says in one sentence why not, and leaves nothing half-written."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from atlas.__main__ import app
from atlas.exports import card_pdf
from catalog.folder import DataFolder
from etl.report import BuildReport

CITY = "99201"
FIRST, SECOND = "99201-B199210000011", "99201-B199210000022"
ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["cards", *map(str, arguments)])


def test_the_districts_asked_for_are_written_and_told(tmp_path: Path) -> None:
    out = tmp_path / "cards.pdf"
    done = run("--municipality", CITY, "--district", SECOND, "--district", FIRST, "--district", SECOND, out)
    assert done.exit_code == 0, done.output
    assert f"見本市（架空）の2校区のカルテを {out} に書きました。" in done.stdout
    pages = PdfReader(out).pages
    assert ["".join(page.extract_text().split())[-6:] for page in pages] == ["1／2ページ", "2／2ページ"]
    assert list(tmp_path.iterdir()) == [out]


def test_in_english_and_of_another_census(tmp_path: Path) -> None:
    out = tmp_path / "cards.pdf"
    done = run("--municipality", CITY, "--district", FIRST, "--lang", "en", "--year", 2015, out)
    assert done.exit_code == 0, done.output
    text = PdfReader(out).pages[0].extract_text()
    assert "District card" in text
    assert "Figures of 2015" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--municipality", "31201"), "収録しているのは：99201 見本市（架空）"),
        (("--municipality", CITY, "--district", "99201-x"), "「99201-x」はありません。あるのは：99201-B199210000011、"),
        (("--municipality", CITY, "--year", 1999), "収録している年は：2010、2015、2020"),
        (("--municipality", CITY, "--lang", "fr"), "ja か en"),
        (("--municipality", "31201", "--lang", "en"), "No school districts are held for municipality 31201. Held are: 99201"),
        ((), "Missing option '--municipality'"),
    ],
)
def test_what_is_not_held_is_said_with_what_is(tmp_path: Path, arguments: tuple[object, ...], message: str) -> None:
    done = run(*arguments, tmp_path / "cards.pdf")
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_is_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.__main__._opened", lambda words: pytest.fail("the database was opened"))
    (tmp_path / "folder.pdf").mkdir()
    for name, message in (("none/cards.pdf", "先に作るか"), ("cards.docx", ".pdf で終わる"), ("folder.pdf", "フォルダーです")):
        done = run("--municipality", CITY, tmp_path / name)
        assert done.exit_code == 2
        assert message in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder.pdf"]


@pytest.mark.parametrize(("number", "message"), [(errno.ENOSPC, "空き容量が足りません"), (errno.EACCES, "書き込めません"), (errno.EROFS, "書き込めません")])
def test_a_disk_that_is_full_or_closed_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str) -> None:
    out = tmp_path / "cards.pdf"
    out.write_bytes(b"old")

    def fails(*_: object, **__: object) -> None:
        raise OSError(number, "said by the system")

    monkeypatch.setattr(card_pdf.Sheet, "finished", fails)
    done = run("--municipality", CITY, "--district", FIRST, out)
    assert done.exit_code == 1
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == [out]
    assert out.read_bytes() == b"old"


def test_stopped_on_the_way_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(card_pdf, "draw_page", stopped)
    done = run("--municipality", CITY, "--district", FIRST, tmp_path / "cards.pdf")
    assert done.exit_code == 1
    assert "何も書いていません" in done.stderr
    assert not list(tmp_path.iterdir())


def test_without_a_database_the_way_to_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    done = run("--municipality", CITY, tmp_path / "cards.pdf")
    assert done.exit_code == 1
    assert "python -m etl build" in done.stderr


def test_a_damaged_database_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DataFolder(tmp_path)
    folder.pointer.write_text('{"database": "broken.duckdb"}', "utf-8")
    (tmp_path / "broken.duckdb").write_bytes(b"not a database" * 400)
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    done = run("--municipality", CITY, tmp_path / "cards.pdf")
    assert done.exit_code == 1
    assert "作り直してください" in done.stderr


def test_it_does_without_streamlit(tmp_path: Path, built: tuple[DataFolder, BuildReport]) -> None:
    code = (
        "import sys; from atlas.__main__ import app\n"
        f"try: app(['cards', '--municipality', '{CITY}', '--district', '{FIRST}', sys.argv[1]])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert 'streamlit' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "cards.pdf")], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cards.pdf").stat().st_size > 10_000
