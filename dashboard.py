"""The overview, and the entry: `streamlit run dashboard.py`."""

from atlas.exhibits import overview
from atlas.interface import cards, frame, shown

page = frame.open_page("overview")
shown.show(page, overview.finding, level=1)
cards.show_overview(page)
shown.print_page(page)
page.notes()
