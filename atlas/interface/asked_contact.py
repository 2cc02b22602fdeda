"""The questions of the contact page: how, which answer, which groups, on which base, with which intervals."""

from __future__ import annotations

from atlas.exhibits.contact import CATEGORIES, GROUPS, MODES
from atlas.exhibits.isolation import INDICATORS, QUESTION, isolation_group_types
from atlas.exhibits.loneliness import QUESTIONS, group_name, loneliness_group_types
from atlas.exhibits.participation import TOPICS
from atlas.exhibits.survey_rows import BASES, word
from atlas.interface import frame
from atlas.interface.controls import choose, switch
from atlas.interface.frame import Page
from atlas.interface.shown import kept

WIDER = 1.5
LARGE = 1.25
"""Above this text size the controls take two rows."""


def contact(page: Page) -> tuple[dict[str, str], str, float]:
    """One row: mode, base and answer in focus; the groups; the design effect."""
    texts, choices = page.texts, page.choices
    groups = kept(page.context, "asked_contact.groups", {}, lambda: {one: word(page.context, "group_type", "", one) for one in GROUPS})
    large = page.context.look.scale > LARGE
    first, second, third, fourth, fifth = [*frame.columns([4, 4, 3]), *frame.columns([4, 4])] if large else frame.columns([4, 3.7, 3, 3.5, 3.8])
    with first:
        mode = choose(choices, "mode", texts("contact.control.mode"), list(MODES), shown=lambda one: texts(f"contact.mode.{one}"))
    with second:
        category = choose(choices, "category", texts("contact.control.category"), list(CATEGORIES), shown=lambda one: texts(f"contact.category.{one}"))
    with third:
        group = choose(choices, "group", texts("contact.control.group"), list(groups), shown=groups.__getitem__)
    with fourth:
        base = choose(choices, "base", texts("contact.control.base"), list(BASES), shown=lambda one: texts(f"contact.control.base_{one}"))
    with fifth:
        wider = switch(choices, "deff", texts("contact.control.deff"), help=texts("contact.control.deff_help"))
    return {"mode": mode, "category": category, "base": base}, group, WIDER if wider else 1.0


def isolation(page: Page) -> dict[str, str]:
    """The indicator and the attribute."""
    context, texts = page.context, page.texts
    named = kept(context, "asked_contact.indicators", {}, lambda: {one: word(context, "category", QUESTION, one) for one in INDICATORS})
    groups = kept(
        context,
        "asked_contact.isolation",
        {},
        lambda: {one: word(context, "group_type", "", one) for one in isolation_group_types(context)},
    )
    left, right, _ = frame.columns([4, 3, 2])
    with left:
        indicator = choose(page.choices, "isolation", texts("contact.control.indicator"), list(named), shown=named.__getitem__)
    with right:
        group = choose(page.choices, "isogroup", texts("contact.control.isolation_group"), list(groups), shown=groups.__getitem__)
    return {"indicator": indicator, "group": group}


def loneliness(page: Page) -> tuple[str, str]:
    """How it was asked, and the groups."""
    context, texts = page.context, page.texts
    groups = kept(context, "asked_contact.loneliness", {}, lambda: {one: group_name(context, one) for one in loneliness_group_types(context)})
    left, right, _ = frame.columns([3, 4, 2])
    with left:
        asked = choose(page.choices, "asked", texts("contact.control.asked"), list(QUESTIONS), shown=lambda one: texts(f"contact.control.asked_{one}"))
    with right:
        group = choose(page.choices, "lonegroup", texts("contact.control.loneliness_group"), list(groups), shown=groups.__getitem__)
    return asked, group


def support_topic(page: Page) -> str:
    """The question on support."""
    context = page.context
    topics = kept(context, "asked_contact.topics", {}, lambda: {one: word(context, "question", "", one) for one in TOPICS})
    left, _ = frame.columns([4, 5])
    with left:
        return choose(page.choices, "topic", page.texts("contact.control.topic"), list(topics), shown=topics.__getitem__)
