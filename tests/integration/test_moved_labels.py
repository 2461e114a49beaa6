"""A label that hangs elsewhere: several sure scans far away raise it with the street, quietly."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.checklists.models import ThresholdOwn
from rescue_app.http.dependencies import COOKIE
from tests.patrols import visit
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
ON_THE_SPOT = {"lon": 108.35, "lat": 30.80, "accuracy_m": 8}
AWAY = {"lon": 108.352, "lat": 30.80, "accuracy_m": 8}
PAGE = {"accept": "text/html"}


@pytest.fixture
def scan(street, bridge):
    """`scan("patrol", AWAY)` lets somebody inspect by the label, so many days ago."""

    def do(who, where, days=0):
        now = datetime.now(UTC)
        times = {"done_at": (now - timedelta(days=days)).isoformat(), "sent_at": now.isoformat()}
        client = street.sign_in(who)
        answer = client.post("/api/v1/inspections", json=visit(bridge.code, **where, **times))
        assert answer.status_code == 201, answer.text
        return answer.json()["opened"] + answer.json()["joined"]

    return do


def test_two_people_far_away_raise_one_finding_that_the_street_answers(street, bridge, scan, owner):
    scan("patrol", ON_THE_SPOT, days=2)
    assert scan("patrol", AWAY) == []
    found = scan("crew", AWAY)[0]
    assert "标签可能移位" in found["text_zh"]
    assert found["grade"] == 4
    assert scan("patrol", AWAY)[0]["id"] == found["id"]
    assert "标签可能移位" in street.sign_in("street").get("/findings", headers=PAGE).text
    assert owner.execute(text("select count(*) from call")).scalar() == 0  # it wakes nobody
    owner.rollback()
    street.client.cookies.clear()
    anyone = street.client.get(f"/c/{bridge.code}", headers=PAGE).text
    assert "正常：没有已知险情" in anyone  # and is no danger to those who stand there
    street.go("street", found["id"], "accept", "begin", "finish")
    done = street.verify("patrol", found["id"], bridge.code, lon=108.35, lat=30.8)
    assert done.json()["state"] == "verified"


def test_one_person_on_two_days_is_enough_and_a_scan_on_the_spot_ends_it(scan):
    scan("patrol", ON_THE_SPOT, days=9)
    assert scan("patrol", AWAY, days=8) == []
    assert scan("patrol", ON_THE_SPOT, days=7) == []
    assert scan("patrol", AWAY, days=6) == []  # alone since
    assert scan("patrol", AWAY, days=1) != []


def test_an_unsure_phone_an_unmounted_label_and_a_wider_setting_raise_nothing(
    scan, sessions, people, street, bridge
):
    far = AWAY | {"accuracy_m": 60}
    assert scan("patrol", AWAY, days=3) == scan("crew", AWAY, days=3) == []  # hung up nowhere yet
    scan("patrol", ON_THE_SPOT, days=2)
    assert scan("patrol", far) == scan("crew", far) == []
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(ThresholdOwn(code="label_moved_m", area_path=GAOSUNTANG, value=300,
                                 set_at=datetime.now(UTC), set_by_name="高书记"))  # fmt: skip
    other = people.add(Role.PATROL, GAOSUNTANG, "张巡查")
    assert scan("patrol", AWAY) == []
    street.client.cookies.set(COOKIE, people.token(other))
    done = street.client.post("/api/v1/inspections", json=visit(bridge.code, **AWAY))
    assert done.json()["opened"] == []
