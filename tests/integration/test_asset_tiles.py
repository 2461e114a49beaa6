"""Assets on the map: each with its state, a crowd of them in a tile that stays small."""

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from qr_codes.assets.layer import MOST_DRAWN
from tests.patrols import load_reference, make_asset, make_label
from tests.tiles import layers, tile_at
from tests.world import GAOSUNTANG, IN_GAOSUNTANG

# A grid of drains some five metres apart around one that exists, which lends what is not said.
CROWD = text("""
    INSERT INTO asset OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'number', one.number + n, 'source', 'crowd-' || n,
        'worst_open_grade', CASE WHEN n = 1 THEN 1 END,
        'place', ST_Translate(one.place, n % 100 / 20000.0, n / 100 / 20000.0)))).*
    FROM asset AS one, generate_series(1, :many) AS n
""")


@pytest.fixture
def street(client, world, sessions, sign_in):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    return client


def tile(client, z):
    z, x, y = tile_at(IN_GAOSUNTANG.x, IN_GAOSUNTANG.y, z)
    answer = client.get(f"/api/v1/tiles/assets/{z}/{x}/{y}.mvt")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_an_asset_is_drawn_from_near_with_its_state_and_from_afar_the_tile_is_empty(street):
    asset = make_asset(street)
    before = {"id": asset["id"], "icon": "waves", "labelled": False, "worst": 0}
    assert [f.properties for f in layers(tile(street, 14))["assets"]] == [before]
    make_label(street, asset)
    (drawn,) = layers(tile(street, 14))["assets"]
    assert drawn.properties == before | {"labelled": True}
    assert tile(street, 10) == b""


def test_of_a_crowd_whose_signs_cover_each_other_the_worst_is_drawn_and_near_by_all(
    street, sessions
):
    make_asset(street, type="drain_inlet", name="雨水口")
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(CROWD, {"many": MOST_DRAWN})
    from_afar = tile(street, 12)
    signs = layers(from_afar)["assets"]
    assert len(from_afar) < 500_000
    assert 0 < len(signs) < MOST_DRAWN
    assert [sign.properties["worst"] for sign in signs].count(1) == 1
    assert sum(sign.properties["stands_for"] for sign in signs) == MOST_DRAWN + 1
