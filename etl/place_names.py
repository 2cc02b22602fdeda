"""Names of schools and of 町字 made comparable, and what an entry of a list of 町字 means. Written the same way: the same; nothing is guessed.

A 町字 is compared after: full-width letters and digits made usual (NFKC), blanks taken out, every number in Chinese figures (北1条 = 北一条), that
before 丁目 in Arabic ones (一丁目 = 1丁目), ヶ as ケ and ヵ as カ. 大字 and 字 in front are left out in a second try only, so that 大字原 and 原 stay two
places where a city has both.
"""

from __future__ import annotations

import re
import unicodedata

_KANJI = "〇一二三四五六七八九"
_NUMBER = f"[{_KANJI}十百]+"
_SMALL_LETTERS = str.maketrans({"ヶ": "ケ", "ヵ": "カ"})
WHOLE = re.compile(r"の?(全域|全部|全区域|全て|すべて|一円)$")
"""Words that say that the whole of a 町字 is meant."""
PART = re.compile(r"の?(一部|うち).*$|(を除|除く|除き).*$|(?<=[^第])[0-9]+(番|号|～|~|-|ー|の).*$|以[東西南北上下前後].*$|のみ$")
"""Words and numbers that say that only a part of a 町字 is meant."""
_FIGURE = f"(?:[0-9]+|{_NUMBER})"
_STEM = rf"(.*?[^0-9{_KANJI}十百・~,])"
_FROM_TO = re.compile(rf"{_STEM}({_FIGURE})(?:丁目?)?~({_FIGURE})(丁目?)")
_SEVERAL = re.compile(rf"{_STEM}({_FIGURE}(?:(?:丁目?)?[・,]{_FIGURE})+)(丁目?)")
MOST_CHOME = 60


def school_name(text: str) -> str:
    """A district's code or name for comparing: '見本市立若葉小学校区', '若葉小' and '若葉小学校' are the same."""
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    name = re.sub(r"^[^立]*[都道府県市区町村]立", "", name)
    name = re.sub(r"(学校|学園)?校?区$", r"\1", name)
    return re.sub(r"小$", "小学校", name)


def town_name(text: str) -> str:
    """A 町字 for comparing: '大字若葉' and '若葉', '本町一丁目' and '本町１丁目' are the same."""
    return re.sub(r"^(大字|字)(?=.)", "", written_name(text))


def written_name(text: str) -> str:
    """A 町字 for comparing, with 大字 and 字 as written."""
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_SMALL_LETTERS)
    name = re.sub("[0-9]+", lambda found: kanji(int(found[0])) if len(found[0]) < 4 else found[0], name)
    found = re.fullmatch(rf"(.+?)({_NUMBER})(丁目?)", name)
    return f"{found[1]}{number(found[2])}{found[3]}" if found else name


def number(figures: str) -> int:
    """'十二' -> 12, '二〇' -> 20."""
    total, digit = 0, 0
    for sign in figures:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _KANJI.index(sign)
    return total + digit


def kanji(value: int) -> str:
    """12 -> '十二'; 0 to 999."""
    if value == 0:
        return _KANJI[0]
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    signs = ("", *_KANJI[1:])
    return "".join((signs[count] if count > 1 else "") + sign if count else "" for count, sign in ((hundreds, "百"), (tens, "十"))) + signs[ones]


def towns_of(text: str, extent: str | None) -> tuple[list[str], bool]:
    """The 町字 that an entry names, and whether only a part of it is meant: '本町1～3丁目' -> three, '本町の一部' -> 本町 in part.

    extent: what the list says beside the name (番地 and alike); words for the whole of it are no condition.
    """
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("～", "~").replace("〜", "~")
    within = re.sub(r"\s", "", unicodedata.normalize("NFKC", extent or ""))
    is_part = bool(within) and not WHOLE.fullmatch(within)
    name = WHOLE.sub("", name) or name
    spread = _spread(name)
    if spread:
        return spread, is_part
    base = PART.sub("", name)
    return [base or name], is_part or (base != name)


def _spread(name: str) -> list[str]:
    """'本町1~3丁目', '本町一丁目~三丁目', '本町1・3丁目' as single names; empty for anything else."""
    found = _FROM_TO.fullmatch(name)
    if found:
        first, last = _value(found[2]), _value(found[3])
        return [f"{found[1]}{one}{found[4]}" for one in range(first, last + 1)] if 0 < first < last <= MOST_CHOME else []
    found = _SEVERAL.fullmatch(name)
    return [f"{found[1]}{_value(one)}{found[3]}" for one in re.findall(_FIGURE, found[2])] if found else []


def _value(figures: str) -> int:
    return int(figures) if figures.isdecimal() else number(figures)
