"""The presentation a deck is written into: the project's own page or a given template, its layouts, footers and first slide."""

from __future__ import annotations

import io
import re
import zipfile
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.exc import PythonPptxError
from pptx.util import Pt

from atlas.stories.deck_model import DeckError
from atlas.stories.deck_shapes import Canvas
from atlas.stories.deck_text import EMU, LANG, LEADING, Box, Style, clean, fitting, properties, wide
from atlas.texts import Texts

WIDE, HIGH, MARGIN = 960.0, 540.0, 44.0
TITLE = Box(MARGIN, 22, WIDE - 2 * MARGIN, 72)
FOOT = 510.0
TITLE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0)
TITLE_LEADING = 1.2
FOOTER, FOOTER_AT_MOST = 10.0, 12.0
"""Text of the own footers; about the largest a template has."""
INK, SECOND, ACCENT = "#1C2430", "#55616E", "#0F6B8C"
TITLES = (KIND.TITLE, KIND.CENTER_TITLE, KIND.VERTICAL_TITLE)
LATENT = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
FONTS = {"ja": ("Yu Gothic", "Yu Gothic"), "en": ("Segoe UI", "Yu Gothic")}
"""Latin and East Asian fonts of the theme; where they are missing PowerPoint takes Meiryo or its own for Japanese."""
_FONT = re.compile(rb"<a:(major|minor)Font><a:latin typeface=\"[^\"]*\"[^>]*/><a:ea typeface=\"[^\"]*\"/>")
_JAPANESE = re.compile(rb'<a:font script="Jpan" typeface="[^"]*"/>')


@dataclass(frozen=True)
class Pages:
    """A presentation without slides, with the layouts for the first slide and for figures."""

    presentation: Any
    first: Any
    figure: Any
    lang: str

    def add(self, title: str, *, first: bool = False) -> tuple[Any, Box]:
        """A slide with its title, and the box of the title in points."""
        layout = self.first if first else self.figure
        slide = self.presentation.slides.add_slide(layout)
        holder = slide.shapes.title
        place = self._place(holder)
        size = fitting(title, place.width - 15, place.height - 8, TITLE_SIZES if not first else (36.0, 32.0, *TITLE_SIZES)) or TITLE_SIZES[-1]
        frame = holder.text_frame
        frame.word_wrap = True
        _write(frame, title, size, self.lang)
        for other in list(slide.placeholders):
            if other.placeholder_format.type not in (*TITLES, *((KIND.SUBTITLE,) if first else ())):
                other._element.getparent().remove(other._element)  # an empty place of the layout would show its instruction
        return slide, place

    def _place(self, holder: Any) -> Box:
        sides = [holder.left, holder.top, holder.width, holder.height]
        if any(one is None for one in sides):
            full, high = self.presentation.slide_width / EMU, self.presentation.slide_height / EMU
            return Box(MARGIN, high * 0.04, full - 2 * MARGIN, high * 0.13)
        return Box(*(one / EMU for one in sides))

    def body(self, title: Box) -> Box:
        """The room below the title and above the footers."""
        full, high = self.presentation.slide_width / EMU, self.presentation.slide_height / EMU
        feet = [one.top / EMU for one in self.figure.placeholders if one.placeholder_format.type in LATENT and one.top and one.top / EMU > high * 0.75]
        left = max(title.x, full * 0.03)
        right = min(title.right, full * 0.97)
        if right - left < full * 0.6:  # a narrow title, beside which the layout has something else
            left, right = full * 0.05, full * 0.95
        top = min(title.bottom + 4, high * 0.35)
        bottom = min([*feet, high - 30])
        return Box(left, top, right - left, bottom - top)

    def footers(self, slide: Any, words: str, day: str, number: int) -> None:
        """Date, words and number of the slide, in the layout's own places where it has them, else at the foot."""
        contents = {KIND.DATE: day, KIND.FOOTER: words, KIND.SLIDE_NUMBER: str(number)}
        held = {one.placeholder_format.type: one for one in slide.slide_layout.placeholders if one.placeholder_format.type in LATENT}
        full, high = self.presentation.slide_width / EMU, self.presentation.slide_height / EMU
        places = {KIND.DATE: (0.05, 0.2, "l"), KIND.FOOTER: (0.27, 0.46, "ctr"), KIND.SLIDE_NUMBER: (0.85, 0.1, "r")}

        for kind, text in contents.items():
            if kind not in held:
                left, width, align = places[kind]
                canvas = Canvas(slide, self.lang)
                canvas.words(Box(full * left, high - 26, full * width, 16), text, Style(FOOTER, SECOND, align=align, anchor="ctr"))
                continue
            element = deepcopy(held[kind]._element)
            element.nvSpPr.cNvPr.set("id", str(max(int(one) for one in slide.shapes._spTree.xpath("//p:cNvPr/@id")) + 1))
            slide.shapes._spTree.append(element)
            body = element.txBody
            for paragraph in list(body.p_lst):
                body.remove(paragraph)
            room = (held[kind].width or 0) / EMU - 15
            narrow = room > 0 and wide(text, FOOTER_AT_MOST) > room
            size = f' sz="{round((fitting(text, room, 14, (11.0, 10.0, 9.0, 8.0, 7.0)) or 7.0) * 100)}"' if narrow else ""
            run = f'<a:rPr lang="{LANG[self.lang]}"{size}/>'
            field = f'<a:fld id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">{run}<a:t>{number}</a:t></a:fld>'
            inside = field if kind == KIND.SLIDE_NUMBER else f"<a:r>{run}<a:t>{clean(text)}</a:t></a:r>"
            body.append(etree.fromstring(f'<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{inside}</a:p>', etree.XMLParser()))

    def qr(self, slide: Any, link: str, place: Box) -> None:
        """The link as a QR code, which is itself a link."""
        out = io.BytesIO()
        import segno  # only where a public address is configured

        segno.make(link, error="m", micro=False).save(out, kind="png", scale=16, border=2)
        out.seek(0)
        picture = slide.shapes.add_picture(out, *place.emu())
        picture._element.nvPicPr.cNvPr.set("descr", link)
        picture.click_action.hyperlink.address = link


