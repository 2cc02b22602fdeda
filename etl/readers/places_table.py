"""The project's own list of places: 種別, 名称, 所在地, 緯度, 経度, 定員, 開設日, 団体, 備考, and 市区町村コード where wanted (docs/own_tables.md).

A row without 緯度 and 経度 (a window by telephone, an organisation without rooms) is kept and told, but not on the map. Anything
else that cannot be read refuses the whole table: the city can mend its own table in a minute.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely

from etl.readers.geo_reading import GEOGRAPHIC, PLACE_COLUMNS, GeoReader, GeoReading, Member, Remark
from etl.readers.own_reading import claims_by, own_code, own_reading
from etl.readers.own_table import (
    MOST_COUNT,
    PLACE_LAYOUT,
    SHOWN,
    OwnTable,
    coordinate,
    is_places_layout,
    iso_date,
    table_of,
    whole_number,
)
from etl.readers.small_area_boundaries import JAPAN, UNKNOWN_YEAR
from etl.readers.small_area_text import plain

READER_ID = "own_places_table"
SOURCE_ID = "own_places"
OTHER = "other_place"
KINDS = {
    "居場所": "ibasho",
    "通いの場": "kayoi_no_ba",
    "相談窓口": "consultation",
    "こども食堂": "childrens_cafeteria",
    "子ども食堂": "childrens_cafeteria",
    "子供食堂": "childrens_cafeteria",
    "公民館": "community_centre",
    "コミュニティセンター": "community_centre",
    "集会所": "community_centre",
    "公共施設": "public_facility",
    "会員団体": "member_organisation",
}
"""種別 -> kind. Another word is kept as written, under the kind OTHER."""
ADD_BOTH = "Write both, or leave both empty (両方を書くか、両方を空欄にしてください)"
DATE_FORMS = "a day such as 2021-04-01, 2021/4/1 or 令和3年4月1日, or an empty cell"


def read(members: Sequence[Member]) -> list[GeoReading]:
    """One table -> places; EtlError with every row and column that cannot be read."""
    (member,) = members
    table = table_of(member)
    for column in ("緯度", "経度"):
        if column not in table.columns:
            step = "Add the columns 緯度 and 経度; leave the cells of unknown places empty (列を加え、わからない所は空欄にしてください)"
            table.refuse(None, column, "the header has no such column (見出しにありません)", expected="、".join(PLACE_LAYOUT), step=step)
    table.stop_if_wrong()
    rows, lines, twice, seen = [], [], [], dict[tuple[str, ...], int]()
    for row, line in zip(table.rows, table.lines, strict=True):
        place = _place(table, row, line)
        same = tuple(row.values())
        if same in seen:
            twice.append((line, seen[same], row["名称"]))
            continue
        seen[same] = line
        rows.append(place)
        lines.append(line)
    table.stop_if_wrong()
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=[*PLACE_COLUMNS, "kind_ja"], dtype="object"), geometry="geometry", crs=GEOGRAPHIC)
    placed = frame.geometry.notna()
    counts = "、".join(f"{kind}{count:,}" for kind, count in frame["kind_ja"].value_counts(sort=False).items())
    understood = (
        f"場所の表（自治体の資料）、{len(frame):,}件（{counts}）、うち地図に載るもの{int(placed.sum()):,}件",
        f"The city's own table of places, {len(frame):,} rows ({counts}), {int(placed.sum()):,} of them with a position",
    )
    remarks = (*table.remarks(PLACE_LAYOUT), *_remarks(frame, lines, twice))
    return [own_reading(member, (READER_ID, SOURCE_ID), "places", UNKNOWN_YEAR, frame, understood, remarks)]


def _place(table: OwnTable, row: dict[str, str], line: int) -> tuple[object, ...]:
    """PLACE_COLUMNS and kind_ja of a row; what is wrong with it is noted in the table."""
    for column in ("種別", "名称"):
        if not row[column]:
            table.refuse(
                line, column, "the cell is empty (空欄です)", expected="、".join(dict.fromkeys(KINDS)) if column == "種別" else "the name of the place"
            )
    size = whole_number(row.get("定員", "")) if row.get("定員") else None
    if row.get("定員") and size is None:
        table.refuse(line, "定員", "this is not a number (数ではありません)", row["定員"], f"a whole number up to {MOST_COUNT:,}, such as 20")
    opened = iso_date(row.get("開設日", "")) if row.get("開設日") else None
    if row.get("開設日") and opened is None:
        table.refuse(line, "開設日", "this is no date (日付として読めません)", row["開設日"], DATE_FORMS)
    kind = KINDS.get(plain(row["種別"]), OTHER)
    texts = [row.get(column) or None for column in ("所在地", "団体", "備考")]
    return kind, row["名称"], texts[0], texts[1], size, opened, texts[2], own_code(table, row, line), None, _point(table, row, line), row["種別"]


def _point(table: OwnTable, row: dict[str, str], line: int) -> shapely.Point | None:
    """The point of a row; None where both cells are empty, or for what is noted as a problem."""
    cells = row["緯度"], row["経度"]
    if not any(cells):
        return None
    if not all(cells):
        empty = "緯度" if cells[1] else "経度"
        table.refuse(line, empty, "the other of 緯度 and 経度 is filled in, this one is empty (片方だけが空欄です)", step=ADD_BOTH)
        return None
    numbers = [coordinate(cell) for cell in cells]
    for column, cell, number in zip(("緯度", "経度"), cells, numbers, strict=True):
        if number is None:
            table.refuse(line, column, "this is not a number (数ではありません)", cell, "degrees as a decimal number, such as 35.4976 and 134.2378")
    north, east = numbers
    if north is None or east is None:
        return None
    if JAPAN[1] <= north <= JAPAN[3] and JAPAN[0] <= east <= JAPAN[2]:
        return shapely.Point(east, north)
    shown = f"緯度 {cells[0]}、経度 {cells[1]}"
    if JAPAN[1] <= east <= JAPAN[3] and JAPAN[0] <= north <= JAPAN[2]:
        table.refuse(line, "緯度、経度", "latitude and longitude seem to be exchanged (緯度と経度が逆のようです)", shown, f"緯度 {cells[1]}、経度 {cells[0]}")
    else:
        limits = f"緯度 {JAPAN[1]:.0f}-{JAPAN[3]:.0f}、経度 {JAPAN[0]:.0f}-{JAPAN[2]:.0f}"
        table.refuse(line, "緯度、経度", "the point lies outside Japan (日本の範囲の外です)", shown, limits)
    return None


def _remarks(frame: gpd.GeoDataFrame, lines: Sequence[int], twice: Sequence[tuple[int, int, str]]) -> list[Remark]:
    """Rows without a position, words for kinds that are not known, rows said twice: counted and listed."""
    remarks = []
    unplaced = frame[frame.geometry.isna()]
    if len(unplaced):
        names = _listed([f"{name}（{lines[int(at)]}行目）" for at, name in unplaced["name_ja"].items()])
        ja = f"緯度・経度の無い{len(unplaced):,}件は位置がわからないため、地図に載せていません（未配置）: {names}。"
        names = _listed([f"{name} (row {lines[int(at)]})" for at, name in unplaced["name_ja"].items()], ", ", " and {} more")
        remarks.append(Remark("unplaced", ja, f"Rows without a position, not placed on the map: {len(unplaced):,} ({names})."))
    other = frame.loc[frame["kind"] == OTHER, "kind_ja"]
    if len(other):
        words = _listed(list(dict.fromkeys(other)))
        ja = f"決められた言葉にない種別が{len(other):,}件あります（{words}）。書かれたまま「その他」として扱います。"
        remarks.append(Remark("other", ja, f"Rows whose 種別 is not one of the set words: {len(other):,} ({words}); kept as written, under other places."))
    if twice:
        shown = _listed([f"{name}（{line}行目は{first}行目と同じ）" for line, first, name in twice])
        ja = f"まったく同じ行が{len(twice):,}あり、1件として数えました: {shown}。"
        shown = _listed([f"{name} (row {line} repeats row {first})" for line, first, name in twice], ", ", " and {} more")
        remarks.append(Remark("duplicate", ja, f"Rows that repeat another one exactly, counted once: {len(twice):,} ({shown})."))
    same = frame[frame.duplicated(["kind", "name_ja", "municipality_code"], keep=False)]
    if len(same):
        names = _listed(list(dict.fromkeys(same["name_ja"])))
        ja = f"同じ種別と名称で内容の違う行があります（{names}）。どちらも別の場所として載せました。"
        remarks.append(Remark("duplicate", ja, f"Rows with the same kind and name but other details are kept as places of their own: {names}."))
    return remarks


def _listed(items: Sequence[str], separator: str = "、", more: str = "ほか{}件") -> str:
    left = len(items) - SHOWN
    return separator.join(items[:SHOWN]) + (more.format(left) if left > 0 else "")


PLACES_TABLE = GeoReader(
    id=READER_ID,
    title_ja="場所の表(居場所、通いの場、相談窓口、会員団体。自治体の資料)",
    title_en="A city's own table of places (居場所, 通いの場, 相談窓口, 会員団体)",
    tried_on_real_file=False,
    claims=claims_by(is_places_layout),
    read=read,
)
