"""`python -m atlas publish`: says what it wrote, or in one sentence why not."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from atlas.__main__ import app
from atlas.site import publish as publishing
from atlas.site.model import Place
from atlas.site.publish import Published


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["publish", *map(str, arguments)])


def test_it_says_how_much_was_written_about_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def written(store: object, target: Path, **more: object) -> Published:
        asked.update(more, target=target)
        return Published(1234, 7_654_321, Place("31201", "31000", "99201", True))

    monkeypatch.setattr(publishing, "publish", written)
    done = run(tmp_path / "site", "--municipality", "31201")
    assert done.exit_code == 0, done.output
    assert f"{tmp_path / 'site'} に1,234個のファイル、7.7 MBを書きました。地域：鳥取県 鳥取市、必要度マップ：見本市（架空）。" in done.stdout
    assert asked["municipality"] == "31201"
    assert asked["target"] == tmp_path / "site"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("site", "--municipality", "12345"), "市区町村コード「12345」は収録していません"),
        (("none/site",), "先に作るか"),
        (("full",), "ここで公開したものではないファイル（mine.txtなど）"),
        (("full/mine.txt",), "フォルダーではありません"),
        (("site", "--story", "none.yaml"), "none.yaml"),
    ],
)
def test_a_wrong_wish_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", "utf-8")
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "mine.txt"]


@pytest.mark.parametrize(("number", "message"), [(errno.ENOSPC, "空き容量が足りません"), (errno.EACCES, "書き込めません")])
def test_a_disk_that_is_full_or_closed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, "said by the system")

    monkeypatch.setattr(publishing._Site, "write", fails)
    done = run(tmp_path / "site")
    assert done.exit_code == 1
    assert message in done.stderr
    assert not list(tmp_path.iterdir())


def test_stopped_on_the_way_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "_assets", stopped)
    done = run(tmp_path / "site")
    assert done.exit_code == 1
    assert "途中で止めました" in done.stderr
    assert not list(tmp_path.iterdir())


def test_without_a_database_the_way_to_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA", str(tmp_path))
    done = run(tmp_path / "site")
    assert done.exit_code == 1
    assert "python -m etl build" in done.stderr


def test_it_does_without_streamlit() -> None:
    script = "import sys, atlas.site.publish; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(__file__).resolve().parents[2]).returncode == 0
