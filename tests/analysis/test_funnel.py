from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.funnel import FunnelFit, funnel_fit, funnel_limits, winsorised_scores

AREAS = st.lists(st.tuples(st.integers(1, 5000), st.floats(0, 1)), min_size=2, max_size=40)


def simulated(tau: float, areas: int = 3000, base: int = 2000, seed: int = 20) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    own_shares = np.clip(chance.normal(0.3, tau, areas), 0.001, 0.999)
    denominators = np.full(areas, base)
    return chance.binomial(denominators, own_shares), denominators


def test_three_areas_of_100_give_the_hand_worked_dispersion() -> None:
    # target 0.2, s = 0.04, z = -2.5, 0, 2.5; phi = 12.5 / 3; w = 625; tau^2 = (12.5 - 2) / (1875 - 625) = 0.0084
    # (the plain variance of the shares, 0.01, less s^2 = 0.0016)
    fit = funnel_fit([10, 20, 30], [100, 100, 100], winsorise=0)
    assert fit.target == pytest.approx(0.2)
    assert fit.z_scores == pytest.approx([-2.5, 0, 2.5])
    assert fit.phi == pytest.approx(12.5 / 3)
    assert fit.tau2 == pytest.approx(0.0084)
    assert fit.adjusted_z_scores == pytest.approx([-1, 0, 1])


def test_three_areas_of_different_size_give_the_hand_worked_dispersion() -> None:
    # x/n = 40/100, 80/200, 180/300: target 0.5; s^2 = 1/400, 1/800, 1/1200; z^2 = 4, 8, 12; phi = 8
    # tau^2 = (24 - 2) / (2400 - (160000 + 640000 + 1440000) / 2400) = 22 / 1466.67 = 0.015
    fit = funnel_fit([40, 80, 180], [100, 200, 300], winsorise=0)
    assert fit.target == pytest.approx(0.5)
    assert fit.phi == pytest.approx(8)
    assert fit.tau2 == pytest.approx(0.015)


def test_winsorising_a_tenth_pulls_in_one_of_ten_at_each_end() -> None:
    assert winsorised_scores(np.array([9.0, 0, 1, 2, 3, 4, 5, 6, 7, 8])).tolist() == [8, 1, 1, 2, 3, 4, 5, 6, 7, 8]
    assert winsorised_scores(np.arange(9.0)).tolist() == list(range(9))


def test_known_spread_between_areas_is_found_again_without_winsorising() -> None:
    fit = funnel_fit(*simulated(tau=0.05), winsorise=0)
    assert np.sqrt(fit.tau2) == pytest.approx(0.05, rel=0.05)


def test_winsorising_a_tenth_keeps_about_two_thirds_of_the_variance_of_normal_areas() -> None:
    # a standard normal winsorised at its 10 % and 90 % points has the variance 0.679
    fit = funnel_fit(*simulated(tau=0.05), winsorise=0.1)
    assert fit.tau2 / 0.05**2 == pytest.approx(0.66, abs=0.04)


def test_chance_alone_has_a_dispersion_of_about_1_and_few_areas_outside() -> None:
    fit = funnel_fit(*simulated(tau=0.0), winsorise=0)
    assert fit.phi == pytest.approx(1, abs=0.1)
    assert fit.outside_binomial < 20
    assert np.sqrt(fit.tau2) < 0.004


def test_most_areas_outside_binomial_limits_come_back_inside_the_over_dispersed_ones() -> None:
    fit = funnel_fit(*simulated(tau=0.05), winsorise=0)
    assert fit.outside_binomial > 1000
    assert fit.outside_over_dispersed < 20
    assert fit.outside(0.95).sum() == pytest.approx(0.05 * 3000, rel=0.25)


def test_one_outlier_does_not_widen_the_winsorised_limits() -> None:
    counts, bases = np.array([*[20, 22, 18, 21, 19] * 4, 90]), np.full(21, 100)
    assert funnel_fit(counts, bases, winsorise=0.1).tau2 < funnel_fit(counts, bases, winsorise=0).tau2
    assert funnel_fit(counts, bases).outside()[-1]


