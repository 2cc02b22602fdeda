"""Cards of school districts as one PDF: a page each, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sized
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from atlas.exhibits.district_card import Card
from atlas.exports.card_facts import card_recipe, card_rows, cards_exhibit, title_of_cards
from atlas.exports.card_page import draw_page
from atlas.exports.card_sheet import Sheet
from atlas.exports.carried_texts import drawn_pages
from atlas.exports.citation import ATTACHMENT, citation_text, figure_cited
from atlas.exports.tables import Provenance
from atlas.texts import texts

Progress = Callable[[int, int], None]


def cards_pdf(
    cards: Iterable[Card],
    target: Path | BinaryIO,
    progress: Progress | None = None,
    *,
    total: int | None = None,
    made: date | None = None,
    recipe: str = "",
    provenance: Provenance | None = None,
) -> int:
    """Draw every card on an A4 page and write them to a file or an open binary stream. How many pages were written.

    cards: taken one after the other, so that an iterator never holds more than one; total: how many there are, where that cannot be asked;
    progress: called after each card with how many are done and the total; made: the day in the foot, today where None;
    recipe: how the cards were made (`card_facts.card_recipe`), that of a card of each district and year where left out; provenance: when and from
    which view. The words and figures of all cards go into the file as an attachment, with what is needed to cite them and to make them again.
    A file is written beside its name and put in place when it is whole: an error leaves what stood there as it was.
    Raises ValueError where there is no card, OSError where the file cannot be written.
    """
    if total is None:
        cards = cards if isinstance(cards, Sized) else list(cards)
        total = len(cards)
    if isinstance(target, Path):
        with _beside(target) as stream:
            return _draw(cards, stream, progress, total, made or date.today(), recipe, provenance)
    return _draw(cards, target, progress, total, made or date.today(), recipe, provenance)


def _draw(cards: Iterable[Card], stream: BinaryIO, progress: Progress | None, total: int, made: date, recipe: str, provenance: Provenance | None) -> int:
    sheet: Sheet | None = None
    first: Card | None = None
    done, codes, rows = 0, [], []
    for done, card in enumerate(cards, 1):
        words = texts(card.lang)
        if sheet is None or first is None:
            first = card
            sheet = Sheet(lang=card.lang, title=title_of_cards(card, total), subject=words("card.subject", city=card.city), made=made)
            sheet.set_creator(words("frame.name"))
        draw_page(sheet, card, words, number=done, total=total, made=made)
        codes.append(card.code)
        rows += card_rows(card)
        if progress is not None:
            progress(done, total)
    if sheet is None or first is None:
        raise ValueError("There is no card to draw; name at least one district.")
    recipe = recipe or card_recipe(first.lang, city=first.code.split("-")[0], codes=tuple(codes), year=first.year)
    exhibit = cards_exhibit(rows, first.lang, title_of_cards(first, total), recipe, sample=bool(first.sample))
    held = figure_cited(exhibit, first.data_version, provenance or Provenance(datetime.now().astimezone().isoformat(timespec="seconds")))
    held["drawn"] = drawn_pages(sheet.drawn())
    sheet.embed_file(bytes=citation_text([held]).encode("utf-8"), basename=ATTACHMENT, mime_type="application/json", compress=True)
    stream.write(sheet.finished())
    return done


class _beside:  # noqa: N801 - reads as a word where it is used
    """A file beside its final name; put in place when the block ends well, taken away when it does not."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> BinaryIO:
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", suffix=".part", dir=self.path.parent)
        self.part = Path(name)
        self.stream = os.fdopen(handle, "wb")
        return self.stream

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self.stream.close()
            if kind is None:
                # A temporary file is for its owner alone; a card is for whoever may read the folder, as any file written there.
                mask = os.umask(0)
                os.umask(mask)
                self.part.chmod(0o666 & ~mask)
                self.part.replace(self.path)
        finally:
            self.part.unlink(missing_ok=True)
