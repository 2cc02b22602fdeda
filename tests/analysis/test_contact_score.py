import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.contact_score import is_less_than_weekly, monthly_contact_score
from atlas.analysis.errors import AnalysisError

WEIGHTS = {
    "never": 0.0,
    "less_than_monthly": 0.5,
    "monthly": 1.0,
    "biweekly": 2.2,
    "weekly": 4.3,
    "two_three_times_weekly": 10.8,
    "four_plus_times_weekly": 19.4,
}


def test_score_is_the_sum_over_ways_of_contact() -> None:
    assert monthly_contact_score(["weekly", "never", "biweekly", "four_plus_times_weekly"], WEIGHTS) == pytest.approx(25.9)


def test_blank_contributes_nothing() -> None:
    assert monthly_contact_score(["weekly", None, float("nan"), "no_answer"], WEIGHTS) == pytest.approx(4.3)
    assert monthly_contact_score(["monthly", "refused"], {**WEIGHTS, "refused": None}) == pytest.approx(1.0)


def test_all_blank_is_no_score_and_never_is_a_score_of_zero() -> None:
    assert monthly_contact_score([None, "no_answer"], WEIGHTS) is None
    assert monthly_contact_score([], WEIGHTS) is None
    assert monthly_contact_score(["never", None], WEIGHTS) == 0


def test_unknown_frequency_is_refused_with_its_near_match() -> None:
    with pytest.raises(AnalysisError, match=r"'biweekley'.*biweekly"):
        monthly_contact_score(["biweekley"], WEIGHTS)


def test_once_a_week_is_not_less_than_weekly() -> None:
    assert is_less_than_weekly(4.3) is False
    assert is_less_than_weekly(4.2) is True
    assert is_less_than_weekly(0.0) is True
    assert is_less_than_weekly(None) is None


@given(st.lists(st.sampled_from([*WEIGHTS, "no_answer"]), min_size=1, max_size=4))
def test_one_weekly_contact_is_enough_however_the_rest_is(answers: list[str]) -> None:
    score = monthly_contact_score([*answers, "weekly"], WEIGHTS)
    assert is_less_than_weekly(score) is False
