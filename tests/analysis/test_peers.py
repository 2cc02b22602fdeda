import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.analysis.errors import AnalysisError
from atlas.analysis.peers import nearest_peers

COLUMNS = ["population", "older_share", "growth"]


def areas(seed: int = 1, number: int = 30) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    codes = pd.Index([f"{31201 + i}" for i in range(number)], name="area_code")
    population, older_share, growth = chance.lognormal(10, 1, number), chance.uniform(0.2, 0.5, number), chance.normal(0, 0.05, number)
    return pd.DataFrame({"population": population, "older_share": older_share, "growth": growth}, index=codes)


def test_nearest_on_two_variables_is_the_hand_worked_one() -> None:
    # x: 0 2 4 (mean 2, sd sqrt(8/3)); y: 10 10 40 (mean 20, sd sqrt(200))
    frame = pd.DataFrame({"x": [0, 2, 4], "y": [10, 10, 40]}, index=["a", "b", "c"])
    peers = nearest_peers(frame, "a", ["x", "y"])
    assert peers.table.index.tolist() == ["b", "c"]
    assert peers.table["rank"].tolist() == [1, 2]
    assert peers.table["contribution_x"].tolist() == pytest.approx([4 * 3 / 8, 16 * 3 / 8])
    assert peers.table["contribution_y"].tolist() == pytest.approx([0, 900 / 200])
    assert peers.table["distance"].tolist() == pytest.approx([np.sqrt(1.5), np.sqrt(10.5)])


def test_ten_peers_come_by_default_and_fewer_where_there_are_fewer() -> None:
    assert len(nearest_peers(areas(), "31201", COLUMNS).table) == 10
    assert len(nearest_peers(areas(number=4), "31201", COLUMNS).table) == 3


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_an_area_is_never_its_own_peer_and_distances_do_not_fall(seed: int) -> None:
    table = nearest_peers(areas(seed), "31205", COLUMNS).table
    assert "31205" not in table.index
    assert table["distance"].is_monotonic_increasing


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_contributions_add_up_to_the_squared_distance(seed: int) -> None:
    table = nearest_peers(areas(seed), "31205", COLUMNS).table
    parts = table.filter(like="contribution_").sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table["distance"].to_numpy() ** 2)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_peers_do_not_depend_on_the_order_of_the_rows(seed: int) -> None:
    frame = areas(seed)
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(nearest_peers(shuffled, "31205", COLUMNS).table, nearest_peers(frame, "31205", COLUMNS).table)


@given(st.integers(0, 10_000), st.sampled_from([0.001, 7.0, 1000.0]), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_peers_do_not_depend_on_the_unit_of_a_variable(seed: int, factor: float, shift: float) -> None:
    frame = areas(seed)
    converted = frame.assign(older_share=frame["older_share"] * factor + shift)
    plain, other = nearest_peers(frame, "31205", COLUMNS).table, nearest_peers(converted, "31205", COLUMNS).table
    assert other.index.tolist() == plain.index.tolist()
    assert other["distance"].to_numpy() == pytest.approx(plain["distance"].to_numpy(), rel=1e-6)


def test_logarithm_makes_peers_by_ratio_not_by_difference() -> None:
    frame = pd.DataFrame({"population": [1000, 8000, 16_000]}, index=["a", "b", "c"])
    assert nearest_peers(frame, "b", ["population"]).table.index.tolist() == ["a", "c"]
    by_ratio = nearest_peers(frame, "b", ["population"], log_columns=["population"]).table
    assert by_ratio.index.tolist() == ["c", "a"]
    assert by_ratio.loc["a", "distance"] / by_ratio.loc["c", "distance"] == pytest.approx(3)  # an eighth against the double


def test_ties_go_by_code() -> None:
    frame = pd.DataFrame({"x": [0.1, 0.3, 0.2, 0.3, 0.1]}, index=["e", "b", "a", "d", "c"])
    assert nearest_peers(frame, "a", ["x"]).table.index.tolist() == ["b", "c", "d", "e"]


def test_area_with_a_missing_value_is_left_out_and_counted() -> None:
    frame = areas()
    frame.loc["31202", "growth"] = np.nan
    frame.loc["31203", "population"] = 0
    peers = nearest_peers(frame, "31201", COLUMNS, count=100, log_columns=["population"])
    assert (peers.compared, peers.left_out, len(peers.table)) == (28, 2, 27)
    assert not {"31202", "31203"} & set(peers.table.index)


def test_variable_that_does_not_vary_contributes_nothing() -> None:
    table = nearest_peers(areas().assign(constant=0.1), "31201", [*COLUMNS, "constant"]).table
    assert (table["contribution_constant"] == 0).all()


def test_unknown_code_is_refused_with_near_ones() -> None:
    with pytest.raises(AnalysisError, match=r"31299.*Near it: 312"):
        nearest_peers(areas(), "31299", COLUMNS)


def test_own_missing_value_is_refused_naming_the_variables() -> None:
    frame = areas()
    frame.loc["31201", ["growth", "older_share"]] = np.nan
    with pytest.raises(AnalysisError, match="31201 has no usable value for older_share, growth"):
        nearest_peers(frame, "31201", COLUMNS)


def test_unknown_column_is_refused_with_near_ones() -> None:
    with pytest.raises(AnalysisError, match=r"older_shares.*older_share"):
        nearest_peers(areas(), "31201", ["older_shares"])


@pytest.mark.parametrize("arguments", [{"columns": []}, {"count": 0}, {"log_columns": ["density"]}, {"columns": ["growth", "growth"]}])
def test_impossible_request_is_refused(arguments: dict) -> None:
    with pytest.raises(AnalysisError):
        nearest_peers(areas(), "31201", **{"columns": COLUMNS, **arguments})


def test_code_that_occurs_twice_is_refused() -> None:
    with pytest.raises(AnalysisError, match="31204 occurs more than once"):
        nearest_peers(pd.concat([areas(), areas().loc[["31204"]]]), "31201", COLUMNS)


def test_the_frame_of_the_caller_is_left_as_it_was() -> None:
    frame = areas()
    before = frame.copy()
    nearest_peers(frame, "31201", COLUMNS, log_columns=["population"])
    pd.testing.assert_frame_equal(frame, before)
