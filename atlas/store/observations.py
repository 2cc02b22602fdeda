"""Counts and shares of areas."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atlas.store.database import NOT_SAMPLE, Store

TOTALS = "sex = 'all' AND age_group = 'all' AND household_type = 'all'"


def series(store: Store, indicator_id: str, area_codes: Sequence[str]) -> pd.DataFrame:
    """The years of an indicator in some areas, totals only, missing ones with their status and reason.

    Columns: area_code, year, value, numerator, denominator, status, precision, reason_ja, reason_en,
    source_id, citation_id, publication, verified.
    """
    return store.frame(
        f"""
        SELECT o.area_code, o.year, o.value, o.numerator, o.denominator, o.status, o.precision, o.reason_ja, o.reason_en,
               o.source_id, o.citation_id, c.publication, c.verified
        FROM observation o LEFT JOIN citation c USING (citation_id)
        WHERE o.indicator_id = ? AND o.area_code IN (SELECT unnest(?)) AND {TOTALS}
        ORDER BY o.area_code, o.year
        """,
        [indicator_id, list(area_codes)],
    )


def breakdown(store: Store, indicator_id: str, area_code: str) -> pd.DataFrame:
    """All cells of an indicator in one area by year, sex, age group and household type."""
    return store.frame(
        """
        SELECT o.year, o.sex, o.age_group, o.household_type, o.value, o.status, o.precision, o.source_id, o.citation_id,
               c.publication, c.verified, c.note
        FROM observation o LEFT JOIN citation c USING (citation_id)
        WHERE o.indicator_id = ? AND o.area_code = ?
        ORDER BY o.year, o.sex, o.age_group, o.household_type
        """,
        [indicator_id, area_code],
    )


def of_level(store: Store, indicator_ids: Sequence[str], level: str, year: int) -> pd.DataFrame:
    """Totals of several indicators for every area of a level in one year, long: area_code, indicator_id, value, status ..."""
    return store.frame(
        f"""
        SELECT o.area_code, a.parent_code, a.name_ja, a.name_en, o.indicator_id, o.value, o.numerator, o.denominator, o.status,
               o.source_id, o.citation_id
        FROM observation o JOIN area a USING (area_code)
        WHERE a.level = ? AND o.year = ? AND o.indicator_id IN (SELECT unnest(?)) AND {TOTALS}
        ORDER BY o.area_code, o.indicator_id
        """,
        [level, year, list(indicator_ids)],
    )


def years_held(store: Store, indicator_id: str, level: str) -> list[int]:
    """The years in which an indicator has a figure for some area of the level."""
    rows = store.rows(
        f"""
        SELECT DISTINCT o.year FROM observation o JOIN area a USING (area_code)
        WHERE o.indicator_id = ? AND a.level = ? AND o.value IS NOT NULL AND {TOTALS} ORDER BY o.year
        """,
        [indicator_id, level],
    )
    return [row[0] for row in rows]


def indicators_with_totals(store: Store) -> dict[str, set[str]]:
    """Indicator id -> the levels at which it has at least one figure (totals)."""
    rows = store.rows(
        f"SELECT DISTINCT o.indicator_id, a.level FROM observation o JOIN area a USING (area_code) WHERE o.value IS NOT NULL AND {TOTALS} AND {NOT_SAMPLE}"
    )
    found: dict[str, set[str]] = {}
    for identifier, level in rows:
        found.setdefault(identifier, set()).add(level)
    return found
