"""Small buttons below a figure: save the chart in the page as a picture, copy the link to this view.

The picture is made in the reader's browser from the chart that stands there, with title, subtitle
and sources inside it. Nothing is sent anywhere, and the server draws nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

ACTIONS = ("png", "svg", "link")
LABELS_BY_ACTION = {
    "png": ("group", "png", "missing", "failed"),
    "svg": ("group", "svg", "missing", "failed"),
    "link": ("group", "link", "failed", "copied", "copy_failed"),
}
"""Words each button needs. `saved` (with `{name}`) is optional, `copy_failed` may hold `{url}`."""

ASSETS = Path(__file__).parent / "assets"
HTML = '<div class="tools"><span class="probe" hidden></span><div class="group" role="group"></div><p class="message" role="status"></p></div>'

_component = st.components.v2.component(
    "atlas_figure_tools",
    html=HTML,
    css=(ASSETS / "figure_tools.css").read_text(encoding="utf-8"),
    js=(ASSETS / "figure_tools.js").read_text(encoding="utf-8"),
)


def figure_tools(
    *,
    chart_key: str,
    file_stem: str,
    title: str,
    subtitle: str,
    footer: Sequence[str],
    labels: Mapping[str, str],
    key: str,
    actions: Sequence[str] = ACTIONS,
) -> None:
    """One row of text buttons for the chart shown with `st.plotly_chart(..., key=chart_key)`.

    Args:
        chart_key: the Streamlit key of the chart, or of a container around it.
        file_stem: name of the saved file without its ending; signs no file system takes become `_`.
        title: the finding, bold at the top of the picture.
        subtitle: measure, unit, place, years.
        footer: source lines, then notes (a sample mark, for instance), below the chart.
        labels: every word shown or said; see `LABELS_BY_ACTION`.
        key: Streamlit key of this row.
        actions: which buttons, in order: `png`, `svg`, `link`.

    Raises:
        ValueError: an unknown action, or a label that an action needs is missing.
    """
    _component(
        key=key,
        data={
            "chart": chart_key,
            "stem": _file_name(file_stem),
            "title": title,
            "subtitle": subtitle,
            "footer": list(footer),
            "labels": _checked_labels(labels, actions),
            "actions": list(actions),
        },
    )


def picture_buttons(*, chart_key: str, file_stem: str, title: str, subtitle: str, footer: tuple[str, ...], labels: Mapping[str, str], key: str) -> None:
    """Only the two picture buttons; arguments as in `figure_tools`."""
    figure_tools(
        chart_key=chart_key,
        file_stem=file_stem,
        title=title,
        subtitle=subtitle,
        footer=footer,
        labels=labels,
        key=key,
        actions=("png", "svg"),
    )


def link_button(*, labels: Mapping[str, str], key: str) -> None:
    """Only the button that copies the address of this view; labels as in `figure_tools`."""
    figure_tools(chart_key="", file_stem="", title="", subtitle="", footer=(), labels=labels, key=key, actions=("link",))


def _checked_labels(labels: Mapping[str, str], actions: Sequence[str]) -> dict[str, str]:
    """`labels` as a plain dict, once every word the actions need is known to be there."""
    unknown = [action for action in actions if action not in ACTIONS]
    if unknown:
        raise ValueError(f"figure_tools: unknown action {unknown[0]!r}; known are {', '.join(ACTIONS)}.")
    missing = sorted({name for action in actions for name in LABELS_BY_ACTION[action] if name not in labels})
    if missing:
        raise ValueError(f"figure_tools: labels lack {', '.join(missing)}; add them to the texts of both languages.")
    return dict(labels)


def _file_name(stem: str) -> str:
    """`stem` without the signs that Windows, macOS or Linux do not take in a file name, at most 120 characters."""
    return re.sub(r'[\x00-\x1f\\/:*?"<>|]+', "_", stem).strip(" .")[:120] or "figure"
