"""Files of our own making in the layouts of the published ones. The figures are invented."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl

from etl.problems import EtlError
from etl.readers.ssdse_a import ITEMS

Rows = list[list[str]]
Change = Callable[[Rows], None]

PREFECTURES = [f"{number:02}000" for number in range(1, 48)]
MUNICIPALITIES = ["01100", *[f"{prefecture[:2]}{200 + k}" for k in range(1, 40) for prefecture in PREFECTURES][:1740]]
"""1,741 codes, spread over all prefectures."""
CODES = ["A1101", "A110101", *[code for code in ITEMS.values() if code[0] == "A" and code != "A1101"], "A4101", "B1101", "B1103", "D2201"]
YEARLY = ("A4101", "B1101", "B1103", "D2201")
LABELS = {code: f"{code}の人数～計" for code in CODES}  # the wave dash differs between CP932 and Shift_JIS


def figure(code: str, area: int) -> int:
    """An invented figure; the three age groups leave 5 of the population."""
    if code in ("A1301", "A1302", "A1303"):
        return 1_000 + area
    return 3 * (1_000 + area) + 5 if code == "A1101" else 100 + area + len(code)


def csv_bytes(rows: Rows, encoding: str = "cp932") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def ssdse_a_bytes(
    first: str = "SSDSE-A-2026", year: str = "2020", names: tuple[str, str] = ("Prefecture", "Municipality"),
    change: Change = lambda rows: None, encoding: str = "cp932", year_row: bool = True,
) -> bytes:  # fmt: skip
    years = ["2023" if code in YEARLY else year for code in CODES]
    rows = [[first, *names, *CODES], ["", "", "年度", *years], ["地域コード", "都道府県", "市区町村", *(LABELS[code] for code in CODES)]]
    for number, area in enumerate(MUNICIPALITIES):
        rows.append([f"R{area}", "ある県", f"市{number}", *(str(figure(code, number)) for code in CODES)])
    if not year_row:
        del rows[1]
    change(rows)
    return csv_bytes(rows, encoding)


def ssdse_e_bytes(
    first: str = "SSDSE-E-2026", population_year: str = "2023",
    change: Change = lambda rows: None, encoding: str = "cp932", year_row: bool = True,
) -> bytes:  # fmt: skip
    years = [population_year if code[:3] in ("A11", "A13", "A14") else "2023" if code in YEARLY else "2020" for code in CODES]
    rows = [[first, "Prefecture", *CODES], ["", "年度", *years], ["地域コード", "都道府県", *(LABELS[code] for code in CODES)]]
    for number, area in enumerate(["00000", *PREFECTURES]):
        rows.append([f"R{area}", f"県{number}", *(str(figure(code, number)) for code in CODES)])
    if not year_row:
        del rows[1]
    change(rows)
    return csv_bytes(rows, encoding)


def estat_value(cat01: str, area: str, value: object, time: str = "2020100000", unit: str = "世帯") -> dict[str, object]:
    return {"@tab": "00001", "@cat01": cat01, "@area": area, "@time": time, "@unit": unit, "$": value}


ESTAT_NAMES = {
    "00000": "全国", "31000": "鳥取県", "31201": "鳥取県 鳥取市", "01100": "北海道 札幌市", "01101": "北海道 札幌市 中央区",
    "13100": "東京都 特別区部", "13101": "東京都 千代田区", "22138": "静岡県 浜松市 中央区",
}  # fmt: skip


def estat_answer(values: list[dict[str, object]], notes: object = (), items: dict[str, str] | None = None, **result: object) -> dict[str, object]:
    """An answer of getStatsData as nested objects; a single class or value stands without a list, as e-Stat writes it."""
    items = items if items is not None else {code: f"{code}_項目" for code in dict.fromkeys(str(value["@cat01"]) for value in values)}

    def classes(names: dict[str, str]) -> object:
        entries = [{"@code": code, "@name": name, "@level": "1"} for code, name in names.items()]
        return entries[0] if len(entries) == 1 else entries

    information = {"TOTAL_NUMBER": len(values), "FROM_NUMBER": 1, "TO_NUMBER": len(values), **result}
    return {
        "GET_STATS_DATA": {
            "RESULT": {"STATUS": 0, "ERROR_MSG": "正常に終了しました。", "DATE": "2025-01-15T10:30:00.000+09:00"},
            "PARAMETER": {"LANG": "J", "STATS_DATA_ID": "0000020101", "DATA_FORMAT": "J"},
            "STATISTICAL_DATA": {
                "RESULT_INF": information,
                "TABLE_INF": {"@id": "0000020101", "TITLE": {"@no": "0000020101", "$": "Ａ　人口・世帯"}, "UPDATED_DATE": "2025-06-30"},
                "CLASS_INF": {
                    "CLASS_OBJ": [
                        {"@id": "tab", "@name": "観測値", "CLASS": {"@code": "00001", "@name": "観測値", "@level": "1"}},
                        {"@id": "cat01", "@name": "Ａ　人口・世帯", "CLASS": classes(items)},
                        {"@id": "area", "@name": "地域", "CLASS": classes(ESTAT_NAMES)},
                    ]
                },
                "DATA_INF": {"NOTE": notes, "VALUE": values[0] if len(values) == 1 else values},
            },
        }
    }


def json_bytes(answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


CENSUS_AREAS = [
    *[("a", code, f"県{code}", 300 if code == "01000" else 200 if code == "13000" else 100) for code in PREFECTURES],
    ("1", "01100", "札幌市", 200), ("0", "01101", "札幌市中央区", 150), ("0", "01102", "札幌市北区", 50), ("2", "01202", "函館市", 100),
    ("0", "13100", "特別区部", 200), ("0", "13101", "千代田区", 120), ("0", "13102", "中央区", 80),
    *[("2" if code != "07000" else "3", f"{code[:2]}201", f"市{code}", 100) for code in PREFECTURES if code not in ("01000", "13000")],
    ("9", "31999", "旧村", 7),
]  # fmt: skip
"""Kind, code, name, households: nation apart, prefectures, and municipalities that add up to them."""
CENSUS_NATION = ("a", "00000", "全国", 45 * 100 + 300 + 200)
TITLES = [["令和７年国勢調査　人口等基本集計"], ["第６－３表　世帯人員の人数別一般世帯数"], [], ["1) 注記"]]

Cells = list[list[object]]


def census_size_rows() -> Cells:
    """Table 6-3: households by size, the sizes in columns."""
    rows: Cells = [
        *(list(row) for row in TITLES),
        [None, None, "表章項目", "一般世帯数", "一般世帯数", "一般世帯数", "一般世帯人員", "1世帯当たり人員"],
        [None, None, "事項名", "世帯人員の人数", "世帯人員の人数", "世帯人員の人数", None, None],
        [None, None, "項目名", "00_総数", "01_世帯人員が1人", "02_世帯人員が2人", None, None],
        [None, None, "表章単位", "世帯", "世帯", "世帯", "人", "人"],
        ["地域識別コード", "都道府県", "地域名", " "],
    ]
    for kind, code, name, households in [CENSUS_NATION, *CENSUS_AREAS]:
        rows.append([kind, f"{code[:2]}_県", f"{code}_{name}", households, households * 4 // 10, households // 10, households * 2, 2.0])
    return [*rows, [], ["注) 見本"]]


def census_family_rows() -> Cells:
    """Table 9-1: households by family type, the types in rows below each other."""
    rows: Cells = [
        ["令和７年国勢調査　人口等基本集計"],
        ["第９－１表　世帯の家族類型別一般世帯数"],
        [],
        [],
        [*[None] * 4, "表章項目", "一般世帯数", "一般世帯数"],
        [*[None] * 4, "事項名", "世帯の種類", "世帯の種類"],
        [*[None] * 4, "項目名", "0_総数", "4_うち18歳未満世帯員のいる一般世帯"],
        [*[None] * 4, "階層レベル", 1, 2],
        [*[None] * 4, "表章単位", "世帯", "世帯"],
        ["地域識別コード", "都道府県", "地域名", "階層レベル(世帯の家族類型)", "世帯の家族類型", " "],
    ]
    for kind, code, name, households in [CENSUS_NATION, *CENSUS_AREAS]:
        area = [kind, f"{code[:2]}_県", f"{code}_{name}"]
        rows.append([*area, "1", "0_総数", households, households // 5])
        rows.append([*area, "3", "11_核家族世帯", households // 2, households // 5])
        rows.append([*area, "2", "3_単独世帯", households * 4 // 10, "-"])
    return rows


def write_xlsx(path: Path, rows: Cells) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("b06_03")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def problems_of(read: Callable[[Path], object], path: Path, content: bytes | None = None) -> list:
    """The problems with which a reader refuses the file."""
    if content is not None:
        path.write_bytes(content)
    try:
        read(path)
    except EtlError as error:
        return list(error.problems)
    raise AssertionError("the file was read")


SHIPPED = Path(__file__).resolve().parents[3] / "data" / "figures" / "census_municipalities.csv"
SHIPPED_CODES = {
    "A1101": "population", "A1303": "population_65_over", "A7101": "total_households", "A710101": "general_households",
    "A810105": "one_person_households", "A8301": "older_one_person_households",
}  # fmt: skip


def ssdse_a_of_shipped_figures(extra: tuple[str, ...] = (), change: Change = lambda rows: None, year: str = "2020") -> bytes:
    """An SSDSE-A file that says just what the shipped figures say, so that a build with it is consistent; extra items hold 7."""
    codes = [*SHIPPED_CODES, *extra]
    rows = [["SSDSE-A-2026", "Prefecture", "Municipality", *codes], ["", "", "年度", *[year] * len(codes)], ["地域コード", "都道府県", "市区町村", *codes]]
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["year"] == year:
                figures = [line[name] for name in SHIPPED_CODES.values()]
                rows.append([f"R{line['area_code']}", "県", line["area_name_ja"], *figures, *["7"] * len(extra)])
    change(rows)
    return csv_bytes(rows)
