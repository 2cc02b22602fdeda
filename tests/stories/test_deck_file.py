"""`python -m atlas deck`, templates, and what goes wrong: one sentence each, nothing half-written."""

from __future__ import annotations

import errno
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches
from typer.testing import Result

from atlas.exhibits.context import Context
from atlas.stories.deck import ADDRESS, DeckError, deck_bytes
from atlas.stories.model import Story
from atlas.stories.reading import story_of
from atlas.stories.telling import told
from tests.stories import commands
from tests.stories.commands import OLD, ONE, place, refused, story_file
from tests.stories.deck_reading import charts_of, opened, words_of


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return story_file(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return place(tmp_path, "deck.pptx")


def run(*arguments: object) -> Result:
    return commands.run("deck", *arguments)


def template(change: Any) -> bytes:
    presentation = Presentation()
    change(presentation)
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def one_story() -> Story:
    return story_of(ONE)


def test_a_story_is_written_and_told(story: Path, out: Path) -> None:
    done = run(story, out, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"Title: 2 slides written to {out}.\n"
    slides = list(opened(out.read_bytes()).slides)
    assert "Each of 3 earlier projections" in words_of(slides[1])
    assert list(out.parent.iterdir()) == [out]


def test_a_shipped_story_is_found_by_its_id_and_an_unknown_one_names_them(out: Path) -> None:
    done = run("district", out, "--city", "99201")
    assert done.exit_code == 0, done.output
    assert len(opened(out.read_bytes()).slides) == 6
    refused(run("nowhere", out), 2, "nation, district")
    refused(run("district", out, "--city", "12345"), 2, "99201")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "story.yaml"),
        (ONE + "    colour: red\n", "colour"),
        (ONE.replace("overtaken:overtaken", "os:system"), "system"),
        ("\udc93".encode("utf-8", "surrogateescape"), "UTF-8"),
    ],
)
def test_a_broken_story_is_one_sentence_and_writes_nothing(tmp_path: Path, out: Path, text: str | bytes, said: str) -> None:
    path = tmp_path / "story.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(run(path, out), 2, said)
    assert not list(out.parent.iterdir())


def test_names_that_cannot_be_written_are_said(story: Path, tmp_path: Path) -> None:
    refused(run(story, tmp_path / "deck.ppt"), 2, ".pptx")
    refused(run(story, tmp_path), 2, str(tmp_path))
    refused(run(story, tmp_path / "nowhere" / "deck.pptx"), 2, "nowhere")
    refused(run(story, tmp_path / "deck.pptx", "--lang", "fr"), 2, "fr")
    refused(run(story, tmp_path / "deck.pptx", "--template", tmp_path / "none.pptx"), 2, "none.pptx")


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "空き容量"), (errno.EACCES, "書き込めません")])
def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(story: Path, out: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    out.write_text(OLD)

    def fails(self: Path, target: Path) -> Path:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "replace", fails)
    refused(run(story, out), 1, said)
    assert out.read_text() == OLD
    assert list(out.parent.iterdir()) == [out]


def test_an_address_that_is_none_is_said(story: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, "not an address")
    refused(run(story, out), 2, ADDRESS)


def test_a_template_gives_layouts_size_and_places_and_loses_its_slides(japanese: Context, tmp_path: Path) -> None:
    def office(presentation: Any) -> None:
        presentation.slide_width, presentation.slide_height = Inches(10), Inches(7.5)
        layout = presentation.slide_layouts.get_by_name("Title Only")
        layout.name = "表題のみ"
        title = layout.placeholders[0]
        title.left, title.top, title.width, title.height = Inches(1), Inches(0.5), Inches(8), Inches(1)
        presentation.slides.add_slide(layout).shapes.title.text_frame.text = "例のスライド"

    path = tmp_path / "office.pptx"
    path.write_bytes(template(office))
    story = one_story()
    presentation = opened(deck_bytes(japanese, told(japanese, story), story, template=path))
    assert (presentation.slide_width, presentation.slide_height) == (Inches(10), Inches(7.5))
    first, second = presentation.slides
    assert second.slide_layout.name == "表題のみ"
    assert second.shapes.title.left == Inches(1)
    assert first.slide_layout.name == "Title Slide"
    assert "例のスライド" not in words_of(first) + words_of(second)
    (frame,) = [shape for shape in second.shapes if shape.has_chart]
    assert frame.top >= Inches(1.5)
    assert Inches(1) <= frame.left
    assert frame.left + frame.width <= Inches(9) + 1
    assert charts_of(second)
    with zipfile.ZipFile(io.BytesIO(deck_bytes(japanese, told(japanese, story), story, template=path))) as packed:
        assert sum(name.startswith("ppt/slides/slide") for name in packed.namelist()) == 2


def test_a_template_with_only_a_title_and_content_layout_shows_no_empty_place(japanese: Context, tmp_path: Path) -> None:
    def only(presentation: Any) -> None:
        for layout in list(presentation.slide_layouts):
            if layout.name != "Title and Content":
                presentation.slide_layouts.remove(layout)

    path = tmp_path / "only.pptx"
    path.write_bytes(template(only))
    story = one_story()
    presentation = opened(deck_bytes(japanese, told(japanese, story), story, template=path))
    for slide in presentation.slides:
        assert [holder.placeholder_format.type for holder in slide.placeholders if not holder.text_frame.text] == []
    assert story.title.ja in words_of(presentation.slides[0])


def test_a_template_without_a_title_or_that_is_none_is_refused(japanese: Context, tmp_path: Path) -> None:
    def bare(presentation: Any) -> None:
        for layout in presentation.slide_layouts:
            for holder in list(layout.placeholders):
                holder._element.getparent().remove(holder._element)

    def empty(presentation: Any) -> None:
        for layout in list(presentation.slide_layouts):
            presentation.slide_layouts.remove(layout)

    story = one_story()
    for change in (bare, empty):
        path = tmp_path / "template.pptx"
        path.write_bytes(template(change))
        with pytest.raises(DeckError, match="レイアウト"):
            deck_bytes(japanese, told(japanese, story), story, template=path)
    whole = template(lambda presentation: None)
    with zipfile.ZipFile(io.BytesIO(), "w") as packed:
        packed.writestr("a.txt", "a")
        other = packed.fp.getvalue()  # type: ignore[union-attr]
    for content in (b"", b"no presentation", whole[: len(whole) // 2], other, b"\xd0\xcf\x11\xe0" + bytes(600)):
        path.write_bytes(content)
        with pytest.raises(DeckError, match=r"template\.pptx"):
            deck_bytes(japanese, told(japanese, story), story, template=path)
