"""The checklist: which files a city needs, which are loaded, what each still lacks, and what cannot be promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atlas.exhibits import checklist as module
from atlas.exhibits.checklist import Checklist, Item, checklist
from atlas.exhibits.context import Context
from atlas.figures.look import Look
from atlas.interface.checklist import checklist_html
from atlas.store.database import Store
from atlas.texts import texts
from catalog.folder import DataFolder
from etl.build import import_files

SAMPLE, TOTTORI = "99201", "31201"
FILES = ["districts", *(f"{kind}-{year}" for year in (2020, 2015, 2010) for kind in ("boundary", "tables")), "schools", "places"]


def items(found: Checklist) -> dict[str, Item]:
    return {item.id: item for item in found.items}


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_the_sample_city_has_every_file_in_the_words_of_its_readers(japanese: Context) -> None:
    found = checklist(japanese, SAMPLE)
    assert list(items(found)) == FILES
    assert {item.state for item in found.items} == {"loaded"}
    assert "すべてそろっています" in found.sentence
    assert "24校区" in " ".join(items(found)["districts"].loaded)
    assert len(items(found)["tables-2020"].loaded) == 5
    assert any("どの校区にも入りません" in line for line in items(found)["districts"].lacks)
    assert any("秘匿" in line for line in found.remarks)


def test_a_city_without_files_is_told_everything_it_needs_and_where_it_is_published(japanese: Context) -> None:
    found = checklist(japanese, TOTTORI)
    assert list(items(found)) == FILES
    assert {item.state for item in found.items} == {"missing"}
    assert found.place == "鳥取県 鳥取市"
    assert "まだ一つも" in found.sentence
    assert all(item.where and item.lacks for item in found.items)
    assert items(found)["districts"].url == "https://nlftp.mlit.go.jp/ksj/"
    assert items(found)["boundary-2020"].url == items(found)["tables-2015"].url == "https://www.e-stat.go.jp/gis"
    assert [item.id for item in found.items if item.is_needed] == ["districts", "boundary-2020", "tables-2020"]
    assert any("一人世帯の割合は未収録" in line for line in items(found)["tables-2020"].lacks)


def test_it_says_that_no_table_of_older_people_alone_or_of_mothers_and_fathers_was_found(japanese: Context, english: Context) -> None:
    assert any("母子・父子世帯" in line and "見つかっていません" in line for line in items(checklist(japanese, TOTTORI))["tables-2020"].lacks)
    assert any("65+" in line and "no small-area table" in line for line in items(checklist(english, TOTTORI))["tables-2020"].lacks)


def test_the_commands_name_the_city_and_its_prefecture(japanese: Context) -> None:
    look, load = checklist(japanese, TOTTORI).commands
    assert look.startswith("python -m etl identify")
    assert load.startswith("python -m etl import")
    assert "r2ka31201" in load
    assert "A27-23_31" in load


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_html_is_a_table_with_headings_links_commands_and_limits(store: Store, lang: str) -> None:
    context = Context(store, texts(lang), Look(lang))
    html = checklist_html(checklist(context, TOTTORI), context)
    assert html.count('<th scope="row"') == len(FILES)
    assert html.count('<th scope="col"') == 5
    assert html.count("<caption>") == 1
    assert html.count('href="https://') == len(FILES) - 1
    assert html.count("<code>") == 2
    assert ("架空の表だけ" if lang == "ja" else "generated tables only") in words(html)
    assert context.texts("checklist.sample") not in html
    assert context.texts("checklist.sample") in checklist_html(checklist(context, SAMPLE), context, sample=True)


def test_the_english_list_has_no_japanese_words_but_names(english: Context) -> None:
    found = checklist(english, TOTTORI)
    own = [found.sentence.replace(found.place, ""), *(text for item in found.items for text in (item.title, item.gives, item.where, *item.lacks))]
    assert not [text for text in own if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text)]


def test_names_in_files_cannot_bring_in_markup(japanese: Context) -> None:
    item = Item("districts", "t", "g", "<b>w</b>", "https://x/?a=1&b=2", True, "loaded", ("<script>alert(1)</script>",), ())
    html = checklist_html(Checklist("鳥取市", "s", (item,), ("<i>r</i>",), ("a", "b")), japanese)
    assert "<script>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;w" in html


def test_a_code_that_no_list_names_stands_for_itself(japanese: Context) -> None:
    assert checklist(japanese, "27127").place == "27127"


def test_every_lack_has_words_in_both_languages() -> None:
    assert all(texts(lang).has(f"checklist.lacks.{name}") for lang in ("ja", "en") for name, _ in module.TABLES)


@pytest.mark.raw
def test_real_files_are_listed_with_what_each_still_lacks(raw: Path, tmp_path: Path) -> None:
    small = raw / "estat_small_area"
    folder = DataFolder(tmp_path)
    import_files(folder, [raw / "ksj" / "A27-23_29_GML.zip", small / "r2ka29209.topojson", small / "高槻市", small / "tblT001082C27.csv"])
    path = folder.database()
    assert path is not None
    context = Context(Store(path), texts("ja"), Look("ja"))
    ikoma, takatsuki, missing = (items(checklist(context, code)) for code in ("29209", "27207", "29203"))
    assert [ikoma[name].state for name in ("districts", "boundary-2020", "tables-2020")] == ["loaded", "loaded", "missing"]
    assert "0.47%" in " ".join(ikoma["districts"].lacks)
    assert not any("人口と世帯数" in line for line in ikoma["tables-2020"].lacks), "the boundary file holds them"
    assert takatsuki["tables-2020"].state == "refused"
    assert any("2015年" in line and "2020年の境界" in line for line in takatsuki["boundary-2020"].lacks)
    assert any("352,698" in line for line in checklist(context, "27207").remarks)
    assert "37市区町村" in " ".join(missing["districts"].lacks)
