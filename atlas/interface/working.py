"""Work that takes seconds: done beside the page, with a bar that says what is done, how long it has taken and how long it takes at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

import streamlit as st

from atlas.exhibits.next_sites import Step
from atlas.texts import Texts

QUICK, TICK = 0.5, 0.25
"""Seconds before the bar appears, and between two of its steps."""


def work_through(texts: Texts, steps: Sequence[Step], words: str, **values: object) -> None:
    """Do the steps one after the other; words: the key above `step.<id>` and `step.told`.

    While a step runs the page still hears the reader: choosing something else leaves at once, and what was begun is kept when it is done.
    """
    start, whole, done = time.monotonic(), sum(step.seconds for step in steps), 0.0
    place = st.empty()
    for number, step in enumerate(steps, 1):
        begun, running = time.monotonic(), _begun(step)
        with suppress(TimeoutError):
            running.exception(max(start + QUICK - time.monotonic(), 0))
        while not running.done():
            passed = time.monotonic() - begun
            said = texts(
                f"{words}.step.told", step=texts(f"{words}.step.{step.id}", **values), number=number, of=len(steps),
                passed=int(passed), seconds=int(step.seconds),
            )  # fmt: skip
            place.progress(min((done + min(passed, step.seconds)) / whole, 1.0), text=said)
            with suppress(TimeoutError):
                running.exception(TICK)
        running.result()
        done += step.seconds
    place.empty()


_running: dict[object, Future[object]] = {}
_lock = threading.Lock()


def _begun(step: Step) -> Future[object]:
    """The step in a thread of its own; one that is running already for the same question is joined."""
    key = (step.id, getattr(step.work, "args", ()))
    with _lock:
        found = _running.get(key)
        if found is not None:
            return found
        future = _running[key] = Future[object]()

    def run() -> None:
        try:
            future.set_result(step.work())
        except BaseException as error:
            future.set_exception(error)
        finally:
            with _lock:
                _running.pop(key, None)

    threading.Thread(target=run, name=f"atlas-{step.id}", daemon=True).start()
    return future
