"""Figures as drawings: hand-worked bars, lines and axes, properties, what is not drawn, greys."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.exports.print_axes import printed, step_of, ticks_of
from atlas.exports.print_figure import drawn
from atlas.exports.print_grey import APART, legible, lightness, luminance, patterns
from atlas.exports.print_model import Disc, Drawing, Path, UnprintableError, Words, extent, hatching, lines_of, rectangle
from atlas.exports.print_model import Stroke as Line
from atlas.exports.print_slices import slices
from atlas.figures.beside import Beside, beside_bars
from atlas.figures.intervals import Dot, dots
from atlas.figures.lines import Line as Series
from atlas.figures.lines import YearAxis, line_chart
from atlas.figures.look import LIGHT, Look, base_figure
from atlas.figures.stacked import Part, stacked_bars


def measure(text: str, size: float) -> float:
    """Every letter as wide as it is high: sums can be done by hand."""
    return len(text) * size


def bars_in(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    return [extent(item, measure) for item in drawing.items if item.role == "bar"]


def outline(item: Path | Disc) -> str:
    """A mark's form, wherever it stands."""
    left, top, right, bottom = extent(item, measure)
    if isinstance(item, Disc):
        return "disc"
    return " ".join(f"{(x - (left + right) / 2) / (right - left):.1f},{(y - (top + bottom) / 2) / (bottom - top):.1f}" for x, y in item.runs[0])


def words_in(drawing: Drawing) -> list[str]:
    return [item.text for item in drawing.items if isinstance(item, Words)]


def hand_made(**layout: Any) -> go.Figure:
    """Values 0 to 10 across, rows 0 to 2 down; margins of 0."""
    figure = go.Figure(go.Bar(x=[5, 10, 2.5], y=[0, 1, 2], orientation="h", width=0.5, marker={"color": "#0F6B8C"}))
    hidden = {"visible": False}
    figure.update_layout(
        height=300, margin={"l": 0, "r": 0, "t": 0, "b": 0}, xaxis={"range": [0, 10], **hidden}, yaxis={"range": [2.5, -0.5], **hidden}, **layout
    )
    return figure


def test_bars_have_the_length_of_their_values_by_hand() -> None:
    drawing = drawn(hand_made(), measure, 404)
    boxes = bars_in(drawing)
    # The plot is 404 - 2 x 2 pixels of edge wide: 40 a unit; rows are 100 pixels high, bars half of that.
    assert [round(right - left, 3) for left, _, right, _ in boxes] == [200, 400, 100]
    assert {round(left, 3) for left, *_ in boxes} == {2.0}
    assert [round(bottom - top, 3) for _, top, _, bottom in boxes] == [50, 50, 50]
    assert [round(below[1] - above[1], 3) for above, below in pairwise(boxes)] == [100, 100]


def test_stacked_parts_begin_where_the_one_before_ends_and_carry_their_numbers() -> None:
    parts = [Part("A", "#5B1A3A", [0.25, 0.5], ["25", "50"], ["", ""]), Part("B", "#E5B3B7", [0.75, 0.5], ["75", "50"], ["", ""])]
    drawing = drawn(stacked_bars(Look("en"), ["one", "two"], parts), measure)
    first, second, third, fourth = bars_in(drawing)
    whole = third[2] - first[0]
    assert first[2] == pytest.approx(third[0])
    assert (first[2] - first[0]) / whole == pytest.approx(0.25)
    assert (second[2] - second[0]) / whole == pytest.approx(0.5)
    assert (fourth[2] - fourth[0]) / whole == pytest.approx(0.5)
    assert {"25", "75", "50", "A", "B", "one", "two", "0%", "100%"} <= set(words_in(drawing))


@settings(max_examples=25)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12))
def test_bars_are_as_their_values_and_everything_is_inside(values: list[float]) -> None:
    rows = [Beside(f"place {number}", value, f"{value:.3f}", "") for number, value in enumerate(values)]
    drawing = drawn(beside_bars(Look("en"), rows), measure)
    lengths = [right - left for left, _, right, _ in bars_in(drawing)]
    for length, value in zip(lengths, values, strict=True):
        assert length * max(values) == pytest.approx(value * max(lengths), rel=1e-6)
    for item in drawing.items:
        left, top, right, bottom = extent(item, measure)
        assert left >= -0.5
        assert top >= -0.5
        assert right <= drawing.width + 0.5
        assert bottom <= drawing.height + 0.5


