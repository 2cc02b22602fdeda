"""What a deck carries so that its figures can be cited and made again: a custom part of the file, which PowerPoint keeps when it saves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.carried_texts import drawn_slides
from atlas.exports.citation import PART, PART_ROOT, citation_text, figure_cited
from atlas.exports.tables import Provenance


def deck_with_citation(presentation: Any, figures: Sequence[tuple[int, Exhibit]], context: Context, provenance: Provenance) -> bytes:
    """The file, with the text in it. figures: id of the slide, its exhibit; those without a recipe are left out."""
    cited = [{**figure_cited(exhibit, context.store.version, provenance), "slide": str(slide)} for slide, exhibit in figures if exhibit.recipe]
    if not cited:
        return _saved(presentation)
    with zipfile.ZipFile(io.BytesIO(_saved(presentation))) as packed:
        drawn = drawn_slides(packed)
    text = citation_text([{**one, "drawn": drawn.get(str(one["slide"]), "")} for one in cited])
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<carried xmlns="{PART_ROOT}">{escape(text)}</carried>'.encode()
    part = Part(PackURI(f"/{PART}"), "application/xml", presentation.part.package, content)
    presentation.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    return _saved(presentation)


def _saved(presentation: Any) -> bytes:
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()
