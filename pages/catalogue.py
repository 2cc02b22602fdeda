"""Data and sources: what is held, what is missing and why, and how to cite it."""

from atlas.exhibits.catalogue import catalogue
from atlas.interface import entries, frame, shown

page = frame.open_page("catalogue")
whole = shown.finished(page.context, catalogue).exhibit
page.heading(whole.title, whole.subtitle)
topic, text = entries.ask(page)
page.notes()
entries.show(page, topic, text)
entries.show_files(page)
shown.tools(page, whole, "catalogue-whole", has_picture=False)
entries.show_build(page)
shown.foot(page)
