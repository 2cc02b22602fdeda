"""The overview, and the entry: `streamlit run dashboard.py`."""

from atlas.interface import frame

page = frame.open_page("overview")
page.heading("概要")
page.notes()
