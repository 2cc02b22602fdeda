"""Controls whose choices live in the URL: read from there, checked, written back when the reader changes them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import streamlit as st

T = TypeVar("T", bound=Hashable)
SHOWN_OF_UNKNOWN = 40
SEPARATOR = "_"


@dataclass
class Choices:
    """The choices of one page. `fallbacks` collects what the URL said that does not exist."""

    page: str
    fallbacks: list[tuple[str, str, str]] = field(default_factory=list)

    def from_url(self, key: str, options: Mapping[str, T], default: T, label: str, shown: Callable[[T], str]) -> T:
        """The option the URL names (by its text), else the default with a note."""
        text = st.query_params.get(key)
        if text is None:
            return default
        if text in options:
            return options[text]
        self.fallbacks.append((label, text[:SHOWN_OF_UNKNOWN], shown(default)))
        return default


def _write(key: str, widget: str, default: object) -> None:
    """Put a widget's choice into the URL; the default is not written, so that links stay short."""
    value = st.session_state.get(widget)
    if value is None or value == default:
        st.query_params.pop(key, None)
    elif isinstance(value, (list, tuple)):
        st.query_params[key] = SEPARATOR.join(str(item) for item in value)
    else:
        st.query_params[key] = str(value)


def choose(
    choices: Choices,
    key: str,
    label: str,
    options: Sequence[str],
    *,
    default: str | None = None,
    shown: Callable[[str], str] = str,
    kind: Literal["select", "segments", "slider"] = "select",
    help: str | None = None,
) -> str:
    """One of several options, kept in the URL under `key`."""
    first = default if default is not None and default in options else options[0]
    value = choices.from_url(key, {str(option): option for option in options}, first, label, shown)
    widget = f"{choices.page}:{key}"
    st.session_state[widget] = value
    arguments: dict[str, Any] = {"key": widget, "format_func": shown, "help": help, "on_change": _write, "args": (key, widget, first)}
    if kind == "segments":
        picked = st.segmented_control(label, options, required=True, **arguments)
    elif kind == "slider":
        picked = st.select_slider(label, options, **arguments)
    else:
        picked = st.selectbox(label, options, **arguments)
    return value if picked is None else str(picked)


def choose_several(
    choices: Choices,
    key: str,
    label: str,
    options: Sequence[str],
    *,
    default: Sequence[str],
    shown: Callable[[str], str] = str,
    most: int = 8,
    placeholder: str = "",
    help: str | None = None,
) -> tuple[str, ...]:
    """Some of many options, kept in the URL under `key`, joined by an underscore."""
    known = frozenset(options)
    text = st.query_params.get(key)
    value = list(default)
    if text is not None:
        named = [part for part in text[:400].split(SEPARATOR) if part]
        value = [part for part in dict.fromkeys(named) if part in known][:most]
        unknown = [part for part in named if part not in known]
        if unknown or not value:
            value = value or list(default)
            wrong = SEPARATOR.join(unknown)[:SHOWN_OF_UNKNOWN] or text[:SHOWN_OF_UNKNOWN]
            choices.fallbacks.append((label, wrong, "、".join(shown(part) for part in value)))
    widget = f"{choices.page}:{key}"
    st.session_state[widget] = value
    picked = st.multiselect(
        label, options, key=widget, format_func=shown, max_selections=most, placeholder=placeholder, help=help, select_all=False,
        on_change=_write, args=(key, widget, list(default)),
    )  # fmt: skip
    return tuple(picked) or tuple(default)


def switch(choices: Choices, key: str, label: str, *, default: bool = False, help: str | None = None) -> bool:
    """On or off, kept in the URL as 1 or 0."""
    value = choices.from_url(key, {"1": True, "0": False}, default, label, lambda on: "1" if on else "0")
    widget = f"{choices.page}:{key}"
    st.session_state[widget] = value

    def write() -> None:
        on = bool(st.session_state[widget])
        if on == default:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = "1" if on else "0"

    return st.toggle(label, key=widget, help=help, on_change=write)
