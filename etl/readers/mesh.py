"""Census tables of the standard mesh (地域メッシュ統計, e-Stat T001100-T001102, T001140-T001142, T001231 and earlier ones).

The squares are made from the codes (JIS X 0410), so no boundary file is needed. Population and total households are never
hidden; the detail of a hidden square ('*') was added to another one, which is undone only by joining both (`merged_meshes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GEOGRAPHIC, MESH_COLUMNS, GeoReader, GeoReading, Member, Remark, file_reading
from etl.readers.small_area_boundaries import UNKNOWN_YEAR
from etl.readers.small_area_merging import TOWN, merged_units
from etl.readers.small_area_tables import PROCESSING, SEPARATOR, T_CODE, Measured, measured, year_of
from etl.readers.small_area_text import GET_AGAIN, csv_of, head_of

READER_ID = "mesh"
SOURCE_ID = "estat_mesh"
PROCESSING_COLUMNS = ["processing", "receiver", "received"]
"""As in a small-area table, with mesh codes; they stand after MESH_COLUMNS, then one column per indicator."""
T_COLUMNS = {"KEY_CODE": "mesh_code", "HTKSYORI": "processing", "HTKSAKI": "receiver", "GASSAN": "received"}
METRES = {8: 1_000, 9: 500, 10: 250, 11: 125}
"""Digits of a code -> side of its square."""
IN_JAPAN = re.compile("(3[0-9]|[45][0-9]|6[0-8])(2[2-9]|[34][0-9]|5[0-4])[0-7]{2}[0-9]{2}[1-4]{0,3}")
SMALLEST = 8 * 10 * 8
"""Squares of 125 m along the side of a square of the first division (40' x 1 degree)."""
JGD2011 = range(1140, 1143)
"""Numbers of the 2020 tables on JGD2011; all others are on JGD2000."""


def bounds_of(codes: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """West, south, east, north of the squares, in degrees, of codes that all have the same 4, 6, 8, 9, 10 or 11 digits.

    JIS X 0410: two digits latitude x 1.5 and two digits longitude - 100; then row and column of 8 x 8 (5' x 7'30") and of
    10 x 10 (30" x 45"); then halves, 1 south-west, 2 south-east, 3 north-west, 4 north-east. ValueError for what is no code.
    """
    length = len(codes[0]) if len(codes) else 8
    if length not in (4, 6, *METRES) or any(len(code) != length or not (code.isascii() and code.isdecimal()) for code in codes):
        raise ValueError("mesh codes have 4, 6, 8, 9, 10 or 11 digits")
    digits = np.frombuffer("".join(codes).encode(), dtype="u1").reshape(-1, length).astype(int) - ord("0")
    # Whole numbers of the smallest squares, so that neighbours share their edges to the last bit.
    north, east, side = digits[:, 0] * 10 + digits[:, 1], digits[:, 2] * 10 + digits[:, 3], SMALLEST
    for place, parts in ((4, 8), (6, 10)):
        if length > place:
            row, column, side = digits[:, place], digits[:, place + 1], side // parts
            if (row >= parts).any() or (column >= parts).any():
                raise ValueError("the second pair of a mesh code has the digits 0 to 7 only")
            north, east = north * parts + row, east * parts + column
    for place in range(8, length):
        quarter, side = digits[:, place] - 1, side // 2
        if ((quarter < 0) | (quarter > 3)).any():
            raise ValueError("the halves of a mesh code have the digits 1 to 4 only")
        north, east = north * 2 + quarter // 2, east * 2 + quarter % 2
    per_degree = SMALLEST * 1.5, float(SMALLEST)
    south, west = north * side / per_degree[0], 100 + east * side / per_degree[1]
    return west, south, 100 + (east + 1) * side / per_degree[1], (north + 1) * side / per_degree[0]


def squares(codes: Sequence[str]) -> np.ndarray:
    """The squares of codes of any lengths, as polygons in the order of the codes."""
    shapes = np.empty(len(codes), dtype=object)
    lengths = np.array([len(code) for code in codes], dtype=int)
    for length in np.unique(lengths):
        at = np.flatnonzero(lengths == length)
        shapes[at] = shapely.box(*bounds_of([codes[int(position)] for position in at]))
    return shapes


def claims(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """T-tables with the columns of processing and without those of small areas (HYOSYO)."""
    return [(member,) for member in members if _is_mesh_table(head_of(member))]


def _is_mesh_table(rows: list[list[str]]) -> bool:
    cells = {cell.strip() for cell in rows[0]} if rows else set()
    return set(T_COLUMNS) <= cells and "HYOSYO" not in cells and any(T_CODE.fullmatch(cell) for cell in cells)


def read(members: Sequence[Member]) -> list[GeoReading]:
    """Read one table: MESH_COLUMNS, PROCESSING_COLUMNS, one column per indicator; repeated squares as in `combined_meshes`."""
    (member,) = members
    with csv_of(member) as (rows, encoding):
        head = list(islice(rows, 2))
        table_id, frame, found = _table(member, head, rows)
    year, number = year_of(table_id), int(table_id[1:])
    frame, repeats = combined_meshes([frame])
    remarks = [*found.remarks, *repeats]
    hidden = int((frame["processing"] == "hidden").sum())
    if hidden:
        ja = f"秘匿された{hidden:,}区画の内訳は合算先の区画に含まれます。割合は合算先とまとめて計算します。"
        en = f"The detail of {hidden:,} hidden squares is in the squares that received it; shares are computed for both together."
        remarks.append(Remark("suppressed", ja, en))
    if number not in JGD2011:
        ja = f"{table_id}はJGD2000の区画です。JGD2011との差(ふつう数m以下)は直していません。"
        remarks.append(Remark("crs", ja, f"{table_id} is on JGD2000; the difference to JGD2011 (mostly a few metres) is left as it is."))
    if encoding != "cp932":
        remarks.append(Remark("encoding", f"文字コードは{encoding}でした(公表はCP932)。", f"The text is in {encoding}, not in CP932."))
    if year == UNKNOWN_YEAR:
        ja = f"{table_id}がどの国勢調査の表か分かりません。"
        remarks.append(Remark("other", ja, f"The census year of {table_id} is not known."))
    sizes = ", ".join(f"{size:,} m" for size in sorted(set(frame["level_m"]), reverse=True))
    labels = " / ".join(found.labels)
    understood = (
        f"国勢調査 地域メッシュ統計 {table_id}({year or '不明'}年)、{sizes}、{len(frame):,}区画、項目: {labels}",
        f"Census mesh statistics {table_id} ({year or 'year unknown'}), {sizes}, {len(frame):,} squares: {labels}",
    )
    return [file_reading(member, READER_ID, SOURCE_ID, "mesh", year, frame, understood, remarks)]


def _table(member: Member, head: list[list[str]], rows: Iterator[list[str]]) -> tuple[str, gpd.GeoDataFrame, Measured]:
    codes = [cell.strip() for cell in head[0]]
    if len(head) < 2 or head[1][0].strip().isdecimal():
        message, expected = "the row of labels is missing", "codes in the first row, Japanese labels in the second"
        raise EtlError([Problem(member.name, message, 2, expected=expected, next_step=GET_AGAIN)])
    labels = [label if T_CODE.fullmatch(code) else "" for code, label in zip(codes, head[1], strict=False)]
    found = measured(member, chain(rows), {name: codes.index(code) for code, name in T_COLUMNS.items()}, labels, 3)
    keys, texts = found.fixed["mesh_code"], found.fixed
    problems = [
        Problem(member.name, "this is no code of a square in Japan", at, "KEY_CODE", cell, "8 to 11 digits of JIS X 0410", GET_AGAIN)
        for at, cell in enumerate(keys, start=3)
        if not IN_JAPAN.fullmatch(cell)
    ]
    problems += [
        Problem(member.name, "the kind of processing cannot be read", at, "HTKSYORI", cell, "0, 1 or 2", GET_AGAIN)
        for at, cell in enumerate(texts["processing"], start=3)
        if cell not in PROCESSING
    ]
    if problems:
        raise EtlError(problems)
    processing = texts["processing"].map(PROCESSING)
    columns = {
        "mesh_code": keys,
        "level_m": keys.str.len().map(METRES),
        "geometry": squares(keys.tolist()),
        "processing": processing.where(~found.is_suppressed | (processing != ""), "hidden"),
        "receiver": texts["receiver"],
        "received": texts["received"].map(lambda codes: ";".join(part.strip() for part in SEPARATOR.split(codes))),
    }
    frame = gpd.GeoDataFrame(pd.concat([pd.DataFrame(columns), found.values], axis=1), geometry="geometry", crs=GEOGRAPHIC)
    table_id = next(matched[1] for code in codes if (matched := T_CODE.fullmatch(code)))
    return table_id, frame, found


def indicators_of(frame: pd.DataFrame) -> list[str]:
    """The indicator columns of a mesh frame."""
    return [column for column in frame.columns if column not in {*MESH_COLUMNS, *PROCESSING_COLUMNS}]


def combined_meshes(frames: Sequence[gpd.GeoDataFrame]) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    """One row a square, sorted by code, of tables of one census and one set of columns.

    A square on the border of a prefecture can stand in the files of both, with the part of each: such rows are added, and stay
    suppressed where all of them are. Identical rows are a repeat and count once. Both are reported.
    """
    rows = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=GEOGRAPHIC)
    names = indicators_of(rows)
    compared = [column for column in rows.columns if column != "geometry"]
    repeated = rows[compared].duplicated()
    rows = rows[~repeated]
    parts = rows[rows["mesh_code"].duplicated(keep=False)]
    remarks = []
    if repeated.any():
        ja = f"同じ内容の{int(repeated.sum()):,}行は重複とみなし、一度だけ数えました。"
        remarks.append(Remark("other", ja, f"{int(repeated.sum()):,} identical rows are repeats and were counted once."))
    if len(parts):
        keys = parts["mesh_code"].nunique()
        ja = f"都道府県の境にある{keys:,}区画は、値の異なる{len(parts):,}行を合計しました。"
        remarks.append(Remark("other", ja, f"{keys:,} squares on a prefecture border are the sum of {len(parts):,} differing rows."))
    groups = rows.sort_values(["mesh_code", "processing"]).groupby("mesh_code")
    frame = groups[["level_m", "geometry"]].first()
    # Of the parts a receiver is a receiver, whatever the others are; links of all parts are kept.
    frame["processing"] = groups["processing"].max()
    for column in ("receiver", "received"):
        frame[column] = rows.drop_duplicates("mesh_code").set_index("mesh_code")[column]
        several = parts.groupby("mesh_code")[column].agg(lambda codes: ";".join(sorted({one for cell in codes for one in cell.split(";") if one})))
        frame.loc[several.index, column] = several
    frame = frame.join(groups[names].sum(min_count=1)).reset_index()
    return gpd.GeoDataFrame(frame[[*MESH_COLUMNS, *PROCESSING_COLUMNS, *names]], geometry="geometry", crs=GEOGRAPHIC), remarks


def merged_meshes(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Hidden squares joined with their receivers: units as of small areas (`small_area_merging.UNIT_COLUMNS`, indicators).

    `members` are mesh codes; `municipality_code` is empty, a square belongs to none.
    """
    table = pd.DataFrame(frame[[*PROCESSING_COLUMNS, *indicators_of(frame)]])
    return merged_units(table.assign(key_code=frame["mesh_code"], municipality_code="", name_ja="", level=TOWN))


READER = GeoReader(
    id=READER_ID,
    title_ja="国勢調査 地域メッシュ統計(T001100・T001140ほか)",
    title_en="Census mesh statistics (T001100, T001140 and alike)",
    tried_on_real_file=False,
    claims=claims,
    read=read,
)
MESH_READERS: tuple[GeoReader, ...] = (READER,)
