"""The registry's things as plain dataclasses: what a source, an indicator and a survey are."""

from __future__ import annotations

from dataclasses import dataclass, field

SOURCE_KINDS = ("official", "sample", "own")
INDICATOR_KINDS = ("count", "share", "rate", "mean", "index")
LEVELS = ("nation", "prefecture", "municipality", "ward", "school_district", "small_area")
OWN_INDICATOR = "own_"
"""How the ids of indicators begin that come from a city's own table; they stand in the database only, not in the registry's files."""
DIRECTIONS = ("higher_means_more_need", "higher_means_less_need", "none")


@dataclass(frozen=True)
class Source:
    """A publication or file from which figures come. Words on screen are in both languages."""

    id: str
    kind: str
    title_ja: str
    title_en: str
    producer_ja: str
    producer_en: str
    licence_ja: str
    licence_en: str
    attribution_ja: str
    attribution_en: str
    url: str | None = None
    processing_ja: str | None = None
    processing_en: str | None = None
    retrieved: str | None = None
    sha256: str | None = None
    tried_on_real_file: bool = True


@dataclass(frozen=True)
class Break:
    """A year from which an indicator is not comparable with the years before it."""

    year: int
    reason_ja: str
    reason_en: str


@dataclass(frozen=True)
class Gap:
    """A year in which an indicator has no value for an area level, and why."""

    years: tuple[int, ...]
    level: str
    status: str
    reason_ja: str
    reason_en: str


@dataclass(frozen=True)
class Indicator:
    """One measure. `kind` decides how it adds up: counts add, shares are made from their counts.

    A share names its `numerator` and `denominator` (indicator ids) when this project can derive it;
    `decimals` are those shown on screen (for a share: of its percentage).
    """

    id: str
    topic: str
    kind: str
    title_ja: str
    title_en: str
    short_ja: str
    short_en: str
    definition_ja: str
    definition_en: str
    unit_ja: str
    unit_en: str
    decimals: int
    levels: tuple[str, ...]
    sources: tuple[str, ...]
    direction: str = "none"
    numerator: str | None = None
    denominator: str | None = None
    caution_ja: str | None = None
    caution_en: str | None = None
    breaks: tuple[Break, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Label:
    """The words for one id of a survey, and its place in the order of its kin."""

    kind: str
    scope: str
    id: str
    position: int
    title_ja: str
    title_en: str
    note_ja: str | None = None
    note_en: str | None = None


@dataclass(frozen=True)
class AreaChange:
    """A municipality that changed its code or its name."""

    old_code: str
    new_code: str
    date: str
    kind: str
    old_name_ja: str
    new_name_ja: str


@dataclass(frozen=True)
class Registry:
    """All that exists: sources and indicators by id, the words of the surveys, changed areas."""

    sources: dict[str, Source] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    area_changes: tuple[AreaChange, ...] = ()
    prefectures: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Area code -> (name_ja, name_en) of nation and prefectures."""
