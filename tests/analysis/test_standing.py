import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.standing import competition_rank, difference_in_points, percentile_of

VALUES = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=40)


def test_middle_of_five_stands_at_the_fiftieth_percentile() -> None:
    assert percentile_of([1, 2, 3, 4, 5], 3) == 50
    assert percentile_of([1, 2, 3, 4, 5], 5) == 90


def test_equal_values_share_the_middle_of_their_place() -> None:
    # one below, two equal, of four: (1 + 2 / 2) / 4
    assert percentile_of([1, 2, 2, 3], 2) == 50
    assert percentile_of([7, 7, 7], 7) == 50


def test_percentile_leaves_missing_values_out() -> None:
    assert percentile_of([1, None, 3, float("nan")], 3) == 75


def test_missing_value_or_no_values_have_no_percentile() -> None:
    assert np.isnan(percentile_of([1, 2], None))
    assert np.isnan(percentile_of([None], 1.0))


@given(VALUES, st.integers(-60, 60))
def test_percentile_lies_between_0_and_100_and_grows_with_the_value(values: list[float], value: int) -> None:
    assert 0 <= percentile_of(values, value) <= percentile_of(values, value + 1) <= 100


@given(VALUES)
def test_percentiles_of_all_members_average_50(values: list[float]) -> None:
    assert np.mean([percentile_of(values, value) for value in values]) == pytest.approx(50)


def test_ties_share_the_better_rank_and_the_next_is_skipped() -> None:
    assert competition_rank([10, 30, 20, 20]).tolist() == [4, 1, 2, 2]


def test_missing_value_takes_no_rank() -> None:
    ranks = competition_rank([10, None, 20])
    assert ranks[[0, 2]].tolist() == [2, 1]
    assert np.isnan(ranks[1])


@given(VALUES)
def test_rank_is_one_more_than_the_number_of_higher_values(values: list[float]) -> None:
    assert competition_rank(values).tolist() == [1 + sum(other > value for other in values) for value in values]


def test_difference_between_38_1_and_35_6_percent_is_2_5_points() -> None:
    assert float(difference_in_points(0.381, 0.356)) == pytest.approx(2.5)


def test_difference_to_a_missing_reference_is_missing() -> None:
    assert np.isnan(difference_in_points([0.1, 0.2], None)).all()


def test_difference_of_percents_is_refused() -> None:
    with pytest.raises(AnalysisError, match="divide a percent"):
        difference_in_points(38.1, 35.6)
