"""What is held, what is missing and why, and where every figure was read: for catalogue and overview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from atlas.store.database import NOT_SAMPLE, Store

BASIC_SURVEY = "cao_tsunagari_basic_survey"
QUESTIONNAIRE_SOURCE = "mhlw_needs_survey"
INTERNATIONAL_SOURCE = "international_surveys"


def held_by_year(store: Store) -> list[dict[str, Any]]:
    """Figures held, one row per indicator, area level and year: areas with a figure, cells."""
    return store.records(
        f"""
        SELECT o.indicator_id, a.level, o.year, count(DISTINCT o.area_code) AS areas, count(*) AS cells
        FROM observation o JOIN area a USING (area_code) WHERE o.value IS NOT NULL AND {NOT_SAMPLE} GROUP BY ALL ORDER BY ALL
        """
    )


def missing(store: Store) -> list[dict[str, Any]]:
    """Cells without a value, one row per indicator, area level, status and reason: years, cells."""
    return store.records(
        f"""
        SELECT o.indicator_id, a.level, o.status, o.reason_ja, o.reason_en, list_sort(list(DISTINCT o.year)) AS years,
               count(*) AS cells
        FROM observation o JOIN area a USING (area_code) WHERE o.value IS NULL AND {NOT_SAMPLE} GROUP BY ALL ORDER BY ALL
        """
    )


def vintages_held(store: Store) -> list[dict[str, Any]]:
    """Projections held, one row per indicator and vintage: first and last year, figures."""
    return store.records(
        """
        SELECT indicator_id, vintage, min(year) AS first_year, max(year) AS last_year, count(*) AS cells
        FROM projection GROUP BY ALL ORDER BY ALL
        """
    )


def breakdowns(store: Store) -> dict[str, tuple[str, ...]]:
    """Indicator id -> by what its figures (counted or projected) are broken down: sex, age_group, household_type."""
    rows = store.rows(
        """
        SELECT indicator_id, bool_or(sex <> 'all'), bool_or(age_group <> 'all'), bool_or(household_type <> 'all')
        FROM (SELECT indicator_id, sex, age_group, household_type FROM observation
              UNION ALL SELECT indicator_id, sex, age_group, household_type FROM projection)
        GROUP BY ALL
        """
    )
    names = ("sex", "age_group", "household_type")
    return {identifier: tuple(name for name, used in zip(names, flags, strict=True) if used) for identifier, *flags in rows}


def readings(store: Store) -> list[dict[str, Any]]:
    """How the figures were read: per source and indicator (None: not an indicator) the mark, the text read and the figures."""
    return store.records(
        f"""
        WITH figure AS (
            SELECT source_id, indicator_id, citation_id FROM observation WHERE value IS NOT NULL
            UNION ALL SELECT source_id, indicator_id, citation_id FROM projection
            UNION ALL SELECT source_id, NULL, citation_id FROM survey_answer WHERE share IS NOT NULL
            UNION ALL SELECT '{QUESTIONNAIRE_SOURCE}', NULL, citation_id FROM needs_question
            UNION ALL SELECT '{INTERNATIONAL_SOURCE}', NULL, citation_id FROM international_answer
        )
        SELECT f.source_id, f.indicator_id, c.verified, c.read_in, count(*) AS figures
        FROM figure f LEFT JOIN citation c USING (citation_id) GROUP BY ALL ORDER BY ALL
        """
    )


def figures_of(store: Store, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """Every figure of some indicators with its place: value, precision, sex, age_group, publication, verified."""
    return store.frame(
        """
        SELECT o.indicator_id, a.level, o.area_code, o.year, o.sex, o.age_group, o.value, o.precision, o.source_id,
               c.publication, c.verified, c.read_in
        FROM observation o JOIN area a USING (area_code) LEFT JOIN citation c USING (citation_id)
        WHERE o.value IS NOT NULL AND o.indicator_id IN (SELECT unnest(?))
        ORDER BY list_position(?, o.indicator_id), o.area_code, o.year, o.sex, o.age_group
        """,
        [list(indicator_ids), list(indicator_ids)],
    )


def areas_of_levels(store: Store) -> dict[str, int]:
    """Area level -> number of areas known."""
    return dict(store.rows("SELECT level, count(*) FROM area GROUP BY level ORDER BY level"))


def area_changes(store: Store) -> pd.DataFrame:
    """Municipalities that changed their code or their name."""
    return store.frame("SELECT * FROM area_change ORDER BY date, old_code")


def questions_held(store: Store) -> list[dict[str, Any]]:
    """Survey questions held: their years, ways of contact, groupings and figures, in the printed order."""
    return store.records(
        """
        SELECT s.question, list_sort(list(DISTINCT s.year)) AS years, list_sort(list(DISTINCT s.mode)) AS modes,
               list_sort(list(DISTINCT s.group_type)) AS group_types, count(*) AS figures
        FROM survey_answer s LEFT JOIN survey_label l ON l.kind = 'question' AND l.scope = '' AND l.id = s.question
        GROUP BY s.question, l.position ORDER BY l.position
        """
    )


def answers_by_wave(store: Store) -> dict[tuple[str, int], int]:
    """(survey, year) -> answers held, of every survey with at least one."""
    return {(survey, year): count for survey, year, count in store.rows("SELECT survey, year, count(*) FROM survey_answer GROUP BY ALL")}


def needs_questions(store: Store) -> pd.DataFrame:
    """The standard needs-survey questions on contact, in their order, with publication and how they were read."""
    return store.frame(
        """
        SELECT n.*, c.publication, c.read_in, c.verified FROM needs_question n LEFT JOIN citation c USING (citation_id)
        ORDER BY TRY_CAST(regexp_extract(question_no, '問(\\d+)', 1) AS INTEGER),
                 TRY_CAST(regexp_extract(question_no, '\\((\\d+)\\)', 1) AS INTEGER)
        """
    )


def international_answers(store: Store) -> list[dict[str, Any]]:
    """Answers of other countries, first those that may stand beside Japan's, with where they were read."""
    return store.records(
        """
        SELECT i.*, c.publication, c.read_in, c.verified FROM international_answer i LEFT JOIN citation c USING (citation_id)
        ORDER BY i.comparable_with_japan DESC, i.country, i.survey, i.period DESC, i.measure, i.group_id
        """
    )


def imported_files(store: Store) -> list[dict[str, Any]]:
    """Published files that were imported here: name, publication, figures served from each."""
    return store.records(
        """
        SELECT c.read_in AS file, c.publication, count(o.value) AS figures
        FROM citation c LEFT JOIN observation o USING (citation_id) WHERE c.verified = 'file'
        GROUP BY ALL ORDER BY ALL
        """
    )
