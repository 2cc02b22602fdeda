import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.normalising import (
    Base,
    Direction,
    Normaliser,
    base_of,
    kurtosis,
    min_max,
    most_points_to_winsorise,
    normalise,
    percentile_ranks,
    skewness,
    toward_need,
    turned_base,
    winsorise,
    z_scores,
)
from atlas.analysis.standing import percentile_of

NAN = float("nan")
TWO_OUTLIERS = [*range(1, 11), 30, 100]
VALUES = st.lists(st.integers(-200, 200).map(float), min_size=1, max_size=60)
SKEWED = st.lists(st.integers(0, 20), min_size=20, max_size=120).map(lambda powers: [float(2**power) for power in powers])


def test_skew_and_kurtosis_equal_the_figures_printed_in_the_coinr_vignette() -> None:
    # COINr, vignette "treat": skew(c(1:10, 30, 100)) = 3.063241, kurt(...) = 9.741391
    assert skewness(TWO_OUTLIERS) == pytest.approx(3.063241, abs=5e-7)
    assert kurtosis(TWO_OUTLIERS) == pytest.approx(9.741391, abs=5e-7)


def test_winsorising_two_outliers_equals_the_coinr_example() -> None:
    # winsorise(c(1:10, 30, 100)): one point, "winhi" on the last; then skew 1.712038, kurtosis 1.815781
    found = winsorise(TWO_OUTLIERS, most=5)
    assert found.values.tolist() == [*range(1, 11), 30, 30]
    assert found.treated.tolist() == [False] * 11 + [True]
    assert found.within_limits
    assert skewness(found.values) == pytest.approx(1.712038, abs=5e-7)
    assert kurtosis(found.values) == pytest.approx(1.815781, abs=5e-7)


def test_one_outlier_equals_the_coinr_unit_test_at_both_ends() -> None:
    assert winsorise([*range(1, 11), 100], most=5).values.tolist() == [*range(1, 11), 10]
    assert winsorise([*range(1, 11), -100], most=5).values.tolist() == [*range(1, 11), 1]


def test_one_point_of_two_allowed_is_not_enough_for_1_to_20_100_200() -> None:
    # COINr unit test "treat_num": winmax = 1 leaves c(1:20, 100, 200) outside the limits
    found = winsorise([*range(1, 21), 100, 200], most=1)
    assert found.values.tolist() == [*range(1, 21), 100, 100]
    assert not found.within_limits
    assert winsorise([*range(1, 21), 100, 200], most=5).values.tolist() == [*range(1, 21), 20, 20]


def test_by_default_a_twentieth_of_the_areas_and_at_most_five_are_winsorised() -> None:
    assert [most_points_to_winsorise(n) for n in (12, 19, 20, 39, 40, 60, 99, 100, 2000)] == [0, 0, 1, 1, 2, 3, 4, 5, 5]
    assert winsorise(TWO_OUTLIERS).values.tolist() == TWO_OUTLIERS
    assert not winsorise(TWO_OUTLIERS).within_limits


def test_tied_outliers_move_together_or_not_at_all() -> None:
    values = [*range(20), 500, 500]
    assert winsorise(values, most=1).values.tolist() == values
    assert winsorise(values, most=2).values.tolist() == [*range(20), 19, 19]


def test_missing_values_stay_missing_and_do_not_count() -> None:
    values = [NAN, *range(1, 20), 400.0]
    found = winsorise(values)
    assert np.isnan(found.values[0])
    assert found.values[-1] == 19
    assert found.treated.tolist() == [False] * 20 + [True]
    assert winsorise([NAN, *range(1, 19), 400.0]).values[-1] == 400
    for normaliser in Normaliser:
        scaled = normalise(pd.Series([1, None, 3], dtype="Float64"), normaliser)
        assert np.isnan(scaled).tolist() == [False, True, False]


def test_values_without_differences_are_in_the_middle_of_every_scale() -> None:
    assert z_scores([4, 4, None]).tolist()[:2] == [0, 0]
    assert min_max([4, 4]).tolist() == [50, 50]
    assert percentile_ranks([4, 4]).tolist() == [50, 50]
    assert z_scores([0.1 + 0.2, 0.3]).tolist() == [0, 0]
    assert np.isnan(normalise([None], "z")).all()
    assert winsorise([4.0] * 40).within_limits


def test_hand_worked_scales_of_1_2_3_4_and_10() -> None:
    # mean 4, squares 9 4 1 0 36, variance 50 / 4
    assert z_scores([1, 2, 3, 4, 10]) == pytest.approx(np.array([-3, -2, -1, 0, 6]) / np.sqrt(12.5))
    assert min_max([1, 2, 3, 4, 10]) == pytest.approx([0, 100 / 9, 200 / 9, 300 / 9, 100])
    assert percentile_ranks([1, 2, 3, 4, 10]) == pytest.approx([10, 30, 50, 70, 90])


