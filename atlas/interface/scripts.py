"""The project's own scripts, of its components and of every page: files beside the app, so that a run sends an address instead of a program.

Streamlit sends an inline script again with every run of the page (14 kB for each figure's tools). A file is fetched once,
under the hash of its content, and kept by the browser.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from functools import cache

from atlas.texts import LANGUAGES, texts
from catalog.folder import PROJECT

FOLDER = PROJECT / "static" / "scripts"
WRITTEN: Mapping[str, tuple[str, ...]] = {
    "connection": ("Connection error",),
    "enter": ("Press Enter to apply",),
    "enter_long": ("Press Ctrl+Enter to apply",),
    "enter_mac": ("Press ⌘+Enter to apply",),
    "error": ("Error:",),
    "no_results": ("No results",),
    "not_allowed": ("{kind} files are not allowed.",),
    "not_found": ("Page not found",),
    "not_found_long": ("The page that you have requested does not seem to exist. Running the app's main page.",),
    "options": ("{count} options available.",),
    "skip": ("Skip to main content",),
    "too_large": ("File must be {size} or smaller.",),
    "upload": ("Upload",),
}
NAMED: Mapping[str, tuple[str, ...]] = {
    "add_files": ("Add files",),
    "choose": ("Choose an option", "Choose options"),
    "clear": ("Clear all",),
    "close": ("Close",),
    "collapse": ("Collapse sidebar",),
    "dismiss": ("Dismiss",),
    "expand": ("Expand sidebar",),
    "menu": ("Sidebar",),
    "open": ("Open",),
    "remove": ("Remove {name}",),
    "selected": ("Selected values",),
    "upload_field": ("file upload",),
}
"""Streamlit's own words (1.67) by their key below `streamlit` in the texts: what stands on the page, and what is only read out."""

mimetypes.add_type("text/javascript", ".js")  # some Windows registries say text/plain, which browsers do not run


@cache
def page_script(lang: str) -> str:
    """HTML that sets the language of the page and puts the project's words of this language where Streamlit has its own."""
    content = {"lang": lang, "written": _pairs(WRITTEN, lang), "named": _pairs(NAMED, lang)}
    plain = json.dumps(content).replace("<", "\\u003c")
    return f'<script>import(new URL("{_address("page")}", document.baseURI).href).then((loaded) => loaded.default({plain}));</script>'


def _pairs(words: Mapping[str, tuple[str, ...]], lang: str) -> list[tuple[str, str]]:
    """What may stand there, Streamlit's words or ours of another language, and what shall."""
    spoken = {one: texts(one) for one in LANGUAGES}
    return [
        (found, spoken[lang].words[f"streamlit.{key}"])
        for key, own in words.items()
        for found in dict.fromkeys([*own, *(spoken[other].words[f"streamlit.{key}"] for other in LANGUAGES if other != lang)])
        if found != spoken[lang].words[f"streamlit.{key}"]
    ]


def _address(name: str) -> str:
    """Where the browser finds a script, under the hash of its content."""
    version = hashlib.sha256((FOLDER / f"{name}.js").read_bytes()).hexdigest()[:12]
    return f"app/static/scripts/{name}.js?v={version}"


def loader(name: str) -> str:
    """The script of a component that hands every call on to the default function of `static/scripts/<name>.js`.

    Calls made before the file is there are answered in their order.
    """
    return (
        f'const script = import(new URL("{_address(name)}", document.baseURI).href);\n'
        "export default (component) => { script.then((loaded) => loaded.default(component)); };\n"
    )
