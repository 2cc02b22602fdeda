"""Presentation: a story's slides in order, their words, the show as one file."""

from atlas.interface import frame, present, shown

page = frame.open_page("present")
page.heading(page.texts("present.page_title"), page.texts("present.page_lead"))
story, city = present.ask(page)
present.show(page, story, city)
page.notes()
shown.foot(page)
