"""The registry and the smaller official tables as frames for the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from catalog.model import Registry

NUMBERS = {
    "survey_wave": ("year", "sample_size", "valid_n", "response_rate", "mode_share_mail", "mode_share_online"),
    "contact_score_weight": ("monthly_weight",),
    "contact_score_distribution": ("year", "position", "score_min", "score_max", "count", "share", "n"),
    "international_answer": ("value", "n"),
}


def tables(registry: Registry, official: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Table name -> frame, for every table but area, citation, observation and build_info."""
    frames = {
        "source": _sources(registry),
        "indicator": _indicators(registry),
        "indicator_break": _breaks(registry),
        "area_change": _rows([asdict(change) for change in registry.area_changes], ["old_code", "new_code", "date", "kind", "old_name_ja", "new_name_ja"]),
        "survey_label": _rows([asdict(label) for label in registry.labels], ["kind", "scope", "id", "position", "title_ja", "title_en", "note_ja", "note_en"]),
    }
    for name, frame in official.items():
        if name != "observation":
            frames[name] = frame
    for name, columns in NUMBERS.items():
        if name in frames:
            frames[name] = _with_numbers(frames[name], columns)
    if "international_answer" in frames:
        frame = frames["international_answer"]
        share = (frame["value"] * 0.01).round(10).where(frame["unit"].eq("percent"))
        frames["international_answer"] = frame.assign(share=share, comparable_with_japan=frame["comparable_with_japan"].eq("true"))
    return frames


def _with_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Text columns as numbers; a printed `x_percent` becomes the 0-1 column `x`."""
    numbers = {}
    for column in columns:
        printed = f"{column}_percent"
        if printed in frame:
            numbers[column] = (pd.to_numeric(frame[printed]) * 0.01).round(10)
        elif column in frame:
            numbers[column] = pd.to_numeric(frame[column])
    return frame.assign(**numbers)


def _rows(rows: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)


def _sources(registry: Registry) -> pd.DataFrame:
    rows = [asdict(source) for source in registry.sources.values()]
    return pd.DataFrame(rows).rename(columns={"id": "source_id"})


def _indicators(registry: Registry) -> pd.DataFrame:
    rows = []
    for indicator in registry.indicators.values():
        row = asdict(indicator)
        row["levels"], row["sources"] = list(indicator.levels), list(indicator.sources)
        rows.append(row)
    return pd.DataFrame(rows).rename(columns={"id": "indicator_id"}).drop(columns=["breaks", "gaps"])


def _breaks(registry: Registry) -> pd.DataFrame:
    rows: list[dict[str, object]] = [{"indicator_id": indicator.id, **asdict(one)} for indicator in registry.indicators.values() for one in indicator.breaks]
    return _rows(rows, ["indicator_id", "year", "reason_ja", "reason_en"])
