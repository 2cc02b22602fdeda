"""What `python -m atlas reproduce` says: one line a figure, below it what differs; or the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from atlas.exports.carried import CarriedError
from atlas.exports.comparing import Difference
from atlas.exports.reproduce import Comparison, reproduce
from atlas.exports.tables import APP_VERSION
from atlas.store.database import Store
from atlas.texts import Texts

SHORT_VERSION = 12
"""Letters of a data version that are shown, as in the foot of the cards."""


def report(files: Sequence[Path], store: Store, words: Texts, *, as_json: bool = False) -> tuple[str, bool]:
    """The answer for several files and whether everything in them is equal. A file that cannot be read is said among the others."""
    lines: list[str] = []
    held: list[dict[str, Any]] = []
    equal = True
    for path in files:
        try:
            found = reproduce(path, store)
        except CarriedError as error:
            equal = False
            lines.append(words("reproduce.command.unreadable", file=path, reason=error.said(words.lang)))
            held.append({"file": str(path), "status": "unreadable", "reason": error.said(words.lang)})
            continue
        for one in found:
            equal = equal and one.equal
            lines += _lines(path, one, words)
            held.append(_plain(path, one, words))
    return json.dumps(held, ensure_ascii=False, indent=1) if as_json else "\n".join(lines), equal


def _lines(path: Path, one: Comparison, words: Texts) -> Iterator[str]:
    """Another data version first, then whether the figure is equal, then what differs, indented."""
    if one.of_other_data:
        carried = one.carried.data_version[:SHORT_VERSION] or words("reproduce.none")
        yield words("reproduce.other_data", file=path, carried=carried, held=one.held_version[:SHORT_VERSION])
    if one.of_other_program:
        yield words("reproduce.other_program", file=path, carried=one.carried.app_version or words("reproduce.none"), held=APP_VERSION)
    yield words(f"reproduce.{one.status}", file=path, figure=one.carried.title, count=one.count, reason=one.reason or "")
    for difference in one.differences:
        yield "  " + said(difference, words)
    if one.count > len(one.differences):
        yield "  " + words("reproduce.more", count=one.count - len(one.differences))


def said(one: Difference, words: Texts) -> str:
    """One difference in words."""
    none = words("reproduce.none")
    column = words(f"frame.export.{one.column}") if one.kind == "about" and words.has(f"frame.export.{one.column}") else one.column
    return words(f"reproduce.difference.{one.kind}", row=one.row, column=column or none, carried=one.carried or none, rebuilt=one.rebuilt or none)


def _plain(path: Path, one: Comparison, words: Texts) -> dict[str, Any]:
    carried = one.carried
    return {
        "file": str(path),
        "kind": carried.kind,
        "figure": carried.title,
        "status": one.status,
        "reason": one.reason.said(words) if one.reason is not None else "",
        "data_version": {"file": carried.data_version, "held": one.held_version},
        "app_version": {"file": carried.app_version, "held": APP_VERSION},
        "exported_at": carried.exported_at,
        "permalink": carried.permalink,
        "recipe": carried.recipe,
        "count": one.count,
        "differences": [vars(difference) for difference in one.differences],
    }
