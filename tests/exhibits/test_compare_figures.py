"""The figures of the comparison: every prefecture has its own tile, words on tiles can be read, bars carry their values."""

from __future__ import annotations

import pytest

from atlas.figures.beside import Beside, beside_bars
from atlas.figures.look import DARK, LIGHT, Look
from atlas.figures.tiles import CODES, COLUMNS, ROWS, Tile, places, short_name, text_on, tile_map


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_47_prefectures_have_a_tile_each_within_the_grid() -> None:
    found = places()
    assert sorted(found) == [f"{number:02}000" for number in range(1, 48)]
    assert len(set(found.values())) == 47
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in found.values())
    assert found["01000"] == (COLUMNS - 1, 0)
    assert found["47000"] == (0, ROWS - 1)


def test_short_names_are_all_different() -> None:
    assert len(set(CODES)) == 47
    assert [short_name(name, "31000", "ja") for name in ("鳥取県", "京都府", "東京都", "北海道")] == ["鳥取", "京都", "東京", "北海道"]
    assert short_name("Tottori", "31000", "en") == "TTR"


@pytest.mark.parametrize("colour", [*LIGHT.sequential, *DARK.sequential])
def test_words_on_every_tile_colour_can_be_read(colour: str) -> None:
    assert contrast(text_on(colour), colour) >= 4.5


def test_a_prefecture_without_a_value_is_an_empty_dashed_tile_with_its_word() -> None:
    tiles = [Tile("31000", "鳥取", "未収録", None, "鳥取県", chosen=True), Tile("32000", "島根", "33.2", 0, "島根県")]
    figure = tile_map(Look("ja"), tiles, classes=["すべて"], legend_title="区分")
    dashes = [shape.line.dash for shape in figure.layout.shapes]
    assert "dash" in dashes
    assert "未収録" in " ".join(annotation.text for annotation in figure.layout.annotations)
    assert len(figure.data[0].x) == 1


def test_every_bar_carries_its_words_even_without_a_value() -> None:
    rows = [Beside("全国", 0.38, "38.0%", "", "whole"), Beside("双葉町", None, "該当なし", "", "chosen")]
    bars = beside_bars(Look("ja"), rows).data[0]
    assert list(bars.text) == ["38.0%", "<b>該当なし</b>"]
    assert list(bars.x) == [0.38, 0]
