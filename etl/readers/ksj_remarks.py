"""What a planner has to know about a KSJ file, in words with numbers; shared by the readers of districts, schools and boundaries."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from catalog.folder import data_folder
from catalog.loading import CatalogError, load_registry
from etl.problems import EtlError, Problem
from etl.readers.geo_reading import Remark
from etl.readers.ksj_dbf import GET_AGAIN
from etl.readers.ksj_layers import Layer

NAMED_AT_MOST = 20
FILE_PREFECTURE = re.compile(r"(?:A27|A32|P29|N03)P?-\d{2,8}_(\d{2})(?!\d)")
TITLES = {"A27": ("小学校区", "elementary school districts"), "A32": ("中学校区", "junior high school districts"),
          "P29": ("学校", "schools"), "N03": ("行政区域", "municipal boundaries")}  # fmt: skip


def municipalities_held() -> Mapping[str, str]:
    """Code -> name of the municipalities of the newest census held (data/figures/census_municipalities.csv)."""
    return _municipalities(data_folder().figures / "census_municipalities.csv")


@lru_cache(maxsize=4)
def _municipalities(path: Path) -> Mapping[str, str]:
    if not path.is_file():  # a data folder with other figures: nothing to compare with
        return {}
    table = pd.read_csv(path, dtype=str, usecols=["area_code", "area_name_ja", "year"]).sort_values("year")
    newest = table.drop_duplicates("area_code", keep="last").sort_values("area_code")
    return dict(zip(newest["area_code"], newest["area_name_ja"], strict=True))


@lru_cache(maxsize=4)
def _registered(folder: Path) -> tuple[Mapping[str, tuple[str, str]], Mapping[str, str]]:
    """Prefecture names by code, and present codes by former code."""
    try:
        registry = load_registry(folder)
    except CatalogError:  # the build reports it, whole, in its own step
        return {}, {}
    present = {change.old_code: change.new_code for change in registry.area_changes if change.old_code != change.new_code}
    return registry.prefectures, present


def prefecture_names(codes: Collection[str]) -> tuple[str, str]:
    """The prefectures of these municipality codes in both languages; their number where there are more than three."""
    names, _ = _registered(data_folder().catalog)
    found = sorted({code[:2] for code in codes})
    if len(found) > 3:
        return f"{len(found)}都道府県", f"{len(found)} prefectures"
    words = [names.get(f"{code}000", ("架空の地域", "a fictional area")) for code in found]
    return "・".join(dict.fromkeys(ja for ja, _ in words)), ", ".join(dict.fromkeys(en for _, en in words))


def five_digits(layer: Layer, values: Sequence[str | None]) -> tuple[list[str | None], bool]:
    """Municipality codes of five digits (None stays None), and whether the file is fictional (codes above the 47 prefectures).

    Raises EtlError for what is no code, and for real and fictional codes in one file.
    """
    codes = [None if value is None else value.zfill(5) for value in values]
    wrong = sorted({code for code in codes if code is not None and not (re.fullmatch(r"[0-9]{5}", code) and code[:2] != "00")})
    column = f"{layer.theme}_{layer.key}"
    problems = [Problem(layer.file, "there is no municipality code", column=column, found=code, expected="five digits", next_step=GET_AGAIN) for code in wrong]
    kinds = {code[:2] > "47" for code in codes if code is not None}
    if not problems and not kinds:
        problems = [Problem(layer.file, "no row has a municipality code", column=column, expected="five digits", next_step=GET_AGAIN)]
    if not problems and len(kinds) > 1:
        step = "A fictional sample and real data cannot stand in one file."
        message = "some municipality codes are real, some lie outside the 47 prefectures"
        problems = [Problem(layer.file, message, column=column, next_step=step)]
    if problems:
        raise EtlError(problems)
    return codes, kinds == {True}


def whole_city(code: str, known: Collection[str]) -> str:
    """The municipality a code belongs to: itself, its present code, or the designated city of a ward (14101 -> 14100)."""
    if code in known:
        return code
    _, present = _registered(data_folder().catalog)
    code = present.get(code, code)
    if code in known or code[2:3] != "1" or code[:2] == "13":
        return code
    cities = [city for city in known if city[:3] == code[:3] and city <= code]
    return max(cities, default=code)


def municipalities_word(codes: Collection[str]) -> str:
    """市町村 as it is read where there are no wards, 市区町村 where there are."""
    return "市区町村" if any(code[2] == "1" for code in codes) else "市町村"


def named(code: str, known: Mapping[str, str]) -> str:
    """A municipality in words: its name, or its code where the name is not held."""
    city = whole_city(code, known)
    return known.get(city, code)


def listed(names: Sequence[str], between: str, more: str) -> str:
    """The names, at most NAMED_AT_MOST of them, and how many more there are."""
    left = len(names) - NAMED_AT_MOST
    return between.join(names[:NAMED_AT_MOST]) + (more.format(left) if left > 0 else "")


def municipality_remarks(codes: Collection[str], known: Mapping[str, str], thing_ja: str, thing_en: str) -> list[Remark]:
    """Which municipalities of the file's prefectures it does not hold, and which codes of it are not in the list."""
    held = {whole_city(code, known) for code in codes}
    prefectures = {code[:2] for code in codes}
    expected = [code for code in known if code[:2] in prefectures]
    missing = [code for code in expected if code not in held]
    remarks = []
    if missing and len(missing) < len(expected):
        names = [f"{known[code]}({code})" for code in missing]
        word = municipalities_word(expected)
        text_ja = f"{len(expected)}{word}のうち{len(missing)}に{thing_ja}がありません: {listed(names, '、', '、ほか{}')}。"
        text_en = f"{len(missing)} of {len(expected)} municipalities have no {thing_en} here: {listed(names, ', ', ' and {} more')}."
        remarks.append(Remark("missing_municipalities", text_ja, text_en))
    unknown = sorted(code for code in held if code not in known and code[:2] <= "47")
    if unknown:
        text_ja = f"一覧にない市区町村コードが{len(unknown)}件あります(合併や改称かもしれません): {listed(unknown, '、', '、ほか{}')}。"
        names_en = listed(unknown, ", ", " and {} more")
        text_en = f"{len(unknown)} codes are not in the list of municipalities (merged or renamed, perhaps): {names_en}."
        remarks.append(Remark("renamed", text_ja, text_en))
    return remarks


