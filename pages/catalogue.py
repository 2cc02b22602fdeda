"""catalogue."""

from atlas.interface import frame

page = frame.open_page("catalogue")
page.heading(page.texts("frame.pages.catalogue"))
page.notes()
