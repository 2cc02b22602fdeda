"""Trends: how the official figures changed, what was projected, who lives alone."""

import streamlit as st

from atlas.exhibits import family_types, living_alone, older, overtaken, trends
from atlas.interface import asked, controls, frame, shown

page = frame.open_page("trends")
texts = page.texts
head = st.container()
left, middle, right = frame.columns([3, 4, 2])
with left:
    indicator = asked.indicator(page)
with middle:
    areas = asked.areas(page)
with right:
    base_year = asked.base_year(page, indicator, areas)
shown.show(page, trends.trend, level=1, head=head, indicator_id=indicator, area_codes=areas, base_year=base_year)

page.section(texts("trends.section.projections"))
shown.show(page, overtaken.overtaken)

page.section(texts("trends.section.who"))
shown.show(page, living_alone.living_alone_by_age)

page.section(texts("trends.section.older"))
shown.show(page, older.older_definitions)

page.section(texts("trends.section.family"))
base = controls.choose(
    page.choices, "family", texts("family_types.control.base"), list(family_types.BASES), shown=lambda one: texts(f"family_types.bases.{one}"), kind="segments"
)
shown.show(page, family_types.family_types, base=base)
shown.foot(page)
page.notes(head)