def test_intervals_and_points_lie_at_their_values() -> None:
    points = [Dot(0, 0.2, 0.1, 0.4, "20%", ""), Dot(1, 0.4, 0.3, 0.5, "40%", "", quiet=True)]
    drawing = drawn(dots(Look("en"), ["a", "b"], points), measure)
    marks = [item for item in drawing.items if isinstance(item, Disc)]
    whiskers = [extent(item, measure) for item in drawing.items if item.role == "whisker"]
    unit = (marks[1].x - marks[0].x) / 0.2
    assert [(marks[0].x - whiskers[0][0]) / unit, (whiskers[0][2] - marks[0].x) / unit] == pytest.approx([0.1, 0.2])
    assert (whiskers[1][2] - whiskers[1][0]) / unit == pytest.approx(0.2)
    assert (marks[0].fill, marks[1].fill) == (LIGHT.lines[0], LIGHT.page), "a quiet point is hollow"


def test_lines_differ_by_mark_keep_their_gaps_and_have_their_names_apart() -> None:
    lines = [Series(f"line {number}", [2010, 2015, 2020], [0.3, 0.35, 0.40 + number / 1000], ["", "", ""]) for number in range(4)]
    lines[0] = Series("line 0", [1990, 2010, 2015], [0.1, 0.2, 0.3], ["", "", ""])
    drawing = drawn(line_chart(Look("en"), lines, axis=YearAxis([1990, 2020]), tick_format=".0%", value_title="%"), measure)
    marks = [item for item in drawing.items if item.role == "mark"]
    shapes = {(item.fill, outline(item)) for item in marks if isinstance(item, Path | Disc)}
    assert len({colour for colour, _ in shapes}) == len(shapes) == 4
    assert len({form for _, form in shapes}) == 4, "four colours, four marks"
    joined = [run for item in drawing.items if item.role == "line" and isinstance(item, Path) for run in item.runs]
    assert sorted(len(run) for run in joined) == [2, 3, 3, 3], "1990 and 2010 are further apart than a line may join"
    boxes = [extent(item, measure) for item in drawing.items if isinstance(item, Words) and item.text.startswith("line")]
    for at, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert left >= other[2] or right <= other[0] or top + 2 >= other[3] - 2 or bottom - 2 <= other[1] + 2


def test_ticks_are_those_of_the_screen() -> None:
    assert [step_of(0.5, 6), step_of(0.12, 5), step_of(1.0, 6), step_of(23, 5), step_of(1000, 5)] == [0.1, 0.05, 0.2, 5.0, 200.0]
    axis = go.Figure().update_xaxes(range=[0, 0.126], tickformat=".0%", nticks=6).layout.xaxis
    assert [text for _, text in ticks_of(axis)] == ["0%", "5%", "10%"]
    finer = go.Figure().update_xaxes(range=[0, 0.06], tickformat=".0%", nticks=3).layout.xaxis
    assert [text for _, text in ticks_of(finer)] == ["0%", "2%", "4%", "6%"]
    half = go.Figure().update_xaxes(range=[0, 0.02], tickformat=".0%", nticks=4).layout.xaxis
    assert [text for _, text in ticks_of(half)] == ["0.0%", "0.5%", "1.0%", "1.5%", "2.0%"], "three ticks of 1% would be untrue"
    turned = go.Figure().update_yaxes(range=[2.5, -0.5], tickvals=[0, 1, 2, 3], ticktext=list("abcd")).layout.yaxis
    assert ticks_of(turned) == [(0, "a"), (1, "b"), (2, "c")]
    assert [printed(1234.5, ",.1f", 0), printed(1234, ",d", 500), printed(-0.125, ".1%", 0), printed(0.25, None, 0)] == [
        "1,234.5",
        "1,234",
        "\u221212.5%",
        "0.25",
    ]


def test_a_logarithmic_axis_puts_equal_factors_equally_far_apart() -> None:
    figure = base_figure(Look("en"))
    figure.add_trace(go.Scatter(x=[100, 1000, 10000], y=[1, 1, 1], mode="markers", marker={"size": 6, "color": "#1C2430"}))
    figure.update_xaxes(type="log", range=[2, 4], tickvals=[100, 10000], ticktext=["100", "10,000"]).update_yaxes(range=[0, 2])
    marks = [item for item in drawn(figure, measure).items if isinstance(item, Disc)]
    assert marks[1].x - marks[0].x == pytest.approx(marks[2].x - marks[1].x)


