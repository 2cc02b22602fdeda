"""Loads the registry from its YAML files and refuses a faulty one, naming every problem in one report."""

from __future__ import annotations

import dataclasses
import difflib
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from catalog.model import DIRECTIONS, INDICATOR_KINDS, LEVELS, SOURCE_KINDS, AreaChange, Indicator, Label, Registry, Source
from catalog.status import STATUSES, WITH_VALUE

LABEL_KINDS = ("question", "mode", "group_type", "group", "category", "base")
AREA_CHANGE_KINDS = ("renamed", "recoded")
GAP_STATUSES = tuple(status for status in STATUSES if status not in WITH_VALUE)
SHOWN_AT_MOST = 50

_YamlLoader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class CatalogProblem:
    """One thing that is wrong in the registry: file, key, what, what may have been meant, what to do."""

    file: str
    key: str
    message: str
    near: str | None = None
    next_step: str | None = None

    def sentence(self) -> str:
        """The problem in one line."""
        text = f"{self.file}, {self.key}: {self.message}" if self.key else f"{self.file}: {self.message}"
        if self.near is not None:
            text += f"; did you mean {self.near!r}?"
        if self.next_step is not None:
            text += f" {self.next_step}" if text.endswith("?") else f". {self.next_step}"
        return text


class CatalogError(Exception):
    """A registry that cannot be used. Carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[CatalogProblem]) -> None:
        """Keep the problems; the message is their report."""
        self.problems: tuple[CatalogProblem, ...] = tuple(problems)
        super().__init__(self.report())

    def report(self) -> str:
        """All problems, a line each; beyond `SHOWN_AT_MOST` only their number."""
        lines = [problem.sentence() for problem in self.problems[:SHOWN_AT_MOST]]
        left = len(self.problems) - SHOWN_AT_MOST
        return "\n".join([*lines, f"... and {left} more"] if left > 0 else lines)


@dataclass(frozen=True)
class _Prefecture:
    """Nation or prefecture as written in the file."""

    area_code: str
    name_ja: str
    name_en: str


SECTIONS: dict[str, type] = {
    "sources": Source,
    "indicators": Indicator,
    "labels": Label,
    "prefectures": _Prefecture,
    "area_changes": AreaChange,
}
MAY_BE_EMPTY = {"scope"}
WORDS_FOR_TYPES = {str: "text (in quotes where it looks like a number or a date)", int: "a whole number", bool: "true or false"}

HOW_TO_FILL = {"_en": "Every word on screen needs its English.", "_ja": "Every word on screen needs its Japanese."}


@dataclass
class _Reading:
    """What was read so far, and what was wrong with it."""

    problems: list[CatalogProblem] = field(default_factory=list)
    items: list[tuple[str, str, Any]] = field(default_factory=list)
    """(file, key for messages, the dataclass)."""
    faulty: set[str] = field(default_factory=set)
    """Ids of entries with a problem of their own: naming them elsewhere is not a second problem."""

    def wrong(self, file: str, key: str, message: str, near: str | None = None, next_step: str | None = None) -> None:
        self.problems.append(CatalogProblem(file, key, message, near, next_step))

    def of(self, kind: type) -> list[tuple[str, str, Any]]:
        return [item for item in self.items if type(item[2]) is kind]


def load_registry(folder: Path) -> Registry:
    """All YAML files of the folder as one registry; raises CatalogError with every problem of every file.

    A file may hold any of the sections sources, indicators, labels, prefectures, area_changes.
    """
    reading = _Reading()
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        reading.wrong(folder.name, "", "no registry file (*.yaml) is there", next_step="Restore the folder from the project.")
    for path in files:
        _read_file(path, reading)
    _check_unique(reading)
    _check_sources_and_indicators(reading)
    _check_labels(reading)
    _check_areas(reading)
    if reading.problems:
        raise CatalogError(reading.problems)
    return Registry(
        sources={source.id: source for _, _, source in reading.of(Source)},
        indicators={indicator.id: indicator for _, _, indicator in reading.of(Indicator)},
        labels=tuple(sorted((label for _, _, label in reading.of(Label)), key=lambda x: (x.kind, x.scope, x.position))),
        area_changes=tuple(change for _, _, change in reading.of(AreaChange)),
        prefectures={area.area_code: (area.name_ja, area.name_en) for _, _, area in reading.of(_Prefecture)},
    )


def _read_file(path: Path, reading: _Reading) -> None:
    try:
        content = _parse(path, reading)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reading.wrong(path.name, "", f"not readable as YAML in UTF-8: {' '.join(str(error).split())}")
        return
    if not isinstance(content, Mapping):
        reading.wrong(path.name, "", "holds no sections", next_step=f"Begin with one of {', '.join(SECTIONS)}.")
        return
    for section, entries in content.items():
        if section not in SECTIONS:
            reading.wrong(path.name, section, "unknown section", _near(section, SECTIONS), f"Known: {', '.join(SECTIONS)}.")
        elif not isinstance(entries, list):
            reading.wrong(path.name, section, "is not a list", next_step="Begin each entry with '- '.")
        else:
            for number, entry in enumerate(entries, start=1):
                key = f"{section}[{number}]"
                made = _build(SECTIONS[section], entry, path.name, key, reading)
                if made is not None:
                    reading.items.append((path.name, _entry_name(entry, key), made))
                elif isinstance(entry, Mapping):
                    reading.faulty.add(str(entry.get("id")))


def _parse(path: Path, reading: _Reading) -> object:
    """The file's content; a key written twice in one mapping is a problem, not a silent replacement."""

    class Loader(_YamlLoader):
        pass

    def mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            if key in made:
                line = key_node.start_mark.line + 1
                reading.wrong(path.name, f"line {line}", f"the key {key!r} is written twice", next_step="Remove one of the two.")
            made[key] = loader.construct_object(value_node, deep=True)
        return made

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def _build(kind: type, entry: object, file: str, key: str, reading: _Reading) -> Any | None:
    """The dataclass of an entry, or None when it is faulty (the problems are noted)."""
    if not isinstance(entry, Mapping):
        reading.wrong(file, key, "is not a set of keys and values")
        return None
    key = _entry_name(entry, key)
    before = len(reading.problems)
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in dataclasses.fields(kind)}
    for name in entry:
        if name not in known:
            near = _near(name, [k for k in known if k not in entry])
            reading.wrong(file, f"{key} > {name}", "unknown key", near, f"Known: {', '.join(known)}." if near is None else None)
    values: dict[str, Any] = {}
    for name, spec in known.items():
        required = spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING
        value = entry.get(name)
        if value is None or (value == "" and name not in MAY_BE_EMPTY):
            if required:
                reading.wrong(file, f"{key} > {name}", "is missing", next_step=HOW_TO_FILL.get(name[-3:], "Add it."))
            continue
        values[name] = _value(hints[name], value, file, f"{key} > {name}", reading)
    return kind(**values) if len(reading.problems) == before else None


