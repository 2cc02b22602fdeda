import math
import random

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.problems import EtlError
from etl.readers import small_area_boundaries, small_area_tables
from etl.readers.geo_reading import TABLE_COLUMNS, Member
from etl.readers.small_area_merging import check_same_census, combined, dissolved, joined, merged_units, merging_remarks
from tests.etl.readers.small_area_making import areas, members_of


def table_of(rows, names=("population",)):
    """Rows of (key_code, level, processing, receiver, received, values...)."""
    listed = [[key, key[:5], key, level, processing, receiver, received, *values] for key, level, processing, receiver, received, *values in rows]
    return pd.DataFrame(listed, columns=[*TABLE_COLUMNS, *names]).astype(dict.fromkeys(names, float))


def words(remarks):
    return "\n".join(f"{remark.text_ja} {remark.text_en}" for remark in remarks)


@pytest.fixture(scope="module")
def osaka(raw):
    (reading,) = small_area_tables.read([Member("t", raw / "estat_small_area" / "tblT001082C27.csv")])
    return reading.frame


@pytest.fixture(scope="module")
def boundary_of(raw):
    def read(city):
        (group,) = small_area_boundaries.claims(members_of(raw / "estat_small_area" / city))
        return small_area_boundaries.read(group)[0]

    return read


@pytest.mark.raw
def test_the_units_of_takatsuki_hold_its_352_698_people_with_the_town_totals_that_received(osaka):
    own = osaka[osaka["municipality_code"] == "27207"]
    units = merged_units(own)
    leaves = own[own["level"].isin([2, 4])]
    assert (units["population"].sum(), leaves["population"].sum()) == (352_698, 352_381)
    by_code = units.set_index("unit_code")
    assert by_code.loc["272070790", ["members", "population", "is_merged"]].tolist() == ["27207079001;27207079002", 126, True]
    assert by_code.loc["272071650", ["members", "population"]].tolist() == ["27207165001;27207165002", 191]
    assert by_code.loc["27207124006", "members"] == "27207124006;27207147002"
    assert units["population"].notna().all()


@pytest.mark.raw
def test_in_all_72_municipalities_and_every_column_the_units_equal_the_row_of_the_city(osaka):
    units = merged_units(osaka)
    names = [name for name in units if name.startswith("population")]
    cities = osaka[osaka["level"] == 1].set_index("key_code")[names]
    pd.testing.assert_frame_equal(units.groupby("municipality_code")[names].sum(), cities, check_names=False)
    assert [remark.kind for remark in merging_remarks(osaka, units)] == ["suppressed"]


@pytest.mark.raw
def test_kadoma_2020_joins_84_keys_and_119_764_people(osaka, boundary_of):
    reading = boundary_of("門真市")
    check_same_census(reading.frame, osaka, reading.year, 2020)
    result = joined(reading.frame, merged_units(osaka))
    assert result.frame["unit_code"].notna().sum() == len(result.frame) == 84
    assert result.frame["population"].sum() == 119_764 == osaka.set_index("key_code").loc["27223", "population"]
    assert (result.frame["population"] == result.frame["boundary_population"]).all()
    assert result.remarks == ()


REFUSED = {
    "高槻市": ["population 351,829 in the boundary file, 352,698 in the table", "7 areas stand only in the boundary file, 7 only in the table"],
    "大阪市北区": ["population 123,667 in the boundary file, 139,376 in the table (-15,709, -11.3%)"],
}


@pytest.mark.raw
@pytest.mark.parametrize("years_are_known", [True, False])
@pytest.mark.parametrize(("city", "numbers"), REFUSED.items())
def test_a_boundary_of_2015_is_refused_against_the_table_of_2020_with_the_numbers(osaka, boundary_of, city, numbers, years_are_known):
    reading = boundary_of(city)
    years = (reading.year, 2020) if years_are_known else (0, 0)
    with pytest.raises(EtlError) as caught:
        check_same_census(reading.frame, osaka, *years)
    (problem,) = caught.value.problems
    assert all(number in problem.found for number in numbers)
    assert ("boundary 2015, table 2020" in problem.message) == years_are_known


@pytest.mark.raw
def test_a_table_of_another_prefecture_is_refused(osaka, raw):
    (reading,) = small_area_boundaries.read([Member("i.topojson", raw / "estat_small_area" / "r2ka29209.topojson")])
    with pytest.raises(EtlError, match="no row of municipality 29209"):
        check_same_census(reading.frame, osaka)


