"""The hand-out map as one HTML file: folium draws it, every script and style lies inside.

What the ledger says goes in as data and is only ever shown as text.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.plugins import HeatMap
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from gis.errors import Unavailable
from rescue_app.papers.ground import Outline

LEAFLET = "leaflet/dist/leaflet"
STREET = {"fillColor": "#fbfbf9", "fillOpacity": 1, "color": "#8e9aa8", "weight": 1}
WATER = {"fillColor": "#a9bccf", "fillOpacity": 1, "color": "#a9bccf", "weight": 1.5}
DECIMALS = 5
"""About a metre."""
Told = dict[str, Any]


class Sheet(folium.Map):
    """A map that asks no network for its own parts."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium reads it from the class
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - as above


class Heat(HeatMap):
    """A heat map that asks no network for its own parts."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - as above


class Shown(MacroElement):
    """What our own script shows on the map."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        handout({{ this._parent.get_name() }}, {{ this.told }}, {
            {%- for name, layer in this.layers.items() %}
            {{ name|tojson }}: {{ layer.get_name() }},
            {%- endfor %}
        });
        {% endmacro %}
    """)

    def __init__(self, told: Told, layers: Mapping[str, Element]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium's own
        self._name = "Handout"
        self.told = in_script(told)
        self.layers = layers


def made(
    told: Told,
    *,
    outlines: Sequence[Outline],
    water: Sequence[BaseGeometry],
    heats: Mapping[str, Sequence[tuple[float, float]]],
    libraries: Path,
) -> bytes:
    """Draw the map; `heats` are layers by name, off at first."""
    sheet = Sheet(tiles=None, prefer_canvas=True, zoom_control=True, height="100%",
                  font_size="14px")  # fmt: skip
    root: Figure = sheet.get_root()  # type: ignore[assignment]  # a map stands in a figure
    root.title = told["title"]
    for tag, text in inlined(libraries):
        root.header.add_child(Element(f"<{tag}>{{% raw %}}{text}{{% endraw %}}</{tag}>"))
    ground = collection([one.shape for one in outlines], [one.name for one in outlines])
    tip = folium.GeoJsonTooltip(fields=["name"], labels=False)
    layers: dict[str, Element] = {
        told["words"]["streets"]: folium.GeoJson(
            ground, style_function=lambda _: STREET, tooltip=tip, embed=True
        )
    }
    if water:
        wet = collection(water, [""] * len(water))
        layers[told["words"]["water"]] = folium.GeoJson(wet, style_function=lambda _: WATER)
    hot = {name: warmed(at) for name, at in heats.items() if at}
    for one in (layers | hot).values():
        sheet.add_child(one)
    sheet.add_child(Shown(told, layers | hot))
    return str(root.render()).encode()


def warmed(at: Sequence[tuple[float, float]]) -> Element:
    """Give a heat layer, off at first."""
    made: Element = Heat(list(at), radius=18, show=False)  # type: ignore[no-untyped-call]  # folium's own
    return made


def collection(shapes: Sequence[BaseGeometry], names: Sequence[str]) -> dict[str, Any]:
    """Give shapes as GeoJSON, to a metre."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": name}, "geometry": rounded(shape)}
            for shape, name in zip(shapes, names, strict=True)
        ],
    }


def rounded(shape: BaseGeometry) -> dict[str, Any]:
    """Give a shape's coordinates without what nobody can see."""
    plain = json.dumps(shape.__geo_interface__)
    found: dict[str, Any] = json.loads(plain, parse_float=lambda n: round(float(n), DECIMALS))
    return found


def in_script(told: Any) -> str:
    """Write data into a script so that nothing in it can end the script."""
    plain = json.dumps(told, ensure_ascii=False)
    return plain.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def inlined(libraries: Path) -> list[tuple[str, str]]:
    """Give the scripts and styles that go into the file, in their order."""
    own = files("rescue_app.papers")
    heat = Path(folium.__file__).parent / "templates" / "leaflet_heat.min.js"
    try:
        style = (libraries / f"{LEAFLET}.css").read_text("utf-8")
        script = (libraries / f"{LEAFLET}.js").read_text("utf-8")
    except OSError as error:
        raise Unavailable(
            "The map's library is missing here. Run scripts/setup, which fetches it."
        ) from error
    # Pictures and source maps would be looked for beside the file.
    style = "\n".join(line for line in style.splitlines() if "url(" not in line)
    script = script.split("//# sourceMappingURL")[0]
    return [
        ("style", style), ("style", own.joinpath("handout.css").read_text("utf-8")),
        ("script", script), ("script", heat.read_text("utf-8")),
        ("script", own.joinpath("handout.js").read_text("utf-8")),
    ]  # fmt: skip
