"""Recipes: every exhibit of the pages comes back equal from its text, and a recipe of a stranger cannot run anything else."""

from __future__ import annotations

import pytest

from atlas.exhibits import contact, overtaken, trends
from atlas.exhibits.context import Context
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.need_map import Asked, Drawn, need_map
from atlas.exhibits.recipe import RecipeError, follow, read_recipe, recipe_of
from atlas.exhibits.target_order import TargetsAsked, target_order
from atlas.texts import texts

CITY = "99201"


def calls(context: Context) -> list[tuple]:
    weights = tuple(preset_weights("equal", offered(context.store, (CITY,), 2020)).items())
    index = IndexChoice(weights, "percentile", "arithmetic")
    return [
        (trends.trend, {"indicator_id": "one_person_household_share", "area_codes": ("00000", "31000"), "base_year": None}),
        (overtaken.overtaken, {}),
        (contact.contact_groups, {"mode": "in_person", "group": "sex", "deff": 1.5}),
        (need_map, {"asked": Asked((CITY,), "index", 2020, None, index, True), "drawn": Drawn(addresses=("app/static/x.geojson",))}),
        (target_order, {"asked": TargetsAsked(CITY, 2020, index, 6, True)}),
    ]


@pytest.mark.parametrize("number", range(5))
def test_an_exhibit_comes_back_equal_from_its_text(japanese: Context, number: int) -> None:
    build, options = calls(japanese)[number]
    text = recipe_of(build, options, "ja").text()
    again = follow(japanese, read_recipe(text))
    first = build(japanese, **options)
    assert (again.title, again.sentence, again.sources, again.settings) == (first.title, first.sentence, first.sources, first.settings)
    assert again.table.rows.equals(first.table.rows)
    assert read_recipe(text).text() == text
    assert "app/static" not in text


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"build":1,"lang":"ja","options":{}}', "x" * 30_000,
        '{"build":"os:system","lang":"ja","options":{}}',
        '{"build":"trends:pd","lang":"ja","options":{}}',
        '{"build":"../trends:trend","lang":"ja","options":{}}',
        '{"build":"context:Context","lang":"ja","options":{}}',
        '{"build":"need_map:layer_of","lang":"ja","options":{}}',
        '{"build":"overtaken:overtaken","lang":"ja","options":{"command":"ls"}}',
        '{"build":"trends:trend","lang":"ja","options":{"indicator_id":"nothing","area_codes":["00000"],"base_year":null}}',
        '{"build":"need_map:need_map","lang":"ja","options":{"asked":{"@":"context:Context"},"drawn":null}}',
        '{"build":"need_map:need_map","lang":"ja","options":{"asked":{"@":"subprocess:Popen","args":"ls"},"drawn":null}}',
    ],
)  # fmt: skip
def test_what_is_no_recipe_of_an_exhibit_is_refused_in_a_sentence_of_each_language(japanese: Context, text: str) -> None:
    with pytest.raises(RecipeError, match=r"\.$") as caught:
        follow(japanese, read_recipe(text))
    said = {lang: caught.value.said(texts(lang)) for lang in ("ja", "en")}
    assert said["ja"].endswith("。")
    assert said["en"] == str(caught.value)
    assert not any("\n" in one or len(one) > 500 for one in said.values())


def test_choices_that_do_not_fit_are_named_with_those_that_do(japanese: Context) -> None:
    words = japanese.texts
    for text, said in (
        (
            '{"build":"overtaken:overtaken","lang":"ja","options":{"command":"ls"}}',
            "「overtaken:overtaken」に「command」という選び方はありません。選べるものはありません。",
        ),
        ('{"build":"trends:trend","lang":"ja","options":{}}', "「trends:trend」には「indicator_id」の指定が必要です。"),
        ('{"build":"trends:trend","lang":"ja","options":{"x\\ny":1}}', "「x y」という選び方はありません。選べるのは indicator_id, area_codes"),
        ('{"build":"need_map:need_map","lang":"ja","options":{"asked":{"@":"need_map:Asked","areas":1},"drawn":null}}', "「need_map:Asked」に「areas」"),
        ('{"build":"nothing:here","lang":"ja","options":{}}', "「nothing:here」という図はありません。"),
    ):
        with pytest.raises(RecipeError) as caught:
            follow(japanese, read_recipe(text))
        assert said in caught.value.said(words)
