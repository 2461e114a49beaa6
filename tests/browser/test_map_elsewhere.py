"""Our map as other programs draw it: MapLibre given nothing but the address of the style."""

import io

import pytest
from PIL import Image

from tests.world import IN_GAOSUNTANG

LAND = {"light": (0xFB, 0xFB, 0xF9), "dark": (0x1B, 0x22, 0x2A)}
RED = (0xD9, 0x2D, 0x20)
DRAW = """
async ([style, center, zoom]) => {
  const { Map } = await import("/static/vendor/maplibre-gl.mjs");
  document.body.innerHTML = '<div id="other" style="position: fixed; inset: 0"></div>';
  const map = new Map({ container: "other", style, center, zoom, attributionControl: false });
  return new Promise((drawn, failed) => {
    map.on("error", ({ error }) => failed(error));
    map.on("idle", () => drawn(map.queryRenderedFeatures({ layers: ["point-dots"] }).length));
  });
}
"""


def share(picture, colour):
    seen = list(picture.get_flattened_data())
    near = [p for p in seen if all(abs(a - b) <= 3 for a, b in zip(p, colour, strict=True))]
    return len(near) / len(seen)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_alone_draws_the_areas_and_the_points(new_page, stage, theme):
    page = new_page(stage.url, token=stage.tokens["city"], viewport={"width": 800, "height": 600})
    page.goto(f"{stage.url}/healthz")
    near = [IN_GAOSUNTANG.x, IN_GAOSUNTANG.y]
    style = f"{stage.url}/api/v1/style.json?theme={theme}&lang=en"
    assert page.evaluate(DRAW, [style, near, 13]) > 0
    picture = Image.open(io.BytesIO(page.locator("#other canvas").screenshot())).convert("RGB")
    assert share(picture, LAND[theme]) > 0.3
    assert share(picture, RED) > 0.0001
