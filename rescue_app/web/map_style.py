"""The map's style as a document for other programs, made of what our own page draws.

`static/map/style.json` names colours by token and words by `@name`; the page fills them in by its
theme, this module for a theme that is asked for. Pictures are drawn by the page alone: elsewhere
points are dots in the colour of their grade.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from rescue_app.basemap import OURS, Basemap

STATIC = Path(__file__).parent / "static"
SELECTORS = {"light": ":root", "dark": ':root[data-theme="dark"]'}
TOKEN = re.compile(r"var\(--([\w-]+)\)")
FOR_THE_PAGE = "page"
ON = "focus-parts"
"""The base map lies on this layer: on the ground, below every line, name and point."""

Theme = Literal["light", "dark"]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Zooms:
    """From where to where the tiles of a layer are made; nearer ones are those enlarged."""

    minzoom: int
    maxzoom: int


@cache
def drawn() -> dict[str, Any]:
    """Give what is drawn: sources and layers."""
    read: dict[str, Any] = json.loads((STATIC / "map/style.json").read_text(encoding="utf-8"))
    return read


def with_ground(ground: Basemap | None) -> dict[str, Any]:
    """Give what is drawn with the base map, if there is one, below it."""
    told = drawn()
    if ground is None:
        return told
    at = 1 + next(i for i, layer in enumerate(told["layers"]) if layer["id"] == ON)
    layers = [*told["layers"][:at], *ground.layers, *told["layers"][at:]]
    return {"sources": told["sources"] | {"basemap": ground.source}, "layers": layers}


def zooms(source: str) -> Zooms:
    """Give the zooms of a source."""
    said = drawn()["sources"][source]
    return Zooms(said.get("minzoom", 0), said["maxzoom"])


@cache
def tokens(theme: Theme) -> dict[str, str]:
    """Read a theme's colours where the pages have them from."""
    css = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
    under = {} if theme == "light" else tokens("light")
    block = re.search(re.escape(SELECTORS[theme]) + r" \{(.*?)\n\}", css, re.DOTALL)
    return under | dict(re.findall(r"--([\w-]+): ([^;]+);", block[1] if block else ""))


def filled(part: Any, said: Callable[[str], str]) -> Any:
    """Put colours and words where the file names them."""
    if isinstance(part, str):
        return said(part)
    if isinstance(part, list):
        return [filled(one, said) for one in part]
    if isinstance(part, dict):
        return {key: filled(one, said) for key, one in part.items()}
    return part


def layers(theme: Theme, locale: str, focus: str, ground: Basemap | None) -> list[dict[str, Any]]:
    """Give the layers that other programs can draw, in a theme and a language."""
    words = {"@focus": focus, "@name": "name" if locale == "zh" else "name_en"}

    def said(text: str) -> str:
        token = TOKEN.fullmatch(text)
        return tokens(theme)[token[1]] if token else words.get(text, text)

    usual = [one for one in with_ground(ground)["layers"] if where_drawn(one) != FOR_THE_PAGE]
    found: list[dict[str, Any]] = filled(usual, said)
    return found


def where_drawn(layer: dict[str, Any]) -> str | None:
    """Say where a layer is drawn, if not everywhere."""
    found: str | None = layer.get("metadata", {}).get("drawn")
    return found


def document(
    name: str, sources: dict[str, Any], layers: list[dict[str, Any]], bounds: Bounds | None
) -> dict[str, Any]:
    """Put a style together: where the tiles are, how they are drawn, where to look first."""
    looking = looking_at(bounds) if bounds else {}
    return {"version": 8, "name": name, **looking, "sources": sources, "layers": layers}


def source(ground: Basemap, home: str) -> dict[str, Any]:
    """Give the base map's source with addresses that others can follow."""
    whole = [home + url if url == OURS else url for url in ground.source["tiles"]]
    named = {"attribution": ground.attribution} if ground.attribution else {}
    return ground.source | {"tiles": whole} | named


def looking_at(bounds: Bounds) -> dict[str, Any]:
    """Say where to look to see a box: its middle, and a zoom at which it fills a screen."""
    west, south, east, north = bounds
    zoom = math.log2(360 / max(east - west, north - south))
    return {"center": [(west + east) / 2, (south + north) / 2], "zoom": round(zoom, 1)}
