"""contact."""

from atlas.interface import frame

page = frame.open_page("contact")
page.heading(page.texts("frame.pages.contact"))
page.notes()
