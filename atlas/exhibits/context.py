"""What every exhibit is made from: the open database, the words, the look; and the lines every exhibit ends with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from atlas.figures.look import Look
from atlas.store import registry
from atlas.store.areas import areas, full_name
from atlas.store.database import Store
from atlas.texts import Texts
from catalog.model import Indicator

STATUS_ORDER = ("observed", "estimated", "suppressed", "merged", "not_applicable", "not_published", "not_loaded")


@dataclass(frozen=True)
class Context:
    """Store, words and look of one reader."""

    store: Store
    texts: Texts
    look: Look

    @property
    def lang(self) -> str:
        """'ja' or 'en'."""
        return self.texts.lang

    def indicator(self, identifier: str) -> Indicator:
        """The indicator of this id."""
        return registry.indicators(self.store)[identifier]

    def word(self, thing: object, field: str) -> str:
        """A registry thing's field in the reader's language."""
        return self.texts.of(thing, field)

    def area_name(self, code: str) -> str:
        """An area's name, municipalities with their prefecture."""
        return full_name(self.store, code, self.lang)

    def short_area_name(self, code: str) -> str:
        """An area's name alone."""
        return areas(self.store)[code].name(self.lang)

    def status_word(self, status: str) -> str:
        """The word for a status: 秘匿, 未収録 ..."""
        return self.texts(f"frame.status.{status}")

    def source_lines(self, frames: Iterable[pd.DataFrame], extra: Iterable[str] = ()) -> tuple[str, ...]:
        """The source lines of the rows shown: attribution of each source, publications, and how they were read.

        Each frame has source_id, and publication and verified where it cites one.
        """
        rows = [frame for frame in frames if len(frame)]
        known = registry.sources(self.store)
        lines: list[str] = []
        for frame in rows:
            for identifier in frame["source_id"].dropna().unique():
                line = self.word(known[identifier], "attribution")
                if line and line not in lines:
                    lines.append(line)
        lines = _vintages_joined(lines)
        secondary = any("verified" in frame and frame["verified"].eq("secondary").any() for frame in rows)
        prefix = self.texts("frame.source_prefix")
        text = [prefix + line if not line.startswith(("出典", "Source")) else line for line in lines]
        if secondary:
            text.append(self.texts("frame.secondary_note"))
        return (*text, *extra)


VINTAGE = re.compile(r"(?P<year>\d{4})(?P<end>年推計| projection)$")


def _vintages_joined(lines: list[str]) -> list[str]:
    """Lines that differ only in the vintage of a projection as one: ...1998・2008・2018年推計."""
    joined: dict[str, list[re.Match[str]]] = {}
    for line in lines:
        match = VINTAGE.search(line)
        joined.setdefault(line[: match.start()] if match else line, []).extend([match] if match else [])
    return [
        start + ("・" if matches[0]["end"] == "年推計" else ", ").join(match["year"] for match in matches) + matches[0]["end"] if matches else start
        for start, matches in joined.items()
    ]
