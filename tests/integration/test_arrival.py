"""A crew says by a label that it has arrived, perhaps long after the deed: once, at its time."""

from datetime import UTC, datetime, timedelta

import pytest
from shapely import Point
from sqlalchemy import select

from gis.store.base import new_id
from rescue_app.dispatch.members.models import MemberStep
from rescue_app.dispatch.models import AssignmentStep
from rescue_app.http.dependencies import COOKIE
from tests.patrols import labelled, load_reference
from tests.teams import team
from tests.world import IN_GAOSUNTANG

__all__ = ["team"]
HTML = {"accept": "text/html"}


@pytest.fixture
def as_(client, people, cast):
    """`as_("crew")` gives the client of that person."""

    def do(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client

    return do


@pytest.fixture
def bridge(as_, sessions):
    load_reference(sessions)
    return labelled(as_("street"))


@pytest.fixture
def moving(night, cast):
    order = night.issue(cast.crew("gaosuntang"), who="street", place=IN_GAOSUNTANG)
    crew = night.hop(order, "Gaosuntang crew 1", "street")
    night.tell("crew", crew, "accepted")
    return night.tell("crew", crew, "moving")


def scan(code, **more):
    return {"id": str(new_id()), "code": code} | more


def arrivals(owner, kind=AssignmentStep):
    return owner.scalars(select(kind).where(kind.kind == "arrived")).all()


def test_an_arrival_that_waited_on_a_phone_keeps_its_time_and_counts_once(
    as_, bridge, moving, owner
):
    now = datetime.now(UTC)
    body = scan(
        bridge.code, done_at=now.isoformat(), sent_at=(now + timedelta(hours=2)).isoformat()
    )
    for _ in range(2):
        answer = as_("crew").post(f"/api/v1/hops/{moving.id}/scans", json=body)
        assert (answer.status_code, answer.json()["state"]) == (201, "arrived")
    (step,) = arrivals(owner)
    assert (str(step.id), step.how) == (body["id"], "scan")
    assert step.done_at == moving.began_at  # two hours ago by our clock: before the order
    assert step.received_at > step.done_at


def test_a_label_elsewhere_or_somebody_else_proves_nothing(as_, bridge, moving, cast, owner):
    far = labelled(as_("street"), at=Point(IN_GAOSUNTANG.x + 0.02, IN_GAOSUNTANG.y))
    path = f"/api/v1/hops/{moving.id}/scans"
    assert as_("crew").post(path, json=scan(far.code)).status_code == 409
    others = scan(bridge.code, by=str(cast.accounts["crew2"].id))
    assert as_("crew").post(path, json=others).json()["code"] == "somebody_elses"
    assert as_("crew2").post(path, json=scan(bridge.code)).status_code == 403
    assert arrivals(owner) == []


def test_a_label_s_page_offers_it_under_the_log_that_the_phone_shows(
    as_, bridge, moving, team, owner
):
    part = team.give(moving, "周队员")["周队员"]
    team.tell("zhou", part, "accepted")
    for who, log in (("zhou", f"part={part.id}"), ("crew", f"hop={moving.id}")):
        page = as_(who).get(f"/c/{bridge.code}", headers=HTML).text
        assert f'data-arrival="{log[-36:]}" data-page="/crew?{log}"' in page
    as_("zhou").post(f"/api/v1/hops/{moving.id}/scans", json=scan(bridge.code))
    assert [step.part_id for step in arrivals(owner, MemberStep)] == [part.id]
    assert len(arrivals(owner)) == 1
