"""Past disasters on the map: as exact as they are known, and only those of one's own area."""

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.models import EVERYWHERE
from tests.past import happened
from tests.tiles import layers, tile_at
from tests.world import CITY, IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU, YUNYANG

MANY = 2_000
# As many again as there is one, a few metres apart: their circles are some 300 bytes each.
CROWD = text("""
    INSERT INTO disaster_event SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'source_id', n::text,
        'place', ST_Translate(one.place, n / 20000.0, 0)))).*
    FROM disaster_event AS one, generate_series(1, :many) AS n
""")


@pytest.fixture
def desk(client, world, hazard_types, sign_in):
    sign_in(client, Role.CITY_COMMANDER, CITY)
    return client


def address(place, z):
    return "/api/v1/tiles/events/{}/{}/{}.mvt".format(*tile_at(place.x, place.y, z))


def drawn(client, place, z):
    answer = client.get(address(place, z))
    assert answer.status_code == 200, answer.text
    return {f.properties["id"]: f for f in layers(answer.content).get("events", [])}


@pytest.mark.parametrize(
    ("accuracy_m", "accuracy", "measured"),
    [
        (0, "exact", True),
        (250, "exact", True),
        (251, "near", True),
        (5_000, "near", True),
        (5_001, "rough", True),
        (None, "rough", False),
    ],
)
def test_a_disaster_says_how_exactly_its_place_is_known(
    desk, sessions, accuracy_m, accuracy, measured
):
    event = happened(sessions, at=IN_GAOSUNTANG, area=CITY, accuracy_m=accuracy_m)
    said = drawn(desk, IN_GAOSUNTANG, 9)[str(event)].properties
    assert said == {
        "id": str(event),
        "type": "landslide",
        "year": 2020,
        "accuracy": accuracy,
        "measured": measured,
    }
    panel = desk.get(f"/events/{event}/panel")
    assert "2020-07-01" in panel.text
    assert ("不清楚" in panel.text) is (accuracy_m is None)


def test_a_circle_reaches_as_far_as_the_truth_may_lie_and_no_sign_does(desk, sessions):
    # The two places lie 9.6 km apart.
    wide = happened(sessions, at=IN_GAOSUNTANG, area=CITY, accuracy_m=10_500)
    happened(sessions, at=IN_GAOSUNTANG, area=CITY, accuracy_m=8_000)
    happened(sessions, at=IN_GAOSUNTANG, area=CITY, accuracy_m=100)
    assert set(drawn(desk, IN_TAIBAI, 14)) == {str(wide)}


def test_a_tile_of_many_disasters_stays_small_and_shows_those_that_are_known_best(desk, sessions):
    happened(sessions, at=IN_GAOSUNTANG, area=CITY, accuracy_m=8_000)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(CROWD, {"many": MANY})
    exact = happened(sessions, at=IN_GAOSUNTANG, area=CITY, accuracy_m=100)
    answer = desk.get(address(IN_GAOSUNTANG, 9))
    shown = {f.properties["id"] for f in layers(answer.content)["events"]}
    assert len(answer.content) < 500_000
    assert str(exact) in shown
    assert len(shown) < MANY


def test_a_district_gets_its_own_disasters_and_nobody_those_outside_all_areas(
    desk, sessions, sign_in
):
    own = happened(sessions, at=IN_GAOSUNTANG, area=WANZHOU, accuracy_m=100)
    other = happened(sessions, at=IN_SHUANGJIANG, area=YUNYANG, accuracy_m=100)
    nowhere = happened(sessions, at=IN_GAOSUNTANG, area=EVERYWHERE, accuracy_m=None)
    assert set(drawn(desk, IN_GAOSUNTANG, 6)) == {str(own), str(other)}
    sign_in(desk, Role.PLANNER, WANZHOU)
    assert set(drawn(desk, IN_GAOSUNTANG, 6)) == {str(own)}
    assert desk.get(f"/events/{own}/panel").status_code == 200
    for hidden in (other, nowhere):
        assert desk.get(f"/events/{hidden}/panel").status_code == 404
