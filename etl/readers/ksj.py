"""国土数値情報 (KSJ, National Land Numerical Information of MLIT): school districts, schools and municipal boundaries.

Shapefile, GeoJSON and GML; found by what is inside, read once whatever formats stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from etl.readers.geo_reading import GeoReader, Member
from etl.readers.ksj_boundaries import read_boundaries
from etl.readers.ksj_districts import read_districts
from etl.readers.ksj_find import groups_of
from etl.readers.ksj_layers import refusing
from etl.readers.ksj_schools import read_schools


def _claims(theme: str) -> Callable[[Sequence[Member]], list[tuple[Member, ...]]]:
    def claims(members: Sequence[Member]) -> list[tuple[Member, ...]]:
        groups: list[tuple[Member, ...]] = []
        with refusing(members[0].name if members else theme):
            groups = groups_of(members, theme)
        return groups

    return claims


ELEMENTARY_DISTRICTS = GeoReader(
    id="ksj_a27",
    title_ja="国土数値情報 小学校区(A27、2010・2016・2021・2023年版)",
    title_en="MLIT elementary school districts (A27, editions 2010, 2016, 2021, 2023)",
    tried_on_real_file=True,
    claims=_claims("A27"),
    read=partial(read_districts, theme="A27"),
)
JUNIOR_HIGH_DISTRICTS = GeoReader(
    id="ksj_a32",
    title_ja="国土数値情報 中学校区(A32、2013・2016・2021・2023年版)",
    title_en="MLIT junior high school districts (A32, editions 2013, 2016, 2021, 2023)",
    tried_on_real_file=False,
    claims=_claims("A32"),
    read=partial(read_districts, theme="A32"),
)
SCHOOLS = GeoReader(
    id="ksj_p29",
    title_ja="国土数値情報 学校(P29、2013・2021・2023年版)",
    title_en="MLIT schools (P29, editions 2013, 2021, 2023)",
    tried_on_real_file=True,
    claims=_claims("P29"),
    read=read_schools,
)
BOUNDARIES = GeoReader(
    id="ksj_n03",
    title_ja="国土数値情報 行政区域(N03)",
    title_en="MLIT municipal boundaries (N03)",
    tried_on_real_file=True,
    claims=_claims("N03"),
    read=read_boundaries,
)
KSJ_READERS: tuple[GeoReader, ...] = (ELEMENTARY_DISTRICTS, JUNIOR_HIGH_DISTRICTS, SCHOOLS, BOUNDARIES)
