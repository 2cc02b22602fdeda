"""Figures of a saved file made again from today's database and compared with what the file carries, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import shapely

from atlas.exhibits.context import Context
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.recipe import RecipeError, detail, follow, read_recipe
from atlas.exports import card_facts, geo
from atlas.exports.carried import Carried, read_carried
from atlas.exports.carried_model import compared
from atlas.exports.citation import fingerprint
from atlas.exports.comparing import Difference, differences_of_tables
from atlas.exports.tables import APP_VERSION, SAMPLE, Provenance, metadata
from atlas.figures.look import Look
from atlas.store.database import Store
from atlas.texts import LANGUAGES, Phrase, texts

EQUAL, DIFFERS, NOT_REBUILT = "equal", "differs", "not_rebuilt"
NAMED = 20
"""Differences that are told one by one, at most; all are counted."""
SHAPE_TOLERANCE = 1e-9
"""Degrees: a tenth of a millimetre."""


@dataclass(frozen=True)
class Comparison:
    """One figure of a file beside what is made from its recipe today.

    status: `equal`, `differs`, or `not_rebuilt` (then `reason` says why); differences: the first of `count`; held_version: of the data of today;
    whole: the file holds the table itself, not only its fingerprint.
    """

    carried: Carried
    status: str
    held_version: str
    differences: tuple[Difference, ...] = ()
    count: int = 0
    reason: RecipeError | None = None

    @property
    def equal(self) -> bool:
        """Whether the figure is the one that is made today."""
        return self.status == EQUAL

    @property
    def of_other_data(self) -> bool:
        """Whether the file was made from other data than those held."""
        return self.carried.data_version != self.held_version

    @property
    def of_other_program(self) -> bool:
        """Whether the file was made by another version of the program."""
        return self.carried.app_version != APP_VERSION


def reproduce(path: Path, store: Store) -> list[Comparison]:
    """Every figure of a file made again and compared. Raises CarriedError where the file carries none."""
    return [compare(carried, store) for carried in read_carried(path)]


def compare(carried: Carried, store: Store) -> Comparison:
    """One figure made again and compared."""
    try:
        context, exhibit = _rebuilt(carried.recipe, store)
    except RecipeError as error:
        return Comparison(carried, NOT_REBUILT, store.version, reason=error)
    found = list(_differences(carried, context, exhibit))
    return Comparison(carried, DIFFERS if found else EQUAL, store.version, tuple(found[:NAMED]), len(found))


def _rebuilt(text: str, store: Store) -> tuple[Context, Exhibit]:
    try:
        recipe = read_recipe(text)
        if recipe.lang not in LANGUAGES:
            raise RecipeError("recipe.language", found=recipe.lang[:20])
        context = Context(store, texts(recipe.lang), Look(recipe.lang))
        if recipe.build != card_facts.BUILD:
            return context, follow(context, recipe)
        made = list(card_facts.cards_of(context, recipe))
        rows = [row for card in made for row in card_facts.card_rows(card)]
        title = card_facts.title_of_cards(made[0], len(made))
        return context, card_facts.cards_exhibit(rows, recipe.lang, title, text, sample=bool(made[0].sample))
    except RecipeError:
        raise
    except Exception as error:  # choices of a stranger's recipe may make an exhibit fail in any way
        raise RecipeError("recipe.cannot_make", build=Phrase("recipe.this"), error=detail(error)) from error


def _differences(carried: Carried, context: Context, exhibit: Exhibit) -> Iterator[Difference]:
    """What differs, the drawing first, then the words around the table, then its columns, rows and cells."""
    if carried.redrawn:
        yield Difference("drawing")
    if carried.about is not None:
        yield from _about(carried.about, compared(metadata(exhibit, context, Provenance("", "", exhibit.is_sample))))
    if carried.settings is not None:
        yield from _about(_settings(carried.settings), _settings(tuple(exhibit.settings.items())))
    if carried.table is not None:
        yield from differences_of_tables(carried.table, _as_carried(carried, context, exhibit))
    elif carried.fingerprint != (held := fingerprint(exhibit.table)):
        yield Difference("fingerprint", carried=carried.fingerprint[:16], rebuilt=held[:16])
    if carried.shapes is not None:
        yield from _shapes(carried.shapes, context)


def _as_carried(carried: Carried, context: Context, exhibit: Exhibit) -> Table:
    """The table as that kind of file has it: the rows of some each carry the mark of a sample, a saved list has three columns."""
    table = exhibit.table
    if carried.table is not None and carried.table.marked and exhibit.is_sample:
        mark = context.texts("frame.sample")
        return Table((*table.columns, Column(SAMPLE, mark)), table.rows.assign(**{SAMPLE: mark}), table.caption)
    if carried.table is not None and carried.table.partial:
        columns = tuple(column for name in carried.table.ids for column in table.columns if column.id == name)
        return Table(columns, table.rows[[column.id for column in columns]], table.caption)
    return table


def _settings(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(("setting", f"{name} = {value}") for name, value in pairs)


def _about(carried: tuple[tuple[str, str], ...], rebuilt: tuple[tuple[str, str], ...]) -> Iterator[Difference]:
    """Lines that stand around the table, in their order."""
    for kind, start, end, other, last in SequenceMatcher(None, carried, rebuilt, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        there, here = carried[start:end], rebuilt[other:last]
        for number in range(max(len(there), len(here))):
            name = there[number][0] if number < len(there) else here[number][0]
            before, now = ((lines[number][1] if number < len(lines) else "") for lines in (there, here))
            yield Difference("about", column=name, carried=before, rebuilt=now)


def _shapes(carried: Any, context: Context) -> Iterator[Difference]:
    """Areas whose outline is another one than that of the database."""
    held = geo.shapes_of(context, sorted({code.split("-")[0] for code in carried}))
    for code, shape in carried.items():
        there, here = _normal(shape), _normal(shapely.from_wkb(held[code]) if code in held else None)
        if (there is None) != (here is None) or (there is not None and not shapely.equals_exact(there, here, tolerance=SHAPE_TOLERANCE)):
            yield Difference("shape", row=code)


def _normal(shape: Any) -> Any:
    if shape is None or shape.is_empty:
        return None
    return shapely.normalize(shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape)
