"""Areas: who they are and where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from atlas.store.database import Store

NATION = "00000"


@dataclass(frozen=True)
class Area:
    """One area; `name_en` is None where no published romanisation is held."""

    area_code: str
    level: str
    parent_code: str | None
    name_ja: str
    name_en: str | None

    def name(self, lang: str) -> str:
        """The name in a language, Japanese where there is no other."""
        return self.name_en if lang == "en" and self.name_en else self.name_ja


@lru_cache(maxsize=4)
def areas(store: Store) -> dict[str, Area]:
    """Nation, prefectures, municipalities and wards by code, in the order of the codes."""
    query = (
        "SELECT area_code, level, parent_code, name_ja, name_en FROM area WHERE level IN ('nation', 'prefecture', 'municipality', 'ward') ORDER BY area_code"
    )
    return {row["area_code"]: Area(**row) for row in store.records(query)}


def full_name(store: Store, code: str, lang: str) -> str:
    """A municipality with its prefecture before it (鳥取県 鳥取市), others by their name."""
    known = areas(store)
    area = known[code]
    if area.level in ("nation", "prefecture") or area.parent_code not in known:
        return area.name(lang)
    return f"{full_name(store, area.parent_code, lang)} {area.name(lang)}"
