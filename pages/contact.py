"""Contact: how often people are in touch, isolation, loneliness, participation and support in the national survey."""

import streamlit as st

from atlas.exhibits import contact, isolation, loneliness, participation
from atlas.interface import asked_contact, frame, shown

page = frame.open_page("contact")
head = st.container()
seen, group, deff = asked_contact.contact(page)
shown.show(page, contact.contact_waves, level=1, head=head, deff=deff, **seen)
shown.show(page, contact.contact_groups, group=group, deff=deff, **seen)

page.section(page.texts("contact.section.isolation"), page.texts("contact.section.isolation_lead"))
shown.show(page, isolation.isolation_groups, deff=deff, **asked_contact.isolation(page))
shown.show(page, isolation.isolation_distribution, deff=deff)

page.section(page.texts("contact.section.loneliness"), page.texts("contact.section.loneliness_lead"))
asked, lone_group = asked_contact.loneliness(page)
shown.show(page, loneliness.loneliness_waves, asked=asked, deff=deff)
shown.show(page, loneliness.loneliness_groups, asked=asked, group=lone_group, deff=deff)
shown.show(page, loneliness.loneliness_abroad, deff=deff)

page.section(page.texts("contact.section.support"), page.texts("contact.section.support_lead"))
shown.show(page, participation.participation, deff=deff)
shown.show(page, participation.support, topic=asked_contact.support_topic(page), deff=deff)
shown.foot(page)
page.notes(head)