def file_name_remarks(file: str, codes: Collection[str]) -> list[Remark]:
    """A file whose name says another prefecture than what is in it."""
    said = FILE_PREFECTURE.search(re.split(r"[\\/]", file)[-1])
    prefectures = {code[:2] for code in codes}
    if said is None or not "01" <= said.group(1) <= "47" or said.group(1) in prefectures or max(prefectures) > "47":
        return []
    wrong_ja, wrong_en = prefecture_names([said.group(1)])
    ja, en = prefecture_names(codes)
    found = "・".join(sorted(prefectures)) if len(prefectures) <= 3 else "…"
    text_ja = f"ファイル名は{said.group(1)}({wrong_ja})を指していますが、中身は{found}({ja})です。中身のコードに従いました。"
    text_en = f"The file's name says {said.group(1)} ({wrong_en}), but it holds {found} ({en}); the codes inside were followed."
    return [Remark("other", text_ja, text_en)]


def year_remarks(layer: Layer, year: int) -> list[Remark]:
    """Says so where the edition could only be taken from the file's name, or not at all."""
    if layer.year_from in ("metadata", "content", "fields"):
        return []
    if layer.year_from == "name":
        text_ja = f"何年版かはファイルの中身に書かれていないため、ファイル名から{year}年版としました。"
        return [Remark("other", text_ja, f"Nothing inside says the edition; taken as {year} from the file's name.")]
    text_ja = f"何年版かが分からないため、{year}年版としました。公表ページで確かめてください。"
    return [Remark("other", text_ja, f"Nothing says the edition; taken as {year}. Please check on the page it was published on.")]


def untried_remarks(year: int, tried: Collection[int]) -> list[Remark]:
    """Says so for an edition whose real file was never read here."""
    if year in tried:
        return []
    text_ja = f"{year}年版は、まだ実際の公表ファイルで確かめていません。数字と地図を見て確かめてください。"
    return [Remark("other", text_ja, f"The {year} edition has not yet been tried on a real file; please check figures and map.")]


def counted(count: int, one: str, many: str) -> str:
    """1 municipality, 37 municipalities."""
    return f"{count:,} {one if count == 1 else many}"


def fiscal_year(year: int) -> str:
    """令和5年度(2023), 平成22年度(2010)."""
    era = f"令和{year - 2018 if year > 2019 else '元'}" if year >= 2019 else f"平成{year - 1988}"
    return f"{era}年度({year})"
