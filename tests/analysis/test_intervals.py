import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import answered_base, wilson_interval

SHARES = st.floats(0, 1)
BASES = st.integers(1, 20_000)


def test_wilson_interval_of_3_in_40_is_the_published_one() -> None:
    lower, upper = wilson_interval(3 / 40, 40)
    assert (round(float(lower), 4), round(float(upper), 4)) == (0.0258, 0.1986)


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_of_newcombe_1998_table_1(x: int, n: int, lower: float, upper: float) -> None:
    interval = wilson_interval(x / n, n)
    assert float(interval.lower) == pytest.approx(lower, abs=5e-5)
    assert float(interval.upper) == pytest.approx(upper, abs=5e-5)


def test_nobody_has_lower_limit_exactly_0_and_everybody_upper_limit_exactly_1() -> None:
    assert wilson_interval(0.0, 37).lower == 0
    assert wilson_interval(1.0, 37).upper == 1


def test_missing_base_or_share_gives_no_interval_rather_than_an_error() -> None:
    interval = wilson_interval(pd.Series([0.1, None, 0.1, 0.1]), [None, 40, 0, 40])
    assert np.isnan(interval.lower).tolist() == [True, True, True, False]
    assert np.isnan(interval.upper).tolist() == [True, True, True, False]


def test_nullable_columns_of_pandas_are_read() -> None:
    interval = wilson_interval(pd.Series([0.075, 0.5], dtype="Float64"), pd.Series([40, pd.NA], dtype="Int64"))
    assert interval.lower[0] == pytest.approx(0.0258, abs=5e-5)
    assert np.isnan(interval.lower[1])


def test_design_effect_of_2_is_the_interval_of_half_the_base() -> None:
    assert wilson_interval(0.2, 400, deff=2) == pytest.approx(wilson_interval(0.2, 200))


def test_a_percent_is_refused_with_a_sentence_that_says_what_to_do() -> None:
    with pytest.raises(AnalysisError, match="divide a percent by 100"):
        wilson_interval([0.2, 25.6], 100)


@pytest.mark.parametrize(("deff", "confidence"), [(0, 0.95), (-1, 0.95), (float("nan"), 0.95), (1, 95), (1, 1.0)])
def test_impossible_design_effect_or_confidence_is_refused(deff: float, confidence: float) -> None:
    with pytest.raises(AnalysisError):
        wilson_interval(0.2, 100, deff, confidence)


@given(SHARES, BASES)
def test_interval_contains_the_share_and_stays_within_0_and_1(share: float, n: int) -> None:
    lower, upper = wilson_interval(share, n)
    assert 0 <= lower <= share <= upper <= 1


@given(SHARES, BASES, st.integers(1, 1000))
def test_interval_narrows_as_the_base_grows(share: float, n: int, more: int) -> None:
    small, large = wilson_interval(share, n), wilson_interval(share, n + more)
    assert large.upper - large.lower <= small.upper - small.lower + 1e-12


@given(SHARES, BASES)
def test_interval_of_the_complement_is_the_mirror_image(share: float, n: int) -> None:
    here, mirror = wilson_interval(share, n), wilson_interval(1 - share, n)
    assert float(here.lower) == pytest.approx(1 - float(mirror.upper), abs=1e-9)


def test_blanks_left_out_of_the_2024_never_in_person_share() -> None:
    # Published 2024: never 9.3 %, no answer 8.5 % of 10,871; 10.2 % of those who answered.
    share, n = answered_base(0.093, 0.085, 10_871)
    assert float(share) == pytest.approx(0.102, abs=5e-4)
    assert float(n) == pytest.approx(10_871 * 0.915)


def test_base_without_any_answer_has_no_share() -> None:
    share, n = answered_base([0.0, 0.3], [1.0, None], [100, 100])
    assert np.isnan(share).all()
    assert np.isnan(n).all()


def test_share_and_blanks_of_different_bases_are_refused() -> None:
    with pytest.raises(AnalysisError, match="more than the whole"):
        answered_base(0.8, 0.3, 100)


def test_rounding_of_published_shares_does_not_push_a_share_above_1() -> None:
    assert answered_base(0.951, 0.05, 100).share == 1


@given(st.floats(0, 0.98), st.floats(0, 1), BASES)
def test_leaving_blanks_out_keeps_the_number_of_people_in_the_category(blank: float, part: float, n: int) -> None:
    published = part * (1 - blank)
    share, answered = answered_base(published, blank, n)
    assert float(share * answered) == pytest.approx(published * n, abs=1e-6)
    assert share >= published - 1e-12
