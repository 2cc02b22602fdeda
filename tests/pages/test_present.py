"""The page 発表: both languages, order and undo, own words, figures added from other pages, broken story files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.interface.present_draft import ADDED, DRAFT, add_view
from atlas.stories.model import Story
from atlas.stories.reading import text_of
from atlas.stories.shipped import shipped

ROOT = Path(__file__).resolve().parents[2]
RECIPE = '{"build":"older:older_definitions","lang":"ja","options":{}}'


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/present.py")
    for key, value in query.items():
        app.query_params[key] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def html(app: AppTest) -> str:
    return re.sub(r"<style>.*?</style>", "", "\n".join(each.proto.body for each in app.get("html")), flags=re.DOTALL)


def views(app: AppTest) -> list[str]:
    story: Story = app.session_state[DRAFT]
    return [slide.build for slide in story.slides]


def press(app: AppTest, name: str) -> AppTest:
    app.button(key=f"present:{name}").click()
    return run(app)


@pytest.mark.parametrize(("lang", "words"), [("ja", "図を並べて"), ("en", "Put figures in order")])
def test_the_nation_s_story_opens_with_its_slides_a_preview_and_four_files(lang: str, words: str) -> None:
    app = opened(lang=lang)
    assert words in html(app)
    assert html(app).count("<li") == 10
    assert len(app.get("plotly_chart")) == 1
    assert len(app.get("download_button")) == 4


def test_a_story_of_districts_asks_for_the_city_and_names_the_sample() -> None:
    app = opened(story="district", lang="en")
    assert app.selectbox(key="present:city").value == "99201"
    assert "Sample" in html(app)


def test_slides_are_moved_removed_and_had_back() -> None:
    app = opened(slide="2")
    first = views(app)
    press(app, "up")
    assert views(app)[:2] == [first[1], first[0]]
    assert app.query_params["slide"] == "1"
    press(app, "remove")
    assert views(app) == [first[0], *first[2:]]
    press(app, "undo")
    press(app, "undo")
    assert views(app) == first
    assert app.button(key="present:undo").disabled


def test_the_last_slide_stays_in_its_place_and_can_be_removed() -> None:
    app = opened(slide="10")
    assert app.button(key="present:down").disabled
    press(app, "remove")
    assert len(views(app)) == 9
    assert app.query_params["slide"] == "9"


def test_own_words_are_shown_instead_of_the_exhibit_s_and_emptied_again() -> None:
    app = opened(slide="3")
    own = app.text_input(key="present:title").placeholder
    app.text_input(key="present:title").set_value("<b>私の表題</b>")
    run(app)
    assert "3. &lt;b&gt;" not in html(app)
    assert "&lt;b&gt;私の表題&lt;/b&gt;" in html(app)
    assert "<b>私の表題" not in html(app).replace("<b>&lt;", "")
    app.text_input(key="present:title").set_value("")
    run(app)
    assert own in html(app)


def test_a_figure_added_on_another_page_goes_to_the_end() -> None:
    app = opened()
    app.session_state[ADDED] = [(RECIPE, "3つの定義")]
    run(app)
    assert "3つの定義" in html(app)
    press(app, "take")
    assert views(app)[-1] == "older:older_definitions"
    assert len(views(app)) == 11
    assert not app.session_state[ADDED]


def test_what_is_no_recipe_is_not_added() -> None:
    from atlas.exhibits.recipe import RecipeError

    with pytest.raises(RecipeError):
        add_view("not a recipe", "x")


def test_a_slide_that_cannot_be_made_is_said_and_stops_only_the_show() -> None:
    app = opened()
    app.session_state[ADDED] = [('{"build":"nothing:nothing","lang":"ja","options":{}}', "x")]
    run(app)
    press(app, "take")
    assert "11枚目" in html(app)
    assert [one.proto.disabled for one in app.get("download_button")] == [True, True, True, False]


def test_a_story_file_is_loaded_and_shown_and_every_story_keeps_its_own_changes() -> None:
    app = opened()
    press(app, "remove")
    short = Story("own", shipped()["nation"].title, shipped()["nation"].slides[:2])
    app.file_uploader(key="present:file").upload("own.yaml", text_of(short).encode(), "application/yaml")
    run(app)
    assert len(views(app)) == 2
    press(app, "remove")
    app.query_params["story"] = "nation"
    run(app)
    assert len(views(app)) == 9
    app.query_params["story"] = "loaded"
    run(app)
    assert len(views(app)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a: [", "1行目"), ("題".encode("cp932"), "UTF-8"), (b"[]", "title, lead, slides"), (b"x" * 600_000, "500kB")],
)
def test_a_broken_story_file_is_said_in_one_sentence_and_the_shipped_story_stays(content: bytes, said: str) -> None:
    app = opened()
    app.file_uploader(key="present:file").upload("bad.yaml", content, "application/yaml")
    run(app)
    notes = re.findall(r'<p class="atlas-note" role="status">(.*?)</p>', html(app))
    assert len(notes) == 1
    assert said in notes[0]
    assert len(views(app)) == 10


@pytest.mark.parametrize("value", ["0", "9999", "<script>alert(1)</script>", "x" * 10_000])
def test_bad_input_falls_back_with_a_note(value: str) -> None:
    app = opened(story=value, slide=value)
    assert "指定できません" in html(app)
    assert "<script>alert" not in html(app)