def _value(hint: Any, value: object, file: str, key: str, reading: _Reading) -> Any:
    """The value in the field's type: lists become tuples, nested entries their dataclasses."""
    if isinstance(hint, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        if not isinstance(value, list) or not value:
            reading.wrong(file, key, f"found {value!r}, expected a list of at least one")
            return ()
        return tuple(_value(inner, part, file, f"{key}[{n}]", reading) for n, part in enumerate(value, start=1))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, value, file, key, reading)
    if type(value) is not hint:
        reading.wrong(file, key, f"found {value!r}, expected {WORDS_FOR_TYPES[hint]}")
    return value


def _check_unique(reading: _Reading) -> None:
    seen: dict[tuple[Any, ...], str] = {}
    for file, key, item in reading.items:
        identity = (type(item), *_identity(item))
        if identity in seen:
            reading.wrong(file, key, f"is declared twice, first in {seen[identity]}", next_step="Keep one of the two.")
        seen.setdefault(identity, file)


def _check_sources_and_indicators(reading: _Reading) -> None:
    for file, key, source in reading.of(Source):
        _one_of(reading, file, f"{key} > kind", source.kind, SOURCE_KINDS)
    sources = [source.id for _, _, source in reading.of(Source)]
    kinds = {indicator.id: indicator.kind for _, _, indicator in reading.of(Indicator)}
    for file, key, item in reading.of(Indicator):
        _one_of(reading, file, f"{key} > kind", item.kind, INDICATOR_KINDS)
        _one_of(reading, file, f"{key} > direction", item.direction, DIRECTIONS)
        for level in item.levels:
            _one_of(reading, file, f"{key} > levels", level, LEVELS)
        for source in item.sources:
            _one_of(reading, file, f"{key} > sources", source, sources, "Declare it in sources.yaml first.")
        for part, other in (("numerator", item.denominator), ("denominator", item.numerator)):
            named = getattr(item, part)
            if named is None and other is not None:
                reading.wrong(file, f"{key} > {part}", "is missing", next_step="A share names both its counts or neither.")
            if named is not None:
                _one_of(reading, file, f"{key} > {part}", named, kinds, "Declare that indicator first.")
            if kinds.get(named, "count") != "count":
                reading.wrong(file, f"{key} > {part}", f"{named!r} is a {kinds[named]}", next_step="Shares are made of counts only.")
        for gap in item.gaps:
            _one_of(reading, file, f"{key} > gaps > level", gap.level, LEVELS)
            _one_of(reading, file, f"{key} > gaps > status", gap.status, GAP_STATUSES)