def test_area_without_households_is_left_out_counted_and_stays_missing() -> None:
    fit = funnel_fit([10, 0, 20, None, 30], [100, 0, 100, 100, 100], winsorise=0)
    assert (fit.areas, fit.left_out) == (3, 2)
    assert fit.tau2 == pytest.approx(0.0084)
    assert np.isnan(fit.shares).tolist() == [False, True, False, True, False]
    assert not fit.outside(over_dispersed=False)[[1, 3]].any()


def test_areas_where_nobody_is_counted_have_no_dispersion() -> None:
    fit = funnel_fit([0, 0, 0], [10, 20, 30])
    assert (fit.phi, fit.tau2, fit.outside_binomial) == (0, 0, 0)


def test_numerator_above_its_denominator_is_refused_with_its_place() -> None:
    with pytest.raises(AnalysisError, match="position 1"):
        funnel_fit([1, 30], [10, 20])


def test_one_area_is_no_funnel() -> None:
    with pytest.raises(AnalysisError, match="two areas"):
        funnel_fit([1, 0], [10, 0])


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(AnalysisError, match="same length"):
        funnel_fit([1, 2, 3], [10, 20])


def test_binomial_limits_at_100_and_a_target_of_a_fifth_are_the_hand_worked_ones() -> None:
    lower, upper = funnel_limits([100, 0], 0.2, confidence=0.95)
    assert lower[0] == pytest.approx(0.2 - 1.959964 * 0.04, abs=1e-6)
    assert upper[0] == pytest.approx(0.2 + 1.959964 * 0.04, abs=1e-6)
    assert np.isnan(lower[1])


def test_over_dispersed_limits_never_close_below_tau() -> None:
    lower, upper = funnel_limits(1e12, 0.4, tau2=0.05**2, confidence=0.95)
    assert float(upper - lower) == pytest.approx(2 * 1.959964 * 0.05, abs=1e-6)


def test_negative_variance_is_refused() -> None:
    with pytest.raises(AnalysisError, match="variance"):
        funnel_limits([100], 0.2, tau2=-0.1)


@given(st.floats(0, 1), st.floats(0, 0.05))
def test_limits_contain_the_target_and_998_contain_95(target: float, tau2: float) -> None:
    bases = [1, 10, 1000, 10**6]
    inner, outer = funnel_limits(bases, target, tau2, 0.95), funnel_limits(bases, target, tau2, 0.998)
    assert (outer.lower <= inner.lower).all()
    assert (inner.lower <= target).all()
    assert (target <= inner.upper).all()
    assert (inner.upper <= outer.upper).all()
    assert (np.diff(inner.upper) <= 0).all()


@settings(deadline=None)
@given(AREAS, st.randoms())
def test_funnel_does_not_depend_on_the_order_of_the_areas(areas: list[tuple[int, float]], random: Random) -> None:
    def fitted(rows: list[tuple[int, float]]) -> FunnelFit:
        return funnel_fit([int(n * part) for n, part in rows], [n for n, _ in rows])

    shuffled = areas.copy()
    random.shuffle(shuffled)
    assert fitted(shuffled).tau2 == pytest.approx(fitted(areas).tau2, rel=1e-6, abs=1e-12)


@settings(deadline=None)
@given(AREAS)
def test_areas_outside_are_those_outside_the_limit_curves(areas: list[tuple[int, float]]) -> None:
    bases = np.array([n for n, _ in areas])
    fit = funnel_fit([int(n * part) for n, part in areas], bases)
    lower, upper = funnel_limits(bases, fit.target, fit.tau2)
    clearly_out = (fit.shares < lower - 1e-9) | (fit.shares > upper + 1e-9)
    clearly_in = (fit.shares > lower + 1e-9) & (fit.shares < upper - 1e-9)
    assert fit.outside()[clearly_out].all()
    assert not fit.outside()[clearly_in].any()
    assert fit.outside_over_dispersed <= fit.outside_binomial
