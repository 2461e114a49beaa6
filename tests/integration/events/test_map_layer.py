"""Past disasters on the map: as exact as they are known, and only those of one's own area."""

import pytest

from gis.authority import Role
from hazards.events.models import EVERYWHERE
from tests.past import happened
from tests.tiles import layers, tile_at
from tests.world import CITY, IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU, YUNYANG


@pytest.fixture
def desk(client, world, hazard_types, sign_in):
    sign_in(client, Role.CITY_COMMANDER, CITY)
    return client


def drawn(client, place, z):
    address = "/api/v1/tiles/events/{}/{}/{}.mvt".format(*tile_at(place.x, place.y, z))
    answer = client.get(address)
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