def _check_labels(reading: _Reading) -> None:
    labels = reading.of(Label)
    scopes = {"category": "question", "group": "group_type"}
    parents = {parent: [label.id for _, _, label in labels if label.kind == parent] for parent in scopes.values()}
    places: set[tuple[str, str, int]] = set()
    for file, key, label in labels:
        if not _one_of(reading, file, f"{key} > kind", label.kind, LABEL_KINDS):
            continue
        parent = scopes.get(label.kind)
        if parent is None and label.scope:
            reading.wrong(file, f"{key} > scope", f"a {label.kind} has no scope", next_step="Write ''.")
        elif parent is not None:
            _one_of(reading, file, f"{key} > scope", label.scope, parents[parent], f"Declare that {parent} first.")
        place = (label.kind, label.scope, label.position)
        if place in places:
            reading.wrong(file, f"{key} > position", f"another one of its kin has {label.position} already")
        places.add(place)


def _check_areas(reading: _Reading) -> None:
    for file, key, change in reading.of(AreaChange):
        _one_of(reading, file, f"{key} > kind", change.kind, AREA_CHANGE_KINDS)
    for file, key, area in [*reading.of(_Prefecture), *reading.of(AreaChange)]:
        for part in ("area_code", "old_code", "new_code"):
            code = getattr(area, part, "00000")
            if not re.fullmatch(r"\d{5}", code):
                reading.wrong(file, f"{key} > {part}", f"found {code!r}, expected five digits in quotes")


def _one_of(reading: _Reading, file: str, key: str, value: str, known: Iterable[str], next_step: str | None = None) -> bool:
    known = list(known)
    if value in known or value in reading.faulty:
        return True
    reading.wrong(file, key, f"{value!r} is not known", _near(value, known), next_step or f"Known: {', '.join(known)}.")
    return False


def _near(value: object, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(str(value), list(known), n=1, cutoff=0.6)), None)


def _identity(item: Any) -> tuple[Any, ...]:
    if isinstance(item, Label):
        return (item.kind, item.scope, item.id)
    return tuple(getattr(item, name) for name in ("id", "area_code", "old_code", "new_code") if hasattr(item, name))


def _entry_name(entry: Mapping[Any, Any], fallback: str) -> str:
    """What an editor can search for: the id where there is one."""
    if "kind" in entry and "scope" in entry:
        return ":".join(str(entry.get(part, "")) for part in ("kind", "scope", "id"))
    return str(entry.get("id") or entry.get("area_code") or entry.get("old_code") or fallback)