def pages(template: Path | None, texts: Texts) -> Pages:
    """The presentation to write into. Raises DeckError where a template cannot be used."""
    if template is None:
        return _own(texts.lang)
    presentation = _read(template, texts)
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if any(one.placeholder_format.type in TITLES for one in layout.placeholders)]
    if not titled:
        raise DeckError(texts("deck.error.no_layout", name=template.name))
    figure = min(
        titled,
        key=lambda layout: (_holds(layout, KIND.CENTER_TITLE), sum(one.placeholder_format.type not in (*TITLES, *LATENT) for one in layout.placeholders)),
    )
    first = next(
        (layout for layout in titled if _holds(layout, KIND.CENTER_TITLE)), next((layout for layout in titled if _holds(layout, KIND.SUBTITLE)), figure)
    )
    _emptied(presentation)
    return Pages(presentation, first, figure, texts.lang)


def _holds(layout: Any, kind: Any) -> bool:
    return any(one.placeholder_format.type == kind for one in layout.placeholders)


def _read(template: Path, texts: Texts) -> Any:
    try:
        content = template.read_bytes()
    except OSError as error:
        raise DeckError(texts("deck.error.no_template", path=template, error=error.strerror or error)) from error
    try:
        return Presentation(io.BytesIO(content))
    except (PythonPptxError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, etree.LxmlError, NotImplementedError, EOFError) as error:
        raise DeckError(texts("deck.error.no_pptx", name=template.name)) from error


def _emptied(presentation: Any) -> None:
    """Without its slides, and without the lists that name them."""
    part, listed = presentation.part, presentation.slides._sldIdLst
    for one in list(listed):
        part.drop_rel(one.rId)
        listed.remove(one)
    for name in ("custShowLst", "sectionLst"):
        for found in part._element.xpath(f"//*[local-name()='{name}']"):
            holder = found.getparent()
            holder.remove(found)
            if etree.QName(holder).localname == "ext":
                holder.getparent().remove(holder)


