"""Projections, each with its vintage."""

from __future__ import annotations

import pandas as pd

from atlas.store.database import Store


def vintages(store: Store, indicator_id: str, area_code: str = "00000") -> pd.DataFrame:
    """Every projected total of an indicator: vintage, year, value, is_base_year, precision, sex, age_group, publication, verified."""
    return store.frame(
        """
        SELECT p.vintage, p.year, p.value, p.is_base_year, p.precision, p.sex, p.age_group, p.household_type,
               p.source_id, p.citation_id, c.publication, c.verified
        FROM projection p LEFT JOIN citation c USING (citation_id)
        WHERE p.indicator_id = ? AND p.area_code = ?
        ORDER BY p.vintage, p.year
        """,
        [indicator_id, area_code],
    )
