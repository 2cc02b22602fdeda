"""What an exhibit is: one figure with all that stands around it, in one language, for one look."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

COLUMN_KINDS = ("text", "count", "percent", "points", "decimal", "year", "rank")


@dataclass(frozen=True)
class Column:
    """A column of a table twin.

    kind: text; count (thousands marks); percent (value is a 0-1 share); points (value is a 0-1
    difference, shown as percentage points with a sign); decimal; year; rank.
    """

    id: str
    title: str
    kind: str = "text"
    decimals: int = 0


@dataclass(frozen=True)
class Table:
    """The figures behind a picture. `rows` has raw values under the columns' ids, in reading order.

    `marks` names text columns' ids whose words (秘匿, 未収録 ...) explain an empty value in the same row.
    """

    columns: tuple[Column, ...]
    rows: pd.DataFrame
    caption: str


@dataclass(frozen=True)
class Exhibit:
    """One figure, ready to be shown or exported.

    id: stable, ASCII, for keys and file names. title: the finding in a sentence. subtitle: measure,
    unit, place, years. sentence: the figure in words, for everyone who cannot see it. sources: the
    source lines. cautions: notes below the figure. settings: the choices that made it, for exports.
    """

    id: str
    title: str
    subtitle: str
    sentence: str
    sources: tuple[str, ...]
    table: Table
    figure: go.Figure | None = None
    cautions: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    height: int = 420
    is_sample: bool = False
    """Fictional data: said first in every export."""
    table_first: bool = False
    """The table is what the reader came for: it stands open."""
    nothing: str = ""
    """What stands where the figure would be when there is none; empty: that nothing can be drawn of these choices."""
    recipe: str = ""
    """How to make it again (`recipe.py`), where it was made for a page."""
