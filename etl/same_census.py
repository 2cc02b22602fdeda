"""Boundaries and tables that do not belong together, in words with the numbers."""

from __future__ import annotations

from etl.cities import City
from etl.problems import EtlError, Problem
from etl.readers.geo_reading import Remark
from etl.readers.small_area_merging import check_same_census


def refusal(problem: Problem, boundary_year: int, table_year: int) -> Remark:
    """Why a boundary and a table were not joined."""
    if problem.found is None:
        return Remark(
            "refused",
            "境界データと統計表を合わせませんでした。統計表にこの市区町村の町丁・字等の行がありません。",
            f"Boundary and table were not joined: {problem.message}.",
        )
    return Remark(
        "refused",
        f"境界データ（{boundary_year}年）と統計表（{table_year}年）を合わせませんでした。同じ国勢調査のものではありません。{problem.found_ja}あります。"
        "同じ年の境界データと統計表を読み込んでください。",
        f"Boundary and table were not joined: {problem.message} ({problem.found}). Load boundary and table of the same census.",
    )


def only_of_another_census(city: City, year: int) -> list[tuple[str, Remark]]:
    """Files and remarks where a table of one census stands with boundaries of another only."""
    if not city.areas:
        return []
    other = max(city.areas)
    areas, file, _ = city.areas[other]
    table, table_file = city.tables[year]
    try:
        check_same_census(areas, table, other, year)
    except EtlError as error:
        return [(f"{file} + {table_file}", refusal(problem, other, year)) for problem in error.problems]
    return []
