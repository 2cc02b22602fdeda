"""Stories: the shipped ones can be told in both languages, a file comes back equal, mistakes are named with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.exhibits.context import Context
from atlas.figures.look import Look
from atlas.stories.model import StoryError
from atlas.stories.reading import read_story, story_of, text_of
from atlas.stories.telling import told
from atlas.texts import texts

STORIES = sorted((Path(__file__).resolve().parents[2] / "data" / "stories").glob("*.yaml"))
ONE = "id: a\ntitle: {ja: 題}\nslides:\n  - view: overtaken:overtaken\n"


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_shipped_story_is_told_with_a_figure_title_and_source_on_every_slide(japanese: Context, path: Path, lang: str) -> None:
    context = Context(japanese.store, texts(lang), Look(lang))
    for one in told(context, read_story(path)):
        assert one.exhibit.figure is not None
        assert one.title
        assert one.exhibit.sources
        assert one.exhibit.recipe


def test_the_nation_s_story_has_the_three_shares_in_its_first_title(japanese: Context) -> None:
    first = told(japanese, read_story(next(path for path in STORIES if path.stem == "nation")))[0]
    assert all(share in first.title for share in ("16.5%", "38.0%", "43.5%"))
    rows = first.exhibit.table.rows.astype(str).to_string()
    assert "0.165" in rows
    assert "2040" in rows


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_comes_back_equal_from_its_text(path: Path) -> None:
    story = read_story(path)
    assert story_of(text_of(story)) == story


def test_the_district_story_says_that_it_is_of_the_sample(japanese: Context) -> None:
    story = read_story(next(path for path in STORIES if path.stem == "district"))
    assert story.needs_city
    assert all(one.exhibit.is_sample for one in told(japanese, story, "99201"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line 1"),
        ("[]", "lacks its keys; expected the keys id"),
        (ONE.replace("id: a", "id: ''"), "expected a short name"),
        (ONE + "    colour: red\n", "slide 1: the key 'colour'"),
        (ONE.replace("overtaken:overtaken", "overtaken"), "slide 1: view is 'overtaken'"),
        ("id: a\ntitle: {ja: 題}\nslides: []\n", "1 to 60 slides"),
        ("id: a\ntitle: {fr: titre}\nslides:\n  - view: a:b\n", "under ja and en"),
        (ONE + "    options: [1]\n", "expected names with values"),
        ("id: a\nslides:\n  - view: a:b\n", "expected a title"),
    ],
)
def test_a_broken_story_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(StoryError, match=said.replace("[", r"\[")) as caught:
        story_of(text, "own.yaml")
    japanese = caught.value.said(texts("ja"))
    assert japanese.startswith("own.yamlの") or japanese.startswith("own.yamlに")
    assert japanese.endswith("。")


def test_a_reason_inside_a_story_s_error_is_said_in_the_same_language(japanese: Context, english: Context) -> None:
    broken = story_of(ONE.replace("overtaken:overtaken", "nothing:nothing"))
    for context in (japanese, english):
        with pytest.raises(StoryError) as caught:
            told(context, broken)
        said = context.texts("present.command.not_made", reason=caught.value)
        assert said.startswith(
            {
                "ja": "発表を作れませんでした。aの1枚目のスライド：「nothing:nothing」という図はありません。trends:trend のように、",
                "en": "The presentation could not be made. a: slide 1: There is no figure 'nothing:nothing'; give the name of one",
            }[context.lang]
        )


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("nothing:nothing", "slide 1"),
        ("os:system", "slide 1"),
        ("trends:pd", "no figure .trends:pd."),
        ("overtaken:overtaken\n    options: {x: 1}", "x"),
    ],
)
def test_a_view_that_does_not_exist_is_named(japanese: Context, view: str, said: str) -> None:
    with pytest.raises(StoryError, match=said):
        told(japanese, story_of(ONE.replace("overtaken:overtaken", view)))


def test_a_city_that_is_not_held_is_said_with_those_that_are(japanese: Context) -> None:
    story = read_story(next(path for path in STORIES if path.stem == "district"))
    with pytest.raises(StoryError, match="99201"):
        told(japanese, story, "12345")


def test_a_file_that_is_not_there_or_not_utf8_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"no\.yaml"):
        read_story(tmp_path / "no.yaml")
    (tmp_path / "sjis.yaml").write_bytes("題".encode("cp932"))
    with pytest.raises(StoryError, match="UTF-8"):
        read_story(tmp_path / "sjis.yaml")
