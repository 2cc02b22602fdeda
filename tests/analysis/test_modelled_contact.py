import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.intervals import wilson_interval
from atlas.analysis.modelled_contact import SurveyRate, living_alone_share, modelled_contact

# 孤立に関する指標 2024, including cohabitants: less than weekly among those living alone and among the others
ALONE, OTHERS = SurveyRate(0.256, 1_650), SurveyRate(0.022, 9_221)
SHARES = st.floats(0, 1)
SIZES = st.floats(1, 20_000)


def test_the_nation_gets_the_published_5_point_8_percent() -> None:
    # 0.152 * 0.256 + 0.848 * 0.022 = 0.038912 + 0.018656
    nation = modelled_contact(152, 1_000, ALONE, OTHERS)
    assert float(nation.value) == pytest.approx(0.057568)
    assert f"{float(nation.value):.1%}" == "5.8%"
    assert float(nation.living_alone) == pytest.approx(0.152)


def test_limits_are_the_hand_worked_ones() -> None:
    # Wilson 10/40: 0.14187-0.40194; Wilson 3/40: 0.02583-0.19864; s = 0.5:
    # below 0.5 * sqrt(0.10813^2 + 0.04917^2) = 0.05939, above 0.5 * sqrt(0.15194^2 + 0.12364^2) = 0.09794
    area = modelled_contact(50, 100, SurveyRate(0.25, 40), SurveyRate(0.075, 40))
    assert float(area.value) == pytest.approx(0.1625)
    assert float(area.lower) == pytest.approx(0.1625 - 0.05939, abs=2e-5)
    assert float(area.upper) == pytest.approx(0.1625 + 0.09794, abs=2e-5)


def test_with_nobody_or_everybody_alone_the_limits_are_those_of_the_rate_itself() -> None:
    area = modelled_contact([0, 500], [500, 500], ALONE, OTHERS)
    for at, rate in ((0, OTHERS), (1, ALONE)):
        lower, upper = wilson_interval(rate.share, rate.n)
        assert (area.value[at], area.lower[at], area.upper[at]) == pytest.approx((rate.share, float(lower), float(upper)))


def test_limits_hold_the_rate_of_a_simulated_survey_about_as_often_as_they_say() -> None:
    chance, s = np.random.default_rng(8), 0.3
    truth = s * 0.25 + (1 - s) * 0.02
    held = []
    for _ in range(1_000):
        alone, others = (SurveyRate(chance.binomial(n, p) / n, n) for n, p in ((300, 0.25), (700, 0.02)))
        area = modelled_contact(300, 1_000, alone, others)
        held.append(float(area.lower) <= truth <= float(area.upper))
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_a_design_effect_widens_the_limits() -> None:
    plain, clustered = modelled_contact(20, 100, ALONE, OTHERS), modelled_contact(20, 100, ALONE, OTHERS, deff=1.5)
    assert clustered.lower < plain.lower < plain.value < plain.upper < clustered.upper
    assert clustered.value == plain.value


def test_a_missing_count_and_an_area_without_people_have_no_value() -> None:
    area = modelled_contact([None, 10, 0, 30], [100, None, 0, 100], ALONE, OTHERS)
    for held in (area.value, area.lower, area.upper, area.living_alone):
        assert np.isnan(held).tolist() == [True, True, True, False]


def test_an_apportioned_count_a_hair_above_the_population_is_everybody() -> None:
    assert float(living_alone_share(100.00000000001, 100)) == 1


@given(SHARES, SHARES, SIZES, SIZES, st.lists(st.tuples(st.floats(0, 1), st.integers(1, 100_000)), min_size=1, max_size=5))
def test_value_lies_between_the_two_rates_and_within_its_limits(p: float, q: float, n: float, m: float, areas: list[tuple[float, int]]) -> None:
    people = np.array([held for _, held in areas], dtype=float)
    area = modelled_contact(people * [s for s, _ in areas], people, SurveyRate(p, n), SurveyRate(q, m))
    assert (area.value >= min(p, q) - 1e-12).all()
    assert (area.value <= max(p, q) + 1e-12).all()
    assert (area.lower >= 0).all()
    assert (area.lower <= area.value).all()
    assert (area.value <= area.upper).all()
    assert (area.upper <= 1).all()


@given(SIZES, SIZES, SHARES)
def test_more_people_alone_never_lower_the_value_where_they_have_the_higher_rate(n: float, m: float, step: float) -> None:
    area = modelled_contact([40, 40 + 60 * step], [100, 100], SurveyRate(0.3, n), SurveyRate(0.1, m))
    assert area.value[0] <= area.value[1]


@pytest.mark.parametrize(("households", "people", "words"), [([1, 30], [10, 20], "position 1 there are 30"), (-1, 10, "zero or more"), (5, 0, "position 0")])
def test_impossible_counts_are_refused(households: object, people: object, words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        modelled_contact(households, people, ALONE, OTHERS)


@pytest.mark.parametrize(
    "rate", [SurveyRate(25.6, 1_650), SurveyRate(-0.1, 10), SurveyRate(float("nan"), 10), SurveyRate(0.2, 0), SurveyRate(0.2, float("nan"))]
)
def test_impossible_rates_are_refused_with_their_group(rate: SurveyRate) -> None:
    with pytest.raises(AnalysisError, match="living alone"):
        modelled_contact(1, 10, rate, OTHERS)
    with pytest.raises(AnalysisError, match="living with others"):
        modelled_contact(1, 10, ALONE, rate)
