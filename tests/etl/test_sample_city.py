"""The sample city: the published layouts, sums that agree, ground that fits together, the same files for the same seed."""

from __future__ import annotations

import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from etl.sample_city import SAMPLE_CODE, is_sample_code, write_sample
from etl.sample_city.naming import kanji
from etl.sample_city.people import YEARS
from etl.sample_city.shapefile import Field, dbf
from tests.etl.sample_files import FILES, boundary, districts, lines, table

ALL_TABLES = [(year, number) for year in YEARS for number in FILES[year]]
GIVEN = "KEY_CODE,HYOSYO,CITYNAME,NAME,HTKSYORI,HTKSAKI,GASSAN"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(tmp_path: Path, folder: Path) -> None:
    again, other = write_sample(tmp_path / "again"), write_sample(tmp_path / "other", seed=7)
    assert {path.name: path.read_bytes() for path in again} == {path.name: path.read_bytes() for path in folder.iterdir()}
    same = [path.name for path in other if path.read_bytes() == (folder / path.name).read_bytes()]
    assert all(name.endswith(".prj") for name in same)


def test_codes_of_the_sample_lie_outside_the_real_range() -> None:
    assert is_sample_code(SAMPLE_CODE)
    assert is_sample_code("992011")
    assert is_sample_code("99201001001")
    assert not any(is_sample_code(code) for code in ("29209", "01100", "47382", "00000", "99", ""))


@pytest.mark.parametrize(("count", "areas"), [(2, 60), (12, 100), (40, 320)])
def test_the_sizes_asked_for_are_the_sizes_written(tmp_path: Path, count: int, areas: int) -> None:
    write_sample(tmp_path, districts=count, areas=areas)
    found = districts(tmp_path)
    assert len(found) == count == found.A27_003.nunique() == found.A27_004.nunique()
    assert found.is_valid.all()
    assert boundary(tmp_path, 2020).KEY_CODE.nunique() == areas


