"""Municipal boundaries (N03 行政区域): one row a municipality code, islands and exclaves joined; wards of designated cities stay wards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import BOUNDARY_COLUMNS, GEOGRAPHIC, GeoReading, Member, Remark
from etl.readers.ksj_dbf import GET_AGAIN
from etl.readers.ksj_districts import polygons_of
from etl.readers.ksj_layers import Layer, layer_of, refusing
from etl.readers.ksj_remarks import (
    counted,
    file_name_remarks,
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
WARDS_APART_SINCE = 2024
"""From then on the designated city stands in N03_004 and its ward in N03_005; before in N03_003 and N03_004."""


def read_boundaries(members: Sequence[Member], municipalities: Mapping[str, str] | None = None) -> list[GeoReading]:
    """The boundaries of one dataset, codes as printed (14101 is a ward, not 横浜市)."""
    known = municipalities_held() if municipalities is None else municipalities
    layer = layer_of(members, "N03")
    with refusing(layer.file):
        frame, remarks, is_sample = _boundaries(layer, known)
        year = layer.year or (WARDS_APART_SINCE if "005" in layer.frame else TRIED[0])
    codes = sorted(frame["municipality_code"])
    remarks = [*layer.remarks, *remarks]
    if not is_sample:
        remarks += [*municipality_remarks(codes, known, "境界", "boundary"), *file_name_remarks(layer.file, codes)]
        remarks += untried_remarks(year, TRIED)
    remarks += year_remarks(layer, year)
    text_ja = "行政区域は、国勢調査の表に名前の無い市区町村（政令指定都市の区など）の名前に使います。形は地図にも集計にも使いません。"
    text_en = "Municipal boundaries give their names to municipalities that the census tables do not name (wards and alike); "
    text_en += "their shapes are used in no map and no figure."
    remarks.append(Remark("not_used", text_ja, text_en))
    place_ja, place_en = prefecture_names(codes)
    return [
        GeoReading(
            reader="ksj_n03",
            source_id="ksj_n03",
            file=layer.file,
            sha256=layer.sha256,
            kind="boundaries",
            year=year,
            frame=frame,
            understood_ja=f"国土数値情報 行政区域 {year}年、{place_ja}、{len(codes):,}{municipalities_word(codes)}",
            understood_en=f"MLIT National Land Numerical Information, municipal boundaries {year}, {place_en}, "
            f"{counted(len(codes), 'municipality', 'municipalities')}",
            remarks=tuple(remarks),
            is_sample=is_sample,
        )
    ]


def _boundaries(layer: Layer, known: Mapping[str, str]) -> tuple[gpd.GeoDataFrame, list[Remark], bool]:
    rows = layer.frame
    cells = {number: _cells(rows, number) for number in ("003", "004", "005", "007")}
    codes, is_sample = five_digits(layer, cells["007"])
    names = [_name(*parts) for parts in zip(cells["003"], cells["004"], cells["005"], strict=True)]
    shapes = rows.geometry.to_numpy()
    remarks = []

    kept = np.array([code is not None and not code.endswith("000") for code in codes]) & ~shapely.is_missing(shapes)
    if not kept.all():
        left_out = int((~kept).sum())
        text_ja = f"市区町村の決まっていない土地(所属未定地など)を除きました({left_out:,}件)。"
        remarks.append(Remark("other", text_ja, f"{left_out:,} pieces of land that belong to no municipality were left out."))
    if not kept.any():
        raise EtlError([Problem(layer.file, "no municipality has a shape", next_step=GET_AGAIN)])
    if not np.isin(shapely.get_type_id(shapes[kept]), (3, 6)).all():
        raise EtlError([Problem(layer.file, "a boundary is not a polygon", expected="Polygon", next_step=GET_AGAIN)])
    table = pd.DataFrame({"municipality_code": codes, "name_ja": names, "shape": shapes}, dtype=object)[kept]

    broken = ~shapely.is_valid(table["shape"].to_numpy())
    if broken.any():
        table.loc[broken, "shape"] = [polygons_of(shapely.make_valid(one)) for one in table.loc[broken, "shape"]]
        mended = sorted(set(table.loc[broken, "name_ja"]))
        text_ja = f"形が正しくない境界を直しました({len(mended)}市区町村): {listed(mended, '、', '、ほか{}')}。"
        text_en = f"Broken shapes were mended in {len(mended)} municipalities: {listed(mended, ', ', ' and {} more')}."
        remarks.append(Remark("mended", text_ja, text_en))
    groups = table.groupby("municipality_code", sort=True)
    frame = gpd.GeoDataFrame(
        {
            "municipality_code": list(groups.groups),
            "name_ja": [group["name_ja"].iloc[0] for _, group in groups],
            "geometry": [polygons_of(shapely.union_all(group["shape"].to_numpy())) for _, group in groups],
        },
        geometry="geometry",
        crs=GEOGRAPHIC,
    )
    return frame[BOUNDARY_COLUMNS], remarks, is_sample


def _cells(frame: gpd.GeoDataFrame, number: str) -> list[str | None]:
    if number not in frame:
        return [None] * len(frame)
    return [value if isinstance(value, str) else None for value in frame[number]]


def _name(above: str | None, city: str | None, ward: str | None) -> str:
    """山添村, 横浜市鶴見区: the county is left out, the designated city of a ward is not."""
    if ward is not None:
        return f"{city or ''}{ward}"
    if above is not None and above.endswith("市") and city is not None and city.endswith("区"):
        return above + city
    return city or ""
