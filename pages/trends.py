"""Trends: how the official figures changed, and what was projected."""

import streamlit as st

from atlas.exhibits import trends
from atlas.interface import asked, frame, shown

page = frame.open_page("trends")
head = st.container()
left, middle, right = frame.columns([2, 3, 1])
with left:
    indicator = asked.indicator(page)
with middle:
    areas = asked.areas(page)
with right:
    base_year = asked.base_year(page, indicator, areas)
shown.show(page, trends.trend, level=1, head=head, indicator_id=indicator, area_codes=areas, base_year=base_year)
page.notes()
