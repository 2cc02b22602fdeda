"""`reproduce` on every kind of export: equal as it was saved; with one thing changed, it says which."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.exhibits import overtaken, trends
from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.recipe import recipe_of
from atlas.exhibits.shortlist import Picked, shortlist
from atlas.exhibits.target_order import TargetsAsked
from atlas.exports.carried import CarriedError, read_carried
from atlas.exports.comparing import Difference
from atlas.exports.geo import geojson_bytes, geopackage_bytes, shapes_of
from atlas.exports.reproduce import DIFFERS, EQUAL, NAMED, NOT_REBUILT, Comparison, reproduce
from atlas.exports.shortlist_file import shortlist_bytes
from atlas.exports.tables import APP_VERSION, Provenance, csv_bytes, xlsx_bytes
from atlas.store.database import Store
from atlas.texts import texts

CITY = "99201"
CODES = ("99201-B199210000125", "99201-B199210000011", "99201-B199210000022")
LINK = "http://127.0.0.1:8501/targets?city=99201&list=B199210000125"
AT = "2026-11-22T10:00:00+09:00"
KINDS = ("csv", "xlsx", "geojson", "gpkg", "json")


def made(context: Context, build: Callable[..., Exhibit], **options: object) -> Exhibit:
    return replace(build(context, **options), recipe=recipe_of(build, options, context.lang).text())


def picked(context: Context) -> Exhibit:
    weights = preset_weights("equal", offered(context.store, (CITY,), 2020))
    asked = TargetsAsked(CITY, 2020, IndexChoice(tuple(weights.items()), "percentile", "arithmetic"), None, True)
    return made(context, shortlist, asked=asked, picked=Picked(CODES, ((CODES[1], "=民生委員と相談"),), 2))


def trend(context: Context) -> Exhibit:
    return made(context, trends.trend, indicator_id="one_person_household_share", area_codes=("00000", "31000"), base_year=2015)


def saved(context: Context, exhibit: Exhibit, kind: str, folder: Path) -> Path:
    provenance = Provenance(AT, LINK, exhibit.is_sample)
    shapes = shapes_of(context, (CITY,)) if kind in ("geojson", "gpkg") else {}
    content = {
        "csv": lambda: csv_bytes(exhibit, context, provenance),
        "xlsx": lambda: xlsx_bytes(exhibit, context, provenance),
        "geojson": lambda: geojson_bytes(exhibit, context, provenance, shapes),
        "gpkg": lambda: geopackage_bytes(exhibit, context, provenance, shapes),
        "json": lambda: shortlist_bytes(exhibit, context, provenance),
    }[kind]()
    path = folder / f"file.{kind}"
    path.write_bytes(content)
    return path


def only(path: Path, store: Store) -> Comparison:
    (one,) = reproduce(path, store)
    return one


@pytest.fixture(params=["japanese", "english"])
def context(request: pytest.FixtureRequest) -> Context:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_as_saved_is_equal_and_carries_what_is_needed_to_cite_it(context: Context, tmp_path: Path, kind: str) -> None:
    one = only(saved(context, picked(context), kind, tmp_path), context.store)
    assert (one.status, one.differences, one.count) == (EQUAL, (), 0)
    assert not one.of_other_data
    assert not one.of_other_program
    held = one.carried
    assert (held.data_version, held.app_version, held.exported_at, held.permalink) == (context.store.version, APP_VERSION, AT, LINK)
    assert ("setting", f"city = {CITY}") in (held.about or ())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_differences_in_points_and_figures_that_are_missing_are_equal_too(context: Context, tmp_path: Path, kind: str) -> None:
    for exhibit in (trend(context), made(context, overtaken.overtaken)):
        assert only(saved(context, exhibit, kind, tmp_path), context.store).status == EQUAL


def changed_csv(path: Path, change: Callable[[list[list[str]]], object]) -> Path:
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    change(rows)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    return path


@pytest.fixture
def table(japanese: Context, tmp_path: Path) -> Path:
    return saved(japanese, trend(japanese), "csv", tmp_path)


def in_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def number_of(rows: list[list[str]]) -> tuple[int, int]:
    """The first share of full precision: line and column."""
    return next((line, place) for line in range(1, len(rows)) for place, text in enumerate(rows[line]) if text.startswith("0.") and len(text) > 10)


def test_one_number_changed_is_named_with_its_row_and_column(table: Path, store: Store) -> None:
    before = in_csv(table)
    line, place = number_of(before)
    one = only(changed_csv(table, lambda rows: rows[line].__setitem__(place, "0.5")), store)
    assert one.status == DIFFERS
    assert one.differences == (Difference("cell", f"{line} {before[line][0]}", before[0][place], "0.5", before[line][place]),)


def test_a_number_cut_short_is_another_number(table: Path, store: Store) -> None:
    line, place = number_of(in_csv(table))
    one = only(changed_csv(table, lambda rows: rows[line].__setitem__(place, rows[line][place][:6])), store)
    assert [each.kind for each in one.differences] == ["cell"]


def test_one_text_a_removed_row_swapped_rows_and_a_renamed_column_are_told(table: Path, store: Store) -> None:
    whole, rows = table.read_bytes(), in_csv(table)
    one = only(changed_csv(table, lambda held: held[2].__setitem__(0, "どこか")), store)
    assert one.differences == (Difference("cell", f"2 {rows[2][0]}", rows[0][0], "どこか", rows[2][0]),)
    table.write_bytes(whole)
    count = rows.index([]) - 1
    one = only(changed_csv(table, lambda held: held.pop(3)), store)
    assert one.differences == (Difference("rows", carried=str(count - 1), rebuilt=str(count)), Difference("row_missing", row=f"3 {rows[3][0]}"))
    table.write_bytes(whole)
    one = only(changed_csv(table, lambda held: held.insert(1, held[2])), store)
    assert one.differences == (Difference("rows", carried=str(count + 1), rebuilt=str(count)), Difference("row_extra", row=f"1 {rows[2][0]}"))
    table.write_bytes(whole)
    one = only(changed_csv(table, lambda held: held.__setitem__(slice(1, 3), [held[2], held[1]])), store)
    assert {each.row[:2] for each in one.differences} == {"1 ", "2 "}, "the order of rows matters"
    table.write_bytes(whole)
    one = only(changed_csv(table, lambda held: held[0].__setitem__(1, "別の名前")), store)
    assert one.differences == (Difference("column", carried="別の名前", rebuilt=rows[0][1]),)
    table.write_bytes(whole)
    one = only(changed_csv(table, lambda held: [line.pop(1) for line in held[: count + 1]]), store)
    assert one.differences == (Difference("column_missing", column=rows[0][1]),)


def test_all_differences_are_counted_and_the_first_are_named(table: Path, store: Store) -> None:
    count = in_csv(table).index([]) - 1
    one = only(changed_csv(table, lambda rows: [line.__setitem__(0, "x") for line in rows[1 : count + 1]]), store)
    assert one.count == count > NAMED == len(one.differences)


def replaced(label: str, change: Callable[[str], str]) -> Callable[[list[list[str]]], None]:
    def change_line(rows: list[list[str]]) -> None:
        line = next(row for row in rows if len(row) == 2 and row[0] == texts("ja")(f"frame.export.{label}"))
        line[1] = change(line[1])

    return change_line


def test_another_title_another_recipe_and_other_data_are_told(table: Path, store: Store) -> None:
    whole, rows = table.read_bytes(), in_csv(table)
    title = next(row[1] for row in rows if row and row[0] == "表題")
    one = only(changed_csv(table, replaced("title", lambda text: "減っている")), store)
    assert one.differences == (Difference("about", column="title", carried="減っている", rebuilt=title),)
    table.write_bytes(whole)
    one = only(changed_csv(table, replaced("recipe", lambda text: text.replace("31000", "13000"))), store)
    assert one.status == DIFFERS
    assert any(each.kind == "cell" for each in one.differences)
    table.write_bytes(whole)
    one = only(changed_csv(table, replaced("data_version", lambda text: "0" * 64)), store)
    assert (one.of_other_data, one.status) == (True, EQUAL)
    table.write_bytes(whole)
    one = only(changed_csv(table, replaced("app", lambda text: text.replace(APP_VERSION, "9.9.9"))), store)
    assert (one.of_other_program, one.status) == (True, EQUAL)


def test_a_changed_workbook_map_and_list_are_told(japanese: Context, tmp_path: Path) -> None:
    exhibit, store = picked(japanese), japanese.store
    path = saved(japanese, exhibit, "xlsx", tmp_path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B2"] = 17
    book.save(path)
    assert [(each.kind, each.carried) for each in only(path, store).differences] == [("cell", "17")]

    path = saved(japanese, exhibit, "geojson", tmp_path)
    held = json.loads(path.read_text("utf-8"))
    held["features"][0]["geometry"], held["features"][1]["properties"]["rank"] = held["features"][2]["geometry"], 23
    path.write_text(json.dumps(held, ensure_ascii=False), "utf-8")
    assert {(each.kind, each.carried) for each in only(path, store).differences} == {("cell", "23"), ("shape", "")}

    path = saved(japanese, exhibit, "gpkg", tmp_path)
    with sqlite3.connect(path) as database:
        for (trigger,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f'drop trigger "{trigger}"')
        database.execute("update figures set sample = '' where fid = 2")
    database.close()
    assert [(each.kind, each.rebuilt) for each in only(path, store).differences] == [("cell", "見本（架空）データ")]

    path = saved(japanese, exhibit, "json", tmp_path)
    path.write_text(path.read_text("utf-8").replace('"note": "=民生委員と相談"', '"note": "別のこと"'), "utf-8")
    assert [(each.kind, each.carried, each.rebuilt) for each in only(path, store).differences] == [("cell", "別のこと", "=民生委員と相談")]


def test_the_mark_of_a_sample_taken_away_is_told(japanese: Context, tmp_path: Path) -> None:
    path = saved(japanese, picked(japanese), "csv", tmp_path)
    one = only(changed_csv(path, lambda rows: rows.pop(rows.index([]) + 1)), japanese.store)
    assert one.differences == (Difference("about", column="sample", rebuilt=texts("ja")("frame.sample_long")),)


@pytest.mark.parametrize(
    "recipe",
    [
        "rm -rf /", "[]", '{"build":"os:system","lang":"ja","options":{"command":"ls"}}', '{"build":"trends:trend","lang":"fr","options":{}}',
        '{"build":"trends:trend","lang":"../ja","options":{}}', '{"build":"district_card:district_cards","lang":"ja","options":{"city":"x"}}',
        '{"build":"district_card:district_cards","lang":"ja","options":{"path":"x"}}',
        '{"build":"district_card:district_codes","lang":"ja","options":{"city":"x"}}',
        '{"build":"trends:trend","lang":"ja","options":{"indicator_id":"population","area_codes":' + "[" * 5000 + "]" * 5000 + "}}",
        '{"build":"trends:trend","lang":"ja","options":{"indicator_id":"population","area_codes":[1e400],"base_year":{"a":1}}}', "x" * 30_000,
    ],
)  # fmt: skip
def test_a_recipe_of_a_stranger_is_refused_in_one_sentence(table: Path, store: Store, recipe: str) -> None:
    one = only(changed_csv(table, replaced("recipe", lambda text: recipe)), store)
    assert one.status == NOT_REBUILT
    for lang, end in (("ja", "。"), ("en", ".")):
        said = one.reason.said(texts(lang))
        assert said.endswith(end)
        assert "\n" not in said
        assert len(said) < 500


class NotEqual(Exception):  # noqa: N818
    pass


def refuse_unequal(one: Comparison) -> None:
    if not one.equal:
        raise NotEqual("What is left of the file can be read and differs.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_breaks_off_is_refused_in_one_sentence(japanese: Context, tmp_path: Path, kind: str) -> None:
    path = saved(japanese, picked(japanese), kind, tmp_path)
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises((CarriedError, NotEqual), match=r"\.$"):
            refuse_unequal(only(path, japanese.store))


@settings(max_examples=60, deadline=None)
@given(
    head=st.sampled_from(
        [b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"{", b"<svg ", b"<html>", b"SQLite format 3\0", b'{"kind":"tsunagari-atlas"']
    ),
    rest=st.binary(max_size=300),
)
def test_no_foreign_file_gets_further_than_one_sentence(tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "foreign"
    path.write_bytes(head + rest)
    with pytest.raises(CarriedError, match=r"\.$"):
        read_carried(path)
