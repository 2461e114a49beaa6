"""A base map of the city's own, drawn below ours from a file."""

import gzip
import re

import pytest
from playwright.sync_api import expect
from pmtiles.tile import TileType

from tests.browser.test_map import LAND, NEAR, UNDRAWN, share
from tests.pmtiles import write_pmtiles
from tests.processes import Server
from tests.tiles import tile_at
from tests.world import IN_GAOSUNTANG


@pytest.fixture
def grounded(stage, new_page, tmp_path):
    """The stage's map with a base map: vector tiles cut from our own areas."""
    page = new_page(stage.url, token=stage.tokens["city"], viewport={"width": 1000, "height": 640})
    tiles = {}
    for z in range(9, 13):
        place = tile_at(IN_GAOSUNTANG.x, IN_GAOSUNTANG.y, z)
        address = "/api/v1/tiles/areas/{}/{}/{}.mvt".format(*place)
        tiles[place] = gzip.compress(page.request.get(stage.url + address).body())
    file = write_pmtiles(tmp_path / "ground.pmtiles", tiles, TileType.MVT, "areas")
    server = Server(stage.urls, home=tmp_path, basemap=str(file), basemap_attribution="© 测绘院")
    server.start()
    ours = new_page(server.url, token=stage.tokens["city"], viewport={"width": 1000, "height": 640})
    ours.goto(f"{server.url}/map{NEAR}")
    yield ours
    server.stop()


def test_the_base_map_lies_below_and_is_switched_off(grounded):
    grounded.wait_for_selector("[data-drawn]", state="attached")
    expect(grounded.locator(".source")).to_contain_text("© 测绘院")
    covered = share(grounded, LAND)
    grounded.evaluate(UNDRAWN)
    grounded.locator("[data-layer=basemap]").click()
    grounded.wait_for_selector("[data-drawn]", state="attached")
    assert share(grounded, LAND) > max(0.3, 2 * covered)
    expect(grounded).to_have_url(re.compile("hide=basemap"))
