"""Work that takes seconds: the bar says the step, the time and its limit, quick work shows none, nothing is done twice at once."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from atlas.exhibits.next_sites import SECONDS, SECONDS_OF_CURVE, SECONDS_OF_NUMBER, NextAsked, Step, curve_of, next_of, steps
from atlas.interface import working
from atlas.texts import texts
from tests.exhibits import tiny_city


class Place:
    """Stands for the place of the bar; `release` is set when the bar was drawn `after` times."""

    def __init__(self, release: threading.Event, after: int = 3) -> None:
        self.release, self.after, self.drawn, self.emptied = release, after, list[tuple[float, str]](), 0

    def progress(self, value: float, text: str) -> None:
        self.drawn.append((value, text))
        if len(self.drawn) >= self.after:
            self.release.set()

    def empty(self) -> None:
        self.emptied += 1


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    one = Place(threading.Event())
    monkeypatch.setattr(working.st, "empty", lambda: one)
    monkeypatch.setattr(working, "QUICK", 0.0)
    monkeypatch.setattr(working, "TICK", 0.01)
    return one


def do(*of: Step) -> None:
    working.work_through(texts("ja"), of, "places.next", wanted="90%")


def test_the_bar_says_what_is_done_and_how_long_it_takes_at_most(place: Place) -> None:
    done: list[str] = []

    def slow() -> None:
        assert place.release.wait(20)
        done.append("number")

    do(Step("choice", 10, lambda: done.append("choice")), Step("number", 30, slow))
    assert done == ["choice", "number"]
    values, said = zip(*place.drawn[-2:], strict=True)
    assert said[0] == "90%の人に届く数を求めています（2つのうち2つ目、0秒たちました。長くても30秒ほどです）"
    assert 0.25 <= values[0] <= values[1] < 0.3  # a quarter of the time belongs to the first step
    assert place.emptied == 1


def test_quick_work_shows_no_bar(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "QUICK", 60.0)
    do(Step("choice", 10, lambda: None))
    assert place.drawn == []


def test_what_goes_wrong_is_told_where_the_work_was_asked_for(place: Place) -> None:
    def fails() -> None:
        raise ArithmeticError("no")

    with pytest.raises(ArithmeticError, match="no"):
        do(Step("choice", 10, fails))
    assert not working._running


def test_the_same_question_asked_twice_is_worked_out_once(place: Place) -> None:
    begun: list[int] = []

    def slow(question: str) -> str:
        begun.append(1)
        assert place.release.wait(20)
        return question

    step = Step("choice", 10, partial(slow, "which?"))
    first, second = working._begun(step), working._begun(step)
    assert first is second
    do(step)
    assert (first.result(20), len(begun)) == ("which?", 1)


def test_the_steps_of_a_question_leave_its_answers_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = tiny_city.city_of(monkeypatch, [("here", "ibasho", 0.0), ("middle", "public_facility", 1500.0)])
    asked = NextAsked(tiny_city.asked(), 1, ("public_facility",))
    found = {one.id: one.work() for one in steps(store, asked)}
    assert found["choice"] is next_of(store, asked)
    assert found["number"] is curve_of(store, asked.places, asked.candidates)
    assert [one.seconds for one in steps(store, asked)] == [SECONDS, SECONDS_OF_CURVE, SECONDS_OF_NUMBER]
