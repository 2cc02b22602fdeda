"""An attacker who has everything the interface gives, and tries to work out what was hidden."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import openpyxl
import pandas as pd
from scipy.optimize import linprog

from atlas.exhibits.context import Context
from atlas.exhibits.model import Exhibit
from atlas.exports.geo import geojson_bytes, shapes_of
from atlas.exports.tables import Provenance, csv_bytes, xlsx_bytes
from catalog.model import OWN_INDICATOR

CITY = "99201"
PROVENANCE = Provenance("2026-11-22")
CODE = re.compile(rf"{CITY}-\w+|{OWN_INDICATOR}\w+")


def digits(text: object) -> list[str]:
    """The numbers in a text, codes of districts and marks of a map left out."""
    return re.findall(r"\d[\d.,]*", CODE.sub("", re.sub("<[^>]*>", " ", str(text))))


def csv_rows(context: Context, exhibit: Exhibit) -> dict[str, dict[str, object]]:
    """What the CSV file says of each district: code -> column id -> text."""
    lines = list(csv.reader(io.StringIO(csv_bytes(exhibit, context, PROVENANCE).decode("utf-8-sig"))))
    ids = [column.id for column in exhibit.table.columns]
    return _by_code(dict(zip(ids, line, strict=True)) for line in lines[1 : lines.index([])])


def files(context: Context, exhibit: Exhibit) -> dict[str, dict[str, dict[str, object]]]:
    """What every download says of each district: file -> code -> column id -> number or text."""
    ids = [column.id for column in exhibit.table.columns]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(exhibit, context, PROVENANCE))).worksheets[0]
    features = json.loads(geojson_bytes(exhibit, context, PROVENANCE, shapes_of(context, [CITY])))["features"]
    return {
        "csv": csv_rows(context, exhibit),
        "xlsx": _by_code(dict(zip(ids, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)),
        "geojson": _by_code(feature["properties"] for feature in features),
    }


def _by_code(rows: Iterable[dict[str, object]]) -> dict[str, dict[str, object]]:
    return {str(row["code"]): row for row in rows}


def numbers_of(row: Mapping[str, object], but: Sequence[str] = ("code", "split", "merged")) -> dict[str, float]:
    """The numbers in a row of a file."""
    found = {}
    for name, value in row.items():
        if name not in but and value not in (None, ""):
            try:
                found[name] = float(str(value))
            except ValueError:
                found |= {f"{name}:{place}": float(number.replace(",", "").rstrip(".")) for place, number in enumerate(digits(value))}
    return found


def attainable(known: Mapping[str, float], unknown: Mapping[str, float], sums: Iterable[tuple[Mapping[str, float], float]]) -> pd.DataFrame:
    """The interval of every unknown by linear programmes. unknown: name -> the most it can be (its least is 0); sums: factors by name, value."""
    names = list(unknown)
    rows, values = [], []
    for factors, value in sums:
        row = [factors.get(name, 0.0) for name in names]
        if any(row):
            rows.append(row)
            values.append(value - sum(factor * known[name] for name, factor in factors.items() if name not in unknown))
    bounds = [(0, most) for most in unknown.values()]
    equal = {"A_eq": np.array(rows), "b_eq": np.array(values)} if rows else {}
    ends = {}
    for place, name in enumerate(names):
        low, high = (linprog([side if other == place else 0.0 for other in range(len(names))], bounds=bounds, method="highs", **equal) for side in (1.0, -1.0))
        assert low.status in (0, 3), f"{name}: what the attacker holds contradicts itself"
        ends[name] = (low.fun if low.status == 0 else 0.0, -high.fun if high.status == 0 else np.inf)
    return pd.DataFrame(ends, index=["least", "most"]).T


def whole_numbers(interval: pd.Series) -> list[int]:
    """The whole numbers in an interval, the first thousand."""
    first, last = int(np.ceil(interval["least"] - 1e-6)), int(np.floor(min(interval["most"], interval["least"] + 1000) + 1e-6))
    return list(range(first, last + 1))


def mean_behind(values: pd.Series, normalised: pd.Series) -> float:
    """The mean from which z-scores were taken, from two shown values and their scores; nan where they do not vary."""
    both = pd.DataFrame({"value": values, "z": normalised}).dropna()
    slope, start = np.polyfit(both["z"], both["value"], 1)
    del slope
    return float(start)