def test_what_lies_beyond_the_axes_is_cut() -> None:
    figure = base_figure(Look("en"))
    figure.add_trace(go.Scatter(x=[0, 10], y=[0, 10], mode="lines+markers", marker={"size": 6, "color": "#1C2430"}, line={"color": "#1C2430"}))
    figure.update_xaxes(range=[0, 10]).update_yaxes(range=[0, 5])
    drawing = drawn(figure, measure)
    (run,) = next(item.runs for item in drawing.items if item.role == "line" and isinstance(item, Path))
    axis = next(extent(item, measure) for item in drawing.items if item.role == "axis")
    assert run[-1][0] == pytest.approx((axis[0] + axis[2]) / 2), "the line leaves the plot at half its width"
    assert len([item for item in drawing.items if item.role == "mark"]) == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda figure: figure.add_trace(go.Pie(values=[1, 2])), "pie"),
        (lambda figure: figure.update_layout(barmode="group").add_trace(go.Bar(x=[1], y=[1], orientation="h")), "group"),
        (lambda figure: figure.update_traces(error_y={"type": "data", "array": [1, 1, 1]}), "upright"),
        (lambda figure: figure.update_xaxes(type="date"), "date"),
        (lambda figure: figure.update_xaxes(side="top"), "axis x"),
        (lambda figure: figure.add_trace(go.Scatter(x=[1], y=[1], mode="text", text="a")), "text"),
        (lambda figure: figure.add_trace(go.Scatter(x=[1], y=[1], mode="markers", marker={"symbol": "hourglass", "color": "#000000"})), "hourglass"),
        (lambda figure: figure.add_trace(go.Scatter(x=[1, 2], y=[1, 2], mode="lines", fill="tozeroy")), "scatter"),
        (lambda figure: figure.update_layout(showlegend=True, legend={"x": 1, "y": 0}), "legend"),
        (lambda figure: figure.add_shape(type="path", path="M 0,0 C 1,1 2,2 3,3"), "path"),
    ],
)  # fmt: skip
def test_what_paper_has_no_drawing_for_is_named_not_left_out(change: Any, named: str) -> None:
    figure = hand_made()
    change(figure)
    with pytest.raises(UnprintableError, match=named):
        drawn(figure, measure)


def test_words_keep_their_lines_sizes_and_weights() -> None:
    first, second = lines_of('<b><span style="font-size:12px">東京都</span></b><br>50.2 &amp; more', 14)
    assert (first.text, first.size, first.bold) == ("東京都", 12, True)
    assert (second.text, second.size, second.bold) == ("50.2 & more", 14, False)


def test_hatching_stays_in_its_area_and_leaves_holes_free() -> None:
    path = hatching([rectangle(0, 0, 100, 100), rectangle(25, 25, 75, 75)], "/", 6, Line("#000000"))
    assert len(path.runs) > 20
    for run in path.runs:
        for x, y in run:
            assert -0.01 <= x <= 100.01
            assert -0.01 <= y <= 100.01
        middle = ((run[0][0] + run[-1][0]) / 2, (run[0][1] + run[-1][1]) / 2)
        assert not (26 < middle[0] < 74 and 26 < middle[1] < 74)


def test_the_sequential_palette_gets_darker_step_by_step_in_grey() -> None:
    steps = [lightness(colour) for colour in LIGHT.sequential]
    assert all(before - after >= APART for before, after in pairwise(steps))
    assert not patterns(LIGHT.sequential)
    assert [round(lightness(one), 1) for one in ("#000000", "#FFFFFF", "#777777")] == [0.0, 100.0, 50.0]


def test_the_name_of_a_light_line_is_dark_enough_to_read_in_grey() -> None:
    for colour in (*LIGHT.lines, LIGHT.context, "#FFFF00"):
        assert 1.05 / (luminance(legible(colour)) + 0.05) >= 4.5
    assert legible(LIGHT.accent) == LIGHT.accent


@pytest.mark.parametrize("colours", [LIGHT.diverging, LIGHT.contact, LIGHT.lines, (LIGHT.accent, LIGHT.second, LIGHT.caution, LIGHT.context)])
def test_colours_that_grey_mixes_up_differ_by_pattern(colours: tuple[str, ...]) -> None:
    found = patterns(colours)
    for at, one in enumerate(colours):
        for other in colours[at + 1 :]:
            assert found.get(one, "") != found.get(other, "") or abs(lightness(one) - lightness(other)) >= APART - 1
    assert "/" not in found.values(), "that one says: no value"
    assert patterns(LIGHT.contact) == {LIGHT.contact[5]: "|", LIGHT.contact[6]: "|"}, "the branch after the lightest step"


def test_a_figure_longer_than_a_page_is_cut_between_rows_and_keeps_every_row_and_its_axis() -> None:
    names = [f"district {number}" for number in range(80)]
    points = [Dot(row, row / 80, max(row / 80 - 0.05, 0), row / 80 + 0.05, f"{row}", "") for row in range(80)]
    whole = drawn(dots(Look("en"), names, points), measure)
    pieces = slices(whole, 1000, measure)
    assert len(pieces) == math.ceil((whole.height - 30) / (1000 - 30))
    for piece in pieces:
        assert piece.height <= 1000
        assert "0%" in words_in(piece)
        assert any(item.role == "grid" for item in piece.items)
        for item in piece.items:
            _, top, _, bottom = extent(item, measure)
            assert top >= -20
            assert bottom <= piece.height + 0.5
    assert [word for piece in pieces for word in words_in(piece) if word.startswith("district")] == [f"district {n}" for n in range(80)]
    assert sum(item.role == "mark" for piece in pieces for item in piece.items) == 80
