"""What cameras see becomes one finding or one proposed warning, however often they tell of it."""

import base64
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts.models import Alert
from hazards.alerts.rules import State
from qr_codes.findings.models import Finding
from qr_codes.sightings import loader
from qr_codes.sightings.models import Sighting, SightingEvent
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.monitoring import way_in
from tests.world import IN_GAOSUNTANG

AT = datetime.now(UTC) - timedelta(minutes=5)
FAR = (108.45, 30.84)


def picture():
    into = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "secret maker"
    Image.new("RGB", (64, 36), "navy").save(into, "JPEG", exif=exif)
    return base64.b64encode(into.getvalue()).decode()


@pytest.fixture
def tell(world, street, client, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, PROJECT / "data" / "monitoring" / "sightings.yaml")
    key = way_in(sessions, street.cast.actor("wanzhou"))
    number = iter(range(1_000))

    def send(*events):
        client.cookies.clear()
        usual = {"kind": "street_ponding", "at": AT.isoformat(), "confidence": 0.9,
                 "longitude": FAR[0], "latitude": FAR[1], "camera": "牌楼 3 号"}  # fmt: skip
        told = [{"id": f"e{next(number)}"} | usual | event for event in events]
        headers = {"authorization": f"Bearer {key}"}
        return client.post("/api/v1/sightings", json={"events": told}, headers=headers).json()

    return send


def all_of(sessions, what):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalars(select(what)).all()


def test_an_event_at_an_asset_is_one_finding_however_many_tell_of_it(tell, sessions, bridge):
    here = {"longitude": IN_GAOSUNTANG.x, "latitude": IN_GAOSUNTANG.y}
    first, second = tell(here | {"snapshot": picture()}, here | {"confidence": 0.95})
    assert (first["outcome"], second["outcome"]) == ("finding", "finding")
    assert second["times"] == 2
    assert first["sighting"] == second["sighting"]
    (finding,) = all_of(sessions, Finding)
    assert (finding.asset_id, finding.text_zh, finding.grade) == (
        UUID(bridge.asset["id"]),
        "道路积水",
        2,
    )
    assert finding.times_seen == 1


def test_an_event_far_from_every_asset_proposes_one_warning_that_waits_for_approval(tell, sessions):
    near = {"longitude": FAR[0] + 0.0003, "at": (AT + timedelta(minutes=3)).isoformat()}
    assert [one["outcome"] for one in tell({}, near)] == ["alert", "alert"]
    (alert,) = all_of(sessions, Alert)
    assert (alert.state, alert.colour, alert.hazard_type) == (State.DRAFT, "yellow", "waterlogging")
    assert "道路积水" in alert.why
    later = {"at": (AT - timedelta(hours=3)).isoformat()}
    assert tell(later)[0]["times"] == 1


def test_a_doubtful_event_sends_nobody_until_a_surer_one_joins_it(tell, sessions):
    assert tell({"confidence": 0.4})[0]["outcome"] == "doubted"
    assert all_of(sessions, Alert) == []
    assert tell({"confidence": 0.8})[0]["outcome"] == "alert"
    assert [one.times for one in all_of(sessions, Sighting)] == [2]


def test_the_same_number_is_the_same_event_and_what_cannot_be_is_refused_by_itself(tell, sessions):
    told = tell(
        {"id": "a"}, {"id": "a"}, {"kind": "ufo"}, {"confidence": 7}, {"latitude": 10.0},
        {"at": (AT + timedelta(days=1)).isoformat()}, {"snapshot": "x"}, {"snapshot": "照片"},
        {"snapshot": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        {"id": "late", "at": (AT - timedelta(days=2)).isoformat()},
    )  # fmt: skip
    outcomes = [one["outcome"] for one in told]
    assert outcomes == ["alert", "alert", *["refused"] * 7, "late"]
    assert all(one["detail"] for one in told if one["outcome"] == "refused")
    assert len(all_of(sessions, SightingEvent)) == 2


def test_a_snapshot_is_drawn_anew_and_served_to_those_alone_who_see_the_area(
    tell, client, street, people
):
    tell({"snapshot": picture()})
    client.cookies.set(COOKIE, people.token(street.cast.accounts["wanzhou"]))
    page = client.get("/sightings").text
    assert "牌楼 3 号" in page
    path = page.split('<a href="/files/')[1].split('"')[0]
    kept = client.get(f"/files/{path}")
    assert kept.headers["content-type"] == "image/jpeg"
    assert b"secret maker" not in kept.content
    client.cookies.set(COOKIE, people.token(street.cast.accounts["yunyang"]))
    assert "牌楼" not in client.get("/sightings").text
    assert client.get(f"/files/{path}").status_code == 404
    client.cookies.clear()
    assert client.get(f"/files/{path}", headers={"accept": "text/html"}).status_code == 303
