"""Need map: the school districts of a city by an indicator or an index of need, one district's profile, the list of all."""

import streamlit as st

from atlas.interface import district_map, frame, shown
from atlas.interface.checklist import show_checklist

page = frame.open_page("need_map")
head = st.container()
question = district_map.ask(page)
district_map.show(page, question, head)
shown.foot(page)
page.notes(head)
show_checklist(page, question.asked.cities[0])
