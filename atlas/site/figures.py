"""Figures as classic scripts: a page opened from a folder may not fetch, but it may load scripts. Shapes are written once for all figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go

from atlas.figures.shapes import Ground

VENDOR = Path(__file__).parent / "vendor" / "plotly"
DRAWN = frozenset({"scatter", "bar", "scattergeo", "choropleth"})
"""The traces that the bundle in VENDOR draws (its build.mjs)."""
SOME, WHOLE = "plotly", "plotly-whole"
"""That bundle, and the one of the Python package, for a story with other traces."""
TOPOLOGIES = ("world_110m", "world_50m")
LAYERS = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
CHOSEN = "chosen"
"""Marks the traces that outline the chosen district, so that another one can be outlined."""


class Shapes:
    """The shapes of all figures of a site, each once under a name made from its content."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def address(self, ground: Ground) -> str:
        """The name under which figures find the ground's shapes."""
        return self._named(ground.text)

    def shared(self, trace: dict[str, Any]) -> None:
        """Take shapes out of a trace and put their name in their place."""
        if isinstance(trace.get("geojson"), dict):
            trace["geojson"] = self._named(json.dumps(trace["geojson"], separators=(",", ":")))

    def script(self, name: str) -> str:
        """The shapes of a name as a script."""
        return _script("maps", name, self.texts[name])

    def _named(self, text: str) -> str:
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.texts.setdefault(name, text)
        return name


def figure_content(figure: go.Figure, shapes: Shapes, chosen: str | None = None) -> dict[str, Any]:
    """A figure as the site's script takes it: data, layout, the shapes it needs."""
    content: dict[str, Any] = json.loads(figure.to_json(engine="orjson"))
    for trace in content["data"]:
        shapes.shared(trace)
        if chosen and trace["type"] == "choropleth" and trace.get("hoverinfo") == "skip" and trace.get("locations") == [chosen]:
            trace["meta"] = CHOSEN
    maps = sorted({str(trace["geojson"]) for trace in content["data"] if "geojson" in trace})
    return {"data": content["data"], "layout": content["layout"], "maps": maps}


def engine_of(figures: Iterable[dict[str, Any]]) -> str:
    """The bundle that draws all of these figures."""
    types = {trace.get("type", "scatter") for figure in figures for trace in figure["data"]}
    return SOME if types <= DRAWN else WHOLE


def view_script(name: str, content: dict[str, Any]) -> str:
    """A view as a script."""
    return _script("views", name, json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def profiles_script(profiles: dict[str, Any]) -> str:
    """What is said of each district, as a script."""
    return _script("profiles", "all", json.dumps(profiles, ensure_ascii=False, separators=(",", ":")))


def engine_script(name: str) -> str:
    """A bundle; before it an empty outline of the world, which maps would ask another host for."""
    path = VENDOR / "plotly.min.js" if name == SOME else Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    empty = {"type": "Topology", "arcs": [], "objects": {layer: {"type": "GeometryCollection", "geometries": []} for layer in LAYERS}}
    assets = json.dumps({"topojson": dict.fromkeys(TOPOLOGIES, empty)}, separators=(",", ":"))
    return f"window.PlotlyGeoAssets={assets};\n{path.read_text('utf-8')}\n"


def _script(group: str, name: str, content: str) -> str:
    return f"((window.atlas??={{}}).{group}??={{}})[{json.dumps(name)}]={content};\n"
