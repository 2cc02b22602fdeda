"""Exhibits as a PDF for print: A4, vector drawings, one embedded font, readable without colour, with all that is needed to make them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.card_sheet import BODY, BOTTOM, LEFT, RIGHT, SMALL, TITLE, TOP, height_of
from atlas.exports.carried_texts import drawn_pages
from atlas.exports.citation import ATTACHMENT, citation_text, figure_cited
from atlas.exports.on_paper import on_paper, paper
from atlas.exports.print_entry import BANNER, LINK, WIDTH, Entry, entry, entry_group, room
from atlas.exports.print_flow import Block, Group, PagePlan, planned
from atlas.exports.print_paint import Press
from atlas.exports.tables import APP_VERSION, Provenance
from atlas.figures.look import LIGHT
from atlas.store import registry

Progress = Callable[[int, int], None]
BETWEEN = 6.0
VERSION = 12
LEAD = 12.0


@dataclass(frozen=True)
class Cover:
    """What the first page says above the list of views; without it there is none."""

    title: str
    lead: str


def page_pdf(context: Context, exhibits: Sequence[Exhibit], name: str, provenance: Provenance, *, made: date | None = None) -> bytes:
    """All exhibits of a page with its present choices; name: of the page. Raises ValueError where there is none, RecipeError where one cannot be made."""
    views = [on_paper(context, one) for one in exhibits]
    return printed(context, [entry("", one, "") for one in views], name, provenance, made=made)


def figure_pdf(exhibit: Exhibit, context: Context, provenance: Provenance) -> bytes:
    """One exhibit. Raises RecipeError where it cannot be made again in the look of paper."""
    return page_pdf(context, [exhibit], exhibit.title, provenance)


def printed(
    context: Context, entries: Sequence[Entry], name: str, provenance: Provenance, *, cover: Cover | None = None, made: date | None = None,
    progress: Progress | None = None,
) -> bytes:  # fmt: skip
    """The views in their order as a PDF.

    entries: their exhibits in the look of paper (`on_paper`); name: stands at the head of every page and is the document's title;
    provenance: when, and from which address; made: the day in the foot, that of the provenance where None; progress: called after each view.
    Raises ValueError where there is no view.
    """
    if not entries:
        raise ValueError("There is nothing to print; show at least one figure.")
    context = paper(context)
    texts = context.texts
    day = made or datetime.fromisoformat(provenance.exported_at).date()
    sheet = Press(lang=context.lang, title=name, subject=texts("frame.motto"), made=day)
    sheet.set_creator(texts("frame.name"))
    link = provenance.permalink if provenance.permalink.startswith(("https://", "http://")) else ""
    space = room(sheet, context, link)
    groups = []
    for done, one in enumerate(entries, 1):
        groups.append(entry_group(sheet, one, context, space))
        if progress is not None:
            progress(done, len(entries))
    pages_of: dict[int, int] = {}
    if cover is not None:
        first = Block(space.height(False), lambda on, y: _cover(on, context, cover, entries, pages_of, day, y))
        groups.insert(0, Group((first,), alone=True))
    plan = planned(groups, space.top, space.bottom, BETWEEN)
    for number, page in enumerate(plan, 1):
        for group in page.groups:
            pages_of.setdefault(group, number)
    for number, page in enumerate(plan, 1):
        _page(sheet, context, page, name, link, day, number, len(plan))
    held = [{**figure_cited(one.exhibit, context.store.version, provenance)} for one in entries if one.exhibit.recipe]
    if held:
        drawn = drawn_pages(sheet.drawn())
        text = citation_text([{**one, "drawn": drawn} for one in held])
        sheet.embed_file(bytes=text.encode("utf-8"), basename=ATTACHMENT, mime_type="application/json", compress=True)
    return sheet.finished()


def _page(sheet: Press, context: Context, page: PagePlan, name: str, link: str, day: date, number: int, total: int) -> None:
    texts = context.texts
    sheet.add_page()
    app = texts("frame.name")
    sheet.say(LEFT, TOP + 3.4, sheet.fitted(name, SMALL, WIDTH - sheet.wide(app, SMALL) - 6), SMALL, colour=LIGHT.second)
    sheet.say(RIGHT, TOP + 3.4, app, SMALL, colour=LIGHT.second, align="right")
    if page.sample:
        banner = texts("print.sample")
        tall = len(sheet.lines(banner, BODY, WIDTH - 6)) * height_of(BODY) + BANNER
        sheet.box(LEFT + 0.3, TOP + 6.0, WIDTH - 0.6, tall - 0.6, line=LIGHT.text, thick=0.6)
        sheet.paragraph(LEFT + 3, TOP + 6.9, WIDTH - 6, banner, BODY, bold=True)
    for y, block in page.placed:
        block.draw(sheet, y)
    _foot(sheet, context, link, day, number, total)


def _foot(sheet: Press, context: Context, link: str, day: date, number: int, total: int) -> None:
    texts = context.texts
    base = BOTTOM - 1.0
    sheet.rule(LEFT, BOTTOM - 4.6 - (LINK if link else 0.0), RIGHT, BOTTOM - 4.6 - (LINK if link else 0.0), LIGHT.grid, 0.2)
    if link:
        sheet.say(LEFT, base - LINK, sheet.fitted(link, SMALL, WIDTH), SMALL, colour=LIGHT.second)
        sheet.link(LEFT, base - LINK - 3.0, WIDTH, LINK, link)
    version = registry.build_info(context.store).get("content_hash", "")[:VERSION]
    sheet.say(LEFT, base, texts("card.footer.version", app=texts("frame.name"), release=APP_VERSION, version=version), SMALL, colour=LIGHT.second)
    sheet.say((LEFT + RIGHT) / 2 + 22, base, texts("card.footer.made", date=_day(context, day)), SMALL, colour=LIGHT.second, align="middle")
    sheet.say(RIGHT, base, texts("card.footer.page", number=number, total=total), SMALL, colour=LIGHT.second, align="right")


def _day(context: Context, day: date) -> str:
    return context.texts("deck.day", year=day.year, month=context.texts(f"deck.month.{day.month}"), day=day.day)


def _cover(sheet: Press, context: Context, cover: Cover, entries: Sequence[Entry], pages_of: dict[int, int], day: date, y: float) -> None:
    """Title, lead, day, and the views with their pages."""
    texts = context.texts
    y = sheet.paragraph(LEFT, y + 22, WIDTH, cover.title, TITLE, bold=True) + 1.5
    sheet.box(LEFT, y, WIDTH, 0.9, fill=LIGHT.accent)
    if cover.lead:
        y = sheet.paragraph(LEFT, y + 3, WIDTH, cover.lead, LEAD)
    y = sheet.paragraph(LEFT, y + 3, WIDTH, f"{_day(context, day)}  {texts('frame.name')}", BODY + 1, colour=LIGHT.second)
    if any(one.exhibit.is_sample for one in entries):
        y = sheet.paragraph(LEFT, y + 3, WIDTH, texts("deck.sample_inside"), BODY + 1, colour=LIGHT.caution, bold=True)
    y = sheet.heading(LEFT, y + 12, WIDTH, texts("print.contents")) + 1.5
    for number, one in enumerate(entries, 1):
        mark = f"{number}."
        page = str(pages_of.get(number, ""))
        lines = sheet.cut(sheet.lines(one.title, BODY + 1, WIDTH - 24), BODY + 1, WIDTH - 24, 2)
        if y + (len(lines) + 1) * height_of(BODY + 1) > BOTTOM - 14 and number < len(entries):
            sheet.paragraph(LEFT + 8, y, WIDTH - 24, texts("print.more_views", count=len(entries) - number + 1), BODY + 1, colour=LIGHT.second)
            return
        sheet.say(LEFT + 6, y + height_of(BODY + 1) * 0.74, mark, BODY + 1, colour=LIGHT.second, align="right")
        sheet.say(RIGHT, y + height_of(BODY + 1) * 0.74, page, BODY + 1, align="right")
        for line in lines:
            sheet.say(LEFT + 8, y + height_of(BODY + 1) * 0.74, line, BODY + 1)
            y += height_of(BODY + 1)
        y += 0.8
