"""School points (P29 学校): editions 2013, 2021 and 2023, whose fields shift by one; told apart by where the type code stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import GEOGRAPHIC, PLACE_COLUMNS, GeoReading, Member, Remark
from etl.readers.ksj_dbf import GET_AGAIN
from etl.readers.ksj_layers import Layer, layer_of, refusing
from etl.readers.ksj_remarks import (
    counted,
    file_name_remarks,
    fiscal_year,
    five_digits,
    listed,
    municipalities_held,
    municipalities_word,
    municipality_remarks,
    prefecture_names,
    untried_remarks,
    year_remarks,
)

TRIED = (2021,)
TYPES = {
    "16001": ("elementary_school", "小学校"), "16002": ("junior_high_school", "中学校"), "16003": ("school", "中等教育学校"),
    "16004": ("school", "高等学校"), "16005": ("school", "高等専門学校"), "16006": ("school", "短期大学"), "16007": ("school", "大学"),
    "16008": ("school", "盲学校"), "16009": ("school", "聾学校"), "16010": ("school", "養護学校"), "16011": ("school", "幼稚園"),
    "16012": ("school", "特別支援学校"), "16013": ("school", "幼保連携型認定こども園"), "16014": ("elementary_school", "義務教育学校"),
    "16015": ("school", "各種学校"), "16016": ("school", "専修学校"),
}  # fmt: skip
"""School type code -> kind of place, and its name. 義務教育学校 has elementary grades: it counts as an elementary school and says so."""
PLAIN_TYPES = ("16001", "16002")
OPERATORS = {"0": "その他", "1": "国", "2": "都道府県", "3": "市区町村", "4": "私立など"}
CLOSED = "2"
NOW = {"school_code": "002", "type": "003", "name_ja": "004", "address": "005", "operator": "006", "closed": "007"}
IN_2013 = {"type": "004", "name_ja": "005", "address": "006", "operator": "007"}
TYPE_CODE = re.compile(r"16[0-9]{3}")


def read_schools(members: Sequence[Member], municipalities: Mapping[str, str] | None = None) -> list[GeoReading]:
    """The schools of one dataset as places; every type of school, those that are closed with a note."""
    known = municipalities_held() if municipalities is None else municipalities
    layer = layer_of(members, "P29")
    with refusing(layer.file):
        columns, layer, year = _layout(layer)
        frame, remarks, is_sample = _places(layer, columns)
    codes = sorted({code for code in frame["municipality_code"] if code is not None})
    remarks = [*layer.remarks, *remarks]
    if not is_sample:
        remarks += [*municipality_remarks(codes, known, "学校", "schools"), *file_name_remarks(layer.file, codes)]
        text_ja = "利用条件は版ごとに異なります。公開する前に配布ページで確認してください。"
        remarks.append(Remark("terms", text_ja, "Terms differ between editions; check the download page before you publish."))
        remarks += untried_remarks(year, TRIED)
    remarks += year_remarks(layer, year)
    place_ja, place_en = prefecture_names(codes)
    kinds = Counter(frame["kind"])
    count = f"{len(frame):,}"
    return [
        GeoReading(
            reader="ksj_p29",
            source_id="ksj_p29",
            file=layer.file,
            sha256=layer.sha256,
            kind="places",
            year=year,
            frame=frame,
            understood_ja=f"国土数値情報 学校 {fiscal_year(year)}、{place_ja}、{len(codes):,}{municipalities_word(codes)}、{count}校"
            f"(小学校・義務教育学校{kinds['elementary_school']:,}、中学校{kinds['junior_high_school']:,}、その他{kinds['school']:,})",
            understood_en=f"MLIT National Land Numerical Information, schools, edition {year}, {place_en}, "
            f"{counted(len(codes), 'municipality', 'municipalities')}, "
            f"{count} schools ({kinds['elementary_school']:,} elementary, {kinds['junior_high_school']:,} junior high, "
            f"{kinds['school']:,} other)",
            remarks=tuple(remarks),
            is_sample=is_sample,
        )
    ]


def _layout(layer: Layer) -> tuple[dict[str, str], Layer, int]:
    """Which field is which, and the edition: by the place of the type code, and by the campus fields that came in 2023."""
    fields = set(layer.frame.columns)
    if _holds_types(layer, "004") and "007" in fields:
        return IN_2013, replace(layer, year_from="fields"), 2013
    if _holds_types(layer, "003"):
        if "008" in fields or "009" in fields:
            late = layer.year if layer.year is not None and layer.year >= 2023 else 2023
            return NOW, replace(layer, year_from="fields"), late
        return NOW, replace(layer, year_from="fields"), 2021
    raise EtlError(
        [
            Problem(
                layer.file,
                "there are no school type codes where the editions 2013, 2021 and 2023 have them",
                column="P29_003, P29_004",
                found=str(layer.frame["003"].dropna().iloc[0]) if layer.frame["003"].notna().any() else None,
                expected="16001 to 16016",
                next_step=GET_AGAIN,
            )
        ]
    )


def _holds_types(layer: Layer, number: str) -> bool:
    values = [] if number not in layer.frame else layer.frame[number].dropna().tolist()
    return bool(values) and all(TYPE_CODE.fullmatch(value) for value in values)


def _places(layer: Layer, columns: dict[str, str]) -> tuple[gpd.GeoDataFrame, list[Remark], bool]:
    """The schools with a point, in the order of the file."""
    given = layer.frame
    cells = {name: _cells(given, number) for name, number in columns.items()}
    codes, is_sample = five_digits(layer, _cells(given, layer.key))
    closed = cells.get("closed", [None] * len(given))
    table = pd.DataFrame(
        {
            "kind": [TYPES.get(code or "", ("school", ""))[0] for code in cells["type"]],
            "name_ja": cells["name_ja"],
            "address": cells["address"],
            "operator": [OPERATORS.get(code or "") for code in cells["operator"]],
            "capacity": None,
            "opened": None,
            "note": [_note(code, state) for code, state in zip(cells["type"], closed, strict=True)],
            "municipality_code": codes,
            "school_code": cells.get("school_code", [None] * len(given)),
        },
        dtype=object,
    )
    points = given.geometry.to_numpy()
    other = ~shapely.is_missing(points) & (shapely.get_type_id(points) != 0)
    if other.any():
        found = str(points[other][0].geom_type)
        raise EtlError([Problem(layer.file, "a school is not a point", found=found, expected="Point", next_step=GET_AGAIN)])
    lost = shapely.is_missing(points) | shapely.is_empty(points)
    frame = gpd.GeoDataFrame(table, geometry=points, crs=GEOGRAPHIC)[PLACE_COLUMNS][~lost].reset_index(drop=True)
    remarks = []
    if lost.any():
        names = [name or "?" for name in np.array(cells["name_ja"], dtype=object)[lost]]
        text_ja = f"位置のない学校は地図に載せられません({int(lost.sum())}校): {listed(names, '、', '、ほか{}')}。"
        text_en = f"Left out {counted(int(lost.sum()), 'school', 'schools')} without a place: {listed(names, ', ', ' and {} more')}."
        remarks.append(Remark("other", text_ja, text_en))
    shut = int(frame["note"].str.contains("休校中", na=False).sum())
    if shut:
        remarks.append(Remark("other", f"休校中の学校が{shut:,}校あります。", f"Schools closed for the time being: {shut:,}."))
    return frame, remarks, is_sample


def _cells(frame: gpd.GeoDataFrame, number: str) -> list[str | None]:
    """The cells of a field, None where empty or where the edition has no such field."""
    if number not in frame:
        return [None] * len(frame)
    return [value if isinstance(value, str) else None for value in frame[number]]


def _note(code: str | None, state: str | None) -> str | None:
    """The type where the kind does not say it, and whether the school is closed."""
    words = [] if code in PLAIN_TYPES else [TYPES.get(code or "", ("", f"学校分類コード{code}"))[1]]
    words += ["休校中"] if state == CLOSED else []
    return "、".join(words) or None
