"""Modelled low contact (推計): hand-worked values, the marks that say it is an estimate, what is not held stays missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest

from atlas.exhibits import target_contact as contact_module
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import base_rows
from atlas.exhibits.modelled_contact import AGES, ONE_PERSON, estimate_state, modelled_contact, rates_of
from atlas.exhibits.need_index import IndexChoice
from atlas.exhibits.target_contact import target_contact
from atlas.exhibits.target_order import TargetsAsked
from atlas.figures.look import Look
from atlas.store.database import Store
from atlas.texts import texts

CITY = "99201"
ASKED = TargetsAsked(CITY, 2020, IndexChoice((("population_75_over_share", 3),), "percentile", "arithmetic"), None, True)
# Census of 2020: 72,922,764 aged 15-64 and 35,335,805 aged 65+ in Japan, 106,218 and 54,990 in 鳥取市 (SSDSE-A 2022).
WORKING_AGE = {"00000": 72_922_764, "31000": 300_002, "31201": 106_218}


@pytest.fixture(scope="module")
def with_ages(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The built database with people aged 15 to 64 of three areas, as an imported SSDSE-A brings them."""
    path = tmp_path_factory.mktemp("ages") / "with_ages.duckdb"
    shutil.copy(store.path, path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        for area, value in WORKING_AGE.items():
            connection.execute(
                """
                INSERT INTO observation (indicator_id, area_code, year, sex, age_group, household_type, value, status, precision, source_id)
                VALUES ('population_15_64', ?, 2020, 'all', 'all', 'all', ?, 'observed', 'unit', 'ssdse_a')
                """,
                [area, value],
            )
    return Context(Store(Path(path)), texts("ja"), Look("ja"))


def test_the_rates_are_the_published_ones_of_2024(store: Store) -> None:
    contact, loneliness = rates_of(store, "contact"), rates_of(store, "loneliness")
    assert contact is not None
    assert loneliness is not None
    assert (contact.alone.share, contact.alone.n, contact.others.share, contact.others.n, contact.year) == (0.256, 1_647, 0.022, 9_175, 2024)
    assert (loneliness.alone.share, loneliness.others.share) == (0.09, 0.035)


def test_nation_and_municipality_by_hand(with_ages: Context) -> None:
    exhibit = modelled_contact(with_ages, area_code="31201", year=2020)
    rows = exhibit.table.rows.set_index(["place", "measure"])
    contact = "交流が週1回に満たない人の割合"
    # 21,151,042 / 108,258,569 = 0.19538; 0.19538 * 0.256 + 0.80462 * 0.022 = 0.06772
    assert rows.at[("全国", contact), "value"] == pytest.approx(0.06772, abs=5e-6)
    # 26,983 / 161,208 = 0.16738; 0.022 + 0.16738 * 0.234 = 0.06117
    assert rows.at[("鳥取県 鳥取市", contact), "value"] == pytest.approx(0.06117, abs=5e-6)
    assert exhibit.title == "推計：鳥取市で交流が週1回に満たない人は6.1%"
    assert "6.8%" in exhibit.sentence
    assert set(rows["state"]) == {"推計"}
    assert exhibit.figure is not None


def test_without_people_by_age_nothing_is_modelled_and_what_to_import_is_said(japanese: Context, english: Context) -> None:
    exhibit = modelled_contact(japanese, area_code="31201", year=2020)
    assert exhibit.figure is None
    assert exhibit.table.rows[["value", "lower", "upper", "alone", "people"]].isna().all().all()
    assert set(exhibit.table.rows["state"]) == {"未収録"}
    assert "SSDSE-市区町村（SSDSE-A）を取り込む" in exhibit.sentence
    assert "%は" not in exhibit.title
    assert "Import SSDSE-A" in modelled_contact(english, area_code="31201", year=2020).sentence


def test_districts_by_hand(japanese: Context) -> None:
    rows = target_contact(japanese, asked=ASKED).table.rows.set_index("code")
    counts = {one: base_rows(japanese.store, CITY, one, 2020)["value"] for one in (ONE_PERSON, *AGES)}
    alone = counts[ONE_PERSON] / (counts["population_15_64"] + counts["population_65_over"])
    assert alone.notna().sum() == 24
    for code, share in alone.items():
        assert rows.at[code, "value"] == pytest.approx(share * 0.256 + (1 - share) * 0.022)
        assert rows.at[code, "lower"] < rows.at[code, "value"] < rows.at[code, "upper"]


def test_the_city_stands_beside_its_districts_and_the_nation_is_not_guessed(japanese: Context, with_ages: Context) -> None:
    without, held = target_contact(japanese, asked=ASKED), target_contact(with_ages, asked=ASKED)
    assert "全国の同じ推計は、15～64歳人口が未収録" in without.sentence
    assert without.table.rows["place"].to_list()[:2] == ["市区町村全体", "全国"]
    assert np.isnan(without.table.rows["value"].iloc[1])
    assert held.table.rows["value"].iloc[1] == pytest.approx(0.06772, abs=5e-6)
    assert "同じ方法による全国の推計は6.8%" in held.sentence


@pytest.mark.parametrize("measure", ["contact", "loneliness"])
def test_it_is_called_an_estimate_with_its_limits_everywhere(japanese: Context, english: Context, measure: str) -> None:
    exhibit = target_contact(japanese, asked=ASKED, measure=measure)
    assert exhibit.title.startswith("推計：")
    assert "数えた値ではありません" in exhibit.subtitle
    assert all("推計" in column.title for column in exhibit.table.columns if column.id in ("value", "lower", "upper"))
    notes = " ".join(exhibit.cautions)
    for word in ("2区分だけ", "性別と年齢は入っていません", "狭すぎる", "0.28～0.69", "Zhang", "この推計だけで順位", "年齢不詳"):
        assert word in notes
    assert "新しい情報は加わっていません" in exhibit.sentence
    assert exhibit.is_sample
    assert exhibit.settings["sample"]
    spoken = target_contact(english, asked=ASKED, measure=measure)
    assert spoken.title.startswith("Modelled")
    assert "too narrow" in " ".join(spoken.cautions)


def test_a_district_without_a_count_stays_missing_with_its_reason(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(store: Store, city: str, indicator: str, year: int) -> object:
        found = base_rows(store, city, indicator, year).copy()
        if indicator == "population_15_64":
            found.iloc[0, found.columns.get_loc("value")] = float("nan")
            found.iloc[0, found.columns.get_loc("state")] = "suppressed"
        if indicator in AGES:
            found.iloc[1, found.columns.get_loc("value")] = 4.0
        if indicator == ONE_PERSON:
            found.iloc[1, found.columns.get_loc("value")] = 1.0
        return found

    monkeypatch.setattr(contact_module, "base_rows", rows)
    exhibit = target_contact(japanese, asked=ASKED)
    codes = base_rows(japanese.store, CITY, ONE_PERSON, 2020)["name"]
    held = exhibit.table.rows.set_index("code")
    for place, word in ((0, "秘匿"), (1, "数が少なく非表示")):
        row = held.loc[str(codes.index[place])]
        assert np.isnan(row["value"])
        assert np.isnan(row["alone"])
        assert row["state"] == word
        assert codes.iloc[place] in exhibit.sentence


def test_no_counts_at_all_give_words(japanese: Context) -> None:
    exhibit = target_contact(japanese, asked=TargetsAsked(CITY, 1995, ASKED.index, None, True))
    assert exhibit.figure is None
    assert "取り込んでください" in exhibit.sentence


@pytest.mark.parametrize(
    ("alone", "people", "expected"),
    [(200.0, 1_000.0, "estimated"), (2.0, 9.0, "withheld"), (0.0, 500.0, "withheld"), (5.0, 500.0, "uncertain"), (float("nan"), 500.0, "not_loaded")],
)
def test_few_people_are_withheld_as_in_every_other_view(alone: float, people: float, expected: str) -> None:
    assert estimate_state(alone, people) == expected
