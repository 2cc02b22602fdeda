"""School districts (A27 小学校区, A32 中学校区): editions known by their fields, parts joined, broken shapes mended and remarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import DISTRICT_COLUMNS, GEOGRAPHIC, GeoReading, Member, Remark
from etl.readers.ksj_dbf import GET_AGAIN
from etl.readers.ksj_layers import Layer, layer_of, refusing
from etl.readers.ksj_remarks import (
    TITLES,
    counted,
    file_name_remarks,
    fiscal_year,
    listed,
    municipalities_held,
    municipalities_word,
    municipality_remarks,
    named,
    prefecture_names,
    untried_remarks,
    year_remarks,
)
from etl.readers.ksj_remarks import five_digits as five_digit_codes

KINDS = {"A27": "school_districts", "A32": "junior_high_districts"}
TRIED = {"A27": (2010, 2023), "A32": ()}
OLD_EDITIONS = {"A27": (2010, 2016), "A32": (2013, 2016)}
NEW_EDITIONS = (2021, 2023)
OVERLAP_FROM_KM2 = 0.01
PAIRS_NAMED = 5
COLUMNS_BY_KEY = {
    "001": {"municipality_code": "001", "founder": "002", "school_code": "003", "school_name": "004", "address": "005"},
    "005": {"municipality_code": "005", "founder": "006", "school_name": "007", "address": "008"},
    "006": {"municipality_code": "006", "founder": "007", "school_name": "008", "address": "009"},
}


def read_districts(members: Sequence[Member], theme: str, municipalities: Mapping[str, str] | None = None) -> list[GeoReading]:
    """One dataset of school districts.

    municipalities: code -> name of all municipalities there should be (default: those of the newest census held).
    """
    known = municipalities_held() if municipalities is None else municipalities
    layer = layer_of(members, theme)
    with refusing(layer.file):
        rows, is_sample = _rows(layer)
        frame, remarks = _whole_districts(layer, rows, known)
        layer, year = _with_year(layer, rows, frame)
    codes = sorted(set(frame["municipality_code"]))
    remarks = [*layer.remarks, *remarks, *overlap_remarks(frame, known)]
    if not is_sample:
        about = ("校区のデータ", "districts")
        remarks += [*municipality_remarks(codes, known, *about), *file_name_remarks(layer.file, codes), *terms_remarks(theme, year)]
        remarks += untried_remarks(year, TRIED[theme])
    remarks += year_remarks(layer, year)
    if theme == "A32":
        text_ja = "中学校区は、読んだことの記録だけに使います。必要度マップと集計は小学校区（A27）で作り、中学校区のものはまだありません。"
        text_en = "Junior high districts are listed only: the map of need and all figures are by elementary school (A27); there are none by junior high yet."
        remarks.append(Remark("not_used", text_ja, text_en))
    place_ja, place_en = prefecture_names(codes)
    title_ja, title_en = TITLES[theme]
    return [
        GeoReading(
            reader=f"ksj_{theme.lower()}",
            source_id=f"ksj_{theme.lower()}",
            file=layer.file,
            sha256=layer.sha256,
            kind=KINDS[theme],
            year=year,
            frame=frame,
            understood_ja=f"国土数値情報 {title_ja} {fiscal_year(year)}、{place_ja}、{len(codes):,}{municipalities_word(codes)}、{len(frame):,}校区",
            understood_en=f"MLIT National Land Numerical Information, {title_en}, edition {year}, {place_en}, "
            f"{counted(len(codes), 'municipality', 'municipalities')}, {counted(len(frame), 'district', 'districts')}",
            remarks=tuple(remarks),
            is_sample=is_sample,
        )
    ]


def _rows(layer: Layer) -> tuple[gpd.GeoDataFrame, bool]:
    """The features under our names, and whether they are fictional."""
    names = COLUMNS_BY_KEY[layer.key]
    table = pd.DataFrame({name: layer.frame[number] for name, number in names.items()}, dtype=object)
    without = [row for row, code in enumerate(table["municipality_code"], start=1) if code is None or code != code]
    if without:
        message = "a district has no municipality code"
        raise EtlError(Problem(layer.file, message, row=row, expected="five digits", next_step=GET_AGAIN) for row in without)
    table["municipality_code"], is_sample = five_digit_codes(layer, list(table["municipality_code"]))
    table["school_code"] = table.get("school_code")
    table = table.astype(object).where(table.notna(), None)
    table["school_name"] = [name or "" for name in table["school_name"]]
    return gpd.GeoDataFrame(table, geometry=layer.frame.geometry.to_numpy(), crs=GEOGRAPHIC)[DISTRICT_COLUMNS], is_sample


def _whole_districts(layer: Layer, rows: gpd.GeoDataFrame, known: Mapping[str, str]) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    """Valid polygons, one row a district, in the order of the file; remarks on what had to be mended, left out or joined."""
    remarks = []
    shapes = rows.geometry.to_numpy()
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes = np.array([polygons_of(shapely.make_valid(one)) if bad else one for one, bad in zip(shapes, broken, strict=True)], dtype=object)
    if broken.any():
        names = _named_districts(rows[broken], known)
        text_ja = f"形が正しくない校区を直しました({int(broken.sum())}件): {listed(names, '、', '、ほか{}')}。"
        text_en = f"Mended {counted(int(broken.sum()), 'district', 'districts')} with a broken shape: {listed(names, ', ', ' and {} more')}."
        remarks.append(Remark("mended", text_ja, text_en))
    lost = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if lost.any():
        names = _named_districts(rows[lost], known)
        text_ja = f"形のない校区は地図に載せられません({int(lost.sum())}件): {listed(names, '、', '、ほか{}')}。"
        text_en = f"Left out {counted(int(lost.sum()), 'district', 'districts')} without a shape: {listed(names, ', ', ' and {} more')}."
        remarks.append(Remark("other", text_ja, text_en))
    other = ~np.isin(shapely.get_type_id(shapes), (3, 6)) & ~lost
    if other.any():
        found = str(shapes[other][0].geom_type)
        raise EtlError([Problem(layer.file, "a district is not a polygon", found=found, expected="Polygon", next_step=GET_AGAIN)])
    rows = rows.assign(geometry=shapes)[~lost]
    if not len(rows):
        raise EtlError([Problem(layer.file, "no district has a shape", next_step=GET_AGAIN)])

    # A district without a name is never joined to another one.
    keys = [
        (row.municipality_code, row.founder, row.school_code, row.school_name, row.address) if row.school_name else (number,)
        for number, row in enumerate(rows.itertuples())
    ]
    numbers = pd.factorize(pd.Series(keys, dtype=object))[0]
    parts = pd.Series(rows.geometry.to_numpy(), dtype=object).groupby(numbers)
    whole = [polygons_of(shapely.union_all(group.to_numpy())) if len(group) > 1 else group.iloc[0] for _, group in parts]
    first = rows.iloc[np.unique(numbers, return_index=True)[1]].reset_index(drop=True)
    frame = first.assign(geometry=np.array(whole, dtype=object))
    if len(frame) < len(rows):
        count = int((parts.size() > 1).sum())
        text_ja = f"分かれて載っている校区を1つにまとめました({len(rows):,}行から{len(frame):,}校区、{count:,}校区が2つ以上の部分)。"
        text_en = f"Parts of one district were joined: {len(rows):,} rows, {len(frame):,} districts, {count:,} of them of several parts."
        remarks.append(Remark("other", text_ja, text_en))
    unnamed = int((frame["school_name"] == "").sum())
    if unnamed:
        remarks.append(Remark("other", f"学校名のない校区が{unnamed:,}件あります。", f"Districts without a school name: {unnamed:,}."))
    return gpd.GeoDataFrame(frame[DISTRICT_COLUMNS], geometry="geometry", crs=GEOGRAPHIC), remarks


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, without the lines and points that mending leaves."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _named_districts(rows: gpd.GeoDataFrame, known: Mapping[str, str]) -> list[str]:
    pairs = zip(rows["school_name"], rows["municipality_code"], strict=True)
    return [f"{name or '?'}({code} {named(code, known)})" for name, code in pairs]


def _with_year(layer: Layer, rows: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> tuple[Layer, int]:
    """The edition: the fields say which half of the editions it is, the file or its name which of them.

    Of 2010 and 2016 only the former has one row for each part of a district.
    """
    theme = layer.theme
    if layer.key == "006":
        return replace(layer, year_from="fields"), 2013
    if layer.key == "001":
        if layer.year is not None and layer.year >= NEW_EDITIONS[0]:
            return layer, layer.year
        return replace(layer, year_from=""), NEW_EDITIONS[-1]
    if theme == "A27" and len(frame) < len(rows):
        return replace(layer, year_from="content"), 2010
    if theme == "A27" and (rows.geometry.geom_type == "MultiPolygon").any():
        return replace(layer, year_from="content"), 2016
    if layer.year in OLD_EDITIONS[theme]:
        return layer, int(layer.year or 0)
    return replace(layer, year_from=""), 2016


def terms_remarks(theme: str, year: int) -> list[Remark]:
    """What is known of the terms of use; never more."""
    if year >= 2023:
        text_ja = "利用条件は CC BY 4.0 ですが、市区町村によって例外があります。公開前に、配布ページの市区町村別の条件を確認してください。"
        text_en = "Terms: CC BY 4.0, but with exceptions for single municipalities; check the list on the download page before you publish."
    else:
        text_ja = "利用条件は版と市区町村で異なります。公開する前に、配布ページでこの版の利用条件を確認してください。"
        text_en = "Terms differ between editions and municipalities; check those of this edition on the download page before you publish."
    return [Remark("terms", text_ja, text_en)]


def overlap_remarks(frame: gpd.GeoDataFrame, known: Mapping[str, str]) -> list[Remark]:
    """Districts that cover the same ground, from OVERLAP_FROM_KM2 on, measured in an equal-area plane."""
    shapes = frame.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    if not len(left):
        return []
    common = shapely.intersection(shapes[left], shapes[right])
    rough = shapely.area(common) > OVERLAP_FROM_KM2 / 20_000
    left, right, common = left[rough], right[rough], common[rough]
    if not len(left):
        return []
    west, south, east, north = frame.total_bounds
    plane = pyproj.CRS.from_proj4(f"+proj=laea +lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f} +ellps=GRS80 +units=m")
    areas = gpd.GeoSeries(common, crs=GEOGRAPHIC).to_crs(plane).area.to_numpy() / 1e6
    order = [place for place in np.argsort(-areas, kind="stable") if areas[place] >= OVERLAP_FROM_KM2]
    if not order:
        return []
    total = areas[order].sum()
    names, codes = frame["school_name"].to_numpy(), frame["municipality_code"].to_numpy()
    pairs_ja, pairs_en = [], []
    for place in order[:PAIRS_NAMED]:
        one, two, where = names[left[place]], names[right[place]], named(codes[left[place]], known)
        area = f"{areas[place]:,.{2 if areas[place] < 1 else 1}f} km²"
        pairs_ja.append(f"{where}の{one}と{two}が{area}")
        pairs_en.append(f"{one} and {two} in {where} by {area}")
    more_ja = f"、ほか{len(order) - PAIRS_NAMED}組" if len(order) > PAIRS_NAMED else ""
    more_en = f" and {len(order) - PAIRS_NAMED} more pairs" if len(order) > PAIRS_NAMED else ""
    text_ja = f"校区どうしの重なりが{len(order)}組、合わせて{total:,.1f} km²あります: {'、'.join(pairs_ja)}{more_ja}。"
    text_en = f"Districts overlap in {counted(len(order), 'pair', 'pairs')}, {total:,.1f} km² in all: {'; '.join(pairs_en)}{more_en}."
    return [Remark("overlap", text_ja, text_en)]
