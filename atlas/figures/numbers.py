"""One number format: the same digits on page, axis, tooltip and table."""

from __future__ import annotations

import math
from functools import cache

MINUS = "\u2212"
ERAS = ((2019, "令和"), (1989, "平成"), (1926, "昭和"), (1912, "大正"))


def is_missing(value: object) -> bool:
    """None, NaN or pandas NA?"""
    if value is None:
        return True
    try:
        return math.isnan(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value) in ("", "<NA>", "NaT")


def _rounded(value: float, decimals: int) -> str:
    """Fixed decimals with thousands marks; halves away from zero as printed statistics do, not to even."""
    step = 10**decimals
    whole = math.floor(abs(value) * step + 0.5 + 1e-9) / step
    return f"{whole:,.{decimals}f}"


def count(value: float, decimals: int = 0) -> str:
    """1234567 -> 1,234,567."""
    return ("" if value >= 0 or float(_rounded(value, decimals).replace(",", "")) == 0 else MINUS) + _rounded(value, decimals)


def percent(share: float, decimals: int = 1) -> str:
    """0.37969 -> 38.0%."""
    return count(share * 100, decimals) + "%"


def points(difference: float, lang: str = "ja", decimals: int = 1) -> str:
    """A difference of two shares in percentage points with its sign: +1.9ポイント."""
    number = _rounded(difference * 100, decimals)
    sign = "±" if float(number) == 0 else ("+" if difference > 0 else MINUS)
    return f"{sign}{number}" + ("ポイント" if lang == "ja" else " points")


def signed(value: float, decimals: int) -> str:
    """0.4567 -> +0.46; empty for no value."""
    if is_missing(value):
        return ""
    number = _rounded(value, decimals)
    sign = "±" if float(number.replace(",", "")) == 0 else ("+" if value > 0 else MINUS)
    return f"{sign}{number}"


@cache
def japanese_year(year: int) -> str:
    """2020 -> 令和2年; the era's first year is 元年. A year in which the era changed is named by the new era."""
    for first, era in ERAS:
        if year >= first:
            return f"{era}{'元' if year == first else year - first + 1}年"
    return ""


def year(value: int, lang: str = "ja") -> str:
    """2020 -> 2020年(令和2年), or 2020 in English."""
    return f"{value}年({japanese_year(value)})" if lang == "ja" else str(value)


def short_year(value: int, lang: str = "ja") -> str:
    """2020 -> 2020年, or 2020 in English."""
    return f"{value}年" if lang == "ja" else str(value)
