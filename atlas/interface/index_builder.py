"""The builder of an index: preset, weights by slider, normaliser, aggregation; all of it in the URL."""

from __future__ import annotations

import streamlit as st

from atlas.analysis.composite_index import PRESETS, Aggregation
from atlas.analysis.normalising import Direction, Normaliser
from atlas.exhibits.need_index import STEPS, IndexChoice, direction, offered, preset_weights
from atlas.exhibits.need_map_words import indicator_word
from atlas.interface.controls import choose
from atlas.interface.frame import Page

WEIGHT = "w_"
COLUMNS = 3
STEPS_SHOWN = [str(step) for step in range(STEPS + 1)]


def index_choice(page: Page, cities: tuple[str, ...], year: int) -> IndexChoice:
    """What the reader wants the index to be made of."""
    texts, store = page.texts, page.context.store
    indicators = offered(store, cities, year)
    left, middle, right = st.columns(3)
    with left:
        preset = _preset(page, indicators)
    with middle:
        normaliser = choose(
            page.choices, "normaliser", texts("need_map.index.normaliser"), [str(one) for one in Normaliser],
            default=str(PRESETS[preset].normaliser), shown=lambda one: texts(f"need_map.index.normalisers.{one}"),
        )  # fmt: skip
    with right:
        aggregation = choose(
            page.choices, "aggregation", texts("need_map.index.aggregation"), [str(one) for one in Aggregation],
            default=str(PRESETS[preset].aggregation), shown=lambda one: texts(f"need_map.index.aggregations.{one}"),
        )  # fmt: skip
    start = preset_weights(preset, indicators)
    places = st.columns(COLUMNS)
    weights = []
    for number, one in enumerate(indicators):
        turned = texts("need_map.index.less" if direction(store, one) == Direction.LESS else "need_map.index.more")
        with places[number % COLUMNS]:
            label = texts("need_map.index.part", name=indicator_word(page.context, one), direction=turned)
            weight = choose(page.choices, WEIGHT + one, label, STEPS_SHOWN, default=str(start[one]), kind="slider")
            weights.append((one, int(weight)))
    return IndexChoice(tuple(weights), normaliser, aggregation, preset)


def _preset(page: Page, indicators: tuple[str, ...]) -> str:
    """A preset; taking one sets every weight, the normaliser and the aggregation back to its own."""
    texts = page.texts
    options = {one: one for one in PRESETS}
    label = texts("need_map.index.preset")

    def shown(one: str) -> str:
        return texts(f"need_map.index.presets.{one}")

    value = page.choices.from_url("preset", options, "equal", label, shown)
    widget = f"{page.id}:preset"
    st.session_state[widget] = value

    def write() -> None:
        picked = st.session_state.get(widget)
        for key in ("normaliser", "aggregation", "preset", *(WEIGHT + one for one in indicators)):
            st.query_params.pop(key, None)
        if picked != "equal":
            st.query_params["preset"] = str(picked)

    st.selectbox(label, list(options), key=widget, format_func=shown, on_change=write)
    return value