CITY = "27999"


@st.composite
def cities(draw):
    """A city whose hidden areas and receivers are any, towns with 丁目 among them; the table as it would be published."""
    towns = draw(st.lists(st.integers(0, 3), min_size=1, max_size=6))
    leaves = []
    for town, chome in enumerate(towns, start=1):
        leaves += [f"{CITY}{town:04}{number:02}" for number in range(1, chome + 1)] or [f"{CITY}{town:04}"]
    people = {key: draw(st.integers(0, 500)) for key in leaves}
    hidden_to = {}
    for key in leaves:
        target = draw(st.sampled_from([None, *leaves, key[:9]]))
        whole_town = len(key) == 11 and target == key[:9]
        if whole_town or (target in people and target != key and target not in hidden_to and key not in hidden_to.values()):
            hidden_to[key] = target
    for key in [key for key, target in hidden_to.items() if len(target) == 9 and target not in people]:
        siblings = [leaf for leaf in leaves if leaf.startswith(key[:9])]
        # A town total receives only where none of its 丁目 is a receiver or hidden elsewhere, as in every published case.
        if any(leaf in hidden_to.values() or hidden_to.get(leaf, key[:9]) != key[:9] for leaf in siblings):
            del hidden_to[key]
    printed = dict(people)
    for key, target in hidden_to.items():
        if target in printed:
            printed[target] += people[key]
        printed[key] = math.nan
    rows = [(CITY, 1, "", "", "", sum(people.values()))]
    for town, chome in enumerate(towns, start=1):
        key = f"{CITY}{town:04}"
        if chome:
            of_town = [leaf for leaf in leaves if leaf.startswith(key)]
            took = [leaf for leaf in of_town if hidden_to.get(leaf) == key]
            visible = [printed[leaf] for leaf in of_town if leaf not in hidden_to]
            total = sum(visible) + sum(people[leaf] for leaf in took)
            rows.append((key, 3, "receiver" if took else "", "", ";".join(took), total if took or visible else math.nan))
    for key in leaves:
        took = [leaf for leaf, target in hidden_to.items() if target == key]
        processing = "hidden" if key in hidden_to else "receiver" if took else ""
        rows.append((key, 2 if len(key) == 9 else 4, processing, hidden_to.get(key, ""), ";".join(took), printed[key]))
    return table_of(rows), people, hidden_to


@settings(max_examples=60, deadline=None)
@given(city=cities())
def test_totals_are_conserved_for_any_pattern_of_hidden_areas_and_receivers(city):
    table, people, _ = city
    units = merged_units(table)
    assert units["population"].sum() == sum(people.values())
    members = [key for cell in units["members"] for key in cell.split(";") if key]
    assert sorted(members) == sorted(people), "every area is in one unit"
    for _, unit in units.iterrows():
        assert unit["population"] == sum(people[key] for key in unit["members"].split(";"))
    assert not any("add up" in remark.text_en for remark in merging_remarks(table, units))