def test_goalposts_equal_the_coinr_unit_test_and_cut_off_what_lies_beyond() -> None:
    # n_goalposts(1, c(0, 10, 1)) = 0.1, of 11 = 1, of -1 = 0; direction -1: 0.9, 0, 1
    posts = Base(0, 10)
    assert min_max([1, 11, -1], posts).tolist() == [10, 100, 0]
    turned = turned_base(posts, "min_max", Direction.LESS)
    assert min_max(toward_need([1, 11, -1], Direction.LESS), turned).tolist() == [90, 0, 100]


def test_z_with_a_base_year_keeps_the_scale_of_that_year() -> None:
    base = base_of(pd.DataFrame({"a": [1.0, 2, 3]}), "z")["a"]
    assert base == Base(2, 1)
    assert z_scores([4, 5], base).tolist() == [2, 3]
    assert turned_base(base, "z", Direction.LESS) == Base(-2, 1)


def test_base_of_min_max_is_the_range_after_winsorising() -> None:
    frame = pd.DataFrame({"a": [*range(19), 400.0]})
    assert base_of(frame, "min_max")["a"] == Base(0, 18)
    assert base_of(frame, "min_max", winsorised=False)["a"] == Base(0, 400)


def test_direction_comes_first_and_flips_the_sign() -> None:
    assert toward_need([1, None, 0], "higher_means_less_need").tolist()[::2] == [-1, 0]
    assert toward_need([1, 2], Direction.MORE).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: toward_need([1], "up"), "direction"),
        (lambda: normalise([1], "rank"), "normaliser"),
        (lambda: normalise([1], "percentile", Base(0, 1)), "base year"),
        (lambda: z_scores([1], Base(0, 0)), "SD above 0"),
        (lambda: min_max([1], Base(3, 3)), "goalposts"),
        (lambda: z_scores([1, float("inf")]), "infinite"),
        (lambda: z_scores([[1, 2]]), "dimensions"),
        (lambda: base_of(pd.DataFrame({"a": [1, 1]}), "z"), "no differences"),
        (lambda: base_of(pd.DataFrame({"a": [1, 2]}), "percentile"), "base year"),
    ],
)
def test_what_can_not_be_normalised_is_refused_in_words(call, word) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(AnalysisError, match=word):
        call()


@given(VALUES)
def test_percentile_ranks_are_the_percentiles_of_each_value_and_average_50(values: list[float]) -> None:
    assert percentile_ranks(values) == pytest.approx([percentile_of(values, value) for value in values])
    assert percentile_ranks(values).mean() == pytest.approx(50)


@given(VALUES, st.sampled_from(list(Normaliser)), st.integers(1, 1000), st.integers(-1000, 1000))
def test_every_normaliser_ignores_the_unit(values: list[float], normaliser: Normaliser, factor: int, shift: int) -> None:
    other = [factor * value + shift for value in values]
    assert normalise(other, normaliser) == pytest.approx(normalise(values, normaliser), abs=1e-9)


@given(VALUES, st.sampled_from(list(Normaliser)))
def test_turning_the_direction_mirrors_every_scale(values: list[float], normaliser: Normaliser) -> None:
    middle = 0 if normaliser == Normaliser.Z else 50
    turned = normalise(toward_need(values, Direction.LESS), normaliser)
    assert turned == pytest.approx(2 * middle - normalise(values, normaliser), abs=1e-9)


@given(VALUES, st.sampled_from(list(Normaliser)), st.randoms(use_true_random=False))
def test_order_of_areas_does_not_matter(values: list[float], normaliser: Normaliser, chance) -> None:  # type: ignore[no-untyped-def]
    places = list(range(len(values)))
    chance.shuffle(places)
    assert normalise(np.array(values)[places], normaliser) == pytest.approx(normalise(values, normaliser)[places], abs=1e-9)


@given(SKEWED)
def test_winsorising_touches_few_points_keeps_the_order_and_stops_within_the_limits(values: list[float]) -> None:
    found = winsorise(values)
    assert found.treated.sum() <= min(5, len(values) // 20)
    assert (found.values[~found.treated] == np.array(values)[~found.treated]).all()
    assert (np.diff(found.values[np.argsort(values, kind="stable")]) >= 0).all()
    assert set(found.values) <= set(values)
    outside = abs(skewness(found.values)) > 2 and kurtosis(found.values) > 3.5
    assert found.within_limits is not outside


@given(SKEWED)
def test_winsorising_is_the_same_from_both_sides(values: list[float]) -> None:
    there, back = winsorise(values), winsorise([-value for value in values])
    assert back.values.tolist() == (-there.values).tolist()
    assert back.treated.tolist() == there.treated.tolist()
