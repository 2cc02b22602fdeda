"""Target areas: which districts first, how sure that is, who already serves them, where one more place would help, the shortlist."""

import streamlit as st

from atlas.interface import frame, shown, targets

page = frame.open_page("targets")
head = st.container()
targets.show(page, head)
shown.foot(page)
page.notes(head)
