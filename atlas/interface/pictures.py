"""Small buttons below a figure: save the chart as a picture, its numbers as a file, copy the link to this view or a frame that shows it elsewhere.

The picture is made in the reader's browser from the chart that stands there, with title, subtitle
and sources inside it; the server draws nothing. Tables and maps are made by the server when their button is
pressed and travel with the answer to that press: one component a figure costs a page far less than a
download button for every file.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import streamlit as st

from atlas.interface.scripts import loader

ACTIONS = ("png", "svg", "link", "embed")
LABELS_BY_ACTION = {
    "png": ("group", "png", "missing", "failed"),
    "svg": ("group", "svg", "missing", "failed"),
    "link": ("group", "link", "failed", "copied", "copy_failed"),
    "embed": ("group", "embed", "failed", "embed_copied", "embed_failed"),
}
"""Words each button needs. `saved` (with `{name}`) is optional, `copy_failed` may hold `{url}`, `embed_failed` `{code}`."""

ASSETS = Path(__file__).parent / "assets"
HTML = '<div class="tools"><span class="probe" hidden></span><div class="group" role="group"></div><p class="message" role="status"></p></div>'

_component = st.components.v2.component(
    "atlas_figure_tools",
    html=HTML,
    css=(ASSETS / "figure_tools.css").read_text(encoding="utf-8"),
    js=loader("figure_tools"),
)


class NotMadeError(Exception):
    """A file that cannot be made; the text is said to the reader."""


@dataclass(frozen=True)
class SavedFile:
    """A file made on the server when its button is pressed: name with ending, media type, how to make it."""

    name: str
    media: str
    make: Callable[[], bytes]


def figure_tools(
    *,
    chart_key: str,
    file_stem: str,
    title: str,
    subtitle: str,
    footer: Sequence[str],
    labels: Mapping[str, str],
    key: str,
    actions: Sequence[str] = ("png", "svg", "link"),
    files: Mapping[str, SavedFile] | None = None,
    acts: Mapping[str, Callable[[], str]] | None = None,
    carried: Mapping[str, Any] | None = None,
) -> None:
    """One row of text buttons for the chart shown with `st.plotly_chart(..., key=chart_key)`.

    Args:
        chart_key: the Streamlit key of the chart, or of a container around it.
        file_stem: name of the saved picture without its ending; signs no file system takes become `_`.
        title: the finding, bold at the top of the picture.
        subtitle: measure, unit, place, years.
        footer: source lines, then notes (a sample mark, for instance), below the chart.
        labels: every word shown or said; see `LABELS_BY_ACTION`; a word for each of `files` under its id.
        key: Streamlit key of this row.
        actions: which buttons, in order: `png`, `svg`, `link`, `embed`.
        files: further files by id, before the others; made in the run that pressing the button causes.
        acts: what the server does at the press of a button, by id, after the others; it gives the words that are then said.
        carried: what a picture carries so that it can be cited and made again (`atlas.exports.citation.citation` of one figure);
            the browser adds when it was saved, from which view, and a checksum of the drawing.

    Raises:
        ValueError: an unknown action, or a label that an action or a file needs is missing.
    """
    files, acts = files or {}, acts or {}
    body = {
        "chart": chart_key,
        "stem": _file_name(file_stem),
        "title": title,
        "subtitle": subtitle,
        "footer": list(footer),
        "labels": _checked_labels(labels, actions, [*files, *acts]),
        "actions": [*files, *actions, *acts],
        "made": [*files, *acts],
        "carried": carried,
    }
    wanted = st.session_state.get(key, {}).get("wanted")
    file, content, said = _asked(files, wanted)
    if wanted in acts:
        said = acts[wanted]()
    # Bytes, not a dict: Streamlit serialises a dict twice on every run, and a file needs no other clothes.
    written = orjson.dumps(body)
    head = orjson.dumps({"body": len(written), "file": file, "said": said})
    _component(key=key, data=head + b"\n" + written + content, on_wanted_change=_nothing)


def _asked(files: Mapping[str, SavedFile], wanted: str | None) -> tuple[dict[str, str] | None, bytes, str | None]:
    """The file whose button caused this run, with a token by which the browser takes it only once; or why it cannot be made."""
    if wanted is None or wanted not in files:
        return None, b"", None
    file = files[wanted]
    try:
        content = file.make()
    except NotMadeError as error:
        return None, b"", str(error)
    return {"name": _file_name(file.name), "media": file.media, "token": secrets.token_hex(8)}, content, None


def _nothing() -> None:
    """Pressing a button needs no work before the run; Streamlit asks for something to call."""


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


def _checked_labels(labels: Mapping[str, str], actions: Sequence[str], made: Sequence[str]) -> dict[str, str]:
    """`labels` as a plain dict, once every word the actions and what the server makes or does need is known to be there."""
    unknown = [action for action in actions if action not in ACTIONS]
    if unknown:
        raise ValueError(f"figure_tools: unknown action {unknown[0]!r}; known are {', '.join(ACTIONS)}.")
    needed = {name for action in actions for name in LABELS_BY_ACTION[action]} | {*made} | ({"group", "making", "failed"} if made else set())
    missing = sorted(needed - {*labels})
    if missing:
        raise ValueError(f"figure_tools: labels lack {', '.join(missing)}; add them to the texts of both languages.")
    return dict(labels)


def _file_name(stem: str) -> str:
    """`stem` without the signs that Windows, macOS or Linux do not take in a file name, at most 120 characters."""
    return re.sub(r'[\x00-\x1f\\/:*?"<>|]+', "_", stem).strip(" .")[:120] or "figure"
