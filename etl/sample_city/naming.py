"""Invented names: towns by the kind of ground they lie on, schools, places. No name is meant to be a real one."""

from __future__ import annotations

from itertools import product

import numpy as np

CITY = "見本市"
PREFECTURE = "見本県(架空)"
MARK = "見本(架空)"

_SIDES = ("", "東", "西", "南", "北", "上", "下", "中", "新", "元", "奥", "本")
_STEMS = [
    "若葉", "朝霧", "夕凪", "千草", "桐葉", "蓬", "柚木", "楓", "椿", "杉",
    "桂", "梢", "小鷺", "白鷺", "鶴舞", "雲雀", "鈴鳴", "琴音", "笛吹", "鼓",
    "錦", "綾", "茜", "藍", "紅葉", "萌黄", "銀杏", "金糸", "玉藻", "真砂",
    "月影", "星見", "虹橋", "雪待", "霞", "露草", "空木", "水無瀬", "石舟", "岩根",
    "竹の内", "松陰", "梅里", "桃園", "柿木", "栗栖", "稲穂", "麦秋", "菜摘", "花籠",
]  # fmt: skip
_ENDS = {
    "centre": ("本町", "通", "町"),
    "inner": ("町", "元町", "西町"),
    "suburb": ("町", "野", "園"),
    "new_town": ("台", "が丘"),
    "university": ("学園町", "文教町"),
    "riverside": ("川", "淵", "瀬"),
    "hills": ("谷", "山", "峠"),
    "harbour": ("浜", "浦", "港町"),
    "estate": ("の杜", "ガーデン町"),
}
_KANJI = "〇一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class Names:
    """Hands out each town name once, in an order that the seed decides."""

    def __init__(self, rng: np.random.Generator) -> None:
        """rng decides the order."""
        self._left: dict[str, list[str]] = {}
        for zone, ends in _ENDS.items():
            names = [f"{side}{stem}{end}" for side, stem, end in product(_SIDES, _STEMS, ends)]
            plain, sided = names[: len(_STEMS) * len(ends)], names[len(_STEMS) * len(ends) :]
            rng.shuffle(plain)
            rng.shuffle(sided)
            self._left[zone] = (plain + sided)[::-1]
        self._again = 0

    def town(self, zone: str) -> str:
        """A new town name for a zone; villages are 大字."""
        if not self._left[zone]:
            self._again += 1
            return f"第{kanji(self._again)}見本町"
        name = self._left[zone].pop()
        return f"大字{name}" if zone in ("riverside", "hills") else name


def kanji(number: int) -> str:
    """1 to 9,999 in kanji: 丁目 in the tables and in the boundaries of 2020."""
    if number < 10:
        return _KANJI[number]
    for power, sign in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= power:
            lead, rest = divmod(number, power)
            return ("" if lead == 1 else _KANJI[lead]) + sign + (kanji(rest) if rest else "")
    raise AssertionError(number)


def wide(number: int) -> str:
    """A number in full-width digits: 丁目 in the boundaries of 2015 and 2010."""
    return str(number).translate(_WIDE)


def school_names(towns: list[str]) -> list[str]:
    """One name a district after its town; two end otherwise than 小学校, as real ones do."""
    names: list[str] = []
    for number, town in enumerate(towns):
        stem = town.removeprefix("大字").removesuffix("町") or town
        ending = {3: "学園", 7: "小中学校"}.get(number, "小学校")
        name, again = f"{stem}{ending}", 1
        while name in names:
            again += 1
            name = f"{stem}第{kanji(again)}{ending}"
        names.append(name)
    return names
