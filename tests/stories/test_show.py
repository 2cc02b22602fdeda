"""The show: one file that asks no host for anything, with every slide, source and sample mark; the stage keeps text large."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlas.__main__ import app
from atlas.exhibits.context import Context
from atlas.exports.carried import read_carried
from atlas.exports.citation import KIND
from atlas.figures.look import Look
from atlas.stories.model import Shown, Story, StoryError
from atlas.stories.reading import story_of, text_of
from atlas.stories.shipped import shipped, story_named
from atlas.stories.show import show_html, staged, story_show
from atlas.stories.show_slides import first_sentence, stage_slides
from atlas.stories.stage import SMALLEST, StageLook, fitted
from atlas.stories.telling import told
from atlas.texts import texts

NASTY = '</script><script>alert("&")</script><b>'


def body(text: str) -> str:
    """The markup of a show: programs, styles and data left out."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


def content(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', text, flags=re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def font_sizes(value: object) -> Iterator[float]:
    """Of every font in a figure, also those given for single letters."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key.endswith("font") and isinstance(one, dict) and "size" in one:
                yield float(one["size"])
            yield from font_sizes(one)
    elif isinstance(value, list):
        for one in value:
            yield from font_sizes(one)


@pytest.fixture(scope="module", params=["ja", "en"])
def context(request: pytest.FixtureRequest, japanese: Context) -> Context:
    return staged(Context(japanese.store, texts(request.param), Look(request.param)))


@pytest.fixture(scope="module")
def nation(context: Context) -> tuple[list[Shown], str]:
    slides = told(context, shipped()["nation"])
    return slides, show_html(context, slides, shipped()["nation"])


@pytest.fixture(scope="module")
def district(context: Context) -> tuple[list[Shown], str]:
    slides = told(context, shipped()["district"], "99201")
    return slides, show_html(context, slides, shipped()["district"])


def test_nothing_in_the_file_points_outside(nation: tuple[list[Shown], str]) -> None:
    text = body(nation[1])
    assert not re.search(r"\b(src|href|srcset|action|data|poster)\s*=", text)
    assert not re.search(r"<(link|img|iframe|object|embed|base)\b", text)
    styles = "".join(re.findall(r"<style>(.*?)</style>", nation[1], flags=re.DOTALL))
    assert "@import" not in styles
    assert all(address.strip("'\"").startswith("data:") for address in re.findall(r"url\(([^)]*)", styles))
    assert "default-src 'none'" in nation[1]
    assert not re.search(r"<script[^>]*\bsrc=", nation[1])


def test_every_slide_has_its_title_sentence_and_sources(nation: tuple[list[Shown], str], district: tuple[list[Shown], str]) -> None:
    for slides, html in (nation, district):
        text = unescape(body(html))
        for one in slides:
            assert f"{one.title}</h2>" in text
            assert first_sentence(one.sentence) in text
            assert all(f"<p>{line.strip()}</p>" in text for line in one.exhibit.sources)
    assert body(nation[1]).count("<section") == 1 + 10


def test_a_sample_is_marked_on_every_slide_and_only_there(context: Context, nation: tuple[list[Shown], str], district: tuple[list[Shown], str]) -> None:
    sections = re.findall(r"<section.*?</section>", body(district[1]), flags=re.DOTALL)
    assert all(f'<p class="sample">{context.texts("frame.sample")}</p>' in one for one in sections)
    assert 'class="sample"' not in body(nation[1])


def test_maps_that_follow_each_other_are_one_slide_whose_indicator_is_switched(context: Context, district: tuple[list[Shown], str]) -> None:
    slides = stage_slides(context, district[0])
    assert len(slides[0].views) == 3
    assert slides[0].views[2].label == context.texts("need_map.index.short")
    assert district[1].count('data-view="2"') >= 3
    figures = content(district[1])
    assert isinstance(figures["shapes"], dict)
    assert len(figures["shapes"]) == 1  # the city's shapes stand in the file once, not with every trace


def test_no_text_of_a_figure_is_smaller_than_the_stage_allows(nation: tuple[list[Shown], str], district: tuple[list[Shown], str]) -> None:
    sizes = [size for _, html in (nation, district) for size in font_sizes(content(html)["figures"])]
    assert sizes
    assert min(sizes) >= SMALLEST


@pytest.mark.parametrize("field", ["title", "sentence", "notes"])
def test_words_with_signs_of_markup_are_shown_as_they_are(context: Context, field: str) -> None:
    story = story_of(text_of(Story("a", shipped()["nation"].title, shipped()["nation"].slides[1:2])))
    slide = told(context, story)[0]
    html = show_html(
        context, [Shown(slide.slide, slide.exhibit, **{"title": slide.title, "sentence": slide.sentence, "notes": slide.notes, field: NASTY})], story
    )
    assert NASTY not in html
    assert html.count("</script>") == html.count("<script")
    if field == "notes":
        assert NASTY in str(content(html)["notes"])
    else:
        assert NASTY in unescape(body(html))


def test_what_a_slide_leaves_out_stands_in_the_speaker_s_notes(context: Context, nation: tuple[list[Shown], str]) -> None:
    notes = [slide.notes for slide in stage_slides(context, nation[0])]
    for one, told_notes in zip(nation[0], notes, strict=True):
        assert all(line in told_notes for line in one.exhibit.cautions)
        assert one.notes in told_notes
        assert first_sentence(one.exhibit.sentence) == one.exhibit.sentence or one.exhibit.sentence in told_notes


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("一つ目です。二つ目です。", "一つ目です。"),
        ("See p. 5 for 12.1% of them. Then more.", "See p. 5 for 12.1% of them."),
        ("Only one", "Only one"),
        ("", ""),
        ("of everyone (n = 10,871). The shares are", "of everyone (n = 10,871)."),
    ],
)
def test_the_first_sentence_ends_at_its_full_stop(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_rows_that_do_not_fit_are_shown_in_parts_and_none_is_lost(context: Context, district: tuple[list[Shown], str]) -> None:
    order = next(one for one in district[0] if one.slide.build == "target_order:target_order")
    assert order.exhibit.figure is not None
    whole = fitted(order.exhibit.figure, 5000, context.look.palette.second)
    parts = fitted(order.exhibit.figure, 330, context.look.palette.second)
    assert len(whole) == 1
    assert len(parts) > 1
    assert [name for part in parts for name in part.layout.yaxis.ticktext] == list(whole[0].layout.yaxis.ticktext)
    labels = [sorted(one.text for one in part.layout.annotations if one.yref in (None, "y")) for part in parts]
    assert sum(len(one) for one in labels) == len([one for one in whole[0].layout.annotations if one.yref in (None, "y")])


def test_panels_keep_their_title_and_their_lines(context: Context, nation: tuple[list[Shown], str]) -> None:
    figure = next(one for one in nation[0] if one.slide.build == "older:older_definitions").exhibit.figure
    assert figure is not None
    made = fitted(figure, 400, context.look.palette.second)[0]
    for name, title in zip(("yaxis", "yaxis2", "yaxis3"), (one for one in made.layout.annotations if one.yref == "paper"), strict=True):
        assert title.y == pytest.approx(made.layout[name].domain[1])
    domains = [made.layout[name].domain for name in ("yaxis3", "yaxis2", "yaxis")]
    assert all(below[1] < above[0] for below, above in pairwise(domains))


def test_the_stage_s_look_never_goes_below_its_smallest_text() -> None:
    look = StageLook("ja", False, 1.75)
    assert look.px(12) == SMALLEST
    assert look.px(20) == 35.0


def test_the_figures_can_be_made_again_from_the_file(tmp_path: Path, context: Context, nation: tuple[list[Shown], str]) -> None:
    path = tmp_path / "show.html"
    path.write_text(nation[1], "utf-8")
    assert f'id="{KIND}"' in nation[1]
    assert [one.recipe for one in read_carried(path)] == [one.exhibit.recipe for one in nation[0]]


def test_a_story_is_found_by_its_id_or_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text_of(shipped()["nation"]), "utf-8")
    assert story_named(str(tmp_path / "own.yaml")) == story_named("nation")
    with pytest.raises(StoryError, match="nation, district"):
        story_named("nowhere")


def test_a_story_that_needs_a_city_says_so_where_it_is_not_held(japanese: Context) -> None:
    with pytest.raises(StoryError, match="99201"):
        story_show(japanese, shipped()["district"], "12345")


def test_the_command_writes_the_show_and_leaves_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "発表 1.html"
    result = CliRunner().invoke(app, ["show", "nation", str(out), "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert out.read_text("utf-8").startswith('<!DOCTYPE html>\n<html lang="en"')
    assert [one.name for one in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "a.html"], "nowhere"),
        (["nation", "a.pdf"], ".html"),
        (["nation", "no/a.html"], "no"),
        (["district", "a.html", "--city", "12345"], "12345"),
        (["nation", "a.html", "--lang", "fr"], "fr"),
    ],
)
def test_the_command_refuses_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["show", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_show_that_cannot_be_written_leaves_the_old_file_and_no_half_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.html"
    out.write_text("old", "utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("atlas.exports.writing.Path.replace", full)
    result = CliRunner().invoke(app, ["show", "nation", str(out)])
    assert result.exit_code == 1
    assert "空き容量が足りません" in result.output
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]
    assert out.read_text("utf-8") == "old"
