"""1,741 municipalities with ten columns, to be tried and measured in a real browser."""

import os
import random
import time

import streamlit as st

from atlas.interface.grid import Cell, GridColumn, GridPayload, grid, grid_payload

LABELS = {
    "search": "表の中をさがす",
    "count": "{total}件中 {shown}件",
    "empty": "当てはまる行がありません。ことばを短くするか、消してください。",
    "more": "さらに{count}件を表示",
    "sorted_ascending": "{column}の小さい順に並べました",
    "sorted_descending": "{column}の大きい順に並べました",
}
COLUMNS = [
    GridColumn("area", "市区町村"),
    GridColumn("prefecture", "都道府県"),
    GridColumn("rank", "順位", kind="number", first_sort="ascending"),
    *(GridColumn(f"share{i}", f"単独世帯割合 {1985 + 5 * i}年", kind="number") for i in range(7)),
]


@st.cache_data
def payload(seed: int) -> GridPayload:
    """The same table for the same seed."""
    chance = random.Random(seed)
    names = ["鳥取市", "米子市", "<b>倉吉市</b>", "ニセコ町"]
    rows: list[list[Cell]] = []
    for i in range(1741):
        name = names[i] if i < len(names) else f"町村{i}"
        cells: list[Cell] = [(name, f"{i:05}"), "鳥取県" if i % 47 == 0 else f"第{i % 47}県", (f"{i + 1}", i + 1)]
        for _ in range(7):
            share = None if chance.random() < 0.05 else chance.random()
            cells.append(("秘匿" if share is None else f"{share * 100:,.1f}%", share))
        rows.append(cells)
    words = ["とっとりし Tottori", *[""] * 1740]
    keys = [f"{i:05}" for i in range(1741)]
    return grid_payload(COLUMNS, rows, caption="単独世帯割合(見本)、市区町村別", labels=LABELS, row_keys=keys, search_words=words)


st.set_page_config(layout="wide")
seed = st.selectbox("seed", [1, 2], key="seed")
table = payload(seed)
calls = st.session_state.setdefault("calls", [])
began = time.thread_time()
chosen = grid(table, key="grid", selected=st.session_state.get("area"), on_choose=lambda row: st.session_state.update(area=row))
calls.append(time.thread_time() - began)
st.text(f"chosen={chosen} area={st.session_state.get('area')}")
if st.button("last", key="last"):
    st.session_state.area = "01700"
    st.rerun()
st.button("again", key="again")
if os.environ.get("MEASURE"):
    st.text(f"calls_ms={[round(1000 * each, 2) for each in calls[-20:]]} bytes={len(table.body)}")

small = grid_payload([GridColumn("a", "名"), GridColumn("b", "値", kind="number")], [["い", ("1", 1)]], caption="小さい表", labels=LABELS)
grid(small, key="small")
