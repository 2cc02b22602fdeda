"""Places and people of a city, and the points at which the demand for places is counted."""

from __future__ import annotations

import pandas as pd

from atlas.store.database import Store


def places(store: Store, municipality: str) -> pd.DataFrame:
    """Schools, facilities, 居場所, 通いの場, 相談窓口, 会員団体 on the map of a city.

    place_id, kind, kind_ja (種別 as written, missing for published lists), name_ja, address, operator, capacity, opened (ISO date), note,
    district_code and district_ja (missing outside every district), longitude, latitude (degrees, JGD2011), source_id, is_sample.
    """
    return store.frame(
        """
        SELECT p.place_id, p.kind, p.kind_ja, p.name_ja, p.address, p.operator, p.capacity, p.opened, p.note, p.district_code, d.name_ja AS district_ja,
               p.longitude, p.latitude, p.source_id, s.kind = 'sample' AS is_sample
        FROM place p JOIN source s USING (source_id) LEFT JOIN area d ON d.area_code = p.district_code
        WHERE p.municipality_code = ? ORDER BY p.kind, p.name_ja, p.place_id
        """,
        [municipality],
    )


def without_position(store: Store, municipality: str) -> pd.DataFrame:
    """Rows of the city's own table that are on no map: place_id, kind, kind_ja, name_ja, address, operator, capacity, opened, note, source_id, is_sample."""
    return store.frame(
        """
        SELECT p.* EXCLUDE (municipality_code), s.kind = 'sample' AS is_sample
        FROM place_without_position p JOIN source s USING (source_id) WHERE p.municipality_code = ? ORDER BY p.kind, p.name_ja, p.place_id
        """,
        [municipality],
    )


def supporters(store: Store, municipality: str) -> pd.DataFrame:
    """つながりサポーター of a city, one row a line of its table.

    district_code and district_ja (missing: not matched), place_text as written, people, training_year (missing: not said),
    status (by_district | by_small_area | not_matched), source_id, is_sample. The people of all rows are the city's.
    """
    return store.frame(
        """
        SELECT u.district_code, d.name_ja AS district_ja, u.place_text, u.people, u.training_year, u.status, u.source_id, s.kind = 'sample' AS is_sample
        FROM supporter u JOIN source s USING (source_id) LEFT JOIN area d ON d.area_code = u.district_code
        WHERE u.municipality_code = ? ORDER BY u.district_code NULLS LAST, u.place_text, u.training_year
        """,
        [municipality],
    )


def demand_points(store: Store, municipality: str, indicator_id: str, year: int) -> pd.DataFrame:
    """The small areas of a census as points, with their value of a count indicator.

    area_code, name_ja, longitude, latitude (a point within the area; degrees, JGD2011), value (NaN unless status is observed), status
    (catalog/status.py; not_loaded where no table holds the indicator), area_km2, district_code (in which the point lies; missing: in none).
    Empty when no small areas of that year are held.
    """
    return store.frame(
        """
        SELECT g.area_code, a.name_ja, g.longitude, g.latitude, o.value, coalesce(o.status, 'not_loaded') AS status, g.area_km2, g.district_code
        FROM area_geometry g JOIN area a USING (area_code)
        LEFT JOIN observation o ON o.area_code = g.area_code AND o.indicator_id = ? AND o.year = g.year
                  AND o.sex = 'all' AND o.age_group = 'all' AND o.household_type = 'all'
        WHERE g.municipality_code = ? AND g.level = 'small_area' AND g.year = ? ORDER BY g.area_code
        """,
        [indicator_id, municipality, year],
    )
