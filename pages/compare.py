"""compare."""

from atlas.interface import frame

page = frame.open_page("compare")
page.heading(page.texts("frame.pages.compare"))
page.notes()
