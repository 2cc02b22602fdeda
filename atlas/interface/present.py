"""The presentation on a page: choose or load a story, put its slides in order, word them, see them, save the show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from atlas.figures.look import FinishedFigure, Look
from atlas.interface import asked_city, present_draft, words
from atlas.interface.controls import choose
from atlas.interface.frame import Page, columns
from atlas.interface.map_files import TOPOLOGY
from atlas.interface.shown import CONFIG, DECK, PDF, kept, print_hindrance
from atlas.stories.model import Shown, Slide, Story, StoryError
from atlas.stories.reading import LARGEST, story_of, text_of
from atlas.stories.shipped import shipped
from atlas.stories.show import story_show
from atlas.stories.show_slides import first_sentence
from atlas.stories.telling import told

LOADED = "loaded"
FILE, SLIDE = "present:file", "slide"
FIELDS = ("title", "sentence", "notes")
PREVIEW = CONFIG | {"topojsonURL": TOPOLOGY}


def ask(page: Page) -> tuple[Story, str | None]:
    """Which story, in which city where one is needed; the draft is what is shown and saved."""
    texts = page.texts
    left, middle, right = columns([3, 2, 3])
    with right:
        file = st.file_uploader(texts("present.load"), type=["yaml", "yml"], key=FILE, help=texts("present.load_help"))
    loaded = _loaded(page, file)
    known = {**({LOADED: loaded[1]} if loaded else {}), **shipped()}

    def shown(one: str) -> str:
        title = known[one].title.of(page.context.lang)
        return texts("present.loaded", title=title) if one == LOADED else title

    with left:
        chosen = choose(page.choices, "story", texts("present.story"), list(known), shown=shown)
    base = f"{LOADED}:{loaded[0]}" if loaded and chosen == LOADED else chosen
    story = present_draft.draft(base, known[chosen])
    city = None
    if story.needs_city:
        with middle:
            city = asked_city.city(page).code
    return story, city


def _loaded(page: Page, file: Any) -> tuple[str, Story] | None:
    """The story of the file given, or of the one before; a broken one is said in one sentence."""
    before = present_draft.loaded()
    if file is None or (before is not None and before[0] == file.file_id):
        return before
    content = file.getvalue()
    try:
        if len(content) > LARGEST:
            raise StoryError("story.too_large", name=file.name, most=LARGEST // 1000)
        return present_draft.loaded(str(file.file_id), story_of(content.decode("utf-8-sig"), file.name))
    except (StoryError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, StoryError) else StoryError("story.not_utf8", name=file.name)
        words.note(page.texts("present.not_loaded", reason=reason))
        return before


def show(page: Page, story: Story, city: str | None) -> None:
    """The list of slides, the chosen one with its words and figure, the files to save."""
    texts, context = page.texts, page.context
    slides = [_told(page, story, slide, city) for slide in story.slides]
    _added(page)
    names = {str(number): f"{number}. {one.title if isinstance(one, Shown) else texts('present.broken')}" for number, one in enumerate(slides, 1)}
    left, right = st.columns([2, 3], gap="large")
    with left:
        place = int(choose(page.choices, SLIDE, texts("present.slide", count=len(slides)), list(names), shown=lambda one: names.get(one, one))) - 1
        _order(page, place, len(slides))
        _words(page, story, place, slides[place])
    with right:
        _preview(page, slides[place], is_own=bool(story.slides[place].sentence))
    broken = [number for number, one in enumerate(slides, 1) if not isinstance(one, Shown)]
    st.html(_list(names, place))
    page.section(texts("present.save"), texts("present.save_lead"))
    if broken:
        words.note(texts("present.cannot_save", slides=texts("frame.list_separator").join(str(one) for one in broken)))
    hindrance = print_hindrance(page)
    with st.container(horizontal=True, gap="small", key="present-files"):  # further kinds of files of the same story stand here
        st.download_button(
            texts("present.save_show"), partial(_show_file, page, story, city), file_name=f"{story.id}_{context.lang}.html", mime="text/html",
            on_click="ignore", type="primary", disabled=bool(broken), key="present:show",
        )  # fmt: skip
        st.download_button(
            texts("frame.save.deck"), partial(_deck_file, page, story, city), file_name=f"{story.id}_{context.lang}.pptx", mime=DECK.media,
            on_click="ignore", disabled=bool(broken), key="present:deck",
        )  # fmt: skip
        st.download_button(
            texts("frame.save.pdf"), partial(_pdf_file, page, story, city), file_name=f"{story.id}_{context.lang}.pdf", mime=PDF.media,
            on_click="ignore", disabled=bool(broken or hindrance), help=hindrance or None, key="present:pdf",
        )  # fmt: skip
        st.download_button(
            texts("present.save_story"), text_of(story), file_name=f"{story.id}.yaml", mime="application/yaml", on_click="ignore", key="present:story_file"
        )
    st.html(f'<div class="atlas-body"><p class="atlas-source">{escape(texts("present.how"))}</p></div>')


def _show_file(page: Page, story: Story, city: str | None) -> bytes:
    """The show for a projector: always on a light ground, whatever the reader's theme."""
    return story_show(replace(page.context, look=Look(page.context.lang)), story, city).encode()


