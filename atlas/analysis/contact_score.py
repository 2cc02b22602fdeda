"""The official trial index of isolation (孤立に関する指標, 試案): contacts a month, summed over ways of contact.

内閣府「令和6年 人々のつながりに関する基礎調査 調査報告書」 pp. 64-66. Its weights are a table of the project's data and are passed in:
never 0, less_than_monthly 0.5, monthly 1, biweekly 2.2, weekly 4.3, two_three_times_weekly 10.8, four_plus_times_weekly 19.4.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import pandas as pd

from atlas.analysis.errors import AnalysisError

NO_ANSWER = "no_answer"
WEEKLY_SCORE = 4.3


def monthly_contact_score(frequencies: Iterable[str | None], weights: Mapping[str, float | None]) -> float | None:
    """Contacts a month of one person: the sum of the weights of the answers given.

    `frequencies` holds one category for each way of contact (in person, phone, SNS and e-mail with people elsewhere; talk with
    cohabitants). A blank (None, NaN, `no_answer`, or a category whose weight is missing) contributes nothing; all blank gives None.
    Raises AnalysisError for a category that has no weight.
    """
    score, answers = 0.0, 0
    for category in frequencies:
        if category is None or pd.isna(category) or category == NO_ANSWER:
            continue
        if category not in weights:
            near = get_close_matches(str(category), list(weights), n=3) or sorted(weights)
            raise AnalysisError(f"The contact frequency '{category}' has no weight; known ones near it: {', '.join(near)}.")
        weight = weights[category]
        if weight is None or pd.isna(weight):
            continue
        score += float(weight)
        answers += 1
    return score if answers else None


def is_less_than_weekly(score: float | None) -> bool | None:
    """Whether a score lies below 4.3, contact less than weekly (週１回未満), the trial index's mark of isolation; None stays None."""
    if score is None or pd.isna(score):
        return None
    return round(score, 9) < WEEKLY_SCORE