@pytest.mark.parametrize(("count", "areas"), [(1, 260), (24, 40), (100, 260)])
def test_a_city_too_small_to_show_anything_is_refused(tmp_path: Path, count: int, areas: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        write_sample(tmp_path, districts=count, areas=areas)


@pytest.mark.parametrize(("year", "number"), ALL_TABLES)
def test_a_table_has_two_header_rows_in_cp932_with_codes_and_labels(folder: Path, year: int, number: str) -> None:
    codes, labels, *rows = lines(folder, number)
    expected = FILES[year][number].labels
    assert ",".join(codes[:7]) == GIVEN
    assert codes[7:] == [f"{number}{column:03d}" for column in range(1, len(expected) + 1)]
    assert labels[:7] == [""] * 7
    assert [label.strip("　") for label in labels[7:]] == expected
    assert {len(row) for row in rows} == {len(codes)}
    assert all(row[2] == "見本市" and len(row[0]) == {"1": 5, "2": 9, "3": 9, "4": 11}[row[1]] for row in rows)
    assert [row[0] for row in rows].count(SAMPLE_CODE) == 1
    assert rows[0][:3] == [SAMPLE_CODE, "1", "見本市"]
    assert any(row[0][5:6] == "0" for row in rows)


def test_the_age_table_has_the_sixty_columns_of_the_published_one(folder: Path, raw: Path) -> None:
    with (raw / "estat_small_area" / "tblT001082C27.csv").open(encoding="cp932") as file:
        published = [next(file).strip().split(","), next(file).strip().split(",")]
    assert lines(folder, "T001082")[:2] == published


def test_the_boundary_files_have_the_fields_of_the_published_ones(folder: Path, raw: Path) -> None:
    small = raw / "estat_small_area"
    for published, ours in ((small / "門真市/門真市.dbf", "r2ka99201"), (small / "高槻市/高槻市.dbf", "h27ka99201")):
        first, second = published.read_bytes(), (folder / f"{ours}.dbf").read_bytes()
        end = int.from_bytes(first[8:10], "little")
        read = [
            [(dbase[at : at + 11].rstrip(b"\0"), dbase[at + 11], dbase[at + 16], dbase[at + 17]) for at in range(32, end - 1, 32)] for dbase in (first, second)
        ]
        if ours == "h27ka99201":  # widths and decimals differ between published files of 2015
            read = [[field[:2] for field in fields] for fields in read]
        assert read[0] == read[1]
        assert first[29] == second[29] == 0x13


@pytest.mark.parametrize(("year", "number"), ALL_TABLES)
def test_the_city_row_is_the_sum_of_the_levels_2_and_4_and_of_towns_that_received(folder: Path, year: int, number: str) -> None:
    frame = table(folder, number)
    wanted = FILES[year][number]
    figures = frame.columns[6 : 6 + len(wanted.labels) - bool(wanted.ratio)]
    counted = frame[frame.HYOSYO.isin(["2", "4"]) | ((frame.HYOSYO == "3") & (frame.HTKSYORI == "1"))]
    assert (counted[figures].sum() == frame.loc[SAMPLE_CODE, figures]).all()
    towns = frame[(frame.HYOSYO == "3") & (frame.HTKSYORI != "1")]
    blocks = frame[frame.HYOSYO == "4"]
    sums = blocks[figures].groupby(blocks.index.str[:9]).sum()
    assert np.allclose(towns[figures].fillna(0).to_numpy(), sums.loc[towns.index].to_numpy(), atol=0)


@pytest.mark.parametrize(("year", "number"), [pair for pair in ALL_TABLES if FILES[pair[0]][pair[1]].hides])
def test_every_hidden_area_is_named_by_the_one_that_received_it(folder: Path, year: int, number: str) -> None:
    frame = table(folder, number)
    hidden = frame[frame.HTKSYORI == "2"]
    assert len(hidden) >= 6
    assert hidden.iloc[:, 6:].isna().all(axis=None)
    assert frame[frame.HTKSYORI != "2"].iloc[:, 6:].notna().all(axis=None)
    for code, receiver in (SAMPLE_CODE + hidden.HTKSAKI).items():
        assert frame.loc[receiver, "HTKSYORI"] == "1"
        assert str(code)[5:] in frame.loc[receiver, "GASSAN"].split(";")
    given = frame.GASSAN[frame.GASSAN != ""].str.split(";").explode()
    assert sorted(SAMPLE_CODE + given) == sorted(hidden.index)
    assert (frame.loc[SAMPLE_CODE + hidden.HTKSAKI, "HYOSYO"] == "3").sum() == 2


@pytest.mark.parametrize("year", YEARS)
def test_households_and_persons_agree_between_the_tables(folder: Path, year: int) -> None:
    people, ages, sizes, families, older = (table(folder, number) for number in FILES[year])

    def column(frame: pd.DataFrame, place: int) -> pd.Series:
        return frame.iloc[:, 5 + place]

    assert (column(people, 2) + column(people, 3) == column(people, 1)).all()
    assert column(ages, 1).loc[SAMPLE_CODE] == column(people, 1).loc[SAMPLE_CODE]
    shown = ages.HTKSYORI == "0"
    town = ages.HYOSYO == "3"
    assert (column(ages, 1)[shown & ~town] == column(people, 1)[shown & ~town]).all()
    for sex in (0, 20, 40):
        groups = ages.iloc[:, 6 + sex + 1 : 6 + sex + 16].sum(axis=1) + column(ages, sex + 20)
        assert (groups.where(ages.HTKSYORI != "2") <= column(ages, sex + 1)).where(ages.HTKSYORI != "2", True).all()
        broad = ages.iloc[:, 6 + sex + 16 : 6 + sex + 19].sum(axis=1)
        assert (broad == groups)[ages.HTKSYORI != "2"].all()
    for frame in (families, older):
        assert (column(frame, 1).fillna(-1) == column(sizes, 1).fillna(-1)).all()
    figures = sizes[sizes.HTKSYORI != "2"]
    assert (figures.iloc[:, 7:12].sum(axis=1) <= column(figures, 1)).all()
    assert (column(figures, 7) >= column(figures, 1)).all()
    assert (column(figures, 7) <= column(ages, 1)[figures.index]).all()
    assert (column(older, 3) <= column(older, 2))[figures.index].all()
    assert (column(older, 2) == column(sizes, 2))[figures.index].all()
    assert (column(families, 3) + column(families, 6) == column(families, 2))[figures.index].all()
    assert (column(older, 4) <= column(families, 4))[figures.index].all()
    assert (column(older, 3) + column(older, 4) <= column(families, 9))[figures.index].all()


@pytest.mark.parametrize("year", YEARS)
def test_the_boundary_of_a_year_joins_the_tables_of_that_year_to_the_unit(folder: Path, year: int) -> None:
    ground, people = boundary(folder, year), table(folder, next(iter(FILES[year])))
    land = ground[ground.HCODE == 8101].groupby("KEY_CODE")[["JINKO", "SETAI"]].sum()
    printed = people[people.HYOSYO.isin(["2", "4"])].iloc[:, 6:]
    assert set(land.index) == set(printed.index)
    assert (printed.iloc[:, 0].loc[land.index] == land.JINKO).all()
    assert (printed.iloc[:, 3].loc[land.index] == land.SETAI).all()
    assert ground.KEY_CODE.str.len().isin([9, 11]).all()
    assert (ground.HCODE == 8154).sum() == 1
    parts = ground[ground.KEY_CODE.duplicated(keep=False)]
    assert sorted(parts.KIGO_E) == ["E1", "E2"]
    assert (parts.JINKO > 0).sum() == 1
    assert set(ground.CITY_NAME) == {"見本市"}


def test_the_areas_of_the_three_years_differ_as_designed(folder: Path) -> None:
    codes = {year: set(boundary(folder, year).KEY_CODE) for year in YEARS}
    assert len(codes[2020] - codes[2015]) == 3
    assert len(codes[2015] - codes[2020]) == 1
    assert len(codes[2010] - codes[2015]) == 1
    assert not codes[2015] - codes[2010]


def test_places_are_listed_as_cities_list_them(folder: Path) -> None:
    content = (folder / f"places_{SAMPLE_CODE}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(content), dtype=str)
    assert {"全国地方公共団体コード", "ID", "名称", "名称_カナ", "種別", "所在地_連結表記", "緯度", "経度", "備考"} <= set(frame.columns)
    assert set(frame["種別"]) == {"公民館", "居場所", "通いの場"}
    assert set(frame["全国地方公共団体コード"]) == {"992011"}
    assert frame["ID"].str.len().eq(6).all()
    assert frame["備考"].eq("見本(架空)").all()
    points = gpd.GeoSeries.from_xy(frame["経度"].astype(float), frame["緯度"].astype(float), crs=6668)
    city = shapely.union_all(boundary(folder, 2020).geometry.to_numpy())
    assert points.within(city).all()


def test_the_city_has_tables_of_its_own_that_say_of_every_row_that_it_is_a_sample(folder: Path) -> None:
    places, people = (
        pd.read_csv(folder / f"own_{name}_{SAMPLE_CODE}.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False) for name in ("places", "supporters")
    )
    assert list(places.columns) == ["種別", "名称", "所在地", "緯度", "経度", "定員", "開設日", "団体", "備考", "市区町村コード"]
    assert list(people.columns) == ["学校区", "町字", "人数", "研修年度", "市区町村コード"]
    assert set(places["市区町村コード"]) == set(people["市区町村コード"]) == {"992011"}
    counts = places["種別"].value_counts()
    assert 9 <= counts["居場所"] + counts["通いの場"] <= 14
    assert 2 <= counts["相談窓口"] <= 3
    assert 3 <= counts["会員団体"] <= 6
    assert places["備考"].eq("見本(架空)").all()
    located = places[places["緯度"] != ""]
    assert len(located) == len(places) - 1
    points = gpd.GeoSeries.from_xy(located["経度"].astype(float), located["緯度"].astype(float), crs=6668)
    assert points.within(shapely.union_all(boundary(folder, 2020).geometry.to_numpy())).all()
    named = people.loc[people["学校区"] != "", "学校区"]
    assert set(named) <= set(districts(folder).A27_004)
    assert named.nunique() == 12
    assert people["人数"].astype(int).between(1, 30).all()


def test_quarters_differ_and_change_as_real_ones_do(folder: Path) -> None:
    shares = {}
    for year in YEARS:
        frame = table(folder, list(FILES[year])[4])
        frame = frame[(frame.iloc[:, 6] >= 100) & frame.HYOSYO.isin(["2", "4"])]
        shares[year] = pd.DataFrame({"one": frame.iloc[:, 7] / frame.iloc[:, 6], "old": frame.iloc[:, 8] / frame.iloc[:, 6]})
    now = shares[2020].quantile([0.02, 0.98])
    assert now.one.iloc[0] < 0.20
    assert now.one.iloc[1] > 0.55
    assert now.old.iloc[0] < 0.06
    assert now.old.iloc[1] > 0.20
    assert shares[2010].one.mean() < shares[2015].one.mean() < shares[2020].one.mean()
    assert shares[2010].old.mean() < shares[2015].old.mean() < shares[2020].old.mean()


def test_numbers_are_written_in_kanji_as_in_addresses() -> None:
    assert [kanji(number) for number in (1, 9, 10, 11, 20, 34, 100)] == ["一", "九", "十", "十一", "二十", "三十四", "百"]


@given(st.text("見本市表予ソ能ー～A0", max_size=8), st.integers(1, 12))
def test_a_text_cut_to_a_field_never_ends_in_half_a_character(text: str, width: int) -> None:
    record = dbf([Field("NAME", "C", width)], {"NAME": [text]}, "cp932", 0x13)[65 + 1 : 65 + 1 + width]
    assert text.startswith(record.decode("cp932").rstrip(" "))