def _deck_file(page: Page, story: Story, city: str | None) -> bytes:
    """The same story as a PowerPoint file; the library is loaded when it is asked for."""
    from atlas.stories.deck import deck_bytes

    context = replace(page.context, look=Look(page.context.lang))
    return deck_bytes(context, told(context, story, city), story, template=None)


def _pdf_file(page: Page, story: Story, city: str | None) -> bytes:
    """The same story for print; the library is loaded when it is asked for."""
    from atlas.stories.pdf import story_pdf

    context = replace(page.context, look=Look(page.context.lang))
    return story_pdf(context, told(context, story, city), story)


def _told(page: Page, story: Story, slide: Slide, city: str | None) -> Shown | str:
    """One slide told by itself and kept, or the sentence that says why it cannot be."""
    alone = Story(story.id, story.title, (slide,))

    def make() -> Shown | str:
        try:
            return told(page.context, alone, city)[0]
        except StoryError as error:
            return error.said(page.texts)

    found: Shown | str = kept(page.context, "present.slide", {"slide": text_of(alone), "city": city or ""}, make)
    return found


def _added(page: Page) -> None:
    waiting = present_draft.added()
    if waiting:
        titles = page.texts("frame.list_separator").join(title for _, title in waiting)
        words.note(page.texts("present.waiting", count=len(waiting), titles=titles))
        st.button(page.texts("present.take"), on_click=present_draft.take_added, key="present:take")


def _order(page: Page, place: int, count: int) -> None:
    """Up, down, remove, undo."""
    texts = page.texts

    def moved(by: int) -> None:
        present_draft.move(place, by)
        st.query_params[SLIDE] = str(place + 1 + by)

    def removed() -> None:
        present_draft.remove(place)
        st.query_params[SLIDE] = str(max(min(place + 1, count - 1), 1))

    def undone() -> None:
        present_draft.undo()
        st.query_params[SLIDE] = str(min(place + 1, len(st.session_state[present_draft.DRAFT].slides)))

    acts: Mapping[str, tuple[Any, bool]] = {
        "up": (partial(moved, -1), place == 0),
        "down": (partial(moved, 1), place == count - 1),
        "remove": (removed, count == 1),
        "undo": (undone, not present_draft.can_undo()),
    }
    with st.container(horizontal=True, gap="small"):
        for name, (act, off) in acts.items():
            st.button(texts(f"present.{name}"), on_click=act, disabled=off, key=f"present:{name}")


def _words(page: Page, story: Story, place: int, one: Shown | str) -> None:
    """Title, sentence and notes of the slide in the reader's language; empty ones fall back to the exhibit's own."""
    texts, lang, slide = page.texts, page.context.lang, story.slides[place]
    for field in FIELDS:
        key = f"present:{field}"
        st.session_state[key] = getattr(getattr(slide, field), lang)
        own = "" if isinstance(one, str) or field == "notes" else getattr(one.exhibit, field)

        def written(field: str = field, key: str = key) -> None:
            present_draft.write(place, field, lang, st.session_state[key].strip())

        kind = st.text_input if field == "title" else st.text_area
        kind(texts(f"present.{field}"), key=key, placeholder=own, on_change=written, max_chars=200 if field == "title" else 2000)


def _preview(page: Page, one: Shown | str, *, is_own: bool) -> None:
    """The slide's title, figure, sentence and sources. is_own: the sentence is the story's, not the exhibit's, of which a slide shows the first."""
    if isinstance(one, str):
        words.note(page.texts("present.not_made", reason=one))
        return
    st.html(f'<div class="atlas-title"><h2>{escape(one.title)}</h2><p class="atlas-subtitle">{escape(one.exhibit.subtitle)}</p></div>')
    if one.exhibit.figure is not None:
        st.plotly_chart(FinishedFigure(one.exhibit.figure), theme=None, config=PREVIEW, key="present-chart", alt=one.title)
    sources = "".join(f'<p class="atlas-source">{escape(line)}</p>' for line in one.exhibit.sources)
    st.html(f'<div class="atlas-body"><p class="atlas-sentence">{escape(one.sentence if is_own else first_sentence(one.sentence))}</p>{sources}</div>')


def _list(names: Mapping[str, str], place: int) -> str:
    """All slides in their order, the chosen one in bold."""
    items = "".join(
        f"<li{' aria-current=true' if number == place else ''}>{f'<b>{shown}</b>' if number == place else shown}</li>"
        for number, shown in enumerate(escape(name.partition(". ")[2]) for name in names.values())
    )
    return f'<div class="atlas-body"><ol>{items}</ol></div>'
