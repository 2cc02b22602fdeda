"""Scripts of the project's own components: files beside the app, so that a run sends an address instead of a program.

Streamlit sends an inline script again with every run of the page (14 kB for each figure's tools). A file is fetched once,
under the hash of its content, and kept by the browser.
"""

from __future__ import annotations

import hashlib
import mimetypes

from catalog.folder import PROJECT

FOLDER = PROJECT / "static" / "scripts"

mimetypes.add_type("text/javascript", ".js")  # some Windows registries say text/plain, which browsers do not run


def loader(name: str) -> str:
    """The script of a component that hands every call on to the default function of `static/scripts/<name>.js`.

    Calls made before the file is there are answered in their order.
    """
    version = hashlib.sha256((FOLDER / f"{name}.js").read_bytes()).hexdigest()[:12]
    return (
        f'const script = import(new URL("app/static/scripts/{name}.js?v={version}", document.baseURI).href);\n'
        "export default (component) => { script.then((loaded) => loaded.default(component)); };\n"
    )
