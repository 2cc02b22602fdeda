"""The overview, and the entry: `streamlit run dashboard.py`."""

import streamlit as st

from atlas.exhibits import overview
from atlas.interface import cards, frame, shown

page = frame.open_page("overview")
head = st.container()
shown.show(page, overview.finding, level=1, head=head)
cards.show_overview(page)
shown.foot(page)
page.notes(head)