def _own(lang: str) -> Pages:
    """The project's own page: 16:9, white, title at the left, footers in one line."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDE), Pt(HIGH)
    by_name = {layout.name: layout for layout in presentation.slide_layouts}
    first, figure = by_name["Title Slide"], by_name["Title Only"]
    for layout in list(presentation.slide_layouts):
        if layout not in (first, figure):
            presentation.slide_layouts.remove(layout)
    _set_fonts(presentation.slide_master, lang)
    places: list[tuple[Any, Box]] = [(presentation.slide_master, TITLE), (first, Box(MARGIN, 120, WIDE - 2 * MARGIN, 130)), (figure, TITLE)]
    for layout, title in places:
        for one in layout.placeholders:
            kind = one.placeholder_format.type
            place = {
                KIND.DATE: Box(WIDE - MARGIN - 230, FOOT, 180, 18),
                KIND.FOOTER: Box(MARGIN, FOOT, 560, 18),
                KIND.SLIDE_NUMBER: Box(WIDE - MARGIN - 44, FOOT, 44, 18),
                KIND.SUBTITLE: Box(MARGIN, 262, WIDE - 2 * MARGIN - 170, 150),
                KIND.BODY: Box(MARGIN, 110, WIDE - 2 * MARGIN, 380),
            }.get(kind, title)
            one.left, one.top, one.width, one.height = place.emu()
            align = "r" if kind in (KIND.DATE, KIND.SLIDE_NUMBER) else "l"
            style = {KIND.SUBTITLE: Style(20, SECOND), KIND.BODY: Style(16, INK)}.get(
                kind, Style(FOOTER, SECOND) if kind in LATENT else Style(28, INK, bold=True)
            )
            _set_style(one._element, style, align, "ctr" if kind in LATENT else "b" if kind in TITLES else "t", lang)
    return Pages(presentation, first, figure, lang)


def _set_style(element: Any, style: Style, align: str, anchor: str, lang: str) -> None:
    frame = element.txBody
    edges = {"lIns": "0", "rIns": "0", "tIns": "0", "bIns": "0", "anchor": anchor}
    properties_ = frame.bodyPr
    for child in list(properties_):
        properties_.remove(child)
    for name, value in edges.items():
        properties_.set(name, value)
    listed = frame.find("{http://schemas.openxmlformats.org/drawingml/2006/main}lstStyle")
    for child in list(listed):
        listed.remove(child)
    run = properties(style, lang, "a:defRPr").replace(f'lang="{LANG[lang]}" ', "")
    level = f'<a:lvl1pPr xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" marL="0" indent="0" algn="{align}"><a:buNone/>{run}</a:lvl1pPr>'
    listed.append(etree.fromstring(level))


def _set_fonts(master: Any, lang: str) -> None:
    latin, eastern = FONTS[lang]
    for relation in master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            part = relation.target_part
            named = rb"<a:\1Font>" + f'<a:latin typeface="{latin}"/><a:ea typeface="{eastern}"/>'.encode()
            part._blob = _JAPANESE.sub(b'<a:font script="Jpan" typeface="Meiryo"/>', _FONT.sub(named, part.blob))


def _write(frame: Any, text: str, size: float, lang: str) -> None:
    """Words into a placeholder, at a size of their own."""
    frame.text = text
    for paragraph in frame.paragraphs:
        paragraph.line_spacing = Pt(size * TITLE_LEADING)
        for run in paragraph.runs:
            run.font.size = Pt(size)
            run._r.get_or_add_rPr().set("lang", LANG[lang])


def lead(pages_: Pages, slide: Any, title: Box, lines: list[tuple[str, float]]) -> Box:
    """Lead and date below the title of the first slide, in the layout's place for them where it has one."""
    holder = next((one for one in slide.placeholders if one.placeholder_format.type == KIND.SUBTITLE), None)
    shown = [(text, size) for text, size in lines if text]
    if holder is None:
        place = Box(title.x, title.bottom + 10, title.width * 0.75, 120)
        holder = slide.shapes.add_textbox(*place.emu())
    frame = holder.text_frame
    frame.word_wrap = True
    frame.text = "\n".join(text for text, _ in shown)
    for paragraph, (_, size) in zip(frame.paragraphs, shown, strict=True):
        paragraph.line_spacing, paragraph.space_before = Pt(size * LEADING), Pt(2)
        for run in paragraph.runs:
            run.font.size = Pt(size)
            run._r.get_or_add_rPr().set("lang", LANG[pages_.lang])
    return pages_._place(holder)
