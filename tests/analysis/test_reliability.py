import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.reliability import Visibility, rate_visibility, relative_standard_error


def test_relative_standard_error_of_a_half_in_16_is_a_quarter() -> None:
    assert float(relative_standard_error(0.5, 16)) == pytest.approx(0.25)


def test_relative_standard_error_of_nothing_is_infinite_and_of_no_base_missing() -> None:
    errors = relative_standard_error([0.0, 0.5, 0.5], [100, 0, None])
    assert math.isinf(errors[0])
    assert np.isnan(errors[1:]).all()


def test_rate_on_nine_people_is_withheld_and_on_ten_not() -> None:
    assert rate_visibility(0.9, 9) is Visibility.WITHHELD
    assert rate_visibility(0.9, 10) == "shown"


def test_rate_at_exactly_a_quarter_is_shown_and_at_exactly_a_half_greyed() -> None:
    assert rate_visibility(0.5, 16) is Visibility.SHOWN
    assert rate_visibility(0.5, 15) is Visibility.GREYED
    assert rate_visibility(0.2, 16) is Visibility.GREYED
    assert rate_visibility(0.2, 15) is Visibility.WITHHELD


def test_rate_of_no_case_at_all_is_withheld() -> None:
    assert rate_visibility(0.0, 5000) is Visibility.WITHHELD


def test_missing_rate_is_not_judged() -> None:
    assert rate_visibility(None, 500) is None
    assert rate_visibility(0.3, None) is None


def test_missing_rate_on_a_tiny_base_is_withheld_all_the_same() -> None:
    assert rate_visibility(None, 3) is Visibility.WITHHELD


def test_percent_is_refused() -> None:
    with pytest.raises(AnalysisError, match="divide a percent"):
        rate_visibility(38.0, 100)


@given(st.floats(0, 1), st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_people_never_hide_a_rate(share: float, n: int, more: int) -> None:
    order = [Visibility.WITHHELD, Visibility.GREYED, Visibility.SHOWN]
    fewer, larger = rate_visibility(share, n), rate_visibility(share, n + more)
    assert fewer is not None
    assert larger is not None
    assert order.index(fewer) <= order.index(larger)
