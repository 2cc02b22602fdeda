"""Every area of a level in one year: what a place is compared with."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atlas.store.database import Store
from atlas.store.observations import TOTALS


def shares(store: Store, indicator_id: str, level: str, year: int) -> pd.DataFrame:
    """One row for every area of the level, those without a figure too, in the order of the codes.

    Columns: area_code, parent_code, name_ja, name_en, value, numerator, denominator, status (NULL: nothing is said about this
    cell), reason_ja, reason_en, source_id, publication, verified.
    """
    return store.frame(
        f"""
        SELECT a.area_code, a.parent_code, a.name_ja, a.name_en, o.value, o.numerator, o.denominator, o.status, o.reason_ja, o.reason_en,
               o.source_id, c.publication, c.verified
        FROM area a
        LEFT JOIN (SELECT * FROM observation WHERE indicator_id = ? AND year = ? AND {TOTALS}) o USING (area_code)
        LEFT JOIN citation c USING (citation_id)
        WHERE a.level = ? ORDER BY a.area_code
        """,
        [indicator_id, year, level],
    )


def counts(store: Store, indicator_ids: Sequence[str], level: str, year: int) -> pd.DataFrame:
    """Several indicators side by side: one row an area of the level (index area_code), one column an indicator, NaN where not held."""
    rows = store.frame(
        f"""
        SELECT a.area_code, o.indicator_id, o.value
        FROM area a
        LEFT JOIN observation o ON o.area_code = a.area_code AND o.year = ? AND o.indicator_id IN (SELECT unnest(?)) AND {TOTALS}
        WHERE a.level = ? ORDER BY a.area_code
        """,
        [year, list(indicator_ids), level],
    )
    codes = rows["area_code"].unique()
    wide = rows[rows["indicator_id"].notna()].pivot(index="area_code", columns="indicator_id", values="value")
    return wide.reindex(index=codes, columns=list(indicator_ids)).astype(float)


def sources_of(store: Store, indicator_ids: Sequence[str], level: str, years: Sequence[int]) -> pd.DataFrame:
    """Where the figures of some indicators come from at a level: source_id, publication, verified, each once."""
    return store.frame(
        f"""
        SELECT DISTINCT o.source_id, c.publication, c.verified
        FROM observation o JOIN area a USING (area_code) LEFT JOIN citation c USING (citation_id)
        WHERE a.level = ? AND o.value IS NOT NULL AND o.indicator_id IN (SELECT unnest(?)) AND o.year IN (SELECT unnest(?)) AND {TOTALS}
        ORDER BY ALL
        """,
        [level, list(indicator_ids), list(years)],
    )
