"""The figure of the allocation: every bar and mark is the table's number, the districts that get someone come first, the rest is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atlas.exhibits import supporters_allocation as allocating
from atlas.exhibits.context import Context
from atlas.exhibits.supporters_allocation import supporters_allocation
from atlas.figures.look import Look
from atlas.stories.deck import native
from tests.exhibits import tiny_city
from tests.exhibits.test_places_reach import sample


def test_two_districts_by_hand(monkeypatch: pytest.MonkeyPatch, english: Context) -> None:
    # 150 and 30 households, 5 and 0 supporters, 2 new ones: one each (13.6 against 30, then 13.6 against 10); of 7 in all the parts are 5.83 and 1.17.
    store = tiny_city.city_of(monkeypatch, [])
    found = allocating.allocated(store, tiny_city.asked(), 2, False)
    assert found is not None
    monkeypatch.setattr(allocating, "district_names", lambda store, city: {tiny_city.D1: "A", tiny_city.D2: "B"})
    monkeypatch.setattr(allocating.told, "district_names", lambda store, city: {tiny_city.D1: "A", tiny_city.D2: "B"})
    drawn, hidden = allocating._drawn(replace(english, store=store), tiny_city.asked(), found.found)
    assert hidden == 0
    assert [(one.name, one.there, one.added, one.label) for one in drawn] == [("B", 0, 1, "0→1"), ("A", 5, 1, "5→6")]
    assert [one.part for one in drawn] == pytest.approx([7 * 30 / 180, 7 * 150 / 180])


@pytest.mark.parametrize("count", [0, 10, 100])
def test_the_figure_draws_the_numbers_of_the_table(japanese: Context, count: int) -> None:
    exhibit = supporters_allocation(japanese, asked=sample(japanese), count=count)
    rows, figure = exhibit.table.rows, exhibit.figure
    there, new, part = figure.data
    assert (list(there.x), list(new.x)) == (rows["existing"].tolist(), rows["new"].tolist())
    assert list(part.x) == pytest.approx(rows["fair"].dropna().tolist())
    assert rows["new"].is_monotonic_decreasing
    assert figure.layout.barmode == "stack"
    assert min(figure.layout.xaxis.range) == 0
    assert max(figure.layout.xaxis.range) >= max(rows["after"].max(), rows["fair"].max())
    named = [name for name in figure.layout.yaxis.ticktext if "<b>" in name]
    assert len(named) == int((rows["new"] > 0).sum())


def test_of_many_districts_the_figure_shows_the_first_and_says_so(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocating, "DRAWN", 5)
    exhibit = supporters_allocation(japanese, asked=sample(japanese), count=10)
    assert len(exhibit.figure.data[0].x) == 5
    assert f"図には先の5校区を示しています。残りの{len(exhibit.table.rows) - 5}校区は表にあります。" in exhibit.sentence


def test_it_is_a_native_chart_on_a_slide_and_drawn_in_the_dark(japanese: Context) -> None:
    assert native(supporters_allocation(japanese, asked=sample(japanese), count=10)) == "charts"
    light, dark = (supporters_allocation(replace(japanese, look=look), asked=sample(japanese), count=10).figure for look in (Look("ja"), Look("ja", True, 1.5)))
    assert dark.data[1].marker.color != light.data[1].marker.color
    assert dark.layout.height > light.layout.height
