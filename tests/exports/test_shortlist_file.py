"""The saved shortlist: comes back with its notes; anything else is refused; the same numbers in every file."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.district_card import district_cards
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.shortlist import COUNTS, SHARES, Picked, shortlist
from atlas.exhibits.target_order import TargetsAsked
from atlas.exports.formatted import cell_text
from atlas.exports.geo import geojson_bytes, shapes_of
from atlas.exports.shortlist_file import ShortlistFileError, read_shortlist, shortlist_bytes
from atlas.exports.tables import Provenance, csv_bytes, xlsx_bytes
from atlas.figures import numbers
from atlas.interface.shown import table_html

CITY = "99201"
CODES = ("99201-B199210000125", "99201-B199210000011", "99201-B199210000022")
PROVENANCE = Provenance("2026-11-22T10:00:00+09:00", "http://127.0.0.1:8501/targets", True)


def exhibit(context: Context):
    weights = preset_weights("equal", offered(context.store, (CITY,), 2020))
    asked = TargetsAsked(CITY, 2020, IndexChoice(tuple(weights.items()), "percentile", "arithmetic"), None, True)
    return shortlist(context, asked=asked, picked=Picked(CODES, ((CODES[1], "民生委員と相談"),), 2))


def test_a_saved_list_comes_back_with_its_notes(japanese: Context) -> None:
    held = read_shortlist(shortlist_bytes(exhibit(japanese), japanese, PROVENANCE))
    assert held.city == CITY
    assert {*held.codes} == {*CODES}
    assert held.notes == {CODES[1]: "民生委員と相談"}


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"{}", b'{"kind":"x","format":1}', b'{"kind":"tsunagari-atlas-shortlist","format":99,"districts":[]}', b"x" * 300_000]
)
def test_another_file_is_refused(content: bytes) -> None:
    with pytest.raises(ShortlistFileError):
        read_shortlist(content)


def test_the_numbers_are_the_same_in_every_file(japanese: Context) -> None:
    made = exhibit(japanese)
    rows = made.table.rows.set_index("code")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(made, japanese, PROVENANCE)))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    table = list(csv.reader(io.StringIO(csv_bytes(made, japanese, PROVENANCE).decode("utf-8-sig"))))
    features = {one["id"]: one["properties"] for one in json.loads(geojson_bytes(made, japanese, PROVENANCE, shapes_of(japanese, (CITY,))))["features"]}
    place = [column.id for column in made.table.columns].index("code")
    assert len(features) == len(CODES)
    for number, row in enumerate(made.table.rows["code"], 1):
        for position, column in enumerate(made.table.columns):
            if column.kind == "text":
                continue
            value = rows.at[row, column.id]
            if value != value:  # no value: an empty cell everywhere, never 0
                assert sheet[number][position] is None
                assert table[number][position] == ""
                assert features[row][column.id] is None
                continue
            assert sheet[number][position] == pytest.approx(value, abs=1e-10)
            assert float(table[number][position]) == pytest.approx(value, abs=1e-10)
            assert features[row][column.id] == pytest.approx(value, abs=1e-10)
        assert sheet[number][place] == table[number][place] == row


def digits(text: str) -> str:
    """The number in a text, without unit and thousands marks."""
    found = re.search(r"[-−]?[\d,]+(?:\.\d+)?", text)
    return found.group().replace(",", "") if found else ""


def test_page_card_workbook_and_map_file_print_the_same_digits(japanese: Context) -> None:
    made = exhibit(japanese)
    page = table_html(made.table, japanese)
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(made, japanese, PROVENANCE)))
    sheet = book.worksheets[0]
    features = {one["id"]: one["properties"] for one in json.loads(geojson_bytes(made, japanese, PROVENANCE, shapes_of(japanese, (CITY,))))["features"]}
    cards = {card.code: {fact.label: fact.value for fact in card.facts} for card in district_cards(japanese, city=CITY, codes=CODES, year=2020)}
    compared = 0
    for number, code in enumerate(made.table.rows["code"], 2):
        for position, column in enumerate(made.table.columns, 1):
            if column.id not in (*COUNTS, *SHARES):
                continue
            value = made.table.rows.set_index("code").at[code, column.id]
            shown = cell_text(column, value, "ja", "")
            assert f">{shown}<" in page
            scale = 100 if column.kind == "percent" else 1
            cell = sheet.cell(number, position)
            decimals = len(cell.number_format.split(".")[1].rstrip("%")) if "." in cell.number_format else 0
            assert digits(shown) == digits(numbers.count(cell.value * scale, decimals))
            assert digits(shown) == digits(numbers.count(features[code][column.id] * scale, column.decimals))
            assert digits(shown) == digits(cards[code][column.title])
            compared += 1
    assert compared >= 3 * len(CODES)


def test_what_can_be_taken_on_is_compared_with_the_list(japanese: Context) -> None:
    assert "受け持てる2校区を1校区こえています" in exhibit(japanese).title