@settings(max_examples=30, deadline=None)
@given(city=cities(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_is_irrelevant(city, seed):
    table = city[0]
    order = list(range(len(table)))
    random.Random(seed).shuffle(order)
    assert merged_units(table).equals(merged_units(table.iloc[order]))


@settings(max_examples=30, deadline=None)
@given(city=cities())
def test_suppressed_never_becomes_zero(city):
    table, _, hidden_to = city
    alone = table[~table["key_code"].isin(set(hidden_to.values()))]
    units = merged_units(alone).set_index("unit_code")
    for key in hidden_to:
        if units["members"].get(key) == key:
            assert math.isnan(units.loc[key, "population"])


def test_a_hidden_area_without_its_receiver_stays_unknown_and_is_told():
    table = table_of([("27999", 1, "", "", "", 90), ("279990010", 2, "", "", "", 60), ("279990020", 2, "hidden", "279990030", "", math.nan)])
    units = merged_units(table)
    assert math.isnan(units.set_index("unit_code").loc["279990020", "population"])
    assert "279990020" in words(merging_remarks(table, units))
    assert "60, the city row says 90 (-30)" in words(merging_remarks(table, units))


def test_published_totals_of_hidden_areas_are_not_counted_twice():
    rows = [
        ("27999", 1, "", "", "", 126, 126),
        ("279990790", 3, "receiver", "", "27999079001;27999079002", 126, 126),
        ("27999079001", 4, "hidden", "279990790", "", 60, math.nan),
        ("27999079002", 4, "hidden", "279990790", "", 66, math.nan),
    ]
    (unit,) = merged_units(table_of(rows, ("total_households", "population"))).to_dict("records")
    assert (unit["total_households"], unit["population"], unit["members"]) == (126, 126, "27999079001;27999079002")


def test_a_key_code_that_stands_twice_is_refused():
    with pytest.raises(EtlError, match="279990010"):
        merged_units(table_of([("279990010", 2, "", "", "", 1), ("279990010", 2, "", "", "", 2)]))


def test_tables_of_one_census_are_put_side_by_side_and_no_column_is_patched():
    ages = table_of([("279990010", 2, "receiver", "", "279990020", 60), ("279990020", 2, "hidden", "279990010", "", math.nan)])
    people = table_of([("279990020", 2, "", "", "", 20, 9), ("279990010", 2, "", "", "", 40, 15)], ("population", "total_households"))
    both = combined([ages, people])
    assert both["population"].tolist() == [40, 20]
    assert both["processing"].tolist() == ["receiver", "hidden"]
    (unit,) = merged_units(both).to_dict("records")
    assert (unit["population"], unit["total_households"]) == (60, 24)


def test_a_merged_unit_is_shared_out_by_printed_households_and_marked():
    boundary, _ = dissolved(areas(["279990010", "279990020", "279990030"], [60, 20, 10]))
    table = table_of(
        [("279990010", 2, "receiver", "", "279990020", 80), ("279990020", 2, "hidden", "279990010", "", math.nan), ("279990030", 2, "", "", "", 10)]
    )
    check_same_census(boundary, table)
    frame = joined(boundary, merged_units(table)).frame.set_index("key_code")
    assert frame["population"].tolist() == [60, 20, 10]
    assert frame["unit_share"].tolist() == [0.75, 0.25, 1]
    assert frame["is_merged"].tolist() == [True, True, False]
    assert frame["unit_code"].tolist() == ["279990010", "279990010", "279990030"]


def test_a_unit_without_households_is_shared_out_equally():
    boundary, _ = dissolved(areas(["279990010", "279990020"], [0, 0]))
    table = table_of([("279990010", 2, "receiver", "", "279990020", 8), ("279990020", 2, "hidden", "279990010", "", math.nan)])
    assert joined(boundary, merged_units(table)).frame["population"].tolist() == [4, 4]


def test_what_is_left_over_on_either_side_is_told_with_numbers():
    boundary, _ = dissolved(areas(["279990010", "279990020", "279990040"], [60, 20, 5], HCODE=[8101, 8101, 8154]))
    units = merged_units(table_of([("279990010", 2, "", "", "", 60), ("279990030", 2, "", "", "", 7)]))
    text = words(joined(boundary, units).remarks)
    assert "1 areas are not in the table (population 20 in the boundary file; 279990020)" in text
    assert "population 7 is not on the map (279990030)" in text
    assert "279990040" not in text, "water has no figures"


def test_general_households_may_be_fewer_than_all_households_but_not_more():
    boundary, _ = dissolved(areas(["279990010", "279990020"], [600, 200]))
    good = table_of([("279990010", 2, "", "", "", 290), ("279990020", 2, "", "", "", 98)], ("general_households",))
    check_same_census(boundary, good)
    bad = good.assign(general_households=[350.0, 60.0])
    with pytest.raises(EtlError, match="not of the same census"):
        check_same_census(boundary, bad)


def test_equal_figures_with_different_years_are_refused():
    boundary, _ = dissolved(areas(["279990010"], [60]))
    table = table_of([("279990010", 2, "", "", "", 60)])
    check_same_census(boundary, table, 2020, 2020)
    check_same_census(boundary, table, 0, 2020)
    with pytest.raises(EtlError, match="boundary 2015, table 2020"):
        check_same_census(boundary, table, 2015, 2020)


def test_a_joined_frame_keeps_every_polygon():
    boundary, _ = dissolved(areas(["279990010", "279990020"], [60, 20]))
    frame = joined(boundary, merged_units(table_of([("279990010", 2, "", "", "", 60)]))).frame
    assert shapely.equals(frame.geometry, boundary.geometry).all()
    assert frame["population"].isna().tolist() == [False, True]
