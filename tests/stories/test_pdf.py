"""Stories as PDF: own titles first, the list of views with their pages, both shipped stories in both languages; the command and what goes wrong."""

from __future__ import annotations

import errno
import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import Result

from atlas.exhibits.context import Context
from atlas.exports.reproduce import EQUAL, reproduce
from atlas.stories.pdf import story_pdf
from atlas.stories.reading import story_of
from atlas.stories.shipped import shipped
from atlas.stories.telling import told
from tests.exports.printing import noting, plain, said
from tests.stories import commands
from tests.stories.commands import OLD, ONE, place, refused, story_file

MADE = date(2026, 11, 22)
OWN = """id: a
title: {ja: わたしの発表, en: My story}
lead: {ja: はじめに, en: To begin with}
slides:
  - view: overtaken:overtaken
    title: {ja: わたしの題, en: My own title}
    sentence: {ja: わたしの文です。, en: My own sentence.}
  - view: older:older_definitions
"""


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return story_file(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return place(tmp_path, "story.pdf")


def run(*arguments: object) -> Result:
    return commands.run("pdf", *arguments)


@pytest.mark.parametrize("lang", ["japanese", "english"])
@pytest.mark.parametrize("name", ["nation", "district"])
def test_both_stories_are_printed_whole_and_can_be_made_again(name: str, lang: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    context: Context = request.getfixturevalue(lang)
    one = shipped()[name]
    views = told(context, one, "99201" if name == "district" else None)
    done: list[tuple[int, int]] = []
    with noting(pytest.MonkeyPatch()) as placed:
        content = story_pdf(context, views, one, made=MADE, progress=lambda now, total: done.append((now, total)))
    words, reader = said(placed), PdfReader(io.BytesIO(content))
    assert done == [(number, len(views)) for number in range(1, len(views) + 1)]
    assert plain(context.texts("print.no_drawing")) not in words
    assert [entry.title for entry in reader.outline] == [view.title for view in views]  # type: ignore[union-attr]
    cover = [placing.text for placing in placed if placing.page == 1]
    assert plain(one.title.of(context.lang)) in plain("".join(cover))
    for number, (view, entry) in enumerate(zip(views, reader.outline, strict=True), 1):
        assert f"{number}." in cover
        assert str(reader.get_destination_page_number(entry) + 1) in cover  # type: ignore[arg-type]
        for text in (view.title, view.exhibit.title, view.sentence, *view.exhibit.sources):
            assert plain(text) in words, text
    assert (plain(context.texts("deck.sample_inside")) in plain("".join(cover))) == (name == "district")
    if (name, lang) not in (("nation", "english"), ("district", "japanese")):
        return  # each story once and each language once: making everything again takes as long as making it
    path = tmp_path / "story.pdf"
    path.write_bytes(content)
    assert [each.status for each in reproduce(path, context.store)] == [EQUAL] * len(views)


def test_own_titles_come_first_with_the_exhibit_s_below(english: Context) -> None:
    one = story_of(OWN)
    views = told(english, one)
    with noting(pytest.MonkeyPatch()) as placed:
        story_pdf(english, views, one, made=MADE)
    second = [placing.text for placing in placed if placing.page == 2]
    assert second.index("My own title") < second.index(views[0].exhibit.title)
    assert "My own sentence." in second
    assert plain(views[0].exhibit.sentence) not in said(placed)
    assert {"My story", "To begin with", "1.", "2.", "22 November 2026  Tsunagari Atlas"} <= {placing.text for placing in placed if placing.page == 1}


def test_a_story_is_written_and_told(story: Path, out: Path) -> None:
    done = run(story, out, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"Title: written to {out} (number of figures: 1).\n"
    assert len(PdfReader(out).pages) == 2
    assert list(out.parent.iterdir()) == [out]


def test_what_does_not_exist_is_one_sentence_and_writes_nothing(story: Path, out: Path, tmp_path: Path) -> None:
    refused(run("nowhere", out), 2, "nation, district")
    refused(run("district", out, "--city", "12345"), 2, "99201")
    refused(run(story, tmp_path / "story.ps"), 2, ".pdf")
    refused(run(story, tmp_path), 2, str(tmp_path))
    refused(run(story, tmp_path / "nowhere" / "story.pdf"), 2, "nowhere")
    refused(run(story, out, "--lang", "fr"), 2, "fr")
    for text in ("a: [", ONE + "    colour: red\n", ONE.replace("overtaken:overtaken", "os:system")):
        story.write_text(text, "utf-8")
        refused(run(story, out), 2, "発表を作れませんでした")
    assert not list(out.parent.iterdir())


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "空き容量"), (errno.EACCES, "書き込めません")])
def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(story: Path, out: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str) -> None:
    out.write_text(OLD)

    def fails(self: Path, target: Path) -> Path:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "replace", fails)
    refused(run(story, out), 1, words)
    assert out.read_text() == OLD
    assert list(out.parent.iterdir()) == [out]
