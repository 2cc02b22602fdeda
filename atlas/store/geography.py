"""Cities with school districts: their shapes, figures, where these come from, places, what was loaded."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from atlas.store.database import Store


@lru_cache(maxsize=4)
def cities(store: Store) -> pd.DataFrame:
    """Municipalities that have school districts: area_code, name_ja, prefecture_ja, is_sample, districts, years (of small areas)."""
    return store.frame(
        """
        SELECT m.area_code, m.name_ja, p.name_ja AS prefecture_ja, m.level = 'sample_municipality' AS is_sample,
               count(DISTINCT d.area_code) AS districts,
               (SELECT list_sort(list_distinct(list(g.year))) FROM area_geometry g WHERE g.municipality_code = m.area_code AND g.level = 'small_area') AS years
        FROM area m JOIN area d ON d.parent_code = m.area_code AND d.level = 'school_district' LEFT JOIN area p ON p.area_code = m.parent_code
        GROUP BY ALL ORDER BY is_sample, m.area_code
        """
    )


def shapes(store: Store, municipality: str, level: str, year: int | None = None) -> pd.DataFrame:
    """Shapes as WKB (longitude, latitude): area_code, name_ja, year, area_km2, geometry."""
    return store.frame(
        """
        SELECT g.area_code, a.name_ja, g.year, g.area_km2, g.geometry FROM area_geometry g JOIN area a USING (area_code)
        WHERE g.municipality_code = ? AND g.level = ? AND (? IS NULL OR g.year = ?) ORDER BY g.area_code
        """,
        [municipality, level, year, year],
    )


def made_from_list(store: Store, municipality: str) -> bool:
    """Whether the city's school districts were put together from small areas by a list of 町字 (小中学校通学区域情報)."""
    return bool(store.rows("SELECT 1 FROM area_geometry WHERE municipality_code = ? AND origin = 'town_list' LIMIT 1", [municipality]))


def district_figures(store: Store, municipality: str) -> pd.DataFrame:
    """Every figure of the city's districts: area_code, name_ja, indicator_id, year, value, numerator, denominator, status, source_id."""
    return store.frame(
        """
        SELECT o.area_code, a.name_ja, o.indicator_id, o.year, o.value, o.numerator, o.denominator, o.status, o.source_id
        FROM observation o JOIN area a USING (area_code)
        WHERE a.level = 'school_district' AND a.parent_code = ? ORDER BY o.area_code, o.indicator_id, o.year
        """,
        [municipality],
    )


def small_area_figures(store: Store, municipality: str, year: int) -> pd.DataFrame:
    """Every figure of the city's small areas in one census."""
    return store.frame(
        """
        SELECT o.area_code, a.name_ja, o.indicator_id, o.value, o.status, o.source_id FROM observation o JOIN area a USING (area_code)
        WHERE a.level = 'small_area' AND a.parent_code = ? AND o.year = ? ORDER BY o.area_code
        """,
        [municipality, year],
    )


def provenance(store: Store, municipality: str) -> pd.DataFrame:
    """By district, indicator, year and method: value, status, share from split areas, share through 合算."""
    return store.frame(
        """
        SELECT p.* FROM apportioned p JOIN area a USING (area_code) WHERE a.parent_code = ? ORDER BY p.area_code, p.indicator_id, p.year, p.method
        """,
        [municipality],
    )


def city_totals(store: Store, municipality: str) -> pd.DataFrame:
    """By indicator and year: total of the small areas, inside and outside the districts, how many areas are split."""
    return store.frame("SELECT * FROM apportioned_total WHERE municipality_code = ? ORDER BY indicator_id, year", [municipality])


def city_figure(store: Store, municipality: str, indicator_id: str, year: int) -> float | None:
    """A city's own figure for the whole of it, None where it is not held or hidden."""
    rows = store.rows("SELECT value FROM observation WHERE area_code = ? AND indicator_id = ? AND year = ?", [municipality, indicator_id, year])
    return rows[0][0] if len(rows) == 1 else None


def places(store: Store, municipality: str) -> pd.DataFrame:
    """Schools, facilities and places to be of a city."""
    return store.frame("SELECT * FROM place WHERE municipality_code = ? ORDER BY kind, name_ja", [municipality])


def datasets(store: Store) -> pd.DataFrame:
    """Every dataset given, in the words of its reader."""
    return store.frame("SELECT * FROM dataset ORDER BY is_sample, kind, file")


def remarks(store: Store, municipality: str) -> pd.DataFrame:
    """What a planner has to know: of the city, and of the files that hold it."""
    return store.frame(
        """
        SELECT DISTINCT r.kind, r.file, r.text_ja, r.text_en FROM remark r
        WHERE r.municipality_code = ? OR (r.municipality_code IS NULL AND r.file IN
              (SELECT file FROM dataset WHERE list_contains(municipalities, ?)))
        ORDER BY r.kind, r.text_ja
        """,
        [municipality, municipality],
    )
