import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.change import Verdict, holm, two_proportion_test, verdict, verdicts
from atlas.analysis.errors import AnalysisError

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("x_a", "n_a", "x_b", "n_b", "lower", "upper"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_difference_intervals_are_those_of_newcombe_1998_method_10(x_a: int, n_a: int, x_b: int, n_b: int, lower: float, upper: float) -> None:
    tested = two_proportion_test(x_a / n_a, n_a, x_b / n_b, n_b)
    assert tested.lower == pytest.approx(lower, abs=5e-5)
    assert tested.upper == pytest.approx(upper, abs=5e-5)


def test_pooled_z_of_56_in_70_against_48_in_80_is_the_hand_worked_one() -> None:
    # pooled 104/150; z = 0.2 / sqrt(104/150 * 46/150 * (1/70 + 1/80)) = 2.6502; z squared is the chi-square of the 2 x 2 table
    tested = two_proportion_test(56 / 70, 70, 48 / 80, 80)
    chi_square = 150 * (56 * 32 - 48 * 14) ** 2 / (70 * 80 * 104 * 46)
    assert tested.difference == pytest.approx(0.2)
    assert tested.z == pytest.approx(math.sqrt(chi_square))
    assert tested.p_value == pytest.approx(0.00805, abs=5e-6)


def test_design_effect_of_4_halves_z() -> None:
    plain, spread = (two_proportion_test(0.30, 1000, 0.25, 900, deff=deff) for deff in (1, 4))
    assert spread.z == pytest.approx(plain.z / 2)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_two_shares_without_variation_are_no_difference(share: float) -> None:
    tested = two_proportion_test(share, 50, share, 80)
    assert (tested.z, tested.p_value) == (0, 1)
    assert tested.lower < 0 < tested.upper


@pytest.mark.parametrize("arguments", [(None, 100, 0.2, 100), (0.2, None, 0.2, 100), (0.2, 100, 0.2, 0), (0.2, 100, float("nan"), 10)])
def test_missing_share_or_base_is_not_tested(arguments: tuple[float, float, float, float]) -> None:
    tested = two_proportion_test(*arguments)
    assert math.isnan(tested.p_value)
    assert math.isnan(tested.lower)
    assert verdict(tested.difference, tested.p_value) is None


@given(st.floats(0, 1), st.integers(1, 5000), st.floats(0, 1), st.integers(1, 5000))
def test_swapping_the_two_shares_turns_the_sign_only(a: float, n_a: int, b: float, n_b: int) -> None:
    forth, back = two_proportion_test(a, n_a, b, n_b), two_proportion_test(b, n_b, a, n_a)
    assert forth.p_value == pytest.approx(back.p_value, abs=1e-9)
    assert forth.lower == pytest.approx(-back.upper, abs=1e-9)
    assert -1 <= forth.lower <= forth.difference <= forth.upper <= 1


def test_holm_of_four_p_values_is_the_hand_worked_one() -> None:
    # sorted 0.005 x 4 = 0.02; 0.01 x 3 = 0.03; 0.03 x 2 = 0.06; 0.04 x 1 = 0.04 -> 0.06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_does_not_count_what_was_not_tested() -> None:
    adjusted = holm([0.02, None, 0.03])
    assert adjusted[[0, 2]] == pytest.approx([0.04, 0.04])
    assert np.isnan(adjusted[1])


def test_holm_of_nothing_is_nothing() -> None:
    assert holm([]).size == 0


def test_holm_refuses_what_is_not_a_p_value() -> None:
    with pytest.raises(AnalysisError, match="not z scores"):
        holm([0.01, 2.3])


@given(P_VALUES)
def test_holm_never_lowers_a_p_value_nor_passes_1(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert (adjusted >= np.array(p_values)).all()
    assert (adjusted <= 1).all()


@given(P_VALUES)
def test_holm_keeps_the_order_of_the_p_values(p_values: list[float]) -> None:
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(holm(p_values)[order]) >= 0).all()


@given(P_VALUES, st.randoms())
def test_holm_does_not_depend_on_the_order_of_the_comparisons(p_values: list[float], random: Random) -> None:
    at = list(range(len(p_values)))
    random.shuffle(at)
    assert holm([p_values[i] for i in at]) == pytest.approx(holm(p_values)[at])


def test_later_share_above_the_earlier_one_reads_as_increased() -> None:
    tested = two_proportion_test(0.30, 10_000, 0.25, 10_000)
    assert verdict(tested.difference, tested.p_value) is Verdict.INCREASED
    assert verdict(-tested.difference, tested.p_value) == "decreased"


def test_p_value_of_exactly_5_percent_shows_no_difference() -> None:
    assert verdict(0.1, 0.05) is Verdict.NO_DIFFERENCE_SHOWN
    assert verdict(0.1, 0.0499) is Verdict.INCREASED


def test_difference_that_is_clear_alone_may_not_be_among_many() -> None:
    one = two_proportion_test(0.285, 2000, 0.255, 2000)
    alone, *_ = verdicts([one])
    among_many = verdicts([one, *[two_proportion_test(0.2, 2000, 0.2, 2000)] * 4])
    assert alone is Verdict.INCREASED
    assert among_many[0] is Verdict.NO_DIFFERENCE_SHOWN


def test_verdicts_leave_a_gap_where_a_wave_is_missing() -> None:
    tested = [two_proportion_test(0.3, 5000, 0.2, 5000), two_proportion_test(None, 5000, 0.2, 5000)]
    assert verdicts(tested) == [Verdict.INCREASED, None]
