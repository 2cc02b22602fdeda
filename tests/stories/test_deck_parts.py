"""Parts of decks: scales, labels, text that stays in its box, elements in the order of the schema, tables, shapes."""

from __future__ import annotations

import dataclasses
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.exhibits import catalogue, overtaken
from atlas.exhibits.context import Context
from atlas.exports.tables import Provenance
from atlas.stories.deck import figure_deck, native
from atlas.stories.deck_axes import axis_of, label, name_before, number_format
from atlas.stories.deck_text import broken, fitting, height_of, one_line, shortened, wide
from tests.stories.deck_reading import opened, words_of


def axis(**layout: Any) -> Any:
    return axis_of(go.Figure(layout={"xaxis": layout}).layout.xaxis)


def test_an_axis_without_ticks_gets_round_steps_around_its_range() -> None:
    found = axis(range=[0, 0.109], tickformat=".0%", nticks=5)
    assert (found.low, found.high, found.unit, found.form) == (0, 0.12, 0.02, "0%")
    found = axis(range=[0.2606, 0.4374], tickformat=".0%", nticks=6)
    assert (found.low, found.high, found.unit) == (0.25, 0.45, 0.05)
    assert axis(range=[0, 0.012], tickformat=".0%", nticks=5).form == "0.0%"  # steps of 0.2% are not printed as 0%


def test_even_ticks_are_kept_names_and_uneven_ones_become_words() -> None:
    found = axis(range=[1957.3, 2052.7], tickvals=[1960, 1970, 1980, 2050][:3], ticktext=["1960", "1970", "1980"])
    assert (found.low, found.unit, found.words) == (1960, 10, ())
    assert axis(range=[0.5, 23.5], tickvals=[1, 2, 4]).words == ((1.0, "1"), (2.0, "2"), (4.0, "4"))
    assert axis(range=[2, -1], tickvals=[0, 1], ticktext=["a", "b"]).reversed
    signed = axis(range=[-12, 12], tickvals=[-10, 0, 10], ticktext=["\u221210", "0", "+10"])
    assert (signed.low, signed.high, signed.form) == (-10, 10, "+0;-0;0")
    log = axis(range=[2, 5], type="log", tickvals=[100, 1000], ticktext=["100", "1,000"])
    assert (log.low, log.high, log.log) == (100, 100000, True)


@pytest.mark.parametrize(("plotly", "sheet"), [(".0%", "0%"), (".1%", "0.0%"), (",.0f", "#,##0"), (",d", "#,##0"), (",.2f", "#,##0.00"), (None, "General")])
def test_formats(plotly: str | None, sheet: str) -> None:
    assert number_format(plotly) == sheet


def test_a_label_that_is_the_number_itself_prints_it_and_no_other_does() -> None:
    assert label("38.0%", 0.37969771770188676, colour="", side="r").form == "0.0%"
    assert label("11.2", 0.112, colour="", side="ctr").form == "0.0%"
    assert label("1,235", 1234.6, colour="", side="r").form == "#,##0"
    assert label("38.1%", 0.37969771770188676, colour="", side="r").form == ""
    assert label("4.4% 参考", 0.044, colour="", side="r").form == ""
    named = label("2024年 46.6%", 0.466, colour="", side="outEnd", series="2024年")
    assert (named.form, named.named) == ("0.0%", True)
    assert label("<b>35.1%</b>", 0.351, colour="", side="r").bold


def test_the_name_before_the_numbers_is_the_series() -> None:
    assert name_before(["2024年 46.6%", "2024年 2.8%"]) == "2024年"
    assert name_before(["2024 46.6%", "2024 2.8%"]) == "2024"
    assert name_before(["男性 2.3% 参考", "男性 5.6%"]) == "男性"
    assert name_before(["46.6%"]) == ""
    assert name_before(["a 1%", "b 2%"]) == ""


words = st.text(st.sampled_from("あ亜、。12% abcXYZ（）"), max_size=120)


@given(words, st.floats(60, 900), st.sampled_from([8.0, 12.0, 16.0, 28.0]))
@settings(max_examples=60, deadline=None)
def test_broken_text_keeps_its_letters_and_its_width(text: str, width: float, size: float) -> None:
    lines = broken(text, width, size)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert wide(line, size) <= width + size * 4 or " " not in line.strip()  # a mark that may not begin a line, or one long word
    assert height_of(text, width, size) >= size


def test_a_sentence_too_long_ends_with_a_whole_one_and_a_word_where_the_rest_is() -> None:
    text = "一つ目の文です。二つ目の文です。三つ目の、とても長い文です。"
    height = height_of("一つ目の文です。二つ目の文です。（続き）", 120, 16)
    assert shortened(text, 120, height, 16, "（続き）") == "一つ目の文です。二つ目の文です。（続き）"
    english = "First one of 岩根野. Second one here. Third one is far too long to stay."
    assert (
        shortened(english, 200, height_of("First one of 岩根野. Second one here. (more)", 200, 16), 16, " (more)")
        == "First one of 岩根野. Second one here. (more)"
    )
    assert shortened("長い文" * 40, 100, 40, 16, "（続き）").endswith("…（続き）")
    assert fitting("あ" * 100, 100, 20, (16.0, 12.0)) is None


def test_words_broken_for_the_screen_are_joined() -> None:
    assert one_line("スポーツ・<br>自己啓発") == "スポーツ・自己啓発"
    assert one_line("men and<br>women &amp; <b>all</b>") == "men and women & all"


def test_an_exhibit_without_a_figure_is_a_table_with_a_word_that_there_are_more_rows(japanese: Context) -> None:
    exhibit = catalogue.catalogue(japanese)
    assert native(exhibit) == "table"
    (slide,) = opened(figure_deck(exhibit, japanese, Provenance("2026-11-22T10:00:00+09:00"))).slides
    (table,) = [shape for shape in slide.shapes if shape.has_table]
    shown = len(table.table.rows) - 1
    assert 0 < shown < len(exhibit.table.rows)
    assert f"はじめの{shown}行" in words_of(slide)
    assert str(exhibit.table.rows.iloc[0, 2]) in words_of(slide)


def test_a_figure_no_native_chart_can_show_is_a_table(japanese: Context) -> None:
    exhibit = dataclasses.replace(overtaken.overtaken(japanese), figure=go.Figure(go.Pie(values=[1, 2])))
    assert native(exhibit) == "table"
    filled = go.Figure(go.Scatter(x=[1, 2], y=[1, 2], fill="tozeroy"), layout={"xaxis": {"range": [1, 2]}, "yaxis": {"range": [0, 2]}})
    assert native(dataclasses.replace(exhibit, figure=filled)) == "table"
    unmade = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))  # no range: nothing to put the points on
    assert native(dataclasses.replace(exhibit, figure=unmade)) == "table"
