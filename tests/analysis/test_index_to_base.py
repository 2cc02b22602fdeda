import numpy as np
import pytest

from atlas.analysis.errors import AnalysisError
from atlas.analysis.index_to_base import index_to_base


def test_base_year_is_100_and_the_others_follow() -> None:
    assert index_to_base([50, 60, 45], [2010, 2015, 2020], 2010).tolist() == pytest.approx([100, 120, 90])


def test_missing_year_stays_missing() -> None:
    assert np.isnan(index_to_base([50, None, 45], [2010, 2015, 2020], 2010)).tolist() == [False, True, False]


@pytest.mark.parametrize(("values", "base_year"), [([None, 60], 2010), ([0, 60], 2010), ([50, 60], 2005)])
def test_without_a_usable_base_there_is_no_index(values: list[float | None], base_year: int) -> None:
    assert np.isnan(index_to_base(values, [2010, 2015], base_year)).all()


def test_two_series_in_one_are_refused() -> None:
    with pytest.raises(AnalysisError, match="one series at a time"):
        index_to_base([1, 2, 3, 4], [2010, 2015, 2010, 2015], 2010)


def test_years_and_values_of_different_length_are_refused() -> None:
    with pytest.raises(AnalysisError, match="one year a value"):
        index_to_base([1, 2, 3], [2010, 2015], 2010)
