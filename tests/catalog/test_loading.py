"""The registry loads whole, or says all that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog import CatalogError, Registry, load_registry

PROJECT = Path(__file__).resolve().parents[2]

GOOD = {
    "sources": [
        {
            "id": "census",
            "kind": "official",
            "title_ja": "国勢調査",
            "title_en": "Census",
            "producer_ja": "統計局",
            "producer_en": "Statistics Bureau",
            "licence_ja": "利用規約",
            "licence_en": "Terms",
            "attribution_ja": "出典：国勢調査",
            "attribution_en": "Source: census",
        }
    ],
    "labels": [
        {"kind": "question", "scope": "", "id": "contact", "position": 1, "title_ja": "交流", "title_en": "Contact"},
        {"kind": "category", "scope": "contact", "id": "never", "position": 1, "title_ja": "全くない", "title_en": "Never"},
    ],
    "prefectures": [{"area_code": "31000", "name_ja": "鳥取県", "name_en": "Tottori"}],
    "area_changes": [
        {
            "old_code": "40305",
            "new_code": "40231",
            "date": "2018-10-01",
            "kind": "recoded",
            "old_name_ja": "那珂川町",
            "new_name_ja": "那珂川市",
        }
    ],
}


def indicator(**changes: object) -> dict[str, object]:
    plain: dict[str, object] = {"id": "households", "topic": "households", "kind": "count", "decimals": 0}
    for word in ("title", "short", "definition", "unit"):
        plain |= {f"{word}_ja": "世帯", f"{word}_en": "Households"}
    plain |= {"levels": ["nation"], "sources": ["census"]}
    return {key: value for key, value in (plain | changes).items() if value is not None}


def share(**changes: object) -> dict[str, object]:
    return indicator(**({"id": "share", "kind": "share", "numerator": "alone", "denominator": "households"} | changes))


def registry_of(folder: Path, *indicators: dict[str, object], **sections: object) -> Registry:
    content = GOOD | {"indicators": [indicator(), indicator(id="alone"), *indicators]} | sections
    (folder / "all.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_registry(folder)


def problems_of(folder: Path, *indicators: dict[str, object], **sections: object) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        registry_of(folder, *indicators, **sections)
    return [problem.sentence() for problem in caught.value.problems]


def test_the_projects_own_registry_loads() -> None:
    registry = load_registry(PROJECT / "data" / "catalog")
    assert registry.indicators["one_person_household_share"].numerator == "one_person_households"
    assert registry.indicators["one_person_household_share"].denominator == "general_households"
    assert len(registry.prefectures) == 48
    assert registry.prefectures["31000"] == ("鳥取県", "Tottori")
    assert {change.new_code for change in registry.area_changes} == {"40231", "28221"}


def test_contact_frequency_runs_from_never_to_often_with_no_answer_last() -> None:
    labels = load_registry(PROJECT / "data" / "catalog").labels
    order = [label.id for label in labels if (label.kind, label.scope) == ("category", "noncohabiting_contact")]
    assert order[0] == "never"
    assert order[-2:] == ["four_plus_times_weekly", "no_answer"]


def test_the_police_count_is_never_called_isolated_death() -> None:
    for item in load_registry(PROJECT / "data" / "catalog").indicators.values():
        if item.id.startswith("died_at_home"):
            assert "孤立死" not in item.title_ja + item.short_ja + item.definition_ja
            assert "isolated" not in (item.title_en + item.short_en + item.definition_en).lower()


def test_lists_become_tuples_and_nested_entries_their_own_kind(tmp_path: Path) -> None:
    gap = {"years": [1965, 1975], "level": "nation", "status": "not_published", "reason_ja": "公表なし", "reason_en": "Not published"}
    brk = {"year": 1985, "reason_ja": "基準の変更", "reason_en": "New basis"}
    made = registry_of(tmp_path, indicator(id="x", gaps=[gap], breaks=[brk])).indicators["x"]
    assert made.levels == ("nation",)
    assert made.gaps[0].years == (1965, 1975)
    assert made.breaks[0].year == 1985


def test_a_typo_in_a_key_is_named_with_file_and_near_match(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, indicator(id="x", cautoin_ja="注意"))
    assert found.startswith("all.yaml, x > cautoin_ja: unknown key")
    assert "'caution_ja'" in found


def test_a_missing_english_title_is_named(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, indicator(id="x", title_en=None))
    assert found == "all.yaml, x > title_en: is missing. Every word on screen needs its English."


def test_an_empty_title_counts_as_missing(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, indicator(id="x", title_ja=""))
    assert "x > title_ja: is missing" in found


def test_all_problems_of_all_files_stand_in_one_report(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("sorces: []\n", encoding="utf-8")
    found = problems_of(tmp_path, indicator(id="x", kind="cuont", title_en=None), indicator(id="y", levels=["natoin"]))
    assert len(found) == 3
    assert "'sources'" in next(text for text in found if text.startswith("other.yaml"))
    assert any("'nation'" in text for text in found)


def test_an_entry_with_a_fault_of_its_own_may_still_be_named_by_others(tmp_path: Path) -> None:
    found = problems_of(tmp_path, share(), indicators=[indicator(title_en=None), indicator(id="alone"), share()])
    assert len(found) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"numerator": "alon"}, "numerator: 'alon' is not known; did you mean 'alone'?"),
        ({"denominator": "houshold"}, "denominator: 'houshold' is not known; did you mean 'households'?"),
        ({"denominator": None}, "denominator: is missing. A share names both its counts or neither."),
        ({"sources": ["cencus"]}, "sources: 'cencus' is not known; did you mean 'census'?"),
        ({"kind": "shair"}, "kind: 'shair' is not known; did you mean 'share'?"),
        ({"direction": "up"}, "direction: 'up' is not known"),
        ({"decimals": "1"}, "decimals: found '1', expected a whole number"),
        ({"decimals": True}, "decimals: found True, expected a whole number"),
        ({"levels": "nation"}, "levels: found 'nation', expected a list"),
        ({"title_ja": 2020}, "title_ja: found 2020, expected text"),
    ],
)
def test_a_wrong_value_of_an_indicator_is_named(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    (found,) = problems_of(tmp_path, share(**changes))
    assert f"all.yaml, share > {message}" in found


def test_a_share_made_of_a_share_is_refused(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, share(), share(id="again", numerator="share"))
    assert "again > numerator: 'share' is a share" in found


def test_a_gap_needs_a_status_without_a_value(tmp_path: Path) -> None:
    gap = {"years": [1965], "level": "nation", "status": "observed", "reason_ja": "理由", "reason_en": "Reason"}
    (found,) = problems_of(tmp_path, indicator(id="x", gaps=[gap]))
    assert "gaps > status: 'observed' is not known" in found


def test_an_id_declared_in_two_files_is_named_with_both(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(yaml.safe_dump({"indicators": [indicator()]}, allow_unicode=True), encoding="utf-8")
    (found,) = problems_of(tmp_path)
    assert found.startswith("more.yaml, households: is declared twice, first in all.yaml")


def test_a_key_written_twice_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "twice.yaml").write_text("sources: []\nlabels: []\nsources: []\n", encoding="utf-8")
    (found,) = problems_of(tmp_path)
    assert found.startswith("twice.yaml, line 3: the key 'sources' is written twice")


def test_a_category_of_an_undeclared_question_is_named(tmp_path: Path) -> None:
    label = {"kind": "category", "scope": "contakt", "id": "never", "position": 2, "title_ja": "ない", "title_en": "Never"}
    (found,) = problems_of(tmp_path, labels=[*GOOD["labels"], label])
    assert "did you mean 'contact'?" in found


def test_two_labels_in_the_same_place_are_named(tmp_path: Path) -> None:
    label = {"kind": "category", "scope": "contact", "id": "weekly", "position": 1, "title_ja": "週1回", "title_en": "Weekly"}
    (found,) = problems_of(tmp_path, labels=[*GOOD["labels"], label])
    assert "another one of its kin has 1 already" in found


def test_an_area_code_read_as_a_number_is_named(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, prefectures=[{"area_code": 1000, "name_ja": "北海道", "name_en": "Hokkaido"}])
    assert "area_code: found 1000, expected text (in quotes" in found


def test_an_unreadable_file_is_named_beside_the_others_problems(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("sources: [\n", encoding="utf-8")
    (tmp_path / "cp932.yaml").write_bytes("# 国勢調査\n".encode("cp932"))
    found = problems_of(tmp_path, indicator(id="x", title_en=None))
    assert [text.split(",")[0].split(":")[0] for text in found] == ["all.yaml", "broken.yaml", "cp932.yaml"]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no registry file"):
        load_registry(tmp_path)
