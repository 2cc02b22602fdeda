"""Survey answers: waves, distributions, groups."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atlas.store.database import Store

COLUMNS = """
    s.survey, s.year, s.question, s.mode, s.group_type, s.group_id, s.category, s.share, s.n, s.base, s.status, s.source_id,
    s.citation_id, c.publication, c.verified, c.note
"""


def answers(store: Store, question: str, *, mode: str | None = None, group_types: Sequence[str] = ("total",), year: int | None = None) -> pd.DataFrame:
    """The answers to a question, a row a category: year, mode, group_type, group_id, category, share (0-1), n, base, note ..."""
    return store.frame(
        f"""
        SELECT {COLUMNS} FROM survey_answer s LEFT JOIN citation c USING (citation_id)
        WHERE s.question = ? AND s.group_type IN (SELECT unnest(?)) AND (? IS NULL OR s.mode = ?) AND (? IS NULL OR s.year = ?)
        ORDER BY s.year, s.mode, s.group_type, s.group_id, s.category
        """,
        [question, list(group_types), mode, mode, year, year],
    )


def waves(store: Store) -> pd.DataFrame:
    """Every wave: sample, valid answers, response, dates, publisher."""
    return store.frame("SELECT * FROM survey_wave ORDER BY survey, year")


def held(store: Store) -> pd.DataFrame:
    """What is held: one row a question, mode, group type and year."""
    return store.frame("SELECT question, mode, group_type, year, count(DISTINCT group_id) AS groups FROM survey_answer GROUP BY ALL ORDER BY ALL")


def score_distribution(store: Store) -> pd.DataFrame:
    """The distribution of the official trial isolation index."""
    return store.frame(
        """
        SELECT d.*, c.publication, c.verified, c.note FROM contact_score_distribution d LEFT JOIN citation c USING (citation_id)
        ORDER BY variant, position
        """
    )


def score_weights(store: Store) -> pd.DataFrame:
    """How the trial index counts each frequency, in contacts a month."""
    return store.frame("SELECT * FROM contact_score_weight")


def international(store: Store) -> pd.DataFrame:
    """Answers of other countries, with a mark where they may stand beside Japan's."""
    return store.frame(
        """
        SELECT i.*, c.publication, c.verified, c.note FROM international_answer i LEFT JOIN citation c USING (citation_id)
        ORDER BY country, period, measure, group_id
        """
    )
