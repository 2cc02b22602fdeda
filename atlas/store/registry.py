"""The registry as the database holds it: indicators, sources, labels, where figures were read."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from atlas.store.database import Store
from catalog.model import Break, Indicator, Label, Source


@lru_cache(maxsize=4)
def indicators(store: Store) -> dict[str, Indicator]:
    """Every indicator by id, in the registry's order, with its breaks."""
    breaks: dict[str, list[Break]] = {}
    for row in store.records("SELECT * FROM indicator_break ORDER BY indicator_id, year"):
        breaks.setdefault(row.pop("indicator_id"), []).append(Break(**row))
    found = {}
    for row in store.records("SELECT * FROM indicator"):
        identifier = row.pop("indicator_id")
        row["levels"], row["sources"] = tuple(row["levels"]), tuple(row["sources"])
        found[identifier] = Indicator(id=identifier, breaks=tuple(breaks.get(identifier, ())), **row)
    return found


@lru_cache(maxsize=4)
def sources(store: Store) -> dict[str, Source]:
    """Every source by id."""
    return {row["source_id"]: Source(id=row.pop("source_id"), **row) for row in store.records("SELECT * FROM source")}


@lru_cache(maxsize=4)
def labels(store: Store) -> dict[tuple[str, str, str], Label]:
    """The words of the surveys by (kind, scope, id), in their published order."""
    rows = store.records("SELECT * FROM survey_label ORDER BY kind, scope, position")
    return {(row["kind"], row["scope"], row["id"]): Label(**row) for row in rows}


def citations(store: Store, citation_ids: tuple[str, ...]) -> pd.DataFrame:
    """Publication, text read, mark and note of the given citations."""
    return store.frame("SELECT * FROM citation WHERE citation_id IN (SELECT unnest(?))", [list(citation_ids)])


def build_info(store: Store) -> dict[str, str]:
    """When and as what the database was built."""
    return dict(store.rows("SELECT key, value FROM build_info"))
