"""A city without polygons of its school districts: its list of 町字 gives real ones, from the files to the need map, with exact sums."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from atlas.exhibits.checklist import checklist
from atlas.exhibits.context import Context
from atlas.exhibits.district_profile import district_profile
from atlas.exhibits.need_map import Asked, Drawn, need_map
from atlas.figures.look import Look
from atlas.store.database import Store
from atlas.texts import texts
from catalog.folder import DataFolder
from etl.build import import_files, sample_readings
from etl.geography import Geography, geography
from etl.printing import map_lines
from etl.readers.geo_reading import GeoReading
from etl.readers.maps import read_maps
from etl.report import BuildReport
from etl.sample_city import write_sample
from tests.etl import sample_files
from tests.etl.listing import CODE, HEADER, list_file, names_of_areas, school_of_areas

TABLE, AGES = "T001081", "T001082"
DIVIDED, NUMBERED, MISSPELT, OMITTED = range(4)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small sample")
    write_sample(folder, districts=6, areas=80, seed=5)
    return folder


@pytest.fixture(scope="module")
def readings(sample: Path) -> list[GeoReading]:
    return read_maps(sample)


@pytest.fixture(scope="module")
def schools(sample: Path) -> dict[str, str]:
    return school_of_areas(sample)


@pytest.fixture(scope="module")
def names(sample: Path) -> dict[str, str]:
    return names_of_areas(sample)


def figures(sample: Path) -> pd.DataFrame:
    """Population and households of every small area, straight from the published table."""
    table, labels = sample_files.table(sample, TABLE), sample_files.lines(sample, TABLE)[1][7:]
    table = table[table["HYOSYO"].isin(["2", "4"])]
    columns = dict(zip(labels, table.columns[6:], strict=True))
    return pd.DataFrame({"population": table[columns["人口総数"]], "total_households": table[columns["世帯総数"]]})


def without_polygons(readings: list[GeoReading], *lists: Path) -> list[GeoReading]:
    return [one for one in readings if one.kind != "school_districts"] + [reading for path in lists for reading in read_maps(path)]


def by_school(found: Geography, indicator: str, year: int = 2020) -> dict[str, float]:
    areas = pd.concat(found.areas).drop_duplicates("area_code", keep="last").set_index("area_code")
    rows = pd.concat(found.observations)
    rows = rows[(rows["indicator_id"] == indicator) & (rows["year"] == year)].join(areas[["level", "name_ja"]], on="area_code")
    rows = rows[rows["level"] == "school_district"]
    return dict(zip(rows["name_ja"], rows["value"], strict=True))


def outside(found: Geography, indicator: str, year: int = 2020) -> float:
    (total,) = [one for one in found.totals if one["indicator_id"] == indicator and one["year"] == year]
    return float(str(total["outside"]))


def told(found: Geography) -> str:
    return "\n".join(str(one["text_ja"]) for one in found.remarks if one["municipality_code"] == CODE)


def test_districts_of_the_list_hold_the_hand_sums_of_their_small_areas(
    sample: Path, readings: list[GeoReading], schools: dict[str, str], names: dict[str, str], tmp_path: Path
) -> None:
    path = list_file(tmp_path / "list.csv", [(CODE, school, names[key], "") for key, school in schools.items()])
    found = geography(without_polygons(readings, path))
    by_hand = figures(sample).groupby(schools).sum()
    for indicator in by_hand:
        assert by_school(found, indicator) == by_hand[indicator].to_dict(), indicator
        assert outside(found, indicator) == 0
    assert len(by_hand) == 6
    assert f"通学区域情報の町字の一覧から6校区を作りました（町字の一覧から）。2020年の町丁・字等{len(schools)}区域のうち" in told(found)
    origins = pd.concat(found.geometries).groupby("level")["origin"].unique().map(list).to_dict()
    assert origins == {"school_district": ["town_list"], "small_area": ["published"]}
    assert {float(share) for frame in found.apportioned for share in frame.loc[frame["year"] == 2020, "split_share"].dropna()} == {0.0}


def test_earlier_censuses_are_shared_out_to_the_same_ground(readings: list[GeoReading], schools: dict[str, str], names: dict[str, str], tmp_path: Path) -> None:
    path = list_file(tmp_path / "list.csv", [(CODE, school, names[key], "") for key, school in schools.items()])
    found = geography(without_polygons(readings, path))
    (total,) = [one for one in found.totals if one["indicator_id"] == "population" and one["year"] == 2015]
    assert sum(by_school(found, "population", 2015).values()) + outside(found, "population", 2015) == pytest.approx(float(str(total["total"])), abs=1e-6)
    assert outside(found, "population", 2015) < 0.001 * float(str(total["total"]))


@pytest.fixture
def flawed(sample: Path, schools: dict[str, str], names: dict[str, str], tmp_path: Path) -> tuple[Path, list[str]]:
    """A list in which one 町字 has two schools, one a condition, one another name, and one is not there; and these four, by key code.

    None of them is counted together with another one (合算): its people would be shared out by households, not be those of the table.
    """
    twice, alone = Counter(names.values()), sample_files.table(sample, AGES)["HTKSYORI"].eq("0")
    chosen = [key for key in schools if twice[names[key]] == 1 and "丁目" in names[key] and alone[key]][:40:10]
    other = sorted(set(schools.values()))
    rows = []
    for key, school in schools.items():
        if key == chosen[DIVIDED]:
            rows.append((CODE, next(one for one in other if one != school), names[key], ""))
        if key == chosen[NUMBERED]:
            rows.append((CODE, school, f"{names[key]}(1番～9番)", ""))
        elif key == chosen[MISSPELT]:
            rows.append((CODE, school, f"{names[key]}台", ""))
        elif key != chosen[OMITTED]:
            rows.append((CODE, school, names[key], ""))
    return list_file(tmp_path / "list.csv", rows), chosen


def test_what_the_list_leaves_open_is_in_no_district_and_told(
    sample: Path, readings: list[GeoReading], schools: dict[str, str], names: dict[str, str], flawed: tuple[Path, list[str]]
) -> None:
    path, chosen = flawed
    found, table = geography(without_polygons(readings, path)), figures(sample)
    by_hand = table.drop(index=chosen).groupby(schools).sum()
    for indicator in by_hand:
        assert by_school(found, indicator) == by_hand[indicator].to_dict()
        assert outside(found, indicator) == table.loc[chosen, indicator].sum() > 0
    people = [f"{names[key]}（{table.loc[key, 'population']:,.0f}" for key in chosen]
    lines = told(found).split("\n")
    (divided,) = [line for line in lines if "2校以上に分かれるか" in line]
    assert people[DIVIDED] in divided
    assert people[NUMBERED] in divided
    assert any(f"{names[chosen[MISSPELT]]}台（{schools[chosen[MISSPELT]]}。近い名前: " in line and names[chosen[MISSPELT]] in line for line in lines)
    (unnamed,) = [line for line in lines if "一覧に無い町丁・字等" in line]
    assert people[OMITTED] in unnamed
    assert people[MISSPELT] in unnamed


def test_published_polygons_come_before_the_list(readings: list[GeoReading], flawed: tuple[Path, list[str]]) -> None:
    both = geography([*readings, *read_maps(flawed[0])])
    assert by_school(both, "population") == by_school(geography(readings), "population")
    assert "小学校区の境界（A27、2023年版）があるため、通学区域情報の町字の一覧は使っていません" in told(both)


def test_a_list_without_small_areas_or_without_a_code_says_what_it_lacks(tmp_path: Path) -> None:
    path = list_file(tmp_path / "list.csv", [("31201", "東小学校", "本町", ""), ("31201", "東中学校", "本町", "")])
    found = geography(read_maps(path))
    remarks = "\n".join(str(one["text_ja"]) for one in found.remarks)
    assert "町丁・字等境界（r2ka など）が要ります" in remarks
    assert "中学校1校の通学区域は使っていません" in remarks
    bare = read_maps(list_file(tmp_path / "bare.csv", [("東小学校", "本町", "")], HEADER[1:]))
    assert "市区町村コードの無い1件は" in bare[0].remarks[0].text_ja


def test_a_condition_in_the_remarks_counts_where_it_is_clear_of_which_town_it_speaks(tmp_path: Path) -> None:
    rows = [(CODE, "東小学校", "本町", "一部は西小学校"), (CODE, "東小学校", "浜;沖", "一部を除く"), (CODE, "西小学校", "港", "調整区域あり")]
    (reading,) = read_maps(list_file(tmp_path / "list.csv", rows))
    assert dict(zip(reading.frame["town_ja"], reading.frame["from_ja"], strict=True)) == {"本町": "一部は西小学校", "浜": None, "沖": None, "港": None}
    assert any("備考にある条件は、どの町字のものか分からない" in remark.text_ja and "3: 一部を除く" in remark.text_ja for remark in reading.remarks)


@pytest.fixture(scope="module")
def imported(sample: Path, schools: dict[str, str], names: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, BuildReport, Context]:
    """The whole way: files of a city without A27, its list as schools publish it (several 町字 a row, one junior high school)."""
    folder = tmp_path_factory.mktemp("listed")
    towns: dict[str, list[str]] = {}
    for key, school in list(schools.items())[1:]:
        towns.setdefault(school, []).append(names[key])
    rows = [(CODE, school, ";".join(own), "") for school, own in towns.items()] + [(CODE, "第一中学校", names[next(iter(schools))], "")]
    given = [path for path in sorted(sample.iterdir()) if not path.name.startswith("A27")]
    data = DataFolder(folder / "data")
    report = import_files(data, [*given, list_file(folder / "list.csv", rows)])
    path = data.database()
    assert path is not None
    return data, report, Context(Store(path), texts("ja"), Look("ja"))


def test_the_import_says_in_words_what_was_understood(imported: tuple[DataFolder, BuildReport, Context]) -> None:
    lines = "\n".join(map_lines(imported[1], "ja"))
    assert "小中学校通学区域情報、市区町村99201、7校、" in lines
    assert "小学校区の境界（A27）が無いため、通学区域情報の町字の一覧から6校区を作りました" in lines
    assert "中学校1校の通学区域は使っていません" in lines
    assert "一覧に無い町丁・字等が1区域" in lines
    assert "はどの校区にも入りません" in lines


def test_map_profile_and_checklist_say_that_the_districts_are_from_the_list(
    imported: tuple[DataFolder, BuildReport, Context], sample: Path, schools: dict[str, str]
) -> None:
    context = imported[2]
    asked = Asked((CODE,), "population", 2020, sample=True)
    exhibit = need_map(context, asked=asked, drawn=Drawn())
    by_hand = figures(sample).drop(index=next(iter(schools))).groupby(schools)["population"].sum()
    rows = exhibit.table.rows
    assert dict(zip(rows["place"], rows["value"], strict=True)) == by_hand.to_dict()
    assert any("町字の一覧から（小中学校通学区域情報）" in note for note in exhibit.cautions)
    assert any("どの学校区にも入らない世帯・人が" in note for note in exhibit.cautions)
    profile = district_profile(context, asked=asked, code=str(rows["code"].iloc[0]))
    assert any("町字の一覧から（小中学校通学区域情報）" in note for note in profile.notes)
    item = next(one for one in checklist(context, CODE).items if one.id == "districts")
    assert (item.state, item.loaded[0][:11]) == ("loaded", "小中学校通学区域情報、"[:11])
    assert any("町字の一覧から作った校区です" in text for text in item.lacks)


def test_polygons_published_districts_say_nothing_of_a_list(japanese: Context) -> None:
    asked = Asked((CODE,), "population", 2020, sample=True)
    exhibit = need_map(japanese, asked=asked, drawn=Drawn())
    assert not any("町字の一覧から" in note for note in exhibit.cautions)


def test_a_list_of_the_fictional_city_alone_leaves_the_rest_of_it_in_place(flawed: tuple[Path, list[str]]) -> None:
    shipped = sample_readings(read_maps(flawed[0]))
    assert {"school_districts", "small_areas", "small_area_table", "places"} <= {reading.kind for reading in shipped}
