"""Small-area files of our own making in the layouts of the published ones. Places and figures are invented."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from etl.problems import EtlError
from etl.readers.geo_reading import Member

T_FIRST = ["KEY_CODE", "HYOSYO", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN"]
AGES = ["総数、年齢「不詳」含む", "総数０～４歳", "総数１５歳未満", "総数１５～６４歳", "総数６５歳以上", "総数７５歳以上", "男の総数、年齢「不詳」含む"]
MESH_FIRST = ["KEY_CODE", "HTKSYORI", "HTKSAKI", "GASSAN"]
MESH_LABELS = [
    "　人口（総数）", "　人口（総数）　男", "　世帯総数", "　一般世帯数", "　１人世帯数　一般世帯数", "　６５歳以上世帯員のいる世帯数　一般世帯数",
    "　高齢単身世帯数　一般世帯数",
]  # fmt: skip


def members_of(folder: Path, **renamed: str) -> list[Member]:
    """All files of a folder as an archive gives them; `renamed` says another name for one of them (with '.' as '_')."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [Member(renamed.get(path.name.replace(".", "_"), path.relative_to(folder).as_posix()), path) for path in paths]


def t_table(
    rows: Sequence[Sequence[object]], labels: Sequence[str] = AGES, table: str = "T001082", first: Sequence[str] = T_FIRST,
    encoding: str = "cp932", label_row: bool = True,
) -> bytes:  # fmt: skip
    """A T-table: a row of codes, a row of labels, then `rows` as they are."""
    codes = [*first, *(f"{table}{number:03}" for number in range(1, len(labels) + 1))]
    lines = [codes, ["" for _ in first] + list(labels)] if label_row else [codes]
    return "".join(",".join(map(str, line)) + "\r\n" for line in [*lines, *rows]).encode(encoding)


def square(west: float = 135.6, south: float = 34.8, side: float = 0.01) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


def areas(keys: Sequence[str], people: Sequence[int | None] | None = None, year_field: str = "R2KAxx", **columns: Sequence) -> gpd.GeoDataFrame:
    """Boundary rows: a square for each key, beside each other; JINKO as said, SETAI half of it."""
    people = people or [100 * (number + 1) for number in range(len(keys))]
    data = {
        "KEY_CODE": list(keys),
        "S_NAME": [f"第{number}町" for number in range(len(keys))],
        "HCODE": [8101] * len(keys),
        year_field: range(1, len(keys) + 1),
        "JINKO": people,
        "SETAI": [value // 2 if value is not None else None for value in people],
        "X_CODE": [135.605 + 0.01 * number for number in range(len(keys))],
        "Y_CODE": [34.805] * len(keys),
    }
    shapes = columns.pop("geometry", [square(135.6 + 0.01 * number) for number in range(len(keys))])
    return gpd.GeoDataFrame(pd.DataFrame({**data, **columns}), geometry=list(shapes), crs="EPSG:4612")


def shapefile(folder: Path, rows: gpd.GeoDataFrame, name: str = "r2ka", encoding: str = "cp932", without: Sequence[str] = ()) -> list[Member]:
    """A Shapefile of those rows; `without` lists endings that are left out."""
    folder.mkdir(exist_ok=True)
    rows.to_file(folder / f"{name}.shp", encoding=encoding, engine="pyogrio")
    for ending in (".cpg", *without):
        (folder / f"{name}{ending}").unlink()
    return members_of(folder)


def geojson(path: Path, rows: gpd.GeoDataFrame, change: Callable[[dict], None] = lambda content: None) -> list[Member]:
    content = json.loads(rows.to_json())
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return [Member(path.name, path)]


def problem_of(error: EtlError) -> str:
    """The sentence of the one problem that is expected."""
    (problem,) = error.problems
    return problem.sentence()


def said(reading: object) -> str:
    """All remarks of a reading in both languages."""
    return "\n".join(f"{remark.text_ja} {remark.text_en}" for remark in reading.remarks)
