"""Compare: a municipality beside nation, prefecture and the places most like it, and among all municipalities."""

import streamlit as st

from atlas.exhibits.compare import beside
from atlas.exhibits.funnel import funnel
from atlas.exhibits.modelled_contact import modelled_contact
from atlas.exhibits.peers import peers
from atlas.exhibits.prefecture_tiles import prefecture_tiles
from atlas.interface import asked_place, compared, frame, shown

page = frame.open_page("compare")
head = st.container()
what, prefecture, municipality, when = frame.columns([4, 2, 2, 1])
area = asked_place.area(page)
with what:
    indicator = asked_place.share(page)
with prefecture:
    asked_place.prefecture_control(page, area)
with municipality:
    asked_place.municipality_control(page, area)
with when:
    year = asked_place.census(page, indicator)
chosen = {"indicator_id": indicator, "area_code": area, "year": year}
compared.show_profile(page, **chosen)
shown.show(page, beside, level=1, head=head, **chosen)
page.section(page.texts("compare.section.peers"))
compared.show_table(page, peers, **chosen)
page.section(page.texts("compare.section.funnel"))
shown.show(page, funnel, level=3, **chosen)
page.section(page.texts("evidence.section.contact"))
shown.show(page, modelled_contact, level=3, area_code=area, year=year)
page.section(page.texts("compare.section.tiles"))
shown.show(page, prefecture_tiles, level=3, indicator_id=indicator, prefecture=asked_place.places(page).prefecture_of[area], year=year)
page.section(page.texts("compare.section.all"))
compared.show_municipalities(page, **chosen)
shown.foot(page)
page.notes(head)
